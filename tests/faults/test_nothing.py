"""Kind 6: statistics of nothing are not findings."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from allegiance.cases.loader import load_case
from allegiance.cases.schema import Case
from allegiance.experiments.claims import ClaimResult, _joint_p, _why
from allegiance.experiments.effects import Estimate
from allegiance.experiments.outcomes import Outcome
from allegiance.experiments.protocol import protocol
from allegiance.experiments.sensitivity import Sensitivity, summary
from allegiance.experiments.why import Attribution
from allegiance.report import sensitivity_page, why_page
from allegiance.runs.spec import RunSpec

KIND = "Statistics of nothing"
NAN = float("nan")


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("reference")


def sensitivity_of(case: Case, mu: list[float], st: list[float | None], ranks: bool = True) -> Sensitivity:
    """An analysis of one outcome over two judgement numbers, the dummy and chance."""
    rows = [("a.b", "case", "judgement"), ("c.d", "case", "judgement")]
    rows += [("dummy", "dummy", ""), ("chance", "chance", "")]
    frame = pl.DataFrame([
        {"outcome": "stronger.mutiny", "unit": "mutinies", "input": n, "kind": k, "basis": b, "value": 0.5, "low": 0.1,
         "high": 0.9, "why": "", "mu_star": m, "mu_star_conf": 0.0, "sigma": m,
         **{f"{i}{end}": s for i in ("S1", "ST") for end in ("", "_low", "_high")}}
        for (n, k, b), m, s in zip(rows, mu, st, strict=True)
    ], schema_overrides={f"{i}{e}": pl.Float64 for i in ("S1", "ST") for e in ("", "_low", "_high")})  # fmt: skip
    some = st[0]
    sums = pl.DataFrame([{"outcome": "stronger.mutiny", "first_order": some, "low": some, "high": some, "error": 0.1,
                          "ranks": ranks, "size": 8, "size_needed": 8}])  # fmt: skip
    outcome = Outcome("stronger.mutiny", "mutinies", "mutinies", side="stronger")
    spec = RunSpec(members=4, days=10, scale=0.02)
    return Sensitivity(case, "stronger", spec, (outcome,), 100, frame, sums)


@pytest.mark.parametrize("ranks", [True, False], ids=["a large sample", "sample a small sample"])
def test_an_outcome_that_never_varied_ranks_nothing(ranks: bool, case: Case) -> None:
    """An outcome that was the same in every war ranks nothing: no number to research, no table, no picture."""
    found = sensitivity_of(case, [0.0] * 4, [None] * 4, ranks)
    assert found.homework().is_empty()
    assert not found.varied("stronger.mutiny")
    assert summary(found)["research_first"] == []
    assert sensitivity_page.headline(found) == "Nothing to rank: mutinies was the same in every simulated war."
    assert "same in every simulated war" in sensitivity_page.paragraph(found, found.outcomes[0])
    page = sensitivity_page.sensitivity_page(found)
    assert page.brief == []
    assert len(page.sections[0].blocks) == 1


@pytest.mark.parametrize("mu", [[1.0, 0.0, 0.0, 0.0], [0.0, 2.0, 0.0, 0.0]], ids=["the first", "the second"])
def test_a_number_that_moved_nothing_is_no_homework(mu: list[float], case: Case) -> None:
    """A number that moved an outcome in no point is not listed as one to research."""
    found = sensitivity_of(case, mu, [None] * 4, ranks=False)
    assert found.homework()["input"].to_list() == ["a.b" if mu[0] else "c.d"]
    assert summary(found)["research_first"] == found.homework()["input"].to_list()


def test_numbers_that_matter_are_still_ranked(case: Case) -> None:
    """What varied is ranked as before."""
    found = sensitivity_of(case, [1.0, 2.0, 0.0, 0.0], [0.2, 0.7, 0.0, 0.1])
    assert found.homework()["input"].to_list() == ["c.d", "a.b"]
    assert sensitivity_page.headline(found) == "Research first: c.d."


ABOUT = {"outcome": "stronger.mutiny?", "label": "mutiny, probability", "unit": "percentage points"}


def attribution(case: Case, effects: dict[str, tuple[float, float, float]], joint: float) -> Attribution:
    rows = [
        {**ABOUT, "condition": name, "claim": "C1", "shapley": value, "low": low, "high": high, "alone": value,
         "alone_low": low, "alone_high": high}
        for name, (value, low, high) in effects.items()
    ]  # fmt: skip
    whole = {**ABOUT, "without": 5.0, "with_all": 5.0 + joint, "joint": joint, "joint_low": joint, "joint_high": joint,
             "sum_alone": joint, "beyond_sum": 0.0, "low": 0.0, "high": 0.0}  # fmt: skip
    labels = dict.fromkeys(effects, "neutral")
    spec = RunSpec(members=4, days=10, scale=0.02)
    tables = (pl.DataFrame(rows), pl.DataFrame([whole]), pl.DataFrame())
    return Attribution(case, "stronger", labels, spec, False, 6, *tables)


EFFECTS: dict[str, dict[str, tuple[float, float, float]]] = {
    "sample nothing moves": {"ties": (0.0, 0.0, 0.0), "losses": (0.0, 0.0, 0.0)},
    "one moves": {"ties": (0.0, 0.0, 0.0), "losses": (2.0, 1.0, 3.0)},
    "one moves to both sides": {"ties": (0.0, 0.0, 0.0), "losses": (0.0, -1.0, 1.0)},
}


@pytest.mark.parametrize("moves", EFFECTS)
def test_an_effect_of_exactly_nothing_is_no_contribution(moves: str, case: Case) -> None:
    """A condition that changed nothing in any member is not listed among the contributions."""
    found = attribution(case, EFFECTS[moves], sum(v for v, _, _ in EFFECTS[moves].values()))
    said = why_page.paragraph(found, "stronger.mutiny?")
    if moves == "sample nothing moves":
        assert "no finding that none matters" in said
        assert why_page.headline(found).startswith("No condition's contribution")
    else:
        assert "Contributions: losses" in said
        assert "Nothing changed with ties" in said
        assert "ties 0" not in said


def claim_result(p: float, answers: dict[str, str], draws: int = 40) -> tuple[ClaimResult, Any]:
    def both(effects: Any) -> bool:
        asked = {e.expect for e in effects.values() if e.role != "context"}
        return bool({"up", "down"} & asked) and bool({"equal", "below"} & asked)

    name = next(n for n, e in protocol().claims.items() if both(e.effects))
    experiment = protocol().claims[name]
    estimates = {k: Estimate(1.0, 0.5, 1.5, 0.3, p if e.expect in ("up", "down") else NAN, draws, {})
                 for k, e in experiment.effects.items()}  # fmt: skip
    return ClaimResult(name, experiment, "inconclusive", "", estimates, {}, {}, []), experiment


def test_sample_inconclusive_beside_a_small_p_is_explained() -> None:
    """`inconclusive` beside p = 0.0005 says what the p value is of and what the verdict still lacks."""
    result, experiment = claim_result(0.0005, {})
    answers = {
        k: "shows" if e.expect in ("up", "down") or e.role == "context" else "open"
        for k, e in experiment.effects.items()
    }
    said = _why(experiment, "inconclusive", result.estimates, answers, dict.fromkeys(answers))  # type: ignore[arg-type]
    assert "p = 0.0005" in said
    assert "stay within a bound" in said


@pytest.mark.parametrize("draws", [1, 2, 11])
def test_few_draws_have_no_p_value(draws: int) -> None:
    """A p value of fewer draws than a verdict needs is not given."""
    result, _ = claim_result(0.0005, {}, draws)
    value = _joint_p(result)
    assert value != value
