"""What is known of music before anything is laid out: its beats and bars, and how takes lie against their guide."""
