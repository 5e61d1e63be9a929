"""Files that would harm the machine are refused, and memory stays bounded while they are."""

import gzip
import os
import re
import subprocess
import sys
import tracemalloc
import zipfile
from pathlib import Path

import fixtures as made
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import analysis as an
from analysis import limits
from tests.data import refused

BOMB = (
    ": it grows more when it is unpacked than any text does. It is damaged, or a zip bomb: do not open it. "
    "The limit is 200 times that a file grows when it is unpacked; FRAMING_LIMITS=2 in the environment raises it."
)


def refusal(path):
    read = an.read_articles  # which imports much
    tracemalloc.start()
    with pytest.raises(ValueError, match=r".") as error:
        read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 << 20
    return str(error.value).removeprefix(str(path))


def written(path, content):
    path.write_bytes(content)
    return path


def test_zip_bombs(tmp_path):
    bomb = made.zipped({"a.csv": b"0" * (8 << 20)}, level=9)
    assert refusal(written(tmp_path / "a.zip", bomb)) == "/a.csv" + BOMB
    assert refusal(written(tmp_path / "b.zip", made.zipped({"in.zip": bomb}))) == "/in.zip/a.csv" + BOMB
    assert refusal(written(tmp_path / "c.csv.gz", made.gzipped(b"0" * (8 << 20)))).endswith(BOMB)
    office = made.zipped({"xl/workbook.xml": "<a/>", "xl/b.xml": b"0" * (8 << 20)}, level=9)
    assert refusal(written(tmp_path / "d.xlsx", office)) == BOMB


def test_archives_too_deep(tmp_path):
    content = made.zipped({"1.zip": made.zipped({"2.zip": made.zipped({"a.txt": "x"})})})
    assert refusal(written(tmp_path / "a.zip", content)) == (
        "/1.zip/2.zip: an archive 3 deep. Unpack the outer one. "
        "The limit is 2 archives within archives; FRAMING_LIMITS=2 in the environment raises it."
    )


@pytest.mark.parametrize("name", ["../a.csv", "/etc/a.csv", "a/../../b.csv", "C:/a.csv", "..\\a.csv"])
def test_paths_that_climb_out(tmp_path, name):
    path = written(tmp_path / "a.zip", made.zipped({name: "outlet,text\nDW,x\n"}))
    assert refusal(path) == f": its member {name!r} would be written outside its folder. Do not unpack it."


def test_an_encrypted_member(tmp_path):
    path = written(tmp_path / "a.zip", made.zipped({"a.csv": "outlet,text\nDW,x\n"}))
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.start_dir
    data[start + 8] |= 1
    path.write_bytes(data)
    assert refusal(path) == ": its member 'a.csv' is encrypted. Unpack it with its password first."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("before", ["", f"<!-- {'x' * 200_000} -->"], ids=["at once", "late"])
def test_an_external_entity(tmp_path, encoding, before):
    xml = f'<?xml version="1.0" encoding="{encoding}"?>{before}<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hosts">]><a>&b;</a>'
    for name, part in {"a.docx": "word/document.xml", "a.xlsx": "xl/workbook.xml"}.items():
        path = written(tmp_path / name, made.zipped({part: xml.encode(encoding)}))
        assert refusal(path) == (
            f": its part {part!r} declares a document type, which may draw in other files. "
            "No Word or Excel file needs one: do not open it."
        )


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.txt"])
def test_a_line_of_a_gigabyte(tmp_path, name):
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(b'outlet,text\nDW,"' if name == "a.csv" else b'{"outlet": "' if name == "a.jsonl" else b"x")
        file.truncate(1 << 30)  # a hole of zeros: nothing is written
    assert refusal(path) == (
        f": line {2 if name == 'a.csv' else 1} is longer than any article. Look for a quotation mark that is not "
        "closed, or lost line ends, and export it again. "
        "The limit is 67,108,864 bytes of a line; FRAMING_LIMITS=2 in the environment raises it."
    )


