"""Calibration: the sampler on problems of known answer, the study file, resuming, and the checks of the inference."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from ruamel.yaml import YAML

from allegiance.base.errors import AllegianceError, FaultyInput
from allegiance.inference import checks
from allegiance.inference.bank import coded_cases
from allegiance.inference.calibrate import FRESH, calibrate
from allegiance.inference.screen import Bank, relevance
from allegiance.inference.simulator import Simulator
from allegiance.inference.smc import Particles, fit
from allegiance.inference.study import SHIPPED, Smc, Study, load_study, split
from allegiance.runs.parameters import POSTERIOR, parameter_set
from allegiance.runs.parameters import SHIPPED as SHIPPED_SET
from allegiance.theory.registry import PARAMETERS, free

SIZES = Smc(population=40, generations=3)
NAMES = free()


def quiet(share: float, text: str) -> None:
    assert 0 <= share <= 1


def noisy(z: dict[str, float]) -> dict[str, Any]:
    """a is seen with noise of 0.3; b is not seen at all."""
    key = abs(hash(tuple(value for _, value in sorted(z.items())))) % 2**32  # of numbers alone: texts hash anew
    return {"x": np.array([z["a"] + 0.3 * np.random.default_rng(key).normal()])}


def test_the_sampler_finds_what_is_seen_and_leaves_what_is_not(tmp_path: Path) -> None:
    found = fit(["a", "b"], noisy, lambda x: abs(float(x["x"][0]) - 1.5), SIZES, 3, tmp_path / "a.db", quiet)
    a, b = found.weights @ found.z
    assert a == pytest.approx(1.4, abs=0.35)
    assert found.z[:, 0].std() < 0.6
    assert found.z[:, 1].std() > 0.6
    assert abs(b) < 0.6
    assert found.weights.sum() == pytest.approx(1)
    assert found.generations["tolerance"].is_sorted(descending=True)


def plain_distance(x: Any) -> float:
    return abs(float(x["x"][0]))


def stopped_after(generations: int) -> Any:
    """A progress that ends the fit as Ctrl+C would, once so many generations are sealed."""

    def progress(share: float, text: str) -> None:
        if text.startswith(f"generation {generations} "):
            raise KeyboardInterrupt

    return progress


def test_a_fit_cut_off_and_gone_on_with_is_the_fit_not_cut_off(tmp_path: Path) -> None:
    whole = fit(["a", "b"], noisy, plain_distance, SIZES, 5, tmp_path / "whole.db", quiet)
    with pytest.raises(KeyboardInterrupt):
        fit(["a", "b"], noisy, plain_distance, SIZES, 5, tmp_path / "cut.db", stopped_after(2))
    played = []

    def counted(z: dict[str, float]) -> dict[str, Any]:
        played.append(z)
        return noisy(z)

    cut = fit(["a", "b"], counted, plain_distance, SIZES, 5, tmp_path / "cut.db", quiet)
    np.testing.assert_array_equal(whole.z, cut.z)
    np.testing.assert_array_equal(whole.weights, cut.weights)
    assert len(played) == whole.generations["simulations"][2]


LEFT = {
    "a database that was never finished": ("", b""),
    "what is no database": ("", b"not a database"),
    "a journal of a write that was cut": ("-journal", b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(504)),
    "a write-ahead log": ("-wal", b"7\x7f\x06\x82" + bytes(60)),
}


@pytest.mark.parametrize("generations", [0, 1])
@pytest.mark.parametrize("left", LEFT)
def test_what_a_killed_fit_left_is_never_opened(left: str, generations: int, tmp_path: Path) -> None:
    suffix, content = LEFT[left]
    two = Smc(population=12, generations=2)
    whole = fit(["a", "b"], noisy, plain_distance, two, 5, tmp_path / "whole.db", quiet)
    if generations:
        with pytest.raises(KeyboardInterrupt):
            fit(["a", "b"], noisy, plain_distance, two, 5, tmp_path / "cut.db", stopped_after(generations))
    (tmp_path / f"cut.db{suffix}").write_bytes(content)
    cut = fit(["a", "b"], noisy, plain_distance, two, 5, tmp_path / "cut.db", quiet)
    np.testing.assert_array_equal(whole.z, cut.z)
    assert not (tmp_path / f"cut.db{suffix}").is_file() or not suffix


def test_a_generation_that_rests_on_a_handful_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    abc = pytest.importorskip("pyabc")
    two = Smc(population=40, generations=2)
    whole = fit(["a", "b"], noisy, lambda x: abs(float(x["x"][0])), two, 5, tmp_path / "a.db", quiet)
    assert whole.generations["used"].to_list() == [False, True]
    asked = abc.History.get_distribution

    def lopsided(self: Any, m: int = 0, t: int | None = None) -> Any:
        frame, weights = asked(self, m, t)
        return frame, np.where(np.arange(len(weights)) == 0, 1.0, 1e-3) if t == 1 else weights

    monkeypatch.setattr(abc.History, "get_distribution", lopsided)
    found = fit(["a", "b"], noisy, lambda x: abs(float(x["x"][0])), two, 5, tmp_path / "a.db", quiet)
    assert found.generations["used"].to_list() == [True, False]
    assert found.generations["effective"][1] < 2
    np.testing.assert_allclose(found.weights, 1 / 40)


@pytest.mark.slow
def test_intervals_of_the_sampler_cover_the_truth(tmp_path: Path) -> None:
    """100 synthetic fits; a tolerance above zero makes intervals a little wide, never narrow."""
    rng = np.random.default_rng(1)
    inside = 0
    for k in range(100):
        truth = rng.normal()
        seen = truth + 0.3 * rng.normal()
        found = fit(
            ["a"], lambda z: noisy({"a": z["a"], "b": 0.0}), lambda x, seen=seen: abs(float(x["x"][0]) - seen),
            SIZES, k, tmp_path / f"{k}.db", quiet,
        )  # fmt: skip
        order = np.argsort(found.z[:, 0])
        weight = np.cumsum(found.weights[order])
        low, high = np.interp((0.05, 0.95), weight - 0.5 * found.weights[order], found.z[order, 0])
        inside += low <= truth <= high
    assert 85 <= inside <= 99


def made_up_bank(draws: int, signal: float) -> tuple[Bank, list[Any]]:
    """A bank in which the first parameter alone moves the share that left in four cases."""
    rng = np.random.default_rng(0)
    z = rng.normal(size=(draws, len(NAMES)))
    cases = [c for c in coded_cases() if c.case.id in ("egypt-2011", "china-1989", "serbia-2000", "turkey-2016")]
    codes = {}
    for known in cases:
        log = -4 + signal * np.repeat(z[:, 0], 2) + 0.3 * rng.normal(size=2 * draws)
        zero = np.zeros(2 * draws, int)
        codes[known.case.id] = {"coup": zero, "mutiny": zero, "refusal": zero, "left": np.exp(log).clip(0, 1)}
    return Bank(z, codes, 2), cases


def test_screening_finds_the_parameter_that_matters_and_no_other() -> None:
    bank, _ = made_up_bank(128, 0.8)
    table = relevance(bank, ("left", "mutiny"), 0)
    assert table["parameter"][0] == NAMES[0]
    assert table["relevance"][0] > table["chance"][0]
    assert table["relevance"][1] < 0.5 * table["relevance"][0]


def test_synthetic_fits_recover_known_parameters_with_honest_intervals() -> None:
    bank, cases = made_up_bank(400, 0.8)
    found = checks.recover(bank, cases, ("left",), NAMES[:2], 100, 0.1)
    table = {r["parameter"]: r for r in found.coverage.iter_rows(named=True)}
    for name in NAMES[:2]:
        assert 0.83 <= table[name]["covered_90"] <= 0.99
        assert table[name]["uniform_p"] > 0.001
    assert 0.35 <= table["all"]["covered_50"] <= 0.75


def test_ranks_betray_an_inference_that_looks_at_the_wrong_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check must be able to fail: fitted to the history of another world, intervals miss."""
    bank, cases = made_up_bank(300, 2.0)
    own = checks.synthetic
    right = checks.recover(bank, cases, ("left",), NAMES[:1], 100, 0.05)
    monkeypatch.setattr(checks, "synthetic", lambda bank, cases, k: own(bank, cases, (k + 1) % 300))
    wrong = checks.recover(bank, cases, ("left",), NAMES[:1], 100, 0.05)
    assert right.coverage["covered_90"][0] > 0.8
    assert wrong.coverage["covered_90"][0] < right.coverage["covered_90"][0] - 0.3


