"""Articles from a file, folder or export, checked here so that later steps need not check them."""

import json
import re
import warnings
from collections.abc import Mapping
from functools import cache
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from .clean import removed_of
from .files import rearmed
from .language import READ, given_codes, segmented
from .outlets import with_outlets
from .passages import language_of
from .readers.archive import opened
from .readers.columns import ORDERS, check_targets
from .readers.folder import read_files
from .readers.sheets import columns_of
from .readers.source import FACTS, IDS, OURS, Refused, Rows, Source, Unparsed, place_of
from .tables import article_dates, article_ids

COLUMNS = ["doc_id", "outlet", "date", "title", "text", "agency", "url", "language"]
MARKS = ("story_id", "copy_of", "overlap")  # of mark_copies
REPAIRED = ("outlet", "title", "text")
# The wrong decodings met in archives. Those of old Macs and DOS would put every quotation mark in doubt.
WRONG = ("latin-1", "cp1252", "cp1251", "cp1250")
OTHERS = (".xlsx", ".xls", ".ods", ".json", ".jsonl")  # tables that pandas reads


def read_articles(
    path: str | PathLike[str],
    *,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    outlet_names: bool = True,
) -> pd.DataFrame:
    """Articles from a file or folder, a row for each item found in it, in the order of ``doc_id``.

    Parameters
    ----------
    path : path
        A table (csv, tsv, Excel, HTML, Parquet, JSON lines, arrays and answers of news services), an export
        (Nexis and LexisNexis: docx, rtf, pdf, txt, html; Factiva: html, rtf, pdf, txt, xml, avro; ProQuest: txt,
        html, e-mail, ris; Europresse, Integrum, Kikuzo and Yomidasu: html; Retriever, wiso and NewsBank: txt;
        WiseNews: txt, html, docx; CNKI: E-Study, RefWorks, EndNote; BigKinds; Media Cloud and GDELT: csv, json; a
        text with the labels Title, Source, Date, Text), a web page or web archive (html, warc, arc), a folder of
        such files or of txt files (with a table whose column ``file`` or ``filename`` names them, or without:
        then a sub-folder's name is the outlet, and a file name that begins with 2024-03-07 gives the date), or a
        zip of any of these. Hidden files are passed over. The format is recognised by content, not by name. What
        ``write_table`` wrote comes back as the same table.
    columns : mapping
        Our names to the file's: ``{"outlet": "source", "text": "body"}``. Common names are recognised without.
        ``date_dmy`` or ``date_mdy`` in place of ``date`` says whether the day or the month is first in 03/04/2024.
    encoding : str
        Of text files; found out unless given.
    outlet_names : bool
        Give outlets in ``outlets.yaml`` one name, and add the columns ``country`` and ``ownership``.

    Returns
    -------
    DataFrame
        ``doc_id, outlet, date, title, text, agency, url, language`` (its code, as the file names it, else found by
        the text; empty where that has too few letters), then what else the file has (a column with the name of one
        of ours gets ``_given`` after it), then what reading found:
        ``outlet_given`` and ``date_given`` as written in the file, ``source`` and ``item`` (the file, and the row
        or item in it), ``encoding``, ``read_as`` (which of its columns became which, and which no step uses:
        ``"Body → text, Page → not used"``), and ``problem``: empty, or why the item could not be read. Such a row
        has no text, and as ``title`` how the item begins; later steps skip it. ``summarize`` counts all of this.
        A missing ``doc_id`` is made from the row number or the file name.

    Raises
    ------
    ValueError
        A missing column, a duplicate id, an empty, binary or ragged file, an encoding that does not fit, an
        archive that is unsafe to unpack, or a file of which nothing can be read. The message names the file,
        the row and the remedy.

    Warns
    -----
    UserWarning
        A column of dates or titles is not used, a summary is taken for the text, a list has no texts, or dates are
        taken from file names.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "export.csv")
    >>> _ = path.write_text("source,text\\nTASS,Xi met Putin.\\nDW,\\n")
    >>> read_articles(path, columns={"outlet": "source"})[["doc_id", "outlet", "text", "country"]]
       doc_id outlet           text country
    0  000001   TASS  Xi met Putin.      RU
    1  000002     DW                     DE
    """
    path = _found(path)
    check_targets(columns or ())
    root = Source(path, fspath(path), encoding, columns or {})
    with opened(root) as files:
        rows = read_files(root, files)
    for note in rows.notes:
        warnings.warn(note, UserWarning, stacklevel=2)
    ours, articles = is_ours(rows), as_received(rows, root)
    if ours:
        return segmented(articles)
    articles = _with_language(with_outlets(articles) if outlet_names else articles)
    if rows.unparsed:
        articles = pd.concat([articles, problem_rows(rows, articles)], ignore_index=True)
    return by_id(segmented(articles[[name for name in articles if name not in FACTS] + FACTS]))


