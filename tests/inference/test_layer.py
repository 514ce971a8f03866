"""The layer of coding error on disk: read as it was written, and refused where it does not belong."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from allegiance.base.errors import AllegianceError
from allegiance.cases.loader import load_case
from allegiance.inference.bank import CodedCase, coded_cases
from allegiance.inference.coding import LEVELS
from allegiance.inference.forecasters import History, history
from allegiance.inference.hindcast import Settings, by_layer
from allegiance.inference.layer import SHIPPED, Layer, card, coding_hash, fit_layer, load_layer
from allegiance.inference.own import FEWEST, kin, notes, score_own
from allegiance.inference.scoreboard import coverage

from .test_scoreboard import DRAWS, members, observed

LEFT = (0.005, 0.05, 0.2, 0.6)


def made_up(k: int, country: str | None = None, **codes: Any) -> CodedCase:
    """A case of no known war, unless a country is given."""
    base = load_case("reference")
    side = base.sides["stronger"].model_copy(update={"country": country})
    case = base.model_copy(update={"id": f"made-up-{k}", "sides": base.sides | {"stronger": side}})
    return CodedCase(case, observed("stronger", **codes))


def bank(cases: list[CodedCase], left: float = 0.03) -> dict[str, pl.DataFrame]:
    return {c.case.id: members("stronger", np.full(2 * DRAWS, left)) for c in cases}


@pytest.fixture(scope="module")
def known() -> History:
    """Twice as many left as the playings say, everywhere."""
    cases = [made_up(k, left=(0.9 * x, 1.1 * x)) for k, x in enumerate(LEFT)]
    return history(cases, {c.case.id: bank([c], x / 2)[c.case.id] for c, x in zip(cases, LEFT, strict=True)})


@pytest.fixture(scope="module")
def layer(known: History) -> Layer:
    return fit_layer(known, card(known, DRAWS, 0, True, "prior"))


def test_a_layer_is_read_as_it_was_written(layer: Layer, tmp_path: Path) -> None:
    layer.write(tmp_path / "layer.json")
    again = load_layer(tmp_path / "layer.json")
    assert again == layer
    assert np.array_equal(again.ordinal["mutiny"].matrix, layer.ordinal["mutiny"].matrix)
    assert again.card.cases == {f"made-up-{k}": f"made-up-{k}" for k in range(len(LEFT))}


def test_the_fit_to_all_cases_is_the_fit_of_the_scoreboard(known: History, layer: Layer) -> None:
    every = range(len(known.cases))
    assert layer.share == known.share_error(every)
    assert layer.ordinal == {o: known.ordinal_error(o, every) for o in LEVELS}
    assert layer.share.shift > 0.2


def at(*path: str) -> Callable[[dict[str, Any], Any], None]:
    def put(data: dict[str, Any], value: Any) -> None:
        for key in path[:-1]:
            data = data[key]
        data[path[-1]] = value

    return put


@pytest.mark.parametrize(
    ("where", "value", "words"),
    [
        (at("card", "formulas", "linkage"), "0" * 64, "fitted with other formulas (linkage)"),
        (at("card", "coding_sha256"), "0" * 64, "other rules of coding"),
        (at("card", "cases"), {}, "card.cases"),
        (at("card", "draws"), "many", "card.draws"),
        (at("share", "shift"), float("nan"), "left is nan, which is not finite"),
        (at("share", "error"), -0.1, "error of the share that left must lie above 0"),
        (at("ordinal", "mutiny", "slope"), float("inf"), "mutiny is inf, which is not finite"),
        (at("ordinal", "mutiny", "cuts"), [0.5], "mutiny must have 3 cuts"),
        (at("ordinal", "refusal", "cuts"), [2.0, 1.0, 3.0], "in rising order"),
        (at("ordinal", "coup", "spread"), 0.0, "spread of coup must lie above 0"),
        (at("ordinal"), {}, "the outcomes must be"),
        (at("surprise"), 1, "surprise"),
    ],
)
def test_a_layer_that_is_not_sound_is_refused(
    layer: Layer, tmp_path: Path, where: Callable[..., None], value: Any, words: str
) -> None:
    data = layer.model_dump(mode="json")
    where(data, value)
    path = tmp_path / "layer.json"
    path.write_text(json.dumps(data))
    with pytest.raises(AllegianceError) as error:
        load_layer(path)
    assert words in error.value.message
    assert str(path) in error.value.message
    assert error.value.cure


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"ordinal": {}}', b"\xff\xfe\x00", b"id: yaml\n"])
def test_a_file_that_is_no_layer_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "layer.json"
    path.write_bytes(content)
    with pytest.raises(AllegianceError, match="is not a layer of coding error"):
        load_layer(path)


@pytest.mark.parametrize("name", ["none.json", "."])
def test_a_layer_that_is_not_there_is_asked_for(tmp_path: Path, name: str) -> None:
    with pytest.raises(AllegianceError, match="no layer of coding error") as error:
        load_layer(tmp_path / name)
    assert error.value.cure


def test_the_shipped_layer_belongs_to_this_theory_and_these_rules_and_names_its_cases() -> None:
    """Reading refuses another theory and other rules; a change of either asks for a new layer."""
    shipped = load_layer()
    assert shipped.card.coding_sha256 == coding_hash()
    assert shipped.card.parameters == "prior"
    assert shipped.card.ranges
    assert shipped.card.cases == {c.case.id: c.family for c in coded_cases()}
    assert json.loads(SHIPPED.read_text()) == shipped.model_dump(mode="json")


def test_cases_of_the_same_war_are_kin_whatever_they_are_called() -> None:
    library = {c.case.id: c for c in coded_cases()}
    egypt = library["egypt-2011"]
    renamed = CodedCase(egypt.case.model_copy(update={"id": "mine", "tags": []}), egypt.observed)
    assert renamed.family == "mine"
    assert {i for i, c in library.items() if kin(renamed, c)} == {"egypt-2011"}
    assert kin(egypt, library["tunisia-2011"])
    assert not kin(library["iran-1979"], library["iran-2022"])


def test_one_case_is_scored_without_a_fit_and_compared_with_nothing(layer: Layer) -> None:
    mine = [made_up(9, left=(0.055, 0.065))]
    library = coded_cases()
    board = score_own(mine, bank(mine), layer, library)
    assert not len(board.comparisons)
    assert board.folds.row(0, named=True) == {
        "case": "made-up-9", "held_out": True, "seen": [], "baselines": len(library),
    }  # fmt: skip
    assert set(board.cases["model"]) == {"model", "raw", "base_rate", "logit"}
    assert coverage(board.cases) == (1, 1)
    # the layer knows that twice as many leave, the model's own codes do not
    left = {r["model"]: r["score"] for r in board.cases.filter(pl.col("outcome") == "left").iter_rows(named=True)}
    assert left["model"] < left["raw"]
    assert "cannot tell forecasters apart" in " ".join(notes(board, layer))


def test_a_case_that_the_layer_or_the_parameters_have_seen_is_not_held_out(layer: Layer) -> None:
    mine = [made_up(0), made_up(10), made_up(11)]
    board = score_own(mine, bank(mine), layer, coded_cases(), trained=["made-up-11"])
    assert board.cases.filter(~pl.col("held_out"))["case"].unique().sort().to_list() == ["made-up-0", "made-up-11"]
    assert "made-up-0 is not held out: what is scored was fitted to made-up-0." in notes(board, layer)


def test_baselines_leave_out_the_same_war(layer: Layer) -> None:
    """A case of Egypt's army in the weeks of 2011 is not told Egypt's own code."""
    library = coded_cases()
    egypt = next(c for c in library if c.case.id == "egypt-2011")
    mine = made_up(12, country="EGY")
    mine = CodedCase(mine.case.model_copy(update={"start": egypt.case.start}), mine.observed)
    board = score_own([mine], bank([mine]), layer, library)
    assert board.folds["baselines"].to_list() == [len(library) - 1]
    assert board.folds["held_out"].to_list() == [True]
    shipped = score_own([mine], bank([mine]), load_layer(), library)
    assert shipped.folds["seen"].to_list() == [["egypt-2011"]]


def test_forecasters_are_compared_over_enough_families_held_out(layer: Layer) -> None:
    mine = [made_up(k, left=(0.055, 0.065)) for k in range(20, 20 + FEWEST)]
    board = score_own(mine, bank(mine), layer, coded_cases())
    raw = board.comparisons.filter((pl.col("outcome") == "left") & (pl.col("rival") == "raw")).row(0, named=True)
    assert (raw["cases"], raw["verdict"]) == (FEWEST, "better")
    assert set(board.comparisons["rival"]) == {"raw", "base_rate", "logit"}
    assert np.isfinite(board.comparisons["low"].to_numpy()).all()
    fewer = score_own([*mine[1:], made_up(0)], bank([*mine, made_up(0)]), layer, coded_cases())
    assert not len(fewer.comparisons)
    assert fewer.comparisons.schema == board.comparisons.schema


def test_a_layer_serves_only_playings_like_those_it_was_fitted_to(layer: Layer, tmp_path: Path) -> None:
    with pytest.raises(AllegianceError, match="as stated"):
        by_layer([made_up(1)], layer, Settings(8, ranges=False), tmp_path)
    other = layer.model_copy(update={"card": layer.card.model_copy(update={"parameters": "f" * 64})})
    with pytest.raises(AllegianceError, match="parameters ffffffffffff"):
        by_layer([made_up(1)], other, Settings(8), tmp_path)
