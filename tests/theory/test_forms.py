"""Forms of disloyalty are declared once, and what lists them is read off."""

from __future__ import annotations

import pytest

from allegiance.theory import forms
from allegiance.theory.forms import FORMS, INDIVIDUAL, NAMES, THRESHOLDS, routes
from allegiance.world.soldiers import DEFECTED, DESERTED, MUTINY, REFUSING, SHIRKING, STATUS_NAMES


def test_each_form_has_a_status_of_its_own_that_says_whether_the_soldier_left() -> None:
    statuses = [STATUS_NAMES.index(form.status) for form in FORMS]
    assert statuses == [SHIRKING, REFUSING, DESERTED, DEFECTED, MUTINY]
    assert [form.leaves for form in FORMS] == [status > MUTINY for status in statuses]


def test_the_numbers_that_the_engine_uses_are_those_of_the_table() -> None:
    named = (forms.SHIRK, forms.REFUSE, forms.DESERT, forms.DEFECT, forms.RISE)
    assert [NAMES[k] for k in named] == ["shirking", "refusal", "desertion", "defection", "mutiny"]
    assert FORMS[-1].name == "mutiny", "kernels take the forms before the last as a soldier's own choice"


def test_individual_forms_are_those_with_a_threshold() -> None:
    assert set(INDIVIDUAL) == {form.name for form in FORMS if form.threshold is not None}
    assert tuple(sorted(INDIVIDUAL)) == INDIVIDUAL
    assert all(0 < share < 1 for share in THRESHOLDS.values())
    assert not set(INDIVIDUAL) & set(forms.COUNTED)


def test_routes_act_on_the_forms_that_are_named_and_know_no_others() -> None:
    made = routes(refusal=0.5, defection=1.0)
    assert made.acting == ((forms.REFUSE, 0.5), (forms.DEFECT, 1.0))
    assert made.array().tolist() == [0.0, 0.5, 0.0, 1.0, 0.0]
    assert routes().acting == ()
    with pytest.raises(ValueError, match="no form of disloyalty called 'treason'"):
        routes(treason=1.0)
