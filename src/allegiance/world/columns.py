"""Tables of named columns: one array per column, one row per unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Keys: TypeAlias = npt.NDArray[np.uint64]
_KINDS = {"Floats": "f8", "Ints": "i8", "Keys": "u8"}


@dataclass
class Table:
    """Columns of one kind of unit. What the case gives is read as an attribute, like every other column.

    `POINTS_TO` names the columns that hold row numbers of another table, and that table.
    """

    POINTS_TO: ClassVar[Mapping[str, str]] = {}

    given: dict[str, Floats]
    """what the case gives today, by the name of the input"""

    def __getattr__(self, name: str) -> Floats:
        given = self.__dict__.get("given", {})
        if name in given:
            return given[name]  # type: ignore[no-any-return]
        raise AttributeError(f"{type(self).__name__} have no column '{name}'")

    def __post_init__(self) -> None:
        self._rows = len(getattr(self, fields(self)[1].name))

    def __len__(self) -> int:
        return self._rows

    @classmethod
    def of_length(cls, rows: int, **columns: Any) -> Self:
        """A table of `rows` rows, zero where `columns` does not say otherwise."""
        made = {}
        for column in fields(cls)[1:]:
            kind = _KINDS[str(column.type)]
            made[column.name] = np.array(columns.get(column.name, np.zeros(rows)), dtype=kind)
        return cls(given={}, **made)

    @classmethod
    def side_by_side(cls, tables: Sequence[Self], first: Mapping[str, Ints]) -> Self:
        """The tables of several worlds as one; columns that point to other tables point to their own world's.

        `first` says, for each table pointed to, in which row that of each world begins.
        """
        count = [len(table) for table in tables]
        made = {}
        for column in fields(cls)[1:]:
            values = np.concatenate([getattr(table, column.name) for table in tables])
            if column.name in cls.POINTS_TO:
                shift = np.repeat(first[cls.POINTS_TO[column.name]], count)
                values = np.where(values >= 0, values + shift, values)
            made[column.name] = values
        return cls(given=joined_columns([table.given for table in tables]), **made)


def joined_columns(columns: Sequence[Mapping[str, Floats]]) -> dict[str, Floats]:
    """The columns of several worlds, name by name, one world after the other."""
    return {name: np.concatenate([c[name] for c in columns]) for name in columns[0]}
