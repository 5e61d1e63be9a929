"""Everything the report says about one corpus, computed by the public steps before a word of it is written."""

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, TypeVar

import pandas as pd

import analysis as an
from analysis.compare.inference import Inference
from analysis.compare.observations import UNLIKE
from analysis.corpus.clean import removed_spans
from analysis.corpus.judge import STRICT
from analysis.corpus.language import language_name
from analysis.corpus.provenance import content_hash, stamped
from analysis.corpus.stories import outlet_names
from analysis.corpus.tables import check_columns, is_usable, usable
from analysis.corpus.writing import KNOWN
from analysis.frames.lexicon import Lexicon
from analysis.numbers import counted, listed
from analysis.study.reading import in_languages
from analysis.study.study import Study
from analysis.topics.fit import FEW_DOCUMENTS, Topics

from ..desk.cells import name_words, own_terms
from ..desk.evidence import with_article
from .scrutiny import Scrutiny, Settings, compared, scrutiny

Result = TypeVar("Result")
STEPS = ("evidence", "outlets", "robustness", "terms", "topics")
ENOUGH_ARTICLES = 200  # from here on whole articles are modelled; below, their passages about the pair
MODELLED = 5_000  # articles: a model of ten topics needs no more, and each more costs time and memory
NAMED = 3  # words of a topic's name
TOPICS = 10  # what a reader takes in at a glance; fewer where there are too few documents for each
# of a person's name, which say who is written about, not what
OF_NAMES = ("mr", "mrs", "ms", "dr", "al", "el", "bin", "de", "la", "le", "van", "von")
NO_PASSAGE = "no passage about the pair"
ARGUMENT, SENTENCE = re.compile(r"^\w+: "), re.compile(r"(?<=[^A-Z]\.) [A-Z].*", re.DOTALL)
NO_TERMS = pd.DataFrame({"group": [], "term": [], "log_odds": [], "z": [], "q": []})


class NothingToReport(ValueError):
    """The articles hold nothing that the question is about: an answer, not a wrong use."""

    exit_code = 1


@dataclass(frozen=True)
class Read:
    """What a report begins with."""

    received: pd.DataFrame  # all articles
    articles: pd.DataFrame  # without those in another language; texts where something is read in them
    outlets: pd.DataFrame
    passages: pd.DataFrame
    hits: pd.DataFrame
    unread: str  # the sentence on articles in another language than the lexicon's, or ""
    left_out: dict[str, int]  # how many articles a selection left out, by the reason
    aside: int  # sentences that name both countries, but were judged not to be about the two


@dataclass(frozen=True)
class Findings(Read):
    """One corpus, read, cleaned, framed and compared; ``notes`` say per step what could not be done well."""

    name: str
    lexicon: Lexicon
    how: Inference
    digest: str
    shares: pd.DataFrame
    estimates: pd.DataFrame
    differences: pd.DataFrame
    overall: pd.DataFrame
    by_day: pd.DataFrame
    scrutiny: Scrutiny
    terms: pd.DataFrame
    topics: Topics | None
    topic_unit: str
    notes: dict[str, tuple[str, ...]]

    @cached_property
    def removed(self) -> pd.DataFrame:
        """What cleaning removed, a row a span."""
        return removed_spans(self.articles)

    @property
    def frames(self) -> tuple[str, ...]:
        return tuple(self.lexicon.labels)

    @property
    def pair(self) -> str:
        """The two countries as a sentence names them, or "" where every passage counts."""
        return pair_of(self.lexicon)

    @property
    def results(self) -> tuple[Any, ...]:
        """What ``methods_text`` and ``checklist`` describe."""
        tables = (self.articles, self.estimates, self.differences, self.scrutiny.influence, self.scrutiny.curve)
        return (self.lexicon, self.how, *(table for table in tables if len(table.columns)))


