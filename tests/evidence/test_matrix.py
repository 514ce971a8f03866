"""Outcome by design: one vote for each study, and what nobody has studied."""

from __future__ import annotations

import polars as pl
import pytest

from allegiance.base.claims import CLAIMS
from allegiance.evidence.matrix import DESIGNS, NAMED, OUTCOMES, WORDS, design_of, matrix, outcome_of, totals, vote
from allegiance.evidence.register import estimates_for, load_register


def row(study: str, estimand: str, finding: str, design: str = "observational; logit") -> dict[str, str]:
    return {"study": study, "estimand": estimand, "finding": finding, "design": design}


def test_conscription_has_no_study_of_mutiny_and_two_votes_for_on_desertion() -> None:
    rows = estimates_for("C1")
    found = matrix("C1", rows)
    assert (rows["finding"] == "supports").sum() == 6  # entries, from two papers
    assert found.missing == ("mutiny", "defection")
    assert found.gap == "no direct evidence on mutiny or defection"
    assert found.words("desertion", "within") == "2 for"
    assert found.words("desertion", "across") == "1 no effect"
    assert found.outcomes[:3] == ("mutiny", "desertion", "defection")
    assert totals(rows)["supports"] == 2


def test_a_study_has_one_vote_however_many_estimates_it_has() -> None:
    rows = pl.DataFrame(
        [row("a", "coup attempts in the year", "supports")] * 9
        + [row("b", "coup attempts in the year", "null"), row("b", "coup attempt in the month", "supports")]
        + [row("c", "coup attempts, count", "context", "press count")]
        + [row("d", "defection in an uprising", "context")]
    )
    found = matrix("C5", rows)
    assert found.words("coup", "across") == "1 for, 1 mixed"
    assert found.words("coup", "cases") == "described"
    assert found.words("defection", "across") == "described"
    assert found.missing == ("mutiny", "defection")  # described is not studied
    assert totals(rows) == {"supports": 1, "contradicts": 0, "null": 0, "mixed": 1}


def test_the_same_means_what_stands_before_it_in_the_study() -> None:
    rows = pl.DataFrame([row("a", "mutinies in the year", "supports"), row("a", "the same for officers", "supports")])
    assert matrix("C1", rows).words("mutiny", "across") == "1 for"
    assert matrix("C1", rows).words("other", "across") == ""


@pytest.mark.parametrize(
    ("findings", "one"),
    [
        (["supports"], "supports"), (["null", "null"], "null"), (["supports", "contradicts"], "mixed"),
        (["contradicts", "context"], "contradicts"), (["context"], None), ([], None), (["mixed", "supports"], "mixed"),
    ],
)  # fmt: skip
def test_votes(findings: list[str], one: str | None) -> None:
    assert vote(findings) == one


def test_every_claim_names_outcomes_that_exist_and_the_controls_none() -> None:
    assert set(NAMED) == {c.id for c in CLAIMS if not c.is_control}
    assert {o for named in NAMED.values() for o in named} <= set(WORDS)
    assert set(WORDS) == {*OUTCOMES, "other"}


def test_hardly_an_entry_of_the_register_is_on_no_known_outcome() -> None:
    entries = [e for s in load_register() for e in s.estimates]
    other = [e.estimand for e in entries if outcome_of(e.estimand) == "other" and not e.estimand.startswith("the same")]
    assert len(other) <= 6, other
    assert {design_of(s.id, s.design) for s in load_register()} == set(DESIGNS)


@pytest.mark.parametrize(
    ("estimand", "outcome"),
    [
        ("coup attempt in the month: mutiny in the six months before v none", "coup"),
        ("mutiny as a state starts to recruit foreigners", "mutiny"),
        ("large-scale defection as more coup-proofing strategies are used", "defection"),
        ("mass desertion per step of identity regime (2 repressive towards groups in the army)", "desertion"),
        ("winning the war: coup-proofed or inward-facing army v other", "war"),
        ("virtuous shirking (a significant share of deployed troops does not use lethal force)", "refusal"),
        ("shirking by soldiers from places with more pre-war repression", "shirking"),
        ("defection in mass protest: army stacked down to the ranks v others", "defection"),
    ],
)
def test_outcomes_by_what_is_estimated_not_by_what_moves_it(estimand: str, outcome: str) -> None:
    assert outcome_of(estimand) == outcome
