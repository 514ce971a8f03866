"""A war of one's own: questions, anchors, leftovers, scenarios of the future, and a place on every page."""

from __future__ import annotations

import pytest

from allegiance.app import wizard
from allegiance.app.catalogue import OWN, Catalogue
from allegiance.app.check_task import check
from allegiance.app.downloads import case_file
from allegiance.app.main import desks
from allegiance.app.yours import questions
from allegiance.base.errors import AllegianceError, FaultyInput
from allegiance.cases.faults import validated
from allegiance.cases.loader import load_case
from allegiance.cases.paths import resolve
from allegiance.cases.reader import parse
from allegiance.cases.schema import Case
from allegiance.cases.template import TEMPLATE, leftovers

ANSWERS = {
    "title": "Karsia and Vell, 2027", "attacker": "Karsia", "defender": "Vell", "start": "2027-04-01", "days": "60",
    "decided": "2027-05-01", "attacker.soldiers": "12,000", "attacker.conscripts": "0.8", "defender.supply": "0.5",
}  # fmt: skip


def test_answers_are_laid_over_a_whole_case() -> None:
    case = wizard.answered(wizard.blank(), ANSWERS)
    assert (case.title, case.start.isoformat(), case.days) == ("Karsia and Vell, 2027", "2027-04-01", 60)
    assert [side.name for side in case.sides.values()] == ["Karsia", "Vell"]
    assert resolve(case, "sides.attacker.forces.army.strength") == 12_000
    assert resolve(case, "sides.attacker.forces.army.composition.conscript") == pytest.approx(0.8)
    assert resolve(case, "sides.defender.supply") == 0.5
    assert case.decisions["call-up"].date > case.information_date, "a scenario may hold what is to come"
    assert validated(parse(case_file(case), "again"), Case) == case


@pytest.mark.parametrize(
    ("key", "text"),
    [("attacker.supply", "1.5"), ("attacker.supply", "much"), ("start", "soon"), ("days", "0"),
     ("decided", "2030-01-01"), ("attacker.soldiers", "nan")],
)  # fmt: skip
def test_bad_answers_are_refused_with_the_reason(key: str, text: str) -> None:
    with pytest.raises((AllegianceError, FaultyInput)):
        wizard.answered(wizard.blank(), {**ANSWERS, key: text})


def test_anchors_are_computed_from_the_library() -> None:
    for question in wizard.QUESTIONS:
        found = wizard.anchors(question.key)
        values = [v for _, v in found]
        assert len(found) == wizard.ANCHORS
        assert values == sorted(values)
    assert len(wizard.QUESTIONS) == 12
    case = load_case("russia-ukraine-2022")
    supply = next(q for q in wizard.QUESTIONS if q.key == "supply")
    assert wizard.value(case.sides["russia"], supply) == case.sides["russia"].supply.value
    assert "Russia 2022 0.65" in str(questions(wizard.blank(), False))


def test_what_the_template_came_with_is_refused_and_the_blank_case_holds_none_of_it() -> None:
    text = TEMPLATE.read_text(encoding="utf-8")
    (found,) = check({}, text, "mine.yaml")
    assert "still holds what the template came with" in found.result.barred
    assert "Title of the work" in found.result.barred
    assert leftovers(wizard.blank()) == []
    (fine,) = check({}, case_file(wizard.blank()), "mine.yaml")
    assert fine.result.barred == ""


def test_dates_after_the_information_date_are_a_fault_only_where_the_war_is_known() -> None:
    text = TEMPLATE.read_text(encoding="utf-8")
    with pytest.raises(FaultyInput, match="known only after the information date"):
        validated(parse(text.replace("information_date: 2000-12-31", "information_date: 2000-01-20"), "a"), Case)
    validated(parse(text.replace("information_date: 2000-12-31", "information_date: 1999-12-31"), "a"), Case)


def test_an_own_case_is_found_by_its_name_alone_and_asked_of_its_own_worker() -> None:
    shelf = Catalogue()
    case = shelf.keep(wizard.answered(wizard.blank(), ANSWERS))
    assert shelf.get(case.id, "reference") is case
    assert shelf.is_own(case)
    assert not shelf.is_own(wizard.blank())
    both = desks({}, shelf.is_own)
    try:
        assert both._of("whatif", {"case": case}) is both.others["run"]
        assert both._of("whatif", {"case": load_case("reference")}) is both.main
        assert both._of("check", {"case": case}) is both.others["check"]
    finally:
        both.stop()
    for _ in range(OWN):
        shelf.keep(wizard.blank())
    assert not shelf.is_own(case)
