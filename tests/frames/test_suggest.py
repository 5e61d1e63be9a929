import numpy as np
import pandas as pd
import pytest

import analysis as an
from analysis.frames.formats.read_yaml import parsed
from tests.data import refused

LEXICON = parsed("frames: {near: [friend*, ally], far: [rival*]}", "tiny.yaml")
PAIR = parsed("about: [Russia, China]\nframes: {near: [friend*]}", "pair.yaml")
COLUMNS = ["label", "term", "log_odds", "z", "hit_passages", "new_passages", "example"]
TEXTS = ["Friends hold drills.", "An ally joins drills.", "They start drills.", "They trade.", "Trade!", "Trade?"]
PASSAGES = pd.DataFrame({"passage_id": list("abcdef"), "doc_id": list("abcdef"), "start": 0, "text": TEXTS})


def test_terms_by_hand():
    # Outside the hits, and said in two passages or more: "drills" in two passages with a hit and one without,
    # "trade" in three without. The prior is half of six tokens, 3 · 3/6 = 1.5 for each term.
    # (2 + 1.5) / (2 + 3 − 3.5) against (1 + 1.5) / (4 + 3 − 2.5).
    table = an.suggest_entries(PASSAGES, LEXICON)
    assert list(table) == COLUMNS
    row = table.iloc[0]
    assert len(table) == 1
    assert row[["label", "term", "hit_passages", "new_passages"]].tolist() == ["near", "drills", 2, 1]
    assert row["log_odds"] == pytest.approx(np.log(3.5 / 1.5) - np.log(2.5 / 4.5))
    assert row["z"] == pytest.approx(row["log_odds"] / np.sqrt(1 / 3.5 + 1 / 2.5))
    assert row["example"] == "They start [drills]."


def test_tokens_and_passages_give_the_same():
    pd.testing.assert_frame_equal(
        an.suggest_entries(PASSAGES, LEXICON), an.suggest_entries(an.tokenize(TEXTS), LEXICON)
    )


def test_names_hits_and_stop_words_are_not_suggested():
    said = ["Russia and China, friends, sign pacts in 2014."] * 3 + ["Russia and China sign pacts."] * 3
    said += ["Russia and China trade."] * 4
    names = list("abcdefghij")
    passages = pd.DataFrame({"passage_id": names, "doc_id": names, "start": 0, "text": said})
    terms = an.suggest_entries(passages, PAIR)["term"].tolist()
    assert sorted(terms) == ["pacts", "sign", "sign pacts"]


def test_passages_not_about_the_pair_do_not_count():
    texts = (
        ["Russia and China are friends and drill."] * 2 + ["Russia and China drill."] + ["France may drill."] * 5
    )
    texts += ["Russia and China trade."] * 3
    names = [f"p{at:02}" for at in range(len(texts))]
    passages = pd.DataFrame({"passage_id": names, "doc_id": names, "start": 0, "text": texts})
    row = an.suggest_entries(passages, PAIR).set_index("term").loc["drill"]
    assert row[["hit_passages", "new_passages"]].tolist() == [2, 1]


def test_coded_passages_rank_by_misses():
    coded = pd.DataFrame(
        {
            "text": ["a pact", "a pact", "a deal", "a deal", "a deal", "friends", "rain", "wet deal", "dry deal"],
            "near": [1, 1, 1, 1, 1, 1, 0, 0, 0],
            "far": 0,
        }
    )
    table = an.suggest_entries(PASSAGES, LEXICON, frame="near", coded=coded)
    assert list(table) == [*COLUMNS, "misses", "false_alarms"]
    # "deal" would find three misses and raise two false alarms, "pact" find two and raise none.
    assert table[["term", "misses", "false_alarms"]].to_numpy().tolist()[0] == ["pact", 2, 0]
    assert table["example"][0] == "a [pact]"
    assert table[["hit_passages", "new_passages"]].to_numpy().tolist()[0] == [0, 0]


def test_what_the_lexicon_finds_in_a_coded_passage_that_comes_alone_is_no_miss():
    found = ["The two countries are friends with a pact."] * 2
    missed = ["Russia and China hold a pact.", "Russia and China sign a pact."]
    others = ["Russia and China met over gas.", "Russia and China trade gas."]
    coded = pd.DataFrame({"text": [*found, *missed, *others], "near": [1, 1, 1, 1, 0, 0]})
    table = an.suggest_entries(PASSAGES, PAIR, coded=coded)
    assert table[["term", "misses", "false_alarms"]].to_numpy().tolist() == [["pact", 2, 0]]


def test_nothing_to_suggest_is_an_empty_table():
    for few in (PASSAGES[:0], PASSAGES[:1], PASSAGES[3:]):
        table = an.suggest_entries(few, LEXICON)
        assert list(table) == COLUMNS
        assert table.empty
        assert table.dtypes["new_passages"] == np.int64


def test_no_argument_is_changed_and_n_is_applied():
    before = PASSAGES.copy()
    assert an.suggest_entries(PASSAGES, LEXICON, n=0).empty
    pd.testing.assert_frame_equal(PASSAGES, before)


def test_a_frame_that_the_lexicon_lacks_is_named():
    with refused("frame: 'trade' is not a frame of tiny. Use one of: near, far."):
        an.suggest_entries(PASSAGES, LEXICON, frame="trade")


def test_a_frame_without_a_miss_has_no_row_and_the_others_theirs():
    lexicon = parsed("frames: {war: [missile*], trade: [tariff*]}", "two.yaml")
    texts = ["Missiles fly over the border today"] * 3 + ["Traders met over lunch yesterday"] * 3
    passages = pd.DataFrame({"passage_id": list("abcdef"), "doc_id": list("abcdef"), "start": 0, "text": texts})
    coded = passages.assign(war=[1, 1, 1, 0, 0, 0], trade=[0, 0, 0, 1, 1, 1])
    table = an.suggest_entries(passages, lexicon, coded=coded)
    assert set(table["label"]) == {"trade"}
    assert "traders" in table["term"].tolist()
    none = an.suggest_entries(passages, lexicon, frame="war", coded=coded)
    assert none.empty
    assert list(none) == [*COLUMNS, "misses", "false_alarms"]
    nothing = an.suggest_entries(passages, lexicon, coded=coded.assign(war=0, trade=0))
    assert nothing.empty


def test_only_terms_that_gain_and_of_two_stories_are_suggested():
    # "open" would find two misses and raise two false alarms, "kavanaugh" stands in one story alone.
    texts = [
        "open pact",
        "open pact",
        "kavanaugh",
        "kavanaugh",
        "kavanaugh",
        "open sea",
        "open sky",
        "rain",
        "wind",
    ]
    coded = pd.DataFrame({"text": texts, "near": [1] * 5 + [0] * 4, "far": 0, "story_id": [*"abcccdefg"]})
    table = an.suggest_entries(PASSAGES, LEXICON, frame="near", coded=coded)
    assert table["term"].tolist() == ["open pact", "pact"]
    assert (table["misses"] > table["false_alarms"]).all()
