"""Effect sizes: what studies estimated, computed in the model as the studies computed it."""
