import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis as an
from analysis.text.patterns import read_pattern
from analysis.text.places import find_patterns
from tests.data import cases, refused

FOUND = cases("patterns")
ERRORS = cases("pattern_errors")


@pytest.mark.parametrize("case", FOUND, ids=lambda case: case["label"])
def test_a_pattern_finds_what_it_says(case):
    found = an.in_context([case["text"]], case["pattern"], lists=case.get("lists"))
    assert found["match"].tolist() == case["found"]


@pytest.mark.parametrize("case", ERRORS, ids=lambda case: case["pattern"][:20] or "nothing")
def test_a_pattern_that_cannot_be_read(case):
    with refused(case["error"]):
        read_pattern(case["pattern"], {"odd": ["oil … gas"]})


def test_a_match_never_spans_two_texts():
    assert an.in_context(["joint", "drills", "joint", "naval drills"], "joint … drills").empty


@pytest.mark.parametrize("pattern", ["*", "?", "joint … drill*", "(oil|gas)"])
@pytest.mark.parametrize("texts", [[], [""], ["!?"]])
def test_no_words_no_matches(pattern, texts):
    assert find_patterns(an.tokenize(texts), read_pattern(pattern)).empty


LETTERS = st.lists(st.sampled_from("abc"), max_size=12)


@given(LETTERS, st.integers(0, 3), st.integers(0, 3))
def test_gaps_find_what_a_search_by_hand_finds(words, one, two):
    """From each first word the nearest end over all ways through both gaps."""
    steps = read_pattern(f"a …{one} b …{two} c")
    found = find_patterns(an.tokenize([" ".join(words)]), steps)
    expected = {}
    for first, middle, last in (
        (i, j, k) for i in range(len(words)) for j in range(i + 1, i + 2 + one) for k in range(j + 1, j + 2 + two)
    ):
        if last < len(words) and [words[first], words[middle], words[last]] == ["a", "b", "c"]:
            expected[first] = min(last, expected.get(first, last))
    assert dict(zip(found["first"], found["last"], strict=True)) == expected


def test_in_context_shows_both_sides():
    found = an.in_context(["We see closer\nties with China now"], "closer ties", width=7)
    assert found.to_dict("list") == {
        "doc_id": [0],
        "start": [7],
        "end": [18],
        "left": ["We see "],
        "match": ["closer\nties"],
        "right": [" with C"],
    }


def test_in_context_names_the_passage_or_the_article():
    passages = pd.DataFrame({"passage_id": ["a:0"], "doc_id": ["a"], "text": ["oil"]})
    assert an.in_context(passages, "oil").columns[0] == "passage_id"
    assert an.in_context(passages.drop(columns="passage_id"), "oil").columns[0] == "doc_id"
    assert list(an.in_context([], "oil")) == ["doc_id", "start", "end", "left", "match", "right"]


def test_a_place_is_shown_once_however_often_it_is_read():
    assert len(an.in_context(["natural gas"], "(natural gas|natural gas|gas)")) == 2


def test_a_width_is_not_negative():
    with pytest.raises(ValueError, match=r"^width: must be a whole number from 0 up\. Found: -1\.$"):
        an.in_context(["oil"], "oil", width=-1)


def test_a_concordance_says_how_to_name_lists():
    with pytest.raises(
        ValueError, match=r"list '@pair' does not exist\. Found: none\. Name the lists: lists=lexicon"
    ):
        an.in_context(["Russia and China"], "@pair")


def test_more_readings_than_a_number_has_figures_are_refused_in_words():
    with pytest.raises(
        ValueError, match=r"can be read in more than 1,000,000,000 ways\. Choices between phrases multiply"
    ):
        read_pattern(" ~ ".join(f"w{at}" for at in range(1_700)))
