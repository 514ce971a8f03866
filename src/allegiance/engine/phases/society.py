"""Society: bereavement by home region, protest, its repression, and the signal it sends to soldiers and generals."""

from __future__ import annotations

from allegiance.base.compiler import kernel
from allegiance.engine.state import Array, World
from allegiance.theory.home_front import bereavement, participation, surviving
from allegiance.theory.protest import coup_pressure, protest_signal, troop_pressure


@kernel
def _society(side: Array, region: Array, force: Array, theta: Array, wave: Array, repression: float) -> None:
    p = theta[0]
    for k in range(side.shape[0]):
        s = side[k]
        mourning, near = 0.0, 0.0
        for r in range(region.shape[0]):
            row = region[r]
            if row.side != k:
                continue
            row.pending += row.deaths
            named = row.pending / p.home_front_lag
            row.pending -= named
            row.stock = bereavement(row.stock, named, p.home_front_memory)
            row.protest = p.home_front_on * participation(
                row.stock, row.population, p.home_front_participation, p.home_front_threshold
            )
            mourning += row.protest
            near += row.protest * row.capital
            row.deaths = 0.0
        obeying, contact = 0.0, 0.0
        for j in range(force.shape[0]):
            if force[j].side == k:
                obeying += force[j].obeying
                contact += force[j].present
        willing = obeying / max(contact, 1.0)
        raw = wave[k, 0] + mourning
        left = surviving(raw, s.capacity * willing, p.home_front_repression)
        s.bereaved = mourning
        s.broken = 1.0 - left / raw if raw > 0.0 else 0.0
        s.protest = left
        s.nonviolent = (wave[k, 0] * wave[k, 1] + mourning) / raw if raw > 0.0 else 0.0
        s.capital = (wave[k, 0] * wave[k, 2] + near) / raw if raw > 0.0 else 0.0
        s.signal = protest_signal(left, p.protest_half)
        s.troop_pressure = troop_pressure(s.signal, s.nonviolent, p.protest_troops, p.protest_nonviolent)
        s.coup_pressure = coup_pressure(
            s.signal, s.nonviolent, s.capital, p.protest_coups, p.protest_nonviolent, p.protest_capital
        )
        if repression > 0.0:
            # without an enemy army, what commanders doubt is whether the streets can be held
            s.p_win = 1.0 - min(1.0, 0.8 * s.signal)


def step(world: World) -> None:
    """Carry the day's dead home and let the regions answer."""
    _society(world.side, world.region, world.force, world.theta, world.waves[world.day], world.war[6])
