"""`check_effects`: every row of the table of effect sizes, study against model."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from allegiance.base.arguments import names, number, optional, whole
from allegiance.base.notebook import Brief, with_bar
from allegiance.experiments.effect_sizes.estimate import Found, found
from allegiance.experiments.effect_sizes.play import Size, play
from allegiance.experiments.effect_sizes.rows import Row, chosen, table
from allegiance.experiments.store import open_folder, plain, publish
from allegiance.runs.ensemble import Progress

MEMBERS = 48


@dataclass(frozen=True, repr=False)
class EffectsCheck(Brief):
    """Rows of the table and what the model gave for each; `frame` has one line per row."""

    members: int
    seed: int
    rows: dict[str, Row]
    found: dict[str, Found]

    @property
    def frame(self) -> pl.DataFrame:
        """Columns: effect, label, scale, source, study, study_low, study_high, must_low, must_high, model, low, high,
        draws, verdict, how, note."""
        return pl.DataFrame([_line(k, row, self.found[k]) for k, row in self.rows.items()], infer_schema_length=None)


def _line(name: str, row: Row, model: Found) -> dict[str, Any]:
    study = row.study
    return {
        "effect": name, "label": row.label, "scale": row.scale, "source": study.source, "study": study.value,
        "study_low": study.low, "study_high": study.high, "must_low": row.must[0], "must_high": row.must[1],
        "model": model.value, "low": model.low, "high": model.high, "draws": model.draws, "verdict": model.verdict,
        "how": row.how, "note": " ".join(t for t in (study.note, row.note) if t),
    }  # fmt: skip


@with_bar
def check_effects(
    members: int = MEMBERS,
    seed: int = 0,
    only: Sequence[str] | str | None = None,
    scale: float | None = None,
    threads: int | None = None,
    out: str | Path | None = None,
    resume: bool = True,
    progress: Progress | None = None,
    force: bool = False,
) -> EffectsCheck:
    """Compute each effect that a study estimated in simulation, as the study did.

    Args:
        members: simulated wars of an arm, at least 4; pairs share a draw of the parameters.
        seed: a number from 0 from which all random draws follow.
        only: rows by name; all if not given.
        scale: share of companies simulated; chosen by size if not given.
        threads: wars played at once.
        out: folder for the results; nothing is kept if not given.
        resume: go on from what an interrupted run left in `out`.
        progress: called with the share done, in [0, 1], and a word on what is being done.
        force: replace what `out` holds.

    Returns:
        One row per effect: study, range asked for, model with interval, verdict.

    Raises:
        AllegianceError: unknown row, a number out of range, or a folder that cannot be written.
    """
    members, seed = whole("members", members, 4), whole("seed", seed, 0)
    rows = chosen(names("only", only) or None)
    size = Size(
        members, seed, optional(number, "scale", scale, 0, 1),
        optional(whole, "threads", threads, 1) or len(os.sched_getaffinity(0)),
    )  # fmt: skip
    arms = {name: table().arms[name] for row in rows.values() for name in row.arms}
    wanted = {"members": members, "seed": seed, "scale": scale, "rows": list(rows), "table_sha256": table().digest}
    with open_folder("check-effects", wanted, out=out, resume=resume, force=force, progress=progress) as folder:
        played = play(arms, size, folder.parts, progress)
        result = EffectsCheck(members, seed, rows, {k: found(row, played) for k, row in rows.items()})
        publish(folder, {"effects": result.frame}, summary(result))
    return result


def summary(result: EffectsCheck) -> dict[str, Any]:
    """The result as JSON holds it."""
    return {"schema": 1, "members": result.members, "seed": result.seed, "effects": plain(result.frame)}
