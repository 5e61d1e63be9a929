"""The frame hits of two versions of one story, and what became of each."""

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.corpus.passages import LONGEST_SENTENCE, passages
from analysis.corpus.words import Bounds
from analysis.frames.lexicon import Lexicon
from analysis.frames.match import find_frames
from analysis.text.edits import Alignment, align

COLUMNS = ["side", "start", "end", "text", "frame", "entry", "negated", "fate", "change", "edit"]
SIDES = "original", "copy"
STAYS = "kept", "moved"
POINTS = re.compile(r"[.!?。！？]")  # what ends a sentence


Article = str | Mapping[str, object] | pd.Series


class Sides(NamedTuple):
    """Something known of every term: arrays, one for the original and one for the copy."""

    original: Bounds
    copy: Bounds


def edit_hits(original: Article, copy: Article, lexicon: Lexicon, *, unit: str | None = None) -> pd.DataFrame:
    """The frame hits of an original and its copy, and what became of each.

    Parameters
    ----------
    original, copy : row of articles or str
        Two versions of one story.
    lexicon : Lexicon
        From ``read_lexicon`` or ``read_lexicon``. With ``about``, only passages about that pair are read.
    unit : str, optional
        What both are read in, see ``passages``. By default sentences, but windows for both where one of them
        lost its punctuation: shares of sentences and shares of windows cannot be compared.

    Returns
    -------
    DataFrame
        ``side, start, end, text, frame, entry, negated`` : hits as of ``find_frames``.
        ``side`` : original or copy.
        ``fate`` : lost (in the original alone), gained (in the copy alone) or kept. A hit is kept when all of its
        words stand in the other version, or a hit of the same frame stands at the same place, reworded. It is
        lost, and the other gained, when the edit turned "no ally" to "ally".
        ``change, edit`` : the row of ``compare_copies`` that decided it, and its number.

    Raises
    ------
    ValueError
        If an article has no ``text``, or the unit is unknown.

    Examples
    --------
    >>> from analysis.frames.formats.files import read_lexicon
    >>> original = "Russia and China are friends. In Moscow it rained. Trade between China and Russia fell."
    >>> copy = "Russia and China are allies. In Moscow it rained."
    >>> hits = edit_hits(original, copy, read_lexicon("russia-china"))
    >>> hits[["side", "text", "frame", "fate", "change"]]
           side     text     frame  fate    change
    0  original  friends  alliance  kept  reworded
    1  original    Trade   economy  lost       cut
    2      copy   allies  alliance  kept  reworded
    """
    texts = article_text(original, SIDES[0]), article_text(copy, SIDES[1])
    articles = pd.DataFrame({"doc_id": SIDES, "text": texts})
    _, hits = read_frames(articles, lexicon, unit or common_unit(*texts))
    return hit_fates(align(*texts), *(hits[hits["doc_id"] == side] for side in SIDES))


def article_text(article: Article, name: str) -> str:
    """The text of an article, or the text itself."""
    if isinstance(article, str):
        return article
    if "text" not in article:
        raise ValueError(
            f"the {name} has no 'text'; it has {list(article.keys())}. Pass a row of articles or a str."
        )
    return str(article["text"])


def common_unit(original: str, copy: str) -> str:
    """Sentences, or windows if either text has fewer points than its words would need."""
    lost = any(len(POINTS.findall(text)) * LONGEST_SENTENCE < len(text.split()) for text in (original, copy))
    return "window" if lost else "sentence"


def read_frames(articles: pd.DataFrame, lexicon: Lexicon, unit: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The passages that the lexicon is about, and its hits in them."""
    found = passages(articles, about=lexicon.about or None, unit=unit)
    return found, find_frames(found, lexicon)


def hit_fates(found: Alignment, original: pd.DataFrame, copy: pd.DataFrame) -> pd.DataFrame:
    """The hits of both sides under an alignment; see :func:`edit_hits`."""
    edit, key = _edits_and_keys(found)
    spans = [
        (np.searchsorted(place.ends, hits["start"], side="right"), np.searchsorted(place.starts, hits["end"]))
        for place, hits in zip((found.original, found.copy), (original, copy), strict=True)
    ]
    said = [
        _said(hits, [set(keys[a:b].tolist()) for a, b in zip(*span, strict=True)])
        for hits, keys, span in zip((original, copy), key, spans, strict=True)
    ]
    tables = []
    for side, hits in enumerate((original, copy)):
        stands = [_stands(*hit, said[1 - side]) for hit in said[side]]
        decisive = [_decisive(edit[side][a:b], key[side][a:b]) for a, b in zip(*spans[side], strict=True)]
        fate = np.where(stands, "kept", ("lost", "gained")[side])
        changes = [found.edits[number].change for number in decisive]
        tables.append(hits.assign(side=SIDES[side], fate=fate, change=changes, edit=decisive))
    types = {"side": "str", "fate": "str", "change": "str", "edit": "int64"}
    return pd.concat(tables, ignore_index=True)[COLUMNS].astype(types)


Said = tuple[str, bool, set[int]]


def _edits_and_keys(found: Alignment) -> tuple[Sides, Sides]:
    """For each term the number of its edit, and a key that terms at one place of both sides share."""
    sizes = len(found.original.starts), len(found.copy.starts)
    edit, key = (Sides(*(np.zeros(size, dtype=np.int64) for size in sizes)) for _ in range(2))
    for number, change in enumerate(found.edits):
        for side, span in enumerate((change.original, change.copy)):
            edit[side][slice(*span)] = number
            key[side][slice(*span)] = np.arange(*change.original) if change.change in STAYS else -1 - number
    return edit, key


def _said(hits: pd.DataFrame, keys: list[set[int]]) -> list[Said]:
    return list(zip(hits["frame"].astype(str), hits["negated"].astype(bool), keys, strict=True))


def _stands(frame: str, negated: bool, keys: set[int], others: list[Said]) -> bool:
    """Whether the other version says it too: by the hits at its place or, without any, by its words."""
    there = [denied for other, denied, held in others if other == frame and held & keys]
    return negated in there if there else min(keys) >= 0


def _decisive(edits: Bounds, keys: Bounds) -> int:
    """The edit of the first word that changed, or of the first word."""
    return int(edits[np.argmax(keys < 0)])
