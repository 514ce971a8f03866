"""What fits say of each claim of the argument, by one rule that is written down (`rule`) and is what runs (`verdict`).

A claim is stated by mechanisms; their parameters have priors, and fits to campaigns move them or do not. A claim whose
parameters stay where they were is not confirmed: the data are silent on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import NormalDist

from allegiance.base.claims import CLAIMS, claim
from allegiance.inference.fit.readings import Reading, converged, distance, overlap, readings
from allegiance.inference.fit.records import Summary, read_all
from allegiance.inference.fit.result import CONVERGED, INFORMED
from allegiance.inference.fit.strengths import STRENGTHS
from allegiance.theory.registry import MECHANISMS

NO_FIT, NO_PARAMETER, SILENT = "no fit to judge by", "no parameter of its own", "not informed"
ELSEWHERE, STANDS = "informed, but not on its effect", "informed, effect stands"
PUSHED, PARTLY, DISAGREE = "pushed towards no effect", "partly pushed towards no effect", "sets disagree"
BY_CHANCE = 0.05
"""Chance that two sets which agree are called apart anywhere in one claim-by-claim comparison of all of them."""


@dataclass(frozen=True)
class Apart:
    """Two fits of one parameter: `distance` in what chance would part them by, negative where the first is lower."""

    parameter: str
    fits: tuple[str, str]
    distance: float


@dataclass(frozen=True)
class Weighed:
    """What the fits say of a claim.

    Attributes:
        parameters: of the mechanisms that state it -> other claims that they state too. strengths: those that scale
            its effect -> 1 (more is more of it) or -1. readings: every parameter in every fit that counts. apart: fits
            compared in the parameters of which the data say something. limit: distance at which they disagree.
    """

    claim: str
    parameters: Mapping[str, tuple[str, ...]]
    strengths: Mapping[str, int]
    readings: tuple[Reading, ...]
    apart: tuple[Apart, ...]
    limit: float
    verdict: str

    def told(self) -> list[Reading]:
        """Of which parameters the data say something, the strongest for the claim first."""
        return sorted((r for r in self.readings if r.told), key=lambda r: (r.parameter not in self.strengths, r.spread))


def rule() -> tuple[str, ...]:
    """The rule of `verdict`, in words."""
    return (
        f"The data **say something** of a parameter if its posterior standard deviation is {INFORMED:g} of the prior's"
        " or less, or if its shift is clear of 0: the prior's middle lies outside the posterior's 90 % interval.",
        "A few parameters **scale the effect** that the claim's sentence names, so that none of it is left at one end;"
        " they are listed by hand and told below. Others say how a mechanism runs, and may serve several claims.",
        f"*{SILENT}*: in no fit do the data say anything of any parameter of the claim's mechanisms.",
        f"*{ELSEWHERE}*: they do, but of none that scales its effect; this speaks neither for nor against the claim.",
        f"*{STANDS}*: of one that scales its effect, and none of these is clear of 0 towards no effect.",
        f"*{PUSHED}*: of one or more that scale its effect, all of them clear of 0 towards no effect; *{PARTLY}*: some"
        " of them. Nearly all priors stop at no effect, so data can take an effect away and cannot turn it round.",
        f"*{DISAGREE}*: two fits differ in a parameter of which either says something by more than chance would part"
        " any of the pairs compared here, all claims together, once in"
        f" {1 / BY_CHANCE:g} times. Asked of the parameters that scale the effect; of all where there are none. It goes"
        " before every other verdict.",
        f"A fit whose walk has not converged (R-hat above {CONVERGED:g}) is listed and does not count.",
    )


def claims_and_data(record: str | Path | Sequence[str | Path] = "docs/fit.json") -> list[Weighed]:
    """What fits to campaigns say of every claim: prior against posterior, by set, and a verdict by a fixed rule.

    Args:
        record: a record of fits (`allegiance fit --record`), a folder that `allegiance fit` wrote, or several of them.

    Raises:
        AllegianceError: there is none, or it is something else.
    """
    return weigh(read_all([record] if isinstance(record, str | Path) else record))


def weigh(fits: Mapping[str, Summary]) -> list[Weighed]:
    """Every claim in the order of the catalogue, by the fits that count."""
    used = {name: s for name, s in fits.items() if converged(s)}
    read = {name: readings(name, s) for name, s in used.items()}
    pairs = {(a, b): overlap(used[a], used[b]) for a, b in combinations(used, 2)}
    found = {c.id: _compared(parameters_of(c.id), read, pairs) for c in CLAIMS}
    many = len({(a.parameter, a.fits) for rows in found.values() for a in rows})
    limit = NormalDist().inv_cdf(1 - BY_CHANCE / (2 * max(many, 1)))
    return [_weighed(c.id, read, found[c.id], limit) for c in CLAIMS]


def parameters_of(about: str) -> dict[str, tuple[str, ...]]:
    """Free parameters of the mechanisms that state a claim -> the other claims that these state.

    Raises:
        AllegianceError: no such claim.
    """
    known = claim(about).id
    return {
        f"{m.id}_{p.name}": tuple(c for c in m.claims if c != known)
        for m in MECHANISMS if known in m.claims for p in m.parameters if not p.solved
    }  # fmt: skip


def _compared(
    parameters: Mapping[str, object], read: Mapping[str, Mapping[str, Reading]], pairs: Mapping[tuple[str, str], str]
) -> list[Apart]:
    rows = []
    for (a, b), lie in pairs.items():
        for name in parameters:
            one, other = read[a].get(name), read[b].get(name)
            if one and other and (one.told or other.told) and (gap := distance(one, other, lie)) is not None:
                rows.append(Apart(name, (a, b), gap))
    return rows


def _weighed(about: str, read: Mapping[str, Mapping[str, Reading]], apart: list[Apart], limit: float) -> Weighed:
    parameters, strengths = parameters_of(about), STRENGTHS.get(about, {})
    own = tuple(of[name] for name in parameters for of in read.values() if name in of)
    said = NO_FIT if not read else verdict(own, strengths, apart, limit)
    return Weighed(about, parameters, strengths, own, tuple(apart), limit, said if parameters else NO_PARAMETER)


def verdict(own: Sequence[Reading], strengths: Mapping[str, int], apart: Sequence[Apart], limit: float) -> str:
    """What the fits say of a claim: see `rule`.

    Args:
        own: its parameters in the fits. strengths: those that scale its effect. apart, limit: see `Weighed`.
    """
    if any(abs(a.distance) > limit for a in apart if not strengths or a.parameter in strengths):
        return DISAGREE
    if not any(r.told for r in own):
        return SILENT
    telling = [r for r in own if r.told and r.parameter in strengths]
    if not telling:
        return ELSEWHERE
    away = [r for r in telling if r.away(strengths[r.parameter])]
    return STANDS if not away else PUSHED if len(away) == len(telling) else PARTLY
