"""Does an experiment test its mechanism? With the mechanism disabled the claim must no longer be supported."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from allegiance.base.parts import Parts
from allegiance.experiments.claims import ClaimsResult, Request, trial
from allegiance.runs.ensemble import Progress


def mutation_check(
    ids: Iterable[str] | None,
    request: Request,
    intact: ClaimsResult | None = None,
    parts: Parts | None = None,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Try claims as they are and with their own mechanism disabled.

    Args:
        ids: claims; all if not given. intact: results with every mechanism on, if at hand. parts: as for `trial`.

    Returns:
        One row per claim: claim, disabled (in words), intact, disabled_verdict, value, value_disabled, scale, flips.
        `flips` is whether the verdict is no longer `supported`; null where the claim was not supported to begin with,
        as there is nothing to flip.

    Raises:
        AllegianceError: as for `trial`.
    """
    before = intact or trial(ids, request, parts, progress)
    after = {c.id: c for c in trial([c.id for c in before.claims], request, parts, progress, mutation=True).claims}
    rows = []
    for one in before.claims:
        other = after[one.id]
        first = next(iter(one.estimates), "")
        rows.append({
            "claim": one.id,
            "disabled": one.experiment.mutation.label,
            "intact": one.verdict,
            "disabled_verdict": other.verdict,
            "effect": one.experiment.effects[first].label if first else "",
            "value": one.estimates[first].value if first else None,
            "value_disabled": other.estimates[first].value if first in other.estimates else None,
            "scale": one.experiment.effects[first].scale if first else "",
            "flips": other.verdict != "supported" if one.verdict == "supported" else None,
        })  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)
