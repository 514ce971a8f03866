"""Counterfactuals on shared luck: no change is no difference, a change is found and dated, bad requests are refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import allegiance.experiments.compare as module
from allegiance.base.errors import AllegianceError
from allegiance.cases.loader import load_case
from allegiance.experiments.compare import Comparison, compare, counterfactual, first_steady
from allegiance.report.compare_page import write_compare_report

SMALL = {"members": 8, "days": 40, "scale": 0.1, "threads": 2}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Comparison, Path]:
    out = tmp_path_factory.mktemp("compare") / "c"
    against = ["same:sides.stronger.supply=0.7", "hungry:sides.stronger.supply=0.3"]
    return compare("reference", against, out=out, **SMALL), out


def test_a_change_of_nothing_makes_no_difference_at_all(done: tuple[Comparison, Path]) -> None:
    rows = done[0].frame.filter(pl.col("counterfactual") == "same")
    assert (rows["difference"] == 0).all()
    assert not rows["excludes_zero"].any()
    assert done[0].since.filter(pl.col("counterfactual") == "same")["since"].is_null().all()


def test_hunger_is_found_and_dated(done: tuple[Comparison, Path]) -> None:
    rows = {r["outcome"]: r for r in done[0].frame.filter(pl.col("counterfactual") == "hungry").to_dicts()}
    shirking = rows["stronger.shirking"]
    assert shirking["low"] > 0
    played = [pl.read_parquet(done[1] / n / "members.parquet") for n in ("baseline", "hungry")]
    base, other = (members["stronger.shirking"] for members in played)
    assert shirking["difference"] == pytest.approx(100 * (other.mean() - base.mean()))
    assert (shirking["baseline"], shirking["changed"]) == pytest.approx((100 * base.median(), 100 * other.median()))
    summary = json.loads((done[1] / "baseline" / "summary.json").read_text())
    share, chance = summary["shares"]["stronger"]["shirking"], summary["outcomes"]["stronger"]["mutiny"]
    assert shirking["baseline"] == pytest.approx(100 * share["median"], rel=1e-5)
    assert rows["stronger.mutiny?"]["baseline"] == pytest.approx(100 * chance["probability"])
    since = done[0].since.filter(
        (pl.col("counterfactual") == "hungry") & (pl.col("quantity") == "capability_log_ratio")
    )
    assert since.filter(pl.col("side") == "stronger")["since"][0] == 0, "hunger weakens from the first day"


def test_paired_intervals_are_narrower_than_those_of_strangers(done: tuple[Comparison, Path]) -> None:
    _, out = done
    base, other = (pl.read_parquet(out / n / "members.parquet")["stronger.shirking"].to_numpy() for n in
                   ("baseline", "hungry"))  # fmt: skip
    unpaired = np.sqrt(base.var(ddof=1) + other.var(ddof=1))
    assert (other - base).std(ddof=1) < unpaired


def test_the_bundle_holds_the_runs_and_the_report(done: tuple[Comparison, Path]) -> None:
    result, out = done
    assert json.loads((out / "compare.json").read_text())["counterfactuals"][1]["set"] == {"sides.stronger.supply": 0.3}
    for name in ("baseline", "same", "hungry"):
        assert (out / name / "summary.json").is_file()
    page = write_compare_report(out, result).read_text(encoding="utf-8")
    assert "What changed and since when" in page


def test_an_interrupted_comparison_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    played: list[str] = []
    real = module.run_bundle

    def break_at_second(case: object, spec: object, where: Path, **options: object) -> dict[str, object]:
        if not (where / "summary.json").exists():  # a finished run is read, not played
            played.append(where.name.rsplit("-", 1)[0])
            if len(played) == 2:
                raise KeyboardInterrupt
        return real(case, spec, where, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "run_bundle", break_at_second)
    with pytest.raises(KeyboardInterrupt):
        compare("reference", ["no-ties"], out=tmp_path / "c", **SMALL)
    compare("reference", ["no-ties"], out=tmp_path / "c", **SMALL)
    assert played == ["baseline", "no-ties", "no-ties"]


def test_bad_requests_are_one_clear_message() -> None:
    case = load_case("reference")
    for text, said in (
        ("no-tie", "no counterfactual 'no-tie' .*\n.*'no-ties'"),
        ("x:sides.strongr.supply=1", "no 'strongr'"),
        ("x:sides.stronger.supply=7", "out of bounds"),
        ("x:", "sets nothing"),
        ("sides.stronger.supply=1", "has no name"),
        ("a b:war.intensity=1", "not a name"),
    ):
        with pytest.raises(AllegianceError, match=said):
            counterfactual(case, text)
    with pytest.raises(AllegianceError, match="nothing to compare"):
        compare(case, [])
    with pytest.raises(AllegianceError, match="at least 4"):
        compare(case, ["no-ties"], members=2)
    with pytest.raises(AllegianceError, match="same name"):
        compare(case, ["no-ties", "no-ties"])


def test_a_difference_must_hold_for_a_week() -> None:
    assert first_steady([True] * 6) is None
    assert first_steady([False] + [True] * 7) == 1
