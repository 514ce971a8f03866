"""The register as a matrix, outcome by design: what studies of each kind found on each outcome a claim names.

One study has one vote in a cell, however many estimates it reports there. A claim is about certain outcomes: where no
study looked at one of them, that is a finding of its own, "no direct evidence", and not a zero.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

OUTCOMES: dict[str, str] = {
    "wounds": r"^wounded for each",
    "war": r"^(attacker wins|loss rate|winning|log d|duration|whether fighting|what capability|initiative|battlefield"
    r"|being the target|resisting|median share|share of lost engag)",
    "coup": r"^(coup|success of a coup|risk of a coup)",
    "mutiny": r"^(mutin|start of mutiny|effect of other causes of mutiny)",
    "desertion": r"desert|absen|fleeing|left the front",
    "defection": r"defect|fracture|loyalty shifts|came over|changed sides",
    "home": r"protest: |arrests|^vote|political engagement|women in the street|onset of (a )?nonviolent|mass uprisings"
    r"|deployment of the army",
    "refusal": r"refus|repress(?!ion$)|halted|not shoot|virtuous shirking|conduct of the army"
    r"|^shirking( |:).*(campaign|regime)",
    "surrender": r"surrender|gave themselves up|leaflets|prisoners well",
    "shirking": r"shirk|without a fight|bravery",
    "civilians": r"civilian|power grid|abuse of prisoners",
    "service": r"called up|mobilised|drafted|prisoners among|professional army|entry force|death rate|confirmed deaths",
}
"""Outcome -> what an estimand on it says; the first that fits is taken."""
WORDS = {
    "mutiny": "mutiny", "coup": "coup", "desertion": "desertion", "defection": "defection", "surrender": "surrender",
    "refusal": "refusal to use force", "shirking": "shirking", "war": "course of the war",
    "wounds": "wounded per killed", "civilians": "harm to civilians", "home": "protest and politics at home",
    "service": "who serves and dies", "other": "another outcome",
}  # fmt: skip
NAMED: dict[str, tuple[str, ...]] = {
    "C1": ("mutiny", "desertion", "defection"), "C2": ("service", "desertion", "mutiny"),
    "C3": ("refusal", "defection"), "C4": ("mutiny", "defection", "coup"), "C5": ("coup", "mutiny", "defection"),
    "C6": ("mutiny",), "C7": ("shirking", "desertion", "mutiny"), "C8": ("defection", "surrender"), "C9": ("war",),
    "C10": ("war",), "C11": ("civilians",), "C12": ("shirking", "mutiny"), "C13": ("home",), "C14": ("wounds",),
    "C15": ("mutiny",), "C16": ("war", "civilians"),
}  # fmt: skip
"""Claim -> the outcomes that its sentence and the pattern it must show are about; the controls name none."""
DESIGNS: dict[str, str] = {
    "experiment": "random assignment",
    "within": "within one army or country",
    "across": "across states, wars or campaigns",
    "cases": "cases, counts and reports",
}
_EXPERIMENTS = frozenset({"grewal2023"})
_WITHIN = frozenset(
    "albrechtKoehler2018 bessudnov2023 karolMiguel2007 krinerShen2009 krinerShenSenate lyallZhukov2025 mclauchlin2014"
    " mclauchlin2015 nussioUgarriza2021 rozenas2024".split()
)
_CASES = re.compile(
    r"^(description of|press|count|programme|compilation|survey by|verified|statement|dates|model of|official"
    r"|comparative case studies|description:)"
)
VOTES = {"supports": "for", "contradicts": "against", "null": "no effect", "mixed": "mixed"}
"""Findings that are votes, with their words; a base rate or a description is none."""


def outcome_of(estimand: str) -> str:
    """The outcome that an estimand is about, a key of `WORDS`.

    >>> outcome_of("coup attempts in the year, per purge"), outcome_of("share of men absent from the post")
    ('coup', 'desertion')
    """
    return next((k for k, pattern in OUTCOMES.items() if re.search(pattern, estimand, re.IGNORECASE)), "other")


def design_of(study: str, design: str) -> str:
    """The kind of a study's design, a key of `DESIGNS`."""
    if study in _EXPERIMENTS:
        return "experiment"
    if study in _WITHIN:
        return "within"
    return "cases" if _CASES.match(design) else "across"


def vote(findings: Iterable[str]) -> str | None:
    """The one vote of a study in a cell: what its estimates agree on, else mixed; None if it only describes.

    >>> vote(["supports", "supports", "context"]), vote(["supports", "null"]), vote(["context"])
    ('supports', 'mixed', None)
    """
    voted = {f for f in findings if f in VOTES}
    return (next(iter(voted)) if len(voted) == 1 else "mixed") if voted else None


@dataclass(frozen=True)
class Matrix:
    """The evidence on one claim.

    `cells`: (outcome, design) -> finding -> number of studies. `described`: cells where studies only describe.
    `missing`: outcomes that the claim names and on which no study votes.
    """

    claim: str
    outcomes: tuple[str, ...]
    designs: tuple[str, ...]
    cells: Mapping[tuple[str, str], Mapping[str, int]]
    described: frozenset[tuple[str, str]]
    missing: tuple[str, ...]

    def words(self, outcome: str, design: str) -> str:
        """A cell in words, such as "2 for, 1 mixed"; "described" where studies give no contrast; empty if none."""
        votes = self.cells.get((outcome, design), {})
        if votes:
            return ", ".join(f"{votes[f]} {word}" for f, word in VOTES.items() if f in votes)
        return "described" if (outcome, design) in self.described else ""

    @property
    def gap(self) -> str:
        """The outcomes without direct evidence, in words; empty if there are none."""
        return f"no direct evidence on {' or '.join(WORDS[o] for o in self.missing)}" if self.missing else ""


def matrix(claim: str, rows: pl.DataFrame) -> Matrix:
    """The matrix of one claim.

    Args:
        claim: its id. rows: the register's rows on it, as `register_frame` lays them out.
    """
    found: dict[tuple[str, str, str], list[str]] = {}
    last = ("", "other")
    for row in rows.sort("study", maintain_order=True).iter_rows(named=True):
        outcome = outcome_of(row["estimand"])
        if row["estimand"].startswith("the same") and last[0] == row["study"]:
            outcome = last[1]
        last = (row["study"], outcome)
        found.setdefault((outcome, design_of(row["study"], row["design"]), row["study"]), []).append(row["finding"])
    cells: dict[tuple[str, str], Counter[str]] = {}
    for (outcome, design, _), findings in found.items():
        voted = vote(findings)
        cells.setdefault((outcome, design), Counter()).update([voted] if voted else [])
    named = NAMED.get(claim, ())
    seen = {outcome for outcome, _ in cells}
    outcomes = (*named, *(o for o in WORDS if o in seen and o not in named))
    designs = tuple(d for d in DESIGNS if any(d == design for _, design in cells))
    missing = tuple(o for o in named if not any(cells.get((o, d)) for d in DESIGNS))
    voted_cells = {k: dict(v) for k, v in cells.items() if v}
    return Matrix(claim, outcomes, designs, voted_cells, frozenset(k for k, v in cells.items() if not v), missing)


def totals(rows: pl.DataFrame) -> dict[str, int]:
    """Studies for, against and so on over all outcomes of a claim, one vote for each study."""
    votes = Counter(vote(part["finding"]) for _, part in rows.group_by("study"))
    return {finding: votes[finding] for finding in VOTES}
