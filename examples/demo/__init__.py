"""The demo: one day as a small crowd sees it, every contribution by a different hand."""

from examples.demo.library import make_demo

__all__ = ["make_demo"]
