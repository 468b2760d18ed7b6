"""Patches laid over each other on one canvas, squeezed for a disc, and encoded with their proof."""
