"""The complementary error function on numbers and on arrays, without a heavier library."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

_ERFC = np.frompyfunc(math.erfc, 1, 1)


def erfc(x: float | npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """1 − erf(x), element by element; Φ(z) is erfc(−z / √2) / 2.

    >>> round(float(0.5 * erfc(0.0)), 3)
    0.5
    """
    return np.asarray(_ERFC(x), dtype=float)
