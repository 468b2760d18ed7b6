"""The demo: one day as a small crowd sees it, every contribution by a different hand."""
