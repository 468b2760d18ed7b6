"""Spreadsheets of every format as cells of text, read within limits: nothing in them is computed or run."""
