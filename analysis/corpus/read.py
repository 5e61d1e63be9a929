"""Articles from a file, folder or export, checked at the border so that every later step can trust them."""

from collections.abc import Mapping, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import pandas as pd

from .attached import Attached
from .dates import dates
from .mojibake import without_mojibake
from .outlets import with_outlets
from .readers.archive import opened
from .readers.folder import read_files
from .readers.source import Rows, Source, Unparsed
from .tables import missing_column

COLUMNS = ["doc_id", "outlet", "date", "title", "text", "agency", "url"]
REQUIRED = ["outlet", "text"]
SAME = ["outlet", "date", "title", "text", "url"]  # two rows alike in these are one record twice


def read_articles(
    path: str | PathLike[str],
    *,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    outlet_names: bool = True,
) -> pd.DataFrame:
    """Articles ``doc_id, outlet, date, title, text, agency, url`` and what else the file has, by ``doc_id``.

    ``path`` is a table (csv, tsv, Excel, JSON lines or array, Parquet), an export (Nexis Uni: docx, rtf, pdf;
    Factiva: html, rtf; ProQuest: txt, html; Media Cloud and GDELT: csv), a web page or web archive (html,
    warc), a folder of such files or of txt files (with an ``articles.csv`` that names them in its column
    ``file``, or without: then a sub-folder's name is the outlet), or a zip of any of these. Content tells the
    format, not the name.

    ``columns`` maps our names to the file's: ``{"outlet": "source", "text": "body"}``. Only outlet and text
    must be there; ``doc_id`` is made from the row number or the file name. ``encoding`` is found out unless
    given. With ``outlet_names``, outlets in ``outlets.yaml`` get one name (``.attrs["outlets"]`` lists what
    became of each) and columns ``country`` and ``ownership`` are added.

    Nothing is lost in silence. ``.attrs["audit"]`` counts ``rows, no_outlet, undated, unreadable_dates,
    empty, encoding, seen, parsed, unparsed, repeated`` (like an earlier row in all), ``mojibake_repaired,
    members`` (files read) and ``outlets_unknown``; seen is parsed and unparsed. ``.attrs["unparsed"]`` lists
    the items that became no row: ``place, reason, excerpt``. Cells of csv and tsv stay strings.

    ValueError names the file, the row and the remedy: a missing column, a duplicate id, an empty, binary or
    ragged file, an encoding that does not fit, a field of an export that nobody knows (``columns`` may name
    it), an archive that would harm the machine.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "export.csv")
    >>> _ = path.write_text("source,text\\nTASS,Xi met Putin.\\nDW,\\n")
    >>> read_articles(path, columns={"outlet": "source"})[["doc_id", "outlet", "text", "country"]]
       doc_id outlet           text country
    0  000001   TASS  Xi met Putin.      RU
    1  000002     DW                     DE
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"{path}: there is no such file or folder. Check the path.")
    root = Source(path, fspath(path), encoding, frozenset((columns or {}).values()))
    with opened(root) as files:
        rows = read_files(root, files)
        named = _renamed(rows.table, columns or {}, path)
    _refuse_unusable(named, path)
    articles, repaired = without_mojibake(_articles(named))
    articles = with_outlets(articles) if outlet_names else articles
    articles.attrs["unparsed"] = _unparsed(rows.unparsed)
    articles.attrs["audit"] = _audit(named, articles, rows, members=len(files), repaired=repaired)
    return articles


def _renamed(given: pd.DataFrame, columns: Mapping[str, str], path: Path) -> pd.DataFrame:
    if absent := [theirs for theirs in columns.values() if theirs not in given]:
        raise missing_column(given, absent[0], where=str(path), hint="columns= names it.")
    named = given.rename(columns={theirs: ours for ours, theirs in columns.items()})
    if twice := named.columns[named.columns.duplicated()].tolist():
        raise ValueError(f"{path}: columns= gives {twice} to a second column. Name the first one otherwise, too.")
    if missing := [name for name in REQUIRED if name not in named]:
        hint = f"Name it with columns={{{missing[0]!r}: 'its name in the file'}}."
        raise missing_column(given, missing[0], where=str(path), hint=hint)
    return named


def _refuse_unusable(named: pd.DataFrame, path: Path) -> None:
    if named.empty:
        raise ValueError(f"{path}: it has columns but no row. It needs a row an article.")
    if "doc_id" not in named:
        return
    ids = _strings(named["doc_id"])
    if (unnamed := ids[ids == ""].index).size:
        raise ValueError(
            f"{path}: {_place(unnamed[0])} has no doc_id. Fill it in, or leave the column out: ids are made."
        )
    if ids.duplicated().any():
        rows = ids.index[ids == ids[ids.duplicated()].iloc[0]]
        raise ValueError(
            f"{path}: doc_id {ids[rows[0]]!r} stands in {_place(rows[0])} and again in {_place(rows[1])}. "
            "Give each article its own, or leave the column out: ids are made from row numbers."
        )


def _place(label: object) -> str:
    return label if isinstance(label, str) else f"row {label}"


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
        local: pd.Series = column.dt.tz_localize(None)  # the local day, whatever its offset
        return local
    return dates(_strings(column))


def _strings(column: pd.Series) -> pd.Series:
    return pd.Series([_string(value) for value in column], column.index, dtype="str")


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if pd.api.types.is_scalar(value) and pd.isna(value) else str(value)


def _unparsed(items: Sequence[Unparsed]) -> Attached:
    return Attached(pd.DataFrame(list(items), columns=Unparsed._fields, dtype="str"))


def _audit(
    named: pd.DataFrame, articles: pd.DataFrame, rows: Rows, *, members: int, repaired: int
) -> dict[str, int | str]:
    undated = int(articles["date"].isna().sum())
    written = int((_strings(named["date"]).str.strip() != "").sum()) if "date" in named else 0
    outlets = articles.attrs.get("outlets")
    return {
        "rows": len(articles),
        "no_outlet": int((articles["outlet"].str.strip() == "").sum()),
        "undated": undated,
        "unreadable_dates": written - (len(articles) - undated),
        "empty": int((articles["text"].str.strip() == "").sum()),
        "encoding": rows.encoding,
        "seen": len(articles) + len(rows.unparsed),
        "parsed": len(articles),
        "unparsed": len(rows.unparsed),
        "repeated": int(articles.duplicated(SAME).sum()),
        "mojibake_repaired": repaired,
        "members": members,
        "outlets_unknown": 0
        if outlets is None
        else int(((outlets["country"] == "") & (outlets["given"] != "")).sum()),
    }
