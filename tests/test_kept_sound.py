"""Coded sound between two jobs: it plays as a film of it does, from any sample on, and no table of it grows."""

import os
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from sound_making import in_a_film

from renderers.sound import play as play_sound
from renderers.sound.encode import Coding, Packets, coded, splice, stretches_of
from renderers.sound.kept import keep_sound, kept_packets
from renderers.sound.play import played

RATE = 48_000
PACKETS = 150_000
"""AAC of 53 minutes."""
FLAT_MB, GROWN_MB = 4, 9
_MUXED = """
import sys
from pathlib import Path
import av
import sound_making
from renderers.sound.encode import Coding
from renderers.sound.kept import keep_sound, kept_packets

def largest():
    told = Path("/proc/self/status").read_text()
    return int(told.split("VmHWM:")[1].split()[0]) / 1024

def written(count):
    coding, out = Coding(codec="aac", bit_rate=256_000, length_samples=(count - 1) * 1024), Path("sound")
    keep_sound((bytes([33, 16, 4, number % 251]) * 8 for number in range(count)), coding, out)
    assert sum(packet.size for packet in kept_packets(out)) == 32 * count
    if sys.argv[1] == "film":
        sound_making.in_a_film(out)

written(1000)
before = largest()
written(int(sys.argv[2]))
print(largest() - before)
"""


def _coded(codec, seconds=6):
    """Chords over noise, with something new every third of a second."""
    rng, time = np.random.default_rng(2), np.arange(seconds * RATE) / RATE
    hertz = rng.integers(200, 2_000, 3 * seconds).repeat(RATE // 3)
    sound = (0.2 * np.sin(2 * np.pi * hertz * time) + 0.02 * rng.standard_normal((2, len(time)))).astype(np.float32)
    coding = Coding(codec=codec, bit_rate=192_000, length_samples=len(time) - 100)
    packets = Packets()
    stretches = stretches_of([(0, coding.length_samples)], coding)
    splice(packets, (coded(one, [sound[:, : coding.length_samples]], coding, dialogue_lufs=-24) for one in stretches))
    return packets, coding


@pytest.fixture(scope="module", params=["aac", "ac3"])
def sound(request, tmp_path_factory):
    """Packets, how they are coded, and what a film of them sounds like."""
    packets, coding = _coded(request.param)
    kept = tmp_path_factory.mktemp(request.param) / "sound"
    keep_sound(packets, coding, kept)
    assert [bytes(packet) for packet in kept_packets(kept)] == list(packets)
    with av.open(str(in_a_film(kept))) as container:
        frames = list(container.decode(audio=0))
    assert frames[0].pts == 0
    return packets, coding, np.concatenate([frame.to_ndarray() for frame in frames], axis=1)


def _apart(sound, start, end):
    """How far the sound that is played lies from the film's, sample by sample from one to one exclusive."""
    packets, coding, film = sound
    found = np.concatenate(list(played(packets, coding, start, end)), axis=1)
    assert found.shape[1] == end - start
    return np.abs(found - film[:, start:end])


@pytest.mark.parametrize(("start", "end"), [(0, 288_000 - 100), (0, 1), (30_000, 60_001), (150_123, 220_000)])
def test_it_is_played_as_a_film_of_it_sounds(sound, start, end):
    apart = _apart(sound, start, end)
    # What AC-3 leaves out is filled with chance, which begins anew wherever playing begins.
    assert np.sqrt(np.square(apart).mean()) < 0.02 if sound[1].codec == "ac3" and start else apart.max() == 0


def test_the_first_packet_alone_does_not_tell_its_beginning(sound, monkeypatch):
    monkeypatch.setattr(play_sound, "_PREROLL_SAMPLES", 0)
    assert np.sqrt(np.square(_apart(sound, 153_600, 153_800)).mean()) > 0.05


def _grown_mb(folder: Path, how: str) -> float:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    command = [sys.executable, "-c", _MUXED, how, str(PACKETS)]
    return float(subprocess.run(command, env=environment, cwd=folder, check=True, capture_output=True).stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from Linux's /proc")
@pytest.mark.parametrize("how", ["kept", "film"])
def test_memory_does_not_grow_with_its_packets(tmp_path, how):
    grown_mb = _grown_mb(tmp_path, how)
    assert (grown_mb < FLAT_MB) if how == "kept" else (grown_mb > GROWN_MB)
