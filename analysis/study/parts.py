"""Any number of files, read and worked on in parts of complete articles, each kept so that it is done once."""

import json
import os
import shutil
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus.clean import clean, received_text, removed_of, without_spans
from analysis.corpus.files import from_json
from analysis.corpus.pair import may_name_both
from analysis.corpus.passages import ENGLISH, passages_and_aside
from analysis.corpus.provenance import content_hash, versions
from analysis.corpus.readers.source import Source
from analysis.corpus.runs import Runs, distinct, text_hashes, text_runs
from analysis.corpus.tables import is_usable
from analysis.corpus.words import count_words
from analysis.corpus.writing import lacks_segmenter
from analysis.frames.lexicon import Lexicon
from analysis.frames.match import find_frames
from analysis.text.terms import count_terms
from analysis.text.tokens import tokenize

from .kept import PIECES, Record, Tables, file_hash, kept, part_name, table_path, values_hash
from .pieces import Group, Piece
from .reading import (
    as_given,
    counted,
    decide,
    decided_tables,
    finished,
    in_languages,
    read_part,
    readable,
    received,
)  # fmt: skip

BATCH = 2_500  # articles of a part, some 15 MB of text: with 4,000, two processes held 1.9 GB
# Of a run's number in a part. Of the 170 million runs of 300,000 articles some 13,000 pairs share one by chance,
# in as many pairs of articles, and one run in common decides nothing. All 64 would take half as much disk again.
BITS = 40
ROWS = 1 << (64 - BITS)  # articles of a part at most: their numbers are kept in the other bits
# Each takes some 600 MB, and a second or two to begin: fewer parts are done sooner here.
PROCESSES, FEW = 2, 4
AGAIN = "Then start the same command again: it does what is missing."
STEPS = ("reading", "deciding what depends on all articles", "working on the parts", "merging")
FORKS = get_context("forkserver")  # from a process that never worked, and which imports once for all
FORKS.set_forkserver_preload([__name__, "sklearn.feature_extraction.text"])
Map = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]


@dataclass(frozen=True)
class Run:
    """What a run is given: where the articles are, where its parts go, and how they are read."""

    source: Source
    folder: Path
    lexicon: Lexicon
    batch: int = BATCH
    counts: bool = True

    @property
    def key(self) -> str:
        """A hash of what the articles of all parts depend on: settings, versions, and languages of the lexicon."""
        columns, languages = sorted(self.source.columns.items()), [*self.lexicon.each, self.lexicon.language]
        return values_hash(self.batch, self.source.encoding, columns, languages, versions(), lacks_segmenter())


def in_processes(work: Callable[[Any], Any], parts: Iterable[Any]) -> Iterator[Any]:
    """What Python's ``map`` gives, from two processes where there are cores and enough parts for them."""
    every = list(parts)
    if len(every) < FEW or len(getattr(os, "sched_getaffinity", lambda _: ())(0)) < PROCESSES:
        yield from map(work, every)
        return
    try:
        with ProcessPoolExecutor(PROCESSES, FORKS, _end_with_parent) as pool:
            for done, messages in pool.map(partial(_with_warnings, work), every):
                for message in messages:
                    warnings.warn(message, UserWarning, stacklevel=2)
                yield done
    except BrokenProcessPool:
        lack = "a process that worked on the parts ended, most likely for lack of memory"
        raise ValueError(f"run_study: {lack}. Close other programs. {AGAIN}") from None


def _end_with_parent() -> None:
    """Ends this process when that which began it is killed."""

    def wait() -> None:
        if (parent := parent_process()) is not None:
            parent.join()
        os._exit(1)

    Thread(target=wait, daemon=True).start()


