"""What depends on all articles of a study, decided once from a quick pass over its parts."""

from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.corpus.clean import LEARNED, drawn, learned
from analysis.corpus.dates import dates
from analysis.corpus.language import guessed, segmented
from analysis.corpus.outlets import FACTS as OUTLET_FACTS
from analysis.corpus.outlets import Outlet, one_name, with_outlets
from analysis.corpus.passages import ENGLISH
from analysis.corpus.read import COLUMNS
from analysis.corpus.readers.source import FACTS
from analysis.corpus.repeated import Boilerplate
from analysis.corpus.tables import is_usable
from analysis.frames.lexicon import Lexicon

from .kept import Record, Tables, table_path

EXTRA = ["_blank", "_begun", "_empty", "language_given"]  # columns of a part as read that no other table has
LISTS = ("marks", "pieces", "steady", "lines")


def decide(folder: Path, read: list[Record], lexicon: Lexicon) -> tuple[Tables, Record]:
    """Numbers for ids, names of outlets, languages of short texts, order of dates, boilerplate of outlets."""
    facts = _facts(read)
    judged = pd.concat([_short_texts(folder, read), _dates(folder, read)], ignore_index=True)
    light = [_light(folder, part, facts, judged) for part in read]
    facts["shared"] = _sharing(table for table, part in zip(light, read, strict=True) if not part["ours"])
    light = [
        table if part["ours"] else _with_own_ids(table, facts) for table, part in zip(light, read, strict=True)
    ]
    _refuse_repeated(light)
    known = learned(_sample(folder, read, light, facts, judged, lexicon))
    runs = pd.DataFrame({"hash": known.runs, "times": known.times})
    lists = {name: pd.DataFrame({"hash": getattr(known, name)}) for name in LISTS}
    return {"judged": judged, "runs": runs} | lists, facts


def _light(folder: Path, part: Record, facts: Record, judged: pd.DataFrame) -> pd.DataFrame:
    received = read_part(folder, part, text=False)
    wanted = ["doc_id", "language", "problem", "source", "item"]
    return finished(received, part, facts, judged).reindex(columns=wanted).assign(empty=received["_empty"])


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
        "numbers": dict(zip(map(_name, read), numbers, strict=False)),
        "labelled": not all(part["made"] for part in read if part["articles"]),
        "outlets": one_name(outlets),
        "columns": list(dict.fromkeys(name for part in read for name in part["columns"])),
        "given": any(part["given"] for part in read),
    }


def read_part(folder: Path, part: Record, *, text: bool = True) -> pd.DataFrame:
    """The articles of a part as they were read."""
    names = [name for name in part["columns"] if name != "text" or text]
    return pd.read_parquet(table_path(folder / "read" / part["path"], part["name"]), columns=names)


def _short_texts(folder: Path, read: list[Record]) -> pd.DataFrame:
    """The languages of the texts too short to show theirs, judged beside all others: ``part, row, language``."""
    longer: Counter[str] = Counter()
    kinds = {"part": "str", "row": "int64", "begun": "str"}
    rows = [pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})]
    for part in (part for part in read if part["short"]):
        begun = pd.read_parquet(table_path(folder / "read" / part["path"], part["name"]), columns=["_begun"])
        begun = begun.rename(columns={"_begun": "begun"}).dropna()
        rows.append(begun.assign(part=_name(part), row=begun.index))
    for part in read:
        longer.update(part["languages"])
    every = pd.concat(rows, ignore_index=True)
    codes = guessed(every["begun"].tolist(), beside=longer) if len(every) else []
    return every.assign(language=pd.Series(codes, dtype="str")).drop(columns="begun")


def _dates(folder: Path, read: list[Record]) -> pd.DataFrame:
    """The dates of files cut into pieces, where all dates of the file decide otherwise: ``part, row, date``."""
    found = [pd.DataFrame({"part": pd.Series(dtype="str"), "row": 0, "date": pd.Series(dtype="datetime64[us]")})]
    for name in dict.fromkeys(part["of"] for part in read if "of" in part):
        tables = [
            pd.read_parquet(
                table_path(folder / "read" / part["path"], part["name"]), columns=["date", "date_given"]
            ).assign(part=_name(part))
            for part in read
            if part.get("of") == name
        ]
        every = pd.concat(tables).rename_axis("row").reset_index()
        whole = dates(every["date_given"])
        other = (whole != every["date"]) & (whole.notna() | every["date"].notna()) & (every["date_given"] != "")
        found.append(every.assign(date=whole).loc[other, ["part", "row", "date"]])
    return pd.concat(found, ignore_index=True)


