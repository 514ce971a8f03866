"""Soldiers as plain columns, one slot each, and the one place where they are counted."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from allegiance.base.compiler import kernel

Array = npt.NDArray[Any]

# Status of a soldier's slot. Up to MUTINY he is present; up to WOUNDED on the rolls; up to AWOL he may come back.
OBEYING, SHIRKING, REFUSING, MUTINY, WOUNDED, AWOL, KILLED, INVALID, DESERTED, DEFECTED, IMPRISONED, EMPTY = range(12)
STATUS_NAMES = (
    "obeying", "shirking", "refusing", "in_mutiny", "wounded", "absent",
    "killed", "invalid", "deserted", "defected", "imprisoned", "empty",
)  # fmt: skip
CATEGORIES = ("contract", "conscript", "mobilised", "volunteer", "prisoner", "mercenary")
TIE_BINS = 4
"""Ties as reported: none, weak (below .3), middle (below .6), close."""


class Soldiers(NamedTuple):
    """One row per slot in a company; companies are contiguous. A slot keys the daily luck of whoever fills it."""

    grievance: Array
    """f4: exponentially weighted appraisal, 0 content"""
    disposition: Array
    """f4: log-odds brought along: compulsion, loyalty, daring"""
    home_day: Array
    """i2: day on which the soldier was to be a civilian again"""
    tie: Array
    """u1: tie to the civilians of the zone, 255 closest"""
    closeness: Array
    """u1: how close against others of the group, 255 closest"""
    group: Array
    """u1: social or ethnic group"""
    region: Array
    """u1: home region"""
    category: Array
    """u1: index into CATEGORIES, as recorded"""
    tie_bin: Array
    """u1: the tie as recorded, see TIE_BINS"""
    status: Array
    """u1: see STATUS_NAMES"""
    ever: Array
    """u1: bit k set once form k of FORMS was taken"""


_KINDS = dict(grievance="f4", disposition="f4", home_day="i2")
BYTES_PER_SOLDIER = sum(np.dtype(_KINDS.get(name, "u1")).itemsize for name in Soldiers._fields)


def new_soldiers(slots: int) -> Soldiers:
    """Columns for `slots` soldiers, all empty."""
    columns = Soldiers(**{name: np.zeros(slots, _KINDS.get(name, "u1")) for name in Soldiers._fields})
    columns.status[:] = EMPTY
    return columns


_BITS = 10
"""Bits of a counter: six of them share a word, so that a company is counted in one pass (of at most 400)."""
_FIELD = np.uint64((1 << _BITS) - 1)
_LOW = np.array([1 << (_BITS * s) if s < 6 else 0 for s in range(12)], "u8")
_HIGH = np.array([1 << (_BITS * (s - 6)) if s >= 6 else 0 for s in range(12)], "u8")
_ON_ROLLS = np.array([1 if s <= WOUNDED else 0 for s in range(12)], "u8")


@kernel
def count(status: Array, category: Array, start: Array, stop: Array, rows: Array, by: Array, of: Array) -> None:
    """Those by status (`by`, shape (statuses, companies)) and those on the rolls by category (`of`) of some rows."""
    for c in rows:
        low, high, kinds = np.uint64(0), np.uint64(0), np.uint64(0)
        for i in range(start[c], stop[c]):
            s = status[i]
            low += _LOW[s]
            high += _HIGH[s]
            kinds += _ON_ROLLS[s] << np.uint64(_BITS * category[i])
        for k in range(6):
            shift = np.uint64(_BITS * k)
            by[k, c], by[6 + k, c] = (low >> shift) & _FIELD, (high >> shift) & _FIELD
            of[k, c] = (kinds >> shift) & _FIELD
