"""How near to its guide each of many takes of a song is laid, beside what its singer's own timing lets anybody know."""
