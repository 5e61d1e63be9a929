import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis as an
from analysis.corpus.clean import boilerplate_rules, received_offset, received_text, removed_spans

CASES = sorted(Path("tests/cases/clean").glob("*.txt"))
COLUMNS = ["doc_id", "start", "end", "text", "rule"]


BOILERPLATE = [
    "top stories trump says americans won t stand for stay at home orders anymore ",
    "apitalism struggles during covid 19 pandemic ",
    " leave a reply:",
    "pic.twitter.com/abc",
    "copyright 2020 the washington times llc",
    "associated press",
    "date 2018-06-08 ",
]


def table(*texts, outlet=""):
    ids = [f"d{number}" for number in range(len(texts))]
    return pd.DataFrame({"doc_id": ids, "outlet": outlet, "text": list(texts)}).astype("str")


def cut(text, removed):
    for row in removed.sort_values("start", ascending=False).itertuples():
        assert text[row.start : row.end] == row.text
        text = text[: row.start] + text[row.end :]
    return text


@pytest.fixture(scope="module")
def seeds():
    return an.load_example("seeds")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_seed_is_cleaned_as_by_hand(seeds, case):
    cleaned = an.clean(seeds).set_index("doc_id").text[case.stem]
    assert cleaned.split() == case.read_bytes().decode().split()
    assert cleaned.strip() == case.read_bytes().decode().strip()


def test_there_is_a_case_for_each_seed(seeds):
    assert [case.stem for case in CASES] == seeds.doc_id.tolist()


def test_no_word_of_2020_is_left(seeds):
    later = re.compile(
        r"covid|virus|pandemic|biden|2020 the|hydroxychloroquine|top stories|newsletters", re.IGNORECASE
    )
    assert an.clean(seeds).text.str.contains(later).sum() == 0


def test_the_removed_spans_of_a_seed_say_what_and_why(seeds):
    removed = removed_spans(an.clean(seeds))
    found = removed[removed.doc_id == "seed-000"]
    assert found[["start", "end", "rule"]].to_numpy().tolist() == [
        [0, 45, "chopped headline"],
        [891, 1147, "teasers in the story"],
        [6650, 6668, "agency credit"],
    ]


@pytest.mark.parametrize(
    ("outlet", "text", "expected"),
    [
        ("Washington Times", "he told the associated press", "he told the associated press"),
        ("Washington Times", "its own interests associated press", "its own interests"),
        ("AP", "its own interests associated press", "its own interests associated press"),
        ("", "the top stories of the year", "the top stories of the year"),
        ("", "Leave a reply: he did.", "Leave a reply: he did."),
        ("", "It is so. Leave a reply:", "It is so."),
        (
            "",
            "Copyright © 2019 The Washington Times, LLC was sold.",
            "Copyright © 2019 The Washington Times, LLC was sold.",
        ),
        ("", "Over. Copyright © 2019 The Washington Times, LLC. Click here for reprint permission.", "Over."),
        ("", " date 2019-06-05 After talks", "After talks"),
        ("Taipei Times", "AP, MOSCOW\n\nXi came.", "Xi came."),
        ("Taipei Times", "AP, MOSCOW and Beijing agree", "AP, MOSCOW and Beijing agree"),
        ("", "Look. pic.twitter.com/a1B2 Then on.", "Look. Then on."),
        ("HuffPost", "Visit the site to learn more", "Visit the site to learn more"),
        ("HuffPost", "So it ends. How will Trump's first 100 days impact you? Learn more", "So it ends."),
        ("BBC", "She said: Share this with care.", "She said: Share this with care."),
        ("", "", ""),
        ("", "China", "China"),
    ],
)
def test_boilerplate_goes_and_articles_stay(outlet, text, expected):
    assert an.clean(table(text, outlet=outlet)).text.tolist() == [expected]


def test_nothing_removed_is_an_empty_table_with_its_columns():
    for articles in (table("Xi met Putin."), table()):
        removed = removed_spans(an.clean(articles))
        assert (len(removed), list(removed)) == (0, COLUMNS)


def test_the_argument_stays_and_other_columns_are_carried():
    articles = table("It is so. Leave a reply:").assign(desk="world")
    before = articles.copy()
    cleaned = an.clean(articles)
    pd.testing.assert_frame_equal(articles, before)
    assert cleaned.attrs == {}
    assert cleaned.desk.tolist() == ["world"]


