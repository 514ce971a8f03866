"""One palette and one figure style, shared by every picture.

Colours: Okabe & Ito (2008), distinguishable with the common forms of colour blindness.
"""

from __future__ import annotations

BLUE, ORANGE, GREEN, RED, PURPLE, SKY, YELLOW, GREY = (
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#F0E442", "#6E6E6E",
)  # fmt: skip
CYCLE = (BLUE, RED, GREEN, ORANGE, PURPLE, SKY, GREY, YELLOW)

FORM_COLOURS = {
    "coup_attempt": RED,
    "coup_success": "#8C2D04",
    "mutiny": ORANGE,
    "defection": PURPLE,
    "desertion": BLUE,
    "refusal": SKY,
    "shirking": GREEN,
}

RC = {
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.25,
    "font.size": 10,
    "font.family": "sans-serif",
    "svg.fonttype": "path",
    "svg.hashsalt": "allegiance",
    "figure.dpi": 100,
    "legend.frameon": False,
}
