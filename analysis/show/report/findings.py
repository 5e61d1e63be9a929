"""Everything the report says about one corpus, computed by the whole line before a word of it is written."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import pandas as pd

from analysis.compare.curves.curve import robustness_verdict
from analysis.compare.curves.robustness import robustness
from analysis.compare.differences import outlet_differences
from analysis.compare.estimates import compare_outlets
from analysis.compare.inference import Inference
from analysis.compare.influence import entry_influence
from analysis.corpus.clean import clean, removed_spans
from analysis.corpus.copies import mark_copies
from analysis.corpus.passages import passages
from analysis.corpus.stories import UNKNOWN
from analysis.corpus.summary import summarize
from analysis.corpus.tables import usable
from analysis.frames.lexicon import Lexicon
from analysis.frames.match import find_frames
from analysis.frames.shares import frame_shares
from analysis.numbers import points
from analysis.text.distinctive import distinctive_terms
from analysis.text.terms import count_terms
from analysis.text.tokens import tokenize
from analysis.topics.fit import FEW_DOCUMENTS, fit_topics
from analysis.topics.result import Topics

NO_PASSAGE = "no passage about the pair"
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
    cleaned = clean(usable(articles))
    step("copies")
    marked = mark_copies(cleaned)
    step("passages")
    about_pair = passages(marked, about=lexicon.about or about)
    step("frames")
    hits = find_frames(about_pair, lexicon)
    shares = frame_shares(hits, about_pair)
    step("outlets")
    estimates = compare_outlets(shares, marked, how=Inference(seed=seed))
    differences = outlet_differences(shares, marked, margin=MARGIN, how=Inference(seed=seed))
    outlets = summarize(marked)
    every = every_outlet(estimates, outlets["outlet"].tolist(), lexicon.labels)
    every.attrs = estimates.attrs
    step("robustness")
    evidence = bare(hits), about_pair
    tried = scrutiny(
        usable(articles), marked, lexicon, differences, evidence=evidence, about=about, seed=seed, whole=robustness
    )
    step("terms")
    terms, term_notes = _tried(about_pair, lambda: _terms(about_pair, marked))
    step("topics")
    unit, documents = _documents(marked, about_pair)
    topics, topic_notes = _tried(documents, lambda: _topics(documents))
    return Findings(
        name=name, about=about, frames=tuple(lexicon.labels), digest=digest(articles), received=articles,
        articles=marked, outlets=outlets, removed=removed_spans(cleaned), passages=about_pair,
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


def _topics(documents: pd.DataFrame) -> Topics:
    counts = count_terms(tokenize(documents), min_df=min(5, 1 + len(documents) // 50), max_df=0.5)
    return fit_topics(counts, max(2, min(TOPICS, len(documents) // FEW_DOCUMENTS)))


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


# What a report tries unasked takes seconds: unit by unit, and copies counted in each way where there are any.
# Cleaning, and the lexicon without each entry and list, take minutes and are tried with robustness=True.
COPIES = ["weighted", "original", "every article"]
NO_CLAIM = "No difference could be tested here, so there is none to try in other ways."
UNTRIED = (
    "Tried here: the unit that is read, and how copies count where there are any. Not tried: the text as it came, "
    "before cleaning, and the lexicon without each entry and list. robustness=True (framing report --robustness) "
    "tries them all, in minutes."
)


@dataclass(frozen=True)
class Scrutiny:
    """The claim, if there is any, its curve of ``robustness``, and the table of ``entry_influence``."""

    claim: Mapping[str, Any] | None
    curve: pd.DataFrame
    influence: pd.DataFrame
    whole: bool

    @property
    def leaning(self) -> str:
        """How far the claim hangs on single entries."""
        return "" if self.claim is None else leaning(self.influence, self.claim)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What came of it, and what was not tried."""
        if self.claim is None:
            return (NO_CLAIM,)
        found = robustness_verdict(self.curve), self.leaning, "" if self.whole else UNTRIED
        return tuple(filter(None, found))


def clearest(differences: pd.DataFrame) -> dict[str, Any] | None:
    """The difference that is put to the test: smallest q, then smallest p, then the largest; None without any.

    >>> table = pd.DataFrame({"label": "economy", "outlet": ["ABC", "BBC"], "other": "DW",
    ...                       "difference": [-0.4, 0.2], "p": [0.01, 0.02], "q": 0.04})
    >>> clearest(table)["outlet"]
    'ABC'
    """
    tested = differences.dropna(subset="q")
    tested = tested[tested["difference"] != 0]
    if tested.empty:
        return None
    order = tested.assign(size=-tested["difference"].abs())
    first = order.sort_values(["q", "p", "size", "label", "outlet", "other"], kind="stable").index[0]
    return {str(name): value for name, value in tested.loc[first].items()}


