"""The suite on a small scale: arithmetic that must hold, refusals, resuming, cases that lack something."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import allegiance.experiments.contrast as contrast
from allegiance.base.errors import AllegianceError
from allegiance.base.parts import Parts
from allegiance.cases.loader import load_case
from allegiance.experiments.claims import Request, trial
from allegiance.experiments.suite import claims, summary
from allegiance.report.claims_page import write_claims_report


def request(case: str = "reference", **options: Any) -> Request:
    return Request(load_case(case), **options)


@pytest.fixture(scope="module")
def fourteen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("claims") / "c14"
    claims(["wounded"], members=6, out=out, threads=2, scale=0.1)
    return out


def test_wounded_follow_the_ratio(fourteen: Path) -> None:
    effects = {e["effect"]: e for e in json.loads((fourteen / "claims.json").read_text())["effects"]}
    assert effects["three"]["value"] == pytest.approx(3, rel=0.15)
    assert effects["times"]["value"] == pytest.approx(4, rel=0.1)


def test_too_few_members_are_inconclusive_and_say_how_many_would_do(fourteen: Path) -> None:
    (row,) = json.loads((fourteen / "claims.json").read_text())["claims"]
    assert row["verdict"] == "inconclusive"
    assert "too few members" in row["why"]
    assert "would probably do" in row["why"]


def test_a_bundle_names_its_protocol_and_hashes_its_outputs(fourteen: Path) -> None:
    manifest = json.loads((fourteen / "manifest.json").read_text())
    assert set(manifest["outputs"]) == {"claims.parquet", "effects.parquet", "claims.json"}
    assert len(manifest["identity"]["protocol_sha256"]) == 64
    assert not (fourteen / ".parts").exists()


def test_another_experiment_does_not_overwrite_a_folder(fourteen: Path) -> None:
    with pytest.raises(AllegianceError, match="holds another result of `allegiance claims` \\(its claims differs"):
        claims(["C12"], members=6, out=fourteen, scale=0.1)
    with pytest.raises(AllegianceError, match="not empty and not a result of `allegiance claims`"):
        claims(["C12"], members=6, out=fourteen.parent)


def test_finished_arms_are_not_played_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = trial(["C14"], request(members=4, scale=0.1, threads=2), Parts(tmp_path, "mine"))

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("played again")

    monkeypatch.setattr(contrast, "play_arm", refuse)
    again = trial(["C14"], request(members=4, scale=0.1, threads=1), Parts(tmp_path, "mine"))
    assert again.effects.equals(first.effects)


def test_a_case_without_a_second_side_is_not_applicable() -> None:
    result = trial(["C9"], request("egypt-2011", members=4))
    assert result.claims[0].verdict == "not applicable"
    assert "second side" in result.claims[0].why
    assert summary(result)["claims"][0]["verdict"] == "not applicable"


def test_bad_requests_are_one_clear_message() -> None:
    with pytest.raises(AllegianceError, match="unknown claim 'C99'"):
        claims(["C99"])
    with pytest.raises(AllegianceError, match="members must be at least 2, not 1"):
        claims(["C1"], members=1)
    with pytest.raises(AllegianceError, match="unknown case 'refrence'"):
        claims(["C1"], case="refrence")


def test_the_report_shows_model_and_studies(tmp_path: Path) -> None:
    result = trial(["C1"], request(members=4, scale=0.05, threads=2))
    page = write_claims_report(tmp_path, result).read_text(encoding="utf-8")
    assert "McLauchlin" in page
    assert "Multiple testing" in page
    assert "<svg" in page
    assert "http-equiv" in page


def test_the_command_prints_json_alone(tmp_path: Path) -> None:
    from allegiance.cli.main import app

    done = CliRunner().invoke(
        app, ["claims", "C14", "--members", "4", "--scale", "0.1", "--out", str(tmp_path / "x"), "--json"]
    )
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["claims"][0]["claim"] == "C14"
