"""Topics that are there come back; topics that are not there do not."""

import itertools
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

import analysis as an
from analysis.text.terms import Counts
from analysis.topics.samples import resampled, story_codes, variants
from analysis.topics.stability import compared


def planted(k=3, terms=90, documents=150, length=60, seed=1):
    rng = np.random.default_rng(seed)
    words = rng.dirichlet(np.full(terms, 0.05), k)
    mixes = rng.dirichlet(np.full(k, 0.15), documents)
    matrix = sparse.csr_array(np.vstack([rng.multinomial(length, mix @ words) for mix in mixes]))
    docs = pd.Index([f"d{number:03}" for number in range(documents)], name="doc_id")
    return Counts(matrix, docs, pd.Index([f"w{number:02}" for number in range(terms)])), words


def words_of(rows, terms):
    return pd.DataFrame(rows, [f"topic {at}" for at in range(1, len(rows) + 1)], list(terms))


def test_planted_topics_are_stable_and_split_ones_are_not():
    counts, words = planted(6, 300, 400, 80)
    true = an.topic_stability(counts, 6, seeds=range(2))
    assert true["stable"].all()
    assert true["similarity"].min() > 0.95
    many = an.topic_stability(counts, 10)
    found = an.fit_topics(counts, 10).words.reindex(columns=counts.terms, fill_value=0).to_numpy()
    lengths = np.outer(np.linalg.norm(found, axis=1), np.linalg.norm(words, axis=1))
    likeness = (found @ words.T / lengths).max(axis=1)
    assert (likeness > 0.9).sum() == 6
    assert many["stable"][likeness > 0.9].all()
    assert many["stable"].sum() < 8
    assert many.attrs["overall"]["found"] == pytest.approx(many["found"].mean())
    assert many.attrs["runs"] == [f"sample {seed}" for seed in range(5)]


def test_agreement_by_hand():
    # "gas oil" against "oil gas": nothing in common at depth 1, all at depth 2. The second topic is the same word
    # at depth 1, and at depth 2 one of three words.
    one = words_of([[0.6, 0.4, 0, 0, 0], [0, 0, 0.6, 0.4, 0]], ["gas", "oil", "army", "navy", "tank"])
    other = words_of([[0, 0, 0.6, 0, 0.4], [0.4, 0.6, 0, 0, 0]], ["gas", "oil", "army", "navy", "tank"])
    agreement, similarity = compared(one[["gas", "oil", "army", "navy", "tank"]], [other])
    # All five words are ranked, those of weight 0 by the alphabet: gas oil army navy tank against oil gas army
    # navy tank, and army navy gas oil tank against army tank gas navy oil.
    np.testing.assert_allclose(agreement[0], [(0 + 1 + 1 + 1 + 1) / 5, (1 + 1 / 3 + 2 / 4 + 3 / 5 + 1) / 5])
    np.testing.assert_allclose(similarity[0], [2 * 0.24 / 0.52, 0.36 / 0.52])


@given(st.integers(0, 500), st.integers(2, 4))
def test_matching_is_one_to_one_and_best(seed, k):
    rng = np.random.default_rng(seed)
    one, other = (words_of(rng.dirichlet(np.ones(6), k), "abcdef") for _ in range(2))
    _, similarity = compared(one, [other])
    unit = [table.to_numpy() / np.linalg.norm(table, axis=1, keepdims=True) for table in (one, other)]
    alike = unit[0] @ unit[1].T
    best = max(sum(alike[at, to] for at, to in enumerate(turn)) for turn in itertools.permutations(range(k)))
    np.testing.assert_allclose(similarity.sum(), best)


def test_order_of_topics_and_terms_changes_nothing():
    one = words_of(np.random.default_rng(0).dirichlet(np.ones(6), 3), "abcdef")
    turned = one.iloc[[2, 0, 1], [5, 3, 1, 0, 2, 4]]
    agreement, similarity = compared(one, [turned])
    np.testing.assert_allclose(agreement, 1)
    np.testing.assert_allclose(similarity, 1)


STORIES = pd.DataFrame({"doc_id": list("abc"), "outlet": "AP", "story_id": ["a", "a", "c"]})
SMALL = Counts(sparse.csr_array(np.diag([1, 2, 3])), pd.Index(list("abc")), pd.Index(["x", "y 1", "z"]))