def scrutiny(
    received: pd.DataFrame,
    articles: pd.DataFrame,
    lexicon: Lexicon,
    differences: pd.DataFrame,
    *,
    evidence: tuple[pd.DataFrame, pd.DataFrame],
    about: tuple[str, str],
    seed: int,
    whole: bool,
    workers: int = -1,
) -> Scrutiny:
    """What becomes of the clearest difference; ``whole`` tries every choice of ``robustness``, in minutes."""
    hits, about_pair = evidence
    influence = entry_influence(hits, about_pair, articles)
    claim = clearest(differences)
    if claim is None:
        return Scrutiny(None, pd.DataFrame(), influence, whole)
    reading = replace(lexicon, about=lexicon.about or about)
    texts = received if whole else _concerned(articles, about_pair, claim, reading)
    curve = robustness(
        claim,
        texts.assign(outlet=_outlets(texts)),
        lexicon=reading,
        options=None if whole else _few_options(texts),
        seed=seed,
        cache="default" if whole else None,
        workers=workers if whole else 1,
        progress=False,
    )
    return Scrutiny(claim, curve, influence, whole)


def _few_options(articles: pd.DataFrame) -> dict[str, list[Any]]:
    """Every unit, and copies in each way where there are any; the rest as usual."""
    copies = COPIES if articles["story_id"].duplicated().any() else COPIES[:1]
    return {"cleaned": [False], "lexicon": ["whole"], "copies": copies}


def _concerned(
    articles: pd.DataFrame, about_pair: pd.DataFrame, claim: Mapping[str, Any], lexicon: Lexicon
) -> pd.DataFrame:
    """The articles of the two outlets that are about the pair however they are read: the others change nothing."""
    two = articles[_outlets(articles).isin([claim["outlet"], claim["other"]])]
    read = {*passages(two, about=lexicon.about, unit="article")["doc_id"], *about_pair["doc_id"]}
    return two[two["doc_id"].isin(read)]


def _outlets(articles: pd.DataFrame) -> pd.Series[str]:
    """Outlets by the names that estimates give them."""
    return articles["outlet"].astype("str").str.strip().replace("", UNKNOWN).fillna(UNKNOWN)


def leaning(influence: pd.DataFrame, claim: Mapping[str, Any]) -> str:
    """The difference without the entry that carries most of it, in a sentence; nothing where no entry is heard.

    >>> influence = pd.DataFrame({"outlet": ["ABC", "DW"], "frame": "economy", "entry": ["trade", "energy"],
    ...                           "influence": [-0.1, -0.3]})
    >>> print(leaning(influence, {"outlet": "ABC", "other": "DW", "label": "economy", "difference": -0.4}))
    The difference rests on 2 entries of the lexicon; it stays without any one. It leans most on “energy”: −40 ...
    """
    own = influence[influence["frame"].astype("str") == claim["label"]]
    sides = [own[own["outlet"] == claim[side]].groupby("entry")["influence"].sum() for side in ("outlet", "other")]
    moved = sides[0].sub(sides[1], fill_value=0.0).sort_index()
    if moved.empty:
        return ""
    left = claim["difference"] + moved
    turned = int((left * claim["difference"] <= 0).sum())
    most = moved.index[int((moved * (1 if claim["difference"] > 0 else -1)).argmin())]
    nan = float("nan")
    before, after = (points(value, nan, nan) for value in (claim["difference"], left[most]))
    entries = f"{len(moved):,} entries" if len(moved) > 1 else "one entry"
    kept = (
        f"it is gone without {'one' if turned == 1 else turned} of them" if turned else "it stays without any one"
    )
    return (
        f"The difference rests on {entries} of the lexicon; {kept}. It leans most on “{most}”: {before} points "
        f"with it, {after} without."
    )


def every_outlet(estimates: pd.DataFrame, outlets: list[str], labels: list[str]) -> pd.DataFrame:
    """The estimates with a row for each outlet and label, those without a passage included and so noted."""
    known = pd.MultiIndex.from_frame(estimates[["label", "outlet"]])
    wanted = pd.MultiIndex.from_product([labels, outlets], names=["label", "outlet"])
    missing = wanted.difference(known, sort=False).to_frame(index=False)
    empty = missing.assign(n_articles=0, n_stories=0, note=NO_PASSAGE)
    if empty.empty:
        return estimates
    if estimates.empty:
        return empty.reindex(columns=estimates.columns)
    return pd.concat([estimates, empty.reindex(columns=estimates.columns).astype(estimates.dtypes)])
