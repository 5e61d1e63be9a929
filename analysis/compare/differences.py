"""Which outlets differ in a frame or topic, by how much, and how sure that is."""

from collections.abc import Sequence
from itertools import combinations
from typing import Literal, get_args

import numpy as np
import pandas as pd

from analysis.arrays import Floats, Places, false_discovery
from analysis.compare.controlled import COLUMNS as CONTROLLED
from analysis.compare.controlled import Side, check_control, controlled_rows, printed, window_note
from analysis.compare.effects import ALPHA, Reach, cohens_h, over_all, verdicts
from analysis.compare.events import SPLIT, split_differences
from analysis.compare.inference import Inference
from analysis.compare.intervals import correlation, outlet_spread
from analysis.compare.observations import Stories, concerned, language_notes, story_shares, takes_topics, with_note
from analysis.corpus.provenance import stamped
from analysis.corpus.stories import outlet_names
from analysis.corpus.tables import no_rows, refuse_unknown
from analysis.draws import BATCH
from analysis.numbers import joined_notes

COLUMNS = {
    "outlet": "str", "other": "str", "label": "str", "difference": "float64", "low": "float64", "high": "float64",
    "p": "float64", "q": "float64", "n_stories": "int64", "n_others": "int64", "h": "float64", "ratio": "float64",
    "p_equivalent": "float64", "verdict": "str", "note": "str",
}  # fmt: skip
OMNIBUS = {
    "label": "str", "n_outlets": "int64", "lowest": "float64", "highest": "float64", "p": "float64",
    "q": "float64", "verdict": "str",
}  # fmt: skip
STANDARDISED = {"standardised_p": "float64", "standardised_q": "float64", "standardised_verdict": "str"}
PLAIN = {f"standardised_{name}": name for name in ("low", "high", "p", "q", "verdict")}
PLAIN["standardised_equivalent"] = "p_equivalent"
DIFFER, NONE_CLEAR = "the outlets differ", "no difference between outlets is clear"
ONE_STORY = "one story: no test"
REST = "the rest"

Against = Literal["pairs", "rest"]


