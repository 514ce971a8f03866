"""What a run is asked to do."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from allegiance.base.errors import AllegianceError
from allegiance.cases.schema import Case
from allegiance.runs.parameters import PRIOR, parameter_set
from allegiance.theory.model import Theory, draw
from allegiance.theory.registry import check_value
from allegiance.world.blueprint import automatic_scale
from allegiance.world.columns import Array

LUCK_PER_DRAW = 2
"""Members that share one draw of the parameters and differ in luck alone: what tells the two apart in the output."""
MAX_MEMBERS = 100_000


def _cores() -> int:
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


@dataclass(frozen=True)
class RunSpec:
    """Size, luck and theory of a run.

    Args:
        members: worlds played; pairs share a parameter draw. days: horizon, the case's own if None.
        seed: 0 or more. scale: share of companies simulated, in (0, 1]; chosen by size of the run if None.
        threads: worlds played at once; results do not depend on it. sample_parameters: draw the theory's parameters
        from their priors, or use central values. fixed: parameter to value. off: mechanisms left out. rivals: mechanism
        to another author's form of it, by the form's name or the end of it ("gurr1970").
        permute: "category" or "tie" gives soldiers random labels (control N2). parameters: "prior", "posterior" (the
        shipped set) or the path of a set that a calibration wrote.

    Raises:
        AllegianceError: a value out of range or an unknown name.
    """

    members: int = 64
    days: int | None = None
    seed: int = 0
    scale: float | None = None
    threads: int = field(default_factory=_cores)
    sample_parameters: bool = True
    fixed: Mapping[str, float] = field(default_factory=dict)
    off: tuple[str, ...] = ()
    rivals: Mapping[str, str] = field(default_factory=dict)
    permute: str = ""
    parameters: str = PRIOR

    def __post_init__(self) -> None:
        checks = (
            (1 <= self.members <= MAX_MEMBERS, f"members must be between 1 and {MAX_MEMBERS}, not {self.members}"),
            (self.days is None or 1 <= self.days <= 3650, f"days must be between 1 and 3650, not {self.days}"),
            (0 <= self.seed < 2**63, f"seed must be 0 or more, not {self.seed}"),
            (self.scale is None or 0 < self.scale <= 1, f"scale must lie above 0 and up to 1, not {self.scale}"),
            (self.threads >= 1, f"threads must be 1 or more, not {self.threads}"),
            (self.permute in ("", "category", "tie"), f"permute takes 'category' or 'tie', not '{self.permute}'"),
        )
        for fine, message in checks:
            if not fine:
                raise AllegianceError(message, "see: allegiance run --help")
        if parameter_set(self.parameters) and not self.sample_parameters:
            raise AllegianceError("central values and a calibrated set exclude each other", "use --parameters prior")
        for name, value in self.fixed.items():
            check_value(name, value)
        object.__setattr__(self, "rivals", dict(self.theory.rivals))

    @property
    def theory(self) -> Theory:
        """Which mechanisms act, and in whose form."""
        return Theory(tuple(self.off), dict(self.rivals))

    def settled(self, case: Case) -> Self:
        """This spec with the case's horizon and an explicit scale."""
        days = self.days or case.days
        return replace(self, days=days, scale=self.scale or automatic_scale(case, days, self.members))

    def values(self, number: int) -> dict[str, float]:
        """The theory's parameters of draw `number`, by name."""
        chosen = parameter_set(self.parameters)
        fitted = chosen.values(self.seed, number) if chosen else {}
        return draw(self.seed, number, {**fitted, **self.fixed}, self.sample_parameters)

    def draws(self, members: Sequence[int]) -> list[dict[str, float]]:
        """The parameters of each of these members; neighbours share a draw."""
        drawn = {n: self.values(n) for n in dict.fromkeys(m // LUCK_PER_DRAW for m in members)}
        return [drawn[m // LUCK_PER_DRAW] for m in members]

    def identity(self) -> dict[str, Any]:
        """What decides the results: everything but the number of threads."""
        known = asdict(self)
        del known["threads"]
        chosen = parameter_set(self.parameters)
        known["parameters"] = chosen.digest if chosen else PRIOR
        return known | {"fixed": dict(sorted(self.fixed.items())), "off": sorted(self.off), "rivals": dict(self.rivals)}


def by_draw(values: Array) -> Array:
    """Values of members (shape (members, …)) by draw (shape (draws, LUCK_PER_DRAW, …)); an odd last one is left out."""
    pairs = len(values) // LUCK_PER_DRAW
    paired: Array = values[: pairs * LUCK_PER_DRAW].reshape(pairs, LUCK_PER_DRAW, *values.shape[1:])
    return paired
