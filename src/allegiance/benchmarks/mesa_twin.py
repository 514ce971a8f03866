"""The day of a soldier written the usual way, one Python object each, for Mesa 3: what our speed is compared with.

It does what `day/choose.py` does to each soldier, no more: grievance moves towards the company's appraisal, five
log-odds are formed, a random number decides among obeying, shirking, refusing, deserting and going over, and each
company counts itself. It leaves out combat, medicine, command, society and learning, so the comparison favours Mesa.
"""

from __future__ import annotations

import math
import time
from typing import Any

from allegiance.base.extras import require
from allegiance.theory.choice import DISPOSITION as DISPOSITION_ROUTES
from allegiance.theory.registry import mechanism

COMPANY = 100
_FORMS = ("shirk", "refuse", "desert", "defect")
BASES = tuple(mechanism("choice").parameter(f"base_{form}").value for form in _FORMS)
SLOPES = tuple(mechanism("choice").parameter(f"grievance_{form}").value for form in _FORMS)
DISPOSITION = tuple(DISPOSITION_ROUTES.array()[: len(_FORMS)])


def mesa_rate(soldiers: int = 20_000, days: int = 10) -> dict[str, float]:
    """Soldier-days of the twin per second of the clock and of the processor, on one core.

    Raises:
        AllegianceError: Mesa is not installed (the `bench` extra).
    """
    mesa = require("mesa", "bench")
    model = _model(mesa, soldiers)
    model.step()
    begun, used = time.perf_counter(), time.process_time()
    for _ in range(days):
        model.step()
    seconds, used = time.perf_counter() - begun, time.process_time() - used
    return {"per_second": soldiers * days / seconds, "per_processor_second": soldiers * days / used}


def _model(mesa: Any, soldiers: int) -> Any:
    class Soldier(mesa.Agent):  # type: ignore[misc]
        """One soldier: grievance, disposition, tie, company, status."""

        def __init__(self, model: Any, company: int) -> None:
            super().__init__(model)
            self.company = company
            self.grievance = 0.0
            self.disposition = model.random.gauss(0.0, 0.6)
            self.tie = model.random.random()
            self.status = 0

        def step(self) -> None:
            model, company = self.model, self.company
            if self.status > 2:
                return
            self.grievance += (model.appraisal[company] + 0.3 * self.tie - self.grievance) / 21.0
            shared = model.pressure[company]
            e = [
                b + g * self.grievance + d * self.disposition + shared + 0.5 * self.tie
                for b, g, d in zip(BASES, SLOPES, DISPOSITION, strict=True)
            ]
            x = [math.exp(v) for v in e]
            u = model.random.random() * (1.0 + sum(x))
            for form in (2, 3, 1, 0):
                u -= x[form]
                if u < 0:
                    self.status = form + 1
                    break
            model.present[company] += self.status < 3
            model.disloyal[company] += self.status > 0

    class Army(mesa.Model):  # type: ignore[misc]
        """Companies of soldiers who see what share of their own left or shirked yesterday."""

        def __init__(self) -> None:
            super().__init__(seed=1)
            count = math.ceil(soldiers / COMPANY)
            self.appraisal, self.pressure = [1.0] * count, [0.0] * count
            self.present, self.disloyal = [0] * count, [0] * count
            for number in range(soldiers):
                Soldier(self, number // COMPANY)

        def step(self) -> None:
            self.present = [0] * len(self.present)
            self.disloyal = [0] * len(self.disloyal)
            self.agents.do("step")
            for k, (men, bad) in enumerate(zip(self.present, self.disloyal, strict=True)):
                self.pressure[k] = 2.0 * bad / max(men + bad, 1)

    return Army()
