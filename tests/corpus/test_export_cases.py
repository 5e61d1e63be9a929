"""Exports in menus, years and forms beyond the common ones: cases as data, and containers."""

import csv
import io
import pickle
import tarfile

import fixtures as made
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import read, refusal, sums

from analysis.corpus.readers.delimited import read_delimited
from analysis.corpus.readers.source import Source
from tests.data import CASES as DATA
from tests.data import cases

T = "The two countries signed a gas deal. Officials praised the partnership in both of the capitals."
CASES = [case for path in sorted(DATA.glob("exports*.yaml")) for case in cases(path.stem)]


def content_of(case):
    """The bytes of a case: a container of its lines, pages or sheets, or its text in its encoding."""
    makers = {"docx": made.docx, "rtf": made.rtf, "pages": made.pdf, "sheets": made.xlsx}
    if kind := next((kind for kind in makers if kind in case), None):
        return makers[kind](case[kind])
    text = case["content"].replace("{T}", T).replace("\n", "\r\n" if case.get("ends") == "crlf" else "\n")
    return text.encode(case.get("encoding", "utf-8"))


@pytest.mark.filterwarnings("ignore:.*(no article has a text|is taken for the text)")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_an_export_gives_its_articles(tmp_path, case):
    _, articles = read(tmp_path, case["name"], content_of(case))
    lost, right = case.get("problems", []), case["right"]
    assert sums(articles) == (len(right) + len(lost), len(right), len(lost))
    read_well, odd = articles[articles["problem"] == ""], articles[articles["problem"] != ""]
    found = read_well.assign(date=read_well["date"].dt.strftime("%Y-%m-%d").fillna(""))
    assert found[["outlet", "date", "title"]].to_numpy().tolist() == [
        [outlet, str(day), title] for outlet, day, title, *_ in right
    ]
    for text, (_, _, _, *edges) in zip(read_well["text"], right, strict=True):
        whole = case.get("text", "{T}").replace("{T}", T)
        assert text == whole if not edges else text.startswith(edges[0]) and text.endswith(edges[1])
    for shown, begun in zip(odd["title"], lost, strict=True):
        assert begun in shown


TABLE = f"outlet,date,title,text\nTest Post,2022-03-03,Gas deal,{T}\n"


def tarred(members, mode):
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode=mode) as archive:
        for name, text in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
        link = tarfile.TarInfo("link.csv")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hosts"
        archive.addfile(link)
    return content.getvalue()


PACKED = {"a.tar": "w", "a.tar.gz": "w:gz", "a.tgz": "w:gz", "a.tar.bz2": "w:bz2", "a.tar.xz": "w:xz"}


@pytest.mark.parametrize(("name", "mode"), PACKED.items())
def test_tars_are_archives_and_their_links_are_not_followed(tmp_path, name, mode):
    _, articles = read(tmp_path, name, tarred({"one/a.csv": TABLE, "two/a.csv": TABLE}, mode))
    assert sums(articles) == (2, 2, 0)
    assert articles.text.tolist() == [T] * 2


@pytest.mark.parametrize("member", ["../a.csv", "/etc/a.csv"])
def test_a_tar_whose_member_climbs_out(tmp_path, member):
    found = refusal(tmp_path, "a.tar", tarred({member: TABLE}, "w"))
    assert found == f": its member {member!r} would be written outside its folder. Do not unpack it."


def test_a_legend_before_the_articles(tmp_path):
    rows = [["outlet", "date", "title", "text"], ["Test Post", "2022-03-03", "Gas deal", T]]
    book = made.xlsx({"Legend": [["Explanation"], ["outlet: the paper"]], "2022": rows})
    _, articles = read(tmp_path, "a.xlsx", book)
    assert sums(articles) == (2, 1, 1)
    assert articles.problem.tolist() == ["", "other columns than the first sheet"]


def test_a_table_of_r_with_the_names_of_its_rows(tmp_path):
    content = (
        f'"outlet"\t"date"\t"text"\n"1"\t"Test Post"\t2022-03-03\t"{T}"\n"2"\t"Test Post"\t2022-03-04\t"{T}"\n'
    )
    for name in ("a.txt", "a.tsv"):
        _, articles = read(tmp_path, name, content)
        assert sums(articles) == (2, 2, 0)
        assert articles["text"].tolist() == [T] * 2
        assert articles["date"].dt.day.tolist() == [3, 4]


def test_an_export_as_open_document_text(tmp_path):
    spaces = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    spaces += 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    lines = "".join(f"<text:p>{line}</text:p>" for line in NEXIS.splitlines())
    body = f"<office:document {spaces}><office:text>{lines}</office:text></office:document>"
    content = made.zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": body})
    _, articles = read(tmp_path, "a.odt", content)
    assert articles[["outlet", "title", "text"]].to_numpy().tolist() == [["Test Post", "Gas deal", T]]


