"""Models as coders: how many labels are saved, how often intervals hold the truth, and how often a claim is false.

``labels``: corpora of three outlets with 60, 120 and 240 stories of one to eight passages, or of four each,
those of a story alike (correlation .15); two frames, in 10 to 35 of 100 passages or rare, in 3 to 8. Six coders
(prompts × models) vote on each passage. A passage has a chance of its own to be called by any of them, so that
coders err together (correlation .65 given the truth); a single one has F1 .6 or .8. People code n passages:
drawn by ``next_to_code``, or from strata of outlet × model score (the share of votes), "evenly" as
``sample_to_code`` draws, or "in proportion" to the strata. All are corrected alike by ``correct_shares`` (dsl).
``covered``: 95 % intervals of outlet shares that hold the truth, and of the outlet held least often; ``width``
their mean; ``bias`` of the mean estimate; ``naive``: how often the interval by the models' own codes holds it.
Goal: with a quarter fewer labels no wider than a draw by model score, covered 93 to 97.

``claims``: two outlets of 60 and 240 stories, of which equally many passages carry the frame. Six coders find so
many of them in each outlet, and raise so many false alarms; so does a lexicon that finds less. The claim is the
difference that the models find. ``naive``: corpora of 100 in which every coder is clear about it; ``corrected``:
those in which the difference that 150 codes by people leave is; ``confirmed``: those in which ``robustness``
confirms it, with both.
Goal: 5 at most.
"""

from collections.abc import Iterable
from itertools import product

import numpy as np
import pandas as pd

import analysis as an
from analysis.arrays import Flags, Floats
from analysis.frames.coding.sample import drawn_places, even_probabilities

MODELS = {0.6: 0.65, 0.8: 0.8}  # F1: what one coder finds; its false alarms follow from both
SHARES = {  # outlets × frames
    "usual": np.array([[0.15, 0.3], [0.25, 0.2], [0.35, 0.1]]),
    "rare": np.array([[0.03, 0.08], [0.05, 0.05], [0.08, 0.03]]),
}
STORIES, SIZES = (60, 120, 240), {"unlike": (1, 8), "of one length": (4, 4)}
FRAMES = ["war", "peace"]
CODERS, TOGETHER, ALIKE = 6, 0.65, 0.15
WAYS = ("next_to_code", "evenly", "in proportion")
CLAIMS = {  # share of both outlets; what is found, and false alarms, in each
    "equal errors": (0.25, (0.8, 0.8), (0.05, 0.05)),
    "false alarms in one": (0.25, (0.8, 0.8), (0.05, 0.2)),
    "misses in one": (0.25, (0.9, 0.5), (0.05, 0.05)),
    "rare, false alarms in one": (0.05, (0.8, 0.8), (0.01, 0.06)),
    "rare, misses in one": (0.05, (0.9, 0.4), (0.02, 0.02)),
}
HOW = an.Inference(draws=300)
CORPORA = 150  # of six intervals: 900 a row, two standard errors are 1.5 points
CURVE, CURVED = {"copies": ["weighted"]}, an.Inference(draws=200, relabelings=199)


def main() -> None:
    for frames, size, f1 in product(SHARES, SIZES, MODELS):
        corpora = [Corpus(seed, f1, SHARES[frames], SIZES[size]) for seed in range(CORPORA)]
        rows = [labels(corpora, way, n) for way, n in ((WAYS[0], 150), *((way, 200) for way in WAYS))]
        print(f"{frames} frames, stories {size}, F1 {f1}")
        print(pd.DataFrame(rows).round(3).to_string(index=False), end="\n\n", flush=True)
    print(pd.DataFrame([claims(errors) for errors in CLAIMS]).to_string(index=False))