TABLE = "outlet,text\n" + "DW,Two countries signed a gas deal.\n" * 40
ROWS = [["outlet", "text"], *[["DW", "Two countries signed."]] * 40]
LONG = f"<html><body><article><p>{'Two countries signed a gas deal. ' * 40}</p></article></body></html>"
BOUNDED = {  # a file of each kind, and how much lower than usual its limit is set
    "bytes out of one archive": ("a.zip", made.zipped({"a.csv": TABLE}), 1e-7),
    "members of an archive": ("a.zip", made.zipped({f"{n}.csv": TABLE for n in range(30)}), 1e-4),
    "bytes of a web page": ("a.html", LONG.encode(), 1e-5),
    "bytes of a line": ("a.csv", f"outlet,text\nDW,{'gas ' * 600_000}\n".encode(), 1e-2),
    "bytes of text in a file": ("a.csv", TABLE.encode(), 1e-7),
    "bytes of an RTF file": ("a.rtf", made.rtf(made.NEXIS), 1e-6),
    "cells of a workbook": ("a.xlsx", made.xlsx({"a": ROWS}), 1e-6),
    "words of an article": ("a.txt", ("Two countries signed. " * 40).encode(), 1e-3),
}


@pytest.mark.parametrize("name", BOUNDED)
def test_a_refusal_says_which_limit_it_was_and_how_to_raise_it(tmp_path, monkeypatch, name):
    file, content, factor = BOUNDED[name]
    path = written(tmp_path / file, content)
    rows = len(an.read_articles(path))
    monkeypatch.setitem(limits.LIMITS, name, int(limits.LIMITS[name] * factor))
    for _ in range(20):  # where a file is not read to its end, its size is not known: the limits are doubled
        try:
            assert len(an.read_articles(path)) == rows
        except ValueError as error:
            said = re.search(rf"The limit is [\d,]+ {name}; FRAMING_LIMITS=(\d+) in the environment", str(error))
            monkeypatch.setenv("FRAMING_LIMITS", said[1])
        else:
            break
    assert os.environ["FRAMING_LIMITS"]


def test_security_md_lists_each_limit():
    text = Path("SECURITY.md").read_text("utf-8")
    every = limits.LIMITS | limits.FIXED
    assert [name for name, most in every.items() if f"| {name} | {most:,} |" not in text] == []


@pytest.mark.parametrize("given", ["0", "-1", "many", "nan", "9" * 400])
def test_a_factor_that_is_not_one(tmp_path, monkeypatch, given):
    monkeypatch.setenv("FRAMING_LIMITS", given)
    with pytest.raises(ValueError, match=rf"^FRAMING_LIMITS: not a number above 0. Found: '{given}'"):
        an.read_articles(written(tmp_path / "a.csv", TABLE.encode()))


def test_a_file_that_is_larger_than_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "free_memory", lambda: 2_000)
    path = written(tmp_path / "a.csv", TABLE.encode())
    found = f": it needs about {4 * len(TABLE) / 1e9:.1f} GB of memory, 0.0 GB are free. Give it in parts."
    assert refusal(path) == found
    monkeypatch.setenv("FRAMING_LIMITS", "9")
    assert len(an.read_articles(path)) == 40


def test_libraries_print_nothing_of_what_they_read(tmp_path):
    pages = [("https://tass.com/\x1b]0;owned\x07 1", 200, "text/html", made.PAGE.encode())]
    warc = made.warc([*pages, ("https://tass.com/2", 200, "text/html", made.PAGE.encode())])
    (tmp_path / "a.warc").write_bytes(gzip.decompress(warc) + b"\x1b[2J\r\n")
    (tmp_path / "b.pdf").write_bytes(made.pdf([made.PUTIN]).replace(b"startxref", b"\x1b[2Jref"))
    code = "import sys, analysis as an; print(len(an.read_articles(sys.argv[1])))"
    done = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("4\n", "")


def test_a_member_without_a_name_is_passed_over(tmp_path):
    content = made.zipped({"\1\1\1": "", "a.csv": "outlet,text\nDW,Gas.\n"})
    path = written(tmp_path / "a.zip", content.replace(b"\1\1\1", b"\0\0\0"))
    assert an.read_articles(path)["text"].tolist() == ["Gas."]


