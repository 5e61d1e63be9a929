import sys

import numpy as np
import pandas as pd
import pytest

import analysis as an
from analysis.frames.coder.features import seen
from analysis.frames.coder.held_out import differences, held_out, stories
from analysis.frames.grammar.yaml_form import parsed

LEXICON = parsed("frames: {near: [ally], far: [rival]}", "tiny.yaml")
PAIR = parsed("about: [Russia, China]\nnegation: {words: [not]}\nframes: {near: [ally]}", "pair.yaml")


def passages(near=("ally", "pact"), n=24):
    """Stories that carry near, far or none in turn; every second near passage has another word for it."""
    words = [[near[at // 3 % 2], "rival", "weather"][at % 3] for at in range(n)]
    return pd.DataFrame(
        {
            "story_id": [f"s{at:02}" for at in range(n)],
            "text": [f"They said {word} here." for word in words],
            "near": [int(at % 3 == 0) for at in range(n)],
            "far": [int(at % 3 == 1) for at in range(n)],
        }
    )


CODED = passages(n=36)


def test_a_coder_that_learns_a_word_the_lexicon_lacks_is_better():
    coder = an.train_coder(CODED, LEXICON)
    # The lexicon misses half of near, and is right on far: F1 2/3 and 1.
    assert coder.difference["frame"].tolist() == ["near", "far", "macro F1"]
    assert coder.difference["lexicon"].tolist() == pytest.approx([2 / 3, 1, 5 / 6])
    assert coder.difference["coder"].tolist() == [1, 1, 1]
    assert coder.better
    low, high = coder.difference.loc[2, ["low", "high"]]
    assert coder.verdict == (
        "On stories it had not learned from the coder reaches a macro F1 of 1.00, the lexicon 0.83; the "
        f"difference is +0.17 (95% interval {low:+.2f} to {high:+.2f}, 36 stories). The coder is better."
    )
    assert coder.label(["a pact", "rival", "weather"]).to_numpy().tolist() == [
        [True, False],
        [False, True],
        [False, False],
    ]
    near = coder.weights[coder.weights["frame"] == "near"]
    assert near.iloc[0]["weight"] > 0
    assert "term pact" in near.head(3)["feature"].tolist()


def test_a_lexicon_that_is_right_is_kept():
    coder = an.train_coder(passages(near=("ally", "ally"), n=36), LEXICON)
    assert not coder.better
    assert coder.verdict == (
        "On stories it had not learned from the coder reaches a macro F1 of 1.00, the lexicon 1.00; the "
        "difference is +0.00 (95% interval +0.00 to +0.00, 36 stories). It is not shown to be better: keep "
        "to the lexicon."
    )


def test_the_validation_is_that_of_validate():
    coder = an.train_coder(CODED, LEXICON, seed=3)
    lexicon = coder.validation[coder.validation["instrument"] == "lexicon"].drop(columns="instrument")
    expected = an.validate(LEXICON, CODED, cluster="story_id", seed=3)
    pd.testing.assert_frame_equal(lexicon.reset_index(drop=True), expected)
    f1 = coder.validation[coder.validation["instrument"] == "coder"]["f1"]
    assert f1.tolist() == coder.difference["coder"][:2].tolist()


def test_what_only_its_story_tells_is_not_learned():
    # Every story has a word of its own, and carries the frame or not as a whole: nothing is there to generalise.
    rows = [(f"s{at:02}", f"word{chr(97 + at)} word{chr(97 + at)}", at % 2) for at in range(20) for _ in range(3)]
    coded = pd.DataFrame(rows, columns=["story_id", "text", "near"])
    lexicon = parsed("frames: {near: [ally]}", "tiny.yaml")
    codes = coded[["near"]].to_numpy(bool)
    found = held_out(seen(coded["text"].tolist(), lexicon), codes, coded["story_id"], 5)
    assert len(np.unique(found.round(6))) <= 5  # one figure a fold: no passage is told from another
    assert (
        an.train_coder(coded, lexicon).label(coded["text"].tolist())["near"].tolist()
        == coded["near"].astype(bool).tolist()
    )


def test_reprints_are_one_story():
    gold = pd.read_csv("data/gold/russia_china_coded.csv")
    story = stories(gold)
    seeds = story[gold["article"].str.contains("_")].unique()
    assert (
        story[gold["article"] == "000_af011a8eb0d7bf47"].unique()
        == story[gold["article"] == "001_547c2046a1a760aa"].unique()
    )
    assert len(seeds) == 4
    assert stories(CODED).equals(CODED["story_id"].astype("str"))


def test_differences_by_hand():
    # Four passages of two stories. Both instruments find the first; the coder finds the second too, the lexicon
    # raises a false alarm in the third: F1 1 and 2 / (2 + 2) = 1/2. In story a alone it is 1 against 2/3, in b,
    # where nothing holds, the coder has no F1, so that draws of b alone are passed over.
    codes, coder = np.array([[1], [1], [0], [0]], bool), np.array([[1], [1], [0], [0]], bool)
    lexicon, story = np.array([[1], [0], [1], [0]], bool), pd.Series(["a", "a", "b", "b"])
    row = differences(coder, lexicon, codes, story, ["near"], draws=2000, seed=0).iloc[0]
    assert row[["coder", "lexicon", "difference"]].tolist() == pytest.approx([1, 1 / 2, 1 / 2])
    assert row[["low", "high"]].tolist() == pytest.approx([1 / 3, 1 / 2])


def test_what_is_seen():
    given = seen(["Russia is not an ally of China.", "France is an ally.", "Both sides are one ally."], PAIR).given
    held = [row[row > 0].index.tolist() for _, row in given.iterrows()]
    assert held == [
        ["negated near", "pair named", "pair alone", "pair word", "negation"],
        ["entry near: ally", "others named"],
        ["frame near", "entry near: ally", "pair meant"],
    ]


def test_names_and_numbers_are_no_terms():
    terms = seen(["Russia and China signed 30 gas deals in Moscow."], PAIR).counts.terms.tolist()
    assert terms == ["deals", "gas", "gas deals", "signed"]


def test_embeddings_of_ones_own():
    def lengths(texts):
        return [[len(text), 1.0 if "pact" in text else 0.0] for text in texts]

    coder = an.train_coder(CODED, LEXICON, embeddings=lengths)
    assert {"embedding 0", "embedding 1"} <= set(coder.weights["feature"])
    assert coder.label(["a pact"])["near"].tolist() == [True]


def test_a_model_without_its_package_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ImportError) as raised:
        an.train_coder(CODED, LEXICON, embeddings="all-MiniLM-L6-v2")
    assert str(raised.value) == (
        "embeddings='all-MiniLM-L6-v2' needs sentence-transformers, which is not installed. Write pip install "
        "sentence-transformers, pass a function of your own from texts to vectors, or leave embeddings out."
    )


def test_nothing_to_label_is_an_empty_table():
    coder = an.train_coder(CODED, LEXICON)
    assert list(coder.label([])) == ["near", "far"]
    assert coder.probability([]).empty
    with pytest.raises(TypeError, match=r"a coder takes a list of texts, not one string. Write \[text\]."):
        coder.label("ally")


@pytest.mark.parametrize(
    ("coded", "options", "error"),
    [
        (
            CODED.drop(columns="far"),
            {},
            "coded passages: no column 'far'; there is story_id, text, near. "
            "They need 'text' and a column of 0 and 1 for each frame of the lexicon.",
        ),
        (CODED.assign(far=2), {}, "coded passages: far is 2 in row 0 (from 0). A code is 0 or 1."),
        (
            CODED.drop(columns="story_id"),
            {},
            "coded passages: no column 'story_id', 'article' or 'doc_id'; there is text, near, far. Say which "
            "article each passage is from, so that no story is both learned from and tested on.",
        ),
        (
            CODED.assign(story_id=[None, *CODED["story_id"][1:]]),
            {},
            "coded passages: story_id is missing in row 0 (from 0). Say where the passage is from.",
        ),
        (
            CODED.assign(story_id="s"),
            {},
            "coded passages: stories: 1, too few for folds=5. "
            "Code passages of more stories, or take fewer folds, 2 at least.",
        ),
        (CODED, {"folds": 1}, "folds=1: to learn from some stories and test on others takes 2 or more."),
        (
            CODED[:24],
            {},
            "coded passages: near stands in 8, stories: 8. To learn a frame takes 10 passages, of 2 stories or "
            "more. Code more, or leave the frame out of the lexicon.",
        ),
        (
            CODED.assign(near=1),
            {},
            "coded passages: all carry near, so what speaks against it cannot be learned.",
        ),
        (
            CODED,
            {"embeddings": lambda texts: [1.0] * len(texts)},
            "embeddings: an array of shape (36,) for 36 texts. "
            "The function takes a list of texts and gives one vector of finite numbers a text.",
        ),
    ],
)  # fmt: skip
def test_what_a_coder_cannot_learn_from_is_told(coded, options, error):
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the whole text is compared
        an.train_coder(coded, LEXICON, **options)
    assert str(raised.value) == error
