"""What a reading desk holds: articles, passages, hits and topics, and what a view of it counts."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.arrays import Flags, Floats, Ints
from analysis.corpus.clean import removed_spans
from analysis.corpus.passages import passages as read_passages
from analysis.corpus.stories import UNKNOWN
from analysis.corpus.tables import check_columns, check_table, places_in, refuse_duplicates
from analysis.frames.lexicon import Lexicon
from analysis.text.tokens import Tokens, tokenize
from analysis.topics.fit import Topics
from analysis.topics.reading import top_words

from ..characters import Mark

# An article is listed under a topic that makes up this much of it. A passage carries a frame or does not, so the
# same limit serves both; at a fifth, no article of News Articles is listed under more than four topics.
LISTED = 0.2
ROUNDING = 1e-9  # shares are quotients: a sum of them may miss 1 by the last digits
EXCERPT = 420  # letters of an article that stand for it in a list: its first paragraph


@dataclass(frozen=True, eq=False)
class Units:
    """Rows that are counted, ``unit_id, doc, start, end, place``, and the frames or topics they carry."""

    table: pd.DataFrame
    labels: tuple[str, ...]
    carried: Floats  # units × labels, 0 to 1; their mean over a document is the document's share
    strength: Floats  # units × labels, for sorting
    kind: str  # "passage" or "article"

    def row(self, at: int) -> tuple[str, int, int, int]:
        """The ``unit_id, doc, start, end`` of one unit as plain values."""
        name, *places = (column[at] for column in self._columns)
        return (str(name), *map(int, places))  # type: ignore[return-value]

    @cached_property
    def _columns(self) -> list[Any]:
        return [self.table[name].array for name in ("unit_id", "doc", "start", "end")]

    @cached_property
    def place(self) -> Ints:
        """Where each unit stands among the passages, or among the articles."""
        return self.table["place"].to_numpy(np.int64)

    @cached_property
    def listed(self) -> Flags:
        """Units × labels: what stands in the list behind a cell."""
        return np.asarray(self.carried >= LISTED)

    def shares(self, kept: Flags, doc_ids: "pd.Series[str]") -> pd.DataFrame:
        """The share of each label in each document, from the units kept: index ``doc_id``."""
        table = pd.DataFrame(self.carried[kept], columns=list(self.labels))
        return table.groupby(doc_ids.to_numpy()[self.table["doc"].to_numpy()[kept]]).mean().rename_axis("doc_id")


def frame_units(passages: pd.DataFrame, hits: pd.DataFrame, frames: tuple[str, ...]) -> Units:
    """Passages and the frames they carry; the more different entries say it, the stronger."""
    said = hits[~hits["negated"].to_numpy(bool)]
    column = pd.Index(frames).get_indexer(pd.Index(said["frame"]))
    said = said.assign(column=column)[column >= 0].drop_duplicates(["passage", "column", "entry"])
    strength = np.zeros((len(passages), len(frames)))
    np.add.at(strength, (said["passage"].to_numpy(int), said["column"].to_numpy(int)), 1.0)
    every = np.arange(len(passages))
    return Units(_passage_rows(passages, every), frames, (strength > 0).astype(float), strength, "passage")


def _passage_rows(passages: pd.DataFrame, at: Ints) -> pd.DataFrame:
    rows = passages.iloc[at].reset_index(drop=True).rename(columns={"passage_id": "unit_id"})
    return rows[["unit_id", "doc", "start", "end"]].assign(place=at)


def topic_units(
    topics: Topics | pd.DataFrame | None, articles: pd.DataFrame, passages: pd.DataFrame
) -> tuple[Units | None, dict[str, list[str]] | None]:
    """The documents of the topics as units, and the words that set each topic apart."""
    if topics is None or isinstance(topics, pd.DataFrame):
        return None if topics is None else document_units(topics, articles, passages), None
    listed = top_words(topics, n=8, by="frex")
    words = {str(topic): rows["term"].tolist() for topic, rows in listed.groupby("label", sort=False)}
    return document_units(topics.shares, articles, passages), words


def _check_shares(shares: pd.DataFrame) -> None:
    if shares.columns.empty:
        raise ValueError("topics: the table has no column, so no topic.")
    refuse_duplicates("topics: document", shares.index, "Give each document one row.")
    row, column = np.nonzero(~((shares >= 0) & (shares <= 1 + ROUNDING)).to_numpy(bool))
    if len(row):
        value, name = shares.iloc[row[0], column[0]], shares.columns[column[0]]
        raise ValueError(
            f"topics: {value} of {name!r} in document {shares.index[row[0]]!r}. A share lies between 0 and 1."
        )


def document_units(shares: pd.DataFrame, articles: pd.DataFrame, passages: pd.DataFrame) -> Units:
    """Documents and what each topic makes up of them; a document is an article, or a passage."""
    _check_shares(shares)
    names = pd.Index(shares.index.astype("str"))
    doc = pd.Index(articles["doc_id"]).get_indexer(names)
    if (doc >= 0).all():
        length = articles["text"].str.len().to_numpy()[doc]
        ends = np.minimum(length, EXCERPT)
        table = pd.DataFrame({"unit_id": names, "doc": doc, "start": 0, "end": ends, "place": doc})
        kind = "article"
    else:
        wrong = "is neither an article nor a passage. Pass the topics of these articles or of these passages."
        at = places_in(passages["passage_id"], names, "topics: document", wrong)
        table = _passage_rows(passages, at)
        kind = "passage"
    order = np.lexsort([table["start"], table["doc"]])
    values = shares.to_numpy(float)[order]
    return Units(table.iloc[order].reset_index(drop=True), tuple(map(str, shares.columns)), values, values, kind)


TEXTS = ("outlet", "title", "agency", "url")
ABSENT: dict[str, Any] = dict.fromkeys(TEXTS, "") | {  # what stands where an article table lacks a column
    "date": pd.NaT, "story_id": np.nan, "copy_of": np.nan, "overlap": np.nan,
}  # fmt: skip
WHO = ("outlet", "agency", "url")  # of these, what shows who printed an article
HITS = ("doc_id", "passage_id", "start", "end", "frame", "entry", "negated")
MOST_VALUES = 30  # of a column in a menu; others are filtered by a part of their value
MOST_COLUMNS = 12  # that the list can be filtered by: two rows of them
LONGEST_VALUE = 80  # letters: what is longer on average is a text, and the desk searches texts
# columns that are filtered otherwise, or that reading made
HELD = ["doc_id", "text", "title", "url", "outlet", "date", "story_id", "copy_of", "overlap", "removed", "problem",
        "outlet_given", "date_given", "source", "item", "encoding", "read_as", "printed_by",
        "agency_credit"]  # fmt: skip
OF_HITS = ("hits", "units", "said", "_marked")  # what follows from hits
PAIR = ("Russia", "China")
WITH_ARTICLE = {"US", "U.S.", "USA", "UK", "U.K.", "EU", "UAE", "Philippines", "Netherlands", "European Union"}


@dataclass(frozen=True)
class Evidence:
    """Tables that fit together: ``doc`` is a place in articles, ``passage`` a place in passages."""

    articles: pd.DataFrame
    passages: pd.DataFrame
    hits: pd.DataFrame
    frames: tuple[str, ...]
    removed: pd.DataFrame
    about: tuple[str, ...]
    topics: Units | None = None
    topic_words: dict[str, list[str]] | None = None
    differ: dict[str, list[str]] = field(default_factory=dict)  # of a queue: the frames on which coders differ

    def with_hits(self, hits: pd.DataFrame) -> "Evidence":
        """The same under other hits; what is known of the texts is not read again."""
        other = replace(self, hits=hits)
        other.__dict__.update({name: known for name, known in self.__dict__.items() if name not in OF_HITS})
        return other

    @cached_property
    def units(self) -> Units:
        """What the shares of frames are counted in: passages."""
        return frame_units(self.passages, self.hits, self.frames)

    @cached_property
    def passage_tokens(self) -> Tokens:
        """The passages' words, for searching."""
        return tokenize(self.passages)

    @cached_property
    def article_tokens(self) -> Tokens:
        """The articles' words, for searching where articles are what is counted."""
        return tokenize(self.articles)

    @cached_property
    def outlets(self) -> list[str]:
        """All outlets by name, articles without one last; none where who decides must not see them."""
        return [] if self.differ else sorted(set(self.articles["outlet"]), key=lambda one: (one == UNKNOWN, one))

    @cached_property
    def choices(self) -> dict[str, list[str]]:
        """The further columns by which the list can be filtered, with their values if these are few."""
        columns = self.articles.columns[:0] if self.differ else self.articles.columns.difference(HELD, sort=False)
        values = {str(name): sorted(set(self.articles[name].dropna().astype("str")) - {""}) for name in columns}
        found = {
            name: known if len(known) <= MOST_VALUES else []
            for name, known in values.items()
            if 1 < len(known) <= MOST_VALUES or 1 < len(known) >= sum(map(len, known)) / LONGEST_VALUE
        }
        return dict(list(found.items())[:MOST_COLUMNS])

    @cached_property
    def main_topics(self) -> npt.NDArray[np.object_]:
        """The largest topic of each article, empty for one without topics."""
        found = np.full(len(self.articles), "", object)
        if self.topics is not None and len(self.topics.table):
            shares = pd.DataFrame(self.topics.carried).groupby(self.topics.table["doc"].to_numpy()).mean()
            found[shares.index] = np.array(self.topics.labels, object)[shares.to_numpy().argmax(axis=1)]
        return found

    @cached_property
    def place(self) -> dict[str, int]:
        """Where an article is in the table."""
        return {doc_id: at for at, doc_id in enumerate(self.articles["doc_id"])}

    @cached_property
    def passage_place(self) -> dict[str, int]:
        """Where a passage is in the table."""
        return {passage_id: at for at, passage_id in enumerate(self.passages["passage_id"].tolist())}

    @cached_property
    def columns(self) -> dict[str, Any]:
        """The articles' columns as arrays, which are quick to read; who decides does not see who printed."""
        shown = self.articles.assign(**dict.fromkeys(WHO, "")) if self.differ else self.articles
        return {name: shown[name].array for name in ("doc_id", "text", *TEXTS, "date", "story_id", "overlap")}

    def marks_in(self, doc: int) -> list[Mark]:
        """The hits of one article: the frame said, or negated, and the entry that found it."""
        docs, *columns = self._marked
        first, last = np.searchsorted(docs, [doc, doc + 1])
        marks: list[Mark] = []
        for start, end, frame, entry, negated in zip(*(one[first:last].tolist() for one in columns), strict=True):
            marks += [
                Mark(start, end, "negated" if negated else "frames", frame),
                Mark(start, end, "entries", entry),
            ]
        return marks

    @cached_property
    def _marked(self) -> list[Any]:
        """What is marked of each hit, as arrays, which a table gives slowly."""
        return [self.hits[name].to_numpy() for name in ("doc", "start", "end", "frame", "entry", "negated")]

    @cached_property
    def said(self) -> tuple[npt.NDArray[np.intp], list[tuple[str, str]]]:
        """Of each hit the number of its frame and entry, and these pairs in order."""
        number, pairs = pd.factorize(pd.MultiIndex.from_frame(self.hits[["frame", "entry"]]), sort=True)
        return number, [(str(frame), str(entry)) for frame, entry in pairs]

    def story(self, doc: int) -> list[int]:
        """The articles that print one story, the original first; the one alone where outlets are hidden."""
        return [doc] if self.differ else self._stories[self.columns["story_id"][doc]]

    @cached_property
    def _stories(self) -> dict[str, list[int]]:
        by_rank = self.articles.sort_values(["copy_of", "date", "doc_id"], na_position="first", kind="stable")
        found: dict[str, list[int]] = {}
        for at, story in zip(by_rank.index.tolist(), by_rank["story_id"].tolist(), strict=True):
            found.setdefault(story, []).append(at)
        return found


