"""A complete case for any state and day, made by rule from public tables."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypedDict

from allegiance.base.errors import AllegianceError
from allegiance.base.notebook import Brief
from allegiance.base.values import Basis
from allegiance.cases.draft import assemble
from allegiance.cases.draft.about import About, Found
from allegiance.cases.draft.army import strength
from allegiance.cases.draft.assemble import Part
from allegiance.cases.draft.borrow import borrowed
from allegiance.cases.draft.contest import Campaign, ally_against, campaign, enemies, inner, skirmish, task_of
from allegiance.cases.draft.enemy import rebel_forces
from allegiance.cases.draft.panel import Panel, get_line, load_panel
from allegiance.cases.draft.parallel import parallel
from allegiance.cases.draft.people import slug
from allegiance.cases.draft.states import beside, state_on
from allegiance.cases.draft.wants import equipment, quality
from allegiance.cases.draft.whatifs import conditions, counterfactuals
from allegiance.cases.faults import validated
from allegiance.cases.reader import Document, parse
from allegiance.cases.schema import Case
from allegiance.cases.write import case_text
from allegiance.evidence.catalogue import catalogue

Task = Literal["auto", "interstate", "civil", "repression", "peace"]
TASKS = ("auto", "interstate", "civil", "repression", "peace")
DAYS = {"interstate": 180, "civil": 365, "repression": 30, "peace": 365}
"""Days of a draft where none are given."""


@dataclass(frozen=True, repr=False)
class Draft(Brief):
    """A drafted case.

    Attributes:
        case: the case, which has passed the check. side: key of the state's side. state: its row in the list of states.
        notices: what the user should know before he uses it, one sentence each.
    """

    case: Case
    side: str
    state: dict[str, object]
    notices: tuple[str, ...]


class Asked(TypedDict, total=False):
    """What may be asked of a draft beside state and day; see `draft_case`."""

    days: int | None
    task: Task
    against: str | int | None
    like: str | None


def draft_case(
    country: str | int,
    day: date | str,
    days: int | None = None,
    task: Task = "auto",
    against: str | int | None = None,
    like: str | None = None,
    data: str | Path | Panel | None = None,
    facing: Campaign | None = None,
) -> Draft:
    """A complete, checked case for a state's army on a day; nothing known only later is read.

    Args:
        country: Gleditsch-Ward number, ISO code or name of the time.
        day: the case's first day, a date or YYYY-MM-DD.
        days: horizon; 180 in a war between states, 365 in civil war and peace, 30 against a crowd if None.
        task: what the army faces; auto: a war between states that is on, else one against rebels, else a campaign of
            protest, else peace.
        against: the enemy state of an interstate war; needed where none is on, or to choose among several.
        like: a case whose values stand in for defaults.
        data: folder of standardised tables, or a loaded panel; the usual folder if not given.
        facing: a campaign that the army faces, instead of what the tables say; its method sets an automatic task.

    Examples:
        >>> draft = draft_case("MLI", "2012-01-01")  # doctest: +SKIP
        >>> draft.case.sides  # doctest: +SKIP

    Raises:
        AllegianceError: unknown state, no army, a day outside the tables, tables missing or in contradiction, a task
            that needs an enemy. FaultyInput: the draft is faulty (a fault of a rule).
    """
    when = as_day(day)
    if task not in TASKS:
        raise AllegianceError(f"no task is called {task!r}", f"one of: {', '.join(TASKS)}")
    if days is not None and not 1 <= days <= 3650:
        raise AllegianceError(f"days must be between 1 and 3650, not {days}", "leave it out for the task's own")
    panel = data if isinstance(data, Panel) else load_panel(data)
    state = state_on(country, when)
    about = About(panel, int(str(state["gwcode"])), when, facing=facing)
    about.task = "interstate" if against is not None and task == "auto" else task_of(about) if task == "auto" else task
    if against is not None and about.task != "interstate":
        raise AllegianceError(f"--against names an enemy state, and the task is {about.task}", "use --task interstate")
    foe = _enemy(about, against) if about.task == "interstate" else None
    plain = _plain(about, state, foe, days or DAYS[about.task])
    if like is not None:
        plain = borrowed(plain, like, slug(str(state["country"])))
    name = f"draft of {state['country']} on {when}"
    case = validated(Document(name, plain), Case)
    return Draft(case, slug(str(state["country"])), state, tuple(_notices(about, foe, against, like)))


def as_day(day: date | str) -> date:
    """A day, or text as YYYY-MM-DD.

    Raises:
        AllegianceError: it is no day.
    """
    if isinstance(day, date):
        return day
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise AllegianceError(f"{day!r} is not a day", "write it as 2012-01-01") from None


def _enemy(a: About, against: str | int | None) -> dict[str, object]:
    """The enemy state: the one named, else the strongest it was at war with."""
    if against is not None:
        found = state_on(against, a.day)
        if found["gwcode"] == a.code:
            raise AllegianceError("a state cannot be at war with itself", "use --task civil")
        return found
    known = enemies(a)
    if not known:
        raise AllegianceError(f"no war between states was on for {a.name} on {a.day}", "name the enemy: --against")
    return state_on(known[0], a.day)


def _plain(a: About, state: dict[str, object], foe: dict[str, object] | None, days: int) -> dict[str, Any]:
    key, country = slug(str(state["country"])), str(state["country"])
    iso3 = str(state["iso3"]) if state["iso3"] else None
    own = Part(key, country, iso3, a)
    sides, zones, pairs, war = _contest(a, own, foe)
    if a.task == "repression":
        sides[key]["protest"]["waves"] = [assemble.wave(a, key, a.day, days)]
    data: dict[str, Any] = {
        "schema": 1,
        "id": f"{key[:28]}-{a.day.isoformat()}-{a.task}"[:48],
        "title": f"{country}, {a.day.isoformat()}: {_words(a, foe)}",
        "summary": _summary(a, country, foe),
        "tags": ["draft", a.task],
        "start": a.day.isoformat(),
        "days": days,
        "information_date": a.day.isoformat(),
        "sides": sides,
        "war": war,
        "areas": zones,
        "ties": assemble.ties(pairs),
    }
    data["sources"] = assemble.cited(data)
    data["counterfactuals"] = counterfactuals(data, key)
    data["conditions"] = conditions(data, key)
    return data


def _contest(
    a: About, own: Part, foe: dict[str, object] | None
) -> tuple[dict[str, Any], dict[str, Any], list[tuple[str, str, Found]], dict[str, Any]]:
    """Sides, areas, ties and war of the task."""
    if foe is not None:
        return _interstate(a, own, foe)
    if a.task == "civil":
        sides = {own.key: assemble.side(own, "defender", _odds(a)), "rebels": assemble.rebel_side(a, "rebels")}
        return sides, assemble.areas(a), assemble.own_ties(own) + assemble.rebel_ties(a), assemble.war(a)
    return {own.key: assemble.side(own, "attacker", None)}, assemble.areas(a), assemble.own_ties(own), assemble.war(a)


def _interstate(
    a: About, own: Part, foe: dict[str, object]
) -> tuple[dict[str, Any], dict[str, Any], list[tuple[str, str, Found]], dict[str, Any]]:
    """The stronger in soldiers attacks; the ground at issue and the civilians are the other's."""
    other = About(a.panel, int(str(foe["gwcode"])), a.day, "interstate")
    key = slug(str(foe["country"]))
    iso3 = str(foe["iso3"]) if foe["iso3"] else None
    theirs = Part(key, str(foe["country"]), iso3, other, f"{slug(str(foe['iso3'] or foe['gwcode']))}-")
    attacks = strength(a).value >= strength(other).value
    first, second = (own, theirs) if attacks else (theirs, own)
    odds = _between(a, other)
    sides = {
        own.key: assemble.side(own, "attacker" if attacks else "defender", odds),
        key: assemble.side(theirs, "defender" if attacks else "attacker", odds.times(1.0, odds.note)),
    }
    belief = sides[key]["aims"]["expected_advantage"]
    belief |= {"value": -belief["value"], "range": [-belief["range"][1], -belief["range"][0]]}
    at = second.about
    pairs = assemble.own_ties(second) + assemble.strangers(first, second)
    return sides, assemble.areas(at, second.prefix), pairs, assemble.war(at)


