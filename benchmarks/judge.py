"""Make ``analysis/corpus/judge.csv`` from coded passages, and print how right the judge of relationships is.

    python benchmarks/judge.py FOLDER PRESS [PART …]

FOLDER holds ``russia_china_news_coded.csv``, ``us_russia_coded.csv`` and ``other_pairs_coded.csv``, and PRESS is a
table of articles of US press, with their texts, which are not the project's to publish. The model learns from the
``write`` part of the first two, from the third, and from ``other_pairs_codes.csv`` and part ``write`` of
``further_codes.csv`` in ``data/gold``. How it judges pairs that it has not seen is measured by leaving each pair
out in turn, and on the second draw of those codes, which nobody had read when the rules were written, by a model
of all the rest. With PART (``check``, ``held``), the model that ships is measured on that part.
"""

import csv
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

import analysis as an
from analysis.corpus import judge
from analysis.corpus.examples import load_example

PAIRS = {"koreas": ("North Korea", "South Korea"), "us-iran": ("United States", "Iran")}
STUDIED = (("Russia", "China"), ("United States", "Russia"))
CODES, FURTHER = Path("data/gold/other_pairs_codes.csv"), Path("data/gold/further_codes.csv")
FEWEST = 8  # passages of a feature; those of fewer are names of single events
PENALTY = 0.1  # scikit-learn's C; of .03 to .3 it made no difference
FOLDS = 10
NAMES = {STUDIED[1]: an.read_lexicon("us-russia").about}  # with the people who stood for them
TARGET = Path(judge.__file__).with_name("judge.csv")


def coded(folder: Path, press: Path) -> pd.DataFrame:
    """``text, pair, group, part, relation`` of all coded passages; ``pair`` is a tuple of two names."""
    china, russia, other = (
        pd.read_csv(folder / f"{name}_coded.csv") for name in ("russia_china_news", "us_russia", "other_pairs")
    )
    texts = pd.concat([load_example("news"), pd.read_parquet(press)]).set_index("doc_id")["text"]
    pairs, further = (pd.read_csv(path, dtype={"doc_id": "str"}) for path in (CODES, FURTHER))
    parts = [
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


def fitted(learn: pd.DataFrame) -> tuple[DictVectorizer, LogisticRegression]:
    features = learn["features"].tolist()
    times = Counter(name for row in features for name in row)
    kept = [{name: value for name, value in row.items() if times[name] >= FEWEST} for row in features]
    vectorizer = DictVectorizer().fit(kept)
    model = LogisticRegression(C=PENALTY, max_iter=3_000, class_weight="balanced")
    return vectorizer, model.fit(vectorizer.transform(kept), learn["relation"])


def probabilities(learn: pd.DataFrame, rows: pd.DataFrame) -> np.ndarray:
    """The probability of each passage by a model of ``learn``, the two rules applied."""
    vectorizer, model = fitted(learn)
    probability = model.predict_proba(vectorizer.transform(rows["features"].tolist()))[:, 1]
    return np.where(rows["acting"], 1, np.where(rows["source"], 0, probability))


def folds(groups: pd.Series) -> np.ndarray:
    """The fold of each passage: all of one article in one."""
    shuffled = groups.sample(frac=1, random_state=0)
    return pd.Series(pd.factorize(shuffled)[0] % FOLDS, index=shuffled.index).reindex(groups.index).to_numpy()


def show(name: str, rows: pd.DataFrame, probability: np.ndarray) -> None:
    true = rows["relation"].to_numpy(dtype=bool)
    for strict in (0.2, judge.STRICT, 0.35):
        aside = probability < strict
        print(f"{name}, strict {strict}: lost {aside[true].sum()} of {true.sum()}, "
              f"set aside {aside[~true].sum()} of {(~true).sum()}")  # fmt: skip


def main(folder: Path, press: Path) -> None:
    table = coded(folder, press)
    passages = seen(table)
    table["features"] = [None if one is None else judge.features(one) for one in passages]
    table["acting"] = [one is not None and one.acting for one in passages]
    table["source"] = [one is not None and judge.source_only(one) for one in passages]
    learn = table[~table["part"].isin(["check", "held"]) & table["features"].notna()].reset_index(drop=True)
    fold, held = folds(learn["group"].astype("str")), np.zeros(len(learn))
    for number in range(FOLDS):
        held[fold == number] = probabilities(learn[fold != number], learn[fold == number])
    for pair in STUDIED:
        rows = learn["pair"] == pair
        show(f"{' and '.join(pair)}, other articles", learn[rows], held[rows])
    pairs = learn["pair"].drop_duplicates()
    unseen = pd.Series(
        np.concatenate(
            [probabilities(learn[learn["pair"] != pair], learn[learn["pair"] == pair]) for pair in pairs]
        ),
        index=np.concatenate([learn.index[learn["pair"] == pair] for pair in pairs]),
    ).sort_index()
    for part in ("other", "draw 1", "draw 2", "write 2"):
        rows = learn["part"] == part
        show(f"{part}, pairs not seen", learn[rows], unseen[rows].to_numpy())
    second = learn["part"] == "draw 2"
    show("draw 2, not read", learn[second], probabilities(learn[~second], learn[second]))
    vectorizer, model = fitted(learn)
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["feature", "weight"])
        rows.writerow(["", f"{model.intercept_[0]:.3f}"])
        rows.writerows(
            [name, f"{weight:.3f}"] for name, weight in zip(vectorizer.feature_names_, model.coef_[0], strict=True)
        )
    judge._weights.cache_clear()
    for (part, pair), rows in table[table["part"].isin(sys.argv[3:])].groupby(["part", "pair"]):
        found = judge.about_relation(rows["text"].tolist(), NAMES.get(pair, pair))
        named = found["probability"].notna().to_numpy()
        about, true = found["about"].to_numpy(dtype=bool)[named], rows["relation"].to_numpy(dtype=bool)[named]
        print(f"{part} {' and '.join(pair)}: n {named.sum()}, lost {(~about[true]).sum()} of {true.sum()}, "
              f"set aside {(~about[~true]).sum()} of {(~true).sum()}")  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
