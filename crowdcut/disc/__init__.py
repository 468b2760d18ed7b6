"""DECIDES about discs: the two standards, how film is shown in fields, what is on a disc and where it leads."""
