"""Articles from a file or folder, checked at the border so that every later step can trust them."""

from collections.abc import Callable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from .dates import dates
from .readers.delimited import read_delimited
from .readers.folder import read_folder
from .readers.jsonl import read_jsonl
from .readers.parquet import read_parquet

Reader = Callable[[Path, str | None], tuple[pd.DataFrame, str]]
READERS: dict[str, Reader] = {
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".parquet": read_parquet,
}
COLUMNS = ["doc_id", "outlet", "date", "title", "text", "agency", "url"]
REQUIRED = ["outlet", "text"]


def read_articles(
    path: str | PathLike[str], *, columns: Mapping[str, str] | None = None, encoding: str | None = None
) -> pd.DataFrame:
    """Articles ``doc_id, outlet, date, title, text, agency, url`` and what else the file has, by ``doc_id``.

    ``path`` is a csv, tsv, jsonl or parquet file, or a folder of txt files (with an ``articles.csv`` that
    names them in its column ``file``, or without: then a sub-folder's name is the outlet).

    ``columns`` maps our names to the file's: ``{"outlet": "source", "text": "body"}``. Only outlet and text
    must be there; ``doc_id`` is made from the row number or the file name. ``encoding`` is found out unless
    given.

    Undated rows, missing outlets and empty texts are kept and counted in ``.attrs["audit"]``: ``rows,
    no_outlet, undated, unreadable_dates, empty, encoding``. Cells of csv and tsv stay strings.

    ValueError names the file, the row and the remedy: a missing column, a duplicate id, an empty, binary or
    ragged file, an encoding that does not fit.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "export.csv")
    >>> _ = path.write_text("source,text\\nTASS,Xi met Putin.\\nDW,\\n")
    >>> read_articles(path, columns={"outlet": "source"})[["doc_id", "outlet", "text"]]
       doc_id outlet           text
    0  000001   TASS  Xi met Putin.
    1  000002     DW
    """
    path = Path(path)
    given, encoding = _reader(path)(path, encoding)
    named = _renamed(given, columns or {}, path)
    _refuse_unusable(named, path)
    articles = _articles(named)
    articles.attrs["audit"] = _audit(named, articles, encoding)
    return articles


def _reader(path: Path) -> Reader:
    if not path.exists():
        raise FileNotFoundError(f"{path}: there is no such file or folder. Check the path.")
    if path.is_dir():
        return read_folder
    if path.suffix.lower() not in READERS:
        raise ValueError(
            f"{path}: files ending in {path.suffix!r} cannot be read. "
            f"Give one of {', '.join(READERS)}, or a folder of .txt files."
        )
    return READERS[path.suffix.lower()]


def _renamed(given: pd.DataFrame, columns: Mapping[str, str], path: Path) -> pd.DataFrame:
    if absent := [theirs for theirs in columns.values() if theirs not in given]:
        raise ValueError(f"{path}: no column {absent}, which columns= names; it has {list(given)}.")
    named = given.rename(columns={theirs: ours for ours, theirs in columns.items()})
    if twice := named.columns[named.columns.duplicated()].tolist():
        raise ValueError(f"{path}: columns= gives {twice} to a second column. Name the first one otherwise, too.")
    if missing := [name for name in REQUIRED if name not in named]:
        raise ValueError(
            f"{path}: no column {missing}; it has {list(given)}. Name them with columns={{'outlet': 'source', …}}."
        )
    return named


def _refuse_unusable(named: pd.DataFrame, path: Path) -> None:
    if named.empty:
        raise ValueError(f"{path}: it has columns but no row. It needs a row an article.")
    if "doc_id" not in named:
        return
    ids = _strings(named["doc_id"])
    if (unnamed := ids[ids == ""].index).size:
        raise ValueError(
            f"{path}: row {unnamed[0]} has no doc_id. Fill it in, or leave the column out: ids are made."
        )
    if ids.duplicated().any():
        rows = ids.index[ids == ids[ids.duplicated()].iloc[0]]
        raise ValueError(
            f"{path}: doc_id {ids[rows[0]]!r} stands in row {rows[0]} and again in row {rows[1]}. "
            "Give each article its own, or leave the column out: ids are made from row numbers."
        )


def _articles(named: pd.DataFrame) -> pd.DataFrame:
    articles = pd.DataFrame("", named.index, COLUMNS, dtype="str")
    articles["doc_id"] = [f"{number:06}" for number in range(1, len(named) + 1)]
    for name in [name for name in COLUMNS if name in named]:
        articles[name] = _strings(named[name])
    articles["date"] = _dates(named["date"]) if "date" in named else pd.NaT
    articles["date"] = articles["date"].astype("datetime64[us]")
    others = named.drop(columns=[name for name in COLUMNS if name in named])
    return pd.concat([articles, others], axis=1).sort_values("doc_id", ignore_index=True)


def _dates(column: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(column):
        return pd.to_datetime(column, utc=True).dt.tz_localize(None)
    return dates(_strings(column))


def _strings(column: pd.Series) -> pd.Series:
    return pd.Series([_string(value) for value in column], column.index, dtype="str")


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if pd.api.types.is_scalar(value) and pd.isna(value) else str(value)


def _audit(named: pd.DataFrame, articles: pd.DataFrame, encoding: str) -> dict[str, int | str]:
    undated = int(articles["date"].isna().sum())
    written = int((_strings(named["date"]).str.strip() != "").sum()) if "date" in named else 0
    return {
        "rows": len(articles),
        "no_outlet": int((articles["outlet"].str.strip() == "").sum()),
        "undated": undated,
        "unreadable_dates": written - (len(articles) - undated),
        "empty": int((articles["text"].str.strip() == "").sum()),
        "encoding": encoding,
    }
