"""What is compared, and what becomes of the clearest difference when it is measured in other ways."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

import analysis as an
from analysis.compare.controlled import refuse_compared
from analysis.compare.effects import DIFFERENT, different
from analysis.compare.estimates import DAYS
from analysis.compare.inference import Inference
from analysis.compare.robustness.curve import DRAWS, RELABELINGS, Robustness
from analysis.compare.robustness.measures import BEFORE
from analysis.corpus.stories import UNKNOWN, article_rows
from analysis.frames.lexicon import Lexicon
from analysis.numbers import TRACE, counted

PRINTED_BY = "printed_by"  # the outlet of an article where another column is compared
MARGIN = 0.1  # ten points: what a difference of shares must pass to be worth a sentence; the page says so
COMPARED = 20  # outlets, those with most stories about the pair: 190 pairs; a thousand would be half a million
# What a report tries unasked takes seconds: unit by unit, and copies counted in each way where there are any.
# Cleaning, and the lexicon without each entry and list, take minutes and are tried with robustness=True.
COPIES = ["weighted", "original", "every article"]
PAIR = ["label", "outlet", "other"]


@dataclass(frozen=True)
class Settings:
    """How a study was made, as far as its tables depend on it."""

    how: Inference = field(default_factory=Inference)
    control: tuple[str, ...] = ()  # columns within whose values outlets are also compared
    robustness: bool = False  # whether the clearest difference is measured in every defensible way
    selection: dict[str, Any] = field(default_factory=dict)  # how articles were read and chosen

    def __post_init__(self) -> None:
        refuse_compared(self.control, self.how.by)


class Compared(NamedTuple):
    """Outlets side by side: their shares, their differences, whether they differ at all, and what was left out."""

    estimates: pd.DataFrame
    differences: pd.DataFrame
    overall: pd.DataFrame
    by_day: pd.DataFrame  # the differences by days, where a note says that stories of one day are alike
    bound: tuple[str, ...]


def compared(
    shares: pd.DataFrame, articles: pd.DataFrame, *, how: Inference, control: Sequence[str] = ()
) -> Compared:
    """The outlets compared; also within shared periods, where there are dates, and values of ``control``."""
    own = {"outlet": PRINTED_BY} if how.by != "outlet" else {}
    how = replace(how, by="outlet")  # what is compared is the outlet of these articles by now
    estimates = an.compare_outlets(shares, articles, how=how)
    controls = [
        *(["period"] if articles["date"].notna().any() else []),
        *(own.get(name, name) for name in control),
    ]
    most, bound = most_covering(shares, articles, estimates)
    differences = an.outlet_differences(most, articles, margin=MARGIN, control=controls or None, how=how)
    if "control" in differences:
        differences["control"] = differences["control"].str.replace(PRINTED_BY, "outlet")
    by_day = _by_day(most, articles, estimates, how)
    return Compared(estimates, differences, an.outlets_differ(most, articles, how=how), by_day, bound)


def _by_day(shares: pd.DataFrame, articles: pd.DataFrame, estimates: pd.DataFrame, how: Inference) -> pd.DataFrame:
    alike = estimates[estimates["note"].str.contains(DAYS, regex=False)].set_index(["label", "outlet"]).index
    if alike.empty:
        return pd.DataFrame(columns=[*PAIR, "difference", "verdict"])
    if how.reprints == "original":  # which can only be asked of stories
        shares = shares[article_rows(shares.index, articles)["copy_of"].isna().to_numpy()]
    table = an.outlet_differences(
        shares, articles, margin=MARGIN, how=replace(how, cluster="day", reprints="weighted")
    )
    sides = (pd.MultiIndex.from_frame(table[["label", side]]).isin(alike) for side in ("outlet", "other"))
    return table[np.logical_or(*sides)]


def most_covering(
    shares: pd.DataFrame, articles: pd.DataFrame, estimates: pd.DataFrame
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The shares of the outlets with most stories, which are compared, and a sentence if these are not all."""
    stories = stories_of(estimates).drop(UNKNOWN, errors="ignore")
    left = {
        f"Compared with each other are the {COMPARED} outlets with most stories; the other "
        f"{counted(len(stories) - COMPARED, 'outlet')} have shares and intervals, but no comparisons.":
            len(stories) > COMPARED,
        "Articles whose outlet is not known have a share, but are not compared with outlets.":
            UNKNOWN in set(estimates["outlet"]),
    }  # fmt: skip
    outlet = article_rows(shares.index, articles)["outlet"]
    return shares[outlet.isin(stories.index[:COMPARED]).to_numpy()], tuple(said for said, so in left.items() if so)


def stories_of(estimates: pd.DataFrame) -> "pd.Series[int]":
    """How many stories each outlet has, the most first, equals by name."""
    stories = estimates.groupby("outlet")["n_stories"].max().sort_index()
    return stories.sort_values(ascending=False, kind="stable")


