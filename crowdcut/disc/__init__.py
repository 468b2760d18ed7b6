"""DECIDES about discs: DVD-Video's two standards, how film is shown in fields, what is on a disc and where it leads."""
