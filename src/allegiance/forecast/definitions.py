"""What is forecast: the outcomes, their words, and how they hang together."""

from __future__ import annotations

from dataclasses import dataclass

from allegiance.base.errors import AllegianceError, near


@dataclass(frozen=True)
class Outcome:
    """One forecast outcome.

    `title` is short, `words` say what counts. `part_of` names the outcome that contains it, whose probability it never
    exceeds (see `models.share`). `trees` says whether trees help to forecast it; where they do not, the ridge logit
    stands alone.
    """

    name: str
    title: str
    words: str
    source: str
    part_of: str = ""
    trees: bool = True


_PT = "Powell & Thyne 2011"
OUTCOMES: dict[str, Outcome] = {
    o.name: o
    for o in (
        Outcome("coup_attempt", "coup attempt", "coup attempt, successful or not", _PT),
        Outcome("coup_success", "successful coup", "coup that holds power at least seven days", _PT, "coup_attempt"),
        Outcome("coup_failed", "failed coup", "coup attempt that fails", _PT, "coup_attempt"),
        Outcome("mutiny", "beginning of a mutiny", "beginning of a mutiny",
                "Johnson 2021; Schiel, Powell & Faulkner 2021", trees=False),
    )
}  # fmt: skip
"""Outcomes of countries. Defection in protest campaigns has its own rows: see `defection`."""


def outcome(name: str) -> Outcome:
    """The outcome called `name`.

    Raises:
        AllegianceError: there is none of that name, or it is not an outcome of countries.

    >>> outcome("mutiny").words
    'beginning of a mutiny'
    """
    if name == "defection":
        raise AllegianceError(
            "defection is scored by campaign-year, not by country: the campaign table holds no country and no date",
            "run `allegiance backtest --outcome defection`",
        )
    if name not in OUTCOMES:
        raise AllegianceError(f"no outcome is called {name!r}", near(name, OUTCOMES))
    return OUTCOMES[name]