def _name(part: Record) -> str:
    return f"{part['path']}.{part['name']}"


def finished(articles: pd.DataFrame, part: Record, facts: Record, judged: pd.DataFrame) -> pd.DataFrame:
    """The articles of a part, row by row as ``read_articles`` gives them for the source in one piece."""
    if part["ours"]:
        return segmented(articles.drop(columns="_empty"))
    usable = is_usable(articles)
    if part["made"]:
        numbers = facts["numbers"][_name(part)] + np.cumsum(usable)
        labels = articles["source"] + ": " + articles["item"]
        made = (
            labels if facts["labelled"] else pd.Series([f"{n:06}" for n in numbers], articles.index, dtype="str")
        )
        articles = articles.assign(doc_id=made.where(usable, articles["doc_id"]))
    own = judged[judged["part"] == _name(part)]
    for name in ("language", "date"):
        known = own[own[name].notna()]
        articles.loc[known["row"], name] = known[name].to_numpy()
    outlets = {given: Outlet(*outlet) for given, outlet in facts["outlets"].items()}
    named = with_outlets(articles, outlets if usable.all() else outlets | {"": Outlet("")})
    named = _with_own_ids(named, facts)
    absent = [name for name in _others(facts) if name not in articles]
    return segmented(_in_columns(named, facts, absent, usable))


def _others(facts: Record) -> list[str]:
    return [name for name in facts["columns"] if name not in {*COLUMNS, *FACTS, *EXTRA}]


def _in_columns(
    articles: pd.DataFrame, facts: Record, absent: list[str], usable: "pd.Series[bool]"
) -> pd.DataFrame:
    """With the columns of all parts in one order; those that the part lacks are missing, and empty in problems."""
    others = _others(facts)
    order = [*COLUMNS, *others, *(fact for fact in OUTLET_FACTS if fact not in others)]
    order += ["language_given"] * facts["given"] + FACTS
    empty = pd.Series(None, articles.index, dtype="str").where(usable, "")
    filled = articles.assign(**dict.fromkeys(absent, empty))
    return filled[[name for name in order if name in filled]]


def _sharing(tables: Iterable[pd.DataFrame]) -> list[str]:
    """The files that share an id with another one."""
    every = _usable(tables, "doc_id", "source").drop_duplicates()
    return sorted(set(every["source"][every["doc_id"].duplicated(keep=False)]))


def _usable(tables: Iterable[pd.DataFrame], *columns: str) -> pd.DataFrame:
    """These columns of all articles that can be used."""
    parts = [table.loc[is_usable(table), [*columns]] for table in tables]
    return pd.concat([pd.DataFrame(columns=[*columns], dtype="str"), *parts])


def _with_own_ids(articles: pd.DataFrame, facts: Record) -> pd.DataFrame:
    """The articles, ids of files that share some after the file's name, as where they are read at once."""
    shared = articles["source"].isin(facts.get("shared", ())) & is_usable(articles)
    if not shared.any():
        return articles
    return articles.assign(doc_id=articles["doc_id"].mask(shared, articles["source"] + ": " + articles["doc_id"]))


def _refuse_repeated(tables: Iterable[pd.DataFrame]) -> None:
    every = _usable(tables, "doc_id", "source", "item")
    twice = every[every["doc_id"].duplicated(keep=False)]
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
    folder: Path,
    read: list[Record],
    light: list[pd.DataFrame],
    facts: Record,
    judged: pd.DataFrame,
    lexicon: Lexicon,
) -> pd.DataFrame:
    """The articles from which boilerplate is learned: those that ``learned`` would draw from all."""
    every = pd.concat(light, keys=range(len(light)))
    every = every[is_usable(every) & readable(every["language"], every["empty"].eq(True), lexicon)]
    chosen = every[drawn(every, LEARNED)]
    parts = [finished(read_part(folder, read[0]), read[0], facts, judged).head(0)]  # where none is chosen
    for at in np.unique(chosen.index.get_level_values(0)):
        articles = finished(read_part(folder, read[int(at)]), read[int(at)], facts, judged)
        parts.append(articles.loc[chosen.loc[at].index])
    return pd.concat(parts, ignore_index=True)
