"""DECIDES what an episode is: text and numbers in, frozen records out. Opens no media, starts nothing."""
