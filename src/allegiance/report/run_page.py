"""The report of a run as a page: a brief for the hurried reader, then every figure, number and source."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from allegiance.cases.schema import Case, Observed
from allegiance.experiments.modelled import note, unmodelled
from allegiance.report import frames, narrative
from allegiance.report.by_month import beside_record
from allegiance.report.figures import capability, composition, disloyalty, harm, outcomes, timeline
from allegiance.report.figures.marks import BAND_NOTE
from allegiance.report.figures.past import NOTE, Past, past
from allegiance.report.findings import sides
from allegiance.report.history import beside, first_page, known
from allegiance.report.labels import ordered, plural, side_name
from allegiance.report.page import Block, Bullets, Diary, Figure, Gallery, Notice, Page, Prose, Section
from allegiance.report.run_tables import (
    base_rate_note,
    basis_table,
    events_table,
    limits,
    members_table,
    numbers_table,
    outcome_table,
    sources,
    war_stats,
    works,
)


@dataclass(frozen=True)
class Run:
    """What a report of a run is made from; see `html.write_report`."""

    case: Case
    summary: dict[str, Any]
    daily: pl.DataFrame
    events: pl.DataFrame
    members: pl.DataFrame
    story: pl.DataFrame

    @property
    def start(self) -> date:
        """Date of day 0."""
        return self.case.start

    @cached_property
    def totals(self) -> pl.DataFrame:
        """Sums by member, day and side, carried forward over members whose war has ended."""
        return frames.carried(frames.side_totals(self.daily))

    @cached_property
    def names(self) -> dict[str, str]:
        """Side key -> name in words, attacker first."""
        return {side: side_name(self.case, side) for side in ordered(self.case)}

    @cached_property
    def tops(self) -> dict[str, float]:
        """What the axes of both sides must hold, by column."""
        return disloyalty.tops(self.totals, ["strength", *(series.column for series in disloyalty.SERIES)])

    @cached_property
    def observed(self) -> Observed | None:
        """What is coded of the case."""
        return known(self.case)

    @cached_property
    def pasts(self) -> dict[str, Past]:
        """Each side's colour and past, for its curves."""
        return past(self.case, self.observed, int(self.summary["days"]))

    @cached_property
    def notes(self) -> str:
        """What the marks on the curves mean."""
        seen = any(p.events or p.series for p in self.pasts.values())
        taken = any(p.decisions for p in self.pasts.values())
        dotted = " Dotted lines: decisions that the case takes as given." if taken else ""
        return BAND_NOTE + (f" {NOTE}" if seen else "") + dotted

    @property
    def least(self) -> float:
        """People that one simulated soldier stands for."""
        return 1.0 / (self.summary.get("scale") or 1.0)

    def of(self, side: str) -> pl.DataFrame:
        """The totals of one side."""
        return self.totals.filter(pl.col("side") == side)


def run_page(
    case: Case,
    summary: dict[str, Any],
    daily: pl.DataFrame,
    events: pl.DataFrame,
    members: pl.DataFrame,
    story: pl.DataFrame,
    kind: str = "run",
) -> Page:
    """The page of a run; arguments as in `html.write_report`."""
    plain = pl.selectors.by_name("side", "type", require_all=False).cast(pl.String)
    run = Run(case, summary, daily.with_columns(plain), events.with_columns(plain), members, story)
    end = case.last_day(int(summary["days"]))
    wars = plural(summary["members"], "simulated war")
    return Page(
        title=case.title,
        headline=narrative.headline(case, summary),
        kicker=f"Allegiance {kind} · {case.start:%d %B %Y} to {end:%d %B %Y} · {wars}",
        lead=case.summary,
        brief=_brief(run),
        sections=[*_history(run), *(replace(s, folded=True) for s in _detail(run))],
        facts=_facts(run),
    )


def _detail(run: Run) -> list[Section]:
    """Everything behind the brief, folded: readers open what they ask for."""
    return [_disloyalty(run), _war(run), _events(run), _story(run), _numbers(run), _sources(run)]


