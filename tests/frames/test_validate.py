import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis as an
from analysis.frames.coding.codes import Judged
from analysis.frames.coding.measures import frame_table, measures, rate
from analysis.frames.coding.sample import drawn_places, even_probabilities
from analysis.frames.formats.read_yaml import parsed
from analysis.show.report.instrument import Instrument, certificate
from tests.data import refused

LEXICON = parsed("frames: {near: [ally], far: [rival]}", "tiny.yaml")
# The lexicon and the coders both say yes twice, the lexicon alone once, the coders alone once, nobody twice.
CODED = pd.DataFrame(
    {
        "article": ["a", "a", "b", "b", "c", "c"],
        "text": ["ally", "an ally", "ally?", "friend", "sea", "sky"],
        "near": [1, 1, 0, 1, 0, 0],
        "far": [0, 0, 0, 0, 0, 0],
    }
)
BOUNDS = ["precision_low", "precision_high", "recall_low", "recall_high", "f1_low", "f1_high", "alpha_low"]


def test_columns_of_coders_that_are_not_known_as_such_are_named():
    more = {"near_ann": CODED["near"], "near_coder_bob": 1, "near_why": "said so", "near_n": range(6)}
    said = "Not read as codes: near_ann. A column of one coder is called near_coder_NAME."
    assert said in an.validate(CODED.assign(**more), LEXICON).notes
    assert not any("Not read" in note for note in an.validate(CODED, LEXICON).notes)


def test_measures_by_hand():
    found = an.validate(CODED, LEXICON)
    row = found.table.iloc[0]
    assert (row["label"], row["n"], row["positives"], row["unsettled"]) == ("near", 6, 3, 0)
    assert row["precision"] == pytest.approx(2 / 3)
    assert row["recall"] == pytest.approx(2 / 3)
    assert row["f1"] == pytest.approx(2 / 3)
    # Twelve codes, six of them 1: by chance 2 · 6 · 6 / (12 · 11) = 6/11 disagree, in truth 2/6.
    assert row["alpha"] == pytest.approx(1 - (2 / 6) / (6 / 11))
    assert found.cells.iloc[0, :5].tolist() == ["near", 2, 1, 1, 2]


def test_passages_without_a_code_are_not_counted_as_measured():
    coded = CODED.assign(outlet=["DW", "DW", "RT", "RT", "RT", "RT"])
    coded[LEXICON.labels] = coded[LEXICON.labels].astype(float)
    coded.loc[coded.index[2:], LEXICON.labels] = None
    found = an.validate(coded, LEXICON)
    assert (found.n, found.outlets) == (2, {"DW": 2})


def test_it_says_what_was_measured():
    coded = CODED.assign(outlet=["DW", "DW", "RT", "RT", "RT", "RT"], near_coder1=1, near_coder2=1)
    found = an.validate(coded, LEXICON)
    assert (found.n, found.outlets, found.cluster, found.clusters) == (6, {"DW": 2, "RT": 4}, "article", 3)
    assert (found.coders, found.instrument, len(found.sha256), found.drawn) == (
        ("coder1", "coder2"),
        "tiny",
        16,
        False,
    )
    assert found.notes == ("No sampling weights: the figures are those of the coded passages, not of a corpus.",)


def test_a_measure_without_a_case_is_missing():
    row = an.validate(CODED, LEXICON).table.iloc[1]
    assert row["positives"] == 0
    assert row.drop(["label", "n", "positives", "unsettled"]).isna().all()


CELLS = st.tuples(*[st.integers(0, 30)] * 4).filter(
    lambda cells: sum(cells[:3]) and sum(cells[:3:]) + cells[3] > 1
)


@given(CELLS)
def test_alpha_is_krippendorffs(cells):
    both, one, other, neither = cells
    lexicon = [1] * (both + one) + [0] * (other + neither)
    coders = [1] * both + [0] * one + [1] * other + [0] * neither
    if len({*lexicon, *coders}) < 2:  # nothing varies: no alpha
        assert np.isnan(measures(np.array(cells, float))[-1])
        return
    expected = krippendorff.alpha([lexicon, coders], level_of_measurement="nominal")
    assert measures(np.array(cells, float))[-1] == pytest.approx(expected)


