"""How often intervals hold the truth, and how often chance passes for a difference, nominal against found.

Stories carry a label at a level of their own; an outlet prints so many passages of a story, each of which shows
the label with that chance. ``python -m benchmarks coverage`` draws 2,000 corpora a row (some 300 for statsmodels),
which takes about half an hour of one core. Tables, each beside its goal:

- grid: no outlet differs. ``covered``: 95 % intervals of shares that hold the truth (goal 93 or more); ``width``;
  ``alarms``: pairs with p < .05 (at most 6 of 100); ``different``: corpora in which any row is called so (at most
  5); ``against 0``: rows with p < .05 whose interval holds 0 (none). ``Welch``, ``OLS``: alarms of Welch's t and
  of a regression with errors clustered by story (statsmodels), first against second outlet, on the same draws.
  Passages "1/8": half of the outlets print one passage a story, the others eight.
- rare: intervals of single outlets down to 1 % and 8 stories; the spiky law has a story in fifty all about it.
- equivalence: outlets that differ by the margin; pairs found to differ by less (at most 5).
- events: stories of a day are alike; taken one by one and by day, beside OLS with errors clustered by day.
- pooled: partially pooled shares of unlike outlets, and of alike ones with wire copy.

`README.md` beside this file holds what was found, and what is out of reach.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy.stats import ttest_ind

import analysis as an
from analysis.arrays import false_discovery
from analysis.compare.effects import Reach
from analysis.compare.intervals import outlet_spread
from analysis.compare.observations import story_shares
from benchmarks.decomposition import decomposed

Law = Callable[[np.random.Generator, float, tuple[int, ...]], np.ndarray]

CORPORA, FITTED = 2_000, 300
HOW = an.Inference(draws=100, relabelings=499)  # p needs no third digit here, bounds no draws
TOGETHER = 250  # corpora of one layout: who printed which story
SPIKES = 0.02


def even(_: np.random.Generator, mean: float, shape: tuple[int, ...]) -> np.ndarray:
    """Every story at the same level: passages are binomial."""
    return np.full(shape, mean)


def skewed(chance: np.random.Generator, mean: float, shape: tuple[int, ...]) -> np.ndarray:
    return chance.beta(2 * mean, 2 * (1 - mean), shape)


def spiky(chance: np.random.Generator, mean: float, shape: tuple[int, ...]) -> np.ndarray:
    """A few stories all about it, the others at one low level."""
    part = min(SPIKES, mean / 2)
    return np.where(chance.random(shape) < part, 1.0, (mean - part) / (1 - part))


LAWS: dict[str, Law] = {"binomial": even, "beta": skewed, "spiky": spiky}
# Stories of each outlet; passages of the first half of outlets and of the others; part of stories that all share.
GRID: list[tuple[tuple[int, ...], tuple[int, int], float]] = [
    ((30, 100), (1, 1), 0.0), ((30, 100), (1, 8), 0.0), ((30, 100), (8, 1), 0.0), ((8, 300), (1, 8), 0.0),
    ((8, 300), (8, 1), 0.0), ((8, 8), (3, 3), 0.0), ((300, 300), (10, 10), 0.0), ((40, 40), (3, 3), 0.5),
    ((40, 40), (1, 8), 0.5), ((10, 20, 40, 80), (1, 8), 0.0), ((10, 20, 40, 80), (3, 3), 0.25),
    ((60,) * 5, (1, 8), 0.0), ((15,) * 6, (1, 10), 0.0), ((30,) * 6, (3, 3), 0.5),
]  # fmt: skip
MEANS = (0.01, 0.05, 0.2, 0.5)


def main(corpora: int = CORPORA) -> None:
    steps = [rare, equivalence, events, pooled, grid]
    tables = [step(corpora) for step in steps]
    for table in [*tables, decomposed(corpora // 2, draws=500, relabelings=499)]:
        print(pd.DataFrame(table).to_string(index=False), flush=True)
        print()


def corpus(
    law: Law, mean: float, layout: tuple[tuple[int, ...], tuple[int, int], float], corpora: int, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Shares with a column a corpus, and the articles."""
    sizes, passages, shared = layout
    chance, least = np.random.default_rng(seed), round(min(sizes) * shared)
    rows = [(f"o{o}", f"wire{at}" if at < least else f"{o}-{at}") for o, n in enumerate(sizes) for at in range(n)]
    articles = pd.DataFrame(rows, columns=["outlet", "story_id"])
    articles["doc_id"] = [f"d{at:04}" for at in range(len(rows))]
    code, names = pd.factorize(articles["story_id"])
    level = law(chance, mean, (len(names), corpora))
    short = articles["outlet"].str[1:].astype(int).to_numpy() < len(sizes) / 2
    number = np.where(short, *passages)[:, None]
    # Outlets that print as much of a wire story print the same of it.
    alike = {count: chance.binomial(count, level) / count for count in set(passages)}
    values = np.where(number == passages[0], alike[passages[0]][code], alike[passages[1]][code])
    return pd.DataFrame(values, index=pd.Index(articles["doc_id"])), articles


