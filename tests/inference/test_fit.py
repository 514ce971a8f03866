"""A fit to campaigns, from design to card: on made-up plays whose answer is known, and on bad input."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from ruamel.yaml import YAML
from small_world import world as small_world

from allegiance.base.errors import AllegianceError, FaultyInput
from allegiance.cli.fit import fit
from allegiance.forecast.fit_score import DECIDES, score_fit, verdict
from allegiance.inference.fit import coders, emulator, fitting, plays, posterior
from allegiance.inference.fit.claims import NO_FIT, NO_PARAMETER, weigh
from allegiance.inference.fit.coders import UNKNOWN, Record
from allegiance.inference.fit.design import latin
from allegiance.inference.fit.recover import recover
from allegiance.inference.fit.study import FitStudy, load_fit_study
from allegiance.report.fit_docs import told
from allegiance.report.fit_page import PARTS, fit_page, summary_of
from allegiance.runs.parameters import parameter_set
from allegiance.theory.registry import PARAMETERS, free

pytest.importorskip("emcee")
pytest.importorskip("arviz")
pytest.importorskip("sklearn")

STUDY: dict[str, Any] = {
    "title": "small", "seed": 3, "campaigns": {"first": 2001, "last": 2005, "test_last": 2008}, "draws": 56,
    "emulator": {"folds": 2, "draws": 3}, "sampler": {"walkers": 32, "steps": 60},
    "checks": {"worlds": 3, "steps": 30, "fresh": 2}, "kept": 20,
}  # fmt: skip
HEAD = "navco_id,camp_name,year,target_cowcode,nonviolent,total_part,camp_size,sec_defect,defect"
ROWS = [
    "1,Crowd A,2001,432,1,50000,2,0,0", "2,Crowd B,2002,433,1,,3,1,1", "3,Crowd C,2003,434,1,3000,1,0,1",
    "4,Crowd D,2004,435,1,900,0,1,0", "5,Crowd E,2005,436,1,20000,2,1,1", "6,Crowd F,2006,437,1,400,0,0,0",
    "7,Crowd G,2007,438,1,90000,3,1,1", "8,Crowd H,2008,439,1,500,1,0,1",
]  # fmt: skip


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_world(tmp_path_factory.mktemp("tables"))


def listed(folder: Path, rows: Sequence[str] = ROWS, head: str = HEAD) -> Path:
    path = folder / "mine.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def study(path: Path, **changes: Any) -> FitStudy:
    with path.open("w") as stream:
        YAML().dump(STUDY | changes, stream)
    return load_fit_study(str(path))


def test_a_design_has_every_campaign_as_often_and_one_point_in_every_slice_of_a_prior() -> None:
    made = latin(5, 8, seed=1)
    assert np.bincount(made.campaign).tolist() == [8] * 5
    slices = np.floor(0.5 * (1 + np.vectorize(_erf)(made.z[:, 7] / np.sqrt(2))) * 40)
    assert sorted(slices.tolist()) == list(range(40))
    number, values = made.of(2)[0]
    assert made.campaign[number] == 2
    assert list(values) == free()
    assert not np.array_equal(latin(5, 8, seed=2).z, made.z)


def _erf(x: float) -> float:
    import math

    return math.erf(x)


def made_up(campaigns: int, draws: int, parameters: int, strength: float) -> emulator.Plays:
    """Plays in which the first parameter alone matters, twice as much in the first half of the campaigns."""
    rng = np.random.default_rng(0)
    z = rng.normal(size=(campaigns * draws, parameters))
    at = np.arange(campaigns * draws) % campaigns
    first = (np.arange(campaigns) < campaigns // 2).astype(float)
    odds = strength * (1.0 + first[at]) * z[:, 0] + rng.normal(size=campaigns)[at]
    y = (rng.random(len(z)) < 1 / (1 + np.exp(-odds))).astype(float)
    return emulator.Plays(z, at, y, rng.normal(size=(campaigns, 2)), first[:, None] - first.mean())


def test_an_emulator_finds_what_matters_and_where() -> None:
    known = made_up(20, 60, 6, 0.8)
    made, check, _ = emulator.learn(known, 3, 4, 0, "shift")
    slopes = made.slope[0].mean(axis=0)
    assert np.argmax(np.abs(slopes)) == 0
    assert slopes[0] == pytest.approx(1.2, abs=0.3)
    assert made.slope[0, :10, 0].mean() > 1.3 * made.slope[0, 10:, 0].mean()
    assert check.gain > 4 * check.gain_se
    assert not check.fault
    assert made.slope.shape == (5, 20, 6)
    assert 0 < made.slope[1:, :, 0].std() < 0.5
    z, at = known.z[:7], known.campaign[:7]
    by_hand = [made.level[0, c] + made.slope[0, c] @ row for row, c in zip(z, at, strict=True)]
    np.testing.assert_allclose(made.log_odds(z, at), by_hand)


def test_an_emulator_that_knows_nothing_of_the_parameters_is_refused_and_one_without_events_is_not_made() -> None:
    _, check, _ = emulator.learn(made_up(20, 40, 6, 0.0), 3, 2, 0, "shift")
    assert "cannot tell one draw" in check.fault
    quiet = made_up(20, 20, 3, 0.5)
    quiet.y[:] = 0
    with pytest.raises(AllegianceError, match=r"came in 0 of 400 simulated worlds[\s\S]*more points"):
        emulator.learn(quiet, 3, 2, 0, "shift")


def record(count: int, seed: int = 0) -> Record:
    rng = np.random.default_rng(seed)
    y = (rng.random((2, count)) < 0.5).astype(float)
    y[1, ::5] = np.nan
    return Record(y[0], y[1], rng.normal(size=count), rng.normal(size=count))


def test_chances_of_all_codes_of_a_campaign_add_to_one_and_a_missing_code_says_nothing() -> None:
    odds, deviates = np.array([[0.7]]), np.full((1, len(UNKNOWN)), 0.3)
    here = {"press": np.array([0.5]), "decade": np.array([1.0])}
    every = [Record(np.array([a]), np.array([b]), **here) for a in (0.0, 1.0) for b in (0.0, 1.0)]
    chances = [np.exp(coders.log_likelihood(odds, deviates, one))[0] for one in every]
    assert sum(chances) == pytest.approx(1.0)
    first, second = coders.said_yes(odds, deviates, every[0])
    assert chances[2] + chances[3] == pytest.approx(first[0, 0])
    assert chances[1] + chances[3] == pytest.approx(second[0, 0])
    blank = Record(np.array([np.nan]), np.array([np.nan]), **here)
    assert coders.log_likelihood(odds, deviates, blank)[0] == 0.0


def test_a_made_up_record_is_coded_as_often_as_the_model_says() -> None:
    many = 20_000
    like = Record(np.ones(many), np.ones(many), np.zeros(many), np.zeros(many))
    deviates = np.zeros(len(UNKNOWN))
    made = coders.make_record(np.full(many, 0.4), deviates, like, np.random.default_rng(1))
    first, second = (x[0, 0] for x in coders.said_yes(np.full((1, 1), 0.4), deviates[None], like.take(np.array([0]))))
    assert made.first.mean() == pytest.approx(first, abs=0.02)
    assert made.second.mean() == pytest.approx(second, abs=0.02)
    assert np.mean(made.first == made.second) > 0.55  # they see the same truth


def simple(strength: float, campaigns: int = 60, draws: int = 1) -> emulator.Emulator:
    """Log-odds that two of four parameters move."""
    slope = np.zeros((draws, campaigns, 4))
    slope[:, :, 0], slope[:, ::2, 1] = strength, strength
    return emulator.Emulator(np.zeros((draws, campaigns)), slope)


def test_without_data_the_posterior_is_the_prior_and_with_data_only_what_acts_moves() -> None:
    blank = Record(np.full(60, np.nan), np.full(60, np.nan), np.zeros(60), np.zeros(60))
    rows = np.arange(60)
    empty = posterior.sample(simple(1.0), blank, rows, [0], 40, 300, 0, 100)
    np.testing.assert_allclose(empty.mean, 0.0, atol=0.2)
    np.testing.assert_allclose(empty.spread, 1.0, atol=0.2)
    yes = Record(np.ones(60), np.ones(60), np.zeros(60), np.zeros(60))
    full = posterior.sample(simple(1.0), yes, rows, [0], 40, 300, 0, 100)
    assert full.mean[0] > 0.3
    assert abs(full.mean[2]) < 1e-9
    assert full.spread[2] == pytest.approx(1.0)
    assert full.z[:, 2].std() == pytest.approx(1.0, abs=0.25)
    again = posterior.sample(simple(1.0), yes, rows, [0], 40, 300, 0, 100)
    np.testing.assert_array_equal(full.z, again.z)


def test_emulators_that_disagree_widen_the_posterior() -> None:
    two = simple(1.0, draws=2)
    two.slope[1, :, 0] = -1.0
    yes = Record(np.ones(60), np.ones(60), np.zeros(60), np.zeros(60))
    found = posterior.sample(two, yes, np.arange(60), [0, 1], 40, 300, 0, 40)
    assert found.between[0] > 0.4
    assert abs(found.mean[0]) < 0.3
    assert set(found.emulator) == {0, 1}


def test_a_sum_of_parameters_is_informed_where_none_of_them_is() -> None:
    slope = np.full((1, 60, 4), 1.5)
    yes = Record(np.ones(60), np.ones(60), np.zeros(60), np.zeros(60))
    found = posterior.sample(emulator.Emulator(np.full((1, 60), -4.0), slope), yes, np.arange(60), [0], 40, 600, 0, 40)
    spread, ways = found.combinations()
    np.testing.assert_allclose(ways.T @ ways, np.eye(4), atol=1e-9)
    np.testing.assert_allclose(np.abs(ways[:, 0]), 0.5, atol=1e-6)
    assert spread[0] < 0.7 < found.spread.min()
    np.testing.assert_allclose(spread[1:], 1.0)
    np.testing.assert_allclose((ways**2) @ spread**2, found.spread**2)


@pytest.mark.slow
def test_ranks_are_uniform_and_betray_a_fit_to_another_world(monkeypatch: pytest.MonkeyPatch) -> None:
    four = simple(1.5, draws=4)
    right = recover(four, record(60), [0, 1], 100, 32, 200, 0)
    row = right.coverage.filter(pl.col("quantity") == "all").row(0, named=True)
    assert 0.83 <= row["covered_90"] <= 0.96
    assert right.coverage["uniform_p"].drop_nulls().min() > 0.0005
    own = coders.make_record
    monkeypatch.setattr(
        "allegiance.inference.fit.recover.make_record", lambda odds, d, like, rng: own(-3 - odds, -d, like, rng)
    )
    wrong = recover(four, record(60), [0, 1], 30, 32, 200, 0)
    assert wrong.coverage["uniform_p"].drop_nulls().min() < 1e-4


Asked = Sequence[tuple[plays.Army, Sequence[plays.Point]]]


def one_by_one(cases: Sequence[Any], _: int) -> list[list[int]]:
    """Every campaign played in a world of its own."""
    return [[k] for k in range(len(cases))]


def known_plays(asked: Asked, seed: int) -> list[list[dict[str, Any]]]:
    """Worlds whose loyalty shifts by the first free parameter alone; the coup never comes."""
    return [known_play(army, points, seed) for army, points in asked]


def known_play(army: plays.Army, points: Sequence[plays.Point], seed: int) -> list[dict[str, Any]]:
    name = free()[0]
    centre = PARAMETERS[name].value
    rows = []
    for number, values in points:
        luck = np.random.default_rng([seed, number]).random()
        shift = int(luck < (0.9 if values[name] > centre else 0.1))
        rows.append({"number": army.number, "point": number} | dict.fromkeys(plays.OUTCOMES, 0)
                    | {"loyalty_shift": shift, "ruler_fell": shift})  # fmt: skip
    return rows


def no_more(*_: Any) -> Any:
    raise AssertionError("a finished play was played again")


def test_a_fit_goes_from_study_to_card_and_writes_a_set_that_runs_take(
    tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plays, "play_points", known_plays)
    small = study(tmp_path / "s.yaml")
    ground = fitting.ground_of(small, tables, listed(tmp_path))
    assert ground.about.height == 8
    assert ground.fitted.sum() == 5
    found = fitting.fit(small, ground, plays.store(tmp_path / "plays"), workers=1)
    assert found.parameters.filter(pl.col("parameter") == free()[0])["response"][0] > 0.5
    assert any("coup_attempt came in 0 of" in text for text in found.not_emulated)
    path = tmp_path / "parameters.json"
    path.write_text(found.result.model_dump_json(), encoding="utf-8")
    taken = parameter_set(str(path))
    assert taken is not None
    assert set(taken.names) <= set(free())
    scores, compared, _ = score_fit(found.campaigns)
    assert set(scores["rows_are"]) == {"each decade from the others", "test years"}
    assert DECIDES in list(compared.filter(pl.col("rows_are") == "test years").select("ours", "theirs").iter_rows())
    assert "default" in verdict(compared) or "better" in verdict(compared)
    summary = summary_of(found, scores, compared, 1)
    for title, rows, _ in PARTS:
        head, cells = rows(summary)
        assert cells, title
        assert all(len(row) == len(head) for row in cells), title
    assert fit_page(summary).title == "small"
    assert "#### How coders err" in told({"small": summary})
    assert {w.verdict for w in weigh({"small": summary})} == {NO_FIT, NO_PARAMETER}  # so short a walk is not used
    walked = summary | {"card": summary["card"] | {"r_hat": 1.0}}
    assert not {w.verdict for w in weigh({"small": walked})} & {NO_FIT}
    other = found.result.model_copy(update={"formulas": {"linkage": "0" * 64}})
    path.with_name("other.json").write_text(other.model_dump_json(), encoding="utf-8")
    with pytest.raises(AllegianceError, match="other formulas"):
        parameter_set(str(path.with_name("other.json")))


@pytest.mark.slow
def test_the_command_cut_anywhere_goes_on_to_the_same_bytes_and_counts_its_looks(
    tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study(tmp_path / "s.yaml")
    file, given = listed(tmp_path), str(tmp_path / "s.yaml")

    def command(out: str, **more: Any) -> Path:
        fit(study=given, out=tmp_path / out, file=file, workers=1, folder=tables,
            leaderboard=tmp_path / "board.jsonl", **more)  # fmt: skip
        return tmp_path / out

    done: list[str] = []

    def cut(asked: Asked, seed: int) -> list[list[dict[str, Any]]]:
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(asked[0][0].number)
        return known_plays(asked, seed)

    def went_on(asked: Asked, seed: int) -> list[list[dict[str, Any]]]:
        return no_more() if asked[0][0].number in done and seed == STUDY["seed"] else known_plays(asked, seed)

    monkeypatch.setattr(plays, "bundles", one_by_one)
    monkeypatch.setattr(plays, "play_points", cut)
    with pytest.raises(KeyboardInterrupt):
        command("cut", plays=tmp_path / "kept")
    monkeypatch.setattr(plays, "play_points", went_on)
    one = command("cut", plays=tmp_path / "kept")
    monkeypatch.setattr(plays, "play_points", known_plays)
    two = command("whole", record=tmp_path / "fit.json")
    for name in ("parameters.json", "campaigns.parquet", "coverage.parquet", "groups.parquet"):
        assert (one / name).read_bytes() == (two / name).read_bytes(), name
    looks = [json.loads((folder / "summary.json").read_text())["look"] for folder in (one, two)]
    assert looks == [1, 2]
    monkeypatch.setattr(plays, "play_points", no_more)
    command("whole")
    assert json.loads((tmp_path / "fit.json").read_text())["s"]["look"] == 2
    assert (two / "report.html").is_file()


def test_points_are_played_alike_alone_and_in_company(tables: Path, tmp_path: Path) -> None:
    ground = fitting.ground_of(study(tmp_path / "s.yaml"), tables, listed(tmp_path))
    design = latin(8, 3, 1)
    asked = [(ground.armies[k], design.of(k)) for k in (0, 1)]
    together = plays.play_points(asked, 5)
    alone = [[plays.play_points([(army, [point])], 5)[0][0] for point in points] for army, points in asked]
    assert together == alone
    assert set(together[0][0]) == {"number", "point", *plays.OUTCOMES}


@pytest.mark.parametrize(
    ("rows", "head", "said"),
    [
        (ROWS, HEAD.replace("total_part", "crowd"), "has no column total_part"),
        ([r[:-3] + "0,0" for r in ROWS], HEAD, "an outcome without events"),
        (ROWS[:5], HEAD, "none is left for the test"),
    ],
)
def test_tables_that_cannot_be_fitted_to_are_named(
    tables: Path, tmp_path: Path, rows: list[str], head: str, said: str
) -> None:
    with pytest.raises(AllegianceError, match=said):
        fitting.ground_of(study(tmp_path / "s.yaml"), tables, listed(tmp_path, rows, head))


def test_a_fit_whose_emulator_fails_is_refused_with_the_cure(
    tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dice(asked: Asked, seed: int) -> list[list[dict[str, Any]]]:
        return [
            [{"number": army.number, "point": n}
             | dict.fromkeys(plays.OUTCOMES, int(np.random.default_rng([seed, n]).random() < 0.5)) for n, _ in points]
            for army, points in asked
        ]  # fmt: skip

    monkeypatch.setattr(plays, "play_points", dice)
    small = study(tmp_path / "s.yaml")
    ground = fitting.ground_of(small, tables, listed(tmp_path))
    with pytest.raises(AllegianceError, match=r"fails its check[\s\S]*raise draws"):
        fitting.fit(small, ground, plays.store(tmp_path / "plays"), workers=1)


@pytest.mark.parametrize(
    "changes", [{"draws": 1}, {"outcome": "mood"}, {"campaigns": {"first": 2005, "last": 2001, "test_last": 2008}}]
)
def test_a_fault_in_a_study_is_named(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(FaultyInput):
        study(tmp_path / "s.yaml", **changes)


def test_the_shipped_study_is_one_and_keeps_its_test_apart() -> None:
    shipped = load_fit_study("campaigns")
    assert shipped.campaigns.last < shipped.campaigns.test_last
    assert shipped.checks.worlds >= 100
    with pytest.raises(AllegianceError, match="no study 'campaign'"):
        load_fit_study("campaign")
