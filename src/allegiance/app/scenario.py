"""A scenario of a case: a named what-if of the case, levers moved on top of it, or both; as text in an address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from allegiance.app.levers import Lever, settings
from allegiance.base.errors import AllegianceError
from allegiance.cases.paths import with_values
from allegiance.cases.schema import Case
from allegiance.cases.walk import Value
from allegiance.report.labels import side_name

LETTERS = ("A", "B", "C")
"""Scenarios that can be pinned."""


@dataclass(frozen=True)
class Scenario:
    """A preset's name (or none) and the levers moved; `values` lays both over the case."""

    preset: str = ""
    moved: dict[str, Value] = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)

    def label(self, case: Case, known: Iterable[Lever]) -> str:
        """The scenario in words."""
        by_path = {lever.path: lever for lever in known}
        told = [case.counterfactuals[self.preset].label] if self.preset else []
        return "; ".join(told + [_told(case, by_path[path], value) for path, value in self.moved.items()])

    def text(self) -> str:
        """The scenario as an address carries it; the inverse of `parse`."""
        parts = [("preset", self.preset)] if self.preset else []
        return ";".join(f"{k}={_plain(v)}" for k, v in [*parts, *self.moved.items()])


def parse(text: str) -> dict[str, str]:
    """The parts of `path=value;path=value`.

    >>> parse("preset=no-wagner;sides.russia.supply=0.9;nonsense")
    {'preset': 'no-wagner', 'sides.russia.supply': '0.9'}
    """
    return dict(part.split("=", 1) for part in text.split(";") if "=" in part)


def scenario(case: Case, wanted: Mapping[str, object], known: Iterable[Lever] | None = None) -> Scenario:
    """What a visitor asks for.

    Raises:
        AllegianceError: no such named what-if, a path that is no lever, a value out of bounds.
    """
    asked = dict(wanted)
    preset = str(asked.pop("preset", "") or "")[:80]
    if preset and preset not in case.counterfactuals:
        raise AllegianceError(f"this case has no what-if named '{preset}'", "choose one of the list")
    moved = settings(case, asked, known)
    values: dict[str, Value] = {**(case.counterfactuals[preset].set if preset else {}), **moved}
    if values:
        with_values(case, values)
    return Scenario(preset, moved, values)


def _plain(value: Value) -> str:
    return str(int(value) if isinstance(value, bool) else value)


def _told(case: Case, lever: Lever, value: Value) -> str:
    whose = side_name(case, lever.side) if lever.side else lever.of
    if lever.kind == "date":
        return f"{lever.of} on {value}"
    if lever.switch:
        return f"{lever.of}: {'taken' if value else 'not taken'}"
    return f"{whose}, {lever.label[:1].lower()}{lever.label[1:]}: {float(value):,.6g} instead of {lever.value:,.6g}"
