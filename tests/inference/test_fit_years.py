"""A fit to state-years: the recording of mutinies by hand, emulators of chances, the sample, and the whole course."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from ruamel.yaml import YAML
from small_world import world as small_world

from allegiance.base.errors import AllegianceError, FaultyInput
from allegiance.cli.fit import fit
from allegiance.inference.fit import chances, plays, recording, year_checks, year_ground, years
from allegiance.inference.fit.emulator import Emulator, Plays
from allegiance.inference.fit.posterior import Observer, peak, sample
from allegiance.inference.fit.readings import overlap
from allegiance.inference.fit.recording import COUP, MUTINY, UNKNOWN, Record
from allegiance.inference.fit.recover import Sizes, recover_by
from allegiance.inference.fit.study import FitStudy, YearsStudy, load_fit_study, load_study
from allegiance.report.fit_docs import told
from allegiance.report.fit_page import OF_YEARS, fit_page
from allegiance.runs.parameters import parameter_set
from allegiance.theory.registry import PARAMETERS, free

pytest.importorskip("emcee")
pytest.importorskip("arviz")
pytest.importorskip("sklearn")

MANY = len(UNKNOWN)


def expit(x: float) -> float:
    return float(1 / (1 + np.exp(-x)))


# ---- how mutinies are recorded


def test_the_rate_of_recording_by_hand() -> None:
    mean = np.zeros((1, MANY))
    press, decade = np.array([0.0, 1.0, 0.0, 0.0]), np.array([2, 2, 4, 0])
    rate = recording.recording_rate(mean, press, decade)[0]
    np.testing.assert_allclose(rate, [expit(-1.0), expit(-0.7), expit(-1.0 + 0.3), expit(-1.0 - 0.3)])
    stepped = mean.copy()
    stepped[0, 4] = 1.0  # the step from the 1970s to the 1980s, one standard deviation of 0.3 up
    np.testing.assert_allclose(
        recording.recording_rate(stepped, np.zeros(3), np.array([1, 3, 4]))[0],
        [expit(-1.15), expit(-1.0 + 0.45), expit(-1.0 + 0.6)],
    )


def rows(kind: Sequence[int], events: Sequence[float], many: Sequence[float]) -> Record:
    nothing = np.zeros(len(kind))
    return Record(np.array(kind), np.array(events), np.array(many), nothing, np.full(len(kind), 2))


def alike(share: float) -> np.ndarray[Any, Any]:
    """Deviates at which armies are like their drafts with this correlation, all else at its median."""
    found = np.zeros((1, MANY))
    found[0, -2:] = (np.log(share / (1 - share)) - 0.8) / 0.8
    return found


def test_the_log_chance_of_a_record_by_hand() -> None:
    record = rows([MUTINY, MUTINY, COUP], [1, 0, 0], [1, 20, 20])
    odds, same = np.array([[np.log(3.0), -2.0, -3.0]]), alike(1 - 1e-12)
    r, p = expit(-1.0), [0.75, expit(-2.0), expit(-3.0)]
    by_hand = np.log(0.75 * r) + 20 * np.log(1 - r * p[1]) + 20 * np.log(1 - p[2])
    assert recording.log_likelihood(odds, same, record)[0] == pytest.approx(by_hand)
    np.testing.assert_allclose(recording.happens(odds, same, record)[0], p)


def test_armies_unlike_their_drafts_are_alike_among_themselves_and_as_mutinous_on_the_whole() -> None:
    rng = np.random.default_rng(0)
    count = 4000
    record = rows([MUTINY] * count, [0.0] * count, [1.0] * count)
    odds = rng.normal(-3.0, 1.0, size=(1, count))
    near, far = (recording.happens(odds, alike(share), record)[0] for share in (0.999, 0.01))
    assert near.mean() == pytest.approx(far.mean(), rel=0.03)
    assert far.std() < 0.05 * near.std()
    assert near.argsort().tolist() == far.argsort().tolist()


def test_a_made_up_record_is_as_full_as_the_model_says() -> None:
    like = rows([MUTINY] * 3000 + [COUP] * 3000, [0.0] * 6000, [2.4] * 6000)
    odds = np.full(6000, -1.0)
    made = recording.make_record(odds, alike(0.9)[0], like, np.random.default_rng(2))
    said = recording.on_record(odds[None], alike(0.9), made)[0]
    assert set(made.many) == {2.0}
    for kind in (MUTINY, COUP):
        own = made.kind == kind
        assert made.events[own].mean() / 2 == pytest.approx(said[own].mean(), rel=0.06)


def known_world(count: int = 1200, moved: float = 0.0) -> tuple[Emulator, Record]:
    """Log-odds that the first parameter moves by `moved`, and a record in which a fifth is recorded, more if free."""
    rng = np.random.default_rng(4)
    level = np.concatenate([rng.normal(-1.5, 0.8, count), rng.normal(-3.0, 0.8, count)])
    slope = np.zeros((1, 2 * count, 3))
    slope[0, :count, 0] = moved
    press = rng.normal(size=count)
    record = recording.record_of(np.zeros((2, count)), np.ones(count), press, rng.integers(1950, 2000, count))
    truth = alike(0.97)[0]
    truth[0] = (np.log(0.2 / 0.8) + 1.0) / 0.8  # a fifth in the 1970s
    truth[1] = 1.0  # 0.7 log-odds a standard deviation of the press
    return Emulator(level[None], slope), recording.make_record(level, truth, record, rng)


OBSERVER = Observer(MANY, recording.log_likelihood, near=True)


def test_a_planted_rate_of_recording_is_found_where_the_theory_is_known() -> None:
    emulator, record = known_world()
    found = sample(emulator, record, np.arange(len(record.kind)), [0], 32, 160, 0, 300, OBSERVER)
    rate = recording.recording_rate(found.deviates, np.zeros(1), np.array([2]))[:, 0]
    low, high = np.quantile(rate, [0.025, 0.975])
    assert low < 0.2 < high
    assert high - low < 0.25  # the prior's is 0.05 to 0.64
    assert found.deviates[:, 1].mean() == pytest.approx(1.0, abs=0.8)
    assert found.deviates[:, 1].std() < 0.6


def test_how_many_mutinies_there_are_and_how_many_are_recorded_trade_off() -> None:
    emulator, record = known_world(600, moved=1.0)
    found = sample(emulator, record, np.arange(len(record.kind)), [0], 32, 200, 0, 300, OBSERVER)
    assert np.corrcoef(found.z[:, 0], found.deviates[:, 0])[0, 1] < -0.5
    assert any("trade off" in text for text in year_checks.said(emulator, found, record))


def test_the_press_is_standardised_and_the_mean_stands_in_where_it_is_not_known() -> None:
    made = recording.record_of(
        np.array([[1, 0, 0], [0, 0, 1]]), np.array([1.0, 3.0, 1.0]), np.array([1.0, 0.2, np.nan]),
        np.array([1955, 1999, 1970]),
    )  # fmt: skip
    # weighted mean 0.4, spread sqrt((0.36 + 3 * 0.04) / 4)
    np.testing.assert_allclose(made.press, np.tile([0.6, -0.2, 0.0], 2) / np.array([np.sqrt(0.12)] * 2 + [1] + [1] * 3)
                               * np.array([1, 1, 1] + [1 / np.sqrt(0.12)] * 2 + [1]))  # fmt: skip
    assert made.decade.tolist() == [0, 4, 2] * 2
    assert made.kind.tolist() == [0, 0, 0, 1, 1, 1]
    assert made.events.tolist() == [1, 0, 0, 0, 0, 1]


def test_the_peak_of_a_normal_and_its_width() -> None:
    spread = np.array([[0.25, 0.1], [0.1, 0.5]])
    inverse = np.linalg.inv(spread)
    top, lower = peak(lambda x: -0.5 * np.einsum("ni,ij,nj->n", x - 0.3, inverse, x - 0.3), 2)
    np.testing.assert_allclose(top, 0.3, atol=1e-4)
    np.testing.assert_allclose(lower @ lower.T, spread, rtol=1e-3)


# ---- emulators of chances


def chance_plays(strength: float, armies: int = 100, draws: int = 12) -> Plays:
    rng = np.random.default_rng(1)
    z = rng.normal(size=(armies * draws, 5))
    at = np.arange(armies * draws) % armies
    inputs = rng.normal(size=(armies, 2))
    log = -4.2 + strength * z[:, 0] + inputs[at, 0] + rng.normal(0, 0.7, len(z))
    return Plays(z, at, np.exp(log), inputs, inputs[:, :1])


def test_an_emulator_of_chances_finds_what_matters_and_gets_the_mean_right() -> None:
    known = chance_plays(0.8)
    made, check = chances.learn_chance(known, 3, 6, 0, "mutiny")
    assert not check.fault
    assert made.slope[0, :, 0].mean() == pytest.approx(0.8, abs=0.2)
    assert np.abs(made.slope[0, :, 1:].mean(axis=0)).max() < 0.1
    fresh = chance_plays(0.8, draws=40)
    expected = (1 / (1 + np.exp(-made.log_odds(fresh.z, fresh.campaign)))).sum()
    assert expected / fresh.y.sum() == pytest.approx(1.0, abs=0.12)
    assert check.explained > 0.5
    assert check.gain > 2 * check.gain_se
    assert made.level.shape == (7, 100)
    assert 0 < made.slope[1:, :, 0].mean(axis=1).std() < 0.2


def test_an_emulator_that_parameters_tell_nothing_is_refused_and_one_of_what_never_comes_is_not_made() -> None:
    _, check = chances.learn_chance(chance_plays(0.0), 3, 2, 0, "mutiny")
    assert "cannot tell one draw" in check.fault
    told = replace(check, gain=1.0, by_parameters=(0.7, 1.0, 1.0))
    assert "0.70, 1.00, 1.00 times what came in thirds of what parameters tell" in told.fault
    assert not replace(told, by_parameters=(0.9, 1.0, 1.1)).fault
    quiet = chance_plays(0.5)
    with pytest.raises(AllegianceError, match=r"expect 0\.0 of it[\s\S]*more points"):
        chances.learn_chance(Plays(quiet.z, quiet.campaign, 0 * quiet.y, quiet.inputs, quiet.conditions), 3, 2, 0, "x")


# ---- the sample of state-years


def listed() -> pl.DataFrame:
    rng = np.random.default_rng(0)
    found = [
        (f"{code}-{year}", code, year, year // 10 * 10, "peace" if rng.random() < 0.8 else "civil",
         int(rng.random() < 0.05), int(rng.random() < 0.05))
        for year in range(1950, 2000) for code in range(20)
    ]  # fmt: skip
    return pl.DataFrame(found, ["name", "gwcode", "year", "decade", "task", "mutiny", "coup_attempt"], orient="row")


def test_all_with_an_event_and_a_sample_of_the_others_stand_for_all() -> None:
    whole = listed()
    few, more = (year_ground.drawn(whole, n, 7) for n in (60, 200))
    had = whole.filter((pl.col("mutiny") > 0) | (pl.col("coup_attempt") > 0))
    assert few["stands_for"].sum() == pytest.approx(whole.height)
    assert set(had["name"]) <= set(few["name"])
    assert set(few["name"]) <= set(more["name"])
    without = few.join(had, "name", how="anti")
    assert abs(without.height - 60) <= 3
    for task in ("peace", "civil"):
        own = whole.join(had, "name", how="anti").filter(pl.col("task") == task)
        assert without.filter(pl.col("task") == task)["stands_for"].sum() == pytest.approx(own.height)
        assert without.filter(pl.col("task") == task).height == pytest.approx(30, abs=2)
    assert set(year_ground.drawn(whole, 60, 8)["name"]) != set(few["name"])
    assert few["year"].is_sorted()


# ---- the whole course

STUDY: dict[str, Any] = {
    "title": "small years", "seed": 3, "state_years": {"first": 1993, "last": 1999, "without": 20}, "draws": 40,
    "emulator": {"folds": 2, "draws": 3}, "sampler": {"walkers": 48, "steps": 40},
    "checks": {"worlds": 2, "steps": 20, "fresh": 2}, "kept": 20,
}  # fmt: skip


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small world with coups in 1994 and mutinies in 1994 and 1997."""
    folder = small_world(tmp_path_factory.mktemp("tables"))
    coups = folder / "coupcats-country-month" / "powell_thyne_list.csv"
    lines = [f"State,{code},1994,3,26,2,1" for code in (432, 433, 434, 435)] + ["State,436,1999,3,26,2,1"]
    coups.write_text("\n".join(["country,ccode,year,month,day,coup,version", *lines]) + "\n", encoding="utf-8")
    spells = coups.with_name("mutiny_spells.csv")
    head = "ccode,country,first_year,first_month,last_year,last_month,single_month,left_censored"
    begun = [(432, 1994), (437, 1994), (438, 1997), (439, 1997), (450, 1997)]
    lines = [f"{code},State,{year},5,{year},5,1,0" for code, year in begun]
    spells.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return folder


