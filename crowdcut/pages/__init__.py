"""Pages for people, made from data alone."""
