"""The parts of a run merged: articles with their stories, passages and hits, the vocabulary, and sums."""

from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.arrays import Codes
from analysis.corpus.copies import SHORT, with_stories
from analysis.corpus.read import as_numbers, by_id
from analysis.corpus.runs import Repeated, Runs, first_equal, joined_runs, repeated_among, text_runs
from analysis.corpus.stories import document_stories

from .kept import Record, Tables, table_path
from .parts import BITS, part_table, part_texts

RUNS = 1 << 22  # five-word runs that are compared at a time: some 200 MB
FOUND = ("passages", "hits", "likely")  # tables that depend on the whole lexicon


def merged(folder: Path, parts: list[Record]) -> Tables:
    """The articles of all parts in the order of their ids, with their stories, and the vocabulary."""
    tables = (part_table(folder, part, "articles").assign(row=range(part["rows"])) for part in parts)
    every = by_id(together([table.assign(part=at) for at, table in enumerate(tables)]))
    own, aside = every[every["own"]].reset_index(drop=True), every[~every["own"]]
    del every  # as large as both
    equal = first_equal(own["same"].to_numpy())
    short = partial(_short_runs, folder, parts)
    stories = with_stories(own, _repeated(folder, parts, own), equal, lambda at: short(own.iloc[at]))
    articles = pd.concat([stories, aside], ignore_index=True)
    counted = all("counts" in part for part in parts)
    return {"articles": articles} | ({"vocabulary": _vocabulary(folder, parts)} if counted else {})


def merged_hits(folder: Path, parts: list[Record]) -> Tables:
    """Passages and hits of all parts in the order of their articles, those likely to have more, and the sums."""
    articles = pd.read_parquet(table_path(folder / "merged", "articles"))
    articles = articles[articles["own"]]
    order = pd.Series(range(len(articles)), articles["doc_id"])
    passages, hits, likely = (together([part_table(folder, part, name) for part in parts]) for name in FOUND)
    passages = _sorted(passages, order)
    place = pd.Series(passages["position"].to_numpy(), passages["passage_id"])
    hits = _sorted(hits.assign(position=hits["passage_id"].map(place)), order).drop(columns="position")
    return {"passages": passages, "hits": hits, "likely": likely, "sums": _sums(hits, passages, articles)}


def together(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """One table; a column of numbers in some parts and of text in others is what it would be in one piece."""
    every = pd.concat(tables, ignore_index=True)
    kinds = {name: {str(table[name].dtype) for table in tables if name in table and len(table)} for name in every}
    mixed = [name for name, found in kinds.items() if len(found) > 1 and "str" in found]
    return every.assign(**{str(name): as_numbers(every[name].astype("str")) for name in mixed})


def _sorted(table: pd.DataFrame, order: pd.Series) -> pd.DataFrame:
    """By article, and what is of one article by its position."""
    placed = table.assign(_article=table["doc_id"].map(order))
    return placed.sort_values(["_article", "position"], kind="stable", ignore_index=True).drop(columns="_article")


def _repeated(folder: Path, parts: list[Record], own: pd.DataFrame) -> Repeated:
    """The runs that several articles hold, of all parts, compared some at a time in the order of their hashes."""
    places = [np.zeros(part["rows"], dtype=np.int32) for part in parts]
    for at, rows in own.groupby("part"):
        places[int(str(at))][rows["row"]] = rows.index
    files = [table_path(folder / "work" / f"{part['path']}.{part['name']}", "runs") for part in parts]
    bits = max(0, (sum(part["runs"] for part in parts) // RUNS).bit_length())
    edges = [at << (BITS - bits) for at in range(1 << bits)] + [1 << BITS]
    return repeated_among((_runs_between(files, places, *one) for one in pairwise(edges)), len(own))


def _runs_between(files: list[Path], places: list[Codes], low: int, high: int) -> Runs:
    asked = [[("hash", ">=", np.uint64(low)), ("hash", "<=", np.uint64(high - 1))]]
    tables = (pd.read_parquet(file, filters=asked) for file in files)
    return joined_runs(Runs(t["hash"].to_numpy(), own[t["row"]]) for own, t in zip(places, tables, strict=True))


def _short_runs(folder: Path, parts: list[Record], rows: pd.DataFrame) -> Runs:
    """The runs of a few words of some articles, numbered in their order."""
    found, place = [Runs(np.zeros(0, np.uint64), np.zeros(0, np.int32))], np.arange(len(rows), dtype=np.int32)
    for at in np.unique(rows["part"]):
        here = place[rows["part"] == at]
        runs = text_runs(part_texts(folder, parts[at]).iloc[rows["row"].to_numpy()[here]], length=SHORT)
        found.append(Runs(runs.hashes, here[runs.texts]))
    return joined_runs(found)


def _vocabulary(folder: Path, parts: list[Record]) -> pd.DataFrame:
    """Each term, and how many articles hold it how often."""
    every = pd.DataFrame({"term": pd.Series(dtype="str"), "articles": 0, "occurrences": 0})
    for part in parts:
        cells = part_table(folder, part, "counts").groupby("term", observed=True)["n"].agg(["size", "sum"])
        cells = cells.set_axis(["articles", "occurrences"], axis=1).rename_axis("term").reset_index()
        joined = pd.concat([every, cells.astype({"term": "str"})])
        every = joined.groupby("term", as_index=False)[["articles", "occurrences"]].sum()
    return every


def _sums(hits: pd.DataFrame, found: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Articles about the pair and their passages, and passages with each frame, by outlet, story and month."""
    about = document_stories(pd.Index(found["doc_id"]), articles)[["outlet", "story"]].reset_index(drop=True)
    dated = articles["date"].dt.strftime("%Y-%m").astype("object").fillna("").astype("str")
    months = found["doc_id"].map(pd.Series(dated.to_numpy(), articles["doc_id"]))
    carried = hits[~hits["negated"]].drop_duplicates(["passage_id", "frame"])
    frames = pd.crosstab(carried["passage_id"], carried["frame"]).reindex(found["passage_id"], fill_value=0)
    table = about.assign(month=months, doc_id=found["doc_id"], passages=1)
    groups = pd.concat([table, frames.reset_index(drop=True)], axis=1).groupby(["outlet", "story", "month"])
    sums = groups[["passages", *frames.columns]].sum()
    sums.insert(0, "articles", groups["doc_id"].nunique())
    return sums.reset_index()
