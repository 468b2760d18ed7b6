"""The encoder alone: what no program can do without. ``python -m benchmarks.contenders.by_encoder MANIFEST FOLDER``.

The frames are those that crowdcut composed for the same cut; the encoder runs on one thread, as for a piece. The last
line that it prints is what that took, as JSON.
"""

import json
import sys
from pathlib import Path

from benchmarks.contenders.by_crowdcut import laid
from benchmarks.contenders.prepared import Prepared
from benchmarks.cut import Cut
from benchmarks.encoder import Encoding, encoded_alone
from crowdcut.records import plain, record_from
from farm.build import planned
from farm.wish import Wish


def prepared(cut: Cut, folder: Path) -> Prepared:
    """A production in ``folder`` and the command that encodes its pieces; the film is the last of these."""
    manifest, pieces = laid(cut, folder), folder / "pieces"
    command = (sys.executable, "-m", "benchmarks.contenders.by_encoder", str(manifest), str(pieces))
    return Prepared(command=command, film=pieces)


def told_in(log: Path) -> Encoding:
    """What the command said in its last line."""
    return record_from(json.loads(log.read_text(encoding="utf-8").splitlines()[-1]), Encoding)


def main() -> None:
    """Plan the manifest and encode each of its pieces once."""
    manifest, folder = map(Path, sys.argv[1:3])
    folder.mkdir()
    _, (delivery,), _ = planned(Wish(manifest=manifest, allow_uncredited=True), lambda _: None)
    spent = [
        encoded_alone(job.order, job.files, folder / str(number)) for number, job in enumerate(delivery.plan.pictures)
    ]
    whole = Encoding(
        cpu_seconds=sum(one.cpu_seconds for one in spent), wall_seconds=sum(one.wall_seconds for one in spent)
    )
    print(json.dumps(plain(whole)))


if __name__ == "__main__":
    main()
