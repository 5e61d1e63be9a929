"""The desk without its face: what it answers, and what it will not take."""

import json

import pandas as pd
import pytest

import analysis as an
from analysis.show.desk.bench import Bench
from analysis.show.desk.evidence import gathered
from tests.data import cases, refused
from tests.show.benches import LEXICON, ask, bench, corpus, ids, shares

REFUSALS = cases("desk_refusals")


def test_cells_are_the_estimates_of_compare_outlets():
    desk, articles = bench(), corpus()
    passages = an.passages(articles, about=None)
    table = an.compare_outlets(an.frame_shares(an.find_frames(passages, LEXICON), passages), articles)
    answer = ask(desk, "cells")
    assert shares(answer) == {"TASS": [0.25, 0.5], "BBC": [0.25, 0.5], "DW": [0.0, 0.0]}
    cells = {
        (r["outlet"], label["name"]): c
        for r in answer["rows"]
        for label, c in zip(answer["labels"], r["cells"], strict=True)
    }
    for row in table.to_dict("records"):
        cell = cells[row["outlet"], row["label"]]
        assert cell["low"] == (None if pd.isna(row["low"]) else round(row["low"], 6))
    assert cells["DW", "economy"] == {"share": 0.0, "low": None, "high": None, "n": 0, "note": "one story"}
    assert (answer["units"], answer["articles"], answer["stories"]) == (9, 5, 4)


def test_answers_are_plain_values():
    desk = bench(topics=pd.DataFrame({"t1": [0.9, 0.1], "t2": [0.1, 0.9]}, index=["a", "b"]))
    grids = [{"ask": "cells", "view": view} for view in ("frames", "topics", "terms")]
    texts = [{"ask": "sheet", "article": "a"}, {"ask": "compare", "article": "a", "other": "d"}]
    for question in [{"ask": "scope"}, {"ask": "cards"}, *grids, *texts]:
        answer = desk.answer(question)
        assert json.loads(json.dumps(answer, allow_nan=False)) == answer
        assert "error" not in answer


def test_cards_go_by_strength_then_date_and_by_date():
    desk = bench()
    assert ids(ask(desk, "cards", label="economy")) == ["a:0", "d:0", "b:0", "c:1"]
    assert ids(ask(desk, "cards", label="economy", order="date")) == ["b:0", "c:1", "a:0", "d:0"]


def test_a_negated_hit_is_shown_but_does_not_count():
    desk = bench()
    assert ids(ask(desk, "cards", label="alliance")) == ["a:1", "d:1"]
    (card,) = ask(desk, "cards", filters={"entry": "friend*", "outlet": "BBC", "until": "2017-01-03"})["cards"]
    assert card["segments"] == [
        {"text": "They are no "},
        {"text": "friends", "negated": ["alliance"], "entries": ["friend*"]},
        {"text": "."},
    ]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"outlet": "TASS"}, ["a:0", "b:0", "a:1", "b:1"]),
        ({"since": "2017-01-03"}, ["a:0", "d:0", "a:1", "d:1"]),
        ({"until": "2017-01-01"}, ["b:0", "b:1"]),
        ({"story": "a"}, ["a:0", "d:0", "a:1", "d:1"]),
        ({"frame": "alliance"}, ["a:1", "d:1"]),
        ({"search": "gas … grew"}, ["a:0", "d:0"]),
        ({"search": "(rain*|dear)"}, ["c:1", "b:1", "e:0"]),
        ({"search": "rain*", "outlet": "DW"}, ["e:0"]),
        ({"topic": "t2"}, ["b:0", "b:1"]),
    ],
)
def test_filters(filters, found):
    desk = bench(topics=pd.DataFrame({"t1": [0.9, 0.1], "t2": [0.1, 0.9]}, index=["a", "b"]))
    assert ids(ask(desk, "cards", filters=filters)) == found
    assert ask(desk, "cells", filters=filters)["units"] == len(found)


def test_what_was_searched_for_is_marked():
    (card,) = ask(bench(), "cards", filters={"search": "omsk"})["cards"]
    assert [piece["text"] for piece in card["segments"] if "found" in piece] == ["Omsk"]


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: case["complaint"][:30])
def test_what_cannot_be_answered_is_said(case):
    desk = bench()
    assert desk.answer(case["question"]) == {"error": case["complaint"]}
    assert (desk.silenced, desk.added, desk.codes) == ((), (), {})


def test_a_page_holds_fifty_cards():
    many = pd.DataFrame({"doc_id": [f"{i:03}" for i in range(120)], "outlet": "TASS", "text": "Gas."})
    first, last = (ask(bench(many), "cards", label="economy", page=page) for page in (0, 2))
    assert (first["total"], len(first["cards"]), ids(last)[0], len(last["cards"])) == (120, 50, "100:0", 20)


