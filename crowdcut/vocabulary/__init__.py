"""Every word that a producer may write: readers take their keys from here, and pages under ``docs/`` their tables."""
