"""Slow, statistical: sampling companies changes no expected share; the control; what the founding argument expects."""

from __future__ import annotations

import numpy as np
import pytest

from allegiance.cases.loader import load_case
from allegiance.cases.schema import Case
from allegiance.runs.ensemble import Ensemble, simulate
from allegiance.runs.spec import RunSpec
from allegiance.runs.summary import summarise, wilson

pytestmark = pytest.mark.slow
FORMS = ("shirking", "refusal", "desertion", "defection", "mutineers")


def means(run: Ensemble, column: str) -> tuple[float, float]:
    values = run.members[column].to_numpy().astype(float)
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))


@pytest.mark.sample
def test_a_fifth_of_the_companies_has_the_same_expected_shares(reference: Case) -> None:
    """Parameters fixed, luck free, 24 members a side, ten shares and four losses compared at |z| < 4.

    Under no difference one comparison fails with probability 6e-5, all fourteen together below one in a thousand. What
    a few companies cannot resolve is allowed for: a tenth of the share.
    """
    spec = {"members": 24, "days": 90, "sample_parameters": False}
    whole = simulate(reference, RunSpec(**spec, scale=1.0, seed=1), daily=False, events=False)
    part = simulate(reference, RunSpec(**spec, scale=0.2, seed=2), daily=False, events=False)
    columns = [f"{side}.{form}" for side in reference.sides for form in (*FORMS, "killed", "wounded")]
    for column in columns:
        (a, error_a), (b, error_b) = means(whole, column), means(part, column)
        allowed = 4 * np.hypot(error_a, error_b) + 0.1 * max(a, b) + 1e-4
        assert abs(a - b) < allowed, (column, a, b, allowed)


@pytest.mark.sample
def test_a_paid_fed_volunteer_army_that_wins_fast_neither_mutinies_nor_plots() -> None:
    """N1: Britain in the Falklands, mutiny and coup attempt each below 5 %.

    With 200 wars and a true probability of 1 %, 10 or more events happen once in a hundred thousand trials.
    """
    case = load_case("united-kingdom-falklands-1982")
    britain = next(k for k in case.sides if "kingdom" in k or "brit" in k)
    run = simulate(case, RunSpec(members=200, seed=1), daily=False, events=False)
    for form in ("mutiny", "coup_attempt"):
        happened = float((run.members[f"{britain}.{form}"] > 0).mean())  # type: ignore[arg-type]
        assert happened < 0.05, (form, happened, wilson(happened, 200))


@pytest.fixture(scope="module")
def flagship() -> tuple[Case, Ensemble]:
    case = load_case("russia-ukraine-2022")
    return case, simulate(case, RunSpec(members=64, seed=1), events=False)


def test_the_flagship_as_the_founding_argument_expects(flagship: tuple[Case, Ensemble]) -> None:
    case, run = flagship
    summary = summarise(case, run.spec, run.members)
    russia = {form: found["probability"] for form, found in summary["outcomes"]["russia"].items()}
    assert russia["coup_attempt"] < 0.2
    for below in ("mutiny", "refusal", "desertion"):
        assert russia[below] > 2 * russia["coup_attempt"] + 0.1, (below, russia)
    assert max(russia[form] for form in ("mutiny", "refusal", "desertion", "shirking")) > 0.5


def test_the_flagships_army_shifts_to_compelled_men_after_losses(flagship: tuple[Case, Ensemble]) -> None:
    _, run = flagship
    import polars as pl

    army = run.daily.filter((pl.col("side") == "russia") & (pl.col("force") == "army"))
    compelled = army.with_columns((pl.col("share_conscript") + pl.col("share_mobilised")).alias("share"))
    first = compelled.filter(pl.col("day") == 0)["share"].mean()
    last = compelled.filter(pl.col("day") == pl.col("day").max().over("member"))["share"].mean()
    assert last > first + 0.1  # type: ignore[operator]


def test_the_flagships_capability_moves_towards_parity_and_civilians_go_on_dying(
    flagship: tuple[Case, Ensemble],
) -> None:
    _, run = flagship
    import polars as pl

    daily = run.daily.filter(pl.col("side") == "russia", pl.col("force") == "army")
    early = daily.filter(pl.col("day") < 10)["capability_log_ratio"].abs().mean()
    late = daily.filter(pl.col("day") > 150)["capability_log_ratio"].abs().mean()
    assert late < early, (early, late)  # type: ignore[operator]
    harm = daily.filter(pl.col("day").is_in([180, 300])).group_by("day").agg(pl.col("civilians_killed").mean())
    by_day = dict(harm.iter_rows())
    assert by_day[300] > by_day[180] + 100
