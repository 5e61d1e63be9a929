"""The parts of a run merged to one study, and a study opened as if it were a small corpus."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from os import PathLike, fspath
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.arrays import Codes, Ints
from analysis.corpus.clean import removed_of
from analysis.corpus.copies import SHORT, with_stories
from analysis.corpus.files import from_json, write_whole
from analysis.corpus.provenance import content_hash
from analysis.corpus.read import as_numbers, by_id
from analysis.corpus.readers.source import Source
from analysis.corpus.runs import Repeated, Runs, first_equal, repeated_among, text_runs
from analysis.corpus.stories import document_stories
from analysis.frames.lexicon import Lexicon
from analysis.frames.shares import frame_shares
from analysis.text.terms import Counts
from analysis.topics.result import Topics

from .kept import Record, Tables, alone, intact, kept, table_path, text_hash
from .parts import BATCH, BITS, Map, Run, part_texts, run_parts

RUNS = 1 << 22  # five-word runs that are compared at a time: some 200 MB
# Columns that show where a text is, which articles have the same words, and which a report needs with their texts.
INTERNAL = ["part", "row", "same", "own", "empty", "about"]


@dataclass(frozen=True)
class Study:
    """A corpus that ``framing run`` worked through: all but the complete texts, which stay in its parts.

    Attributes
    ----------
    articles : DataFrame
        As ``mark_copies(clean(read_articles(source)))`` gives them, with the number of ``words`` in place of the
        ``text``.
    set_aside : DataFrame
        Articles in another language than the lexicon's, and items that could not be read.
    passages, hits : DataFrame
        As ``passages`` and ``find_frames`` give them.
    lexicon, digest : str
        The hash of the lexicon that found them, and that of the tables of the study.
    """

    folder: Path
    articles: pd.DataFrame
    set_aside: pd.DataFrame
    passages: pd.DataFrame
    hits: pd.DataFrame
    lexicon: str
    digest: str

    @cached_property
    def shares(self) -> pd.DataFrame:
        """The share of each article's passages that carry each frame, as ``frame_shares`` gives them."""
        return frame_shares(self.hits, self.passages)

    def table(self, name: str) -> pd.DataFrame:
        """Another table of the merge: "vocabulary", articles and occurrences of each term, or "sums"."""
        return pd.read_parquet(table_path(self.folder / "merged", name))

    @cached_property
    def places(self) -> pd.DataFrame:
        """For each article, those set aside last: is it ``empty``, ``about`` the pair, and where is its text."""
        return pd.read_parquet(table_path(self.folder / "merged", "articles"), columns=["doc_id", *INTERNAL])

    def texts(self, ids: Iterable[str] | None = None) -> Iterator[pd.DataFrame]:
        """The articles, or those with these ids, part by part and with their cleaned ``text``."""
        places = self.places[self.places["own"] & (True if ids is None else self.places["doc_id"].isin(list(ids)))]
        by_id = self.articles.set_index("doc_id", drop=False)
        for part, rows in places.groupby("part"):
            texts = _texts(self.folder, self.parts[int(str(part))], rows["row"].to_numpy())
            yield by_id.loc[rows["doc_id"]].assign(text=texts.to_numpy()).reset_index(drop=True)

    @cached_property
    def parts(self) -> list[Record]:
        """The records of the parts, in the order of the source."""
        found: list[Record] = from_json((self.folder / "study.json").read_text("utf-8"))["parts"]
        return found

    def transformed(self, topics: Topics) -> Topics:
        """Topics that were fitted to some articles, with the shares of all, part by part from their counts.

        Fit them to the texts of articles drawn at random: ``pd.concat(study.texts(ids))``.
        """
        parts = []
        for at, part in enumerate(self.parts):
            names = self.places.loc[self.places["part"] == at].set_index("row")["doc_id"]
            cells = _work(self.folder, part, "counts")
            cells = cells[cells["term"].isin(topics.words.columns)]
            if len(cells):
                parts.append(topics.transform(_counts(cells, names)).shares)
        shares = pd.concat(parts)
        order = self.articles["doc_id"][self.articles["doc_id"].isin(shares.index)]
        left_out = self.articles["doc_id"][~self.articles["doc_id"].isin(shares.index)]
        return replace(topics, shares=shares.loc[order], left_out=tuple(left_out))


