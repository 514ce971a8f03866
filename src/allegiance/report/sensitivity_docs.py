"""What moves the flagship: the tables of docs/flagship.md, told from the record of the analysis that made them.

`allegiance sensitivity CASE --record docs/flagship-sensitivity.json` keeps what was found; `allegiance docs` writes the
page's tables between the marks. What is believable about it is a judgement and stands in the page by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.base.files import read_json, write_json
from allegiance.base.markdown import SCORES, between, table, write_told
from allegiance.experiments.sensitivity import CHANCE, DUMMY, Sensitivity
from allegiance.report.effects_text import number
from allegiance.report.labels import exact
from allegiance.theory.stamp import theory_hash

PAGE, RECORD = "flagship.md", "flagship-sensitivity.json"
MOST = 6
"""Numbers told of each outcome."""
_KEPT = ("input", "kind", "basis", "value", "low", "high", "mu_star", "mu_star_conf", "ST", "ST_low", "ST_high")


def keep_record(path: Path, result: Sensitivity) -> None:
    """Write what moved each outcome most, with what nothing and chance alone come to."""
    told = []
    for outcome in result.outcomes:
        rows = result.frame.filter((pl.col("outcome") == outcome.key) & (pl.col("kind").is_in(["theory", "case"])))
        top = rows.sort("mu_star", descending=True).head(MOST).select(_KEPT).to_dicts()
        rest = result.frame.filter((pl.col("outcome") == outcome.key) & pl.col("input").is_in([CHANCE, DUMMY]))
        told.append({
            "outcome": outcome.key, "label": outcome.label, "unit": outcome.unit, "varied": result.varied(outcome.key),
            "top": top, "beside": {r["input"]: r["mu_star"] for r in rest.to_dicts()},
        })  # fmt: skip
    spec = result.spec
    write_json(path, {
        "case": result.case.id, "side": result.side, "days": spec.days, "scale": spec.scale, "seed": spec.seed,
        "evaluations": result.evaluations, "outcomes": told, "formulas_sha256": theory_hash(),
    })  # fmt: skip


def lines(known: Mapping[str, Any]) -> str:
    """The tables of a record, in Markdown."""
    old = "" if known["formulas_sha256"] == theory_hash() else " **Made with an earlier form of the model.**"
    parts = [
        f"{known['evaluations']:,} simulated wars of `{known['case']}` over {known['days']} days (scale "
        f"{known['scale']:g}, seed {known['seed']}), every number of the theory and of the case moved across its "
        f"range. μ* is the mean change of the outcome when one number moves so.{old}"
    ]
    for one in known["outcomes"]:
        parts.append(f"### {one['label'][0].upper()}{one['label'][1:]}")
        if not one["varied"]:
            parts.append("The same in every simulated war: nothing can be said to move it.")
            continue
        rows = [
            [f"`{r['input']}`", f"{exact(r['value'])} ({exact(r['low'])} to {exact(r['high'])})", str(r["basis"]),
             f"{number(r['mu_star'])} ± {number(r['mu_star_conf'])}"]
            for r in one["top"]
        ]  # fmt: skip
        parts.append(table(["number", "value (range)", "rests on", f"μ* ({one['unit']})"], rows))
        chance, nothing = (number(one["beside"][name]) for name in (CHANCE, DUMMY))
        parts.append(f"Other luck alone: {chance}; a number that does nothing: {nothing}.")
    return "\n\n".join(parts)


def _told(folder: Path) -> tuple[Path, str, str] | None:
    page, record = folder / PAGE, folder / RECORD
    if not (page.is_file() and record.is_file()):
        return None
    known = read_json(record, _CURE)
    text = page.read_text(encoding="utf-8")
    fault = f"{PAGE} has no place for the tables: {' … '.join(SCORES)}"
    return page, text, between(text, SCORES, f"\n\n{lines(known)}\n\n", fault, "put the two marks back")


def write_flagship(folder: Path) -> Path | None:
    """Write the tables into the page under `folder`; None where there is no such page or no record."""
    return write_told(_told(folder))


def check_flagship(folder: Path) -> None:
    """Nothing where the page under `folder` tells what the record says.

    Raises:
        AllegianceError: it does not.
    """
    told = _told(folder)
    if told and told[1] != told[2]:
        raise AllegianceError(f"{folder / PAGE} is behind its record", "allegiance docs --out docs")


_CURE = f"allegiance sensitivity CASE --record docs/{RECORD}, then allegiance docs --out docs"