def _history(run: Run) -> list[Section]:
    record = beside_record(run.case, run.observed, run.daily, run.events)
    found = (beside(run.case, run.observed, run.members), record)
    return [section for section in found if section]


def _brief(run: Run) -> list[Block]:
    first = next(iter(run.names))
    chosen = [outcomes.both(run.names, run.summary["outcomes"])]
    chosen.append(_balance(run) or disloyalty.strength(run.names[first], run.start, run.of(first), of=run.pasts[first]))
    if "civilians_killed" not in unmodelled(run.case) and harm.anybody(run.totals, "civilians_killed"):
        chosen.append(_civilians(run))
    elif "killed" not in unmodelled(run.case):
        chosen.append(_dead(run))
    blocks: list[Block] = [
        first_page(run.case, run.observed, run.members),
        Gallery(
            chosen,
            f"Dots: share of simulated wars, with 90 % interval. {run.notes} Green: parity, below 1.25.",
            across=3,
        ),
        Prose([narrative.meaning(run.case, run.summary, run.daily)], "What it means for the war"),
        Notice(narrative.uncertainty(run.case, run.summary), "What is uncertain", ""),
    ]
    doubts = narrative.doubts(run.case, run.summary)
    if doubts:
        more = [f"… and {len(doubts) - 3} more, listed under Numbers and limits."] if len(doubts) > 3 else []
        blocks.append(Notice([*doubts[:3], *more], "Treat with caution"))
    return blocks


def _balance(run: Run) -> Figure | None:
    keys = list(run.names)
    if "war.mean_log_ratio" in unmodelled(run.case):
        return None
    names = run.names[keys[0]], run.names[keys[1]]
    picture, ends = capability.capability(*names, run.start, run.of(keys[0]), _all(run)), None
    if picture:
        ends = narrative.first_and_last(run.daily)
    if picture is None or ends is None:
        return picture
    title = sides.balance(*names, narrative.movement(*ends), *(capability.ratio_text(ratio) for ratio in ends))
    return replace(picture, title=title, caption="Balance of forces, log scale.")


def _civilians(run: Run) -> Figure:
    return harm.cumulative(
        run.names,
        run.start,
        run.totals,
        "civilians_killed",
        "Civilians killed, by whose forces",
        "civilians killed so far",
        run.pasts,
        "by {}'s forces",
    )


def _dead(run: Run) -> Figure:
    title, axis = "Soldiers killed, by side", "soldiers killed so far"
    return harm.cumulative(run.names, run.start, run.totals, "killed", title, axis, run.pasts)


def _all(run: Run) -> Past:
    """What happened to any side, for a curve that is about all of them."""
    events = sorted({day for p in run.pasts.values() for day in p.events})
    return Past(tuple(events), {}, next(iter(run.pasts.values())).decisions)


def _disloyalty(run: Run) -> Section:
    blocks: list[Block] = [outcome_table(run.case, run.summary, side) for side in run.names]
    blocks.append(base_rate_note(run.case))
    chances = [
        outcomes.probabilities(n, run.summary["outcomes"][s], colour=run.pasts[s].colour) for s, n in run.names.items()
    ]
    blocks.append(Gallery(chances, outcomes.CAPTION))
    for side, name in run.names.items():
        panels = disloyalty.disloyalty(name, run.start, run.of(side), run.tops, run.pasts[side], run.least)
        same = " Axes are the same for both sides." if len(run.names) > 1 else ""
        blocks.append(Gallery(panels, f"{name}: disloyalty by form over time.{same} {run.notes}", across=3))
    return Section("Disloyalty by form", blocks, "What each side's soldiers do, how likely, how many, and when.")


