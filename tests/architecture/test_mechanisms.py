"""Forget a test, a source, a term's input or a page for a mechanism, and one of these fails."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest

from allegiance.base.citations import bibliography
from allegiance.base.claims import CLAIMS
from allegiance.base.values import Basis
from allegiance.cases.loader import load_case
from allegiance.cases.paths import with_values
from allegiance.day.schedule import SCHEDULE
from allegiance.report.docstrings import explain
from allegiance.runs.ensemble import simulate
from allegiance.runs.spec import RunSpec
from allegiance.theory.anchors import SOLVED
from allegiance.theory.contract import TIE, Mechanism, Parameter, Term
from allegiance.theory.registry import MECHANISMS, PARAMETERS
from allegiance.world.inputs import epochs
from allegiance.world.units import Brigades, Companies, Contests, Forces, Sides

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "allegiance"
THEORY = SRC / "theory"
PLUMBING = {"__init__", "anchors", "contract", "forms", "model", "registry", "stamp"}
BRACKET = re.compile(r"\[[^\]]+\]")
YEAR = re.compile(r"(1[789]|20)\d\d")

EVERY = pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m.id)
EVERY_PARAMETER = pytest.mark.parametrize(("name", "parameter"), PARAMETERS.items(), ids=list(PARAMETERS))
FUNCTIONS = [(m, f) for m in MECHANISMS for f in (*m.functions, *m.rivals)]
EVERY_FUNCTION = pytest.mark.parametrize(
    ("mechanism", "function"), FUNCTIONS, ids=[f"{m.id}.{f.__name__}" for m, f in FUNCTIONS]
)


def columns_of_reference() -> dict[str, set[str]]:
    """Columns that a case gives, by table."""
    epoch = epochs(load_case("reference"), 1)[0]
    return {name: set(getattr(epoch, name)) for name in ("contest", "side", "force")}


def module(mechanism: Mechanism):  # type: ignore[no-untyped-def]
    return import_module(f"allegiance.theory.{mechanism.id}")


def test_every_file_is_found_and_bears_its_mechanisms_name() -> None:
    """By folder: nothing lists the mechanisms."""
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
    assert re.search(r"\bleaves out\b", text, re.IGNORECASE), "say what it leaves out"
    assert YEAR.search(text), "name a source by author and year"
    assert mechanism.silent_on


@EVERY
def test_sourced(mechanism: Mechanism) -> None:
    assert mechanism.sources, "name the works it rests on"
    for key in mechanism.sources:
        assert key in bibliography(), f"{key} is not in references.bib"


@EVERY
def test_one_cause_per_file_and_all_of_it_declared(mechanism: Mechanism) -> None:
    """Every public function of the file is a function or a rival of its mechanism."""
    declared = {f.__name__ for f in (*mechanism.functions, *mechanism.rivals)}
    source = (THEORY / f"{mechanism.id}.py").read_text(encoding="utf-8")
    assert set(re.findall(r"^def ([a-z]\w+)\(", source, re.MULTILINE)) == declared
    assert len(source.splitlines()) <= 300


@EVERY
def test_rivals_are_named_by_author_and_year_and_take_the_same_arguments(mechanism: Mechanism) -> None:
    arguments = [list(inspect.signature(f).parameters) for f in mechanism.functions]
    for rival in mechanism.rivals:
        assert re.search(r"_[a-z_]+\d{4}$", rival.__name__)
        assert arguments.count(list(inspect.signature(rival).parameters)) == 1, "whose place it takes must be plain"


@EVERY_FUNCTION
def test_every_argument_has_meaning_unit_and_range(mechanism: Mechanism, function) -> None:  # type: ignore[no-untyped-def]
    text = inspect.cleandoc(function.__doc__ or "")
    entries = dict(re.findall(r"^    (\w+): ((?:.|\n(?=        ))+)", text, re.MULTILINE))
    for argument in inspect.signature(function).parameters:
        assert argument in entries, f"{mechanism.id}.{function.__name__}: document '{argument}'"
        assert BRACKET.search(entries[argument]), f"{mechanism.id}.{function.__name__}: [unit, range] of '{argument}'"
    returns = text.split("Returns:")[1].split("Source:")[0]
    assert BRACKET.search(returns), "give the unit of what it returns"
    assert text.split("Source:")[1].strip()


@EVERY_FUNCTION
def test_documented_parameters_exist(mechanism: Mechanism, function) -> None:  # type: ignore[no-untyped-def]
    text = inspect.cleandoc(function.__doc__ or "")
    own = {p.name for p in mechanism.parameters}
    for listed in re.findall(r"parameters? ((?:`\w+`(?: and |, )?)+)\]", text):
        assert set(re.findall(r"`(\w+)`", listed)) <= own


@EVERY_FUNCTION
def test_mechanisms_are_pure(mechanism: Mechanism, function) -> None:  # type: ignore[no-untyped-def]
    """No chance, no war by name, no state of others: only numbers in and a number out."""
    source = inspect.getsource(function)
    code = re.sub(r'"""(?:.|\n)*?"""|#.*', "", source).lower()
    assert not re.search(r"random|uniform\(|normal\(|global |\[", code)
    assert "numba" not in code
    assert not re.search(r"russia|ukraine|syria|wagner", code)


COLUMNS = {
    **{name: {f.name for f in fields(t)} for name, t in (
        ("contest", Contests), ("side", Sides), ("force", Forces), ("brigade", Brigades), ("company", Companies),
    )},
    "recruit": {"compelled", "loyalty", "daring"},
    "group": {"own_share"},
}  # fmt: skip
"""What a term can be given: columns of the tables, and what the muster knows of a recruit and of his group."""
for _name, _given in columns_of_reference().items():
    COLUMNS[_name] = COLUMNS.get(_name, set()) | set(_given)
TERMS = [(m, t) for m in MECHANISMS for t in m.terms]


@pytest.mark.parametrize(("mechanism", "used"), TERMS, ids=[f"{m.id}.{t.formula.__name__}" for m, t in TERMS])
def test_every_input_of_a_term_exists(mechanism: Mechanism, used: Term) -> None:
    assert set(used.inputs) == set(inspect.signature(used.formula).parameters), "give every argument, and no other"
    assert used.formula in mechanism.functions
    own = {p.name for p in mechanism.parameters}
    for source in (*used.inputs.values(), *([used.where] if used.where else [])):
        if isinstance(source, str) and source != TIE:
            table, dot, column = source.partition(".")
            assert column in COLUMNS[table] if dot else table in own, source
    if used.into == "disposition":
        assert not used.where
        assert all(not isinstance(v, str) or v in own or v.startswith("recruit.") for v in used.inputs.values())


READING = "\n".join(
    p.read_text(encoding="utf-8")
    for p in (*(SRC / "day").glob("*.py"), *(SRC / "world").glob("*.py"), THEORY / "anchors.py")
)


@EVERY
def test_every_parameter_is_read_by_a_term_or_a_phase(mechanism: Mechanism) -> None:
    by_terms = {v for t in mechanism.terms for v in t.inputs.values() if isinstance(v, str)}
    for parameter in mechanism.parameters:
        by_phase = re.search(rf"\b(?:p|q)\.{parameter.name}\b", READING)
        by_anchor = mechanism.id == "choice" and parameter.name.removeprefix("rate_") in SOLVED.values()
        assert parameter.name in by_terms or by_phase or by_anchor, f"nothing reads {mechanism.id}_{parameter.name}"


@EVERY
def test_every_function_acts(mechanism: Mechanism) -> None:
    """In a term, in a phase, or in another of its functions: formulas that never run are not shown as if they did."""
    by_terms = {t.formula.__name__ for t in mechanism.terms}
    own = (THEORY / f"{mechanism.id}.py").read_text(encoding="utf-8")
    for function in mechanism.functions:
        name = function.__name__
        in_phase = re.search(rf"\.{name}\(|\b{mechanism.id}\.{name}\b", READING)
        assert name in by_terms or in_phase or len(re.findall(rf"\b{name}\(", own)) > 1, f"nothing asks {name}"


RIVALS = [(m.id, r.__name__) for m in MECHANISMS for r in m.rivals]


@pytest.mark.parametrize(("identifier", "rival"), RIVALS, ids=[r for _, r in RIVALS])
def test_every_rival_runs_and_makes_a_difference(identifier: str, rival: str) -> None:
    guard = 400 if identifier == "cascade" else 100  # a strong guard breaks fewer companies, a small one is envied more
    case = with_values(load_case("reference"), {
        "sides.*.forces.army.strength": 400, "sides.stronger.forces.guard.strength": guard,
        "sides.*.forces.*.formation.company": 40, "war.intensity": 6, "sides.*.supply": 0.4,
        "sides.stronger.forces.guard.pay": 2.5, "sides.stronger.forces.guard.deployed": 1.0,
    })  # fmt: skip
    fixed = {"choice_base_mutiny": -2.0, "cascade_trigger": 0.1}
    asked = {"members": 2, "days": 25, "scale": 1.0, "seed": 1, "fixed": fixed}
    ours, theirs = (simulate(case, RunSpec(**asked, rivals=r)).daily for r in ({}, {identifier: rival}))
    assert not ours.equals(theirs)


OF_A_SIGN = re.compile(r">= 0|, 0 to ")


@EVERY
def test_a_parameter_documented_as_nonnegative_is_never_drawn_below_nought(mechanism: Mechanism) -> None:
    nonnegative = {
        name
        for f in mechanism.functions
        for _, text in explain(f).arguments
        if OF_A_SIGN.search(BRACKET.findall(text)[-1])
        for listed in re.findall(r"parameters? ((?:`\w+`(?: and |, )?)+)", text)
        for name in re.findall(r"`(\w+)`", listed)
    }
    for parameter in mechanism.parameters:
        if parameter.name in nonnegative:
            assert parameter.support == "nonnegative" or parameter.scale != "normal", parameter.name
        if parameter.support == "nonnegative":
            assert min(parameter.quantile(z) for z in (-3.0, -2.0, -1.0, 0.0, 3.0)) >= 0.0


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