def test_proquests_xls_is_a_table_of_text(tmp_path):
    names = "Title\tAbstract\tStoreId\tAuthors\tFullText\tpubdate\tpubtitle\tDocumentURL"
    row = f"Gas deal\tA deal.\t26\tDoe, Jane\t{T}\tMar 3, 2022\tTest Post\thttps://test.org/26"
    _, articles = read(tmp_path, "ProQuestDocuments.xls", f"{names}\r\n{row}\r\n".encode("utf-16"))
    assert articles[["outlet", "title", "text"]].to_numpy().tolist() == [["Test Post", "Gas deal", T]]
    assert str(articles["date"][0])[:10] == "2022-03-03"


def test_a_table_in_feather(tmp_path):
    table = pd.DataFrame({"outlet": ["Test Post"], "text": [T], "n": [7]})
    table.to_feather(tmp_path / "b.feather")
    _, articles = read(tmp_path, "a.feather", (tmp_path / "b.feather").read_bytes())
    assert articles[["outlet", "text", "n"]].to_numpy().tolist() == [["Test Post", T, 7]]


def test_a_stream_of_arrow(tmp_path):
    table = pa.table({"outlet": ["Test Post"] * 2, "text": [T] * 2, "n": [7, 8]})
    content = io.BytesIO()
    with pa.ipc.new_stream(content, table.schema) as stream:
        for batch in table.to_batches(max_chunksize=1):
            stream.write_batch(batch)
    _, articles = read(tmp_path, "data-00000-of-00001.arrow", content.getvalue())
    assert articles[["outlet", "text", "n"]].to_numpy().tolist() == [["Test Post", T, 7], ["Test Post", T, 8]]
    damaged = refusal(tmp_path, "b.arrow", content.getvalue()[:300])
    assert damaged.startswith(": the Feather file is incomplete or damaged")


def test_bigkinds(tmp_path):
    header = ["뉴스 식별자", "일자", "언론사", "기고자", "제목", "통합 분류1", "본문", "URL", "분석제외 여부"]
    rows = [["01100101.20220303100000019", "20220303", "테스트일보", "김기자", "가스 협정", "국제", T, "", ""]]
    _, articles = read(tmp_path, "NewsResult_20220301-20220331.xlsx", made.xlsx({"sheet": [header, *rows]}))
    assert articles.loc[0, ["doc_id", "outlet", "title", "text"]].tolist() == [
        rows[0][0],
        "테스트일보",
        "가스 협정",
        T,
    ]
    assert str(articles["date"][0])[:10] == "2022-03-03"


def test_a_snapshot_of_factiva_in_avro(tmp_path):
    fastavro = pytest.importorskip("fastavro")
    names = {"an": "A1", "title": "Gas deal", "snippet": "The lead.", "body": T, "source_name": "Test Post"}
    fields = [*({"name": name, "type": "string"} for name in names), {"name": "publication_date", "type": "long"}]
    content = io.BytesIO()
    schema = {"type": "record", "name": "article", "fields": fields}
    fastavro.writer(content, fastavro.parse_schema(schema), [names | {"publication_date": 1646265600000}])
    _, articles = read(tmp_path, "a.avro", content.getvalue())
    assert articles[["outlet", "title", "text"]].to_numpy().tolist() == [
        ["Test Post", "Gas deal", f"The lead.\n{T}"]
    ]
    assert str(articles["date"][0])[:10] == "2022-03-03"
    damaged = refusal(tmp_path, "b.avro", content.getvalue()[:200])
    assert damaged.startswith(": the Avro file is incomplete or damaged")


ADVICE = {
    "europresse.pdf": (
        made.pdf([f"Test Post\n{T}\nnews\u00b7{day}\u00b7TP\u00b71" for day in (20220303, 20220304)]),
        "document numbers of Europresse, in a form that is not known. Save them in Europresse as HTML.",
    ),
    "wisers.txt": (
        "".join(f"測試日報 | 2022-03-03\n{T}\n文章編號: 20220303004000{at}\n" for at in (1, 2)),
        "article numbers of WiseNews, in a form that is not known. "
        "Save it as a table, or each article as a text of its own.",
    ),
}


