import re
from pathlib import Path

import pandas as pd
import pytest
import yaml

import analysis as an

CASES = yaml.safe_load(Path("tests/cases/agencies.yaml").read_text(encoding="utf-8"))


def table(text, **columns):
    return pd.DataFrame({"doc_id": ["a"], "text": [text], **{name: [value] for name, value in columns.items()}})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][-40:])
def test_a_credit_names_the_agency_and_a_sentence_does_not(case):
    marked = an.mark_agencies(table(case["text"]))
    assert marked["agency"].tolist() == [case["agency"]]
    credits = marked.attrs["credits"]
    assert credits["place"].unique().tolist() == ([case["place"]] if case["agency"] else [])
    assert all(case["text"][row.start : row.end] == row.text for row in credits.itertuples())


def test_an_agency_that_is_there_stays():
    articles = table("BEIJING (AP) — Xi left.", agency="Reuters")
    assert an.mark_agencies(articles)["agency"].tolist() == ["Reuters"]
    assert an.mark_agencies(articles).attrs["credits"].empty


def test_the_byline_of_an_export_is_read_first():
    marked = an.mark_agencies(table("It is over. —AP", byline="Jo Ray, Reuters"))
    assert marked["agency"].tolist() == ["Reuters"]
    assert marked.attrs["credits"].to_dict("records") == [
        {"doc_id": "a", "agency": "Reuters", "place": "byline", "start": -1, "end": -1, "text": "Jo Ray, Reuters"}
    ]


def test_the_seeds_show_their_agency_themselves():
    seeds = an.load_seeds()
    assert an.mark_agencies(seeds.assign(agency=""))["agency"].equals(seeds["agency"])


def test_marking_twice_changes_nothing_and_the_argument_stays():
    articles = an.clean(table("It is over. —AP", outlet="ABC News"))
    before = articles.copy()
    once = an.mark_agencies(articles)
    pd.testing.assert_frame_equal(articles, before)
    pd.testing.assert_frame_equal(an.mark_agencies(once), once)
    assert "removed" in once


def test_no_articles_keep_the_columns():
    marked = an.mark_agencies(table("x").iloc[:0])
    assert list(marked) == ["doc_id", "text", "agency"]
    assert list(marked.attrs["credits"]) == ["doc_id", "agency", "place", "start", "end", "text"]


def test_a_missing_column_is_named():
    message = "articles: column 'text' is missing. Found: doc_id."
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        an.mark_agencies(pd.DataFrame({"doc_id": ["a"]}))
