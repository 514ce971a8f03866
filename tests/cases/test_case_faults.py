"""Every kind of bad input ends in one message that names the place, the value and the cure."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from allegiance.base.errors import AllegianceError, FaultyInput
from allegiance.cases.loader import load_case, load_observed
from allegiance.cases.template import TEMPLATE

TEXT = TEMPLATE.read_text(encoding="utf-8")


def load(tmp_path: Path, text: str | bytes) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    load_case(path)


def once(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def faults(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(FaultyInput) as caught:
        load(tmp_path, text)
    return [str(fault) for fault in caught.value.faults]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_template_is_valid(tmp_path: Path) -> None:
    load(tmp_path, TEXT)


CONTRACT = 'contract: {value: 0.5, unit: share, basis: judgement, note: "half volunteers"}'
POPULATION = 'population: {value: 500000, unit: people, basis: judgement, note: "say why"}'

BROKEN = {
    "unknown key": (once("supply: {", "suply: {"), r"unknown key 'suply'.*\n.*did you mean 'supply'"),
    "missing key": (once("supply: {", "suply: {"), r"sides.stronger.supply: key 'supply' is missing"),
    "repeated key": (once("days: 180", "days: 180\ndays: 90"), r"key 'days' is repeated \(first on line \d+\)"),
    "shares": (once(CONTRACT, CONTRACT.replace("0.5", "0.7")), r"composition must add up to 1 \(found: 1.2\)"),
    "groups": (once('core: {value: 0.7', 'core: {value: 0.4'), r"groups must add up to 1 \(found: 0.7\)"),
    "weight": (once('weight: {value: 1', 'weight: {value: 0.6'), r"weight over areas must add up to 1 \(found: 0.6\)"),
    "resources": (once("resources: {value: 0.96", "resources: {value: -1"), r"range \[0.9, 1\] does not contain"),
    "unknown source": (once("source: example-2001, r", "source: exampel-2001, r"), r"'exampel.*\n.*'example-2001'"),
    "missing source": (once("source: example-2001, r", "r"), r"basis 'published' needs a source key"),
    "no note": (once(', note: "say why"}', "}"), r"a judgement needs a note saying why"),
    "basis": (once("basis: judgement", "basis: guess"), r"basis.*\(found: guess\)\n.*measured, published"),
    "unit": (once("unit: people", "unit: soldiers"), r"wrong unit 'soldiers', this field takes 'people'"),
    "negative": (once("supply: {value: 0.7", "supply: {value: -0.7"), r"range \[0.5, 0.9\] does not contain"),
    "nan": (once("supply: {value: 0.7", "supply: {value: .nan"), r"must be a finite number"),
    "infinite": (once("supply: {value: 0.7", "supply: {value: .inf"), r"must be a finite number"),
    "out of bounds": (once(POPULATION, POPULATION.replace("500000", "-5")), r"out of bounds.*\(found: -5"),
    "bare number": (once(POPULATION, "population: 500000"), r"needs a unit, a basis.*\n.*value: 500000, unit: people"),
    "text for a number": (once(POPULATION, POPULATION.replace("500000", "many")), r"population.*number.*found: many"),
    "yes for a number": (once(POPULATION, POPULATION.replace("500000", "no")), r"population.*number.*found: no"),
    "date": (once("start: 2000-01-01", "start: 01.01.2000"), r"start.*\(found: 01.01.2000\)\n.*2022-02-24"),
    "decision after the horizon": (once("date: 2000-04-01", "date: 2001-04-01"), r"lies after the horizon"),
    "decision before the start": (once("date: 2000-04-01", "date: 1999-04-01"), r"lies before the start"),
    "known too late": (once("information_date: 2000-12-31", "information_date: 2000-02-01"), r"the information date"),
    "days": (once("days: 180", "days: 0"), r"days: Input should be greater than or equal to 1 \(found: 0\)"),
    "region": (once("        capital: {value: 0.2", "        captial: {value: 0.2"), r"home region.*\n.*'capital'"),
    "group of soldiers": (once("soldiers: \"core\"", "soldiers: corr") if 'soldiers: "core"' in TEXT
                          else once("soldiers: core", "soldiers: corr"), r"unknown group of soldiers 'corr'"),
    "group of civilians": (TEXT.replace("civilians: locals", "civilians: localz")
                           .replace('civilians: "locals"', "civilians: localz"), r"unknown group of civilians"),
    "force of a pool": (once("force: army", "force: navy"), r"unknown force 'navy'"),
    "category": (once("category: contract", "category: contracts"), r"category.*\(found: contracts\)\n.*'contract'"),
    "composition key": (once(CONTRACT, CONTRACT.replace("contract:", "contrat:")), r"contrat.*\n.*'contract'"),
    "decision path": (once("sides.stronger.recruitment.reservists.daily_max: 120",
                           "sides.stronger.recruitment.reservist.daily_max: 120"), r"no 'reservist'.*\n.*'reservists'"),
    "decision value": (once("reservists.daily_max: 120", "reservists.daily_max: -1"), r"out of bounds.*\(found: -1\)"),
    "fixed at the start": (once("sides.stronger.recruitment.reservists.daily_max: 120", "war.intensity: 2"),
                           r"cannot change what is fixed at the start: war"),
    "counterfactual path": (once("ties.*.tie: 0", "ties.7.tie: 0"), r"path 'ties.7.tie' does not exist"),
    "company": (once("company: 100", "company: 400").replace("strength: {value: 11000", "strength: {value: 300")
                .replace("[9000, 13000]", "[200, 400]"), r"a company is larger than its force of 300"),
    "roles": (once("role: defender", "role: attacker"), r"exactly one side is the attacker"),
    "area": (once("area_target: {value: 10000", "area_target: {value: 10"), r"area aimed at is smaller"),
    "kind": (once("kind: regular", "kind: army"), r"kind.*\(found: army\)\n.*known: .*regular"),
    "side name": (once("  weaker:\n", "  Weaker One:\n"), r"key 'Weaker One' is not allowed"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_fault_is_named_with_its_place_and_cure(tmp_path: Path, name: str) -> None:
    text, pattern = BROKEN[name]
    found = "\n".join(faults(tmp_path, text))
    assert re.search(pattern, found), found
    heads = [line for line in found.splitlines() if not line.startswith("    ")]
    assert all(re.match(r".*case\.yaml:\d+: ", line) for line in heads), found


def test_all_faults_come_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    text = TEXT.replace("days: 180", "days: -1").replace("role: defender", "role: guest")
    text = text.replace(CONTRACT, CONTRACT.replace("0.5", "0.9")).replace("force: army", "force: navy")
    found = faults(tmp_path, text)
    places = [int(re.search(r"yaml:(\d+)", fault)[1]) for fault in found]  # type: ignore[index]
    assert len(found) >= 8
    assert places == sorted(places)


def test_the_line_is_the_line_of_the_fault(tmp_path: Path) -> None:
    text = once("mobility: {value: 200", "mobility: {value: -200")
    assert f"case.yaml:{line_of(text, 'mobility: {value: -200')}: war.mobility" in faults(tmp_path, text)[0]


HOSTILE = {
    "empty": (b"  \n", "is empty"),
    "binary": (b"schema: 1\0\0", "binary file"),
    "not utf-8": ("schema: 1\ntitle: Ä".encode("latin-1"), ":2: not UTF-8"),
    "huge": (b"a: " + b"x" * 2_000_001, "too large"),
    "malformed": (b"a: [1, 2\nb: 3", "not valid YAML"),
    "tabs": (b"a:\n\tb: 1", "not valid YAML"),
    "tag": (b"a: !!python/object/apply:os.system ['true']", "tags are not allowed"),
    "own tag": (b"a: !secret b", "tags are not allowed"),
    "anchor": (b"a: &x 1\nb: 2", "anchors and aliases"),
    "alias": (b"b: *x", "anchors and aliases"),
    "bomb": (b"a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]", "anchors and aliases"),
    "deep": (b"a: " + b"[" * 5000, "nested more than"),
    "two documents": (b"a: 1\n---\nb: 2", "second document"),
    "complex key": (b"? [a, b]\n: 1", "a key must be plain text"),
    "list": (b"- 1\n- 2", "mapping of keys to values"),
    "scalar": (b"hello", "mapping of keys to values"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_plainly(tmp_path: Path, name: str) -> None:
    content, message = HOSTILE[name]
    with pytest.raises(AllegianceError, match=message):
        load(tmp_path, content)


def test_folder_missing_file_and_unknown_name(tmp_path: Path) -> None:
    with pytest.raises(AllegianceError, match="is a folder"):
        load_case(tmp_path)
    with pytest.raises(AllegianceError, match="there is no file"):
        load_case(tmp_path / "none.yaml")
    with pytest.raises(AllegianceError, match="did you mean 'russia-ukraine-2022'"):
        load_case("rusia-ukraine-2022")
    with pytest.raises(AllegianceError, match="no case was named"):
        load_case("")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_an_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(TEXT)
    path.chmod(0)
    with pytest.raises(AllegianceError, match="cannot read"):
        load_case(path)


def test_a_folder_with_a_case_is_a_case(tmp_path: Path) -> None:
    load(tmp_path, TEXT)
    assert load_case(tmp_path).id == "my-case"
    assert load_observed(tmp_path) is None


def test_faulty_observations_are_refused(tmp_path: Path) -> None:
    load(tmp_path, TEXT)
    (tmp_path / "observed.yaml").write_text(
        "side: stronger\ncoup: 3\nmutiny: 0\nleft: [0.5, 0.1]\nrefusal: 0\nbasis: judgement\nnote: x\n"
        "events:\n - {date: 2000-01-02, type: mutny, side: stronger, label: x, source: gone}\n"
    )
    with pytest.raises(FaultyInput) as caught:
        load_observed(tmp_path)
    text = str(caught.value)
    for part in ("coup", "low to high", "unknown source 'gone'", "events.0.type"):
        assert part in text


def test_codes_that_do_not_hold_their_coders_are_refused(tmp_path: Path) -> None:
    load(tmp_path, TEXT)
    (tmp_path / "observed.yaml").write_text(
        "side: stronger\ncoup: 0\nmutiny: 2\nleft: [0.1, 0.3]\nrefusal: 0\nbasis: judgement\nnote: x\n"
        "first: {coup: 0, mutiny: 1, refusal: 0, left: [0.1, 0.2], disarmed: [0.2, 0.1]}\n"
        "second: {coup: 1, mutiny: 2, refusal: 0, left: [0.2, 0.4]}\n"
    )
    with pytest.raises(FaultyInput) as caught:
        load_observed(tmp_path)
    text = str(caught.value)
    assert len(caught.value.faults) == 3
    for part in ("first.disarmed", "not the first coder's 1", "does not hold the second coder's [0.2, 0.4]"):
        assert part in text


def test_what_is_counted_keeps_to_the_case(tmp_path: Path) -> None:
    load(tmp_path, TEXT)
    case = load_case(tmp_path)
    side, day = next(iter(case.sides)), case.start.isoformat()
    entry = "{{what: killed, side: {}, by: {}, {}, label: x, source: {}}}\n"
    written = [
        entry.format(side, day, "low: 1", "a"), entry.format("nobody", day, "low: 1", "a"),
        entry.format(side, day, "force: navy, low: 1", "a"), entry.format(side, "1900-01-01", "low: 1", "a"),
        entry.format(side, day, "low: 3, high: 2", "a"), entry.format(side, day, "force: null", "a"),
    ]  # fmt: skip
    start = f"side: {side}\ncoup: 0\nmutiny: 0\nleft: [0, 0.1]\nrefusal: 0\nbasis: judgement\nnote: x\n"
    start += "sources: {a: {title: x}}\ncounted:\n"
    file = tmp_path / "observed.yaml"
    file.write_text(start + "".join(f"  - {w}" for w in written))
    with pytest.raises(FaultyInput) as caught:
        load_observed(tmp_path)
    told = {f.path: f.message for f in caught.value.faults}
    assert list(told) == ["counted.1.side", "counted.2.force", "counted.3.by", "counted.4.low", "counted.5"]
    parts = ("unknown side 'nobody'", "unknown force 'navy'", "outside the case", "low lies above high, 2", "neither")
    assert all(part in message for part, message in zip(parts, told.values(), strict=True))
    file.write_text(start + "  - " + entry.format(side, day, "low: 1", "gone"))
    with pytest.raises(FaultyInput, match="unknown source 'gone'"):
        load_observed(tmp_path)
