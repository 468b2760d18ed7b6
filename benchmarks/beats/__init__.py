"""How truly beats are found in songs whose beats are known, by crowdcut and by librosa."""
