"""Everything the report says about one corpus, computed by the whole line before a word of it is written."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import pandas as pd

from analysis.compare.shares import compare_outlets
from analysis.compare.tests import test_outlets
from analysis.corpus.clean import clean
from analysis.corpus.copies import mark_copies
from analysis.corpus.passages import passages
from analysis.corpus.summary import summarize
from analysis.frames.lexicon import Lexicon
from analysis.frames.match import find_frames, frame_shares
from analysis.text.distinctive import distinctive_terms
from analysis.text.terms import count_terms
from analysis.text.tokens import tokenize
from analysis.topics.fit import FEW_DOCUMENTS, Topics, fit_topics

from .scrutiny import Scrutiny, scrutiny
from .tables import every_outlet

Result = TypeVar("Result")
STEPS = ("cleaning", "copies", "passages", "frames", "outlets", "robustness", "terms", "topics")
MARGIN = 0.1  # ten points: what a difference of shares must pass to be worth a sentence; the page says so
ENOUGH_ARTICLES = 200  # from here on whole articles are modelled; below, their passages about the pair
TOPICS = 10  # what a reader takes in at a glance; fewer where there are too few documents for each
NO_TERMS = pd.DataFrame({"group": [], "term": [], "log_odds": [], "z": [], "q": []})


@dataclass(frozen=True)
class Findings:
    """One corpus, read, cleaned, framed and compared; ``notes`` say per step what could not be done well."""

    name: str
    about: tuple[str, str]
    frames: tuple[str, ...]
    digest: str
    received: pd.DataFrame
    articles: pd.DataFrame
    outlets: pd.DataFrame
    removed: pd.DataFrame
    passages: pd.DataFrame
    hits: pd.DataFrame
    shares: pd.DataFrame
    estimates: pd.DataFrame
    differences: pd.DataFrame
    scrutiny: Scrutiny
    terms: pd.DataFrame
    topics: Topics | None
    topic_unit: str
    notes: dict[str, tuple[str, ...]]


def find(
    articles: pd.DataFrame,
    lexicon: Lexicon,
    *,
    name: str,
    about: tuple[str, str],
    seed: int = 0,
    robustness: bool = False,
    step: Callable[[str], object] = lambda _: None,
) -> Findings:
    """The findings of one corpus; ``step`` is called with the name of each step as it begins.

    ``robustness`` tries the clearest difference in every defensible way instead of a few.
    """
    step("cleaning")
    cleaned = clean(articles)
    removed = cleaned.attrs["removed"]
    step("copies")
    marked = bare(mark_copies(cleaned))
    step("passages")
    about_pair = passages(marked, about=lexicon.about or about)
    step("frames")
    hits = find_frames(about_pair, lexicon)
    shares = frame_shares(hits, about_pair)
    step("outlets")
    estimates = compare_outlets(shares, marked, seed=seed)
    differences = test_outlets(shares, marked, seed=seed, margin=MARGIN)
    outlets = summarize(marked)
    every = every_outlet(estimates, outlets["outlet"].tolist(), lexicon.labels)
    every.attrs = estimates.attrs
    step("robustness")
    evidence = bare(hits), about_pair
    tried = scrutiny(
        articles, marked, lexicon, differences, evidence=evidence, about=about, seed=seed, whole=robustness
    )
    step("terms")
    terms, term_notes = _tried(about_pair, lambda: _terms(about_pair, marked))
    step("topics")
    unit, documents = _documents(marked, about_pair)
    topics, topic_notes = _tried(documents, lambda: _topics(documents, seed))
    return Findings(
        name=name, about=about, frames=tuple(lexicon.labels), digest=digest(articles), received=articles,
        articles=marked, outlets=outlets, removed=removed, passages=about_pair,
        hits=evidence[0], shares=shares, estimates=every, differences=differences, scrutiny=tried,
        terms=NO_TERMS if terms is None else terms, topics=topics, topic_unit=unit,
        notes={"terms": term_notes, "topics": (*_few(marked), *topic_notes)},
    )  # fmt: skip


def bare(table: pd.DataFrame) -> pd.DataFrame:
    """The table without what rides on it: pandas copies that at every step, which took a third of a chapter."""
    plain = table.copy(deep=False)
    plain.attrs = {}
    return plain


def digest(articles: pd.DataFrame) -> str:
    """The sha256 of the table as comma-separated text: says which input a report was made from."""
    return hashlib.sha256(articles.to_csv(index=False, lineterminator="\n").encode()).hexdigest()


def _terms(about_pair: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """What each outlet's passages about the pair say more than the other outlets' do."""
    outlet = about_pair["doc_id"].map(articles.set_index("doc_id")["outlet"])
    return distinctive_terms(count_terms(tokenize(about_pair), ngrams=2), outlet.reset_index(drop=True))


def _documents(articles: pd.DataFrame, about_pair: pd.DataFrame) -> tuple[str, pd.DataFrame]:
    many = len(articles) >= ENOUGH_ARTICLES
    return ("article", articles) if many else ("passage about the pair", about_pair)


def _few(articles: pd.DataFrame) -> tuple[str, ...]:
    if len(articles) >= ENOUGH_ARTICLES:
        return ()
    return (
        f"With {len(articles):,} articles, too few to model, passages about the pair stand for documents. "
        "These topics describe the texts at hand and nothing beyond them.",
    )


def _topics(documents: pd.DataFrame, seed: int) -> Topics:
    counts = count_terms(tokenize(documents), min_df=min(5, 1 + len(documents) // 50), max_df=0.5)
    return fit_topics(counts, max(2, min(TOPICS, len(documents) // FEW_DOCUMENTS)), seed=seed)


def _tried(texts: pd.DataFrame, compute: Callable[[], Result]) -> tuple[Result | None, tuple[str, ...]]:
    """The result and the warnings it came with, or no result and the reason: the report prints either."""
    if texts.empty:
        return None, ("No passage is about the pair, so there is nothing to count here.",)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        try:
            result = compute()
        except ValueError as refusal:
            return None, (str(refusal),)
    said = [str(warning.message) for warning in caught if issubclass(warning.category, UserWarning)]
    return result, tuple(dict.fromkeys(said))
