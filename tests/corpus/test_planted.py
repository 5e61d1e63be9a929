"""Reprints planted in a part of News Articles: found, and no two stories merged by them."""

import pandas as pd
import pytest

import analysis as an
from benchmarks.corpora import KINDS, enlarged, planted


@pytest.fixture(scope="module")
def articles():
    return an.load_example("news").iloc[::8].reset_index(drop=True)


@pytest.fixture(scope="module")
def reprints(articles):
    return planted(articles, 120, seed=1)


@pytest.fixture(scope="module")
def marked(articles, reprints):
    return an.mark_copies(pd.concat([articles, reprints], ignore_index=True)).set_index("doc_id")


@pytest.mark.parametrize("kind", KINDS)
def test_of_a_hundred_planted_reprints_98_are_found(marked, reprints, kind):
    of_kind = reprints[reprints["kind"] == kind]
    found = marked["story_id"][of_kind["doc_id"]].to_numpy() == marked["story_id"][of_kind["source"]].to_numpy()
    assert found.sum() >= len(of_kind) - (kind == "changed words")
    assert len(of_kind) == 20


def test_no_two_stories_are_merged_or_split_by_them(marked, articles):
    alone = an.mark_copies(articles).set_index("doc_id")["story_id"]
    among = marked["story_id"][articles["doc_id"]]
    assert pd.crosstab(alone, among).gt(0).sum().eq(1).all()
    assert among.nunique() == alone.nunique()


def test_the_order_of_the_rows_does_not_matter(marked):
    table = marked.drop(columns=["story_id", "copy_of", "overlap"]).reset_index()
    shuffled = an.mark_copies(table.sample(frac=1, random_state=0)).set_index("doc_id")
    pd.testing.assert_frame_equal(shuffled.loc[marked.index], marked)


def test_synthetic_articles_reprint_nothing(articles):
    large = enlarged(articles, 1_200)
    long = large["text"].str.count(r"\S+") >= 120
    found = an.mark_copies(large[long])
    synthetic = found["doc_id"].str.startswith("synthetic")
    assert synthetic.sum() > 600
    assert found["copy_of"][synthetic].isna().all()
