import re

import numpy as np
import pandas as pd
import pytest

import analysis as an
from analysis.compare.curves.readings import FrameReading, TopicReading, grid, variant, variants
from analysis.compare.curves.specifications import claimed
from analysis.compare.curves.stored import default_cache, digest, keep, kept, table_digest
from analysis.frames.formats.read_yaml import parsed
from analysis.frames.shares import text_frames

LEXICON = """
name: small
lists:
  fuels: [gas, oil]
frames:
  economy:
    meaning: told through trade
    entries:
      - name: fuel
        match: ["@fuels"]
      - name: trade
        match: [trade, "trade in @fuels"]
  other:
    meaning: anything else
    entries: [drill]
"""
CLAIM = ("DW", "TASS", "economy")


@pytest.fixture
def lexicon(tmp_path):
    (tmp_path / "small.yaml").write_text(LEXICON, "utf-8")
    return an.read_lexicon(tmp_path / "small.yaml")


@pytest.fixture
def articles():
    """DW speaks of gas in all its stories, TASS of trade in some; one story is printed twice."""
    words = "harbour winter garden letter window market bridge village teacher engine kettle saddle".split()  # noqa: SIM905
    texts = [f"Gas for the {word} came late this {word}." for word in words[:6]]
    texts += [f"A {word} stood by the {word} all day." for word in words[6:10]]
    texts += [f"They trade a {word} for another {word} there." for word in words[10:]]
    outlets = ["DW"] * 6 + ["TASS"] * 6
    table = pd.DataFrame({"doc_id": [f"d{at:02}" for at in range(12)], "outlet": outlets, "text": texts})
    twice = table.iloc[[0]].assign(doc_id="d12")
    return pd.concat([table, twice], ignore_index=True).assign(date=pd.Timestamp("2016-05-01"), title="")


SMALL = {"cleaned": [True], "unit": ["sentence"]}


def curve(articles, instrument, **given):
    usual = {"claim": CLAIM, "cache": None, "workers": 1, "progress": False, "options": SMALL}
    return an.robustness(articles=articles, **usual | {"lexicon": instrument} | given)


def test_every_combination_has_a_row_the_usual_one_first(articles, lexicon):
    table = curve(articles, lexicon, options={"unit": ["sentence", "article"], "cleaned": [True]})
    # Two units, the whole lexicon or without an entry or the list, three ways to count copies.
    assert len(table) == 2 * 4 * 3
    assert table.iloc[0, :4].tolist() == [True, "sentence", "whole", "weighted"]
    assert not table.duplicated(["cleaned", "unit", "lexicon", "copies"]).any()
    assert table.attrs["claim"] == {"outlet": "DW", "other": "TASS", "label": "economy", "sign": 1}


def test_the_usual_row_is_what_outlet_differences_finds(articles, lexicon):
    marked = an.mark_copies(an.clean(articles))
    passages = an.passages(marked, about=None)
    shares = an.frame_shares(an.find_frames(passages, lexicon), passages)
    row = an.outlet_differences(shares[["economy"]], marked).iloc[0]
    usual = curve(articles, lexicon).iloc[0]
    assert usual["difference"] == pytest.approx(row["difference"]) == pytest.approx(1 - 2 / 6)
    assert usual["p"] == pytest.approx(row["p"])
    assert usual[["n_stories", "n_others"]].tolist() == [6, 6]


def test_an_entry_left_out_is_told_by_its_difference(articles, lexicon):
    table = curve(articles, lexicon, options=SMALL | {"copies": ["weighted"]})
    found = dict(zip(table["lexicon"], table["difference"], strict=True))
    assert found == pytest.approx(
        {"whole": 2 / 3, "without fuel": -1 / 3, "without trade": 1, "without @fuels": -1 / 3}
    )
    assert table["same_sign"].tolist() == [True, False, True, False]


def test_counting_every_article_counts_the_reprint(articles, lexicon):
    table = curve(articles, lexicon, options=SMALL | {"lexicon": ["whole"]})
    assert table.set_index("copies")["n_stories"].to_dict() == {"weighted": 6, "original": 6, "every article": 7}


def test_the_claim_turned_round_is_the_mirror(articles, lexicon):
    one = curve(articles, lexicon)
    other = curve(articles, lexicon, claim=("TASS", "DW", "economy", -1))
    for name, mirror in (("difference", "difference"), ("low", "high"), ("high", "low")):
        np.testing.assert_allclose(one[name], -other[mirror], atol=1e-12)
    assert one["same_sign"].tolist() == other["same_sign"].tolist()