class Corpus:
    """Passages with the truth and the coders' votes."""

    def __init__(self, seed: int, f1: float, shares: Floats, sizes: tuple[int, int] = (1, 8)) -> None:
        self.seed, self.shares, generator = seed, shares, np.random.default_rng(seed)
        outlet = np.repeat(np.arange(len(STORIES)), STORIES)
        size = generator.integers(*sizes, size=len(outlet), endpoint=True)
        spread = 1 / ALIKE - 1
        chance = generator.beta(shares[outlet] * spread, (1 - shares[outlet]) * spread)
        story = np.repeat(np.arange(len(outlet)), size)
        self.outlet = outlet[story]
        self.truth: Flags = generator.random((len(story), len(FRAMES))) < chance[story]
        found, usual = MODELS[f1], shares.mean(axis=0)
        false = (2 * found * usual / f1 - found * usual - usual) / (1 - usual)
        self.codes = self.votes(found, false, generator)
        ids = [f"p{row:04}" for row in range(len(story))]
        docs = [f"d{one:03}" for one in story]
        names = {"doc_id": docs, "outlet": self.outlet.astype(str)}
        self.passages = pd.DataFrame({"passage_id": ids, "text": "-", **names})
        self.articles = pd.DataFrame({"doc_id": [f"d{one:03}" for one in range(len(outlet))],
                                      "outlet": outlet.astype(str)})  # fmt: skip

    def votes(self, found: float | Floats, false: float | Floats, generator: np.random.Generator) -> Flags:
        """Coders × passages × frames, from what is found and false alarms: of each frame, or outlet and frame."""
        spread = 1 / TOGETHER - 1
        of_yes, of_no = (np.broadcast_to(one, self.shares.shape)[self.outlet] for one in (found, false))
        mean = np.where(self.truth, of_yes, of_no)
        called = generator.beta(mean * spread, (1 - mean) * spread)
        return generator.random((CODERS, *called.shape)) < called

    def keep(self, rows: Flags) -> None:
        """Only these passages; their articles' numbers stay."""
        self.outlet, self.truth, self.codes = self.outlet[rows], self.truth[rows], self.codes[:, rows]
        self.passages = self.passages[rows].assign(passage_id=[f"p{row:04}" for row in range(rows.sum())])
        self.passages = self.passages.reset_index(drop=True)
        self.articles = self.articles[self.articles["doc_id"].isin(self.passages["doc_id"])].reset_index(drop=True)

    @property
    def scores(self) -> pd.DataFrame:
        return pd.DataFrame(self.codes.mean(axis=0), columns=FRAMES, index=self.passages["passage_id"])

    @property
    def long(self) -> pd.DataFrame:
        index = pd.MultiIndex.from_product([range(CODERS), self.passages["passage_id"], FRAMES],
                                           names=["coder", "passage_id", "label"])  # fmt: skip
        return pd.DataFrame({"code": self.codes.astype(int).ravel()}, index=index).reset_index()

    def coded(self, way: str, n: int) -> pd.DataFrame:
        """The passages that people coded, with their probabilities."""
        if way == WAYS[0]:
            sample = an.next_to_code(self.passages, self.long, n=n, seed=self.seed)
            rows, probability = sample["passage_id"].str[1:].astype(int), sample["probability"]
        else:
            score = np.rint(self.codes.mean(axis=(0, 2)) * CODERS).astype(int)
            stratum = np.unique(self.outlet * 100 + score, return_inverse=True)[1].astype("int64")
            chances = even_probabilities(stratum if way == "evenly" else np.zeros_like(stratum), n)
            rows = drawn_places(stratum, chances, np.random.default_rng(self.seed))
            probability = chances[rows]
        codes = pd.DataFrame(self.truth[rows].astype(int), columns=FRAMES)
        ids = self.passages["passage_id"].to_numpy()[rows]
        return codes.assign(passage_id=ids, probability=np.asarray(probability))


def labels(corpora: Iterable[Corpus], way: str, n: int) -> dict[str, object]:
    """Coverage and width over corpora."""
    held, width, off, naive = [], [], [], []
    for corpus in corpora:
        coded, truth = corpus.coded(way, n), corpus.shares.T.ravel()
        table = an.correct_shares(corpus.scores, coded, corpus.articles, passages=corpus.passages, how=HOW)
        held.append(table["corrected_low"].le(truth) & table["corrected_high"].ge(truth))
        naive.append(table["low"].le(truth) & table["high"].ge(truth))
        width.append((table["corrected_high"] - table["corrected_low"]).to_numpy())
        off.append(table["corrected"].to_numpy() - truth)
    row = {"draw": way, "n": n, "covered": np.mean(held), "least": np.mean(held, axis=0).min()}
    bias = float(np.abs(np.mean(off, axis=0)).max())
    return row | {"width": np.mean(width), "bias": bias, "naive": np.mean(naive)}


def claims(errors: str, *, corpora: int = 100) -> dict[str, object]:
    """How often a false claim is confirmed, and how often all coders alone are clear about it."""
    naive, corrected, confirmed = [], [], []
    share, finds, alarms = CLAIMS[errors]
    found, false = (np.array([[one], [0.0], [other]]) for one, other in (finds, alarms))  # of outlets 0 and 2
    for seed in range(corpora):
        corpus, generator = Corpus(seed, 0.8, np.full((3, 2), share)), np.random.default_rng([seed, 1])
        corpus.keep(corpus.outlet != 1)
        corpus.codes = corpus.votes(found, false, generator)
        lexicon = corpus.votes(0.6 * found, false, generator)[0]
        long, shares = corpus.long.merge(corpus.passages), pd.DataFrame(lexicon * 1.0, columns=FRAMES)
        people = corpus.coded(WAYS[0], 150)
        documents = shares.groupby(corpus.passages["doc_id"]).mean()
        first = an.correct_shares(long, people, corpus.articles, how=HOW).query("label == 'war'")["share"].tolist()
        claim = ("0", "2", "war", 1 if first[0] > first[1] else -1)
        coders = {"lexicon": documents, "models": long, "corrected": (long, people)}
        tried = an.robustness(
            corpus.articles.assign(text="-"), coders, claim, options=CURVE, how=CURVED, workers=1
        )
        by_people = tried.table["coder"] == "corrected"
        naive.append(tried.table.loc[~by_people, "clear"].all())
        corrected.append(tried.table.loc[by_people, "clear"].all())
        confirmed.append(tried.confirmed)
    counts = {"naive": np.sum(naive), "corrected": np.sum(corrected), "confirmed": np.sum(confirmed)}
    return {"errors": errors, **counts}


if __name__ == "__main__":
    main()