def _war(run: Run) -> Section:
    attacker = next(iter(run.names))
    serving = [composition.composition(n, run.start, run.of(s), run.pasts[s]) for s, n in run.names.items()]
    most = run.tops.get("strength", 0.0)
    standing = [disloyalty.strength(n, run.start, run.of(s), most, run.pasts[s]) for s, n in run.names.items()]
    missing, told = unmodelled(run.case), note(run.case)
    ground = capability.area(run.names[attacker], run.start, run.of(attacker), run.pasts[attacker])
    ground = ground if not missing else None
    protests = [harm.protest(n, run.start, run.of(s), run.pasts[s]) for s, n in run.names.items()]
    course = [
        _balance(run),
        ground,
        harm.escalation(run.names, run.start, run.totals, run.pasts) if "escalation.max_level" not in missing else None,
        _civilians(run) if "civilians_killed" not in missing else None,
        _dead(run) if "killed" not in missing else None,
        *protests,
    ]
    blocks: list[Block] = [
        *([Prose([told])] if told else []),
        war_stats(run.case, run.summary),
        Gallery([*standing, *serving], f"Who serves and who obeys. {run.notes}"),
        Gallery(
            [figure for figure in course if figure],
            f"The course of the war. {run.notes} Cumulative counts stay as they were after a member's war has ended;"
            " other lines show the members still fighting. Green: parity, a ratio below 1.25.",
        ),
    ]
    return Section("The war", blocks, "Who serves, who is stronger, what it costs.")


def _events(run: Run) -> Section:
    typical = typical_member(run)
    moments = [d.date for d in run.case.decisions.values() if d.enabled]
    pictures = [
        timeline.timeline(
            name, run.start, int(run.summary["days"]), run.events.filter(pl.col("side") == side),
            int(run.summary["members"]), typical, moments, run.pasts[side].colour,
        )
        for side, name in run.names.items()
    ]  # fmt: skip
    caption = (
        "Each row is a type of event, each block a week: the darker, the larger the share of members with such an"
        " event. Rings: events of the typical member, larger with more people. Dotted lines: dated decisions."
    )
    dated = [
        (f"{d.date:%d %b %Y}", d.label) for d in sorted(run.case.decisions.values(), key=lambda d: d.date) if d.enabled
    ]
    blocks: list[Block] = [Gallery(pictures, caption, across=1)]
    if dated:
        blocks.append(Diary(dated, "Decisions that the case takes as given, by date."))
    blocks.append(events_table(run.case, run.events, int(run.summary["members"])))
    return Section("Events", blocks)


def typical_member(run: Run) -> int | None:
    """The member whose story is told, if the story says which."""
    if "member" in run.story.columns and run.story.height:
        return int(run.story["member"][0])
    return None


def _story(run: Run) -> Section:
    entries = []
    for row in run.story.iter_rows(named=True):
        who = f"{side_name(run.case, row['side'])}: " if row.get("side") else ""
        entries.append((f"{row['date']:%d %b %Y}", f"{who}{row['text']}"))
    caption = (
        "One simulated war, the member nearest to the median outcome, day by day. It is an example, not a prediction."
    )
    blocks: list[Block] = [Diary(entries, caption)] if entries else [Prose(["Nothing happened that is worth a line."])]
    return Section("One typical war, day by day", blocks)


def _numbers(run: Run) -> Section:
    doubts = narrative.doubts(run.case, run.summary)
    blocks: list[Block] = [
        *([Notice(doubts, "Treat with caution")] if len(doubts) > 3 else []),
        basis_table(run.summary),
        members_table(run.members),
        numbers_table(run.case),
        Prose([], "Limits"),
        Bullets(limits(run.case)),
    ]
    return Section("Numbers and limits", blocks, "What the run rests on, and what it leaves out.")


def _sources(run: Run) -> Section:
    blocks: list[Block] = [
        Prose([], "Sources of the case"),
        sources(run.case),
        Prose([], "Works the theory rests on"),
        works(),
    ]
    return Section("Sources", blocks)


def _facts(run: Run) -> list[tuple[str, str]]:
    summary = run.summary
    return [
        ("Case", run.case.id),
        ("Information up to", f"{run.case.information_date:%d %B %Y}"),
        ("Members", str(summary["members"])),
        ("Days", str(summary["days"])),
        ("Seed", str(summary["seed"])),
        ("Scale", f"{summary['scale']:g}"),
    ]
