"""The same sounds in one ffmpeg filter graph: what a person would write who knows ffmpeg and had been told the gains.

Each cue is an input, sought to its start; the sounds of a bus are cut, faded and joined one after another on as few
tracks as their overlaps need, music ducks under the other buses (``sidechaincompress``), everything is added up and
goes through ``loudnorm`` in one pass.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crowdcut.plan import Job, Plan
from crowdcut.sound.orders import Cue, FinishOrder, PrepareOrder
from crowdcut.timing import SAMPLE_RATE

_STEREO = f"aresample={SAMPLE_RATE},aformat=sample_fmts=fltp:channel_layouts=stereo"
_SPARE_SECONDS = 0.1
"""Read behind what is wanted, so that a rounded end is never short."""
_DUCKING = "sidechaincompress=threshold=0.02:ratio=8:attack=300:release=800"

Track = list[tuple[Cue, float]]
"""Cues that do not overlap, in order, with their gains in dB."""


@dataclass(slots=True, kw_only=True)
class _Command:
    """The inputs and the filters so far."""

    jobs: Mapping[str, Job]
    inputs: list[str]
    chains: list[str]
    count: int = 0

    def input(self, bus: Job, cue: Cue) -> str:
        """One more input: the file of a cue, from where it is used. Its pad."""
        prepare = self.jobs[bus.jobs[cue.prepared]]
        order: PrepareOrder = prepare.order
        start, seconds = order.start_sample / SAMPLE_RATE, cue.length_samples / SAMPLE_RATE + _SPARE_SECONDS
        self.inputs += ["-ss", f"{start:.6f}", "-t", f"{seconds:.6f}", "-i", str(prepare.files["file"])]
        self.count += 1
        return f"[{self.count - 1}:a:0]"


def _tracks(bus: Job, gains_db: list[float]) -> list[Track]:
    tracks: list[Track] = []
    for cue, gain in sorted(zip(bus.order.cues, gains_db, strict=True), key=lambda one: one[0].start_sample):
        for track in tracks:
            last = track[-1][0]
            if last.start_sample + last.length_samples <= cue.start_sample:
                track.append((cue, gain))
                break
        else:
            tracks.append([(cue, gain)])
    return tracks


def _fades(cue: Cue) -> Iterator[str]:
    """Those at the ends of a whole sound; ffmpeg has no filter for what lasts over several rounds of a loop."""
    curve = "qsin" if cue.fade == "equal-power" else "hsin"
    coming, going = (min(one, cue.length_samples) for one in (cue.fade_in_samples, cue.fade_out_samples))
    if coming and not cue.before_samples:
        yield f"afade=t=in:ns={coming}:curve={curve}"
    if going and not cue.after_samples:
        yield f"afade=t=out:ss={cue.length_samples - going}:ns={going}:curve={curve}"


def _track(command: _Command, bus: Job, track: Track, name: str) -> None:
    """The chains of one track, which ends as long as the programme: silence up to its first cue and after each."""
    length, pads = bus.order.length_samples, []
    ends = [*(cue.start_sample for cue, _ in track[1:]), length]
    if first := track[0][0].start_sample:
        command.chains.append(f"anullsrc=r={SAMPLE_RATE}:cl=stereo,atrim=end_sample={first},{_STEREO}[{name}first]")
        pads.append(f"[{name}first]")
    for number, ((cue, gain_db), end) in enumerate(zip(track, ends, strict=True)):
        steps = [_STEREO, f"apad,atrim=end_sample={cue.length_samples}", f"volume={gain_db}dB", *_fades(cue)]
        steps.append(f"apad=whole_len={end - cue.start_sample}")
        pads.append(f"[{name}{number}]")
        command.chains.append(f"{command.input(bus, cue)}{','.join(steps)}{pads[-1]}")
    command.chains.append(f"{''.join(pads)}concat=n={len(pads)}:v=0:a=1[{name}]")


def _bus(command: _Command, bus: Job, facts: Mapping[str, Any]) -> str:
    """The chains of a bus; its pad."""
    gains_db = [one["gain_db"] + facts["bus_gain_db"] for one in facts["gains"]]
    tracks = _tracks(bus, gains_db)
    names = [f"{bus.order.bus}{chr(ord('a') + number)}" for number in range(len(tracks))]
    for name, track in zip(names, tracks, strict=True):
        _track(command, bus, track, name)
    pads = "".join(f"[{name}]" for name in names)
    command.chains.append(f"{pads}amix=inputs={len(names)}:normalize=0[{bus.order.bus}]")
    return f"[{bus.order.bus}]"


def _mixed(buses: list[str], finish: FinishOrder) -> Iterator[str]:
    speakers, music = [pad for pad in buses if pad != "[music]"], "[music]" in buses
    if music and speakers:
        splits = [f"{pad}asplit[m{number}][s{number}]" for number, pad in enumerate(speakers)]
        yield from splits
        keys = "".join(f"[s{number}]" for number in range(len(speakers)))
        yield f"{keys}amix=inputs={len(speakers)}:normalize=0[key]"
        yield f"[music][key]{_DUCKING}[under]"
        buses = [*(f"[m{number}]" for number in range(len(speakers))), "[under]"]
    level = f"loudnorm=I={finish.integrated_lufs}:TP={finish.true_peak_dbtp}:LRA=20,aresample={SAMPLE_RATE}"
    yield f"{''.join(buses)}amix=inputs={len(buses)}:normalize=0,{level}[out]"


def command_of(program: str, plan: Plan, facts: Mapping[str, Mapping[str, Any]], pcm: Path) -> list[str]:
    """The command line that writes the plan's sound to ``pcm``, raw float32 stereo.

    facts : of the plan's buses by key, for their gains.
    """
    jobs = {job.key: job for job in plan.sounds}
    command = _Command(jobs=jobs, inputs=[], chains=[])
    buses = [_bus(command, bus, facts[bus.key]) for bus in plan.buses]
    command.chains += _mixed(buses, plan.finish.order)
    head = [program, "-hide_banner", "-nostdin", "-y", "-loglevel", "error"]
    return [
        *head,
        *command.inputs,
        "-filter_complex",
        ";".join(command.chains),
        "-map",
        "[out]",
        "-f",
        "f32le",
        str(pcm),
    ]
