"""Tables that lack a column, and tables of other programs and languages."""

import io

import fixtures as made
import pandas as pd
import pytest
from reading import problems, read, sums
from test_columns import DEAL, facts
from xlsxwriter import Workbook

import analysis as an
from analysis.corpus.provenance import content_hash
from analysis.corpus.tables import missing_column
from tests.data import refused


@pytest.mark.parametrize(
    ("columns", "near"),
    [
        (["doc_id", "Text"], "'Text'"),
        (["doc_id", " TEXT "], "' TEXT '"),
        (["doc_id", "texts", "title"], "'texts'"),
        (["doc_id", "txt"], "'txt'"),
    ],
)
def test_a_near_miss_is_suggested(columns, near):
    message = str(missing_column(pd.DataFrame(columns=columns), "text", where="articles"))
    assert message == f"articles: column 'text' is missing. Found: {', '.join(columns)}. Did you mean {near}?"


def test_a_far_name_is_not_suggested():
    table = pd.DataFrame(columns=["doc_id", "body"])
    assert str(missing_column(table, "text", where="articles", hint="Rename it.")) == (
        "articles: column 'text' is missing. Found: doc_id, body. Rename it."
    )


def test_a_column_name_may_be_a_number():
    message = str(missing_column(pd.DataFrame({0: ["x"]}), "text", where="articles"))
    assert message == "articles: column 'text' is missing. Found: 0."


@pytest.mark.parametrize("step", [an.clean, an.mark_copies, an.passages])
def test_a_table_of_polars_says_how_to_pass_it(step):
    pl = pytest.importorskip("polars")
    with refused("articles: a polars DataFrame is not a pandas DataFrame. Pass articles.to_pandas().", TypeError):
        step(pl.DataFrame({"doc_id": ["a"], "text": ["x"]}))


IDS = {
    "Kennung": "Titel", "Identifiant": "Titre", "Identificador": "Título", "Номер": "Заголовок", "编号": "标题",
    "المعرف": "العنوان", "記事ID": "見出し", "Dokument-ID": "Titel", "Accession Number": "Headline",
}  # fmt: skip


@pytest.mark.parametrize(("name", "title"), IDS.items())
def test_an_identifier_is_recognised_and_what_is_not_used_is_named(tmp_path, name, title):
    rows = f"{name};outlet;{title};text;Umfang\nX-7;DW;Gas;{DEAL};3\nX-4;RT;Öl;{DEAL};4\n"
    _, articles = read(tmp_path, "a.csv", rows)
    assert articles[["doc_id", "title", "Umfang"]].to_numpy().tolist() == [["X-4", "Öl", "4"], ["X-7", "Gas", "3"]]
    renamed = [f"{theirs} → {ours}" for theirs, ours in ((title, "title"), (name, "doc_id")) if theirs != ours]
    assert set(articles["read_as"]) == {", ".join([*renamed, "Umfang → not used"])}


def test_numbers_of_rows_identify_nothing(tmp_path):
    _, articles = read(
        tmp_path, "a.csv", f"Nummer,编号,outlet,text\n1,1,DW,{DEAL}\n2,2,RT,{DEAL}\n3,3,DW,{DEAL}\n"
    )
    assert articles["doc_id"].tolist() == ["000001", "000002", "000003"]


def test_ids_that_two_files_share_have_the_names_of_the_files_before_them(tmp_path):
    ids = {"a.csv": "79", "b.csv": "97", "c.csv": "34"}
    for name, numbers in ids.items():
        rows = "".join(f"{number},DW,{DEAL}\n" for number in numbers)
        (tmp_path / name).write_text(f"{'Kennung' if name == 'a.csv' else 'doc_id'},outlet,text\n{rows}", "utf-8")
    with pytest.warns(UserWarning, match="2 files share ids, as '7'; theirs have the file's name before them"):
        articles = an.read_articles(tmp_path)
    assert articles["doc_id"].tolist() == ["3", "4", "a.csv: 7", "a.csv: 9", "b.csv: 7", "b.csv: 9"]


