"""The regular army: how many, how raised, for how long they serve, and the people they come from."""

from __future__ import annotations

from allegiance.base.errors import AllegianceError
from allegiance.base.values import Basis
from allegiance.cases.draft.about import About, Found, judged
from allegiance.cases.draft.columns import COLUMNS
from allegiance.cases.draft.registry import reading

SMALLEST = 200
"""Soldiers below which there is no army to speak of: three companies."""
HIDDEN = 1500
"""All under arms (World Bank) above which a count of 0 thousand soldiers means police alone, not a small army."""
MOST = 0.25
"""Share of the people under arms above which two tables contradict each other."""
COHORT = 0.009
"""Soldiers who reach the age of service in a year, as a share of the people: half of an 18-year cohort of 1.8 %."""
SERVE = 0.6
"""Share of that cohort that serves where service is a duty and not exemption the rule."""
SELECTIVE = 2.5
"""Cohorts per place above which a state picks a few: conscripts are then fewer by the root of what is left over."""
MONTHS = 18.0
"""Months of service where no table says: the middle of conscript armies."""
MONTH_DAYS = 30.4


@reading(
    "sides.*.population", reads=("tpop", "population"),
    formula="Correlates of War total population, else the latent estimate", states="3 %, 10 % if old",
    misses="people abroad and refugees", quality="A",
)  # fmt: skip
def population(a: About) -> Found:
    """People of the state.

    Raises:
        AllegianceError: no table knows the state's population.
    """
    for name, scale in (("tpop", 1e3), ("population", 1e6)):
        found = a.own(name)
        if found is not None and found.number > 0:
            wide = 0.03 + 0.02 * (a.day.year - found.year - 1)
            people = found.number * scale
            source = COLUMNS[name].source
            return Found(
                people, people * (1 - wide), people * (1 + wide), Basis.measured, source, f"{name} {found.year}"
            )
    raise AllegianceError(f"no population of {a.name} is known within five years before {a.day}", a.panel.span("tpop"))


@reading(
    "sides.*.forces.*.strength", reads=("milper", "personnel_total"),
    formula="regular soldiers of Correlates of War; else nine tenths of the World Bank's total, which is police where "
    f"no soldiers are counted and it is above {HIDDEN:,}",
    states="10 %, and 5 % more a year of age; a fourth where only the total is known",
    misses="soldiers on paper only (ghosts), reserves called up since", quality="A",
)  # fmt: skip
def strength(a: About) -> Found:
    """Soldiers of the regular army, all services.

    Raises:
        AllegianceError: no army, none known, or more soldiers than a quarter of the people.
    """
    found, total = a.own("milper"), a.own("personnel_total")
    if found is not None and found.number * 1e3 >= SMALLEST:
        men, wide, basis, source = found.number * 1e3, 0.1 + 0.05 * (a.day.year - found.year - 1), Basis.measured, "nmc"
        note = f"milper {found.year}"
    elif found is not None and total is not None and total.number > HIDDEN:
        raise AllegianceError(
            f"{a.name} has no army on {a.day}: no soldiers are counted in {found.year}",
            f"the {total.number:,.0f} under arms whom the World Bank counts in {total.year} are police and the like; "
            "write a case of your own for them",
        )
    elif total is not None and total.number >= 2 * SMALLEST:
        men, wide, basis, source = 0.9 * total.number, 0.25, Basis.estimated, "world-bank-forces"
        note = f"nine tenths of personnel_total {total.year}"
    elif found is not None:
        raise AllegianceError(
            f"{a.name} has no army to speak of on {a.day}: fewer than 500 soldiers in {found.year}",
            "counts are rounded to thousands; the smallest army drafted has 200 soldiers",
        )
    else:
        raise AllegianceError(
            f"no strength of the army of {a.name} is known within five years before {a.day}",
            a.panel.span("milper"),
        )
    people = population(a).value
    if men > MOST * people:
        raise AllegianceError(
            f"the tables contradict each other: {men:,.0f} soldiers among {people:,.0f} people in {a.name}",
            f"check {COLUMNS['milper'].table} for {a.day.year - 1}",
        )
    return Found(men, men * (1 - wide), men * (1 + wide), basis, source, note)


def conscripted(a: About) -> tuple[bool, str, int] | None:
    """Whether the army takes conscripts, the source that says so, and the year; None if no table knows."""
    for name in ("conscription", "law_conscription"):
        found = a.own(name)
        if found is not None:
            return found.number >= 0.5, COLUMNS[name].source, found.year
    return None


def months(a: About) -> tuple[float, str, bool]:
    """Months of service, the source, and whether they are those of this state."""
    for name in ("service_months", "law_months"):
        found = a.own(name)
        if found is not None and 3 <= found.number <= 120:
            return found.number, COLUMNS[name].source, True
    peers = a.middle("service_months")
    return (peers.number, "toronto", False) if peers else (MONTHS, "", False)