def is_ours(rows: Rows) -> bool:
    """Whether this package read and wrote the table before."""
    return set(rearmed(rows.table.head(0))) >= OURS


def as_received(rows: Rows, root: Source) -> pd.DataFrame:
    """The articles of some files with outlets and languages as these name them. The given table is emptied."""
    named = rearmed(rows.table)
    named = named if set(named) >= OURS else named.rename(columns={name: f"{name}_given" for name in FACTS})
    _refuse_unusable(named, root.path)
    if set(named) >= OURS:
        return _read_back(named)
    order = next((order for name, order in ORDERS.items() if name in root.columns), "")
    articles = _articles(named, rows, order)
    del named
    for name in list(rows.table):
        del rows.table[name]
    pa.default_memory_pool().release_unused()
    return _typed(_without_mojibake(by_id(articles)))


def _found(path: str | PathLike[str]) -> Path:
    if not isinstance(path, str | PathLike):
        table = "A table with doc_id, outlet and text is used as it is: pass it to an.clean."
        instead = table if isinstance(path, pd.DataFrame) else "Give the path of a file or folder."
        raise TypeError(f"read_articles: a {type(path).__name__} is not a path. {instead}")
    if re.match(r"[a-z]{2,}://", fspath(path), re.I):
        raise ValueError(f"{fspath(path)}: an address is not a path. Download the file and give its path.")
    found = Path(path).expanduser()
    if not found.exists():
        raise FileNotFoundError(f"{found}: file or folder not found. Check the path.")
    return found


def _refuse_unusable(named: pd.DataFrame, path: Path) -> None:
    if named.empty:
        raise ValueError(f"{path}: the table has columns but no rows. It needs one row per article.")
    if "doc_id" not in named:
        return
    ids = _strings(article_ids(named))
    instead = "or leave the column out: ids are made from row numbers."
    if (unnamed := ids[ids == ""].index).size:
        raise ValueError(f"{path}: {place_of(unnamed[0])} has no doc_id. Fill it in, {instead}")
    for name in ids[ids.duplicated()][:1]:
        one, again, *_ = map(place_of, ids.index[ids == name])
        raise ValueError(f"{path}: doc_id {name!r} is in {one} and again in {again}. Give each its own, {instead}")


def _articles(named: pd.DataFrame, rows: Rows, order: str) -> pd.DataFrame:
    articles = pd.DataFrame("", named.index, COLUMNS, dtype="str")
    if "doc_id" not in named:
        articles["doc_id"] = [f"{number:06}" for number in range(1, len(named) + 1)]
    for name in [name for name in COLUMNS if name in named]:
        articles[name] = _strings(article_ids(named) if name == "doc_id" else named[name])
    naive = "date" in named and named["date"].dtype.kind == "M" and "," not in str(named["date"].dtype)
    written = "" if naive else articles["date"]  # "," in a dtype: a zone
    # Each file by itself: 3/4 is a day in March for one, in April for the other.
    days = named[["date"]] if "date" in named else named[[]]
    by_file = days.groupby(rows.facts["source"].to_numpy(), sort=False)
    articles["date"] = pd.concat([article_dates(part, order) for _, part in by_file])
    others = named.drop(columns=[name for name in COLUMNS if name in named])
    facts = rows.facts.set_index(named.index)
    facts = facts.assign(outlet_given=articles["outlet"], date_given=written, problem="")
    return pd.concat([articles, others, facts.astype("str")], axis=1)


