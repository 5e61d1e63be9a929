"""Which articles print one story: wire copy, cuts of it, and updates."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from analysis.arrays import Flags, Floats, Ints

from .agencies import agencies, credited
from .runs import (
    Pairs,
    Repeated,
    in_parts,
    pairs_sharing,
    repeated_among,
    same_texts,
    shared_runs,
    text_runs,
    without_boilerplate,
)
from .stories import article_outlets
from .tables import article_dates, article_ids, check_table, is_usable
from .words import strings

# Share of the shorter article's five-word runs found in the other. Of the 42 copies it finds in the News Articles
# corpus, 38 are one agency text in two outlets or one report and its update, and 4 report a new event on the same
# background, all below 0.6. Between 0.4 and 0.5 about half are copies; below, two reports quote one statement.
THRESHOLD = 0.5
# Further apart than this, all ten pairs between 0.5 and 0.75 were new stories on an old background or timeline;
# reprints stood within two days.
APART = np.timedelta64(3, "D")
LATE_THRESHOLD = 0.75
# With every tenth word changed, four of ten five-word runs break, and one reprint in fifteen falls below the
# threshold. Pairs between LOOSE and it are looked at again by runs of SHORT words, of which a quarter breaks. Old
# background comes back in complete paragraphs, so there the two shares hardly differ: no such pair reaches .65 in
# News Articles.
LOOSE, SHORT, REWORDED = 0.3, 3, 0.65
# A copy with the first share of its runs in the original links to it a text with the second share in the copy.
# A later digest of several stories is not such a copy of any of them, so it joins no two stories.
LINK, THROUGH = 0.5, 0.75
# Fewer runs in common are a phrase (3 runs are 7 words in a row), unless they are all that both articles hold: an
# article of five words, "for more information contact us", would else be a copy of every article that has them.
PHRASE = 3
# An original shorter than its copy shares this many (19 words in a row): a caption of ten words is not the
# original of the reports that quote it, unless they say little more.
GIVEN = 15


def mark_copies(articles: pd.DataFrame, *, threshold: float = THRESHOLD) -> pd.DataFrame:
    """Articles with three more columns that say which story each prints; no row is dropped or moved.

    Parameters
    ----------
    articles : DataFrame
        ``doc_id`` and ``text``; ``outlet`` and ``date`` are used if present.
    threshold : float
        Two articles print one story when at least this share of the shorter one's five-word runs is in the
        other (containment, Broder 1997). Case, punctuation and an outlet's boilerplate do not count.

    Returns
    -------
    DataFrame
        ``story_id`` : ``doc_id`` of the story's original, the earliest of its articles, then the longest.
        ``copy_of`` : the same for copies, missing for originals.
        ``overlap`` : share of the copy's runs found in the original, or in the copy that it was taken from;
        missing for originals.

        ``agency`` and ``agency_credit`` are filled as by ``clean``, and where an article prints an agency's text
        or a credited one.

        Every copy overlaps with its original itself, or is almost fully in one copy that does, so that stories
        are not joined in chains. Articles without text, or of fewer than five words, are stories of their
        own; items that could not be read are in no story. Time grows
        with the number of articles, not with its square.

    Raises
    ------
    ValueError
        If ``doc_id`` or ``text`` is missing, an id is duplicated, or `threshold` is not above 0 and at most 1.

    Examples
    --------
    >>> articles = pd.DataFrame({
    ...     "doc_id": ["a", "b", "c"],
    ...     "text": ["Xi heads to Moscow for a state visit.", "xi heads to moscow for a state dinner", "No news."],
    ... })
    >>> mark_copies(articles, threshold=0.7)[["doc_id", "story_id", "copy_of", "overlap"]]
      doc_id story_id copy_of  overlap
    0      a        a     NaN      NaN
    1      b        a       a      0.75
    2      c        c     NaN      NaN
    """
    check_table(articles, "articles", ["doc_id", "text"], key="doc_id")
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold: must be a share of runs, above 0 and at most 1. Found: {threshold}.")
    texts = strings(articles["text"])
    held, equal = shared_runs(texts)
    articles = articles if "agency_credit" in articles else credited(articles)
    return with_stories(
        articles, held, equal, lambda at: _short_runs(texts.take(pa.array(at))), threshold=threshold
    )


def _short_runs(texts: pa.Array) -> Repeated:
    return repeated_among(in_parts(text_runs(texts, length=SHORT)), len(texts))


def with_stories(
    articles: pd.DataFrame,
    held: Repeated,
    equal: Ints,
    short: Callable[[Ints], Repeated],
    *,
    threshold: float = THRESHOLD,
) -> pd.DataFrame:
    """The articles with their stories, from the runs that they hold and no text.

    ``equal`` is the first text with the same words; ``short`` gives the runs of ``SHORT`` words that several
    of some texts hold, by their places.
    """
    outlets, groups = pd.factorize(article_outlets(articles))[0], same_texts(held, equal)
    held = without_boilerplate(held, outlets, groups)
    sizes = held.sizes
    dates = article_dates(articles).to_numpy().astype("datetime64[s]")
    rank = _rank(articles, dates, sizes)
    _, firsts, kind = np.unique(equal[rank], return_index=True, return_inverse=True)
    first = firsts[kind]  # for each by rank the likeliest original among those with the same words
    pairs = _ranked(pairs_sharing(held, min(threshold, LOOSE), among=rank[firsts]), rank)
    del held  # of many articles a large part of all memory
    reworded = _reworded(pairs, lambda at: short(rank[at]), outlets[rank], groups[rank])
    enough = _enough(pairs, sizes[rank], dates[rank], threshold, reworded)
    original, overlap = _stories(pairs, enough, sizes[rank])
    again = first != np.arange(len(rank))
    original[again], overlap[again] = original[first[again]], 1.0
    ids = article_ids(articles).to_numpy()[rank]
    copied = original != np.arange(len(ids))
    story = pd.Series(ids[original], dtype="str")
    marks = pd.DataFrame({"story_id": story, "copy_of": story.where(copied), "overlap": overlap})
    marks = marks.set_axis(rank).sort_index().set_axis(articles.index)
    marks["story_id"] = marks["story_id"].where(is_usable(articles))
    return _by_overlap(articles.assign(doc_id=article_ids(articles), **marks), rank)


def _by_overlap(articles: pd.DataFrame, rank: Ints) -> pd.DataFrame:
    """Copies of what an agency published, or credited prints of it, with that agency; others as they are."""
    names, known = article_outlets(articles), agencies().named
    own = names.map(lambda name: known.get(name, ""))
    source = own.where(own != "", articles["agency"])
    likely = articles.assign(source=source, outlet=names, own=own != "").iloc[rank]
    likely = likely[likely["source"] != ""].sort_values("own", ascending=False, kind="stable")
    first = likely.groupby("story_id").first()
    wanted = (source == "") & articles["story_id"].isin(first.index)
    found = first.reindex(articles.loc[wanted, "story_id"])
    agency, words = articles["agency"].copy(), articles["agency_credit"].copy()
    agency[wanted] = found["source"].to_numpy()
    words[wanted] = ("the text of " + found["doc_id"].astype("str") + " (" + found["outlet"] + ")").to_numpy()
    return articles.assign(agency=agency, agency_credit=words)


def _rank(articles: pd.DataFrame, dates: NDArray[np.datetime64], sizes: Ints) -> Ints:
    """Positions of the articles from the likeliest original on: earliest, longest, first id; undated last."""
    by_id = np.argsort(article_ids(articles).to_numpy(dtype=object), kind="stable")
    keys = np.column_stack([np.isnat(dates), dates.astype(np.int64), -sizes])[by_id]
    return by_id[np.lexsort(keys.T[::-1])]


def _ranked(pairs: Pairs, rank: Ints) -> Pairs:
    """The pairs by rank: the likelier original first, and in order."""
    place = np.argsort(rank)
    first, second = np.sort([place[pairs.one], place[pairs.other]], axis=0)
    order = np.lexsort((second, first))
    return Pairs(first[order], second[order], pairs.shared[order])


def _reworded(pairs: Pairs, short: Callable[[Ints], Repeated], outlets: Ints, groups: Ints) -> Flags:
    """Which pairs share most of their runs of a few words, even if they share few of five."""
    looked_at = np.union1d(pairs.one, pairs.other)
    runs = without_boilerplate(short(looked_at), outlets[looked_at], groups[looked_at])
    alike = pairs_sharing(runs, REWORDED)
    names = looked_at[alike.one] * len(outlets) + looked_at[alike.other]
    return np.isin(pairs.one * len(outlets) + pairs.other, names)


def _enough(pairs: Pairs, sizes: Ints, dates: NDArray[np.datetime64], threshold: float, reworded: Flags) -> Flags:
    """Which pairs print one story."""
    original, copy = sizes[pairs.one], sizes[pairs.other]
    late = np.abs(dates[pairs.one] - dates[pairs.other]) > APART  # never so where a date is unknown
    contained = pairs.shared / np.minimum(original, copy)
    enough = contained >= np.where(late, max(threshold, LATE_THRESHOLD), threshold)
    if threshold <= THRESHOLD:  # above this threshold only five-word runs decide
        enough |= ~late & reworded & (contained >= LOOSE)
    enough &= pairs.shared >= np.minimum(PHRASE, np.maximum(original, copy))
    enough &= (original >= copy) | (pairs.shared >= np.minimum(GIVEN, threshold * copy))
    return np.asarray(enough, dtype=bool)


def _stories(pairs: Pairs, enough: Flags, sizes: Ints) -> tuple[Ints, Floats]:
    """For articles by rank, the place of each one's original (its own, if it is one) and the overlap."""
    original, overlap = np.arange(len(sizes)), np.full(len(sizes), np.nan)
    share_of = pairs.shared / sizes[pairs.other]
    met = list(zip(pairs.one[enough], pairs.other[enough], share_of[enough], strict=True))
    for one, other, share in met:
        if original[one] == one and original[other] == other:
            original[other], overlap[other] = one, share
    copies = np.bincount(original, minlength=len(sizes))
    for one, other, share in met:
        if overlap[one] >= LINK and share >= THROUGH and original[other] == other and copies[other] == 1:
            original[other], overlap[other] = original[one], share
    return original, overlap