def test_passages_of_one_article_are_not_independent():
    coded = pd.concat([CODED] * 10, ignore_index=True)
    by_article = an.validate(coded, LEXICON).table.iloc[0]
    by_passage = an.validate(coded.drop(columns="article"), LEXICON).table.iloc[0]
    # The lexicon is always right in one of the three articles, always wrong in another.
    assert by_article["f1_low"] < 0.3 < 0.4 < by_passage["f1_low"] < 2 / 3 < by_passage["f1_high"] < 0.9
    pd.testing.assert_frame_equal(an.validate(CODED, LEXICON).table, an.validate(CODED, LEXICON).table)


def test_effective_sizes_by_hand():
    # Weights 3, 1, 1, 1: 36 / 12 passages. Two stories of two passages that agree within are worth two.
    assert rate(np.array([0.0, 0, 0, 0]), np.array([3.0, 1, 1, 1]), np.arange(4)).size == pytest.approx(3)
    assert rate(np.array([1.0, 1, 0, 0]), np.ones(4), np.array([0, 0, 1, 1])).size == 2


def test_one_article_has_no_interval():
    row = an.validate(CODED.assign(article="a"), LEXICON).table.iloc[0]
    assert row["f1"] == pytest.approx(2 / 3)
    assert row.filter(regex="_(low|high)$").isna().all()


def test_a_reprint_is_not_a_second_witness():
    retold = CODED.assign(story=["s", "s", "s", "s", "c", "c"])
    by_story = an.validate(retold, LEXICON)
    assert (by_story.cluster, by_story.clusters) == ("story", 2)
    pd.testing.assert_frame_equal(by_story.table, an.validate(retold, LEXICON, cluster="story").table)
    assert an.validate(CODED, LEXICON).cluster == "article"
    assert an.validate(CODED.drop(columns="article"), LEXICON).cluster == "passage"


def test_a_weight_counts_a_passage_as_often_as_it_stands_for():
    weights = [3, 1, 1, 2, 1, 1]
    repeated = CODED.loc[np.repeat(CODED.index, weights)].reset_index(drop=True)
    weighted = an.validate(CODED.assign(weight=np.array(weights) * 10.0), LEXICON).table.iloc[0]
    often = an.validate(repeated, LEXICON).table.iloc[0]
    assert weighted["precision"] == pytest.approx(4 / 5)
    assert weighted["recall"] == pytest.approx(4 / 6)
    for measure in ("precision", "recall", "f1"):
        assert weighted[measure] == pytest.approx(often[measure])
    assert (weighted["n"], weighted["positives"]) == (6, 3)
    # nine passages' worth of codes in six passages: 3 of 9 differ; 4 + 1 and 4 + 2 of 12 codes are 1 after scaling
    scaled = np.array([4, 1, 2, 2]) * 6 / 9
    assert weighted["alpha"] == pytest.approx(measures(scaled)[-1])


def test_no_miss_among_few_passages_that_stand_for_many_is_not_full_recall():
    """Fifty passages with a hit, ten of 550 without: no miss among ten leaves room for one in five."""
    coded = pd.DataFrame({"text": ["ally"] * 50 + ["sea"] * 10, "near": [1] * 40 + [0] * 20, "far": 0})
    coded = coded.assign(weight=[1.0] * 50 + [55.0] * 10, stratum=["hit"] * 50 + ["none"] * 10)
    row = an.validate(coded, LEXICON).table.iloc[0]
    assert row["recall"] == row["recall_high"] == 1
    # Jeffreys' bound for 0 of 10 is .217: 40 / (40 + 550 · .217) = .25
    assert row["recall_low"] == pytest.approx(0.25, abs=0.03)


def drawn(rng, prevalence, n):
    """The label and the code of 3,000 passages, and n of them drawn from outlet × hits as for coding.

    8 in 100 have a hit, four fifths of these are right, and `prevalence` of the others carry the frame.
    """
    score = np.where(rng.random(3000) < 0.08, 1 + (rng.random(3000) < 0.3), 0)
    yes = np.where(score > 0, rng.random(3000) < 0.8, rng.random(3000) < prevalence).astype(float)
    stratum = np.unique(rng.integers(4, size=3000) * 3 + score, return_inverse=True)[1].astype("int64")
    probability = even_probabilities(stratum, n)
    rows = drawn_places(stratum, probability, rng)
    coded = Judged(yes[rows, None], 1 / probability[rows], stratum[rows], np.arange(n), np.zeros(n, bool))
    return score > 0, yes == 1, rows, coded


