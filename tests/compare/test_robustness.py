"""A claim measured in every way, its verdict and what it depends on."""

import numpy as np
import pandas as pd
import pytest
from claims import CLAIM, FEW, LEXICON, SMALL, curve, result, two_outlets

import analysis as an
from analysis.compare.robustness.curve import choice_effects, claimed, judged, verdict
from analysis.compare.robustness.measures import FIGURES, Claim, TopicMeasure, variant, variants
from analysis.frames.formats.read_yaml import parsed
from analysis.frames.match import text_frames
from tests.data import refused


@pytest.fixture(scope="module")
def usual():
    return curve(two_outlets(), parsed(LEXICON, "small.yaml"))


def test_every_combination_has_a_row_the_usual_one_first(articles, lexicon):
    found = result(articles, lexicon, options={"unit": ["sentence", "article"], "cleaned": [True]})
    table = found.table
    # Two units, the lexicon intact or without an entry or the list, three ways to count copies, two periods.
    assert len(table) == 2 * 4 * 3 * 2
    assert table.iloc[0, :5].tolist() == [True, "sentence", "whole", "weighted", "all"]
    assert not table.duplicated(["cleaned", "unit", "lexicon", "copies", "period"]).any()
    assert found.claim == ("DW", "TASS", "economy", 1)
    assert table.loc[table["unit"] == "article", "counted"].eq(False).all()
    assert table.loc[table["unit"] == "sentence", "counted"].all()


def test_the_usual_row_is_what_outlet_differences_finds(articles, lexicon, usual):
    marked = an.mark_copies(an.clean(articles))
    passages = an.passages(marked, about=None)
    shares = an.frame_shares(an.find_frames(passages, lexicon), passages)
    row = an.outlet_differences(shares[["economy"]], marked, how=FEW).iloc[0]
    first = usual.iloc[0]
    assert first["difference"] == pytest.approx(row["difference"]) == pytest.approx(1 - 2 / 6)
    assert first["p"] == pytest.approx(row["p"])
    assert first[["n_stories", "n_others"]].tolist() == [6, 6]


def test_an_entry_left_out_shows_in_the_difference(articles, lexicon):
    table = curve(articles, lexicon, options=SMALL | {"copies": ["weighted"]})
    found = dict(zip(table["lexicon"], table["difference"], strict=True))
    assert found == pytest.approx(
        {"whole": 2 / 3, "without fuel": -1 / 3, "without trade": 1, "without @fuels": -1 / 3}
    )
    assert table["same_sign"].tolist() == [True, False, True, False]


def test_counting_every_article_counts_the_reprint(articles, lexicon):
    table = curve(articles, lexicon, options=SMALL | {"lexicon": ["whole"]})
    assert table.set_index("copies")["n_stories"].to_dict() == {"weighted": 6, "original": 6, "every article": 7}


def test_the_claim_turned_round_is_the_mirror(articles, lexicon, usual):
    other = curve(articles, lexicon, claim=("TASS", "DW", "economy", -1))
    for name, mirror in (("difference", "difference"), ("low", "high"), ("high", "low")):
        np.testing.assert_allclose(usual[name], -other[mirror], atol=1e-12)
    assert usual["same_sign"].tolist() == other["same_sign"].tolist()


def test_one_of_two_against_the_rest_is_the_pair(articles, lexicon, usual):
    pd.testing.assert_frame_equal(curve(articles, lexicon, claim=("DW", "the rest", "economy")), usual)


def test_an_outlet_that_is_called_the_rest_is_not_all_the_others(articles, lexicon):
    first = articles.index == articles.index[articles["outlet"] == "TASS"][0]
    three = articles.assign(outlet=articles["outlet"].mask(first, "AP").replace("TASS", "Post"))
    options = SMALL | {"lexicon": ["whole"], "copies": ["every article"]}
    expected = curve(three, lexicon, claim=("DW", "Post", "economy"), options=options)
    called = three.assign(outlet=three["outlet"].replace("Post", "the rest"))
    found = curve(called, lexicon, claim=("DW", "the rest", "economy"), options=options)
    pd.testing.assert_frame_equal(found, expected)