def _with_warnings(work: Callable[[Any], Any], part: Any) -> tuple[Any, list[str]]:
    """What a process gives back: the result, and the warnings on the way."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        done = work(part)
    return done, [str(one.message) for one in caught if issubclass(one.category, UserWarning)]


def run_parts(run: Run, groups: Iterable[Group], do: Map, step: Callable[[str], object]) -> list[Record]:
    """All parts in the order of the source, each read and worked on unless it is there intact.

    ``do`` maps a function over parts, as Python's ``map`` does, or Dask's on a cluster.
    """
    step(STEPS[0])
    read = [part for parts in do(partial(_read, run), enumerate(groups)) for part in parts]
    shutil.rmtree(run.folder / PIECES, ignore_errors=True)
    if not any(part["articles"] for part in read):
        raise ValueError(
            f"{run.source}: no article could be read. Try framing summarize, which prints the reasons."
        )
    step(STEPS[1])
    key = values_hash(run.key, read)
    decided = kept(run.folder / "decided", key, lambda: decide(run.folder, read, run.lexicon))
    step(STEPS[2])
    if n := len(decided["facts"]["shared"]):
        said = "files share ids, so that theirs have the file's name before them"
        warnings.warn(f"{run.source}: {n} {said}.", UserWarning, stacklevel=2)
    facts = values_hash(decided["files"], decided["facts"])
    return list(do(partial(_worked_on, run, facts), read))


def _read(run: Run, numbered: tuple[int, Group]) -> list[Record]:
    """The records of a group's parts of ``batch`` articles, once they are kept."""
    number, group = numbered
    path = f"{number:06}"
    make = partial(_parts_of, run, group)
    record = kept(run.folder / "read" / path, values_hash(run.key, *_given(group)), make)
    return [
        one | {"path": path, "name": name, "hash": record["files"][name]} for name, one in record["facts"].items()
    ]


def _given(group: Group) -> list[Any]:
    """What the articles of a group depend on: the content of its table or files, and where its pieces begin."""
    if isinstance(group, pd.DataFrame):
        return [content_hash(group)]
    files = [(file.name, file.problem or file_hash(file.path)) for file in group]
    return [files, *((one.before, one.not_ids) for one in group if isinstance(one, Piece))]


def _parts_of(run: Run, group: Group) -> tuple[Tables, Record]:
    ours: Record = {"made": False, "ours": True, "notes": []}
    articles, facts = (as_given(group), ours) if isinstance(group, pd.DataFrame) else received(run.source, group)
    articles = articles.assign(_empty=articles["text"].str.strip() == "")
    starts = range(0, max(len(articles), 1), run.batch)
    tables = {f"{at:06}": articles[start : start + run.batch] for at, start in enumerate(starts)}
    return tables, {name: facts | counted(table) for name, table in tables.items()}


def _worked_on(run: Run, decided: str, part: Record) -> Record:
    """The part cleaned, and with the keys of its copies, its passages and hits, and its counts, each kept."""
    done: list[pd.DataFrame] = []  # the articles with their texts, if they were just cleaned
    name, key = part_name(part), values_hash(run.key, decided, part["hash"])
    work = kept(run.folder / "work" / name, key, partial(_clean, run, decided, part, done))
    part = {**part, **work["facts"], "work": work["files"]}

    def kept_in(room: str, given: str, find: Callable[[pd.DataFrame], Tables]) -> Record:
        def make() -> tuple[Tables, Record]:
            return find(done[0] if done else _cleaned(run.folder, part)), {}

        files: Record = kept(run.folder / room / name, values_hash(work["key"], given), make)["files"]
        return files

    part["found"] = kept_in("found", content_hash(run.lexicon), partial(_found, run.lexicon))
    if run.counts:
        part["counts"] = kept_in("counts", "", _term_counts)
    return part


def _clean(run: Run, decided: str, part: Record, done: list[pd.DataFrame]) -> tuple[Tables, Record]:
    facts = from_json((run.folder / "decided.json").read_text("utf-8"))["facts"]
    judged, boilerplate = decided_tables(run.folder, decided)
    articles = finished(run.folder, part, facts, judged)
    empty = articles["text"].str.strip() == ""
    own = is_usable(articles) & readable(articles["language"], empty, run.lexicon)
    codes = in_languages(articles.loc[own, "language"], run.lexicon)
    places = np.flatnonzero(own)
    cleaned = clean(articles[own].assign(language=codes), repeated=boilerplate).set_axis(places)
    done.append(cleaned)
    runs = text_runs(cleaned["text"])
    keys = _keys(runs, places)
    rows = _without_texts(articles, cleaned, own, runs).assign(_empty=empty)
    return {"articles": rows, "runs": keys}, {"rows": len(articles), "runs": len(keys)}