def find(
    study: Study, lexicon: Lexicon, settings: Settings, *, name: str, twin: Findings | None = None,
    step: Callable[[str], object] = lambda _: None,
) -> Findings:  # fmt: skip
    """The findings of one corpus; its topics are those of a ``twin``, a chapter on the same articles."""
    step("evidence")
    begun = evidence(study, lexicon, name, settings.how.by)
    marked, read, hits = begun.articles, begun.passages, begun.hits
    shares = an.frame_shares(hits, read)
    step("outlets")
    side_by_side = compared(shares, marked, how=settings.how, control=settings.control)
    estimates, differences, overall, by_day, bound = side_by_side
    step("robustness")
    every = as_received(study, lexicon, settings) if settings.robustness else None
    tried = scrutiny(marked, lexicon, side_by_side, (hits, read), how=settings.how, every=every)
    step("terms")
    terms, term_notes = _tried(read, "terms", lambda: _terms(read, marked))
    step("topics")
    unit, documents, which = _documents(marked, read)
    same = twin if twin and twin.topic_unit == unit == "article" else None
    fit = partial(_topics, documents, marked["outlet"])
    topics, topic_notes = (same.topics, ()) if same else _tried(documents, "topics", fit)
    unlike = [note for joined in differences["note"] for note in joined.split("; ") if UNLIKE in note]
    notes = {
        "differences": (*bound, *(f"{note}." for note in dict.fromkeys(unlike))),
        "terms": term_notes,
        "topics": same.notes["topics"] if same else (*which, *topic_notes),
    }
    return Findings(
        **vars(begun), name=name, lexicon=lexicon, how=settings.how, digest=study.digest, shares=shares,
        estimates=every_outlet(estimates, begun.outlets["outlet"].tolist(), lexicon.labels),
        differences=differences, overall=overall, by_day=by_day, scrutiny=tried,
        terms=NO_TERMS if terms is None else terms, topics=topics, topic_unit=unit, notes=notes,
    )  # fmt: skip


def evidence(study: Study, lexicon: Lexicon, name: str, by: str = "outlet") -> Read:
    """What the report begins with; ``by`` names what is compared as the outlet of the articles."""
    if study.lexicon != content_hash(lexicon):
        raise ValueError(
            f"{study.folder}: it was run with another lexicon or pair. Found: {lexicon.name}. Name the lexicon of "
            "the study, or run it again with this one: framing run … --lexicon …"
        )
    unread, articles = set_aside(usable(study.set_aside)["language"], lexicon), study.articles
    lost = without_words(study.set_aside)
    if not (articles["words"] > 0).any():
        nothing = f"{unread} Give a lexicon in their language (lexicon=)." if unread else lost
        raise NothingToReport(f"{name}: {nothing or 'it has no article with a text.'}")
    if unread:
        articles = articles.assign(language=in_languages(articles["language"], lexicon))
    marked = by_unit(articles, by)
    needed = {*study.passages["doc_id"], *study.likely, *_modelled(articles)["doc_id"]}
    parts = (part.set_index("doc_id")["text"] for part in study.texts(needed))
    text = articles["doc_id"].map(pd.concat([pd.Series(dtype="str"), *parts])).fillna("").astype("str")
    every = pd.concat([study.articles, study.set_aside], ignore_index=True)
    every["empty"] = every["doc_id"].map(study.places.set_index("doc_id")["_empty"])
    read = stamped(study.passages.copy(), "passages", {}, {"unit": "sentence", "strict": STRICT})
    hits = stamped(study.hits.copy(), "find_frames", {"passages": read, "lexicon": lexicon}, {})
    full = marked.drop(columns="words")
    full.insert([*full, "title"].index("title") + ("title" in full), "text", text)
    said, outlets = f"{unread} {lost}".strip(), an.summarize(marked)
    aside = sum(study.likely.get(doc_id, 0) for doc_id in full["doc_id"])
    return Read(every, full, outlets, study.passages, hits, said, study.left_out, aside)


def no_passage(read: Read, lexicon: Lexicon) -> str:
    """That no article has a passage about the pair, and what was left out before: items, sentences."""
    number, about = len(read.articles), pair_of(lexicon)
    which = "The one article has no" if number == 1 else f"None of {number:,} articles has a"
    said = [f"{which} passage{f' about {about}' if about else ''}."]
    lost = read.received[~is_usable(read.received)]
    if n := int((~lost["language"].isin(KNOWN)).sum()):  # of the others ``unread`` says why
        said.append(f"{counted(n, 'item')} could not be read.")
    if n := read.aside:
        verb, what = ("names", "was") if n == 1 else ("name", "were")
        said.append(f"{counted(n, 'passage')} {verb} both, but {what} judged not to be about the two.")
    return " ".join(said)


def as_received(study: Study, lexicon: Lexicon, settings: Settings) -> pd.DataFrame:
    """All articles as they were read, each in the language in which it is searched."""
    articles = study.received()
    return by_unit(articles.assign(language=in_languages(articles["language"], lexicon)), settings.how.by)


def set_aside(codes: "pd.Series[str]", lexicon: Lexicon) -> str:
    """How many articles were set aside, in which languages; "" if there are none."""
    if codes.empty:
        return ""
    named = codes.map(lambda code: language_name(code) if code else "a language not recognized")
    numbers = named.value_counts().sort_index()
    first, *rest = numbers.sort_values(ascending=False, kind="stable").items()
    parts = [f"{counted(first[1], 'article')} in {first[0]}", *(f"{number:,} in {name}" for name, number in rest)]
    verb, called = "was" if len(codes) == 1 else "were", f" {lexicon.name}".rstrip()
    written = listed([language_name(code) for code in lexicon.each])
    return f"{listed(parts)} {verb} set aside: the lexicon{called} is written for {written}."


