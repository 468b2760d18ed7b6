"""What is heard of music: where its beats and bars are, where its notes begin, and how takes of it lie together."""
