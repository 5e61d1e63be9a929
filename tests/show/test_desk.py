"""The desk without its face: small tables whose answers can be derived by hand."""

import json
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import analysis as an
from analysis.frames.grammar.yaml_form import parsed
from analysis.show.desk.bench import Bench
from analysis.show.desk.evidence import gathered
from analysis.show.desk.segments import Mark, segments
from analysis.show.explore import SELECTION

REFUSALS = yaml.safe_load((Path(__file__).parents[1] / "cases" / "desk_refusals.yaml").read_text("utf-8"))
CODES = pd.DataFrame({"passage_id": ["a:0"], "alliance": [0], "economy": [1]})
LEXICON = parsed(
    """
name: small
negation: {words: [no], scope: 3}
frames:
  alliance: [friend*, allies]
  economy: [gas, trade]
""",
    "small.yaml",
)
ROWS = [
    ("a", "TASS", "2017-01-03", "Gas flows", "Gas and trade grew. They are friends.", None),
    ("b", "TASS", "2017-01-01", "Trade", "Trade fell. It rained in Omsk.", None),
    ("c", "BBC", "2017-01-02", "No friends", "They are no friends. Gas is dear.", None),
    ("d", "BBC", "2017-01-04", "Gas flows on", "Gas and trade grew fast. They are friends.", "a"),
    ("e", "DW", None, "Weather", "It rained.", None),
]


def corpus():
    table = pd.DataFrame(ROWS, columns=["doc_id", "outlet", "date", "title", "text", "copy_of"])
    table["date"] = pd.to_datetime(table["date"])
    return table.assign(story_id=table["copy_of"].fillna(table["doc_id"]), overlap=[None, None, None, 0.8, None])


def bench(articles=None, **more):
    articles = corpus() if articles is None else articles
    passages = an.passages(articles, about=None)
    hits = an.find_frames(passages, LEXICON)
    return Bench(gathered(articles, hits, passages=passages, lexicon=LEXICON, **more), LEXICON)


def ask(desk, what, **more):
    return desk.answer({"ask": what, **more})


def ids(answer):
    return [card["id"] for card in answer["cards"]]


def shares(answer):
    return {row["outlet"]: [cell["share"] for cell in row["cells"]] for row in answer["rows"]}


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
        {"text": "friends", "denied": ["alliance"], "entries": ["friend*"]},
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


def test_a_silenced_entry_moves_the_shares_and_can_be_heard_again():
    desk = bench()
    assert ask(desk, "silence", frame="economy", entry="gas") == {"silenced": [["economy", "gas"]], "added": []}
    cells = ask(desk, "cells")
    assert shares(cells)["BBC"] == [0.25, 0.25]
    assert [row["cells"][1]["before"] for row in cells["rows"] if row["outlet"] == "BBC"] == [0.5]
    assert [entry.name for entry in desk.lexicon.entries] == ["friend*", "allies", "trade"]
    ask(desk, "hear", frame="economy", entry="gas")
    assert shares(ask(desk, "cells"))["BBC"] == [0.25, 0.5]
    assert desk.evidence is desk.given


def test_hits_looked_for_where_a_change_is_heard_are_those_of_reading_everything_again():
    articles = an.load_seeds()
    lexicon = an.load_lexicon("russia-china")
    passages = an.passages(articles)
    desk = Bench(
        gathered(articles, an.find_frames(passages, lexicon), passages=passages, lexicon=lexicon), lexicon
    )
    said = dict.fromkeys(zip(desk.given.hits["frame"], desk.given.hits["entry"], strict=True))
    for frame, entry in [*said][:2]:
        ask(desk, "silence", frame=frame, entry=entry)
        ask(desk, "add", frame=frame, pattern=f"({entry.split()[0]}|beijing) …2 @pair")
        assert desk.added
        whole = an.find_frames(passages, desk.lexicon)
        assert desk.evidence.hits[[*whole]].to_numpy().tolist() == whole.to_numpy().tolist()


def test_an_added_entry_finds_hits_and_is_taken_back_by_silencing_it():
    desk = bench()
    ask(desk, "add", frame="economy", pattern=" rained  in ")
    assert shares(ask(desk, "cells"))["TASS"] == [0.25, 0.75]
    assert ask(desk, "silence", frame="economy", entry="rained in") == {"silenced": [], "added": []}
    assert shares(ask(desk, "cells"))["TASS"] == [0.25, 0.5]


def test_without_a_lexicon_entries_can_be_silenced_but_not_added():
    articles = corpus()
    passages = an.passages(articles, about=None)
    desk = Bench(gathered(articles, an.find_frames(passages, LEXICON), passages=passages))
    ask(desk, "silence", frame="economy", entry="gas")
    assert shares(ask(desk, "cells"))["BBC"] == [0.25, 0.25]
    assert ask(desk, "add", frame="economy", pattern="oil") == {
        "error": "To add an entry the desk needs the lexicon: explore(articles, hits, lexicon=…)."
    }


