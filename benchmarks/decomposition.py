"""How often the intervals of selection and of framing hold the parts that were planted.

Four outlets cover 15, 24, 36 and 54 of sixty days, with a story or more on each. A day carries the frame at some
level, and its stories show it at that level on average. Outlets A and C cover days at full level three times as
often as days without the frame (selection); B and D leave a third of it out (framing). The parts that follow are
worked out, not estimated.

- selection, framing: of nominal 95 % intervals, those that hold the planted part;
- framing of 0: the same where no outlet leaves anything out; alarms: pairs with p < .05 there;
- power: pairs with p < .05 where framing was planted.

Goal: 93 to 97 of 100, at most 6 alarms. One column cannot be met, and errs on the safe side: where a frame is rare
and nobody leaves it out, most days that two outlets share say nothing, all exchanges of the outlets are alike, and
an interval that allowed for nothing unseen would be a point.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

import analysis as an

DAYS = 60
COVERED = {"A": 0.25, "B": 0.4, "C": 0.6, "D": 0.9}  # of days; two outlets share 4 to 33
TILT = {"A": 0.5, "B": 0.0, "C": 0.5, "D": 0.0}  # a day at full level is covered so much more, one at none less
KEPT = {"A": 1.0, "B": 2 / 3, "C": 1.0, "D": 2 / 3}
ALIKE = dict.fromkeys(KEPT, 1.0)
MORE = 0.5  # stories on a covered day beyond the first
TOGETHER = 40  # corpora in which the same days are covered: one call takes them all
LEVELS = np.linspace(0, 1, 21)


class Kind(NamedTuple):
    """How many days carry nothing, and of how many passages a story's share is made."""

    without: float
    passages: int

    def chances(self) -> np.ndarray:
        """Of each level."""
        return np.where(LEVELS == 0, self.without, 0.0) + (1 - self.without) / len(LEVELS)


KINDS = {
    "common": Kind(0.0, 5),
    "many days without": Kind(0.4, 5),
    "rare": Kind(0.8, 5),
    "yes or no": Kind(0.4, 1),
}


def decomposed(corpora: int, *, draws: int, relabelings: int) -> Iterator[dict[str, object]]:
    """A row a kind: per cent of planted parts held, of false alarms, and of planted framing that was found."""
    for name, kind in KINDS.items():
        planted, alike = (
            split(kind, kept, corpora, draws=draws, relabelings=relabelings) for kept in (KEPT, ALIKE)
        )
        yield {
            "shares": name,
            "selection": held(planted, "selection"),
            "framing": held(planted, "framing"),
            "framing of 0": held(alike, "framing"),
            "alarms": round(100 * float((alike["p"] < 0.05).mean()), 1),
            "power": found(planted),
        }


def split(kind: Kind, kept: Mapping[str, float], corpora: int, *, draws: int, relabelings: int) -> pd.DataFrame:
    """The decompositions of so many corpora, beside the parts that are true."""
    chance = np.random.default_rng(3)
    tables = [
        an.outlet_differences(
            *corpus(kind, kept, chance),
            split="day",
            how=an.Inference(draws=draws, relabelings=relabelings, seed=seed),
        )
        for seed in range(corpora // TOGETHER)
    ]
    return pd.concat(tables).merge(truth(kind, kept), on=["outlet", "other"])


def truth(kind: Kind, kept: Mapping[str, float]) -> pd.DataFrame:
    """Selection and framing of each two outlets over all days there could be."""
    day = kind.chances()
    mean = {name: np.average(LEVELS, weights=day * covering(name)) for name in COVERED}
    rows = []
    for one, other in ((one, other) for one in COVERED for other in COVERED if one < other):
        shared = np.average(LEVELS, weights=day * covering(one) * covering(other))
        framing = shared * (kept[one] - kept[other])
        rows.append((one, other, kept[one] * mean[one] - kept[other] * mean[other] - framing, framing))
    return pd.DataFrame(rows, columns=["outlet", "other", "true_selection", "true_framing"])


def covering(outlet: str, levels: np.ndarray = LEVELS) -> np.ndarray:
    """The chance that an outlet covers a day, at each level."""
    return COVERED[outlet] * (1 + TILT[outlet] * (2 * levels - 1))


def corpus(
    kind: Kind, kept: Mapping[str, float], chance: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Shares with a column a corpus, and the articles; which days are covered is the same in all columns."""
    level = chance.choice(LEVELS, DAYS, p=kind.chances())
    covered = np.array([chance.random(DAYS) < covering(name, level) for name in COVERED])
    rows = [
        (name, day)
        for name, days in zip(COVERED, covered, strict=True)
        for day in np.flatnonzero(days)
        for _ in range(1 + chance.poisson(MORE))
    ]
    articles = pd.DataFrame(rows, columns=["outlet", "day"])
    articles["doc_id"] = articles["story_id"] = [f"d{at:04}" for at in range(len(articles))]
    articles["date"] = pd.Timestamp("2017-01-01") + pd.to_timedelta(articles["day"], unit="D")
    carried = _levels(kind, covered, chance)[articles["day"]] * articles["outlet"].map(kept).to_numpy()[:, None]
    values = chance.binomial(kind.passages, carried) / kind.passages
    return pd.DataFrame(values, index=pd.Index(articles["doc_id"])), articles


def _levels(kind: Kind, covered: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Levels of days, a column a corpus, drawn anew from what is likely given who covered the day."""
    chances = np.array([covering(name) for name in COVERED])[:, None, :]
    likely = np.where(covered[:, :, None], chances, 1 - chances).prod(axis=0) * kind.chances()
    bounds = (likely / likely.sum(axis=1, keepdims=True)).cumsum(axis=1)
    drawn = (chance.random((DAYS, 1, TOGETHER)) > bounds[:, :-1, None]).sum(axis=1)
    return np.asarray(LEVELS[drawn])


def found(table: pd.DataFrame) -> float:
    """Per cent of the pairs of outlets of unlike framing that have p < .05."""
    unlike = table[table["true_framing"] != 0]
    return round(100 * float((unlike["p"] < 0.05).mean()), 1)


def held(table: pd.DataFrame, part: str) -> float:
    """Per cent of the intervals of a part that hold what was planted."""
    known = table.dropna(subset=f"{part}_low")
    inside = known[f"true_{part}"].between(known[f"{part}_low"] - 1e-12, known[f"{part}_high"] + 1e-12)
    return round(100 * float(inside.mean()), 1)
