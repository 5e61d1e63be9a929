import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis as an
from analysis.compare.correction.likelihood import most_likely
from benchmarks.correction import measured

COLUMNS = [
    *("outlet", "label", "n_articles", "n_stories", "share", "low", "high"),
    *("corrected", "corrected_low", "corrected_high", "note"),
]
FIGURES = ["corrected", "corrected_low", "corrected_high"]


def corpus(said, *, outlet="DW", label="economy"):
    """A story a passage: shares, articles, passages."""
    ids = pd.Index([f"p{at}" for at in range(len(said))], name="passage_id")
    docs = [f"d{at}" for at in range(len(said))]
    passages = pd.DataFrame({"passage_id": ids, "doc_id": docs})
    return pd.DataFrame({label: said}, index=ids), _articles(docs, outlet), passages


def _articles(docs, outlet="DW"):
    return pd.DataFrame({"doc_id": docs, "outlet": outlet, "story_id": docs})


def codes(values, *, probability=0.5, label="economy"):
    """The first passages, coded."""
    return pd.DataFrame(
        {"passage_id": [f"p{at}" for at in range(len(values))], label: values, "probability": probability}
    )


SHARES, ARTICLES, PASSAGES = corpus([1, 0] * 10)
CODED = codes([1, 0, 0, 1, 1, 0, 1, 0, 0, 0])
TABLE = pd.DataFrame(
    {"label": ["economy"], "n": [100], "positives": [20], "precision": [14 / 26], "recall": [0.7]}
)


def test_pseudo_outcomes_by_hand():
    # Two of four passages are coded with a chance of 1/2, so each counts as two. Where the instrument says yes:
    # d0 is coded 1. What is expected of the others is (2 · 1 + 2 · 1) / (2 + 2) = 1, an imaginary right passage
    # included, and of d0, whose own code is left out, 2 · 1 / 2 = 1. Where it says no: d1 is coded 1, so that
    # (2 · 1 + 2 · 0) / (2 + 2) = 1/2 is expected of d3, and 0 of d1: 0 + 2 · (1 − 0) = 2.
    shares, articles, passages = corpus([1, 0, 1, 0])
    row = an.correct_shares(shares, codes([1, 1]), articles, passages=passages).iloc[0]
    assert row["share"] == 0.5
    assert row["corrected"] == pytest.approx(min((1 + 2 + 1 + 0.5) / 4, 1))
    assert row["note"] == "corrected estimate beyond 0 or 1: set to it"


@given(
    st.lists(st.tuples(st.booleans(), st.booleans()), min_size=4, max_size=20),
    st.sampled_from(["dsl", "misclassification"]),
)
def test_where_all_is_coded_the_codes_count_alone(pairs, method):
    said, true = zip(*pairs, strict=True)
    shares, articles, passages = corpus(np.array(said, float))
    coded = codes(np.array(true, int), probability=1.0)
    row = an.correct_shares(shares, coded, articles, passages=passages, method=method, draws=20).iloc[0]
    assert row["corrected"] == pytest.approx(np.mean(true), abs=1e-6)
    assert row["corrected_low"] <= row["corrected"] + 1e-6
    assert row["corrected"] - 1e-6 <= row["corrected_high"]


def test_an_article_counts_once_however_long():
    # d0 has three passages, coded 1, 1, 0; d1 has one, coded 0: (2/3 + 0) / 2.
    shares = pd.DataFrame({"economy": [1, 0, 0, 1]}, index=pd.Index(list("abcd"), name="passage_id"))
    passages = pd.DataFrame({"passage_id": list("abcd"), "doc_id": ["d0", "d0", "d0", "d1"]})
    coded = pd.DataFrame({"passage_id": list("abcd"), "economy": [1, 1, 0, 0], "probability": 1.0})
    articles = pd.DataFrame({"doc_id": ["d0", "d1"], "outlet": "DW"})
    for method in ("dsl", "misclassification"):
        row = an.correct_shares(shares, coded, articles, passages=passages, method=method).iloc[0]
        assert row["corrected"] == pytest.approx(1 / 3, abs=1e-6)


