"""Titles of charts of probabilities and events of a run: the gravest form that is not remote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from allegiance.report.findings.course import on_day
from allegiance.report.labels import EVENT_NAMES, FORMS, REMOTE, percent, span


def sides(names: Mapping[str, str], outcomes: Mapping[str, Any]) -> str:
    """The gravest form of each side that is not remote.

    >>> sides({"a": "Aland"}, {"a": {"mutiny": {"probability": 0.5}}})
    'Aland: a mutiny in 50 % of wars'
    """
    return "; ".join(f"{name}: {_gravest(outcomes[side])}" for side, name in names.items() if side in outcomes)


def one(name: str, outcomes: Mapping[str, Any]) -> str:
    """The gravest form of a side that is not remote, with its interval, and how many forms come in most wars."""
    often = [form for form, entry in outcomes.items() if entry["probability"] > 0.5]
    more = f"; {len(often)} of {len(outcomes)} forms come in more than half of wars" if often else (
        "; no form comes in more than half of wars"
    )  # fmt: skip
    return f"{name}: {_gravest(outcomes, ends=True)}{more}"


def _gravest(outcomes: Mapping[str, Any], ends: bool = False) -> str:
    """The gravest form that is not remote, and how often it comes."""
    for form in FORMS:
        if form in outcomes and (p := outcomes[form]["probability"]) >= REMOTE:
            known = FORMS[form]
            what = f"{known.name} by {100 * known.threshold:g} % or more" if known.threshold else f"a {known.name}"
            reach = outcomes[form].get("interval") if ends else None
            return f"{what} in {percent(p)} of wars" + (f" ({span(reach, percent)})" if reach else "")
    return f"every form is remote, below {percent(REMOTE)}"


def events(name: str, start: date, found: pl.DataFrame, members: int, grave: Sequence[str] = tuple(FORMS)) -> str:
    """By when half of the wars have seen the gravest type of event that half of them see.

    Args:
        found: the run's events of one side. members: wars in the run.
        grave: types of event, the gravest first; others are told of last.
    """
    if not found.height:
        return f"{name}: no event in any war"
    first = found.group_by("type", "member").agg(pl.col("day").min()).with_columns(pl.col("type").cast(pl.String))
    ever = dict(first.group_by("type").agg(pl.col("member").n_unique() / members).iter_rows())
    order = [*grave, *sorted(set(ever) - set(grave))]
    for kind in order:
        if ever.get(kind, 0.0) >= 0.5:
            days = sorted(first.filter(pl.col("type") == kind)["day"].to_list())
            when = on_day(start, days[-(-members // 2) - 1])
            some = percent(ever[kind])
            return f"{name}: half of the wars see {_called(kind)} by {when}, {some} at some time"
    most = max((kind for kind in order if kind in ever), key=lambda kind: ever[kind])
    return f"{name}: no type of event comes in half of the wars; most often {_called(most)} ({percent(ever[most])})"


def _called(kind: str) -> str:
    words = EVENT_NAMES.get(kind, kind)
    uncounted = ("defection", "desertion", "refusal", "shirking", "settlement")
    if kind in uncounted or words.startswith(("a ", "an ", "parallel")):
        return words
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
