"""RUNS: store, children, limits, progress; the steps of a build as plain functions."""
