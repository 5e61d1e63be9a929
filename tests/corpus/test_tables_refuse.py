"""Workbooks and packed tables of a few kilobytes that would fill the memory are refused before they are opened."""

import io
import re
import struct
import zipfile
from functools import partial

import fixtures as made
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest
from test_readers_refuse import ROWS, refusal, written

import analysis as an

GAS = "Two countries signed a gas deal. "
HEAD = [(0, 0, "outlet"), (0, 1, "text"), (1, 0, "DW"), (1, 1, GAS)]


def record(kind, data=b""):
    """A record of a binary workbook, with its kind and size before it, seven bits a byte."""
    size = bytearray()
    left = len(data)
    while left > 127:
        size.append(left & 127 | 128)
        left >>= 7
    return bytes([kind & 127 | 128, kind >> 7] if kind > 127 else [kind]) + bytes([*size, left]) + data


def wide(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def cells(rows):
    """Cells by row, column and their text, or the number of a shared one."""
    for at, column, value in rows:
        kind, held = (6, wide(value)) if isinstance(value, str) else (7, struct.pack("<I", value))
        yield record(0, struct.pack("<I", at) + bytes(13))
        yield record(kind, struct.pack("<II", column, 0) + held)


def xlsb(*sheets, shared=(), folder="worksheets"):
    names = [f"{folder}/sheet{at}.bin" for at in range(len(sheets))]
    targets = "".join(f'<Relationship Id="r{at}" Target="{name}"/>' for at, name in enumerate(names))
    bound = (struct.pack("<II", 0, at) + wide(f"r{at}") + wide(f"S{at}") for at in range(len(sheets)))
    listed = b"".join(record(156, one) for one in bound)
    texts = b"".join(record(19, b"\0" + wide(one)) for one in shared)
    begin, end = record(129) + record(148, bytes(16)) + record(145), record(146) + record(130)
    book = {
        "xl/workbook.bin": record(131) + record(143) + listed + record(144) + record(132),
        "xl/_rels/workbook.bin.rels": f"<Relationships>{targets}</Relationships>",
        "xl/sharedStrings.bin": record(159, struct.pack("<II", len(shared), len(shared))) + texts + record(160),
    }
    inside = (begin + b"".join(cells(rows)) + end for rows in sheets)
    return made.zipped(book | {f"xl/{name}": part for name, part in zip(names, inside, strict=True)})


CELL = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
BLANK = '<table:table-cell table:number-columns-repeated="16384"/>'
ODS = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="S"><table:table-row>{}{}</table:table-row>
<table:table-row table:number-rows-repeated="{}">{}{}</table:table-row>
<table:table-row table:number-rows-repeated="1048570">{}</table:table-row></table:table></office:spreadsheet>
</office:body></office:document-content>"""


def ods(rows=1, columns=1, text=GAS):
    repeated = CELL.format(f' table:number-columns-repeated="{columns}"', text)
    names = (CELL.format("", name) for name in ("outlet", "text"))
    content = ODS.format(*names, rows, CELL.format("", "DW"), repeated, BLANK)
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return made.zipped({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content})


def xlsx(sheets=1, at="CV1048576"):
    """A workbook each of whose sheets has one cell far from its table."""
    book = zipfile.ZipFile(io.BytesIO(made.xlsx({f"S{number}": ROWS for number in range(sheets)})))
    row = at.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    far = f'<row r="{row}"><c r="{at}" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'.encode()
    return made.zipped({name: book.read(name).replace(b"</sheetData>", far) for name in book.namelist()})


FAR = {
    "a.xlsx": (xlsx(), "xl/worksheets/sheet1.xml", 104_857_600, 6),
    "small letters.xlsx": (xlsx(at="cv1048576"), "xl/worksheets/sheet1.xml", 104_857_600, 6),
    "several sheets.xlsx": (xlsx(9, "J900000"), "xl/worksheets/sheet3.xml", 27_000_000, 2),
    "a.xlsb": (xlsb([*HEAD, (1_048_575, 99, "x")]), "xl/worksheets/sheet0.bin", 104_857_600, 6),
    "elsewhere.xlsb": (xlsb([*HEAD, (1_048_575, 99, "x")], folder="media"), "xl/media/sheet0.bin", 104_857_600, 6),
    "several sheets.xlsb": (xlsb(*[[*HEAD, (899_999, 9, "x")]] * 9), "xl/worksheets/sheet2.bin", 27_000_000, 2),
    "rows.ods": (ods(1_000_000, 99), "content.xml", 100_000_100, 6),
    "columns.ods": (ods(1, 99_999_999), "content.xml", 200_000_000, 10),
}


@pytest.mark.parametrize("name", FAR)
def test_a_cell_far_from_the_table(name, tmp_path):
    content, part, found, factor = FAR[name]
    assert len(content) < 50_000
    assert refusal(written(tmp_path / name, content)) == (
        f": with its part {part!r} it has {found:,} cells within edges, most of them blank. Delete the cells far "
        "from the table. The limit is 20,000,000 cells of a workbook; "
        f"FRAMING_LIMITS={factor} in the environment raises it."
    )


MANY, SHORT = "gas " * 25_000, pa.array([GAS] * 3)
DICTIONARY = pa.DictionaryArray.from_arrays(pa.array([0] * 300, pa.int32()), pa.array([MANY]))
_, PLACES, BYTES = pa.array([MANY], pa.string_view()).buffers()
VIEWS = pa.Array.from_buffers(pa.string_view(), 300, [None, pa.py_buffer(PLACES.to_pybytes() * 300), BYTES])


def packed(text, write, compression="zstd"):
    file = io.BytesIO()
    write(pa.table({"outlet": ["DW"] * len(text), "text": text}), file, compression=compression)
    return file.getvalue()


PARQUET, FEATHER = (partial(packed, write=write) for write in (pq.write_table, feather.write_feather))
SHARED = {
    "a.xlsx": made.xlsx({"S": [["outlet", "text"], *[["DW", GAS * 300]] * 300]}),
    "a.xlsb": xlsb([*HEAD, *((at, 1, 0) for at in range(2, 300))], shared=[MANY]),
    "a.ods": ods(30, 30, MANY),
    "values.parquet": PARQUET(pa.array([MANY] * 300)),
    "values.feather": FEATHER(pa.array([MANY] * 300)),
    "dictionary.parquet": PARQUET(DICTIONARY),
    "dictionary.feather": FEATHER(DICTIONARY),
    "views.feather": FEATHER(VIEWS),
}


@pytest.mark.parametrize("name", SHARED)
def test_a_text_that_many_cells_or_rows_share(name, tmp_path, monkeypatch):
    path = written(tmp_path / name, SHARED[name])
    assert len(SHARED[name]) < 120_000
    monkeypatch.setenv("FRAMING_LIMITS", "0.0001")
    what = r": (its cells hold \d+ MB of text\. Split it|it unpacks to (too much|\d+ MB)\. Give it in parts)\. "
    assert re.match(f"{what}The limit is 214,748 bytes of text in a file; FRAMING_LIMITS=", refusal(path))


SMALL = {
    "a.xlsb": xlsb([*HEAD, (2, 0, "RT"), (2, 1, 1), (3, 0, "RT"), (3, 1, 0)], shared=["Gas.", GAS]),
    "a.ods": ods(3),
    "a.feather": FEATHER(SHORT),
    "plain.feather": FEATHER(SHORT, compression="uncompressed"),
    "views.feather": FEATHER(SHORT.cast(pa.string_view())),
    "dictionary.feather": FEATHER(SHORT.dictionary_encode()),
    "dictionary.parquet": PARQUET(SHORT.dictionary_encode()),
}


@pytest.mark.parametrize("name", SMALL)
def test_what_holds_little_is_read(name, tmp_path):
    found = an.read_articles(written(tmp_path / name, SMALL[name]))
    assert len(found) == 3
    assert found["text"].str.strip().isin([GAS.strip(), "Gas."]).all()


def test_a_damaged_feather_file_is_refused_and_not_followed(tmp_path):
    """Where a text begins and ends is written in the file; beyond its end lies other memory."""
    content = bytearray(FEATHER(SHORT, compression="uncompressed"))
    at = content.index(struct.pack("<4i", 0, len(GAS), 2 * len(GAS), 3 * len(GAS)))
    content[at + 4 : at + 8] = struct.pack("<i", 2_000_000_000)
    with pytest.raises(ValueError, match=r"the Feather file is incomplete or damaged"):
        an.read_articles(written(tmp_path / "b.feather", bytes(content)))


@pytest.mark.parametrize("suffix", ["parquet", "feather"])
def test_letters_that_are_not_utf8_are_refused_where_they_are_read(tmp_path, suffix):
    letters = pa.py_buffer(b"Ru\xff\xfeia ")
    text = pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\7\0\0\0"), letters])
    table, path = pa.table({"outlet": ["DW"], "text": text}), tmp_path / f"a.{suffix}"
    pq.write_table(table, path) if suffix == "parquet" else feather.write_feather(table, path)
    with pytest.raises(ValueError, match=r"file is incomplete or damaged: .*Export it again"):
        an.read_articles(path)
