"""Effects in words and numbers, shared by the pages and commands of experiments."""

from __future__ import annotations

import math

RATIOS = ("odds ratio", "rate ratio", "risk ratio", "ratio")
_UNITS = {"percentage points": " pp", "days": " days", "people": "", "soldiers": "", "episodes": ""}
_UNITS |= dict.fromkeys(("levels", "rungs"), " levels")  # recorded experiments say rungs
_WORDS = {
    "rung of the ladder of destruction": "level of destruction", "rungs": "levels", "rung": "level of destruction",
}  # fmt: skip
ANSWERS = {"shows": "as expected", "denies": "the other way", "open": "open"}


NOTHING = 1.0e-9
"""What is smaller is rounding."""


def number(value: float | None, ratio: bool = False) -> str:
    """A number of two or three digits; `ratio` keeps small ratios apart from zero.

    >>> number(0.123456), number(12.345), number(-1234.5), number(None), number(0.00004), number(-1.4e-17)
    ('0.12', '12.3', '−1,234', '–', '4e-05', '0')
    """
    if value is None or not math.isfinite(value):
        return "–"
    size = abs(value)
    if size >= 1000:
        text = f"{value:,.0f}"
    elif size >= 10:
        text = f"{value:.1f}"
    elif size >= (0.01 if ratio else 0.1):
        text = f"{value:.2f}"
    elif size < NOTHING:
        text = "0"
    else:
        text = f"{value:.2g}"
    return text.replace("-", "−", 1) if text.startswith("-") else text


def effect(value: float | None, low: float | None, high: float | None, scale: str) -> str:
    """An effect with its interval and unit.

    >>> effect(2.0, 1.5, 2.667, "odds ratio"), effect(-3.2, -5.0, -1.0, "days")
    ('2.00 (1.50 to 2.67)', '−3.20 days (−5.00 to −1.00)')
    """
    if value is None or not math.isfinite(value):
        return "not estimable"
    ratio = scale in RATIOS
    if scale == "probability":
        ends = f" ({number(None if low is None else 100 * low)} to {number(None if high is None else 100 * high)})"
        return f"{number(100 * value)} %{ends}"
    between = f" ({number(low, ratio)} to {number(high, ratio)})" if low is not None and high is not None else ""
    return f"{number(value, ratio)}{_UNITS.get(scale, '')}{between}"


def worded(text: str) -> str:
    """A name of the protocol in the words of the pages; the protocol itself stands as it was fixed before any result.

    >>> worded("mean rung of the ladder of destruction, stalled v advancing"), worded("rungs")
    ('mean level of destruction, stalled v advancing', 'levels')
    """
    for old, new in _WORDS.items():
        text = text.replace(old, new)
    return text


def expected(expect: str, target: float | None, margin: float) -> str:
    """What was expected, in words.

    >>> expected("equal", 1.0, 0.1), expected("up", None, 0)
    ('1 within 10 %', 'rises')
    """
    if expect == "equal":
        return f"{target:g} within {100 * margin:g} %"
    return {"up": "rises", "down": "falls", "below": f"below {target:g}" if target is not None else "below"}[expect]
