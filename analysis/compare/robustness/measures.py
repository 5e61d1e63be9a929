"""The defensible ways to measure one claim: what may be chosen, and the difference that each choice gives."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, product
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.compare.differences import REST, outlet_differences
from analysis.compare.inference import Inference
from analysis.corpus.clean import clean
from analysis.corpus.copies import mark_copies
from analysis.corpus.passages import passages
from analysis.corpus.stories import outlet_names
from analysis.corpus.tables import article_dates
from analysis.frames.lexicon import Lexicon
from analysis.frames.match import context_hits, find_frames, match_context
from analysis.frames.shares import frame_shares
from analysis.text.terms import count_terms
from analysis.text.tokens import tokenize
from analysis.topics.fit import DEFAULT, fit_topics

INTACT = "whole"
MARKS = ["doc_id", "outlet", "date", "story_id", "copy_of"]
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
LATE = ("copies", "period")  # choices that are made after the shares are known

Options = Mapping[str, Sequence[Any]]
Choices = dict[str, Any]


class Claim(NamedTuple):
    """This outlet uses the label more (1) or less (-1) than the other."""

    outlet: str
    other: str
    label: str
    sign: int

    def __str__(self) -> str:
        return f"{self.outlet} uses {self.label} {'more' if self.sign > 0 else 'less'} than {self.other}"


class Measure:
    """What may be chosen to measure a claim, and what each choice gives; the steps as for texts that are read."""

    prepared_by: tuple[str, ...] = READ_BY

    def options(self, label: str) -> dict[str, list[Any]]:
        """The usual choices, the first of each the most usual."""
        raise NotImplementedError

    def ways(self, options: Options) -> list[Choices]:
        """The combinations that are measured."""
        return grid(options)

    def marked(self, articles: pd.DataFrame, choices: Choices) -> pd.DataFrame:
        """The articles with their stories, marked again after cleaning or without it."""
        received = articles.drop(columns=["story_id", "copy_of", "overlap"], errors="ignore")
        return mark_copies(clean(received) if choices["cleaned"] else received)

    def prepared(self, marked: pd.DataFrame, choices: Choices) -> Any:  # noqa: ARG002
        """What the shares are found in."""
        return None

    def shares(self, prepared: Any, label: str, choices: Choices) -> pd.DataFrame:
        """The share of the label in each document."""
        raise NotImplementedError

    def exposure(self, prepared: Any) -> pd.DataFrame:  # noqa: ARG002
        """Words and passages of each document, where shares may grow with them."""
        return pd.DataFrame(columns=["words", "passages"], dtype="float64")

    def row(
        self, shares: pd.DataFrame, sides: pd.DataFrame, choices: Choices, how: Inference
    ) -> "pd.Series[Any] | None":
        """The difference of the two sides, as a row of ``outlet_differences``; None where there is none."""
        split = None if choices["period"] in WHOLE else choices["period"]
        rows = outlet_differences(shares, sides, how=how, split=split)
        return None if rows.empty else rows.iloc[0]


class FrameMeasure(Measure):
    """A frame by a lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._variants: dict[tuple[str, str], Lexicon] = {}  # each reads its patterns once, for all units

    def options(self, label: str) -> dict[str, list[Any]]:
        if label not in self.lexicon.labels:
            found = ", ".join(self.lexicon.labels)
            raise ValueError(f"claim: {label!r} is not a frame of {self.lexicon.name}. Found: {found}.")
        units = ["sentence", "window", "article"]
        return {"cleaned": [True, False], "unit": units, "lexicon": [INTACT, *variants(self.lexicon, label)]}

    def prepared(self, marked: pd.DataFrame, choices: Choices) -> Any:
        found = passages(marked, about=self.lexicon.about or None, unit=choices["unit"])
        return found, (None if self.lexicon.parallel else match_context(found, self.lexicon))

    def shares(self, prepared: Any, label: str, choices: Choices) -> pd.DataFrame:
        name = choices["lexicon"]
        lexicon = self._variants.setdefault((name, label), variant(self.lexicon, name, label))
        found, context = prepared
        # Other words in a list, or to cut texts with: only entries are left out of what was found before.
        same = (lexicon.lists, lexicon.known) == (self.lexicon.lists, self.lexicon.known)
        hits = context_hits(context, lexicon) if context and same else find_frames(found, lexicon)
        return frame_shares(hits, found)[[label]]

    def exposure(self, prepared: Any) -> pd.DataFrame:
        table = pd.DataFrame({"words": prepared[0]["text"].str.split().str.len(), "passages": 1})
        return table.groupby(prepared[0]["doc_id"].astype("str")).sum()


