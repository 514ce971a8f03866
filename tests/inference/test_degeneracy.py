"""The gate over many cases says so when an outcome never or always happens anywhere."""

import numpy as np
import polars as pl

from allegiance.inference.bank import coded_cases
from allegiance.inference.degeneracy import gate
from allegiance.inference.forecasters import History


def codes(mutiny: list[int]) -> dict[str, np.ndarray]:
    zero = np.zeros(len(mutiny))
    return {"coup": zero, "mutiny": np.array(mutiny), "refusal": zero + 3, "left": zero + 0.2}


def test_outcomes_that_never_or_always_happen_are_named() -> None:
    cases = coded_cases()[:2]
    played = {
        c.case.id: pl.DataFrame(
            {
                f"{c.observed.side}.{form}": values
                for form, values in {
                    "desertion": [0.2, 0.0], "defection": [0.0, 0.0], "shirking": [0.5, 0.5], "refusal": [0.0, 0.5],
                }.items()
            }
        )
        for c in cases
    }  # fmt: skip
    rows = {r["outcome"]: r for r in gate(History(cases, [codes([0, 3]), codes([0, 0])]), played)}
    assert "never" in rows["defection (0.1% of soldiers)"]["degenerate"]
    assert "always" in rows["shirking (1.0% of soldiers)"]["degenerate"]
    assert rows["desertion (1.0% of soldiers)"]["mean"] == 0.5
    assert rows["coup attempt"]["degenerate"].startswith("coup attempt never happens")
    assert rows["order not carried out"]["degenerate"].startswith("order not carried out always happens")
    assert rows["mutiny"] == {
        "outcome": "mutiny", "cases": 2, "never": 1, "always": 0, "sometimes": 1, "mean": 0.25, "degenerate": ""
    }  # fmt: skip
