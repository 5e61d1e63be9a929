"""Make ``analysis/corpus/judge.csv`` from coded passages, and print how right the judge of relationships is.

    python benchmarks/judge.py FOLDER [PART]

FOLDER holds ``russia_china_news_coded.csv``, ``us_russia_coded.csv`` and ``other_pairs_coded.csv``, with their
texts, which are not the project's to publish. The model learns from the ``write`` part of the first two and from
the third. How it judges a pair that it has not seen is measured by leaving each pair out in turn. With PART
(``check``), the model that ships is measured on that part.
"""

import csv
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from analysis.corpus import judge

PAIRS = {
    "koreas": ("North Korea", "South Korea"),
    "us-iran": ("United States", "Iran"),
    "russia-china": ("Russia", "China"),
    "us-russia": ("United States", "Russia"),
}
FEWEST = 12  # passages of a feature; those of fewer are names of single events
PENALTY = 0.1  # scikit-learn's C; of .03 to .3 it made no difference
FOLDS = 10
TARGET = Path(judge.__file__).with_name("judge.csv")


def coded(folder: Path) -> pd.DataFrame:
    """``text, pair, group, part, relation`` of all three files."""
    china = pd.read_csv(folder / "russia_china_news_coded.csv").assign(pair="russia-china")
    russia = pd.read_csv(folder / "us_russia_coded.csv").assign(pair="us-russia")
    other = pd.read_csv(folder / "other_pairs_coded.csv").assign(part="other")
    parts = [
        china.assign(group=china["article"]),
        russia.assign(group=russia["doc_id"]),
        other.assign(group=other["passage_id"]),
    ]
    return pd.concat([part[["text", "pair", "group", "part", "relation"]] for part in parts], ignore_index=True)


def seen(table: pd.DataFrame) -> list[dict[str, float] | None]:
    """The features of each passage that names both countries, else None."""
    found: dict[int, dict[str, float] | None] = {}
    for pair, rows in table.groupby("pair"):
        passages = judge.masked(rows["text"].tolist(), PAIRS[str(pair)])
        for index, passage in zip(rows.index, passages, strict=True):
            both = passage.places(0) and passage.places(1)
            found[index] = judge.features(passage) if both else None
    return [found[index] for index in table.index]


def fitted(features: list[dict[str, float]], codes: np.ndarray) -> tuple[DictVectorizer, LogisticRegression]:
    times = Counter(name for row in features for name in row)
    kept = [{name: value for name, value in row.items() if times[name] >= FEWEST} for row in features]
    vectorizer = DictVectorizer().fit(kept)
    model = LogisticRegression(C=PENALTY, max_iter=3_000, class_weight="balanced")
    return vectorizer, model.fit(vectorizer.transform(kept), codes)


def held_out(features: list[dict[str, float]], codes: np.ndarray, groups: pd.Series) -> np.ndarray:
    """The probability of each passage by a model that has not seen its article."""
    fold = pd.factorize(groups.sample(frac=1, random_state=0), sort=False)[0] % FOLDS
    fold = pd.Series(fold, index=groups.sample(frac=1, random_state=0).index).reindex(groups.index).to_numpy()
    probability = np.zeros(len(codes))
    for number in range(FOLDS):
        learn = [row for row, at in zip(features, fold, strict=True) if at != number]
        vectorizer, model = fitted(learn, codes[fold != number])
        tested = [row for row, at in zip(features, fold, strict=True) if at == number]
        probability[fold == number] = model.predict_proba(vectorizer.transform(tested))[:, 1]
    return probability


def left_out(learn: pd.DataFrame, pair: str) -> None:
    """Prints how a model of the other pairs, with the rule for sources, judges a pair."""
    rest, rows = learn[learn["pair"] != pair], learn[learn["pair"] == pair]
    vectorizer, model = fitted(rest["features"].tolist(), rest["relation"].to_numpy())
    probability = model.predict_proba(vectorizer.transform(rows["features"].tolist()))[:, 1]
    source = [judge.source_only(passage) for passage in judge.masked(rows["text"].tolist(), PAIRS[pair])]
    aside, true = (probability < judge.STRICT) | np.array(source), rows["relation"].to_numpy(dtype=bool)
    print(f"{pair}, not seen: lost {aside[true].sum()} of {true.sum()}, "
          f"set aside {aside[~true].sum()} of {(~true).sum()}")  # fmt: skip


def main(folder: Path) -> None:
    table = coded(folder)
    table["features"] = seen(table)
    learn = table[table["part"].isin(["write", "other"]) & table["features"].notna()].reset_index(drop=True)
    codes = learn["relation"].to_numpy()
    probability = held_out(learn["features"].tolist(), codes, learn["group"].astype("str"))
    for strict in (0.2, judge.STRICT, 0.3, 0.35):
        lost, aside = (probability[codes == 1] < strict).mean(), (probability[codes == 0] < strict).mean()
        print(f"articles held out, model alone, strict {strict}: lost {lost:.3f}, set aside {aside:.3f}")
    for pair in PAIRS:
        left_out(learn, pair)
    vectorizer, model = fitted(learn["features"].tolist(), codes)
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["feature", "weight"])
        rows.writerow(["", f"{model.intercept_[0]:.3f}"])
        rows.writerows(
            [name, f"{weight:.3f}"] for name, weight in zip(vectorizer.feature_names_, model.coef_[0], strict=True)
        )
    judge._weights.cache_clear()
    for (part, pair), rows in table[table["part"].isin(sys.argv[2:])].groupby(["part", "pair"]):
        found = judge.about_relation(rows["text"].tolist(), PAIRS[str(pair)])
        named = found["probability"].notna().to_numpy()
        about, true = found["about"].to_numpy(dtype=bool)[named], rows["relation"].to_numpy(dtype=bool)[named]
        print(f"{part} {pair}: n {named.sum()}, lost {(~about[true]).sum()} of {true.sum()}, "
              f"set aside {(~about[~true]).sum()} of {(~true).sum()}")  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
