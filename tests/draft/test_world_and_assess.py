"""The world of a year and an assessment, on a small world of tables: parts, resumption, contents of the pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from small_world import world as small_world
from typer.testing import CliRunner

from allegiance.base.errors import AllegianceError
from allegiance.cases.draft.anchors import Anchor, anchors, near, three
from allegiance.cases.draft.panel import load_panel
from allegiance.cli.main import app
from allegiance.forecast.drafted import Past, nearest, regress
from allegiance.inference.armies import play_army
from allegiance.inference.world import changes, play_year, play_years

ONLY = [432, 433, 436]


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_world(tmp_path_factory.mktemp("tables"))


def played(tables: Path, out: Path, year: int = 2005) -> pl.DataFrame:
    return play_year(year, out, members=2, data=tables, workers=1, only=ONLY)


def test_a_world_is_played_and_goes_on_from_its_parts(tables: Path, tmp_path: Path) -> None:
    first = played(tables, tmp_path)
    assert sorted(first["gwcode"]) == ONLY
    assert first["why_not"].null_count() == 3
    assert first["mutiny"].is_between(0, 1).all()
    part = tmp_path / ".parts" / "2005" / "432.json"
    stamp = part.stat().st_mtime_ns
    assert played(tables, tmp_path).equals(first)
    assert part.stat().st_mtime_ns == stamp
    sound = part.read_bytes()
    for damaged in (b"half a part", sound.replace(b'"members": 2', b'"members": 3')):
        part.write_bytes(damaged)
        assert played(tables, tmp_path).equals(first)
        assert part.read_bytes() == sound


def test_years_are_played_into_one_table(tables: Path, tmp_path: Path) -> None:
    both = play_years([2004, 2005], tmp_path / "both", members=2, data=tables, workers=1, only=ONLY)
    one = played(tables, tmp_path / "one")
    assert both["year"].to_list() == [2004] * 3 + [2005] * 3
    assert both.filter(pl.col("year") == 2005).equals(one)
    inputs = pl.read_parquet(tmp_path / "both" / "inputs.parquet")
    assert inputs.select("year", "gwcode").is_unique().all()
    assert inputs.height == 6
    assert inputs["level: supply"].is_between(0, 1).all()


def test_a_played_year_is_finished_and_not_played_again(
    tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plays = []

    def some(year: int, out: Path, *options: Any) -> pl.DataFrame:
        plays.append(year)
        return play_year(year, out, members=2, data=tables, workers=1, only=ONLY)

    monkeypatch.setattr("allegiance.inference.world.play_year", some)
    out = tmp_path / "one"
    command = ["world", "--year", "2005", "--members", "2", "--data", str(tables), "--out", str(out)]
    for _ in range(2):
        done = CliRunner().invoke(app, command)
        assert done.exit_code == 0, done.output
    assert plays == [2005]
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["kind"] == "world"
    assert {"world.parquet", "inputs.parquet", "map.png", "report.html"} <= set(manifest["outputs"])
    assert not (out / ".parts").exists()


def test_what_changed_is_the_later_less_the_earlier() -> None:
    forms = ("coup_attempt", "coup_success", "mutiny", "defection", "desertion", "refusal")
    rows = {"gwcode": [1, 2], "country": ["A", "B"], "task": ["peace", "civil"]} | {f: [0.1, 0.2] for f in forms}
    now = pl.DataFrame(rows | {"mutiny": [0.4, 0.2]})
    moved = changes(now, pl.DataFrame(rows))
    assert moved["country"].to_list() == ["A", "B"]
    assert moved["mutiny"].to_list() == pytest.approx([0.3, 0.0])


def test_a_year_outside_the_tables_is_refused(tables: Path, tmp_path: Path) -> None:
    with pytest.raises(AllegianceError, match="no state can be drafted for 2025"):
        play_year(2025, tmp_path, members=2, data=tables, workers=1, only=ONLY)


def test_each_pair_of_members_is_another_army(tables: Path) -> None:
    from allegiance.cases.draft.drafting import draft_case
    from allegiance.inference.ranges import within_ranges

    case = draft_case("MLI", "2005-01-01", days=20, data=tables).case
    supplies = {within_ranges(case, 0, draw).sides["mali"].supply.value for draw in range(4)}
    assert len(supplies) == 4
    one, two = (play_army(case, 4, seed=1).members for _ in range(2))
    assert one.equals(two)


def _past() -> Past:
    import numpy as np

    chance = np.random.default_rng(3)
    x = chance.normal(size=(600, 2))
    y = (chance.uniform(size=600) < 1 / (1 + np.exp(2 - 2 * x[:, 0]))).astype(float)
    years = [1990 + k // 30 for k in range(600)]
    return Past(list(range(600)), years, ["peace"] * 600, ("a", "b"), x, {"mutiny": y, "coup_attempt": y * 0})


def test_the_regression_finds_what_drives_and_is_scored_on_later_years() -> None:
    high, low = (regress(_past(), {"a": a, "b": 0.0}, "mutiny") for a in (2.0, -2.0))
    assert high.probability > 2 * low.probability
    assert high.pushes[0][0] == "a"
    assert high.auc is not None
    assert high.auc > 0.7
    assert high.brier is not None
    assert high.brier_base is not None
    assert high.brier < high.brier_base


def test_without_events_the_regression_says_the_base_rate() -> None:
    found = regress(_past(), {"a": 2.0, "b": 0.0}, "coup_attempt")
    assert (found.probability, found.auc) == (0.0, None)


def test_the_nearest_are_near_and_others() -> None:
    before = _past()
    mine = dict(zip(before.names, map(float, before.levels[7]), strict=True))
    found = nearest(before, mine, "peace", code=7, count=5)
    assert len(found) == 5
    assert 7 not in [n.code for n in found]
    assert [n.distance for n in found] == sorted(n.distance for n in found)


def test_an_assessment_says_each_thing_or_why_not(tables: Path, tmp_path: Path) -> None:
    from allegiance.forecast.assess import assess
    from allegiance.report.assess_page import write_assessment

    found = assess("MLI", "2010-01-01", days=10, data=tables, members=4, workers=1)
    page = write_assessment(tmp_path, found).read_text()
    for part in ("How likely", "What drives it", "What would change it", "Beside statistics", "Armies like it",
                 "What the data do not know", "How far to trust it"):  # fmt: skip
        assert part in page
    assert found.before is not None
    assert found.before[0].case.start.year == 2005
    assert found.likenesses
    assert (tmp_path / "case.yaml").is_file()
    assert any("statistical rate" in reason for reason in found.missing)  # these tables hold no months


def test_an_assessment_tells_no_change_below_a_readable_size() -> None:
    from allegiance.experiments.outcomes import Outcome
    from allegiance.report.assess_page import _heaviest, _moved

    leaving = Outcome("mali.desertion", "soldiers who desert", "percentage points", 100.0, side="mali")
    small, large = (_moved(leaving, size, 0.5 * size, 1.5 * size) for size in (0.06, 0.6))
    assert (small.text, small.tone) == ("no material change", "muted")
    assert "0.60" in large.text
    rows = [{"condition": c, "shapley": s, "low": low, "high": 9.0} for c, s, low in
            (("ties", 0.6, 0.1), ("pay", 2.0, -1.0), ("supply", 0.7, 0.2))]  # fmt: skip
    assert _heaviest(leaving, rows) == "supply"
    assert _heaviest(leaving, [r | {"shapley": r["shapley"] / 10} for r in rows]) == ""


def test_anchors_are_real_armies_in_order(tables: Path) -> None:
    found = anchors(load_panel(tables))
    for level, these in found.items():
        assert [a.value for a in these] == sorted(a.value for a in these), level
        assert three(these)[0].value <= three(these)[-1].value
    assert any(a.drafted and a.army == "Mali 2011" for a in found["supply"])
    known = [Anchor(0.2, "A", False), Anchor(0.6, "B", False), Anchor(0.9, "C", True)]
    assert [a.army for a in near(known, 0.65)] == ["B", "C"]
