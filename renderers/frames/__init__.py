"""A frame on its way to a patch: cropped, scaled, turned, moved over, made between two; and what moves in it."""