@pytest.mark.parametrize("name", ADVICE)
def test_an_export_of_unknown_form_says_how_to_export_it(tmp_path, name):
    content, advice = ADVICE[name]
    assert refusal(tmp_path, name, content).endswith(f"it has several {advice}")


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
REFUSED = {
    "a.doc": (
        OLE + "WordDocument".encode("utf-16-le"),
        "a Word file of before 2007 (.doc). Open it in Word or LibreOffice and save it as .docx",
    ),
    "a.msg": (
        OLE + "__substg1.0_".encode("utf-16-le"),
        "a message of Outlook. Save it as .eml, or save its attachment and give that",
    ),
    "a.7z": (b"7z\xbc\xaf'\x1c\0\4", "a 7z archive. Unpack it and give the folder"),
    "a.pkl": (
        pickle.dumps({"outlet": 1}, protocol=4),
        "a pickle, which can run code. Load it in Python, if you trust it, and save the table with to_parquet",
    ),
    "a.dta": (b"r\x01\x01\0" + b"\0" * 60, "a file of Stata. Save it there as CSV"),
    "a.h5": (b"\x89HDF\r\n\x1a\n", "a file of HDF5. Load it in Python and save the table with to_parquet"),
    "a.sql": (
        b"-- MySQL dump 10.13\n",
        "a dump of a database. Load it into one, and save its table of articles as CSV",
    ),
    "a.rds": (
        made.gzipped(b"RDX3\nX\n"),
        "a file of R. Save the table there with write.csv(table, fileEncoding = 'UTF-8')",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_known_and_not_read_says_what_to_do(tmp_path, name):
    content, reason = REFUSED[name]
    assert refusal(tmp_path, name, content) == f": it is {reason}."


def test_xml_of_an_unknown_form_is_refused(tmp_path):
    content = f'<?xml version="1.0"?><corpus><doc><body>{T}</body></doc><doc><body>{T}</body></doc></corpus>'
    assert refusal(tmp_path, "a.xml", content) == (
        ": XML of a form that is not known. Export HTML, text or CSV instead."
    )


NEXIS = f"""Gas deal
Test Post
March 3, 2022 Thursday
Copyright 2022 Test
Length: 12 words
Body
{T}
Load-Date: March 4, 2022
End of Document
"""
LEXIS = f"""  1 of 2 DOCUMENTS

Test Post

March 3, 2022 Thursday

Gas deal

LENGTH: 12 words

{T}

LOAD-DATE: March 4, 2022

       Copyright 2022 Test

"""
FACTIVA = f"""Gas deal
By Jane Doe
12 words
3 March 2022
Test Post
TSTP
English
(c) 2022 Test

{T}

Document TSTP000020220303ei3300001
"""
RIS = f"TY  - NEWS\nTI  - Gas deal\nJF  - Test Post\nDA  - 2022/03/03\nAB  - {T}\nER  - \n"
EUROPRESSE = f"""<article><span class="DocPublicationName">Test Post</span>
<span class="DocHeader">jeudi 3 mars 2022</span>
<p class="titreArticleVisu">Gas deal</p><div class="DocText"><p>{T}</p></div></article>
"""
# What is taken out of the first of two records, and how many of the two articles are still read; none is lost.
LOST = {
    "nexis.txt": (NEXIS, "End of Document\n", 2),
    "lexis.txt": (LEXIS, "  1 of 2 DOCUMENTS\n", 2),
    "factiva.txt": (FACTIVA, "Document TSTP000020220303ei3300001\n", 1),
    "end.ris": (RIS, "ER  - \n", 2),
    "publication.html": (EUROPRESSE, '<span class="DocPublicationName">Test Post</span>', 1),
}


@pytest.mark.parametrize("name", LOST)
def test_two_records_never_become_one_where_a_mark_is_lost(tmp_path, name):
    record, mark, read_still = LOST[name]
    assert mark in record
    second = record.replace("1 of 2", "2 of 2").replace("ei3300001", "ei3300002")
    _, articles = read(tmp_path, name, record.replace(mark, "") + second)
    assert sums(articles) == (2, read_still, 2 - read_still)
    usable = articles[articles["problem"] == ""]
    assert set(usable["title"]) == {"Gas deal"}
    assert set(usable["text"]) == {T}
    assert set(usable["outlet"]) == {"Test Post"}


def test_a_number_outside_of_factivas_articles_is_counted(tmp_path):
    page = """<div class="article enArticle"><p><div id="hd"><span class="enHeadline">Gas deal</span></div>
    <div>12 words</div><div>3 March 2022</div><div>Test Post</div></p><p class="articleParagraph">{}</p>
    <p>Document TSTP000020220303ei330000{}</p></div>"""
    other = page.format(T, 2).replace(' class="article enArticle"', "")
    _, articles = read(tmp_path, "a.html", f"<html><body>{page.format(T, 1)}{other}</body></html>")
    assert sums(articles) == (2, 1, 1)
    assert articles["item"].tolist()[1] == "item TSTP000020220303ei3300002"


CELLS = st.sampled_from(["a", "", '"b"', '"c, d"', '"e\nf"', '"g ""h"""', '""', "NA", " x", '"y', 'z"', "1", "é"])


@given(st.lists(st.lists(CELLS, min_size=1, max_size=3)), st.sampled_from(["\n", "\r\n", "\n\n", "\r"]))
def test_rows_that_no_quotation_mark_spoils_are_those_of_the_standard_library(tmp_path_factory, rows, end):
    content = end.join(["outlet,text", *map(",".join, rows)])
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_bytes(content.encode())
    try:
        right = [row for row in csv.reader(io.StringIO(content, newline=""), strict=True) if any(row)][1:]
    except csv.Error:
        return
    if all(len(row) == 2 for row in right):
        assert read_delimited(Source(path, "a.csv")).table.to_numpy().tolist() == right