class TopicMeasure(Measure):
    """The topic with the largest part in some words, in any model."""

    prepared_by = ("cleaned", "min_df")

    def __init__(self, words: Sequence[str]) -> None:
        self.words = list(words)

    def options(self, label: str) -> dict[str, list[Any]]:  # noqa: ARG002 - the words name the topic
        usual: dict[str, list[Any]] = {"cleaned": [True, False], "min_df": [5, 10], "k": [10, 15, 20, 30]}
        return {**usual, "engine": [DEFAULT], "seed": [0]}

    def ways(self, options: Options) -> list[Choices]:
        """Every combination; an engine without a random start has one seed."""
        first = options["seed"][:1]
        return [row for row in grid(options) if row["engine"] != DEFAULT or [row["seed"]] == first]

    def prepared(self, marked: pd.DataFrame, choices: Choices) -> Any:
        return count_terms(tokenize(marked), min_df=choices["min_df"], max_df=0.5)

    def shares(self, prepared: Any, label: str, choices: Choices) -> pd.DataFrame:
        seed = None if choices["engine"] == DEFAULT else choices["seed"]
        topics = fit_topics(prepared, choices["k"], seed=seed, engine=choices["engine"])
        known = [word for word in self.words if word in topics.words]
        if not known:
            raise ValueError(f"words: none of {self.words} is counted. Lower min_df={choices['min_df']}.")
        part = topics.words[known] / topics.words[known].sum()
        return topics.shares[[part.sum(axis=1).idxmax()]].set_axis([label], axis=1)


class Readings(Measure):
    """A frame as ``readings`` found it before in each way to read the texts, which are not needed again."""

    def __init__(self, table: pd.DataFrame) -> None:
        self.table = table.astype({"doc_id": "str", "story_id": "str"})

    def options(self, label: str) -> dict[str, list[Any]]:  # noqa: ARG002 - of one label
        return {name: self.table[name].unique().tolist() for name in (*READ_BY, "lexicon")}

    def marked(self, articles: pd.DataFrame, choices: Choices) -> pd.DataFrame:
        stories = self.prepared(articles, choices).drop_duplicates("doc_id")[["doc_id", "story_id", "copy_of"]]
        return articles.drop(columns=["story_id", "copy_of"], errors="ignore").merge(stories, on="doc_id")

    def prepared(self, marked: pd.DataFrame, choices: Choices) -> pd.DataFrame:  # noqa: ARG002 - prepared before
        kept = (self.table[list(READ_BY)] == [choices[name] for name in READ_BY]).all(axis=1)
        return self.table[kept]

    def shares(self, prepared: pd.DataFrame, label: str, choices: Choices) -> pd.DataFrame:
        rows = prepared[prepared["lexicon"] == choices["lexicon"]].dropna(subset="share")
        return pd.DataFrame({label: rows.set_index("doc_id")["share"]})

    def exposure(self, prepared: pd.DataFrame) -> pd.DataFrame:
        known = ["doc_id", "words", "passages"]
        return prepared[known].drop_duplicates("doc_id").set_index("doc_id")


def readings(articles: pd.DataFrame, lexicon: Lexicon, claim: Claim, options: Options) -> pd.DataFrame:
    """The share of the claim's label in each article of its two sides, in each way to read the texts."""
    measure = FrameMeasure(lexicon)
    known = {**measure.options(claim.label), **options}
    names = outlet_names(articles["outlet"])
    sides = articles.loc[names.isin([claim.outlet, claim.other]) | (claim.other == REST), "doc_id"].astype("str")
    tables = []
    for way in grid({name: known[name] for name in READ_BY}):
        marked = measure.marked(articles, way)
        texts = measure.prepared(marked, way)
        rows = marked.loc[marked["doc_id"].astype("str").isin(sides), ["doc_id", "story_id", "copy_of"]]
        rows = rows.assign(**way).join(measure.exposure(texts), on="doc_id", how="inner")
        for name in known["lexicon"]:
            found = measure.shares(texts, claim.label, {**way, "lexicon": name})[claim.label].rename("share")
            tables.append(rows.assign(lexicon=name).join(found, on="doc_id"))
    columns = [*READ_BY, "lexicon", "doc_id", "story_id", "copy_of", "share", "words", "passages"]
    return pd.concat(tables, ignore_index=True)[columns]


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
    """Every combination, the usual one first.

    >>> grid({"unit": ["sentence", "article"], "k": [5]})
    [{'unit': 'sentence', 'k': 5}, {'unit': 'article', 'k': 5}]
    """
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
    parts = [grouped(part, early) for part in grouped(ways, work.measure.prepared_by)]
    texts = _parallel(_prepared, [(work, articles, part[0][0]) for part in parts], workers)
    jobs = [(work, text, group) for text, part in zip(texts, parts, strict=True) for group in part]
    for (_, _, group), results in zip(jobs, _parallel(_differences, jobs, workers), strict=True):
        yield from zip(group, results, strict=True)


