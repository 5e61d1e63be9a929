"""From a document to its outlet, its story and its weight."""

import numpy as np
import pandas as pd
import pytest

from analysis.corpus.stories import UNKNOWN, document_stories, outlet_names, story_codes
from tests.data import refused

ARTICLES = pd.DataFrame({"doc_id": ["a", "b", "c"], "outlet": ["AP", None, " "], "story_id": ["a", "a", None]})


def test_a_story_weighs_one_and_an_article_without_one_is_its_own():
    table = document_stories(pd.Index(["c", "b", "a"]), ARTICLES)
    assert table["story"].tolist() == ["c", "a", "a"]
    assert table["weight"].tolist() == [1.0, 0.5, 0.5]
    assert table["outlet"].tolist() == [UNKNOWN, UNKNOWN, "AP"]


def test_a_colon_in_a_name_is_not_taken_for_a_passage():
    articles = pd.DataFrame({"doc_id": ["nexis:1", "nexis:2"], "outlet": ["AP", "DW"]})
    assert document_stories(pd.Index(["nexis:2"]), articles)["outlet"].tolist() == ["DW"]
    assert document_stories(pd.Index(["nexis:2:0"]), articles)["outlet"].tolist() == ["DW"]


def test_whole_numbers_name_articles_too():
    articles = pd.DataFrame({"doc_id": [1, 2], "outlet": pd.Categorical(["AP", None]), "story_id": [7, 7]})
    table = document_stories(pd.Index([1, 2]), articles)
    assert table["outlet"].tolist() == ["AP", UNKNOWN]
    assert table["weight"].tolist() == [0.5, 0.5]


def test_names_of_a_category_may_be_missing():
    assert outlet_names(pd.Series(pd.Categorical(["AP", None]))).tolist() == ["AP", UNKNOWN]


def test_codes_follow_names_not_rows():
    assert story_codes(pd.Index(["c", "a", "b"]), ARTICLES).tolist() == [1, 0, 0]
    assert story_codes(pd.Index(["c", "a", "b"]), None).tolist() == [2, 0, 1]
    assert story_codes(pd.Index([], dtype="str"), ARTICLES).dtype == np.int64


ERRORS = [
    (ARTICLES.drop(columns="outlet"), {}, "articles: column 'outlet' is missing. Found: doc_id, story_id."),
    (
        ARTICLES.assign(doc_id="a"),
        {},
        "articles: doc_id 'a' is duplicated. Give one row per article, not the table of passages.",
    ),
    (
        ARTICLES.iloc[1:],
        {},
        "articles: 1 of 1 documents are not in this table. First: 'a'. "
        "Give the articles that the shares or counts were made from.",
    ),
    (
        ARTICLES,
        {"cluster": "wire"},
        "articles: column 'wire' is missing. Found: doc_id, outlet, story_id. "
        "Name the column whose articles are one observation in Inference(cluster=…).",
    ),
]


@pytest.mark.parametrize(("articles", "options", "message"), ERRORS)
def test_errors_say_what_to_do(articles, options, message):
    with refused(message):
        document_stories(pd.Index(["a"]), articles, **options)