@reading(
    "sides.*.forces.*.composition.*", reads=("conscription", "law_conscription", "service_months", "tpop"),
    formula=f"contract 1 in a volunteer army; else ratio = people × {COHORT} × {SERVE} × months / 12 over soldiers, "
    f"conscripts = min(ratio, 0.85) × root of min(1, {SELECTIVE:g} / ratio), from 0.2 to 0.85",
    states="0.15 for the share; 0.1 for the word that an army is of volunteers",
    misses="exemption, money instead of service, reservists called up", quality="B",
)  # fmt: skip
def composition(a: About) -> dict[str, Found]:
    """Conscripts and contract soldiers of the regular army: the tables say which, the share follows from the cohort."""
    known = conscripted(a)
    if known is None:
        middle = a.middle("conscription")
        share = 0.5 if middle is None or middle.number >= 0.5 else 0.0
        note = (
            "recruitment not known: half as comparable states"
            if share
            else "recruitment not known: as comparable states"
        )
        half = Found(share, max(0.0, share - 0.4), share + 0.4, Basis.estimated, "toronto", note)
        return _mixed(half)
    drafted, source, year = known
    if not drafted:
        return {"contract": Found(1.0, 0.9, 1.0, Basis.published, source, f"volunteers in {year}")}
    served, _, own = months(a)
    cohort = population(a).value * COHORT * SERVE * served / 12.0
    ratio = cohort / strength(a).value
    share = min(max(min(ratio, 0.85) * min(1.0, SELECTIVE / max(ratio, 1e-9)) ** 0.5, 0.2), 0.85)
    ends = 0.15 if own else 0.25
    note = f"conscripts in {year}, {served:.0f} months{'' if own else ' as comparable states'} of the cohort"
    return _mixed(Found(share, max(0.0, share - ends), min(1.0, share + ends), Basis.estimated, source, note))


def _mixed(conscripts: Found) -> dict[str, Found]:
    if conscripts.value <= 0:
        return {"contract": Found(1.0, 1 - conscripts.high, 1.0, conscripts.basis, conscripts.source, conscripts.note)}
    rest = Found(
        1 - conscripts.value, 1 - conscripts.high, 1 - conscripts.low, conscripts.basis, conscripts.source,
        conscripts.note,
    )  # fmt: skip
    return {"conscript": conscripts, "contract": rest}


@reading(
    "sides.*.forces.*.horizons.*", reads=("service_months", "law_months"),
    formula="the months of service, in days; those who stand there have served anything between none and all of them",
    states="three quarters to one and a half times", misses="terms prolonged in war", quality="B",
)  # fmt: skip
def horizons(a: About) -> dict[str, Found]:
    """Days from joining until a conscript goes home. Empty for an army of volunteers."""
    if "conscript" not in composition(a):
        return {}
    served, source, own = months(a)
    days = served * MONTH_DAYS
    if not source:
        return {"conscript": judged(days, days / 2, 2 * days, "months of service not known")}
    note = f"{served:.0f} months{'' if own else ' as comparable states'}"
    return {"conscript": Found(days, 0.75 * days, 1.5 * days, Basis.estimated, source, note)}


@reading(
    "sides.*.regions.*.population", reads=("upop", "tpop"),
    formula="the capital: a third of the people in large towns, at least 5 %; the rest is the country",
    states="half to twice", misses="where soldiers really come from", quality="C",
)  # fmt: skip
def regions(a: About) -> dict[str, Found]:
    """The capital and the rest of the country."""
    people = population(a)
    t = a.tally()
    towns = t.take("upop", 0.0) * 1e3 if a.own("upop") else 0.0
    share = min(max(towns / 3 / people.value, 0.05), 0.4)
    if not towns:
        t.lack()
    capital = t.ratio(people.value * share, 1.5, high=0.9 * people.value)
    rest = people.times(1 - share, "the people outside the capital", 1.1)
    return {"capital": capital, "provinces": rest}


@reading(
    "sides.*.forces.*.recruits_from.*", reads=("upop", "tpop"), formula="by population of the home regions",
    states="0.1", misses="regions that serve more than others", quality="C",
)  # fmt: skip
def homes(a: About) -> dict[str, Found]:
    """Home regions of soldiers, by population."""
    people = regions(a)
    total = sum(found.value for found in people.values())
    found = people["capital"]
    share: float = found.value / total
    capital = Found(share, max(0.0, share - 0.1), share + 0.1, found.basis, found.source, "by population")
    rest = Found(1 - share, 0.9 - share, min(1.0, 1.1 - share), found.basis, found.source, "by population")
    return {"capital": capital, "provinces": rest}
