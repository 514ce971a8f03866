"""Kind 5: arguments are put right at the door, and results survive pickling and pools."""

from __future__ import annotations

import pickle
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import allegiance
from allegiance.base.arguments import flag, names, number, run_options, whole
from allegiance.base.errors import AllegianceError
from allegiance.report.result import Result
from faults.probe import TINY, contents

KIND = "Arguments at the door"


class Index:
    """Anything that says which whole number it is."""

    def __index__(self) -> int:
        return 3


WHOLE = {
    "sample numpy int64": np.int64(3), "numpy int8": np.int8(3), "numpy uint64": np.uint64(3), "an int": 3,
    "an object with __index__": Index(),
}  # fmt: skip
NOT_WHOLE = {
    "a float": 3.0, "numpy float": np.float64(3.0), "not a number": float("nan"), "infinity": float("inf"),
    "a text": "3", "a boolean": True, "numpy boolean": np.bool_(True), "a list": [3], "an array": np.array([3]),
    "bytes": b"3", "a complex number": 3 + 0j, "a set": {3},
}  # fmt: skip
FIELDS = ("members", "seed", "days", "threads")


@pytest.mark.parametrize("value", WHOLE)
def test_whole_numbers_are_taken(value: str, tmp_path: Path) -> None:
    """Anything that has __index__ is a whole number: members, seed and days give the run that plain numbers give."""
    plain = allegiance.run("reference", **{**TINY, "members": 3, "days": 3}, seed=3, out=tmp_path / "plain")
    three = WHOLE[value]
    given = {"members": three, "seed": three, "days": three, "scale": np.float32(0.02), "threads": 1}
    found = allegiance.run("reference", out=tmp_path / "found", **given)
    assert found.summary()["members"] == 3
    plain2 = allegiance.run("reference", out=tmp_path / "again", members=3, seed=3, days=3, threads=1,
                            scale=float(np.float32(0.02)))  # fmt: skip
    assert contents(found.folder) == contents(plain2.folder)
    assert plain.summary()["days"] == 3


@pytest.mark.parametrize("value", NOT_WHOLE)
@pytest.mark.parametrize("field", FIELDS)
def test_what_is_no_whole_number_is_refused(field: str, value: str) -> None:
    """What only looks like a whole number is refused before any work, with its name and value."""
    for call in (allegiance.run, allegiance.why, allegiance.sensitivity):
        with pytest.raises(AllegianceError, match=f"{field} must be a whole number"):
            call("reference", **{field: NOT_WHOLE[value]})
    with pytest.raises(AllegianceError, match=f"{field} must be a whole number"):
        allegiance.compare("reference", ["x:sides.weaker.supply=1"], **{field: NOT_WHOLE[value]})


SCALES = [float("nan"), float("inf"), 0, -1, 1.5, "1", True, [1], None, 10**400]


@pytest.mark.parametrize("value", SCALES, ids=lambda v: str(v)[:9])
def test_scales(value: Any) -> None:
    """A scale is a number above 0 and up to 1, or None."""
    if value is None:
        assert run_options(scale=None) == {"scale": None}
        return
    with pytest.raises(AllegianceError, match="scale"):
        allegiance.run("reference", members=2, days=2, scale=value)
    with pytest.raises(AllegianceError, match="scale"):
        allegiance.claims(["C14"], scale=value, members=2)


OUTSIDE = ["members=0", "members=-1", "seed=-1", "days=0", "days=4000", "threads=0", "seed=2**63"]


@pytest.mark.parametrize("call", OUTSIDE)
def test_numbers_out_of_range(call: str) -> None:
    """Numbers out of range are refused with the range."""
    name, value = call.split("=")
    with pytest.raises(AllegianceError, match=name):
        allegiance.run("reference", **{name: eval(value)})


@pytest.mark.parametrize("option", ["sead", "Members", "member", "no such", ""])
def test_unknown_options(option: str) -> None:
    """An option that does not exist is refused with the nearest that does."""
    for call in (allegiance.run, allegiance.why):
        with pytest.raises(AllegianceError, match="unknown option"):
            call("reference", **{option: 1})


