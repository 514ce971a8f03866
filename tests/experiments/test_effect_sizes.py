"""Estimands of the effect sizes on frames worked out by hand; verdicts; the table of rows; the commands end to end."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from allegiance.base.errors import AllegianceError
from allegiance.cli.main import app
from allegiance.experiments.effect_sizes import estimands as e
from allegiance.experiments.effect_sizes.columns import by_losses, mass, odds_parts
from allegiance.experiments.effect_sizes.estimate import found, verdict
from allegiance.experiments.effect_sizes.play import Size, arm_run, cases_of, play, sides_of
from allegiance.experiments.effect_sizes.prior import carried, ordinary, width
from allegiance.experiments.effect_sizes.rows import Played, Row, chosen, table


def sums(**columns: list[float]) -> dict[str, np.ndarray]:
    return {name: np.array([values]) for name, values in columns.items()}


def test_rates_add_half_an_event_and_four_arms_give_a_ratio_of_ratios() -> None:
    a, b = sums(x=[19.5], t=[100.0]), sums(x=[4.5], t=[50.0])  # 0.2 and 0.1
    assert e.rates([a, b], "x", "t")[0] == pytest.approx(2.0)
    c, d = sums(x=[9.5], t=[10.0]), sums(x=[3.5], t=[10.0])  # 1.0 and 0.4
    assert e.rates([a, b, c, d], "x", "t")[0] == pytest.approx(2.0 / 2.5)


def test_a_rate_of_nothing_is_nothing() -> None:
    assert np.isnan(e.rates([sums(x=[1.0], t=[0.0]), sums(x=[1.0], t=[1.0])], "x", "t")[0])


def test_odds_of_one_unit_and_of_strata() -> None:
    one = e.odds([sums(y=[7.5], n=[10.0]), sums(y=[2.5], n=[10.0])], "y")[0]
    assert one == pytest.approx(8.0 * 8.0 / (3.0 * 3.0))
    # two wars: R = 6·8/20 + 5·9/20, S = 4·2/20 + 5·1/20
    both = e.odds([sums(y=[6.0, 5.0], n=[10.0, 10.0]), sums(y=[2.0, 1.0], n=[10.0, 10.0])], "y")[0]
    assert both == pytest.approx((48 + 45) / (8 + 5))


def test_a_stratum_where_all_go_tells_nothing() -> None:
    plain = e.odds([sums(y=[6.0, 10.0], n=[10.0, 10.0]), sums(y=[2.0, 10.0], n=[10.0, 10.0])], "y")[0]
    assert plain == pytest.approx(6 * 8 / (4 * 2))


def test_armies_of_the_compelled_against_others_across_wars() -> None:
    wars = sums(mass=[3.5, 1.5], n=[4.0, 4.0], compelled=[3.0, 1.0])  # shares .75 and .25
    assert e.across([wars], "mass")[0] == pytest.approx(4.0 * 3.0 / (1.0 * 2.0))


def test_conscripts_and_volunteers_of_one_army() -> None:
    cross = np.zeros((6, 6))
    from allegiance.theory.forms import DESERT

    cross[0, [0, DESERT + 1]] = 100, 10  # contract
    cross[1, [0, DESERT + 1]] = 100, 20  # conscript
    parts = {k: np.array([[v]]) for k, v in odds_parts(cross).items()}
    assert e.within([parts])[0] == pytest.approx((20 * 90) / (80 * 10))


def test_months_of_heavy_and_of_light_losses() -> None:
    strength, gone = np.full(65, 100.0), np.concatenate([np.full(30, 1.0), np.full(35, 3.0)])
    lost = np.concatenate([np.linspace(0, 10, 30), np.linspace(11, 50, 35)])
    parts = by_losses(strength, gone, lost)  # the second month is heavy; the last five days are no month
    assert parts == {"heavy_deserted": 90, "heavy_days": 3000, "light_deserted": 30, "light_days": 3000}
    assert e.months([{k: np.array([[v]]) for k, v in parts.items()}])[0] == pytest.approx(90.5 / 30.5)
    assert by_losses(strength[:40], gone[:40], lost[:40])["heavy_days"] == 0


def test_mass_desertion_by_day() -> None:
    assert mass(np.array([5.0, 9.0, 11.0]), 100) == {
        "mass": 1, "mass_day_1": 0, "mass_day_10": 1, "collapse": 0, "dissolved": 0,
    }  # fmt: skip
    slow = mass(np.arange(1.0, 61.0), 100)  # ten men in ten days, sixty in all
    assert (slow["mass_day_10"], slow["collapse"], slow["dissolved"]) == (1, 0, 1)
    assert mass(np.array([40.0, 40.0]), 100)["collapse"] == 1
    shares = e.share([sums(mass_day_1=[1.0, 0.0], mass=[2.0, 2.0])], "mass_day_1", "mass")
    assert shares[0] == pytest.approx(0.25)


def test_length_at_parity_against_a_distance() -> None:
    equal, weak, strong = (sums(log_days=[2 * np.log(d)], n=[2.0]) for d in (200.0, 50.0, 200.0))
    assert e.peak([equal, weak, strong])[0] == pytest.approx(2.0)
    assert e.peak([equal, weak, strong] * 2)[0] == pytest.approx(1.0)


ROW = Row.model_validate({
    "label": "x", "study": {"source": "lyall2016"}, "must": [1.5, 3], "scale": "rate ratio", "estimand": "rates",
    "args": {"events": "x", "per": "n"}, "arms": ["a", "b"], "how": "by hand",
})  # fmt: skip


def arm(values: list[float]) -> dict[str, pl.DataFrame]:
    return {"case.side": pl.DataFrame({"member": range(len(values)), "x": values, "n": 1.0})}


def test_members_that_share_a_draw_are_resampled_together_and_arms_too() -> None:
    # draws differ a hundredfold but each arm is twice the other: the ratio has hardly any spread
    low = [100.0, 100.0, 10000.0, 10000.0, 1000.0, 1000.0] * 4
    it = found(ROW, {"a": arm([2 * x for x in low]), "b": arm(low)})
    assert it.draws == 12
    assert it.value == pytest.approx(2.0, rel=0.01)
    assert it.high - it.low < 0.02
    assert it.verdict == "inside"


def test_few_draws_tell_nothing() -> None:
    it = found(ROW, {"a": arm([200.0] * 6), "b": arm([100.0] * 6)})
    assert it.low == it.high == pytest.approx(2.0, rel=0.01)
    assert it.verdict == "cannot be told"


def test_luck_of_single_members_widens_the_interval() -> None:
    it = found(ROW, {"a": arm([1.0, 9, 2, 8, 30, 1]), "b": arm([5.0, 5, 5, 5, 5, 5])})
    assert it.verdict == "cannot be told"
    assert it.low <= 1 < it.value < it.high


def test_verdicts() -> None:
    assert verdict(1.5, 3.0, (1.5, 3)) == "inside"
    assert verdict(3.1, 4.0, (1.5, 3)) == "outside"
    assert verdict(1.0, 1.4, (1.5, 3)) == "outside"
    assert verdict(1.0, 2.0, (1.5, 3)) == "cannot be told"


def test_every_row_has_a_known_source_arms_and_settings_that_mean_something() -> None:
    assert len(table().rows) >= 20
    for name, one in table().arms.items():
        assert any(name in row.arms for row in table().rows.values()), f"no row uses {name}"
        for case in cases_of(one)[:2]:
            arm_run(one, case, Size(4, 0, 0.01, 1))


def test_the_side_studied_is_the_one_whose_disloyalty_is_coded() -> None:
    assert sides_of(Played(label=""), "iraq-mosul-2014", arm_run(Played(label=""), "iraq-mosul-2014", S)[0]) == ["iraq"]


S = Size(4, 0, 0.01, 1)


def test_unknown_rows_and_unknown_estimands_are_refused() -> None:
    with pytest.raises(AllegianceError, match="no effect 'loses'"):
        chosen(["loses"])
    with pytest.raises(ValueError, match="unknown estimand"):
        Row.model_validate(ROW.model_dump() | {"estimand": "ratse"})
    with pytest.raises(ValueError, match="empty"):
        Row.model_validate(ROW.model_dump() | {"must": (3, 1)})


def test_what_the_priors_are_held_against() -> None:
    days = np.full(3, 365000.0)  # a thousand men for a year
    assert list(ordinary({"desertion": np.array([1.0, 20, 80]), "soldier_days": days})) == [False, True, False]
    assert width(np.array([0.0] * 10 + [1.0] * 80 + [30.0] * 10), 1.0) == pytest.approx(30.0)
    assert carried(np.array([1.0, 1, 10, 10, 100, 100, 1000, 1000])) == pytest.approx(1.0)
    assert carried(np.array([1.0, 10, 1, 10, 1, 10, 1, 10])) == 0.0


def test_an_arm_is_played_once_and_read_from_its_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from allegiance.base.parts import Parts
    from allegiance.experiments.effect_sizes import play as module

    short = {"a": Played(label="", days=3, members=0.1)}
    first = play(short, S, Parts(tmp_path, "x"))
    monkeypatch.setattr(module, "play_one", lambda *_: pytest.fail("played again"))
    again = play(short, S, Parts(tmp_path, "x"))
    assert first["a"]["reference.stronger"].equals(again["a"]["reference.stronger"])
    assert len(first["a"]["reference.stronger"]) == 4


@pytest.mark.slow
def test_check_effects_end_to_end(tmp_path: Path) -> None:
    line = ["check", "effects", "--only", "conscript_man", "--members", "4", "--scale", "0.01", "--threads", "1"]
    done = CliRunner().invoke(app, [*line, "--out", str(tmp_path / "e")], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    text = (tmp_path / "e" / "effects.md").read_text(encoding="utf-8")
    assert "conscript v volunteer man" in text
    assert (tmp_path / "e" / "img" / "effects.png").stat().st_size > 1000
    assert (tmp_path / "e" / "effects.parquet").is_file()


@pytest.mark.slow
def test_check_prior_end_to_end(tmp_path: Path) -> None:
    line = ["check", "prior", "--draws", "2", "--scale", "0.001", "--threads", "1", "--out", str(tmp_path / "p")]
    done = CliRunner().invoke(app, line, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert "an ordinary army loses half" in (tmp_path / "p" / "prior.md").read_text(encoding="utf-8")
