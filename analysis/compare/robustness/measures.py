"""The defensible ways to measure one claim: what may be chosen, and the difference that each choice gives."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, product
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.compare.correction.sample import document_means
from analysis.compare.correction.shares import correct_shares, corrected_differences
from analysis.compare.differences import REST, outlet_differences, story_differences
from analysis.compare.inference import Inference
from analysis.compare.observations import story_shares
from analysis.corpus.clean import clean
from analysis.corpus.copies import mark_copies
from analysis.corpus.passages import passages
from analysis.corpus.stories import outlet_names
from analysis.corpus.tables import article_dates, check_columns, refuse_unknown
from analysis.frames.coding.codes import votes
from analysis.frames.lexicon import Lexicon
from analysis.frames.match import context_hits, find_frames, frame_shares, match_context
from analysis.text.terms import count_terms
from analysis.text.tokens import tokenize
from analysis.topics.fit import DEFAULT, fit_topics

INTACT = "whole"
BEFORE = "before"  # cleaned, and copies marked, among more articles than are given
COPIES: dict[str, dict[str, Any]] = {  # how articles that copy each other count: settings of Inference
    "weighted": {"reprints": "weighted"},
    "original": {"reprints": "original"},
    "every article": {"cluster": "doc_id"},
}
# The time that is compared: all of it, the days from the later first to the earlier last date of the two sides, or
# the difference within the days, weeks … that both covered (`split` of outlet_differences).
WHOLE = ("all", "shared")
PERIODS = (*WHOLE, "day", "week", "month", "quarter", "year")
FIGURES = ["difference", "low", "high", "p", "n_stories", "n_others", "words", "other_words"]
READ_BY = ("cleaned", "unit")
LEXICAL = [*READ_BY, "lexicon"]
STORY = ["doc_id", "story_id", "copy_of"]
READ = [*STORY, "share", "words", "passages"]  # of a document; topics and coders need no lengths
LATE = ("copies", "period")  # choices that are made after the shares are known

Options = Mapping[str, Sequence[Any]]
Choices = dict[str, Any]
Given = pd.DataFrame | tuple[pd.DataFrame, pd.DataFrame]  # shares, codes of coders, or codes and what people coded


class Claim(NamedTuple):
    """This outlet uses the label more (1) or less (-1) than the other."""

    outlet: str
    other: str
    label: str
    sign: int

    def __str__(self) -> str:
        return f"{self.outlet} uses {self.label} {'more' if self.sign > 0 else 'less'} than {self.other}"


class Measure:
    """What may be chosen to measure a claim, and what is read from the texts with each choice."""

    together: tuple[str, ...] = READ_BY  # choices that prepare the texts

    def options(self, label: str) -> dict[str, list[Any]]:
        """The usual choices, the first of each the most usual."""
        raise NotImplementedError

    def ways(self, options: Options) -> list[Choices]:
        """The combinations that are measured."""
        return grid(options)

    def read(self, articles: pd.DataFrame, label: str, ways: list[Choices]) -> Iterator[pd.DataFrame]:
        """For each of some ways that agree in ``together``: ``READ``, a row per document."""
        raise NotImplementedError

    def row(self, sides: pd.DataFrame, label: str, choices: Choices, how: Inference) -> "pd.Series[Any] | None":
        """The difference of the two sides, as numbers of ``outlet_differences``; None where there is none."""
        shares = sides.set_index("doc_id")[["share"]].set_axis([label], axis=1)
        sides = sides.drop(columns="share")
        if (period := choices["period"]) in WHOLE:
            stories = story_shares(shares, sides, how)
            rows = story_differences(stories, how) if len(stories.outlets) > 1 else pd.DataFrame()
        else:
            rows = outlet_differences(shares, sides, how=how, split=period)
        return None if rows.empty else rows.iloc[0]


class FrameMeasure(Measure):
    """A frame by a lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._variants: dict[tuple[str, str], Lexicon] = {}  # each reads its patterns once, for all units

    def options(self, label: str) -> dict[str, list[Any]]:
        refuse_unknown("claim", label, f"a frame of {self.lexicon.name}", self.lexicon.labels)
        units = ["sentence", "window", "article"]
        return {"cleaned": [True, False], "unit": units, "lexicon": [INTACT, *variants(self.lexicon, label)]}

    def read(self, articles: pd.DataFrame, label: str, ways: list[Choices]) -> Iterator[pd.DataFrame]:
        marked = _marked(articles, cleaned=ways[0]["cleaned"])
        found = passages(marked, about=self.lexicon.about or None, unit=ways[0]["unit"])
        context = None if self.lexicon.parallel else match_context(found, self.lexicon)
        length = pd.DataFrame({"words": [len(text.split()) for text in found["text"]], "passages": 1})
        documents = marked[STORY].join(
            length.groupby(found["doc_id"].astype("str")).sum(), on="doc_id", how="inner"
        )
        for name in (way["lexicon"] for way in ways):
            lexicon = self._variants.setdefault((name, label), variant(self.lexicon, name, label))
            # Other words in a list, or to cut texts with: only entries are left out of what was found before.
            same = (lexicon.lists, lexicon.known) == (self.lexicon.lists, self.lexicon.known)
            hits = context_hits(context, lexicon) if context and same else find_frames(found, lexicon)
            yield documents.join(frame_shares(hits, found)[label].rename("share"), on="doc_id")