def test_distinctive_terms_of_one_outlet_are_no_terms():
    answer = ask(bench(), "cells", view="terms", filters={"outlet": "TASS"})
    assert answer["note"] == "Terms are distinctive against other outlets: two or more must have passages."
    assert [row["cells"] for row in answer["rows"]] == [[], [], []]


def test_an_empty_corpus_has_a_desk():
    articles = pd.DataFrame({"doc_id": [], "text": []}).astype("str")
    desk = bench(articles)
    assert ask(desk, "cells")["rows"] == []
    assert ask(desk, "cards")["cards"] == []
    assert ask(desk, "cells", view="terms")["units"] == 0


def test_tables_that_do_not_belong_together():
    articles = corpus()
    passages = an.passages(articles, about=None)
    hits = an.find_frames(passages, LEXICON)
    with pytest.raises(ValueError, match="hits: passage 'd:1' is not among the passages"):
        gathered(articles, hits, passages=passages[passages["passage_id"] != "d:1"])
    with pytest.raises(ValueError, match="passages: article 'a' is not among the articles"):
        gathered(articles.iloc[1:], hits, passages=passages)


@pytest.mark.parametrize(
    ("topics", "complaint"),
    [
        (pd.DataFrame({"t": [1.0]}, index=["z"]), "topics: document 'z' is neither an article nor a passage. Pass "
         "the topics of these articles or of these passages."),
        (pd.DataFrame({"t": [0.5, None]}, index=["a", "b"]), "topics: nan of 't' in document 'b'. A share lies "
         "between 0 and 1."),
        (pd.DataFrame({"t": [0.5, 0.5]}, index=["a", "a"]),
         "topics: document 'a' is duplicated. Give each document one row."),
        (pd.DataFrame(index=["a"]), "topics: the table has no column, so no topic."),
    ],
)  # fmt: skip
def test_topics_that_cannot_be_shown(topics, complaint):
    with refused(complaint):
        bench(topics=topics)


@pytest.mark.parametrize(
    ("column", "values", "days"),
    [
        ("date", pd.to_datetime(["2017-01-03 23:00"] * 5, utc=True), ["2017-01-03"] * 2),
        ("date", ["2017-01-03", "soon", None, "", "2017-01-01"], ["2017-01-01", "2017-01-03"]),
        ("date", pd.NaT, []),
        ("outlet", None, ["2017-01-01", "2017-01-04"]),
        ("title", 3.5, ["2017-01-01", "2017-01-04"]),
    ],
)
def test_columns_of_any_kind_have_a_desk(column, values, days):
    desk = bench(corpus().assign(**{column: values}))
    assert ask(desk, "scope")["days"] == days
    assert ask(desk, "cards", order="date")["total"] == 9
    assert len(ask(desk, "cells", filters={"since": "2017-01-02"})["rows"]) == len(desk.given.outlets)


def test_no_argument_is_changed():
    articles = corpus()
    passages = an.passages(articles, about=None)
    hits = an.find_frames(passages, LEXICON)
    before = articles.copy(), passages.copy(), hits.copy()
    desk = Bench(gathered(articles, hits, passages=passages, lexicon=LEXICON), LEXICON)
    ask(desk, "silence", frame="economy", entry="gas")
    for table, was in zip((articles, passages, hits), before, strict=True):
        pd.testing.assert_frame_equal(table, was)


def test_the_list_is_filtered_by_any_column():
    desk = bench(corpus().assign(section=["World", "Sport", "World", None, "Sport"], words=range(5), read_as="x"))
    assert ask(desk, "scope")["columns"] == {"section": ["Sport", "World"], "words": list("01234")}
    assert ids(ask(desk, "cards", filters={"where": {"section": "World"}})) == ["a:0", "c:1", "a:1", "c:0"]
    assert ask(desk, "cards", filters={"where": {"section": "Home"}}) == {
        "error": "filters: 'Home' is not a known section. Use one of: Sport, World."
    }


def test_of_a_column_of_many_values_a_part_is_enough(monkeypatch):
    monkeypatch.setattr("analysis.show.desk.evidence.MOST_VALUES", 3)
    authors = ["Ann Lee", "Bo Ray", "Cy Lee", None, "Di Fox"]
    desk = bench(corpus().assign(author=authors, summary=["long " * n for n in range(20, 25)]))
    assert ask(desk, "scope")["columns"] == {"author": []}
    assert ids(ask(desk, "cards", filters={"where": {"author": "lee"}})) == ["a:0", "c:1", "a:1", "c:0"]
    assert ask(desk, "cards", filters={"where": {"author": "Home"}})["total"] == 0
