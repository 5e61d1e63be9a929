import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks
from sklearn.utils.validation import validate_data

import analysis as an
from analysis.frames.formats.read_yaml import parsed
from analysis.frames.match import text_frames
from analysis.frames.vectorizer import FrameVectorizer
from tests.data import refused

TINY = parsed(
    """
    negation: {words: [not]}
    frames: {near: {frames: {arms: [drill*], talks: [summit, peace talks]}}, money: [trade, oil]}
    """,
    "tiny.yaml",
)
TEXTS = ["Trade and oil. A summit, not drills. More trade.", "", "Peace talks."]
WORDS = ["trade", "summit", "drill", "oil", "not", "peace talks", "weather"]


class Rows(FrameVectorizer):
    """The vectorizer as scikit-learn's checks can ask it: they feed numbers, of which each row becomes a text."""

    def fit(self, X, y=None):  # noqa: ARG002 - scikit-learn passes it
        return super().fit(self.texts(validate_data(self, X)))

    def transform(self, X):
        return super().transform(self.texts(validate_data(self, X, reset=False)))

    def texts(self, X):
        return [" ".join(WORDS[int(abs(value)) % len(WORDS)] for value in row) for row in X]

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array, tags.input_tags.one_d_array, tags.input_tags.string = True, False, False
        return tags

    def _checked_lexicon(self):
        return TINY


@parametrize_with_checks([Rows()])
def test_it_passes_the_checks_of_scikit_learn(estimator, check):
    check(estimator)


@pytest.mark.parametrize(
    ("settings", "rows"),
    [
        ({}, [[0, 1, 3], [0, 0, 0], [0, 1, 0]]),
        ({"binary": True}, [[0, 1, 1], [0, 0, 0], [0, 1, 0]]),
        ({"share": True}, [[0, 1 / 3, 2 / 3], [0, 0, 0], [0, 1, 0]]),
        ({"share": True, "unit": "article"}, [[0, 1, 1], [0, 0, 0], [0, 1, 0]]),
    ],
)
def test_a_row_a_text_and_a_column_a_frame(settings, rows):
    vectorizer = FrameVectorizer(TINY, **settings)
    found = vectorizer.fit_transform(TEXTS)
    assert found.dtype == (np.float64 if "share" in settings else np.int64)
    np.testing.assert_allclose(found, rows)
    assert vectorizer.get_feature_names_out().tolist() == ["near.arms", "near.talks", "money"]


def test_nested_frames_are_folded():
    vectorizer = FrameVectorizer(TINY, depth=1)
    assert vectorizer.get_feature_names_out().tolist() == ["near", "money"]
    assert vectorizer.transform(TEXTS).tolist() == [[1, 3], [0, 0], [1, 0]]


def test_only_passages_about_the_pair_count():
    texts = ["Trade grew between Russia and China. Trade grew.", "Trade grew."]
    lexicon = parsed("about: [Russia, China]\nframes: {money: [trade], near: [ally]}", "pair.yaml")
    assert FrameVectorizer(lexicon).transform(texts).tolist() == [[1, 0], [0, 0]]
    assert FrameVectorizer(lexicon, share=True).transform(texts).tolist() == [[1, 0], [0, 0]]


def test_a_lexicon_by_name_by_file_or_itself(tmp_path):
    path = an.write_lexicon(TINY, tmp_path / "tiny.yaml")
    for lexicon in (TINY, path, str(path)):
        assert FrameVectorizer(lexicon).transform(TEXTS).tolist() == [[0, 1, 3], [0, 0, 0], [0, 1, 0]]
    assert FrameVectorizer().get_feature_names_out().tolist() == an.read_lexicon("russia-china").labels


def test_copies_are_the_same_and_do_the_same():
    vectorizer = FrameVectorizer(TINY, share=True)
    for copy in (clone(vectorizer), pickle.loads(pickle.dumps(vectorizer))):
        assert copy.get_params() == vectorizer.get_params()
        np.testing.assert_array_equal(copy.transform(TEXTS), vectorizer.transform(TEXTS))


