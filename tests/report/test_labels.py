"""Every type of event and every end of a war has words, in one place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import allegiance
from allegiance.report.labels import EVENT_NAMES
from allegiance.world.events import ENDS, EVENT_TYPES, ONGOING

DAY = Path(allegiance.__file__).parent / "day"


def test_every_type_of_event_has_words_and_no_other() -> None:
    assert set(EVENT_NAMES) == set(EVENT_TYPES)
    assert all(words and "_" not in words for words in EVENT_NAMES.values())


def test_every_end_that_a_day_can_bring_has_words_and_no_other() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in DAY.glob("*.py"))
    brought = {end for end in re.findall(r'"(\w+)"', text) if end in ENDS}
    assert brought | {ONGOING} == set(ENDS)
    assert all(words and "_" not in words for words in ENDS.values())


@pytest.mark.parametrize("call", re.findall(r"finish\(world,.*?\)\n", (DAY / "learn.py").read_text(), re.DOTALL))
def test_a_war_is_ended_in_a_way_that_has_words(call: str) -> None:
    assert all(end in ENDS for end in re.findall(r'"(\w+)"', call))
