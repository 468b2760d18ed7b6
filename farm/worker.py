"""The child process that runs jobs: one line of JSON in, one line out, imports done once, and never an orphan."""

import json
import os
import resource
import sys
import tempfile
import traceback
from importlib import import_module
from pathlib import Path
from time import process_time
from typing import Any

from crowdcut.findings import Finding, JobFailed
from crowdcut.records import plain, record_from
from farm.leash import die_with
from farm.store import FACTS, FILE, disk_full, is_full
from renderers import JOBS
from renderers.job import Input


def _limit_memory(limit: int) -> None:
    """Data of this process may grow to ``limit`` bytes; libraries and mapped files do not count."""
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _input(told: dict[str, str]) -> Input:
    facts = json.loads(Path(told["facts"]).read_bytes()) if "facts" in told else {}
    return Input(path=Path(told["path"]) if "path" in told else None, facts=facts)


def _memory_finding(contributed: bool) -> Finding:
    return Finding(
        rule="memory",
        owner="contributor" if contributed else "machine",
        found="it needs more memory than a job may use",
        way_out="Ask for a smaller version of the file." if contributed else "Deliver a smaller picture.",
    )


def _ran(task: dict[str, Any]) -> dict[str, Any]:
    """Run one job in its workplace; the answer to send."""
    module, order_type = JOBS[task["kind"]]
    place = Path(task["place"])
    tempfile.tempdir = task["place"]  # what a library leaves there goes with the place, however this process ends
    inputs = {name: _input(told) for name, told in task["inputs"].items()}
    try:
        facts = import_module(module).run(record_from(task["order"], order_type), inputs, place / FILE)
        (place / FACTS).write_text(json.dumps(facts), encoding="utf-8")
    except JobFailed as failure:
        return {"findings": [plain(finding) for finding in failure.findings]}
    except MemoryError:
        return {"findings": [plain(_memory_finding(bool(task["inputs"])))]}
    except OSError as error:
        if not is_full(error):
            return {"crash": traceback.format_exc()}
        return {"findings": [plain(disk_full())]}
    except Exception:  # noqa: BLE001 - a child reports its own failure; the parent names the job
        return {"crash": traceback.format_exc()}
    return {"done": True}


def main() -> None:
    """Serve the parent until it closes the pipe. Arguments: the parent's process id, bytes of memory allowed."""
    parent, memory = map(int, sys.argv[1:3])
    die_with(parent)
    _limit_memory(memory)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    # Libraries that print must not speak into the pipe.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    counted = 0.0
    for line in sys.stdin:
        answer = _ran(json.loads(line))
        used = process_time()
        answers.write(json.dumps({**answer, "cpu_seconds": used - counted}) + "\n")
        answers.flush()
        counted = used


if __name__ == "__main__":
    main()