def _without_mojibake(articles: pd.DataFrame) -> pd.DataFrame:
    """The articles with mojibake undone in outlet, title and text; the column ``encoding`` says so."""
    from ftfy import fix_encoding  # Speer, R. (2019): only what one wrong decoding explains is undone

    changed = pd.Series(False, articles.index)
    repaired = articles
    for column in REPAIRED:
        suspect = pc.match_substring_regex(pa.chunked_array(pa.array(articles[column])), _pairs()).to_numpy()
        if suspect.any():
            mended = articles[column].copy()
            mended[suspect] = [fix_encoding(text) for text in articles.loc[suspect, column]]
            changed |= mended != articles[column]
            repaired = repaired.assign(**{column: mended})
    encoding = articles["encoding"]
    return repaired.assign(encoding=encoding.mask(changed, encoding + ", mojibake repaired"))


@cache
def _pairs() -> str:
    """The first two bytes of a character in UTF-8 as a wrong decoding shows them: ftfy needs 8 ms an article."""
    first, second = bytes(range(0xC2, 0xF5)), bytes(range(0x80, 0xC0))
    pairs = [f"[{re.escape(first.decode(name))}][{re.escape(second.decode(name, 'ignore'))}]" for name in WRONG]
    return "|".join([*pairs, "[ÂÃ] ", "[\x80-\x9f]"])


def _with_language(articles: pd.DataFrame) -> pd.DataFrame:
    """The articles with the code of their ``language``: that of the file, else found by text or headline."""
    given = articles["language"]
    codes = given_codes(given)
    if (blank := codes == "").any():
        begun = articles["text"].str.slice(0, READ)
        words = begun.where(begun.str.strip() != "", articles["title"])[blank]
        codes[blank] = language_of(words.to_frame("text"))
    kept = {"language_given": given} if ((given != codes) & (given != "")).any() else {}
    return articles.assign(language=codes, **kept)


def problem_rows(rows: Rows, articles: pd.DataFrame) -> pd.DataFrame:
    """A row for each item that could not be read, with the columns of the articles."""
    items = pd.DataFrame(list(rows.unparsed), columns=Unparsed._fields, dtype="str")
    ids = (items["source"] + ": " + items["place"]).str.removesuffix(": ")
    again = ids.groupby(ids).cumcount()
    return pd.DataFrame("", items.index, list(articles), dtype="str").assign(
        doc_id=ids.mask(again > 0, ids + " (" + (again + 1).astype("str") + ")"),
        title=items["excerpt"], source=items["source"], item=items["place"], problem=items["reason"],
        date=pd.Series(pd.NaT, items.index, dtype="datetime64[us]"),
    )  # fmt: skip


def _read_back(named: pd.DataFrame) -> pd.DataFrame:
    """A table that this package read before, with the types that a file of text does not keep."""
    articles = named.drop(columns=[name for name in named if re.fullmatch(r"__index_level_\d+__", str(name))])
    texts = {name: _strings(articles[name]) for name in (*COLUMNS, *FACTS) if name in articles}
    others = articles.columns.difference([*COLUMNS, *FACTS, *MARKS, "removed"])
    texts |= {name: as_numbers(articles[name]) for name in others}
    texts |= {"date": article_dates(articles)} if "date" in articles else {}
    return by_id(_typed(articles.assign(**texts)))


def as_numbers(column: pd.Series) -> pd.Series:
    """A column of text as numbers or truth values, where these would be written as the same text."""
    if not isinstance(column.dtype, pd.StringDtype) or not (filled := column.fillna("") != "").any():
        return column
    if column.isin(["True", "False"]).all():
        return column == "True"
    numbers = pd.to_numeric(column[filled], errors="coerce")
    return numbers.reindex(column.index) if (numbers.astype("str") == column[filled]).all() else column


