"""Keyed randomness: Philox4x32-10, a published counter-based generator.

Every draw is a pure function of (seed, member, who, day, decision). No stream is consumed, so results do not depend on
the number of threads, on order, or on who else exists; a scenario and its counterfactual share luck.

Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3",
SC'11, doi:10.1145/2063384.2063405. The test vectors of their Random123 library are in tests/base/test_random.py.
"""

from __future__ import annotations

import math
import zlib
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt

from allegiance.base.compiler import inlined, kernel

Array = npt.NDArray[Any]
_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_MASK = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
UNIT = 1.0 / 4294967296.0
"""From a 32-bit word to the unit interval."""


@inlined
def philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> tuple[Any, Any, Any, Any]:
    """Ten rounds of Philox4x32: four 32-bit counters and two 32-bit keys to four 32-bit words (as uint64)."""
    x0, x1, x2, x3 = np.uint64(c0), np.uint64(c1), np.uint64(c2), np.uint64(c3)
    a, b = np.uint64(k0), np.uint64(k1)
    for _ in range(10):
        p0 = _M0 * x0
        p1 = _M1 * x2
        x0, x1, x2, x3 = (p1 >> _SHIFT) ^ x1 ^ a, p1 & _MASK, (p0 >> _SHIFT) ^ x3 ^ b, p0 & _MASK
        a = (a + _W0) & _MASK
        b = (b + _W1) & _MASK
    return x0, x1, x2, x3


@kernel
def _rows(who: Array, what: Array, member: Array, seed: Any, out: Array) -> None:
    """Four words for each row of keys, into `out` (shape (rows, 4)); a key of one row serves all."""
    low, high = seed & _MASK, seed >> _SHIFT
    by_who, by_what, by_member = who.shape[0] > 1, what.shape[0] > 1, member.shape[0] > 1
    for k in range(out.shape[0]):
        w, t, m = who[k * by_who], what[k * by_what], member[k * by_member]
        words = philox(w & _MASK, t, w >> _SHIFT, m, low, high)
        out[k, 0], out[k, 1], out[k, 2], out[k, 3] = words


def words(seed: int, member: Any, who: Any, day: Any, decision: int, number: Any = 0) -> Array:
    """Four 32-bit words as uint64 (shape (rows, 4)) for every row of the keys; a single key serves all rows.

    Args:
        seed: 64-bit seed. member: ensemble member. who: 64-bit key of who decides (see `key_of`). day: day of the war,
        0-65535. decision: which decision, 0-255 (world/chance.py). number: 0-255, for several draws in one decision.
    """
    if isinstance(day, int) and isinstance(number, int):
        what = np.full(1, day | decision << 16 | number << 24, "u8")
    else:
        what = np.asarray(day, "u8") | np.uint64(decision << 16) | (np.asarray(number, "u8") << np.uint64(24))
    rows = [np.atleast_1d(np.asarray(r, "u8")) for r in (who, what, member)]
    lengths = {len(r) for r in rows} - {1}
    count = lengths.pop() if lengths else 1
    if lengths:
        raise ValueError(f"keys of different lengths: {[len(r) for r in rows]}")
    out = np.empty((count, 4), "u8")
    _rows(rows[0], rows[1], rows[2], np.uint64(seed), out)
    return out


def uniforms(seed: int, member: Any, who: Any, day: Any, decision: int, number: Any = 0) -> Array:
    """Uniform draws in (0, 1), one for every row of the keys (see `words`)."""
    unit: Array = (words(seed, member, who, day, decision, number)[:, 0] + 0.5) * UNIT
    return unit


def normals(seed: int, member: Any, who: Any, day: Any, decision: int, number: Any = 0) -> Array:
    """Standard normal draws (Box & Muller 1958, doi:10.1214/aoms/1177706645), keyed as `uniforms`."""
    w = words(seed, member, who, day, decision, number)
    normal: Array = box_muller(w[:, 0], w[:, 1])
    return normal


def box_muller(first: Array, second: Array) -> Array:
    """Standard normals from two 32-bit words each."""
    normal: Array = np.sqrt(-2.0 * np.log((first + 0.5) * UNIT)) * np.cos(2.0 * np.pi * (second + 0.5) * UNIT)
    return normal


def uniform(seed: int, member: int, who: int, day: int, decision: int, number: int) -> float:
    """One uniform draw in (0, 1), keyed as `uniforms`."""
    return float(uniforms(seed, member, who, day, decision, number)[0])


def normal(seed: int, member: int, who: int, day: int, decision: int, number: int) -> float:
    """One standard normal draw, keyed as `uniforms`."""
    w = words(seed, member, who, day, decision, number)[0]
    u, v = (float(w[0]) + 0.5) * UNIT, (float(w[1]) + 0.5) * UNIT
    return math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * v)


def name_key(name: str) -> int:
    """A stable 32-bit key for a named entity, the same on every machine and in every run.

    >>> name_key("army")
    203501366
    """
    return zlib.crc32(name.encode())


def key_of(name: str) -> int:
    """A stable 64-bit key for an entity by its full name: of a hundred thousand, no two are likely to share one.

    >>> key_of("russia.army") == key_of("ukraine.army")
    False
    """
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")
