import pandas as pd
import pytest

import analysis as an

ARTICLES = pd.DataFrame(
    {
        "doc_id": ["a", "b", "c", "d"],
        "outlet": ["TASS", "DW", "", "TASS"],
        "date": pd.to_datetime(["2017-02-07", "2017-02-06", None, "2017-02-05"]),
        "text": ["one two three four", "", "one", "one two"],
        "agency": ["", "AP", "AP", ""],
    }
)


def test_a_row_an_outlet_and_the_unknown_last():
    table = an.summarize(ARTICLES)
    assert list(table) == [
        "outlet",
        "n_articles",
        "words",
        "first_date",
        "last_date",
        "undated",
        "empty",
        "problems",
    ]
    assert table.outlet.tolist() == ["DW", "TASS", "(unknown)"]
    assert table.n_articles.tolist() == [1, 2, 1]
    assert table.words.fillna(-1).tolist() == [-1, 3, 1]  # DW: no text, so no length; TASS: between 4 and 2
    assert table.first_date.tolist() == [pd.Timestamp("2017-02-06"), pd.Timestamp("2017-02-05"), pd.NaT]
    assert table.last_date.tolist() == [pd.Timestamp("2017-02-06"), pd.Timestamp("2017-02-07"), pd.NaT]
    assert table.undated.tolist() == [0, 0, 1]
    assert table["empty"].tolist() == [1, 0, 0]


def test_words_are_counted_in_scripts_without_blanks_too():
    texts = {"zh": "俄罗斯和中国签署了协议。", "ja": "ロシアと中国", "en": "Xi (习近平) met Putin – in 2024"}
    table = an.summarize(pd.DataFrame({"outlet": texts.keys(), "text": texts.values()})).set_index("outlet")
    assert table["words"].to_dict() == {"zh": 6, "ja": 3, "en": 6}


def test_stories_are_counted_once_marked():
    table = an.summarize(ARTICLES.assign(story_id=["a", "a", "c", "a"]))
    assert table.n_stories.tolist() == [1, 1, 1]


def test_any_column_can_be_the_group():
    table = an.summarize(ARTICLES, by="agency")
    assert table[["agency", "n_articles"]].to_numpy().tolist() == [["AP", 2], ["(unknown)", 2]]


def test_no_articles_give_an_empty_table_with_its_columns():
    table = an.summarize(ARTICLES.head(0))
    assert (len(table), list(table)) == (0, list(an.summarize(ARTICLES)))


def test_an_unknown_column_is_named():
    with pytest.raises(ValueError, match="desk") as error:
        an.summarize(ARTICLES, by="desk")
    assert str(error.value) == ("articles: column 'desk' is missing. Found: doc_id, outlet, date, text, agency.")


def test_items_that_could_not_be_read_are_counted_beside_the_articles(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('[{"outlet": "TASS", "text": "Xi left."}, 7, 8, "x"]')
    articles = an.read_articles(path)
    table = an.summarize(articles)
    assert table[["outlet", "n_articles", "undated", "empty", "problems"]].to_numpy().tolist() == [
        ["TASS", 1, 1, 0, 0],
        ["(unknown)", 0, 0, 0, 3],
    ]
    assert an.summarize(articles, by="source").to_dict("records") == [
        {
            "source": "a.json", "seen": 4, "read": 1, "problems": 3, "empty": 0, "undated": 1,
            "unreadable_dates": 0, "undecided_dates": 0, "repeated": 0, "encoding": "utf-8", "read_as": "",
            "reasons": "a number, not an object (2; for example element 2: 7); "
            'a text, not an object (1; for example element 4: "x")',
        }
    ]  # fmt: skip


def test_the_audit_is_the_same_after_a_filter_a_merge_and_two_files(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('[{"outlet": "TASS", "text": "Xi left."}, 7, 8, "x"]')
    articles = an.read_articles(path)
    joined = articles[articles["source"] != ""].merge(pd.DataFrame({"outlet": ["TASS", ""], "side": "a"}))
    pd.testing.assert_frame_equal(an.summarize(joined, by="source"), an.summarize(articles, by="source"))


def test_languages_are_named_the_commonest_first():
    table = an.summarize(ARTICLES.assign(language=["ru", "de", "", "ru"], outlet="TASS"))
    assert table["languages"].tolist() == ["ru, de"]


def test_every_article_is_counted():
    articles = an.load_example("news")
    table = an.summarize(articles)
    assert table.n_articles.sum() == len(articles)
    assert table["empty"].sum() == 36


def test_without_a_date_every_article_is_undated():
    table = an.summarize(ARTICLES.drop(columns="date"))
    assert table["undated"].tolist() == table["n_articles"].tolist()


def test_a_missing_text_is_an_empty_one():
    table = an.summarize(pd.DataFrame({"outlet": ["TASS", "TASS"], "text": [None, "Xi left"]}))
    assert table[["n_articles", "words", "empty"]].to_numpy().tolist() == [[2, 2.0, 1]]


def test_a_missing_text_column_is_named():
    with pytest.raises(ValueError, match="text") as error:
        an.summarize(pd.DataFrame({"outlet": ["TASS"]}))
    assert str(error.value) == "articles: column 'text' is missing. Found: outlet."


def test_mojibake_is_counted_beside_the_encoding():
    rows = {"source": "a.csv", "outlet": "A", "text": "x", "encoding": ["utf-8", "utf-8, mojibake repaired"]}
    assert an.summarize(pd.DataFrame(rows), by="source")["encoding"].tolist() == [
        "utf-8 (mojibake repaired in 1 of 2 rows)"
    ]
