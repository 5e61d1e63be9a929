"""What one observation is: a story, with its reprints and passages."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from outlets import corpus

import analysis as an
from analysis.compare import observations


@pytest.mark.parametrize("compare", [an.compare_outlets, an.outlet_differences])
def test_without_stories_the_note_says_so(compare):
    shares, articles = corpus([("DW", "a"), ("DW", "b"), ("TASS", "c")], economy=[0.2, 0.4, 0.6])
    without = compare(shares, articles.drop(columns="story_id"))["note"]
    assert without.str.endswith("no story_id: each article taken for a story").all()
    assert not compare(shares, articles)["note"].str.contains("article").any()
    assert (
        compare(shares, articles, how=an.Inference(cluster="doc_id"))["note"].tolist()
        == compare(shares, articles)["note"].tolist()
    )


def test_only_originals_count_if_asked():
    shares, articles = corpus([("DW", "a"), ("TASS", "a"), ("TASS", "b"), ("DW", "c")], economy=[0.2, 0.9, 0.4, 0])
    articles["copy_of"] = [None, "d000", None, None]
    table = an.compare_outlets(shares, articles, how=an.Inference(reprints="original"))
    assert table[["outlet", "n_stories", "share"]].to_numpy().tolist() == [["DW", 2, 0.1], ["TASS", 1, 0.4]]


def passage_shares():
    """DW: story a twice, with 2 and 4 passages, and story b with 1; TASS: story c with 1."""
    _, articles = corpus([("DW", "a"), ("DW", "a"), ("DW", "b"), ("TASS", "c")])
    ids = ["d000:0", "d000:7", "d001:0", "d001:1", "d001:2", "d001:3", "d002:0", "d003:5"]
    return pd.DataFrame({"x": [1.0, 0, 1, 1, 0, 0, 1, 0]}, index=pd.Index(ids, name="passage_id")), articles


def test_passages_weigh_stories_and_reprints_share_one():
    # Story a: half of six passages, which are three an article; b: one of one. (3 · ½ + 1) / (3 + 1) = 0.625
    table = an.compare_outlets(*passage_shares())
    assert table["share"].tolist() == [0.625, 0.0]
    assert table[["n_articles", "n_stories"]].to_numpy().tolist() == [[3, 2], [1, 1]]


def test_one_passage_an_article_is_the_same_as_articles():
    shares, articles = corpus([(o, f"{o}{at}") for o in ("DW", "TASS") for at in range(5)], x=np.arange(10) / 10)
    passages = shares.set_axis(shares.index + ":3")
    for compare in (an.compare_outlets, an.outlet_differences):
        pd.testing.assert_frame_equal(compare(shares, articles), compare(passages, articles))


def test_passages_of_unknown_articles_are_refused():
    shares, articles = passage_shares()
    with pytest.raises(ValueError, match=r"^articles: 2 of 8 documents are not in this table\. First: 'd000:0'\."):
        an.compare_outlets(shares, articles.iloc[1:])


@pytest.mark.parametrize("cluster", ["story_id", "doc_id", "day", "month"])
def test_only_articles_of_stories_with_a_share_are_looked_at(cluster):
    shares, articles = corpus([(o, f"{o}{at}") for o in ("DW", "TASS") for at in range(5)], x=np.arange(10) / 10)
    articles["date"] = pd.date_range("2020-01-01", periods=10, freq="9D")
    reprint = articles.head(1).assign(doc_id="early", date=pd.Timestamp("2019-12-01"))  # of a story with a share
    others = pd.concat(
        [articles.assign(doc_id=articles["doc_id"] + f"x{at}", story_id=f"x{at}") for at in range(9)]
    )
    how = an.Inference(cluster=cluster, draws=100)
    few, many = pd.concat([articles, reprint]), pd.concat([others, articles, reprint])
    looked_at = observations.concerned(shares, many, how)["doc_id"]
    assert set(few["doc_id"]) - {"early"} <= set(looked_at)
    assert cluster in ("day", "month") or set(looked_at) <= set(few["doc_id"])
    for compare in (an.compare_outlets, partial(an.outlet_differences, control="period")):
        pd.testing.assert_frame_equal(compare(shares, few, how=how), compare(shares, many, how=how))
