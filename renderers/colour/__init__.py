"""Colours brought to BT.709 in standard range and kept legal, and what of them gave way counted."""
