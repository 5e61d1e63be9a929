"""Passages: the stretches of an article that are read, coded and counted."""

import re
import warnings
from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from analysis.arrays import Flags
from analysis.corpus import pair
from analysis.corpus.countries import About, country, names
from analysis.corpus.judge import STRICT, about_relation
from analysis.corpus.language import given_codes, guessed
from analysis.corpus.provenance import stamped
from analysis.corpus.sentences import Span, sentences, trimmed
from analysis.corpus.tables import check_table, refuse_unknown
from analysis.corpus.writing import UNSPACED_LANGUAGES

UNITS = ("sentence", "paragraph", "window", "article")
WINDOW = 40  # words: the codebook's unit for text that lost its punctuation
# A longer "sentence" is cut into windows: 1 of 270 of News Articles, most of them runs without full stops.
LONGEST_SENTENCE, CHARACTERS = 80, 2  # words, and characters of Chinese or Japanese that make one on average
UNKNOWN = (
    "articles: {n:,} passages are in languages whose names of countries are not known here ({codes}); none of "
    "them is found. Give the names: about={{'Russia': ['…'], 'China': ['…']}}."
)
OPENING = 5  # passages of an article by which its language is found
ENGLISH = ("en", "")  # a text too short to show its language is read as English
REACH = 3  # passages after both were named in which an act of one is likely meant for the other
# Passages by which an article on the two has named them together, or each by itself if it never does so.
FIRST, EARLY = 2, 5
DENSE = 0.1  # of an article's passages name both or speak of two countries; or each of the two in so many alone
OURS = 3  # times as many name one of the two or both as name two others
EVEN = 3  # times as often as the other one of the two may be named alone in an article on both


def passages(
    articles: pd.DataFrame,
    *,
    about: About | None = ("Russia", "China"),
    unit: str = "sentence",
    strict: float = STRICT,
) -> pd.DataFrame:
    """The passages of each article that are about the pair, with their places.

    A passage is about the pair when it names both countries outside a list of three or more. In an article that
    names the two more than others, together in one passage of ten or in turn, it is also when its points reach
    ``pair.ENOUGH``: for "the two countries", a relationship ("mutual"), a quote, action of states, one of the
    two; against it for a third country and for matters at home (``pair.POINTS``). In German, Spanish, French and
    Russian, persons introduced by office and country are names of that country in the rest of the article.
    English sentences that name both without being about their relationship (parallel cases, sources of news) are
    set aside; ``analysis.corpus.judge.about_relation`` says why each was.

    Parameters
    ----------
    articles : DataFrame
        ``doc_id, text``, and ``language`` (ISO 639-1) where it is known; else it is found by the text.
    about : pair or mapping
        Two countries by their English names, whatever the articles are written in, or ``{name: [its names]}``:
        your own names, in addition to those known in languages other than English. ``None`` keeps
        every passage.
    unit : str
        ``"sentence"`` (40-word windows where the text lost its punctuation), ``"paragraph"``, ``"window"`` or
        ``"article"``.
    strict : float
        The probability from which an English sentence that names both is about them: the higher, the fewer; 0
        keeps all that name both other than in a list of further countries.

    Returns
    -------
    DataFrame
        ``passage_id, doc_id, position, start, end, text``: ``position`` counts all passages of the article from
        0, ``text`` is ``article.text[start:end]``; ``about``, the pair, unless every passage was asked for; and
        ``language`` where an article is not English. An article without such a passage has no row.

    Raises
    ------
    ValueError
        An unknown unit or country, a missing column, or a duplicate ``doc_id``.
    TypeError
        A text that is not a string.

    Warns
    -----
    UserWarning
        Articles in a language whose names of countries are not known here, and were not given.

    Examples
    --------
    >>> articles = pd.DataFrame({"doc_id": ["a"], "text": ["Russia met China. It rained."]})
    >>> passages(articles)
      passage_id doc_id  position  start  end               text             about
    0        a:0      a         0      0   17  Russia met China.  Russia and China
    """
    found = passages_and_aside(articles, about=about, unit=unit, strict=strict)[0]
    return stamped(found, "passages", {}, {"unit": unit, "strict": strict})


