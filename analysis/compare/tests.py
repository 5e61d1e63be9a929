"""Which outlets differ in a frame or topic, and how sure that is."""
# ruff: noqa: PT028 - test_outlets is a test of statistics, not of this code

from collections.abc import Iterator
from itertools import combinations
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control
from scipy.stats import t as student

from analysis.arrays import Floats
from analysis.corpus.provenance import stamped

from .columns import no_rows
from .effects import ALPHA, Errors, cohens_h, equivalence_p, sampling_errors, smallest_found, verdicts
from .events import Event, event_differences
from .intervals import ALIKE, Spread, difference_interval, outlet_spread
from .relabel import Weighted, permutation_p, smallest_p
from .shares import noted
from .stories import Reprints, Stories, against_rest, rest_of, story_shares

COLUMNS = {
    "label": "str", "outlet": "str", "other": "str", "difference": "float64", "low": "float64",
    "high": "float64", "p": "float64", "q": "float64", "note": "str",
}  # fmt: skip
JUDGED = {
    "h": "float64", "ratio": "float64", "p_equivalent": "float64", "smallest": "float64", "verdict": "str",
}  # fmt: skip
ONE_STORY = "one story: no test"
REST = "the rest"
RELABELINGS = 9_999  # p as small as 0.0001: of 100 comparisons a single true one can still reach q = 0.01

Against = Literal["pairs", "rest"]


class Compared(NamedTuple):
    """Two outlets: their places among all in order, what they are called, and their stories."""

    places: tuple[int, int]
    names: tuple[str, str]
    stories: tuple[Weighted, Weighted]


class Grounds(NamedTuple):
    """What a verdict on two outlets rests on: errors of their shares, stories they are worth, least possible p."""

    errors: Errors
    sizes: tuple[float, ...]
    least: float


