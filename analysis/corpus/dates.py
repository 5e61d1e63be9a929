"""Days out of the ways in which archives write them."""

import re
from datetime import datetime
from functools import cache
from importlib import resources

import pandas as pd
import yaml

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
EASTERN = re.compile(
    r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*(?:\(?(?:星期|周|週)[一二三四五六日天]\)?)?[\s\d:]*"
)
CLOCK = re.compile(
    r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?!\d|\.\d)|(?:GMT|UTC)\s*[+-]\d{1,4}|\d{1,2}\s*(?=[ap]\.?m\b)", re.I
)
TOKEN = re.compile(r"[^\W\d_]+|\d+")
LONGEST = 60  # characters; "Wednesday, 24 September 2014, 10:15 AM GMT" has 43


def dates(written: pd.Series) -> pd.Series:
    """The dates as datetime64, in UTC where a zone is given; NaT for what is empty or cannot be told.

    "03/04/2017" is two different days in London and New York. If some date of the column has a day above 12
    in one place, that settles all; else all such dates are NaT.

    Months may be written out in English, German, French, Spanish, Russian or Chinese.

    >>> dates(pd.Series(["2017-02-05", "5 February 2017", "03/04/2017", "13/04/2017", "soon"])).tolist()[2:]
    [Timestamp('2017-04-03 00:00:00'), Timestamp('2017-04-13 00:00:00'), NaT]
    """
    written = written.str.strip()
    found = _parsed(written.where(written.str.fullmatch(ISO)), "ISO8601")
    for format in (*FORMATS, *_slashes(written)):
        if found.isna().any():
            found = found.fillna(_parsed(written.where(found.isna()), format))
    if (left := found.isna() & (written != "")).any():
        days = {text: day_in_words(text) for text in written[left].dropna().unique()}
        found = found.fillna(pd.to_datetime(written[left].map(days)).astype("datetime64[us]"))
    return found


def day_in_words(text: str) -> datetime | None:
    """The day that a text of few words names, in one of six languages, or None if it holds any other word.

    >>> day_in_words("lundi 6 février 2017"), day_in_words("The war of May 2017, day 6")
    (datetime.datetime(2017, 2, 6, 0, 0), None)
    """
    if len(text) > LONGEST:
        return None
    if eastern := EASTERN.fullmatch(text.strip()):
        return _day(*map(int, eastern.groups()))
    tokens = TOKEN.findall(CLOCK.sub(" ", text).lower())
    figures, words = [token for token in tokens if token.isdecimal()], _words()
    told = [words.get(token) for token in tokens if not token.isdecimal()]
    months = [month for month in told if month]
    years = [figure for figure in figures if len(figure) == 4]
    days = [figure for figure in figures if len(figure) < 3]
    if None in told or len(months) != 1 or (len(years), len(days), len(figures)) != (1, 1, 2):
        return None
    return _day(int(years[0]), months[0], int(days[0]))


def _day(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day)
    except ValueError:
        return None


@cache
def _words() -> dict[str, int]:
    """The number of a month; 0 for the other words that a date may hold."""
    known = yaml.safe_load(resources.files(__package__).joinpath("days.yaml").read_text("utf-8"))
    months = {form: number for number, forms in enumerate(known["months"], start=1) for form in forms}
    others = [form for forms in known["weekdays"] for form in forms] + known["small"]
    return dict.fromkeys(others, 0) | months


def _parsed(written: pd.Series, format: str) -> pd.Series:
    parsed = pd.to_datetime(written, format=format, errors="coerce", utc=True)
    return parsed.dt.tz_localize(None).astype("datetime64[us]")


def _slashes(written: pd.Series) -> list[str]:
    places = written.str.extract(f"^{SLASHES}$").astype("float")
    day_first, month_first = (places > 12).any()
    return [] if day_first == month_first else ["%d/%m/%Y" if day_first else "%m/%d/%Y"]
