"""A child keeps to one core and one heap, whatever the libraries in it would take by themselves."""

import json
import os
import platform
import subprocess
import sys

import pytest

from farm import crew

_THREADS = """
import json, os, time
import numpy as np
from renderers.hearing.speech import SpeechFinder
noise = np.random.default_rng(1).standard_normal((2, 96_000)).astype(np.float32)
finder, used, own = SpeechFinder(), time.process_time(), time.thread_time()
finder.take(noise * np.float32(0.1))
used, own = time.process_time() - used, time.thread_time() - own
print(json.dumps([used - own, own]))
"""
_HEAPS = """
import ctypes, json, threading
import numpy as np
gate = threading.Barrier(4)
def work():
    gate.wait()
    held = [bytes(1000) for _ in range(100)], [np.zeros(number) for number in range(1, 5000)]
    gate.wait()
    del held
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
libc.fopen.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
libc.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]
libc.fclose.argtypes = [ctypes.c_void_p]
file = libc.fopen(b"heaps.xml", b"w")
libc.malloc_info(0, file)
libc.fclose(file)
print(json.dumps(open("heaps.xml").read().count("<heap ")))
"""


def _told(program, folder, *, without=()):
    """What a Python told to run ``program`` prints, in the environment of a child."""
    environment = {**os.environ, **crew._ENVIRONMENT, "PYTHONPATH": os.pathsep.join(sys.path)}
    kept = {name: value for name, value in environment.items() if name not in without}
    command = [sys.executable, "-c", program]
    return json.loads(subprocess.run(command, env=kept, cwd=folder, check=True, capture_output=True).stdout)


@pytest.mark.parametrize("limited", [True, False])
def test_looking_for_speech_is_one_threads_work(tmp_path, limited):
    elsewhere, own = _told(_THREADS, tmp_path, without=() if limited else ("OMP_THREAD_LIMIT",))
    assert (elsewhere < 0.1 * own) is limited


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other libraries have no heaps of threads")
@pytest.mark.parametrize("limited", [True, False])
def test_threads_share_a_heap(tmp_path, limited):
    heaps = _told(_HEAPS, tmp_path, without=() if limited else ("MALLOC_ARENA_MAX",))
    assert (heaps == 1) is limited
