import contextlib
import json
import re
import zipfile

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import audit, problems

import analysis as an
from analysis.corpus.files import shipped
from analysis.corpus.read import FACTS
from analysis.corpus.readers.cells import ODD
from tests.data import refused

NEEDS = "It needs a text file per article, or exports of an archive."
COLUMNS = ["doc_id", "outlet", "date", "title", "text", "agency", "url", "language"]
ROWS = pd.DataFrame(
    {
        "doc_id": ["b", "a"],
        "outlet": ["TASS", "DW"],
        "date": ["2017-02-07", "2017-02-06"],
        "text": ["Xi met Putin.\n“Friends”, he said; really.", "北京 – Fünf Züge"],
        "desk": ["world", "asia"],
    }
)
FORMATS = shipped("analysis.corpus.readers", "formats.yaml")
KNOWN, MISSING = FORMATS["known"], FORMATS["missing"]


def written(path, content, encoding="utf-8"):
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def error_of(path, **options):
    with pytest.raises(ValueError, match=r".") as error:
        an.read_articles(path, **options)
    assert error.value.__suppress_context__ or error.value.__context__ is None
    return str(error.value)


def as_csv(path):
    ROWS.to_csv(path, index=False)


def as_tsv(path):
    ROWS.to_csv(path, index=False, sep="\t")


def as_jsonl(path):
    path.write_text("\n".join(json.dumps(row) for row in ROWS.to_dict("records")), encoding="utf-8")


def as_parquet(path):
    ROWS.assign(date=pd.to_datetime(ROWS.date)).to_parquet(path)


@pytest.mark.parametrize(
    ("name", "write"),
    [("a.csv", as_csv), ("a.tsv", as_tsv), ("a.jsonl", as_jsonl), ("a.parquet", as_parquet)],
)
def test_every_format_gives_the_same_articles(tmp_path, name, write):
    write(tmp_path / name)
    articles = an.read_articles(tmp_path / name)
    assert list(articles) == [*COLUMNS, "desk", "country", "ownership", *FACTS]
    assert articles.doc_id.tolist() == ["a", "b"]
    assert articles.text.tolist() == ROWS.text.tolist()[::-1]
    assert articles.date.tolist() == [pd.Timestamp("2017-02-06"), pd.Timestamp("2017-02-07")]
    assert articles.desk.tolist() == ["asia", "world"]
    assert articles.agency.tolist() == ["", ""]
    assert articles.index.tolist() == [0, 1]
    assert {str(kind) for kind in articles.dtypes[COLUMNS]} == {"str", "datetime64[us]"}


def test_a_folder_takes_names_and_sub_folders(tmp_path):
    (tmp_path / "tass").mkdir()
    written(tmp_path / "tass" / "2.txt", "Xi met Putin.\r\n")
    written(tmp_path / "1.txt", "")
    articles = an.read_articles(tmp_path)
    assert articles[["doc_id", "outlet", "text"]].to_numpy().tolist() == [
        ["1", "", ""],
        ["tass/2", "TASS", "Xi met Putin.\r\n"],
    ]
    assert articles["source"].tolist() == ["1.txt", "tass/2.txt"]
    assert audit(articles) == {
        "seen": 2, "read": 2, "problems": 0, "empty": 1, "undated": 2, "unreadable_dates": 0, "undecided_dates": 0,
        "repeated": 0,
    }  # fmt: skip


def test_ids_are_made_and_columns_mapped(tmp_path):
    path = written(tmp_path / "a.csv", "source,body,day\nTASS,One.,6 February 2017\nDW,Two.,\n")
    articles = an.read_articles(path, columns={"outlet": "source", "text": "body", "date": "day"})
    assert articles.doc_id.tolist() == ["000001", "000002"]
    assert articles.outlet.tolist() == ["TASS", "DW"]
    assert articles.date.tolist() == [pd.Timestamp("2017-02-06"), pd.NaT]


