"""Workbooks and packed tables of a few kilobytes that would fill the memory are refused before they are opened."""

import io
import re
import struct
import zipfile
from functools import partial

import fixtures as made
import hostile
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest
from test_readers_refuse import ROWS, refusal, written

import analysis as an
from analysis.limits import LIMITS

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


def xlsb(*sheets, shared=(), folder="worksheets", ending="bin"):
    names = [f"{folder}/sheet{at}.{ending}" for at in range(len(sheets))]
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


def renamed(content):
    """A workbook whose sheet has another ending than sheets have."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = {name: book.read(name).replace(b"sheet1.xml", b"sheet1.dat") for name in book.namelist()}
    return made.zipped({name.replace("sheet1.xml", "sheet1.dat"): part for name, part in parts.items()})


def unplaced(columns, rows):
    """A sheet whose rows and cells do not say where they are."""
    book = zipfile.ZipFile(io.BytesIO(made.xlsx({"S": ROWS})))
    wide = b"<row>" + b"".join(b"<c><v>%d</v></c>" % at for at in range(columns)) + b"</row>"
    more = wide + b"".join(b"<row><c><v>%d</v></c></row>" % at for at in range(rows)) + b"</sheetData>"
    return made.zipped({name: book.read(name).replace(b"</sheetData>", more) for name in book.namelist()})


FAR_OFF = (1_048_575, 99, "x")
FAR = {
    "a.xlsx": xlsx(),
    "small letters.xlsx": xlsx(at="cv1048576"),
    "several sheets.xlsx": xlsx(9, "J900000"),
    "another ending.xlsx": renamed(xlsx()),
    "no places.xlsx": unplaced(9_000, 90_000),
    "a.xlsb": xlsb([*HEAD, FAR_OFF]),
    "another ending.xlsb": xlsb([*HEAD, FAR_OFF], ending="dat"),
    "several sheets.xlsb": xlsb(*[[*HEAD, (899_999, 9, "x")]] * 9),
    "spaces.ods": ods(text='<text:s text:c="2000000000"/>'),
    "a.xls": hostile.xls([*HEAD, (65_535, 255, "x")]),
    "several sheets.xls": hostile.xls(*[[*HEAD, (40_000, 50, "x")]] * 20),
    "one sheet many times.xls": hostile.xls([*HEAD, (40_000, 50, "x")], again=400),
    "claimed rows.xls": hostile.xls(HEAD, dimensions=struct.pack("<IIHHH", 0, 1 << 26, 0, 255, 0)),
    "claimed more than there is.xls": hostile.xls(HEAD, dimensions=struct.pack("<IIHHH", 0, 2**32 - 1, 0, 255, 0)),
}


@pytest.mark.parametrize("name", FAR)
def test_a_cell_far_from_the_table(name, tmp_path, monkeypatch):
    monkeypatch.setenv("FRAMING_LIMITS", "0.3")
    assert len(FAR[name]) < 1_300_000
    assert re.fullmatch(
        r": (opening it takes more than \d+ MB of memory, 614 MB of text or 180 seconds|with its sheet 'S\d*' it "
        r"has [\d,]+ cells within edges, most of them blank)\. Delete the cells far from the table(, or save it "
        r"as \.csv)?\. The limit is [\d,]+ (bytes that any table takes to open|cells of a workbook); "
        r"FRAMING_LIMITS=\d+ in the environment raises it\.",
        refusal(written(tmp_path / name, FAR[name])),
    )


WRONG = {
    "chain.xls": hostile.compound(b"x" * 9_000, chain=3),
    "elsewhere.xlsb": xlsb([*HEAD, FAR_OFF], folder="media"),
    "rows.ods": ods(1_000_000, 101),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_workbook_that_is_damaged_is_refused(name, tmp_path):
    assert re.match(": the Excel file is incomplete or damaged: ", refusal(written(tmp_path / name, WRONG[name])))


def test_a_workbook_is_opened_with_no_module_of_the_folder(tmp_path, monkeypatch):
    (tmp_path / "python_calamine.py").write_text("raise SystemExit('owned')")
    (tmp_path / "json.py").write_text("raise SystemExit('owned')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    assert len(an.read_articles(written(tmp_path / "a.xls", hostile.xls(HEAD)))) == 1


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
    "a.xls": hostile.xls([*HEAD, *((at, 1, 0) for at in range(2, 300))], shared=[MANY[:9_000]]),
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
    monkeypatch.setitem(LIMITS, "bytes of text in a file", 214_748)
    said = r": opening it takes more than .*\. The limit is 214,748 bytes of text in a file; FRAMING_LIMITS=2"
    assert re.match(said, refusal(path))


GAS_PAGE, TIMES = hostile.page(2, hostile.text("gas"), 1), 1 << 30
MANY_PAGE = hostile.page(2, hostile.text(MANY), 1)
ZEROS, ONE = hostile.zipped(bytes(1 << 20), 1 << 10), hostile.zipped(hostile.text("gas"))
LARGE, DAMAGED = r"opening it takes more than 1\d\d\d MB", "the Parquet file is incomplete or damaged"
LIES = {  # what a footer or a page claims, and what is said of it; nothing where what is there is read
    "rows of one run": (hostile.parquet(GAS_PAGE, hostile.repeated(TIMES), rows=TIMES), LARGE),
    "rows in the footer": (hostile.parquet(GAS_PAGE, hostile.repeated(5), rows=5, claimed=TIMES), ""),
    "values of a page": (hostile.parquet(GAS_PAGE, hostile.repeated(5, TIMES), rows=5), ""),
    "values of a list": (
        hostile.parquet(GAS_PAGE, hostile.listed(TIMES), rows=1, values=TIMES, nested=True), LARGE),
    "long values of a list": (
        hostile.parquet(MANY_PAGE, hostile.listed(1 << 20), rows=1, values=1 << 20, nested=True), LARGE),
    "entries of a dictionary": (
        hostile.parquet(hostile.page(2, hostile.text("gas"), 2**31 - 1), hostile.repeated(5), rows=5), LARGE),
    "fewer than no entries": (
        hostile.parquet(hostile.page(2, hostile.text("gas"), -3), hostile.repeated(5), rows=5), DAMAGED),
    "a page of zeros": (
        hostile.parquet(hostile.page(2, b"", 1, size=1 << 30, packed=ZEROS), rows=5, codec=2, claimed=9), LARGE),
    "the size of a page": (
        hostile.parquet(hostile.page(2, b"", 1, size=2**31 - 1, packed=ONE), rows=5, codec=2), LARGE),
    "less than no bytes": (
        hostile.parquet(hostile.page(2, b"", 1, size=-5, packed=ONE), rows=5, codec=2), DAMAGED),
    "a text without end": (
        hostile.parquet(hostile.page(0, struct.pack("<I", 2**31 - 1) + b"gas", 1), rows=1), DAMAGED),
    "a million lists": (hostile.parquet(rows=1, footer=hostile.claims(1_000_000)), DAMAGED),
    "a deep schema": (hostile.parquet(rows=1, footer=hostile.deep(50_000)), DAMAGED),
}  # fmt: skip


@pytest.mark.parametrize("name", LIES)
def test_a_parquet_file_that_lies_about_its_sizes(name, tmp_path, monkeypatch):
    content, said = LIES[name]
    path = written(tmp_path / "a.parquet", content)
    assert len(content) < 1_100_000
    monkeypatch.setitem(LIMITS, "bytes of text in a file", 1 << 26)
    if not said:
        assert an.read_table(path)["text"].tolist() == ["gas"] * 5
    for read in (an.read_articles, an.read_table) if said else ():
        with pytest.raises(ValueError, match=said):
            read(path)


RUN = pa.RunEndEncodedArray.from_arrays(pa.array([2**31 - 1], pa.int32()), pa.array(["gas"]))
SHARES = {
    "dictionary in lists": pa.ListArray.from_arrays([0, *range(1, 301)], DICTIONARY),
    "views in structs": pa.StructArray.from_arrays([VIEWS], ["a"]),
    "a run": RUN,
    "lists that overlap": pa.ListViewArray.from_arrays([0] * 300, [300] * 300, pa.array([GAS] * 300)),
    "lists of nothing": pa.FixedSizeListArray.from_arrays(pa.nulls(300 * 9_000), 9_000),
    "nothing": pa.nulls(1 << 24),
}


@pytest.mark.parametrize("name", SHARES)
def test_values_that_share_what_they_hold_in_feather(name, tmp_path, monkeypatch):
    path = tmp_path / "a.arrow"
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, pa.schema([("x", SHARES[name].type)])) as out:
        out.write_batch(pa.record_batch({"x": SHARES[name]}))
    monkeypatch.setitem(LIMITS, "bytes of text in a file", 214_748)
    said = "opening it takes more than|the Feather file is incomplete or damaged: columns of the type .* are not"
    assert re.match(f": ({said})", refusal(path))


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