def test_marks_of_copies_go_with_the_ids_that_they_name(tmp_path):
    articles = pd.DataFrame({"outlet": ["DW", "RT"], "text": [DEAL, DEAL]})
    (tmp_path / "given.csv").write_text(articles.to_csv(index=False), "utf-8")
    marked = an.mark_copies(an.read_articles(tmp_path / "given.csv"))
    for name in ("a", "b"):
        (tmp_path / "two").mkdir(exist_ok=True)
        an.write_table(marked, tmp_path / "two" / f"{name}.csv")
    with pytest.warns(UserWarning, match="2 files share ids"):
        both = an.read_articles(tmp_path / "two")
    assert both["doc_id"].tolist() == [f"{name}.csv: 00000{n}" for name in "ab" for n in (1, 2)]
    assert both["story_id"].tolist() == [f"{name}.csv: 000001" for name in "ab" for _ in (1, 2)]
    assert both["copy_of"].fillna("").tolist() == ["", "a.csv: 000001", "", "b.csv: 000001"]


def test_of_many_columns_without_a_use_some_are_named(tmp_path):
    _, articles = read(tmp_path, "a.csv", f"outlet,text,a,b,c,d,e,f,g\nDW,{DEAL},1,2,3,4,5,6,7\n")
    assert articles["read_as"].tolist() == ["a, b, c, d, e and 2 more → not used"]


def test_of_two_rows_of_names_the_one_with_more_is_the_header(tmp_path):
    sheet = [
        ["Quelle", "", "Artikel", ""],
        ["Zeitung", "Datum", "Titel", "Text"],
        ["FAZ", "03.03.2022", "Gas", DEAL],
    ]
    for name, content in (("a.xlsx", made.xlsx({"1": sheet})), ("a.csv", "\n".join(map(",".join, sheet)))):
        _, articles = read(tmp_path, name, content, outlet_names=False)
        assert facts(articles) == [["FAZ"], ["Gas"], [DEAL]]


def test_a_cell_merged_over_rows_fills_them(tmp_path):
    book = io.BytesIO()
    with Workbook(book) as file:
        sheet = file.add_worksheet()
        for at, row in enumerate(
            [["outlet", "title", "text"], ["", "Gas", DEAL], ["", "Öl", DEAL], ["RT", "x", DEAL]]
        ):
            sheet.write_row(at + 2, 1, row)
        sheet.merge_range("B4:B5", "DW")
    _, articles = read(tmp_path, "a.xlsx", book.getvalue())
    assert facts(articles)[:2] == [["DW", "DW", "RT"], ["Gas", "Öl", "x"]]


def test_a_table_in_html_whose_cells_span_rows(tmp_path):
    rows = ["<td colspan=3>Results</td>", "<th>outlet</th><th>title</th><th>text</th>",
            f"<td rowspan=2>DW</td><td>Gas</td><td>{DEAL}</td>", f"<td>Oil</td><td>{DEAL}</td>",
            f"<td>RT</td><td rowspan='x'>x</td><td>{DEAL}</td>", "", "<td>BBC</td><td>cut off</td>",
            f"<td>AP</td><td>y</td><td>{DEAL}</td><td>more</td>"]  # fmt: skip
    rows = [f"<tr>{row}</tr>" for row in rows]
    _, articles = read(tmp_path, "a.xls", f"<html><body><table>{''.join(rows)}</table></body></html>")
    assert sums(articles) == (5, 3, 2)
    assert facts(articles)[0][:3] == ["DW", "DW", "RT"]
    assert facts(articles)[1][:3] == ["Gas", "Oil", "x"]
    places = [["table 1 row 6", "2 cells, the header 3"], ["table 1 row 7", "4 cells, the header 3"]]
    assert [item[:2] for item in problems(articles)] == places


def test_cells_that_are_kept_as_text_by_a_formula(tmp_path):
    _, articles = read(tmp_path, "a.csv", f'outlet;date;title;text\n="DW";="2022-03-03";="007";{DEAL}\n')
    assert (facts(articles), articles["date"].dt.day[0]) == ([["DW"], ["007"], [DEAL]], 3)


