import re
from pathlib import Path

import pandas as pd
import pytest
import yaml

import analysis as an
from analysis.frames.shares import text_frames

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "russia_china.yaml").read_text("utf-8"))
LEXICON = an.load_lexicon("russia-china")


def said(text):
    hits = an.find_frames(pd.DataFrame({"doc_id": ["d"], "text": [text]}), LEXICON)
    return hits[~hits["negated"]]


def test_every_entry_has_a_case():
    entries = [(entry.frame, entry.name) for entry in LEXICON.entries]
    assert entries == [(case["frame"], case["entry"]) for case in CASES["entries"]]


@pytest.mark.parametrize("case", CASES["entries"], ids=lambda case: case["entry"])
def test_what_an_entry_finds(case):
    hits = said(case["finds"])
    assert (case["frame"], case["entry"]) in list(zip(hits["frame"], hits["entry"], strict=True))


@pytest.mark.parametrize("case", CASES["entries"], ids=lambda case: case["entry"])
def test_what_an_entry_leaves(case):
    hits = said(case["leaves"])
    assert hits[hits["frame"] == case["frame"]]["text"].tolist() == []


@pytest.mark.parametrize("case", CASES["known_failures"], ids=lambda case: case["text"])
@pytest.mark.xfail(strict=True)
def test_known_failures(case):
    assert (said(case["text"])["frame"] == case["frame"]).any() == case["carries"]


@pytest.mark.parametrize(("passages", "floor"), [("russia_china_coded", 0.80), ("own_sentences", 0.80)])
def test_what_was_reached_is_kept(passages, floor):
    """Not how right the lexicon is on strange text (`data/README.md` tells that), but that no edit spoils it."""
    coded = pd.read_csv(f"data/gold/{passages}.csv")
    said = text_frames(coded["text"].tolist(), LEXICON)
    coder = coded[LEXICON.labels].astype(bool)
    assert (2 * (said & coder).sum() / (said.sum() + coder.sum())).mean() >= floor


def stripped(text):
    """What an archive leaves of a text: lower case, a space for every other sign."""
    return " ".join(re.sub(r"[\W_]+", " ", text.lower()).split())


def test_stripped_text_carries_the_same_frames():
    coded = pd.read_csv("data/gold/russia_china_coded.csv")["text"]
    texts = pd.concat([coded, an.passages(an.load_news_articles())["text"]]).drop_duplicates().tolist()
    labels = text_frames(texts, LEXICON)
    same = (labels == text_frames([stripped(text) for text in texts], LEXICON)).all(axis=1)
    assert labels.any(axis=1).sum() > 100
    assert same.mean() >= 0.95
