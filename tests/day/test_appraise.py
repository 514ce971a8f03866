"""Appraisal: what each company remembers, expects, resents and feels pressed to, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from allegiance.day import appraise
from allegiance.theory.model import Theory
from allegiance.world.world import World
from day import small
from day.small import close, p

SIDE, FORCE, BRIGADE = ([f(c) for c in range(20)] for f in (
    lambda c: 2 * (c // 10) + (c % 10 > 5), lambda c: (0, 0, 1, 2, 2, 3, 3, 4, 5, 5)[c // 2], lambda c: c // 2,
))  # fmt: skip


def ready(**options: object) -> World:
    """Two contests in which every column that appraisal reads has its own value in every row."""
    world = small.world(**options)  # type: ignore[arg-type]
    company, brigade, force, side = world.company, world.brigade, world.force, world.side
    for n, (table, column) in enumerate(
        [(company, c) for c in ("supply", "package", "faced", "belief", "grievance", "losses")]
        + [(brigade, c) for c in ("skill", "belief")] + [(force, c) for c in ("belief", "seen")]
        + [(side, c) for c in ("win_belief", "offer", "signal", "nonviolent")]
    ):  # fmt: skip
        small.fill(getattr(table, column), 0.11 + 0.017 * n, 0.5 / len(table))
    small.fill(force.reference, 1.0, 0.3)
    small.fill(company.worn, 5.0, 6.0)
    company.contact[:] = [1, 0, 1, 1, 0, 1, 1, 0, 0, 1] * 2
    company.killed_today[:], company.wounded_today[:] = np.arange(20) % 3, np.arange(20) % 4
    company.present[:] = 20 - company.killed_today - company.wounded_today
    side.win_belief[:] = [0.1, 0.2, 0.05, 0.6]
    world.contest.recent_gain[:] = [0.03, -0.05]
    for name in ("monitoring", "punishment", "counterbalancing", "stacking", "purges"):
        world.side.given[name] = 0.2 + 0.15 * np.arange(4) + 0.01 * len(name)
    world.force.given["dissolution"] = 0.1 * np.arange(6)
    return world


def test_losses_fade_in_thirty_days_and_weariness_in_a_hundred_and_twenty_of_rest() -> None:
    world = ready()
    losses, worn = world.company.losses.copy(), world.company.worn.copy()
    appraise.step(world)
    for c in range(20):
        lost = c % 3 + c % 4
        share = lost / 20.0
        close(world.company.losses[c], losses[c] * (1.0 - 1.0 / 30.0) + share)
        if world.company.contact[c]:
            close(world.company.worn[c], worn[c] * (1.0 - share) + 1.0)
        else:
            close(world.company.worn[c], worn[c] * (1.0 - 1.0 / 120.0))


def test_what_men_expect_is_seen_near_and_far_and_heard_and_shown_by_the_front() -> None:
    world = ready()
    appraise.step(world)
    for c in range(20):
        k, s, f, b = c // 10, SIDE[c], FORCE[c], BRIGADE[c]
        own = p(world, "contagion", "company", k)
        seen = own * world.company.belief[c] + (1.0 - own) * (
            0.6 * world.brigade.belief[b] + 0.4 * world.force.belief[f]
        )
        doubt = max(0.0, 1.0 - 4.0 * (0.1, 0.2, 0.05, 0.6)[s])
        lost = max(0.0, (-0.03, 0.03, 0.05, -0.05)[s])  # the attacker loses where the other gains
        plain = min(1.0, lost / p(world, "contagion", "plain", k))
        close(world.side.defeat[s], plain)
        heard = plain * p(world, "contagion", "lost", k) * doubt**2 + p(world, "contagion", "rout", k) * lost
        close(world.company.expected[c], seen + heard)


def test_grievance_adds_want_leadership_losses_weariness_punishment_favour_and_hopelessness() -> None:
    world = ready()
    appraise.step(world)
    company, side, force = world.company, world.side, world.force
    for c in range(20):
        k, s, f, b = c // 10, SIDE[c], FORCE[c], BRIGADE[c]
        q = {name: p(world, *name.split("."), k) for name in (
            "deprivation.supply", "deprivation.leadership", "deprivation.losses", "deprivation.losses_half",
            "deprivation.weariness", "deprivation.weary_days", "hidden_effort.aggrieve", "coup_proofing.resentment",
            "relative_deprivation.weight", "relative_deprivation.privilege", "contagion.hopeless", "linkage.grievance",
        )}  # fmt: skip
        gap = math.log(force.reference[f] / company.package[c])
        favour = 0.4 * side.counterbalancing[s] + 0.4 * side.stacking[s] + 0.2 * side.purges[s]
        expected = (
            q["deprivation.supply"] * (1.0 - company.supply[c])
            + q["deprivation.leadership"] * (1.0 - world.brigade.skill[b])
            + q["deprivation.losses"] * company.losses[c] / (company.losses[c] + q["deprivation.losses_half"])
            + q["deprivation.weariness"] * company.worn[c] / (company.worn[c] + q["deprivation.weary_days"])
            + q["hidden_effort.aggrieve"] * side.punishment[s]
            + q["coup_proofing.resentment"] * favour * (f % 3 != 1)  # guards are those who are favoured
            + q["relative_deprivation.weight"] * force.seen[f] * max(0.0, gap)
            + q["relative_deprivation.privilege"] * 0.1 * f
            + q["contagion.hopeless"] * side.defeat[s] * max(0.0, 1.0 - 2.0 * side.win_belief[s])
        )
        close(company.appraisal[c], expected)
        close(company.appraisal_per_tie[c], q["linkage.grievance"] * company.faced[c])


# how far each pressure acts on shirking, refusal, desertion, defection and mutiny, as the theory's texts say
ROUTES = {
    "fear": (0.5, 0.8, 1.0, 0.3, 0.2), "deterrence": (0.0, 1.0, 1.0, 0.7, 1.0), "displacement": (1.0, 0, 0, 0, 0),
    "collapse": (0.5, 0.4, 1.0, 1.0, 0.0), "protest": (0.2, 0.6, 0.4, 0.6, 1.0), "offer": (0, 0, 0, 1.0, 0),
    "linkage": (0.3, 1.0, 0.5, 1.0, 0.8), "no order": (0, 1.0, 0, 0, 0), "no contact": (0, 0, 0, 1.0, 0),
    "neighbours": (0, 0.5, 0.2, 0, 1.0), "news": (0, 0.5, 0, 0, 1.0), "temper": (0, 0.5, 0.5, 0, 1.0),
    "promise": (0.3, 0.7, 0.2, 0, 1.0), "refuge": (0, 0, 1.0, 0.5, 0), "company": (0, 0, 1.0, 0, 0),
    "complicity": (1.0, 0, 0, 0, 0), "lead": (0, 0.5, 0, 0, 1.0),
    "watching": (0, 0, 1.0, 1.0, 0),
}  # fmt: skip


def test_log_odds_add_every_pressure_along_its_routes() -> None:
    world = ready()
    small.fill(world.brigade.mutiny, 0.05, 0.05)
    small.fill(world.force.risen, 0.02, 0.03)
    small.fill(world.side.promise, 0.1, 0.2)
    small.fill(world.company.leaders, 0.95, -0.03)
    small.fill(world.side.watch, 0.4, 0.15)
    assert world.force.regular.tolist() == [1, 0, 1, 1, 0, 1]
    appraise.step(world)
    company, side = world.company, world.side
    for c in range(20):
        k, s, f, b = c // 10, SIDE[c], FORCE[c], BRIGADE[c]
        watched = side.monitoring[s] * side.punishment[s]
        cube, half = company.expected[c] ** 3, p(world, "contagion", "half", k)
        g, contact = company.grievance[c], company.contact[c]
        nonviolent = p(world, "protest", "nonviolent", k)
        offered = p(world, "inducement", "weight", k) * side.offer[s] * contact
        short = 1.0 - company.leaders[c] / p(world, "junior_leaders", "ordinary", k)
        values = {
            "fear": p(world, "deprivation", "fear", k) * company.losses[c]
            / (company.losses[c] + p(world, "deprivation", "losses_half", k)),
            "deterrence": -p(world, "hidden_effort", "deterrence", k) * watched,
            "displacement": p(world, "hidden_effort", "displacement", k) * watched * g / (1.0 + g),
            "collapse": p(world, "contagion", "weight", k) * cube / (cube + half**3),
            "protest": p(world, "protest", "troops", k) * side.signal[s] * (1.0 + nonviolent * side.nonviolent[s])
            / (1.0 + nonviolent),
            "offer": offered,
            "no order": math.log(contact + (1.0 - contact) * 0.25),
            "no contact": math.log(contact + (1.0 - contact) * 0.1),
            "neighbours": p(world, "cascade", "neighbours", k) * math.sqrt(world.brigade.mutiny[b]),
            "news": p(world, "cascade", "news", k) * math.sqrt(world.force.risen[f]),
            "temper": p(world, "cascade", "temper", k) * company.temper[c],
            "promise": p(world, "learning", "promise", k) * side.promise[s],
            "company": p(world, "conscription", "company", k) * company.unwilling[c],
            "watching": -p(world, "watching", "weight", k) * side.counterbalancing[s] * side.watch[s]
                * world.force.regular[f],
            "refuge": math.log(0.02 + 0.98 * world.force.way_out[f]),
            "complicity": p(world, "junior_leaders", "watch", k) * short,
            "lead": p(world, "junior_leaders", "rally", k) * short * ((1.0 - watched) if short > 0 else 1.0),
        }  # fmt: skip
        tied = {
            "offer": offered * p(world, "inducement", "linked", k),
            "linkage": p(world, "linkage", "refusal", k) * company.faced[c],
        }
        for form, base in enumerate(("base_shirk", "base_refuse", "base_desert", "base_defect", "base_mutiny")):
            total = p(world, "choice", base, k) + sum(ROUTES[name][form] * value for name, value in values.items())
            close(world.log_odds[form, c], total)
            close(world.log_odds_per_tie[form, c], sum(ROUTES[name][form] * value for name, value in tied.items()))


@pytest.mark.parametrize("off", [
    "deprivation", "contagion", "hidden_effort", "protest", "inducement", "linkage", "watching", "junior_leaders",
])  # fmt: skip
def test_what_is_switched_off_adds_nothing(off: str) -> None:
    """Left out is the same as weightless; intercepts are held, as they are solved from all that acts."""
    weights = {
        "deprivation": ("supply", "leadership", "losses", "weariness", "fear"), "protest": ("troops",),
        "contagion": ("weight", "hopeless"), "hidden_effort": ("deterrence", "displacement", "aggrieve"),
        "inducement": ("weight",), "linkage": ("refusal", "grievance"), "watching": ("weight",),
        "junior_leaders": ("watch", "rally"),
    }[off]  # fmt: skip
    bases = {f"choice_base_{form}": -9.0 for form in ("shirk", "refuse", "desert", "defect", "mutiny")}
    without = ready(theory=Theory(off=(off,)), fixed=bases)
    zero = ready(fixed=bases | {f"{off}_{w}": 0.0 for w in weights})
    for world in (without, zero):
        appraise.step(world)
    for column in ("log_odds", "log_odds_per_tie"):
        close(getattr(without, column), getattr(zero, column))
    close(without.company.appraisal, zero.company.appraisal)
    full = ready(fixed=bases)
    appraise.step(full)
    assert not np.allclose(full.log_odds + full.log_odds_per_tie, zero.log_odds + zero.log_odds_per_tie)


def test_a_rival_takes_the_place_of_our_form() -> None:
    world = ready(theory=Theory().with_(relative_deprivation="gurr1970"))
    ours = ready()
    for made in (world, ours):
        appraise.step(made)
    for c in range(20):
        k, f = c // 10, FORCE[c]
        weight, seen = p(world, "relative_deprivation", "weight", k), world.force.seen[f]
        own, other = world.company.package[c], world.force.reference[f]
        linear, logarithm = max(0.0, (other - own) / other), max(0.0, math.log(other / own))
        close(world.company.appraisal[c] - ours.company.appraisal[c], weight * seen * (linear - logarithm))


def test_a_war_begins_with_part_of_chronic_grievance() -> None:
    world = ready()
    world.company.present[4] = 0.0
    appraise.begin(world)
    for c in range(20):
        start = 0.0 if c == 4 else p(world, "deprivation", "before", c // 10) * world.company.appraisal[c]
        close(world.company.grievance[c], start)
        assert np.allclose(world.soldiers.grievance[20 * c : 20 * c + 20], start, rtol=1e-6)


def test_hope_and_rumour_of_the_war_need_an_enemy() -> None:
    world = small.world((0,), kind="repression")
    world.side.win_belief[:] = 0.0
    world.company.belief[:], world.brigade.belief[:], world.force.belief[:] = 0.2, 0.2, 0.2
    appraise.step(world)
    close(world.company.expected, np.full(6, 0.2))
    sure = small.world((0,), kind="repression")
    sure.side.win_belief[:] = 1.0
    appraise.step(sure)
    close(sure.company.appraisal, world.company.appraisal)


def test_two_contests_side_by_side_are_as_each_alone() -> None:
    small.beside_as_alone(appraise.step)


def test_a_company_looks_at_how_many_of_its_men_are_compelled_beside_the_rest_of_its_force() -> None:
    """Two companies of one force by hand: 30 of 40 men compelled in one, 10 of 60 in the other, 40 of 100 in both."""
    world = ready()
    world.categories[:] = 0.0
    first, second = np.flatnonzero(world.company.force == 0)[:2]
    world.categories[0, first], world.categories[0, second] = 40.0, 60.0
    world.company.compelled[:] = 0.0
    world.company.compelled[first], world.company.compelled[second] = 0.75, 1.0 / 6.0
    appraise.step(world)
    close(world.company.unwilling[first], 0.75 - 0.4)
    close(world.company.unwilling[second], 10.0 / 60.0 - 0.4)
    assert not world.company.unwilling[world.company.force != 0].any()