def test_a_parameter_counts_as_informed_only_if_its_posterior_differs_from_its_prior() -> None:
    rng = np.random.default_rng(2)
    z = np.column_stack([0.3 * rng.normal(size=500) + 1.2, rng.normal(size=500)])
    table = checks.informed(Particles(tuple(NAMES[:2]), z, np.full(500, 1 / 500), pl.DataFrame()))
    assert table["informed"].to_list() == [True, False]
    assert (table["low"] <= table["median"]).all()


STUDY: dict[str, Any] = {
    "title": "small", "seed": 1, "cases": {"hold_out": ["ukraine"], "longest_days": 16}, "budget": 1e4,
    "replicates": 2, "summaries": ["coup", "left"], "screen": {"draws": 16, "keep": 2},
    "smc": {"population": 8, "generations": 1}, "checks": {"fits": 5, "accept": 0.3},
}  # fmt: skip


def written(path: Path, **changes: Any) -> str:
    with path.open("w") as stream:
        YAML().dump(STUDY | changes, stream)
    return str(path)


def test_a_small_study_runs_resumes_and_writes_a_set_that_a_run_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, seeds, own = load_study(written(tmp_path / "s.yaml")), [], Simulator.at

    def asked(self: Simulator, z: dict[str, float], seed: int, replicates: int) -> Any:
        seeds.append(seed)
        return own(self, z, seed, replicates)

    monkeypatch.setattr(Simulator, "at", asked)
    first = calibrate(study, coded_cases(), tmp_path / "out")
    kept = len(first.particles.z)
    # the luck of the fit was selected by the fit: what it comes to is played with luck of its own
    assert set(seeds[:-kept]) == {study.seed}
    assert set(seeds[-kept:]) == {study.seed + FRESH}
    again = calibrate(study, coded_cases(), tmp_path / "out")
    assert first.result.digest == again.result.digest
    taken = parameter_set(str(tmp_path / "out" / "parameters.json"))
    assert taken is not None
    assert taken.digest == first.result.digest
    assert taken.card["fitted_to"] == ["italy-1943", "serbia-2000", "soviet-union-1991"]
    arviz = pytest.importorskip("arviz")
    data = arviz.from_netcdf(tmp_path / "out" / "posterior.nc")
    assert set(data.posterior.data_vars) == set(first.particles.names)
    other = load_study(written(tmp_path / "t.yaml", seed=2))
    with pytest.raises(AllegianceError, match="its study differs"):
        calibrate(other, coded_cases(), tmp_path / "out")


