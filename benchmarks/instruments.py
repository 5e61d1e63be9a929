"""How right each instrument is on each coded set, frame by frame; and whether certificates hold the truth.

``instruments``: F1 with its 95 % interval of the shipped lexicon, of a plain list of eight words a frame, and, on
stories held out, of a trained classifier and of a plain TF-IDF model. ``read`` are sets whose passages the authors
of the lexicon had read. Set NEWS to the file of the passages whose texts are not part of the project to add them.

``certificates``: each coded set is taken for a corpus whose truth is known. Passages are drawn from it as
``sample_to_code`` draws them, and measured as ``validate`` does. Shown is how many of 100 intervals hold the
figures of the whole set, and how wide they are. Nominal is 95, the goal 93 or more at 50, 100 and 200 passages.
"""

import os
from collections.abc import Iterator
from itertools import product

import numpy as np
import pandas as pd

import analysis as an
from analysis.frames.coding.codes import Judged, judged
from analysis.frames.coding.errors import labels_of_texts
from analysis.frames.coding.measures import frame_table
from analysis.frames.coding.sample import drawn_places, even_probabilities, scores_of
from analysis.show.measured import measure

WORDS = {
    "russia-china": {
        "alliance": ["alliance", "allies", "partner*", "friend*", "cooperat*", "together", "joint*", "solidarity"],
        "pragmatism": ["interest*", "rival*", "distrust", "suspicio*", "wary", "compet*", "uneasy", "convenience"],
        "economy": ["trade", "gas", "oil", "econom*", "invest*", "bank*", "energy", "billion"],
    },
    "us-russia": {
        "confrontation": [
            "sanction*",
            "threat*",
            "tension*",
            "accus*",
            "condemn*",
            "missile*",
            "expel*",
            "hostil*",
        ],
        "rapprochement": ["cooperat*", "improve*", "talks", "dialogue", "friend*", "together", "better", "ease"],
        "interference": [
            "hack*",
            "meddl*",
            "interfer*",
            "election*",
            "investigat*",
            "contacts",
            "leak*",
            "resign*",
        ],
    },
}
SIZES = (50, 100, 200)
DRAWS = 100
MEASURES = ("precision", "recall", "f1")


def main() -> None:
    sets = list(coded_sets())
    rows = [row for name, lexicon, coded, learn in sets for row in measured(name, lexicon, coded, learn=learn)]
    print("instruments", pd.DataFrame(rows).to_string(index=False), sep="\n", end="\n\n", flush=True)
    found = [simulated(*part[:3], n) for part, n in product(sets, SIZES)]
    print("certificates", pd.DataFrame(found).round(2).to_string(index=False), sep="\n")


def coded_sets() -> Iterator[tuple[str, str, pd.DataFrame, bool]]:
    """Name, lexicon and passages of each set, and whether a classifier can be trained on it."""
    yield "221 passages, read", "russia-china", an.load_example("coded"), True
    second = an.load_example("us-russia")
    yield "345 passages, read in part", "us-russia", second, True
    yield "of them not read", "us-russia", second[second["part"] == "check"].reset_index(drop=True), False
    if path := os.environ.get("NEWS"):
        news = pd.read_csv(path)
        yield "press and others", "russia-china", news, True
        yield "of them not read", "russia-china", news[news["part"] == "check"].reset_index(drop=True), False


def measured(name: str, lexicon: str, coded: pd.DataFrame, *, learn: bool) -> Iterator[dict[str, object]]:
    """A row an instrument: F1 of each frame with its interval, and their mean."""
    shipped = an.read_lexicon(lexicon)
    words = [an.Entry(word, frame) for frame, held in WORDS[lexicon].items() for word in held]
    for kind, one in (("lexicon", shipped), ("word list", an.Lexicon("words", entries=words))):
        table = an.validate(coded, one).table
        frames = {row["label"]: measure(row, "f1") for _, row in table.iterrows()}
        yield {"set": name, "instrument": kind, **numbered(frames), "macro": round(table["f1"].mean(), 2)}
    if learn:
        learned = an.train_classifier(coded, shipped)
        for kind in ("classifier", "words"):
            f1 = learned.verdicts.set_index("label")[kind].round(2)
            frames = {frame: f"{f1[frame]:.2f}" for frame in shipped.labels}
            title = {"classifier": "classifier, held out", "words": "TF-IDF, held out"}[kind]
            yield {"set": name, "instrument": title, **numbered(frames), "macro": f1.iloc[-1]}


def numbered(frames: dict[str, str]) -> dict[str, str]:
    return {f"frame {at}": f"{frame} {figure}" for at, (frame, figure) in enumerate(frames.items(), 1)}


def simulated(name: str, lexicon: str, coded: pd.DataFrame, n: int, draws: int = DRAWS) -> dict[str, object]:
    """How often intervals of drawn certificates hold the figures of the whole set, and their mean width."""
    read = an.read_lexicon(lexicon)
    known, _ = judged(coded, read.labels)
    entries, hits = labels_of_texts(coded["text"].tolist(), read)
    labels = entries.of_labels()
    outlet = coded["outlet"] if coded["outlet"].nunique() < n / 4 else coded.get("source", coded["outlet"])
    score = scores_of(pd.RangeIndex(len(coded)), hits, read)
    stratum = pd.factorize(pd.MultiIndex.from_arrays([outlet, score]), sort=True)[0].astype("int64")
    whole = Judged(known.codes, np.ones(len(coded)), np.zeros_like(stratum), known.clusters, known.picked)
    truth = frame_table(labels, whole, read.labels, level=0.95, seed=0)[0]
    generator = np.random.default_rng(n)
    held, width = [], []
    probability = even_probabilities(stratum, min(n, len(coded)))
    for _ in range(draws):
        rows = drawn_places(stratum, probability, generator)
        part = Judged(known.codes, 1 / probability, stratum, known.clusters, known.picked).at(rows)
        table = frame_table(labels[rows], part, read.labels, level=0.95, seed=0)[0]
        low, high, true = (frame[[f"{m}{end}" for m in MEASURES]].to_numpy()
                           for frame, end in ((table, "_low"), (table, "_high"), (truth, "")))  # fmt: skip
        held.append(np.where(np.isnan(low), np.nan, (low <= true + 1e-9) & (true <= high + 1e-9)))
        width.append(high - low)
    shown = {f"{m} held": np.nanmean(held, axis=(0, 1))[at] * 100 for at, m in enumerate(MEASURES)}
    wide = {f"{m} width": np.nanmean(width, axis=(0, 1))[at] for at, m in enumerate(MEASURES)}
    least = np.nanmean(held, axis=0).min() * 100
    return {"set": name, "lexicon": lexicon, "n": n, **shown, "least of a frame": least, **wide}
