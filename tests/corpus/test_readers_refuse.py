"""Files that would harm the machine are refused, and memory stays bounded while they are."""

import gzip
import subprocess
import sys
import tracemalloc
import zipfile

import fixtures as made
import pytest

import analysis as an

BOMB = (
    ": it unpacks to more than 200 times its size, which no text does. "
    "It is damaged, or a zip bomb: do not open it."
)


def refusal(path):
    tracemalloc.start()
    with pytest.raises(ValueError, match=r".") as error:
        an.read_articles(path)
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
        "/1.zip/2.zip: archives nested more than 2 deep are not opened. Unpack the outer one."
    )


@pytest.mark.parametrize("name", ["../a.csv", "/etc/a.csv", "a/../../b.csv", "C:/a.csv", "..\\a.csv"])
def test_paths_that_climb_out(tmp_path, name):
    path = written(tmp_path / "a.zip", made.zipped({name: "outlet,text\nDW,x\n"}))
    assert refusal(path) == f": its member {name!r} climbs out of the archive. Do not unpack it."


def test_an_encrypted_member(tmp_path):
    path = written(tmp_path / "a.zip", made.zipped({"a.csv": "outlet,text\nDW,x\n"}))
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.start_dir
    data[start + 8] |= 1
    path.write_bytes(data)
    assert refusal(path) == ": its member 'a.csv' is encrypted. Unpack it with its password first."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_external_entity(tmp_path, encoding):
    xml = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hosts">]><a>&b;</a>'
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
        f": line {2 if name == 'a.csv' else 1} is longer than 64 MB. No article is: look for a quotation mark "
        "that is not closed, or lost line ends, and export it again."
    )


def test_libraries_print_nothing_of_what_they_read(tmp_path):
    pages = [("https://tass.com/\x1b]0;owned\x07 1", 200, "text/html", made.PAGE.encode())]
    warc = made.warc([*pages, ("https://tass.com/2", 200, "text/html", made.PAGE.encode())])
    (tmp_path / "a.warc").write_bytes(gzip.decompress(warc) + b"\x1b[2J\r\n")
    (tmp_path / "b.pdf").write_bytes(made.pdf([made.PUTIN]).replace(b"startxref", b"\x1b[2Jref"))
    code = "import sys, analysis as an; print(len(an.read_articles(sys.argv[1])))"
    done = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("4\n", "")
