"""What the ruler does against coups, and how often they happen: levels from counts, coups before the day included."""

from __future__ import annotations

import math
from datetime import date, timedelta

from allegiance.cases.draft.about import About, Found, Tally
from allegiance.cases.draft.columns import LEADERS
from allegiance.cases.draft.people import excluded
from allegiance.cases.draft.registry import reading

HALF_LIFE = 8.0
"""Years after which a past coup attempt counts half."""
PRIOR_YEARS = 6.0
"""State-years that the region's rate is worth beside the state's own record."""
WORLD_RATE, WORLD_YEARS = 0.03, 60.0
"""Attempts a state and year that the region's rate is drawn to, and the state-years this is worth."""
MEMORY = 20
"""Years of the region's record that count."""


def attempts(a: About, years: float) -> list[float]:
    """Years since each coup attempt of the state that was known on the day, up to `years` back."""
    found = [
        (a.day - row["date"]).days / 365.25
        for row in a.rows("coups")
        if row["date_known"] is not None and row["date_known"] <= a.day
    ]
    return sorted(age for age in found if 0 <= age <= years)


def shaken(a: About) -> float:
    """How fresh the memory of coup attempts is: 1 - 0.5 to the number of attempts of the last five years, in [0, 1)."""
    return 1.0 - 0.5 ** sum(1 for age in attempts(a, 5.0))


@reading(
    "sides.*.coup_base_rate", reads=("coups",),
    formula=f"Gamma-Poisson: (own attempts fading by half in {HALF_LIFE:g} years + {PRIOR_YEARS:g} × the region's "
    f"rate of "
    f"the last {MEMORY} years) / (years of exposure, fading the same + {PRIOR_YEARS:g}); the region's is drawn to "
    f"{WORLD_RATE:g} with {WORLD_YEARS:g} state-years",
    states="the 90 % interval of that Gamma, its lower end at least a fifth of the rate", misses="everything but "
    "the record of attempts (see the forecast for "
    "more)",
    quality="B",
)  # fmt: skip
def coup_rate(a: About) -> Found:
    """Yearly probability of a coup attempt: the state's own record, drawn to its region's."""
    first = max(date(1950, 1, 1), a.panel.frame["start"][a.row])
    exposed = max((a.day - first).days / 365.25, 0.0)
    fade = math.log(2) / HALF_LIFE
    weight = (1 - math.exp(-fade * exposed)) / fade
    own = sum(math.exp(-fade * age) for age in attempts(a, exposed))
    shape = own + PRIOR_YEARS * _region_rate(a)
    rate = shape / (weight + PRIOR_YEARS)
    low, high = _gamma_ends(shape, weight + PRIOR_YEARS)
    t = a.tally()
    t.seen(f"{len(attempts(a, 80.0))} attempts since 1950", "powell-thyne")
    if "coups" not in a.panel.lists or not a.panel.lists["coups"]:
        t.source = ""
    found = t.level(-math.expm1(-rate), 0.0)
    return Found(
        found.value, min(found.value, max(-math.expm1(-low), found.value / 5)), max(found.value, -math.expm1(-high)),
        found.basis, found.source, found.note,
    )  # fmt: skip


def _region_rate(a: About) -> float:
    """Attempts a state-year in the region over the last `MEMORY` years, drawn to the world's; once a region and day."""
    region = a.panel.regions[a.row]

    def count() -> float:
        members = [int(c) for c, r in zip(a.panel.codes, a.panel.regions, strict=True) if r == region]
        since = a.day - timedelta(days=int(365.25 * MEMORY))
        seen = sum(
            1
            for code in members
            for row in a.rows("coups", code)
            if since <= row["date"] and row["date_known"] <= a.day
        )
        years = MEMORY * float(sum(a.panel.there(a.day)[a.panel.regions == region]))
        return (seen + WORLD_YEARS * WORLD_RATE) / (years + WORLD_YEARS)

    return float(a.once(("region_rate",), count))


def _gamma_ends(shape: float, rate: float) -> tuple[float, float]:
    """5 and 95 % points of a Gamma, by Wilson and Hilferty's cube root (good to a few per cent for shapes above "
    "0.1)."""
    middle, deviation = 1 - 1 / (9 * shape), 1.645 / (3 * math.sqrt(shape))
    return tuple(max(shape * max(middle + s * deviation, 0.0) ** 3, 1e-4 * shape) / rate for s in (-1, 1))  # type: ignore[return-value]


@reading(
    "sides.*.coup_proofing.counterbalancing", reads=("counterweights", "effective_number_forces"),
    formula="the greater of 0.1 + 0.75 (1 - exp(-counterweights / 2)) and 0.1 + 0.9 (1 - 1 / effective number), the "
    "two "
    "counts missing each other's forces; with one alone, that one",
    states="0.12", misses="whether the forces would fight each other", quality="B",
)  # fmt: skip
def counterbalancing(a: About) -> Found:
    """Armed bodies outside the army able to contest a coup, from De Bruin's and from Pilster and Böhmelt's counts."""
    t = a.tally()
    weights, effective = t.own("counterweights"), t.own("effective_number_forces")
    if weights is None and effective is None:
        effective = t.take("effective_number_forces", 1.5)
    by_count = 0.1 + 0.75 * (1 - math.exp(-(weights or 0.0) / 2))
    by_men = 0.1 + 0.9 * (1 - 1 / max(effective or 1.0, 1.0))
    return t.level(max(by_count, by_men))


