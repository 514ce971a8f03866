"""A made-up run for tests of the report."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_up import make_case, make_daily, make_events, make_members, make_story, make_summary

from allegiance.cases.schema import Case
from allegiance.report.html import write_report


@pytest.fixture(scope="session")
def case() -> Case:
    return make_case()


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory, case: Case) -> Path:
    """A finished run's folder, report included."""
    from allegiance.base.files import write_json
    from allegiance.cases.paths import dump

    folder = tmp_path_factory.mktemp("run")
    frames = {
        "daily": make_daily(case),
        "events": make_events(case),
        "members": make_members(case),
        "story": make_story(case),
    }
    for name, frame in frames.items():
        frame.write_parquet(folder / f"{name}.parquet")
    write_json(folder / "summary.json", make_summary(case))
    write_json(folder / "manifest.json", {"seed": 0, "outputs": {}})
    write_json(folder / "case.json", dump(case))
    write_report(folder, case, make_summary(case), **frames)
    return folder
