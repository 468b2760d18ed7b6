"""Writes what a disc is made of; reading one back is ``renderers/verify``'s."""
