"""Whole tables as comma-separated text, for the reader of a report to take along."""

from __future__ import annotations

import pandas as pd

from analysis.topics.fit import top_words

from .findings import Findings

LETTERS = 400_000  # of one table: beyond it the page would grow past what mail takes; such tables come from Python
MOST_WORDS = 100  # of an outlet or topic: further down no word says anything of it
# A spreadsheet runs a cell that begins like a formula; an apostrophe before it keeps it text.
FORMULA = r"^(?=[=@\t\r]|[+-](?![\d.]))"


def csv_text(table: pd.DataFrame) -> str:
    """The table as CSV that a spreadsheet opens without running anything.

    >>> csv_text(pd.DataFrame({"text": ["=1+1", "-3", "gas"]}))
    "text\\r\\n'=1+1\\r\\n-3\\r\\ngas\\r\\n"
    """
    plain = table.copy()
    for name in plain.select_dtypes(include=["str", "object", "category"]):
        plain[name] = plain[name].astype("str").str.replace(FORMULA, "'", regex=True)
    return plain.to_csv(index=False, lineterminator="\r\n", float_format="%.6g", date_format="%Y-%m-%d")


def tables(found: Findings) -> dict[str, str]:
    """The tables of a chapter in full, by name; those too long for a page are left out."""
    copies = found.articles[found.articles["copy_of"].notna()]
    topics = pd.DataFrame() if found.topics is None else top_words(found.topics, n=MOST_WORDS)
    every = {
        "shares": found.estimates,
        "differences": found.differences,
        "outlets": found.outlets,
        "removed": found.removed,
        "copies": copies[["doc_id", "outlet", "date", "title", "copy_of", "overlap"]],
        "terms": found.terms.groupby("group", observed=True).head(MOST_WORDS),
        "topics": topics,
        "hits": found.hits,
        "passages": found.passages,
    }
    written = {name: csv_text(table) for name, table in every.items()}
    return {name: text for name, text in written.items() if len(text) <= LETTERS}