def test_outlets(
    shares: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    by: str = "outlet",
    cluster: str = "story_id",
    seed: int = 0,
    level: float = 0.95,
    draws: int = 2000,
    relabelings: int = RELABELINGS,
    reprints: Reprints = "weighted",
    against: Against = "pairs",
    margin: float | None = None,
    shared_events: bool = False,
    event: str = "day",
) -> pd.DataFrame:
    """Differences between each two outlets: how large, how sure, and whether chance explains them.

    Parameters
    ----------
    shares, articles, by, cluster, seed, level, draws, reprints
        As for :func:`compare_outlets`.
    relabelings : int
        Permutations tried for each p; when there are no more than that, all of them, and p is exact.
    against : str
        "pairs": each outlet against each other one. "rest": each against all others taken together, in whose
        stories large outlets weigh more; ``other`` is then "the rest".
    margin : float
        The largest difference that would not matter, for instance 0.05. Adds the columns from ``h`` on.
    shared_events : bool
        Outlets are compared only on events that both covered, so that how they tell them is told apart from
        what they choose to tell: ``framing`` of :func:`decompose_outlets`, which says what an `event` is.

    Returns
    -------
    DataFrame
        ``label, outlet, other, difference, low, high, p, q, note``: ``difference`` is the share in
        ``outlet`` less the share in ``other``, means over stories. ``p`` comes from relabeling stories, so
        that a story both carry is compared with itself; ``q`` is p after Benjamini & Hochberg (1995)
        over all rows.
        An outlet of one story cannot be tested: bounds, p and q are missing, and ``note`` says so.
        With `margin` also ``h`` (Cohen's h), ``ratio`` (of the two shares), ``p_equivalent`` (small where a
        difference as large as `margin` is ruled out), ``smallest`` (the smallest difference that had 80
        chances in 100 to reach q < .05 beside what the other rows found; infinite if none had) and
        ``verdict``: "different", "no difference larger than .05", or "cannot tell: only differences above .21
        would show".

    Raises
    ------
    ValueError
        As :func:`compare_outlets`.

    Notes
    -----
    Studentised permutation test (Janssen 1997; Chung & Romano 2013), see ``relabel.py``; bounds by the
    square-and-add method (Newcombe 1998; Zou & Donner 2008) from the intervals of ``compare_outlets`` and
    the correlation of both outlets over resampled stories. Measured on 600 corpora of zero-inflated shares
    without a difference, outlets of 5 to 100 stories: p < 0.05 in at most 6 of 100, whichever the sizes.

    Examples
    --------
    >>> docs = list("abcdefgh")
    >>> shares = pd.DataFrame({"economy": [0.8, 1.0, 0.9, 1.0, 0.1, 0.0, 0.2, 0.0]}, index=docs)
    >>> articles = pd.DataFrame({"doc_id": docs, "outlet": ["DW"] * 4 + ["TASS"] * 4})
    >>> articles["story_id"] = articles["doc_id"]
    >>> test_outlets(shares, articles).drop(columns="note").round(2)
         label outlet other  difference   low  high     p     q
    0  economy     DW  TASS        0.85  0.25  0.95  0.03  0.03
    >>> test_outlets(shares, articles, against="rest", margin=0.05)["verdict"].tolist()
    ['different', 'different']
    """
    given = {"shares": shares, "articles": articles}
    settings = {"by": by, "cluster": cluster, "seed": seed, "level": level, "draws": draws, "reprints": reprints,
                "relabelings": relabelings, "against": against, "margin": margin, "shared_events": shared_events,
                "event": event}  # fmt: skip
    _check(against, margin, shared_events)
    told = story_shares(shares, articles, by=by, cluster=cluster, reprints=reprints)
    kinds = COLUMNS | (JUDGED if margin is not None else {})
    if len(told.outlets) < 2:
        return no_rows(kinds)
    if shared_events:
        found = Event(articles, cluster, event)
        table = event_differences(told, found, level=level, draws=draws, relabelings=relabelings, seed=seed)
        table["q"] = false_discovery(table["p"].to_numpy())
    else:
        table = _tested(told, against, margin, level=level, draws=draws, relabelings=relabelings, seed=seed)
        table["note"] = np.where(table["p"].isna(), ONE_STORY, "")
    table["note"] = noted(table["note"], told, cluster)
    return stamped(table[list(kinds)].astype(kinds), "test_outlets", given, settings | {"stories": told.cluster})


# Its name starts like a test's; pytest would collect it wherever it is imported.
vars(test_outlets)["__test__"] = False


def _check(against: str, margin: float | None, shared_events: bool) -> None:
    if against not in ("pairs", "rest"):
        raise ValueError(f"against: {against!r} is neither 'pairs' nor 'rest'.")
    if margin is not None and not 0 <= margin < 1:
        raise ValueError(f"margin is {margin}; it is a difference of shares, from 0 to 1 (five points are 0.05).")
    if shared_events and (against != "pairs" or margin is not None):
        raise ValueError("shared_events=True compares pairs of outlets, and without a margin.")


def _tested(
    told: Stories, against: Against, margin: float | None, *, level: float, draws: int, relabelings: int, seed: int
) -> pd.DataFrame:
    """A row a label and comparison, in order."""
    every = told if against == "pairs" else against_rest(told)
    spread = outlet_spread(every, level=level, draws=draws, seed=seed)
    pairs = list(_compared(every, against, told.outlets))
    found = [_p(pair, spread, level, relabelings, seed) for pair in pairs]
    q = false_discovery(np.array([p for p, _ in found]))
    rows = []
    for pair, (p, grounds), own in zip(pairs, found, q, strict=True):
        named = {"label": told.means.columns, "outlet": pair.names[0], "other": pair.names[1], "p": p, "q": own}
        table = _difference(spread, *pair.places).assign(**named)
        if margin is not None:
            table = _judged(table, grounds, _bar(q), [spread.share[at] for at in pair.places], margin)
        rows.append(table)
    return pd.concat(rows).sort_index(kind="stable").reset_index(drop=True)  # the index is the label's place


