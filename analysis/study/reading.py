"""The articles of a study part by part as they were read, and what depends on all of them, decided once."""

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus.clean import LEARNED, drawn, learned
from analysis.corpus.dates import dates
from analysis.corpus.language import READ, brief, given_codes, guessed, segmented
from analysis.corpus.outlets import FACTS as OUTLET_FACTS
from analysis.corpus.outlets import Outlet, one_name, with_outlets
from analysis.corpus.passages import ENGLISH, language_of
from analysis.corpus.read import COLUMNS, as_received, by_id, is_ours, problem_rows
from analysis.corpus.readers.archive import opened
from analysis.corpus.readers.columns import ORDERS
from analysis.corpus.readers.folder import read_files
from analysis.corpus.readers.source import FACTS, Source
from analysis.corpus.repeated import Boilerplate
from analysis.corpus.tables import article_dates, article_ids, check_table, is_usable, no_rows
from analysis.frames.lexicon import Lexicon

from .kept import Record, Tables, part_name, table_path
from .pieces import Piece

PLACE = r"(?<![^ ])(row |element )(\d+)"  # as readers count
EXTRA = ["_blank", "_begun", "_empty", "language_given"]  # columns of a part as read that no other table has
LISTS = ("marks", "pieces", "steady", "lines")
JUDGED = {"part": "str", "row": "int64", "language": "str", "date": "datetime64[us]"}


def received(root: Source, files: list[Source]) -> tuple[pd.DataFrame, Record]:
    """The articles of a group of files; whether their ids were made, whether the files are ours, and notes."""
    piece = files[0] if files and isinstance(files[0], Piece) else None
    everything = [file.name for file in files] == [root.name] or bool(piece and piece.given == root.name)
    before = piece.before if piece else 0
    with opened(*files) as unpacked:
        rows = read_files(root, unpacked, part=not everything or before > 0)
    if not len(rows.table):
        none = no_rows(dict.fromkeys([*COLUMNS, *FACTS], "str"))
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


def read_part(folder: Path, part: Record, columns: list[str] | None = None) -> pd.DataFrame:
    """The articles of a part as they were read, or some of their columns."""
    return pd.read_parquet(table_path(folder / "read" / part["path"], part["name"]), columns=columns)


def decide(folder: Path, read: list[Record], lexicon: Lexicon) -> tuple[Tables, Record]:
    """Numbers for ids, names of outlets, languages of short texts, order of dates, boilerplate of outlets."""
    facts = _facts(read)
    found = [no_rows(JUDGED), *_short_texts(folder, read), *_dates(folder, read)]
    judged = pd.concat(found, ignore_index=True)
    light = pd.concat([_light(folder, part, facts, judged) for part in read], keys=range(len(read)))
    ours = light["ours"]
    files = light[is_usable(light) & ~ours].drop_duplicates(["doc_id", "source"])
    facts["shared"] = sorted(set(files["source"][files["doc_id"].duplicated(keep=False)]))
    light.loc[~ours, "doc_id"] = _with_own_ids(light[~ours], facts)["doc_id"]
    _refuse_repeated(light[is_usable(light)])
    known = learned(_sample(folder, read, light, facts, judged, lexicon))
    runs = pd.DataFrame({"hash": known.runs, "times": known.times})
    lists = {name: pd.DataFrame({"hash": getattr(known, name)}) for name in LISTS}
    return {"judged": judged, "runs": runs} | lists, facts


def _light(folder: Path, part: Record, facts: Record, judged: pd.DataFrame) -> pd.DataFrame:
    columns = [name for name in part["columns"] if name != "text"]
    wanted = ["doc_id", "language", "problem", "source", "item"]
    articles = finished(folder, part, facts, judged, columns).reindex(columns=wanted)
    return articles.assign(empty=read_part(folder, part, ["_empty"])["_empty"], ours=part["ours"])


@cache
def decided_tables(folder: Path, _: str) -> tuple[pd.DataFrame, Boilerplate]:
    """Languages and dates that all articles decide, and the boilerplate; read once a process and key."""
    tables = {name: pd.read_parquet(table_path(folder / "decided", name)) for name in ("judged", "runs", *LISTS)}
    runs, lists = tables["runs"], {name: tables[name]["hash"].to_numpy() for name in LISTS}
    return tables["judged"], Boilerplate(runs["hash"].to_numpy(), runs["times"].to_numpy(), **lists)


def _facts(read: list[Record]) -> Record:
    outlets: Counter[str] = Counter()
    for part in read:
        outlets.update(part["outlets"])
    numbers = np.cumsum([0, *(part["articles"] for part in read)]).tolist()
    return {
        "numbers": dict(zip(map(part_name, read), numbers, strict=False)),
        "labelled": not all(part["made"] for part in read if part["articles"]),
        "outlets": one_name(outlets),
        "columns": list(dict.fromkeys(name for part in read for name in part["columns"])),
        "given": any(part["given"] for part in read),
    }


