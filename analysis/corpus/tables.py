"""What a table must hold before a step may trust it, and the one way to say that a column is missing."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from operator import index
from textwrap import shorten
from typing import Any

import numpy as np
import pandas as pd

from analysis.arrays import Ints

from .dates import dates

ALIKE = 0.75  # difflib's ratio: "outlets" for "outlet" has .92, "txt" for "text" .86, "body" for "text" .25
LOOSELY = 0.6  # where all names are listed, too, a wrong suggestion costs little

SHOWN = 60  # characters of a cell in a message

# How tables of other libraries become pandas', by a method that they have.
WAYS = {"compute": "compute()", "collect": "collect().to_pandas()", "to_pandas": "to_pandas()"}


def missing_column(table: Any, name: str, *, where: str, hint: str = "") -> ValueError | TypeError:
    """The error to raise where a table lacks a column, or where it is not a pandas DataFrame.

    ``where`` is the argument or file that holds the table, ``hint`` what to do.
    """
    if not isinstance(table, pd.DataFrame):
        maker = type(table).__module__.partition(".")[0]
        way = next((way for has, way in WAYS.items() if hasattr(table, has) and maker != "pandas"), "")
        remedy = f"Pass {where if where.isidentifier() else 'table'}.{way}." if way else hint
        kind = f"a {maker} {type(table).__name__}" if way else f"a {type(table).__name__}"
        return TypeError(f"{where}: {kind} is not a pandas DataFrame. {remedy}".strip())
    found = ", ".join(map(str, table)) or "no columns"
    near = did_you_mean(near_miss(str(name), map(str, table)))
    advice = [near] if near and "Did you mean" not in hint else []
    if name in table.index.names:
        advice = ["It is the index: write .reset_index() after the table."]
    return ValueError(" ".join([f"{where}: column {name!r} is missing. Found: {found}.", *advice, hint]).strip())


def key(name: str) -> str:
    """A name without case, accents, blanks and marks, as names are compared."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[\W_]+", "", "".join(character for character in plain if not unicodedata.combining(character)))


def near_miss(name: str, names: Iterable[str], alike: float = ALIKE) -> str | None:
    """The one of some names that is most likely meant by another: it differs in case, punctuation or a letter."""
    plain = {key(one): one for one in reversed(list(names))}
    close = get_close_matches(key(name), list(plain), n=1, cutoff=alike)
    return plain[close[0]] if close else None


def nearest(name: str, names: Iterable[str], alike: float = ALIKE) -> str:
    """The name that is most likely meant by another, or by one of its words; empty where none is."""
    names = list(names)
    parts = {part: one for one in reversed(names) for part in one.split()} | {one: one for one in names}
    return parts.get(near_miss(name, parts, alike) or "", "")


def refuse_unknown(where: str, value: object, what: str, known: Iterable[object]) -> None:
    """Refuses a value that is not among the known ones, with the nearest of them."""
    if value not in (known := list(known)):
        names = list(map(str, known))
        hint = did_you_mean(nearest(str(value), names, LOOSELY))
        what = f"{where}: {value!r} is not {what}. Use one of: {', '.join(names) or 'none'}."
        raise ValueError(f"{what} {hint}".rstrip())


def refuse_duplicates(where: str, names: "pd.Series[Any] | pd.Index[Any]", remedy: str) -> None:
    """Refuses names of which one is there twice."""
    for name in names[names.duplicated()].tolist()[:1]:
        raise ValueError(f"{where} {name!r} is duplicated. {remedy}")


def places_in(known: Any, names: Any, what: str, wrong: str) -> Ints:
    """Where each of these names stands among the known; of the first that does not ``wrong`` is said."""
    there, wanted = pd.Index(known), pd.Index(names)
    refuse_duplicates(what, there, "Give each its own.")
    at: Ints = there.get_indexer(wanted).astype(np.int64)
    for name in wanted[at < 0].tolist()[:1]:
        raise ValueError(f"{what} {name!r} {wrong}")
    return at