def _might(a: About) -> float:
    return strength(a).value * quality(a, "regular").value * equipment(a, "regular").value


def _between(a: About, other: About) -> Found:
    value = max(-3.0, min(3.0, math.log(_might(a) / _might(other))))
    note = "[expected_advantage] log of soldiers times quality times arms over the enemy's"
    return Found(value, value - 0.7, value + 0.7, Basis.estimated, "nmc", note)


def _odds(a: About) -> Found:
    foes = sum(f.strength.value for f in rebel_forces(a)) * 0.4 * 0.35
    value = max(-3.0, min(3.0, math.log(_might(a) / max(foes, 1.0))))
    note = "[expected_advantage] log of soldiers times quality times arms over the rebels'"
    return Found(value, value - 0.7, value + 0.7, Basis.estimated, "nmc", note)


def _words(a: About, foe: dict[str, object] | None) -> str:
    if foe is not None:
        return f"at war with {foe['country']}"
    return {
        "civil": "its army against rebels", "repression": "its army against a crowd", "peace": "its army in barracks",
    }[a.task]  # fmt: skip


def _summary(a: About, country: str, foe: dict[str, object] | None) -> str:
    count = len(parallel(a))
    men = strength(a).value
    row = a.facing or (campaign(a) if a.task == "repression" else None)
    when = f"of {row.year}" if row and row.stated else "of the year before"
    crowd = f" The campaign {when}: {row.name}." if row else ""
    others = {0: "no force", 1: "one force"}.get(count, f"{count} forces")
    return (
        f"The armed forces of {country} on {a.day.isoformat()}, {_words(a, foe)}: {men:,.0f} soldiers and {others} "
        f"beside them. Drafted by rule from public tables, nothing of which was known only later.{crowd}"
    )


