"""Few stories, outlets or words are told in words."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import analysis as an
from analysis.text.terms import Counts
from analysis.topics.fit import Topics

NAMES = pd.Index(["topic 1", "topic 2"], name="topic")


def limits(documents, outlets, words=20, stable=None):
    docs = pd.Index([f"d{at:02}" for at in range(documents)], name="doc_id")
    topics = Topics(
        pd.DataFrame([[0.9, 0.1], [0.1, 0.9]], NAMES, ["gas", "army"]),
        pd.DataFrame(np.full((documents, 2), 0.5), docs, NAMES),
    )
    counts = Counts(sparse.csr_array(np.full((documents, 2), words // 2)), docs, pd.Index(["gas", "army"]))
    articles = pd.DataFrame({"doc_id": docs, "outlet": (outlets * documents)[:documents]})
    stability = None if stable is None else pd.DataFrame({"topic": NAMES, "stable": stable})
    return an.topic_limits(topics, counts, articles, stability=stability).set_index("conclusion")


@pytest.mark.parametrize(
    ("case", "conclusion", "allowed", "because"),
    [
        (
            limits(5, ["AP", "BBC"]),
            "Other news of the kind has these topics.",
            False,
            "5 stories stand for no others; 20 are the least.",
        ),
        (
            limits(3, ["AP", "AP", "BBC"]),
            "Outlets differ in these topics.",
            False,
            "One story of an outlet is no sample of it: BBC.",
        ),
        (limits(3, ["AP"]), "Outlets differ in these topics.", False, "There is only one outlet."),
        (
            limits(40, ["AP"], words=8),
            "A document's shares are known.",
            False,
            "A document has 8 counted words in the median; 10 are the least.",
        ),
        (
            limits(30, ["AP"]),
            "A document's shares are known.",
            False,
            "30 documents are few for 2 topics; 40 are the least.",
        ),
        (
            limits(30, ["AP"], stable=[True, False]),
            "Every topic is there.",
            False,
            "Other samples did not repeat topic 2.",
        ),
        (
            limits(30, ["AP"], stable=[True, True]),
            "Every topic is there.",
            True,
            "All came back in other runs (seeds).",
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
