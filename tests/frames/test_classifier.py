import sys

import numpy as np
import pandas as pd
import pytest

import analysis as an
from analysis.frames.classifier.features import seen
from analysis.frames.classifier.train import _verdicts, stories
from analysis.frames.coding.codes import judged
from analysis.frames.formats.read_yaml import parsed
from tests.data import refused

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


def test_a_classifier_that_learns_a_word_the_lexicon_lacks_is_better():
    classifier = an.train_classifier(CODED, LEXICON)
    verdicts = classifier.verdicts
    # The lexicon misses half of near, and is right on far: F1 2/3 and 1. Plain words learn as much.
    assert verdicts["label"].tolist() == ["near", "far", "macro F1"]
    assert verdicts["lexicon"].tolist() == pytest.approx([2 / 3, 1, 5 / 6])
    assert verdicts["classifier"].tolist() == verdicts["words"].tolist() == [1, 1, 1]
    assert verdicts["verdict"].tolist() == [
        "The classifier does better than the lexicon, but is not shown to beat a plain TF-IDF model.",
        "Not shown to differ: keep to the lexicon.",
        "The classifier does better than the lexicon, but is not shown to beat a plain TF-IDF model.",
    ]
    assert classifier.label(["a pact", "rival", "weather"]).to_numpy().tolist() == [
        [True, False],
        [False, True],
        [False, False],
    ]
    near = classifier.weights[classifier.weights["label"] == "near"]
    assert near.iloc[0]["weight"] > 0
    assert "term pact" in near.head(3)["feature"].tolist()


def test_a_verdict_is_one_a_frame():
    classifier = an.train_classifier(passages(near=("ally", "ally"), n=36), LEXICON)
    assert set(classifier.verdicts["verdict"]) == {"Not shown to differ: keep to the lexicon."}


def test_a_frame_with_few_passages_keeps_the_lexicon_s_label():
    coded = CODED.assign(far=[int(at in (1, 4, 7)) for at in range(36)])
    classifier = an.train_classifier(coded, LEXICON)
    assert classifier.verdicts["verdict"][1] == (
        "Too few passages to learn from (fewer than 10): the lexicon's label is kept."
    )
    assert classifier.label(["a pact", "a rival"]).to_numpy().tolist() == [[True, False], [False, True]]


def test_the_validation_is_that_of_held_out_labels():
    classifier = an.train_classifier(CODED, LEXICON, seed=3)
    assert classifier.validation.table["f1"].tolist() == classifier.verdicts["classifier"][:2].tolist()
    assert classifier.validation.instrument == "classifier over tiny"
    again = an.validate(CODED, classifier, cluster="story_id", seed=3)
    pd.testing.assert_frame_equal(again.table, classifier.validation.table)


def random_story_words():
    # Every story has a word of its own, and carries the frame or not as a whole: nothing is there to generalise.
    rows = [(f"s{at:02}", f"word{chr(97 + at)} word{chr(97 + at)}", at % 2) for at in range(20) for _ in range(3)]
    return pd.DataFrame(rows, columns=["story_id", "text", "near"])


def test_a_passage_that_was_learned_from_is_judged_by_a_model_that_did_not_see_its_story():
    coded, lexicon = random_story_words(), parsed("frames: {near: [ally]}", "tiny.yaml")
    classifier = an.train_classifier(coded, lexicon)
    # By text, by table, and a new passage of the same story: one figure a fold, whatever the passage says.
    for given in (coded["text"].tolist(), coded, coded.assign(text="something else")):
        assert len(np.unique(classifier.probability(given).round(6))) <= 5
    learned = classifier.model.probability(seen(coded["text"].tolist(), lexicon))[:, 0] >= 0.5
    assert learned.tolist() == coded["near"].astype(bool).tolist()  # as the model itself would say, by heart


def war(seed, n=200, sample=60):
    """Passages of random words: "war" in 30 of 100, "bomb" in half of these, a third of both outlets' is coded."""
    rng = np.random.default_rng(seed)
    words = np.array([f"w{a}{b}" for a in "abcdefghij" for b in "abcdefghijklmnopqrst"])
    yes = rng.random(n) < 0.3
    begun = ["They", "said", "that", "this", "was", "in", "the", "news"]  # so that the language is known
    texts = [
        " ".join([*begun, *rng.choice(words, 15), *(["bomb"] if one and rng.random() < 0.5 else [])])
        for one in yes
    ]
    names = [f"d{at:03}" for at in range(n)]
    passages = pd.DataFrame(
        {"passage_id": names, "doc_id": names, "start": 0, "text": texts, "war": yes.astype(int)}
    )
    return passages, passages.iloc[np.sort(rng.choice(n, sample, replace=False))].assign(probability=sample / n)


