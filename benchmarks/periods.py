"""What time does to comparisons, nominal against found: archives of other years, moods that last, changes.

- periods: archives begin in other years and the label grows in both; raw and standardised differences, beside OLS
  with period terms and errors clustered by story (statsmodels) on the same draws. Passages "1/8": of a story of A
  and of B; "topics": low shares, and one story in a hundred all about it. Goal: p < .05 in at most 6 of 100.
- moods: outlets whose shares move from month to month, each in its own way, and a standardised difference of 0,
  with stories, months and years as observations.
- turns: shares that move from month to month, alike in both outlets, which seldom or never print in one month.
- changes: 24 months of an outlet with moods and no change; p < .05 in at most 6 of 100.

`README.md` beside this file holds what was found.
"""

import itertools
from collections.abc import Iterator

import numpy as np
import pandas as pd

import analysis as an
from benchmarks.coverage import CORPORA, HOW, ols, percent

COLUMNS = 50  # corpora of one layout of days


def main(corpora: int = CORPORA) -> None:
    for step in (periods, moods, turns, changes):
        print(pd.DataFrame(step(corpora)).to_string(index=False), end="\n\n", flush=True)


def periods(corpora: int) -> Iterator[dict[str, object]]:
    """A row a case: A from 2015 to 2017, B from mid-2016 on, a label that grows in both."""
    cases = [(sizes, effect, (3, 3)) for sizes in ((25, 20), (60, 40), (160, 90)) for effect in (0.0, 0.7)]
    cases += [(sizes, 0.0, passages) for sizes in ((40, 20), (200, 15)) for passages in ((1, 8), (8, 1), ())]
    for sizes, effect, passages in cases:
        drawn = [_archives(sizes, effect, passages, seed) for seed in range(max(corpora // COLUMNS, 1))]
        tables = [an.outlet_differences(*given, control="period", how=HOW) for given in drawn]
        chosen = [str(table["control"][0]) for table in tables]
        fits = [_with_periods(*given, name) for given, name in zip(drawn, chosen, strict=True)]
        table = pd.concat(tables)
        yield {
            "stories": f"{sizes[0]}/{sizes[1]}", "passages": "/".join(map(str, passages)) or "topics",
            "effect": effect, "raw": round(100 * table["difference"].mean(), 1),
            "standardised": round(100 * table["standardised"].mean(), 1),
            "width": round((table["standardised_high"] - table["standardised_low"]).mean(), 3),
            "p < .05, raw": percent((table["p"] < 0.05).mean()),
            "p < .05, standardised": percent((table["standardised_p"] < 0.05).mean()),
            "OLS": percent((np.concatenate(fits) < 0.05).mean()),
        }  # fmt: skip


def moods(corpora: int) -> Iterator[dict[str, object]]:
    """A row an autocorrelation: 36 months of some three stories, in two outlets with moods of their own."""
    for lag in (None, 0.0, 0.5, 0.8):
        found: dict[str, list[float]] = {}
        for seed in range(max(corpora // COLUMNS, 1)):
            given = _moody(lag, seed)
            for cluster in ("story_id", "month", "year"):
                how = an.Inference(cluster=cluster, draws=2, relabelings=2)
                table = an.outlet_differences(*given, control="period", how=how)
                found.setdefault(cluster, []).append((table["standardised_p"] < 0.05).mean())
        name = "no mood" if lag is None else f"autocorrelation {lag}"
        yield {"moods": name} | {f"by {cluster}": percent(np.mean(part)) for cluster, part in found.items()}


def _moody(lag: float | None, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    chance = np.random.default_rng(seed)
    outlet, month = (part.ravel() for part in np.indices((2, 36)))
    rows = np.repeat(np.arange(len(outlet)), chance.poisson(3, len(outlet)))
    articles = pd.DataFrame({"outlet": np.where(outlet[rows] == 0, "A", "B")})
    articles["doc_id"] = articles["story_id"] = [f"d{at:03}" for at in range(len(rows))]
    articles["date"] = pd.Timestamp("2015-01-01") + pd.to_timedelta(month[rows] * 30 + rows % 28, unit="D")
    mood = chance.normal(0, 0 if lag is None else 0.8, (2, 36, COLUMNS))
    for at in range(1, 36):
        mood[:, at] = (lag or 0.0) * mood[:, at - 1] + np.sqrt(1 - (lag or 0.0) ** 2) * mood[:, at]
    share = 1 / (1 + np.exp(-np.log(0.3 / 0.7) - mood[outlet[rows], month[rows]]))
    return pd.DataFrame(chance.binomial(3, share) / 3, articles["doc_id"]), articles


def turns(corpora: int) -> Iterator[dict[str, object]]:
    """A row a custom and a number of stories a month in which an outlet prints; 24 months, nothing differs."""
    customs = {"every month": (1.0, 1.0), "mostly in turn": (0.85, 0.15), "strictly in turn": (1.0, 0.0)}
    for (name, often), rate in itertools.product(customs.items(), (2, 3, 6)):
        drawn = [_in_turn(often, rate, seed) for seed in range(max(corpora // COLUMNS, 1))]
        how = an.Inference(draws=100, relabelings=2)
        table = pd.concat([an.outlet_differences(*given, control="period", how=how) for given in drawn])
        yield {
            "custom": name, "stories": rate, "overlap": round(table["overlap"].mean(), 2),
            "p < .05, raw": percent((table["p"] < 0.05).mean()),
            "p < .05, standardised": percent((table["standardised_p"] < 0.05).mean()),
            "too little data": percent(table["standardised_p"].isna().mean()),
        }  # fmt: skip


def _in_turn(often: tuple[float, float], rate: float, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A prints so often in even months and in odd ones, B the other way round; a month's mood is that of both."""
    chance = np.random.default_rng(seed)
    outlet, month = (part.ravel() for part in np.indices((2, 24)))
    prints = chance.random(48) < np.asarray(often)[(outlet + month) % 2]
    rows = np.repeat(np.arange(48), prints * chance.poisson(rate, 48))
    articles = pd.DataFrame({"outlet": np.where(outlet[rows] == 0, "A", "B")})
    articles["doc_id"] = articles["story_id"] = [f"d{at:03}" for at in range(len(rows))]
    day = pd.to_timedelta(chance.integers(0, 28, len(rows)), unit="D")
    articles["date"] = pd.date_range("2015-01-01", periods=24, freq="MS")[month[rows]] + day
    share = 1 / (1 + np.exp(-np.log(0.3 / 0.7) - chance.normal(0, 0.8, (24, COLUMNS))[month[rows]]))
    return pd.DataFrame(chance.binomial(3, share) / 3, articles["doc_id"]), articles


def _archives(
    sizes: tuple[int, int], effect: float, passages: tuple[int, ...], seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Shares of so many passages of A's and of B's stories, or of topics: low, and one story in a hundred full."""
    chance = np.random.default_rng(seed)
    quarter = np.concatenate([chance.integers(0, 12, sizes[0]), chance.integers(6, 12, sizes[1])])
    articles = pd.DataFrame({"outlet": np.repeat(["A", "B"], sizes)})
    articles["doc_id"] = articles["story_id"] = [f"d{at:03}" for at in range(len(articles))]
    day = quarter * 91 + chance.integers(0, 90, len(quarter))
    articles["date"] = pd.Timestamp("2015-01-01") + pd.to_timedelta(day, unit="D")
    mood = chance.normal(0, 0.7, (12, COLUMNS)) + 1.5 * (np.arange(12)[:, None] >= 6) - 1.4
    if not passages:
        level = np.where(quarter >= 6, 0.06, 0.03)[:, None] * chance.uniform(0.8, 1.2, (len(day), COLUMNS))
        return pd.DataFrame(np.where(chance.random(level.shape) < 0.01, 1.0, level), articles["doc_id"]), articles
    share = 1 / (1 + np.exp(-mood[quarter] - effect * (articles["outlet"] == "A").to_numpy()[:, None]))
    number = np.repeat(passages, sizes)[:, None]
    return pd.DataFrame(
        chance.binomial(number, chance.beta(5 * share, 5 * (1 - share))) / number, articles["doc_id"]
    ), articles


def _with_periods(shares: pd.DataFrame, articles: pd.DataFrame, period: str) -> np.ndarray:
    letter = {"month": "M", "quarter": "Q", "year": "Y"}[period]
    terms = pd.get_dummies(articles["date"].dt.to_period(letter).astype("str"), drop_first=True).to_numpy(
        dtype=float
    )
    first = (articles["outlet"] == "A").to_numpy(dtype=float)
    return ols(shares, [first, terms], articles["story_id"])


def changes(corpora: int) -> Iterator[dict[str, object]]:
    """A row a mood: 24 months of five stories; an autocorrelation of the logit, or a step in the middle."""
    articles = pd.DataFrame({"doc_id": [f"d{at:03}" for at in range(120)], "outlet": "DW"})
    articles["date"] = np.repeat(pd.date_range("2016-01-01", periods=24, freq="MS"), 5)
    articles["story_id"] = articles["doc_id"]
    moods = {"none": (0.0, 0.0, 0.0), "monthly": (0.8, 0.0, 0.0), ".3": (0.8, 0.3, 0.0), ".6": (0.8, 0.6, 0.0),
             ".8": (0.8, 0.8, 0.0), "none, step to 76 %": (0.0, 0.0, 2.0),
             "none, step to 90 %": (0.0, 0.0, 3.0)}  # fmt: skip
    for name, (spread, lag, step) in moods.items():
        chance = np.random.default_rng(6)
        mood = chance.normal(0, 1, (24, corpora))
        for at in range(1, 24):
            mood[at] = lag * mood[at - 1] + np.sqrt(1 - lag**2) * mood[at]
        logit = np.log(0.3 / 0.7) + spread * mood + step * (np.arange(24) >= 12)[:, None]
        values = chance.random((120, corpora)) < np.repeat(1 / (1 + np.exp(-logit)), 5, axis=0)
        table = an.outlet_changes(pd.DataFrame(values * 1.0, index=articles["doc_id"]), articles,
                                  how=an.Inference())  # fmt: skip
        yield {"mood": name, "p < .05": percent((table["p"] < 0.05).mean())}


if __name__ == "__main__":
    main()
