"""The register is whole and honest in form, its faults name their lines, and intervals are brought to one level."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from typer.testing import CliRunner

from allegiance.base.claims import CLAIMS
from allegiance.base.errors import AllegianceError, FaultyInput
from allegiance.evidence.register import (
    FOLDER,
    RATIOS,
    Estimate,
    estimates_for,
    load_register,
    read_study,
    register_frame,
)

STUDIES = load_register()
ESTIMATES = [(s, e) for s in STUDIES for e in s.estimates]
GOOD = """id: own
citation: Own, A. (2000). A study of soldiers.
doi: 10.1/x
design: observational
sample: 10 men
period: '2000'
estimates:
  - claim: C1
    estimand: desertion of conscripts v volunteers
    estimate: 2.0
    scale: odds ratio
    interval: [1.0, 4.0]
    level: 0.95
    finding: supports
    where: p. 1
    not_shown: the reasons they had
    read: read-paper
    comparable: true
"""


def _study(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_causal_claim_has_evidence_and_at_least_forty_are_numbers() -> None:
    with_number = [e for _, e in ESTIMATES if e.estimate is not None]
    assert len(with_number) >= 40
    # nobody has tested the whole chain in one design: its links have evidence of their own (C9, C10, C11)
    assert {e.claim for _, e in ESTIMATES} >= {c.id for c in CLAIMS if not c.is_control} - {"C16"}


def test_disagreement_is_kept() -> None:
    findings = [str(e.finding) for _, e in ESTIMATES]
    assert findings.count("null") >= 10
    assert findings.count("contradicts") >= 10


def test_nothing_read_only_in_an_abstract_claims_a_page() -> None:
    for study, e in ESTIMATES:
        if e.read == "read-paper":
            assert study.citation
        if e.read == "read-abstract" and e.estimate is not None:
            assert e.se is None, study.id
            assert e.interval is None, study.id


def test_dois_agree_with_the_bibliography() -> None:
    from allegiance.base.citations import reference

    for study in STUDIES:
        if study.reference and reference(study.reference).doi:
            assert study.doi == reference(study.reference).doi, study.id


def test_what_is_computed_is_said_to_be_computed_by_this_project() -> None:
    computed = {s.id for s, e in ESTIMATES if e.read == "computed"}
    assert {"cdb90", "navcoDefection", "coupcatsMutiny", "cowParity"} <= computed


@pytest.mark.parametrize(
    ("scale", "estimate", "extra", "expected"),
    [
        ("log-odds", 0.7, {"se": 0.1}, (math.exp(0.7), math.exp(0.7 - 0.16449), math.exp(0.7 + 0.16449))),
        ("odds ratio", 2.0, {"interval": (1.0, 4.0), "level": 0.90}, (2.0, 1.0, 4.0)),
        ("odds ratio", 2.0, {"interval": (1.0, 4.0), "level": 0.95}, (2.0, 2 * 2 ** (-1.64485 / 1.95996),
                                                                     2 * 2 ** (1.64485 / 1.95996))),
        ("percentage points", 5.0, {"interval": (1.0, 11.0), "level": 0.90}, (5.0, 1.0, 11.0)),
        ("share", 0.5, {}, (0.5, None, None)),
    ],
)  # fmt: skip
def test_common_scale(
    scale: str, estimate: float, extra: dict[str, object], expected: tuple[float | None, ...]
) -> None:
    e = Estimate.model_validate({
        "claim": "C1", "estimand": "one thing v another", "estimate": estimate, "scale": scale, "finding": "null",
        "where": "p. 1", "not_shown": "anything else", "read": "read-paper", "comparable": True, **extra,
    })  # fmt: skip
    assert e.on_common_scale()[1:] == tuple(v if v is None else pytest.approx(v, rel=1e-4) for v in expected)


def test_frame_is_tidy_and_ratios_are_positive() -> None:
    frame = register_frame(STUDIES)
    assert frame.height == len(ESTIMATES)
    shown = frame.filter(frame["effect_low"].is_not_null())
    assert ((shown["effect_low"] <= shown["effect"]) & (shown["effect"] <= shown["effect_high"])).all()
    ratios = frame.filter(frame["effect_scale"].is_in([str(r) for r in RATIOS]))
    assert (ratios["effect"].drop_nulls() > 0).all()


def test_one_claim_by_id_or_name() -> None:
    assert estimates_for("coup-proofing").equals(estimates_for("c5"))
    assert set(estimates_for("C5")["claim"]) == {"C5"}
    with pytest.raises(AllegianceError, match="unknown claim 'C99'"):
        estimates_for("C99")


def test_a_good_file_reads(tmp_path: Path) -> None:
    assert read_study(_study(tmp_path, GOOD)).estimates[0].interval == (1.0, 4.0)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("claim: C1", "claim: C77", 8, "unknown claim 'C77'"),
        ("design: observational", "desing: observational", 4, "did you mean 'design'"),
        ("    level: 0.95\n", "", 8, "an interval needs its level"),
        ("[1.0, 4.0]", "[3.0, 4.0]", 8, "does not contain the estimate"),
        ("[1.0, 4.0]", "[4.0, 1.0]", 8, "upside down"),
        ("estimate: 2.0", "estimate: -2.0", 8, "does not contain"),
        ("doi: 10.1/x", "doi: https://doi.org/10.1/x", 3, "starts with '10.'"),
        ("scale: odds ratio", "scale: odds", 11, "odds ratio"),
        ("read: read-paper", "read: heard", 17, "read-abstract"),
        ("sample: 10 men\n", "sample: 10 men\nsample: 11 men\n", 6, "duplicate key"),
        ("id: own", "id: other", 1, "write id: own"),
        ("doi: 10.1/x", "reference: granoveter1978", 3, "did you mean 'granovetter1978'"),
        ("comparable: true", "comparable: yes please", 18, "boolean"),
        ("    not_shown: the reasons they had\n", "", 8, "'not_shown' is missing"),
        (GOOD[GOOD.index("estimates:") :], "estimates: []\n", 7, "says nothing"),
    ],
)
def test_each_fault_names_its_line(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    assert old in GOOD
    with pytest.raises(FaultyInput) as caught:
        read_study(_study(tmp_path, GOOD.replace(old, new)))
    faults = [str(f) for f in caught.value.faults]
    assert any(f.startswith(f"own.yaml:{line}:") and words in f for f in faults), faults


def test_all_files_faults_come_at_once(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(GOOD.replace("claim: C1", "claim: C77"), encoding="utf-8")
    with pytest.raises(FaultyInput, match="2 faults"):
        load_register(tmp_path)


def test_an_empty_folder_is_no_register(tmp_path: Path) -> None:
    with pytest.raises(AllegianceError, match="no study"):
        load_register(tmp_path)


def test_file_names_are_ids() -> None:
    assert sorted(p.stem for p in FOLDER.glob("*.yaml")) == [s.id for s in STUDIES]


def test_the_command_prints_tables_and_json() -> None:
    from allegiance.cli.main import app

    run = CliRunner().invoke
    assert "C15 perfect storm" in run(app, ["evidence"], env={"COLUMNS": "120"}).output
    assert "not shown" in run(app, ["evidence", "C10"], env={"COLUMNS": "120"}).output
    rows = json.loads(run(app, ["evidence", "learning", "--json"]).output)
    assert len(rows) == estimates_for("C10").height
    assert isinstance(run(app, ["evidence", "C99"]).exception, AllegianceError)