def grouped(ways: list[Choices], names: Sequence[str]) -> list[list[Choices]]:
    """Ways that agree in these choices, in order of their first."""
    groups: dict[str, list[Choices]] = {}
    for way in ways:
        groups.setdefault(repr([way.get(name) for name in names]), []).append(way)
    return list(groups.values())


def _parallel(work: Callable[..., Any], jobs: Iterable[tuple[Any, ...]], workers: int) -> Iterator[Any]:
    if workers == 1:
        return (work(*job) for job in jobs)
    from joblib import Parallel, delayed  # type: ignore[import-untyped]

    return iter(Parallel(n_jobs=workers, return_as="generator")(delayed(work)(*job) for job in jobs))


def _prepared(work: Work, articles: pd.DataFrame, choices: Choices) -> tuple[pd.DataFrame, Any]:
    """Articles with their stories, and their texts for the measure."""
    marked = work.measure.marked(articles, choices)
    columns = [name for name in dict.fromkeys([*MARKS, work.how.by]) if name in marked]
    return marked[columns], work.measure.prepared(marked, choices)


def _differences(work: Work, prepared: tuple[pd.DataFrame, Any], ways: list[Choices]) -> list[dict[str, Any]]:
    """Figures of ways with the same shares."""
    articles, texts = prepared
    shares = work.measure.shares(texts, work.claim.label, ways[0])
    sides = articles.set_index("doc_id", drop=False).loc[shares.index]
    names = outlet_names(sides[work.how.by])
    if work.claim.other == REST:
        names = names.where(names == work.claim.outlet, REST)
    sides = sides.assign(**{work.how.by: names})[names.isin([work.claim.outlet, work.claim.other]).to_numpy()]
    sides = sides.join(work.measure.exposure(texts))
    return [_difference(work, sides, shares, way) for way in ways]


def _difference(work: Work, sides: pd.DataFrame, shares: pd.DataFrame, way: Choices) -> dict[str, Any]:
    """The first outlet's share less the other's, bounds, p and numbers of stories; None where unknown."""
    claim, how, period = work.claim, replace(work.how, **COPIES[way["copies"]]), way["period"]
    if period != "all":
        sides = sides[article_dates(sides).notna()] if "date" in sides else sides[:0]
    if period == "shared":
        sides = _shared(sides, how.by)
    both = len(set(sides[how.by])) > 1
    row = work.measure.row(shares.loc[sides.index], sides.reset_index(drop=True), way, how) if both else None
    if row is None:
        return dict.fromkeys(FIGURES)
    turn = 1 if row["outlet"] == claim.outlet else -1
    names = ("difference", "low", "high") if period in WHOLE else ("framing", "framing_low", "framing_high")
    difference, *bounds = (turn * float(row[name]) for name in names)
    counted = sides if how.reprints != "original" else sides[sides["copy_of"].isna()]
    stories = counted.groupby(how.by)[how.cluster if how.cluster in counted else "doc_id"].nunique()
    long = sides.groupby(how.by)["words"].sum() / sides.groupby(how.by)["passages"].sum().replace(0, np.nan)
    values = [difference, *bounds[::turn], float(row["p"])]
    values += [table[side] for table in (stories, long) for side in (claim.outlet, claim.other)]
    return {name: None if np.isnan(value) else float(value) for name, value in zip(FIGURES, values, strict=True)}


def _shared(sides: pd.DataFrame, by: str) -> pd.DataFrame:
    """The articles from the later first to the earlier last date of the two sides."""
    dates = article_dates(sides)
    spans = dates.groupby(sides[by]).agg(["min", "max"])
    return sides[dates.between(spans["min"].max(), spans["max"].min()).to_numpy()]
