"""Own cases from the command line: no fit, any number of cases, and what is not held out is said."""

import json
import shutil
from pathlib import Path

from typer.testing import CliRunner

from allegiance.cases.loader import LIBRARY
from allegiance.cli.main import app
from allegiance.inference.bank import CodedCase, coded_cases
from allegiance.inference.hindcast import Settings, by_layer
from allegiance.inference.layer import SHIPPED, load_layer
from allegiance.inference.own import notes


def bring(folder: Path, name: str, new: str = "", country: str = "") -> Path:
    """A case of the library in a user's folder, under a new id and country if told so."""
    target = folder / (new or name)
    shutil.copytree(LIBRARY / name, target)
    if new:
        path = target / "case.yaml"
        text = path.read_text().replace(f"id: {name}", f"id: {new}")
        old = next(line for line in text.splitlines() if line.strip().startswith("country:"))  # the first side
        path.write_text(text.replace(old, old.split(":")[0] + f": {country}"))
    return target


def call(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["score", *map(str, words)])
    said = result.output if result.exception is None else f"{result.output}{result.exception}"
    return result.exit_code, said


def test_one_own_case_is_scored_without_a_fit(tmp_path: Path) -> None:
    bring(tmp_path / "mine", "soviet-union-1991", "elsewhere-1991", "TON")
    code, said = call("--cases", tmp_path / "mine", "--draws", 8, "--out", tmp_path / "out", "--json")
    assert code == 0, said
    summary = json.loads(said[said.index("{") :])
    models = {row["model"] for row in summary["cases"]}
    assert models == {"model", "raw", "base_rate", "logit"}
    assert summary["comparisons"] == []
    assert summary["not_held_out"] == {}
    assert any("cannot tell forecasters apart" in note for note in summary["notes"])
    assert (tmp_path / "out" / "report.html").stat().st_size > 10_000


def test_faulty_folders_and_options_are_refused_before_anything_is_played(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    bare = bring(tmp_path / "bare", "soviet-union-1991")
    (bare / "observed.yaml").unlink()
    wrong = bring(tmp_path / "wrong", "soviet-union-1991")
    text = (wrong / "observed.yaml").read_text()
    side = next(line for line in text.splitlines() if line.startswith("side:"))
    (wrong / "observed.yaml").write_text(text.replace(side, "side: atlantis"))
    few = bring(tmp_path / "few", "soviet-union-1991").parent
    for words, fault in (
        (("--cases", empty), "no case with observed outcomes"),
        (("--cases", bare.parent), "no observed.yaml beside"),
        (("--cases", wrong.parent), "no side 'atlantis'"),
        (("--cases", tmp_path / "none"), "there is no folder"),
        (("--cases", few, "--draws", 2), "draws is 2"),
        (("--cases", few, "--refit"), "only 1 cases"),
        (("--refit",), "goes with your own cases"),
        (("--cases", few, "--refit", "--layer", SHIPPED), "exclude each other"),
    ):
        code, said = call(*words, "--out", tmp_path / "out")
        assert code != 0
        assert fault in said, said
    assert not (tmp_path / "out" / "bank").exists()


def test_a_library_case_brought_as_ones_own_is_not_held_out(tmp_path: Path) -> None:
    bring(tmp_path / "mine", "soviet-union-1991")
    known: list[CodedCase] = coded_cases(tmp_path / "mine")
    board = by_layer(known, load_layer(), Settings(draws=8), tmp_path / "bank")
    assert board.folds["held_out"].to_list() == [False]
    assert "soviet-union-1991 is not held out" in notes(board, load_layer())[0]