def test_what_is_missing_is_kept_and_counted(tmp_path):
    path = written(tmp_path / "a.csv", "outlet,text,date\nTASS,One.,soon\n,Two.,2017-02-06\nDW, ,\n")
    articles = an.read_articles(path)
    assert len(articles) == 3
    assert audit(articles) == {
        "seen": 3, "read": 3, "problems": 0, "empty": 1, "undated": 2, "unreadable_dates": 1, "undecided_dates": 0,
        "repeated": 0,
    }  # fmt: skip
    assert articles["date_given"].tolist() == ["soon", "2017-02-06", ""]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_encodings_are_found(tmp_path, encoding):
    story = "Le président français a rencontré le ministre à l’Élysée, où l’économie était au cœur du débat."
    path = written(tmp_path / "a.csv", f'outlet,text\nLe Monde,"{story}"\n', encoding)
    articles = an.read_articles(path)
    assert articles.text.tolist() == [story]
    assert articles["encoding"].tolist() == [encoding] * len(articles)


# A few words fit the code pages of DOS and old Macs as well: "Süddeutsche" was read as "S³ddeutsche" (cp775).
@pytest.mark.parametrize(
    "text",
    [
        "outlet;text\nSüddeutsche;Russia and China. Müller\n",
        "id;outlet;text\n1;Le Monde;The two countries - no, côté français - trade oil\n2;Süddeutsche;Müller\n",
        "outlet,text\nRTÉ,Russia and China met in Dublin.\n",
        "outlet,text\nBBC,A £40bn deal\n",
    ],
)
def test_a_short_western_table_is_read_as_western(tmp_path, text):
    articles = an.read_articles(written(tmp_path / "a.csv", text, "cp1252"))
    assert articles["encoding"].unique().tolist() == ["cp1252"]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (
            "outlet;text\nGazeta Wyborcza;Rosja i Chiny podpisały umowę o współpracy gospodarczej, "
            "która ma obowiązywać przez dziesięć lat.\n",
            "cp1250",
        ),
        ("outlet;text\nТАСС;Россия и Китай подписали соглашение о сотрудничестве в энергетике.\n", "cp1251"),
        ("outlet;text\n人民日报;中国和俄罗斯签署了一项关于能源合作的协议,双方表示将继续加强合作。\n", "gb18030"),
    ],
)
def test_other_scripts_are_told_apart(tmp_path, text, encoding):
    articles = an.read_articles(written(tmp_path / "a.csv", text, encoding))
    assert articles["encoding"].tolist() == [encoding] * len(articles)


def test_an_encoding_can_be_named(tmp_path):
    path = written(tmp_path / "a.csv", "outlet,text\nИзвестия,Путин\n", "koi8-r")
    assert an.read_articles(path, encoding="koi8-r").text.tolist() == ["Путин"]


def test_long_cells_and_other_delimiters(tmp_path):
    story = "China and Russia. " * 200_000
    assert an.read_articles(written(tmp_path / "a.csv", f'outlet;text\nDW;"{story}"\n')).text[0] == story