def test_shares_of_a_classifier_are_corrected_with_codes_it_did_not_learn_from():
    lexicon, held, learned = parsed("frames: {war: [bomb]}", "war.yaml"), [], []
    for seed in range(6):
        passages, coded = war(seed)
        articles = passages[["doc_id"]].assign(outlet="A")
        classifier = an.train_classifier(coded, lexicon)
        by_heart = classifier.model.probability(seen(passages["text"].tolist(), lexicon)) >= 0.5
        for labels, result in ((classifier.label(passages), held), (by_heart, learned)):
            shares = pd.DataFrame(np.asarray(labels, float), index=passages["passage_id"], columns=["war"])
            row = an.correct_shares(shares, coded, articles, passages=passages).iloc[0]
            result.append(row["corrected_low"] <= 0.3 <= row["corrected_high"])
    assert np.mean(held) > 0.8
    assert np.mean(learned) < np.mean(held)


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
    # Four passages of two stories. Both instruments find the first; the classifier finds the second too, the
    # lexicon raises a false alarm in the third: F1 1 and 2 / (2 + 2) = 1/2. In story a alone it is 1 against 2/3,
    # in b, where nothing holds, the classifier has no F1, so that draws of b alone are passed over.
    coded = pd.DataFrame({"text": "…", "near": [1, 1, 0, 0]})
    found = {
        "classifier": np.array([[1], [1], [0], [0]], bool),
        "lexicon": np.array([[1], [0], [1], [0]], bool),
        "words": np.array([[1], [1], [0], [0]], bool),
    }
    row = _verdicts(found, judged(coded, ["near"])[0], pd.Series(["a", "a", "b", "b"]), ["near"], 0).iloc[0]
    assert row[["classifier", "lexicon", "difference"]].tolist() == pytest.approx([1, 1 / 2, 1 / 2])
    assert row[["low", "high"]].tolist() == pytest.approx([1 / 3, 1 / 2])
    assert row[["over_words", "over_words_low"]].tolist() == [0, 0]


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

    classifier = an.train_classifier(CODED, LEXICON, embeddings=lengths)
    assert {"embedding 0", "embedding 1"} <= set(classifier.weights["feature"])
    assert classifier.label(["a pact"])["near"].tolist() == [True]


def test_a_model_without_its_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with refused(
        "embeddings='all-MiniLM-L6-v2': sentence-transformers is not installed. Run pip install "
        "sentence-transformers, pass a function of your own from texts to vectors, or leave embeddings out.",
        ImportError,
    ):
        an.train_classifier(CODED, LEXICON, embeddings="all-MiniLM-L6-v2")


def test_nothing_to_label_is_an_empty_table():
    classifier = an.train_classifier(CODED, LEXICON)
    assert list(classifier.label([])) == ["near", "far"]
    assert classifier.probability([]).empty
    with pytest.raises(TypeError, match=r"a list of texts is needed, not one string. Write \[text\]."):
        classifier.label("ally")


@pytest.mark.parametrize(
    ("coded", "options", "error"),
    [
        (
            CODED.drop(columns="far"),
            {},
            "coded passages: column 'far' is missing. Found: story_id, text, near. A column 'text' and a column "
            "of codes for each label are needed.",
        ),
        (CODED.assign(far=2), {},
         "coded passages: far has an invalid code in row 0 (from 0). Found: 2. A code is 1 or 0, yes or no, "
         "true or false, or missing. If it means 'not coded', write it as missing: .replace({2: None}). "
         "If numbers are classes, write a row per coder, with the number in a column 'class'."),
        (
            CODED.drop(columns="story_id"),
            {},
            "coded passages: column 'doc_id' is missing. Found: text, near, far. Give 'story_id', 'article' or "
            "'doc_id', so that no story is both learned from and tested on.",
        ),
        (
            CODED.assign(story_id=[None, *CODED["story_id"][1:]]),
            {},
            "coded passages: story_id is missing in row 0 (from 0). Write where the passage is from.",
        ),
        (
            CODED.assign(story_id="s"),
            {},
            "coded passages: too few stories for folds=5. Found: 1. Code passages of more stories, or "
            "take fewer folds, "
            "2 at least.",
        ),
        (CODED, {"folds": 1}, "folds: must be a whole number from 2 up. Found: 1."),
        (
            CODED[:24],
            {},
            "coded passages: too few passages have a label. Found: near 8, far 8. Each label needs "
            "10 passages, "
            "from 2 stories or more. Code more.",
        ),
        (
            CODED.assign(near=1),
            {},
            "coded passages: all have near, so it cannot be learned. Add passages without it.",
        ),
        (
            CODED,
            {"embeddings": lambda texts: [1.0] * len(texts)},
            "embeddings: one vector of finite numbers per text is needed. Found: an array of shape (36,) "
            "for 36 texts.",
        ),
    ],
)  # fmt: skip
def test_what_a_classifier_cannot_learn_from_is_reported(coded, options, error):
    with refused(error):
        an.train_classifier(coded, LEXICON, **options)
