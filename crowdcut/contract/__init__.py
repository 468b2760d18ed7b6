"""Reads what a producer wrote: TOML with its lines, words held against the vocabulary, every slip with its way out."""
