"""Planted topics come back, the same bytes at every run, and small corpora are told so."""

import re

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from scipy.optimize import linear_sum_assignment

import analysis as an
from analysis.text.terms import Counts
from tests.data import refused
from tests.topics.corpora import DOCUMENTS, TERMS, K, blocks, bytes_of, counts_of, topics_of

ENGINES = ["nmf-lda", "sklearn", "gensim"]


@pytest.mark.parametrize("engine", ENGINES)
def test_planted_topics_come_back(engine):
    counts, words, shares = blocks()
    topics = an.fit_topics(counts, K, engine=engine)
    overlap = words @ topics.words.to_numpy().T
    own, found = linear_sum_assignment(-overlap)
    assert np.abs(topics.words.to_numpy()[found] - words[own]).sum(axis=1).max() < 0.2
    assert np.abs(topics.shares.to_numpy()[:, found] - shares[:, own]).mean() < 0.02


@pytest.mark.parametrize("engine", ENGINES)
def test_tables_are_shares_by_falling_size(engine):
    counts, _, _ = blocks()
    topics = an.fit_topics(counts, K, engine=engine)
    assert topics.shares.columns.tolist() == topics.words.index.tolist() == ["topic 1", "topic 2", "topic 3"]
    assert topics.shares.index.equals(counts.docs)
    assert topics.words.columns.equals(counts.terms)
    np.testing.assert_allclose(topics.words.sum(axis=1), 1)
    np.testing.assert_allclose(topics.shares.sum(axis=1), 1)
    assert topics.shares.mean().is_monotonic_decreasing


@pytest.mark.parametrize("engine", ENGINES)
def test_order_of_rows_and_columns_changes_nothing(engine):
    counts, _, _ = blocks()
    rows, columns = np.arange(DOCUMENTS)[::-1], np.random.default_rng(0).permutation(TERMS)
    turned = Counts(counts.matrix[rows][:, columns], counts.docs[rows], counts.terms[columns])
    topics, again = an.fit_topics(counts, K, engine=engine), an.fit_topics(turned, K, engine=engine)
    assert again.shares.index.equals(turned.docs)
    pd.testing.assert_frame_equal(again.shares.loc[counts.docs], topics.shares, check_exact=True)
    pd.testing.assert_frame_equal(again.words[counts.terms], topics.words, check_exact=True)


def test_the_seed_decides_where_a_start_is_random():
    counts, _, _ = blocks()
    for engine in ("sklearn", "gensim"):
        first, again, default, other = (
            bytes_of(an.fit_topics(counts, K, engine=engine, seed=seed)) for seed in (0, 0, None, 2)
        )
        assert first == again == default != other


def test_documents_without_terms_have_no_shares():
    counts, _, _ = blocks()
    matrix = sparse.vstack([counts.matrix[:5], counts.matrix[:1] * 0, counts.matrix[5:]], format="csr")
    holed = Counts(matrix, counts.docs.insert(5, "empty"), counts.terms)
    topics = an.fit_topics(holed, K)
    assert topics.left_out == ("empty",)
    assert bytes_of(topics) == bytes_of(an.fit_topics(counts, K))


def test_ten_topics_are_numbered_in_equal_width():
    counts, _, _ = blocks()
    twice = Counts(sparse.vstack([counts.matrix] * 2), counts.docs.append(counts.docs + "b"), counts.terms)
    names = an.fit_topics(twice, 10).words.index
    assert (names[0], names[-1]) == ("topic 01", "topic 10")


def test_top_words_by_hand():
    topics = topics_of([[0.2, 0.6, 0.2], [0.9, 0.0, 0.1]], ["oil", "gas", "army"])
    assert an.top_words(topics, n=2).to_dict("list") == {
        "label": ["topic 1", "topic 1", "topic 2", "topic 2"],
        "rank": [1, 2, 1, 2],
        "term": ["gas", "army", "oil", "army"],
        "weight": [0.6, 0.2, 0.9, 0.1],
    }