def test_a_mark_codes_the_whole_passage_as_validate_wants_it():
    desk = bench()
    answer = ask(desk, "code", passage="c:1", frame="economy", code=0)
    assert (answer["card"]["read"], answer["card"]["coded"], answer["coded"]) == ([0, 1], [0, 0], 1)
    ask(desk, "code", passage="a:1", code=1)
    assert desk.coded.to_numpy().tolist() == [
        ["a:1", "a", "TASS", "They are friends.", 1, 0],
        ["c:1", "c", "BBC", "Gas is dear.", 0, 0],
    ]
    assert an.validate(LEXICON, desk.coded)["precision"].tolist() == [1.0, 0.0]
    again = bench()
    again.code(desk.coded)
    assert again.codes == desk.codes
    ask(desk, "code", passage="c:1", code=None)
    assert list(desk.codes) == ["a:1"]


def test_no_mark_is_an_empty_table_with_its_columns():
    table = bench().coded
    assert (len(table), list(table)) == (0, ["passage_id", "article", "outlet", "text", "alliance", "economy"])


def test_a_sheet_puts_back_what_cleaning_removed():
    received = pd.DataFrame(
        {"doc_id": ["x"], "outlet": [""], "title": [""], "text": ["Gas flows. Share: leave a reply:"]}
    )
    cleaned = an.clean(received)
    sheet = ask(bench(cleaned), "sheet", article="x")
    assert "".join(piece["text"] for piece in sheet["segments"]) == received["text"][0]
    assert [p["text"] for p in sheet["segments"] if "removed" in p] == [" leave a reply:"]
    assert [p["text"] for p in sheet["segments"] if "frames" in p] == ["Gas"]
    assert sheet["removed"][0]["letters"] == 15


def test_versions_stand_side_by_side():
    desk = bench()
    sheet = ask(desk, "sheet", article="d")
    assert [(v["id"], v["original"], v["overlap"]) for v in sheet["versions"]] == [
        ("a", True, None),
        ("d", False, 0.8),
    ]
    pair = ask(desk, "compare", article="a", other="d")
    assert pair["words"] == {"kept": 7, "added": 1}
    for side, text in enumerate((ROWS[0][4], ROWS[3][4])):
        assert "".join(piece["text"] for row in pair["rows"] for piece in row[side]) == text
    assert [p["text"] for row in pair["rows"] for p in row[1] if "change" in p] == ["fast"]


@pytest.mark.parametrize(
    "texts", [("", "x"), ("", ""), ("a b", "c d"), ("one two " * 9 + "three", "three " + "one two " * 9)]
)
def test_any_two_texts_can_stand_side_by_side(texts):
    articles = pd.DataFrame({"doc_id": ["a", "b"], "text": texts, "story_id": "a", "copy_of": [None, "a"]})
    pair = ask(bench(articles), "compare", article="a", other="b")
    for side, text in enumerate(texts):
        assert sorted("".join(p["text"] for row in pair["rows"] for p in row[side]).split()) == sorted(
            text.split()
        )


def test_a_page_holds_fifty_cards():
    many = pd.DataFrame({"doc_id": [f"{i:03}" for i in range(120)], "outlet": "TASS", "text": "Gas."})
    first, last = (ask(bench(many), "cards", label="economy", page=page) for page in (0, 2))
    assert (first["total"], len(first["cards"]), ids(last)[0], len(last["cards"])) == (120, 50, "100:0", 20)


def test_hostile_text_travels_as_text_and_giants_are_cut():
    text = "<script>alert(1)</script> gas " + "x" * 1_000_000 + " trade"
    articles = pd.DataFrame(
        {"doc_id": ["x"], "text": [text], "url": ["javascript:alert(1)"], "title": ["t" * 100_000]}
    )
    sheet = ask(bench(articles), "sheet", article="x")
    assert sheet["url"] == ""
    assert len(json.dumps(sheet)) < 3_000
    left_out = sum(piece.get("left_out", 0) for piece in sheet["segments"])
    assert sum(len(piece["text"]) for piece in sheet["segments"]) + left_out == len(text)


def test_distinctive_terms_of_one_outlet_are_no_terms():
    answer = ask(bench(), "cells", view="terms", filters={"outlet": "TASS"})
    assert answer["note"] == "Terms are distinctive against other outlets: two or more must speak."
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
        (pd.DataFrame({"t": [1.0]}, index=["z"]), "topics: document 'z' is no article and no passage. Pass the "
         "topics of these articles or of these passages."),
        (pd.DataFrame({"t": [0.5, None]}, index=["a", "b"]), "topics: nan of 't' in document 'b'. A share lies "
         "between 0 and 1."),
        (pd.DataFrame({"t": [0.5, 0.5]}, index=["a", "a"]), "topics: document 'a' stands twice."),
        (pd.DataFrame(index=["a"]), "topics: there is no topic, a column, in the table."),
    ],
)  # fmt: skip
def test_topics_that_cannot_be_shown(topics, complaint):
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the whole text is compared
        bench(topics=topics)
    assert str(raised.value) == complaint


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


