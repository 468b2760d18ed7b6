"""The sound of an episode's first delivery to finished PCM, by crowdcut's own jobs: a program to be measured.

    python -m benchmarks.sound.by_crowdcut MANIFEST STORE PCM      (or --coded instead of PCM: what coding adds)

Its last line is JSON: CPU seconds by kind of job, and how many jobs were run.
"""

import json
import sys
from collections import Counter
from pathlib import Path
from time import process_time

from crowdcut.plan import Plan
from crowdcut.sound.orders import FinishOrder
from farm.build import planned
from farm.crew import Crew
from farm.store import Store
from farm.wish import Wish
from renderers.finish import measured_mix, nominal_ceilings
from renderers.loudness.levelling import settled
from renderers.sound.pcm import bytes_of

CODED = "--coded"


def plan_of(manifest: Path, store: Path) -> tuple[Plan, Store, int]:
    """The plan of the first delivery, its store, and how many workers there are; examines what was never examined."""
    wish = Wish(manifest=manifest, store=store)
    _, (delivery, *_), opened = planned(wish, lambda _: None)
    return delivery.plan, opened, wish.workers_meant


def write_finished(mix: Path, order: FinishOrder, pcm: Path) -> None:
    """Level and limit a mix as the delivery's sound is before it is coded: raw float32 stereo."""
    heard = measured_mix(mix, order.length_samples)
    level = settled(heard, order.integrated_lufs, nominal_ceilings(heard, order))
    with pcm.open("wb") as file:
        for block in level.blocks(heard, 0, order.length_samples):
            file.write(bytes_of(block))


def _run(manifest: Path, store: Path, pcm: Path | None) -> tuple[dict[str, float], Counter[str]]:
    """CPU seconds and jobs that were run, by kind; ``own`` is this process."""
    plan, opened, workers = plan_of(manifest, store)
    with Crew(opened, workers=workers, listener=lambda _: None) as crew:
        outcome = crew.run([*plan.sounds, *plan.buses, plan.mix] if pcm else [plan.finish])
        assert not outcome.failed, outcome.failed
        seconds = dict[str, float](crew.cpu_seconds)
    if pcm is not None:
        began, mix = process_time(), opened.find(plan.mix.key)
        assert mix is not None
        write_finished(mix.file, plan.finish.order, pcm)
        seconds["level"] = process_time() - began
    seconds["own"] = process_time() - seconds.get("level", 0.0)
    return seconds, Counter(job.kind for job in outcome.rendered)


def main() -> None:
    """Do it and say what it took."""
    manifest, store, pcm = sys.argv[1:]
    seconds, jobs = _run(Path(manifest), Path(store), None if pcm == CODED else Path(pcm))
    print(json.dumps({"seconds": seconds, "jobs": jobs}))


if __name__ == "__main__":
    main()
