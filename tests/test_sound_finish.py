"""The finished sound: at its loudness, under its ceiling as a player hears it, its start on the first sample."""

from fractions import Fraction
from hashlib import blake2b

import av
import numpy as np
import pytest
from sound_making import in_a_film

from crowdcut.findings import JobFailed
from crowdcut.ledger.sounds import PACKET_DIGITS
from crowdcut.sound.orders import FinishOrder, MixOrder
from renderers import finish, mix
from renderers.job import Input
from renderers.loudness.meter import measured
from renderers.sound.encode import Coding, Packets, coded, splice, stretches_of
from renderers.sound.kept import kept_packets

RATE = 48_000


def _music(seconds=12, seed=1):
    """Something like music, 15 dB between its peaks and its loudness: chords, a beat, and a pause in the middle."""
    rng = np.random.default_rng(seed)
    time = np.arange(seconds * RATE) / RATE
    chord = sum(np.sin(2 * np.pi * hertz * time + phase) for hertz, phase in ((220, 0), (277, 1), (330, 2), (1_109, 3)))
    beat = np.sin(2 * np.pi * 60 * time) * np.exp(-(time % 0.5) * 14) * 6
    brush = rng.standard_normal((2, len(time))) * np.exp(-(time % 0.25) * 40) * 1.5
    return (0.05 * (chord + beat + brush) * np.where(abs(time - seconds / 2) < 1, 0.05, 1)).astype(np.float32)


def _finished(folder, sound, *, lufs=-14.0, peak=-1.0, bit_rate=256_000, codec="aac", out="finished"):
    bus, path = folder / "bus.f32", folder / "mix.f32"
    bus.write_bytes(np.ascontiguousarray(sound.T, dtype="<f4").tobytes())
    mix.run(MixOrder(buses=("shot",), length_samples=sound.shape[1]), {"shot": Input(path=bus)}, path)
    order = FinishOrder(
        codec=codec, bit_rate=bit_rate, integrated_lufs=lufs, true_peak_dbtp=peak, length_samples=sound.shape[1]
    )
    return finish.run(order, {"mix": Input(path=path, facts={})}, folder / out)


def _packets(path):
    return [bytes(packet) for packet in kept_packets(path)]


def _decoded(path):
    with av.open(str(in_a_film(path))) as container:
        frames = list(container.decode(audio=0))
    assert frames[0].pts == 0
    return np.concatenate([frame.to_ndarray() for frame in frames], axis=1)


@pytest.mark.parametrize(("bit_rate", "lufs"), [(256_000, -14.0), (128_000, -14.0), (256_000, -23.0)])
def test_it_is_at_its_loudness_and_under_its_ceiling(tmp_path, bit_rate, lufs):
    sound = _music()
    facts = _finished(tmp_path, sound, bit_rate=bit_rate, lufs=lufs)
    again = measured([_decoded(tmp_path / "finished")[:, : sound.shape[1]]])
    assert again.integrated == pytest.approx(lufs, abs=0.3)
    assert again.true_peak <= -1.0
    assert facts["integrated_lufs"] == pytest.approx(again.integrated, abs=0.03)
    assert facts["true_peak_dbtp"] == pytest.approx(again.true_peak, abs=0.01)
    assert again.length_samples == sound.shape[1]
    assert facts["rounds"] <= 3


def test_a_mix_pushed_six_db_over_is_held(tmp_path):
    sound = _music()
    peak = measured([sound]).true_peak
    pushed = sound * 10 ** ((5 - peak) / 20)
    facts = _finished(tmp_path, pushed, lufs=measured([pushed]).integrated)
    assert facts["limiter"]["max_reduction_db"] > 5
    assert facts["limiter"]["seconds_working"] > 0.5
    again = measured([_decoded(tmp_path / "finished")])
    assert again.true_peak <= -1.0
    assert again.integrated == pytest.approx(measured([pushed]).integrated, abs=0.3)


def test_a_sine_between_its_samples_is_held(tmp_path):
    wave = np.sin(2 * np.pi * 12_000 * np.arange(5 * RATE) / RATE + np.pi / 4)
    facts = _finished(tmp_path, np.stack([wave, wave]).astype(np.float32) * 0.1, lufs=2.5)
    assert facts["limiter"]["max_reduction_db"] > 0
    assert measured([_decoded(tmp_path / "finished")[:, : 5 * RATE]]).true_peak <= -1.0


def test_the_first_sample_is_the_first_sample(tmp_path):
    sound = _music()
    sound[:, 20_000:] *= 0.5
    _finished(tmp_path, sound)
    found = _decoded(tmp_path / "finished")[:, : sound.shape[1]]
    spectrum = np.fft.rfft(found[0]) * np.conj(np.fft.rfft(sound[0]))
    assert int(np.fft.irfft(spectrum).argmax()) == 0


def test_silence_is_left_silent(tmp_path):
    facts = _finished(tmp_path, np.zeros((2, 3 * RATE), np.float32))
    assert facts["silent"]
    assert facts["integrated_lufs"] is None
    assert facts["gain_db"] == 0
    assert not _decoded(tmp_path / "finished").any()


def test_noise_is_not_raised_without_end(tmp_path):
    hiss = np.random.default_rng(1).standard_normal((2, 4 * RATE)).astype(np.float32) * 10 ** (-65 / 20)
    facts = _finished(tmp_path, hiss)
    assert facts["raise_capped"]
    assert facts["gain_db"] == 20.0
    assert facts["integrated_lufs"] < -30


