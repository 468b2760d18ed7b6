"""What is drawn by code: words of any script, set in packaged fonts and fitted into boxes, and grounds for them."""
