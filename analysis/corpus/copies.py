"""Which articles print one story: wire copy, cuts of it, and updates."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array, triu

from .runs import Incidence, text_runs

# Share of the shorter article's five-word runs found in the other. Of the 42 copies it finds in the News Articles
# corpus, 38 are one agency text in two outlets or one report and its update, and 4 tell another event on the same
# background, all below 0.6. Between 0.4 and 0.5 about half are copies; below, two reports quote one statement.
THRESHOLD = 0.5
# Further apart than this, all ten pairs between 0.5 and 0.75 were new stories on an old background or timeline;
# reprints stood within two days.
APART = np.timedelta64(3, "D")
LATE_THRESHOLD = 0.75
# A run that one outlet printed more often is its furniture ("share this article", "first 100 days impact you"):
# 382 runs of 1.97 million. A story that is printed again in other outlets is not touched by it.
FURNITURE = 10
# Fewer runs in common are a phrase (3 runs are 7 words in a row), unless they are all that both articles hold: an
# article of five words, "for more information contact us", would else be a copy of every article that has them.
PHRASE = 3

Ints = NDArray[np.integer]


def mark_copies(articles: pd.DataFrame, *, threshold: float = THRESHOLD) -> pd.DataFrame:
    """The articles with three more columns that say which story each prints; no row is dropped or moved.

    Parameters
    ----------
    articles : DataFrame
        ``doc_id`` and ``text``; ``outlet`` and ``date`` are used where they are there.
    threshold : float
        Two articles print one story when at least this share of the shorter one's five-word runs stands in
        the other (containment, Broder 1997). Case, punctuation and an outlet's page furniture do not count.

    Returns
    -------
    DataFrame
        ``story_id`` : ``doc_id`` of the story's original, the earliest of its articles, then the longest.
        ``copy_of`` : the same for copies, missing for originals.
        ``overlap`` : share of the copy's runs found in the original; missing for originals.

        Every copy overlaps with its original itself, so that stories do not grow together in chains. Articles
        without text, or of fewer than five words, are stories of their own.

    Raises
    ------
    ValueError
        If ``doc_id`` or ``text`` is missing, or an id stands twice, or `threshold` is not above 0 and up to 1.

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
    _check(articles, threshold)
    runs = _distinctive(text_runs(articles["text"].fillna("").tolist()), articles)
    rank = _rank(articles, runs)
    original, overlap = _stories(runs[rank], _dates(articles)[rank], threshold)
    ids = articles["doc_id"].astype("str").to_numpy()[rank]
    copied = original != np.arange(len(ids))
    story = pd.Series(ids[original], dtype="str")
    marks = pd.DataFrame({"story_id": story, "copy_of": story.where(copied), "overlap": overlap})
    return articles.assign(**marks.set_axis(rank).sort_index().set_axis(articles.index))


def _check(articles: pd.DataFrame, threshold: float) -> None:
    missing = [name for name in ("doc_id", "text") if name not in articles]
    if missing:
        raise ValueError(f"articles have no column {missing}; they have {list(articles)}.")
    twice = articles["doc_id"][articles["doc_id"].duplicated()]
    if len(twice):
        raise ValueError(f"articles hold doc_id {twice.iloc[0]!r} more than once; give each article its own.")
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold is {threshold}; it is a share of runs, above 0 and up to 1.")


def _distinctive(runs: Incidence, articles: pd.DataFrame) -> Incidence:
    """The runs without what an outlet prints again and again."""
    names = articles["outlet"].fillna("") if "outlet" in articles else pd.Series("", articles.index)
    codes, outlets = pd.factorize(names)
    places = (codes, np.arange(len(codes)))
    printed = csr_array((np.ones(len(codes), dtype=np.int32), places), shape=(len(outlets), len(codes))) @ runs
    kept = np.ones(runs.shape[1], dtype=bool)
    kept[printed.indices[printed.data > FURNITURE]] = False
    return runs[:, kept]


def _dates(articles: pd.DataFrame) -> NDArray[np.datetime64]:
    if "date" not in articles:
        return np.full(len(articles), np.datetime64("NaT", "s"))
    return pd.to_datetime(articles["date"]).to_numpy().astype("datetime64[s]")


def _rank(articles: pd.DataFrame, runs: Incidence) -> Ints:
    """Positions of the articles from the likeliest original on: earliest, longest, first id; undated last."""
    dates = _dates(articles)
    ids = articles["doc_id"].astype("str").to_numpy(dtype=object)
    by_id = np.argsort(ids, kind="stable")
    keys = np.column_stack([np.isnat(dates), dates.astype(np.int64), -runs.sum(axis=1)])[by_id]
    return by_id[np.lexsort(keys.T[::-1])]


def _stories(runs: Incidence, dates: NDArray[np.datetime64], threshold: float) -> tuple[Ints, NDArray[np.float64]]:
    """For articles by rank, the place of each one's original (its own, if it is one) and the overlap with it."""
    first, second, shared, sizes = _shared(runs)
    contained = shared / np.minimum(sizes[first], sizes[second])
    late = np.abs(dates[first] - dates[second]) > APART  # never so where a date is unknown
    enough = contained >= np.where(late, max(threshold, LATE_THRESHOLD), threshold)
    enough &= shared >= np.minimum(PHRASE, np.maximum(sizes[first], sizes[second]))
    original, overlap = np.arange(len(dates)), np.full(len(dates), np.nan)
    for one, other, n in zip(first[enough], second[enough], shared[enough], strict=True):
        if original[one] == one and original[other] == other:
            original[other], overlap[other] = one, n / sizes[other]
    return original, overlap


def _shared(runs: Incidence) -> tuple[Ints, Ints, Ints, Ints]:
    """Pairs of articles with runs in common, the higher rank first and in order; how many; each one's runs."""
    repeated = runs[:, np.bincount(runs.indices, minlength=runs.shape[1]) > 1]
    pairs = triu(repeated @ repeated.T, k=1).tocoo()
    order = np.lexsort((pairs.col, pairs.row))
    return pairs.row[order], pairs.col[order], pairs.data[order], runs.sum(axis=1)
