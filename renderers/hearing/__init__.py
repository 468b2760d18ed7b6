"""What is wrong with a recording and how that is mended, what of it is noise, and where somebody speaks."""
