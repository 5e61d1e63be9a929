"""Planted topics come back, the same bytes at every run, and small corpora are told so."""

import hashlib
import os
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from scipy.optimize import linear_sum_assignment

import analysis as an
from analysis.text.terms import Counts
from analysis.topics.fit import Topics

ENGINES = ["warm", "sklearn", "gensim"]
K, TERMS, DOCUMENTS, LENGTH = 3, 60, 150, 80


def planted(seed=1):
    """Counts drawn from topics that own 20 words each, and these topics."""
    rng = np.random.default_rng(seed)
    words = np.kron(np.eye(K), np.ones(TERMS // K)) * rng.uniform(0.2, 1, TERMS)
    words /= words.sum(axis=1, keepdims=True)
    shares = rng.dirichlet([0.2, 0.1, 0.05], DOCUMENTS)
    matrix = sparse.csr_array(np.vstack([rng.multinomial(LENGTH, mix @ words) for mix in shares]))
    docs = pd.Index([f"d{number:03}" for number in range(DOCUMENTS)], name="doc_id")
    return Counts(matrix, docs, pd.Index([f"w{number:02}" for number in range(TERMS)])), words, shares


def bytes_of(topics):
    return topics.words.to_numpy().tobytes() + topics.shares.to_numpy().tobytes()


@pytest.mark.parametrize("engine", ENGINES)
def test_planted_topics_come_back(engine):
    counts, words, shares = planted()
    topics = an.fit_topics(counts, K, engine=engine)
    overlap = words @ topics.words.to_numpy().T
    own, found = linear_sum_assignment(-overlap)
    assert np.abs(topics.words.to_numpy()[found] - words[own]).sum(axis=1).max() < 0.2
    assert np.abs(topics.shares.to_numpy()[:, found] - shares[:, own]).mean() < 0.02


@pytest.mark.parametrize("engine", ENGINES)
def test_tables_are_shares_by_falling_size(engine):
    counts, _, _ = planted()
    topics = an.fit_topics(counts, K, engine=engine)
    assert topics.shares.columns.tolist() == topics.words.index.tolist() == ["topic 1", "topic 2", "topic 3"]
    assert topics.shares.index.equals(counts.docs)
    assert topics.words.columns.equals(counts.terms)
    np.testing.assert_allclose(topics.words.sum(axis=1), 1)
    np.testing.assert_allclose(topics.shares.sum(axis=1), 1)
    assert topics.shares.mean().is_monotonic_decreasing


@pytest.mark.parametrize("engine", ENGINES)
def test_order_of_rows_and_columns_changes_nothing(engine):
    counts, _, _ = planted()
    rows, columns = np.arange(DOCUMENTS)[::-1], np.random.default_rng(0).permutation(TERMS)
    turned = Counts(counts.matrix[rows][:, columns], counts.docs[rows], counts.terms[columns])
    topics, again = an.fit_topics(counts, K, engine=engine), an.fit_topics(turned, K, engine=engine)
    assert again.shares.index.equals(turned.docs)
    pd.testing.assert_frame_equal(again.shares.loc[counts.docs], topics.shares, check_exact=True)
    pd.testing.assert_frame_equal(again.words[counts.terms], topics.words, check_exact=True)


def test_two_processes_give_the_same_bytes():
    program = (
        "import hashlib; from tests.topics.test_fit import *\n"
        "for engine in ENGINES:\n"
        "    print(hashlib.sha256(bytes_of(an.fit_topics(planted()[0], K, engine=engine))).hexdigest())"
    )
    environment = {**os.environ, "PYTHONPATH": ".", "PYTHONHASHSEED": "1"}
    other = subprocess.run(
        [sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    own = [hashlib.sha256(bytes_of(an.fit_topics(planted()[0], K, engine=engine))) for engine in ENGINES]
    assert other.stdout.split() == [digest.hexdigest() for digest in own]
    assert len(set(other.stdout.split())) == len(ENGINES)


def test_only_the_warm_engine_ignores_the_seed():
    counts, _, _ = planted()
    changed = [
        bytes_of(an.fit_topics(counts, K, engine=engine, seed=1))
        != bytes_of(an.fit_topics(counts, K, engine=engine, seed=2))
        for engine in ENGINES
    ]
    assert changed == [False, True, True]


def test_documents_without_terms_have_no_shares():
    counts, _, _ = planted()
    matrix = sparse.vstack([counts.matrix[:5], counts.matrix[:1] * 0, counts.matrix[5:]], format="csr")
    holed = Counts(matrix, counts.docs.insert(5, "empty"), counts.terms)
    topics = an.fit_topics(holed, K)
    assert topics.shares.attrs["left_out"] == ["empty"]
    assert bytes_of(topics) == bytes_of(an.fit_topics(counts, K))


def test_ten_topics_are_numbered_in_equal_width():
    counts, _, _ = planted()
    twice = Counts(sparse.vstack([counts.matrix] * 2), counts.docs.append(counts.docs + "b"), counts.terms)
    names = an.fit_topics(twice, 10).words.index
    assert (names[0], names[-1]) == ("topic 01", "topic 10")


def test_top_words_by_hand():
    words = pd.DataFrame(
        [[0.2, 0.6, 0.2], [0.9, 0.0, 0.1]], index=["topic 1", "topic 2"], columns=["oil", "gas", "army"]
    )
    assert an.top_words(Topics(words, pd.DataFrame()), n=2).to_dict("list") == {
        "topic": ["topic 1", "topic 1", "topic 2", "topic 2"],
        "rank": [1, 2, 1, 2],
        "term": ["gas", "army", "oil", "army"],
        "weight": [0.6, 0.2, 0.9, 0.1],
    }


def counts_of(rows):
    matrix = sparse.csr_array(np.array(rows))
    return Counts(
        matrix, pd.Index([f"d{i}" for i in range(matrix.shape[0])]), pd.Index(list("abcdef"[: matrix.shape[1]]))
    )


@pytest.mark.parametrize(
    ("rows", "k", "engine", "message"),
    [
        ([[1, 2], [2, 1]], 1, "warm", "k=1: one topic tells nothing apart. Ask for 2 or more."),
        (
            [[1, 2, 3], [2, 1, 0], [0, 0, 0]],
            3,
            "warm",
            "k=3: more topics than the 2 documents or 3 terms can tell apart. "
            "Ask for fewer, or take passages as documents.",
        ),
        (
            [[0, 0], [0, 0]],
            2,
            "warm",
            "counts: not one term in any document. Lower min_df or raise max_df in count_terms.",
        ),
        ([[1, 2], [2, 1]], 2, "mallet", "engine='mallet': choose 'warm', 'sklearn', 'gensim' or 'tomotopy'."),
        (
            [[-1, 2], [2, 1]],
            2,
            "warm",
            "counts: found -1, where whole numbers of occurrences are needed. "
            "Give what count_terms returns, not TF-IDF weights.",
        ),
    ],
)
def test_what_cannot_be_fitted(rows, k, engine, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        an.fit_topics(counts_of(rows), k, engine=engine)


@pytest.mark.parametrize(
    ("rows", "documents", "words"),
    [([[9, 1, 4], [1, 9, 4]] * 19, 38, 14), ([[4, 1, 1], [1, 4, 1]] * 20, 40, 6)],
    ids=["few documents", "few words"],
)
def test_a_corpus_too_small_is_told_so(rows, documents, words):
    message = (
        f"{documents} documents with a median of {words} counted words are little for 2 topics: expect topics "
        "that another sample would not repeat. At least 20 documents a topic and 10 words a document are "
        "advisable: ask for a smaller k, take passages or paragraphs as documents where articles are few, or "
        "join them where they are short."
    )
    with pytest.warns(UserWarning, match=f"^{re.escape(message)}$") as told:
        topics = an.fit_topics(counts_of(rows), 2)
    assert told[0].filename == __file__
    assert len(topics.shares) == documents


def test_names_are_carried_by_every_table():
    counts, _, _ = planted()
    topics = an.fit_topics(counts, K)
    first, *others = topics.words.index
    energy = topics.named({first: "energy"})
    assert energy.words.index.tolist() == energy.shares.columns.tolist() == ["energy", *others]
    assert energy.shares.attrs == topics.shares.attrs
    assert (energy.transform(counts).to_numpy() == topics.transform(counts).to_numpy()).all()
    assert an.top_words(energy, n=1)["topic"].tolist() == ["energy", *others]
    assert an.topic_stability(counts, K, seeds=range(1), topics=energy)["topic"].tolist() == ["energy", *others]
    with pytest.raises(ValueError, match=rf"^names: two topics called '{others[0]}'\. Give each its own\.$"):
        topics.named({first: others[0]})
    with pytest.raises(ValueError, match=r"^names: no topic 'x'; there is topic 1, "):
        topics.named({"x": "energy"})
    with pytest.raises(ValueError, match=r"^names: '' is no name\. Write letters, such as 'energy'\.$"):
        topics.named({first: ""})
