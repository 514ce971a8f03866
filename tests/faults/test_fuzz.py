"""Made-up cases, options and tables: whatever they hold, the answer is a result or one message.

Twenty seconds in all, or ALLEGIANCE_FUZZ_SECONDS: half for cases, the rest for options and tables.
"""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from faults.probe import TINY_WORDS, Answer, command

KIND = "Made-up input"
SECONDS = float(os.environ.get("ALLEGIANCE_FUZZ_SECONDS", "20"))
NASTY = [
    "", "~", "-", "[]", "{}", "[/b]", "\x1b[31m", "\0", "1e999", "-0", ".nan", "9" * 400, "0x10", "1_0", "null", "yes",
    "2000-13-01", "\u202e", "é", "%s", "{0}", "*", "&a", "!!x", "|", ">", "'", '"', "#", ":", "- ", "? ", "a: b",
]  # fmt: skip
texts = st.one_of(st.sampled_from(NASTY), st.text(max_size=20), st.floats().map(str), st.integers().map(str))


def sound(answer: Answer) -> None:
    """No traceback (see `probe.decent`), no fault of ours, no endless message."""
    assert answer.code in (0, 1, 2), answer
    assert "a fault of ours" not in answer.err, answer.err
    assert len(answer.err) < 200_000


@pytest.fixture(autouse=True)
def _size(record_property: Callable[[str, object], None]) -> None:
    record_property("size", f"{SECONDS:g} seconds in all")


def tried_for(share: float, test: Callable[[], None]) -> None:
    """Repeat a property until its share of the time is used up."""
    until = time.monotonic() + share * SECONDS
    while True:
        test()
        if time.monotonic() >= until:
            return


fuzzing = settings(
    max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=True
)


def mutated(text: str, seed: int, scraps: list[str]) -> str:
    """A case file with a few lines lost, doubled, moved, cut or with other values."""
    rng, lines = random.Random(seed), text.splitlines()
    for scrap in scraps:
        k = rng.randrange(len(lines))
        old = lines[k]
        key, colon, _ = old.partition(":")
        lines[k : k + 1] = rng.choice([
            [], [rng.choice(lines), old], [re.sub(r"value: [^,}]+", "value: " + re.escape(scrap), old)],
            [scrap + colon + old[len(key) + 1 :]], [old[: rng.randrange(len(old) + 1)] + scrap],
            [" " * rng.randrange(9) + old.strip()], [f"{key}: {scrap}"],
        ])  # fmt: skip
        lines = lines or [""]
    return "\n".join(lines)


def test_cases(template: str, tmp_path: Path) -> None:
    """Any case file made by damaging a sound one is read, or its faults told."""
    path = tmp_path / "fuzz.yaml"

    @fuzzing
    @given(st.integers(0, 2**32), st.lists(texts, min_size=1, max_size=6))
    def check(seed: int, scraps: list[str]) -> None:
        path.write_text(mutated(template, seed, scraps), encoding="utf-8", errors="surrogatepass")
        answer = command("case", "check", str(path))
        sound(answer)
        if answer.code == 0:
            sound(command("case", "show", str(path)))

    tried_for(0.5, check)


OPTIONS = [
    "--members", "--days", "--scale", "--seed", "--threads", "--set", "--parameters", "--with", "--condition",
    "--outcome", "--side", "--from", "--to", "--as-of", "--country", "--type", "--coding", "--horizon", "--draws",
    "--holdout", "--layer", "--observed", "--study", "--cases", "--port", "--host", "--table", "--json",
]  # fmt: skip
VERBS = [
    ("case", "show"), ("case", "check"), ("compare", "reference"), ("claims",), ("evidence",), ("data", "card"),
    ("events",), ("data", "query"), ("ledger", "list"), ("update", "reference"), ("backtest",), ("nosuch",),
]  # fmt: skip


def test_options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any words after a verb are understood, or refused in one message."""
    monkeypatch.chdir(tmp_path)
    words = st.lists(st.one_of(st.sampled_from(OPTIONS), texts), max_size=5)

    @fuzzing
    @given(st.sampled_from(VERBS), words)
    def check(verb: tuple[str, ...], more: list[str]) -> None:
        if verb == ("claims",):
            more = [*more, "[/b]"]  # an unknown claim: what is tried here is never minutes of work
        sound(command(*verb, *(w.replace("\0", "") for w in more)))

    tried_for(0.25, check)


@pytest.mark.parametrize("option", ["--set", "--scale", "--members", "--days", "--seed", "--parameters"])
def test_values(option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any value of an option of `run` is taken, or refused in one message."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("allegiance.report.result.run", _refuse)

    @settings(fuzzing, max_examples=25)
    @given(texts)
    def check(value: str) -> None:
        value = f"sides.stronger.supply={value}" if option == "--set" else value
        sound(command("run", "reference", *TINY_WORDS, option, value.replace("\0", "")))

    check()


def _refuse(case: object, members: object, seed: object, *_: object, **options: object) -> None:
    """The door of a run, without the run behind it."""
    from allegiance.base.errors import AllegianceError
    from allegiance.runs.bundle import spec_of

    spec_of(members=members, seed=seed, **options)
    raise AllegianceError("far enough")


def test_tables(tmp_path: Path) -> None:
    """Any coup list made by damaging a sound one is read, or its fault told."""
    path = tmp_path / "coupcats-country-month" / "powell_thyne_list.csv"
    path.parent.mkdir()
    sample = Path(__file__).parent / "samples" / "edited" / "semicolon" / path.parent.name / path.name
    text = sample.read_text(encoding="utf-8").replace("Vietnam, North", "North Vietnam").replace(";", ",")

    @fuzzing
    @given(st.integers(0, 2**32), st.lists(texts, min_size=1, max_size=4), st.sampled_from([",", ";", "\t"]))
    def check(seed: int, scraps: list[str], separator: str) -> None:
        rng, rows = random.Random(seed), [line.split(",") for line in text.splitlines()]
        for scrap in scraps:
            row = rows[rng.randrange(len(rows))]
            row[rng.randrange(len(row))] = scrap
        made = "\n".join(separator.join(row) for row in rows)
        path.write_text(made, encoding="utf-8", errors="surrogatepass")
        sound(command("data", "query", "select count(*) from events", "--data", str(tmp_path)))

    tried_for(0.25, check)