def passages_and_aside(
    articles: pd.DataFrame, *, about: About | None, unit: str = "sentence", strict: float = STRICT
) -> "tuple[pd.DataFrame, pd.Series[int]]":
    """The passages, and how many others of each article name both countries but are not about the two."""
    refuse_unknown("unit", unit, "a unit", UNITS)
    check_table(articles, "articles", ["doc_id", "text"], key="doc_id")
    articles = articles.assign(language=language_of(articles))
    foreign = ~articles["language"].isin(ENGLISH).to_numpy()
    found = _every(articles if about is None else articles[_may_name_both(articles, about)], unit)
    aside = pd.Series(dtype="str")  # the article of each
    if about is not None:
        # Without a passage that names both, no other of the article is about them.
        naming = found.loc[_may_name_both(found, about), "doc_id"]
        found = found[found["doc_id"].isin(naming)]
        decided = _decided(found, about, strict=strict)
        aside = found.loc[decided["aside"], "doc_id"]
        found = found[decided["about"]].assign(about=_pair(about))
    named = found.reset_index(drop=True)
    named.insert(0, "passage_id", named["doc_id"] + ":" + named["position"].astype("str"))
    return named if foreign.any() else named.drop(columns="language"), aside.value_counts()


def _may_name_both(table: pd.DataFrame, about: About) -> Flags:
    """Which texts may name both countries: those in English that hold their names, and all in other languages."""
    may = ~table["language"].isin(ENGLISH).to_numpy()
    if not may.all():  # without a text in English, English names are not needed
        may[~may] = pair.may_name_both(table.loc[~may, "text"], about)
    return np.asarray(may)


def _every(articles: pd.DataFrame, unit: str) -> pd.DataFrame:
    """All passages, with their language."""
    texts, codes = (articles[name].tolist() for name in ("text", "language"))
    spans = [list(_spans(text, unit, code)) for text, code in zip(texts, codes, strict=True)]
    times = list(map(len, spans))
    start, end = np.array(list(chain(*spans)), dtype=np.int64).reshape(-1, 2).T
    written = [text[first:last] for text, own in zip(texts, spans, strict=True) for first, last in own]
    ids, languages = (articles[name].astype("str").repeat(times).array for name in ("doc_id", "language"))
    position = np.arange(len(start)) - np.repeat(np.cumsum([0, *times])[:-1], times)
    columns = {"doc_id": ids, "position": position, "start": start, "end": end}
    return pd.DataFrame(columns | {"text": pd.Series(written, dtype="str"), "language": languages})


def language_of(articles: pd.DataFrame) -> "pd.Series[str]":
    """The language of each article: its column ``language``, else found by the text."""
    if "language" in articles:
        return given_codes(articles["language"])
    return pd.Series(guessed(articles["text"].tolist()), articles.index, dtype="str")


def with_language(table: pd.DataFrame) -> pd.DataFrame:
    """Passages with their ``language``, that of their article; without the column where all are in English."""
    if "language" in table:
        return table
    article = table["doc_id"] if "doc_id" in table else pd.Series(table.index, table.index)
    number = pd.factorize(article)[0]
    first = table.groupby(number).cumcount().to_numpy() < OPENING
    opening = table.loc[first, "text"].groupby(number[first]).agg(" ".join)
    codes = np.array(guessed(opening.tolist()), dtype=object)
    if set(codes) <= set(ENGLISH):
        return table
    return table.assign(language=pd.Series(codes[number], table.index, dtype="str"))


