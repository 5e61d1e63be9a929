"""Days out of the ways in which archives write them."""

import pandas as pd

ISO = r"\d{4}-?\d{2}-?\d{2}(?:[T ].*)?"  # with its day: a year or a month alone is no date
# As archives write them out. Days and months in figures between slashes are decided a column at a time.
FORMATS = (
    "%Y/%m/%d",
    "%Y/%m/%d %H:%M",
    "%d.%m.%Y",
    "%d %B %Y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%B %d, %Y",
    "%b %d, %Y",
    "%B %d, %Y %A",
    "%A, %B %d, %Y",
    "%A, %d %B %Y",
    "%a, %d %b %Y %H:%M:%S %z",
    "%a, %d %b %Y %H:%M:%S %Z",
)
SLASHES = r"(\d{1,2})/(\d{1,2})/\d{4}"


def dates(written: pd.Series) -> pd.Series:
    """The dates as datetime64, in UTC where a zone is given; NaT for what is empty or cannot be told.

    "03/04/2017" is two different days in London and New York. If some date of the column has a day above 12
    in one place, that settles all; else all such dates are NaT.

    >>> dates(pd.Series(["2017-02-05", "5 February 2017", "03/04/2017", "13/04/2017", "soon"])).tolist()[2:]
    [Timestamp('2017-04-03 00:00:00'), Timestamp('2017-04-13 00:00:00'), NaT]
    """
    written = written.str.strip()
    found = _parsed(written.where(written.str.fullmatch(ISO)), "ISO8601")
    for format in (*FORMATS, *_slashes(written)):
        if found.isna().any():
            found = found.fillna(_parsed(written.where(found.isna()), format))
    return found


def _parsed(written: pd.Series, format: str) -> pd.Series:
    parsed = pd.to_datetime(written, format=format, errors="coerce", utc=True)
    return parsed.dt.tz_localize(None).astype("datetime64[us]")


def _slashes(written: pd.Series) -> list[str]:
    places = written.str.extract(f"^{SLASHES}$").astype("float")
    day_first, month_first = (places > 12).any()
    return [] if day_first == month_first else ["%d/%m/%Y" if day_first else "%m/%d/%Y"]
