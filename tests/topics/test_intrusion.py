"""What coders see, what is kept from them, and how their answers are scored."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from analysis.text.terms import Counts
from analysis.topics.fit import Topics
from analysis.topics.intrusion import intrusion_sheet, score_intrusion, wilson
from tests.data import refused

TERMS = [f"{name}{at:02}" for name in "abcd" for at in range(25)]
NAMES = pd.Index([f"topic {name}" for name in "abcd"])
DOCS = pd.Index([f"n{at}" for at in range(8)])


def four_topics():
    """Each topic says its own 25 words, the first most; texts 0 and 1 are mostly a, 2 and 3 b, and so on."""
    own = np.kron(np.eye(4), np.linspace(2, 1, 25)) + 0.001
    mixes = np.kron(np.array([[6, 3, 2, 0.1], [3, 6, 0.1, 2], [2, 0.1, 6, 3], [0.1, 2, 3, 6]]), np.ones((2, 1)))
    words = pd.DataFrame(own / own.sum(axis=1, keepdims=True), NAMES, TERMS)
    topics = Topics(words, pd.DataFrame(mixes / mixes.sum(axis=1, keepdims=True), DOCS, NAMES))
    counts = Counts(sparse.csr_array(np.ones((8, 100), dtype=int)), DOCS, pd.Index(TERMS))
    return topics, counts, pd.DataFrame({"doc_id": DOCS, "text": [f"text of {doc}" for doc in DOCS]})


def choices(row):
    return [value for name, value in row.items() if name.startswith("choice_")]


def test_five_words_and_one_of_another_topic():
    topics, counts, _ = four_topics()
    test = intrusion_sheet(topics, counts, each=3)
    sheet, key = test.sheet, test.key
    assert len(sheet) == 12
    for row, secret in zip(sheet.to_dict("records"), key.to_dict("records"), strict=True):
        shown, letter = choices(row), secret["label"][-1]
        odd = shown.pop(secret["intruder"] - 1)
        assert sorted(shown) == [f"{letter}{at:02}" for at in range(5)]
        assert odd[0] != letter
        assert int(odd[1:]) < 20
    assert sheet["answer"].eq("").all()
    assert "label" not in sheet
    assert key["label"].value_counts().eq(3).all()


def test_rarity_does_not_give_the_intruder_away():
    topics, counts, _ = four_topics()
    rare = counts.matrix.toarray()
    rare[1:, 1::2] = 0  # every other word stands in one text, among them each intruder but the even ones
    rare[:, [25 * block + at for block in range(4) for at in range(5)]] = 1
    found = intrusion_sheet(topics, Counts(sparse.csr_array(rare), DOCS, counts.terms), each=20)
    key = found.key
    odd = [choices(row)[at - 1] for row, at in zip(found.sheet.to_dict("records"), key["intruder"], strict=True)]
    assert (rare[:, [TERMS.index(word) for word in odd]].sum(axis=0) == 8).all()


def test_sets_are_of_one_topic_but_one():
    topics, counts, _ = four_topics()
    test = intrusion_sheet(topics, counts, kind="word_set", each=2)
    sheet, key = test.sheet, test.key
    for row, secret in zip(sheet.to_dict("records"), key.to_dict("records"), strict=True):
        sets = [words.split(", ") for words in choices(row)]
        odd = sets.pop(secret["intruder"] - 1)
        assert [len(words) for words in [*sets, odd]] == [4] * 4
        assert len({word for words in sets for word in words}) == 12
        assert {word[0] for words in sets for word in words} == {secret["label"][-1]}
        assert len({word[0] for word in odd} | {secret["label"][-1]}) == 2


def test_texts_show_three_topics_and_one_they_lack():
    topics, counts, articles = four_topics()
    test = intrusion_sheet(topics, counts, kind="topic", articles=articles)
    sheet, key = test.sheet, test.key
    lacking = {"a": "d", "b": "c", "c": "b", "d": "a"}
    for row, secret in zip(sheet.to_dict("records"), key.to_dict("records"), strict=True):
        assert row["text"] == f"text of {secret['document']}"
        letter = secret["label"][-1]
        assert choices(row)[secret["intruder"] - 1].split(", ") == [f"{lacking[letter]}{at:02}" for at in range(8)]
        assert secret[f"share_{secret['intruder']}"] == min(secret[f"share_{at}"] for at in range(1, 5))
    assert test.without == ()


def test_short_texts_are_not_shown():
    topics, counts, articles = four_topics()
    matrix = counts.matrix.toarray()
    matrix[:2, 19:] = 0
    found = intrusion_sheet(
        topics, Counts(sparse.csr_array(matrix), DOCS, counts.terms), kind="topic", articles=articles
    )
    assert found.without == ("topic a",)


def test_the_seed_decides():
    topics, counts, articles = four_topics()
    for kind in ("word", "word_set", "topic"):
        one, again, other = (
            intrusion_sheet(topics, counts, kind=kind, articles=articles, seed=seed) for seed in (0, 0, 1)
        )
        assert one.sheet.equals(again.sheet)
        assert one.key.equals(again.key)
        assert not one.sheet.equals(other.sheet)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"kind": "doc"}, "kind: 'doc' is not a kind of test. Use one of: word, word_set, topic."),
        ({"each": 0}, "each: must be a whole number from 1 up. Found: 0."),
        (
            {"kind": "topic", "articles": pd.DataFrame({"doc_id": ["x"]})},
            "articles: column 'text' is missing. Found: doc_id. kind='topic' shows the texts.",
        ),
        (
            {"kind": "topic", "articles": pd.DataFrame({"doc_id": ["x"], "text": ["x"]})},
            "articles: no text with 20 counted words or more has shares. Give the table that was counted.",
        ),
    ],
)
def test_sheets_refuse(wrong, message):
    topics, counts, _ = four_topics()
    with refused(message):
        intrusion_sheet(topics, counts, **wrong)


def test_few_terms():
    topics = Topics(pd.DataFrame([[0.5, 0.5]] * 2, ["a", "b"], ["x", "y"]), pd.DataFrame())
    counts = Counts(sparse.csr_array([[1, 1]]), pd.Index(["d"]), pd.Index(["x", "y"]))
    with pytest.raises(
        ValueError, match=r"^topics: the test needs 2 topics and 6 terms\. Found: 2 topics of 2 terms\.$"
    ):
        intrusion_sheet(topics, counts)


KEY = pd.DataFrame(
    {"item": [1, 2, 3], "kind": "topic", "label": ["a", "a", "b"], "intruder": [2, 1, 2]}
    | {"share_1": [0.8, 0.1, 0.5], "share_2": [0.1, 0.4, 0.0]}
)
SHEET = pd.DataFrame({"item": [1, 2, 3], "choice_1": ["gas", "oil", "x"], "choice_2": ["tank", "navy", "y"]})


def test_scores_by_hand():
    # Ann: right, wrong (.4 taken for .1), none. Bob: wrong (.8 for .1), right, wrong (.5 for next to nothing).
    both = pd.concat(
        [SHEET.assign(coder="Ann", answer=["TANK", 2, None]), SHEET.assign(coder="Bob", answer=["1", 1.0, "x"])]
    )
    score = score_intrusion(both, KEY)
    found = score.table
    assert found["label"].tolist() == ["a", "b"]
    assert found["n_items"].tolist() == [2, 1]
    assert found["n_answers"].tolist() == [4, 1]
    assert found["precision"].tolist() == [0.5, 0.0]
    assert found["chance"].tolist() == [0.5, 0.5]
    np.testing.assert_allclose(found["p"], [11 / 16, 1])
    np.testing.assert_allclose(found["log_odds"], [(math.log(1 / 8) + math.log(1 / 4)) / 4, math.log(1e-6 / 0.5)])
    np.testing.assert_allclose(found.loc[0, ["low", "high"]].astype(float), wilson(0.5, 4, 0.95))
    # Items 1 and 2 have two answers each, all different: pairs disagree 2 of 2, by chance 8 of 12.
    assert score.alpha == pytest.approx(1 - 1 / (8 / 12))
    assert score.overall["precision"] == 0.4


def test_topics_that_differ_widen_the_overall_interval():
    key = pd.DataFrame({"item": range(40), "label": ["a"] * 20 + ["b"] * 20, "intruder": 1})
    sheet = pd.DataFrame({"item": range(40), "choice_1": "x", "choice_2": "y", "answer": [1] * 20 + [2] * 20})
    overall = score_intrusion(sheet, key).overall
    # All of one topic, none of the other: residuals add up to 10 and -10, so 400 / (40 / 4) answers weigh as one.
    np.testing.assert_allclose((overall["low"], overall["high"]), wilson(0.5, 40 / 40, 0.95))


def test_alpha_agrees_with_the_reference():
    krippendorff = pytest.importorskip("krippendorff")
    rng = np.random.default_rng(3)
    answers = np.where(rng.random((3, 12)) < 0.6, 1, rng.integers(1, 4, (3, 12)))
    key = pd.DataFrame({"item": range(12), "label": "a", "intruder": 1})
    choice = {"choice_1": "x", "choice_2": "y", "choice_3": "z"}
    sheet = pd.concat(
        pd.DataFrame({"item": range(12), "coder": coder, "answer": row} | choice)
        for coder, row in enumerate(answers)
    )
    alpha = score_intrusion(sheet, key).alpha
    assert alpha == pytest.approx(krippendorff.alpha(answers, level_of_measurement="nominal"))


def test_an_empty_sheet_scores_nothing():
    score = score_intrusion(SHEET.assign(answer=""), KEY)
    assert score.table.empty
    assert score.overall == {}
    assert math.isnan(score.alpha)
    assert score.table.columns.tolist()[:3] == ["label", "n_items", "n_answers"]


@pytest.mark.parametrize(
    ("sheet", "message"),
    [
        (SHEET, "sheet: column 'answer' is missing. Found: item, choice_1, choice_2."),
        (
            SHEET.assign(answer=[1, 3, 1]),
            "sheet, row 1: answer '3' is not one of the choices. Write a number from 1 to 2, or leave it empty.",
        ),
        (SHEET.assign(item=[1, 2, 9], answer=1), "sheet, row 2: item 9 is not in the key. Give its own key."),
        (
            SHEET.assign(item=[1, 1, 2], answer=1),
            "sheet: item 1 is answered twice. Name the coders of several sheets in a column 'coder'.",
        ),
    ],
)
def test_scores_refuse(sheet, message):
    with refused(message):
        score_intrusion(sheet, KEY)
