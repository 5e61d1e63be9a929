"""What a corpus holds, outlet by outlet or source by source, with what is missing."""

import re

import pandas as pd

from .dates import YEARS, in_either_order, in_two_orders
from .stories import UNKNOWN, outlet_names
from .tables import article_dates, check_columns, is_usable
from .words import count_words

SPELLINGS = 12  # of an outlet, in one line
REASONS = 3  # of a source that are named: further down, each has few items
MENDED = ", mojibake repaired"  # after the encoding of a row
COUNTED = ["seen", "read", "problems", "empty", "undated", "unreadable_dates", "undecided_dates", "repeated"]
RECORD = ["outlet", "date", "title", "text", "url"]  # two rows alike in these are one record twice


def summarize(articles: pd.DataFrame, *, by: str = "outlet") -> pd.DataFrame:
    """Numbers of articles, words, dates and problems of each outlet, or what reading found in each source.

    Parameters
    ----------
    articles : DataFrame
        ``text`` (``words`` in a study) and the column ``by``; ``date``, ``story_id``, ``language`` and ``problem``
        are used if present.
    by : str
        A column. ``"source"`` gives another table, about the reading.

    Returns
    -------
    DataFrame
        A row for each value, articles without one last as "(unknown)": ``n_articles`` (usable ones: items that
        could not be read are counted in ``problems`` alone), ``n_stories`` (with a ``story_id``), ``words``
        (median of those that have any; in Chinese and Japanese by a dictionary), ``first_date``, ``last_date``,
        ``undated``, ``empty``, ``problems`` and, with a column ``language``, ``languages``, the most frequent
        first.

        With ``by="source"``, a row for each file or member: ``seen`` (items), ``read``, ``problems``, ``empty``,
        ``undated``, ``unreadable_dates`` (written, but not understood), ``undecided_dates`` (03/04/2024, whose day
        or month may be first), ``repeated`` (alike in outlet, date,
        title, text and url to an earlier row), ``encoding``, ``read_as`` (the names of its columns
        and ours), ``reasons``: the three most frequent problems, each with its number and one example.

    Raises
    ------
    ValueError
        Column ``text`` or the column ``by`` is missing.

    Examples
    --------
    >>> summarize(pd.DataFrame({
    ...     "outlet": ["TASS", "TASS", ""], "text": ["Xi met Putin", "", "Xi left"],
    ...     "date": pd.to_datetime(["2017-02-06", "2017-02-07", None]),
    ... })).drop(columns="last_date")
          outlet  n_articles  words first_date  undated  empty  problems
    0       TASS           2    3.0 2017-02-06        0      1         0
    1  (unknown)           1    2.0        NaT        1      0         0
    """
    hint = "read_articles writes it." if by == "source" else ""
    check_columns(articles, ["text" if "words" not in articles else "words", by], where="articles", hint=hint)
    articles = articles.reset_index(drop=True)
    return _sources(articles) if by == "source" else _groups(articles, by)


def _groups(articles: pd.DataFrame, by: str) -> pd.DataFrame:
    wanted = {
        "n_articles": ("read", "sum"), "n_stories": ("story", "nunique"), "words": ("words", "median"),
        "first_date": ("date", "min"), "last_date": ("date", "max"), "undated": ("undated", "sum"),
        "empty": ("empty", "sum"), "problems": ("problems", "sum"),
        "languages": ("language", lambda codes: ", ".join(filter(None, codes.value_counts().index))),
    }  # fmt: skip
    absent = {"n_stories": "story_id", "languages": "language"}
    wanted = {name: how for name, how in wanted.items() if absent.get(name, by) in articles}
    table = _facts(articles, by).groupby("group", sort=True).agg(**wanted)
    last = table.index == UNKNOWN
    return pd.concat([table[~last], table[last]]).rename_axis(by).reset_index()


def _facts(articles: pd.DataFrame, by: str) -> pd.DataFrame:
    """What is summed up of each article, and the group it is in."""
    read = is_usable(articles)
    counted = count_words(articles["text"].fillna("").astype(str)) if "text" in articles else articles["words"]
    words = pd.Series(counted, articles.index).astype("float")
    dates = article_dates(articles)
    facts = {
        "group": outlet_names(articles[by]), "read": read, "problems": ~read, "words": words.where(words > 0),
        "date": dates, "undated": read & dates.isna(), "empty": read & (words == 0),
        "story": articles["story_id"].where(read) if "story_id" in articles else None,
        "language": articles["language"].where(read) if "language" in articles else None,
    }  # fmt: skip
    return pd.DataFrame(facts, articles.index)


def _sources(articles: pd.DataFrame) -> pd.DataFrame:
    facts = _facts(articles, "source")
    facts["undecided_dates"], facts["unreadable_dates"] = unread_dates(given_dates(articles), facts["undated"])
    alike = [name for name in RECORD if name in articles]
    facts["repeated"] = facts["read"] & articles[alike].duplicated()
    table = facts.assign(seen=True).groupby("group", sort=True)[COUNTED].sum()
    groups = articles.groupby(facts["group"], sort=True)
    for name in (name for name in ("encoding", "read_as") if name in articles):
        table[name] = groups[name].agg(_joined)
    table["reasons"] = pd.Series({name: "; ".join(reasons(rows)) for name, rows in groups}, dtype="str")
    return table.rename_axis("source").reset_index()


