"""``python -m benchmarks.builds [MEDIA]``: cold, unchanged and changed builds of motley over MEDIA, or of the demo.

Prints a table and, as its last line, the same as JSON.
"""

import json
import re
import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

from examples.demo import make_demo
from examples.motley.lay import lay
from farm.build import built
from farm.report import read_report
from farm.wish import Wish


def _changed(manifest: Path, pattern: str, replacement: str) -> Callable[[], None]:
    """What rewrites the first place of the manifest that ``pattern`` finds."""

    def rewrite() -> None:
        text, count = re.subn(pattern, replacement, manifest.read_text(encoding="utf-8"), count=1)
        assert count == 1, f"nothing in {manifest} is like {pattern}"
        manifest.write_text(text, encoding="utf-8")

    return rewrite


def _measured(wish: Wish) -> dict[str, Any]:
    """One build: wall and CPU seconds, what it rendered, and the largest process so far (MB)."""
    started = monotonic()
    (film,) = read_report(built(wish, lambda _: None))["deliveries"]
    return {
        "wall_seconds": round(monotonic() - started, 1),
        "cpu_seconds": film["cpu_seconds"],
        "rendered": film["rendered"],
        "largest_process_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }


def _rows(folder: Path, media: Path | None, profile: str) -> dict[str, dict[str, Any]]:
    if media is not None:
        manifest = lay(media, folder)
        still = _changed(manifest, r"for = 2\.5\n  fit = \"contain\"", 'for = 2.5\n  fit = "cover"')
        shot = _changed(manifest, r"in = 1\n", "in = 1.5\n")
    else:
        manifest = make_demo(folder)
        still = _changed(manifest, r'focus = "0\.5,0\.6"', 'focus = "0.5,0.4"')
        shot = _changed(manifest, r'in    = "0:00\.2"', 'in    = "0:00.5"')
    wish = Wish(manifest=manifest, deliveries=(profile,))
    rows = {"cold": _measured(wish), "unchanged": _measured(wish)}
    still()
    rows["one still changed"] = _measured(wish)
    shot()
    rows["one shot with sound changed"] = _measured(wish)
    return rows


def main() -> None:
    """Build in a folder that is gone afterwards."""
    media = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    results: dict[str, dict[str, Any]] = {}
    for profile in ("proxy", "web"):
        with tempfile.TemporaryDirectory(prefix="crowdcut-benchmark-") as folder:
            results[profile] = _rows(Path(folder), media, profile)
    print(f"{'build':42} {'wall s':>8} {'CPU s':>8} {'of cold':>8} {'MB':>6}")
    for profile, rows in results.items():
        for name, row in rows.items():
            share = row["wall_seconds"] / rows["cold"]["wall_seconds"]
            label = f"{profile}, {name}"
            print(
                f"{label:42} {row['wall_seconds']:8.1f} {row['cpu_seconds']:8.1f} {share:8.1%}"
                f" {row['largest_process_mb']:6}"
            )
    print(json.dumps(results))


if __name__ == "__main__":
    main()
