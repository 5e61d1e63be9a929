import pandas as pd
import pytest

import analysis as an
from analysis.frames.formats.files import written
from analysis.frames.formats.read_yaml import parsed
from analysis.frames.vectorizer import collapse_frames
from tests.data import refused

NESTED = parsed(
    """
    negation: {words: [no]}
    hedging: {words: [may]}
    frames:
      near:
        meaning: close
        frames:
          army:
            hedging: applied
            entries: [drill*, {match: pact, negated: far.cold}, {match: ship, negated: near.talk}]
          talk:
            negation: ignored
            entries: [friend*, joint drill, {name: pact, match: treaty, yields: near.army}]
      far:
        frames: {cold: [rival, {match: partner, yields: near.army}]}
    """,
    "nested.yaml",
)


def found(text, lexicon):
    hits = an.find_frames(pd.DataFrame({"doc_id": ["d"], "text": [text]}), lexicon)
    return [
        [*row[:3], *["not"] * row[3]] for row in hits[["frame", "entry", "text", "negated"]].to_numpy().tolist()
    ]


def test_the_frames_of_a_level():
    assert NESTED.labels == ["near.army", "near.talk", "far.cold"]
    assert collapse_frames(NESTED, 1).labels == ["near", "far"]
    assert collapse_frames(NESTED, 1).frames[0].meaning == "close"
    assert collapse_frames(NESTED, 2).entries == collapse_frames(NESTED, 9).entries == NESTED.entries
    assert collapse_frames(NESTED, 2).labels == NESTED.labels


@pytest.mark.parametrize(
    ("text", "deep", "folded"),
    [
        (  # what overlaps within the folded frame counts once
            "joint drill",
            [["near.army", "drill*", "drill"], ["near.talk", "joint drill", "joint drill"]],
            [["near", "joint drill", "joint drill"]],
        ),
        ("no pact", [["far.cold", "pact", "pact"], ["near.army", "pact", "pact", "not"]], None),
        ("no friends", [["near.talk", "friend*", "friends"]], [["near", "friend*", "friends"]]),
        ("may friends", [["near.talk", "friend*", "friends"]], [["near", "friend*", "friends"]]),
        ("may drill", [["near.army", "drill*", "drill", "not"]], [["near", "drill*", "drill", "not"]]),
        (  # denied, it stays within the folded frame
            "no ship",
            [["near.army", "ship", "ship", "not"], ["near.talk", "ship", "ship"]],
            [["near", "ship", "ship"]],
        ),
        ("a treaty, a drill", [["near.army", "drill*", "drill"]], None),
        ("partner, drill", [["near.army", "drill*", "drill"]], [["near", "drill*", "drill"]]),
    ],
)
def test_hits_at_both_levels(text, deep, folded):
    assert sorted(found(text, NESTED)) == sorted(deep)
    if folded:
        assert found(text, collapse_frames(NESTED, 1)) == folded


def test_entries_that_would_bear_one_name_are_told_apart():
    names = [entry.name for entry in collapse_frames(NESTED, 1).entries]
    assert names == [
        *("drill*", "near.army: pact", "ship", "friend*", "joint drill", "near.talk: pact", "rival", "partner")
    ]


def test_a_folded_lexicon_goes_through_yaml():
    assert parsed(written(collapse_frames(NESTED, 1)), "l.yaml") == collapse_frames(NESTED, 1)


@pytest.mark.parametrize("level", [0, -1, 1.5, True, "1"])
def test_a_level_is_a_number_of_names(level):
    with refused(f"depth: must be a whole number from 1 up. Found: {level!r}."):
        collapse_frames(NESTED, level)


WEIGHTED = parsed(
    """
    negation: {words: [no]}
    frames:
      near: [{match: ally, weight: 0.5, negated: far}, {match: friend, weight: 0.25}]
      far: [rival]
    """,
    "weighted.yaml",
)
PASSAGES = pd.DataFrame(
    {
        "passage_id": ["a", "b", "c", "d"],
        "doc_id": ["x", "x", "y", "y"],
        "start": [0, 40, 0, 40],
        "text": ["friend, ally, friend", "a friend", "no ally", "rival and ally, no friend"],
    }
)