def test_cleaned_tables_can_be_joined_end_to_end():
    one, two = an.clean(table("It is so. Leave a reply:")), an.clean(table("Xi met Putin."))
    both = pd.concat([one, two.assign(doc_id="d1")]).merge(
        pd.DataFrame({"outlet": [""], "side": "a"}), on="outlet"
    )
    assert removed_spans(both)["text"].tolist() == [" Leave a reply:"]
    assert removed_spans(both[both["doc_id"] == "d1"]).empty


def test_what_was_removed_survives_parquet(tmp_path):
    cleaned = an.clean(table("It is so. Leave a reply:", "Xi met Putin."))
    cleaned.to_parquet(tmp_path / "a.parquet")
    pd.testing.assert_frame_equal(removed_spans(pd.read_parquet(tmp_path / "a.parquet")), removed_spans(cleaned))


def test_to_clean_again_keeps_what_was_removed_first(seeds):
    once = an.clean(seeds)
    pd.testing.assert_frame_equal(an.clean(once), once)


@given(
    st.lists(st.one_of(st.sampled_from(BOILERPLATE), st.text(max_size=9)), max_size=8).map("".join),
    st.text(max_size=9),
)
def test_the_received_text_comes_back_after_two_cleanings(text, outlet):
    once = an.clean(table(text, outlet=outlet))
    again = an.clean(once.assign(outlet="Washington Times"))
    assert received_text(again["text"][0], again["removed"][0]) == text
    assert cut(text, removed_spans(again)) == again["text"][0]


@pytest.mark.parametrize("outlets", [["A", None], ["A", float("nan")], ["A", pd.NA], ["A", ""]])
def test_a_categorical_outlet_may_be_missing(outlets):
    articles = table("Xi left. Leave a reply:", "Xi met Putin.").assign(outlet=pd.Categorical(outlets))
    assert an.clean(articles)["text"].tolist() == ["Xi left.", "Xi met Putin."]
    assert an.mark_copies(articles)["story_id"].tolist() == ["d0", "d1"]


@given(st.lists(st.one_of(st.sampled_from(BOILERPLATE), st.text(max_size=12)), max_size=8).map("".join))
def test_cutting_the_removed_spans_gives_the_clean_text(text):
    cleaned = an.clean(table(text, outlet="Washington Times"))
    assert cut(text, removed_spans(cleaned)) == cleaned.text[0]


@given(st.lists(st.one_of(st.sampled_from(BOILERPLATE), st.text(max_size=12)), max_size=8).map("".join))
def test_every_clean_character_is_found_in_the_text_as_received(text):
    cleaned = an.clean(table(text, outlet="Washington Times"))
    back = received_offset(cleaned["removed"][0], np.arange(len(cleaned.text[0])))
    assert "".join(text[at] for at in back) == cleaned.text[0]


def test_every_rule_has_a_name_a_reason_and_a_literal_in_lower_case():
    for rule in boilerplate_rules():
        assert rule.name
        assert rule.reason
        assert rule.contains == rule.contains.lower()
        assert rule.pattern.search("") is None


def test_every_rule_finds_something_in_what_is_shipped(seeds):
    found = pd.concat([removed_spans(an.clean(seeds)), removed_spans(an.load_example("news", prepared=True))])
    shown = {rule.name for rule in boilerplate_rules() if rule.example}
    ruled = set(found.rule[~found.rule.str.startswith("repeated in ")])
    assert {rule.name for rule in boilerplate_rules()} - shown == ruled


@pytest.mark.parametrize(
    "rule", [rule for rule in boilerplate_rules() if rule.example], ids=lambda rule: rule.name
)
def test_a_line_of_its_own_goes_and_a_sentence_with_these_words_stays(rule):
    lines = f"Xi met Putin.\n\n{rule.example}\n\nThey signed."
    cleaned = an.clean(table(lines, outlet="A"))
    assert removed_spans(cleaned)["rule"].tolist() == [rule.name]
    assert cleaned["text"][0] == "Xi met Putin.\n\nThey signed."
    sentence = f"He said that {rule.example.lower()} is what they read."
    assert an.clean(table(sentence, outlet="A"))["text"][0] == sentence


@pytest.mark.parametrize(
    ("articles", "complaint"),
    [
        (
            {"doc_id": ["a"], "body": ["Xi left."]},
            "articles: column 'text' is missing. Found: doc_id, body. A table of articles needs doc_id, text.",
        ),
        (
            {"doc_id": ["a", "a"], "text": ["Xi left.", "Xi came."]},
            "articles: doc_id 'a' is duplicated. Give each row its own.",
        ),
    ],
)
def test_a_table_that_is_none_of_articles(articles, complaint):
    with pytest.raises(ValueError, match="articles") as error:
        an.clean(pd.DataFrame(articles))
    assert str(error.value) == complaint