def _bar(q: Floats) -> float:
    """Benjamini and Hochberg's bar for one discovery more: what a p must stay below to count beside the others."""
    tested = max(np.isfinite(q).sum(), 1)
    return float(min(ALPHA * ((q < ALPHA).sum() + 1) / tested, ALPHA))


def _compared(every: Stories, against: Against, outlets: list[str]) -> Iterator[Compared]:
    place = {name: at for at, name in enumerate(every.outlets)}
    stories = {name: every.of(name) for name in every.outlets}
    pairs = combinations(outlets, 2) if against == "pairs" else ((name, rest_of(name)) for name in outlets)
    for one, other in pairs:
        shown = other if against == "pairs" else REST
        yield Compared((place[one], place[other]), (one, shown), (stories[one], stories[other]))


def _difference(spread: Spread, i: int, j: int) -> pd.DataFrame:
    """Difference and bounds of two outlets, one row a label."""
    share, low, high = ((values[i], values[j]) for values in (spread.share, spread.low, spread.high))
    bounds = difference_interval(share, low, high, _correlation(spread.resampled[:, i], spread.resampled[:, j]))
    return pd.DataFrame({"difference": share[0] - share[1], "low": bounds[0], "high": bounds[1]})


def _correlation(first: Floats, second: Floats) -> Floats:
    """Correlation column by column, 0 where either does not vary."""
    joint = ((first - first.mean(axis=0)) * (second - second.mean(axis=0))).mean(axis=0)
    scale = first.std(axis=0) * second.std(axis=0)
    varies = scale > ALIKE**2
    return np.where(varies, joint / np.where(varies, scale, 1.0), 0.0)


def _p(pair: Compared, spread: Spread, level: float, relabelings: int, seed: int) -> tuple[Floats, Grounds | None]:
    """p a label, missing for one story, and what verdicts rest on."""
    first, second = pair.stories
    if min(len(first[0]), len(second[0])) < 2:
        return np.full(first[0].shape[1], np.nan), None
    errors = sampling_errors(first, second).at_least(*(_width(spread, at, level) for at in pair.places))
    least = smallest_p(first[0].index, second[0].index, relabelings=relabelings)
    p = permutation_p(first, second, relabelings=relabelings, seed=seed)
    return p, Grounds(errors, tuple(float(spread.size[at, 0]) for at in pair.places), least)


def _width(spread: Spread, at: int, level: float) -> Floats:
    """The standard error that an outlet's interval implies: not zero where all stories agree."""
    half = (spread.high[at] - spread.low[at]) / 2
    return np.asarray(half / student.ppf((1 + level) / 2, spread.size[at] - 1))


def _judged(
    table: pd.DataFrame, grounds: Grounds | None, bar: float, shares: list[Floats], margin: float
) -> pd.DataFrame:
    """The rows of one comparison with effect sizes and verdicts."""
    with np.errstate(divide="ignore", invalid="ignore"):
        table = table.assign(
            h=cohens_h(*shares), ratio=shares[0] / shares[1], p_equivalent=np.nan, smallest=np.nan
        )
    if grounds is not None:
        errors, difference = grounds.errors, table["difference"].to_numpy()
        smallest = smallest_found(errors, (shares[0], shares[1]), (grounds.sizes[0], grounds.sizes[1]), bar)
        table["p_equivalent"] = equivalence_p(difference, errors.difference, errors.degrees, margin)
        table["smallest"] = np.where((grounds.least > bar) | (smallest > 1), np.inf, smallest)
    return table.assign(verdict=verdicts(table, margin))


def false_discovery(p: Floats) -> Floats:
    """q after Benjamini & Hochberg (1995) over all of p; missing where p is."""
    q = np.full(p.shape, np.nan)
    tested = np.isfinite(p)
    if tested.any():
        q[tested] = false_discovery_control(p[tested])
    return q
