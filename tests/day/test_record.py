"""The day's events of individuals, and orders given and not carried out, by hand."""

from __future__ import annotations

from allegiance.day import record
from allegiance.theory.forms import DEFECT, DESERT, REFUSE, RISE, SHIRK
from allegiance.world.quantities import BY_NAME, NAMES
from allegiance.world.world import World
from day import small
from day.small import close


def ready() -> World:
    world = small.world()
    world.force.weight[:], world.force.brigade_weight[:] = (
        [3.0, 1.0, 2.0, 4.0, 1.5, 2.5],
        [2.0, 1.0, 5.0, 3.0, 1.0, 4.0],
    )
    world.acts_today[:] = 0.0
    world.acts_today[1, DESERT], world.acts_today[3, SHIRK], world.acts_today[7, REFUSE] = 4.0, 2.0, 3.0
    world.acts_today[9, DEFECT], world.acts_today[5, RISE] = 1.0, 15.0
    small.fill(world.company.grievance, 0.4, 0.07)
    return world


def test_acts_are_events_by_brigade_at_the_strength_of_the_real_force() -> None:
    world = ready()
    record.step(world)
    for kind, b, men in (("desertion", 1, 12.0), ("shirking", 3, 4.0), ("refusal", 7, 4.5), ("defection", 9, 2.5)):
        event = small.events(world, kind)
        assert len(event) == 1
        f = small.FORCE_OF_BRIGADE[b]
        assert tuple(event[0][["contest", "side", "force", "brigade", "company", "size"]].tolist()) == (
            b // 5, small.SIDE_OF_BRIGADE[b], f, b, -1, 1.0
        )  # fmt: skip
        close(event[0]["weight"], men)
        close(event[0]["grievance"], 0.4 + 0.07 * (2 * b + 0.5))
    assert len(world.events.table()) == 4, "mutinies are events of companies"


def test_the_days_table_counts_the_same_acts_and_begins_anew() -> None:
    world = ready()
    record.step(world)
    rows = record.rows_of_day(world)
    new = {
        name: rows[NAMES.index(name)].tolist()
        for name in ("new_desertion", "new_defection", "new_refusal", "new_shirking")
    }
    assert new["new_desertion"] == [12.0, 0, 0, 0, 0, 0]
    assert new["new_shirking"] == [0, 0, 4.0, 0, 0, 0]
    assert new["new_refusal"] == [0, 0, 0, 0, 1.5 * 3.0, 0]
    assert new["new_defection"] == [0, 0, 0, 0, 0, 2.5]
    assert (world.acts_today == 0.0).all()
    assert record.rows_of_day(world)[NAMES.index("new_desertion")].sum() == 0.0


def test_quantities_of_a_side_stand_in_the_row_of_each_of_its_forces() -> None:
    world = ready()
    world.side.civilians_killed[:], world.side.rung[:] = [10.0, 20.0, 30.0, 40.0], [1, 2, 3, 4]
    world.contest.area[:] = [111.0, 222.0]
    record.step(world)
    rows = record.rows_of_day(world)
    assert rows[NAMES.index("civilians_killed")].tolist() == [10, 10, 20, 30, 30, 40]
    assert rows[NAMES.index("escalation")].tolist() == [1, 1, 2, 3, 3, 4]
    assert rows[NAMES.index("area")].tolist() == [111] * 3 + [222] * 3
    assert rows.shape == (len(BY_NAME), 6)


def test_orders_given_and_not_carried_out() -> None:
    world = ready()
    world.company.present[0:2] = 0.0  # nobody is left in brigade 0
    world.brigade.on_duty[:] = [1, 1, 0, 0, 1, 0, 1, 1, 1, 0]
    world.brigade.halted[:] = [3, 0, 2, 0, 1, 0, 0, 4, 0, 0]
    record.step(world)
    # halted: 2 of the guard, 4 of the weaker army; and 7 of the second guard. With orders: those on duty or halted
    close(world.force.halted, [0.0, 1.0, 5.0, 0.0, 1.0, 0.0])
    close(world.force.ordered, [2.0, 1.0, 5.0, 3.0, 1.0, 4.0])


def test_two_contests_side_by_side_are_as_each_alone() -> None:
    small.beside_as_alone(record.step)