def _notices(a: About, foe: dict[str, object] | None, against: object, like: str | None) -> list[str]:
    known, twins, lent = enemies(a), beside(a.code, a.day), ally_against(a)
    said = [f"{a.name} of that day is the state with code {a.code}; beside it stood {', '.join(twins)}"] * bool(twins)
    index = {int(c): str(n) for c, n in zip(a.panel.frame["gwcode"], a.panel.frame["country"], strict=True)}
    if lent and against is None:
        foes = ", ".join(index.get(c, str(c)) for c in lent)
        said.append(f"it stood beside another state in a war against {foes}, which is left out (--against plays it)")
    if foe is not None and against is None and len(known) > 1:
        others = ", ".join(index[c] for c in known[1:])
        said.append(
            f"at war with {len(known)} states; the strongest, {foe['country']}, is played; choose with "
            f"--against: {others}"
        )
    if a.task in ("peace", "repression") and (known or inner(a)):
        said.append("a war was on that this task leaves out")
    if a.task == "interstate" and inner(a):
        said.append("a war against rebels was on, too; it is left out (--task civil plays it)")
    if a.task == "civil" and len({r["conflict_id"] for r in inner(a)}) > 1:
        said.append(f"{len({r['conflict_id'] for r in inner(a)})} wars against rebels were on; they are played as one")
    place = a.own("deaths_place")
    if (
        a.task == "civil"
        and a.facing is None
        and place is not None
        and place.year == a.day.year - 1
        and place.number == 0
    ):
        said.append(
            "nobody was killed by the war in the state's own land in the year before: it was fought abroad or in a "
            "colony, and the draft plays it at home (--task peace leaves it out)"
        )
    if a.task == "interstate" and against is None and skirmish(a):
        said.append("fewer than a thousand were killed in the year before: played as a contest at the border")
    if a.task == "repression" and campaign(a) is None:
        said.append("no campaign is known: the crowd is a what-if of ordinary size, its length that of the draft")
    age = a.own("milper")
    if age is not None and a.day.year - age.year > 2:
        said.append(f"the last count of the army known is of {age.year}")
    for table, source in sorted(a.panel.missing.items()):
        if source in catalogue():
            said.append(f"no table {table}: its readings fell back; {get_line(source)}")
    if like is not None:
        said.append(f"defaults were borrowed from {like}")
    return said


def reread(case: Case) -> Case:
    """A case written as text and read again as any file is: what `case check` would say of it.

    Raises:
        FaultyInput: all faults of the text.
    """
    return validated(parse(case_text(case), case.id), Case)
