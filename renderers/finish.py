"""Bring the mix to its delivery: level, limit, encode once, and measure what came out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from crowdcut.findings import Finding, JobFailed
from crowdcut.orders import FinishOrder
from renderers.ahead import ahead
from renderers.decode_sound import placed_sound
from renderers.encode_sound import encode, packet_digests
from renderers.job import Input
from renderers.limiter import Limiter, limited
from renderers.meter import Loudness, measured
from renderers.pcm import Samples, blocks_of
from renderers.place_sound import Damage, consecutive
from renderers.true_peak import amplitude

_ROUNDS = 3
_TOLERANCE_LU = 0.2
"""How far from the target the decoded sound may be; deliveries allow 0.5 (EBU R 128) to 2 (ATSC A/85)."""
_SETTLED_LU = 0.3
"""A correction this small needs no second look: what it misses by is a tenth of it."""
_SETTLINGS = 4
_MAX_RAISE_DB = 20.0
"""No programme is raised by more: what needs it is noise."""
_CODING_LU = 1.5
"""Coding takes no more away than this; a programme that is further off cannot be made louder under its ceiling."""
_BELOW_DB = 0.05
"""How far under the ceiling the next round aims."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """One way to bring the mix to the delivery."""

    gain_db: float
    ceiling_dbtp: float
    """What the limiter keeps to: the delivery's ceiling less what coding adds."""
    aim_lufs: float
    """What the limited mix should have: the delivery's loudness and what coding takes away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    """What came of one setting."""

    setting: _Setting
    limiter: Limiter
    heard: Loudness
    """The encoded sound, decoded again."""


def _margin_db(order: FinishOrder) -> float:
    """What coding adds to limited peaks, as a first guess that spares most programmes a second round: music at
    -14 LUFS was found 0 to 0.25 dB over at 256 kbit/s and up to 0.75 dB at 128."""
    return 0.3 if order.bit_rate >= 192_000 else 0.8


def _levelled(mix: Path, order: FinishOrder, setting: _Setting, limiter: Limiter) -> Iterator[Samples]:
    gain = amplitude(setting.gain_db)
    return ahead(limited((block * gain for block in blocks_of(mix, length=order.length_samples)), limiter))


def _settled(mix: Path, order: FinishOrder, setting: _Setting) -> _Setting:
    """The same with the gain that makes up for what the limiter takes away, found without encoding."""
    for _ in range(_SETTLINGS):
        heard = measured(_levelled(mix, order, setting, Limiter(setting.ceiling_dbtp)))
        missing = setting.aim_lufs - heard.integrated if heard.integrated is not None else 0.0
        setting = replace(setting, gain_db=min(_MAX_RAISE_DB, setting.gain_db + missing))
        # What is corrected by this little lands without another look.
        if abs(missing) <= _SETTLED_LU or setting.gain_db == _MAX_RAISE_DB:
            break
    return setting


def _tried(mix: Path, order: FinishOrder, setting: _Setting, out: Path) -> _Result:
    """The mix encoded to ``out`` and heard as a player hears it, without the padding of the last packet."""
    limiter = Limiter(setting.ceiling_dbtp)
    encode(_levelled(mix, order, setting, limiter), out, codec=order.codec, bit_rate=order.bit_rate)
    decoded = consecutive(placed_sound(out, stream=0, damage=Damage()), start=0, end_exclusive=order.length_samples)
    return _Result(setting=setting, limiter=limiter, heard=measured(placed.samples for placed in decoded))


def _excess(heard: Loudness, order: FinishOrder) -> float:
    """dB over the delivery's ceiling; 0.0 when under it."""
    peak = heard.true_peak if heard.true_peak is not None else order.true_peak_dbtp
    return max(0.0, round(peak - order.true_peak_dbtp, 2))


