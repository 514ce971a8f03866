"""The panel and its past forecasts, kept in the user's cache so that a second forecast takes seconds."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from allegiance import __version__
from allegiance.base.errors import AllegianceError
from allegiance.base.files import sha256, sha256_text
from allegiance.base.parts import Parts
from allegiance.evidence.folder import cache_dir, fingerprint, has_table
from allegiance.forecast.features import MONTH_FEATURES, PANEL
from allegiance.forecast.freshness import Age, ages, reach
from allegiance.forecast.grades import LISTS, with_grades
from allegiance.forecast.models.frame import Frame, make_frame, make_task, period, standardise
from allegiance.forecast.models.graded import GRADED, Said, past_and_now
from allegiance.forecast.models.logit import KEPT
from allegiance.forecast.panel import GRADE, build_panel, cut
from allegiance.forecast.rolling import (
    MEMBERS,
    RIDGE,
    STACK_YEARS,
    Forecasts,
    issued,
    one_thread_each,
    roll,
    side_by_side,
)

METHOD = "4"
"""Raise when a model or a feature changes: forecasts kept in the cache under another number are made anew."""
AT_ONCE = 2
"""Growings of trees side by side."""
SPELLS = "coupcats-country-month/mutiny_spells"


def month_panel(data: Path) -> tuple[pl.DataFrame, dict[str, str]]:
    """The panel by month with graded labels (`grades`), and the SHA-256 of the tables it was made from.

    Tables that only add to what is learned (mutinies, other lists of coups) may be absent.

    Raises:
        AllegianceError: a table is missing, damaged or from another release.
    """
    key, hashes = _panel_key(data)
    return _remembered(f"panel-{key}.parquet", lambda: with_grades(build_panel(data, "month"), data)), hashes


def panel_sha256(data: Path) -> str:
    """SHA-256 of the tables that a forecast is made from.

    Raises:
        AllegianceError: a table is missing.
    """
    return sha256_text("".join(_panel_key(data)[1].values()))


def freshness(data: Path, as_of: date) -> list[Age]:
    """The age of every feature in a forecast made at the end of the month `as_of`.

    Raises:
        AllegianceError: a table is missing, damaged or from another release.
    """
    following = date(as_of.year + as_of.month // 12, as_of.month % 12 + 1, 1)
    return ages(_remembered(f"reach-{_panel_key(data)[0]}.parquet", lambda: reach(data)), following)


def _cache() -> Parts:
    """What is kept for the next time, each piece sealed: one that is damaged or foreign is made anew."""
    return Parts(cache_dir() / "forecast", "forecast")


def _remembered(name: str, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
    """A table from the cache, or made and kept there."""
    if (found := _cache().find(name)) is None:
        found = make()
        with suppress(AllegianceError):  # a cache that cannot be written costs time and nothing else
            _cache().keep(name, found)
    return found


def _panel_key(data: Path) -> tuple[str, dict[str, str]]:
    """What the panel made from these tables is kept under, and the hash of each table."""
    extra = [name for name in (SPELLS, *LISTS) if has_table(data, name)]
    hashes = fingerprint(data, [PANEL, *extra, *{f.table for f in MONTH_FEATURES}])
    lists = sorted((data / "coupcats-country-month").glob("powell_thyne_list*"))  # says how far the panel is complete
    today = datetime.now(UTC).strftime("%Y-%m")  # months that are not over are not in it
    return sha256_text(__version__ + METHOD + today + "".join([*hashes.values(), *map(sha256, lists)]))[:16], hashes


def frame_as_of(panel: pl.DataFrame, as_of: date) -> Frame:
    """What was known at the end of the month `as_of`; nothing later can be seen through it.

    Raises:
        AllegianceError: `as_of` is outside the data.
    """
    return make_frame(cut(panel, as_of))


Progress = Callable[[float, str], None]
"""Told what share is done, from 0 to 1, and what is being done."""


def forecasts_at(
    frame: Frame, outcome: str, horizons: tuple[int, ...], progress: Progress = lambda share, text: None
) -> Forecasts:
    """Forecasts for the last year of `frame`, the stack's weights learned from the ten years before; from the cache if
    the same data made them.
    """
    now = int(frame.t.max())
    january = now - now % frame.per_year
    name = _kept("made", frame, outcome, horizons, now + 1) + ".npz"
    if (kept := _cache().find_bytes(name)) is not None:
        return _again(kept, frame, outcome, horizons, january)
    with side_by_side(), ThreadPoolExecutor(1) as beside, ThreadPoolExecutor(AT_ONCE) as pool:
        # the graded trees of past years are grown while the others' past is forecast
        trees = beside.submit(_trees, frame, outcome, horizons, january, pool)
        before = past_members(frame, outcome, horizons, january, progress)
        progress(0.85, f"{outcome}: graded trees")
        memory = trees.result()
    progress(0.95, f"{outcome}: this year's models")
    with one_thread_each():
        made = roll(frame, outcome, horizons, january, now, models=issued(outcome), before=before, memory=memory)
    _keep(name, made, memory, frame.t >= january, january)
    progress(1.0, f"{outcome}: done")
    return made


def _trees(frame: Frame, outcome: str, horizons: tuple[int, ...], january: int, pool: Executor) -> dict[str, object]:
    """What graded trees of this year and of the years before say of every row, if the outcome has such trees."""

    def side_by_side(said: Callable[[int], Said], origins: Iterable[int]) -> Iterable[Said]:
        def alone(origin: int) -> Said:
            with one_thread_each():
                return said(origin)

        return pool.map(alone, origins)

    memory: dict[str, object] = {}
    if any(m.name == GRADED for m in issued(outcome)):
        for h in horizons:
            past_and_now(frame, outcome, h, january, memory, side_by_side)
    return memory


def _keep(name: str, made: Forecasts, memory: dict[str, object], rows: Any, january: int) -> None:
    """Write what `_again` needs: this year's probabilities, weights, support and the ridge logit's coefficients."""
    arrays: dict[str, Any] = {f"p|{h}|{model}": p[rows] for (h, model), p in made.p.items()}
    for h in made.horizons:
        arrays |= {f"weight|{h}|{model}": w for model, w in made.weights[january, h].items()}
        arrays |= {f"stretch|{h}|": made.stretch[january, h], f"support|{h}|": made.support[h]}
    arrays |= {key: value for key, value in memory.items() if key.startswith(KEPT)}
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    with suppress(AllegianceError):
        _cache().keep_bytes(name, stream.getvalue())


def _again(data: bytes, frame: Frame, outcome: str, horizons: tuple[int, ...], january: int) -> Forecasts:
    """The forecasts kept as `data`; of the fitted models only the ridge logit, which needs no library of trees."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        kept = dict(file)
    memory: dict[str, object] = {key: kept.pop(key) for key in list(kept) if key.startswith(KEPT)}
    made, rows = Forecasts(outcome, horizons, {}), frame.t >= january
    for key, value in kept.items():
        what, months, model = key.split("|")
        h = int(months)
        if what == "p":
            made.p[h, model] = np.full(len(frame.t), np.nan)
            made.p[h, model][rows] = value
        elif what == "weight":
            made.weights.setdefault((january, h), {})[model] = float(value)
        elif what == "stretch":
            made.stretch[january, h] = float(value)
        else:
            made.support[h] = float(value)
    ridge, z = next(m for m in issued(outcome) if m.name == RIDGE), standardise(frame, january)
    made.fits |= {(h, RIDGE): ridge.fit(make_task(frame, outcome, h, january, z, memory)) for h in horizons}
    return made


