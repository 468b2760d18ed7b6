"""The same cut by crowdcut and by the programs that people would use instead; each file knows one of them."""
