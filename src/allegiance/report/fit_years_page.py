"""The page of a fit to state-years: what differs from that of a fit to campaigns (fit_page.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from allegiance.experiments.store import plain
from allegiance.inference.fit.recover import BINS
from allegiance.inference.fit.result import INFORMED
from allegiance.inference.fit.years import YearsFit
from allegiance.report.rivals_page import what
from allegiance.theory.stamp import theory_hash

Summary = Mapping[str, Any]
Rows = tuple[list[str], list[list[str]]]
WORDS = {"mutiny": "mutiny on record", "coup_attempt": "coup attempt"}


def years_summary(found: YearsFit) -> dict[str, Any]:
    """All that the pages tell, ready for JSON."""
    parameters, combined = plain(found.parameters), plain(found.combinations)
    covered = {r["quantity"]: r for r in plain(found.recovered.coverage)}
    said = [
        f"{sum(r['informed'] for r in parameters)} of {len(parameters)} parameters are informed (posterior over prior"
        f" spread {INFORMED} or less), {sum(r['informed'] for r in combined)} combinations of them are; along the one"
        f" of which the data say most the posterior is {combined[0]['spread']:.2f} as wide as the prior.",
        f"90 % intervals hold the truth in {covered['all']['covered_90']:.0%} of {covered['all']['worlds']} synthetic"
        f" worlds, 50 % intervals in {covered['all']['covered_50']:.0%}.",
        f"R-hat {found.posterior.rhat:.3f}, at least {found.posterior.ess:.0f} effective draws. No look at the test:"
        " state-years from 2000 on were not touched.",
        *_expected_observed(plain(found.groups)), *found.said,
    ]  # fmt: skip
    return {
        "title": found.study.title, "of": "state-years", "card": found.result.card, "theory_sha256": theory_hash(),
        "said": said, "notes": list(found.notes), "emulators": [asdict(c) for c in found.checks], "not_emulated": [],
        "parameters": parameters, "combinations": combined, "observers": plain(found.observers),
        "decades": plain(found.decades), "groups": plain(found.groups), "rates": plain(found.rates),
        "coverage": list(covered.values()),
        "ranks": {n: np.histogram(found.recovered.ranks[:, k], BINS, (0, 1))[0].tolist()
                  for k, n in enumerate(found.recovered.names)},
        "scores": plain(found.scores), "comparisons": plain(found.comparisons),
    }  # fmt: skip


def _expected_observed(groups: list[dict[str, Any]]) -> list[str]:
    return [
        f"{WORDS[r['outcome']].capitalize()}: expected over observed {r['prior'] / r['events']:.2f} by the prior,"
        f" {r['posterior'] / r['events']:.2f} by the posterior; as played {r['prior_played'] / r['events']:.2f} and,"
        f" with fresh luck, {r['fresh'] / r['events']:.2f}."
        for r in groups if r["group"] == "all" and r["events"] > 0
    ]  # fmt: skip


def chance_rows(summary: Summary) -> Rows:
    """The check of each outcome's emulator on plays it never saw."""
    head = ["outcome", "expected in worlds", "gain by parameters", "slope", "slope of armies", "explained", "error",
            "spread", "expected over played: by chance", "by parameters", "log score", "trees"]  # fmt: skip
    rows = [
        [c["outcome"], f"{c['events']} of {c['worlds']}", f"{c['gain']:.4f} ± {c['gain_se']:.4f}", f"{c['slope']:.2f}",
         f"{c['level_slope']:.2f}", f"{c['explained']:.0%}", f"{c['error']:.2f}", f"{c['spread']:.2f}",
         ", ".join(f"{one:.2f}" for one in c["thirds"]), ", ".join(f"{one:.2f}" for one in c["by_parameters"]),
         f"{c['log_score']:.4f}", f"{c['rival']:.4f}"]
        for c in summary["emulators"]
    ]  # fmt: skip
    return head, rows


def rate_rows(summary: Summary) -> Rows:
    """The share of mutinies that is recorded, by decade and press."""
    press = list(dict.fromkeys(r["press"] for r in summary["rates"]))
    found = {(r["decade"], r["press"]): r for r in summary["rates"]}
    rows = []
    for decade in sorted({d for d, _ in found}):
        own = [found[decade, p] for p in press]
        rows.append([f"{decade}s", *(f"{r['median']:.2f} ({r['low']:.2f} to {r['high']:.2f})" for r in own)])
    return ["decade", *press], rows


def held_rows(summary: Summary) -> Rows:
    """Scores of each decade forecast from the others."""
    rows = [
        [what(r), r["model"], f"{r['log']:.4f} ({r['log_low']:.4f} to {r['log_high']:.4f})",
         f"{r['expected_observed']:.2f}"]
        for r in summary["scores"]
    ]  # fmt: skip
    return ["outcome", "model", "log score of a state-year", "expected/observed"], rows


def expected_rows(summary: Summary) -> Rows:
    """State-years on record beside those that prior and posterior expect."""
    rows = [
        [r["group"], WORDS[r["outcome"]], f"{r['state_years']:.0f}", f"{r['events']:.0f}", f"{r['prior']:.1f}",
         f"{r['posterior']:.1f} ({r['low']:.0f} to {r['high']:.0f})", f"{r['prior_played']:.1f}", f"{r['fresh']:.1f}"]
        for r in summary["groups"]
    ]  # fmt: skip
    return ["state-years", "outcome", "how many", "on record", "prior expects", "posterior expects (90 %)",
            "prior, played", "posterior, fresh plays"], rows  # fmt: skip
