"""Property tests call compiled functions, whose first call compiles: no deadline."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("theory", deadline=None, max_examples=60)
settings.load_profile("theory")
