"""The page of an assessment: how likely, why, what would change it, compared with whom, and what is not known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from allegiance.base.files import write_text
from allegiance.cases.draft.page import draft_page
from allegiance.cases.index import basis_sentence
from allegiance.cases.paths import basis_counts, numbers
from allegiance.cases.write import case_text
from allegiance.evidence.states import states
from allegiance.experiments.outcomes import Outcome, mean, mean_interval, outcomes_of
from allegiance.forecast.assess import EARLIER, Assessment
from allegiance.report.baserates import compared
from allegiance.report.effects_text import effect
from allegiance.report.html import write_page
from allegiance.report.labels import percent
from allegiance.report.meaning import material
from allegiance.report.page import Block, Bullets, Cell, Page, Prose, Section, Stat, Stats, Table, Value
from allegiance.report.past_scores import RECORDED, as_recorded, told

FORMS = (
    ("coup_attempt", "coup attempt"), ("coup_success", "successful coup"), ("mutiny", "mutiny"),
    ("defection", "defection of a thousandth or more"), ("desertion", "desertion of one in a hundred or more"),
    ("refusal", "refusal by one in a hundred or more"), ("shirking", "shirking by one in a hundred or more"),
)  # fmt: skip
FACED = {
    "peace": "in barracks, facing nobody", "civil": "against rebels", "repression": "against a crowd",
    "interstate": "at war with a state",
}  # fmt: skip
"""What an army faces, in words, by kind of war."""
DRIVEN = ("mutiny", "desertion", "refusal", "shirking")
"""Outcomes that conditions are weighed for: counts and shares, which still move where a probability is near 0 or 1."""
SHOWN = ("coup_attempt", "mutiny", "desertion", "refusal")
TRUST = (
    "Read the direction of the what-ifs and the ranks, not the levels: nothing has shown that the levels are "
    "right, and simulated mutinies count every company of which a dozen refuse together, known to others or not.",
    "The regression knows nothing of mechanisms and reads the same tables. Where the two disagree, ask why; where you "
    "must have one number for a coup or a mutiny within a year, take the statistics.",
    "Every level is a formula of stand-ins with a wide range; the members draw them anew, so the intervals hold it.",
)


def assess_page(found: Assessment) -> Page:
    """The page of an assessment."""
    case, side = found.draft.case, found.draft.side
    outcomes = found.played.summary["outcomes"][side]
    brief: list[Block] = [
        Stats([
            Stat(words, percent(outcomes[form]["probability"]), _beside(found, form))
            for form, words in FORMS if form in SHOWN
        ]),
        Prose([case.summary, *(f"{n[:1].upper()}{n[1:]}." for n in found.draft.notices)]),
    ]  # fmt: skip
    sections = [
        Section("How likely", [_likely(found)], lead=f"Within {found.played.spec.days} days, from "
                f"{found.played.spec.members} simulated worlds; each pair draws the army's numbers within their "
                f"ranges."),
        Section("What drives it", _drives(found)),
        Section("What would change it", [_levers(found)], lead="The same worlds and chance events, one thing changed."),
        Section("Beside statistics", [_statistics(found), *_regression(found)]),
        Section("Compared with its region and with itself", [_levels(found)]),
        Section("Armies like it", [_neighbours(found), _cases(found)]),
        Section("What the data do not know", _unknown(found)),
        Section("How far to trust it", [Bullets([f"How such assessments did. {told()}", *TRUST])]),
    ]  # fmt: skip
    return Page(
        f"Assessment: {case.title}", headline(found), brief, sections, "assessment",
        facts=[("date", case.start.isoformat()), ("members", str(found.played.spec.members)),
               ("numbers", basis_sentence([basis_counts(case)]))],
    )  # fmt: skip


def headline(found: Assessment) -> str:
    """The assessment in a sentence or two: statistics first where there are any, and where the simulation departs."""
    outcomes = found.played.summary["outcomes"][found.draft.side]
    said, far = [], []
    for form, words in (("coup_attempt", "a coup attempt"), ("mutiny", "a mutiny")):
        simulated, (low, high) = percent(outcomes[form]["probability"]), outcomes[form]["interval"]
        rate = found.statistics.get(form)
        if rate is None:
            said.append(f"{words}: {simulated} as simulated")
            continue
        chance = rate.rates[12].probability
        said.append(f"{words}: {percent(chance)} a year by the statistics of such states, {simulated} simulated")
        if not low <= chance <= high:
            far.append(words)
    text = "; ".join(said)
    text = f"{text[:1].upper()}{text[1:]}."
    if far:
        text += f" The two do not agree on {' and '.join(far)}: for a level take the statistics."
    return text


def _beside(found: Assessment, form: str) -> str:
    """The interval of a simulated probability, what lists would have of it, and the statistical rate, where known."""
    simulated = found.played.summary["outcomes"][found.draft.side][form]
    low, high = simulated["interval"]
    listed = as_recorded(form, simulated["probability"]) if form in RECORDED else None
    rate = found.statistics.get(form)
    said = f"; statistics: {percent(rate.rates[12].probability)} a year" if rate else ""
    said = f"; as lists would have it {percent(listed)}{said}" if listed is not None else said
    return f"simulated, 90 %: {percent(low)} to {percent(high)}{said}"


def _likely(found: Assessment) -> Table:
    side, days = found.draft.side, int(found.played.spec.days or 0)
    now = found.played.summary["outcomes"][side]
    then = found.before[1].summary["outcomes"][found.before[0].side] if found.before else None
    rows: list[list[Value]] = []
    for form, words in FORMS:
        p, (low, high) = now[form]["probability"], now[form]["interval"]
        past = percent(then[form]["probability"]) if then else "–"
        rows.append(
            [words, Cell(percent(p), p), f"{percent(low)} to {percent(high)}", past, compared(form, days)[0] or "–"]
        )
    columns = ["form", "probability", "90 % interval", f"{EARLIER} years before", "history, any state"]
    note = ""
    if found.before:
        was, now_ = FACED[found.before[0].case.war.kind], FACED[found.draft.case.war.kind]
        note = f"{EARLIER} years before: {was}; now: {now_}."
    return Table(columns, rows, "Probability, as simulated", note)


def _drives(found: Assessment) -> list[Block]:
    if found.why is None:
        return [Prose(["Its conditions could not be weighed."])]
    shown, frame = _driven(found), found.why.frame
    by = {(r["outcome"], r["condition"]): r for r in frame.to_dicts()}
    rows: list[list[Value]] = []
    for name, label in found.why.conditions.items():
        parts = [by[outcome.key, name] for outcome in shown]
        cells = [_moved(o, p["shapley"], p["low"], p["high"]) for o, p in zip(shown, parts, strict=True)]
        rows.append([name.replace("-", " "), label, *cells])
    heavy = [(o.label, _heaviest(o, [by[o.key, name] for name in found.why.conditions])) for o in shown]
    said = [f"{label}: {name.replace('-', ' ')}" for label, name in heavy if name]
    lead = f"What weighs most, by a readable size whose interval leaves out zero: {'; '.join(said)}." if said else (
        "No condition moves anything by half a percentage point with an interval that leaves out zero."
    )  # fmt: skip
    table = Table(
        ["condition", "weighed against", *(outcome.label for outcome in shown)], rows,
        "Contribution of each condition (Shapley value, 90 % interval)",
    )  # fmt: skip
    return [Prose([lead]), table]


def _readable(outcome: Outcome, value: float) -> bool:
    return material({"key": outcome.key, "side": outcome.side, "unit": outcome.unit, "difference": value})


def _moved(outcome: Outcome, value: float, low: float | None, high: float | None) -> Value:
    """An effect with its interval where it is of a readable size."""
    if not _readable(outcome, value):
        return Cell("no material change", value, "muted")
    return Cell(effect(value, low, high, outcome.unit), value)


def _heaviest(outcome: Outcome, rows: list[dict[str, Any]]) -> str:
    """The condition that moves the outcome most, of those whose interval leaves out zero; empty if none does."""
    sure = [(abs(r["shapley"]), str(r["condition"])) for r in rows if r["low"] * r["high"] > 0]
    most = max(sure, default=(0.0, ""))
    return most[1] if _readable(outcome, most[0]) else ""


def _levers(found: Assessment) -> Table:
    side = found.draft.side
    some = next(iter(found.levers.values()))[1].spec.members if found.levers else 0
    same = found.played.members.filter(pl.col("member") < some)  # the very worlds that the what-ifs play again
    shown = _driven(found)
    rows: list[list[Value]] = []
    for name, (label, played) in found.levers.items():
        cells: list[Value] = []
        for outcome in shown:
            moved = outcome.values(played.members) - outcome.values(same)
            cells.append(_moved(outcome, mean(moved), *mean_interval(moved)))
        rows.append([name.replace("-", " "), label, *cells])
    columns = ["what-if", "meaning", *(o.label for o in shown)]
    note = f"From {some} worlds each, side {found.draft.case.sides[side].name}: coarse."
    return Table(columns, rows, "Change of the mean (90 % interval)", note)


def _driven(found: Assessment) -> list[Outcome]:
    """The outcomes that conditions and what-ifs are told in."""
    known = {outcome.key: outcome for outcome in outcomes_of(found.draft.case, [found.draft.side])}
    wanted = [f"{found.draft.side}.{name}" for name in DRIVEN]
    return [known[key] for key in wanted if key in known]  # what the case does not model is left out


def _statistics(found: Assessment) -> Table:
    outcomes = found.played.summary["outcomes"][found.draft.side]
    rows: list[list[Value]] = []
    for outcome, rates in found.statistics.items():
        rate = rates.rates[12]
        p = outcomes[outcome]["probability"]
        ours = found.regressed.get(outcome)
        rows.append([
            outcome.replace("_", " "), Cell(percent(p), p), Cell(percent(rate.probability), rate.probability),
            f"{percent(rate.low)} to {percent(rate.high)}",
            Cell(percent(ours.probability), ours.probability) if ours else "–",
            Cell(percent(ours.base), ours.base) if ours else "–",
        ])  # fmt: skip
    days = found.played.spec.days
    columns = ["outcome", f"simulation, {days} days", "statistics, a year", "90 %", "regression, a year", "all states"]
    note = "; ".join(dict.fromkeys(r.source for r in found.statistics.values()))
    return Table(columns, rows, "Simulation, statistical rate and a plain regression on the same inputs", note)


def _regression(found: Assessment) -> list[Block]:
    said: list[str] = []
    for name, r in found.regressed.items():
        pushes = ", ".join(f"{what} {push:+.2f}" for what, push in r.pushes[:4])
        score = "" if r.auc is None or r.brier is None or r.brier_base is None else (
            f" On the last five years before the day, which it was not fitted to, it ranks a state with the event "
            f"above "
            f"one without in {r.auc:.0%} of pairs; Brier score {r.brier:.4f}, {r.brier_base:.4f} for the base rate."
        ).replace("%", " %")  # fmt: skip
        said.append(f"{name.replace('_', ' ').capitalize()}: {r.events} events learnt from; pushes {pushes}.{score}")
    return [Bullets(said)] if said else []


def _levels(found: Assessment) -> Table:
    rows: list[list[Value]] = []
    for name, value in found.levels.items():
        cells: list[Value] = [Cell(f"{value:.2f}", value)]
        for other in (found.region, found.levels_before or {}):
            cells.append(Cell(f"{other[name]:.2f}", other[name]) if name in other else "–")
        rows.append([name, *cells])
    columns = ["level", "this army", "middle of the region", f"{EARLIER} years before"]
    return Table(columns, rows, "What the readings say of it, of its region's armies and of itself before")


def _neighbours(found: Assessment) -> Table:
    names = dict(states().select("gwcode", "country").iter_rows())
    rows: list[list[Value]] = [
        [str(names[n.code]), str(n.year), FACED[n.task], Cell(f"{n.distance:.2f}", n.distance),
         "yes" if n.followed["coup_attempt"] else "no", "yes" if n.followed["mutiny"] else "no"]
        for n in found.neighbours
    ]  # fmt: skip
    columns = ["state", "year", "faced", "distance", "coup attempt within the year", "mutiny within the year"]
    return Table(columns, rows, "The most similar armies of the twenty years before, and what followed")


def _cases(found: Assessment) -> Table:
    rows: list[list[Value]] = [
        [c.title, Cell(f"{c.distance:.2f}", c.distance), c.coup, c.mutiny, f"{percent(c.left[0])} to "
        f"{percent(c.left[1])}",
         c.refusal]
        for c in found.likenesses
    ]  # fmt: skip
    note = "Coup 0 none, 1 failed, 2 succeeded; mutiny and refusal 0 none to 3. Cases of any date, later ones included."
    return Table(["case", "distance", "coup", "mutiny", "left", "refusal"], rows, "Cases of the library like it", note)


def _unknown(found: Assessment) -> list[Block]:
    wide = [
        (path, n)
        for path, n in numbers(found.draft.case)
        if str(n.basis) == "judgement" and n.range and not n.note.startswith("not given")
    ]
    shown = [f"{path}: {n.value:g} ({n.range[0]:g} to {n.range[1]:g}), {n.note}" for path, n in wide[:12] if n.range]
    lines = [*found.missing, *shown]
    counts = basis_sentence([basis_counts(found.draft.case)])
    return [Prose([f"The draft holds {counts}. Its README says of each number where it comes from."]), Bullets(lines)]


def write_assessment(folder: Path, found: Assessment) -> Path:
    """Write `report.html`, the drafted `case.yaml` and its `README.md` into `folder`; returns the page's path.

    Raises:
        AllegianceError: the folder cannot be written.
    """
    write_text(folder / "case.yaml", case_text(found.draft.case))
    write_text(folder / "README.md", draft_page(found.draft))
    return write_page(folder / "report.html", assess_page(found))
