"""Which passages are drawn to be coded, and with what weight."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from to_code import ARTICLES, LEXICON, PASSAGES, written

import analysis as an
from analysis.frames.coding.sample import drawn_places, even_probabilities, sheet_rows
from tests.data import refused


def test_scores_and_what_each_passage_stands_for():
    sample = an.sample_to_code(PASSAGES, LEXICON, articles=ARTICLES, n=100)
    assert sample["score"].tolist() == [
        "near found", "only negated", "far found", "none", "none", "none", "none", "near found",
    ]  # fmt: skip
    assert (sample["weight"] == 1).all()
    assert sample["story_id"].tolist() == ["a"] * 8
    assert sample["stratum"].tolist()[:2] == ["DW / near found", "DW / only negated"]
    assert sample.attrs == {}


def test_strata_are_drawn_evenly_and_weights_are_one_over_the_probability():
    sample = an.sample_to_code(PASSAGES, LEXICON, articles=ARTICLES, n=7)
    # Six strata hold 1, 1, 1, 1, 3 and 1 passages; seven are wanted: all of the small ones, two of the three.
    none = sample[(sample["outlet"] == "TASS") & (sample["score"] == "none")]
    assert none["probability"].tolist() == pytest.approx([2 / 3] * 2)
    assert none["weight"].tolist() == pytest.approx([1.5] * 2)
    assert len(sample) == 7
    assert sample["weight"].sum() == pytest.approx(8)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=60), st.integers(1, 80), st.integers(0, 99))
def test_any_number_is_drawn_with_the_probabilities_told(strata, n, seed):
    stratum = np.unique(strata, return_inverse=True)[1]
    n = min(n, len(stratum))
    probability = even_probabilities(stratum, n)
    drawn = drawn_places(stratum, probability, np.random.default_rng(seed))
    assert len(set(drawn.tolist())) == len(drawn) == n
    expected = np.bincount(stratum, weights=probability)
    assert (np.abs(np.bincount(stratum[drawn], minlength=len(expected)) - expected) < 1).all()


def test_over_many_seeds_each_passage_is_drawn_as_often_as_told():
    stratum = np.array([0] * 7 + [1] * 2 + [2])
    probability = even_probabilities(stratum, 5)  # two of seven, two of two, one of one
    assert probability == pytest.approx([2 / 7] * 7 + [1] * 3)
    times = np.zeros(10)
    for seed in range(2000):
        times[drawn_places(stratum, probability, np.random.default_rng(seed))] += 1
    assert times / 2000 == pytest.approx(probability, abs=0.05)


def test_each_coder_has_an_order_of_their_own_and_a_seed_gives_the_same_bytes(tmp_path):
    for folder in ("one", "two"):
        written(tmp_path / folder, coders=["ann", "bob"], seed=4)
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == ["ann.csv", "ann.xlsx", "bob.csv", "bob.xlsx", "codebook.md", "design.csv"]
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    ann, bob = (sheet_rows(tmp_path / "one" / f"{name}.csv")["passage_id"].tolist() for name in ("ann", "bob"))
    assert sorted(ann) == sorted(bob)
    assert ann != bob


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"n": 0}, "n: must be a whole number from 1 up. Found: 0."),
        ({"n": 2.5}, "n: must be a whole number from 1 up. Found: 2.5."),
        ({"coders": "ann"}, "coders: give how many there are, or a list of their names. Found: 'ann'."),
        ({"coders": 0}, "coders: give how many there are, or a list of their names. Found: 0."),
        ({"coders": ["../ann"]},
         "coders: '../ann' cannot name a file. Use letters, digits, dots and dashes."),
        ({"coders": ["Ann", "ann"]},
         "coders: two names are alike except for case. Found: ['Ann', 'ann']. Give each a different name."),
        ({"articles": ARTICLES[:1]},
         "articles: 4 of 8 documents are not in this table. First: 'b'. Give the articles that the "
         "shares or counts were "
         "made from."),
    ],
)  # fmt: skip
def test_what_cannot_be_sampled_is_told(options, error):
    with refused(error):
        an.sample_to_code(PASSAGES, LEXICON, **options)


def test_codes_are_never_overwritten(tmp_path):
    written(tmp_path, coders=["ann"])
    with refused(
        f"{tmp_path / 'ann.csv'} exists already. Move it, or name another folder with path=….", FileExistsError
    ):
        written(tmp_path, coders=["bob", "ann"])
    assert not (tmp_path / "bob.xlsx").exists()


def test_a_text_longer_than_a_cell_is_refused_before_anything_is_written(tmp_path):
    long = PASSAGES.assign(text="x" * 32_768)
    with pytest.raises(
        ValueError, match=r"^passages: the text of 'a:0' has 32,768 characters; a cell holds 32,767\."
    ):
        an.sample_to_code(long, LEXICON, path=tmp_path / "s")
    assert not (tmp_path / "s").exists()


def test_a_design_without_weights_is_refused():
    sample = an.sample_to_code(PASSAGES, LEXICON, articles=ARTICLES, n=7)
    coded = sample.drop(columns=["weight", "probability"]).assign(near=[1, 0] * 3 + [1], far=0)
    with pytest.raises(ValueError, match=r"column 'weight' is missing.*drawn from strata"):
        an.validate(coded, LEXICON)
    by_chance = an.validate(sample.drop(columns="weight").assign(near=[1, 0] * 3 + [1], far=0), LEXICON)
    by_weight = an.validate(sample.assign(near=[1, 0] * 3 + [1], far=0), LEXICON)
    pd.testing.assert_frame_equal(by_chance.table, by_weight.table)
