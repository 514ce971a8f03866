"""Weights, codes and scores on made-up banks whose truth is known."""

import numpy as np
import polars as pl
import pytest

from allegiance.cases.loader import load_case
from allegiance.cases.schema import Observed
from allegiance.inference.bank import CodedCase, bank_scale, coded_cases
from allegiance.inference.baselines import base_rate, ordinal_logit
from allegiance.inference.coding import LEVELS, coded, conditions_of, effective_size, level_probabilities
from allegiance.inference.scoreboard import coverage, score, score_fitted
from allegiance.inference.weights import case_log_weight, tempered

DRAWS = 24


def observed(side: str, **values: object) -> Observed:
    codes = {"coup": 0, "mutiny": 1, "left": (0.01, 0.05), "refusal": 1} | values
    return Observed(side=side, basis="judgement", note="made up", **codes)


def members(side: str, left: np.ndarray, **given: float) -> pl.DataFrame:
    """Members with these shares that left, in which else nothing happens but what is given."""
    still = dict.fromkeys(
        ("defection", "coup_success", "coup_attempt", "refusal", "halted_share", "mutinous_companies",
         "largest_mutiny"), 0.0,
    )  # fmt: skip
    columns = {f"{side}.{k}": np.full(len(left), v) for k, v in {**still, "served": 10_000.0, **given}.items()}
    return pl.DataFrame({**columns, f"{side}.desertion": left, "war.end": ["ongoing"] * len(left)})


@pytest.mark.parametrize(("people", "level"), [(90, 1), (110, 2), (999, 2), (1000, 3)])
def test_mutiny_is_coded_by_its_largest_episode(people: float, level: int) -> None:
    """Of 10,000 who served, however many left."""
    left = np.array([0.0, 0.6])
    codes = coded(members("a", left, mutinous_companies=40.0, largest_mutiny=people), "a", False)
    assert codes["mutiny"].tolist() == [level, level]
    assert codes["coup"].tolist() == [0, 0]
    assert codes["left"].tolist() == [0.0, 0.6]
    assert coded(members("a", left), "a", False)["mutiny"].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("refused", "halted", "level"),
    [(0.001, 0.0, 0), (0.002, 0.09, 1), (0.0, 0.1, 2), (0.03, 0.0, 2), (0.5, 0.29, 2), (0.0, 0.3, 3)],
)
def test_refusal_is_coded_by_people_or_by_units_held_back(refused: float, halted: float, level: int) -> None:
    codes = coded(members("a", np.zeros(1), refusal=refused, halted_share=halted), "a", False)
    assert codes["refusal"].tolist() == [level]


def test_a_draw_that_agrees_with_history_weighs_more() -> None:
    left = np.repeat(np.array([0.03, 0.9]), 2)
    weight = case_log_weight(coded(members("a", left), "a", False), observed("a"))
    assert weight[0] > weight[1]


def test_tempering_keeps_the_share_of_draws_it_is_told_to() -> None:
    rng = np.random.default_rng(0)
    weights, exponent = tempered([rng.normal(0, 5, 200) for _ in range(10)], keep=0.3)
    assert effective_size(weights) == pytest.approx(60, rel=0.05)
    assert 0 < exponent < 1


def test_level_probabilities_never_give_nothing_a_chance() -> None:
    assert level_probabilities(np.zeros(4, int), 3).min() > 0


def test_baselines_give_probabilities_and_learn_a_plain_slope() -> None:
    conditions = np.repeat(np.linspace(0, 1, 30).reshape(-1, 1), 2, axis=1)
    codes = (conditions[:, 0] * 2.99).astype(int).tolist()
    low, high = (ordinal_logit(conditions, codes, np.full(2, x), 3) for x in (0.0, 1.0))
    assert low.sum() == pytest.approx(1)
    assert low[0] > high[0]
    assert high[2] > low[2]
    assert base_rate(codes, 3).sum() == pytest.approx(1)


def test_the_scoreboard_rewards_a_model_that_knows_and_counts_every_case() -> None:
    """Each made-up case has its own share that left; half the draws of its bank know it, the same half everywhere."""
    base = load_case("reference")
    shares = np.geomspace(0.004, 0.8, 8)
    cases, bank = [], {}
    for k, share in enumerate(shares):
        case = base.model_copy(update={"id": f"made-up-{k}"})
        cases.append(CodedCase(case, observed("stronger", left=(share * 0.9, min(1.0, share * 1.1)))))
        known = np.repeat(np.where(np.arange(DRAWS) % 2 == 0, share, 0.06), 2)
        bank[case.id] = members("stronger", known)
    board = score(cases, bank)
    left = board.comparisons.filter((pl.col("outcome") == "left") & (pl.col("rival") == "base_rate")).row(0, named=True)
    assert left["verdict"] == "better"
    assert left["cases"] == 8
    assert coverage(board.cases)[1] == 8
    assert set(board.cases["outcome"]) == {*LEVELS, "left"}


def test_a_fitted_set_is_compared_only_on_cases_it_was_not_fitted_to() -> None:
    """Six made-up cases of one truth; the fitted bank knows it, the prior bank does not."""
    base = load_case("reference")
    cases = [
        CodedCase(base.model_copy(update={"id": f"made-up-{k}"}), observed("stronger", left=(0.28, 0.32)))
        for k in range(6)
    ]
    prior = {c.case.id: members("stronger", np.full(2 * DRAWS, 0.01)) for c in cases}
    fitted = {c.case.id: members("stronger", np.full(2 * DRAWS, 0.3)) for c in cases}
    board = score_fitted(cases, prior, fitted, {"made-up-0", "made-up-1"})
    left = board.comparisons.filter((pl.col("outcome") == "left") & (pl.col("rival") == "prior")).row(0, named=True)
    assert left["verdict"] == "better"
    assert left["cases"] == 4
    assert coverage(board.cases) == (4, 4)
    assert board.cases["case"].n_unique() == 6


def test_families_are_left_out_together() -> None:
    families = {c.case.id: c.family for c in coded_cases()}
    assert families["egypt-2011"] == families["tunisia-2011"] == "uprisings-2011"
    assert families["russia-ukraine-2022"] == families["russia-ukraine-2023"] == "ukraine"


def test_conditions_and_scales_stay_in_their_ranges() -> None:
    for known in coded_cases():
        assert 0 < bank_scale(known.case) <= 1
        for name, value in conditions_of(known.case, known.observed.side).items():
            assert -0.01 <= value <= 1.5, (known.case.id, name, value)