def given_dates(articles: pd.DataFrame) -> "pd.Series[str]":
    """The date of each article as the file has it; "" without one."""
    given = articles["date_given"] if "date_given" in articles else pd.Series("", articles.index)
    return given.astype("object").fillna("").astype("str").str.strip()


def unread_dates(
    given: "pd.Series[str]", undated: "pd.Series[bool]"
) -> tuple["pd.Series[bool]", "pd.Series[bool]"]:
    """Which dates are written but not read: as their order of day and month is not known, or else."""
    lost = undated & (given != "")
    undecided = in_two_orders(given.where(lost, ""))
    return undecided, lost & ~undecided


def _joined(values: "pd.Series[str]") -> str:
    """The values, each once, and in how many rows mojibake was repaired."""
    plain, repaired = values.str.removesuffix(MENDED), int(values.str.endswith(MENDED).sum())
    joined = ", ".join(sorted({str(value) for value in plain if value}))
    return f"{joined} (mojibake repaired in {repaired} of {len(values)} rows)" if repaired else joined


def reasons(rows: pd.DataFrame) -> list[str]:
    """The commonest problems of a source, with an example of each."""
    rows = rows[~is_usable(rows)]
    counted = rows["problem"].value_counts() if len(rows) else pd.Series(dtype="int64")
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    named = []
    for problem, number in ordered[:REASONS]:
        first = rows[rows["problem"] == problem].iloc[0]
        shown = ": ".join(str(first[name]) for name in ("item", "title") if name in rows and first[name])
        named.append(f"{problem} ({number}; {f'for example {shown}' if shown else 'the file itself'})")
    return named + [f"{len(ordered) - REASONS} other reasons"] * (len(ordered) > REASONS)


def columns_said(read_as: str) -> tuple[str, str]:
    """Which columns became which, and that others were kept, of what a row was ``read_as``; "" where none."""
    found = re.fullmatch(r"(?:(.*→ [^,]*), )?(.*) → not used", read_as, re.DOTALL)
    if not found:
        return read_as, ""
    used, names = found[1] or "", found[2]
    if ", " in names or re.search(r" and \d+ more$", names):
        return used, f"columns {names} were kept as they are"
    name, _, why = names.partition(" (it")
    return used, f"column {name!r} was kept as it is" + (f" (it{why}" if why else "")


def renamed(articles: pd.DataFrame) -> pd.DataFrame:
    """The articles whose outlet was written in another way, with that in ``outlet_given``."""
    given = articles["outlet_given"] if "outlet_given" in articles else articles["outlet"]
    other = (given != articles["outlet"]) & (given != "") & is_usable(articles)
    return articles.assign(outlet_given=given)[other]


def one_names(articles: pd.DataFrame) -> list[str]:
    """Each outlet that was written in another way, and how."""
    by_name = renamed(articles).groupby("outlet")["outlet_given"]
    return [f"{name} ← {', '.join(sorted(set(given))[:SPELLINGS])}" for name, given in by_name]


def date_notes(articles: pd.DataFrame) -> list[str]:
    """What there is to say of dates that are not read, and of those that no article can have, each in a line."""
    if "date_given" not in articles:
        return []
    given = given_dates(articles)
    undecided, unreadable = unread_dates(given, articles["date"].isna())
    lost = given[unreadable]
    years = pd.to_numeric(lost.str.extract(r"^(\d{4})-\d{2}-\d{2}")[0])
    strange = (years < YEARS[0]) | (years > YEARS[-1])
    tomorrow = pd.Timestamp.now() + pd.Timedelta(days=1)  # east of here it is that day already
    late = articles.loc[articles["date"] > tomorrow, "date"].dt.strftime("%Y-%m-%d")
    notes = {
        "dates that could not be read": lost[~strange],
        f"dates before {YEARS[0]} or after {YEARS[-1]}, which are not read": lost[strange],
        "dates in the future, to be checked": late,
    }
    said = [f"{what}: {len(rows)}, {_example(rows, articles)}." for what, rows in notes.items() if len(rows)]
    return [*said, _undecided(given[undecided], given, articles)] if undecided.any() else said


def _undecided(lost: "pd.Series[str]", given: "pd.Series[str]", articles: pd.DataFrame) -> str:
    beside = given[articles["source"].isin(articles["source"][lost.index]) & articles["date"].notna()]
    alike = beside[in_either_order(beside)]
    same = "Of such dates only those are read whose day and month are the same number"
    kept = f" {same}: {len(alike)}, as {alike.iloc[0]}." if len(alike) else ""
    named = str(articles.loc[lost.index[0], "read_as"]).partition(" → date")
    name = named[0].rpartition(", ")[2] if named[1] else "date"
    return (
        f"dates whose order of day and month is not known: {len(lost)}, {_example(lost, articles)}; they are not "
        f'read.{kept} Give the order with columns={{"date_dmy": "{name}"}} (day first) or '
        f'columns={{"date_mdy": "{name}"}} (month first), or write them as 2024-04-03.'
    )


def _example(given: "pd.Series[str]", articles: pd.DataFrame) -> str:
    row = articles.loc[given.index[0]]
    places = dict.fromkeys(str(row[name]) for name in ("source", "item") if row.get(name))
    return f"as {given.iloc[0]} ({', '.join(places)})"
