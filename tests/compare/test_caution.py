"""The caution of keyword topics is in every comparison and every figure made from them."""

import pandas as pd
import pytest

import analysis as an
from analysis.topics.engines import CAUTION
from tests.topics.corpora import blocks

COUNTS = blocks()[0]
ARTICLES = pd.DataFrame(
    {
        "doc_id": COUNTS.docs,
        "outlet": ["AP", "BBC"] * 75,
        "text": "Gas prices rose.",
        "date": pd.date_range("2016-01-01", periods=150, freq="5D"),
    }
)


@pytest.fixture(scope="module")
def topics():
    return an.fit_topics(COUNTS, 3, keywords={"economy": ["w01", "w02"]})


STEPS = {
    "estimates": lambda topics: an.compare_outlets(topics, ARTICLES),
    "periods": lambda topics: an.compare_outlets(topics, ARTICLES, "quarter"),
    "differences": lambda topics: an.outlet_differences(topics, ARTICLES),
    "changes": lambda topics: an.outlet_changes(topics, ARTICLES, "quarter"),
    "prevalence": lambda topics: an.topic_prevalence(topics, COUNTS, ARTICLES),
    "cards": lambda topics: an.topic_cards(topics, ARTICLES).estimates,
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_every_comparison_repeats_the_caution(topics, step):
    table = step(topics)
    assert len(table)
    assert table["caution"].eq(CAUTION).all()
    merged = table.merge(pd.DataFrame({"label": ["economy"]}), on="label")
    assert merged["caution"].eq(CAUTION).all()
    assert "caution" not in step(an.fit_topics(COUNTS, 3))


@pytest.mark.parametrize(
    "bare", [lambda topics: topics.shares, lambda topics: topics.transform(COUNTS).shares[::-1]]
)
def test_the_bare_table_of_shares_gives_the_same_with_the_caution(topics, bare):
    pd.testing.assert_frame_equal(an.compare_outlets(topics, ARTICLES), an.compare_outlets(bare(topics), ARTICLES))
    some = bare(topics)[["economy"]].groupby(level=0).mean()
    assert an.outlet_differences(some, ARTICLES)["caution"].eq(CAUTION).all()
    assert an.convergence({"one": some, "other": some + 0})["caution"].eq(CAUTION).all()


DRAWN = {
    "list": lambda topics: topics,
    "map": lambda topics: topics,
    "shares": lambda topics: an.compare_outlets(topics, ARTICLES),
    "differences": lambda topics: an.outlet_differences(topics, ARTICLES),
    "cards": lambda topics: an.topic_cards(topics, ARTICLES),
}


@pytest.mark.parametrize("kind", DRAWN)
def test_every_figure_repeats_the_caution(topics, kind):
    figure = an.plot(DRAWN[kind](topics), kind if kind == "map" else None).figure
    texts = [figure.get_supxlabel(), *(one.get_text() for axes in figure.axes for one in axes.texts)]
    assert any(CAUTION[:40] in " ".join(text.split()) for text in texts)


def test_convergence_repeats_the_caution(topics):
    table = an.convergence({"topics": topics, "shares": topics.shares}, how=an.Inference(draws=10))
    assert table["caution"].eq(CAUTION).all()
    bare = pd.DataFrame(topics.shares.to_numpy(), topics.shares.index)
    plain = an.convergence({"topics": bare, "shares": bare}, how=an.Inference(draws=10))
    assert "caution" not in plain