def test_reprints_are_drawn_together():
    stories = story_codes(SMALL.docs, STORIES)
    assert stories.tolist() == [0, 0, 1]
    for seed in range(8):
        drawn = resampled(SMALL, stories, seed=seed)
        times = pd.Series([doc[0] for doc in drawn.docs]).value_counts().reindex(list("abc"), fill_value=0)
        assert drawn.docs.is_unique
        assert times["a"] == times["b"]
        assert times["a"] + times["c"] == 2


def test_variants_of_preparation():
    rows = [[1, 1, 1, 2]] + [[0, 0, 1, 2]] * 2 + [[0, 0, 0, 1]]
    counts = Counts(sparse.csr_array(rows), pd.Index(list("abcd")), pd.Index(["5g", "big gas", "gas", "said"]))
    found = {name: made.terms.tolist() for name, made in variants(counts)}
    assert found == {
        "rare terms out": ["gas", "said"],
        "common terms out": ["5g", "big gas"],
        "numbers out": ["big gas", "gas", "said"],
        "single words only": ["5g", "gas", "said"],
        "each term once": ["5g", "big gas", "gas", "said"],
    }


def test_seeds_tell_of_chance_and_warm_has_none():
    counts, _ = planted()
    warm = an.topic_stability(counts, 3, over="seeds")
    assert warm["agreement"].tolist() == [1.0] * 3
    assert warm.attrs["note"] == (
        "The warm engine has no random start: every seed gives these topics. over='stories' asks more."
    )
    other = an.topic_stability(counts, 3, over="seeds", engine="sklearn", seeds=[0, 1])
    assert other.attrs["runs"] == ["seed 1"]


def test_own_variants_are_compared_on_shared_terms():
    counts, _ = planted()
    kept = np.arange(0, 90, 2)
    half = {"half": Counts(counts.matrix[:, kept], counts.docs, counts.terms[kept])}
    assert an.topic_stability(counts, 3, over="preprocessing", variants=half)["similarity"].min() > 0.9


def test_few_stories_are_told():
    articles = pd.DataFrame({"doc_id": ["d0", "d1"], "outlet": "AP"})
    counts, _ = planted()
    docs = pd.Index([f"d{at % 2}:{at}" for at in range(len(counts.docs))])
    found = an.topic_stability(Counts(counts.matrix, docs, counts.terms), 3, seeds=[0], articles=articles)
    assert found.attrs["note"] == (
        "2 stories stand for no others: what comes back is these stories, not a subject of the news."
    )


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"over": "time"}, "over='time': choose 'stories', 'seeds' or 'preprocessing'."),
        (
            {"seeds": []},
            "seeds: 0 given. One a run is needed, and two for over='seeds', where the others are "
            "compared with the first.",
        ),
    ],
)
def test_refusals(wrong, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        an.topic_stability(SMALL, 2, **wrong)


def test_stability_is_marked_in_the_table_of_quality():
    counts, _ = planted()
    topics, stability = an.fit_topics(counts, 3), an.topic_stability(counts, 3, seeds=[0])
    assert an.topic_quality(topics, counts, stability=stability)["stable"].tolist() == stability["stable"].tolist()
    words = an.top_words(topics, n=2, stability=stability)
    assert words["stable"].tolist() == np.repeat(stability["stable"], 2).tolist()
    message = "stability: no row for 'topic 3'. Give what topic_stability returns for the same counts and k."
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        an.topic_quality(topics, counts, stability=stability[:2])


def test_topics_at_hand_are_not_fitted_again():
    counts, _ = planted()
    topics = an.fit_topics(counts, 3)
    at_hand, fitted = (an.topic_stability(counts, 3, seeds=range(2), topics=held) for held in (topics, None))
    pd.testing.assert_frame_equal(at_hand, fitted)
    assert at_hand.attrs == fitted.attrs
    with pytest.raises(ValueError, match=r"^topics: 3 of \d+ terms, where k=4 and counts has 90 terms\. Give the"):
        an.topic_stability(counts, 4, topics=topics)
    with pytest.raises(TypeError, match=r"^topics: DataFrame is none\. Give what fit_topics returned\.$"):
        an.topic_stability(counts, 3, topics=topics.shares)
