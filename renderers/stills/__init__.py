"""Stills, and animations that are many of them: opened within limits, at all their bits, in their own colours."""
