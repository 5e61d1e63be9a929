"""Times of several ways to do one piece of work, taken in turns."""

import time
from collections.abc import Callable, Mapping

import pandas as pd

ROUNDS = 5  # the fastest of five turns: what the work costs when nothing else runs


def fastest(
    ways: Mapping[str, Callable[[], object]],
    *,
    rounds: int = ROUNDS,
    clock: Callable[[], float] = time.perf_counter,
) -> pd.DataFrame:
    """A row a way: ``seconds`` of its fastest turn, and ``ratio``, the first way's seconds over its own.

    ``clock`` is the wall's; ``time.process_time`` tells the processor time of all threads together.
    """
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            seconds[name].append(_seconds(way, clock))
    table = pd.DataFrame({"seconds": {name: min(taken) for name, taken in seconds.items()}})
    return table.assign(ratio=table["seconds"].iloc[0] / table["seconds"]).round(3)


def _seconds(way: Callable[[], object], clock: Callable[[], float]) -> float:
    began = clock()
    way()
    return clock() - began
