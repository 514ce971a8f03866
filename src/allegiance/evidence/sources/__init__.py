"""One file per provider of data."""
