"""Few stories, outlets or words are named in words."""

import numpy as np
import pandas as pd
import pytest

import analysis as an
from analysis.topics.stability import Stability
from tests.topics.corpora import NAMES, counts_of, topics_of


def limits(documents, outlets, words=20, stable=None):
    docs = pd.Index([f"d{at:02}" for at in range(documents)], name="doc_id")
    topics = topics_of([[0.9, 0.1], [0.1, 0.9]], ["gas", "army"], np.full((documents, 2), 0.5), docs=docs)
    counts = counts_of(np.full((documents, 2), words // 2), ["gas", "army"], docs)
    articles = pd.DataFrame({"doc_id": docs, "outlet": (outlets * documents)[:documents]})
    table = pd.DataFrame({"label": NAMES, "stable": stable})
    stability = None if stable is None else Stability(table, {}, "stories", ())
    return an.topic_limits(topics, counts, articles, stability=stability).set_index("conclusion")


@pytest.mark.parametrize(
    ("case", "conclusion", "allowed", "because"),
    [
        (
            limits(5, ["AP", "BBC"]),
            "Other news of the kind has these topics.",
            False,
            "5 stories cannot represent other news; at least 20 are needed.",
        ),
        (
            limits(3, ["AP", "AP", "BBC"]),
            "Outlets differ in these topics.",
            False,
            "One story cannot represent an outlet: BBC.",
        ),
        (limits(3, ["AP"]), "Outlets differ in these topics.", False, "There is only one outlet."),
        (
            limits(40, ["AP"], words=8),
            "The shares of a document are known.",
            False,
            "The median document has 8 counted words; at least 10 are needed.",
        ),
        (
            limits(30, ["AP"]),
            "The shares of a document are known.",
            False,
            "30 documents are too few for 2 topics; 40 are needed.",
        ),
        (
            limits(30, ["AP"], stable=[True, False]),
            "Every topic exists.",
            False,
            "Other runs did not repeat topic 2.",
        ),
        (
            limits(30, ["AP"], stable=[True, True]),
            "Every topic exists.",
            True,
            "All came back when stories varied.",
        ),
    ],
)
def test_what_may_not_be_concluded(case, conclusion, allowed, because):
    assert case.loc[conclusion, "allowed"] == allowed
    assert case.loc[conclusion, "because"] == because


def test_a_large_corpus_may_conclude_most_but_never_frames():
    found = limits(80, ["AP", "BBC"], stable=[True, True])
    assert found["allowed"].tolist() == [True] * 5 + [False]
    assert found.index[-1] == "A topic is a frame."
