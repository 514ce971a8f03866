"""Page, report and JSON say the same of a case: one scale rule, one seed, one statistic."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from allegiance.app import whatif_task
from allegiance.cases.loader import library, load_case
from allegiance.experiments.outcomes import outcomes_of
from allegiance.experiments.why import why
from allegiance.report.labels import percent, span
from allegiance.report.result import run
from allegiance.runs.ensemble import play_rows
from allegiance.runs.spec import RunSpec

SAMPLE = ("bahrain-2011", "united-kingdom-falklands-1982")
"""One case without and one with an armed opponent, both small; the whole library is played by `pytest -m slow`."""
MEMBERS = 4


@pytest.mark.parametrize("name", library())
def test_page_and_run_play_every_case_at_one_scale_with_as_many_wars(name: str) -> None:
    case = load_case(name)
    assert RunSpec().settled(case).scale == whatif_task.scale_for(case)
    assert RunSpec().members == whatif_task.PAIRS


@pytest.mark.parametrize("name", [n if n in SAMPLE else pytest.param(n, marks=pytest.mark.slow) for n in library()])
def test_page_report_and_json_agree(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = load_case(name)
    monkeypatch.setattr("allegiance.app.baselines.cache_folder", lambda: None)
    monkeypatch.setattr(whatif_task, "PAIRS", MEMBERS)
    whatif_task._known.clear()
    *_, last = (u.result for u in whatif_task.whatif({}, case=case, values={}) if u.result is not None)
    shown = {r["key"]: r["baseline"] for r in last["rows"]}
    done = run(case, MEMBERS, out=tmp_path / "run", scale=whatif_task.scale_for(case))
    said: dict[str, Any] = done.summary()
    text = plain(done.write_report().read_text(encoding="utf-8"))
    for side in case.sides:
        for form in ("mutiny", "coup_attempt"):
            chance = said["outcomes"][side][form]["probability"]
            assert shown[f"{side}.{form}?"] == pytest.approx(100 * chance)
            assert plain(percent(chance)) in text
        for form in ("desertion", "defection", "refusal", "shirking"):
            share = said["shares"][side][form]
            assert shown[f"{side}.{form}"] == pytest.approx(100 * share["median"], rel=1e-5)
            middle, ends = percent(share["median"]), span(share["interval"], percent)
            assert plain(f"{middle} ({ends})" if ends != middle else middle) in text
        if f"{side}.killed" in shown:
            assert shown[f"{side}.killed"] == pytest.approx(said["killed"][side]["median"], rel=1e-5)
    told = {"war.duration_days": said["war"]["duration_days"], "civilians_killed": said["civilians_killed"]}
    for key in told.keys() & shown.keys():
        assert shown[key] == pytest.approx(told[key]["median"], rel=1e-5)


def test_why_plays_the_first_wars_of_the_run() -> None:
    case = load_case(SAMPLE[0])
    found = why(case, MEMBERS, conditions=list(case.conditions)[:2])
    assert found.spec.scale == whatif_task.scale_for(case)
    rows = pl.DataFrame(play_rows(case, replace(found.spec, members=64), range(MEMBERS)), infer_schema_length=None)
    with_all = dict(found.joint.select("outcome", "with_all").iter_rows())
    for outcome in outcomes_of(case, [found.side]):
        mean = float(np.nanmean(outcome.values(rows)))
        assert with_all[outcome.key] == pytest.approx(mean, nan_ok=True)


def plain(text: str) -> str:
    """A text with single ordinary spaces, without markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())
