"""Topics that are there come back; topics that are not there do not."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis as an
from analysis.corpus.stories import story_codes
from analysis.text.terms import Counts
from analysis.topics.fit import Topics
from analysis.topics.stability import Stability, _samples, compared, preparations
from tests.data import refused
from tests.topics.corpora import counts_of, planted


def words_of(rows, terms):
    return pd.DataFrame(rows, [f"topic {at}" for at in range(1, len(rows) + 1)], list(terms))


def test_planted_topics_are_stable_and_split_ones_are_not():
    counts, words, _ = planted(6, 300, 400, 80)
    true = an.topic_stability(an.fit_topics(counts, 6), counts, draws=2).table
    assert true["stable"].all()
    assert true["similarity"].min() > 0.95
    ten = an.fit_topics(counts, 10)
    result = an.topic_stability(ten, counts, draws=20)
    many, found = result.table, ten.words.reindex(columns=counts.terms, fill_value=0).to_numpy()
    lengths = np.outer(np.linalg.norm(found, axis=1), np.linalg.norm(words, axis=1))
    likeness = (found @ words.T / lengths).max(axis=1)
    assert (likeness > 0.9).sum() == 6
    assert many["stable"][likeness > 0.9].all()
    assert many["stable"].sum() == 6
    assert result.overall["found"] == pytest.approx(many["found"].mean())
    assert (result.over, result.note) == ("stories", "")
    assert result.runs == tuple(f"sample {number}" for number in range(1, 21))


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
SMALL = counts_of(np.diag([1, 2, 3]), ["x", "y 1", "z"], docs="abc")


def test_reprints_are_drawn_together():
    stories = story_codes(SMALL.docs, STORIES)
    assert stories.tolist() == [0, 0, 1]
    for _, drawn in _samples(SMALL, stories, 8, seed=0):
        times = pd.Series([doc[0] for doc in drawn.docs]).value_counts().reindex(list("abc"), fill_value=0)
        assert times["a"] == times["b"]
        assert times["a"] + times["c"] == 2


def test_variants_of_preparation():
    rows = [[1, 1, 1, 2]] + [[0, 0, 1, 2]] * 2 + [[0, 0, 0, 1]]
    counts = counts_of(rows, ["5g", "big gas", "gas", "said"])
    found = {name: made.terms.tolist() for name, made in preparations(counts)}
    assert found == {
        "rare terms out": ["gas", "said"],
        "common terms out": ["5g", "big gas"],
        "numbers out": ["big gas", "gas", "said"],
        "single words only": ["5g", "gas", "said"],
        "each term once": ["5g", "big gas", "gas", "said"],
    }


def test_seeds_are_varied_where_a_start_is_random():
    counts, _, _ = planted()
    result = an.topic_stability(an.fit_topics(counts, 3, engine="sklearn", seed=4), counts, over="seeds", draws=2)
    assert result.runs == ("seed 5", "seed 6")


def test_own_variants_are_compared_on_shared_terms():
    counts, _, _ = planted()
    kept = np.arange(0, 90, 2)
    half = {"half": Counts(counts.matrix[:, kept], counts.docs, counts.terms[kept])}
    result = an.topic_stability(an.fit_topics(counts, 3), counts, over="preprocessing", variants=half)
    assert result.runs == ("half",)
    assert result.table["similarity"].min() > 0.9


def test_few_stories_are_noted():
    articles = pd.DataFrame({"doc_id": ["d0", "d1"], "outlet": "AP"})
    counts, _, _ = planted()
    docs = pd.Index([f"d{at % 2}:{at}" for at in range(len(counts.docs))])
    named = Counts(counts.matrix, docs, counts.terms)
    result = an.topic_stability(an.fit_topics(named, 3), named, draws=1, articles=articles)
    assert result.note == "2 stories cannot represent other news; at least 20 are needed."


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"over": "time"}, "over: 'time' is not a choice. Use one of: stories, seeds, preprocessing."),
        ({"draws": 0}, "draws: must be a whole number from 1 up. Found: 0."),
        (
            {"over": "seeds"},
            "over='seeds': 'nmf-lda' has no random start, so every seed gives these topics. Use over='stories'.",
        ),
        ({"over": "seeds", "seed": 1}, "seed: has no effect with over='seeds'. Leave it out."),
        ({"over": "preprocessing", "draws": 3}, "draws: has no effect with over='preprocessing'. Leave it out."),
        ({"variants": {}}, "variants: has no effect with over='stories'. Leave it out."),
        (
            {"topics": Topics(pd.DataFrame(), pd.DataFrame())},
            "topics: they were fitted by another package and cannot be fitted again here. Use fit_topics.",
        ),
        (
            {"counts": SMALL},
            "counts: term 'w00' of these topics is missing. Give the counts that they were fitted to, or others "
            "of the same terms.",
        ),
    ],
)
def test_refusals(wrong, message):
    counts, _, _ = planted()
    given = {"topics": an.fit_topics(counts, 2), "counts": counts} | wrong
    with refused(message):
        an.topic_stability(given.pop("topics"), given.pop("counts"), **given)


def test_a_table_is_not_topics():
    counts, _, _ = planted()
    message = "topics: must be what fit_topics returned. Found: DataFrame."
    with refused(message, TypeError):
        an.topic_stability(an.fit_topics(counts, 3).shares, counts)


def test_stability_is_marked_in_other_tables():
    counts, _, _ = planted()
    topics = an.fit_topics(counts, 3)
    stability = an.topic_stability(topics, counts, draws=1)
    marks = stability.table["stable"]
    assert an.topic_quality(topics, counts, stability=stability)["stable"].tolist() == marks.tolist()
    words = an.top_words(topics, n=2, stability=stability)
    assert words["stable"].tolist() == np.repeat(marks, 2).tolist()
    short = Stability(stability.table[:2], {}, "stories", ())
    message = (
        "stability: topic 'topic 3' is missing. Found: topic 1, topic 2. Give what topic_stability returned for "
        "these topics."
    )
    with refused(message):
        an.topic_quality(topics, counts, stability=short)
