"""SEE and WRITE: one job in, one file out. All of av, cv2, skia and Pillow is here."""
