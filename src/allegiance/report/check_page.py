"""Pages of the checks of effect sizes and of the priors, as Markdown."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from allegiance.base.citations import reference, works_cited
from allegiance.base.files import atomic, write_text
from allegiance.experiments.effect_sizes.check import EffectsCheck
from allegiance.experiments.effect_sizes.prior import PriorCheck
from allegiance.experiments.effect_sizes.rows import table
from allegiance.report.effects_text import number

IMAGE = "img/effects.png"


def write_effects(page: Path, result: EffectsCheck) -> Path:
    """Write the page of the effect sizes, and beside it the forest plot (`img/effects.png`).

    Raises:
        AllegianceError: the files cannot be written.
    """
    from allegiance.report.figures.effect_sizes import forest

    picture = page.parent / IMAGE
    picture.parent.mkdir(parents=True, exist_ok=True)
    with atomic(picture) as part:
        forest(result.frame).savefig(part, format="png", dpi=160, facecolor="white", metadata={"Software": None})
    write_text(page, effects_page(result))
    return page


def effects_page(result: EffectsCheck) -> str:
    """The page: counts of verdicts, the table, how each row is computed, works cited."""
    frame = result.frame
    lines = [
        "# Effect sizes: studies against the model", "",
        "Written by `allegiance check effects`; do not edit by hand. Each row takes the estimand of a study and "
        "computes it from simulated soldiers, armies or wars as the study computed it. The range was set "
        "before this version of the model was played.", "",
        f"{result.members} wars in an arm of size 1 (pairs share a draw of the parameters), seed {result.seed}. "
        "Intervals are 90 %, over resampled pairs. *Inside* and *outside*: the whole interval is; where it crosses an "
        "end of the range, or fewer than twelve draws were played, nothing can be told yet.", "",
        f"**{_counted(frame)}.**", "",
        f"![Forest plot of studies, ranges and the model]({IMAGE})", "",
        "| effect | measure | study | range | model | verdict |", "| --- | --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    for row in frame.iter_rows(named=True):
        study = _between(row["study"], row["study_low"], row["study_high"])
        lines.append(
            f"| {row['label']} | {row['scale']} | {study} ({reference(row['source']).short}) | "
            f"{number(row['must_low'])} to {number(row['must_high'])} | "
            f"{_between(row['model'], row['low'], row['high'])} | {row['verdict']} |"
        )
    lines += ["", "## How each is computed", ""]
    for row in frame.iter_rows(named=True):
        note = f" {row['note']}" if row["note"] else ""
        lines.append(f"- **{row['label']}** (`{row['effect']}`): {row['how']}.{note}")
    lines += ["", "## Looks", "", "How often results of this table were seen, and what was changed after it.", ""]
    lines += [f"{k}. {look}" for k, look in enumerate(table().looks, 1)]
    lines += ["", "## Works", ""]
    lines += [f"- {work}" for work in works_cited(set(frame["source"]))]
    return "\n".join(lines) + "\n"


def prior_page(result: PriorCheck) -> str:
    """The page of the statements made in advance, and the rates of ordinary armies."""
    lines = [
        "# What the priors say before any evidence", "",
        "Written by `allegiance check prior`; do not edit by hand. A prior on a model is a claim about the world: "
        "these statements were made in advance, about armies for which the answer is known.", "",
        f"{result.draws} draws of the parameters, two simulated wars each, seed {result.seed}; 90 % intervals.", "",
        f"**{_counted(result.frame)}.**", "",
        "| statement (share of simulated wars, unless said otherwise) | range | model | verdict |",
        "| --- | --- | --- | --- |",
    ]  # fmt: skip
    lines += [
        f"| {r['text']} | {number(r['must_low'])} to {number(r['must_high'])} | "
        f"{_between(r['value'], r['low'], r['high'])} | {r['verdict']} |"
        for r in result.frame.iter_rows(named=True)
    ]
    lines += ["", "| ordinary army | deserters per 100 soldiers and year | wars with a mutiny |", "| --- | --- | --- |"]
    lines += [
        f"| {r['army']} | {_between(100 * r['median'], 100 * r['low'], 100 * r['high'])} | {100 * r['mutiny']:.0f} % |"
        for r in result.ordinary.iter_rows(named=True)
    ]
    return "\n".join(lines) + "\n"


def write_prior(page: Path, result: PriorCheck) -> Path:
    """Write the page of the priors.

    Raises:
        AllegianceError: the file cannot be written.
    """
    write_text(page, prior_page(result))
    return page


def _between(value: float | None, low: float | None, high: float | None) -> str:
    ends = f" ({number(low, True)} to {number(high, True)})" if low is not None and low == low else ""
    return f"{number(value, True)}{ends}"


def _counted(frame: pl.DataFrame) -> str:
    many = {v: int((frame["verdict"] == v).sum()) for v in ("inside", "outside", "cannot be told")}
    told = f"Of {len(frame)} rows {many['inside']} lie inside, {many['outside']} outside"
    return f"{told}; of {many['cannot be told']} nothing can be told"
