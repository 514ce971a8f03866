"""Verdicts and their tones: one list for pages, the web and the terminal."""

from __future__ import annotations

from allegiance.report.page import Tone

CLAIMS: dict[str, Tone] = {
    "supported": "good", "contradicted": "bad", "inconclusive": "warn", "not applicable": "muted",
}  # fmt: skip
"""Of the claims of the theory, the best first."""
TONES: dict[str, Tone] = CLAIMS | {
    "better": "good", "worse": "bad", "cannot be distinguished": "muted",
    "inside": "good", "outside": "bad", "cannot be told": "warn",
    "beaten": "good", "not beaten": "bad",
}  # fmt: skip
IN_TERMINAL: dict[Tone, str] = {"good": "green", "bad": "red", "warn": "yellow", "muted": "dim", "": ""}


def tone(verdict: str) -> Tone:
    """The tone of a verdict, by its words or by the first of them.

    >>> tone("better"), tone("inside the interval"), tone("no rival")
    ('good', 'good', 'muted')
    """
    return TONES.get(verdict) or TONES.get(verdict.split(maxsplit=1)[0], "muted")