def _mended(result: _Result, order: FinishOrder, rounds: int) -> _Setting | None:
    """What to try after so many rounds; None when nothing is left to mend."""
    setting, integrated, excess = result.setting, result.heard.integrated, _excess(result.heard, order)
    missing = order.integrated_lufs - integrated if integrated is not None else 0.0
    coding_took = missing if _TOLERANCE_LU < abs(missing) <= _CODING_LU and setting.gain_db < _MAX_RAISE_DB else 0.0
    if not excess and not coding_took:
        return None
    # A lower ceiling needs more gain, and denser sound is coded worse: the last round goes twice as far.
    ceiling = setting.ceiling_dbtp - (excess * rounds + _BELOW_DB if excess else 0.0)
    return replace(
        setting,
        gain_db=min(_MAX_RAISE_DB, setting.gain_db + coding_took),
        ceiling_dbtp=ceiling,
        aim_lufs=setting.aim_lufs + coding_took,
    )


def _still_over(heard: Loudness, order: FinishOrder) -> JobFailed:
    return JobFailed(
        Finding(
            rule="true-peak",
            found=f"the encoded sound still reaches {heard.true_peak:.2f} dBTP after {_ROUNDS} rounds of limiting",
            wanted=f"at most {order.true_peak_dbtp:.2f} dBTP",
            way_out="Make the loudest sounds quieter, or give the profile a higher audio bit rate or a lower loudness.",
        )
    )


def _finished(mix: Path, order: FinishOrder, out: Path, before: Loudness) -> tuple[_Result, int]:
    """The result that is kept in ``out``, and how many rounds of limiting, encoding and measuring it took."""
    wanted = order.integrated_lufs - before.integrated if before.integrated is not None else 0.0
    setting = _Setting(
        gain_db=min(_MAX_RAISE_DB, wanted),
        ceiling_dbtp=order.true_peak_dbtp - _margin_db(order),
        aim_lufs=order.integrated_lufs,
    )
    rounds = 0
    while True:
        if before.true_peak is not None and before.true_peak + setting.gain_db > setting.ceiling_dbtp:
            setting = _settled(mix, order, setting)
        result, rounds = _tried(mix, order, setting, out), rounds + 1
        mended = _mended(result, order, rounds)
        if mended is None:
            return result, rounds
        if rounds == _ROUNDS:
            break
        setting = mended
    if _excess(result.heard, order):
        raise _still_over(result.heard, order)
    return result, rounds


def run(order: FinishOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, object]:
    """Write the encoded sound, an MP4 file, to ``out``. A silent programme is left silent.

    Facts, all of the encoded sound decoded again: ``integrated_lufs``, ``true_peak_dbtp``, ``max_short_term``,
    ``max_momentary`` (None where there is nothing to read), ``lra``, ``short_term`` (LUFS or None, one a second),
    ``length_samples``; of the work: ``gain_db``, ``raise_capped``, ``silent``, ``limiter`` (``ceiling_dbtp``,
    ``max_reduction_db``, ``seconds_working``), ``rounds``; and ``packets``, a digest for each packet in order.
    Raises JobFailed (``true-peak``) when the peaks still exceed the ceiling after three rounds.
    """
    mix = inputs["mix"].path
    assert mix is not None
    before = measured(blocks_of(mix, length=order.length_samples))
    result, rounds = _finished(mix, order, out, before)
    heard, limiter, setting = result.heard, result.limiter, result.setting
    return {
        "integrated_lufs": heard.integrated,
        "true_peak_dbtp": heard.true_peak,
        "max_short_term": heard.max_short_term,
        "max_momentary": heard.max_momentary,
        "lra": heard.range_lu,
        "short_term": [None if lufs is None else round(lufs, 1) for lufs in heard.short_term],
        "length_samples": heard.length_samples,
        "gain_db": round(setting.gain_db, 3),
        "raise_capped": setting.gain_db >= _MAX_RAISE_DB,
        "silent": before.integrated is None,
        "limiter": {
            "ceiling_dbtp": round(setting.ceiling_dbtp, 3),
            "max_reduction_db": round(limiter.max_reduction_db, 2),
            "seconds_working": round(limiter.seconds_working, 2),
        },
        "rounds": rounds,
        "packets": packet_digests(out),
    }
