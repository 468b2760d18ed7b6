"""The kinds of files that people send: which modules of ``renderers/sources/`` find out what a file is.

A new kind is one module there, with ``examine()`` and ``frames()``, and one line here.
"""

READERS: dict[str, str] = {
    "lottie": "Lottie animations, `.json` and `.lottie`",
    "foreign": "documents and archives that are sent by mistake; they are refused by name",
    "animation": "GIF, APNG, animated WebP and AVIF, FLIC",
    "still": "photographs, scans and drawings in pixels",
    "svg": "drawings in SVG",
    "text_examine": "words",
    "video_examine": "film and sound",
}
"""Modules of ``renderers.sources`` with an ``examine()``, in the order in which they are asked, and what they know.

The first that knows a file answers. Films come last: FFmpeg guesses at anything.
"""
