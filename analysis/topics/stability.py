"""Stability: which topics come back when the same work is done a little differently."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import linear_sum_assignment

from analysis.text.terms import Counts
from analysis.topics.fit import Engine, Topics, fit_topics, fit_words
from analysis.topics.samples import resampled, story_codes, variants

Floats = npt.NDArray[np.float64]
Over = Literal["stories", "seeds", "preprocessing"]

# Words of a topic whose ranking is compared.
TOP = 10
# A topic is found again where another run has one this similar (Niekler & Jähnichen 2012; Maier et al. 2018).
ALIKE = 0.7
# Stable: found again in four of five runs, with first words that agree by half. Cosine alone is not enough: of ten
# topics fitted to six planted ones, the four too many were near copies of these (cosine .87) and two were found as
# often; the agreement of the four was .32, .43, .48 and .55, that of the six .67 to .91.
OFTEN, HALF = 0.8, 0.5

TINY = 1e-300  # a topic without one of the shared terms resembles none

# Fewer stories than this stand for no others: what comes back is these stories themselves.
FEW_STORIES = 20

NO_CHANCE = "The warm engine has no random start: every seed gives these topics. over='stories' asks more."


def topic_stability(
    counts: Counts,
    k: int,
    *,
    seeds: Iterable[int] = range(5),
    articles: pd.DataFrame | None = None,
    over: Over = "stories",
    engine: Engine = "warm",
    variants: Mapping[str, Counts] | None = None,
    topics: Topics | None = None,
) -> pd.DataFrame:
    """One row a topic of ``fit_topics(counts, k)``: how surely it comes back in other runs.

    Each run is matched to these topics one to one, so that the sum of similarities is highest (Hungarian method;
    Kuhn 1955). Two published indices, means over the runs:

    - ``agreement``: average Jaccard index of the ten likeliest words, at every depth from the first word to all
      ten, so that the first words weigh most (Greene, O'Callaghan & Cunningham 2014). 1: the same in the same
      order.
    - ``similarity``: cosine of the matched topics' words; ``found`` is the part of runs in which it is .7 or
      more (the reliability of Maier et al. 2018).
    - ``stable``: found in at least four of five runs, and ``agreement`` of .5 or more.

    ``.attrs["overall"]`` has the means over topics of ``agreement``, ``similarity`` and ``found``, and the number
    of runs; ``.attrs["over"]`` what was varied, ``.attrs["runs"]`` its names, ``.attrs["note"]`` what to mind.

    Args:
        counts: what ``count_terms`` returns.
        k: how many topics.
        seeds: one run each: where an engine with a random start begins, or which stories are drawn.
        articles: with ``story_id``, from ``mark_copies``: reprints are drawn together, and passages with the
            others of their story. Without, each document is drawn by itself.
        over: "stories" fits bootstrap samples of the stories: would other news of the kind give these topics?
            "seeds" begins elsewhere. "preprocessing" leaves out rare terms, common terms, numbers or runs of
            words, or counts each term once a document.
        engine: as for ``fit_topics``.
        variants: counts of your own for "preprocessing" (of lemmas, say), by name, in place of these.
        topics: those of ``fit_topics(counts, k)`` where they are at hand: they are not fitted again.

    Raises:
        ValueError: an unknown ``over``, no seed, variants of other terms, topics of another ``k`` or of other
            terms, or what ``fit_topics`` refuses.

    >>> import analysis as an
    >>> texts = ["gas oil price " * 4] * 30 + ["army drill navy " * 4] * 30
    >>> an.topic_stability(an.count_terms(an.tokenize(texts)), 2, seeds=range(3)).round(2)
         topic  agreement  similarity  found  stable
    0  topic 1        1.0         1.0    1.0    True
    1  topic 2        1.0         1.0    1.0    True
    """
    starts = _checked(list(seeds), over)
    reference = topics if topics is not None else fit_topics(counts, k, seed=starts[0], engine=engine)
    _check_reference(reference, counts, k)
    runs = dict(_runs(counts, k, starts, over=over, articles=articles, engine=engine, given=variants))
    # Terms that preparation leaves out are no disagreement; terms that a sample lacks are.
    agreement, similarity = compared(reference.words, list(runs.values()), shared=over == "preprocessing")
    table = pd.DataFrame(
        {
            "topic": reference.words.index,
            "agreement": agreement.mean(axis=0),
            "similarity": similarity.mean(axis=0),
            "found": (similarity >= ALIKE).mean(axis=0),
        }
    )
    table["stable"] = (table["found"] >= OFTEN) & (table["agreement"] >= HALF)
    table.attrs["overall"] = {**table[["agreement", "similarity", "found"]].mean().to_dict(), "runs": len(runs)}
    table.attrs["over"], table.attrs["runs"] = over, list(runs)
    table.attrs["note"] = _note(over, engine, int(story_codes(counts.docs, articles).max()) + 1)
    return table


def _note(over: str, engine: str, stories: int) -> str:
    if over == "seeds" and engine == "warm":
        return NO_CHANCE
    if over == "stories" and stories < FEW_STORIES:
        return (
            f"{stories} stories stand for no others: what comes back is these stories, not a subject of the news."
        )
    return ""


def compared(reference: pd.DataFrame, runs: list[pd.DataFrame], *, shared: bool = False) -> tuple[Floats, Floats]:
    """Agreement and similarity of each topic with its match in each run, both runs × topics.

    ``shared`` compares the terms that both have; otherwise a term that one lacks has weight 0 there.
    """
    pairs = [_matched(*_on_shared(reference, run)) if shared else _matched(reference, run) for run in runs]
    agreement, similarity = (np.array([pair[at] for pair in pairs]) for at in (0, 1))
    return agreement, similarity


def _checked(seeds: list[int], over: str) -> list[int]:
    if over not in ("stories", "seeds", "preprocessing"):
        raise ValueError(f"over={over!r}: choose 'stories', 'seeds' or 'preprocessing'.")
    if len(seeds) < 1 + (over == "seeds"):
        raise ValueError(
            f"seeds: {len(seeds)} given. One a run is needed, and two for over='seeds', where the others are "
            "compared with the first."
        )
    return seeds


def _check_reference(topics: Topics, counts: Counts, k: int) -> None:
    if not isinstance(topics, Topics):
        raise TypeError(f"topics: {type(topics).__name__} is none. Give what fit_topics returned.")
    if len(topics.words) != k or not topics.words.columns.isin(counts.terms).all():
        raise ValueError(
            f"topics: {len(topics.words)} of {len(topics.words.columns)} terms, where k={k} and counts has "
            f"{len(counts.terms)} terms. Give the topics that were fitted to these counts, or leave them out."
        )


def _runs(
    counts: Counts,
    k: int,
    seeds: list[int],
    *,
    over: str,
    articles: pd.DataFrame | None,
    engine: Engine,
    given: Mapping[str, Counts] | None,
) -> Iterator[tuple[str, pd.DataFrame]]:
    """The words of each further fit, by its name."""
    if over == "seeds":
        for seed in seeds[1:] if engine != "warm" else seeds[1:2]:
            yield f"seed {seed}", fit_words(counts, k, seed=seed, engine=engine)
    elif over == "stories":
        stories = story_codes(counts.docs, articles)
        for seed in seeds:
            sample = resampled(counts, stories, seed=seed)
            yield f"sample {seed}", fit_words(sample, k, seed=seeds[0], engine=engine)
    else:
        for name, other in (given or dict(variants(counts))).items():
            yield name, fit_words(other, k, seed=seeds[0], engine=engine)


def _on_shared(reference: pd.DataFrame, run: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    terms = reference.columns.intersection(run.columns)
    if not len(terms):
        raise ValueError("variants: no term in common with counts, so topics cannot be compared.")
    return reference[terms], run[terms]


def _matched(reference: pd.DataFrame, run: pd.DataFrame) -> tuple[Floats, Floats]:
    """Agreement and similarity of each topic of the reference with its match; each index has its own matching."""
    terms = reference.columns.union(run.columns)
    one, other = (_aligned(words, terms) for words in (reference, run))
    lengths = np.outer(np.linalg.norm(one, axis=1), np.linalg.norm(other, axis=1)) + TINY
    return _best(_average_jaccard(reference, run)), _best(one @ other.T / lengths)


def _aligned(words: pd.DataFrame, terms: "pd.Index[Any]") -> Floats:
    values: Floats = words.reindex(columns=terms, fill_value=0.0).to_numpy()
    return values


def _best(alike: Floats) -> Floats:
    """The similarity of each row with the column it is matched to; a row without one has 0."""
    rows, columns = linear_sum_assignment(-alike)
    best = np.zeros(len(alike))
    best[rows] = alike[rows, columns]
    return best


def _average_jaccard(one: pd.DataFrame, other: pd.DataFrame) -> Floats:
    """Average Jaccard index of each two topics' likeliest words, topics × topics."""
    firsts, seconds = _leading(one), _leading(other)
    return np.array([[_depths(first, second) for second in seconds] for first in firsts])


def _leading(words: pd.DataFrame) -> list[list[Any]]:
    # Ties go by the alphabet, as in top_words.
    ordered = words.sort_index(axis=1)
    top = np.argsort(-ordered.to_numpy(), axis=1, kind="stable")[:, :TOP]
    return [ordered.columns[row].tolist() for row in top]


def _depths(first: list[Any], second: list[Any]) -> float:
    depths = range(1, max(len(first), len(second)) + 1)
    return float(np.mean([_jaccard(set(first[:depth]), set(second[:depth])) for depth in depths]))


def _jaccard(one: set[Any], other: set[Any]) -> float:
    return len(one & other) / len(one | other)
