"""Everything the report says about one corpus, computed by the public steps before a word of it is written."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import pandas as pd

import analysis as an
from analysis.compare.estimates import DAYS
from analysis.compare.inference import Inference
from analysis.compare.robustness.curve import DRAWS, RELABELINGS, Robustness
from analysis.corpus.clean import removed_spans
from analysis.corpus.passages import ENGLISH, language_of
from analysis.corpus.stories import article_rows, outlet_names
from analysis.corpus.tables import missing_column, usable
from analysis.frames.lexicon import Lexicon
from analysis.numbers import counted, listed
from analysis.topics.fit import FEW_DOCUMENTS
from analysis.topics.result import Topics

Result = TypeVar("Result")
STEPS = ("cleaning", "copies", "passages", "frames", "outlets", "robustness", "terms", "topics")
ALPHA = 0.05  # the false discovery rate among the differences that are called so
MARGIN = 0.1  # ten points: what a difference of shares must pass to be worth a sentence; the page says so
ENOUGH_ARTICLES = 200  # from here on whole articles are modelled; below, their passages about the pair
COMPARED = 20  # outlets, those with most stories about the pair: 190 pairs; a thousand would be half a million
MODELLED = 5_000  # articles: a model of ten topics needs no more, and each more costs time and memory
TOPICS = 10  # what a reader takes in at a glance; fewer where there are too few documents for each
WITH_ARTICLE = {"US", "U.S.", "USA", "UK", "U.K.", "EU", "UAE", "Philippines", "Netherlands", "European Union"}
NO_PASSAGE = "no passage about the pair"
NO_TERMS = pd.DataFrame({"group": [], "term": [], "log_odds": [], "z": [], "q": []})
# What a report tries unasked takes seconds: unit by unit, and copies counted in each way where there are any.
# Cleaning, and the lexicon without each entry and list, take minutes and are tried with robustness=True.
COPIES = ["weighted", "original", "every article"]


class NothingToReport(ValueError):
    """The articles hold nothing that the question is about: an answer, not a wrong use."""

    exit_code = 1


@dataclass(frozen=True)
class Scrutiny:
    """The claim that is tried, if any, and what became of it.

    ``claim`` is a row of ``outlet_differences``, ``robustness`` the result of that name, ``influence`` of
    ``entry_influence``. ``by_day`` is the claim's row with days in place of stories, None where stories of one day
    are not alike.
    """

    claim: Mapping[str, Any] | None
    robustness: Robustness | None
    influence: pd.DataFrame
    by_day: Mapping[str, Any] | None = None
    every_choice: bool = False

    @property
    def curve(self) -> pd.DataFrame:
        """The table of ``robustness``, without columns where nothing is claimed."""
        return pd.DataFrame() if self.robustness is None else self.robustness.table


@dataclass(frozen=True)
class Findings:
    """One corpus, read, cleaned, framed and compared; ``notes`` say per step what could not be done well.

    ``unread`` is the sentence on articles in another language than the lexicon's, "" where there are none;
    ``articles`` are without them.
    """

    name: str
    lexicon: Lexicon
    how: Inference
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
    overall: pd.DataFrame
    scrutiny: Scrutiny
    terms: pd.DataFrame
    topics: Topics | None
    topic_unit: str
    notes: dict[str, tuple[str, ...]]
    unread: str = ""

    @property
    def frames(self) -> tuple[str, ...]:
        return tuple(self.lexicon.labels)

    @property
    def pair(self) -> str:
        """The two countries as a sentence names them, or "" where every passage counts."""
        return " and ".join(map(with_article, self.lexicon.about))

    @property
    def results(self) -> tuple[Any, ...]:
        """What ``methods_text`` and ``checklist`` describe."""
        tables = (self.articles, self.estimates, self.differences, self.scrutiny.influence, self.scrutiny.curve)
        return (self.lexicon, self.how, *(table for table in tables if len(table.columns)))


def find(
    articles: pd.DataFrame,
    lexicon: Lexicon,
    *,
    name: str,
    how: Inference,
    control: Sequence[str] = (),
    robustness: bool = False,
    step: Callable[[str], object] = lambda _: None,
) -> Findings:
    """The findings of one corpus; ``step`` is called with the name of each step as it begins.

    Passages are those about the pair of the lexicon, or all where it names none. Differences are also taken within
    shared periods, and within the values of the columns in ``control``. ``robustness`` measures the clearest
    difference in every defensible way instead of a few. Articles in another language than the lexicon's are set
    aside first: that nothing was found in them would say nothing.

    Raises
    ------
    NothingToReport
        No article is in the language of the lexicon.
    """
    (articles, unread), whole = in_language(usable(complete(articles)), lexicon, name), articles
    cleaned, marked, read = prepared(articles, lexicon, by=how.by, step=step)
    step("frames")
    hits = an.find_frames(read, lexicon)
    shares = an.frame_shares(hits, read)
    step("outlets")
    settings = replace(how, by="outlet")  # what is compared is the outlet of these articles by now
    estimates = an.compare_outlets(shares, marked, how=settings)
    controls = [*(["period"] if marked["date"].notna().any() else []), *control]
    compared, bound = most_covering(shares, marked, estimates)
    differences = an.outlet_differences(compared, marked, margin=MARGIN, control=controls or None, how=settings)
    overall = an.outlets_differ(compared, marked, how=settings)
    outlets = an.summarize(marked)
    step("robustness")
    tried = scrutiny(
        by_unit(articles, how.by), marked, lexicon, differences, (hits, read, shares), how=how, every=robustness
    )
    step("terms")
    terms, term_notes = _tried(read, lambda: _terms(read, marked))
    step("topics")
    unit, documents, drawn = _documents(marked, read)
    topics, topic_notes = _tried(documents, lambda: _topics(documents))
    notes = {"differences": bound, "terms": term_notes, "topics": (*_few(marked), *drawn, *topic_notes)}
    return Findings(
        name=name, lexicon=lexicon, how=how, digest=digest(whole), received=complete(whole), articles=marked,
        outlets=outlets, removed=removed_spans(cleaned), passages=read, hits=hits, shares=shares,
        estimates=every_outlet(estimates, outlets["outlet"].tolist(), lexicon.labels), differences=differences,
        overall=overall, scrutiny=tried, terms=NO_TERMS if terms is None else terms, topics=topics,
        topic_unit=unit, notes=notes, unread=unread,
    )  # fmt: skip


def prepared(
    articles: pd.DataFrame, lexicon: Lexicon, *, by: str = "outlet", step: Callable[[str], object] = lambda _: None
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The articles cleaned; with copies marked, and what is compared as their outlet; and their passages."""
    step("cleaning")
    cleaned = an.clean(articles)
    step("copies")
    marked = by_unit(an.mark_copies(cleaned), by)
    step("passages")
    return cleaned, marked, an.passages(marked, about=lexicon.about or None)


