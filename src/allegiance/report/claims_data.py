"""What fits say of the claims: rows for the screen, and docs/claims-and-data.md from the record of the fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from allegiance.base.claims import Claim, claim
from allegiance.base.markdown import table, write_told
from allegiance.inference.fit.claims import NO_FIT, NO_PARAMETER, Weighed, rule, weigh
from allegiance.inference.fit.readings import Reading, converged
from allegiance.inference.fit.records import Summary
from allegiance.report.fit_docs import NONE, check_told, figures
from allegiance.theory.registry import PARAMETERS
from allegiance.theory.stamp import theory_hash

PAGE = "claims-and-data.md"
Rows = tuple[list[str], list[list[str]]]
OTHERS = 12
"""Parameters told of at most, in a claim's table, besides those that scale its effect: the most informed ones."""


def fit_rows(fits: Mapping[str, Summary]) -> Rows:
    """One row a fit: what it is made of, and whether it can be trusted."""
    head = ["fit", "campaigns", "worlds", "informed", "R-hat", "90 % intervals hold the truth", "formulas", "counts"]
    rows = []
    for name, s in fits.items():
        card, many = s["card"], sum(r["informed"] for r in s["parameters"])
        held = next(r["covered_90"] for r in s["coverage"] if r["quantity"] == "all")
        rows.append([
            name, made_of(card), str(card["worlds_played"]), f"{many} of {len(s['parameters'])}",
            f"{card['r_hat']:.3f}", f"{held:.0%}",
            "today's" if s["theory_sha256"] == theory_hash() else "others than today's",
            "yes" if converged(s) else "no",
        ])  # fmt: skip
    return head, rows


def made_of(card: Mapping[str, Any]) -> str:
    """How many campaigns a fit was made of; or state-years, which it says."""
    if "state_years_fitted_to" in card:
        return f"{card['state_years_fitted_to']} state-years"
    return str(card["campaigns_fitted_to"])


def overview_rows(weighed: Sequence[Weighed], named: Callable[[Claim], str] = "{0.id} {0.name}".format) -> Rows:
    """One row a claim: verdict, how many parameters the data say something of, in which fits, the foremost of them.

    Args:
        named: how a claim is called.
    """
    head = ["claim", "verdict", "said of those scaling it", "said of all its parameters", "in fits",
            "foremost: shift, spread", "silent without"]  # fmt: skip
    rows = []
    for w in weighed:
        told = w.told()
        names = {r.parameter for r in told}
        of = [
            f"{len(names & set(some))} of {len(some)}" if some and w.readings else ""
            for some in (w.strengths, w.parameters)
        ]
        first = f"{told[0].parameter} ({told[0].fit}): {told[0].shift:+.2f}, {told[0].spread:.2f}" if told else ""
        lost = _decades(told[0].lost()) if told else ""
        fits = ", ".join(sorted({r.fit for r in told}))
        rows.append([named(claim(w.claim)), w.verdict, *of, fits, first, lost])
    return head, rows


def in_short(weighed: Sequence[Weighed]) -> list[str]:
    """The claims by verdict, controls left out."""
    by: dict[str, list[str]] = {}
    for w in weighed:
        if w.verdict != NO_PARAMETER:
            by.setdefault(w.verdict, []).append(w.claim)
    return [f"{verdict}: {', '.join(names)}" for verdict, names in by.items()]


def claim_rows(weighed: Weighed) -> Rows:
    """One row for each parameter of a claim and fit: those that scale its effect, then those the data speak of."""
    head = ["parameter", "fit", "prior (90 %)", "posterior (90 %)", "shift", "spread", "response", "emulator", "data",
            "without one decade"]  # fmt: skip
    scaling = [r for r in weighed.readings if r.parameter in weighed.strengths]
    others = [r for r in weighed.told() if r.parameter not in weighed.strengths][:OTHERS]
    return head, [_row(r, weighed) for r in (*scaling, *others)]


def _row(r: Reading, weighed: Weighed) -> list[str]:
    left = [m for m, _ in r.without.values()]
    spreads = [s for _, s in r.without.values()]
    moved = f"{min(left):+.2f} to {max(left):+.2f}, spread up to {max(spreads):.2f}" if left else ""
    lost = f"; silent without {_decades(r.lost())}" if r.lost() else ""
    return [
        r.parameter, r.fit, _prior(r.parameter), f"{r.median:.3g} ({r.low:.3g} to {r.high:.3g})", f"{r.shift:+.2f}",
        f"{r.spread:.2f}", f"{r.response:+.3f}", f"{r.emulator:.2f}", _said(r, weighed), moved + lost,
    ]  # fmt: skip