def grid(corpora: int, layouts: Any = GRID, means: Any = MEANS, laws: Any = LAWS) -> Iterator[dict[str, object]]:
    """A row a layout, mean and law: nothing differs."""
    for layout in layouts:
        for mean in means:
            for name, law in laws.items():
                tables = [_tested(law, mean, layout, seed) for seed in range(max(corpora // TOGETHER, 1))]
                yield {"stories": "/".join(map(str, dict.fromkeys(layout[0]))) + f" ({len(layout[0])})",
                       "passages": "/".join(map(str, dict.fromkeys(layout[1]))), "shared": layout[2], "mean": mean,
                       "law": name} | pd.DataFrame(tables).mean().round(3).to_dict()  # fmt: skip


def _tested(law: Law, mean: float, layout: Any, seed: int) -> dict[str, float]:
    shares, articles = corpus(law, mean, layout, TOGETHER, seed)
    estimates = an.compare_outlets(shares, articles, how=HOW)
    table = an.outlet_differences(shares, articles, how=HOW)
    q = table.groupby("label")["p"].transform(lambda p: false_discovery(p.to_numpy()))
    clear = (table["low"] > 0) | (table["high"] < 0)
    sides = [shares[(articles["outlet"] == name).to_numpy()].to_numpy() for name in ("o0", "o1")]
    with np.errstate(all="ignore"):
        welch = ttest_ind(*sides, equal_var=False).pvalue
    fitted = articles["outlet"].isin(["o0", "o1"]).to_numpy()
    first = (articles["outlet"][fitted] == "o0").to_numpy(dtype=float)
    return {
        "covered": 100 * float((estimates["low"].le(mean + 1e-9) & estimates["high"].ge(mean - 1e-9)).mean()),
        "width": float((estimates["high"] - estimates["low"]).mean()),
        "alarms": 100 * float((table["p"] < 0.05).mean()),
        "different": 100 * float(((q < 0.05) & clear).groupby(table["label"]).any().mean()),
        "against 0": 100 * float(((table["p"] < 0.05) & ~clear).mean()),
        "Welch": 100 * float((welch < 0.05).mean()),
        "OLS": 100 * float((ols(shares[fitted], [first], articles["story_id"][fitted]) < 0.05).mean()),
    }


def ols(shares: pd.DataFrame, terms: list[np.ndarray], groups: "pd.Series[str]") -> np.ndarray:
    """p of the first term, errors clustered by group, for some of the columns."""
    design, code = np.column_stack([*terms, np.ones(len(shares))]), pd.factorize(groups)[0]
    some = shares.iloc[:, : max(FITTED * TOGETHER // CORPORA, 20)]
    with np.errstate(all="ignore"):
        fits = [
            sm.OLS(some[name].to_numpy(), design).fit(cov_type="cluster", cov_kwds={"groups": code})
            for name in some
        ]
        return np.array([fit.pvalues[0] for fit in fits])


def rare(corpora: int) -> Iterator[dict[str, object]]:
    """A row a law and mean: per cent of intervals that hold the share, by number of stories."""
    for name, law in LAWS.items():
        for mean, passages in ((0.01, 1), (0.01, 10), (0.05, 10), (0.3, 3)):
            row: dict[str, object] = {"law": name, "mean": mean, "passages": passages}
            for n in (8, 15, 30, 60, 100, 300):
                shares, articles = corpus(law, mean, ((n,), (passages, passages), 0.0), corpora, n)
                table = an.compare_outlets(shares, articles, how=an.Inference(draws=2))
                row[f"{n}"] = percent((table["low"].le(mean + 1e-9) & table["high"].ge(mean - 1e-9)).mean())
                row[f"{n} width"] = round(float((table["high"] - table["low"]).mean()), 3)
            yield row


def equivalence(corpora: int, margin: float = 0.1) -> Iterator[dict[str, object]]:
    """A row a law and sizes: the higher outlet by the margin itself, and by nothing; one comparison a corpus."""
    for name, law in LAWS.items():
        for sizes in ((60, 60), (15, 200), (200, 15), (300, 300)):
            found = {}
            for apart in (margin, 0.0):
                layout = (sizes, (5, 5), 0.0)
                (first, articles), (second, _) = (
                    corpus(law, 0.05 + more, layout, corpora, 0) for more in (apart, 0.0)
                )
                mine = (articles["outlet"] == "o0").to_numpy()[:, None]
                values = pd.DataFrame(np.where(mine, first, second), first.index)
                reach = Reach.of(outlet_spread(story_shares(values, articles), HOW), HOW.level)
                found[apart] = percent((reach.pairs(0, 1, np.zeros(corpora), margin)[3] < 0.05).mean())
            yield {
                "law": name,
                "stories": f"{sizes[0]}/{sizes[1]}",
                "at the margin": found[margin],
                "alike": found[0.0],
            }


def events(corpora: int) -> Iterator[dict[str, object]]:
    """A row an intraclass correlation: two outlets, six yes-or-no stories on each of ten days, mean .3."""
    rows = [(f"o{o}", d) for o in range(2) for d in range(10) for _ in range(6)]
    articles = pd.DataFrame(rows, columns=["outlet", "day"])
    articles["doc_id"] = articles["story_id"] = [f"d{at:03}" for at in range(len(rows))]
    articles["date"] = pd.Timestamp("2017-01-01") + pd.to_timedelta(articles["day"], unit="D")
    code, names = pd.factorize(articles["outlet"] + articles["day"].astype("str"))
    for icc in (0.05, 0.1, 0.3):
        chance, weight = np.random.default_rng(4), (1 - icc) / icc
        level = chance.beta(0.3 * weight, 0.7 * weight, (len(names), corpora))[code]
        shares = pd.DataFrame(np.where(chance.random(level.shape) < level, 1.0, 0.0), index=articles["doc_id"])
        row: dict[str, object] = {"icc": icc}
        for cluster in ("story_id", "day"):
            how = an.Inference(cluster=cluster, draws=100, relabelings=499)
            table = an.compare_outlets(shares, articles, how=how)
            row[f"covered, {cluster}"] = percent((table["low"].le(0.3) & table["high"].ge(0.3)).mean())
            row[f"alarms, {cluster}"] = percent(
                (an.outlet_differences(shares, articles, how=how)["p"] < 0.05).mean()
            )
        row["icc found"] = round(float(table["icc"].mean()), 3)
        first = (articles["outlet"] == "o0").to_numpy(dtype=float)
        days = articles["outlet"] + articles["day"].astype("str")
        yield row | {"OLS by day": percent((ols(shares, [first], days) < 0.05).mean())}


def pooled(corpora: int) -> Iterator[dict[str, object]]:
    """A row a population of outlets: per cent of intervals that hold an outlet's own true share."""
    sizes = np.array([1, 3, 3, 6, 10, 20, 40, 60])
    populations = {"much alike": (12, 28, 0), "unlike": (3, 7, 0), "very unlike, rare": (0.5, 4.5, 0)}
    wire = {"alike, 15 of 30 shared": 15, "alike, 20 of 30 shared": 20}
    for name, (a, b, _) in populations.items():
        chance = np.random.default_rng(2)
        truth = chance.beta(a, b, (len(sizes), corpora))
        rows = [(f"o{o}", f"{o}-{at}") for o, n in enumerate(sizes) for at in range(n)]
        yield {"outlets": name} | _pooled(truth, rows, chance)
    for name, shared in wire.items():
        rows = [(f"o{o}", f"wire{at}" if at < shared else f"{o}-{at}") for o in range(6) for at in range(30)]
        yield {"outlets": name} | _pooled(np.full((6, corpora), 0.1), rows, np.random.default_rng(2))


def _pooled(truth: np.ndarray, rows: list[tuple[str, str]], chance: np.random.Generator) -> dict[str, object]:
    articles = pd.DataFrame(rows, columns=["outlet", "story_id"])
    articles["doc_id"] = [f"d{at:04}" for at in range(len(rows))]
    code, names = pd.factorize(articles["story_id"])
    outlet = articles.drop_duplicates("story_id")["outlet"].str[1:].astype(int).to_numpy()
    values = (chance.random((len(names), truth.shape[1])) < truth[outlet])[code] * 1.0
    table = an.compare_outlets(pd.DataFrame(values, index=articles["doc_id"]), articles, pool=True, how=HOW)
    true, bounded = truth.T.ravel(), table["low"].notna()
    held = {way: table[f"{way}low"].le(true) & table[f"{way}high"].ge(true) for way in ("", "pooled_")}
    width = {way: float((table[f"{way}high"] - table[f"{way}low"])[bounded].mean()) for way in held}
    return {"covered": percent(held[""][bounded].mean()), "pooled": percent(held["pooled_"].mean()),
            "width": round(width[""], 3), "pooled width": round(width["pooled_"], 3)}  # fmt: skip


def percent(part: float) -> float:
    return round(100 * float(part), 1)


if __name__ == "__main__":
    main()
