"""A case in plain lines for a terminal: what happened in words, what can be set, the named what-ifs, the conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from annotated_types import Ge, Le
from pydantic import BaseModel

from allegiance.base.values import Sourced
from allegiance.cases.index import percent_range
from allegiance.cases.schema import Case
from allegiance.cases.walk import kind_at

HAPPENED = ("coup", "mutiny", "refusal", "left", "none")
"""What a list of cases can be asked for; `left`: 5 % or more left or changed sides; `none`: none of the others."""
_WORDS: dict[str, tuple[str, ...]] = {
    "coup": ("", "coup failed", "coup succeeded"),
    "mutiny": ("", "mutiny below 1 %", "mutiny of 1 to 10 %", "mutiny above 10 %"),
    "refusal": ("", "some refused", "many refused", "the order was not carried out"),
}


def happened(coded: Mapping[str, Any]) -> str:
    """What happened on the coded side of a case, in words (a row of `index.coded_row`).

    >>> happened({"coup": 1, "mutiny": 0, "refusal": 3, "left": [0.1, 0.3]})
    'coup failed, the order was not carried out, 10–30 % left or changed sides'
    """
    said = [words[coded[key]] for key, words in _WORDS.items() if coded[key]]
    if max(coded["left"]) > 0:
        said.append(f"{percent_range(coded['left'])} % left or changed sides")
    return ", ".join(said) or "none of these on record"


def outcomes(coded: Mapping[str, Any]) -> set[str]:
    """Which of HAPPENED hold for a coded case."""
    found = {key for key in _WORDS if coded[key]} | ({"left"} if sum(coded["left"]) / 2 >= 0.05 else set())
    return found or {"none"}


@dataclass(frozen=True)
class Setting:
    """A value that `--set` takes: its path, what it is now, what it takes, and how it is known."""

    path: str
    value: str
    takes: str
    known: str = ""

    def __str__(self) -> str:
        return f"{self.path} = {self.value}  ({'; '.join(part for part in (self.takes, self.known) if part)})"


def settings(case: Case) -> list[Setting]:
    """Every value of a case that can be set, with unit and bounds, in the order of the file."""
    return [*_leaves(case, ())]


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[Setting]:
    if path[:1] and path[0] in ("sources", "counterfactuals", "conditions", "information_date", "tags"):
        return
    if isinstance(value, Sourced):
        _, unit = kind_at(path)
        known = str(value.basis) + (f", plausible {value.range[0]:g} to {value.range[1]:g}" if value.range else "")
        yield Setting(".".join(path), f"{value.value:,.10g}", unit.bounds if unit else value.unit, known)
    elif isinstance(value, BaseModel):
        for name, info in type(value).model_fields.items():
            item, here = getattr(value, name), (*path, info.alias or name)
            if isinstance(item, bool):
                yield Setting(".".join(here), str(item).lower(), "true or false")
            elif isinstance(item, int) and path:
                yield Setting(".".join(here), str(item), _whole(info.metadata))
            elif isinstance(item, date) and path:
                yield Setting(".".join(here), item.isoformat(), "a day")
            else:
                yield from _leaves(item, here)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(item, (*path, str(key)))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _leaves(item, (*path, str(position)))


def _whole(metadata: list[Any]) -> str:
    low = next((m.ge for m in metadata if isinstance(m, Ge)), None)
    high = next((m.le for m in metadata if isinstance(m, Le)), None)
    return "whole number" if low is None or high is None else f"whole number in [{low}, {high}]"


def forces(case: Case) -> list[str]:
    """The forces of a case, one line each: who they are, how many, where, what they get, how loyal, how they serve."""
    found = []
    for side, name, force in ((s, n, f) for s, own in case.sides.items() for n, f in own.forces.items()):
        parts = sorted(force.composition.items(), key=lambda item: -item[1].value)
        serve = ", ".join(f"{_percent(share.value)} {kind}" for kind, share in parts if share.value > 0)
        found.append(
            f"{side}.{name} ({force.kind}): {force.strength.value:,.0f} soldiers, {_percent(force.deployed.value)} in"
            f" contact, resources {force.resources.value:.2g} of a mean soldier's, loyalty"
            f" {force.loyalty.value:.2f}; {serve}"
        )
        if force.brigades:
            kinds = (
                f"{_percent(kind.share.value)} {key} ({kind.role}, readiness {kind.ready.value:.2g})"
                for key, kind in force.brigades.items()
            )
            found[-1] += f"; brigades: {', '.join(kinds)}"
    return found


def decisions(case: Case) -> list[str]:
    """The dated decisions of a case in the order of their days, one line each: day, name, words, what it sets."""
    ranked = sorted(case.decisions.items(), key=lambda item: item[1].date)
    return [f"{d.date} {name}: {d.label}  ({_set(d.set)})" for name, d in ranked]


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def what_ifs(case: Case) -> list[str]:
    """The named what-ifs of a case, one line each: name, words, what they set."""
    return [f"{name}: {what.label}  ({_set(what.set)})" for name, what in case.counterfactuals.items()]


def conditions(case: Case) -> list[str]:
    """The conditions that `why` weighs, one line each: name, claim, what each is weighed against, and how."""
    return [
        f"{name}{f' ({condition.claim})' if condition.claim else ''}: against {condition.label}"
        f"  ({_set(condition.neutral)})"
        for name, condition in case.conditions.items()
    ]


def _set(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{k}={str(v).lower() if isinstance(v, bool) else f'{v:g}'}" for k, v in values.items())