TABLES = {
    "no column": (
        "zzz,text\nTASS,One.\n",
        'column \'outlet\' is missing. Found: zzz, text. Name it with columns={"outlet": "its name in the file"}, '
        "or add it.",
    ),
    "within an object": (
        "attributes.outlet,text\nTASS,One.\n",
        "column 'outlet' is missing. Found: attributes.outlet, text. Did you mean 'attributes.outlet'? "
        'Name it with columns={"outlet": "attributes.outlet"}.',
    ),
    "nothing": ("", "the file is empty. It needs a header and one row per article."),
    "blank": (" \n\n", "the file is empty. It needs a header and one row per article."),
    "header alone": ("outlet,text\n", "the table has columns but no rows. It needs one row per article."),
    "duplicate": (
        "doc_id,outlet,text\na,TASS,One.\nb,DW,Two.\na,DW,Three.\n",
        "doc_id 'a' is in row 2 and again in row 4. "
        "Give each its own, or leave the column out: ids are made from row numbers.",
    ),
    "no id": (
        "doc_id,outlet,text\na,TASS,One.\n,DW,Two.\n",
        "row 3 has no doc_id. Fill it in, or leave the column out: ids are made from row numbers.",
    ),
    "too few cells": (
        "outlet,text\nTASS,One.\nDW\nDW\n",
        "row 3 has 1 cells, the header 2; so have 1 more rows. "
        "Look for a quotation mark that is not closed, or a delimiter in a cell without quotation marks.",
    ),
    "too many cells": (
        'outlet,text\nTASS,"One,\ntwo."\nDW,Two, or three.\nDW,Two, or three.\n',
        "row 3 has 3 cells, the header 2; so have 1 more rows. "
        "Look for a quotation mark that is not closed, or a delimiter in a cell without quotation marks.",
    ),
    "open header": (
        '"outlet,text\nDW,x\n',
        "row 1 is not a header: a quotation mark opens in this row and is not closed properly. "
        "The first row must name the columns.",
    ),
    "a name twice": (
        "outlet,text,text\nDW,a,b\n",
        "row 1 has more than one column 'text'. Rename all but one of them.",
    ),
    "a picture": (
        b"\x89PNG\r\n\x1a\n\0\0",
        "it holds binary data (or UTF-16 without its mark: then say encoding='utf-16-le'), not text. "
        "Save the articles as CSV in UTF-8.",
    ),
}


@pytest.mark.parametrize("case", TABLES)
def test_a_table_that_cannot_be_read_says_where_and_what_to_do(tmp_path, case):
    content, message = TABLES[case]
    path = written(tmp_path / "a.csv", content)
    assert error_of(path) == f"{path}: {message}"


def test_a_zip_without_articles(tmp_path):
    path = tmp_path / "a.csv"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("sheet.bin", "sheet")
    assert error_of(path) == (
        f"{path}: its one item could not be parsed. sheet.bin: its format is not known. Give one of {KNOWN}."
    )


@pytest.mark.parametrize("encoding", ["iso8859_5", "mac_cyrillic"])
def test_cyrillic_in_a_rare_encoding_is_not_read_as_a_common_one(tmp_path, encoding):
    text = "outlet,text\nТАСС,Россия и Китай построят второй мост. Россия рада.\n"
    path = written(tmp_path / "a.csv", text, encoding)
    assert error_of(path).startswith(f"{path}: its encoding cannot be recognised.")
    assert an.read_articles(path, encoding=encoding).text[0].endswith("Россия рада.")
    known = written(tmp_path / "b.csv", text.replace("рада", "рада вместе с ДонНУ"), "cp1251")
    assert an.read_articles(known).encoding.tolist() == ["cp1251"]


def test_a_wrong_encoding_that_was_named(tmp_path):
    path = written(tmp_path / "a.csv", "outlet,text\nDW,Züge\n", "cp1252")
    assert error_of(path, encoding="utf-8") == (
        f"{path}: line 2 is not utf-8. Name its encoding with encoding='…'."
    )
    assert error_of(path, encoding="utf-9") == (
        f"{path}: the encoding 'utf-9' is not known. 'utf-8' and 'cp1252' are common."
    )


def test_a_mapping_that_does_not_fit(tmp_path):
    path = written(tmp_path / "a.csv", "outlet,source,text\nDW,DW,x\n")
    assert error_of(path, columns={"outlet": "paper"}) == (
        f"{path}: column 'paper' is missing. Found: outlet, source, text. Name one: columns={{'outlet': …}}."
    )
    articles = an.read_articles(path, columns={"outlet": "source"})  # the reader's word goes before the file's
    assert articles.loc[0, ["outlet", "outlet (in the file)"]].tolist() == ["DW", "DW"]
    both = an.read_articles(path, columns={"outlet": "source", "agency": "outlet"})
    assert both.loc[0, ["outlet", "agency"]].tolist() == ["DW", "DW"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"outlet": ', "the line is not JSON: a value is missing, or is a word without quotation marks"),
        ("[1]", "a list, not an object"),
        ('{"outlet": "A", "text": "first", "text": "second"}', "the key 'text' is given more than once"),
        ('{"outlet": ["x"], "text": {"a": 1}}', "column 'text' holds an object, not a text; its parts: a"),
        ('{"outlet": "B", "text": Infinity}', "column 'text' holds inf, not a text"),
    ],
)
def test_a_line_that_is_not_an_article_is_one_item(tmp_path, line, reason):
    path = written(
        tmp_path / "a.jsonl", f'{{"outlet": "DW", "text": "x"}}\n{line}\n{{"outlet": "C", "text": "y"}}'
    )
    articles = an.read_articles(path)
    assert articles.text.tolist() == ["x", "y", ""]
    assert [row[:2] for row in problems(articles)] == [["row 2", reason]]