def test_the_number_of_processes_changes_nothing(articles, lexicon):
    options = SMALL | {"lexicon": ["whole", "without fuel"]}
    two = curve(articles, lexicon, options=options, workers=2)
    pd.testing.assert_frame_equal(two, curve(articles, lexicon, options=options))


def test_a_topic_is_identified_by_its_words():
    texts = ["gas oil price " * 4] * 40 + ["army drill navy " * 4] * 40
    articles = pd.DataFrame({"doc_id": [f"d{at:02}" for at in range(80)], "text": texts, "title": "",
                             "outlet": ["DW"] * 30 + ["TASS"] * 50, "date": None})  # fmt: skip
    options = {"k": [2], "min_df": [1], "copies": ["every article"], "cleaned": [False]}
    claim = ("DW", "TASS", "fuel")
    table = an.robustness(articles, ["gas", "oil"], claim, options=options, cache=None, workers=1).table
    # DW: all of it fuel; TASS: ten of fifty.
    assert table["difference"][0] == pytest.approx(0.8, abs=0.1)
    assert table["clear"].all()


def test_an_engine_without_chance_has_one_seed():
    options = TopicMeasure(["gas"]).options("fuel") | {
        "k": [2, 3],
        "engine": ["nmf-lda", "sklearn"],
        "seed": [7, 8],
    }
    rows = TopicMeasure(["gas"]).ways(options | {"cleaned": [True], "min_df": [1]})
    assert [(row["k"], row["engine"], row["seed"]) for row in rows] == [
        (2, "nmf-lda", 7), (2, "sklearn", 7), (2, "sklearn", 8),
        (3, "nmf-lda", 7), (3, "sklearn", 7), (3, "sklearn", 8),
    ]  # fmt: skip


SPOILT = [
    (
        {"instrument": "gas"},
        "instrument: must be a lexicon, a list of words that identify a topic, or coders by their names. "
        "Found: 'gas'.",
    ),
    (
        {"options": {"k": [5]}},
        "options: 'k' is not a choice. Use one of: cleaned, unit, lexicon, copies, period.",
    ),
    (
        {"options": {"copies": ["none"]}},
        "options: 'none' is not an option of copies. Use one of: weighted, original, every article.",
    ),
    (
        {"options": {"period": ["decade"]}},
        "options: 'decade' is not an option of period. Use one of: all, shared, day, week, month, quarter, year.",
    ),
    ({"claim": ("DW", "TASS", "war")}, "claim: 'war' is not a frame of small. Use one of: economy, other."),
    (
        {"claim": ("BBC", "TASS", "economy")},
        "claim: 'BBC' is not an outlet of these articles. Use one of: DW, TASS, the rest.",
    ),
    (
        {"claim": "DW"},
        "claim: must be a row of outlet_differences, (outlet, other, label), or these with 1 or -1. Found: 'DW'.",
    ),
]


@pytest.mark.parametrize(("given", "message"), SPOILT)
def test_errors_say_what_to_do(articles, lexicon, given, message):
    with refused(message):
        result(articles, given.pop("instrument", lexicon), **given)


def test_articles_come_first(articles, lexicon):
    with pytest.raises(TypeError, match=r"^articles: must be a DataFrame, and come first\. Found: tuple\.$"):
        an.robustness(CLAIM, articles, lexicon)


def test_a_row_of_differences_is_a_claim():
    row = pd.Series({"label": "economy", "outlet": "DW", "other": "TASS", "difference": -0.2})
    assert claimed(row) == ("DW", "TASS", "economy", -1)


def test_lists_left_out_leave_the_other_words(lexicon):
    assert variants(lexicon, "economy") == ["without fuel", "without trade", "without @fuels"]
    assert variants(lexicon, "other") == []
    less = text_frames(["gas", "trade", "trade in oil"], variant(lexicon, "without @fuels", "economy"))
    assert less["economy"].tolist() == [False, True, True]


