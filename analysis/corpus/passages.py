"""Passages: the stretches of an article that are read, coded and counted."""

import re
from collections.abc import Iterator

import pandas as pd

from analysis.corpus.countries import About
from analysis.corpus.pair import is_about
from analysis.corpus.tables import check_table

COLUMNS = ["passage_id", "doc_id", "position", "start", "end", "text"]
UNITS = ("sentence", "paragraph", "window", "article")

# The codebook's unit for text that lost its punctuation.
WINDOW = 40
# A "sentence" longer than this has no punctuation left, so it is cut into windows. Of the sentences of the News
# Articles corpus 1 in 270 is longer, most of them lists or runs that lost their full stops.
LONGEST_SENTENCE = 80

# "The two countries" two sentences after both were named are still those two; further on they may be others. Of
# the 16 passages of News Articles that only this rule opens, 12 are about the pair; where a third country had been
# named before, hardly any was.
REACH = 2

Span = tuple[int, int]


def passages(
    articles: pd.DataFrame, *, about: About | None = ("Russia", "China"), unit: str = "sentence"
) -> pd.DataFrame:
    """The passages of each article that are about the pair, with their places.

    A passage is about the pair when it names both countries outside a list of three or more, or when it speaks
    of a relationship ("the two countries", "gas from Russia"), names no third country, and follows closely on a
    passage that named these two alone.

    Args:
        articles: a table with ``doc_id`` and ``text``.
        about: two countries known to ``countries.yaml``, or ``{name: [its names]}`` for two others;
            ``None`` keeps every passage.
        unit: ``"sentence"`` (40-word windows where the text lost its punctuation), ``"paragraph"``,
            ``"window"`` or ``"article"``.

    Returns:
        ``passage_id, doc_id, position, start, end, text``: ``position`` counts all passages of the article from
        0, ``text`` is ``article.text[start:end]``. An article without such a passage has no row.

    Raises:
        ValueError: an unknown unit or country, a missing column, or a ``doc_id`` that stands twice.
        TypeError: a text that is not a string.

    >>> articles = pd.DataFrame({"doc_id": ["a"], "text": ["Russia met China. It rained."]})
    >>> passages(articles)
      passage_id doc_id  position  start  end               text
    0        a:0      a         0      0   17  Russia met China.
    """
    if unit not in UNITS:
        raise ValueError(f"unit: {unit!r} is not one of {', '.join(UNITS)}.")
    check_table(articles, "articles", ["doc_id", "text"], key="doc_id")
    rows = [
        (f"{doc_id}:{position}", doc_id, position, start, end, text[start:end])
        for doc_id, text in zip(articles["doc_id"].tolist(), articles["text"].tolist(), strict=True)
        for position, (start, end) in enumerate(_spans(text, unit))
    ]
    every = pd.DataFrame(rows, columns=COLUMNS).astype(
        {"passage_id": "str", "doc_id": "str", "text": "str", "position": int, "start": int, "end": int}
    )
    return every if about is None else every[about_pair(every, about)].reset_index(drop=True)


def about_pair(table: pd.DataFrame, about: About, *, isolated: bool = False) -> "pd.Series[bool]":
    """Which passages are about the pair: ``table`` holds passages of whole articles, or some of them.

    ``isolated`` passages come without their articles; one that speaks of a relationship and names no third
    country is taken to mean this pair's, as coders take it (codebook, rule 16).
    """
    ordered = table.sort_values(["doc_id", "position"])
    said = is_about(ordered["text"].tolist(), about).set_index(ordered.index)
    lately = pd.Series(isolated, index=ordered.index)
    for back in range(1, REACH + 1):
        same = ordered["doc_id"].eq(ordered["doc_id"].shift(back))
        near = (ordered["position"] - ordered["position"].shift(back)).le(REACH)
        lately |= same & near & said["alone"].shift(back, fill_value=False)
    return (said["named"] | (said["meant"] & lately)).reindex(table.index)


def _spans(text: str, unit: str) -> Iterator[Span]:
    whole = (0, len(text))
    if unit == "article":
        return _trimmed(text, [whole])
    if unit == "paragraph":
        return _trimmed(text, _split(text, whole, r"\n\s*\n|\r?\n"))
    if unit == "window":
        return _windows(text, whole)
    return (
        span
        for sentence in _sentences(text)
        for span in (
            [sentence] if len(text[slice(*sentence)].split()) <= LONGEST_SENTENCE else _windows(text, sentence)
        )
    )


def _sentences(text: str) -> Iterator[Span]:
    from simplemma import split_sentences

    end = 0
    for sentence in split_sentences(text, lang="en"):
        start = text.index(sentence, end)
        end = start + len(sentence)
        yield start, end


def _windows(text: str, span: Span) -> Iterator[Span]:
    spans = [match.span() for match in re.compile(r"\S+").finditer(text, *span)]
    for at in range(0, len(spans), WINDOW):
        words = spans[at : at + WINDOW]
        yield words[0][0], words[-1][1]


def _split(text: str, span: Span, pattern: str) -> Iterator[Span]:
    start = span[0]
    for match in re.compile(pattern).finditer(text, *span):
        yield start, match.start()
        start = match.end()
    yield start, span[1]


def _trimmed(text: str, spans: "Iterator[Span] | list[Span]") -> Iterator[Span]:
    for start, end in spans:
        piece = text[start:end]
        if piece.strip():
            yield start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
