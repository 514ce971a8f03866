"""Tries the claims on a case: plays each experiment, estimates its effects, gives a verdict by the protocol's rule."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from allegiance.base.claims import CLAIMS, claim
from allegiance.base.errors import AllegianceError
from allegiance.base.notebook import Brief
from allegiance.base.parts import Parts
from allegiance.cases.schema import Case
from allegiance.experiments.contrast import Plan, Taken, default_scale, lacking, mutated, play_arms
from allegiance.experiments.effects import Estimate, estimate, interval
from allegiance.experiments.protocol import Experiment, bind, protocol
from allegiance.experiments.verdict import Answer, Verdict, adjusted, answer, members_needed, verdict
from allegiance.runs.ensemble import Progress


@dataclass(frozen=True)
class ClaimResult:
    """One claim tried: its effects, their answers, the verdict and why, and the points of its curve if it has one."""

    id: str
    experiment: Experiment
    verdict: Verdict
    why: str
    estimates: dict[str, Estimate]
    answers: dict[str, Answer]
    needed: dict[str, int | None]
    curve: list[dict[str, Any]]


@dataclass(frozen=True, repr=False)
class ClaimsResult(Brief):
    """All claims tried on one case.

    `frame` has one row per claim, `effects` one per effect, `curves` one per point of a picture; `mutations`, if asked
    for, what remains of each with its own mechanism disabled.
    """

    case: Case
    side: str
    members: int | None
    seed: int
    scale: float | None
    claims: tuple[ClaimResult, ...]
    mutations: pl.DataFrame | None = None

    @property
    def frame(self) -> pl.DataFrame:
        """Columns: claim, name, verdict, effect, value, low, high, scale, p, p_adjusted, members_needed, why."""
        rows = [_claim_row(c) for c in self.claims]
        tested = [float("nan") if _is_control(c) else _joint_p(c) for c in self.claims]
        for row, p, q in zip(rows, tested, adjusted(tested), strict=True):
            row |= {"p": _finite(p), "p_adjusted": _finite(q)}
        return pl.DataFrame(rows, infer_schema_length=None)

    @property
    def effects(self) -> pl.DataFrame:
        """One row per effect: claim, effect, label, role, scale, expect, target, value, low, high, answer, needed."""
        return pl.DataFrame([r for c in self.claims for r in _effect_rows(c)], infer_schema_length=None)

    @property
    def curves(self) -> pl.DataFrame:
        """One row per point of a curve: claim, line, arm, x, measure, value, low, high."""
        return pl.DataFrame([{"claim": c.id, **p} for c in self.claims for p in c.curve], infer_schema_length=None)


@dataclass(frozen=True)
class Request:
    """On what the claims are tried, and how much.

    Args:
        case: any case. members: worlds in each arm, at least 2; the protocol's own if not given. seed: key of all
        chance. side: side whose disloyalty is studied; the attacker if not given. scale: share of companies simulated.
        threads: worlds played at once; results do not depend on it.

    Raises:
        AllegianceError: unknown side, or fewer than two members.
    """

    case: Case
    members: int | None = None
    seed: int | None = None
    side: str | None = None
    scale: float | None = None
    threads: int | None = None

    def __post_init__(self) -> None:
        if self.members is not None and self.members < 2:
            raise AllegianceError(
                f"members must be at least 2, not {self.members}", "two members share a draw of parameters"
            )
        bind(self.case, self.side)

    def plan(self, name: str, mutation: bool = False) -> Plan:
        """The experiment on a claim, if asked with the claim's own mechanism disabled and half of the members."""
        shared = protocol()
        experiment = shared.claims[name]
        size = self.members or experiment.members or shared.members
        plan = Plan(
            self.case, experiment, bind(self.case, self.side), size, shared.seed if self.seed is None else self.seed,
            self.scale or default_scale(self.case, experiment, size), self.threads or len(os.sched_getaffinity(0)),
        )  # fmt: skip
        if not mutation:
            return plan
        # whether an effect is gone is a coarser question than how large it is
        return replace(mutated(plan), members=self.members or max(2 * shared.fewest_draws, size // 2))


def trial(
    ids: Iterable[str] | None,
    request: Request,
    parts: Parts | None = None,
    progress: Progress | None = None,
    mutation: bool = False,
) -> ClaimsResult:
    """Try claims on a case; where it lacks what an experiment changes, the claim is `not applicable`.

    Args:
        ids: claims (C1 to C16, N1, N2, or their names); all if not given. parts: where finished arms
        are kept, so that an interrupted run goes on. mutation: disable each claim's own mechanism in every arm.

    Raises:
        AllegianceError: unknown claim, or a number out of range.
    """
    wanted = [claim(i).id for i in ids] if ids else []
    plans = {c.id: request.plan(c.id, mutation) for c in CLAIMS if not wanted or c.id in wanted}
    absent = {name: "" if request.case.id == protocol().case else lacking(plan) for name, plan in plans.items()}
    able = {name: plan for name, plan in plans.items() if not absent[name]}
    arms = play_arms(able, parts.below("mutated" if mutation else "intact") if parts else None, progress)
    done = (
        judge(name, plan, arms[name])
        if name in able
        else ClaimResult(name, plan.experiment, "not applicable", absent[name], {}, {}, {}, [])
        for name, plan in plans.items()
    )
    some = next(iter(plans.values()))
    return ClaimsResult(
        request.case, some.meanings["side"], request.members, some.seed, request.scale, tuple(done)
    )  # fmt: skip


def judge(name: str, plan: Plan, arms: dict[str, Taken]) -> ClaimResult:
    """Estimate the effects of one experiment and give its verdict."""
    shared = protocol()
    effects = plan.experiment.effects
    estimates = {
        k: estimate(e, plan.experiment.measures, arms, shared.level, shared.resamples) for k, e in effects.items()
    }
    answers = {k: answer(e, estimates[k], shared.fewest_draws) for k, e in effects.items()}
    needed = {
        k: members_needed(e, estimates[k], shared.fewest_draws) if answers[k] == "open" else None
        for k, e in effects.items()
    }
    found = verdict(effects, answers)
    why = _why(plan.experiment, found, estimates, answers, needed)
    return ClaimResult(name, plan.experiment, found, why, estimates, answers, needed, _curve(plan, arms))


def _why(
    experiment: Experiment, found: Verdict, estimates: dict[str, Estimate], answers: dict[str, Answer],
    needed: dict[str, int | None],
) -> str:  # fmt: skip
    asked = [k for k, e in experiment.effects.items() if e.role != "context"]
    if found == "supported":
        return f"all {len(asked)} effects lie on the expected side"
    denied = [experiment.effects[k].label for k in asked if answers[k] == "denies"]
    if denied:
        return "on the other side of what was expected: " + "; ".join(denied)
    fewest = protocol().fewest_draws
    if any(estimates[k].draws < fewest for k in asked):
        most = max([2 * fewest, *(n for k in asked if (n := needed[k]))])
        return f"too few members for a verdict; about {most:,} would probably do"
    open_ones = [k for k in asked if answers[k] == "open"]
    enough = [needed[k] for k in open_ones]
    labels = "; ".join(experiment.effects[k].label for k in open_ones) + _beside_p(experiment, estimates, open_ones)
    if all(n is not None for n in enough):
        return f"open: {labels}; about {max(n or 0 for n in enough):,} members would settle it at this size of effect"
    return f"open: {labels}; more members would not settle it: no effect of that kind is in sight"


def _beside_p(experiment: Experiment, estimates: dict[str, Estimate], open_ones: list[str]) -> str:
    """Why a claim is open although its p value is small, in words; empty where the p value is not small."""
    directed = [k for k, e in experiment.effects.items() if e.role != "context" and e.expect in ("up", "down")]
    p = max((estimates[k].p for k in directed), default=float("nan"))
    if not p < 0.05 or any(k in directed for k in open_ones):
        return ""
    return f" (p = {p:.2g} is of the effects that must rise or fall, and those do; this one must stay within a bound)"


def _curve(plan: Plan, arms: dict[str, Taken]) -> list[dict[str, Any]]:
    curve = plan.experiment.curve
    if curve is None:
        return []
    points = []
    for line, positions in curve.lines.items():
        for arm, x in positions.items():
            for name in curve.measures:
                value, low, high = interval(arms[arm][name], protocol().level, protocol().resamples)
                points.append({"line": line, "arm": arm, "x": float(x), "measure": name, "value": _finite(value),
                               "low": _finite(low), "high": _finite(high)})  # fmt: skip
    return points


def _finite(x: float) -> float | None:
    return float(f"{x:.6g}") if x == x and abs(x) != float("inf") else None


def _is_control(result: ClaimResult) -> bool:
    return result.id.startswith("N") or not result.estimates


def _joint_p(result: ClaimResult) -> float:
    """The largest p value of the directed effects a claim needs: it fails if any of them does."""
    asked = [
        result.estimates[k].p
        for k, e in result.experiment.effects.items()
        if e.role != "context" and e.expect in ("up", "down")
    ]
    known = [p for p in asked if p == p]
    few = any(found.draws < protocol().fewest_draws for found in result.estimates.values())
    return max(known) if known and len(known) == len(asked) and not few else float("nan")


def _claim_row(result: ClaimResult) -> dict[str, Any]:
    row: dict[str, Any] = {"claim": result.id, "name": claim(result.id).name, "verdict": result.verdict}
    first = next(iter(result.estimates), None)
    found = result.estimates[first] if first else None
    effect = result.experiment.effects[first] if first else None
    row |= {
        "effect": effect.label if effect else "", "value": _finite(found.value) if found else None,
        "low": _finite(found.low) if found else None, "high": _finite(found.high) if found else None,
        "scale": effect.scale if effect else "", "draws": found.draws if found else 0,
        "effects_shown": sum(a == "shows" for k, a in result.answers.items() if _asked(result, k)),
        "effects_asked": sum(_asked(result, k) for k in result.answers),
        "members_needed": max((n for n in result.needed.values() if n), default=None),
        "why": result.why,
    }  # fmt: skip
    return row


def _asked(result: ClaimResult, effect: str) -> bool:
    return result.experiment.effects[effect].role != "context"


def _effect_rows(result: ClaimResult) -> list[dict[str, Any]]:
    rows = []
    for name, effect in result.experiment.effects.items():
        if name not in result.estimates:
            continue
        found = result.estimates[name]
        rows.append({
            "claim": result.id, "effect": name, "label": effect.label, "role": effect.role, "scale": effect.scale,
            "expect": effect.expect, "target": effect.target, "margin": effect.margin, "value": _finite(found.value),
            "low": _finite(found.low), "high": _finite(found.high), "p": _finite(found.p), "draws": found.draws,
            "answer": result.answers[name], "members_needed": result.needed[name],
            "arms": "; ".join(f"{k} {v:.4g}" for k, v in found.arms.items()),
        })  # fmt: skip
    return rows


def select(result: ClaimsResult, ids: Sequence[str]) -> ClaimsResult:
    """The same result with some claims only."""
    return replace(result, claims=tuple(c for c in result.claims if c.id in ids))