class TopicMeasure(Measure):
    """The topic with the largest part in some words, in any model."""

    together = ("cleaned", "min_df")

    def __init__(self, words: Sequence[str]) -> None:
        self.words = list(words)

    def options(self, label: str) -> dict[str, list[Any]]:  # noqa: ARG002 - the words name the topic
        usual: dict[str, list[Any]] = {"cleaned": [True, False], "min_df": [5, 10], "k": [10, 15, 20, 30]}
        return {**usual, "engine": [DEFAULT], "seed": [0]}

    def ways(self, options: Options) -> list[Choices]:
        """Every combination; an engine without a random start has one seed."""
        first = options["seed"][:1]
        return [row for row in grid(options) if row["engine"] != DEFAULT or [row["seed"]] == first]

    def read(self, articles: pd.DataFrame, label: str, ways: list[Choices]) -> Iterator[pd.DataFrame]:  # noqa: ARG002
        marked = _marked(articles, cleaned=ways[0]["cleaned"])
        counts = count_terms(tokenize(marked), min_df=ways[0]["min_df"], max_df=0.5)
        for way in ways:
            seed = None if way["engine"] == DEFAULT else way["seed"]
            topics = fit_topics(counts, way["k"], seed=seed, engine=way["engine"])
            known = [word for word in self.words if word in topics.words]
            if not known:
                words = ", ".join(self.words)
                raise ValueError(f"instrument: no word is counted. Found: {words}. Lower min_df in options=.")
            part = topics.words[known] / topics.words[known].sum()
            share = topics.shares[part.sum(axis=1).idxmax()].rename("share")
            yield marked[STORY].join(share, on="doc_id", how="inner")


class CoderMeasure(Measure):
    """A frame by each of some coders. Their texts are coded already, so that cleaning is not a choice."""

    together = ()

    def __init__(self, coders: Mapping[str, Given]) -> None:
        self.tables: dict[str, pd.DataFrame] = {}
        self.corrected: dict[str, tuple[pd.DataFrame, pd.DataFrame]] = {}
        for name, given in coders.items():
            if isinstance(given, tuple):
                self.corrected[name] = given
            elif {"passage_id", "coder"} <= set(given):
                self.tables |= {str(one): _by_document(rows) for one, rows in given.groupby("coder", sort=False)}
            else:
                self.tables[name] = given
        if not self.tables:
            raise ValueError("instrument: no coder is given. Give {'name': shares of documents, …}.")

    def options(self, label: str) -> dict[str, list[Any]]:
        for name, table in self.tables.items():
            refuse_unknown("claim", label, f"a label of {name!r}", table)
        return {"coder": [*self.tables, *self.corrected]}

    def ways(self, options: Options) -> list[Choices]:
        """A corrected difference is one of all the time or of the shared time."""
        every = super().ways({name: options[name] for name in ("coder", "copies", "period")})
        return [way for way in every if way["coder"] not in self.corrected or way["period"] in WHOLE]

    def read(self, articles: pd.DataFrame, label: str, ways: list[Choices]) -> Iterator[pd.DataFrame]:
        marked = articles if "story_id" in articles else mark_copies(articles)
        marked = marked[[name for name in STORY if name in marked]].astype({"doc_id": "str"})
        for coder in (way["coder"] for way in ways):
            table = self.tables[coder] if coder in self.tables else _by_document(self.corrected[coder][0])
            yield marked.join(table[label].dropna().rename("share"), on="doc_id", how="inner")

    def row(self, sides: pd.DataFrame, label: str, choices: Choices, how: Inference) -> "pd.Series[Any] | None":
        if choices["coder"] not in self.corrected:
            return super().row(sides, label, choices, how)
        codes, coded = self.corrected[choices["coder"]]
        here = codes[codes["doc_id"].astype("str").isin(sides["doc_id"]) & codes["label"].eq(label)]
        of_these = coded[coded["passage_id"].isin(here["passage_id"])]
        if here.empty or of_these.empty:
            return None
        found = corrected_differences(correct_shares(here, of_these, sides, how=how), level=how.level)
        return None if found.empty or np.isnan(found["difference"].iloc[0]) else found.iloc[0]


