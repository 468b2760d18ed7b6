"""How loud sound is and how high it peaks, and the gain and the limiter that bring it to its level."""
