"""Forget a test, a source, a registry line or a page for a mechanism, and one of these fails."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest

from allegiance.base.citations import bibliography
from allegiance.base.claims import CLAIMS
from allegiance.base.values import Basis
from allegiance.day.schedule import SCHEDULE
from allegiance.theory.contract import Mechanism, Parameter
from allegiance.theory.registry import MECHANISMS, PARAMETERS

ROOT = Path(__file__).resolve().parents[2]
THEORY = ROOT / "src" / "allegiance" / "theory"
PLUMBING = {"__init__", "contract", "registry"}
BRACKET = re.compile(r"\[[^\]]+\]")
YEAR = re.compile(r"(1[789]|20)\d\d")

EVERY = pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m.id)
EVERY_PARAMETER = pytest.mark.parametrize(("name", "parameter"), PARAMETERS.items(), ids=list(PARAMETERS))
FUNCTIONS = [(m, f) for m in MECHANISMS for f in (*m.functions, *m.rivals)]
EVERY_FUNCTION = pytest.mark.parametrize(
    ("mechanism", "function"), FUNCTIONS, ids=[f"{m.id}.{f.__name__}" for m, f in FUNCTIONS]
)


def module(mechanism: Mechanism):  # type: ignore[no-untyped-def]
    return import_module(f"allegiance.theory.{mechanism.id}")


def test_every_file_is_registered_and_bears_its_mechanisms_name() -> None:
    assert {p.stem for p in THEORY.glob("*.py")} - PLUMBING == {m.id for m in MECHANISMS}


def test_every_claim_has_a_mechanism_and_every_mechanism_a_claim() -> None:
    known = {c.id for c in CLAIMS if not c.is_control}
    assert {c for m in MECHANISMS for c in m.claims} == known


def test_every_mechanism_has_its_place_in_the_day_or_at_the_muster() -> None:
    assert {name for phase in SCHEDULE for name in phase.mechanisms} == {m.id for m in MECHANISMS}


@EVERY
def test_tested(mechanism: Mechanism) -> None:
    path = ROOT / "tests" / "theory" / f"test_{mechanism.id}.py"
    assert path.is_file(), f"write {path.relative_to(ROOT)}"
    text = path.read_text(encoding="utf-8")
    for function in mechanism.functions:
        assert function.__name__ in text, f"{path.name} never mentions {function.__name__}"


@EVERY
def test_documented(mechanism: Mechanism) -> None:
    assert (ROOT / "docs" / "mechanisms" / f"{mechanism.id}.md").is_file(), "run: allegiance docs --out docs"
    text = inspect.getdoc(module(mechanism)) or ""
    assert text.split("\n\n")[0].replace("\n", " ") == mechanism.summary
    assert re.search(r"\bclaims?\b", text, re.IGNORECASE), "say which claim it states"
    assert re.search(r"\bsilent on\b", text, re.IGNORECASE), "say what it is silent on"
    assert YEAR.search(text), "name a source by author and year"
    assert mechanism.silent_on


@EVERY
def test_sourced(mechanism: Mechanism) -> None:
    assert mechanism.sources, "name the works it rests on"
    for key in mechanism.sources:
        assert key in bibliography(), f"{key} is not in references.bib"


@EVERY
def test_one_cause_per_file_and_all_of_it_declared(mechanism: Mechanism) -> None:
    """Every public compiled function of the file is a function or a rival of its mechanism."""
    declared = {f.__name__ for f in (*mechanism.functions, *mechanism.rivals)}
    source = (THEORY / f"{mechanism.id}.py").read_text(encoding="utf-8")
    assert set(re.findall(r"^@scalar\ndef (\w+)\(", source, re.MULTILINE)) == declared
    assert len(source.splitlines()) <= 260


@EVERY
def test_rivals_are_named_by_author_and_year_and_take_the_same_arguments(mechanism: Mechanism) -> None:
    arguments = [list(inspect.signature(getattr(f, "py_func", f)).parameters) for f in mechanism.functions]
    for rival in mechanism.rivals:
        assert re.search(r"_[a-z_]+\d{4}$", rival.__name__)
        assert list(inspect.signature(getattr(rival, "py_func", rival)).parameters) in arguments


@EVERY_FUNCTION
def test_every_argument_has_meaning_unit_and_range(mechanism: Mechanism, function) -> None:  # type: ignore[no-untyped-def]
    plain = getattr(function, "py_func", function)
    text = inspect.cleandoc(plain.__doc__ or "")
    entries = dict(re.findall(r"^    (\w+): ((?:.|\n(?=        ))+)", text, re.MULTILINE))
    for argument in inspect.signature(plain).parameters:
        assert argument in entries, f"{mechanism.id}.{function.__name__}: document '{argument}'"
        assert BRACKET.search(entries[argument]), f"{mechanism.id}.{function.__name__}: [unit, range] of '{argument}'"
    returns = text.split("Returns:")[1].split("Source:")[0]
    assert BRACKET.search(returns), "give the unit of what it returns"
    assert text.split("Source:")[1].strip()


@EVERY_FUNCTION
def test_documented_parameters_exist(mechanism: Mechanism, function) -> None:  # type: ignore[no-untyped-def]
    text = inspect.cleandoc(getattr(function, "py_func", function).__doc__ or "")
    own = {p.name for p in mechanism.parameters}
    for listed in re.findall(r"parameters? ((?:`\w+`(?: and |, )?)+)\]", text):
        assert set(re.findall(r"`(\w+)`", listed)) <= own


@EVERY_FUNCTION
def test_mechanisms_are_pure(mechanism: Mechanism, function) -> None:  # type: ignore[no-untyped-def]
    """No chance, no war by name, no state of others: only numbers in and a number out."""
    source = inspect.getsource(getattr(function, "py_func", function))
    code = re.sub(r'"""(?:.|\n)*?"""', "", source).lower()
    assert not re.search(r"random|uniform\(|normal\(|global |\[", code)
    assert not re.search(r"russia|ukraine|syria|wagner", code)


@EVERY_PARAMETER
def test_no_number_without_unit_reason_and_source(name: str, parameter: Parameter) -> None:
    assert parameter.unit.strip(), f"{name} has no unit"
    assert len(parameter.why.split()) >= 3, f"{name}: say why this value"
    assert parameter.source in bibliography(), f"{name}: {parameter.source!r} is not in references.bib"
    assert isinstance(parameter.basis, Basis)


@EVERY_PARAMETER
def test_only_defined_counts_have_no_uncertainty(name: str, parameter: Parameter) -> None:
    if parameter.low == parameter.high:
        assert parameter.basis is Basis.published, f"{name}: a judgement without an interval"
    else:
        assert parameter.low < parameter.value < parameter.high, f"{name}: the median lies on an edge of its prior"
