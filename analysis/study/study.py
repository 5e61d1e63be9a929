"""A corpus worked through in parts, kept in a folder, and opened as if it were a small one."""

import json
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from os import PathLike
from os.path import relpath
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.arrays import return_memory
from analysis.corpus.clean import removed_of
from analysis.corpus.files import from_json, scratch, write_whole
from analysis.corpus.provenance import content_hash
from analysis.corpus.read import by_id
from analysis.corpus.readers.source import Source
from analysis.frames.lexicon import Lexicon
from analysis.frames.match import frame_shares
from analysis.text.terms import Counts
from analysis.topics.fit import Topics

from .kept import Record, alone, fetched, intact, kept, source_of, table_path, values_hash
from .merge import FOUND, merged, merged_hits, together
from .parts import BATCH, ROWS, STEPS, Map, Run, part_table, part_texts, run_parts
from .pieces import groups_of
from .reading import finished

SOURCE = ".source"  # a file that says where the articles were; all others are the same wherever the study is
# Where a text is, which have the same words, and which have none: names that no column of an export has.
INTERNAL = ["_part", "_row", "_same", "_own", "_empty"]
Step = Callable[[str], object]


@dataclass(frozen=True)
class Study:
    """A corpus that ``framing run`` worked through: all but the complete texts, which stay in its parts.

    Attributes
    ----------
    articles : DataFrame
        As ``mark_copies(clean(read_articles(source)))`` gives them, ``words`` (a number) in place of ``text``.
    set_aside : DataFrame
        Articles in another language than the lexicon's, and items that could not be read.
    passages, hits : DataFrame
        As ``passages`` and ``find_frames`` give them.
    likely : dict
        The articles in which some way to read may find a passage, with the number of sentences that name both
        countries but were judged not to be about the two.
    lexicon, digest : str
        The hash of the lexicon that found them, and that of the articles as read.
    left_out : dict
        How many articles a selection left out, by the reason.
    """

    folder: Path
    articles: pd.DataFrame
    set_aside: pd.DataFrame
    passages: pd.DataFrame
    hits: pd.DataFrame
    likely: dict[str, int]
    lexicon: str
    digest: str
    left_out: dict[str, int] = field(default_factory=dict)

    @cached_property
    def shares(self) -> pd.DataFrame:
        """The share of each article's passages that carry each frame, as ``frame_shares`` gives them."""
        return frame_shares(self.hits, self.passages)

    def table(self, name: str) -> pd.DataFrame:
        """Another table of the merge: "vocabulary", articles and occurrences of each term, or "sums"."""
        return pd.read_parquet(table_path(self.folder / ("found" if name == "sums" else "merged"), name))

    @cached_property
    def places(self) -> pd.DataFrame:
        """For each article, those set aside last: is it ``empty``, and where is its text."""
        return pd.read_parquet(table_path(self.folder / "merged", "articles"), columns=["doc_id", *INTERNAL])

    def texts(self, ids: Iterable[str] | None = None) -> Iterator[pd.DataFrame]:
        """The articles, or those with these ids, part by part and with their cleaned ``text``."""
        by_id = self.articles.set_index("doc_id", drop=False)
        wanted = by_id.index if ids is None else by_id.index.intersection(list(ids))
        places = self.places[self.places["doc_id"].isin(wanted) & self.places["_own"]]
        for part, rows in places.groupby("_part"):
            texts = part_texts(self.folder, self.parts[int(str(part))]).iloc[rows["_row"]]
            yield by_id.loc[rows["doc_id"]].assign(text=texts.to_numpy()).reset_index(drop=True)

    def received(self) -> pd.DataFrame:
        """The articles as they were read, with their texts before cleaning: all of them in memory."""
        facts = from_json((self.folder / "decided.json").read_text("utf-8"))["facts"]
        judged = pd.read_parquet(table_path(self.folder / "decided", "judged"))
        parts = [finished(self.folder, part, facts, judged) for part in self.parts]
        every = by_id(together(parts))
        return every[every["doc_id"].isin(self.articles["doc_id"])].reset_index(drop=True)

    def only(self, chosen: Callable[[pd.DataFrame], "pd.Series[bool]"]) -> "Study":
        """The study with some articles; where a story's original is missing, the earliest of them replaces it."""
        articles, aside = (
            table[chosen(table)].reset_index(drop=True) for table in (self.articles, self.set_aside)
        )
        lost = articles[articles["copy_of"].notna() & ~articles["copy_of"].isin(articles["doc_id"])]
        lost = lost.sort_values(["date", "words", "doc_id"], ascending=[True, False, True])
        first = lost["story_id"].map(lost.drop_duplicates("story_id").set_index("story_id")["doc_id"])
        articles.loc[lost.index, "story_id"] = first
        articles.loc[lost.index, "copy_of"] = first.where(first != lost["doc_id"])
        articles.loc[lost.index[first == lost["doc_id"]], "overlap"] = np.nan
        passages, hits = (table[table["doc_id"].isin(articles["doc_id"])].reset_index(drop=True)
                          for table in (self.passages, self.hits))  # fmt: skip
        digest = values_hash(self.digest, articles["doc_id"].tolist())
        return replace(self, articles=articles, set_aside=aside, passages=passages, hits=hits, digest=digest)

    @cached_property
    def parts(self) -> list[Record]:
        """The records of the parts, in the order of the source."""
        found: list[Record] = from_json((self.folder / "study.json").read_text("utf-8"))["parts"]
        return found

    def counts(self, ids: Iterable[str]) -> Counts:
        """How often some articles hold each term, in the order of these ids: ``count_terms`` with all words."""
        docs = pd.Index(pd.Series(list(ids), dtype="str"), name="doc_id")
        rows, tables = [np.zeros(0, np.int64)], []
        for at, own in self.places[self.places["doc_id"].isin(docs)].groupby("_part"):
            place = np.full(self.parts[int(str(at))]["rows"], -1)
            place[own["_row"]] = docs.get_indexer(pd.Index(own["doc_id"]))
            cells = part_table(self.folder, self.parts[int(str(at))], "counts")
            wanted = place[cells["row"]] >= 0
            rows.append(place[cells.loc[wanted, "row"]])
            tables.append(cells[wanted])
        none = pd.DataFrame({"term": pd.Categorical([]), "n": np.zeros(0, np.int64)})
        terms = [one["term"].astype("str") for one in (none, *tables)]
        columns, names = pd.factorize(pd.concat(terms), sort=True)
        n = np.concatenate([one["n"].astype("int64") for one in (none, *tables)])
        matrix = csr_array((n, (np.concatenate(rows), columns)), shape=(len(docs), len(names)))
        return Counts(matrix, docs, pd.Index(names, dtype="str", name="term"))

    def transformed(self, topics: Topics) -> Topics:
        """Topics that were fitted to some articles, with the shares of all, part by part from their counts.

        Fit them to the texts of articles drawn at random: ``pd.concat(study.texts(ids))``.
        """
        shares = []
        for _, own in self.places[self.places["_own"]].groupby("_part"):
            counts = self.counts(own["doc_id"])
            known = counts.of_terms(counts.terms.isin(topics.words.columns))
            if len(known.terms):
                shares.append(topics.transform(known).shares)
        every, names = pd.concat(shares), self.articles["doc_id"]
        has = names.isin(every.index)
        return replace(topics, shares=every.loc[names[has]], left_out=tuple(names[~has]))


