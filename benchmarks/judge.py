"""Make the weights of the judge of relationships from coded passages, and print how right it is.

    python benchmarks/judge.py FOLDER PRESS [PART …]

FOLDER holds ``russia_china_news_coded.csv``, ``us_russia_coded.csv`` and ``other_pairs_coded.csv``, and PRESS is a
table of articles of US press, with their texts, which are not the project's to publish. The model of
``analysis/corpus/judge.csv`` learns from the ``write`` part of the first two, from the third, and from
``other_pairs_codes.csv`` and parts ``write``, ``pairs``, ``pairs 2`` and ``pairs 3`` of ``further_codes.csv`` in
``data/gold``; that of ``judge_short.csv``, for short sentences, also from part ``teach`` of
``plain_sentences.csv``. What they learn of words they carry over to words used alike, by vectors of words (how
much more often than by chance two are within four words of each other, reduced to 60 dimensions) that are made
from the articles of PRESS and of News Articles. How pairs that were not seen are judged is measured by leaving a
tenth of the pairs out in turn, and on the second draw of those codes, which nobody had read when the rules were
written, by a model of all the rest. With PART (``check``, ``held``, ``held 2``, ``held 3``, ``plain held``), what
ships is measured on that part.
"""

import csv
import re
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.utils.extmath import randomized_svd

import analysis as an
from analysis.corpus import judge
from analysis.corpus.examples import load_example

PAIRS = {"koreas": ("North Korea", "South Korea"), "us-iran": ("United States", "Iran")}
STUDIED = (("Russia", "China"), ("United States", "Russia"))
CODES, FURTHER = Path("data/gold/other_pairs_codes.csv"), Path("data/gold/further_codes.csv")
FEWEST = 15  # passages of a feature; those of fewer are names of single events
PENALTY = 0.1  # scikit-learn's C; of .1 to .4 it made no difference
STUDIED_WEIGHT = 0.25  # of a passage of the two pairs that give nearly half of all
FOLDS = 10
WORDS = 10_000  # that get a weight of their own, the most common; with 3,000 it was a little worse
WINDOW, DIMENSIONS = 4, 60  # of the vectors; with 100 dimensions it made no difference
SCALE = 5  # of the vectors, beside features of 0 and 1; of 2 to 10 it made little difference
ZONES = ("between", "near", "all")
NAMES = {STUDIED[1]: an.read_lexicon("us-russia").about}  # with the people who stood for them
PLAIN = Path("data/gold/plain_sentences.csv")
NOT_LEARNED = ("check", "held", "held 2", "held 3", "plain held", "plain teach")
WEIGHTS = Path(judge.__file__).parent


def coded(folder: Path, press: Path) -> pd.DataFrame:
    """``text, pair, group, part, relation`` of all coded passages; ``pair`` is a tuple of two names."""
    china, russia, other = (
        pd.read_csv(folder / f"{name}_coded.csv") for name in ("russia_china_news", "us_russia", "other_pairs")
    )
    texts = pd.concat([load_example("news"), pd.read_parquet(press)]).set_index("doc_id")["text"]
    pairs, further, plain = (pd.read_csv(path, dtype={"doc_id": "str"}) for path in (CODES, FURTHER, PLAIN))
    pair = list(zip(plain["country"], plain["other"], strict=True))
    parts = [
        plain.assign(pair=pair, part="plain " + plain["part"], group=plain["text"]),
        china.assign(pair=[STUDIED[0]] * len(china), group=china["article"]),
        russia.assign(pair=[STUDIED[1]] * len(russia), group=russia["doc_id"]),
        other.assign(part="other", pair=other["pair"].map(PAIRS), group=other["passage_id"]),
        cut_out(pairs.assign(part="draw " + pairs["drawn"].astype("str")), texts),
        cut_out(further[further["relation"].notna()], texts).replace({"part": {"write": "write 2"}}),
    ]
    return pd.concat([part[["text", "pair", "group", "part", "relation"]] for part in parts], ignore_index=True)