def test_commas_between_lines_of_json_belong_to_none(tmp_path):
    lines = ['{"outlet": "DW", "text": "x"},', ",", '{"outlet": "RT", "text": "y"},', "{cut off"]
    articles = an.read_articles(written(tmp_path / "a.jsonl", "\n".join(lines)))
    assert articles.text.tolist() == ["x", "y", ""]
    assert articles.title[2] == "{cut off"


def test_json_of_every_kind_becomes_text(tmp_path):
    path = written(
        tmp_path / "a.jsonl",
        '{"doc_id": 7, "outlet": null, "text": "a \\ud83d b"}\n\n{"doc_id": 8, "text": 1}',
    )
    articles = an.read_articles(path)
    assert articles[["doc_id", "outlet", "text"]].to_numpy().tolist() == [
        ["7", "", "a \ufffd b"],
        ["8", "", "1"],
    ]


def test_other_things_that_are_no_corpus(tmp_path):
    path = written(tmp_path / "a.parquet", "PAR1")
    assert error_of(path).startswith(f"{path}: the Parquet file is incomplete or damaged: ")
    path = written(tmp_path / "a.docx", "x")
    assert error_of(path) == f"{path}: the file is not a Word file. Export it again, as DOCX."
    path = written(tmp_path / "a.xyz", "x")
    assert error_of(path) == f"{path}: its format is not known. Give one of {KNOWN}."
    (tmp_path / "empty").mkdir()
    path = tmp_path / "empty"
    assert error_of(path) == f"{path}: it holds no article. {NEEDS}"
    with refused("nowhere.csv: file or folder not found. Check the path.", FileNotFoundError):
        an.read_articles("nowhere.csv")


def test_a_folder_whose_table_does_not_fit(tmp_path):
    table = tmp_path / "articles.csv"
    written(tmp_path / "1.txt", "One.")
    written(table, "outlet\nDW\n")
    assert error_of(tmp_path) == f"{table}: column 'file' is missing. Found: outlet. It names each text."
    written(table, "outlet,file\nDW,2.txt\n")
    assert error_of(tmp_path) == f"{table}: it names '2.txt', which the folder does not hold. Correct the name."
    written(tmp_path / "2.txt", "Two.")
    assert error_of(tmp_path) == f"{table}: no row for '1.txt'. Add it, or take the file out of the folder."


# Without the signs that mojibake is made of, words for nothing, markup and escapes: those are repaired, not kept.
LATIN = "".join(map(chr, range(0x80, 0x100)))
cells = st.text(st.characters(codec="utf-8", exclude_characters="\0\r" + LATIN), max_size=20)
cells = cells.filter(lambda text: text not in MISSING and not re.search(ODD, text))


@given(st.lists(cells, min_size=1, max_size=6))
def test_cells_come_back_as_they_were_written(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("round") / "a.csv"
    table = pd.DataFrame({"doc_id": [f"{at:02}" for at in range(len(texts))], "outlet": "x", "text": texts})
    table.to_csv(path, index=False)
    assert an.read_articles(path).text.tolist() == texts


@given(st.binary(max_size=80))
def test_any_bytes_give_articles_or_our_own_error(tmp_path_factory, content):
    path = written(tmp_path_factory.mktemp("bytes") / "a.csv", content)
    with contextlib.suppress(ValueError):
        an.read_articles(path)
        return
    assert error_of(path).startswith(f"{path}: ")
