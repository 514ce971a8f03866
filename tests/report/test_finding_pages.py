"""Pages that a run's tests do not draw carry findings as titles: the world's map and a hindcast's pictures."""

from __future__ import annotations

from typing import Any

import polars as pl

from allegiance.report.page import Figure
from allegiance.report.score_page import left_figure
from allegiance.report.world_page import WORDS, world_page


def state(code: int, country: str, mutiny: float) -> dict[str, Any]:
    chances = dict.fromkeys(WORDS, 0.1) | {"mutiny": mutiny}
    ends = {f"{form}_{end}": p for form, p in chances.items() for end in ("low", "high")}
    return {
        "gwcode": code, "country": country, "region": "Africa", "task": "peace", "soldiers": 1000.0, "left": 0.0,
        "coup_base_rate": 0.01, "notices": "", "why_not": None, "year": 2018, "members": 8, **chances, **ends,
    }  # fmt: skip


def titles(blocks: Any) -> list[str]:
    return [block.title for block in blocks if isinstance(block, Figure)]


def test_the_map_of_the_world_names_the_highest_or_counts_them() -> None:
    page = world_page(pl.DataFrame([state(432, "Mali", 0.9), state(475, "Nigeria", 0.5), state(483, "Chad", 0.25)]))
    assert titles(page.brief) == ["Highest for mutiny: Mali 90 %, Nigeria 50 %, Chad 25 %"]
    same = [state(code, name, 0.5) for code, name in ((432, "Mali"), (475, "Nigeria"), (483, "Chad"), (625, "Sudan"))]
    assert titles(world_page(pl.DataFrame(same)).brief) == ["4 of 4 states share the first place for mutiny, at 50 %"]


def test_a_hindcast_says_how_many_cases_it_meets() -> None:
    rows = pl.DataFrame({
        "case": ["a", "b"], "outcome": ["left"] * 2, "model": ["model"] * 2, "observed": [0.01, 0.2],
        "low": [0.005, 0.01], "forecast": [0.01, 0.02], "high": [0.02, 0.03], "covered": [True, False],
    })  # fmt: skip
    assert left_figure(rows).title == "The forecast of who left meets the coded range in 1 of 2 cases"