def run_study(
    articles: str | PathLike[str] | Source | pd.DataFrame,
    folder: str | PathLike[str],
    lexicon: Lexicon,
    *,
    batch: int = BATCH,
    counts: bool = True,
    do: Map = map,
    step: Step = lambda _: None,
) -> Study:
    """The study in a folder, once all articles are worked on; what is there intact is not done again.

    Articles are at a path, at an address that fsspec knows (``s3://…``), or a table. Another lexicon in the same
    languages only searches again. A table of more than 256 MB (CSV, JSON Lines, an array in JSON, also packed;
    Parquet of 128 MB) is read in pieces, its ids and the order of its dates decided once for all of them. If it is
    not in Unicode, its encoding is guessed piece by piece. Other files are read at once.

    Texts are held a part at a time. Memory grows with the table of articles without texts, some 0.7 KB an article
    where titles are short, and with passages and hits: a million made articles were merged and opened in 1.2 GB.

    ``read_articles``, ``clean``, ``mark_copies`` and limits and stop words of ``count_terms`` depend on all
    articles: what they need is decided once before the parts, or joined after them; the rest is of a part alone.
    Without ``counts`` the terms of no article are counted: the study has no vocabulary and no ``counts``.

    Raises
    ------
    ValueError
        Another run is working in the folder, an id is duplicated, or no article can be read.

    Warns
    -----
    UserWarning
        What ``read_articles`` warns of.
    """
    if not 0 < batch <= ROWS:
        raise ValueError(f"run_study: batch is a number of articles up to {ROWS:,}. Found: {batch}.")
    target = Path(folder).expanduser().absolute()
    source = source_of(articles, target)
    groups = [articles] if isinstance(articles, pd.DataFrame) else groups_of(source, target)
    run = Run(source, target, lexicon, batch, counts)

    def begin(label: str) -> object:
        return_memory()
        return step(label)

    with alone(run.folder), fetched(source.name, source.path):
        parts = run_parts(run, groups, do, begin)
        for note in dict.fromkeys(note for part in parts for note in part["notes"]):
            warnings.warn(note, UserWarning, stacklevel=2)
        begin(STEPS[3])
        done = values_hash(run.key, [(part["hash"], part["work"], part.get("counts")) for part in parts])
        work = kept(run.folder / "merged", done, lambda: (merged(run.folder, parts), {}))
        key = values_hash(work["key"], content_hash(lexicon), [part["found"] for part in parts])
        kept(run.folder / "found", key, lambda: (merged_hits(run.folder, parts), {}))
        named = {"lexicon": lexicon.name, "labels": lexicon.labels, "sha256": content_hash(lexicon)}
        write_whole(run.folder / SOURCE, relpath(source.path, run.folder))
        write_whole(run.folder / "study.json", json.dumps(named | {"parts": parts}, ensure_ascii=False))
    return open_study(folder)