def study(path: Path, **changes: Any) -> YearsStudy:
    with path.open("w") as stream:
        YAML().dump(STUDY | changes, stream)
    found = load_study(str(path))
    assert isinstance(found, YearsStudy)
    return found


Asked = Sequence[tuple[plays.Army, Sequence[plays.Point]]]


def known_plays(asked: Asked, seed: int) -> list[list[dict[str, Any]]]:
    """Chances by the first free parameter alone."""
    name = free()[0]
    middle = PARAMETERS[name].value
    found = []
    for army, points in asked:
        own = []
        for number, values in points:
            luck = np.random.default_rng([seed, number]).normal()
            chance = float(np.exp(-2.5 + (0.8 if values[name] > middle else -0.8) + 0.2 * luck))
            own.append({"number": army.number, "point": number, "mutinies": float(chance > 0.5), "mutiny": chance,
                        "coup_attempt": chance / 2})  # fmt: skip
        found.append(own)
    return found


def test_the_course_from_study_to_card(tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(years, "play_year_points", known_plays)
    study(tmp_path / "s.yaml")
    fit(study=str(tmp_path / "s.yaml"), out=tmp_path / "out", workers=1, folder=tables, record=tmp_path / "fit.json")
    summary = json.loads((tmp_path / "fit.json").read_text())["s"]
    for title, of, _ in OF_YEARS:
        head, cells = of(summary)
        assert cells, title
        assert all(len(row) == len(head) for row in cells), title
    assert fit_page(summary).title == "small years"
    assert "#### How mutinies are recorded" in told({"s": summary})
    assert "state-years fitted to" in told({"s": summary})
    taken = parameter_set(str(tmp_path / "out" / "parameters.json"))
    assert taken is not None
    assert set(taken.names) <= set(free())
    whole = {r["outcome"]: r for r in summary["groups"] if r["group"] == "all"}
    assert (whole["mutiny"]["events"], whole["coup_attempt"]["events"]) == (5, 5)
    assert whole["mutiny"]["state_years"] == pytest.approx(summary["card"]["stand_for"])
    assert (tmp_path / "out" / "report.html").is_file()
    campaigns = {"card": {"study": {"campaigns": {"first": 1945, "last": 1989, "method": "all"}}}}
    assert overlap(summary, campaigns) == "mixed"
    assert overlap(summary, summary) == "same"


def test_a_command_cut_anywhere_goes_on_to_the_same_bytes(
    tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study(tmp_path / "s.yaml")
    done: list[str] = []

    def cut(asked: Asked, seed: int) -> list[list[dict[str, Any]]]:
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(asked[0][0].number)
        return known_plays(asked, seed)

    def went_on(asked: Asked, seed: int) -> list[list[dict[str, Any]]]:
        assert not (asked[0][0].number in done and seed == STUDY["seed"]), "a finished play was played again"
        return known_plays(asked, seed)

    def command(out: str) -> Path:
        fit(study=str(tmp_path / "s.yaml"), out=tmp_path / out, workers=1, folder=tables)
        return tmp_path / out

    monkeypatch.setattr(plays, "bundles", lambda cases, _: [[k] for k in range(len(cases))])
    monkeypatch.setattr(years, "play_year_points", cut)
    with pytest.raises(KeyboardInterrupt):
        command("cut")
    monkeypatch.setattr(years, "play_year_points", went_on)
    one = command("cut")
    monkeypatch.setattr(years, "play_year_points", known_plays)
    two = command("whole")
    for name in ("parameters.json", "state-years.parquet", "groups.parquet", "coverage.parquet", "summary.json"):
        assert (one / name).read_bytes() == (two / name).read_bytes(), name


def test_points_are_played_for_chances_alike_alone_and_in_company(tables: Path, tmp_path: Path) -> None:
    ground = year_ground.year_ground(study(tmp_path / "s.yaml"), tables)
    point = [(0, {}), (1, {})]
    together = years.play_year_points([(ground.armies[0], point), (ground.armies[1], point[:1])], 5)
    assert together[0][:1] == years.play_year_points([(ground.armies[0], point[:1])], 5)[0]
    assert set(together[0][0]) == {"number", "point", "mutinies", "mutiny", "coup_attempt"}
    assert all(row["mutiny"] >= 0 for row in together[0])


@pytest.mark.slow
def test_known_worlds_are_recovered() -> None:
    emulator, record = known_world(300, moved=0.7)
    four = Emulator(np.repeat(emulator.level, 3, axis=0), np.repeat(emulator.slope, 3, axis=0))
    right = recover_by(years.MODEL, four, record, [0], Sizes(60, 40, 120, 0))
    row = right.coverage.filter(pl.col("quantity") == "all").row(0, named=True)
    assert 0.83 <= row["covered_90"] <= 0.96


def test_what_is_missing_is_named_with_how_to_get_it(tables: Path, tmp_path: Path) -> None:
    bare = small_world(tmp_path / "bare")
    with pytest.raises(AllegianceError, match=r"mutiny_spells[\s\S]*allegiance data"):
        year_ground.year_ground(study(tmp_path / "s.yaml"), bare)
    quiet = STUDY["state_years"] | {"first": 1995, "last": 1996}
    with pytest.raises(AllegianceError, match="mutiny: on record in 0 of"):
        year_ground.year_ground(study(tmp_path / "q.yaml", state_years=quiet), tables)
    with pytest.raises(AllegianceError, match="--file goes with a study of campaigns"):
        fit(study=str(tmp_path / "s.yaml"), out=tmp_path / "o", file=tmp_path / "mine.csv", folder=tables)


@pytest.mark.parametrize("spell", [{"first": 1990, "last": 2000}, {"first": 1999, "last": 1990}])
def test_years_of_the_test_and_years_out_of_order_are_refused(tmp_path: Path, spell: dict[str, int]) -> None:
    with pytest.raises(FaultyInput, match=r"are the test|not in order"):
        study(tmp_path / "s.yaml", state_years=spell | {"without": 20})


def test_the_shipped_study_ends_before_the_test() -> None:
    shipped = load_study("state-years")
    assert isinstance(shipped, YearsStudy)
    assert shipped.state_years.last == 1999
    assert shipped.checks.worlds >= 100
    assert isinstance(load_study("campaigns"), FitStudy)
    with pytest.raises(AllegianceError, match="is a study of state-years"):
        load_fit_study("state-years")
