"""The theory of a run: which mechanisms act, in whose form, with which values."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, Self

import numpy as np

from allegiance.base.errors import AllegianceError, near
from allegiance.base.random import name_key, normal
from allegiance.theory.anchors import solve
from allegiance.theory.contract import Mechanism, Term
from allegiance.theory.registry import MECHANISMS, PARAMETERS, check_value, mechanism, switchable

_DRAW_DAY = 0
_DRAW_DECISION = 255


@dataclass(frozen=True)
class Theory:
    """What a run believes: mechanisms left out, and rivals that take the place of the form we hold.

    >>> Theory().with_(relative_deprivation="gurr1970").rivals
    {'relative_deprivation': 'gap_gurr1970'}
    >>> Theory().with_(inclusion=None).off
    ('inclusion',)
    """

    off: tuple[str, ...] = ()
    rivals: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for identifier in self.off:
            switchable(identifier)
        object.__setattr__(self, "rivals", {m: rival_of(m, r).__name__ for m, r in sorted(self.rivals.items())})

    def with_(self, **rivals: str | None) -> Self:
        """This theory with other authors' forms by mechanism; None leaves the mechanism out.

        Raises:
            AllegianceError: no such mechanism or rival, or a mechanism that cannot be left out.
        """
        off = tuple(sorted({*self.off, *(m for m, r in rivals.items() if r is None)}))
        return replace(self, off=off, rivals={**self.rivals, **{m: r for m, r in rivals.items() if r is not None}})


def rival_of(identifier: str, name: str) -> Callable[..., Any]:
    """The rival of a mechanism, by its name or the end of it ("gurr1970").

    Raises:
        AllegianceError: no such mechanism or rival.
    """
    rivals = mechanism(identifier).rivals
    for rival in rivals:
        if rival.__name__ == name or rival.__name__.endswith(f"_{name}"):
            return rival
    having = [f"{m.id}={r.__name__}" for m in MECHANISMS for r in m.rivals]
    raise AllegianceError(
        f"mechanism '{identifier}' has no rival '{name}'",
        near(name, (r.__name__ for r in rivals)) if rivals else f"rivals there are: {', '.join(having)}",
    )


def rivalled(identifier: str, rival: Callable[..., Any]) -> Callable[..., Any]:
    """The function of a mechanism whose place a rival takes: the one with the same arguments."""
    wanted = list(inspect.signature(rival).parameters)
    return next(f for f in mechanism(identifier).functions if list(inspect.signature(f).parameters) == wanted)


def draw(seed: int, number: int, fixed: Mapping[str, float] | None = None, sample: bool = True) -> dict[str, float]:
    """The parameters of one draw by name, from their priors by keyed normals.

    Args:
        seed, number: keys of the draw; the same keys give the same values whatever else is fixed.
        fixed: parameter name ("linkage_refusal") to value. sample: draw from the priors; otherwise central values.

    Raises:
        AllegianceError: an unknown parameter, or a value it cannot take.
    """
    values = {name: parameter.value for name, parameter in PARAMETERS.items()}
    if sample:
        for name, parameter in PARAMETERS.items():
            z = normal(seed, number, name_key(name), _DRAW_DAY, _DRAW_DECISION, 0)
            values[name] = parameter.quantile(max(-3.0, min(3.0, z)))
    fixed = fixed or {}
    for name, value in fixed.items():
        check_value(name, value)
        values[name] = float(value)
    return values | {name: value for name, value in solve(values).items() if name not in fixed}


class Active:
    """A mechanism at work: its parameters `p` (one array each, shape (contests,)), and its functions by name."""

    def __init__(self, of: Mechanism, values: Mapping[str, Any], on: bool, rival: str) -> None:
        self.id, self.on = of.id, on
        self.p: Any = SimpleNamespace(**{p.name: values[f"{of.id}_{p.name}"] for p in of.parameters})
        self._functions = {f.__name__: f for f in of.functions}
        if rival:
            form = rival_of(of.id, rival)
            self._functions[rivalled(of.id, form).__name__] = form
        self.terms = tuple(
            Term(self._functions[t.formula.__name__], t.into, t.inputs, t.where) for t in (of.terms if on else ())
        )

    def __getattr__(self, name: str) -> Callable[..., Any]:
        try:
            return self.__dict__["_functions"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(f"mechanism '{self.__dict__.get('id')}' has no function '{name}'") from None


class Model:
    """A theory with the values of some draws, one per contest: `model.linkage.p.refusal` has shape (contests,)."""

    def __init__(self, theory: Theory, draws: Sequence[Mapping[str, float]]) -> None:
        values = {name: np.array([d[name] for d in draws], float) for name in PARAMETERS}
        self.mechanisms = {
            m.id: Active(m, values, m.id not in theory.off, theory.rivals.get(m.id, "")) for m in MECHANISMS
        }

    def __getattr__(self, name: str) -> Active:
        try:
            return self.__dict__["mechanisms"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(f"no mechanism '{name}'") from None
