"""The clearest difference of a corpus under scrutiny: measured in other ways, and without each entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from analysis.compare.curves.curve import robustness_verdict
from analysis.compare.curves.robustness import robustness
from analysis.compare.influence import entry_influence
from analysis.compare.stories import UNKNOWN
from analysis.corpus.passages import passages
from analysis.frames.lexicon import Lexicon

from .tables import points

# What a report tries unasked takes seconds: unit by unit, and copies counted in each way where there are any.
# Cleaning, and the lexicon without each entry and list, take minutes and are tried with robustness=True.
COPIES = ["weighted", "original", "every article"]
NO_CLAIM = "No difference could be tested here, so there is none to try in other ways."
UNTRIED = (
    "Tried here: the unit that is read, and how copies count where there are any. Not tried: the text as it came, "
    "before cleaning, and the lexicon without each entry and list. robustness=True (framing report --robustness) "
    "tries them all, in minutes."
)


@dataclass(frozen=True)
class Scrutiny:
    """The claim, if there is any, its curve of ``robustness``, and the table of ``entry_influence``."""

    claim: Mapping[str, Any] | None
    curve: pd.DataFrame
    influence: pd.DataFrame
    whole: bool

    @property
    def leaning(self) -> str:
        """How far the claim hangs on single entries."""
        return "" if self.claim is None else leaning(self.influence, self.claim)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What came of it, and what was not tried."""
        if self.claim is None:
            return (NO_CLAIM,)
        found = robustness_verdict(self.curve), self.leaning, "" if self.whole else UNTRIED
        return tuple(filter(None, found))


def clearest(differences: pd.DataFrame) -> dict[str, Any] | None:
    """The difference that is put to the test: smallest q, then smallest p, then the largest; None without any.

    >>> table = pd.DataFrame({"label": "economy", "outlet": ["ABC", "BBC"], "other": "DW",
    ...                       "difference": [-0.4, 0.2], "p": [0.01, 0.02], "q": 0.04})
    >>> clearest(table)["outlet"]
    'ABC'
    """
    tested = differences.dropna(subset="q")
    tested = tested[tested["difference"] != 0]
    if tested.empty:
        return None
    order = tested.assign(size=-tested["difference"].abs())
    first = order.sort_values(["q", "p", "size", "label", "outlet", "other"], kind="stable").index[0]
    return {str(name): value for name, value in tested.loc[first].items()}


def scrutiny(
    received: pd.DataFrame,
    articles: pd.DataFrame,
    lexicon: Lexicon,
    differences: pd.DataFrame,
    *,
    evidence: tuple[pd.DataFrame, pd.DataFrame],
    about: tuple[str, str],
    seed: int,
    whole: bool,
    workers: int = -1,
) -> Scrutiny:
    """What becomes of the clearest difference; ``whole`` tries every choice of ``robustness``, in minutes."""
    hits, about_pair = evidence
    influence = entry_influence(hits, about_pair, articles)
    claim = clearest(differences)
    if claim is None:
        return Scrutiny(None, pd.DataFrame(), influence, whole)
    reading = replace(lexicon, about=lexicon.about or about)
    texts = received if whole else _concerned(articles, about_pair, claim, reading)
    curve = robustness(
        claim,
        texts.assign(outlet=_outlets(texts)),
        lexicon=reading,
        options=None if whole else _few_options(texts),
        seed=seed,
        cache="default" if whole else None,
        workers=workers if whole else 1,
        progress=False,
    )
    return Scrutiny(claim, curve, influence, whole)


def _few_options(articles: pd.DataFrame) -> dict[str, list[Any]]:
    """Every unit, and copies in each way where there are any; the rest as usual."""
    copies = COPIES if articles["story_id"].duplicated().any() else COPIES[:1]
    return {"cleaned": [False], "lexicon": ["whole"], "copies": copies}


def _concerned(
    articles: pd.DataFrame, about_pair: pd.DataFrame, claim: Mapping[str, Any], lexicon: Lexicon
) -> pd.DataFrame:
    """The articles of the two outlets that are about the pair however they are read: the others change nothing."""
    two = articles[_outlets(articles).isin([claim["outlet"], claim["other"]])]
    read = {*passages(two, about=lexicon.about, unit="article")["doc_id"], *about_pair["doc_id"]}
    return two[two["doc_id"].isin(read)]


def _outlets(articles: pd.DataFrame) -> pd.Series[str]:
    """Outlets by the names that estimates give them."""
    return articles["outlet"].astype("str").str.strip().replace("", UNKNOWN).fillna(UNKNOWN)


def leaning(influence: pd.DataFrame, claim: Mapping[str, Any]) -> str:
    """The difference without the entry that carries most of it, in a sentence; nothing where no entry is heard.

    >>> influence = pd.DataFrame({"outlet": ["ABC", "DW"], "frame": "economy", "entry": ["trade", "energy"],
    ...                           "influence": [-0.1, -0.3]})
    >>> print(leaning(influence, {"outlet": "ABC", "other": "DW", "label": "economy", "difference": -0.4}))
    The difference rests on 2 entries of the lexicon; it stays without any one. It leans most on “energy”: −40 ...
    """
    own = influence[influence["frame"].astype("str") == claim["label"]]
    sides = [own[own["outlet"] == claim[side]].groupby("entry")["influence"].sum() for side in ("outlet", "other")]
    moved = sides[0].sub(sides[1], fill_value=0.0).sort_index()
    if moved.empty:
        return ""
    left = claim["difference"] + moved
    turned = int((left * claim["difference"] <= 0).sum())
    most = moved.index[int((moved * (1 if claim["difference"] > 0 else -1)).argmin())]
    nan = float("nan")
    before, after = (points(value, nan, nan) for value in (claim["difference"], left[most]))
    entries = f"{len(moved):,} entries" if len(moved) > 1 else "one entry"
    kept = (
        f"it is gone without {'one' if turned == 1 else turned} of them" if turned else "it stays without any one"
    )
    return (
        f"The difference rests on {entries} of the lexicon; {kept}. It leans most on “{most}”: {before} points "
        f"with it, {after} without."
    )
