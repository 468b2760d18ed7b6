"""What a build costs: measured, never asserted. CPU seconds first, since wall time is noisy."""