def test_one_of_two_against_the_rest_is_the_pair(articles, lexicon):
    rest = curve(articles, lexicon, claim=("DW", "the rest", "economy"))
    rest.attrs["claim"]["other"] = "TASS"
    pd.testing.assert_frame_equal(rest, curve(articles, lexicon))


def test_what_was_found_is_not_measured_again(articles, lexicon, tmp_path, monkeypatch):
    first = curve(articles, lexicon, cache=tmp_path)
    assert len(list(tmp_path.glob("*.json"))) == len(first)
    assert not list(tmp_path.glob("*.part"))
    monkeypatch.delattr(FrameReading, "prepared")  # nothing is left to prepare
    pd.testing.assert_frame_equal(curve(articles, lexicon, cache=tmp_path), first)


def test_a_run_goes_on_where_the_last_one_stopped(articles, lexicon, tmp_path):
    first = curve(articles, lexicon, cache=tmp_path)
    found = sorted(tmp_path.glob("*.json"))
    for path in found[::2]:
        path.unlink()
    found[1].write_text('{"difference": 0.', "utf-8")  # a machine that lost power
    pd.testing.assert_frame_equal(curve(articles, lexicon, cache=tmp_path), first)
    assert len(list(tmp_path.glob("*.json"))) == len(first)


def test_another_text_lexicon_or_seed_is_measured_anew(articles, lexicon, tmp_path):
    options = SMALL | {"lexicon": ["whole"], "copies": ["weighted"]}
    other = articles.assign(text=articles["text"].str.replace("Gas", "Peat"))
    for at, (texts, seed) in enumerate([(articles, 0), (other, 0), (articles, 1)], start=1):
        curve(texts, lexicon, cache=tmp_path, options=options, seed=seed)
        assert len(list(tmp_path.glob("*.json"))) == at
    curve(articles.sample(frac=1, random_state=1), lexicon, cache=tmp_path, options=options)
    assert len(list(tmp_path.glob("*.json"))) == 3  # the order of articles is no other corpus


def test_the_number_of_processes_changes_nothing(articles, lexicon):
    options = SMALL | {"lexicon": ["whole", "without fuel"]}
    two = curve(articles, lexicon, options=options, workers=2)
    pd.testing.assert_frame_equal(two, curve(articles, lexicon, options=options))


def test_a_topic_is_told_by_its_words():
    texts = ["gas oil price " * 4] * 40 + ["army drill navy " * 4] * 40
    articles = pd.DataFrame({"doc_id": [f"d{at:02}" for at in range(80)], "text": texts, "title": "",
                             "outlet": ["DW"] * 30 + ["TASS"] * 50, "date": None})  # fmt: skip
    options = {"k": [2], "min_df": [1], "copies": ["every article"], "cleaned": [False]}
    claim = ("DW", "TASS", "fuel")
    table = an.robustness(
        claim, articles, words=["gas", "oil"], options=options, cache=None, workers=1, progress=False
    )
    # DW: all of it fuel; TASS: ten of fifty.
    assert table["difference"][0] == pytest.approx(0.8, abs=0.1)
    assert table["clear"].all()


def test_an_engine_without_chance_has_one_seed():
    options = TopicReading(["gas"]).options("fuel") | {
        "k": [2, 3],
        "engine": ["nmf-lda", "sklearn"],
        "seed": [7, 8],
    }
    rows = TopicReading(["gas"]).specifications(options | {"cleaned": [True], "min_df": [1]})
    assert [(row["k"], row["engine"], row["seed"]) for row in rows] == [
        (2, "nmf-lda", 7), (2, "sklearn", 7), (2, "sklearn", 8),
        (3, "nmf-lda", 7), (3, "sklearn", 7), (3, "sklearn", 8),
    ]  # fmt: skip


SPOILT = [
    (
        {"lexicon": None},
        "robustness needs one of lexicon= (a claim about a frame) and words= (one about a topic).",
    ),
    ({"lexicon": None, "words": "gas"}, "words: 'gas' is one string; write a list of words."),
    ({"options": {"k": [5]}}, "options: no choice 'k'; there is cleaned, unit, lexicon, copies."),
    (
        {"options": {"copies": ["none"]}},
        "options: copies 'none' is none of 'weighted', 'original', 'every article'.",
    ),
]


