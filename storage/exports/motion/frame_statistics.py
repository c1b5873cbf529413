"""What LeRobot keeps of every feature to scale it. Exact, not estimated as LeRobot does; NaN is left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

QUANTILES = {"q01": 0.01, "q10": 0.10, "q50": 0.50, "q90": 0.90, "q99": 0.99}


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of one feature; each list has a number for each of its values, `count` the number of frames.

    What no frame gives has 0 everywhere: JSON knows no NaN, and LeRobot expects numbers.
    """

    count: int
    values: dict[str, list[float]]

    def listed(self) -> dict[str, list[float] | list[int]]:
        """Return it under LeRobot's names."""
        return {**self.values, "count": [self.count]}


def statistics(parts: Sequence[NDArray[Any]]) -> Statistics:
    """Return what is to be said of a feature whose frames, (F,) or (F, N), lie in parts."""
    whole = np.concatenate([part.reshape(len(part), -1) for part in parts])
    columns = [_of_column(column[~np.isnan(column)].astype(np.float64)) for column in whole.T]
    return Statistics(len(whole), {name: [column[name] for column in columns] for name in columns[0]})


def _of_column(given: NDArray[np.float64]) -> dict[str, float]:
    if not len(given):
        return dict.fromkeys(("min", "max", "mean", "std", *QUANTILES), 0.0)
    quantiles = np.quantile(given, tuple(QUANTILES.values()))
    return {
        "min": float(given.min()),
        "max": float(given.max()),
        "mean": float(given.mean()),
        "std": float(given.std()),
        **dict(zip(QUANTILES, map(float, quantiles), strict=True)),
    }