def rows(**columns):
    table = pd.DataFrame(columns)
    return table.assign(**{name: table.get(name, 0.0) for name in FIGURES})


def test_effects_are_eta_squared():
    table = rows(
        unit=["a", "a", "b", "b"], k=[1, 2, 1, 2], difference=[0.4, 0.2, 0.2, 0.0], low=[0.1, 0.1, -1, -1]
    )
    effects = choice_effects(judged(table, Claim("A", "B", "x", 1)).assign(high=1))
    # Mean .2, sum of squares .08; between units 2 · (.1² + .1²) = .04, likewise between ks.
    assert effects["variance"].tolist() == pytest.approx([0.5] * 4)


def test_a_choice_is_judged_where_there_was_one():
    # Two seeds of one engine, .1 and .3, beside one of an engine that has no other: .5.
    table = rows(engine=["nmf-lda", "sklearn", "sklearn"], seed=[0, 0, 1], difference=[0.5, 0.1, 0.3])
    effects = choice_effects(judged(table, Claim("A", "B", "x", 1))).set_index(["choice", "option"])
    assert effects.loc["seed", "difference"].to_dict() == {"0": 0.1, "1": 0.3}
    # Mean .3, sum of squares .08; between the seeds 2 · .1² = .02.
    assert effects.loc[("seed", "0"), "variance"] == pytest.approx(0.25)


X = Claim("A", "B", "x", 1)
nan = float("nan")