def test_what_no_round_brings_under_the_ceiling_fails_with_its_number(tmp_path, monkeypatch):
    monkeypatch.setattr(finish, "_ROUNDS", 1)
    noise = np.random.default_rng(6).standard_normal((2, 2 * RATE)).astype(np.float32) * 0.3
    with pytest.raises(JobFailed) as failure:
        _finished(tmp_path, noise, lufs=-4.0)
    finding = failure.value.findings[0]
    assert finding.rule == "true-peak"
    assert "dBTP" in finding.found


def test_the_ledger_can_hold_the_packets(tmp_path):
    facts = _finished(tmp_path, _music(3))
    digests = [blake2b(packet, digest_size=8).hexdigest() for packet in _packets(tmp_path / "finished")]
    assert facts["packets"] == "".join(digests)
    assert len(digests) == -(-(3 * RATE + 1_024) // 1_024)
    assert all(len(digest) == PACKET_DIGITS for digest in digests)


def test_the_same_mix_gives_the_same_bytes_on_any_number_of_cores(tmp_path, monkeypatch):
    sound = _music(35)
    _finished(tmp_path, sound, out="one")
    monkeypatch.setattr("renderers.sound.ahead._threads", lambda: 1)
    _finished(tmp_path, sound, out="two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_joints_of_stretches_are_coded_as_well_as_the_rest(tmp_path, monkeypatch):
    sound = _music(16)
    _finished(tmp_path, sound, out="whole")
    monkeypatch.setattr("renderers.sound.encode._STRETCH_SECONDS", Fraction(75 * 1_024, RATE))
    _finished(tmp_path, sound, out="joined")
    assert len(_packets(tmp_path / "joined")) == len(_packets(tmp_path / "whole"))
    whole, found = (_decoded(tmp_path / name)[:, : sound.shape[1]] for name in ("whole", "joined"))
    noise = np.square(found - whole).mean(axis=0)[: 740 * 1_024].reshape(-1, 1_024).mean(axis=1)
    joints = np.arange(75, 740, 75) - 1
    # Windows that do not fit leave an echo as loud as the sound.
    assert 10 * np.log10(np.square(whole).mean() / noise[joints].max()) > 15


def test_only_what_is_over_is_limited_and_coded_again(tmp_path):
    time = np.arange(20 * RATE) / RATE
    sound = np.stack([np.sin(2 * np.pi * 220 * time), np.sin(2 * np.pi * 277 * time)]).astype(np.float32) * 0.2
    sound[:, 10 * RATE : 10 * RATE + 2_400] = np.random.default_rng(9).standard_normal((2, 2_400))
    rounds = []

    def kept(packets, stretches):
        splice(packets, stretches)
        rounds.append(list(packets))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finish, "splice", kept)
        patch.setattr(finish, "_margin_db", lambda _: -0.5)  # so that the first round is over
        facts = _finished(tmp_path, sound)
    assert facts["rounds"] == len(rounds) > 1
    assert facts["true_peak_dbtp"] <= -1.0
    changed = [number for number, pair in enumerate(zip(rounds[0], rounds[-1], strict=True)) if pair[0] != pair[1]]
    burst = 10 * RATE // 1_024
    assert burst - 20 < min(changed) <= burst <= max(changed) < burst + 60


def test_packets_are_kept_in_order_whatever_is_put_where():
    packets = Packets()
    packets.put(0, [b"one", b"two", b"three"])
    packets.put(1, [b"a longer second", b"", b"four"])
    assert (len(packets), list(packets)) == (4, [b"one", b"a longer second", b"", b"four"])


def test_packets_whose_windows_differ_are_not_joined():
    sound = _music(4)
    sound[:, 100 * 1_024 + 512 :] *= 0.001
    sound[:, 100 * 1_024 + 700] = 0.9
    coding = Coding(codec="aac", bit_rate=256_000, length_samples=sound.shape[1])
    (stretch,) = stretches_of([(0, sound.shape[1])], coding)
    packets = Packets()
    splice(packets, [coded(stretch, [sound], coding)])
    click = next(stretches_of([(101 * 1_024, 110 * 1_024)], coding))
    other = np.roll(sound, 512 + 1_024, axis=1)[:, click.start_sample : click.end_sample_exclusive]
    with pytest.raises(JobFailed, match="do not fit together"):
        splice(packets, [coded(click, [other], coding)])


def _dialogue_level(packet):
    """``dialnorm`` of an AC-3 packet of two channels (ATSC A/52, 5.3.1 and 5.3.2)."""
    bits = f"{int.from_bytes(packet[5:9]):032b}"
    assert bits[:5] == "01000"  # bsid 8
    assert bits[8:11] == "010"  # acmod 2/0, then two bits of dsurmod, then lfeon
    return -int(bits[14:19], 2)


@pytest.mark.parametrize("lufs", [-24.0, -27.0])
def test_ac3_is_on_its_samples_and_tells_its_loudness(tmp_path, monkeypatch, lufs):
    monkeypatch.setattr("renderers.sound.encode._STRETCH_SECONDS", Fraction(2))
    sound = _music(9) * 0.2
    clicks = np.array([RATE + 777, 4 * RATE + 5, 8 * RATE + 1_535])
    sound[:, clicks] = 0.5
    facts = _finished(tmp_path, sound, lufs=lufs, peak=-2.0, codec="ac3")
    found = _decoded(tmp_path / "finished")
    assert found.shape[1] == -(-sound.shape[1] // 1_536) * 1_536
    for click in clicks:
        assert np.abs(found[0, click - 2_000 : click + 2_000]).argmax() == 2_000
    assert measured([found[:, : sound.shape[1]]]).true_peak <= -2.0
    packets = _packets(tmp_path / "finished")
    assert len(packets) == len(facts["packets"]) // PACKET_DIGITS
    assert {_dialogue_level(packet) for packet in packets} == {round(lufs)}