@pytest.mark.parametrize("changes", [{"parameters": ["no_such"]}, {"seeds": 3}, {"replicates": 0}])
def test_a_fault_in_a_study_is_named(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(FaultyInput):
        load_study(written(tmp_path / "s.yaml", **changes))


def test_faults_of_a_study_speak_of_studies(tmp_path: Path) -> None:
    with pytest.raises(AllegianceError, match=r"no study 'libary'.*\n.*'library'"):
        load_study("libary")
    path = tmp_path / "s.yaml"
    for text in ("", "- a list\n", "title: only\n"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(AllegianceError) as caught:
            load_study(str(path))
        assert "docs/calibration.md" in str(caught.value)
        assert "allegiance case" not in str(caught.value)


def test_the_documented_study_is_one(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "calibration.md").read_text(encoding="utf-8")
    block = page.split("```yaml\n")[1].split("```")[0]
    (tmp_path / "s.yaml").write_text(block, encoding="utf-8")
    study = load_study(str(tmp_path / "s.yaml"))
    assert study.parameters
    for key in Study.model_fields:
        assert f"`{key}" in page, key


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"{", "its JSON is damaged"), (b"{}", "it has no formulas"), (b"\xff\xfe\x00", "it is not text")],
)
def test_a_file_that_is_no_parameter_set_is_named_with_its_fault(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "p.json"
    path.write_bytes(content)
    with pytest.raises(AllegianceError, match=said):
        parameter_set(str(path))


def test_cases_held_out_are_never_fitted_to() -> None:
    study = load_study("library")
    train, test = split(study, coded_cases())
    assert not {c.family for c in train} & set(study.cases.hold_out)
    assert {"russia-ukraine-2022", "ukraine-2022", "egypt-2011"} <= {c.case.id for c in test}
    assert SHIPPED.is_dir()
    with pytest.raises(AllegianceError, match="no family"):
        split(study.model_copy(update={"cases": study.cases.model_copy(update={"hold_out": ("x",)})}), train)


def test_the_shipped_posterior_if_any_belongs_to_this_theory_and_names_its_data() -> None:
    if not SHIPPED_SET.is_file():
        with pytest.raises(AllegianceError, match="no posterior is shipped"):
            parameter_set(POSTERIOR)
        return
    shipped = parameter_set(POSTERIOR)
    assert shipped is not None
    study = load_study("library")
    train, _ = split(study, coded_cases())
    assert shipped.card["fitted_to"] == sorted(c.case.id for c in train)
    assert set(shipped.names) <= set(PARAMETERS)
    assert shipped.card["date"]
