"""The luck of a company is the published generator, place by place."""

from __future__ import annotations

import numpy as np
import pytest

from allegiance.base.random import philox
from allegiance.day.luck import MOST_MEN, ROOM, company_words, what


@pytest.mark.parametrize("places", [1, 3, 20, 21, 100, 400])
@pytest.mark.parametrize(("ordinal", "roll", "member", "seed"), [(0, 1, 0, 1), (7, 0xFFFFFFFF, 99_999, 2**63 - 1), (3_000, 5, 1, 2**40 + 3)])
def test_words_are_those_of_the_plain_generator(places: int, ordinal: int, roll: int, member: int, seed: int) -> None:
    out = np.zeros(ROOM, np.uint32)
    day = what(731, 3)
    with np.errstate(over="ignore"):
        company_words(out, places, ordinal, roll, day, member, np.uint64(seed))
    groups = -(-places // 4)
    base = ordinal * (MOST_MEN // 4) & 0xFFFFFFFF
    for g in range(groups):
        with np.errstate(over="ignore"):
            words = philox(base + g, day, roll, member, seed & 0xFFFFFFFF, seed >> 32)
        assert [int(out[n * groups + g]) for n in range(4)] == [int(w) for w in words]


def test_no_two_places_days_or_decisions_share_a_word() -> None:
    seen = set()
    for ordinal in range(3):
        for day, decision in ((0, 2), (1, 2), (0, 3)):
            out = np.zeros(ROOM, np.uint32)
            with np.errstate(over="ignore"):
                company_words(out, 400, ordinal, 11, what(day, decision), 0, np.uint64(1))
            seen |= set(out[:400].tolist())
    assert len(seen) == 3 * 3 * 400


def test_day_and_decision_do_not_overlap() -> None:
    assert len({what(day, decision) for day in (0, 1, 3649, 65535) for decision in range(1, 17)}) == 4 * 16