@dataclass(frozen=True)
class Scrutiny:
    """The claim that is tried, if any, and what became of it."""

    claim: Mapping[str, Any] | None  # a row of ``outlet_differences``
    robustness: Robustness | None
    influence: pd.DataFrame  # of ``entry_influence``
    by_day: Mapping[str, Any] | None = None  # the claim by days, where stories of one day are alike
    every_choice: bool = False

    @property
    def curve(self) -> pd.DataFrame:
        """The table of ``robustness``, without columns where nothing is claimed."""
        return pd.DataFrame() if self.robustness is None else self.robustness.table


def clearest(found: Compared) -> dict[str, Any] | None:
    """The difference that is put to the test, None where nothing was tested.

    One that is called different comes first, and among these one that is so within shared periods, too, and by
    days; then the smallest q, the smallest p, the one whose interval is farthest from 0.
    """
    tested = found.differences.dropna(subset="q")
    tested = tested[tested["difference"].abs() >= TRACE]
    if tested.empty:
        return None
    order = tested.assign(
        unclear=~different(tested), parted=~holds(tested), daily=~clear_by_day(tested, found.by_day),
        near=-np.maximum(tested["low"], -tested["high"]),
    )  # fmt: skip
    keys = ["unclear", "parted", "daily", "q", "p", "near", *PAIR]
    first = order.sort_values(keys, kind="stable").index[0]
    return {str(name): value for name, value in tested.loc[first].items()}


def holds(tested: pd.DataFrame, sign: int = 1) -> "pd.Series[bool]":
    """Which differences are called so within what both outlets cover, too; for -1 those of the other sign."""
    if "standardised" not in tested:
        return pd.Series(sign > 0, tested.index)
    same = tested["standardised"] * tested["difference"] * sign > 0
    return same & (tested["standardised_verdict"] == DIFFERENT)


def clear_by_day(tested: pd.DataFrame, by_day: pd.DataFrame) -> "pd.Series[bool]":
    """Which differences are called so by days, too, where stories of one day are alike."""
    daily = by_day[[*PAIR, "difference", "verdict"]]
    both = tested[[*PAIR, "difference"]].merge(daily, how="left", on=PAIR, suffixes=("", "_daily"))
    same = both["difference"] * both["difference_daily"] > 0
    return (both["verdict"].isna() | (both["verdict"].eq(DIFFERENT) & same)).set_axis(tested.index)


def scrutiny(
    articles: pd.DataFrame, lexicon: Lexicon, found: Compared, evidence: tuple[pd.DataFrame, ...],
    *, how: Inference, every: pd.DataFrame | None,
) -> Scrutiny:  # fmt: skip
    """What becomes of the clearest difference; with ``every`` article as received, in all choices, in minutes."""
    hits, read = evidence
    influence = an.entry_influence(hits, read, articles)
    claim = clearest(found)
    if claim is None:
        return Scrutiny(None, None, influence, every_choice=every is not None)
    texts, options = ways_to_read(articles, read, claim, lexicon, every)
    tried = an.robustness(
        texts, lexicon, claim, options=options, how=of_curve(how),
        cache=None if every is None else "default", workers=1 if every is None else -1,
    )  # fmt: skip
    daily = found.by_day[(found.by_day[PAIR] == [claim[name] for name in PAIR]).all(axis=1)]
    by_day = {str(name): value for name, value in daily.iloc[0].items()} if len(daily) else None
    return Scrutiny(claim, tried, influence, by_day, every is not None)


def of_curve(how: Inference) -> Inference:
    """The settings of a specification curve, which is read by eye."""
    return an.Inference(draws=DRAWS, relabelings=RELABELINGS, seed=how.seed)


def ways_to_read(
    articles: pd.DataFrame, read: pd.DataFrame, claim: Mapping[str, Any], lexicon: Lexicon,
    every: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, dict[str, list[Any]]]:  # fmt: skip
    """The articles in which the claim is tried, and the choices; unasked units, and copies where there are any.

    In ``every`` article, as received, all choices are varied but those that change nothing.
    """
    two = articles[articles["outlet"].isin([claim["outlet"], claim["other"]])]
    about = an.passages(two, about=lexicon.about or None, unit="article")["doc_id"]  # the others change nothing
    texts = two[two["doc_id"].isin({*about, *read["doc_id"]})]
    copies = COPIES if texts["story_id"].duplicated().any() else COPIES[:1]
    if every is None:
        return texts, {"cleaned": [BEFORE], "lexicon": ["whole"], "copies": copies}
    if two["removed"].map(len).any():
        return every, {}  # which as received may have other copies, too
    return every, {"cleaned": [True]} | ({} if copies == COPIES else {"copies": copies})
