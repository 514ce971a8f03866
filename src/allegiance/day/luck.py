"""The daily luck of soldiers, a company at a time: compiled, because it is the dearest part of a day."""

from __future__ import annotations

from typing import Any

import numpy as np

from allegiance.base.compiler import inlined
from allegiance.world.columns import Array

MOST_MEN = 2048
"""Most soldiers of a company."""
ROOM = 2 * MOST_MEN
"""Length of the arrays in which a kernel works on one company."""
WORD = 4294967296.0
"""How many 32-bit words there are."""
_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint32(0x9E3779B9), np.uint32(0xBB67AE85)
_SHIFT = np.uint64(32)


@inlined
def _round(x0: Any, x1: Any, x2: Any, x3: Any, a: Any, b: Any) -> tuple[Any, Any, Any, Any]:
    p0, p1 = _M0 * np.uint64(x0), _M1 * np.uint64(x2)
    return np.uint32(p1 >> _SHIFT) ^ x1 ^ a, np.uint32(p1), np.uint32(p0 >> _SHIFT) ^ x3 ^ b, np.uint32(p0)


@inlined
def company_words(out: Array, places: int, ordinal: int, roll: int, what: int, member: int, seed: Any) -> None:
    """One 32-bit word for each place of a company, into `out` (Philox4x32-10, see base/random.py).

    The loop over groups of four places is `base.random.philox` in 32-bit arithmetic with its ten rounds written one
    after the other, which lets the compiler work on several groups at once; a test holds the two together.
    `ordinal` is the company's number on its roll, `roll` the key of that roll, `what` the day and the decision.
    """
    groups = (places + 3) >> 2
    first, second, third, fourth = out[:groups], out[groups:], out[2 * groups :], out[3 * groups :]
    base, k0, k1 = np.uint32(ordinal * (MOST_MEN >> 2)), np.uint32(seed), np.uint32(seed >> _SHIFT)
    c1, c2, c3 = np.uint32(what), np.uint32(roll), np.uint32(member)
    for g in range(groups):
        a, b = k0, k1
        x0, x1, x2, x3 = _round(np.uint32(base + np.uint32(g)), c1, c2, c3, a, b)
        a, b = np.uint32(a + _W0), np.uint32(b + _W1)
        x0, x1, x2, x3 = _round(x0, x1, x2, x3, a, b)
        a, b = np.uint32(a + _W0), np.uint32(b + _W1)
        x0, x1, x2, x3 = _round(x0, x1, x2, x3, a, b)
        a, b = np.uint32(a + _W0), np.uint32(b + _W1)
        x0, x1, x2, x3 = _round(x0, x1, x2, x3, a, b)
        a, b = np.uint32(a + _W0), np.uint32(b + _W1)
        x0, x1, x2, x3 = _round(x0, x1, x2, x3, a, b)
        a, b = np.uint32(a + _W0), np.uint32(b + _W1)
        x0, x1, x2, x3 = _round(x0, x1, x2, x3, a, b)
        a, b = np.uint32(a + _W0), np.uint32(b + _W1)
        x0, x1, x2, x3 = _round(x0, x1, x2, x3, a, b)
        a, b = np.uint32(a + _W0), np.uint32(b + _W1)
        x0, x1, x2, x3 = _round(x0, x1, x2, x3, a, b)
        a, b = np.uint32(a + _W0), np.uint32(b + _W1)
        x0, x1, x2, x3 = _round(x0, x1, x2, x3, a, b)
        a, b = np.uint32(a + _W0), np.uint32(b + _W1)
        first[g], second[g], third[g], fourth[g] = _round(x0, x1, x2, x3, a, b)


def what(day: int, decision: int) -> int:
    """Day and decision as one word of the counter."""
    return day | decision << 16
