"""Tables as people give them: dates, ids and outlets of other types, and tables that went through other steps."""

import numpy as np
import pandas as pd
import pytest
from reading import problems, read, refusal

import analysis as an
from analysis.corpus.summary import columns_said
from analysis.corpus.tables import article_dates
from tests.data import framing, refused

pytestmark = pytest.mark.usefixtures("undrawn")

SAID = ["Russia and China signed a gas deal.", "Russia and China held joint drills.", "It rained in Bonn."]
NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
ARTICLES = pd.DataFrame(
    {
        "doc_id": [str(at) for at in range(9)],
        "outlet": ["A", "B", "C"] * 3,
        "date": pd.date_range("2020-01-31", periods=9),
        "text": [f"{SAID[at % 3]} {NUMBERS[at]} more sentences follow." for at in range(9)],
    }
)
DAY = ARTICLES["date"]


def line(articles):
    marked = an.mark_copies(an.clean(articles))
    passages = an.passages(marked)
    return marked, passages, an.summarize(marked)


GIVEN = {
    "zone": {"date": DAY.dt.tz_localize("UTC")},
    "other zone": {"date": DAY.dt.tz_localize("Europe/Moscow")},
    "zones": {"date": [day.tz_localize(["UTC", "Asia/Tokyo"][at % 2]) for at, day in enumerate(DAY)]},
    "periods": {"date": DAY.dt.to_period("D")},
    "days": {"date": DAY.dt.date},
    "text": {"date": DAY.dt.strftime("%d %B %Y")},
    "whole numbers": {"doc_id": range(9)},
    "floats": {"doc_id": np.arange(9.0)},
    "nullable numbers": {"doc_id": pd.array(range(9), "Int64")},
    "categories": {
        "outlet": ARTICLES["outlet"].astype("category"),
        "doc_id": ARTICLES["doc_id"].astype("category"),
    },
    "objects": {"text": ARTICLES["text"].astype("object"), "outlet": ARTICLES["outlet"].astype("object")},
}


@pytest.mark.parametrize("columns", GIVEN.values(), ids=GIVEN)
def test_the_type_of_a_column_does_not_matter(columns):
    given = line(ARTICLES.assign(**columns))
    for found, expected in zip(given[1:], line(ARTICLES)[1:], strict=True):
        pd.testing.assert_frame_equal(found, expected)
    assert given[0]["doc_id"].tolist() == ARTICLES["doc_id"].tolist()


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA])
def test_a_categorical_outlet_without_a_value_is_unknown(missing):
    outlet = pd.Categorical([missing, *ARTICLES["outlet"][1:]], categories=["A", "B", "C"])
    assert line(ARTICLES.assign(outlet=outlet))[2]["outlet"].tolist() == ["A", "B", "C", "(unknown)"]


def test_a_papers_day_is_its_own():
    written = pd.DataFrame(
        {"date": ["2020-02-01T01:00:00+03:00", "2020-01-31T23:30:00-05:00", "2020-02-01T00:10Z"]}
    )
    assert article_dates(written).dt.day.tolist() == [1, 31, 1]
    moscow = pd.DataFrame({"date": pd.to_datetime(written["date"][:1]).dt.tz_convert("Europe/Moscow")})
    assert article_dates(moscow).tolist() == [pd.Timestamp("2020-02-01 01:00")]


def test_what_is_not_a_date_is_undated():
    articles = ARTICLES.assign(date=["spring", None, *DAY.dt.strftime("%Y-%m-%d")[2:]])
    assert line(articles)[2]["undated"].tolist() == [1, 1, 0]


def test_without_a_date_every_step_runs():
    assert len(line(ARTICLES.drop(columns="date"))[1]) == 6


def travelled(marked, tmp_path):
    """The table after what people do with tables."""
    sides = pd.DataFrame({"outlet": ["A", "B", "C"], "side": ["x", "x", "y"]})
    yield marked.merge(sides, on="outlet")
    yield pd.concat([marked.head(4), marked.tail(5)])
    yield marked[marked["outlet"] != "nobody"].sample(frac=1, random_state=0)
    for name in ("a.csv", "a.parquet"):
        yield an.read_articles(
            an.write_table(an.read_articles(an.write_table(marked, tmp_path / name)), tmp_path / name)
        )