def past_members(
    frame: Frame, outcome: str, horizons: tuple[int, ...], january: int, progress: Progress = lambda share, text: None
) -> Forecasts:
    """Forecasts of the stack's members for the years before `january`, from the cache if the same data made them."""
    rows = frame.t < january

    def made() -> pl.DataFrame:
        first = max(january - STACK_YEARS * frame.per_year, int(frame.t.min()) + 5 * frame.per_year)

        def tell(origin: int) -> None:
            progress(0.85 * (origin - first) / (january - first), f"{outcome}: {period(origin, frame.per_year)[:4]}")

        members = tuple(m for m in issued(outcome) if m.name in MEMBERS)
        with one_thread_each():
            past = roll(frame, outcome, horizons, first, january - 1, models=members, progress=tell)
        return pl.DataFrame({f"{h} {m}": p[rows] for (h, m), p in past.p.items() if m in MEMBERS})

    table, p = _remembered(_kept("past", frame, outcome, horizons, january) + ".parquet", made), {}
    for column, kept in table.to_dict().items():
        h, model = column.split(" ", 1)
        p[int(h), model] = np.full(len(frame.t), np.nan)
        p[int(h), model][rows] = kept.to_numpy()
    return Forecasts(outcome, horizons, p)


def _kept(what: str, frame: Frame, outcome: str, horizons: tuple[int, ...], before: int) -> str:
    """The name of results that rest on exactly these data before period `before`."""
    rows = frame.t < before
    everything = bool(rows.all())
    digest = hashlib.sha256(f"{METHOD} {__version__} {outcome} {horizons} {before}".encode())
    for part in (frame.t, frame.gwcode, frame.x, frame.y[outcome], frame.y[GRADE]):
        digest.update(np.ascontiguousarray(part if everything else part[rows]).data)
    return f"{what}-{digest.hexdigest()[:24]}"

