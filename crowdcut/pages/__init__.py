"""Pages and letters for people, made from data alone."""