def test_the_results_are_the_same_wherever_the_table_went(tmp_path):
    path = an.write_table(ARTICLES, tmp_path / "given.csv")
    marked, passages, summary = line(an.read_articles(path))
    for table in travelled(marked, tmp_path):
        table = table.sort_values("doc_id", ignore_index=True)
        pd.testing.assert_frame_equal(an.passages(table), passages)
        pd.testing.assert_frame_equal(an.summarize(table), summary)
        pd.testing.assert_frame_equal(an.clean(table)[["text", "removed"]], marked[["text", "removed"]])
        assert an.mark_copies(table)["story_id"].tolist() == marked["story_id"].tolist()


def test_public_tables_go_to_parquet(tmp_path):
    marked, passages, summary = line(ARTICLES)
    lexicon = an.read_lexicon("russia-china")
    hits = an.find_frames(passages, lexicon)
    for table in (marked, passages, summary, hits, an.frame_shares(hits, passages)):
        table.to_parquet(tmp_path / "a.parquet")
        pd.testing.assert_frame_equal(
            pd.read_parquet(tmp_path / "a.parquet")[list(table)[:1]], table[list(table)[:1]]
        )


OURS = (
    "outlet, date, title, text, doc_id, url, agency, language, byline, author, credit, country, ownership, file, "
    "snippet, year, month, day, date_dmy, date_mdy"
)


@pytest.mark.parametrize(
    ("ours", "near"),
    [("oulet", "outlet"), ("doc", "doc_id"), ("identifier", "doc_id"), ("id", "doc_id"), ("Headline", "title"),
     ("mood", None)],
)  # fmt: skip
def test_a_column_of_ours_that_no_step_knows_is_refused(tmp_path, ours, near):
    path = tmp_path / "a.csv"
    path.write_text("id,outlet,text\na1,DW,x\n")
    hint = f" Did you mean {near!r}?" if near else ""
    said = f"{ours!r} is not one of our columns. These are: {OURS}.{hint}"
    with refused(f"columns=: {said}"):
        an.read_articles(path, columns={ours: "outlet"})
    for command in (("summarize", path), ("report", path)):
        done = framing(*command, "--column", f"{ours}=outlet")
        assert (done.exit_code, done.stderr.splitlines()[-1]) == (2, f"framing: --column: {said}")


def test_a_near_miss_is_suggested_once(tmp_path):
    assert refusal(tmp_path, "a.csv", "oulet,text\nTASS,x\n") == (
        ": column 'outlet' is missing. Found: oulet, text. Did you mean 'oulet'? "
        'Name it with columns={"outlet": "oulet"}.'
    )


IDENTIFIERS = {"a1,b7": "", "7,3": "", "1,2": "id (it numbers the rows)", "2,1": "id (it numbers the rows)",
    "a,a": "id (its values repeat)",
               "a,": "id (it is empty in 1 of 2 rows)"}  # fmt: skip


@pytest.mark.parametrize("name", ["id", "ID", "identifier"])
@pytest.mark.parametrize("ids", IDENTIFIERS)
def test_an_identifier_is_that_of_the_article_or_it_is_said_why_not(tmp_path, name, ids):
    first, second = ids.split(",")
    _, articles = read(tmp_path, "a.csv", f"{name},outlet,text\n{first},TASS,x\n{second},DW,y\n")
    why = IDENTIFIERS[ids].replace("id", name, 1)
    assert set(articles["read_as"]) == {f"{why} → not used" if why else f"{name} → doc_id"}
    assert (articles["doc_id"].tolist() == sorted(ids.split(","))) == (not why)


COLUMNS = {
    "Body → text": ("Body → text", ""),
    "id → not used": ("", "column 'id' was kept as it is"),
    "Body → text, id (it numbers the rows) → not used": (
        "Body → text", "column 'id' was kept as it is (it numbers the rows)"
    ),
    "A → outlet, b, c and 2 more → not used": ("A → outlet", "columns b, c and 2 more were kept as they are"),
    "": ("", ""),
}  # fmt: skip