@pytest.mark.parametrize("encoding", ["gbk", "utf-16", "utf-8"])
def test_a_chinese_table_that_is_called_a_text(tmp_path, encoding):
    text = "俄罗斯和中国周四签署了天然气供应合同。两国官员赞扬了这种伙伴关系。"
    rows = (
        f"媒体名称\t发布日期\t标题\t正文\n新华社\t2022年3月3日\t协议\t{text}\n人民日报\t2022-03-04\t峰会\t{text}\n"
    )
    _, articles = read(tmp_path, "a.txt", rows.encode(encoding))
    assert facts(articles)[1:] == [["协议", "峰会"], [text] * 2]


class Lazy:
    """A table of another library, such as a LazyFrame of polars or a dask DataFrame."""

    __module__ = "polars.lazyframe"

    def collect(self):
        return self

    def to_pandas(self):
        return self


def test_a_table_of_another_library_is_told_how_to_become_one_of_pandas():
    said = str(missing_column(Lazy(), "text", where="articles", hint="It needs text."))
    assert said == "articles: a polars Lazy is not a pandas DataFrame. Pass articles.collect().to_pandas()."
    assert "It needs text." in str(missing_column([], "text", where="articles", hint="It needs text."))


def test_an_id_that_is_the_index_or_missing_is_told():
    articles = pd.DataFrame({"doc_id": ["a", None], "text": ["x", "y"]})
    with refused("articles: doc_id is missing in row 1 (from 0). Give each row its own."):
        an.mark_copies(articles)
    with pytest.raises(ValueError, match=r"It is the index: write .reset_index\(\) after the table."):
        an.clean(articles.set_index("doc_id"))


def test_dates_with_a_zone_or_of_periods_go_without_a_warning_of_pandas(recwarn):
    day = pd.Series(pd.to_datetime(["2020-01-02"]))
    for dates in (day.dt.tz_localize("Asia/Tokyo"), day.dt.to_period("D")):
        content_hash(pd.DataFrame({"date": dates}))
    assert not recwarn.list


def test_a_text_as_long_as_a_cell_of_excel_can_be_is_pointed_out(tmp_path):
    with pytest.warns(UserWarning, match="1 of 2 texts have 32,767 characters, the most that a cell of Excel"):
        read(tmp_path, "a.csv", f"outlet,text\nA,{'x' * 32_767}\nB,{'y' * 32_768}\n")
    cells = '{"source": {"name": "A"}, "title": "t", "content": "The deal... [1200 chars]"}'
    with pytest.warns(UserWarning, match="1 of 1 texts are cut off"):
        read(tmp_path, "a.json", f'{{"articles": [{cells}]}}')


def test_a_comma_in_the_text_of_one_row_does_not_make_its_outlet_a_row_name(tmp_path):
    with pytest.raises(ValueError, match="row 2 has 3 cells, the header 2"):
        read(tmp_path, "a.csv", "outlet,text\nTASS,They met, and signed.\n")
    _, articles = read(tmp_path, "r.csv", "outlet,text\n1,TASS,They met.\n2,DW,They signed.\n")
    assert articles["outlet"].tolist() == ["TASS", "DW"]


def test_a_table_kept_in_parts_has_what_its_folders_say(tmp_path):
    for number, folder in enumerate(("Source=TASS/year=2022", "Source=Die%20Zeit/year=2023")):
        (tmp_path / folder).mkdir(parents=True)
        table = pd.DataFrame(
            {"text": [f"{DEAL} {number}".encode()], "title": ["Gas"]}
        )  # bytes, as some programs keep
        table.to_parquet(tmp_path / folder / "part-0.parquet")
    (tmp_path / "_SUCCESS").touch()
    articles = an.read_articles(tmp_path)
    assert sums(articles) == (2, 2, 0)
    assert articles[["outlet", "text", "year"]].to_numpy().tolist() == [
        ["Die Zeit", f"{DEAL} 1", "2023"],
        ["TASS", f"{DEAL} 0", "2022"],
    ]
