"""What the keys of jobs over some files are made of: digests and fingerprints, remembered in the store's folder."""

from collections.abc import Mapping
from pathlib import Path

from crowdcut.findings import Finding, Refused, Where
from crowdcut.plan import Sources
from farm.digests import DigestCache, Mark
from farm.store import Store


def sources_for(
    files: Mapping[str, Path],
    store: Store,
    *,
    watched: dict[Path, Mark] | None = None,
    fingerprints: Mapping[str, str] | None = None,
) -> Sources:
    """Sources over ``files`` (by what orders call them). Raises Refused naming those that cannot be read.

    watched : gets the files' marks from before they were read, as :class:`farm.hands.Hands` wants them.
    fingerprints : of code; this Crowdcut's own where none are given.
    """
    known: dict[Path, str] = {}
    findings = []
    with DigestCache(store.folder) as digests:
        for file in dict.fromkeys(files.values()):
            try:
                known[file] = digests.digest(file)
            except OSError as error:
                found, way_out = f"it cannot be read: {error.strerror}", "Look at its rights."
                findings.append(Finding(rule="unreadable", where=Where(file=str(file)), found=found, way_out=way_out))
    if findings:
        raise Refused(findings)
    if watched is not None:
        watched.update(digests.marks)
    if fingerprints is None:
        from farm.fingerprints import Fingerprints  # to probe a file needs none, nor the packages' versions

        fingerprints = Fingerprints(memory=store.folder / "fingerprints.json")
    return Sources(files=files, digests=known, fingerprints=fingerprints)
