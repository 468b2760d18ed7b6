"""The screen behind a performer made clear."""
