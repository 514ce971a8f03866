"""How fast, how large, how soon, beside the same model written for Mesa."""
