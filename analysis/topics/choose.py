"""Measures for each number of topics, and a recommendation with its reasons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.arrays import Flags, Floats
from analysis.corpus.stories import story_codes
from analysis.corpus.tables import check_whole
from analysis.numbers import listed
from analysis.text.terms import Counts
from analysis.topics.engines import hold_out, perplexity
from analysis.topics.fit import DEFAULT, Engine, fit_topics, fit_words
from analysis.topics.quality import npmi, together_in_documents
from analysis.topics.stability import FEW_STORIES, TOP, compared

HELD = 0.2  # of the stories; Greene, O'Callaghan & Cunningham 2014 fit to as many
MEASURES = {"coherence": "coherence", "perplexity": "held-out fit", "agreement": "stability"}
LARGER = "is best at the largest k tried; larger ones may do better still."
TOO_FEW = (
    "No k is recommended: {n} stories are too few to fit to some and judge by others. Take a small k, check "
    "whether its topics come back (topic_stability), and use them as a reading aid."
)


@dataclass(frozen=True, eq=False)
class KChoice:
    """What speaks for each number of topics.

    Attributes
    ----------
    table : DataFrame
        One row a number of topics: ``k``, then ``coherence, coherence_se, near_coherence`` and the same for
        ``perplexity`` and ``agreement``.
    k, reason : int or None, str
        The recommended number, None where none is; and why, and what speaks against it.
    """

    table: pd.DataFrame
    k: int | None
    reason: str


def choose_k(
    counts: Counts, ks: Iterable[int], *, articles: pd.DataFrame | None = None, engine: Engine = DEFAULT,
    splits: int = 5, seed: int = 0,
) -> KChoice:  # fmt: skip
    """Three measures for each number of topics, and a recommended number with its reasons.

    In each split, topics are fitted to four fifths of the stories, the same for every k:

    - ``coherence``: mean document NPMI of the topics' ten likeliest words (see ``topic_quality``), the higher the
      better;
    - ``perplexity``: of the other fifth (see ``Topics.perplexity``), the lower the better;
    - ``agreement``: with the topics of all stories (see ``topic_stability``), the higher the better.

    Each has a standard error, ``…_se``, that allows for the overlap of the splits (Nadeau & Bengio 2003), and
    ``near_…``: whether it lies within one standard error of the best k's, split by split (Breiman et al. 1984).
    The smallest k near the best in all three is recommended, else in coherence and stability, since better fit can
    mean topics that people understand less (Chang et al. 2009), else in fit and stability.

    Parameters
    ----------
    counts, engine
        As for ``fit_topics``.
    ks : iterable of int
        Numbers of topics to compare.
    articles : DataFrame, optional
        With ``story_id``: reprints of one story are never on both sides of a split.
    splits : int
        Number of splits; two or more give standard errors.
    seed : int
        Of the splits, and of engines that start at random.

    Returns
    -------
    KChoice
        ``table`` with a row per number of topics, the recommended ``k``, and the ``reason``.

    Examples
    --------
    >>> import analysis as an
    >>> texts = ["gas oil price bank " * 4] * 30 + ["army drill navy tank " * 4] * 30
    >>> choice = an.choose_k(an.count_terms(an.tokenize(texts)), [2], splits=2)
    >>> choice.reason
    'Only k = 2 was tried.'
    """
    numbers = sorted(set(ks))
    if not numbers:
        raise ValueError("ks: give one number of topics or more, such as [5, 10, 20].")
    check_whole("splits", splits)
    settings: dict[str, Any] = {"engine": engine} | ({} if engine == DEFAULT else {"seed": seed})
    stories = story_codes(counts.docs, articles)
    halves = [hold_out(counts, part=HELD, groups=stories.tolist(), seed=seed + split) for split in range(splits)]
    table = _judged(numbers, np.array([_measured(counts, k, settings, halves) for k in numbers]))
    if (n := int(stories.max()) + 1) < FEW_STORIES and len(numbers) > 1:
        return KChoice(table, None, TOO_FEW.format(n=n))
    return KChoice(table, *recommendation(table))


def _measured(
    counts: Counts, k: int, settings: Mapping[str, Any], halves: list[tuple[Counts, Counts]]
) -> list[tuple[float, float, float]]:
    """Coherence, log perplexity and agreement of each split."""
    reference = fit_topics(counts, k, **settings).words
    rows = []
    for number, (fitted, held) in enumerate(halves):
        words = fit_words(fitted, k, settings)
        top = np.argsort(-words.to_numpy(), axis=1, kind="stable")[:, :TOP]
        coherence = np.mean([npmi(together_in_documents(words.columns[row], counts)) for row in top])
        fit, (agreement, _) = np.log(perplexity(words, held, seed=number)), compared(reference, [words])
        rows.append((float(coherence), float(fit), float(agreement.mean())))
    return rows


def _judged(numbers: list[int], values: Floats) -> pd.DataFrame:
    """The table of values: array of shape (ks, splits, measures), perplexity as its logarithm."""
    table = pd.DataFrame({"k": numbers})
    for name, own in zip(MEASURES, np.moveaxis(values, 2, 0), strict=True):
        mean, error, logs = own.mean(axis=1), _error(own), name == "perplexity"
        table[name] = np.exp(mean) if logs else mean
        table[f"{name}_se"] = np.exp(mean) * error if logs else error
        table[f"near_{name}"] = _near(-own if logs else own)
    return table


def _near(values: Floats) -> Flags:
    """Whether each row lies within one standard error of the best, difference by difference."""
    behind = values[values.mean(axis=1).argmax()] - values
    # Rounded, so that rows that differ only in the last digits are near on every machine.
    return np.asarray(behind.mean(axis=1).round(9) <= np.nan_to_num(_error(behind)))


def _error(values: Floats) -> Floats:
    """Standard error of the mean over splits: wider than for independent samples, because splits overlap."""
    n = values.shape[1]
    if n < 2:
        return np.full(len(values), np.nan)
    return np.asarray(np.sqrt((1 / n + HELD / (1 - HELD)) * values.var(axis=1, ddof=1)))


def recommendation(table: pd.DataFrame) -> tuple[int | None, str]:
    """The recommended k, or None, and the reasons in words, from the columns ``k`` and ``near_…``."""
    near = {name: table.loc[table[f"near_{name}"], "k"].tolist() for name in MEASURES}
    ks = table["k"].tolist()
    if len(ks) == 1:
        return ks[0], f"Only k = {ks[0]} was tried."
    if all(found == ks for found in near.values()):
        return ks[0], (
            f"No k from {ks[0]} to {ks[-1]} does better than another by a standard error. "
            f"The smallest, k = {ks[0]}, is the easiest to read."
        )
    # Topics that do not come back cannot be recommended, so every choice considers stability.
    for wanted in (tuple(MEASURES), ("coherence", "agreement"), ("perplexity", "agreement")):
        if good := [k for k in ks if all(k in near[name] for name in wanted)]:
            text = f"k = {good[0]}: the smallest number of topics within one standard error of the best in "
            lost = [name for name in MEASURES if name not in wanted]
            against = [f" Against it: {MEASURES[name]} is better at {_listed(near[name])}." for name in lost]
            edge = [f" {MEASURES[name].capitalize()} {LARGER}" for name in MEASURES if near[name] == [ks[-1]]]
            return good[0], "".join([text, listed([MEASURES[name] for name in wanted]), ".", *against, *edge[:1]])
    best = " ".join(f"{MEASURES[name].capitalize()} is best at {_listed(near[name])}." for name in MEASURES)
    remedy = "Read the topics of each, or choose by what the study needs: few broad subjects or many narrow ones."
    return None, f"No k is recommended: the measures disagree. {best} {remedy}"


def _listed(ks: list[int]) -> str:
    return "k = " + " or ".join(", ".join(map(str, ks)).rsplit(", ", 1))
