"""What changed between two masters of an episode, and why: from their records alone."""
