"""The number of topics: what speaks for each, and a recommendation with its reasons."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.text.terms import Counts
from analysis.topics.coherence import npmi, together_in_documents
from analysis.topics.fit import Engine, fit_topics, fit_words
from analysis.topics.heldout import hold_out, perplexity
from analysis.topics.samples import story_codes
from analysis.topics.stability import FEW_STORIES, compared

Floats = npt.NDArray[np.float64]

TOP = 10
# The part of the stories held out; Greene, O'Callaghan & Cunningham 2014 learn from as many.
HELD = 0.2
MEASURES = ("coherence", "perplexity", "agreement")
TOO_FEW = (
    "No k is advised: {n} stories are too few to learn from some and judge by others. Take a small k, look "
    "whether its topics come back (topic_stability), and use them as a reading aid."
)
WORDS = {"coherence": "coherence", "perplexity": "held-out fit", "agreement": "stability"}


def choose_k(
    counts: Counts,
    ks: Iterable[int],
    *,
    seeds: Iterable[int] = range(5),
    articles: pd.DataFrame | None = None,
    engine: Engine = "warm",
) -> pd.DataFrame:
    """One row a number of topics: three measures with their standard errors, and which come near the best.

    For each seed topics are fitted to four fifths of the stories, the same for every k:

    - ``coherence``: mean over topics of the document NPMI of their ten likeliest words, see ``topic_quality``.
      Higher is better.
    - ``perplexity``: of the other fifth, by document completion (Wallach et al. 2009), see
      ``heldout_perplexity``. Lower is better.
    - ``agreement``: with the topics of all stories, average Jaccard index of their words as in
      ``topic_stability`` (Greene, O'Callaghan & Cunningham 2014). Higher is better.

    Each has a standard error, ``…_se``, that allows for the overlap of the splits (Nadeau & Bengio 2003), and
    ``near_…``: whether it lies within one standard error of the best k's, split by split (the rule of Breiman et
    al. 1984). ``.attrs["recommendation"]`` says in words which k is advised and why, and what speaks against it;
    ``.attrs["recommended"]`` is that k, or None where the measures do not agree. The smallest k that does as well
    as any is advised, never the best value as such, and none whose topics come back less surely than others'.
    Better held-out fit can mean topics that people understand less (Chang et al. 2009), so coherence goes before
    it.

    Args:
        counts: what ``count_terms`` returns.
        ks: numbers of topics to compare.
        seeds: one split each; two or more for standard errors.
        articles: with ``story_id``, from ``mark_copies``: reprints of one story are never on both sides.
        engine: as for ``fit_topics``.

    Raises:
        ValueError: no k or no seed, or what ``fit_topics`` refuses.

    >>> import analysis as an
    >>> texts = ["gas oil price bank " * 4] * 30 + ["army drill navy tank " * 4] * 30
    >>> table = an.choose_k(an.count_terms(an.tokenize(texts)), [2], seeds=range(2))
    >>> table[["k", "agreement", "near_agreement"]].round(2)
       k  agreement  near_agreement
    0  2        1.0            True
    >>> table.attrs["recommendation"]
    'There is nothing to choose: only k = 2 was tried.'
    """
    numbers, starts = sorted(set(ks)), list(seeds)
    if not numbers or not starts:
        raise ValueError(
            "ks and seeds: one number of topics and one seed at least. Two seeds give standard errors."
        )
    stories = story_codes(counts.docs, articles)
    splits = [hold_out(counts, part=HELD, groups=stories.tolist(), seed=seed) for seed in starts]
    values = np.array([_measured(counts, k, starts, splits, engine) for k in numbers])
    table = _judged(numbers, values)
    if (n := int(stories.max()) + 1) < FEW_STORIES and len(numbers) > 1:
        table.attrs |= {"recommended": None, "recommendation": TOO_FEW.format(n=n)}
    return table


def _measured(
    counts: Counts, k: int, seeds: list[int], splits: list[tuple[Counts, Counts]], engine: Engine
) -> list[tuple[float, float, float]]:
    """Coherence, log perplexity and agreement of each split."""
    reference = fit_topics(counts, k, seed=seeds[0], engine=engine).words
    rows = []
    for seed, (learnt, rest) in zip(seeds, splits, strict=True):
        words = fit_words(learnt, k, seed=seeds[0], engine=engine)
        agreement, _ = compared(reference, [words])
        fit = float(np.log(perplexity(words, rest, seed=seed)))
        rows.append((_coherence(words, counts), fit, float(agreement.mean())))
    return rows


def _coherence(words: pd.DataFrame, counts: Counts) -> float:
    top = np.argsort(-words.to_numpy(), axis=1, kind="stable")[:, :TOP]
    return float(np.mean([npmi(together_in_documents(words.columns[row], counts)) for row in top]))


def _judged(numbers: list[int], values: Floats) -> pd.DataFrame:
    """The table of values: array of shape (ks, splits, measures), perplexity as its logarithm."""
    table = pd.DataFrame({"k": numbers})
    better = np.array([1.0, -1.0, 1.0])
    for at, name in enumerate(MEASURES):
        mean, error = values[:, :, at].mean(axis=1), _error(values[:, :, at])
        table[name] = np.exp(mean) if name == "perplexity" else mean
        table[f"{name}_se"] = np.exp(mean) * error if name == "perplexity" else error
        table[f"near_{name}"] = _near(better[at] * values[:, :, at])
    table.attrs["recommended"], table.attrs["recommendation"] = recommendation(table)
    return table


def _near(values: Floats) -> npt.NDArray[np.bool_]:
    """Whether each row lies within one standard error of the best, difference by difference."""
    behind = values[values.mean(axis=1).argmax()] - values
    # Rounded, so that rows which tie but for noise in the last digits are near on every machine.
    near: npt.NDArray[np.bool_] = behind.mean(axis=1).round(9) <= np.nan_to_num(_error(behind))
    return near


def _error(values: Floats) -> Floats:
    """Standard error of the mean over splits, wider than independent samples would have it: they overlap."""
    n = values.shape[1]
    if n < 2:
        return np.full(len(values), np.nan)
    return np.asarray(np.sqrt((1 / n + HELD / (1 - HELD)) * values.var(axis=1, ddof=1)))


def recommendation(table: pd.DataFrame) -> tuple[int | None, str]:
    """The k advised, or None, and the reasons in words, from the columns ``k`` and ``near_…``."""
    near = {name: table.loc[table[f"near_{name}"], "k"].tolist() for name in MEASURES}
    ks = table["k"].tolist()
    if len(ks) == 1:
        return ks[0], f"There is nothing to choose: only k = {ks[0]} was tried."
    if all(found == ks for found in near.values()):
        return ks[0], (
            f"There is nothing to choose: no k from {ks[0]} to {ks[-1]} does better than another by a standard "
            f"error. The smallest, k = {ks[0]}, is the simplest to read."
        )
    # Topics that do not come back are advised by nothing else, so stability is in every choice.
    for asked in (MEASURES, ("coherence", "agreement"), ("perplexity", "agreement")):
        good = [k for k in ks if all(k in near[name] for name in asked)]
        if good:
            return good[0], _reasons(good[0], asked, near, ks)
    return None, (
        "No k is advised: the measures disagree. "
        + " ".join(f"{WORDS[name].capitalize()} is best at {_listed(near[name])}." for name in MEASURES)
        + " Read the topics of each, or choose by what the study needs: few broad subjects or many narrow ones."
    )


def _reasons(k: int, asked: tuple[str, ...], near: dict[str, list[int]], ks: list[int]) -> str:
    met = " and ".join(", ".join(WORDS[name] for name in asked).rsplit(", ", 1))
    text = f"k = {k}: the smallest number of topics within one standard error of the best in {met}."
    lost = [name for name in MEASURES if name not in asked]
    text += "".join(f" Against it: {WORDS[name]} is better at {_listed(near[name])}." for name in lost)
    edge = [name for name in MEASURES if near[name] == [ks[-1]]]
    if edge:
        text += f" {WORDS[edge[0]].capitalize()} is best at the largest k tried; larger ones may do better still."
    return text


def _listed(ks: list[int]) -> str:
    return "k = " + " or ".join(", ".join(map(str, ks)).rsplit(", ", 1))