def decided(table: pd.DataFrame, about: About) -> Flags:
    """Which passages were found to be about the pair, with all of their article in view: by their ``about``."""
    pairs = [_pair(about), _pair([*about][::-1])]
    return table["about"].isin(pairs).to_numpy(dtype=bool) if "about" in table else np.zeros(len(table), bool)


def _pair(about: About) -> str:
    return " and ".join(country(str(name)) for name in about)


def about_pair(
    table: pd.DataFrame, about: About, *, isolated: bool = False, strict: float = STRICT
) -> "pd.Series[bool]":
    """Which passages are about the pair: ``table`` holds passages of whole articles, or some of them.

    ``isolated`` passages come without their articles; one that speaks of a relationship and names no third
    country is taken to mean this pair's, as coders take it (codebook, rule 16).
    """
    return _decided(table, about, isolated=isolated, strict=strict)["about"]


def _decided(table: pd.DataFrame, about: About, *, isolated: bool = False, strict: float = STRICT) -> pd.DataFrame:
    """Which passages are ``about`` the pair, and which name both but were judged not to be: ``aside``."""
    ordered = table.sort_values(["doc_id", "position"])
    ordered = ordered if "language" in ordered else ordered.assign(language="en")
    said = _facts(ordered, about)
    both = said["named"].copy()
    said.loc[_aside(ordered, said, about, strict), "named"] = False
    dense, context = _context(ordered, said, about)
    points = said.assign(**context)[list(pair.POINTS)] @ pd.Series(pair.POINTS)
    meant = dense & (points >= said["enough"]) & ~both
    between = dense & (points >= said["enough"] - 1) & ~both & ordered["language"].isin(pair.BETWEEN)
    meant |= between & _between(ordered, said["named"] | meant) if between.any() else between
    meant |= said["meant"] & isolated & ~both
    decided = {"about": said["named"] | meant, "aside": both & ~said["named"]}
    return pd.DataFrame(decided).reindex(table.index)


def _context(
    table: pd.DataFrame, said: pd.DataFrame, about: About
) -> "tuple[pd.Series[bool], dict[str, pd.Series[bool]]]":
    """Which passages are of articles on the two, and their context; ``main``: both were named alone by then."""
    article, named = table["doc_id"], said["named"]
    only = {f"only {at}": said["only"] == name for at, name in enumerate(list(about)[:2])}
    kinds = {"alone": said["alone"] & named, "named": named, "further": said["others"] & ~named}
    kinds |= {"both": named | said["two"], "third": said["third"], "relation": said["relation"], **only}
    rate = pd.DataFrame(kinds).groupby(article).transform("mean")
    first, early = _named_first(table, kinds)
    fewer, more = (rate[list(only)].agg(one, axis=1) for one in ("min", "max"))
    ours = rate["named"] + fewer + more
    main = (rate["named"] >= rate["further"]) | (ours >= OURS * rate["further"])
    in_turn = (fewer >= DENSE) & (fewer + more > rate["third"])
    early &= ~table["language"].isin(ENGLISH)  # of English articles too many that open so are on one country alone
    opens = early & (ours > rate["third"])
    together = (rate["named"] > 0) & ((rate["both"] >= DENSE) | in_turn | opens)
    apart = (rate["named"] == 0) & in_turn & early & (rate[["both", "relation"]].max(axis=1) > 0)
    context = {
        # A headline may name one of the two.
        "main": ((rate["alone"] > 0) | apart) & (table["position"] >= first - 1),
        "near": _behind(table, kinds["alone"]) | (table["position"] == 0),
        "even": (fewer > 0) & (fewer * EVEN >= more),
    }
    return main & (together | apart), context


def _named_first(
    table: pd.DataFrame, kinds: "dict[str, pd.Series[bool]]"
) -> "tuple[pd.Series[float], pd.Series[bool]]":
    """Where an article first names the two together, else has named each of them; and whether that is early."""
    at = {kind: table["position"].where(kinds[kind]) for kind in ("named", "only 0", "only 1")}
    places = pd.DataFrame(at).groupby(table["doc_id"]).transform("min")
    each = places[["only 0", "only 1"]].max(axis=1, skipna=False)
    early = (places["named"] < FIRST) | (places["named"].isna() & (each < EARLY))
    return places["named"].fillna(each), early


