"""The readings: which inputs of a case each fills, from which columns, by which formula, and how good it is.

A reading is a function in a file of its group. Register it with `reading`; forget one and a test says which input has
none. Nothing a reading sees is later than the day it is asked for (`panel.py`).
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, ParamSpec, TypeVar

from allegiance.cases.draft.about import About, Found

P = ParamSpec("P")
T = TypeVar("T")
Quality = Literal["A", "B", "C"]
"""A: counted or coded by experts. B: a usable stand-in. C: weak, a formula of stand-ins."""


@dataclass(frozen=True)
class Reading:
    """What a reading says of itself; the text of its page.

    Attributes:
        name: of the function. fills: case paths, a star for names. reads: columns and lists. formula: in words.
        states: the range it states. misses: what it cannot see. quality: see `Quality`.
    """

    name: str
    fills: tuple[str, ...]
    reads: tuple[str, ...]
    formula: str
    states: str
    misses: str
    quality: Quality
    group: str

    @property
    def doc(self) -> str:
        """The first paragraph of the function's docstring."""
        return self._doc

    _doc: str = ""


READINGS: dict[str, Reading] = {}
"""By name."""


DEFAULTED: dict[str, str] = {
    "sides.*.forces.*.relief": "no table says how an army is spread over its posts; lower it for scattered garrisons",
    "sides.*.forces.*.way_out": "no table says where a soldier could go; lower it for an island or an encircled town",
    "sides.*.forces.*.wounded_to_killed": "not counted army by army",
    "sides.*.forces.*.return_to_duty": "not counted army by army",
    "sides.*.aims.uncertainty": "what rulers believe is in no table",
    "sides.*.aims.expected_days": "what rulers believe is in no table",
    "sides.*.replaces_losses": "a draft holds no pool of recruits",
    "war.civilian_baseline": "civilian deaths are not counted by cause",
    "areas.*.urban": "towns are not mapped to areas",
}
"""Inputs that no reading fills, and why: a draft leaves them at the format's neutral values and says so."""


def reading(
    *fills: str, reads: Sequence[str] = (), formula: str, states: str, misses: str, quality: Quality
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Register a function as a reading: its numbers are made once a state and day, and carry its name."""

    def register(function: Callable[P, T]) -> Callable[P, T]:
        name = function.__name__
        text = (inspect.getdoc(function) or "").split("\n\n")[0]
        group = function.__module__.rpartition(".")[2]
        READINGS[name] = Reading(
            name, fills, tuple(reads), formula, states, misses, quality, group, " ".join(text.split())
        )

        @functools.wraps(function)
        def read(*args: P.args, **kwargs: P.kwargs) -> T:
            about = args[0]
            assert isinstance(about, About)
            made: T = about.once((name, args[1:]), lambda: _signed(function(*args, **kwargs), name))
            return made

        return read

    return register


def _signed(found: Any, name: str) -> Any:
    """The same with the reading's name in every number's note."""
    if isinstance(found, Found):
        return found if found.note.startswith("[") else replace(found, note=f"[{name}] {found.note}")
    if isinstance(found, Mapping):
        return {key: _signed(item, name) for key, item in found.items()}
    if isinstance(found, list):
        return [_signed(item, name) for item in found]
    return found