def _found(lexicon: Lexicon, cleaned: pd.DataFrame) -> Tables:
    """What another lexicon in the same languages finds anew: passages, hits, and where there may be more."""
    cleaned = cleaned.assign(language=in_languages(cleaned["language"], lexicon))
    if lexicon.about:
        likely = may_name_both(cleaned["text"], lexicon.about)
        cleaned = cleaned[likely | ~cleaned["language"].isin(ENGLISH)]
    found, aside = passages_and_aside(cleaned, about=lexicon.about or None)
    known = found["doc_id"].map(cleaned.set_index("doc_id")["language"]).astype("str")
    hits = find_frames(found.assign(language=known), lexicon).astype({"frame": "str"})
    counted = cleaned["doc_id"].map(aside).fillna(0).astype("int64")
    return {"passages": found, "hits": hits, "likely": cleaned[["doc_id"]].assign(aside=counted)}


def _cleaned(folder: Path, part: Record) -> pd.DataFrame:
    """The articles of a part that was worked on before, with their cleaned texts; their index is their row."""
    rows = part_table(folder, part, "articles")
    return rows.assign(text=part_texts(folder, part, rows))[rows["_own"]]


def _without_texts(
    articles: pd.DataFrame, cleaned: pd.DataFrame, own: "pd.Series[bool]", runs: Runs
) -> pd.DataFrame:
    """The articles without texts: with what was removed from them, their words and the key of equal ones."""
    facts = {
        "agency": cleaned["agency"],
        "agency_credit": cleaned["agency_credit"],
        "removed": pd.Series(
            [json.dumps(one, ensure_ascii=False) for one in cleaned["removed"]], cleaned.index, dtype="str"
        ),
        "words": pd.Series(count_words(cleaned["text"]), cleaned.index),
        "_same": pd.Series(text_hashes(runs, len(cleaned)), cleaned.index),
    }
    none: dict[str, Any] = {"agency": "", "agency_credit": "", "removed": "[]", "words": 0, "_same": 0}
    filled = {name: column.reindex(articles.index, fill_value=none[name]) for name, column in facts.items()}
    return articles.drop(columns="text").assign(**filled, _own=own)


def _term_counts(cleaned: pd.DataFrame) -> Tables:
    """How often each article holds each term, stop words too: ``row, term, n``."""
    counts = count_terms(tokenize(cleaned), stopwords=None)
    cells = counts.matrix.tocsc().tocoo()  # term by term, which takes least memory
    terms = pd.Categorical.from_codes(cells.col, categories=counts.terms)
    rows = cleaned.index.to_numpy(dtype=np.int32)[cells.row]
    return {"counts": pd.DataFrame({"row": rows, "term": terms, "n": cells.data.astype(np.int32)})}


def _keys(runs: Runs, places: Any) -> pd.DataFrame:
    """The distinct runs of five words of each article, by which copies are found: ``hash, row``, sorted."""
    low = np.uint64(64 - BITS)
    both = distinct(runs.hashes >> low << low | places[runs.texts].astype(np.uint64))
    return pd.DataFrame({"hash": both >> low, "row": (both & np.uint64(ROWS - 1)).astype(np.int32)})


def part_table(folder: Path, part: Record, name: str, columns: list[str] | None = None) -> pd.DataFrame:
    """A table of a part, or some of its columns."""
    room = next((room for room in ("found", "counts") if name in part.get(room, ())), "work")
    return pd.read_parquet(table_path(folder / room / part_name(part), name), columns=columns)


def part_texts(folder: Path, part: Record, rows: pd.DataFrame | None = None) -> "pd.Series[str]":
    """The cleaned texts of a part, one for each row of its table ``articles``, if it was read already."""
    work = part_table(folder, part, "articles", ["removed"]) if rows is None else rows
    received = read_part(folder, part)
    earlier = [removed_of(cell) for cell in received["removed"]] if "removed" in received else [[]] * len(received)
    texts = [
        without_spans(received_text(text, old), [(one["start"], one["end"], "") for one in json.loads(new)])
        for text, old, new in zip(received["text"], earlier, work["removed"], strict=True)
    ]
    return pd.Series(texts, received.index, dtype="str")