def _counts(cells: pd.DataFrame, names: pd.Series) -> Counts:
    """The counts of a part as a matrix, a row for each article with one of the terms."""
    rows, docs = pd.factorize(cells["row"], sort=True)
    columns, terms = pd.factorize(cells["term"].astype("str"), sort=True)
    matrix = csr_array((cells["n"].astype("int64"), (rows, columns)), shape=(len(docs), len(terms)))
    return Counts(matrix, pd.Index(names.loc[docs], name="doc_id"), pd.Index(terms, dtype="str", name="term"))


def run_study(
    path: str | PathLike[str],
    folder: str | PathLike[str],
    lexicon: Lexicon,
    *,
    columns: dict[str, str] | None = None,
    encoding: str | None = None,
    batch: int = BATCH,
    do: Map = map,
    step: Callable[[str], object] = lambda _: None,
) -> Study:
    """The study in a folder, once all articles at a path are worked on; what is there intact is not done again.

    Memory grows with the largest file, which is read at once, with what repeats in several articles, and with
    titles, names and dates; not with the number of texts. ``read_articles``, ``clean``, ``mark_copies`` and limits
    and stop words of ``count_terms`` depend on all articles: what they need is decided once before the parts, or
    joined after them. All other steps give the same on parts of complete articles.

    Raises
    ------
    ValueError
        Another run is working in the folder, an id is duplicated, or no article can be read.
    """
    found = Path(path).expanduser()
    if not found.exists():
        raise FileNotFoundError(f"{found}: file or folder not found. Check the path.")
    source = Source(found, fspath(path), encoding, columns or {})
    run = Run(source, Path(folder).expanduser().absolute(), lexicon, batch)
    with alone(run.folder):
        parts = run_parts(run, do, step)
        step("merging")
        key = text_hash(run.key, parts)
        kept(run.folder / "merged", key, lambda: (merged(run.folder, parts), {}))
        named = {"lexicon": lexicon.name, "labels": lexicon.labels, "sha256": content_hash(lexicon)}
        write_whole(run.folder / "study.json", json.dumps(named | {"parts": parts}, ensure_ascii=False))
    return open_study(folder)


def open_study(folder: str | PathLike[str]) -> Study:
    """A folder that ``framing run`` wrote, as a corpus whose texts stay on disk.

    Raises
    ------
    ValueError
        The folder holds no study, or one that is not finished or was changed.
    """
    found = Path(folder).expanduser()
    try:
        record = from_json((found / "study.json").read_text("utf-8"))
        known = {"lexicon", "labels", "sha256", "parts"} <= set(record) and all(map(_is_part, record["parts"]))
    except (OSError, ValueError, TypeError):
        known = False
    kept_tables = intact(found / "merged.json")
    if not known or kept_tables is None:
        raise ValueError(
            f"{found}: it does not hold a finished study. Start framing run again: it does what is missing."
        )
    tables = {
        name: pd.read_parquet(table_path(found / "merged", name)) for name in ("articles", "passages", "hits")
    }
    articles = tables["articles"]
    articles["removed"] = pd.Series(
        [removed_of(cell) for cell in articles["removed"]], articles.index, dtype="object"
    )
    own, shown = articles["own"].to_numpy(), articles.drop(columns=INTERNAL)
    hits = tables["hits"].assign(frame=pd.Categorical(tables["hits"]["frame"], categories=record["labels"]))
    return Study(
        found, shown[own].reset_index(drop=True), shown[~own].reset_index(drop=True), tables["passages"], hits,
        record["sha256"], text_hash(sorted(kept_tables["files"].items())),
    )  # fmt: skip


def _is_part(part: Record) -> bool:
    """Whether it names files of the folder: it may come from somebody else."""
    names = [part.get("path"), part.get("name")] if isinstance(part, dict) else [None]
    return all(isinstance(name, str) and not {"/", ".."} & {*name[:1], *Path(name).parts} for name in names)


