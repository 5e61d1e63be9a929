"""What write_table writes, read_articles reads back."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis
import analysis as an
from analysis.corpus.files import csv_text, disarmed, rearmed
from analysis.corpus.read import FACTS

FORMULAS = ["=1+1", "＝1+1", "a;=1+1", " =1+1", "-2+3+cmd|' /C calc'!A0", "+1+cmd", "@SUM(A1)", "x\n=1", "\t-1x"]
PLAIN = ["-3", "+3.5", "-1e5", "a well-known pair", "3 = 3", "", "'quoted'", "'=1", "a—b"]
# What a person may find in a cell: letters of any script, marks, line ends, but no lone surrogate and no NUL.
CELLS = st.one_of(
    st.sampled_from([*FORMULAS, *PLAIN, "'\u2060=1", "\u2060'=", ";'\u2060\u2060=x"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    st.text("=+-@＝'\u2060;,\t\n ab1"),
)


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """Seeds and two items that could not be read, through cleaning and marking."""
    folder = tmp_path_factory.mktemp("items")
    (folder / "a.json").write_text(json.dumps([{"outlet": "The Test Post", "text": "Xi left. Leave a reply:"}, 7]))
    rows = "b,DW,=Xi met Putin.,soon,-x\nc,DW,Xi,2017-02-06,+1\n"
    (folder / "b.csv").write_text(f"doc_id,outlet,text,date,desk\n{rows}")
    return an.mark_copies(
        an.clean(pd.concat([an.load_example("seeds"), an.read_articles(folder)], ignore_index=True))
    )


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_a_table_of_articles_comes_back_as_it_was(tmp_path, marked, name):
    expected = marked.assign(desk=marked["desk"].fillna(""), file=marked["file"].fillna(""))
    expected = expected.assign(established=expected["established"].fillna(""))
    expected = expected.assign(country=expected["country"].fillna(""), ownership=expected["ownership"].fillna(""))
    back = an.read_articles(an.write_table(expected, tmp_path / name))
    order = expected.assign(last=expected["problem"] != "").sort_values(["last", "doc_id"], ignore_index=True)
    pd.testing.assert_frame_equal(back, order.drop(columns="last"))


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_articles_made_by_hand_keep_what_steps_wrote_in_their_rows(tmp_path, name):
    made = pd.DataFrame({"doc_id": ["a", "b"], "outlet": "DW", "text": ["Xi left. Leave a reply:"] * 2})
    made = an.mark_copies(an.clean(made))
    back = an.read_articles(an.write_table(made, tmp_path / name))
    kept = ["removed", "story_id", "copy_of", "overlap"]
    assert [list(map(list, back["removed"])), back[kept[1:]].isna().to_numpy().tolist()] == [
        list(map(list, made["removed"])), made[kept[1:]].isna().to_numpy().tolist()
    ]  # fmt: skip
    pd.testing.assert_frame_equal(an.mark_copies(back)[kept], an.mark_copies(made)[kept])


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_every_later_step_gives_the_same(tmp_path, marked, name):
    back = an.read_articles(an.write_table(marked, tmp_path / name))
    for step in (an.summarize, lambda table: an.summarize(table, by="source"), an.passages):
        pd.testing.assert_frame_equal(
            step(back).sort_values(list(step(back))[:2], ignore_index=True),
            step(marked).sort_values(list(step(back))[:2], ignore_index=True),
        )


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_numbers_that_the_articles_carry_come_back_as_numbers(tmp_path, marked, name):
    count = len(marked)
    cells = {"shares": range(count), "score": np.linspace(0, 1, count), "paid": [True, *[False] * (count - 1)]}
    cells |= {"code": [f"{at:03}" for at in range(count)], "tone": [0.1, *[np.nan] * (count - 1)]}
    carried = marked.assign(**cells)
    back = an.read_articles(an.write_table(carried, tmp_path / name)).set_index("doc_id")
    pd.testing.assert_frame_equal(back[list(cells)], carried.set_index("doc_id")[list(cells)].loc[back.index])


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_formula_is_disarmed_in_cells_and_names(cell):
    first = csv_text(pd.DataFrame({cell: [cell]}))
    assert disarmed(cell) != cell
    assert not any(line.strip('"').lstrip().startswith(("=", "+", "-", "@", "＝")) for line in first.splitlines())


@pytest.mark.parametrize("cell", PLAIN)
def test_what_is_no_formula_stays(cell):
    assert disarmed(cell) == cell


@pytest.mark.skipif(not shutil.which("node"), reason="needs node to run the page's script")
def test_the_page_disarms_as_the_writer_does():
    """Tables of a report are written to CSV by its script, too."""
    script = Path(analysis.__file__).with_name("show") / "desk" / "downloads.js"
    rule = re.findall(r"^const (?:NUMBER|GUARD|ARMED|disarmed) =.*?;$", script.read_text("utf-8"), re.M | re.S)
    cells = [*FORMULAS, *PLAIN, "'\u2060=1", "-2.", "1e5", "a\n+b"]
    source = "\n".join([*rule, f"console.log(JSON.stringify({json.dumps(cells)}.map(disarmed)))"])
    done = subprocess.run(["node", "-e", source], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [disarmed(cell) for cell in cells]


@given(CELLS)
def test_what_was_disarmed_comes_back(cell):
    assert rearmed(pd.DataFrame({"a": [disarmed(cell)]}))["a"].tolist() == [cell]


@given(st.lists(CELLS, min_size=1, max_size=4))
def test_texts_come_back_from_csv(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("texts") / "a.csv"
    articles = pd.DataFrame({"doc_id": [f"d{at}" for at in range(len(texts))], "outlet": "DW", "text": texts})
    articles = articles.assign(**dict.fromkeys(FACTS, ""))
    assert an.read_articles(an.write_table(articles, path))["text"].tolist() == texts


def test_lists_are_written_as_json_and_an_index_as_a_column(tmp_path):
    table = pd.DataFrame({"n": [[1, "ü"]], "a": [np.array([2])]}, index=pd.Index(["d"], name="doc_id"))
    path = an.write_table(table, tmp_path / "a.csv")
    assert path.read_bytes().decode("utf-8-sig") == 'doc_id,n,a\r\nd,"[1, ""ü""]",[2]\r\n'


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_any_table_is_read_as_it_was_written(tmp_path, name):
    cells = {"doc_id": ["007", "1e5"], "term": ["null", "=1+1"], "note": ["NA", "'"], "share": [0.1, 1 / 3]}
    table = pd.DataFrame(cells)
    pd.testing.assert_frame_equal(an.read_table(an.write_table(table, tmp_path / name)), table)


def test_another_suffix_is_refused(tmp_path):
    with pytest.raises(
        ValueError, match=r"the suffix '\.xlsx' is not known\. Name a file that ends in \.csv or \.parquet"
    ):
        an.write_table(pd.DataFrame(), tmp_path / "a.xlsx")
