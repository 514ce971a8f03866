"""What counts: competing coding rules for coups and mutinies, to be switched by name.

The lists disagree. Ukraine, 22 February 2014, is a coup to Powell and Thyne and (as a popular one) to the Cline
Center, and is not in Colpus. A mutiny that grew into a coup is a coup to all of them and a mutiny to none, unless the
rule says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from allegiance.base.errors import AllegianceError, near


@dataclass(frozen=True)
class Rule:
    """A rule: which rows of which source count for one type of event."""

    key: str
    type: str
    words: str
    keep: pl.Expr


def _acted(*who: str) -> pl.Expr:
    return pl.any_horizontal(pl.col("actors").fill_null("").str.contains(rf"\b{w}\b") for w in who)


_EVENT = pl.col("stage") == "event"
_CLINE, _COLPUS = (_EVENT & (pl.col("source") == s) for s in ("cline", "colpus"))

_RULES = (
    Rule("powell-thyne", "coup_attempt", "Powell and Thyne: state elites, overt, success after seven days",
         _EVENT & (pl.col("source") == "powell-thyne")),
    Rule("cline", "coup_attempt", "Cline Center, wide: popular, foreign and self-made coups count too", _CLINE),
    Rule("cline-elite", "coup_attempt", "Cline Center, narrow: by the military, the palace or dissident soldiers",
         _CLINE & _acted("military", "palace", "dissident")),
    Rule("cline-plots", "coup_attempt", "Cline Center, widest: conspiracies found out beforehand count too",
         pl.col("source") == "cline"),
    Rule("colpus", "coup_attempt", "Colpus: coups by members of the regime", _COLPUS),
    Rule("colpus-strict", "coup_attempt", "Colpus without the ambiguous and the staged",
         _COLPUS & ~_acted("ambiguous", "staged")),
    Rule("johnson", "mutiny", "Johnson and Mutiny in Africa: by month; those that sought power are coups",
         _EVENT & (pl.col("source") == "mutinies")),
    Rule("johnson-and-grown", "mutiny", "the same, and mutinies that grew into coups (see `GROWN`)",
         _EVENT & (pl.col("source") == "mutinies")),
)  # fmt: skip
RULES: dict[str, Rule] = {rule.key: rule for rule in _RULES}
DEFAULTS: tuple[str, ...] = ("powell-thyne", "johnson")

GROWN: tuple[tuple[int, date, str], ...] = (
    (432, date(2012, 3, 22), "began on 21 March 2012 as a mutiny at Kati over the war in the north"),
    (437, date(1999, 12, 24), "began on 23 December 1999 as a mutiny over pay"),
)
"""Coups that began as mutinies: Gleditsch–Ward code, day of the coup, what happened. A judgement of this project on
two well-known cases, not a census; Powell and Thyne's row is counted as a mutiny too under `johnson-and-grown`."""


def find_rules(keys: Iterable[str]) -> list[Rule]:
    """Rules by key; for each type of event at most one.

    Raises:
        AllegianceError: no such rule, or two for one type.
    """
    chosen: dict[str, Rule] = {}
    for key in keys:
        if key not in RULES:
            raise AllegianceError(f"there is no coding rule {key!r}", near(key, RULES))
        rule = RULES[key]
        if rule.type in chosen:
            raise AllegianceError(f"{key!r} and {chosen[rule.type].key!r} both code {rule.type}", "choose one")
        chosen[rule.type] = rule
    return list(chosen.values())


def code(events: pl.DataFrame, keys: Iterable[str] = ()) -> pl.DataFrame:
    """The events that count under the rules named, with the defaults for types without one.

    Events of types no rule speaks of stay as they are, and so do those that a user added. Adds the column `coding`.
    """
    rules = {RULES[k].type: RULES[k] for k in DEFAULTS} | {r.type: r for r in find_rules(keys)}
    parts = [events.filter(~pl.col("type").is_in(list(rules))).with_columns(coding=pl.lit(None, pl.String))]
    for rule in rules.values():
        kept = events.filter((pl.col("type") == rule.type) & rule.keep)
        parts.append(kept.with_columns(coding=pl.lit(rule.key)))
        own = events.filter((pl.col("type") == rule.type) & pl.col("source").str.starts_with("own:"))
        parts.append(own.with_columns(coding=pl.lit("own")))
    if "johnson-and-grown" in {r.key for r in rules.values()}:
        parts.append(_grown(events))
    return pl.concat(parts, how="diagonal").sort("date", "source", "event_id")


def _grown(events: pl.DataFrame) -> pl.DataFrame:
    cases = pl.DataFrame(GROWN, schema={"gwcode": pl.Int32, "date": pl.Date, "why": pl.String}, orient="row")
    coups = events.filter((pl.col("source") == "powell-thyne") & _EVENT)
    as_mutiny = {
        "type": pl.lit("mutiny"),
        "success": pl.lit(None, pl.Boolean),
        "note": pl.col("why"),
        "coding": pl.lit("johnson-and-grown"),
    }
    return coups.join(cases, on=["gwcode", "date"]).with_columns(**as_mutiny).drop("why")
