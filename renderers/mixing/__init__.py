"""Sounds added up, each at its place and level, faded into each other, and music taken down under speech."""
