"""What fits say of the claims: every verdict from hand-made fits, the record of several fits, and the page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import allegiance
from allegiance.base.claims import CLAIMS
from allegiance.base.errors import AllegianceError
from allegiance.cli.main import app
from allegiance.inference.fit import claims
from allegiance.inference.fit.claims import Weighed, claims_and_data, weigh
from allegiance.inference.fit.readings import Reading, distance, overlap, readings
from allegiance.inference.fit.records import keep_record, read_fits
from allegiance.inference.fit.strengths import LESS, STRENGTHS
from allegiance.report import claims_data, fit_docs
from allegiance.theory import (
    capability,
    command,
    conscription,
    coup_proofing,
    deprivation,
    escalation,
    hidden_effort,
    home_front,
    inducement,
    linkage,
    protest,
    relative_deprivation,
)
from allegiance.theory.registry import PARAMETERS, free
from allegiance.theory.stamp import theory_hash

DOCS = Path(__file__).resolve().parents[2] / "docs"
Told = Mapping[str, tuple[float, float]]


def made(told: Told, method: str = "all", without: Mapping[str, tuple[float, float]] | None = None,
         **card: Any) -> dict[str, Any]:  # fmt: skip
    """A fit in which the named parameters have a shift and a spread and the others stay at their priors.

    Args:
        without: parameter -> how far its mean moves by seeing the 1980s, and its spread without them over that with.
    """
    rows = []
    for name in free():
        (shift, spread), p = told.get(name, (0.0, 1.0)), PARAMETERS[name]
        rows.append({
            "parameter": name, "prior_median": p.value, "prior_low": p.low, "prior_high": p.high, "shift": shift,
            "median": p.quantile(shift), "low": p.quantile(shift - 1.645 * spread), "spread": spread, "unit": p.unit,
            "high": p.quantile(shift + 1.645 * spread), "emulator_error": 0.1, "response": 0.2,
            "informed": spread <= 0.7,
        })  # fmt: skip
    decades = [
        {"parameter": n, "without": 1980, "moved": moved, "spread_ratio": ratio}
        for n, (moved, ratio) in (without or {}).items()
    ]
    study = {"campaigns": {"first": 1945, "last": 1989, "test_last": 1999, "method": method}}
    whole = {"campaigns_fitted_to": 90, "campaigns_of_the_test": 9, "worlds_played": 720, "date": "2026-01-01",
             "r_hat": 1.01, "effective_draws": 400, "study": study}  # fmt: skip
    return {
        "title": f"Made of {method}", "card": whole | card, "theory_sha256": theory_hash(), "notes": [], "look": 1,
        "said": ["The prior stays the default."], "parameters": rows, "combinations": [], "decades": decades,
        "emulators": [],
        "coverage": [{"quantity": "all", "covered_50": 0.5, "covered_90": 0.9, "worlds": 9, "uniform_p": None}],
        "comparisons": [], "observers": [], "groups": [], "scores": [], "not_emulated": [], "ranks": {},
    }  # fmt: skip


def of(about: str, **fits: dict[str, Any]) -> Weighed:
    return next(w for w in weigh(fits) if w.claim == about)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, claims.SILENT),
        ({"linkage_refusal": (-0.9, 0.71)}, claims.SILENT),  # neither narrow enough nor clear of 0
        ({"linkage_fighting": (0.2, 0.5)}, claims.ELSEWHERE),
        ({"linkage_refusal": (0.4, 0.6)}, claims.STANDS),
        ({"linkage_refusal": (-0.9, 0.65)}, claims.STANDS),  # narrow, and its interval holds the prior's middle
        ({"linkage_refusal": (1.5, 0.8)}, claims.STANDS),
        ({"linkage_refusal": (-1.5, 0.8)}, claims.PUSHED),
        ({"linkage_refusal": (-1.5, 0.8), "command_tied": (0.0, 0.6)}, claims.PARTLY),
        ({"linkage_refusal": (-1.5, 0.8), "inclusion_weight": (2.0, 0.5)}, claims.PUSHED),
    ],
)
def test_verdicts_follow_the_rule(told: Told, said: str) -> None:
    assert of("C3", one=made(told)).verdict == said


def test_a_claim_without_a_strength_is_informed_or_not_and_no_more() -> None:
    assert "C2" not in STRENGTHS
    assert of("C2", one=made({"recruitment_urgency": (-3.0, 0.4)})).verdict == claims.ELSEWHERE
    assert of("C2", one=made({})).verdict == claims.SILENT


def test_where_more_of_a_parameter_is_less_of_the_effect_upwards_is_towards_none() -> None:
    assert of("C9", one=made({"capability_shirker": (1.5, 0.6)})).verdict == claims.PUSHED
    assert of("C9", one=made({"capability_shirker": (-1.5, 0.6)})).verdict == claims.STANDS


def test_controls_and_an_empty_record_are_said_to_be_so() -> None:
    assert {w.verdict for w in weigh({})} == {claims.NO_FIT, claims.NO_PARAMETER}
    assert of("N2", one=made({})).verdict == claims.NO_PARAMETER


def test_sets_that_disagree_are_found_where_one_tells_and_not_where_both_are_silent() -> None:
    up, down = {"linkage_refusal": (1.6, 0.5)}, {"linkage_refusal": (-1.6, 0.5)}
    both = of("C3", armed=made(up, "armed"), unarmed=made(down, "unarmed"))
    assert both.verdict == claims.DISAGREE
    (row,) = both.apart
    assert row.distance > both.limit > 1.96 - 0.01
    near = of("C3", armed=made(up, "armed"), unarmed=made({"linkage_refusal": (0.9, 0.6)}, "unarmed"))
    assert near.verdict == claims.STANDS
    assert not of("C3", armed=made({}, "armed"), unarmed=made({}, "unarmed")).apart
    # a parameter that does not scale the effect does not decide
    elsewhere = {"linkage_fighting": (1.9, 0.4)}, {"linkage_fighting": (-1.9, 0.4)}
    other = of("C3", armed=made(elsewhere[0], "armed"), unarmed=made(elsewhere[1], "unarmed"))
    assert (other.verdict, len(other.apart)) == (claims.ELSEWHERE, 1)


def test_the_limit_grows_with_the_pairs_that_are_compared() -> None:
    few = of("C3", armed=made({"linkage_refusal": (0.5, 0.5)}, "armed"), unarmed=made({}, "unarmed"))
    told = dict.fromkeys(free()[:40], (0.5, 0.5))
    many = of("C3", armed=made(told, "armed"), unarmed=made({}, "unarmed"))
    assert few.limit == pytest.approx(1.96, abs=0.01)
    assert many.limit > 3.0


def test_a_fit_that_did_not_converge_does_not_count() -> None:
    told = {"linkage_refusal": (-1.5, 0.5)}
    assert of("C3", one=made(told, r_hat=1.06)).verdict == claims.NO_FIT
    assert of("C3", one=made(told, r_hat=1.05)).verdict == claims.PUSHED


def test_a_decade_without_which_nothing_is_said_is_named() -> None:
    told = {"linkage_refusal": (0.6, 0.6), "linkage_grievance": (0.6, 0.6)}
    fit = made(told, without={"linkage_refusal": (0.5, 1.5), "linkage_grievance": (0.1, 1.05)})
    found = readings("one", fit)
    assert found["linkage_refusal"].without[1980] == pytest.approx((0.3, 0.9))
    assert found["linkage_refusal"].lost() == [1980]
    assert found["linkage_grievance"].lost() == []
    row = next(r for r in claims_data.claim_rows(of("C3", one=fit))[1] if r[0] == "linkage_refusal")
    assert "silent without the 1980s" in row[-1]


def reading(shift: float, spread: float) -> Reading:
    return Reading("f", "p", shift, spread, 1, 1, 1, 0.1, 0.0, 1e9)


@pytest.mark.parametrize(("one", "other"), [(0.3, 2.0), (1.0, 1.0), (2.0, 0.1)])
def test_distances_of_fits_that_agree_are_those_of_chance(one: float, other: float) -> None:
    """Worlds drawn from the prior, measured with two errors: alone (apart), and by both together (inside)."""
    rng = np.random.default_rng(3)
    truth = rng.normal(size=4000)
    seen = [truth + e * rng.normal(size=truth.size) for e in (one, other)]
    weights = [1 / e**2 for e in (one, other)]

    def fit(which: list[int]) -> list[Reading]:
        total = 1 + sum(weights[k] for k in which)
        means = np.sum([weights[k] * seen[k] for k in which], axis=0) / total
        return [reading(float(m), total**-0.5) for m in means]

    parts, whole = [fit([0]), fit([1])], fit([0, 1])
    for rows, lie in ((parts, "apart"), ([parts[0], whole], "inside"), ([whole, parts[0]], "around")):
        gaps = [distance(a, b, lie) for a, b in zip(*rows, strict=True)]
        assert np.std(gaps) == pytest.approx(1.0, abs=0.05), lie  # type: ignore[arg-type]
    assert distance(parts[0][0], parts[1][0], "mixed") is None
    assert distance(reading(0, 0.5), reading(0, 0.9), "inside") is None  # a part that knows more than the whole


def test_campaigns_of_two_studies_lie_apart_or_inside() -> None:
    every, armed, unarmed = (made({}, m) for m in ("all", "armed", "unarmed"))
    late = made({}, study={"campaigns": {"first": 1980, "last": 1995, "method": "unarmed"}})
    later = made({}, study={"campaigns": {"first": 1990, "last": 1995, "method": "unarmed"}})
    assert overlap(armed, unarmed) == overlap(unarmed, later) == "apart"
    assert overlap(armed, every) == "inside"
    assert overlap(every, armed) == "around"
    assert overlap(every, every) == "same"
    assert overlap(unarmed, late) == "mixed"


EFFECTS: dict[str, Any] = {
    "conscription_horizon": lambda v: conscription.horizon_pressure(10, v, 240),
    "conscription_compulsion": lambda v: conscription.compulsion_pressure(1, v),
    "conscription_company": lambda v: conscription.company_pressure(0.5, v),
    "linkage_refusal": lambda v: linkage.linkage_pressure(1, 1, v),
    "linkage_grievance": lambda v: linkage.kin_grievance(1, 1, v),
    "command_tied": lambda v: np.log(
        command.halt_hazard(0.5, 1, 1, 0.001, 2, v) / command.halt_hazard(0.5, 0, 1, 0.001, 2, v)
    ),
    "protest_troops": lambda v: protest.troop_pressure(1, 1, v, 0.8),
    "protest_coups": lambda v: protest.coup_pressure(1, 1, 1, v, 0.8, 1.5),
    "coup_proofing_coordination": lambda v: coup_proofing.coordination_cost(1, 1, v),
    "coup_proofing_guards": lambda v: coup_proofing.guard_strength(1, v),
    "coup_proofing_resentment": lambda v: coup_proofing.resentment(1, 1, 1, v),
    "relative_deprivation_weight": lambda v: relative_deprivation.relative_deprivation(0.5, 1.5, 1, v),
    "deprivation_supply": lambda v: deprivation.absolute_deprivation(0.4, v),
    "deprivation_leadership": lambda v: deprivation.leadership_grievance(0.1, v),
    "deprivation_losses": lambda v: deprivation.unit_shock(0.3, v, 0.15),
    "deprivation_fear": lambda v: deprivation.unit_shock(0.3, v, 0.15),
    "inducement_weight": lambda v: inducement.inducement_pressure(1, 1, 1, v, 1),
    "capability_morale": lambda v: power(v, 0.3, morale=1) - power(v, 0.3, morale=0),
    "capability_shirker": lambda v: power(0.36, v, obeying=100, shirking=0) - power(0.36, v, obeying=50, shirking=50),
    "escalation_rate": lambda v: escalation.step_up_hazard(0.5, 0.2, 0.2, v, 1, 1, 1),
    "escalation_standoff": lambda v: escalation.civilian_rate(1, 0, 1, 3, v),
    "hidden_effort_deterrence": lambda v: abs(hidden_effort.deterrence(1, 1, v)),
    "hidden_effort_displacement": lambda v: hidden_effort.displacement(1, 1, 2, v),
    "home_front_participation": lambda v: home_front.participation(100, 1e5, v, 0.0004),
}


def power(morale_weight: float, shirker: float, obeying: float = 50, shirking: float = 50, morale: float = 0) -> Any:
    return capability.company_power(capability.effort(obeying, shirking, shirker), 1, 1, 1, morale, morale_weight)


def test_what_scales_an_effect_leaves_none_of_it_at_one_end_and_more_of_it_the_farther_off() -> None:
    listed = {name: way for of_claim in STRENGTHS.values() for name, way in of_claim.items()}
    assert set(EFFECTS) == set(listed)
    for about, names in STRENGTHS.items():
        assert set(names) <= set(claims.parameters_of(about)), about
    for name, way in listed.items():
        effect, p = EFFECTS[name], PARAMETERS[name]
        assert effect(1.0 if way == LESS else 0.0) == pytest.approx(0, abs=1e-9), name
        weak, strong = float(effect(max(p.low, 0.01))), float(effect(p.high))
        assert (strong > weak > 0) if way > 0 else (weak > strong > 0), name


def test_a_record_keeps_studies_beside_each_other_and_each_in_its_own_place(tmp_path: Path) -> None:
    path = tmp_path / "fit.json"
    keep_record(path, "unarmed", made({}, "unarmed"))
    keep_record(path, "studies/armed.yaml", made({}, "armed"))
    keep_record(path, "unarmed", made({"linkage_refusal": (0.4, 0.6)}, "unarmed", date="2026-02-02"))
    known = read_fits(path)
    assert set(known) == {"unarmed", "armed"}
    assert known["unarmed"]["card"]["date"] == "2026-02-02"
    assert known["armed"] == made({}, "armed")
    assert next(w for w in claims_and_data(path) if w.claim == "C3").verdict == claims.STANDS
    told = fit_docs.told(known)
    assert told.index("### Made of armed") < told.index("### Made of unarmed")


@pytest.mark.parametrize("held", ["[]", '{"title": "one fit", "card": {}}', '{"unarmed": {"title": "x"}}', "{"])
def test_what_is_no_record_is_refused_and_left_alone(tmp_path: Path, held: str) -> None:
    path = tmp_path / "fit.json"
    path.write_text(held, encoding="utf-8")
    with pytest.raises(AllegianceError, match=r"no record of fits|damaged"):
        keep_record(path, "unarmed", made({}))
    assert path.read_text(encoding="utf-8") == held


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """The two pages, with two fits on record."""
    for page in (claims_data.PAGE, fit_docs.PAGE):
        (tmp_path / page).write_text((DOCS / page).read_text(encoding="utf-8"), encoding="utf-8")
    keep_record(tmp_path / fit_docs.RECORD, "armed", made({"linkage_refusal": (1.6, 0.5)}, "armed"))
    told = {"linkage_refusal": (-1.6, 0.5), "choice_rate_defection": (0.9, 0.5)}
    keep_record(tmp_path / fit_docs.RECORD, "unarmed", made(told, "unarmed", theory_sha256="0"))
    return tmp_path


def test_the_page_is_stale_until_it_tells_what_is_on_record(docs: Path) -> None:
    with pytest.raises(AllegianceError, match=r"claims-and-data.md is out of date"):
        claims_data.check_claims_data(docs)
    assert claims_data.write_claims_data(docs) == docs / claims_data.PAGE
    claims_data.check_claims_data(docs)
    page = (docs / claims_data.PAGE).read_text(encoding="utf-8")
    assert "| [C3 linkage](#c3-linkage) | sets disagree | 1 of 3 | 2 of 29 | armed, unarmed |" in page
    assert "- sets disagree: C3" in page
    for about in CLAIMS:
        assert f"\n## {about.id} {about.name}\n" in page
    for text in claims.rule():
        assert text in page
    assert "choice_rate_defection | unarmed" in page.partition("## C1 ")[2]
    assert "also of C3, C7, C12" in page.partition("## C1 ")[2]
    record = json.loads((docs / "fit.json").read_text(encoding="utf-8"))
    keep_record(docs / "fit.json", "armed", record["armed"] | {"theory_sha256": "0"})
    with pytest.raises(AllegianceError, match="out of date"):
        claims_data.check_claims_data(docs)
    claims_data.write_claims_data(docs)
    assert "others than today's" in (docs / claims_data.PAGE).read_text(encoding="utf-8")


def test_the_pages_in_the_documentation_are_up_to_date() -> None:
    claims_data.check_claims_data(DOCS)
    fit_docs.check_fit_page(DOCS)
    if not (DOCS / fit_docs.RECORD).is_file():
        assert fit_docs.NONE in (DOCS / claims_data.PAGE).read_text(encoding="utf-8")


def test_the_command_tells_all_claims_or_one(docs: Path) -> None:
    def said(*words: str) -> str:
        done = CliRunner().invoke(app, ["evidence", *words], env={"COLUMNS": "220"})
        assert done.exit_code == 0, done.output
        return done.stdout

    record = str(docs / "fit.json")
    assert "sets disagree" in said("--fits", record)
    assert "linkage_refusal" in said("C3", "--fits", record)
    (row,) = json.loads(said("C3", "--fits", record, "--json"))
    assert row["verdict"] == claims.DISAGREE
    folder = docs / "mine"
    folder.mkdir()
    (folder / "summary.json").write_text(json.dumps(made({})), encoding="utf-8")
    assert [r["verdict"] for r in json.loads(said("C3", "--fits", str(folder), "--json"))] == [claims.SILENT]
    assert allegiance.claims_and_data([record, folder])[2].verdict == claims.DISAGREE
    with pytest.raises(AllegianceError, match="called 'mine' already"):
        claims_and_data([folder, folder])