@pytest.mark.parametrize(("given", "message"), SPOILT)
def test_errors_say_what_to_do(articles, lexicon, given, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        curve(articles, lexicon, **given)


CLAIMS = [
    (("DW", "TASS", "war"), "claim: 'war' is no frame of small; it has ['economy', 'other']."),
    (("BBC", "TASS", "economy"), "claim: no article is from 'BBC'; there is DW, TASS, the rest."),
    (
        "DW",
        "claim: 'DW' is neither a row of outlet_differences nor (outlet, other, label) or "
        "(outlet, other, label, 1 or -1).",
    ),
]


@pytest.mark.parametrize(("claim", "message"), CLAIMS)
def test_a_claim_about_nothing_is_refused(articles, lexicon, claim, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        curve(articles, lexicon, claim=claim)


def test_a_row_of_differences_is_a_claim():
    row = pd.Series({"label": "economy", "outlet": "DW", "other": "TASS", "difference": -0.2})
    assert claimed(row) == ("DW", "TASS", "economy", -1)


def test_lists_left_out_leave_the_other_words(lexicon):
    assert variants(lexicon, "economy") == ["without fuel", "without trade", "without @fuels"]
    assert variants(lexicon, "other") == []
    less = text_frames(["gas", "trade", "trade in oil"], variant(lexicon, "without @fuels", "economy"))
    assert less["economy"].tolist() == [False, True, True]


def test_effects_are_eta_squared():
    table = pd.DataFrame(grid({"unit": ["a", "b"], "k": [1, 2]}))
    table = table.assign(
        difference=[0.4, 0.2, 0.2, 0.0], low=0.1, same_sign=True, clear=[True, True, False, False]
    )
    effects = an.choice_effects(table)
    # Mean .2, sum of squares .08; between units 2 · (.1² + .1²) = .04, likewise between ks.
    assert effects["variance"].tolist() == pytest.approx([0.5] * 4)
    assert effects["clear"].tolist() == [1.0, 0.0, 0.5, 0.5]


def test_a_choice_is_judged_where_there_was_one():
    # Two seeds of one engine, .1 and .3, beside one of an engine that has no other: .5.
    table = pd.DataFrame({"engine": ["nmf-lda", "sklearn", "sklearn"], "seed": [0, 0, 1]})
    table = table.assign(difference=[0.5, 0.1, 0.3], low=0.1, same_sign=True, clear=True)
    effects = an.choice_effects(table).set_index(["choice", "option"])
    assert effects.loc["seed", "difference"].to_dict() == {"0": 0.1, "1": 0.3}
    # Mean .3, sum of squares .08; between the seeds 2 · .1² = .02.
    assert effects.loc[("seed", "0"), "variance"] == pytest.approx(0.25)


def test_a_claim_that_nothing_can_tell_says_so():
    table = pd.DataFrame({"unit": ["a"], "difference": [np.nan], "same_sign": False, "clear": False})
    table.attrs["claim"] = {"outlet": "A", "other": "B", "label": "x", "sign": -1}
    said = "A gives x less than B: no specification can tell, since none finds a story of both."
    assert an.robustness_verdict(table) == said


def test_results_are_kept_whole_or_not_at_all(tmp_path):
    key = digest(["a"])
    assert kept(tmp_path, key) is None
    keep(tmp_path, key, {"p": 0.1})
    assert kept(tmp_path, key) == {"p": 0.1}
    keep(None, key, {"p": 0.2})
    assert kept(None, key) is None


def test_the_cache_has_its_place(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_cache() == tmp_path / "outlet-framing" / "robustness"


def test_a_table_is_the_same_in_any_order_and_another_in_any_letter():
    table = pd.DataFrame({"a": ["x", "y"], "b": [1, 2]})
    assert table_digest(table.iloc[::-1]) == table_digest(table) != table_digest(table.replace("y", "z"))
    assert TopicReading(["gas"]).options("x")["k"] == [10, 15, 20, 30]


def test_an_entry_of_the_same_name_in_another_frame_stays():
    both = parsed("frames: {near: [deal, ally], far: [deal, rival]}", "both.yaml")
    less = variant(both, "without deal", "near")
    assert [(entry.frame, entry.name) for entry in less.entries] == [
        ("near", "ally"),
        ("far", "deal"),
        ("far", "rival"),
    ]
