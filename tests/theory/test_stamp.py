"""A fitted file knows the formulas it was made with: what changes a stamp, and what does not."""

from __future__ import annotations

import pytest

from allegiance.theory.registry import MECHANISMS
from allegiance.theory.stamp import changed, formula_hash, stamps, theory_hash

MODULE = '''"""What it says."""
import numpy as np
HALF = 0.5
def pull(x, weight):
    """What it adds."""
    return weight * np.maximum(0.0, x - HALF)
MECHANISM = Mechanism(
    id="pull", claims=("C1",), kind="pressure", summary="A pull.", silent_on="pushes",
    parameters=(Parameter("weight", 1.0, 0.5, 2.0),), functions=(pull,), sources=("gurr1970",), rivals=(),
    terms=(term(pull, routes(desertion=1.0), x="company.losses", weight="weight"),), switchable=True,
)
'''


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""What it adds."""', '"""Another text."""'),
        ("HALF = 0.5", "HALF = 0.5  # a comment"),
        ("import numpy as np\n", "import numpy as np\nimport math\n"),
        ('Parameter("weight", 1.0, 0.5, 2.0),', 'Parameter("weight", 1.2, 0.5, 2.0), Parameter("idle", 1.0, 0.5, 2.0),'),
        ('summary="A pull."', 'summary="A stronger pull."'),
        ('silent_on="pushes"', 'silent_on="pushes and shoves"'),
        ('sources=("gurr1970",)', 'sources=("gurr1970", "kuran1991")'),
        ('claims=("C1",)', 'claims=("C1", "C2")'),
    ],
)
def test_what_is_only_said_leaves_the_stamp(old: str, new: str) -> None:
    """An added parameter that no formula reads among them."""
    assert old in MODULE
    assert formula_hash(MODULE.replace(old, new)) == formula_hash(MODULE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("HALF = 0.5", "HALF = 0.4"),
        ("x - HALF", "x + HALF"),
        ("desertion=1.0", "desertion=0.9"),
        ("desertion=1.0", "desertion=1.0, refusal=0.1"),
        ('x="company.losses"', 'x="company.worn"'),
        ("terms=(term(pull, routes(desertion=1.0), x=\"company.losses\", weight=\"weight\"),)", "terms=()"),
        ("switchable=True", "switchable=False"),
    ],
)
def test_what_acts_changes_the_stamp(old: str, new: str) -> None:
    assert old in MODULE
    assert formula_hash(MODULE.replace(old, new)) != formula_hash(MODULE)


def test_every_mechanism_has_a_stamp_of_its_own() -> None:
    now = stamps()
    assert set(now) == {m.id for m in MECHANISMS}
    assert len(set(now.values())) == len(now)
    assert theory_hash() == theory_hash()


def test_only_what_a_file_was_made_with_is_held_against_it() -> None:
    now = stamps()
    assert changed(now) == []
    later = {k: v for k, v in now.items() if k != "linkage"}
    assert changed(later) == [], "a mechanism that came later says nothing about an older fit"
    assert changed(now | {"linkage": "0" * 64}) == ["linkage"]
    assert changed(now | {"forgotten": "0" * 64}) == ["forgotten"]
