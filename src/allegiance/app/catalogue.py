"""The cases on the shelf: read once, shared by all visitors, only ever found by name."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass

from allegiance.cases.index import index_rows
from allegiance.cases.loader import library, load_case, load_observed
from allegiance.cases.schema import Case, Observed


@dataclass(frozen=True)
class Shelved:
    """A case, what was observed of it, and its row in the index (None if nothing is recorded)."""

    case: Case
    observed: Observed | None


OWN = 50
"""Visitors' own cases that are remembered; the oldest goes first."""


class Catalogue:
    """All cases of the library, which `fill` reads in the background, and visitors' own as long as the server runs."""

    def __init__(self) -> None:
        self._own: OrderedDict[str, Case] = OrderedDict()
        self._ready = threading.Event()
        self._cases: dict[str, Shelved] = {}
        self.rows: list[dict[str, object]] = []

    def fill(self) -> None:
        """Read every case."""
        self._cases = {name: Shelved(load_case(name), load_observed(name)) for name in library()}
        self.rows = list(index_rows())
        self._ready.set()

    @property
    def ready(self) -> bool:
        """Whether every case has been read."""
        return self._ready.is_set()

    def all(self) -> dict[str, Shelved]:
        """Every case by name; waits until they are read."""
        self._ready.wait(120)
        return self._cases

    def get(self, name: str, default: str) -> Case:
        """The case of this name, or the default: a name is looked up among known ones and never opened as a path."""
        own = self._own.get(name)
        if own is not None:
            return own
        chosen = name if name in library() else default
        return self._cases[chosen].case if self.ready else load_case(chosen)

    def keep(self, case: Case) -> Case:
        """Put a visitor's own case on the shelf under a name that nobody can guess; returns it under that name."""
        named = case.model_copy(update={"id": f"own-{secrets.token_hex(8)}"})
        self._own[named.id] = named
        while len(self._own) > OWN:
            self._own.popitem(last=False)
        return named

    def is_own(self, case: object) -> bool:
        """Whether a case is a visitor's own."""
        return any(case is own for own in self._own.values())

    def titles(self, shown: Case | None = None) -> dict[str, str]:
        """Name to title, by title; a visitor's own case is listed where it is the one shown, and nowhere else."""
        own = {shown.id: f"Yours: {shown.title}"} if shown is not None and self.is_own(shown) else {}
        return own | dict(sorted(((k, s.case.title) for k, s in self.all().items()), key=lambda item: item[1]))
