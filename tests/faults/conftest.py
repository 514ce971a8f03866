"""Inputs for the trials, and the page that lists them (docs/reliability.md).

The page is written by the trials themselves:

    ALLEGIANCE_RELIABILITY=docs/reliability.md python -m pytest -n 0 tests/faults
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from allegiance.base.compiler import cache_folder
from allegiance.cases.template import new_case
from faults.page import Trial, merged, page

_KERNELS = cache_folder()
_SEEN: list[Trial] = []
_LISTED: list[Trial] = []


@pytest.fixture(autouse=True)
def _alone(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No trial sees this user's own downloads, data or settings; compiled code alone is shared, or each compiles it."""
    cache = tmp_path_factory.mktemp("cache")
    if _KERNELS is not None:
        (cache / "allegiance").mkdir()
        (cache / "allegiance" / "kernels").symlink_to(_KERNELS, target_is_directory=True)
    monkeypatch.setenv("ALLEGIANCE_CACHE", str(cache))
    monkeypatch.delenv("ALLEGIANCE_DATA", raising=False)
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The text of the annotated case that `allegiance case new` writes."""
    return new_case(tmp_path_factory.mktemp("template") / "case.yaml").read_text(encoding="utf-8")


@pytest.fixture
def case_file(template: str, tmp_path: Path) -> Path:
    """A case file of the user's own."""
    path = tmp_path / "my.yaml"
    path.write_text(template, encoding="utf-8")
    return path


def trial_of(item: Any) -> Trial | None:
    """What a test tries, as the page tells it; None for tests that try nothing on a user's behalf."""
    kind = getattr(item.module, "KIND", None)
    if kind is None:
        return None
    said = (item.function.__doc__ or item.function.__name__.removeprefix("test_").replace("_", " ")).strip()
    what = item.callspec.id if hasattr(item, "callspec") else ""
    return Trial(kind, said.splitlines()[0].rstrip("."), what)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Every trial there is, also those that this session leaves out."""
    _LISTED.extend(t for t in map(trial_of, items) if t is not None)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: Any) -> Any:
    outcome = yield
    report = outcome.get_result()
    trial = trial_of(item)
    if trial is None or not (report.when == "call" or (report.when == "setup" and report.skipped)):
        return
    why = report.longrepr[2].removeprefix("Skipped: ") if report.skipped else ""
    size = dict(item.user_properties).get("size", "")  # how much was tried, where a test can do more or less
    passed = f"as it should ({size})" if size else "as it should"
    _SEEN.append(trial.ended(passed if report.passed else f"not tried here: {why}" if why else "NOT so"))


def pytest_sessionfinish(session: Any) -> None:
    target = os.environ.get("ALLEGIANCE_RELIABILITY")
    if target and _SEEN:
        path = Path(target)
        before = path.read_text(encoding="utf-8") if path.is_file() else ""
        known = {(t.kind, t.right, t.row) for t in merged(before, [])}
        new = [t.ended("not tried here: not yet") for t in _LISTED if (t.kind, t.right, t.row) not in known]
        path.write_text(page(merged(before, [*new, *_SEEN])), encoding="utf-8")


@pytest.fixture
def trials(request: pytest.FixtureRequest) -> list[Trial]:
    """What the tests of this session try."""
    found = (trial_of(item) for item in request.session.items if "faults" in str(item.path))
    return [t for t in found if t is not None]
