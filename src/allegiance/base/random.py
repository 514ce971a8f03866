"""Keyed randomness: Philox4x32-10, a published counter-based generator.

Every draw is a pure function of (seed, member, agent, day, decision). No stream is consumed, so results do not
depend on the number of threads, on order, or on who else exists; a scenario and its counterfactual share luck.

Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3",
SC'11, doi:10.1145/2063384.2063405. The test vectors of their Random123 library are in tests/base/test_random.py.
"""

from __future__ import annotations

import math
import zlib
from typing import Any

import numpy as np

from allegiance.base.compiler import scalar

_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_MASK = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_TO_UNIT = 1.0 / 4294967296.0


@scalar
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


@scalar
def uniform(seed: int, member: int, entity: int, day: int, decision: int, number: int) -> float:
    """One uniform draw in (0, 1) for (seed, member, entity, day, decision), `number` telling repeats apart.

    Args:
        seed: 64-bit seed. member: ensemble member. entity: 32-bit key of who decides. day: day of the war, 0-65535.
        decision: which decision, 0-255 (engine/decisions.py). number: 0-255, for several draws in one decision.
    """
    c1 = np.uint64(day) | (np.uint64(decision) << np.uint64(16)) | (np.uint64(number) << np.uint64(24))
    s = np.uint64(seed)
    w0, _, _, _ = philox(np.uint64(entity), c1, np.uint64(0), np.uint64(member), s & _MASK, s >> _SHIFT)
    return (np.float64(w0) + 0.5) * _TO_UNIT


@scalar
def normal(seed: int, member: int, entity: int, day: int, decision: int, number: int) -> float:
    """One standard normal draw (Box & Muller 1958, doi:10.1214/aoms/1177706645), keyed as `uniform`."""
    c1 = np.uint64(day) | (np.uint64(decision) << np.uint64(16)) | (np.uint64(number) << np.uint64(24))
    s = np.uint64(seed)
    w0, w1, _, _ = philox(np.uint64(entity), c1, np.uint64(0), np.uint64(member), s & _MASK, s >> _SHIFT)
    u = (np.float64(w0) + 0.5) * _TO_UNIT
    v = (np.float64(w1) + 0.5) * _TO_UNIT
    return math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * v)


def name_key(name: str) -> int:
    """A stable 32-bit key for a named entity, the same on every machine and in every run.

    >>> name_key("army")
    203501366
    """
    return zlib.crc32(name.encode())