@pytest.mark.parametrize("value", ["C5", b"C5", 5, [5], {"C5": None, 3: 4}], ids=str)
def test_lists_of_names(value: Any) -> None:
    """One text is not a list of its letters."""
    with pytest.raises(AllegianceError, match=r"ids|names"):
        allegiance.claims(value)
    with pytest.raises(AllegianceError, match="conditions"):
        allegiance.why("reference", conditions=value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "x", None, [1.0], True], ids=str)
def test_parameters_of_the_theory(value: Any) -> None:
    """A fixed parameter is a finite number."""
    from allegiance.theory.registry import PARAMETERS

    with pytest.raises(AllegianceError, match="parameter"):
        allegiance.run("reference", fixed={next(iter(PARAMETERS)): value}, members=2, days=2)


@pytest.mark.parametrize("value", [0, 1, "yes", None, 1.0], ids=str)
def test_switches(value: Any, tmp_path: Path) -> None:
    """A switch is True or False."""
    with pytest.raises(AllegianceError, match="must be True or False"):
        allegiance.run("reference", resume=value, out=tmp_path / "run", **TINY)


def test_the_checks_themselves() -> None:
    """The checks give back plain values of Python."""
    assert type(whole("x", np.int64(3))) is int
    assert type(number("x", np.float32(0.5))) is float
    assert type(flag("x", np.bool_(True))) is bool
    assert names("x", ("a", "b")) == ["a", "b"]
    with pytest.raises(AllegianceError, match="between 1 and 5"):
        whole("x", 6, 1, 5)


def one(seed: int) -> Result:
    return allegiance.run("reference", seed=seed, **TINY)


@pytest.mark.parametrize("way", ["sample a pool of processes", "pickle", "a pool of threads"])
def test_results_travel(way: str) -> None:
    """A result without a folder of its own carries its files wherever it goes, and leaves no warning behind."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        if way == "pickle":
            first = one(1)
            found = [pickle.loads(pickle.dumps(first))]
            del first
        elif way == "a pool of threads":
            with ThreadPoolExecutor(2) as pool:
                found = list(pool.map(one, [1, 2]))
        else:
            with get_context("spawn").Pool(1) as pool:
                found = pool.map(one, [1])
        folders = [r.folder for r in found]
        assert all(r.daily.height > 0 and r.summary()["members"] == 2 for r in found)
        assert found[0].summary()["seed"] == 1
        del found
        assert not any(f.exists() for f in folders)


def test_a_result_with_a_folder_travels_light(tmp_path: Path) -> None:
    """A result in a folder of the user's is pickled as its path, and its folder stays."""
    result = allegiance.run("reference", out=tmp_path / "run", **TINY)
    data = pickle.dumps(result)
    assert len(data) < 1000
    again = pickle.loads(data)
    del result
    assert again.daily.height > 0
    del again
    assert (tmp_path / "run" / "manifest.json").is_file()


@pytest.mark.parametrize("seeds", [(0, 0), (0, 1)], ids=["one seed", "two seeds"])
def test_two_threads_in_one_folder(seeds: tuple[int, int], tmp_path: Path) -> None:
    """Two threads of one process in one folder: equal runs join, of different ones one is refused."""
    found: list[Any] = []
    ready = threading.Barrier(2)

    def work(seed: int) -> None:
        ready.wait()
        try:
            found.append(allegiance.run("reference", seed=seed, out=tmp_path / "run", **TINY).summary()["seed"])
        except AllegianceError as error:
            found.append(str(error))

    threads = [threading.Thread(target=work, args=(s,)) for s in seeds]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if seeds == (0, 0):
        assert found == [0, 0]
    else:
        assert sum(isinstance(f, int) for f in found) == 1, found
        assert any("writing into" in str(f) or "holds another run" in str(f) for f in found)
