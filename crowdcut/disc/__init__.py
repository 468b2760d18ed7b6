"""What is on a disc and where it leads, how film is shown in fields, and what a disc may hold."""
