"""A profile's numbers are those of its table and of what it extends."""

from fractions import Fraction

import pytest

from crowdcut.findings import Refused
from crowdcut.orders import PictureEncoding
from crowdcut.profiles import packaged, profile_from


def test_web_is_what_the_contract_says() -> None:
    web = profile_from("web", {})
    assert (web.width, web.height, web.rate, web.extension) == (1920, 1080, None, "mp4")
    assert (web.encoding.codec, web.encoding.pixel_format) == ("libx264", "yuv420p")
    assert {key: web.encoding.options[key] for key in ("preset", "crf", "profile")} == {
        "preset": "medium", "crf": "18", "profile": "high",
    }  # fmt: skip
    assert (web.audio_codec, web.audio_bit_rate) == ("aac", 256_000)
    assert (web.integrated_lufs, web.true_peak_dbtp, web.burn_in) == (-14.0, -1.0, False)


def test_proxy_takes_its_loudness_from_web() -> None:
    proxy = profile_from("proxy", {})
    assert (proxy.width, proxy.height, proxy.burn_in) == (640, 360, True)
    assert (proxy.encoding.options["preset"], proxy.encoding.options["crf"]) == ("veryfast", "28")
    assert (proxy.integrated_lufs, proxy.audio_bit_rate) == (-14.0, 128_000)


@pytest.mark.parametrize("name", list(packaged()))
def test_every_packaged_profile_can_be_read(name: str) -> None:
    profile = profile_from(name, {})
    assert profile.name == name
    assert profile.doc


def test_own_profiles_extend_others_table_by_table() -> None:
    own = {
        "small": {"extends": "web", "size": [960, 540], "rate": "29.97", "video": {"crf": 20, "gop_frames": 24}},
        "smaller": {"extends": "small", "size": (480, 270), "loudness": {"integrated_lufs": Fraction(-231, 10)}},
    }
    profile = profile_from("smaller", own)
    assert (profile.width, profile.height, profile.rate) == (480, 270, Fraction(30000, 1001))
    assert (profile.integrated_lufs, profile.true_peak_dbtp) == (-23.1, -1.0)
    options = {**profile_from("web", {}).encoding.options, "crf": "20"}
    assert profile.encoding == PictureEncoding(codec="libx264", options=options, gop_frames=24)


def test_an_unknown_name_is_told_with_the_names_there_are() -> None:
    with pytest.raises(KeyError, match=r"no profile \"vhs\".*web, r128, r128-s1, a85, proxy, dvd-ntsc, dvd-pal, mine"):
        profile_from("vhs", {"mine": {"extends": "web"}})


@pytest.mark.parametrize(
    ("table", "rules"),
    [
        ({"extends": "own"}, {"extends-cycle"}),
        ({"extends": "nothing"}, {"unknown-profile"}),
        ({"extends": "web", "size": [641, 360]}, {"wrong-value"}),
        ({"extends": "web", "video": "fast"}, {"wrong-type"}),
        ({"extends": "web", "loudness": {"integrated_lufs": 3}}, {"wrong-value"}),
        ({"extends": "web", "audio": {"bitrate": 3}}, {"unknown-key"}),
        ({"size": [640, 360], "extension": "mp4"}, {"missing-key"}),
    ],
)
def test_a_table_that_is_no_profile_is_refused(table: dict[str, object], rules: set[str]) -> None:
    with pytest.raises(Refused) as refused:
        profile_from("own", {"own": table})
    assert {finding.rule for finding in refused.value.findings} == rules
