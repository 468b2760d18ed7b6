"""``crowdcut plan``."""

import json

from console.options import AllowUncredited, AsJson, Deliveries, Episode, Placeholder, Store, Workers
from crowdcut.contract.tables import printable


def command(
    episode: Episode,
    delivery: Deliveries = None,
    store: Store = None,
    workers: Workers = 0,
    placeholder: Placeholder = False,
    allow_uncredited: AllowUncredited = False,
    as_json: AsJson = False,
) -> None:
    """Print the jobs of an episode: which are in the store, and what is left to do.

    With --json the whole plan: each job's kind, key, label, order and inputs.
    """
    from console.terminal import listening
    from crowdcut.records import plain
    from farm.build import planned
    from farm.rounds import unrun
    from farm.wish import Wish

    wish = Wish(
        manifest=episode,
        deliveries=tuple(delivery or ()),
        store=store,
        workers=workers,
        placeholder=placeholder,
        allow_uncredited=allow_uncredited,
    )
    with listening(as_json=False) as listener:
        _, deliveries, opened = planned(wish, listener if not as_json else lambda _: None)
    for each in deliveries:
        jobs = [*each.plan.jobs, each.plan.master]
        missing = {job.key for job in unrun(jobs, opened)}
        if as_json:
            for job in jobs:
                line = {"delivery": each.profile.name, "kind": job.kind, "key": job.key, "label": job.label}
                line |= {"stored": job.key not in missing, "order": plain(job.order), "jobs": job.jobs}
                print(json.dumps(line))
            continue
        for job in jobs:
            frames = f"{job.frames:>5} frames" if job.frames else " " * 12
            state = "todo" if job.key in missing else "in store"
            print(f"{state:8}  {job.key[:8]}  {job.kind:8} {frames}  {printable(job.label)}")
        left = sum(job.frames for job in jobs if job.key in missing)
        print(f"{each.profile.name}: {len(missing)} of {len(jobs)} jobs to do, {left} frames to render")
