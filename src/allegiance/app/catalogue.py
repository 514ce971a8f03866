"""The cases on the shelf: read once, shared by all visitors, only ever found by name."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from allegiance.cases.index import index_rows
from allegiance.cases.loader import library, load_case, load_observed
from allegiance.cases.schema import Case, Observed


@dataclass(frozen=True)
class Shelved:
    """A case, what was observed of it, and its row in the index (None if nothing is recorded)."""

    case: Case
    observed: Observed | None


class Catalogue:
    """All cases of the library; `fill` reads them in the background."""

    def __init__(self) -> None:
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
        chosen = name if name in library() else default
        return self._cases[chosen].case if self.ready else load_case(chosen)

    def titles(self) -> dict[str, str]:
        """Name to title, by title."""
        return dict(sorted(((k, s.case.title) for k, s in self.all().items()), key=lambda item: item[1]))
