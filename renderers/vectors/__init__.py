"""Drawings that are programs, SVG and Lottie: read within limits, and drawn at any size."""
