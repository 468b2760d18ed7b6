"""Schedules builds with Prefect. No file here is named like a library: Prefect puts this room first on the path."""
