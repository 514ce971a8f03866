"""The gate over many cases says so when an outcome never or always happens anywhere."""

import numpy as np

from allegiance.inference.bank import coded_cases
from allegiance.inference.degeneracy import gate
from allegiance.inference.forecasters import History


def codes(mutiny: list[int]) -> dict[str, np.ndarray]:
    zero = np.zeros(len(mutiny))
    return {"coup": zero, "mutiny": np.array(mutiny), "refusal": zero + 3, "left": zero + 0.2}


def test_outcomes_that_never_or_always_happen_are_named() -> None:
    rows = {r["outcome"]: r for r in gate(History(coded_cases()[:2], [codes([0, 3]), codes([0, 0])]))}
    assert rows["coup attempt"]["degenerate"].startswith("coup attempt never happens")
    assert rows["order not carried out"]["degenerate"].startswith("order not carried out always happens")
    assert rows["mutiny"] == {
        "outcome": "mutiny", "cases": 2, "never": 1, "always": 0, "sometimes": 1, "mean": 0.25, "degenerate": ""
    }  # fmt: skip
