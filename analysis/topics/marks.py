"""Marks: which topics of a table other samples did not repeat."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd


def with_stability(table: pd.DataFrame, stability: pd.DataFrame | None) -> pd.DataFrame:
    """The table with the column ``stable`` of ``topic_stability``; as it is, if there is none.

    Raises:
        ValueError: the two tables are not about the same topics.
    """
    return table if stability is None else table.assign(stable=stable(table["topic"], stability))


def stable(topics: Any, stability: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether each of these topics is stable.

    >>> stability = pd.DataFrame({"topic": ["topic 1", "topic 2"], "stable": [True, False]})
    >>> stable(["topic 2"], stability).tolist()
    [False]
    """
    names = pd.Index(topics)
    marks = stability.set_index("topic")["stable"]
    strangers = names[~names.isin(marks.index)]
    if len(strangers):
        raise ValueError(
            f"stability: no row for {strangers[0]!r}. Give what topic_stability returns for the same counts and k."
        )
    found: npt.NDArray[np.bool_] = marks.loc[names].to_numpy(dtype=bool)
    return found
