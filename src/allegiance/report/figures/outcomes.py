"""The probability of each form of disloyalty, side by side with its interval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allegiance.report.figures.canvas import INK, PAPER, Picture, canvas, share_axis, svg
from allegiance.report.figures.marks import SIDE_COLOURS
from allegiance.report.findings import chances
from allegiance.report.labels import FORMS, percent, span
from allegiance.report.page import Figure

CAPTION = (
    "Dots: share of simulated wars in which it happened; thin lines: 90 % interval over parameters and chance; thick"
    " lines: 90 % interval from chance alone."
)
_MARKERS = (("o", -0.17), ("s", 0.17))


def _tick(form: str) -> str:
    known = FORMS[form]
    return f"{known.name} (≥ {100 * known.threshold:g} %)" if known.threshold else known.name


def both(names: Mapping[str, str], outcomes: Mapping[str, Any]) -> Figure:
    """Both sides on one probability axis, two dots per form.

    Args:
        names: side key -> name in words, attacker first.
        outcomes: side -> form -> {probability, interval}, probabilities in [0, 1].
    """
    picture, alt = both_drawn(names, outcomes)
    return Figure(svg(picture, alt), alt, chances.sides(names, outcomes), "Probability of each form.")


def both_drawn(names: Mapping[str, str], outcomes: Mapping[str, Any]) -> tuple[Picture, str]:
    """The picture of `both`, and what it shows in words."""
    forms = [form for form in FORMS if any(form in outcomes[side] for side in names)]
    said = []
    with canvas(4.6, 3.0) as (figure, axes):
        for (side, name), colour, (marker, shift) in zip(names.items(), SIDE_COLOURS, _MARKERS, strict=False):
            for row, form in enumerate(forms):
                entry = outcomes[side].get(form)
                if entry is None:
                    continue
                axes.plot(entry["interval"], [row + shift] * 2, color=colour, linewidth=1.4)
                label = name if row == 0 else None
                p = entry["probability"]
                axes.plot(p, row + shift, marker, color=colour, markersize=6, linestyle="", label=label, clip_on=False)
                said.append(f"{name}, {FORMS[form].question}: {percent(p)} ({span(entry['interval'], percent)})")
        axes.legend(ncols=2, fontsize=9, loc="upper center", bbox_to_anchor=(0.35, 1.17))
        _rows(axes, forms)
        return figure, f"Probabilities with 90 % intervals. {'; '.join(said)}."


def _rows(axes: Any, forms: list[str]) -> None:
    axes.set_yticks(range(len(forms)), [_tick(form) for form in forms])
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.set_ylim(len(forms) - 0.5, -0.5)
    axes.grid(False, axis="y")
    share_axis(axes, "probability over the horizon", which="x")


def probabilities(name: str, outcomes: dict[str, Any], title: str = "", colour: str = SIDE_COLOURS[0]) -> Figure:
    """Dots and intervals on the whole probability axis, one row per form.

    Args:
        name: the side's name in words.
        outcomes: form -> {probability, interval, interval_chance_only}, probabilities in [0, 1].
        title: title above the picture; what it shows, in a sentence, if empty.
        colour: the side's.
    """
    forms = [form for form in FORMS if form in outcomes]
    with canvas(4.6, 0.8 + 0.34 * len(forms)) as (figure, axes):
        for row, form in enumerate(forms):
            entry = outcomes[form]
            for key, width in (("interval", 1.4), ("interval_chance_only", 4.5)):
                if entry.get(key):
                    axes.plot(entry[key], [row, row], color=colour, linewidth=width, solid_capstyle="round")
            axes.plot(entry["probability"], row, "o", color=colour, markersize=8, markeredgecolor=PAPER, clip_on=False)
            axes.text(
                1.03, row, percent(entry["probability"]), va="center", color=INK, transform=axes.get_yaxis_transform()
            )
        _rows(axes, forms)
        said = "; ".join(
            f"{FORMS[f].question} {percent(outcomes[f]['probability'])} ({span(outcomes[f].get('interval'), percent)})"
            for f in forms
        )
        alt = f"Probabilities for {name}, with 90 % intervals: {said}."
        return Figure(svg(figure, alt), alt, title or chances.one(name, outcomes), f"Probability of each form, {name}.")
