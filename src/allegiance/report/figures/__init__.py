"""Pictures of a run: each function returns a `Figure` block with its text alternative."""
