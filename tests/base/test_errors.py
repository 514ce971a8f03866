"""What a user reads when something is wrong."""

from __future__ import annotations

from allegiance.base.errors import AllegianceError, Fault, FaultyInput, near


def test_an_error_names_fault_and_cure() -> None:
    error = AllegianceError("members is 0", "ask for at least 1")
    assert str(error) == "members is 0\n  cure: ask for at least 1"
    assert (error.message, error.cure) == ("members is 0", "ask for at least 1")
    assert str(AllegianceError("members is 0")) == "members is 0"


def test_a_fault_shows_place_path_value_and_cure() -> None:
    fault = Fault("case.yaml:12", "must not be negative", "-3", "write a number of soldiers", "sides.a.strength")
    assert str(fault) == (
        "case.yaml:12: sides.a.strength: must not be negative (found: -3)\n    cure: write a number of soldiers"
    )
    assert str(Fault("case.yaml:1", "is empty")) == "case.yaml:1: is empty"


def test_all_faults_of_an_input_come_at_once_and_are_counted() -> None:
    faults = [Fault(f"case.yaml:{line}", "unknown key") for line in (3, 9)]
    error = FaultyInput("case.yaml", faults)
    assert error.faults == faults
    assert str(error) == "case.yaml: 2 faults\n  case.yaml:3: unknown key\n  case.yaml:9: unknown key"
    assert str(FaultyInput("case.yaml", faults[:1])).startswith("case.yaml: 1 fault\n")
    assert isinstance(error, AllegianceError)


def test_near_misses_are_offered_nearest_first() -> None:
    assert near("desertoin", ["desertion", "defection", "mutiny"]).startswith("did you mean 'desertion'")


def test_without_a_near_miss_the_known_names_are_listed_and_cut() -> None:
    assert near("qqq", ["beta", "alpha", "alpha"]) == "known: alpha, beta"
    many = near("qqq", [f"name{i:02d}" for i in range(30)])
    assert many.endswith(", …")
    assert many.count(",") == 12
    assert near("x", []) == "none are known here"
