"""What a case does not model is left out and said, never shown as 0."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from allegiance.cases.loader import library, load_case
from allegiance.experiments.modelled import WORDS, note, unmodelled
from allegiance.experiments.outcomes import outcomes_of
from allegiance.report.meaning import meaning as what_if_meaning
from allegiance.report.result import run

NO_ENEMY = [name for name in library() if load_case(name).war.kind == "repression"]
CROWDS = ["egypt-2011", "syria-2011"]
NO_CROWDS = ["sudan-2023", "turkey-2016", "israel-gaza-2005"]


@pytest.mark.parametrize("name", library())
def test_a_case_without_an_armed_opponent_has_no_losses_no_length_and_no_balance(name: str) -> None:
    case = load_case(name)
    missing, columns = unmodelled(case), {o.column.rpartition(".")[2] for o in outcomes_of(case)}
    if name in NO_ENEMY:
        assert {"killed", "war.duration_days", "war.mean_log_ratio", "escalation.max_level"} <= set(missing)
        assert not columns & {"killed", "duration_days", "mean_log_ratio", "max_level"}
        assert "no armed opponent" in note(case)
    else:
        assert missing == ()
        assert note(case) == ""
        assert {"killed", "duration_days", "mean_log_ratio", "max_level", "civilians_killed"} <= columns
    assert set(missing) <= set(WORDS)


def test_civilians_are_modelled_where_an_army_faces_crowds() -> None:
    assert not any("civilians_killed" in unmodelled(load_case(name)) for name in CROWDS)
    assert all("civilians_killed" in unmodelled(load_case(name)) for name in NO_CROWDS)


@pytest.mark.parametrize("name", ["sudan-2023", "tunisia-2011"])
def test_the_report_of_such_a_case_never_says_nought_for_what_it_does_not_model(name: str, tmp_path: Path) -> None:
    case = load_case(name)
    done = run(case, 2, out=tmp_path / "run", scale=0.005, days=20)
    text = re.sub(r"<[^>]+>", " ", done.write_report().read_text(encoding="utf-8").split("</style>", 1)[-1])
    assert note(case) in " ".join(text.split())
    for words in (
        "Soldiers killed:",
        "soldiers killed so far",
        "Duration, median",
        "Fighting lasts",
        "Destruction reaches",
    ):
        assert words not in text, words
    assert ("Civilians killed:" in text) is ("civilians_killed" not in unmodelled(case))


def test_a_what_if_of_such_a_case_says_what_is_missing() -> None:
    case = load_case("sudan-2023")
    assert what_if_meaning(case, [], 4)[1].replace("\N{NO-BREAK SPACE}", " ") == note(case)