def test_it_works_in_a_pipeline_and_in_a_search():
    texts = pd.Series(["oil", "oil trade", "summit", "peace talks"] * 3)
    labels = ["money", "money", "near", "near"] * 3
    search = GridSearchCV(
        make_pipeline(FrameVectorizer(TINY), LogisticRegression()),
        {"framevectorizer__binary": [False, True]},
        cv=2,
    ).fit(texts, labels)
    assert search.best_score_ == 1
    assert search.predict(["a summit", "trade"]).tolist() == ["near", "money"]


@pytest.mark.parametrize("kind", [list, tuple, np.array, pd.Series])
def test_texts_may_stand_in_anything_that_lists_them(kind):
    assert FrameVectorizer(TINY).fit(kind(TEXTS)).transform(kind(TEXTS)).shape == (3, 3)


def test_set_output_labels_rows_and_columns():
    articles = pd.DataFrame({"text": TEXTS, "title": "t"}, index=["x", "y", "z"])
    chosen = ColumnTransformer([("frames", FrameVectorizer(TINY), "text")]).set_output(transform="pandas")
    found = chosen.fit_transform(articles)
    assert found.columns.tolist() == ["frames__near.arms", "frames__near.talks", "frames__money"]
    assert found.index.tolist() == ["x", "y", "z"]


@pytest.mark.parametrize("settings", [{}, {"share": True}])
def test_no_texts_give_no_rows(settings):
    assert FrameVectorizer(TINY, **settings).transform([]).shape == (0, 3)


@pytest.mark.parametrize(
    ("texts", "complaint"),
    [
        (
            "Trade.",
            "FrameVectorizer: a list of texts is needed. Found: one string. "
            "Write one text as [text]; of a table give the column, as in articles['text'].",
        ),
        (
            pd.DataFrame({"text": TEXTS}),
            "FrameVectorizer: a list of texts is needed. Found: a table of shape (3, 1). "
            "Write one text as [text]; of a table give the column, as in articles['text'].",
        ),
        (
            ["Trade.", None],
            "texts: text 1 is not a string. Found: None. Fill missing texts with ''.",
        ),
    ],
)
@pytest.mark.parametrize("method", ["fit", "transform"])
def test_what_are_no_texts(method, texts, complaint):
    with refused(complaint, TypeError):
        getattr(FrameVectorizer(TINY), method)(texts)


@pytest.mark.parametrize("method", ["fit", "transform"])
@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        (
            {"share": True, "binary": True},
            "FrameVectorizer: share and binary cannot both be True. Set one of them to False.",
        ),
        ({"lexicon": "mars"},
         "lexicon 'mars' does not ship with the package, and a file of this name does not exist. "
         "Found: russia-china, russia-china-ar, russia-china-de, russia-china-es, russia-china-fr, "
         "russia-china-ru, russia-china-zh, us-russia. Give the path of a lexicon file, as in 'mine.yaml'."),
        ({"depth": 0, "lexicon": TINY}, "depth: must be a whole number from 1 up. Found: 0."),
        ({"unit": "word", "lexicon": TINY},
         "unit: 'word' is not a unit. Use one of: sentence, paragraph, window, article."),
    ],
)  # fmt: skip
def test_settings_that_make_no_sense(method, settings, complaint):
    with refused(complaint):
        getattr(FrameVectorizer(**settings), method)(TEXTS)


def test_passages_alone_are_read_as_labels_are():
    texts = ["Both sides praised their friendship.", "Russia and China trade.", "It rained."]
    numbers = FrameVectorizer(unit="passage", binary=True).fit_transform(texts)
    assert numbers.tolist() == text_frames(texts, an.read_lexicon("russia-china")).astype(int).to_numpy().tolist()
    assert numbers.sum() == 2