def cut_out(codes: pd.DataFrame, articles: pd.Series) -> pd.DataFrame:
    """Coded passages with their texts, cut out of the articles."""
    texts = [articles[row.doc_id][row.start : row.end] for row in codes.itertuples()]
    assert [sha256(text.encode()).hexdigest()[:16] for text in texts] == codes["hash"].tolist()
    pairs = list(zip(codes["country"], codes["other"], strict=True))
    return codes.assign(text=texts, pair=pairs, group=codes["doc_id"])


def seen(table: pd.DataFrame) -> list[judge.Masked | None]:
    """Each passage that names both countries, masked, else None."""
    found: dict[int, judge.Masked | None] = {}
    for pair, rows in table.groupby("pair"):
        passages = judge.masked(rows["text"].tolist(), NAMES.get(pair, pair))
        for index, passage in zip(rows.index, passages, strict=True):
            both = passage.places(0) and passage.places(1)
            found[index] = passage if both else None
    return [found[index] for index in table.index]


def vectors(press: Path) -> dict[str, np.ndarray]:
    """Each common word's vector, of length 1: words used alike have vectors alike."""
    texts = pd.concat([load_example("news")["text"], pd.read_parquet(press)["text"]]).str.lower()
    words = np.array([word for text in texts for word in re.findall(r"[a-z]+|[.!?\n]", text)], dtype=object)
    codes, names = pd.factorize(words)
    sign = np.array([not name.isalpha() for name in names])
    often = np.argsort(-np.where(sign, 0, np.bincount(codes)), kind="stable")[:WORDS]
    rank = np.full(len(names), -1)
    rank[often] = range(WORDS)
    line, kept = np.cumsum(sign[codes]), ~sign[codes]
    place, line = rank[codes[kept]], line[kept]
    near = sparse.csr_matrix((WORDS, WORDS))
    for step in range(1, WINDOW + 1):
        one, other = place[:-step], place[step:]
        met = (line[:-step] == line[step:]) & (one >= 0) & (other >= 0)
        near += sparse.csr_matrix((np.full(met.sum(), 1 / step), (one[met], other[met])), (WORDS, WORDS))
    near = (near + near.T).tocoo()
    times = np.asarray(near.sum(axis=1)).ravel()
    chance = times[near.row] * times[near.col] ** 0.75 / (times**0.75).sum()
    more = sparse.csr_matrix((np.maximum(np.log(near.data / chance), 0), (near.row, near.col)), (WORDS, WORDS))
    left, value, _ = randomized_svd(more, DIMENSIONS, random_state=0)
    found = left * np.sqrt(value)
    return dict(zip(names[often], SCALE * found / np.linalg.norm(found, axis=1, keepdims=True), strict=True))


def placed(passage: judge.Masked, known: dict[str, np.ndarray]) -> dict[str, float]:
    """The mean vector of the words of each zone, beside the features."""
    found = judge.features(passage)
    for zone, words in zip(ZONES, judge.zones(passage), strict=True):
        held = [known[word] for word in words if word in known]
        found |= {f"{zone} {at}": value for at, value in enumerate(np.mean(held, axis=0))} if held else {}
    return found


def written(
    vectorizer: DictVectorizer, model: LogisticRegression, known: dict[str, np.ndarray], name: str
) -> None:
    """A file of weights: what a vector adds is a weight of its word in each zone."""
    weights = dict(zip(vectorizer.feature_names_, model.coef_[0], strict=True))
    size = len(next(iter(known.values())))
    zones = np.array([[weights.pop(f"{zone} {at}") for at in range(size)] for zone in ZONES])
    own = {f"word: {word}": zones @ vector for word, vector in known.items()}
    names = ["", *sorted({*weights, *own})]
    weights[""] = model.intercept_[0]
    rows = [[name, weights.get(name, 0), *own.get(name, ())] for name in names]
    with (WEIGHTS / name).open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(["feature", "weight", *ZONES])
        lines.writerows(
            [name, *(f"{one:.3f}" for one in values), *[""] * (4 - len(values))] for name, *values in rows
        )