def _prior(name: str) -> str:
    p = PARAMETERS[name]
    return f"{p.value:.3g} ({p.low:.3g} to {p.high:.3g})"


def _said(r: Reading, weighed: Weighed) -> str:
    """What the data say of a parameter, and what it is to the claim."""
    way = weighed.strengths.get(r.parameter)
    words = ["informed"] if r.informed else []
    if r.clear:
        words.append("clear of 0" if way is None else f"pushed towards {'no' if r.away(way) else 'more'} effect")
    if way is not None:
        words.append("scales the effect")
    elif shared := weighed.parameters[r.parameter]:
        words.append(f"also of {', '.join(shared)}")
    return "; ".join(words if r.told else ["says nothing", *words])


def _decades(years: Sequence[int]) -> str:
    return ", ".join(f"the {year}s" for year in years)


def agreement(weighed: Weighed) -> list[str]:
    """How far the fits are from each other in what any of them tells, the farthest first."""
    told = []
    for a in sorted(weighed.apart, key=lambda a: -abs(a.distance))[:3]:
        side, far = "above" if a.distance > 0 else "below", abs(a.distance)
        found = "apart" if far > weighed.limit else "not told apart"
        told.append(
            f"{a.parameter}: {a.fits[0]} {side} {a.fits[1]} by {far:.1f} times what chance parts them by ({found}; the"
            f" limit is {weighed.limit:.1f})."
        )
    return told


def anchor(about: Claim) -> str:
    """The anchor of a claim's section on the page.

    >>> anchor(claim("C5")), anchor(claim("N1"))
    ('c5-coup-proofing', 'n1-control-a-content-army')
    """
    return f"{about.id} {about.name}".lower().replace(":", "").replace(" ", "-")


def lines(fits: Mapping[str, Summary]) -> str:
    """The record's part of the page, in Markdown."""
    weighed = weigh(fits)
    parts = ["## The rule", "\n".join(f"- {text}" for text in rule()), "## The fits"]
    parts += [table(*fit_rows(fits)), *_notes(fits)] if fits else [NONE]
    rows = overview_rows(weighed, lambda c: f"[{c.id} {c.name}](#{anchor(c)})")
    parts += ["## All claims", "\n".join(f"- {text}" for text in in_short(weighed)), table(*rows)]
    for w in weighed:
        parts += _section(w)
    return "\n\n".join(parts)


def _notes(fits: Mapping[str, Summary]) -> list[str]:
    """What each fit says of itself last: whether it predicts where it was not fitted, and what is wrong with it."""
    told = [f"- **{name}** ({s['title']}): {' '.join((s['said'][-1], *s['notes']))}" for name, s in fits.items()]
    return ["\n".join(told)]


def _section(w: Weighed) -> list[str]:
    about = claim(w.claim)
    parts = [f"## {about.id} {about.name}", f"{about.sentence} ([its experiment](claims/{about.id}.md))"]
    if w.verdict == NO_PARAMETER:
        return [*parts, "A control: no mechanism states it, so there is nothing to fit."]
    scaling = [f"`{n}` {_prior(n)}{'' if way > 0 else ' (less of it is more)'}" for n, way in w.strengths.items()]
    parts.append(
        f"Scaling its effect, with prior: {', '.join(scaling)}." if scaling else
        "No one parameter scales its effect: the data can inform it, and speak neither for it nor against it."
    )  # fmt: skip
    if w.verdict == NO_FIT:
        return parts
    parts.append(f"**{w.verdict.capitalize()}.**")
    head, rows = claim_rows(w)
    silent = len(w.parameters) - len({row[0] for row in rows})
    parts += [table(head, rows)] if rows else []
    parts.append(f"Of {silent} more of {len(w.parameters)} parameters of its mechanisms {_silence(w, rows)}.")
    parts += ["\n".join(f"- {text}" for text in agreement(w))] if w.apart else []
    return parts


def _silence(w: Weighed, rows: Sequence[Sequence[str]]) -> str:
    shown = {row[0] for row in rows}
    more = {r.parameter for r in w.told()} - shown
    return f"the data say something of {len(more)}" if more else "the data say nothing"


def write_claims_data(docs: Path) -> Path | None:
    """Write what the fits on record say between the marks of docs/claims-and-data.md; None where there is no page.

    Raises:
        AllegianceError: the page lacks its marks, the record is none, or the page cannot be written.
    """
    return write_told(figures(docs, PAGE, lines))


def check_claims_data(docs: Path) -> None:
    """Raises AllegianceError if docs/claims-and-data.md tells other figures than the record."""
    check_told(figures(docs, PAGE, lines))