def merged(folder: Path, parts: list[Record]) -> Tables:
    """The tables of all parts as one, with the stories of all articles; in the order of the articles' ids."""
    every = _together(
        [_work(folder, part, "articles").assign(part=at, row=range(part["rows"])) for at, part in enumerate(parts)]
    )
    every = by_id(every)
    own = every[every["own"]].reset_index(drop=True)
    held = _repeated(folder, parts, own)
    equal = first_equal(own["same"].to_numpy(), held.sizes > 0)
    told = with_stories(own, held, equal, lambda at: _short_runs(folder, parts, own.iloc[at]))
    order = pd.Series(range(len(own)), own["doc_id"])
    found = _sorted(_together([_work(folder, part, "passages") for part in parts]), order, ["position"])
    hits = _together([_work(folder, part, "hits") for part in parts])
    place = pd.Series(found["position"].to_numpy(), found["passage_id"])
    hits = _sorted(hits.assign(position=hits["passage_id"].map(place)), order, ["position"]).drop(
        columns="position"
    )
    return {
        "articles": pd.concat([told, every[~every["own"]]], ignore_index=True),
        "passages": found,
        "hits": hits,
        "vocabulary": _vocabulary(folder, parts),
        "sums": _sums(hits, found, told),
    }


def _work(folder: Path, part: Record, name: str) -> pd.DataFrame:
    return pd.read_parquet(table_path(folder / "work" / f"{part['path']}.{part['name']}", name))


def _together(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """One table; a column of numbers in some parts and of text in others is what it would be in one piece."""
    every = pd.concat(tables, ignore_index=True)
    kinds = {name: {str(table[name].dtype) for table in tables if name in table and len(table)} for name in every}
    mixed = [name for name, found in kinds.items() if len(found) > 1 and "str" in found]
    return every.assign(**{str(name): as_numbers(every[name].astype("str")) for name in mixed})


def _sorted(table: pd.DataFrame, order: pd.Series, then: list[str]) -> pd.DataFrame:
    """By article, and what is of one article by these columns."""
    placed = table.assign(_article=table["doc_id"].map(order))
    return placed.sort_values(["_article", *then], kind="stable", ignore_index=True).drop(columns="_article")


def _repeated(folder: Path, parts: list[Record], own: pd.DataFrame) -> Repeated:
    """The runs that several articles hold, of all parts, compared some at a time in the order of their hashes."""
    places = [np.zeros(part["rows"], dtype=np.int32) for part in parts]
    for at, rows in own.groupby("part"):
        places[int(str(at))][rows["row"]] = rows.index
    files = [table_path(folder / "work" / f"{part['path']}.{part['name']}", "runs") for part in parts]
    bits = max(0, (sum(part["runs"] for part in parts) // RUNS).bit_length())
    edges = [at << (BITS - bits) for at in range(1 << bits)] + [1 << BITS]
    return repeated_among(
        (_runs_between(files, places, low, high - 1) for low, high in pairwise(edges)),
        len(own),
    )


def _runs_between(files: list[Path], places: list[Codes], low: int, high: int) -> Runs:
    asked = [[("hash", ">=", np.uint64(low)), ("hash", "<=", np.uint64(high))]]
    tables = [pd.read_parquet(file, filters=asked) for file in files]
    texts = [own[table["row"]] for own, table in zip(places, tables, strict=True)]
    return Runs(np.concatenate([table["hash"] for table in tables]), np.concatenate(texts))


def _short_runs(folder: Path, parts: list[Record], rows: pd.DataFrame) -> Runs:
    """The runs of a few words of some articles, numbered in their order."""
    found = [Runs(np.zeros(0, np.uint64), np.zeros(0, np.int32))]
    place = np.arange(len(rows), dtype=np.int32)
    for at in np.unique(rows["part"]):
        here = place[rows["part"] == at]
        runs = text_runs(_texts(folder, parts[at], rows["row"].to_numpy()[here]), length=SHORT)
        found.append(Runs(runs.hashes, here[runs.texts]))
    return Runs(np.concatenate([one.hashes for one in found]), np.concatenate([one.texts for one in found]))


def _texts(folder: Path, part: Record, rows: Ints) -> "pd.Series[str]":
    return part_texts(folder, part, _work(folder, part, "articles")).iloc[rows]


def _vocabulary(folder: Path, parts: list[Record]) -> pd.DataFrame:
    """Each term, and how many articles hold it how often."""
    every = pd.DataFrame({"term": pd.Series(dtype="str"), "articles": 0, "occurrences": 0})
    for part in parts:
        cells = _work(folder, part, "counts").groupby("term", observed=True)["n"].agg(["size", "sum"])
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