def test_rogan_and_gladen_by_hand():
    # Of 20 that hold 14 are found; 26 said yes, 12 of them wrongly, of 80: .7 and .15. The instrument says yes to
    # 13 of 50: (.26 − .15) / (.7 − .15) = .2.
    shares, articles, _ = corpus([1] * 13 + [0] * 37)
    documents = shares.set_index(articles["doc_id"])
    row = an.correct_shares(documents, TABLE, articles, method="misclassification").iloc[0]
    assert row["corrected"] == pytest.approx(0.2)
    assert row["corrected_low"] < 0.05
    # By the delta method the error is √(.062² + (.2 · .102)² + (.8 · .040)²) / .55 = .132; draws lean upwards.
    assert row["corrected_high"] == pytest.approx(0.2 + 1.96 * 0.132, abs=0.08)


def test_without_a_code_the_likelihood_borrows_the_rates_of_other_outlets():
    # The first outlet is coded: of 10 that hold 7 are found, of 10 others 1 raises a false alarm. In the second
    # the instrument says yes to 28 of 100: (.28 − .1) / (.7 − .1) = .3. Nothing but the first tells the rates.
    counts = np.array([[7, 1, 3, 9, 0, 0], [0, 0, 0, 0, 28, 72]], float)
    assert most_likely(counts, np.zeros(4)) == pytest.approx([0.5, 0.3], abs=1e-4)


def test_table_and_notes():
    shares, articles, passages = corpus([1, 0] * 10, outlet=["DW"] * 14 + ["RT"] * 5 + ["TASS"])
    table = an.correct_shares(shares, CODED, articles, passages=passages)
    assert list(table) == COLUMNS
    naive = an.compare_outlets(shares.set_index(articles["doc_id"]), articles)
    pd.testing.assert_frame_equal(table[COLUMNS[:7]], naive[COLUMNS[:7]])
    few = "fewer than 2 coded stories: not corrected"
    assert table["note"].tolist() == ["", few, f"one story: no interval; {few}"]
    assert table[FIGURES].isna().all(axis=1).tolist() == [False, True, True]
    shared = an.correct_shares(shares, CODED, articles, passages=passages, method="misclassification")
    assert shared["corrected"].notna().all()
    assert shared["corrected_high"].isna().tolist() == [False, False, True]


def test_an_instrument_no_better_than_chance_corrects_nothing():
    documents = SHARES.set_index(ARTICLES["doc_id"])
    table = TABLE.assign(precision=0.2, recall=0.5)  # 50 of 100 said yes, to those that hold and to others alike
    row = an.correct_shares(documents, table, ARTICLES, method="misclassification").iloc[0]
    assert row[FIGURES].isna().all()
    assert row["note"] == "finds no more than chance: not corrected"


@pytest.mark.parametrize("method", ["dsl", "misclassification"])
def test_order_and_repetition_change_nothing(method):
    before = SHARES.copy(), CODED.copy(), ARTICLES.copy(), PASSAGES.copy()
    one = an.correct_shares(SHARES, CODED, ARTICLES, passages=PASSAGES, method=method, draws=50)
    other = an.correct_shares(
        SHARES[::-1], CODED[::-1], ARTICLES[::-1], passages=PASSAGES[::-1], method=method, draws=50
    )
    pd.testing.assert_frame_equal(one, other)
    for table, copy in zip((SHARES, CODED, ARTICLES, PASSAGES), before, strict=True):
        pd.testing.assert_frame_equal(table, copy)


def test_nothing_to_correct_is_an_empty_table():
    table = an.correct_shares(SHARES[:0], TABLE, ARTICLES, passages=PASSAGES, method="misclassification")
    assert list(table) == COLUMNS
    assert table.empty


def test_frames_of_passages_go_with_their_hits():
    passages = pd.DataFrame(
        {
            "passage_id": ["b:0", "a:0"],
            "doc_id": ["b", "a"],
            "start": 0,
            "text": ["Russia and China trade.", "Rain."],
        }
    )
    lexicon = an.load_lexicon()
    shares = an.frame_shares(an.find_frames(passages, lexicon), passages, unit="passage")
    assert shares["economy"].to_dict() == {"b:0": 1.0, "a:0": 0.0}
    assert shares.index.name == "passage_id"


