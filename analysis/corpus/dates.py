"""Dates in the forms in which archives write them."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import cache
from itertools import permutations
from typing import NamedTuple

import pandas as pd

from .files import shipped

# With its day: a year or a month alone is not a date. The zone is set aside: a paper's day is its own.
ISO = (
    r"(\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?|\d{8}(?:T?\d{6})?)"
    r"\s*(?:\.0|Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?(?:\[[\w/]+\]| UTC)?"
)
FIGURES = re.compile(r"(\d{1,4})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{1,4})\.?(?=\D|$)")
EASTERN = re.compile(
    r"(令和|平成|昭和|大正|明治|民國|民国)?\s*(\d{1,4}|元)\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日号號일]?(\D{0,20})"
)
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867, "民國": 1911, "民国": 1911}
CHINESE = "〇一二三四五六七八九"
WESTERN = str.maketrans(CHINESE, "0123456789")
WITHIN = re.compile(
    r"\d{1,2}(?:er|st|nd|rd|th|\.)?\s(?:de\s)?[^\W\d_]{3,}\.?,?\s(?:de\s)?\d{4}|[^\W\d_]{3,}\.?\s\d{1,2},\s\d{4}"
    r"|\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日|\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|(?<!\d)(?:19|20)\d{6}(?!\d)"
)
CLOCK = re.compile(
    r"T?\d{1,2}\s?[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?(?!\d|\.\d)(?:\s*[ap]\.?\s?m\b\.?|[+-]\d{2}\b)?|\d{1,2}(?::\d{2})?\s?h\s?\d{2}\b|(?<![^\W\d_])[+-](?:0\d|1[0-4]):?\d{2}\b"
    r"|\d{1,2}\s?[時时點点시](?:\s?\d{1,2}\s?[分분])?|(?:GMT|UTC)\s*(?:[+-]\d{0,4})?|\d{1,2}\s*[ap]\.?m\b\.?",
    re.I,
)
TOKEN = re.compile(r"(?:[^\W\d_]|[\u0900-\u0963\u0e31-\u0e4e])+|\d+")  # with the vowel marks of Hindi and Thai
LABEL = re.compile(r"[^\W\d_][^\d:]{2,24}:\s+")  # "Published: 3 March 2022"
LONGEST = 100  # characters; "February 16, 2006, Thursday 17:00:00 - 18:00:00 Eastern Time, Late Edition" has 75
# What may follow a day in a line or cell, besides weekdays, clocks and zones: the issue of the paper.
ISSUE = re.compile(r"\b(?:edition|édition|ausgabe|edición|final|web|online|time|print)\b", re.I)
NUMBERED = re.compile(r"\b(?:edition|ausgabe|edicion)\s\d{1,2}\b")  # "LONDON EDITION 1"
FIRST = "en en_GB"
# Without Croatian, whose listopad is October where Polish and Czech have November.
OTHERS = "de de_AT fr es it pt nl pl ru uk tr ar ar_LB cs sk sl bg sr ro hu el sv da nb fi et lv lt he fa hi id th"
ORDERS = ("ymd", "dmy", "mdy")
CLEARLY = 2  # times as long a time that a column's days take in the other order of day, month and year
# Of two-figure years: 69 is 1969, as POSIX reads them, and 29 is 2029. Those between are not read: only the day
# of reading could decide between them, and the same file would then be read differently on another day.
PIVOT, LATEST = 69, 29
YEARS = range(1600, 2101)  # newspapers begin in 1605; a year outside is of another calendar or a number
BUDDHIST = range(2400, 2650)  # years as Thailand counts them
EPOCH, SERIAL = datetime(1970, 1, 1), datetime(1899, 12, 30)  # where seconds and Excel's days are counted from


class Written(NamedTuple):
    """Three figures whose order one cell cannot show, and the character between them."""

    figures: tuple[str, str, str]
    between: str


def dates(written: pd.Series, order: str = "") -> pd.Series:
    """The days as datetime64, with their time of day where it is written; NaT for what is empty or undecided.

    "03/04/2017" is two different days in London and New York. If other dates of the column leave one order only,
    that order holds; else all such dates are NaT. So it is with "22.03.15", whose year may be first or last: the
    order holds that keeps the column's days together, and no year of two figures is in the future. A given
    ``order``, "dmy" or "mdy", replaces what the column shows; "ymd" is read beside it. Offsets and zones do not
    move a day: a paper's day is its own. Months may be written out in some thirty languages, years in Japan's
    eras and Taiwan's.

    >>> dates(pd.Series(["2017-02-05", "5 February 2017", "03/04/2017", "13/04/2017", "soon"])).tolist()[2:]
    [Timestamp('2017-04-03 00:00:00'), Timestamp('2017-04-13 00:00:00'), NaT]
    """
    written = written.str.strip()
    plain = written.str.extract(f"^{ISO}$")[0].str.replace(r"^(\d{8})T?(\d{6})$", r"\1T\2", regex=True)
    found = pd.to_datetime(plain, format="ISO8601", errors="coerce").astype("datetime64[us]")
    if (left := found.isna() & (written != "") & written.notna()).any():
        read = {text: _read(text) for text in written[left].unique()}
        known = [*found.dropna(), *(day for day in read.values() if isinstance(day, datetime))]
        orders = {mark: ["ymd"] if order else _orders(read.values(), mark, known) for mark in "/-."}
        for text, day in read.items():
            if isinstance(day, Written):  # the one day that the orders allow
                given = _in_order(day.figures, order) if order else None
                days = {given or _in_order(day.figures, one) for one in orders[day.between]} - {None}
                read[text] = days.pop() if len(days) == 1 else None
        found = found.fillna(pd.to_datetime(written[left].map(read), errors="coerce").astype("datetime64[us]"))
    return found.where((found.dt.year >= YEARS[0]) & (found.dt.year <= YEARS[-1]))


def in_two_orders(written: "pd.Series[str]") -> "pd.Series[bool]":
    """Whether each text is three figures that are another day in another order."""
    return _of_figures(written, lambda found: len({_in_order(found, one) for one in ORDERS} - {None}) > 1)


def in_either_order(written: "pd.Series[str]") -> "pd.Series[bool]":
    """Whether each text is three figures that are the same day whichever of day and month is first."""
    return _of_figures(written, lambda found: int(found[0]) == int(found[1]))


def _of_figures(written: "pd.Series[str]", holds: Callable[[tuple[str, str, str]], bool]) -> "pd.Series[bool]":
    read = ((text, _read(text)) for text in written.unique())
    known = {text: isinstance(one, Written) and holds(one.figures) for text, one in read}
    return written.map(known).astype(bool)


def day_in_words(text: str) -> datetime | None:
    """The day that a line names, or None: a date, and besides it only weekday, clock, zone or edition."""
    if (eastern := _eastern(text)) or len(text) > LONGEST:
        return eastern
    bare = _bare(CLOCK.sub(" ", text))
    month, figures, weekday, end = 0, list[str](), False, 0
    for token in TOKEN.finditer(bare):
        word = token[0]
        if word.isdecimal():
            figures.append(word)
        elif (number := _number(word)) is None:
            break
        elif number > 0 and month:
            return None
        else:
            month, weekday = max(month, number), weekday or number < 0
        end = token.end()
    rest = NUMBERED.sub(" edition ", bare[end:])
    other = TOKEN.search(rest) and not (weekday or ISSUE.search(rest))
    if other or not month or len(figures) != 2 or any(character.isdecimal() for character in rest):
        return None
    years = [word for word in figures if len(word) == 4] or figures[1:]
    days = [word for word in figures if len(word) < 3]
    return _day(years[0], month, days[0]) if days and len(years) == 1 else None


def is_day(line: str) -> bool:
    """Whether a line of an export is a date: in words, or three figures alone."""
    return day_in_words(line) is not None or bool(re.fullmatch(ISO, line) or FIGURES.fullmatch(line))


def is_period(line: str) -> bool:
    """Whether a line is a year, with or without its month or season: the date of a magazine."""
    words = TOKEN.findall(_bare(line))
    known = (word.isdecimal() or _number(word) is not None or word in _beside("seasons") for word in words)
    return all(known) and any(re.fullmatch(r"(?:19|20)\d\d", word) for word in words)


def day_within(text: str) -> str:
    """The first part of a line that is a date, or nothing."""
    return next((match[0] for match in WITHIN.finditer(text) if is_day(match[0])), "")


def _read(text: str) -> datetime | Written | None:
    """The day of a cell, or its three figures where the column must decide."""
    text = unicodedata.normalize("NFKC", text)
    if number := re.fullmatch(r"(?:/Date\()?(\d{5}(?:\.\d+)?|\d{10}(?:\d{3})?(?:\.\d+)?)(?:\)/)?", text):
        value = float(number[1])  # days as Excel counts them, or seconds or milliseconds since 1970
        if value < 1e5:
            return SERIAL + timedelta(days=value) if 20_000 <= value < 60_000 else None
        return EPOCH + timedelta(seconds=value if value < 1e11 else value / 1000)
    text = LABEL.sub("", text) if LABEL.match(text) else text
    if (match := FIGURES.search(text)) and not TOKEN.sub("", CLOCK.sub(" ", text[: match.start()])).strip(" ,.()"):
        around = CLOCK.sub(" ", text[: match.start()] + " " + text[match.end() :])
        if all(_number(word) in (0, -1) for word in TOKEN.findall(_bare(around))):
            first, mark, second, third = match.groups()
            return Written((first, second, third), mark)
    return day_in_words(text)


def _orders(read: Iterable[object], mark: str, known: list[datetime]) -> list[str]:
    """The orders of day, month and year in which every date of the column with this mark is a day."""
    figures = [day.figures for day in read if isinstance(day, Written) and day.between == mark]
    likely = [*ORDERS[: 2 if mark == "." else 3]]
    days = [one for one in figures if any(_in_order(one, "".join(order)) for order in permutations("dmy"))]
    fit = [order for order in likely if all(_in_order(one, order) for one in days)]
    if "ymd" not in fit or len(fit) == 1 or not figures:
        return fit or [*ORDERS]
    last = [order for order in fit if order != "ymd"]
    first, others = _span(figures, ["ymd"], known), _span(figures, last, known)
    if first == others == timedelta(0) or CLEARLY * others < first:
        return last  # a single day is written as in most countries
    return ["ymd"] if CLEARLY * first < others else fit


def _span(figures: list[tuple[str, str, str]], orders: list[str], known: list[datetime]) -> timedelta:
    """The time between the first and the last day of a column, in the order that makes it shorter."""
    columns = ([*known, *filter(None, (_in_order(triple, order) for triple in figures))] for order in orders)
    return min(max(days) - min(days) if days else timedelta(0) for days in columns)


def _in_order(figures: tuple[str, str, str], order: str) -> datetime | None:
    parts = dict(zip(order, figures, strict=True))
    # "25/3/22": where a short year is first, day and month have two figures
    short = order == "ymd" and len("".join(figures)) < 6
    if short or len(parts["d"]) > 2 or len(parts["m"]) > 2 or len(parts["y"]) in (1, 3):
        return None
    return _day(parts["y"], int(parts["m"]), parts["d"])


def _eastern(text: str) -> datetime | None:
    """A day as Chinese, Japanese and Korean papers write it, in Western or Chinese figures."""
    text = re.sub(rf"[{CHINESE}十]+(?=[年月日号號])", _figure, unicodedata.normalize("NFKC", text).strip())
    if (match := EASTERN.fullmatch(CLOCK.sub(" ", text))) is None:
        return None
    era, year, month, day, _ = match.groups()
    counted = 1 if year == "元" else int(year)
    return _day(str(counted + ERAS[era]) if era else year, int(month), day)


def _figure(match: re.Match[str]) -> str:
    """Chinese figures: 二〇二二 place by place, 二十三 with its tens."""
    tens, mark, ones = match[0].translate(WESTERN).rpartition("十")
    return f"{tens or 1}{ones or 0}" if mark else ones


def _day(year: str, month: int, day: str) -> datetime | None:
    number = int(year)
    if number in BUDDHIST:
        number -= 543
    if len(year) == 2:
        if LATEST < number < PIVOT:
            return None
        number += 1900 if number >= PIVOT else 2000
    try:
        return datetime(number, month, int(day))
    except (ValueError, OverflowError):
        return None


def _bare(text: str) -> str:
    """Lower case without accents, so that "aout" and "août" are one word."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


def _number(word: str) -> int | None:
    """The number of a month, -1 for a weekday, 0 for another word that a date may hold; None for any other."""
    number = _words(FIRST).get(word)
    return _words(OTHERS).get(word) if number is None else number


def _beside(kind: str) -> list[str]:
    return str(shipped(__package__, "dates.yaml")[kind]).split()


@cache
def _words(languages: str) -> dict[str, int]:
    """Months and weekdays of the Unicode Common Locale Data Repository, as Babel has it."""
    from babel import Locale

    words = {_bare(word): 0 for word in _beside("small")}
    for forms in ("abbreviated", "wide"):
        for use in ("format", "stand-alone"):
            for locale in map(Locale.parse, languages.split()):
                words |= {_bare(name).rstrip("."): -1 for name in locale.days[use][forms].values()}
                words |= {_bare(name).rstrip("."): number for number, name in locale.months[use][forms].items()}
    return words | dict.fromkeys(("tues", "weds", "thur", "thurs"), -1) | {"setiembre": 9}
