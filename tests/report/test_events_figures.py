"""The map and the timeline show what they are given."""

from __future__ import annotations

from datetime import date

import polars as pl
from matplotlib.collections import PathCollection, PolyCollection

from allegiance.evidence.states import states
from allegiance.report.events_figures import event_map, timeline
from allegiance.report.world import place, world_map


def coups(n: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "date": [date(1950 + i % 60, 1, 1) for i in range(n)],
            "type": ["coup_attempt"] * n,
            "success": [i % 2 == 0 for i in range(n)],
            "gwcode": [432 if i % 3 else 436 for i in range(n)],
            "longitude": [None] * n,
            "latitude": [None] * n,
        },
        schema_overrides={"longitude": pl.Float64, "latitude": pl.Float64, "gwcode": pl.Int32},
    )


def test_every_state_of_today_is_on_the_map() -> None:
    today = states().filter(pl.col("end").is_null())["gwcode"]
    assert [c for c in today if place(c) is None] == []
    assert place(817) == place(816)


def test_timeline_marks_few_and_counts_many() -> None:
    few = timeline(coups(10)).axes[0]
    assert sum(len(line.get_xdata()) for line in few.lines) == 10
    assert [t.get_text() for t in few.get_yticklabels()] == ["coup failed", "coup success"]
    many = timeline(coups(300)).axes[0]
    assert sum(patch.get_height() for patch in many.patches) == 300


def test_event_map_sizes_by_count() -> None:
    dots = [c for c in event_map(coups(30)).axes[0].collections if isinstance(c, PathCollection)]
    assert sum(float(sum(c.get_sizes())) for c in dots) == 10 * 30


def test_world_map_shades_the_greater_darker_and_survives_nothing() -> None:
    axes = world_map(pl.DataFrame({"gwcode": [432, 436], "value": [0.001, 0.1]}), "risk", percent=True).axes[0]
    shades = [c for c in axes.collections if isinstance(c, PolyCollection)][-1].get_facecolor()
    assert sum(shades[0][:3]) > sum(shades[-1][:3])
    assert world_map(pl.DataFrame({"gwcode": [432], "value": [0.0]}), "risk").axes


def test_the_scale_of_a_map_has_round_numbers_and_says_that_safer_states_lie_below() -> None:
    drawn = world_map(pl.DataFrame({"gwcode": [432, 436, 2], "value": [0.01, 0.055, 0.0001]}), "risk", percent=True)
    labels = [label.get_text() for label in drawn.axes[1].get_xticklabels()]
    assert labels == ["0.2 %", "0.5 %", "1 %", "2 %", "5 %"]