class Readings(Measure):
    """A frame as ``readings`` found it before in each way to read the texts, which are not needed again."""

    def __init__(self, table: pd.DataFrame) -> None:
        self.table = table.astype({"doc_id": "str", "story_id": "str"})

    def options(self, label: str) -> dict[str, list[Any]]:  # noqa: ARG002 - of one label
        return {name: self.table[name].unique().tolist() for name in LEXICAL}

    def read(self, articles: pd.DataFrame, label: str, ways: list[Choices]) -> Iterator[pd.DataFrame]:  # noqa: ARG002
        for way in ways:
            kept = (self.table[LEXICAL] == [way[name] for name in LEXICAL]).all(axis=1)
            yield self.table.loc[kept, READ].dropna(subset="share")


def _by_document(codes: pd.DataFrame) -> pd.DataFrame:
    """The share of each document's passages, by the majority of these coders."""
    return document_means(votes(codes)[0], codes.drop_duplicates("passage_id"))


def readings(articles: pd.DataFrame, lexicon: Lexicon, claim: Claim, options: Options) -> pd.DataFrame:
    """The share of the claim's label in each article of its two sides, in each way to read the texts."""
    measure, names = FrameMeasure(lexicon), outlet_names(articles["outlet"])
    known = {**measure.options(claim.label), **options}
    sides = articles.loc[names.isin([claim.outlet, claim.other]) | (claim.other == REST), "doc_id"].astype("str")
    tables = [
        found[found["doc_id"].isin(sides)].assign(**way)
        for part in grouped(grid({name: known[name] for name in LEXICAL}), READ_BY)
        for way, found in zip(part, measure.read(articles, claim.label, part), strict=True)
    ]
    return pd.concat(tables, ignore_index=True)[[*LEXICAL, *READ]]


def _marked(articles: pd.DataFrame, *, cleaned: bool | str) -> pd.DataFrame:
    """The articles with their stories, marked again after cleaning or without it; or as both were done before."""
    if cleaned == BEFORE:
        check_columns(articles, STORY, where="articles", hint="mark_copies adds them.")
        return articles.astype({"doc_id": "str"})
    received = articles.drop(columns=["story_id", "copy_of", "overlap"], errors="ignore")
    return mark_copies(clean(received) if cleaned else received).astype({"doc_id": "str"})


def variants(lexicon: Lexicon, frame: str) -> list[str]:
    """The lexicon without each entry of a frame, and without each list that these entries use."""
    parts = lexicon.each.values()
    entries = [entry for one in parts for entry in one.entries if entry.frame == frame]
    named = list(dict.fromkeys(entry.name for entry in entries))
    used = {name for entry in entries for pattern in entry.match for name in re.findall(r"@([\w.-]+)", pattern)}
    lists = [f"@{name}" for name in dict.fromkeys(chain(*(one.lists for one in parts))) if name in used]
    return [f"without {name}" for name in [*(named if len(named) > 1 else []), *lists]]


def variant(lexicon: Lexicon, name: str, frame: str) -> Lexicon:
    """The lexicon without an entry of the frame, or with an empty list, as the name says."""
    if name == INTACT:
        return lexicon
    less = name.removeprefix("without ")
    parallel = tuple(variant(one, name, frame) for one in lexicon.parallel)
    if less.startswith("@"):
        emptied = {key: () if key == less[1:] else members for key, members in lexicon.lists.items()}
        return replace(lexicon, lists=emptied, parallel=parallel)
    kept = tuple(entry for entry in lexicon.entries if (entry.frame, entry.name) != (frame, less))
    return replace(lexicon, entries=kept, parallel=parallel)


