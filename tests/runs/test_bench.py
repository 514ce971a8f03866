"""The benchmark measures what it says."""

from __future__ import annotations

import json
import sys

import pytest

from allegiance.base.errors import AllegianceError
from allegiance.benchmarks import bench
from allegiance.benchmarks.bench import rate, warm
from allegiance.benchmarks.memory import measure_here, peak_memory
from allegiance.benchmarks.mesa_twin import BASES, mesa_rate
from allegiance.cases.schema import Case
from allegiance.theory.model import draw


def test_rate_counts_soldier_days_by_clock_and_processor(small: Case) -> None:
    warm(small)
    found = rate(small, 1, 20)
    assert found["per_second"] > 1e4
    assert found["per_processor_second"] > 1e4


@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory record of Linux")
def test_members_beyond_the_threads_do_not_add_up() -> None:
    two, six = (peak_memory("reference", members, 2, 3) for members in (2, 6))
    assert two["columns_bytes_per_soldier"] <= 32
    assert six["peak_mb"] < two["peak_mb"] + 25
    assert two["base_mb"] <= two["peak_mb"]


def test_a_process_can_measure_itself() -> None:
    assert json.loads(json.dumps(measure_here("reference", 1, 1, 2)))["peak_mb"] > 10


def test_a_missing_mesa_is_told_before_anything_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise AllegianceError("this needs 'mesa', which is not installed", "python -m pip install 'allegiance[bench]'")

    monkeypatch.setattr(bench, "require", missing)
    monkeypatch.setattr(bench, "warm", lambda case: pytest.fail("measured first"))
    with pytest.raises(AllegianceError, match="mesa"):
        bench.benchmark("reference")


def test_the_twin_for_mesa_runs() -> None:
    ours = draw(0, 0, sample=False)
    assert pytest.approx(BASES, abs=0.1) == [ours[f"choice_base_{f}"] for f in ("shirk", "refuse", "desert", "defect")]
    pytest.importorskip("mesa")
    assert mesa_rate(soldiers=500, days=2)["per_second"] > 100
