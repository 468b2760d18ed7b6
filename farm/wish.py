"""What a producer asks for: the one configuration that a build takes."""

import os
from dataclasses import dataclass
from pathlib import Path

from crowdcut.manifest import Manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be built."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - Prefect's form shows what is written here

    manifest: Path
    """The episode's manifest: a TOML file, see docs/manifest.md. In Prefect's form a path from the root."""
    deliveries: tuple[str, ...] = ()
    """Profiles to deliver, such as web and proxy; none: those that the manifest names."""
    out: Path | None = None
    """Where films go; nothing: build/ beside the manifest."""
    store: Path | None = None
    """Where finished jobs are kept; nothing: $CROWDCUT_STORE, the manifest's, or .crowdcut/ beside the library."""
    workers: int = 0
    """Processes at work at once; 0: one a core."""
    placeholder: bool = False
    """Whether slates stand in for what is wanted, refused or broken."""
    allow_uncredited: bool = False
    """Whether contributions that nobody is credited for may be in the cut."""
    strict: bool = False
    """Whether warnings fail a build."""

    @property
    def workers_meant(self) -> int:
        """At least one."""
        if self.workers:
            return self.workers
        if hasattr(os, "sched_getaffinity"):
            return len(os.sched_getaffinity(0))
        return os.cpu_count() or 1  # macOS knows no affinity

    def out_folder(self, manifest: Manifest) -> Path:
        """Where films go."""
        return self.out or manifest.file.parent / "build"

    def store_folder(self, manifest: Manifest) -> Path:
        """``--store``, else ``CROWDCUT_STORE``, else the manifest's, else ``.crowdcut`` beside the library."""
        named = self.store or (Path(told) if (told := os.environ.get("CROWDCUT_STORE")) else None) or manifest.store
        beside = manifest.library_folders[0].parent if manifest.library_folders else manifest.file.parent
        return (named or beside / ".crowdcut").absolute()


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What is to be built at night."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - as above

    productions: Path
    """The folder whose episodes are built: every TOML file with a scene, in it or below. A path from the root."""
    workers: int = 0
    """Processes at work at once; 0: one a core."""
    placeholder: bool = False
    """Whether slates stand in for what is wanted, refused or broken."""
