"""One ffmpeg filter graph (imageio-ffmpeg's program): what a person who knows ffmpeg would write.

Each input is sought to its start; fps before scale, then pad and concat. The sound is resampled and joined as it is.
"""

from pathlib import Path

from benchmarks.contenders.prepared import ENCODING, PROFILE, X264_PARAMS, Missing, Prepared
from benchmarks.cut import Cut, Shot

_SOUND_RATE = 48_000
_SPARE_SECONDS = 0.4
"""Read behind the shot, so that a rounded end is never short of a frame."""


def _program() -> str:
    try:
        from imageio_ffmpeg import get_ffmpeg_exe
    except ImportError as error:
        raise Missing("imageio-ffmpeg is not installed: pip install imageio-ffmpeg") from error
    return get_ffmpeg_exe()


def _input(cut: Cut, shot: Shot) -> list[str]:
    path, seconds = str(cut.path(shot)), cut.seconds(shot) + _SPARE_SECONDS
    if shot.source.still:
        return ["-loop", "1", "-framerate", str(cut.rate), "-t", f"{seconds:.6f}", "-i", path]
    return ["-ss", f"{float(shot.start):.6f}", "-t", f"{seconds:.6f}", "-i", path]


def _chains(cut: Cut, number: int, shot: Shot) -> list[str]:
    """Picture and sound of one shot, each exactly as long as the shot."""
    size = f"{cut.width}:{cut.height}"
    samples = round(shot.frames * _SOUND_RATE / cut.rate)
    picture = (
        f"[{number}:v:0]fps={cut.rate},scale={size}:force_original_aspect_ratio=decrease:force_divisible_by=2"
        f":out_color_matrix=bt709:out_range=tv,pad={size}:-1:-1,setsar=1,format={ENCODING.pixel_format}"
        f",trim=end_frame={shot.frames},setpts=N/FR/TB[v{number}]"
    )
    heard = f"[{number}:a:0]" if shot.source.sound else f"anullsrc=r={_SOUND_RATE}:cl=stereo,"
    sound = (
        f"{heard}aresample={_SOUND_RATE},aformat=sample_fmts=fltp:channel_layouts=stereo"
        f",apad,atrim=end_sample={samples},asetpts=N/SR/TB[a{number}]"
    )
    return [picture, sound]


def _graph(cut: Cut) -> str:
    chains = [chain for number, shot in enumerate(cut.shots) for chain in _chains(cut, number, shot)]
    pads = "".join(f"[v{number}][a{number}]" for number in range(len(cut.shots)))
    return ";".join([*chains, f"{pads}concat=n={len(cut.shots)}:v=1:a=1[v][a]"])


def prepared(cut: Cut, folder: Path) -> Prepared:
    """The command line. Raises Missing."""
    film = folder / "film.mp4"
    command = [_program(), "-hide_banner", "-nostdin", "-y", "-loglevel", "error"]
    for shot in cut.shots:
        command += _input(cut, shot)
    command += ["-filter_complex", _graph(cut), "-map", "[v]", "-map", "[a]", "-c:v", ENCODING.codec]
    for name, value in ENCODING.options.items():
        command += [f"-{name}:v", value]
    command += ["-x264-params", X264_PARAMS, "-r", str(cut.rate), "-colorspace", "bt709", "-color_primaries", "bt709"]
    command += ["-color_trc", "bt709", "-color_range", "tv", "-c:a", "aac", "-b:a", str(PROFILE.audio_bit_rate)]
    return Prepared(command=(*command, "-movflags", "+faststart", str(film)), film=film)
