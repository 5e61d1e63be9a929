"""Any number of files, read and worked on in parts of complete articles, each kept so that it is done once."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus.clean import clean, received_text, removed_of, without_spans
from analysis.corpus.files import from_json
from analysis.corpus.language import READ, brief, given_codes, guessed
from analysis.corpus.passages import passages
from analysis.corpus.provenance import content_hash, versions
from analysis.corpus.read import COLUMNS, as_received, is_ours, problem_rows
from analysis.corpus.readers.archive import members, opened
from analysis.corpus.readers.folder import read_files
from analysis.corpus.readers.source import FACTS, Source
from analysis.corpus.runs import Runs, text_hashes, text_runs
from analysis.corpus.tables import is_usable
from analysis.frames.lexicon import Lexicon
from analysis.frames.match import find_frames
from analysis.text.terms import count_terms
from analysis.text.tokens import tokenize

from .decide import decide, decided_tables, finished, in_languages, read_part, readable
from .kept import Record, Tables, file_hash, kept, text_hash

BATCH = 2_000  # articles of a part: some 12 MB of text
# Of a run's number in a part: of 20 million runs two share one with a chance of one half, and one run in common
# decides nothing. All 64 would take a third more disk.
BITS = 48
GROUP = 16 << 20  # bytes of small files that are read together
TABLES = {".csv", ".tsv", ".tab", ".xlsx", ".xls"}  # such a file beside texts may name them
AGAIN = "Then start the same command again: it does what is missing."
Map = Callable[[Callable[[Any], Record], Iterable[Any]], Iterable[Record]]


@dataclass(frozen=True)
class Run:
    """What a run is given: where the articles are, where its parts go, and how they are read."""

    source: Source
    folder: Path
    lexicon: Lexicon
    batch: int = BATCH

    @property
    def key(self) -> str:
        """A hash of the settings and versions on which all parts depend."""
        columns = sorted(self.source.columns.items())
        return text_hash(self.batch, self.source.encoding, columns, content_hash(self.lexicon), versions())


@contextmanager
def engine(name: str = "local", scheduler: str | None = None, workers: int | None = None) -> Iterator[Map]:
    """What maps a function over parts: Python's ``map``, or a Dask cluster that is running or started here.

    A worker that dies is replaced, and others do its parts again.

    Raises
    ------
    ValueError
        ``distributed`` is not installed, the scheduler does not answer, or a part ends its workers repeatedly.
    """
    if name == "local":
        yield map
        return
    try:
        dask: Any = import_module("distributed")
    except ImportError:
        raise ValueError("--engine dask: the package 'distributed' is not installed. Install it first.") from None
    where = scheduler or "the scheduler that was started here"
    gone = (dask.comm.CommClosedError, dask.client.FutureCancelledError, TimeoutError)
    with ExitStack() as stack:
        options = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None}
        try:
            cluster = scheduler or stack.enter_context(dask.LocalCluster(**options))
            client = stack.enter_context(dask.Client(cluster))
        except OSError:
            raise ValueError(f"--scheduler: {where} does not answer. Check the address. {AGAIN}") from None
        try:
            yield lambda do, parts: client.gather(client.map(do, list(parts), pure=False))
        except dask.KilledWorker:
            lack = "--engine dask: a part ended several workers, most likely for lack of memory"
            raise ValueError(f"{lack}. Give each worker 2 GB or more. {AGAIN}") from None
        except gone:
            raise ValueError(f"--scheduler: {where} does not answer any more. Start it. {AGAIN}") from None


def run_parts(run: Run, do: Map = map, step: Callable[[str], object] = lambda _: None) -> list[Record]:
    """All parts in the order of the source, each read and worked on unless it is there intact.

    ``do`` maps a function over parts, as Python's ``map`` does, or Dask's on a cluster.
    """
    step("reading")
    groups = list(enumerate(_groups(run.source)))
    read = [part for record in do(_Reading(run), groups) for part in record["parts"]]
    if not any(part["articles"] for part in read):
        raise ValueError(
            f"{run.source}: no article could be read. Try framing summarize, which prints the reasons."
        )
    step("deciding what depends on all articles")
    key = text_hash(run.key, read)
    decided = kept(run.folder / "decided", key, lambda: decide(run.folder, read, run.lexicon))
    step("working on the parts")
    facts = text_hash(decided["files"], decided["facts"])
    made = do(_Working(run, facts), read)
    return [part | record["facts"] | {"files": record["files"]} for part, record in zip(read, made, strict=True)]


def _groups(root: Source) -> Iterator[list[Source]]:
    """The files in groups that are read at once: small ones together, texts with the table that names them."""
    files = list(members(root))
    suffixes = {file.suffix for file in files}
    if ".txt" in suffixes and suffixes & TABLES:
        yield files
        return
    group: list[Source] = []
    for file in files:
        if group and sum(map(_size, [*group, file])) > GROUP:
            yield group
            group = []
        group.append(file)
    yield group


def _size(file: Source) -> int:
    return 0 if file.problem else file.path.stat().st_size


@dataclass(frozen=True)
class _Reading:
    """Reads a group of files into parts of ``batch`` articles."""

    run: Run

    def __call__(self, numbered: tuple[int, list[Source]]) -> Record:
        number, files = numbered
        key = text_hash(self.run.key, [(file.name, file.problem or file_hash(file.path)) for file in files])
        record = kept(self.run.folder / "read" / f"{number:06}", key, lambda: self._tables(files))
        parts = record["facts"].items()
        return {
            "parts": [
                one | {"path": f"{number:06}", "name": name, "hash": record["files"][name]} for name, one in parts
            ]
        }

    def _tables(self, files: list[Source]) -> tuple[Tables, Record]:
        articles, facts = _received(self.run.source, files)
        articles = articles.assign(empty=articles["text"].str.strip() == "")
        starts = range(0, max(len(articles), 1), self.run.batch)
        tables = {f"{at:06}": articles[start : start + self.run.batch] for at, start in enumerate(starts)}
        return tables, {name: facts | _counts(table) for name, table in tables.items()}


def _received(root: Source, files: list[Source]) -> tuple[pd.DataFrame, Record]:
    """The articles of a group of files; whether their ids were made, and whether the files are ours."""
    everything = [file.name for file in files] == [root.name]
    with opened(*files) as unpacked:
        rows = read_files(root, unpacked, part=not everything)
    if not len(rows.table):
        none = pd.DataFrame({name: pd.Series(dtype="str") for name in [*COLUMNS, *FACTS]})
        return problem_rows(rows, none), {"made": False, "ours": False}
    facts = {"made": "doc_id" not in rows.table, "ours": is_ours(rows)}
    articles = as_received(rows, root.path)
    articles = articles if facts["ours"] else _in_a_language(articles)
    if rows.unparsed:
        problems = problem_rows(rows, articles.drop(columns=["blank", "begun"], errors="ignore"))
        articles = pd.concat([articles, problems], ignore_index=True)
    return articles, facts


def _in_a_language(articles: pd.DataFrame) -> pd.DataFrame:
    """With ``language``; ``blank`` where the file names none, and ``begun``, what a short text begins with."""
    codes = given_codes(articles["language"])
    blank = codes == ""
    begun = articles["text"].str.slice(0, READ)
    begun = begun.where(begun.str.strip() != "", articles["title"])
    codes = codes.where(~blank, pd.Series(guessed(begun[blank].tolist()), begun.index[blank], dtype="str"))
    short = [empty and brief(text) for empty, text in zip(blank, begun, strict=True)]
    return articles.assign(
        language=codes,
        language_given=articles["language"],
        blank=blank,
        begun=begun.where(pd.Series(short, begun.index)),
    )


def _counts(table: pd.DataFrame) -> Record:
    """What ``decide`` needs of a part without reading it again."""
    usable, own = is_usable(table), "blank" in table
    long = table[usable & table["blank"].eq(True) & table["begun"].isna()] if own else table.head(0)
    given = table["language_given"] if own else table["language"]
    return {
        "articles": int(usable.sum()),
        "outlets": table.loc[usable, "outlet"].value_counts(sort=False).to_dict(),
        "languages": long["language"].value_counts(sort=False).to_dict(),
        "short": own and bool(table["begun"].notna().any()),
        "given": bool((usable & (given != table["language"]) & (given != "")).any()),
        "columns": list(map(str, table)),
    }


@dataclass(frozen=True)
class _Working:
    """Cleans the articles of a part, and finds their passages, hits, counts and the keys of their copies."""

    run: Run
    decided: str

    def __call__(self, part: Record) -> Record:
        key = text_hash(self.run.key, self.decided, part["hash"])
        path = self.run.folder / "work" / f"{part['path']}.{part['name']}"
        return kept(path, key, lambda: self._tables(part))

    def _tables(self, part: Record) -> tuple[Tables, Record]:
        facts = from_json((self.run.folder / "decided.json").read_text("utf-8"))["facts"]
        short, boilerplate = decided_tables(self.run.folder, self.decided)
        articles = finished(read_part(self.run.folder, part), part, facts, short)
        lexicon, empty = self.run.lexicon, articles["text"].str.strip() == ""
        own = is_usable(articles) & readable(articles["language"], empty, lexicon)
        codes = in_languages(articles.loc[own, "language"], lexicon)
        cleaned = clean(articles[own].assign(language=codes), repeated=boilerplate)
        found = passages(cleaned, about=lexicon.about or None)
        known = found["doc_id"].map(pd.Series(codes.to_numpy(), cleaned["doc_id"])).astype("str")
        hits = find_frames(found.assign(language=known), lexicon)
        about = passages(cleaned, about=lexicon.about or None, unit="article")["doc_id"]
        places = np.flatnonzero(own)
        runs = text_runs(cleaned["text"])
        keys = _keys(runs, places)
        tables = {
            "articles": _without_texts(articles, cleaned, own, runs).assign(
                empty=empty, about=articles["doc_id"].isin(about)
            ),
            "passages": found,
            "hits": hits.astype({"frame": "str"}),
            "counts": _term_counts(cleaned, places),
            "runs": keys,
        }
        return tables, {"rows": len(articles), "runs": len(keys)}


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
        "words": cleaned["text"].map(lambda text: len(text.split())).astype("int64"),
        "same": pd.Series(text_hashes(runs, len(cleaned)), cleaned.index),
    }
    none: dict[str, Any] = {"agency": "", "agency_credit": "", "removed": "[]", "words": 0, "same": 0}
    filled = {name: column.reindex(articles.index, fill_value=none[name]) for name, column in facts.items()}
    return articles.drop(columns="text").assign(**filled, own=own)


def _term_counts(cleaned: pd.DataFrame, places: Any) -> pd.DataFrame:
    """How often each article holds each term, stop words too: ``row, term, n``."""
    counts = count_terms(tokenize(cleaned), stopwords=None)
    cells = counts.matrix.tocsc().tocoo()  # term by term, which takes least room
    terms = pd.Categorical.from_codes(cells.col, categories=counts.terms)
    return pd.DataFrame(
        {"row": places[cells.row].astype(np.int32), "term": terms, "n": cells.data.astype(np.int32)}
    )


def _keys(runs: Runs, places: Any) -> pd.DataFrame:
    """The distinct runs of five words of each article, by which copies are found: ``hash, row``, sorted."""
    table = pd.DataFrame({"hash": runs.hashes >> np.uint64(64 - BITS), "row": places[runs.texts].astype(np.int32)})
    return table.drop_duplicates().sort_values(["hash", "row"], ignore_index=True)


def part_texts(folder: Path, part: Record, work: pd.DataFrame) -> "pd.Series[str]":
    """The cleaned texts of a part, one for each row of its table ``articles``."""
    received = read_part(folder, part)
    earlier = [removed_of(cell) for cell in received["removed"]] if "removed" in received else [[]] * len(received)
    removed = [json.loads(cell) for cell in work["removed"]]
    texts = [
        without_spans(received_text(text, old), [(one["start"], one["end"], "") for one in new])
        for text, old, new in zip(received["text"], earlier, removed, strict=True)
    ]
    return pd.Series(texts, received.index, dtype="str")