@takes_topics
def outlet_differences(
    shares: pd.DataFrame, articles: pd.DataFrame, *, against: Against = "pairs", margin: float = 0.10,
    split: str | None = None, control: str | Sequence[str] | None = None, how: Inference | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Differences between outlets, with intervals, tests and a verdict for each.

    Parameters
    ----------
    shares, articles
        As for :func:`compare_outlets`.
    against : str
        "pairs": each outlet against each other one (1,000 outlets and three labels take 77 s and 2.4 GB). "rest":
        each against all others together, in whose stories large outlets weigh more.
    margin : float
        The largest difference that would not matter; 0.10 is ten points.
    split : str, optional
        Splits each difference into what the outlets select and how they frame the events that both covered. One
        event is a "day", "week", "month", "quarter" or "year" of a story's first article, a "story", or a value of
        a column of `articles`, such as a topic.
    control : str or list of str, optional
        Compares like with like, too: within each "period" that both covered (months; quarters or years where two
        outlets have less than two stories a month, or a quarter), or within each value of columns of `articles`.
    how : Inference, optional

    Returns
    -------
    DataFrame
        ``outlet, other, label, difference, low, high, p, q, n_stories, n_others, h, ratio, p_equivalent, verdict,
        note``, labels in the order of `shares`. ``difference`` is the share in ``outlet`` less the share in
        ``other``. ``p`` is 1 less the highest level at which the interval excludes 0, ``q`` is p after Benjamini &
        Hochberg (1995) over all rows; ``h`` is Cohen's h, ``ratio`` that of the shares; ``p_equivalent`` is small
        where a difference as large as `margin` is ruled out, after Holm (1979) over all rows. ``verdict`` is:

        - "different": q < .05 and the interval excludes 0;
        - "not clear once all comparisons are counted": the interval excludes 0, q does not pass;
        - "no difference larger than 10 points", the margin: p_equivalent < .05;
        - "too little data".

        An outlet of one story cannot be tested; ``note`` says so, and where two outlets write in different
        languages or on different days.

        With `control` also ``control`` (the period taken, and the columns), ``overlap`` (the part of both outlets'
        stories that can be compared so, the smaller of the two), ``standardised, standardised_low,
        standardised_high, standardised_p, standardised_q, standardised_equivalent, standardised_verdict``, and
        ``window, in_window, in_window_low, in_window_high``: the days from the later first to the earlier last
        story of both, and the raw difference in them.

        With `split` instead: ``outlet, other, label, difference, selection, selection_low, selection_high,
        framing, framing_low, framing_high, p, q, n_events, n_shared, note``. ``framing``, with its p and q: how
        far the outlets are apart within the events that both covered, each weighted by the mean of its part in
        either. ``selection``, the rest of ``difference``: events that only one covered, and shared ones that
        one covered more. Fewer than two shared events are not split.

    Notes
    -----
    Bounds by the square-and-add method (Newcombe 1998; Zou & Donner 2008) from the intervals of
    ``compare_outlets`` and, from resamples, the correlation due to stories that both printed. Where no outlet
    differs, at most 5 of 100 p are below .05, whatever the sizes and lengths, if stories are independent; 6 to 16
    where stories of a day are alike, unless these are the ``cluster`` of `how` (``benchmarks/README.md``).
    Standardised differences are those of a regression with a term for each period, with Student's t and errors
    clustered as `how` says; where the news of outlets has phases of several months, take
    ``Inference(cluster="year")``. The split is Kitagawa's (1955, *JASA* 50), with Ñopo's (2008, *Review of
    Economics and Statistics* 90) terms for events that only one covered.

    Examples
    --------
    >>> docs = list("abcdefgh")
    >>> shares = pd.DataFrame({"economy": [0.8, 1.0, 0.9, 1.0, 0.1, 0.0, 0.2, 0.0]}, index=docs)
    >>> articles = pd.DataFrame({"doc_id": docs, "outlet": ["DW"] * 4 + ["TASS"] * 4, "story_id": docs})
    >>> found = outlet_differences(shares, articles)
    >>> found[["outlet", "other", "label", "difference", "low", "high", "p", "verdict"]].round(2)
      outlet other    label  difference   low  high     p    verdict
    0     DW  TASS  economy        0.85  0.09  0.94  0.02  different
    """
    how = how or Inference()
    _check(against, margin, split, control)
    names = [control] if isinstance(control, str) else list(control or [])
    check_control(names, articles, how.by)
    given, articles = {"shares": shares, "articles": articles}, concerned(shares, articles, how)
    stories = story_shares(shares, articles, how)
    kinds = SPLIT if split else COLUMNS | (CONTROLLED if names else {})
    if len(stories.outlets) < 2:
        table = no_rows(kinds)
    elif split is None:
        table = story_differences(stories, how, against, margin)
        if names or "date" in articles:
            sides = _sides(stories, shares, articles, against, names, how)
            dated = [window_note(both, pair) for pair, both in sides.items()] * len(stories.means.columns)
            table["note"] = list(map(joined_notes, table["note"], dated))
            if names:
                rows = pd.concat([controlled_rows(both, names, margin, how) for both in sides.values()])
                rows = rows.sort_index(kind="stable").reset_index(drop=True)  # the index is the label's place
                rows = concluded(rows.rename(columns=PLAIN), margin)
                table = table.join(rows.rename(columns={name: longer for longer, name in PLAIN.items()}))
    else:
        table = split_differences(stories, articles, split, how)
        table["q"] = false_discovery(table["p"].to_numpy())
    unlike = language_notes(table, shares, articles, how.by)
    table["note"] = with_note(map(joined_notes, table["note"], unlike), stories, how)
    table = table[list(kinds)].astype(kinds)
    settings = how.settings(against=against, margin=margin, split=split, control=names, stories=stories.cluster)
    return stamped(table, "outlet_differences", given, settings)


@takes_topics
def outlets_differ(
    shares: pd.DataFrame, articles: pd.DataFrame, *, control: str | Sequence[str] | None = None,
    how: Inference | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Test of whether the outlets differ in a label at all, before pairs are compared: one row per label.

    Parameters
    ----------
    shares, articles, control, how
        As for :func:`outlet_differences`.

    Returns
    -------
    DataFrame
        ``label, n_outlets, lowest, highest, p, q, verdict``: the smallest and the largest share of an outlet with
        two stories or more; p of "no outlet differs from the others", which combines the tests of each outlet
        against the rest (Simes 1986, *Biometrika* 73); q after Benjamini & Hochberg (1995) over the labels; "the
        outlets differ" (q < .05) or "no difference between outlets is clear". With `control` also
        ``standardised_p, standardised_q, standardised_verdict``, within what all covered.

    Examples
    --------
    >>> docs = [f"d{at:02}" for at in range(24)]
    >>> shares = pd.DataFrame({"economy": [0.8, 1.0, 0.9, 1.0] * 2 + [0.1, 0.0, 0.2, 0.0] * 4}, index=docs)
    >>> articles = pd.DataFrame({"doc_id": docs, "outlet": ["AP"] * 8 + ["DW"] * 8 + ["TASS"] * 8})
    >>> outlets_differ(shares, articles)[["label", "n_outlets", "lowest", "highest", "verdict"]].round(2)
         label  n_outlets  lowest  highest             verdict
    0  economy          3    0.08     0.92  the outlets differ
    """
    how = how or Inference()
    table = outlet_differences(shares, articles, against="rest", control=control, how=how)
    stories = story_shares(shares, articles, how)
    own = stories.means.mul(stories.weights, axis=0).groupby(level="outlet").sum()
    own = own.div(stories.weights.groupby(level="outlet").sum(), axis=0)
    own = own[stories.means.groupby(level="outlet").size() > 1]
    found = table.groupby("label", sort=False)["p"].count().rename("n_outlets").reset_index()
    kinds = OMNIBUS | (STANDARDISED if control else {})
    for kind in ("", "standardised_") if control else ("",):
        rests = table.groupby("label", sort=False)[f"{kind}p"]  # their smallest q is p after Simes (1986)
        found[f"{kind}p"] = [pd.Series(false_discovery(p.to_numpy(np.float64))).min() for _, p in rests]
        found[f"{kind}q"] = false_discovery(found[f"{kind}p"].to_numpy(dtype=np.float64))
        found[f"{kind}verdict"] = np.where(found[f"{kind}q"] < ALPHA, DIFFER, NONE_CLEAR)
    if len(found):
        found = found.assign(lowest=own.min().to_numpy(), highest=own.max().to_numpy())
    found = found.reindex(columns=list(kinds)).astype(kinds)
    given, settings = {"shares": shares, "articles": articles}, how.settings(stories=stories.cluster)
    return stamped(found, "outlets_differ", given, settings)


def _check(against: str, margin: float, split: str | None, control: object) -> None:
    refuse_unknown("against", against, "a choice", get_args(Against))
    if not 0 < margin < 1:
        raise ValueError(
            f"outlet_differences: margin is a difference of shares, between 0 and 1. Found: {margin}. "
            "Write 0.05 for five points."
        )
    if split is not None and against != "pairs":
        raise ValueError("outlet_differences: split= compares pairs of outlets. Leave out against=.")
    if control and split:
        raise ValueError("outlet_differences: control= and split= cannot be combined. Call it twice.")


def story_differences(
    stories: Stories, how: Inference, against: Against = "pairs", margin: float = 0.10
) -> pd.DataFrame:
    """A row per label and comparison of two outlets or more, in order."""
    outlets, labels = stories.outlets, stories.means.columns
    if against == "pairs":
        names = list(combinations(outlets, 2))
        parts = [_pairs(stories, *np.triu_indices(len(outlets), 1), margin, how)]
    else:
        names, printed = [(outlet, REST) for outlet in outlets], stories.means.index.get_level_values("outlet")
        # A story that several of the others ran counts once among them, as the mean of what they printed.
        both = (stories.renamed(np.where(printed == outlet, 0, 1)) for outlet in outlets)
        parts = [_pairs(one, np.array([0]), np.array([1]), margin, how) for one in both]
    columns = {name: np.concatenate([part[name] for part in parts]).T.ravel() for name in parts[0]}
    table = pd.DataFrame({"label": np.repeat(labels, len(names)), **columns})
    table["outlet"], table["other"] = (np.tile(np.array(side), len(labels)) for side in zip(*names, strict=True))
    return concluded(table.assign(note=np.where(table["p"].isna(), ONE_STORY, "")), margin)


def _pairs(stories: Stories, one: Places, other: Places, margin: float, how: Inference) -> dict[str, Floats]:
    """``COLUMNS`` with numbers, each pairs × labels; some pairs at a time, for each needs all resamples."""
    spread, size = outlet_spread(stories, how), stories.counts["n_rows"].to_numpy()
    reach, parts = Reach.of(spread, how.level), []
    step = max(1, BATCH // spread.resampled[:, 0].size)
    for start in range(0, len(one), step):
        i, j = (side[start : start + step] for side in (one, other))
        together = correlation(spread.resampled[:, i], spread.resampled[:, j])
        parts.append(reach.pairs(i, j, together, margin))
    low, high, p, equivalent = map(np.concatenate, zip(*parts, strict=True))
    share, sizes = (spread.share[one], spread.share[other]), (size[one][:, None], size[other][:, None])
    tested = np.minimum(*sizes) > 1
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = share[0] / share[1]
    n_stories, n_others = (np.broadcast_to(number, ratio.shape) for number in sizes)
    return {
        "difference": share[0] - share[1], "low": low, "high": high, "p": np.where(tested, p, np.nan),
        "n_stories": n_stories, "n_others": n_others, "h": cohens_h(*share), "ratio": ratio,
        "p_equivalent": np.where(tested, equivalent, np.nan),
    }  # fmt: skip


def _sides(
    stories: Stories, shares: pd.DataFrame, articles: pd.DataFrame, against: Against, control: list[str],
    how: Inference,
) -> dict[tuple[str, str], tuple[Side, Side]]:  # fmt: skip
    """The stories of both sides of each comparison, with what is controlled for."""
    if against == "pairs":
        known = printed(shares, articles, control, how, stories)
        return {(one, other): (known[one], known[other]) for one, other in combinations(known, 2)}
    names, sides = outlet_names(articles[how.by]), {}
    for outlet in stories.outlets:
        own = names == outlet  # an outlet may be called "the rest"
        known = printed(shares, articles.assign(**{how.by: own.map({True: "own", False: "other"})}), control, how)
        sides[outlet, REST] = known["own"], known["other"]
    return sides


def concluded(table: pd.DataFrame, margin: float) -> pd.DataFrame:
    """The table with q and the p of equivalence over all rows, and the verdict of each."""
    equivalent = over_all(table["p_equivalent"].to_numpy())
    table = table.assign(q=false_discovery(table["p"].to_numpy()), p_equivalent=equivalent)
    return table.assign(verdict=verdicts(table, margin))
