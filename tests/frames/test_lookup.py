import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis as an
from analysis.frames.formats.conversion import lexicon_of
from analysis.frames.formats.read_yaml import parsed
from analysis.frames.formats.trees import read_quanteda
from analysis.frames.lookup import quanteda_lookup
from tests.data import cases, refused

SAME = cases("quanteda_lookup")
DIFFERENT = cases("quanteda_differences")
RIVALS = parsed(
    "frames: {near: [oak, oak elm, (ash|fir) … yew], far.off: [elm, elm ash], far.on: [ash fir]}", "rivals.yaml"
)


def dictionary(keys):
    lexicon, losses = lexicon_of(read_quanteda(yaml.safe_dump(keys, sort_keys=False), "quanteda.yaml"))
    assert not losses
    return lexicon


@pytest.mark.parametrize("case", SAME, ids=lambda case: case["label"])
def test_the_keys_are_those_of_quanteda(case):
    assert (
        quanteda_lookup(case["texts"], dictionary(case["dictionary"]), **case.get("options", {})) == case["keys"]
    )


@pytest.mark.parametrize("case", DIFFERENT, ids=lambda case: case["label"])
def test_where_quanteda_differs_it_is_known(case):
    keys = quanteda_lookup(case["texts"], dictionary(case["dictionary"]), **case.get("options", {}))
    assert keys == case["ours"] != case["theirs"]


WORDS = st.lists(st.sampled_from(["oak", "elm", "ash", "fir", "yew", "Box"]), max_size=12).map(" ".join)


@settings(deadline=None, max_examples=12)
@given(st.lists(WORDS, max_size=4))
def test_within_a_key_it_finds_what_find_frames_finds(texts):
    passages = pd.DataFrame({"doc_id": [str(at) for at in range(len(texts))], "text": texts})
    hits = an.find_frames(passages, RIVALS)
    keys = quanteda_lookup(passages, RIVALS)
    assert [sorted(found) for found in keys] == [
        sorted(hits.loc[hits["doc_id"] == doc, "frame"]) for doc in passages["doc_id"]
    ]


@settings(deadline=None, max_examples=12)
@given(st.lists(WORDS, max_size=4))
def test_a_word_has_a_key_or_stays_as_it_is_written(texts):
    tokens = an.tokenize(texts)
    keys, marked = quanteda_lookup(tokens, RIVALS), quanteda_lookup(tokens, RIVALS, exclusive="-")
    for text, own, dashed, whole in zip(
        texts, keys, marked, quanteda_lookup(tokens, RIVALS, exclusive=False), strict=True
    ):
        assert [word for word in dashed if word != "-"] == own
        assert [word.lower() for word in whole if word.isupper()] == own
        assert len(whole) == len(dashed)
        assert {word for word in whole if not word.isupper()} <= set(text.split())


def test_nothing_to_look_up():
    empty = parsed("frames: {near: {entries: []}}", "empty.yaml")
    assert quanteda_lookup([], RIVALS) == []
    assert quanteda_lookup(["", "box"], RIVALS) == [[], []]
    assert quanteda_lookup(["a b"], empty, exclusive=False) == [["a", "b"]]
    assert quanteda_lookup(["a b"], empty, exclusive="-") == [["-", "-"]]


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"nested_scope": "text"}, "nested_scope: 'text' is not a scope. Use one of: key, dictionary."),
        ({"levels": [0, 1]}, "quanteda_lookup: levels are counted from 1, the outermost key. Found: [0, 1]."),
        ({"levels": []}, "quanteda_lookup: levels are counted from 1, the outermost key. Found: []."),
    ],
)
def test_options_that_make_no_sense(options, complaint):
    with refused(complaint):
        quanteda_lookup(["a"], RIVALS, **options)


def test_one_level_may_be_a_number():
    assert quanteda_lookup(["oak box elm"], RIVALS, levels=1) == [["near", "far"]]


def test_a_match_whose_words_two_others_hold_is_nested_too():
    entries = [an.Entry("v w x", "a"), an.Entry("y z q", "b"), an.Entry("x y", "c")]
    lexicon = an.Lexicon("l", entries=entries)
    assert quanteda_lookup(["v w x y z q"], lexicon, nested_scope="dictionary") == [["a", "b"]]
    assert quanteda_lookup(["v w x y z q"], lexicon) == [["a", "c", "b"]]
