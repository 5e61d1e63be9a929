"""The planted number of topics is found, and advice comes with its reasons."""

import math
import re

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import analysis as an
from analysis.text.terms import Counts
from analysis.topics.choose import _error, _near, recommendation


def planted(k=4, terms=160, documents=240, length=60):
    rng = np.random.default_rng(1)
    words = rng.dirichlet(np.full(terms, 0.05), k)
    mixes = rng.dirichlet(np.full(k, 0.15), documents)
    matrix = sparse.csr_array(np.vstack([rng.multinomial(length, mix @ words) for mix in mixes]))
    docs = pd.Index([f"d{number:03}" for number in range(documents)], name="doc_id")
    return Counts(matrix, docs, pd.Index([f"w{number:03}" for number in range(terms)]))


@pytest.fixture(scope="module")
def table():
    return an.choose_k(planted(), [7, 2, 4], seeds=range(3))


def test_the_planted_number_is_advised(table):
    assert table["k"].tolist() == [2, 4, 7]
    assert table.attrs["recommended"] == 4
    assert table.attrs["recommendation"] == (
        "k = 4: the smallest number of topics within one standard error of the best in coherence, held-out fit "
        "and stability."
    )
    assert table["perplexity"].idxmin() == 1


def test_the_figure_marks_what_is_near(table):
    mpl.use("agg")
    ax = an.plot(table)
    assert len(ax.child_axes) == 3
    _, filled, hollow = ax.child_axes[1].collections
    assert filled.get_offsets()[:, 0].tolist() == table.loc[table["near_perplexity"], "k"].tolist()
    assert hollow.get_offsets()[:, 0].tolist() == table.loc[~table["near_perplexity"], "k"].tolist()
    assert ax.child_axes[0].lines[-1].get_xdata() == [4, 4]


def judged(coherence, perplexity, agreement, ks=(2, 4, 8)):
    near = {"near_coherence": coherence, "near_perplexity": perplexity, "near_agreement": agreement}
    return recommendation(pd.DataFrame({"k": ks} | near))


@pytest.mark.parametrize(
    ("near", "k", "words"),
    [
        (
            ([1, 1, 1], [1, 1, 1], [1, 1, 1]),
            2,
            "There is nothing to choose: no k from 2 to 8 does better than another by a standard error. "
            "The smallest, k = 2, is the simplest to read.",
        ),
        (
            ([1, 1, 0], [0, 0, 1], [1, 1, 0]),
            2,
            "k = 2: the smallest number of topics within one standard error of the best in coherence and "
            "stability. Against it: held-out fit is better at k = 8. Held-out fit is best at the largest k tried; "
            "larger ones may do better still.",
        ),
        (
            ([0, 0, 1], [0, 1, 1], [1, 1, 0]),
            4,
            "k = 4: the smallest number of topics within one standard error of the best in held-out fit and "
            "stability. Against it: coherence is better at k = 8. Coherence is best at the largest k tried; "
            "larger ones may do better still.",
        ),
        (
            ([0, 1, 0], [0, 1, 1], [1, 0, 0]),
            None,
            "No k is advised: the measures disagree. Coherence is best at k = 4. Held-out fit is best at "
            "k = 4 or 8. Stability is best at k = 2. Read the topics of each, or choose by what the study needs: "
            "few broad subjects or many narrow ones.",
        ),
    ],
    ids=["all alike", "fit wants more", "coherence wants more", "no two agree with stability"],
)
def test_advice_in_words(near, k, words):
    assert judged(*(np.array(rows, dtype=bool) for rows in near)) == (k, words)


def test_errors_and_nearness_by_hand():
    # Two splits: variance of (1, 3) is 2, of (1, 1) is 0; overlapping splits weigh (1/2 + .2/.8) of it.
    values = np.array([[1.0, 3.0], [1.0, 1.0], [2.0, 2.2]])
    np.testing.assert_allclose(_error(values)[:2], [math.sqrt(0.75 * 2), 0])
    # The third is best. The first is .1 behind, split by split 1 and -.8; the second always by 1 or more.
    assert _near(values).tolist() == [True, False, True]
    assert np.isnan(_error(values[:, :1])).all()
    assert _near(values[:, :1]).tolist() == [False, False, True]


def test_few_stories_advise_nothing():
    counts = planted(2, 40, 60)
    docs = pd.Index([f"d{at % 4}:{at}" for at in range(60)])
    articles = pd.DataFrame({"doc_id": [f"d{at}" for at in range(4)], "outlet": "AP"})
    found = an.choose_k(Counts(counts.matrix, docs, counts.terms), [2, 3], seeds=range(2), articles=articles)
    assert found.attrs["recommended"] is None
    assert found.attrs["recommendation"] == (
        "No k is advised: 4 stories are too few to learn from some and judge by others. Take a small k, look "
        "whether its topics come back (topic_stability), and use them as a reading aid."
    )


def test_nothing_to_try():
    message = "ks and seeds: one number of topics and one seed at least. Two seeds give standard errors."
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        an.choose_k(planted(), [])
