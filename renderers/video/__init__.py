"""A clip's frames, found by source time and whole, in whatever way they were scanned."""
