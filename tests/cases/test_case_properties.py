"""Properties that hold for any valid case."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from allegiance.base.errors import FaultyInput
from allegiance.cases.faults import validated
from allegiance.cases.loader import load_case
from allegiance.cases.paths import case_hash, dump, numbers, resolve, with_values
from allegiance.cases.reader import Document, parse
from allegiance.cases.schema import Case
from allegiance.cases.template import TEMPLATE
from cases.strategies import case_data, small_cases

few = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@few
@given(case_data())
def test_a_written_case_is_read_back_as_it_was(data: dict) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "case.yaml"
        YAML().dump(data, path)
        case = load_case(path)
        YAML().dump(dump(case), path)
        assert case_hash(load_case(path)) == case_hash(case)


@few
@given(small_cases(), st.data())
def test_any_number_can_be_set_and_read_back(case: Case, data: st.DataObject) -> None:
    path, number = data.draw(st.sampled_from(numbers(case)))
    if path.rsplit(".", 2)[-2:-1] and path.split(".")[-2] in ("composition", "groups", "recruits_from"):
        return  # shares are tied to one another; tested apart
    if path.endswith((".weight", "area_target", "area_start", "strength")):
        return
    changed = with_values(case, {path: number.value})
    assert resolve(changed, path) == number.value
    others = [(p, n.value) for p, n in numbers(changed) if p != path]
    assert others == [(p, n.value) for p, n in numbers(case) if p != path]


@few
@given(small_cases(), st.floats(0, 1))
def test_shares_still_add_up_after_one_is_set(case: Case, share: float) -> None:
    composition = case.sides["attacker"].forces["army"].composition
    if len(composition) < 2:
        return
    first = next(iter(composition))
    changed = with_values(case, {f"sides.attacker.forces.army.composition.{first}": share})
    after = changed.sides["attacker"].forces["army"].composition
    assert after[first].value == share
    assert math.isclose(sum(s.value for s in after.values()), 1, abs_tol=1e-9)


JUNK = [None, True, 5, -1, 1e400, "", "x", "2000-13-45", "9999-12-31", [], [1], [{}], {}, {"a": 1}, {"value": "x"}]


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every path in plain data."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


TEMPLATE_DATA = parse(TEMPLATE.read_text(), "template").data
PLACES = list(places(TEMPLATE_DATA))


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(PLACES), st.sampled_from(JUNK))
def test_junk_anywhere_is_a_fault_and_never_a_crash(path: tuple[Any, ...], junk: Any) -> None:
    data = deepcopy(TEMPLATE_DATA)
    inner = data
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = junk
    with suppress(FaultyInput):
        validated(Document("junk", data), Case)


@few
@given(case_data(), st.sampled_from(["nan", "negative", "unit", "gone", "unknown"]))
def test_any_broken_number_is_refused(data: dict, how: str) -> None:
    number = data["sides"]["attacker"]["forces"]["army"]["equipment"]
    if how == "gone":
        del data["sides"]["attacker"]["forces"]["army"]["equipment"]
    else:
        changes = {"nan": ("value", math.nan), "negative": ("value", -0.1), "unit": ("unit", "km"), "unknown": ("x", 1)}
        key, value = changes[how]
        number[key] = value
    with TemporaryDirectory() as folder:
        path = Path(folder) / "case.yaml"
        YAML().dump(data, path)
        with pytest.raises(FaultyInput, match="equipment"):
            load_case(path)
