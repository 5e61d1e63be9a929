"""The parts of a run merged: articles with their stories, passages and hits, the vocabulary, and sums."""

import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.arrays import Codes, return_memory
from analysis.corpus.copies import SHORT, with_stories
from analysis.corpus.read import as_numbers, by_id, taken
from analysis.corpus.runs import (
    PARTS,
    Repeated,
    Runs,
    first_equal,
    in_parts,
    joined_runs,
    repeated_among,
    text_runs,
)  # fmt: skip
from analysis.corpus.stories import document_stories
from analysis.corpus.tables import no_rows

from .kept import PIECES, Record, Tables, part_name, table_path
from .parts import BITS, part_table, part_texts

RUNS = 1 << 22  # five-word runs that are compared at a time: some 200 MB
RANGES = 2  # as a power of 2, ranges of so many that are read at a time: some 50 MB each, and less time than alone
FOUND = ("passages", "hits", "likely")  # tables that depend on the whole lexicon
# What stories depend on: the other columns are read when these are found.
LIGHT = ["doc_id", "outlet", "date", "agency", "agency_credit", "problem", "_own", "_same"]
STORIES = ["agency", "agency_credit", "story_id", "copy_of", "overlap"]


class Stored:
    """Pairs of arrays in a file, read again in order, one pair at a time."""

    def __init__(self, path: Path) -> None:
        self.path, self.number = path, 0
        path.parent.mkdir(exist_ok=True)

    def append(self, pair: tuple[NDArray[Any], NDArray[Any]]) -> None:
        """Puts a pair at the end."""
        self.number += 1
        with self.path.open("ab") as file:
            for values in pair:
                np.save(file, values)

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.number:
            with self.path.open("rb") as file:
                for _ in range(self.number):
                    yield np.load(file), np.load(file)

    def __len__(self) -> int:
        return self.number


def merged(folder: Path, parts: list[Record]) -> Tables:
    """The articles of all parts in the order of their ids, with their stories, and the vocabulary."""
    light = by_id(_every(folder, parts, LIGHT))
    light = pd.concat([light[light["_own"]], light[~light["_own"]]], ignore_index=True)
    starts = np.cumsum([0, *(part["rows"] for part in parts)])
    own, order = light[light["_own"]], starts[light["_part"]] + light["_row"].to_numpy()
    del light
    shutil.rmtree(folder / PIECES, ignore_errors=True)  # of a run that was stopped
    stories = _with_stories(folder, parts, own)
    shutil.rmtree(folder / PIECES)
    del own
    return_memory()
    articles = taken(_every(folder, parts), order)
    aside = articles.loc[len(stories) :, STORIES[:2]]
    stories = pd.concat([stories, aside])
    counted = all("counts" in part for part in parts)
    vocabulary = {"vocabulary": _vocabulary(folder, parts)} if counted else {}
    return {"articles": articles.assign(**stories)} | vocabulary


def _with_stories(folder: Path, parts: list[Record], own: pd.DataFrame) -> pd.DataFrame:
    equal, runs = first_equal(own["_same"].to_numpy()), _repeated(folder, parts, own)
    return with_stories(own, runs, equal, lambda at: _short_runs(folder, parts, own.iloc[at]))[STORIES]


def _every(folder: Path, parts: list[Record], columns: list[str] | None = None) -> pd.DataFrame:
    """The articles of all parts, or some of their columns, and where each is."""
    tables = (part_table(folder, part, "articles", columns) for part in parts)
    return together([table.assign(_row=range(len(table)), _part=at) for at, table in enumerate(tables)])


def merged_hits(folder: Path, parts: list[Record]) -> Tables:
    """Passages and hits of all parts in the order of their articles, those likely to have more, and the sums."""
    columns = ["doc_id", "outlet", "date", "story_id", "_own"]
    articles = pd.read_parquet(table_path(folder / "merged", "articles"), columns=columns)
    articles = articles[articles["_own"]]
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
    for at, rows in own.groupby("_part"):
        places[int(str(at))][rows["_row"]] = rows.index
    files = [table_path(folder / "work" / part_name(part), "runs") for part in parts]
    bits = max(RANGES, (sum(part["runs"] for part in parts) // RUNS).bit_length())
    edges = range(0, (1 << BITS) + 1, 1 << (BITS - bits + RANGES))
    read = (_runs_between(files, places, *one) for one in pairwise(edges))
    every = (runs for some in read for runs in _in_ranges(some, BITS - bits))
    return repeated_among(every, len(own), Stored(folder / PIECES / "runs"))


def _runs_between(files: list[Path], places: list[Codes], low: int, high: int) -> Runs:
    asked = [[("hash", ">=", np.uint64(low)), ("hash", "<=", np.uint64(high - 1))]]
    tables = (pd.read_parquet(file, filters=asked) for file in files)
    return joined_runs(Runs(t["hash"].to_numpy(), own[t["row"]]) for own, t in zip(places, tables, strict=True))


def _in_ranges(runs: Runs, bits: int) -> Iterator[Runs]:
    """The runs in ranges of their hashes, of which all have another number of ``bits``."""
    place = (runs.hashes >> np.uint64(bits)).astype(np.uint16) % (1 << RANGES)
    for at in (np.flatnonzero(place == number) for number in range(1 << RANGES)):
        yield Runs(runs.hashes[at], runs.texts[at])


def _short_runs(folder: Path, parts: list[Record], rows: pd.DataFrame) -> Repeated:
    """The runs of a few words that several of some articles hold; these are numbered in their order."""
    ranges, place = (
        [Stored(folder / PIECES / f"range {at}") for at in range(PARTS)],
        np.arange(len(rows), dtype=np.int32),
    )
    for at in np.unique(rows["_part"]):
        here = place[rows["_part"] == at]
        found = text_runs(part_texts(folder, parts[at]).iloc[rows["_row"].to_numpy()[here]], length=SHORT)
        for stored, runs in zip(ranges, in_parts(Runs(found.hashes, here[found.texts])), strict=True):
            stored.append((runs.hashes, runs.texts))
    none = Runs(np.zeros(0, np.uint64), np.zeros(0, np.int32))
    every = (joined_runs([none, *(Runs(*pair) for pair in stored)]) for stored in ranges)
    return repeated_among(every, len(rows), Stored(folder / PIECES / "short"))


def _vocabulary(folder: Path, parts: list[Record]) -> pd.DataFrame:
    """Each term, and how many articles hold it how often."""
    every = no_rows({"term": "str", "articles": "int64", "occurrences": "int64"})
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