def fitted(learn: pd.DataFrame) -> tuple[DictVectorizer, LogisticRegression]:
    features = learn["features"].tolist()
    times = Counter(name for row in features for name in row)
    kept = [{name: value for name, value in row.items() if times[name] >= FEWEST} for row in features]
    vectorizer = DictVectorizer().fit(kept)
    model = LogisticRegression(C=PENALTY, max_iter=3_000, class_weight="balanced")
    weight = np.where(learn["pair"].isin(STUDIED), STUDIED_WEIGHT, 1)
    return vectorizer, model.fit(vectorizer.transform(kept), learn["relation"], sample_weight=weight)


def probabilities(learn: pd.DataFrame, rows: pd.DataFrame) -> np.ndarray:
    """The probability of each passage by a model of ``learn``, the rules applied."""
    vectorizer, model = fitted(learn)
    probability = model.predict_proba(vectorizer.transform(rows["features"].tolist()))[:, 1]
    return np.where(rows["acting"], 1, np.where(rows["aside"], 0, probability))


def folds(groups: pd.Series) -> np.ndarray:
    """The fold of each passage: all of one article in one."""
    shuffled = groups.sample(frac=1, random_state=0)
    return pd.Series(pd.factorize(shuffled)[0] % FOLDS, index=shuffled.index).reindex(groups.index).to_numpy()


def show(name: str, rows: pd.DataFrame, probability: np.ndarray) -> None:
    true = rows["relation"].to_numpy(dtype=bool)
    for strict in (judge.STRICT, 0.35):
        aside = probability < strict
        print(f"{name}, strict {strict}: lost {aside[true].sum()} of {true.sum()}, "
              f"set aside {aside[~true].sum()} of {(~true).sum()}")  # fmt: skip


def main(folder: Path, press: Path) -> None:
    table = coded(folder, press)
    passages, known = seen(table), vectors(press)
    table["features"] = [None if one is None else placed(one, known) for one in passages]
    table["acting"] = [one is not None and one.acting for one in passages]
    table["aside"] = [one is not None and judge.set_aside(one) != "" for one in passages]
    named = table[table["features"].notna()]
    learn = named[~named["part"].isin(NOT_LEARNED)].reset_index(drop=True)
    fold, held = folds(learn["group"].astype("str")), np.zeros(len(learn))
    for number in range(FOLDS):
        held[fold == number] = probabilities(learn[fold != number], learn[fold == number])
    for pair in STUDIED:
        rows = learn["pair"] == pair
        show(f"{' and '.join(pair)}, other articles", learn[rows], held[rows])
    either = learn["pair"].map(sorted).map(" and ".join)  # in whatever order
    other = ~learn["pair"].isin(STUDIED)
    fold, unseen = folds(either), np.zeros(len(learn))
    for number in range(FOLDS):
        rows = other & (fold == number)
        others = ~rows & ~learn["group"].isin(learn["group"][rows])  # of other articles, too
        unseen[rows] = probabilities(learn[others], learn[rows])
    show("all pairs not seen", learn[other], unseen[other])
    for part in ("other", "draw 1", "draw 2", "write 2", "pairs", "pairs 2", "pairs 3"):
        rows = other & (learn["part"] == part)
        show(f"{part}, pairs not seen", learn[rows], unseen[rows])
    second = learn["part"] == "draw 2"
    show("draw 2, not read", learn[second], probabilities(learn[~second], learn[second]))
    written(*fitted(learn), known, "judge.csv")
    written(*fitted(pd.concat([learn, named[named["part"] == "plain teach"]])), known, "judge_short.csv")
    judge._weights.cache_clear()
    for part in sys.argv[3:]:
        rows = named[named["part"] == part]
        found = [judge.about_relation([row.text], NAMES.get(row.pair, row.pair)) for row in rows.itertuples()]
        probability = pd.concat(found)["probability"].to_numpy()
        kinds = np.array([" and ".join(pair) if pair in STUDIED else "other pairs" for pair in rows["pair"]])
        for kind in sorted(set(kinds)):
            show(f"{part}, {kind}", rows[kinds == kind], probability[kinds == kind])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
