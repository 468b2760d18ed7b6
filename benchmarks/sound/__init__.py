"""What the sound of an episode costs, by crowdcut and by one ffmpeg filter graph."""