@pytest.mark.parametrize("read_as", COLUMNS)
def test_what_became_of_columns_is_read_once(read_as):
    assert columns_said(read_as) == COLUMNS[read_as]


def test_columns_of_a_file_are_shown_once(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id,Source,text\n1,TASS,Russia and China met.\n2,DW,Russia and China traded.\n")
    done = framing("summarize", path)
    assert done.stderr == ""
    assert done.stdout.splitlines()[1:3] == [
        "  columns: Source → outlet", "  column 'id' was kept as it is (it numbers the rows)"
    ]  # fmt: skip
    said = framing("report", path, "-o", tmp_path / "r.html").stderr
    shown = "columns read as Source → outlet; column 'id' was kept as it is (it numbers the rows)."
    assert f"framing: {path}: {shown}" in said.splitlines()
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "2 with columns read as Source → outlet, of which column &#39;id&#39; was kept as it is" in page


def test_files_of_another_encoding_are_counted(tmp_path):
    for at, encoding in enumerate(["cp1252", "cp1252", "utf-8"]):
        (tmp_path / f"{at}.txt").write_bytes(f"Rußland und China trafen sich zu Gesprächen {at}.".encode(encoding))
    said = f"{tmp_path}: read as cp1252 in 2 of 3 files; if letters look wrong, give --encoding.\n"
    assert framing("summarize", tmp_path).stderr == said
    assert read(tmp_path, "2.txt", "Rußland")[1]["encoding"].tolist() == ["utf-8"]


BAD = {
    '{"outlet": "A", "text": oops}': "a value is missing, or is a word without quotation marks",
    '{"outlet": "A", "text": "China': "a quotation mark opens and is not closed",
    '{"outlet": "A", text: "x"}': "a name is not in double quotation marks",
    '{"outlet": "A" "text": "x"}': "a comma or a closing bracket is missing",
    '{"outlet" "A"}': "a colon is missing after a name",
    '{"outlet": "A", "text": "x"} y': "something follows after its end",
    "[" * 100_000: "it is nested too deep",
}


@pytest.mark.parametrize("line", BAD, ids=range(len(BAD)))
def test_a_line_that_is_not_json_is_described_plainly(tmp_path, line):
    _, articles = read(tmp_path, "a.jsonl", '{"outlet": "A", "text": "x"}\n' + line + "\n")
    assert problems(articles)[0][:2] == ["row 2", f"the line is not JSON: {BAD[line]}"]


def test_a_file_that_is_not_json_names_the_line(tmp_path):
    assert refusal(tmp_path, "a.json", '[{"outlet": "A",\n"text": oops}]') == (
        ": it is not JSON: line 2, character 9: a value is missing, or is a word without quotation marks. It "
        "needs an array of objects, or an object per line."
    )


def test_columns_of_a_file_that_are_named_as_marks_stay_beside_them(tmp_path):
    content = f"outlet,text,removed,story_id,copy_of,overlap\nA,{SAID[0]},no,7,x,half\nB,{SAID[1]},[1],8,y,none\n"
    _, articles = read(tmp_path, "a.csv", content)
    given = articles[["removed_given", "story_id_given", "copy_of_given", "overlap_given"]].to_numpy().tolist()
    assert given == [["no", "7", "x", "half"], ["[1]", "8", "y", "none"]]
    assert line(articles)[0]["story_id"].tolist() == ["000001", "000002"]


def test_a_column_that_is_there_twice_and_one_named_as_a_mark_are_refused():
    twice = pd.concat([ARTICLES, ARTICLES[["outlet"]]], axis=1)
    with pytest.raises(ValueError, match=r"articles: column 'outlet' is duplicated\. Rename or drop all but"):
        an.clean(twice)
    with pytest.raises(ValueError, match=r"column 'removed' holds 'no', which clean does not write\. Rename it\."):
        an.clean(ARTICLES.assign(removed="no"))


def test_an_index_of_several_columns_changes_nothing():
    marked, passages, _ = line(ARTICLES)
    shares = an.frame_shares(an.find_frames(passages, an.read_lexicon("russia-china")), passages)
    indexed = marked.set_index(["outlet", "doc_id"], drop=False)
    pd.testing.assert_frame_equal(an.compare_outlets(shares, indexed), an.compare_outlets(shares, marked))