def _short_texts(folder: Path, read: list[Record]) -> list[pd.DataFrame]:
    """The languages of the texts too short to show theirs, judged beside all others: ``part, row, language``."""
    if not (short := [part for part in read if part["short"]]):
        return []
    longer = sum((Counter(part["languages"]) for part in read), Counter[str]())
    begun = pd.concat([read_part(folder, part, ["_begun"])["_begun"].dropna() for part in short],
                      keys=map(part_name, short), names=["part", "row"])  # fmt: skip
    codes = guessed(begun.tolist(), beside=longer)
    return [pd.Series(codes, begun.index, dtype="str", name="language").reset_index()]


def _dates(folder: Path, read: list[Record]) -> list[pd.DataFrame]:
    """The dates of files cut into pieces, where all dates of the file decide otherwise: ``part, row, date``."""
    found = []
    for name in dict.fromkeys(part["of"] for part in read if "of" in part):
        parts = [part for part in read if part.get("of") == name]
        tables = [read_part(folder, part, ["date", "date_given"]) for part in parts]
        every = pd.concat(tables, keys=map(part_name, parts), names=["part", "row"]).reset_index()
        whole = dates(every["date_given"])
        other = (whole != every["date"]) & (whole.notna() | every["date"].notna()) & (every["date_given"] != "")
        found.append(every.assign(date=whole).loc[other, ["part", "row", "date"]])
    return found


def finished(
    folder: Path, part: Record, facts: Record, judged: pd.DataFrame, columns: list[str] | None = None
) -> pd.DataFrame:
    """The articles of a part, row by row as ``read_articles`` gives them for the source in one piece."""
    articles = read_part(folder, part, columns)
    if part["ours"]:
        return segmented(articles.drop(columns="_empty"))
    usable = is_usable(articles)
    if part["made"]:
        numbers = facts["numbers"][part_name(part)] + usable.cumsum()
        labels = articles["source"] + ": " + articles["item"]
        made = labels if facts["labelled"] else numbers.astype("str").str.zfill(6)
        articles = articles.assign(doc_id=made.where(usable, articles["doc_id"]))
    own = judged[judged["part"] == part_name(part)]
    for name in ("language", "date"):
        known = own[own[name].notna()]
        articles.loc[known["row"], name] = known[name].to_numpy()
    outlets = {given: Outlet(*outlet) for given, outlet in facts["outlets"].items()}
    named = with_outlets(articles, outlets if usable.all() else outlets | {"": Outlet("")})
    return segmented(_in_columns(_with_own_ids(named, facts), articles.columns, facts, usable))


def _in_columns(
    articles: pd.DataFrame, received: "pd.Index[str]", facts: Record, usable: "pd.Series[bool]"
) -> pd.DataFrame:
    """With the columns of all parts in one order; those not received are missing, and empty in problems."""
    others = [name for name in facts["columns"] if name not in {*COLUMNS, *FACTS, *EXTRA}]
    order = [*COLUMNS, *others, *(fact for fact in OUTLET_FACTS if fact not in others)]
    order += ["language_given"] * facts["given"] + FACTS
    empty = pd.Series(None, articles.index, dtype="str").where(usable, "")
    filled = articles.assign(**{name: empty for name in others if name not in received})
    return filled[[name for name in order if name in filled]]


def _with_own_ids(articles: pd.DataFrame, facts: Record) -> pd.DataFrame:
    """The articles, ids of files that share some after the file's name, as where they are read at once."""
    shared = articles["source"].isin(facts.get("shared", ())) & is_usable(articles)
    if not shared.any():
        return articles
    return articles.assign(doc_id=articles["doc_id"].mask(shared, articles["source"] + ": " + articles["doc_id"]))


def _refuse_repeated(articles: pd.DataFrame) -> None:
    twice = articles[articles["doc_id"].duplicated(keep=False)]
    if len(twice):
        first, second = twice[twice["doc_id"] == twice["doc_id"].iloc[0]].iloc[:2].to_dict("records")
        raise ValueError(
            f"{second['source']}: doc_id {first['doc_id']!r} is in {second['item']} and in {first['source']} "
            f"({first['item']}). Give each article its own, or leave the column out: ids are made."
        )


def readable(codes: "pd.Series[str]", empty: "pd.Series[bool]", lexicon: Lexicon) -> "pd.Series[bool]":
    """Which articles are in the language of the lexicon, or have no text."""
    own = {*lexicon.each, *(ENGLISH if "en" in lexicon.each else ())}
    return pd.Series(codes.isin(own) | empty, codes.index)


def in_languages(codes: "pd.Series[str]", lexicon: Lexicon) -> "pd.Series[str]":
    """The language in which each readable article is searched: its own, or else the first of the lexicon."""
    return codes.where(codes.isin(list(lexicon.each)), lexicon.language)


def _sample(
    folder: Path, read: list[Record], light: pd.DataFrame, facts: Record, judged: pd.DataFrame, lexicon: Lexicon
) -> pd.DataFrame:
    """The articles from which boilerplate is learned: those that ``learned`` would draw from all."""
    every = light[is_usable(light) & readable(light["language"], light["empty"].eq(True), lexicon)]
    chosen = every[drawn(every, LEARNED)]
    parts = [finished(folder, read[0], facts, judged).head(0)]  # where none is chosen
    for at in np.unique(chosen.index.get_level_values(0)):
        parts.append(finished(folder, read[int(at)], facts, judged).loc[chosen.loc[at].index])
    return pd.concat(parts, ignore_index=True)