def grid(options: Options) -> list[Choices]:
    """Every combination, the usual one first."""
    return [dict(zip(options, values, strict=True)) for values in product(*options.values())]


class Work(NamedTuple):
    """Input that all ways share."""

    measure: Measure
    claim: Claim
    how: Inference


def measured(
    work: Work, articles: pd.DataFrame, ways: list[Choices], workers: int
) -> Iterator[tuple[Choices, dict[str, Any]]]:
    """Each way with its figures: texts are prepared, and shares found, once."""
    early = [name for name in ways[0] if name not in LATE] if ways else []
    parts = [grouped(part, early) for part in grouped(ways, work.measure.together)]
    tables = _parallel(_read, [(work, articles, [group[0] for group in part]) for part in parts], workers)
    jobs = [job for part, found in zip(parts, tables, strict=True) for job in zip(found, part, strict=True)]
    figures = _parallel(_differences, [(work, *job) for job in jobs], workers)
    for (_, group), results in zip(jobs, figures, strict=True):
        yield from zip(group, results, strict=True)


def grouped(ways: list[Choices], names: Sequence[str]) -> list[list[Choices]]:
    """Ways that agree in these choices, in order of their first."""
    groups: dict[str, list[Choices]] = {}
    for way in ways:
        groups.setdefault(repr([way.get(name) for name in names]), []).append(way)
    return list(groups.values())


def _parallel(work: Callable[..., Any], jobs: Iterable[tuple[Any, ...]], workers: int) -> Iterator[Any]:
    from joblib import Parallel, delayed  # type: ignore[import-untyped]

    return iter(Parallel(n_jobs=workers, return_as="generator")(delayed(work)(*job) for job in jobs))


def _read(work: Work, articles: pd.DataFrame, ways: list[Choices]) -> list[pd.DataFrame]:
    """What each way reads of the articles of both sides, one of which may be all others."""
    names = outlet_names(articles[work.how.by])
    rest = work.claim.other == REST and not names.eq(REST).any()  # an outlet may be called so
    sides = articles[[name for name in ("doc_id", "date") if name in articles]].astype({"doc_id": "str"})
    sides[work.how.by] = names.where(names == work.claim.outlet, REST) if rest else names
    sides = sides[sides[work.how.by].isin([work.claim.outlet, work.claim.other])]
    return [sides.merge(found, on="doc_id") for found in work.measure.read(articles, work.claim.label, ways)]


def _differences(work: Work, sides: pd.DataFrame, ways: list[Choices]) -> list[dict[str, Any]]:
    """For each of some ways with the same shares: the difference, bounds, p and numbers; None where unknown."""
    return [_difference(work, sides, way) for way in ways]


def _difference(work: Work, sides: pd.DataFrame, way: Choices) -> dict[str, Any]:
    claim, how, period = work.claim, replace(work.how, **COPIES[way["copies"]]), way["period"]
    if period != "all":
        sides = sides[article_dates(sides).notna()] if "date" in sides else sides[:0]
    if period == "shared":
        dates = article_dates(sides)  # the days from the later first to the earlier last of the two sides
        spans = dates.groupby(sides[how.by]).agg(["min", "max"])
        sides = sides[dates.between(spans["min"].max(), spans["max"].min()).to_numpy()]
    both = len(set(sides[how.by])) > 1
    row = work.measure.row(sides.reset_index(drop=True), claim.label, way, how) if both else None
    if row is None:
        return dict.fromkeys(FIGURES)
    turn = 1 if row["outlet"] == claim.outlet else -1
    names = ("difference", "low", "high") if period in WHOLE else ("framing", "framing_low", "framing_high")
    difference, *bounds = (turn * float(row[name]) for name in names)
    counted = sides if how.reprints != "original" else sides[sides["copy_of"].isna()]
    stories = counted.groupby(how.by)[how.cluster if how.cluster in counted else "doc_id"].nunique()
    length = sides.reindex(columns=["words", "passages"]).groupby(sides[how.by]).sum()
    long = length["words"] / length["passages"].replace(0, np.nan)
    values = [difference, *bounds[::turn], float(row["p"])]
    values += [table[side] for table in (stories, long) for side in (claim.outlet, claim.other)]
    return {name: None if np.isnan(value) else float(value) for name, value in zip(FIGURES, values, strict=True)}
