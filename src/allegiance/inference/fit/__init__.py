"""One fit of the theory's parameters to hundreds of campaigns: design, plays, emulator, observation model, posterior."""
