"""The planted number of topics is found, and advice comes with its reasons."""

import dataclasses
import math

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

import analysis as an
from analysis.text.terms import Counts
from analysis.topics.choose import _error, _near, recommendation
from tests.data import refused
from tests.topics.corpora import planted


@pytest.fixture(scope="module")
def choice():
    return an.choose_k(planted(4, 160, 240)[0], [7, 2, 4], splits=3)


def test_the_planted_number_is_recommended(choice):
    table = choice.table
    assert table["k"].tolist() == [2, 4, 7]
    assert choice.k == 4
    assert choice.reason == (
        "k = 4: the smallest number of topics within one standard error of the best in coherence, held-out fit "
        "and stability."
    )
    assert table["perplexity"].idxmin() == 1


def test_the_figure_marks_what_is_near(choice):
    table = choice.table
    mpl.use("agg")
    ax = an.plot(choice)
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
            "No k from 2 to 8 does better than another by a standard error. The smallest, k = 2, is the easiest "
            "to read.",
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
            "No k is recommended: the measures disagree. Coherence is best at k = 4. Held-out fit is best at "
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


def test_few_stories_recommend_nothing():
    counts, _, _ = planted(2, 40, 60)
    docs = pd.Index([f"d{at % 4}:{at}" for at in range(60)])
    articles = pd.DataFrame({"doc_id": [f"d{at}" for at in range(4)], "outlet": "AP"})
    found = an.choose_k(Counts(counts.matrix, docs, counts.terms), [2, 3], splits=2, articles=articles)
    assert found.k is None
    assert found.reason == (
        "No k is recommended: 4 stories are too few to fit to some and judge by others. Take a small k, "
        "check whether its topics come back (topic_stability), and use them as a reading aid."
    )


@pytest.mark.parametrize(
    ("ks", "splits", "message"),
    [
        ([], 5, "ks: give one number of topics or more, such as [5, 10, 20]."),
        ([2], 0, "splits: must be a whole number from 1 up. Found: 0."),
    ],
)
def test_nothing_to_try(ks, splits, message):
    with refused(message):
        an.choose_k(planted()[0], ks, splits=splits)


def test_the_choice_does_not_depend_on_the_table():
    choice = an.choose_k(planted()[0], [2, 3], splits=2)
    shuffled = dataclasses.replace(choice, table=choice.table.merge(choice.table[["k"]], on="k"))
    assert shuffled.k == choice.k
    titles = [an.plot(one).figure.get_suptitle() for one in (choice, shuffled)]
    assert titles[0] == titles[1]