VERDICTS = [
    (
        {"unit": ["sentence", "window"], "difference": [0.3, 0.3], "low": [0.1, 0.1], "high": [0.5, 0.5]},
        "A uses x more than B: the interval excludes zero in both ways to measure it. Differences are all +30 "
        "points.",
    ),
    (
        {"unit": ["sentence", "window"], "difference": [0.301, 0.302], "low": [0.1, 0.1], "high": [0.5, 0.5]},
        "A uses x more than B: the interval excludes zero in both ways to measure it. Differences are all +30 "
        "points.",
    ),
    (
        {"unit": ["sentence", "window"], "difference": [0.3, 0.1], "low": [0.1, -0.1], "high": [0.5, 0.5]},
        "A uses x more than B: the interval excludes zero in 1 of 2 ways to measure it. In 1 the sign is the "
        "same, but the interval includes zero. Differences run from +10 to +30 points, median +20. With unit "
        "“window” no interval excludes zero. Among the ways that count only unit varies: on average +30 "
        "points with “sentence”, +10 points with “window”.",
    ),
    (
        {"unit": ["sentence", "window"], "difference": [0.3, 0.01], "low": 0.001, "high": 0.5},
        "A uses x more than B: the interval excludes zero in both ways to measure it. Differences run from +1 to "
        "+30 points, median +16. Among the ways that count only unit varies: on average +30 points with "
        "“sentence”, +1 point with “window”.",
    ),
    (
        {"copies": ["weighted", "original", "every article"], "difference": [0.1, 0.0, -0.2],
         "low": [-0.1] * 3, "high": [0.3, 0.3, -0.1]},
        "A uses x more than B: the interval excludes zero in none of 3 ways to measure it. In 1 the sign is the "
        "same, but the interval includes zero; in 2 the sign is another, or the difference is 0. Differences run "
        "from −20 to +10 points, median 0. Among the ways that count only copies varies: on average +10 "
        "points with “weighted”, 0 points with “original”, −20 points with “every article”.",
    ),
    (
        {"period": ["all", "shared"], "difference": [0.1, 0.2], "low": [-0.1, nan], "high": [0.3, nan]},
        "A uses x more than B: the interval excludes zero in none of 2 ways to measure it. In 1 the sign is the "
        "same, but the interval includes zero; in 1 the sign is the same, but stories are too few for an "
        "interval. Differences run from +10 to +20 points, median +15. Among the ways that count only period "
        "varies: on average +10 points with “all”, +20 points with “shared”.",
    ),
    (
        {"unit": ["sentence", "window"] * 2, "period": ["all"] * 2 + ["shared"] * 2,  # no story in the shared time
         "difference": [0.3, 0.1, nan, nan], "low": [0.1, 0.05, nan, nan], "high": [0.5, 0.4, nan, nan]},
        "A uses x more than B: the interval excludes zero in both ways to measure it. Differences run from +10 to "
        "+30 points, median +20. Among the ways that count only unit varies: on average +30 points "
        "with “sentence”, +10 points with “window”.",
    ),
    (
        {"unit": ["sentence", "article"], "difference": [0.05, 0.4], "low": [-0.1, 0.3], "high": [0.2, 0.5]},
        "A uses x more than B: the interval excludes zero in 0 of 1 way to measure it. In 1 the sign is the "
        "same, but the interval includes zero. Not counted: 1 way by article (median +40 points), where one hit "
        "is enough and longer texts have more hits.",
    ),
    (
        {"unit": ["sentence"], "difference": [np.nan], "low": [np.nan], "high": [np.nan]},
        "A uses x more than B: no way to measure it finds stories of both sides.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("columns", "text"), VERDICTS)
def test_a_verdict_says_no_more_than_the_rows(columns, text):
    assert verdict(judged(rows(**columns), X), X) == text


def test_length_alone_is_not_support():
    """One law for every sentence, 1 against 8 sentences a story: by article the long outlet seems to differ."""
    rng, words = np.random.default_rng(0), ["gas", "winter"]
    drawn = {("SHORT", 1): 60, ("LONG", 8): 60}
    texts = [
        (outlet, " ".join(f"The {words[int(rng.random() > 0.2)]} of {outlet.lower()} number {at}{n} came late."
                          for n in range(length)))
        for (outlet, length), stories in drawn.items() for at in range(stories)
    ]  # fmt: skip
    articles = pd.DataFrame(texts, columns=["outlet", "text"]).assign(title="", date=pd.NaT)
    articles.insert(0, "doc_id", [f"d{at:03}" for at in range(len(articles))])
    instrument = parsed("frames: {economy: [gas]}", "tiny.yaml")
    options = {"cleaned": [False], "unit": ["sentence", "window", "article"], "copies": ["every article"]}
    found = result(articles, instrument, claim=("LONG", "SHORT", "economy"), options=options)
    by_unit = found.table.set_index("unit")
    assert by_unit.loc["article", "clear"]
    assert by_unit["counted"].to_dict() == {"sentence": True, "window": False, "article": False}
    assert by_unit.loc["article", "words"] > 5 * by_unit.loc["article", "other_words"]
    assert not by_unit.loc["sentence", "clear"]
    assert "excludes zero in 0 of 1 way" in found.verdict


def test_a_shared_period_compares_like_with_like(articles, lexicon):
    # DW's stories on gas are of April, when TASS did not print; in May both write alike.
    dates = ["2016-04-01"] * 3 + ["2016-05-01"] * 10
    options = SMALL | {"period": ["all", "shared", "month"], "lexicon": ["whole"], "copies": ["weighted"]}
    table = curve(articles.assign(date=pd.to_datetime(dates)), lexicon, options=options).set_index("period")
    # Three stories of May, and one of April that was printed again in May.
    assert table["n_stories"].to_dict() == {"all": 6, "shared": 4, "month": 6}
    assert table.loc["shared", "difference"] == pytest.approx(1 - 2 / 6)
    undated = curve(articles.assign(date=None), lexicon, options=options).set_index("period")
    assert undated["difference"].isna().to_dict() == {"all": False, "shared": True, "month": True}


def test_an_entry_of_the_same_name_in_another_frame_stays():
    both = parsed("frames: {near: [deal, ally], far: [deal, rival]}", "both.yaml")
    less = variant(both, "without deal", "near")
    assert [(entry.frame, entry.name) for entry in less.entries] == [
        ("near", "ally"),
        ("far", "deal"),
        ("far", "rival"),
    ]
