"""Updating on what was seen: weights, resampling, fresh luck, and files that cannot be."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from allegiance.base.errors import AllegianceError, FaultyInput
from allegiance.cases.loader import load_case
from allegiance.cases.schema import Case
from allegiance.inference import nowcast
from allegiance.inference.nowcast import Nowcast, _event_agreement, resample, update
from allegiance.inference.observations import SeenFile, load_seen
from allegiance.runs.spec import LUCK_PER_DRAW, RunSpec

SPEC = RunSpec(members=12, days=40, seed=0, scale=0.05, threads=2)


@pytest.fixture(scope="module")
def reference() -> Case:
    return load_case("reference")


def seen(case: Case, tmp_path: Path, text: str, information: str = "day 10") -> SeenFile:
    from datetime import timedelta

    def day(k: int) -> str:
        return (case.start + timedelta(days=k)).isoformat()

    for k in (40, 20, 10, 5):
        text, information = text.replace(f"day {k}", day(k)), information.replace(f"day {k}", day(k))
    path = tmp_path / "seen.yaml"
    path.write_text(f"information_date: {information}\nobservations:\n{text}")
    return load_seen(path, case)


COUNT = "  - {{side: stronger, kind: count, what: estimated_dead, by: day 10, value: {}, error: {}, source: test}}\n"
EVENTS = "  - {{side: stronger, kind: event, what: mutiny, by: day 10, value: {}, source: test}}\n"


@pytest.fixture(scope="module")
def updated(reference: Case, tmp_path_factory: pytest.TempPathFactory) -> Nowcast:
    return update(reference, seen(reference, tmp_path_factory.mktemp("seen"), COUNT.format(90, 0.3)), SPEC)


def test_members_that_saw_what_was_seen_weigh_more(updated: Nowcast) -> None:
    known = updated.prior_daily.filter((pl.col("side") == "stronger") & (pl.col("day") == 10))
    dead = known.group_by("member").agg(pl.col("killed").sum()).sort("member")["killed"].to_numpy()
    off = np.abs(np.log1p(dead * 0.85) - np.log1p(90))
    order = np.argsort(off)
    assert updated.weights[order[:4]].sum() > updated.weights[order[-4:]].sum()
    assert 1 <= updated.effective <= 12


def test_the_past_is_kept_and_the_future_is_drawn_anew(updated: Nowcast) -> None:
    """Copies of one member agree up to the information date, and differ after it."""
    chosen = resample(updated.weights, SPEC.members, SPEC.seed)
    copies = [k for k in range(1, len(chosen)) if chosen[k] == chosen[k - 1]]
    assert copies, "no member was drawn twice"
    k = copies[0]
    columns = [c for c in updated.daily.columns if c != "member"]
    first, second = (updated.daily.filter(pl.col("member") == m).select(columns) for m in (k - 1, k))
    before = pl.col("day") <= 10
    assert first.filter(before).equals(second.filter(before))
    original = updated.prior_daily.filter((pl.col("member") == int(chosen[k])) & before).select(columns)
    assert first.filter(before).equals(original)
    assert not first.equals(second)


def test_intervals_pair_members_by_their_draw_and_not_by_their_place(
    updated: Nowcast, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = resample(updated.weights, SPEC.members, SPEC.seed)
    assert updated.drawn.tolist() == (chosen // LUCK_PER_DRAW).tolist()
    given: list[Any] = []
    monkeypatch.setattr(nowcast, "summarise", lambda *a: given.append(a) or {"outcomes": {}})
    updated.summary()
    assert [a[3:] for a in given] == [(updated.drawn,), ()]


def test_seeing_nothing_new_changes_little(reference: Case, tmp_path: Path) -> None:
    vague = update(reference, seen(reference, tmp_path, COUNT.format(80, 50.0)), SPEC)
    assert vague.effective > 11.9


def test_an_impossible_observation_is_named(reference: Case, tmp_path: Path) -> None:
    with pytest.raises(AllegianceError, match="estimated_dead 1e\\+06"):
        update(reference, seen(reference, tmp_path, COUNT.format(1_000_000, 0.1)), SPEC)


@pytest.mark.parametrize(
    ("text", "information", "fault"),
    [
        (COUNT.format(5, 0.1).replace("stronger", "strongr"), "day 10", "did you mean 'stronger'"),
        (COUNT.format(5, 0.1).replace("estimated_dead", "estimated_ded"), "day 10", "did you mean 'estimated_dead'"),
        (COUNT.format(5, 0.1), "day 5", "after the information date"),
        (COUNT.format(5, 0.1), "1999-01-01", "outside the horizon"),
        (COUNT.format(5, 0.1) + COUNT.format(9, 0.1).replace("day 10", "day 5"), "day 10", "shrinks"),
        (COUNT.format(5, 0.1) + COUNT.format(9, 0.1), "day 10", "a second value for the same day"),
        (COUNT.format(5, 0.1) + COUNT.format(9, 0.1).replace("estimated", "named"), "day 10", "a total below a part"),
        (COUNT.format(5, 0.1).replace("error", "unit: tons, error"), "day 10", "unknown unit"),
        (EVENTS.format(0.5), "day 10", "whole numbers"),
        (COUNT.format(-5, 0.1), "day 10", "greater than or equal to 0"),
        (COUNT.format(5, 0.1).replace("value", "valu"), "day 10", "valu"),
        ("  - {side: stronger, kind: grievance, by: day 10, value: 1, source: test}\n", "day 10", "needs its error"),
        ("  - {side: stronger, kind: event, what: mutny, by: day 10, value: 1, source: test}\n", "day 10", "mutiny"),
    ],
)
def test_a_faulty_file_is_refused(reference: Case, tmp_path: Path, text: str, information: str, fault: str) -> None:
    with pytest.raises(FaultyInput) as caught:
        seen(reference, tmp_path, text, information)
    assert fault in str(caught.value)
    assert "seen.yaml:" in str(caught.value)


def test_events_and_indices_count_too(reference: Case, tmp_path: Path) -> None:
    text = (
        "  - {side: stronger, kind: event, what: coup_attempt, by: day 10, value: 0, source: test}\n"
        "  - {side: stronger, kind: event, what: mutiny, by: day 10, value: 0, source: test}\n"
        "  - {side: stronger, kind: grievance, by: day 10, value: 1.2, error: 0.4, source: test}\n"
    )
    result = update(reference, seen(reference, tmp_path, text), SPEC)
    assert result.summary()["updated"]["members"] == 12
    assert {"observation_1", "observation_2", "observation_3"} < set(result.agreement.columns)


def test_companies_of_one_episode_are_one_mutiny_to_those_who_count(reference: Case, tmp_path: Path) -> None:
    """Three companies of one week are known as one event, of all their people; an episode later counts again."""
    one = seen(reference, tmp_path, EVENTS.format(1)).observations[0]
    rows = {
        "member": [0, 0, 0, 1, 1, 2], "type": ["mutiny"] * 6, "side": ["stronger"] * 5 + ["weaker"],
        "day": [2, 3, 4, 2, 10, 2], "episode": [1, 1, 1, 1, 2, 1], "size": [100.0, 50.0, 25.0, 100.0, 30.0, 500.0],
        "weight": [1.0, 2.0, 4.0, 1.0, 1.0, 1.0],
    }  # fmt: skip
    _, expected = _event_agreement(one, pl.DataFrame(rows), 3, 10)

    def known(people: float, since: int) -> float:
        return 0.6 * (1.0 - math.exp(-people / 100.0)) * (1.0 - math.exp(-(10 - since + 1) / 20.0))

    assert expected == pytest.approx([known(300.0, 2), known(100.0, 2) + known(30.0, 10), 0.0])