def rows_of(table: pd.DataFrame, doc: int) -> pd.DataFrame:
    """The rows of one article in a table sorted by it."""
    first, last = np.searchsorted(table["doc"].to_numpy(), [doc, doc + 1])
    return table.iloc[first:last]


def gathered(
    articles: pd.DataFrame, hits: pd.DataFrame, *, passages: pd.DataFrame | None = None,
    lexicon: Lexicon | None = None, topics: Topics | pd.DataFrame | None = None,
) -> Evidence:  # fmt: skip
    """The tables checked, sorted and brought together; none of them is changed."""
    check_table(articles, "articles", ["doc_id", "text"], key="doc_id")
    about = tuple(lexicon.about) if lexicon is not None else ()
    kept = _articles(articles)
    if passages is None:
        passages = read_passages(articles, about=(lexicon.about if lexicon is not None else PAIR) or None)
        about = about or (PAIR if lexicon is None else ())
    check_table(passages, "passages", ["passage_id", "doc_id", "start", "text"], key="passage_id")
    read = _placed(passages, "passages", kept)
    read["end"] = read["start"] + read["text"].str.len()
    queue = read.get("differ", pd.Series(dtype="str"))
    differ = dict(zip(read.loc[queue.index, "passage_id"].astype("str"), queue.str.split(", "), strict=True))
    # who decides does not see what an instrument says
    hits = hits[:0].astype({"frame": "str"}) if differ else hits
    units, words = topic_units(topics, kept, read)
    return Evidence(
        articles=kept, passages=read, hits=placed_hits(hits, read, kept),
        frames=tuple(dict.fromkeys(chain(*differ.values()))) or _frames(hits, lexicon),
        removed=_placed(removed_spans(articles), "removed", kept), about=about, topics=units, topic_words=words,
        differ=differ,
    )  # fmt: skip