@contextmanager
def temporary(do: Map = map) -> Iterator[Callable[..., Study]]:
    """What runs studies as ``run_study`` does, in a folder that is removed at the end; a study stays as it is."""
    with scratch() as folder:
        given: list[object] = []

        def run(articles: Study | Source | pd.DataFrame, lexicon: Lexicon, step: Step = lambda _: None) -> Study:
            if isinstance(articles, Study):
                return articles
            at = next((at for at, one in enumerate(given) if one is articles), len(given))
            given[at:] = given[at:] or [articles]
            return run_study(articles, folder / str(at), lexicon, counts=False, do=do, step=step)

        yield run


def open_study(folder: str | PathLike[str]) -> Study:
    """Study in a folder that ``framing run`` wrote, as a corpus whose texts stay on disk.

    Returns
    -------
    Study
        ``articles, passages, hits, shares``, and ``texts(ids)``, which reads the texts.

    Raises
    ------
    ValueError
        The folder holds no study, or one that is not finished or was changed.

    Examples
    --------
    >>> import tempfile, analysis as an
    >>> folder = Path(tempfile.mkdtemp(), "study")
    >>> _ = run_study(an.load_example("seeds"), folder, an.read_lexicon("russia-china"))  # or: framing run
    >>> open_study(folder).shares.shape  # articles, frames
    (5, 3)
    """
    found = Path(folder).expanduser()
    try:
        record = from_json((found / "study.json").read_text("utf-8"))
        known = {"lexicon", "labels", "sha256", "parts"} <= set(record) and all(map(_is_part, record["parts"]))
    except (OSError, ValueError, TypeError):
        known = False
    if not known or not all(intact(found / f"{name}.json") for name in ("merged", "found")):
        raise ValueError(f"{found}: the study is not finished. Start framing run again; it continues.")
    articles = pd.read_parquet(table_path(found / "merged", "articles"))
    passages, hits, likely = (pd.read_parquet(table_path(found / "found", name)) for name in FOUND)
    aside = likely["aside"].tolist() if "aside" in likely else [0] * len(likely)  # of an earlier version
    removed = list(map(removed_of, articles["removed"]))
    articles["removed"] = pd.Series(removed, articles.index, dtype="object")
    n, shown = int(articles["_own"].sum()), articles.drop(columns=INTERNAL)  # what was set aside is last
    return Study(
        found, shown.iloc[:n], shown.iloc[n:].reset_index(drop=True), passages,
        hits.assign(frame=pd.Categorical(hits["frame"], categories=record["labels"])),
        dict(zip(likely["doc_id"], aside, strict=True)),
        record["sha256"], values_hash([part["hash"] for part in record["parts"]]),
    )  # fmt: skip


def made_from(folder: Path) -> Path:
    """Where the articles of a study were; the path itself where it is no study, or does not say it."""
    said = folder / SOURCE
    return (folder / said.read_text("utf-8")).resolve() if said.is_file() else folder


def _is_part(part: Record) -> bool:
    """Whether it names files of the folder: it may come from somebody else."""
    names = [part.get("path"), part.get("name"), part.get("hash")] if isinstance(part, dict) else [None]
    return all(isinstance(name, str) and not {"/", ".."} & {*name[:1], *Path(name).parts} for name in names)