def without_words(articles: pd.DataFrame) -> str:
    """How many articles are in a language whose words cannot be found here, and why; "" if there are none."""
    lost = articles.loc[(articles["problem"] != "") & articles["language"].isin(KNOWN), "problem"]
    return f"{counted(len(lost), 'article')} could not be read. {lost.iloc[0]}" if len(lost) else ""


def pair_of(lexicon: Lexicon) -> str:
    """The two countries of a lexicon as a sentence names them; "" without a pair."""
    return " and ".join(map(with_article, lexicon.about))


def by_unit(articles: pd.DataFrame, by: str) -> pd.DataFrame:
    """The articles with what is compared as their ``outlet``, and who printed them in ``printed_by``."""
    check_columns(articles, [by], where="articles", hint="Compare by one of these.")
    return articles.assign(outlet=outlet_names(articles[by]), printed_by=outlet_names(articles["outlet"]))


def every_outlet(estimates: pd.DataFrame, outlets: list[str], labels: list[str]) -> pd.DataFrame:
    """The estimates with a row for each outlet and label, those without a passage included and so noted."""
    wanted = pd.MultiIndex.from_product([labels, outlets], names=["label", "outlet"])
    missing = wanted.difference(pd.MultiIndex.from_frame(estimates[wanted.names]), sort=False).to_frame(
        index=False
    )
    empty = missing.assign(n_articles=0, n_stories=0, note=NO_PASSAGE).reindex(columns=estimates.columns)
    if empty.empty or estimates.empty:
        return estimates if empty.empty else empty
    return pd.concat([estimates, empty.astype(estimates.dtypes)])


def _terms(read: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """What each outlet's passages say more than the other outlets' do."""
    outlet = read["doc_id"].map(articles.set_index("doc_id")["outlet"])
    if outlet.nunique() < 2:
        raise ValueError("they set an outlet apart from others, and there is only one outlet here.")
    if "language" in read and len(set(read["language"])) > 1:
        raise ValueError("they set outlets of one language apart, and these passages are in several.")
    return own_terms(an.count_terms(an.tokenize(read), ngrams=2), outlet.to_numpy())


def _documents(articles: pd.DataFrame, read: pd.DataFrame) -> tuple[str, pd.DataFrame, tuple[str, ...]]:
    """What the topics are modelled on: the unit, the texts, and a sentence where these are not all articles."""
    n = len(articles)
    if n >= ENOUGH_ARTICLES:
        said = f"The topics are those of {MODELLED:,} articles drawn at random from {n:,}."
        return "article", _modelled(articles), (said,) if n > MODELLED else ()
    return "passage", read, (
        f"{counted(n, 'article')} {'is' if n == 1 else 'are'} too few for a model, so each passage is taken as a "
        "document. These topics describe the texts in this corpus and nothing beyond them.",
    )  # fmt: skip


def _modelled(articles: pd.DataFrame) -> pd.DataFrame:
    return articles if len(articles) <= MODELLED else articles.sample(MODELLED, random_state=0).sort_index()


def _topics(documents: pd.DataFrame, outlets: "pd.Series[str]") -> Topics:
    """Topics by the words that set them apart; those of outlets' names would make a topic of an outlet."""
    fewest = min(5, 1 + len(documents) // 50)
    counts = an.count_terms(an.tokenize(documents), min_df=fewest, max_df=0.5)
    counts = counts.of_terms(~counts.terms.isin([*name_words(set(outlets)), *OF_NAMES]))
    topics = an.fit_topics(counts, max(2, min(TOPICS, len(documents) // FEW_DOCUMENTS)))
    own = an.top_words(topics, n=NAMED, by="frex").groupby("label")["term"].agg(", ".join)
    return topics.named(dict(own[~own.duplicated(keep=False)]))


def _tried(texts: pd.DataFrame, what: str, compute: Callable[[], Result]) -> tuple[Result | None, tuple[str, ...]]:
    """The result and the warnings it came with, or no result and the reason: the report prints either."""
    if texts.empty:
        return None, (f"No {what}: no passage was found to count.",)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        try:
            result = compute()
        except ValueError as refusal:
            return None, (f"No {what}: {_problem(refusal)}",)
    said = [_problem(warning.message) for warning in caught if issubclass(warning.category, UserWarning)]
    return result, tuple(f"{one[0].upper()}{one[1:]}" for one in dict.fromkeys(said))


def _problem(message: Warning | Exception | str) -> str:
    """What is wrong, for who reads a report: not the argument at fault, nor what to write in Python instead."""
    return SENTENCE.sub("", ARGUMENT.sub("", str(message)))