def test_a_member_whose_name_is_written_in_two_ways(tmp_path):
    for first in ("xl/workbook.xml", "a.csv"):
        content = made.zipped({first: "outlet,text\nDW,Gas.\n", "é.xml": "<a/>"})
        (tmp_path / f"{len(first)}.zip").write_bytes(content.replace("é".encode(), b"\xbc\xbc", 1))
    with pytest.raises(ValueError, match=r"the part 'é\.xml' is incomplete or damaged"):
        an.read_articles(tmp_path / "15.zip")
    found = an.read_articles(tmp_path / "5.zip")
    assert found["problem"].str.contains("it is damaged or cut off").tolist() == [False, True]


def test_xml_that_begins_with_a_null_is_read_or_refused(tmp_path):
    content = b'\0nitf-3-3.dtd"><nitf><head><title>Gas deal</title></head></nitf>'
    with pytest.raises(ValueError, match=r"a\.xml: "):
        an.read_articles(written(tmp_path / "a.xml", content))


@pytest.mark.parametrize("notes", [b"\x98", b'{"columns": ['])
def test_articles_do_not_need_the_notes_of_a_parquet_table(tmp_path, notes):
    table = pa.table({"outlet": ["DW"], "text": ["Gas."]}).replace_schema_metadata({b"pandas": notes})
    pq.write_table(table, tmp_path / "a.parquet")
    assert an.read_articles(tmp_path / "a.parquet")["text"].tolist() == ["Gas."]
    with pytest.raises(
        ValueError, match=r"a\.parquet: it is not a table that an\.write_table wrote, or is damaged: "
    ):
        an.read_table(tmp_path / "a.parquet")


@pytest.mark.parametrize("ending", ["xlsx", "json"])
def test_what_is_no_table_of_ours_is_left_to_pandas(tmp_path, ending):
    path = written(tmp_path / f"codes.{ending}", b'[{"id": 0, "text": "Gas."}]')  # was read as CSV, without a row
    calls = "pd.read_excel(path, engine='calamine') or pd.read_json(path)"
    with refused(f"{path}: a table is .csv or .parquet. Found: .{ending}. Read it by {calls}."):
        an.read_table(path)


def test_a_parquet_table_with_damaged_notes_is_one_sentence(tmp_path):
    notes = {b"pandas": b'{"columns": [{"name": "text"}], "index_columns": []}'}
    table = pa.table({"text": ["Gas."]}).replace_schema_metadata(notes)
    pq.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(
        ValueError, match=r"a\.parquet: it is not a table that an\.write_table wrote, or is damaged: K"
    ):
        an.read_table(tmp_path / "a.parquet")


def test_a_record_that_claims_more_bytes_than_a_machine_can_count(tmp_path):
    head = "filedesc://a.arc 0.0.0.0 20170208000000 text/plain 77\n1 0 Internet Archive\n"
    head += "URL IP-address Archive-date Content-type Archive-length\n\n"
    page = "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body><p>Gas.</p></body></html>\n"
    record = f"https://tass.com/1 1.2.3.4 20170208000000 text/html {10**30}\n{page}"
    path = written(tmp_path / "a.arc", (head + record).encode())
    with pytest.raises(ValueError, match="item 1: cut off or damaged: cannot fit"):
        an.read_articles(path)


def test_a_damaged_gzip_is_one_item_of_its_folder(tmp_path):
    written(tmp_path / "a.csv", b"outlet,text\nDW,x\n")
    cut = gzip.compress(b"outlet,text\nRT,y\n" * 99)[:-12]
    written(tmp_path / "b.csv.gz", cut)
    found = an.read_articles(tmp_path)
    assert found["outlet"].tolist() == ["DW", ""]
    assert (found["source"][1], "damaged or cut off" in found["problem"][1]) == ("b.csv", True)
    with pytest.raises(ValueError, match=r"b\.csv: it is damaged or cut off: .*Download the archive again\."):
        an.read_articles(tmp_path / "b.csv.gz")