def _articles(articles: pd.DataFrame) -> pd.DataFrame:
    """The articles sorted, with every column that the desk shows."""
    kept = articles.sort_values("doc_id", kind="stable").reset_index(drop=True)
    kept = kept.assign(**{name: value for name, value in ABSENT.items() if name not in kept})
    kept = kept.assign(**{name: kept[name].astype("str").fillna("") for name in TEXTS})
    names, dates = kept["doc_id"].astype("str"), pd.to_datetime(kept["date"], errors="coerce")
    return kept.assign(
        doc_id=names, outlet=kept["outlet"].str.strip().replace("", UNKNOWN),
        date=dates if dates.dt.tz is None else dates.dt.tz_localize(None),  # as written where a time zone stands
        story_id=kept["story_id"].astype("str").fillna(names), copy_of=kept["copy_of"].astype("str"),
        overlap=kept["overlap"].astype(float),
    )  # fmt: skip


def _placed(table: pd.DataFrame, what: str, articles: pd.DataFrame) -> pd.DataFrame:
    """The rows with ``doc``, sorted by it and by place."""
    wrong = "is not among the articles. Pass the table they were made from."
    doc = places_in(articles["doc_id"], table["doc_id"].astype("str"), f"{what}: article", wrong)
    order = ["doc", "start", *(["end"] if "end" in table else [])]
    return table.assign(doc=doc).sort_values(order, kind="stable").reset_index(drop=True)


def placed_hits(hits: pd.DataFrame, passages: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """The hits with ``doc`` and ``passage``, sorted."""
    check_columns(hits, HITS, where="hits", hint="See find_frames.")
    found = _placed(hits, "hits", articles)
    remedy = "Pass the table in which they were found: explore(articles, hits, passages=…)."
    wrong = f"is not among the passages. {remedy}"
    passage = places_in(passages["passage_id"], found["passage_id"], "hits: passage", wrong)
    return found.assign(passage=passage, frame=found["frame"].astype("str"), negated=found["negated"].astype(bool))


def _frames(hits: pd.DataFrame, lexicon: Lexicon | None) -> tuple[str, ...]:
    if lexicon is not None:
        return tuple(lexicon.labels)
    known = isinstance(hits["frame"].dtype, pd.CategoricalDtype)
    return tuple(map(str, hits["frame"].cat.categories if known else sorted(hits["frame"].astype("str").unique())))


def with_article(country: str) -> str:
    """The country as it is named within a sentence, as in "the United States"."""
    return f"the {country}" if country.startswith("United ") or country in WITH_ARTICLE else country
