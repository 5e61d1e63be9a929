"""The many defensible ways to measure one claim: what may be chosen, and the shares that each choice gives."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import pandas as pd

from analysis.corpus.clean import clean
from analysis.corpus.copies import mark_copies
from analysis.corpus.passages import passages
from analysis.frames.lexicon import Lexicon
from analysis.frames.match import find_frames
from analysis.frames.shares import frame_shares
from analysis.text.terms import Counts, count_terms
from analysis.text.tokens import tokenize
from analysis.topics.fit import DEFAULT, Engine, fit_topics

WHOLE = "whole"
NOWHERE = "wordthatstandsnowhere"  # in place of a list left out: its patterns stay readable and find nothing
MARKS = ["doc_id", "outlet", "date", "story_id", "copy_of"]

Options = Mapping[str, Sequence[Any]]


class FrameReading:
    """Frames by a lexicon; the first of each option is the usual choice."""

    prepared_by = ("cleaned", "unit")

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def options(self, label: str) -> dict[str, list[Any]]:
        if label not in self.lexicon.labels:
            raise ValueError(f"claim: {label!r} is no frame of {self.lexicon.name}; it has {self.lexicon.labels}.")
        units = ["sentence", "window", "article"]
        return {"cleaned": [True, False], "unit": units, "lexicon": [WHOLE, *variants(self.lexicon, label)]}

    def specifications(self, options: Options) -> list[dict[str, Any]]:
        return grid(options)

    def prepared(self, articles: pd.DataFrame, choices: Mapping[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
        marked = marked_articles(articles, choices["cleaned"])
        return marked[MARKS], passages(marked, about=self.lexicon.about or None, unit=choices["unit"])

    def shares(self, prepared: pd.DataFrame, label: str, choices: Mapping[str, Any]) -> pd.DataFrame:
        hits = find_frames(prepared, variant(self.lexicon, choices["lexicon"], label))
        return frame_shares(hits, prepared)[[label]]


class TopicReading:
    """The topic that says some words most, whatever the model."""

    prepared_by = ("cleaned", "min_df")

    def __init__(self, words: Sequence[str]) -> None:
        self.words = list(words)

    def options(self, label: str) -> dict[str, list[Any]]:  # noqa: ARG002 - the words say which topic
        return {
            "cleaned": [True, False],
            "min_df": [5, 10],
            "k": [10, 15, 20, 30],
            "engine": ["nmf-lda"],
            "seed": [0],
        }

    def specifications(self, options: Options) -> list[dict[str, Any]]:
        """Every combination; an engine without chance has one seed, for others would repeat its words."""
        first = options["seed"][:1]
        return [row for row in grid(options) if row["engine"] != DEFAULT or [row["seed"]] == first]

    def prepared(self, articles: pd.DataFrame, choices: Mapping[str, Any]) -> tuple[pd.DataFrame, Counts]:
        marked = marked_articles(articles, choices["cleaned"])
        return marked[MARKS], count_terms(tokenize(marked), min_df=choices["min_df"], max_df=0.5)

    def shares(self, prepared: Counts, label: str, choices: Mapping[str, Any]) -> pd.DataFrame:
        engine: Engine = choices["engine"]
        seed = None if engine == DEFAULT else choices["seed"]
        topics = fit_topics(prepared, choices["k"], seed=seed, engine=engine)
        known = [word for word in self.words if word in topics.words]
        if not known:
            raise ValueError(f"words: none of {self.words} is counted at min_df={choices['min_df']}.")
        said = topics.words[known]
        return topics.shares[[(said / said.sum()).sum(axis=1).idxmax()]].set_axis([label], axis=1)


# Either has `prepared_by` (choices made in preparing texts), `options`, `specifications`, `prepared`, `shares`.
Reading = FrameReading | TopicReading


def marked_articles(articles: pd.DataFrame, cleaned: bool) -> pd.DataFrame:
    """Articles with their stories marked, cleaned before or left as received; marks that were there are redone."""
    received = articles.drop(columns=["story_id", "copy_of", "overlap"], errors="ignore")
    return mark_copies(clean(received) if cleaned else received)


def variants(lexicon: Lexicon, frame: str) -> list[str]:
    """The lexicon without each entry of a frame, and without each list that these entries use."""
    entries = [entry for entry in lexicon.entries if entry.frame == frame]
    used = {name for entry in entries for pattern in entry.match for name in re.findall(r"@([\w.-]+)", pattern)}
    without = [f"without {entry.name}" for entry in entries] if len(entries) > 1 else []
    return [*without, *(f"without @{name}" for name in lexicon.lists if name in used)]


def variant(lexicon: Lexicon, name: str, frame: str) -> Lexicon:
    """The lexicon, less what the name says: an entry of the frame, or a list."""
    if name == WHOLE:
        return lexicon
    less = name.removeprefix("without ")
    if less.startswith("@"):
        return replace(lexicon, lists={**lexicon.lists, less[1:]: (NOWHERE,)})
    kept = tuple(entry for entry in lexicon.entries if (entry.frame, entry.name) != (frame, less))
    return replace(lexicon, entries=kept)


def grid(options: Options) -> list[dict[str, Any]]:
    """Every combination, the usual one first.

    >>> grid({"unit": ["sentence", "article"], "k": [5]})
    [{'unit': 'sentence', 'k': 5}, {'unit': 'article', 'k': 5}]
    """
    return [dict(zip(options, values, strict=True)) for values in product(*options.values())]
