"""The probability of each form of disloyalty, side by side with its interval."""

from __future__ import annotations

from typing import Any

from allegiance.base.style import FORM_COLOURS
from allegiance.report.figures.canvas import INK, PAPER, canvas, share_axis, svg
from allegiance.report.labels import FORMS, percent, span
from allegiance.report.page import Figure

CAPTION = (
    "Dot: share of ensemble members in which it happened. Thin line: 90 % interval over parameters and chance;"
    " thick line: 90 % interval from chance alone."
)


def _tick(form: str) -> str:
    known = FORMS[form]
    return f"{known.name} (≥ {100 * known.threshold:g} %)" if known.threshold else known.name


def probabilities(name: str, outcomes: dict[str, Any], title: str = "") -> Figure:
    """Dots and intervals on the whole probability axis, one row per form.

    Args:
        name: the side's name in words.
        outcomes: form -> {probability, interval, interval_chance_only}, probabilities in [0, 1].
        title: title above the picture; the side's name if empty.
    """
    forms = [form for form in FORMS if form in outcomes]
    with canvas(4.6, 0.8 + 0.34 * len(forms)) as (figure, axes):
        for row, form in enumerate(forms):
            entry, colour = outcomes[form], FORM_COLOURS[form]
            for key, width in (("interval", 1.4), ("interval_chance_only", 4.5)):
                if entry.get(key):
                    axes.plot(entry[key], [row, row], color=colour, linewidth=width, solid_capstyle="round")
            axes.plot(entry["probability"], row, "o", color=colour, markersize=8, markeredgecolor=PAPER, clip_on=False)
            axes.text(
                1.03, row, percent(entry["probability"]), va="center", color=INK, transform=axes.get_yaxis_transform()
            )
        axes.set_yticks(range(len(forms)), [_tick(form) for form in forms])
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.set_ylim(len(forms) - 0.5, -0.5)
        axes.grid(False, axis="y")
        share_axis(axes, "probability over the horizon", which="x")
        said = "; ".join(
            f"{FORMS[f].question} {percent(outcomes[f]['probability'])} ({span(outcomes[f].get('interval'), percent)})"
            for f in forms
        )
        alt = f"Probabilities for {name}, with 90 % intervals: {said}."
        return Figure(svg(figure, alt), alt, title or name)
