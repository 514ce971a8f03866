"""A case's numbers are drawn within their ranges, repeatably, about their stated values."""

import numpy as np

from allegiance.cases.loader import load_case
from allegiance.cases.paths import case_hash, numbers
from allegiance.inference.bank import coded_cases
from allegiance.inference.ranges import within_ranges


def test_draws_repeat_and_differ() -> None:
    case = load_case("reference")
    assert case_hash(within_ranges(case, 0, 3)) == case_hash(within_ranges(case, 0, 3))
    assert case_hash(within_ranges(case, 0, 3)) != case_hash(within_ranges(case, 0, 4))
    assert case_hash(within_ranges(case, 0, 3)) != case_hash(within_ranges(case, 1, 3))


def test_every_number_stays_in_its_range_with_the_stated_value_in_the_middle() -> None:
    case = load_case("egypt-2011")
    ranged = {path: n for path, n in numbers(case) if n.range and n.range[0] < n.value < n.range[1]}
    drawn = [dict(numbers(within_ranges(case, 0, k))) for k in range(60)]
    path = next(p for p in ranged if p.endswith("supply"))
    values = np.array([d[path].value for d in drawn])
    low, high = ranged[path].range or (0, 0)
    assert low <= values.min() < values.max() <= high
    assert 0.3 < np.mean(values < ranged[path].value) < 0.7
    for d in drawn[:5]:
        for name, number in ranged.items():
            assert number.range is not None
            if "groups" not in name and "weight" not in name:
                assert number.range[0] - 1e-9 <= d[name].value <= number.range[1] + 1e-9, name


def test_every_case_of_the_library_can_be_drawn() -> None:
    for known in coded_cases():
        assert case_hash(within_ranges(known.case, 0, 0)) != case_hash(known.case)
