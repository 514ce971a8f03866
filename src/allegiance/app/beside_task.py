"""The model beside history, in the worker: what happened, what the wars gave, the record on cases like it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import polars as pl

from allegiance.app import baselines, whatif_task
from allegiance.app.worker import Task, Update
from allegiance.cases.index import coded_row
from allegiance.cases.loader import library, load_case, load_observed
from allegiance.cases.schema import Case, Observed
from allegiance.report.history import FEWEST, chances, lines, record, verdict

KINDS = {"fight": "fought an enemy", "repress": "faced crowds", "both": "did both"}


def history(_: dict[str, Any], case: Case) -> Task:
    """Hold a library case's wars against its codes: at once if they are kept, else after as many as are needed.

    The result is a dictionary: members, rows (outcome, happened, given, holds), verdict, record, note, source.
    """
    observed = _observed(case)
    if observed is None:
        yield Update(1.0, "ready", {"members": 0, "rows": [], "verdict": "", "record": _record(case), "note": ""})
        return
    for members in range(1, FEWEST + 1):  # a war a turn: other questions have theirs between
        yield Update(members / (FEWEST + 1), f"playing {FEWEST} wars to hold against history")
        wars = whatif_task.baseline(case, members, keep_them=members == FEWEST)
    table = pl.DataFrame(wars, infer_schema_length=None)
    found = lines(case, observed, table)
    yield Update(1.0, "ready", {
        "members": table.height, "rows": [(r.outcome, r.happened, r.given, r.holds) for r in found],
        "verdict": verdict(found, table.height), "record": _record(case), "note": observed.note,
    })  # fmt: skip


def _observed(case: Case) -> Observed | None:
    return _coded().get(case.id, (case, None))[1] if case.id in library() and case == load_case(case.id) else None


@lru_cache(maxsize=1)
def _coded() -> dict[str, tuple[Case, Observed]]:
    """Every coded case of the library, with its codes."""
    found = {name: load_observed(name) for name in library()}
    return {name: (load_case(name), codes) for name, codes in found.items() if codes is not None}


def _record(case: Case) -> str:
    """What came of such statements on the other coded cases of the same kind whose wars are kept on this machine."""
    known = _coded()
    kind = _kind(case, known[case.id][1]) if case.id in known else ""
    pairs, count = [], 0
    for name, (other, codes) in known.items():
        if name == case.id or (kind and _kind(other, codes) != kind):
            continue
        rows = baselines.rows_kept(other, whatif_task.scale_for(other), whatif_task.__file__)
        if rows is not None and rows.height >= FEWEST:
            count += 1
            pairs += chances(rows, codes, len(other.sides) == 1)
    return record(pairs, count, KINDS.get(kind, "were played here"))


def _kind(case: Case, observed: Observed) -> str:
    return str(coded_row(case, observed)["task"])
