"""Allegiance: an open laboratory for military disloyalty in war.

The public functions are loaded on first use, so that ``import allegiance`` stays fast:

>>> import allegiance
>>> allegiance.__version__
'0.1.0'
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# name -> module that defines it
_PUBLIC = {
    "load_case": "allegiance.cases.loader",
    "write_case": "allegiance.cases.write",
    "draft_case": "allegiance.cases.draft.drafting",
    "assess": "allegiance.forecast.assess",
    "play_year": "allegiance.inference.world",
    "play_campaigns": "allegiance.inference.campaigns",
    "run": "allegiance.report.result",
    "Result": "allegiance.report.result",
    "claims": "allegiance.experiments.suite",
    "claims_and_data": "allegiance.inference.fit.claims",
    "check_effects": "allegiance.experiments.effect_sizes.check",
    "check_prior": "allegiance.experiments.effect_sizes.prior",
    "compare": "allegiance.experiments.compare",
    "why": "allegiance.experiments.why",
    "sensitivity": "allegiance.experiments.sensitivity",
    "sweep": "allegiance.report.sweep",
}
__all__ = [
    "Result", "__version__", "assess", "check_effects", "check_prior", "claims", "claims_and_data", "compare",
    "draft_case", "load_case", "play_campaigns", "play_year", "run", "sensitivity", "sweep", "why", "write_case",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'allegiance' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
