"""What a single field cannot know: shares that add up, references that exist, dates in order, real paths.

The checks read plain data and tolerate gaps, so that they report everything beside the faults of single fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from allegiance.base.errors import AllegianceError, near
from allegiance.cases.kinds import check_kinds
from allegiance.cases.reader import Document, Path_
from allegiance.cases.schema import LEVELS, SHARES, last_day
from allegiance.cases.sense import adds_up, check_people, items, plain_number
from allegiance.cases.walk import expand, misfit

STATIC = re.compile(
    r"^(war\b(?!\.given_up$)|ties|decisions|sources|start|days)\b|\.(strength|new_formations|composition|groups|recruits_from|formation"
    r"|horizons|regions|waves|aid|uncertainty)\b|\.forces\.[^.]+\.(loyalty$|brigades\.)|^sides\.[^.]+\.population$"
)
"""Paths that a decision may not set, because the war starts with them."""


def check(document: Document) -> None:
    """Add every fault of coherence in a case to `document.faults`."""
    data = document.data
    if not isinstance(data, Mapping):
        return
    for name, side in items(data.get("sides")):
        _side(document, ("sides", name), side)
    check_people(document, data)
    _areas(document, data)
    _roles(document, data)
    _sources(document, data)
    _ties(document, data)
    _dates(document, data)
    _settings(document, data)


def _reference(document: Document, path: Path_, name: Any, known: Iterable[str], what: str) -> None:
    options = list(known)
    if isinstance(name, str) and name not in options:
        document.fault(path, f"unknown {what} '{name}'", "", near(name, options))


def _side(document: Document, path: Path_, side: Mapping[str, Any]) -> None:
    forces = dict(items(side.get("forces")))
    regions = side.get("regions") if isinstance(side.get("regions"), Mapping) else {}
    for key, force in forces.items():
        here = (*path, "forces", key)
        for shares in ("composition", "groups", "recruits_from"):
            if isinstance(force.get(shares), Mapping):
                adds_up(document, (*here, shares), map(plain_number, force[shares].values()), shares)
                if not force[shares]:
                    document.fault((*here, shares), f"{shares} is empty", "", "name at least one entry")
        for region in _keys(force.get("recruits_from")):
            _reference(document, (*here, "recruits_from", region), region, regions or {}, "home region")
        _units(document, here, force)
        check_kinds(document, here, force)
    for key, pool in items(side.get("recruitment")):
        _reference(document, (*path, "recruitment", key, "force"), pool.get("force"), forces, "force")


def _units(document: Document, path: Path_, force: Mapping[str, Any]) -> None:
    """A unit cannot hold more soldiers than its force."""
    strength = plain_number(force.get("strength"))
    formation = force.get("formation")
    company = formation.get("company", 100) if isinstance(formation, Mapping) else 100
    if strength is not None and isinstance(company, int) and company > strength:
        document.fault(
            (*path, "formation", "company"),
            f"a company is larger than its force of {strength:g}",
            company,
            "lower formation.company or raise strength",
        )


def _areas(document: Document, data: Mapping[str, Any]) -> None:
    areas = dict(items(data.get("areas")))
    adds_up(document, ("areas",), [plain_number(a.get("weight")) for a in areas.values()], "weight over areas")
    for key, area in areas.items():
        groups = area.get("groups")
        if isinstance(groups, Mapping):
            adds_up(document, ("areas", key, "groups"), map(plain_number, groups.values()), "groups")
            if not groups:
                document.fault(("areas", key, "groups"), "groups is empty", "", "name at least one group")
    war = data["war"] if isinstance(data.get("war"), Mapping) else {}
    _kind(document, war, sum(1 for _ in items(data.get("sides"))))
    start, target = (plain_number(war.get(k)) for k in ("area_start", "area_target"))
    if start is not None and target is not None and target < start:
        document.fault(
            ("war", "area_target"),
            "the area aimed at is smaller than the area held at the start",
            target,
            "area_target counts all the attacker must hold, area_start included",
        )


def _kind(document: Document, war: Mapping[str, Any], sides: int) -> None:
    """A war has two sides and ground at issue; peace has one side."""
    kind = war.get("kind")
    if sides == 1 and kind in ("interstate", "civil"):
        cure = (
            "add the other side, or call it repression if the force faces civilians only, or peace if it faces nobody"
        )
        document.fault(("war", "kind"), "a war needs two sides", kind, cure)
    if sides == 2 and kind == "peace":
        document.fault(("war", "kind"), "in peace nobody is faced", kind, "leave the other side out, or name the war")
    for key in ("area_start", "area_target", "mobility"):
        if kind in ("interstate", "civil") and war and key not in war:
            document.fault(
                ("war",), f"key '{key}' is missing: a war is over ground", "", "add it, in square kilometres"
            )


def _roles(document: Document, data: Mapping[str, Any]) -> None:
    roles = [side.get("role") for _, side in items(data.get("sides"))]
    if roles and roles.count("attacker") != 1 and all(r in ("attacker", "defender") for r in roles):
        document.fault(
            ("sides",),
            "exactly one side is the attacker",
            ", ".join(map(str, roles)),
            "give one side role: attacker (the repressing state in a repression case)",
        )


def _sources(document: Document, data: Mapping[str, Any]) -> None:
    known = data.get("sources") if isinstance(data.get("sources"), Mapping) else {}
    for path, value in _leaves(data, ()):
        source = value.get("source")
        if source and set(value) & {"unit", "date", "what"}:
            _reference(document, (*path, "source"), source, known or {}, "source")


def _leaves(value: Any, path: Path_) -> Iterator[tuple[Path_, Mapping[str, Any]]]:
    """All mappings inside a value, with their paths."""
    if isinstance(value, Mapping):
        yield path, value
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _leaves(item, (*path, position))


def _ties(document: Document, data: Mapping[str, Any]) -> None:
    forces = [f for _, s in items(data.get("sides")) for _, f in items(s.get("forces"))]
    soldiers = {g for f in forces for g in _keys(f.get("groups"))}
    civilians = {g for _, a in items(data.get("areas")) for g in _keys(a.get("groups"))}
    seen: set[tuple[Any, Any]] = set()
    ties = data.get("ties")
    for position, tie in enumerate(ties if isinstance(ties, list) else []):
        if not isinstance(tie, Mapping):
            continue
        here = ("ties", position)
        _reference(document, (*here, "soldiers"), tie.get("soldiers"), soldiers, "group of soldiers")
        _reference(document, (*here, "civilians"), tie.get("civilians"), civilians, "group of civilians")
        pair = (str(tie.get("soldiers")), str(tie.get("civilians")))
        if pair in seen:
            document.fault(here, "this pair of groups has a tie already", " - ".join(pair), "keep one of the two")
        seen.add(pair)


def _keys(value: Any) -> Iterable[str]:
    return value.keys() if isinstance(value, Mapping) else ()


def _day(value: Any) -> date | None:
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        return None
    return day if day.year < 9000 else None  # so that a horizon can be added


def _dates(document: Document, data: Mapping[str, Any]) -> None:
    """Dated inputs lie inside the horizon and are known by the information date.

    A case that is told before its first day is a scenario: what is dated in it is assumed, and no date bars it.
    """
    start, informed, days = _day(data.get("start")), _day(data.get("information_date")), data.get("days")
    if start is None or not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= 100_000:
        return
    last = last_day(start, days)
    for path, when, length, may_precede in _dated(data):
        if when + timedelta(days=length) <= start and not may_precede:
            document.fault(path, f"lies before the start, {start}", when, "correct the date, or leave the entry out")
        if when > last:
            message = f"lies after the horizon, which ends on {last}"
            document.fault(path, message, when, "correct the date or raise days")
        if informed is not None and start < informed < when:
            document.fault(
                path,
                f"is known only after the information date, {informed}",
                when,
                "move information_date, or leave the entry out",
            )


def _dated(data: Mapping[str, Any]) -> Iterator[tuple[Path_, date, int, bool]]:
    """Path, day, length in days and whether it may precede the start, of every dated entry."""
    found: list[tuple[Path_, Any, int, bool]] = []
    for name, item in items(data.get("decisions")):
        found.append((("decisions", name, "date"), item.get("date"), 1, False))
    for name, side in items(data.get("sides")):
        for key, pool in items(side.get("recruitment")):
            found.append((("sides", name, "recruitment", key, "opens"), pool.get("opens"), 0, True))
        protest = side.get("protest")
        waves = protest.get("waves") if isinstance(protest, Mapping) else None
        for kind, entries in (("waves", waves), ("aid", side.get("aid"))):
            for position, item in enumerate(entries if isinstance(entries, list) else []):
                if isinstance(item, Mapping):
                    place = ("protest", "waves") if kind == "waves" else ("aid",)
                    length = item.get("days") if isinstance(item.get("days"), int) else 1
                    path = ("sides", name, *place, position, "date")
                    found.append((path, item.get("date"), min(int(length or 1), 4000), kind == "aid"))
    for path, value, length, may_precede in found:
        if value is not None and (when := _day(value)) is not None:
            yield path, when, length, may_precede


def _settings(document: Document, data: Mapping[str, Any]) -> None:
    """Every path that a decision, counterfactual or condition sets exists and takes its value."""
    for section, key in (("decisions", "set"), ("counterfactuals", "set"), ("conditions", "neutral")):
        for name, entry in items(data.get(section)):
            settings = entry.get(key)
            for path, value in settings.items() if isinstance(settings, Mapping) else ():
                here = (section, name, key, path)
                try:
                    concrete = expand(data, str(path))
                except AllegianceError as error:
                    document.fault(here, error.message, "", error.cure or "")
                    continue
                if section == "decisions" and (fixed := STATIC.search(str(path))):
                    document.fault(
                        here,
                        f"a decision cannot change what is fixed at the start: {fixed[0].strip('.')}",
                        "",
                        "set it from the start with a counterfactual or --set",
                    )
                if not concrete:
                    document.fault(here, f"path '{path}' means nothing here", "", "there is nothing under the star")
                elif isinstance(value, bool | int | float) and (problem := misfit(concrete[0], value)):
                    document.fault(here, problem, value, "set another value or path")


def check_observed(document: Document) -> None:
    """Add every fault of coherence in recorded outcomes to `document.faults`."""
    data = document.data
    if not isinstance(data, Mapping):
        return
    _sources(document, data)
    coders = {name: data[name] for name in ("first", "second") if isinstance(data.get(name), Mapping)}
    for path, codes in (((), data), *(((name,), coder) for name, coder in coders.items())):
        for share in SHARES:
            found = codes.get(share)
            if _pair(found) and not 0 <= found[0] <= found[1] <= 1:
                document.fault((*path, share), "a share from low to high, both in [0, 1]", found, "write [low, high]")
    for name, coder in coders.items():
        _holds(document, data, name, coder)


def _holds(document: Document, data: Mapping[str, Any], name: str, coder: Mapping[str, Any]) -> None:
    """What is coded holds each coder's ranges, and its levels are the first's."""
    for share in SHARES:
        ours: Any = data.get(share)
        theirs: Any = coder.get(share)
        if _pair(ours) and _pair(theirs) and not (ours[0] <= theirs[0] and theirs[1] <= ours[1]):
            document.fault((share,), f"the range does not hold the {name} coder's {list(theirs)}", ours, "widen it")
    for level in LEVELS if name == "first" else ():
        if level in data and level in coder and data[level] != coder[level]:
            cure = f"write {coder[level]}, or change the first coder's code with a note"
            document.fault((level,), f"the level is not the first coder's {coder[level]}", data[level], cure)


def _pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(v, int | float) for v in value)