def test_a_mark_is_right_then_wrong_then_taken_back():
    desk = bench()
    for code, wanted in [(1, [1, 0]), (0, [0, 0]), (None, None)]:
        answer = ask(desk, "code", passage="a:1", frame="alliance", code=code)
        assert answer["card"]["coded"] == wanted
    assert desk.coded.empty


def test_no_argument_is_changed():
    articles = corpus()
    passages = an.passages(articles, about=None)
    hits = an.find_frames(passages, LEXICON)
    before = articles.copy(), passages.copy(), hits.copy()
    desk = Bench(gathered(articles, hits, passages=passages, lexicon=LEXICON), LEXICON)
    ask(desk, "silence", frame="economy", entry="gas")
    for table, was in zip((articles, passages, hits), before, strict=True):
        pd.testing.assert_frame_equal(table, was)


SPANS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 9), st.sampled_from("ab"), st.integers(0, 2)), max_size=8
)


@given(text=st.text(max_size=40), spans=SPANS)
def test_segments_join_to_the_text_and_carry_every_mark(text, spans):
    marks = [Mark(start, start + length, key, value) for start, length, key, value in spans]
    at = 0
    for piece in segments(text, marks):
        over = {(m.key, m.value) for m in marks if m.start <= at < m.end}
        assert {(key, v) for key in "ab" for v in piece.get(key, [])} == over
        at += len(piece["text"])
    assert at == len(text)


def desk():
    articles = corpus()
    passages = an.passages(articles, about=None)
    return an.explore(articles, an.find_frames(passages, LEXICON), passages=passages, lexicon=LEXICON)


def test_the_state_can_be_read_and_set():
    mine = desk()
    mine.selection = {"outlet": "TASS", "label": "economy", "filters": {"search": ""}}
    assert mine.selection["filters"] == {}
    mine.silenced = ["gas", ("alliance", "allies")]
    assert mine.silenced == [("economy", "gas"), ("alliance", "allies")]
    mine.added = [("economy", "rain*")]
    assert mine.hits["entry"].value_counts().to_dict() == {"rain*": 2, "friend*": 3, "trade": 3}
    assert mine.hits["frame"].cat.categories.tolist() == ["alliance", "economy"]
    assert [entry.name for entry in mine.lexicon.entries] == ["friend*", "trade", "rain*"]
    mine.codes = CODES
    assert mine.codes["text"].tolist() == ["Gas and trade grew."]
    assert repr(mine) == "Desk of 9 passages in 5 articles"


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("selection", {"row": 1}, f"selection: no 'row'; there is {', '.join(SELECTION)}."),
        ("selection", {"outlet": "CNN"}, "selection: no outlet 'CNN'; there is BBC, DW, TASS."),
        ("selection", {"label": "war"}, "selection: no label 'war'; there is alliance, economy."),
        ("selection", {"view": "topics"}, "view: 'topics' is none of frames, terms."),
        ("selection", {"article": "z"}, "selection: there is no article 'z'."),
        ("selection", {"passage": "z:0"}, "selection: there is no passage 'z:0'."),
        ("selection", {"other": "b"}, "selection: 'b' stands beside no article. Set article too."),
        ("selection", {"page": -1}, "selection: -1 is no page. Pages are 0, 1, 2, …"),
        ("selection", {"order": ""}, "selection: no order ''; there is strength, date."),
        ("selection", {"filters": "TASS"}, "filters: 'TASS' is no set of settings. Write {'outlet': 'TASS'}."),
        ("silenced", "gas", "silenced: 'gas' is no list. Write ['gas']."),
        ("silenced", [3], "entries: 3 is no frame with an entry. Write ('economy', 'oil')."),
        ("added", ["oil"], "entries: 'oil' is no frame with an entry. Write ('economy', 'oil')."),
        ("codes", pd.concat([CODES, CODES]), "codes: passage 'a:0' stands twice."),
        ("silenced", ["oil"], "silenced: 'oil' is no entry of the lexicon."),
        ("codes", CODES.assign(alliance=2), "codes: 2 for 'a:0'. A code is 0 or 1."),
        ("codes", CODES[["passage_id"]], "codes: no column 'alliance'; there is passage_id."),
    ],
)  # fmt: skip
def test_a_state_that_cannot_be_is_refused(name, value, complaint):
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the whole text is compared
        setattr(desk(), name, value)
    assert str(raised.value) == complaint
