"""The theory's parameters fitted to hundreds of campaigns: design, plays, emulator, observation model, posterior."""
