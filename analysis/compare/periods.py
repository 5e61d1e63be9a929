"""Days, weeks and months of stories."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.corpus.stories import outlet_names, story_names

from .stories import Stories

# As people say them, and pandas' own letters, which trend_outlets takes too.
PERIODS = {"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}


def period_code(period: str) -> str:
    """pandas' letter for a period: "month" and "M" are "M"."""
    code = PERIODS.get(period, period)
    if code not in PERIODS.values():
        raise ValueError(
            f"period: {period!r} is none of {', '.join(map(repr, PERIODS))} or {', '.join(PERIODS.values())}."
        )
    return code


def story_periods(articles: pd.DataFrame, names: NDArray[Any], period: str) -> "pd.Series[pd.Period]":
    """The period of the first dated article under each name (a story, or an outlet's story); others have none.

    >>> dates = pd.to_datetime(["2016-05-03", "2016-04-30", None])
    >>> articles = pd.DataFrame({"doc_id": ["a", "b", "c"], "date": dates})
    >>> story_periods(articles, np.array(["s", "s", "t"]), "month")
    s    2016-04
    Name: date, dtype: period[M]
    """
    if "date" not in articles:
        raise ValueError(f"articles have no column 'date'; they have {list(articles)}.")
    dates = pd.to_datetime(articles["date"]).set_axis(names).dropna()
    if dates.dt.tz is not None:
        dates = dates.dt.tz_convert("UTC").dt.tz_localize(None)
    return dates.groupby(level=0).min().dt.to_period(period_code(period))


def period_name(ordinal: int, code: str) -> str:
    """A period as it is written in tables: "2016-05", and a week by its first day.

    >>> period_name(556, "M"), period_name(2418, "W")
    ('2016-05', '2016-04-25')
    """
    found = pd.Period(ordinal=ordinal, freq=code)
    return f"{found.start_time:%Y-%m-%d}" if code == "W" else str(found)


def outlet_periods(
    told: Stories, articles: pd.DataFrame, *, by: str, cluster: str, period: str
) -> "pd.Series[float]":
    """The ordinal of the period in which each outlet first printed each story, as `told` is indexed.

    Missing where no print has a date.
    """
    names = pd.MultiIndex.from_arrays([outlet_names(articles[by]), story_names(articles, cluster)])
    codes, known = pd.factorize(names)
    first = story_periods(articles, codes, period)
    places = known.take(first.index.to_numpy(dtype=np.int64))
    ordinals = np.array([value.ordinal for value in first.tolist()], dtype=np.float64)
    return pd.Series(ordinals, index=places).reindex(told.means.index)
