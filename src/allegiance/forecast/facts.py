"""What is so about a state at the start of a month, in words a reader can check; who rose, and what is new there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl


def facts(row: Mapping[str, Any]) -> dict[str, str]:
    """Facts of one row of the month panel by name, those that stand out only.

    >>> facts({"coup_attempt_since": 2.0, "military_regime": 1.0, "leader_months": 3.0})
    {'coup_attempt_since': 'a coup attempt 3 months ago', 'military_regime': 'military rule', \
'leader_months': 'a leader of 3 months'}
    """
    said: dict[str, str] = {}
    for name in ("coup_attempt", "mutiny"):
        words = "coup attempt" if name == "coup_attempt" else "mutiny"
        since, five = row.get(f"{name}_since"), row.get(f"{name}_60m")
        if since is not None and since < 24 and (five is None or five > 0):
            said[f"{name}_since"] = f"a {words} {_months(since + 1)} ago"
        elif five:
            plural = "coup attempts" if name == "coup_attempt" else "mutinies"
            said[f"{name}_60m"] = f"{five:.0f} {words if five == 1 else plural} in five years"
    if row.get("military_regime"):
        said["military_regime"] = "military rule"
    held = row.get("leader_months")
    if held is not None and (held <= 12 or held >= 240):
        said["leader_months"] = f"a leader of {_months(held)}"
    for name, words in (
        ("election_past", "an election in the last three months"),
        ("interstate_conflict", "conflict with another state"),
        ("neighbour_coup", "a coup in a neighbouring state"),
    ):
        if row.get(name):
            said[name] = words
    deaths = row.get("battle_deaths")
    if deaths is not None and deaths >= 25:
        said["battle_deaths"] = f"{deaths:,.0f} battle deaths in the last year counted"
    growth, prices, unrest = row.get("gdp_growth"), row.get("inflation"), row.get("protests")
    if growth is not None and growth < -0.02:
        said["gdp_growth"] = f"income per head fell by {-100 * growth:.0f} %"
    if prices is not None and prices > 20:
        said["inflation"] = f"prices rose by {prices:.0f} %"
    if unrest is not None and unrest > 1.5:
        said["protests"] = "far more protest or instability than is usual in the world"
    return said


def _months(count: float) -> str:
    if count < 24:
        return f"{count:.0f} month{'s' * (round(count) != 1)}"
    return f"{count / 12:.0f} years"


def _kind(fact: str) -> str:
    """What a fact is about, whatever its numbers.

    >>> _kind("a coup attempt 3 months ago") == _kind("2 coup attempts in five years")
    True
    """
    about = next((word for word in ("coup attempt", "mutin") if word in fact), None)
    return about or re.sub(r"[\d,]+( months?| years)?", "#", fact)


def is_new(fact: str, past: Iterable[str], elapsed: int) -> bool:
    """Whether `fact` is news against the facts of `elapsed` months before: of another kind, or younger than that.

    >>> [is_new(f"a leader of {k} months", ["a leader of 1 month"], elapsed=3) for k in (4, 2)]
    [False, True]
    """
    age = re.search(r"(\d+) months?( ago)?$", fact)
    return _kind(fact) not in map(_kind, past) or (age is not None and int(age[1]) <= elapsed)


def watch_list(now: pl.DataFrame, before: pl.DataFrame, elapsed: int, most: int = 10) -> pl.DataFrame:
    """The largest rises since the forecast before: `country, iso3, then, probability, times, new, standing`.

    Args:
        now: `gwcode, country, iso3, probability` and `facts`, a list of sentences or null.
        before: the same of the earlier forecast, made `elapsed` months before; `new` names facts that were not so then
            (see `is_new`), `standing` those that were.
    """
    earlier = before.select(pl.col("gwcode").cast(pl.Int32), then="probability", was="facts")
    joined = now.with_columns(pl.col("gwcode").cast(pl.Int32)).join(earlier, on="gwcode", maintain_order="left")
    risen = joined.filter(pl.col("probability") > pl.col("then")).with_columns(
        times=pl.col("probability") / pl.col("then"), rise=pl.col("probability") - pl.col("then")
    )
    rows = []
    for row in risen.sort("rise", descending=True).head(most).to_dicts():
        here, past = row["facts"] or [], row["was"] or []
        new = [fact for fact in here if is_new(fact, past, elapsed)]
        rows.append({
            "country": row["country"], "iso3": row["iso3"], "then": row["then"], "probability": row["probability"],
            "times": row["times"], "new": "; ".join(new), "standing": "; ".join(f for f in here if f not in new),
        })  # fmt: skip
    schema = {"country": pl.String, "iso3": pl.String, "then": pl.Float64, "probability": pl.Float64,
              "times": pl.Float64, "new": pl.String, "standing": pl.String}  # fmt: skip
    return pl.DataFrame(rows, schema=schema)


def facts_at(panel: pl.DataFrame, month: Any) -> pl.DataFrame:
    """`gwcode, facts` (a list of sentences) of every state in the row of `month`."""
    rows = panel.filter(pl.col("month") == month)
    said = [list(facts(row).values()) for row in rows.to_dicts()]
    return rows.select(pl.col("gwcode").cast(pl.Int32)).with_columns(
        facts=pl.Series(said, dtype=pl.List(pl.String), strict=False)
    )
