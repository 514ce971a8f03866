"""Philox against its authors' vectors, and what keyed randomness promises."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from allegiance.base.random import name_key, normal, philox, uniform

ONES = 0xFFFFFFFF
# Known answers of the Random123 library for philox4x32 with 10 rounds: counter, key, result.
VECTORS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES,) * 4, (ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "answer"), VECTORS, ids=["zeros", "ones", "pi"])
def test_known_answers(counter: tuple[int, ...], key: tuple[int, ...], answer: tuple[int, ...]) -> None:
    assert tuple(int(word) for word in philox(*counter, *key)) == answer


def draws(n: int, seed: int = 0, member: int = 0, day: int = 1, decision: int = 2) -> np.ndarray:
    return np.array([uniform(seed, member, entity, day, decision, 0) for entity in range(n)])


def test_uniform_is_uniform_on_the_open_interval() -> None:
    values = draws(20_000)
    assert values.min() > 0.0
    assert values.max() < 1.0
    counts = np.histogram(values, bins=50, range=(0.0, 1.0))[0]
    chi_square = float((((counts - 400.0) ** 2) / 400.0).sum())
    assert 25.0 < chi_square < 85.0  # 49 degrees of freedom: both too even and too uneven fail


def test_normal_is_normal() -> None:
    values = np.array([normal(3, 1, entity, 7, 9, 0) for entity in range(20_000)])
    assert abs(values.mean()) < 0.03
    assert values.std() == pytest.approx(1.0, abs=0.03)
    assert np.mean(np.abs(values) < 1.959964) == pytest.approx(0.95, abs=0.01)
    assert np.mean(values**3) == pytest.approx(0.0, abs=0.1)
    assert np.mean(values**4) == pytest.approx(3.0, abs=0.25)


def test_seed_zero_is_a_seed_like_any_other() -> None:
    assert np.array_equal(draws(50, seed=0), draws(50, seed=0))
    assert not np.array_equal(draws(50, seed=0), draws(50, seed=1))


def test_every_key_matters_and_none_can_be_exchanged_for_another() -> None:
    base = (5, 5, 5, 5, 5, 5)
    seen = {uniform(*base)}
    for position, other in itertools.product(range(6), (0, 1, 250)):
        seen.add(uniform(*(other if i == position else v for i, v in enumerate(base))))
    assert len(seen) == 1 + 6 * 3


def test_large_keys_do_not_collide_or_overflow() -> None:
    assert uniform(2**63 - 1, 0, 0, 0, 0, 0) != uniform(2**31 - 1, 0, 0, 0, 0, 0)
    assert uniform(2**32, 0, 0, 0, 0, 0) != uniform(0, 0, 0, 0, 0, 0)  # the high word of the seed counts
    assert 0.0 < uniform(0, 2**31 - 1, 2**32 - 1, 65_535, 255, 255) < 1.0


@pytest.mark.parametrize("axis", ["seed", "member", "day", "decision"])
def test_neighbouring_keys_are_uncorrelated(axis: str) -> None:
    first, second = draws(5_000, **{axis: 1}), draws(5_000, **{axis: 2})
    assert abs(float(np.corrcoef(first, second)[0, 1])) < 4 / math.sqrt(5_000)


def test_order_and_company_do_not_matter() -> None:
    """A draw is a function of its keys: reversing the order or adding an agent changes nobody else's."""
    forward = {entity: uniform(1, 2, entity, 3, 4, 0) for entity in range(100)}
    backward = {entity: uniform(1, 2, entity, 3, 4, 0) for entity in reversed(range(101))}
    assert all(backward[entity] == value for entity, value in forward.items())


def test_name_keys_are_stable_and_differ() -> None:
    assert name_key("army") == 203501366
    names = ["army", "guard", "wagner", "navy", "militia", "1st brigade", "2nd brigade"]
    assert len({name_key(n) for n in names}) == len(names)
    assert all(0 <= name_key(n) < 2**32 for n in names)
