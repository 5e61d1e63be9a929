"""The articles of a group of files as received, with what a later step decides from those of all groups."""

from typing import Any

import pandas as pd

from analysis.corpus.language import READ, brief, given_codes, guessed
from analysis.corpus.passages import language_of
from analysis.corpus.read import COLUMNS, as_received, by_id, is_ours, problem_rows
from analysis.corpus.readers.archive import opened
from analysis.corpus.readers.columns import ORDERS
from analysis.corpus.readers.folder import read_files
from analysis.corpus.readers.source import FACTS, Source
from analysis.corpus.tables import article_dates, article_ids, check_table, is_usable

from .kept import Record
from .pieces import Piece

PLACE = r"(?<![^ ])(row |element )(\d+)"  # as readers count


def received(root: Source, files: list[Source]) -> tuple[pd.DataFrame, Record]:
    """The articles of a group of files; whether their ids were made, whether the files are ours, and notes."""
    piece = files[0] if files and isinstance(files[0], Piece) else None
    everything = [file.name for file in files] == [root.name] or bool(piece and piece.given == root.name)
    before = piece.before if piece else 0
    with opened(*files) as unpacked:
        rows = read_files(root, unpacked, part=not everything or before > 0)
    if not len(rows.table):
        none = pd.DataFrame({name: pd.Series(dtype="str") for name in [*COLUMNS, *FACTS]})
        return problem_rows(rows, none), {"made": False, "ours": False, "notes": list(rows.notes)}
    facts = {"made": "doc_id" not in rows.table, "ours": is_ours(rows), "notes": list(rows.notes)}
    articles = as_received(rows, root)
    if piece and not facts["ours"] and not {*ORDERS} & {*root.columns}:
        facts["of"] = piece.name  # all of its dates decide in which order they are written
    articles = articles if facts["ours"] else _in_a_language(articles)
    if rows.unparsed:
        problems = problem_rows(rows, articles.drop(columns=["_blank", "_begun"], errors="ignore"))
        articles = pd.concat([articles, problems], ignore_index=True)
    return _numbered_on(articles, before) if before else articles, facts


def _numbered_on(articles: pd.DataFrame, before: int) -> pd.DataFrame:
    """The articles of a piece, their rows counted from the beginning of its file."""
    items, ids = (
        articles[name].str.replace(PLACE, lambda place: f"{place[1]}{int(place[2]) + before}", regex=True)
        for name in ("item", "doc_id")
    )
    return articles.assign(item=items, doc_id=articles["doc_id"].where(articles["problem"] == "", ids))


def as_given(articles: pd.DataFrame) -> pd.DataFrame:
    """A table of articles with the columns that every article of a study has; what it lacks is empty."""
    check_table(articles, "articles", ["doc_id", "text"], key="doc_id")
    absent: dict[str, Any] = {
        name: "" for name in ("outlet", "title", "agency", "url", "problem") if name not in articles
    }
    named = articles.assign(doc_id=article_ids(articles), date=article_dates(articles), **absent)
    return by_id(named.assign(language=language_of(articles)))


def _in_a_language(articles: pd.DataFrame) -> pd.DataFrame:
    """With ``language``; ``_blank`` where the file names none, and ``_begun``, what a short text begins with."""
    codes = given_codes(articles["language"])
    blank = codes == ""
    begun = articles["text"].str.slice(0, READ)
    begun = begun.where(begun.str.strip() != "", articles["title"])
    codes = codes.where(~blank, pd.Series(guessed(begun[blank].tolist()), begun.index[blank], dtype="str"))
    short = [empty and brief(text) for empty, text in zip(blank, begun, strict=True)]
    return articles.assign(
        language=codes,
        language_given=articles["language"],
        _blank=blank,
        _begun=begun.where(pd.Series(short, begun.index)),
    )


def counted(table: pd.DataFrame) -> Record:
    """What ``decide`` needs of a part without reading it again."""
    usable, own = is_usable(table), "_blank" in table
    long = table[usable & table["_blank"].eq(True) & table["_begun"].isna()] if own else table.head(0)
    given = table["language_given"] if own else table["language"]
    return {
        "articles": int(usable.sum()),
        "outlets": table.loc[usable, "outlet"].value_counts(sort=False).to_dict(),
        "languages": long["language"].value_counts(sort=False).to_dict(),
        "short": own and bool(table["_begun"].notna().any()),
        "given": bool((usable & (given != table["language"]) & (given != "")).any()),
        "columns": list(map(str, table)),
    }