def test_a_passage_counts_with_its_heaviest_hit():
    shares = an.frame_shares(an.find_frames(PASSAGES, WEIGHTED), PASSAGES, weights=WEIGHTED)
    assert shares.to_dict("index") == {
        "x": {"near": (0.5 + 0.25) / 2, "far": 0.0},
        "y": {"near": (0 + 0.5) / 2, "far": (0.5 + 1) / 2},
    }


def test_weights_of_one_are_no_weights():
    hits = an.find_frames(PASSAGES, NESTED)
    pd.testing.assert_frame_equal(
        an.frame_shares(hits, PASSAGES), an.frame_shares(hits, PASSAGES, weights=NESTED), check_exact=True
    )


def test_weights_of_another_lexicon_are_refused():
    with refused(
        "hits: lexicon 'nested' has no entry 'friend' of near. Pass the lexicon that found them as weights."
    ):
        an.frame_shares(an.find_frames(PASSAGES, WEIGHTED), PASSAGES, weights=NESTED)


def test_tokens_at_hand_give_the_same_hits():
    lexicon = parsed("about: [Russia, China]\nframes: {near: [all*]}", "l.yaml")
    table = pd.DataFrame(
        {"doc_id": list("abc"), "text": ["Allies.", "Russia, ally of China", "Xi met Putin, allies"]}
    )
    hits = an.find_frames(table, lexicon, tokens=an.tokenize(table))
    assert hits["text"].tolist() == ["ally", "allies"]
    pd.testing.assert_frame_equal(hits, an.find_frames(table, lexicon))


@pytest.mark.parametrize("texts", [["ally"], ["rival and ally, no friend", "a", "b", "c"]])
def test_tokens_of_other_texts_are_refused(texts):
    with refused(
        f"tokens: not those of the passages, in their order. Found: {len(texts)} texts, passages: 4. "
        "Write tokens=tokenize(passages)."
    ):
        an.find_frames(PASSAGES, WEIGHTED, tokens=an.tokenize(texts))


def test_tokens_are_tokens():
    with pytest.raises(TypeError, match=r"^tokens: must be Tokens\. Found: list\. Write tokenize\(passages\)\.$"):
        an.find_frames(PASSAGES, WEIGHTED, tokens=[["ally"]])


def test_batches_of_whole_documents_have_the_same_hits():
    coded = pd.read_csv("data/gold/russia_china_coded.csv").tail(40)
    table = pd.DataFrame({"doc_id": coded["article"].astype(str), "text": coded["text"]})
    passages = table.assign(passage_id=[f"p{at}" for at in range(len(table))], start=0)
    lexicon = an.read_lexicon("russia-china")
    batches = [batch for _, batch in passages.groupby("doc_id", sort=False)]
    hits = pd.concat([an.find_frames(batch, lexicon) for batch in batches], ignore_index=True)
    whole = an.find_frames(pd.concat(batches, ignore_index=True), lexicon)
    assert len(whole) > 10
    pd.testing.assert_frame_equal(hits, whole)


def test_the_policy_is_told():
    assert str(WEIGHTED) == (
        "weighted: 3 entries for 2 frames (near, far).\n"
        "Of overlapping hits of one frame the longest counts, then the first, then the one whose entry comes "
        "first in the lexicon; hits of different frames may overlap. Negation applies up to 4 words before a hit "
        "of the same passage. Entries: 1 that count for another frame when negated."
    )
    assert parsed("overlaps: all\nframes: {a: [b]}", "l.yaml").policy == (
        "Every hit counts, overlapping or not; an entry counts once at a place."
    )
    assert NESTED.policy.endswith(
        "a hit of the same passage, except in near.talk. Hedging applies up to 4 words before a hit of the same "
        "passage, in near.army. Entries: 2 that count for another frame when negated; "
        "2 dropped when another frame is present in the passage."
    )