def test_measures_of_a_drawn_sample_are_held_in_93_of_100():
    rng, held, names = np.random.default_rng(7), [], ("precision", "recall", "f1", "alpha")
    for draw in range(270):
        hit, yes, rows, coded = drawn(rng, (0.01, 0.02, 0.05)[draw % 3], (50, 100, 200)[draw // 3 % 3])
        truth = measures(
            np.array([(hit & yes).sum(), (hit & ~yes).sum(), (~hit & yes).sum(), (~hit & ~yes).sum()])
        )
        row = frame_table(hit[rows, None], coded, ["near"], level=0.95, seed=0)[0].iloc[0]
        ends = [(row[f"{name}_low"], row[f"{name}_high"]) for name in names]
        held.append([low <= true <= high for (low, high), true in zip(ends, truth, strict=True)])
    assert (np.mean(held, axis=0) >= 0.93).all()


def test_ties_are_counted_both_ways():
    coded = CODED.assign(near=[1, None, 0, None, 0, 0], tied=["", "near", "", "near", "", ""])
    found = an.validate(coded, LEXICON)
    row = found.table.iloc[0]
    assert (row["n"], row["positives"], row["unsettled"]) == (6, 1, 2)
    assert row["precision"] == pytest.approx(1.5 / 3)
    assert row["recall"] == pytest.approx(1.5 / 2)
    assert found.unsettled.to_numpy().tolist() == [[1, "near"], [3, "near"]]
    for codes in ([1, 0, 0, 1, 0, 0], [1, 1, 0, 0, 0, 0]):  # all against the lexicon, all for it
        settled = an.validate(CODED.assign(near=codes), LEXICON).table.iloc[0]
        for measure in ("precision", "recall", "f1"):
            assert row[f"{measure}_low"] <= settled[measure] <= row[f"{measure}_high"]
    assert any("coders are tied on 2 passages" in note for note in found.notes)


def test_a_missing_code_is_stood_for_by_its_stratum():
    coded = CODED.assign(
        near=[1, 1, 0, 1, 0, None], stratum=["hit"] * 3 + ["none"] * 3, weight=[1.0] * 3 + [10.0] * 3
    )
    found = an.validate(coded, LEXICON)
    assert found.table.loc[0, "n"] == 5
    assert found.table.loc[0, "recall"] == pytest.approx(2 / (2 + 15))
    assert "near: 1 of 6 passages have no code; the others of their stratum represent them." in found.notes


def test_recall_is_not_known_from_passages_that_all_have_a_hit():
    coded = CODED.assign(text=["ally"] * 6)
    found = an.validate(coded, LEXICON)
    assert found.table.loc[0, "precision"] == 0.5
    assert found.table.loc[0, ["recall", "f1", "alpha", "recall_low"]].isna().all()
    assert "near: every coded passage has a hit, so recall is not known." in found.notes
    picked = an.validate(CODED.assign(picked=True), LEXICON)
    assert np.isnan(picked.table.loc[0, "recall"])
    assert picked.table.loc[0, "precision"] == pytest.approx(2 / 3)


def test_errors_that_differ_by_outlet_are_noted():
    words = ["ally"] * 18 + ["sea"] * 2 + ["ally"] * 4 + ["sea"] * 16 + ["sea"] * 20
    coded = pd.DataFrame({"text": words, "near": [1] * 40 + [0] * 20, "far": 0, "outlet": ["A"] * 20 + ["B"] * 40})
    found = an.validate(coded, LEXICON)  # 2 of 20 missed in A, 16 of 20 in B; far has neither code nor hit
    assert "near: the instrument errs differently by outlet (p < .001)." in found.notes
    assert found.uneven == ["near (p < .001)"]
    alike = an.validate(coded.assign(outlet=["A", "B"] * 30), LEXICON)
    assert not any("differently" in note for note in alike.notes)
    same = "Does it make the same errors in all outlets that are compared?"
    said = [an.checklist(validation=one).set_index("question").loc[same, "answer"] for one in (found, alike)]
    assert said == ["Not in near (p < .001); tested in near.", "No difference is clear; tested in near."]
    pairs = pd.DataFrame(
        {
            "outlet": ["A", "B"],
            "other": "C",
            "label": "near",
            "difference": 0.1,
            "low": 0.0,
            "high": 0.2,
            "q": 1.0,
            "p": 1.0,
        }
    )
    told = an.checklist(pairs, validation=found).set_index("question").loc[same, "answer"]
    assert told == "Not in near (p < .001); tested in near. Without a coded passage: C."
    of_claim = certificate(Instrument(LEXICON, "", here=found), {"label": "near", "outlet": "A", "other": "C"})
    assert ", coded [by whom]. Without a coded passage: C. Frame near: precision " in of_claim
    assert "errs differently by outlet in near (p < .001): there," in certificate(
        Instrument(LEXICON, "", here=found)
    )


def test_by_outlet_each_value_is_measured_by_itself():
    outlets = CODED.assign(outlet=["TASS", "TASS", "DW", "DW", None, None])
    table = an.validate(outlets, LEXICON, by="outlet").table
    assert table.columns[:4].tolist() == ["outlet", "label", "n", "positives"]
    assert table["outlet"].tolist() == ["(unknown)"] * 2 + ["DW"] * 2 + ["TASS"] * 2
    near = table[table["label"] == "near"].set_index("outlet")["precision"]
    assert np.isnan(near["(unknown)"])
    assert near[["DW", "TASS"]].tolist() == [0.0, 1.0]
    alone = an.validate(outlets[:2], LEXICON).table.assign(outlet="TASS")
    pd.testing.assert_frame_equal(table[4:].reset_index(drop=True)[list(alone)], alone, check_dtype=False)


def test_the_index_and_the_kind_of_a_code_do_not_matter():
    bools = CODED.astype({"near": bool, "far": bool}).set_axis([7] * 6)
    pd.testing.assert_frame_equal(an.validate(bools, LEXICON).table, an.validate(CODED, LEXICON).table)


@pytest.mark.parametrize(
    ("coded", "options", "error"),
    [
        (
            CODED.drop(columns="far"),
            {},
            "coded passages: column 'far' is missing. Found: article, text, near. A column 'text' and a column of "
            "codes for each label are needed.",
        ),
        (CODED[:0], {}, "coded passages: the table is empty, so nothing can be measured."),
        (
            CODED.assign(far=[0, 0, 2, 0, 0, 0]).set_axis([7] * 6),
            {},
            "coded passages: far has an invalid code in row 2 (from 0). Found: 2. A code is 1 or 0, "
            "yes or no, true "
            "or false, or missing. If it means 'not coded', write it as missing: .replace({2: None}). "
            "If numbers are classes, write a row per coder, with the number in a column 'class'.",
        ),
        (
            CODED.assign(far=["no", "NEUTRAL", *["no"] * 4]),
            {},
            "coded passages: far has an invalid code in row 1 (from 0). Found: 'NEUTRAL'. A code is 1 "
            "or 0, yes or "
            "no, true or false, or missing. If it is one of several classes, name the column 'class', or make a "
            "column per class: pd.get_dummies.",
        ),
        (
            CODED.assign(article=["a", None, *"bbcc"]),
            {},
            "coded passages: article is missing in row 1 (from 0). Write where the passage is from.",
        ),
        (
            CODED,
            {"cluster": "story"},
            "coded passages: column 'story' is missing. Found: article, text, near, far. cluster= "
            "names the column "
            "of articles or stories.",
        ),
        (
            CODED,
            {"by": "outlet"},
            "coded passages: column 'outlet' is missing. Found: article, text, near, far. by= names a "
            "column of the "
            "coded passages.",
        ),
        (
            CODED.assign(n=1),
            {"by": "n"},
            "validate: by='n' is a column of the result. Rename it in the coded passages.",
        ),
        (
            CODED.assign(weight=[1, 2, 0, 1, 1, 1]),
            {},
            "coded passages: weight must be a number above 0, as an.sample_to_code gives it. Found: 0 "
            "in row 2 (from "
            "0). Drop the column to count each passage once.",
        ),
        (CODED, {"level": 95}, "validate: level must lie between 0 and 1. Found: 95. Write 0.95 for 95 %."),
        (
            CODED,
            {"folds": 1},
            "validate: folds must lie between 2 and the number of stories. Found: folds=1, stories: 3.",
        ),
    ],
)
def test_what_is_wrong_is_reported(coded, options, error):
    with refused(error):
        an.validate(coded, LEXICON, **options)


def test_arguments_in_the_wrong_order_are_named():
    with pytest.raises(TypeError, match=r"Write validate\(coded, lexicon\)"):
        an.validate(LEXICON, CODED)
