"""What discs cost: authoring long titles, and whole discs beside ffmpeg and dvdauthor."""