@pytest.mark.parametrize(
    ("rows", "k", "engine", "message"),
    [
        ([[1, 2], [2, 1]], 1, "nmf-lda", "k: must be a whole number from 2 up. Found: 1."),
        (
            [[1, 2, 3], [2, 1, 0], [0, 0, 0]],
            3,
            "nmf-lda",
            "k: 3 topics are too many for 2 documents and 3 terms. "
            "Ask for fewer, or count passages instead of articles.",
        ),
        (
            [[0, 0], [0, 0]],
            2,
            "nmf-lda",
            "counts: no term was counted. Lower min_df or raise max_df in count_terms.",
        ),
        (
            [[1, 2], [2, 1]],
            2,
            "mallet",
            "engine: 'mallet' is not an engine. Use one of: nmf-lda, sklearn, gensim, tomotopy.",
        ),
        (
            [[-1, 2], [2, 1]],
            2,
            "nmf-lda",
            "counts: whole numbers of occurrences are needed. Found: -1. "
            "Give what count_terms returns, not TF-IDF weights.",
        ),
    ],
)
def test_what_cannot_be_fitted(rows, k, engine, message):
    with refused(message):
        an.fit_topics(counts_of(rows), k, engine=engine)


@pytest.mark.parametrize(
    ("rows", "documents", "start", "advice"),
    [
        ([[9, 1, 4], [1, 9, 4]] * 19, 38, "38 documents (median 14 words) are too few",
         "at least 20 documents a topic and 10 words a document: a smaller k, passages in place of few articles, "
         "or short texts joined."),
        ([[4, 1, 1], [1, 4, 1]] * 20, 40, "40 documents (median 6 words) are too short",
         "at least 10 words a document: longer units, or short texts joined."),
    ],
    ids=["few documents", "few words"],
)  # fmt: skip
def test_a_corpus_too_small_gives_a_warning(rows, documents, start, advice):
    message = f"{start} for 2 topics; a new sample would probably give different ones. Use {advice}"
    with pytest.warns(UserWarning, match=f"^{re.escape(message)}$") as caught:
        topics = an.fit_topics(counts_of(rows), 2)
    assert caught[0].filename == __file__
    assert len(topics.shares) == documents


def test_names_are_carried_by_every_table():
    counts, _, _ = blocks()
    topics = an.fit_topics(counts, K)
    first, *others = topics.words.index
    energy = topics.named({first: "energy"})
    assert energy.words.index.tolist() == energy.shares.columns.tolist() == ["energy", *others]
    assert (energy.transform(counts).shares.to_numpy() == topics.transform(counts).shares.to_numpy()).all()
    assert an.top_words(energy, n=1)["label"].tolist() == ["energy", *others]
    assert an.topic_stability(energy, counts, draws=1).table["label"].tolist() == ["energy", *others]
    with pytest.raises(ValueError, match=rf"^names: the name '{others[0]}' is duplicated\. Give each"):
        topics.named({first: others[0]})
    with pytest.raises(ValueError, match=r"^names: 'x' is not a topic\. Use one of: topic 1, "):
        topics.named({"x": "energy"})
    with pytest.raises(ValueError, match=r"^names: a name must have letters, such as 'energy'\. Found: ''\.$"):
        topics.named({first: ""})


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"seed": 0}, "seed: 'nmf-lda' has no random start, so a seed has no effect. Found: 0. Leave it out."),
        ({"engine": "sklearn", "keywords": {"a": ["w01"]}}, "engine: keywords need 'nmf-lda'. Found: 'sklearn'."),
        ({"engine": "sklearn", "seed": -1}, "seed: must be a whole number from 0 to 4294967295. Found: -1."),
        (
            {"engine": "gensim", "seed": 2**40},
            f"seed: must be a whole number from 0 to 4294967295. Found: {2**40}.",
        ),
    ],
)
def test_arguments_without_effect_are_refused(wrong, message):
    with refused(message):
        an.fit_topics(blocks()[0], K, **wrong)


def test_topics_compare_by_identity_and_have_a_hash():
    topics = an.fit_topics(blocks()[0], K)
    assert topics == topics
    assert topics != an.fit_topics(blocks()[0], K)
    assert len({topics, topics}) == 1


def test_documents_of_two_languages_are_said(recwarn):
    english = "russia signed a pipeline agreement with china about energy prices and exports to asian markets " * 3
    russian = (
        "россия подписала с китаем соглашение о газопроводе ценах на энергию и экспорте на азиатские рынки " * 3
    )
    counts = an.count_terms(an.tokenize([english] * 30 + [russian] * 20))
    with pytest.warns(UserWarning, match=r"in several languages \(English and Russian\): topics then"):
        an.fit_topics(counts, 2)
    an.fit_topics(an.count_terms(an.tokenize([english] * 30 + [english + "газ"] * 20)), 2)
    assert not [one for one in recwarn if "languages" in str(one.message)]
