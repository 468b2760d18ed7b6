"""Media made by rule: the makers that tests and benchmarks share, and the demo's small crowd."""