def most_covering(
    shares: pd.DataFrame, articles: pd.DataFrame, estimates: pd.DataFrame
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The shares of the outlets that are compared with each other, and a sentence if these are not all.

    Which they are depends on the number of stories alone, never on a share.
    """
    stories = estimates.groupby("outlet")["n_stories"].max().sort_index()
    if len(stories) <= COMPARED:
        return shares, ()
    most = stories.sort_values(ascending=False, kind="stable").index[:COMPARED]
    outlet = article_rows(shares.index, articles)["outlet"]
    return shares[outlet.isin(most).to_numpy()], (
        f"Compared with each other are the {COMPARED} outlets with most stories; the other "
        f"{counted(len(stories) - COMPARED, 'outlet')} have shares and intervals, but no comparisons.",
    )


def in_language(articles: pd.DataFrame, lexicon: Lexicon, name: str) -> tuple[pd.DataFrame, str]:
    """The articles in the language of the lexicon, and a sentence on the others, "" where there are none."""
    codes = language_of(articles)
    own = codes.isin({lexicon.language, *(ENGLISH if lexicon.language in ENGLISH else ())})
    own |= articles["text"].str.strip() == ""
    if own.all():
        return articles, ""
    numbers = codes[~own].replace("", "a language not recognized").value_counts().sort_index()
    first, *rest = numbers.sort_values(ascending=False, kind="stable").items()
    parts = [f"{counted(first[1], 'article')} in {first[0]}", *(f"{number:,} in {code}" for code, number in rest)]
    verb, called = "was" if (~own).sum() == 1 else "were", f" {lexicon.name}".rstrip()
    unread = f"{listed(parts)} {verb} not read: the lexicon{called} is written for {lexicon.language}."
    if not (own & (articles["text"].str.strip() != "")).any():
        raise NothingToReport(f"{name}: {unread} Give a lexicon in their language with --lexicon or lexicon=.")
    return articles[own].assign(language=lexicon.language).reset_index(drop=True), unread


def with_article(country: str) -> str:
    """The country as it is named within a sentence.

    >>> with_article("United States"), with_article("China")
    ('the United States', 'China')
    """
    return f"the {country}" if country.startswith("United ") or country in WITH_ARTICLE else country


def complete(articles: pd.DataFrame) -> pd.DataFrame:
    """The articles with every column that the report shows; what a table lacks is empty.

    >>> complete(pd.DataFrame({"doc_id": ["a"], "outlet": ["DW"], "text": ["x"]})).columns.tolist()
    ['doc_id', 'outlet', 'text', 'date', 'title', 'agency', 'url']
    """
    absent = {name: "" for name in ("title", "agency", "url") if name not in articles}
    dated = {} if "date" in articles else {"date": pd.Series(pd.NaT, articles.index, dtype="datetime64[us]")}
    return articles.assign(**dated, **absent)


def by_unit(articles: pd.DataFrame, by: str) -> pd.DataFrame:
    """The articles with what is compared as their ``outlet``, and who printed them in ``printed_by``."""
    if by not in articles:
        raise missing_column(articles, by, where="articles", hint="Compare by one of these.")
    return articles.assign(outlet=outlet_names(articles[by]), printed_by=outlet_names(articles["outlet"]))


def digest(articles: pd.DataFrame) -> str:
    """The sha256 of the table as comma-separated text: says which input a report was made from."""
    return hashlib.sha256(articles.to_csv(index=False, lineterminator="\n").encode()).hexdigest()


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


def different(differences: pd.DataFrame) -> pd.Series[bool]:
    """Which rows may be called different: q below .05 and an interval that excludes 0.

    >>> row = {"difference": 0.2, "low": [0.1, -0.1], "high": 0.3, "q": 0.01}
    >>> different(pd.DataFrame(row)).tolist()
    [True, False]
    """
    apart = (differences["low"] > 0) | (differences["high"] < 0)
    return apart & (differences["q"] < ALPHA)


def clearest(differences: pd.DataFrame) -> dict[str, Any] | None:
    """The difference that is put to the test, None where nothing was tested.

    One that is called different comes first, and among these one that is so within shared periods, too; then the
    smallest q, the smallest p, the largest.

    >>> table = pd.DataFrame({"label": "economy", "outlet": ["ABC", "BBC"], "other": "DW", "low": -0.5,
    ...                       "high": 0.5, "difference": [-0.4, 0.2], "p": [0.01, 0.02], "q": 0.04})
    >>> clearest(table)["outlet"]
    'ABC'
    """
    tested = differences.dropna(subset="q")
    tested = tested[tested["difference"] != 0]
    if tested.empty:
        return None
    held = tested["standardised_verdict"] == "different" if "standardised_verdict" in tested else different(tested)
    order = tested.assign(size=-tested["difference"].abs(), unclear=~different(tested), parted=~held)
    keys = ["unclear", "parted", "q", "p", "size", "label", "outlet", "other"]
    first = order.sort_values(keys, kind="stable").index[0]
    return {str(name): value for name, value in tested.loc[first].items()}


def scrutiny(
    received: pd.DataFrame,
    articles: pd.DataFrame,
    lexicon: Lexicon,
    differences: pd.DataFrame,
    evidence: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame],
    *,
    how: Inference,
    every: bool,
) -> Scrutiny:
    """What becomes of the clearest difference; with ``every``, in all choices of ``robustness``, in minutes."""
    hits, read, shares = evidence
    influence = an.entry_influence(hits, read, articles)
    claim = clearest(differences)
    if claim is None:
        return Scrutiny(None, None, influence, every_choice=every)
    texts = received if every else _concerned(articles, read, claim, lexicon)
    tried = an.robustness(
        texts,
        lexicon,
        claim,
        options=None if every else _few_options(texts),
        how=an.Inference(draws=DRAWS, relabelings=RELABELINGS, seed=how.seed),
        cache="default" if every else None,
        workers=-1 if every else 1,
    )
    return Scrutiny(claim, tried, influence, _by_day(shares, articles, claim, how), every)


def _by_day(
    shares: pd.DataFrame, articles: pd.DataFrame, claim: Mapping[str, Any], how: Inference
) -> dict[str, Any] | None:
    """The claim's difference with days as observations, where a note says that stories of one day are alike."""
    two = articles.loc[articles["outlet"].isin([claim["outlet"], claim["other"]]), "doc_id"].astype("str")
    part, settings = shares.loc[shares.index.isin(two), [claim["label"]]], replace(how, by="outlet")
    if not an.compare_outlets(part, articles, how=settings)["note"].str.contains(DAYS, regex=False).any():
        return None
    table = an.outlet_differences(part, articles, how=replace(settings, cluster="day"))
    return None if table.empty else {str(name): value for name, value in table.iloc[0].items()}


def _few_options(articles: pd.DataFrame) -> dict[str, list[Any]]:
    """Every unit, and copies in each way where there are any; the rest as usual."""
    copies = COPIES if articles["story_id"].duplicated().any() else COPIES[:1]
    return {"cleaned": [False], "lexicon": ["whole"], "copies": copies}


def _concerned(
    articles: pd.DataFrame, read: pd.DataFrame, claim: Mapping[str, Any], lexicon: Lexicon
) -> pd.DataFrame:
    """The articles of the two outlets that are about the pair however they are read: the others change nothing."""
    two = articles[articles["outlet"].isin([claim["outlet"], claim["other"]])]
    about = an.passages(two, about=lexicon.about or None, unit="article")["doc_id"]
    return two[two["doc_id"].astype("str").isin({*about, *read["doc_id"]})]


def _terms(read: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """What each outlet's passages say more than the other outlets' do."""
    outlet = read["doc_id"].map(articles.set_index(articles["doc_id"].astype("str"))["outlet"])
    if outlet.nunique() < 2:
        raise ValueError("Terms distinguish an outlet from others, and there is only one outlet here.")
    return an.distinctive_terms(an.count_terms(an.tokenize(read), ngrams=2), outlet.reset_index(drop=True))


def _documents(articles: pd.DataFrame, read: pd.DataFrame) -> tuple[str, pd.DataFrame, tuple[str, ...]]:
    """What the topics are modelled on: the unit, the texts, and a sentence if articles were drawn."""
    if len(articles) < ENOUGH_ARTICLES:
        return "passage", read, ()
    if len(articles) <= MODELLED:
        return "article", articles, ()
    drawn = articles.sample(MODELLED, random_state=0).sort_index()
    said = f"The topics are those of {MODELLED:,} articles drawn at random from {len(articles):,}."
    return "article", drawn, (said,)


def _few(articles: pd.DataFrame) -> tuple[str, ...]:
    if len(articles) >= ENOUGH_ARTICLES:
        return ()
    return (
        f"{len(articles):,} articles are too few for a model, so each passage is taken as a document. These "
        "topics describe the texts in this corpus and nothing beyond them.",
    )


def _topics(documents: pd.DataFrame) -> Topics:
    counts = an.count_terms(an.tokenize(documents), min_df=min(5, 1 + len(documents) // 50), max_df=0.5)
    return an.fit_topics(counts, max(2, min(TOPICS, len(documents) // FEW_DOCUMENTS)))


def _tried(texts: pd.DataFrame, compute: Callable[[], Result]) -> tuple[Result | None, tuple[str, ...]]:
    """The result and the warnings it came with, or no result and the reason: the report prints either."""
    if texts.empty:
        return None, ("No passage was found to count.",)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        try:
            result = compute()
        except ValueError as refusal:
            return None, (str(refusal),)
    messages = [str(warning.message) for warning in caught if issubclass(warning.category, UserWarning)]
    return result, tuple(dict.fromkeys(messages))