def check_whole(name: str, value: Any, least: int = 1, most: int | None = None) -> int:
    """The value as Python's own whole number, refused if it is none or not within these bounds."""
    is_whole = hasattr(value, "__index__") and not isinstance(value, bool | np.bool_)
    if not is_whole or value < least or (most is not None and value > most):
        bounds = f"from {least} up" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name}: must be a whole number {bounds}. Found: {value!r}.")
    return index(value)


def found_names(name: str, names: Sequence[str], otherwise: str = "") -> str:
    """The end of an error about an unknown name: the known ones, and the one most likely meant, or a hint."""
    hint = did_you_mean(near_miss(name, names, LOOSELY), otherwise)
    return f"Found: {', '.join(names)}. {hint}".rstrip()


def did_you_mean(near: str | None, otherwise: str = "") -> str:
    """The question that a slip gets, or what else to do where no name is near."""
    return f"Did you mean {near!r}?" if near else otherwise


def check_columns(table: Any, names: Iterable[str], *, where: str, hint: str = "") -> None:
    """Raises the error of :func:`missing_column` for the first of these columns that a table lacks."""
    for name in names:
        if not isinstance(table, pd.DataFrame) or name not in table:
            raise missing_column(table, name, where=where, hint=hint)


def check_table(table: pd.DataFrame, what: str, columns: Sequence[str], *, key: str) -> None:
    """Refuses a table without these columns, with a duplicate key, or with a text that is not a string."""
    check_columns(table, columns, where=what, hint=f"A table of {what} needs {', '.join(columns)}.")
    refuse_duplicates(f"{what}: column", table.columns, "Rename or drop all but one of them.")
    if (unnamed := table[key].isna().to_numpy()).any():
        raise ValueError(f"{what}: {key} is missing in row {unnamed.argmax()} (from 0). Give each row its own.")
    refuse_duplicates(f"{what}: {key}", table[key], "Give each row its own.")
    known = isinstance(table["text"].dtype, pd.StringDtype)  # which holds text, or nothing
    for name, text in table.loc[table["text"].isna() if known else slice(None), [key, "text"]].to_numpy().tolist():
        if not isinstance(text, str):
            hint = "Fill missing texts with '' or drop them first."
            found = shorten(repr(text), SHOWN, placeholder=" …")
            raise TypeError(f"{what}: the text of {name!r} is not a string. Found: {found}. {hint}")


def usable(articles: pd.DataFrame) -> pd.DataFrame:
    """The rows without a ``problem``: the items that reading could turn into articles."""
    kept = is_usable(articles)
    return articles if kept.all() else articles[kept]


def is_usable(articles: pd.DataFrame) -> "pd.Series[bool]":
    """Whether each row has no ``problem``."""
    if "problem" not in articles:
        return pd.Series(True, articles.index)
    return articles["problem"].astype("object").fillna("") == ""


def article_ids(articles: pd.DataFrame) -> "pd.Series[str]":
    """Each ``doc_id`` as text, so that the whole number 7, the 7.0 of a spreadsheet and "7" are one article."""
    ids = articles["doc_id"]
    if pd.api.types.is_float_dtype(ids) and (ids.dropna() % 1 == 0).all():
        ids = ids.astype("Int64")
    return ids.astype("str")


def article_dates(articles: pd.DataFrame, order: str = "") -> "pd.Series[pd.Timestamp]":
    """The date of each article without a time zone, for a paper's day is its own; NaT where there is none.

    ``order`` is that of day, month and year, where it is known.
    """
    if "date" not in articles:
        return pd.Series(pd.NaT, articles.index, dtype="datetime64[us]")
    column = articles["date"]
    if isinstance(column.dtype, pd.PeriodDtype):
        column = column.dt.to_timestamp()
    if not pd.api.types.is_datetime64_any_dtype(column):
        written = [
            value.isoformat() if isinstance(value, date) else str(value)
            for value in column.astype("object").fillna("")
        ]
        column = dates(pd.Series(written, column.index, dtype="str"), order)
    naive = column if column.dt.tz is None else column.dt.tz_localize(None)
    return naive.astype("datetime64[us]")


def no_rows(columns: Mapping[str, str]) -> pd.DataFrame:
    """The columns, each of its kind, without a row."""
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})
