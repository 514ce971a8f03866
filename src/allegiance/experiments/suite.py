"""`claims`: the whole suite, or part of it, as one call that may write a bundle."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Unpack

from allegiance.base.arguments import names, number, optional, whole
from allegiance.base.claims import claim
from allegiance.base.notebook import with_bar
from allegiance.cases.loader import load_case
from allegiance.cases.paths import case_hash
from allegiance.cases.schema import Case
from allegiance.experiments.claims import ClaimsResult, Request, trial
from allegiance.experiments.mutation import mutation_check
from allegiance.experiments.protocol import protocol, protocol_hash
from allegiance.experiments.store import Kept, open_folder, plain, publish
from allegiance.runs.ensemble import Progress
from allegiance.theory.stamp import theory_hash


@with_bar
def claims(
    ids: Iterable[str] | None = None,
    case: Case | str | Path | None = None,
    members: int | None = None,
    seed: int | None = None,
    side: str | None = None,
    scale: float | None = None,
    threads: int | None = None,
    mutation: bool = False,
    **kept: Unpack[Kept],
) -> ClaimsResult:
    """Try the claims on a case.

    Args:
        ids: claims (C1 to C16, N1, N2, or their names); all if not given.
        case: a case, a name of the library, or the path of a case file; the neutral reference if not given.
        members: simulated wars of each arm, at least 2; the protocol's own if not given.
        seed: a number from 0 from which all random draws follow; the protocol's own if not given.
        side: side whose disloyalty is studied; the attacker if not given.
        scale: share of companies simulated, in (0, 1].
        threads: wars played at once.
        mutation: also try each claim with its own mechanism disabled.
        kept: of the results (see `allegiance.experiments.store.Kept`): out, resume, force, progress.

    Returns:
        Frames of verdicts, effects and curves; see `ClaimsResult`.

    Raises:
        AllegianceError: unknown claim, case or side, a number out of range, or a folder that cannot be written.
    """
    chosen = [claim(i).id for i in names("ids", ids) or ()] or None
    members, seed = optional(whole, "members", members), optional(whole, "seed", seed, 0)
    scale, threads = optional(number, "scale", scale, 0, 1), optional(whole, "threads", threads, 1)
    loaded = case if isinstance(case, Case) else load_case(case or protocol().case)
    request = Request(loaded, members, seed, side, scale, threads)
    wanted = {"members": members, "seed": seed, "side": side, "scale": scale} | {
        "case_sha256": case_hash(loaded), "protocol_sha256": protocol_hash(), "claims": chosen, "mutation": mutation,
    }  # fmt: skip
    part, progress = 0.5 if mutation else 1.0, kept.get("progress")
    with open_folder("claims", wanted, **kept) as folder:
        result = trial(chosen, request, folder.parts, _within(progress, 0.0, part))
        if mutation:
            step = _within(progress, part, 1.0)
            result = replace(result, mutations=mutation_check(chosen, request, result, folder.parts, step))
        tables = {"claims": result.frame, "effects": result.effects, "curves": result.curves}
        if result.mutations is not None:
            tables["mutations"] = result.mutations
        publish(folder, {k: t for k, t in tables.items() if t.width}, summary(result))
    return result


def _within(progress: Progress | None, start: float, stop: float) -> Progress | None:
    if progress is None:
        return None
    return lambda share, text: progress(start + share * (stop - start), text)


def summary(result: ClaimsResult) -> dict[str, Any]:
    """The result as JSON holds it: 18 rows of verdicts, their effects, curves, and the mutation table."""
    return {
        "schema": 1, "case": result.case.id, "side": result.side, "members": result.members or protocol().members,
        "seed": result.seed, "protocol_sha256": protocol_hash(), "theory_sha256": theory_hash(),
        "rule": protocol().rule, "testing": protocol().testing,
        "claims": plain(result.frame), "effects": plain(result.effects), "curves": plain(result.curves),
        "mutations": plain(result.mutations) if result.mutations is not None else [],
    }  # fmt: skip
