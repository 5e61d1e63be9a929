"""Counts, weights and leading terms: numbers derived by hand, and agreement with scikit-learn."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

import analysis as an
from analysis.text.stopwords import english
from tests.data import refused

TEXTS = ["The bank of China and the bank of Russia", "China trade", "trade, trade: the trade of Russia", ""]
WORDS = st.lists(st.sampled_from(["gas", "oil", "the", "of", "deal", "bank"]), max_size=8).map(" ".join)


def table(counts):
    return pd.DataFrame(counts.matrix.toarray(), index=counts.docs, columns=counts.terms)


def test_counts_by_hand():
    counts = an.count_terms(an.tokenize(TEXTS))
    assert counts.terms.tolist() == ["bank", "china", "russia", "trade"]
    assert counts.matrix.toarray().tolist() == [[2, 1, 1, 0], [0, 1, 0, 1], [0, 0, 1, 3], [0, 0, 0, 0]]


def test_documents_keep_their_ids():
    articles = pd.DataFrame({"doc_id": ["b", "a"], "text": ["gas", "oil"]})
    assert an.count_terms(an.tokenize(articles)).docs.tolist() == ["b", "a"]


@pytest.mark.parametrize(
    ("limits", "kept"),
    [
        ({"min_df": 2}, ["china", "russia", "trade"]),
        ({"min_df": 0.5}, ["china", "russia", "trade"]),
        ({"max_df": 1}, ["bank"]),
        ({"max_df": 0.25}, ["bank"]),
        ({"min_df": 3}, []),
    ],
)
def test_limits_count_documents_or_shares(limits, kept):
    assert an.count_terms(an.tokenize(TEXTS), **limits).terms.tolist() == kept


def test_runs_of_words_stay_inside_documents_and_off_stop_words():
    counts = an.count_terms(an.tokenize(TEXTS), ngrams=3)
    assert [term for term in counts.terms if " " in term] == [
        "bank of china",
        "bank of russia",
        "china trade",
        "trade of russia",
        "trade the trade",
        "trade trade",
    ]
    assert table(counts)["trade trade"].tolist() == [0, 0, 1, 0]


@given(st.lists(WORDS, min_size=1, max_size=6), st.integers(1, 4))
def test_counts_agree_with_scikit_learn(texts, ngrams):
    counts = an.count_terms(an.tokenize(texts), stopwords=None, ngrams=ngrams)
    vectorizer = CountVectorizer(ngram_range=(1, ngrams), token_pattern=r"\S+", vocabulary=counts.terms)
    if len(counts.terms):
        assert (counts.matrix.toarray() == vectorizer.transform(texts).toarray()).all()
    assert counts.terms.tolist() == sorted(
        {
            " ".join(words[at : at + n])
            for words in map(str.split, texts)
            for n in range(1, ngrams + 1)
            for at in range(len(words) - n + 1)
        }
    )


def test_no_text_gives_no_terms():
    counts = an.count_terms(an.tokenize([]))
    assert counts.matrix.shape == (0, 0)
    assert an.tfidf(counts).matrix.shape == (0, 0)
    assert an.top_terms(counts, []).columns.tolist() == ["group", "rank", "term", "weight"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"ngrams": 0}, "ngrams: must be a whole number from 1 up. Found: 0."),
        (
            {"min_df": 1.5},
            "min_df: a float is a share of the documents, from 0.0 to 1.0. Found: 1.5. "
            "Give an integer for a number of documents.",
        ),
        (
            {"stopwords": "german"},
            "stopwords: no list is known for 'german'. Give a language's code ('de', 'fr', 'zh'), the words "
            "themselves as a list or set, or None to keep every word.",
        ),
    ],
)
def test_settings_out_of_range(settings, message):
    with refused(message):
        an.count_terms(an.tokenize(TEXTS), **settings)


def test_stop_words_keep_what_carries_a_story():
    kept = {"bill", "fire", "interest", "system", "top", "un", "u.s.", "don", "won"}
    gone = {"us", "the", "don't", "i'll", "she's", "s", "cannot"}
    assert not kept & english()
    assert gone <= english()


def test_own_stop_words():
    assert an.count_terms(an.tokenize(["gas and oil"]), stopwords=["gas"]).terms.tolist() == ["and", "oil"]
    assert an.count_terms(an.tokenize(["gas and oil"]), stopwords=None).terms.tolist() == ["and", "gas", "oil"]


def test_tfidf_by_hand():
    # gas is in both of 2 documents: idf 1. deal in one: 1 + log(3 / 2). Lengths are scaled to 1.
    weights = an.tfidf(an.count_terms(an.tokenize(["gas gas deal", "gas", ""])))
    gas, deal = 2 * (1 + math.log(4 / 3)), 1 + math.log(4 / 2)
    assert weights.terms.tolist() == ["deal", "gas"]
    np.testing.assert_allclose(
        weights.matrix.toarray(), [[deal / math.hypot(gas, deal), gas / math.hypot(gas, deal)], [0, 1], [0, 0]]
    )


def test_top_terms_by_hand():
    counts = an.count_terms(an.tokenize(["gas gas oil", "oil deal", "summit"]))
    top = an.top_terms(counts, ["BBC", "BBC", "TASS"], n=3)
    assert top.to_dict("list") == {
        "group": ["BBC", "BBC", "BBC", "TASS"],
        "rank": [1, 2, 3, 1],
        "term": ["gas", "oil", "deal", "summit"],  # gas and oil tie at 1: the alphabet decides
        "weight": [1.0, 1.0, 0.5, 1.0],
    }


@pytest.mark.parametrize(
    "groups",
    [
        {"b": "TASS", "a": "BBC", "z": "CNN"},
        pd.Series({"b": "TASS", "a": "BBC"}),
        pd.Series(["BBC", "TASS"], index=[7, 3]),
        ["BBC", "TASS"],
        np.array(["BBC", "TASS"]),
        pd.Categorical(["BBC", "TASS"], categories=["TASS", "BBC", "CNN"]),
    ],
    ids=["mapping", "by id", "row numbers", "list", "array", "categorical"],
)
def test_groups_by_id_or_by_place(groups):
    counts = an.count_terms(an.tokenize(pd.DataFrame({"doc_id": ["a", "b"], "text": ["gas", "oil"]})))
    top = an.top_terms(counts, groups)
    assert dict(zip(top["group"], top["term"], strict=True)) == {"BBC": "gas", "TASS": "oil"}


NO_GROUP = (
    "groups: 1 of 2 documents have no group: 'b'. Give each doc_id of counts.docs a group, or leave these "
    "documents out."
)


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        (
            ["BBC"],
            "groups: one value for each of 2 documents is needed. Found: 1. Give them in the order of "
            "counts.docs, or as a Series indexed by doc_id.",
        ),
        ({"a": "BBC"}, NO_GROUP),
        (["BBC", None], NO_GROUP),
        (
            pd.Series(["BBC", "TASS"], index=["a", "a"]),
            "groups: doc_id 'a' is duplicated. Give each document one group.",
        ),
    ],
)
def test_groups_that_do_not_fit(groups, message):
    counts = an.count_terms(an.tokenize(pd.DataFrame({"doc_id": ["a", "b"], "text": ["gas", "oil"]})))
    with refused(message):
        an.top_terms(counts, groups)


def test_each_language_brings_its_stop_words():
    texts = ["Russland und China sind enge Partner, sagte der Sprecher am Montag in Peking."] * 3
    texts += ["Россия и Китай подписали в Пекине соглашение о поставках газа, сообщил представитель."] * 3
    terms = set(an.count_terms(an.tokenize(texts)).terms)
    assert {"partner", "китай"} <= terms
    assert not {"und", "der", "и", "в", "о"} & terms
