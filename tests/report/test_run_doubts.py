"""What `run` says at its end: one sentence for all that the table shows as 0 % and 100 %, and every other doubt."""

from __future__ import annotations

from allegiance.cases.loader import load_case
from allegiance.report.narrative import doubts


def made(probability: float, *others: str) -> dict[str, object]:
    forms = {"mutiny": {"probability": probability}, "desertion": {"probability": 0.5}}
    sides = dict.fromkeys(("weaker", "stronger"), forms)
    repeated = [f"{s}: mutiny never happened in 8 members; the probability is not 0 but within 0" for s in sides]
    return {"members": 8, "outcomes": sides, "degenerate": [*repeated, *others]}


def test_what_the_table_says_already_is_one_sentence() -> None:
    told = doubts(load_case("reference"), made(0.0, "weaker: the force 'army' emptied in at least one member"))
    assert len(told) == 2
    assert "never: mutiny (Stronger side), mutiny (Weaker side)" in told[0]
    assert "8 simulated wars" in told[0]
    assert "emptied" in told[1]


def test_always_is_told_and_nothing_is_told_where_members_differ() -> None:
    assert "always: mutiny (Stronger side)" in doubts(load_case("reference"), made(1.0))[0]
    differing = made(0.4) | {"degenerate": ["one doubt"]}
    assert doubts(load_case("reference"), differing) == ["one doubt"]