def test_corrected_intervals_hold_the_truth_and_naive_ones_do_not():
    scores = measured("differing", "by lot", corpora=8, draws=100, seed=1)  # 192 intervals each
    assert scores["naive"] < 0.75
    assert 0.92 <= scores["dsl"] <= 0.98
    assert scores["misclassification"] < 0.92  # its condition, one error rate for all, does not hold
    assert scores["bias_dsl"] < scores["bias_naive"] / 4
    equal = measured("equal", "by lot, more if seen", corpora=8, draws=100, seed=1)
    assert 0.92 <= equal["dsl"] <= 0.98
    assert 0.92 <= equal["misclassification"] <= 0.98
    assert equal["width_misclassification"] < equal["width_dsl"]


NEEDED = "Coded passages need 'passage_id' and a column of 0 and 1 for each column of shares."


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"method": "em"}, "method='em': there is 'dsl' and 'misclassification'."),
        (
            {"coded": TABLE},
            "method='dsl' needs the coded passages, drawn by lot, not their validation table. "
            "Pass them, or write method='misclassification'.",
        ),
        (
            {"coded": CODED.drop(columns="probability")},
            "coded passages: no column 'probability'; there is passage_id, economy. method='dsl' needs the chance "
            "that each passage had of being coded: n / N for n of N drawn by lot. Not drawn by lot? Write "
            "method='misclassification'.",
        ),
        (
            {"passages": None, "shares": SHARES.set_index(ARTICLES["doc_id"])},
            "passages: coded passages are compared with what the instrument says of each. Pass shares of one row "
            "a passage, frame_shares(hits, passages, unit='passage'), and passages=passages.",
        ),
        (
            {"shares": SHARES.set_index(ARTICLES["doc_id"])},
            "shares: 'd0' is not among the passages. With passages=…, shares have one row a passage: "
            "frame_shares(hits, passages, unit='passage').",
        ),
        ({"passages": ARTICLES}, "passages: no column 'passage_id'; there is doc_id, outlet, story_id."),
        ({"passages": pd.concat([PASSAGES] * 2)}, "passages: passage 'p0' stands twice."),
        (
            {"shares": SHARES * 0.5},
            "shares: passage 'p0' has 0.5 in 'economy'; of a passage the instrument says 0 or 1.",
        ),
        (
            {"coded": CODED.drop(columns="economy")},
            f"coded passages: no column 'economy'; there is passage_id, probability. {NEEDED}",
        ),
        ({"coded": CODED[:0]}, "coded passages: the table is empty, so nothing can be corrected."),
        (
            {"coded": pd.concat([CODED] * 2)},
            "coded passages: 'p0' stands twice. Give each passage one code, the coders' majority.",
        ),
        (
            {"coded": CODED.assign(passage_id=CODED["passage_id"] + "x")},
            "coded passages: 'p0x' is not among the passages of shares. Pass those that the sample was drawn "
            "from. Coded elsewhere? Pass validate(lexicon, coded) and method='misclassification'.",
        ),
        ({"coded": CODED.assign(economy=2)}, "coded passages: economy is 2 for 'p0'. A code is 0 or 1."),
        (
            {"coded": CODED.assign(probability=[20.0, *CODED["probability"][1:]])},
            "coded passages: the probability of 'p0' is 20.0; the chance of having been coded is above 0 and at "
            "most 1.",
        ),
        (
            {"coded": TABLE.assign(label="trade"), "method": "misclassification"},
            "validation: no label 'economy'; there is trade. Leave the column out of shares, or validate it.",
        ),
        (
            {"coded": pd.concat([TABLE] * 2), "method": "misclassification"},
            "validation: label 'economy' stands twice. Pass one row a frame: the figures over all outlets and "
            "entries.",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(given, error):
    tables = {"shares": SHARES, "coded": CODED, "articles": ARTICLES, "passages": PASSAGES} | given
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the whole text is compared
        an.correct_shares(**tables)
    assert str(raised.value) == error
