import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import analysis as an
from analysis.compare.correction.estimators import most_likely
from analysis.compare.inference import Inference
from analysis.frames.coding.certificate import Certificate
from analysis.frames.formats.read_yaml import parsed
from tests.data import refused

COLUMNS = [
    *("outlet", "label", "n_articles", "n_stories", "share", "low", "high"),
    *("corrected", "corrected_low", "corrected_high", "n_coded", "by_hand", "by_hand_low", "by_hand_high", "note"),
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


SHARES, ARTICLES, PASSAGES = TABLES = corpus([1, 0] * 10)
CODED = codes([1, 0, 0, 1, 1, 0, 1, 0, 0, 0])


def validation(both, only, missed, neither, label="economy"):
    """What ``validate`` finds on as many passages, each of an article of its own."""
    cells = {"both": both, "instrument_only": only, "coders_only": missed, "neither": neither}
    n = sum(cells.values())
    sizes = {"size_share": n, "size_found": both + only, "size_others": missed + neither, "p_outlets": np.nan}
    return Certificate(n=n, clusters=n, cells=pd.DataFrame([{"label": label} | cells | sizes]))  # fmt: skip


VALIDATION = validation(14, 12, 6, 68)
FAST = Inference(draws=50)


def corrected(coded, tables=TABLES, **settings):
    """What ``correct_shares`` finds in a corpus."""
    shares, articles, passages = tables
    return an.correct_shares(shares, coded, articles, passages=passages, **settings)


def first(*given, **settings):
    return corrected(*given, **settings).iloc[0]


def documents(said):
    """Shares of articles, and the articles."""
    shares, articles, _ = corpus(said)
    return shares.set_index(articles["doc_id"]), articles, None


def test_pseudo_outcomes_by_hand():
    # Two of four passages are coded with a chance of 1/2, so each counts as two. Where the instrument says yes:
    # d0 is coded 1. What is expected of the others is (2 · 1 + 2 · 1) / (2 + 2) = 1, an imaginary right passage
    # included, and of d0, whose own code is left out, 2 · 1 / 2 = 1. Where it says no: d1 is coded 1, so that
    # (2 · 1 + 2 · 0) / (2 + 2) = 1/2 is expected of d3, and 0 of d1: 0 + 2 · (1 − 0) = 2.
    row = first(codes([1, 1]), corpus([1, 0, 1, 0]))
    assert row["share"] == 0.5
    assert row["corrected"] == pytest.approx(min((1 + 2 + 1 + 0.5) / 4, 1))
    assert row["note"].endswith("corrected estimate beyond 0 or 1: set to it")


@example([(False, False)] * 4, "misclassification")  # nothing varies in any draw
@example([(True, True)] * 9, "misclassification")
@given(
    st.lists(st.tuples(st.booleans(), st.booleans()), min_size=4, max_size=20),
    st.sampled_from(["dsl", "misclassification"]),
)
def test_where_all_is_coded_the_codes_count_alone(pairs, method):
    said, true = zip(*pairs, strict=True)
    coded = codes(np.array(true, int), probability=1.0)
    row = first(coded, corpus(np.array(said, float)), method=method, how=Inference(draws=20))
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
        row = first(coded, (shares, articles, passages), method=method)
        assert row["corrected"] == pytest.approx(1 / 3, abs=1e-6)


def test_rogan_and_gladen_by_hand():
    # Of 20 that hold 14 are found; 26 said yes, 12 of them wrongly, of 80: .7 and .15. The instrument says yes to
    # 13 of 50: (.26 − .15) / (.7 − .15) = .2.
    row = first(VALIDATION, documents([1] * 13 + [0] * 37), method="misclassification")
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
    shares, articles, _ = tables = corpus([1, 0] * 10, outlet=["DW"] * 14 + ["RT"] * 5 + ["TASS"])
    table = corrected(CODED, tables)
    assert list(table) == COLUMNS
    naive = an.compare_outlets(shares.set_index(articles["doc_id"]), articles)
    pd.testing.assert_frame_equal(table[COLUMNS[:7]], naive[COLUMNS[:7]])
    few = "fewer than 2 coded stories: not corrected"
    assert table["note"].tolist()[1:] == [few, f"one story: no interval; {few}"]
    assert table["n_coded"].tolist() == [10, 0, 0]
    assert table["by_hand"][0] == pytest.approx(0.4)
    assert table["by_hand_low"][0] < 0.4 < table["by_hand_high"][0]
    assert table[FIGURES].isna().all(axis=1).tolist() == [False, True, True]
    shared = corrected(CODED, tables, method="misclassification")
    assert shared["corrected"].notna().all()
    assert shared["corrected_high"].isna().tolist() == [False, False, True]


def test_errors_of_which_none_was_seen_widen_the_bounds():
    """Half of 40 passages coded, all as the instrument says: it may still err in some of the others."""
    tables = corpus([1, 0, 0, 0] * 10)
    half, every = first(codes([1, 0, 0, 0] * 5), tables), first(codes([1, 0, 0, 0] * 10, probability=1.0), tables)
    assert half["corrected"] == pytest.approx(0.25, abs=0.02)
    assert half["corrected_low"] < every["corrected_low"] < every["corrected_high"] < half["corrected_high"]


@pytest.mark.parametrize("probability", [1.0, 0.999])
def test_outlets_all_of_whose_stories_agree_have_bounds(probability):
    """Of 20 stories without the label, up to 17 of 100 may carry it (Clopper & Pearson 1934)."""
    row = first(codes([0] * 20, probability=probability), corpus([0] * 20))
    assert row["corrected_low"] == row["corrected"] == 0
    assert row["corrected_high"] == pytest.approx(1 - 0.025 ** (1 / 20), abs=0.04)


def in_stories_of(size, said):
    """Passages, all of them coded, of which so many make a story."""
    shares, _, passages = corpus(said)
    docs = [f"d{at // size}" for at in range(len(said))]
    tables = shares, _articles(sorted(set(docs))), passages.assign(doc_id=docs)
    return first(codes(said, probability=1.0), tables)


def test_few_stories_none_of_which_carries_the_label_are_not_taken_for_many_passages():
    """Five stories of four passages: 20 independent ones would leave 17 of 100, five 52 (Clopper & Pearson)."""
    assert 0.45 < in_stories_of(4, [0] * 20)["corrected_high"] < 0.7


def test_stories_that_agree_by_chance_are_no_surer_than_their_passages():
    """Six stories of three passages, one of them about the economy: 18 independent ones would say 15 to 58."""
    row = in_stories_of(3, [1, 0, 0] * 6)
    assert row["corrected_low"] < 0.15
    assert row["corrected_high"] > 0.55


def test_an_instrument_no_better_than_chance_corrects_nothing():
    found = validation(10, 40, 10, 40)  # 50 of 100 said yes, to those that hold and to others alike
    row = first(found, documents([1, 0] * 10), method="misclassification")
    assert row[FIGURES].isna().all()
    assert row["note"] == "finds no more than chance: not corrected"


@pytest.mark.parametrize("method", ["dsl", "misclassification"])
def test_order_and_repetition_change_nothing(method):
    given = CODED, *TABLES
    before = [table.copy() for table in given]
    one = corrected(CODED, method=method, how=FAST)
    other = corrected(CODED[::-1], [table[::-1] for table in TABLES], method=method, how=FAST)
    pd.testing.assert_frame_equal(one, other)
    for table, copy in zip(given, before, strict=True):
        pd.testing.assert_frame_equal(table, copy)


def test_nothing_to_correct_is_an_empty_table():
    table = corrected(VALIDATION, (SHARES[:0], ARTICLES, PASSAGES), method="misclassification")
    assert list(table) == COLUMNS
    assert table.empty


def test_errors_that_visibly_differ_are_not_taken_for_one():
    """90 of 100 found in A, 20 of 100 in B, true shares alike: one rate for both would part them."""
    rng = np.random.default_rng(0)
    true = rng.random(400) < 0.3
    said = true & (rng.random(400) < np.repeat([0.9, 0.2], 200))
    tables = corpus(said.astype(int), outlet=["A"] * 200 + ["B"] * 200)
    coded = pd.DataFrame({"passage_id": tables[0].index, "economy": true.astype(int), "probability": 0.375})
    coded = coded.sample(150, random_state=0)
    table = corrected(coded, tables, method="misclassification")
    assert table[FIGURES].isna().all(axis=None)
    assert table["note"].str.startswith("errors differ between outlets (p < .001): not corrected; use").all()
    assert table["by_hand"].notna().all()
    right = corrected(coded, tables)
    assert (right["corrected_low"] < 0.3).all()
    assert (right["corrected_high"] > 0.3).all()
    one_outlet = first(CODED, method="misclassification")
    assert one_outlet["note"] == "errors assumed equal in all outlets (not tested)"
    lexicon = parsed("frames: {economy: [trade]}", "trade.yaml")
    elsewhere = coded.assign(
        text=np.where(said[coded.index], "trade", "sea"), outlet=np.where(coded.index < 200, "A", "B")
    )
    by_table = corrected(an.validate(elsewhere, lexicon), tables, method="misclassification")
    assert by_table[FIGURES].isna().all(axis=None)
    assert by_table["note"].str.startswith("errors differ between outlets").all()


def test_ties_are_counted_both_ways():
    tied = CODED.assign(economy=[1, None, 0, 1, 1, 0, 1, 0, 0, 0], tied=["", "economy", *[""] * 8])
    for method in ("dsl", "misclassification"):
        either = CODED, CODED.assign(economy=[1, 1, 0, 1, 1, 0, 1, 0, 0, 0])
        row, no, yes = (first(coded, method=method) for coded in (tied, *either))
        assert "ties of coders: 1, counted both ways in the bounds" in row["note"]
        assert no["corrected"] <= row["corrected"] <= yes["corrected"]
        assert row["corrected_low"] <= no["corrected_low"] + 1e-9
        assert row["corrected_high"] >= yes["corrected_high"] - 1e-9
        assert row["by_hand"] == pytest.approx(0.45)


def test_a_passage_without_a_code_is_stood_for_by_its_stratum():
    full = CODED.assign(economy=[1, 0, 0, 1, 1, 0, 1, 0, 0, 0], stratum="all")
    missing = full.assign(economy=[1, 0, 0, 1, 1, 0, 1, 0, None, None])
    row = first(missing)
    assert row["n_coded"] == 8
    assert row["by_hand"] == pytest.approx(0.5)


def test_codes_of_articles_are_compared_with_labels_of_articles():
    coded = CODED.assign(doc_id=[f"d{at}" for at in range(10)]).drop(columns="passage_id")
    assert first(coded, documents([1, 0] * 10))["corrected"] == first(CODED)["corrected"]


def test_a_weight_says_as_much_as_a_probability():
    by_weight = CODED.drop(columns="probability").assign(weight=2.0)
    pd.testing.assert_frame_equal(corrected(by_weight), corrected(CODED))


def test_an_instrument_that_gains_nothing_is_named():
    assert "no narrower than the hand codes alone" in first(CODED, corpus([0, 0, 1, 1] * 5))["note"]


NEEDED = "Coded passages need 'passage_id' and a column of codes for each column of shares."


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"method": "em"}, "method: 'em' is not a method. Use one of: dsl, misclassification."),
        (
            {"coded": VALIDATION},
            "correct_shares: method='dsl' needs the coded passages, drawn at random, not their validation. "
            "Pass them, or write method='misclassification'.",
        ),
        (
            {"coded": CODED.drop(columns="probability")},
            "coded passages: column 'probability' is missing. Found: passage_id, economy. method='dsl' needs the "
            "probability that each passage had of being coded: n / N for n of N drawn at random. Not drawn at "
            "random? Write method='misclassification'.",
        ),
        (
            {"passages": None, "shares": SHARES.set_index(ARTICLES["doc_id"])},
            "correct_shares: passages= is missing. Give shares with one row per passage and passages=passages, or "
            "codes of articles with 'doc_id'.",
        ),
        (
            {"shares": SHARES.set_index(ARTICLES["doc_id"])},
            "shares: 'd0' is not among the passages. Give one row per passage: "
            "frame_shares(hits, passages, unit='passage').",
        ),
        ({"passages": ARTICLES}, "passages: column 'passage_id' is missing. Found: doc_id, outlet, story_id."),
        ({"passages": pd.concat([PASSAGES] * 2)}, "passages: passage 'p0' is duplicated. Keep one row."),
        (
            {"shares": SHARES * 1.5},
            "shares: passage 'p0' needs 0, 1 or a probability in 'economy'. Found: 1.5.",
        ),
        (
            {"coded": CODED.drop(columns="economy")},
            f"coded passages: column 'economy' is missing. Found: passage_id, probability. {NEEDED}",
        ),
        ({"coded": CODED[:0]}, "coded passages: the table is empty, so nothing can be corrected."),
        (
            {"coded": pd.concat([CODED] * 2)},
            "coded passages: passage 'p0' is duplicated. Give each passage one code, the coders' majority "
            "(an.majority_codes).",
        ),
        (
            {"coded": CODED.assign(passage_id=CODED["passage_id"] + "x")},
            "coded passages: 'p0x' is not among the passages of shares. Give those that the sample was drawn "
            "from; if coded elsewhere, give validate(coded, lexicon) and method='misclassification'.",
        ),
        (
            {"coded": CODED.assign(economy=2)},
            "coded passages: economy has an invalid code in row 0 (from 0). Found: 2. A code is 1 or 0, yes or "
            "no, true or false, or missing. If it means 'not coded', write it as missing: "
            ".replace({2: None}). If numbers are classes, write a row per coder, with the number in a column "
            "'class'.",
        ),
        (
            {"coded": CODED.assign(probability=[20.0, *CODED["probability"][1:]])},
            "coded passages: probability must be a number above 0 and at most 1, as an.sample_to_code gives it. "
            "Found: 20.0 in row 0 (from 0). Drop the column to count each passage once.",
        ),
        (
            {"coded": validation(14, 12, 6, 68, "trade"), "method": "misclassification"},
            "validation: label 'economy' is missing. Found: trade. Leave the column out of shares, or "
            "validate it.",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(given, error):
    tables = {"shares": SHARES, "coded": CODED, "articles": ARTICLES, "passages": PASSAGES} | given
    with refused(error):
        an.correct_shares(**tables)
