"""What a disc is written from: MPEG-2 pictures and their buffer, a title's stream, menus, and the image itself."""
