"""How often intervals of outlet shares hold the truth: as the instrument gives them, and corrected for its errors.

Corpora of three outlets with 60 stories each, in which 15, 30 and 50 of 100 passages carry a frame; eight frames.
The instrument finds 70 of 100 and raises 5 false alarms in 100 everywhere (equal errors), or finds 90, 70 and 50
and raises 2, 8 and 5 (differing errors). Coded are passages drawn by lot, one in five; or by lot, more of those
with more frames; or 300 passages of other articles, of which only the validation table is used.

``naive``, ``dsl`` and ``misclassification`` are the coverage of 95% intervals over all outlets; ``width_…`` is
their mean width; ``bias_…`` is how far an outlet's mean estimate lies from the truth. Goal: 93 to 97 of 100 where
a method's conditions hold. ``misclassification`` must fail where errors differ.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

import analysis as an

SHARES = np.array([0.15, 0.3, 0.5])
ERRORS = {
    "equal": (np.array([0.7, 0.7, 0.7]), np.array([0.05, 0.05, 0.05])),
    "differing": (np.array([0.9, 0.7, 0.5]), np.array([0.02, 0.08, 0.05])),
}
CODING = {"by lot": (0.2, 0.0), "by lot, more if seen": (0.1, 0.05), "elsewhere": (0.0, 0.0)}
FRAMES = [f"frame {at}" for at in range(8)]
ELSEWHERE = 300  # coded passages of other articles
ALIKE = 0.15  # correlation of two passages of one story

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


def main() -> None:
    rows = [measured(errors, coding) for errors in ERRORS for coding in CODING]
    print(pd.DataFrame(rows).round(3).to_string(index=False))


def measured(errors: str, coding: str, *, corpora: int = 40, draws: int = 200, seed: int = 0) -> dict[str, object]:
    """Coverage, width and bias of each way over so many corpora."""
    generator = np.random.default_rng(seed)
    every = pd.concat([pd.concat(one(errors, coding, draws, generator), names=["way"]) for _ in range(corpora)])
    truth = SHARES[every["outlet"].astype(int)]
    held = (every["low"] <= truth) & (truth <= every["high"])
    scores = pd.DataFrame({"": held, "width_": every["high"] - every["low"], "bias_": every["share"] - truth})
    outlets = scores.groupby([every.index.get_level_values("way"), every["outlet"]], sort=False).mean()
    means = outlets.abs().groupby(level="way", sort=False).mean()
    ways = {f"{score}{way}": means.loc[way, score] for score in means for way in means.index}
    return {"errors": errors, "coding": coding, **ways}


def one(errors: str, coding: str, draws: int, generator: np.random.Generator) -> dict[str, pd.DataFrame]:
    """The estimates of each way in one corpus."""
    found, false = ERRORS[errors]
    outlet = np.repeat(np.arange(len(SHARES)), 60)
    story = np.repeat(np.arange(len(outlet)), 1 + generator.poisson(4, len(outlet)))
    true = generator.random((len(story), len(FRAMES))) < stories(outlet, generator)[story]
    said = labels(true, found[outlet[story], None], false[outlet[story], None], generator)
    ids = pd.Index([f"p{at}" for at in range(len(story))], name="passage_id")
    passages = pd.DataFrame({"passage_id": ids, "doc_id": [f"d{at}" for at in story]})
    articles = pd.DataFrame({"doc_id": [f"d{at}" for at in range(len(outlet))], "outlet": outlet.astype(str)})
    shares = pd.DataFrame(said.astype(float), index=ids, columns=FRAMES)
    probability = CODING[coding][0] + CODING[coding][1] * said.sum(axis=1)
    codes = pd.DataFrame(true.astype(int), columns=FRAMES).assign(passage_id=ids, probability=probability)
    coded = codes[generator.random(len(story)) < probability]
    if coded.empty:
        coded = elsewhere(found[1], false[1], generator)
    return dict(estimates(shares, coded, articles, passages, draws))


def stories(outlet: npt.NDArray[np.int64], generator: np.random.Generator) -> Floats:
    """What share of each story's passages carries each frame."""
    shares, spread = SHARES[outlet, None], 1 / ALIKE - 1
    return generator.beta(shares * spread, (1 - shares) * spread, size=(len(outlet), len(FRAMES)))


def labels(true: Flags, found: float | Floats, false: float | Floats, generator: np.random.Generator) -> Flags:
    """What the instrument says."""
    return np.asarray(generator.random(true.shape) < np.where(true, found, false))


def elsewhere(found: float, false: float, generator: np.random.Generator) -> pd.DataFrame:
    """A validation table: one pair of error rates, those of the middle outlet."""
    true = generator.random((ELSEWHERE, len(FRAMES))) < 0.4
    said = labels(true, found, false, generator)
    both, positives = (true & said).sum(axis=0), true.sum(axis=0)
    table = {"label": FRAMES, "n": ELSEWHERE, "positives": positives}
    return pd.DataFrame(table | {"precision": both / said.sum(axis=0), "recall": both / positives})


def estimates(
    shares: pd.DataFrame, coded: pd.DataFrame, articles: pd.DataFrame, passages: pd.DataFrame, draws: int
) -> Iterator[tuple[str, pd.DataFrame]]:
    names = {"corrected": "share", "corrected_low": "low", "corrected_high": "high"}
    for method in ("misclassification",) if "label" in coded else ("dsl", "misclassification"):
        table = an.correct_shares(shares, coded, articles, passages=passages, method=method, draws=draws)
        yield "naive", table[["outlet", "share", "low", "high"]]
        yield method, table[["outlet", *names]].rename(columns=names)


if __name__ == "__main__":
    main()
