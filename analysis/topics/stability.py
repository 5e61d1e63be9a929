"""Stability: which topics come back in other samples, seeds or preparations of the text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import linear_sum_assignment

from analysis.arrays import Flags, Floats, Ints
from analysis.corpus.stories import story_codes
from analysis.corpus.tables import check_whole, places_in, refuse_unknown
from analysis.draws import resamples
from analysis.numbers import counted
from analysis.text.terms import Counts
from analysis.topics.fit import DEFAULT, Topics, columns_of, fit_words

Over = Literal["stories", "seeds", "preprocessing"]

TOP = 10  # words of a topic whose ranking is compared
ALIKE = 0.7  # a topic is found again where another run has one so similar (Niekler & Jähnichen 2012)
# Stable: found again in four of five runs, with first words that agree by half. Cosine alone is not enough: of ten
# topics fitted to six planted ones, the four too many were near copies of these (cosine .87) and two were found as
# often; the agreement of the four was .32, .43, .48 and .55, that of the six .67 to .91.
OFTEN, HALF = 0.8, 0.5
RUNS = 5
TINY = 1e-300  # a topic without one of the shared terms is similar to none
FEW_STORIES = 20  # a sample of fewer says nothing about other stories
COMMON = 0.25  # a term in a larger part of the documents does not distinguish them
MEANS = ("agreement", "similarity", "found")


@dataclass(frozen=True, eq=False)
class Stability:
    """Which topics came back in other runs.

    Attributes
    ----------
    table : DataFrame
        One row per topic, means over the runs: ``label``; ``agreement``, the Jaccard index of the ten likeliest
        words averaged over every depth, so that the first weigh most (Greene, O'Callaghan & Cunningham 2014);
        ``similarity``, the cosine of the words; ``found``, the part of runs in which that is .7 or more (Maier et
        al. 2018); and ``stable``: found in four of five runs, with an agreement of .5 or more.
    overall : mapping
        Means over topics of ``agreement``, ``similarity`` and ``found``.
    over, runs : str, tuple of str
        What was varied: "stories", "seeds" or "preprocessing"; and a name for each run.
    note : str
        What limits the result; empty where nothing does.
    """

    table: pd.DataFrame
    overall: Mapping[str, float]
    over: str
    runs: tuple[str, ...]
    note: str = ""

    def stable(self, labels: Any) -> Flags:
        """Whether each of these topics is stable; a ValueError names one that is unknown here."""
        names, marks = pd.Index(labels), self.table.set_index("label")["stable"]
        found, remedy = ", ".join(map(str, marks.index)), "Give what topic_stability returned for these topics."
        places = places_in(marks.index, names, "stability: topic", f"is missing. Found: {found}. {remedy}")
        return marks.to_numpy(bool)[places]


def with_stability(table: pd.DataFrame, stability: Stability | None) -> pd.DataFrame:
    """The table with a column ``stable``; unchanged without a stability."""
    return table if stability is None else table.assign(stable=stability.stable(table["label"]))


def topic_stability(
    topics: Topics, counts: Counts, *, articles: pd.DataFrame | None = None, over: Over = "stories",
    draws: int | None = None, seed: int | None = None, variants: Mapping[str, Counts] | None = None,
) -> Stability:  # fmt: skip
    """How surely each topic comes back in other runs.

    Each run fits as many topics again, with the same engine and keywords, and is matched to `topics` one to one so
    that the sum of similarities is highest (Hungarian method; Kuhn 1955).

    Parameters
    ----------
    topics, counts
        As returned by ``fit_topics``, and the counts that they were fitted to.
    articles : DataFrame, optional
        Only for "stories": with ``story_id``, so that all documents of a story are drawn together.
    over : str
        "stories" fits bootstrap samples of the stories: would other news of the kind give these topics? "seeds"
        uses other random starts. "preprocessing" leaves out rare terms, common terms, numbers or runs of words, or
        counts each term once per document.
    draws : int, optional
        Number of samples or of other seeds (default 5); not for "preprocessing". Five give a rough answer: of ten
        topics fitted to six planted ones, 6 to 8 were called stable in five samples, 6 in twenty.
    seed : int, optional
        Only for "stories" (default 0).
    variants : mapping, optional
        Only for "preprocessing": counts of your own (of lemmas, say), by name, in place of these.

    Returns
    -------
    Stability
        ``table`` with a row per topic, its ``overall`` means, and a ``note`` on what limits the result.

    Examples
    --------
    >>> import analysis as an
    >>> texts = ["gas oil price " * 4] * 30 + ["army drill navy " * 4] * 30
    >>> counts = an.count_terms(an.tokenize(texts))
    >>> an.topic_stability(an.fit_topics(counts, 2), counts, draws=3).table["stable"].tolist()
    [True, True]
    """
    _check(topics, counts, over, {"articles": articles, "draws": draws, "seed": seed, "variants": variants})
    number, settings = RUNS if draws is None else check_whole("draws", draws), topics.settings
    stories = story_codes(counts.docs, articles)
    runs: dict[str, tuple[Counts, Mapping[str, Any]]]
    if over == "seeds":
        if settings["engine"] == DEFAULT:
            raise ValueError(
                f"over='seeds': {DEFAULT!r} has no random start, so every seed gives these topics. "
                "Use over='stories'."
            )
        seeds = range(settings["seed"] + 1, settings["seed"] + 1 + number)
        runs = {f"seed {one}": (counts, {**settings, "seed": one}) for one in seeds}
    else:
        drawn = _samples(counts, stories, number, seed or 0) if over == "stories" else preparations(counts)
        runs = {name: (other, settings) for name, other in (drawn if variants is None else variants.items())}
    k = len(topics.words)
    words = [fit_words(other, k, varied, keywords=topics.keywords) for other, varied in runs.values()]
    # A term that a preparation leaves out is not a disagreement; a term that a sample lacks is.
    agreement, similarity = compared(topics.words, words, shared=over == "preprocessing")
    found = [part.mean(axis=0) for part in (agreement, similarity, similarity >= ALIKE)]
    table = pd.DataFrame(dict(zip(MEANS, found, strict=True)))
    overall = {name: float(table[name].mean()) for name in MEANS}
    table["stable"] = (table["found"] >= OFTEN) & (table["agreement"] >= HALF)
    table.insert(0, "label", topics.words.index)
    n = int(stories.max()) + 1
    note = too_few(n) if over == "stories" and n < FEW_STORIES else ""
    return Stability(table, overall, over, tuple(runs), note)


def too_few(stories: int) -> str:
    """Note that there are too few stories to generalise."""
    return f"{counted(stories, 'story')} cannot represent other news; at least {FEW_STORIES} are needed."


def compared(reference: pd.DataFrame, runs: list[pd.DataFrame], *, shared: bool = False) -> tuple[Floats, Floats]:
    """Agreement and similarity of each topic with its match in each run, both runs × topics.

    `shared` compares the terms that both have; otherwise a term that one lacks has weight 0 there.
    """
    pairs = []
    for run in runs:
        terms = reference.columns.intersection(run.columns)
        if shared and not len(terms):
            raise ValueError("variants: no term in common with counts, so that topics cannot be compared.")
        pairs.append(_matched(reference[terms], run[terms]) if shared else _matched(reference, run))
    return np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])


def preparations(counts: Counts) -> Iterator[tuple[str, Counts]]:
    """Counts under other usual choices of preparation (Denny & Spirling 2018), those that change anything."""
    df = np.asarray((counts.matrix > 0).sum(axis=0)).ravel()
    lowest = int(df[df > 0].min(initial=1))
    words = counts.terms.astype("str")
    kept = {
        "rare terms out": df > 2 * lowest,
        "common terms out": df <= COMMON * counts.matrix.shape[0],
        "numbers out": ~words.str.contains(r"\d").astype(bool),
        "single words only": ~words.str.contains(" ", regex=False).astype(bool),
    }
    for name, terms in kept.items():
        if 1 < terms.sum() < len(df):
            yield name, counts.of_terms(terms)
    if (counts.matrix.data > 1).any():
        once = sparse.csr_array((counts.matrix > 0).astype(np.int64))
        yield "each term once", Counts(once, counts.docs, counts.terms)


def _samples(counts: Counts, stories: Ints, draws: int, seed: int) -> Iterator[tuple[str, Counts]]:
    """Bootstrap samples: as many stories, drawn with replacement, each with all its documents."""
    batches = resamples(int(stories.max()) + 1, draws, seed=seed, kind="efron")
    drawn = (row[stories].astype(np.int64) for batch in batches for row in batch)
    for number, times in enumerate(drawn, start=1):
        yield f"sample {number}", counts.of_docs(np.repeat(np.arange(len(times)), times))


def _check(topics: Topics, counts: Counts, over: str, arguments: Mapping[str, Any]) -> None:
    """Refuses topics that cannot be fitted again, and arguments that have no effect."""
    if not isinstance(topics, Topics):
        raise TypeError(f"topics: must be what fit_topics returned. Found: {type(topics).__name__}.")
    if not topics.settings:
        raise ValueError(
            "topics: they were fitted by another package and cannot be fitted again here. Use fit_topics."
        )
    columns_of(topics.words.columns, counts)  # refuses counts without a term of these topics
    takes = {"stories": {"articles", "draws", "seed"}, "seeds": {"draws"}, "preprocessing": {"variants"}}
    refuse_unknown("over", over, "a choice", takes)
    if idle := [name for name, value in arguments.items() if value is not None and name not in takes[over]]:
        raise ValueError(f"{idle[0]}: has no effect with over={over!r}. Leave it out.")


def _matched(reference: pd.DataFrame, run: pd.DataFrame) -> tuple[Floats, Floats]:
    """Agreement and similarity of each topic of the reference with its match; each index has its own matching."""
    terms = reference.columns.union(run.columns)
    one, other = (words.reindex(columns=terms, fill_value=0.0).to_numpy() for words in (reference, run))
    lengths = np.outer(np.linalg.norm(one, axis=1), np.linalg.norm(other, axis=1)) + TINY
    return _best(_average_jaccard(reference, run)), _best(one @ other.T / lengths)


def _best(alike: Floats) -> Floats:
    """The similarity of each row with the column it is matched to; 0 for a row without one."""
    rows, columns = linear_sum_assignment(-alike)
    best = np.zeros(len(alike))
    best[rows] = alike[rows, columns]
    return best


def _average_jaccard(one: pd.DataFrame, other: pd.DataFrame) -> Floats:
    """Jaccard index of each two topics' likeliest words, averaged over every depth, topics × topics."""
    ordered = (words.sort_index(axis=1) for words in (one, other))  # ties in alphabetical order, as in top_words
    first, second = (
        words.columns.to_numpy(object)[np.argsort(-words.to_numpy(), axis=1, kind="stable")[:, :TOP]]
        for words in ordered
    )
    lengths = first.shape[1], second.shape[1]
    same = first[:, None, :, None] == second[None, :, None, :]
    deep, found = np.maximum.outer(*map(np.arange, lengths)), []
    for depth in range(1, max(lengths) + 1):
        both = (same & (deep < depth)).sum(axis=(2, 3))
        found.append(both / (sum(min(depth, length) for length in lengths) - both))
    return np.asarray(np.mean(found, axis=0))