def _between(table: pd.DataFrame, found: "pd.Series[bool]") -> "pd.Series[bool]":
    """Which passages follow one of these in their article, and precede another by at most two places."""
    article = table["doc_id"]
    before, after, later = (found.groupby(article).shift(step, fill_value=False) for step in (1, -1, -2))
    return before & (after | later)


def _behind(table: pd.DataFrame, anchor: "pd.Series[bool]") -> "pd.Series[bool]":
    """Which passages follow on one of these in their article, at most ``REACH`` places further."""
    last = table["position"].where(anchor).groupby(table["doc_id"]).ffill().groupby(table["doc_id"]).shift()
    return (table["position"] - last).le(REACH)


def _aside(table: pd.DataFrame, said: pd.DataFrame, about: About, strict: float) -> "pd.Index[Any]":
    """English sentences that name both countries and are not about their relationship."""
    asked = table.loc[said["named"] & table["language"].isin(ENGLISH), "text"] if strict else table["text"].head(0)
    asked = asked[asked.map(lambda text: len(text.split()) <= LONGEST_SENTENCE).astype(bool)]
    # Without a text in English, English names are not needed.
    judged = about_relation(asked.tolist(), about, strict=strict)["about"].tolist() if len(asked) else []
    return asked.index[~np.array(judged, dtype=bool)]


def _facts(table: pd.DataFrame, about: About) -> pd.DataFrame:
    """Facts on the pair in each passage, by the rules of its language."""
    codes = table["language"].replace("", "en")
    found = [code for code in sorted(set(codes)) if code != "en"]
    unknown = [code for code in found if not all(list(names(about, code).values())[:2])]
    if unknown:
        warnings.warn(UNKNOWN.format(n=codes.isin(unknown).sum(), codes=", ".join(unknown)), stacklevel=5)
    if found == unknown:
        names(about)  # refuses what is not known in any language
    number = pd.Series(pd.factorize(table["doc_id"])[0], table.index)
    parts = []
    for code, rows in codes.groupby(codes).groups.items():
        texts, articles = table.loc[rows, "text"].tolist(), number[rows].to_numpy()
        parts.append(pair.is_about(texts, about, str(code), articles=articles).set_index(rows))
    return pd.concat(parts).reindex(table.index) if parts else pair.is_about([], about)


def _spans(text: str, unit: str, language: str) -> Iterator[Span]:
    whole = (0, len(text))
    if unit == "window":
        return _windows(text, whole, language)
    if unit != "sentence":
        breaks = re.finditer(r"\n\s*\n|\r?\n", text) if unit == "paragraph" else ()
        edges = [0, *(edge for found in breaks for edge in found.span()), len(text)]
        return trimmed(text, zip(edges[::2], edges[1::2], strict=True))
    return (
        span
        for sentence in sentences(text, language)
        for span in (_windows(text, sentence, language) if _long(text[slice(*sentence)], language) else [sentence])
    )


def _long(sentence: str, language: str) -> bool:
    if len(sentence) <= 2 * LONGEST_SENTENCE:  # words of a letter
        return False
    unspaced = language in UNSPACED_LANGUAGES
    return (len(sentence) / CHARACTERS if unspaced else len(sentence.split())) > LONGEST_SENTENCE


def _windows(text: str, span: Span, language: str) -> Iterator[Span]:
    word, size = (r"\S", WINDOW * CHARACTERS) if language in UNSPACED_LANGUAGES else (r"\S+", WINDOW)
    spans = [match.span() for match in re.compile(word).finditer(text, *span)]
    return ((spans[at][0], spans[at : at + size][-1][1]) for at in range(0, len(spans), size))