def _typed(articles: pd.DataFrame) -> pd.DataFrame:
    """The articles with the types of what cleaning and marking copies wrote in their rows."""
    try:
        if "removed" in articles:
            articles = articles.assign(removed=articles["removed"].map(removed_of))
    except ValueError:  # a column of the file's own
        articles = articles.rename(columns={"removed": "removed_given"})
    if not set(MARKS) <= set(articles):
        return articles
    named = {name: _strings(articles[name]).replace("", pd.NA) for name in MARKS[:2]}
    overlap = pd.to_numeric(articles["overlap"], errors="coerce")
    if (overlap.isna() & (_strings(articles["overlap"]) != "")).any():
        return articles.rename(columns={name: f"{name}_given" for name in MARKS})
    return articles.assign(**named, overlap=overlap)


def by_id(articles: pd.DataFrame) -> pd.DataFrame:
    """In the order of ids, items that could not be read last. The given table is emptied."""
    keys = articles[["doc_id"]].assign(last=articles["problem"] != "").reset_index(drop=True)
    if not keys["last"].any() and keys["doc_id"].is_monotonic_increasing:
        return articles.reset_index(drop=True)
    return taken(articles, keys.sort_values(["last", "doc_id"]).index.to_numpy())


def taken(articles: pd.DataFrame, order: NDArray[np.int64]) -> pd.DataFrame:
    """The articles in an order, one column after the other. The given table is emptied."""
    ordered: dict[str, pd.Series] = {}
    for name in map(str, list(articles)):
        column = articles.pop(name)
        if isinstance(column.dtype, pd.StringDtype):
            column = pa.chunked_array(pa.array(column)).combine_chunks()  # Arrow would hold the parts meanwhile
            pa.default_memory_pool().release_unused()
            ordered[name] = pd.Series(column.take(pa.array(order)), dtype="str")
        else:
            ordered[name] = column.take(order).reset_index(drop=True)
    return pd.DataFrame(ordered)


def _strings(column: pd.Series) -> pd.Series:
    if isinstance(column.dtype, pd.StringDtype):
        return column.astype("str").fillna("")
    texts = ["" if pd.api.types.is_scalar(value) and pd.isna(value) else str(value) for value in column]
    return pd.Series(texts, column.index, dtype="str")


def read_table(path: str | PathLike[str]) -> pd.DataFrame:
    """Table that ``write_table`` wrote, except what CSV does not keep: dates, lists, categories, empty texts.

    Ids are text, the characters that disarm formulas are removed, and an index is a column. For articles use
    ``read_articles``.

    Returns
    -------
    DataFrame
        The rows and columns of the file, in their order.

    Examples
    --------
    >>> import tempfile
    >>> from analysis import write_table
    >>> passages = pd.DataFrame({"passage_id": ["007:0"], "text": ["=1+1"]})
    >>> read_table(write_table(passages, Path(tempfile.mkdtemp(), "passages.csv")))
      passage_id  text
    0      007:0  =1+1
    """
    target, ids = Path(path).expanduser(), dict.fromkeys(IDS, "str")
    if target.suffix.lower() in OTHERS:
        calls = "pd.read_excel(path, engine='calamine') or pd.read_json(path)"
        raise ValueError(f"{target}: a table is .csv or .parquet. Found: {target.suffix}. Read it by {calls}.")
    words: dict[str, Any] = {"keep_default_na": False, "na_values": [""]}  # "null" is one
    try:
        if target.suffix.lower() == ".parquet":
            columns = columns_of(Source(target, target.name), "table")
            table: pd.DataFrame = columns.to_pandas()
            table.attrs = json.loads((columns.schema.metadata or {}).get(b"PANDAS_ATTRS", b"{}"))
            return table
        with target.open(encoding="utf-8-sig") as file:
            head = file.readline()
        sign = max(",;\t", key=head.count)  # as spreadsheets of half of Europe divide cells
        return rearmed(pd.read_csv(target, dtype=ids, encoding="utf-8-sig", sep=sign, **words))
    except Refused:
        raise
    except (ValueError, LookupError, AttributeError, TypeError) as error:  # whatever damaged notes lead to
        found = str(error).strip().partition("\n")[0].rstrip(".")
        reason = "it is not a table that an.write_table wrote, or is damaged"
        raise ValueError(f"{target}: {reason}: {type(error).__name__}: {found}.") from None