@reading(
    "sides.*.coup_proofing.stacking", reads=("personalism", "v2x_neopat", "polyarchy", "epr_groups"),
    formula="0.1 + 0.5 personalism (else neopatrimonial rule) + 0.3 excluded share of the people",
    states="0.15", misses="who holds which post: no table of officers exists", quality="C",
)  # fmt: skip
def stacking(a: About) -> Found:
    """Posts by kinship, creed or loyalty: personal rule, and a narrow group in power."""
    t = a.tally()
    return t.level(0.1 + 0.5 * personal(t) + 0.3 * excluded(a, t), 0.15)


def personal(t: Tally) -> float:
    """Personal rule in [0, 1]: the coded index of dictatorships, else neopatrimonial rule, else from democracy."""
    found = t.own("personalism")
    if found is None:
        found = t.own("v2x_neopat")
    if found is None:
        found = 1.0 - t.take("polyarchy", 0.4)
    return min(max(found, 0.0), 1.0)


@reading(
    "sides.*.coup_proofing.purges", reads=("personalism", "v2x_neopat", "coups", "leaders"),
    formula="0.1 + 0.35 personal rule + 0.3 (1 - 0.5^attempts in five years) + 0.1 in a leader's first two years",
    states="0.15", misses="dismissals themselves: the table of purges was not obtained", quality="C",
)  # fmt: skip
def purges(a: About) -> Found:
    """Rotation and dismissal of commanders: personal rulers, after attempts and in a new leader's first years."""
    t = a.tally()
    value = 0.1 + 0.35 * personal(t) + 0.3 * shaken(a)
    t.seen(f"{len(attempts(a, 5.0))} attempts in five years", "powell-thyne")
    since = tenure(a)
    if since is not None and since < 2.0:
        t.seen(f"leader since {since:.1f} years", "reign")
        value += 0.1
    return t.level(value, 0.15)


def _leader(a: About) -> tuple[date, float] | None:
    """First day and military career (0 to 1) of the leader in office on the day; None where the list ended before."""
    best: tuple[date, float] | None = None
    for row in a.rows(LEADERS):
        start = _date(row["syear"], row["smonth"], row["sdate"])
        end = _date(row["eyear"], row["emonth"], 28)
        held = start is not None and start <= a.day and (end is None or end >= a.day - timedelta(days=62))
        if held and start is not None and (best is None or start > best[0]):
            best = (start, max(float(row["militarycareer"] or 0.0), 0.0))
    return best


def _date(year: float | None, month: float | None, day: float | None) -> date | None:
    if year is None or not 1800 < year < 2200:
        return None
    try:
        return date(int(year), min(max(int(month or 1), 1), 12), min(max(int(day or 1), 1), 28))
    except ValueError:
        return None


def tenure(a: About) -> float | None:
    """Years the leader has held office on the day, if the list knows him."""
    found = _leader(a)
    return None if found is None else (a.day - found[0]).days / 365.25


def soldier_leads(a: About) -> bool | None:
    """Whether the leader is a career soldier, if the list knows him."""
    found = _leader(a)
    return None if found is None else found[1] >= 0.5


@reading(
    "sides.*.coup_proofing.surveillance", reads=("secret_police", "polyarchy"),
    formula="with a secret police 0.7, else 0.5 - 0.35 electoral democracy", states="0.15",
    misses="how far it reaches into the officer corps", quality="B",
)  # fmt: skip
def surveillance(a: About) -> Found:
    """Secret police inside the officer corps, from whether the dictatorship has a secret police at all."""
    t = a.tally()
    if (police := t.own("secret_police")) == 1:
        return t.level(0.7, 0.15)
    value = 0.5 - 0.35 * t.take("polyarchy", 0.4)
    return t.level(value if police is None else min(value, 0.35), 0.15)


@reading(
    "sides.*.coup_proofing.blocking", reads=("hrp",),
    formula="0.05, and 0.1 a point of the human rights score below its world middle when the army is at war",
    states="0.1", misses="the only evidence would be reports from the front", quality="C",
)  # fmt: skip
def blocking(a: About) -> Found:
    """Units that stop or shoot soldiers who leave: rare, and in war only under rulers who kill."""
    t = a.tally()
    if a.task in ("peace", "repression"):
        t.lack()
        return t.level(0.05, 0.05)
    hrp = t.take("hrp", 0.0)
    return t.level(0.05 + 0.1 * max(0.0, -hrp), 0.1, high=0.5)
