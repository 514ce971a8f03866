"""Those it faces: rebels, and the crowd."""

from __future__ import annotations

from dataclasses import dataclass

from allegiance.base.values import Basis
from allegiance.cases.draft.about import About, Found, judged
from allegiance.cases.draft.army import population, strength
from allegiance.cases.draft.contest import FEWEST, campaign, rebels
from allegiance.cases.draft.people import slug
from allegiance.cases.draft.registry import reading

CLASSES = (70.0, 350.0, 2500.0, 9000.0, 25000.0)
"""Fighters in the middle of each PITF class 0 to 4 (under 100; to 1,000; to 5,000; to 15,000; more)."""
CROWD = 0.002
"""People in the streets on a day of a campaign that nobody has counted, as a share of the people."""
BEHIND = (0.05, 10.0)
"""People behind rebels: a twentieth of the state's, and at least ten for each fighter."""
DAILY = 0.1
"""People in the streets on an ordinary day of a campaign, as a share of those on its greatest."""


@dataclass(frozen=True)
class RebelForce:
    """A rebel force of a draft: key, name, fighters."""

    key: str
    name: str
    strength: Found


@reading(
    "sides.*.forces.*.strength", reads=("rebels", "magfight", "deaths", "milper"),
    formula="the people in the violent campaign that the draft is of; else estimates of fighters of the two strongest "
    "groups named; else the middle of PITF's class; else ten "
    "fighters "
    "for a death a year, from 500 to a fifth of the army; else 2,000",
    states="the estimates' own range, a factor 2 for a class, 3 for deaths", quality="B",
    misses="groups begun after the list ends; supporters who fight at times; one number often stands for all years",
)  # fmt: skip
def rebel_forces(a: About) -> list[RebelForce]:
    """The strongest two rebel groups, by name and number of fighters, of at least 100."""
    named = [r for r in rebels(a) if r.fighters and r.fighters[1] >= FEWEST][:2]
    if named:
        out = []
        for k, r in enumerate(named):
            low, value, high = r.fighters or (0.0, 0.0, 0.0)
            source, what = ("rebels", "estimate of fighters") if a.facing is None else (
                "navco-years", f"people in the campaign of {a.facing.year}: {a.facing.how}"
            )  # fmt: skip
            basis = Basis.published if a.facing is None else Basis.estimated
            found = Found(
                value, min(low, 0.8 * value), max(high, 1.25 * value), basis, source, f"[rebel_forces] {what}"
            )  # fmt: skip
            out.append(RebelForce(f"rebels-{k + 1}" if len(named) > 1 else "rebels", r.name[:200], found))
        return out
    names = " and ".join(r.name for r in rebels(a)[:2]) or "Rebels"
    return [RebelForce("rebels", names[:200], _unnamed(a))]


def rebel_people(a: About) -> Found:
    """The people on the rebels' side: no community can put more than a tenth of its people under arms for long."""
    people, fighters = population(a), sum(f.strength.value for f in rebel_forces(a))
    share = min(max(BEHIND[0], BEHIND[1] * fighters / people.value), 0.9)
    note = "a twentieth of the people" if share == BEHIND[0] else "ten for each fighter"
    return people.times(share, f"[rebel_forces] {note}", 4.0, most=people.value)


def _unnamed(a: About) -> Found:
    most = max(0.2 * strength(a).value, 500.0)
    fight, deaths = a.own("magfight"), a.own("deaths") or a.own("deaths_place")
    if fight is not None:
        value = max(CLASSES[int(min(max(fight.number, 0), 4))], 150.0)
        why, source, factor = f"class {fight.number:.0f} of fighters {fight.year}", "pitf", 2.0
    elif deaths is not None and deaths.number > 0:
        value = min(max(10 * deaths.number, 500.0), most)
        why, source, factor = f"ten for each of {deaths.number:.0f} deaths {deaths.year}", "ucdp-years", 3.0
    else:
        return judged(min(2000.0, most), 300.0, 10_000.0, "[rebel_forces] nobody has counted the fighters")
    return Found(value, value / factor, value * factor, Basis.estimated, source, f"[rebel_forces] {why}")


@reading(
    "sides.*.protest.waves.*.participants", reads=("navco_years", "tpop"),
    formula="people on the greatest day of the campaign of the year before (its class if not counted), a tenth of "
    "them on "
    f"an ordinary day, times the days; where none is known {CROWD:g} of the people on the greatest day",
    states="a third to three times; a tenth to ten times where none is known", quality="B",
    misses="the campaign to come: its size is what moves the outcome most",
)  # fmt: skip
def crowd(a: About, days: int) -> Found:
    """People taking part, added up over the days of the draft (person-days)."""
    row = campaign(a)
    if row is not None and row.people is not None:
        people = min(row.people, 0.2 * population(a).value)
        value = people * DAILY * days
        basis = Basis.estimated
        note = f"campaign of {row.year}: {row.how}"
        return Found(value, value / 3, value * 3, basis, "navco-years", note)
    value = CROWD * population(a).value * DAILY * days
    return judged(value, value / 10, value * 10, "no campaign known: what if one of ordinary size began")


@reading(
    "sides.*.protest.waves.*.nonviolent", reads=("navco_years",), formula="0.9 of a campaign coded nonviolent, else "
    "0.7",
    states="0.15", misses="days on which it turned", quality="B",
)  # fmt: skip
def nonviolent(a: About) -> Found:
    """Share of the protest without arms or arson."""
    if campaign(a) is not None:
        return Found(0.9, 0.75, 1.0, Basis.estimated, "navco-years", "a campaign coded as nonviolent")
    return judged(0.7, 0.5, 0.9, "no campaign known")


@reading(
    "sides.*.protest.waves.*.capital", reads=(), formula="0.5", states="0.2", misses="where it is", quality="C",
)  # fmt: skip
def capital_share(a: About) -> Found:
    """Share of the protest in or near the capital: a default."""
    return judged(0.5, 0.3, 0.7, "no table says where")


@reading(
    "sides.*.inducement", reads=("v2xcs_ccsi", "navco_years"),
    formula="in the streets and in barracks 0.2 + 0.3 core civil society index, 0.1 more while a nonviolent "
    "campaign is "
    "on; from rebels 0.2",
    states="0.15", misses="what is really offered to soldiers who come over", quality="C",
)  # fmt: skip
def inducement(a: About) -> Found:
    """What those it faces offer its soldiers; as rebels or an enemy state, what they offer is rarely known."""
    t = a.tally()
    if a.task == "civil":
        t.lack()
        return t.level(0.2, 0.1)
    value = 0.2 + 0.3 * t.take("v2xcs_ccsi", 0.5)
    if campaign(a) is not None:
        t.seen("a campaign is on", "navco-years")
        value += 0.1
    return t.level(value, 0.15)


def rebel_group(a: About) -> str:
    """Key of the rebels' own people among the groups of the draft."""
    return slug("rebel home")
