"""Workbooks (xlsx, xlsb, xls, ods), and tables in HTML."""

import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from xml.parsers import expat

import numpy as np
import pandas as pd

from analysis.limits import how_to_raise, limit

from .archive import packed, refuse_office
from .columns import is_header, key
from .delimited import BANNER, header_at, header_names
from .pages import blocks, parsed
from .source import Refused, Rows, Source, Unparsed, damage_of, excerpt

BLOCK = 1 << 16
PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})(\d{1,7})["']""", re.I)  # of a cell or row: r="CV1048576"
PLACE_LENGTH = 32  # bytes of the longest place, which two blocks may share
TARGET = re.compile(rb"""\bTarget\s*=\s*["']([^"']+)["']""")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHARED = ("xl/sharedstrings.xml", "xl/sharedstrings.bin")
USED = re.compile(rb"""\bt=["']s["'][^>]*>\s*<\w*:?v>(\d{1,9})<""")  # the number of a cell's shared text
# Records of binary workbooks, as [MS-XLSB] numbers them: a row, cells, one with a shared text, and such a text.
ROW, CELLS, SHARING, TEXT = 0, {*range(1, 12), 62}, 7, 19


def read_excel(source: Source) -> Rows:
    """The rows of the first sheet and of those with the same columns; another is an unparsed item, as a legend."""
    sheets = {name: rows for name, rows in workbook_sheets(source).items() if any(map(any, rows))}
    if not sheets:
        raise ValueError(f"{source}: the workbook is empty. It needs a header and a row an article.")
    return sheet_rows(source, sheets, "as Excel keeps it")


def sheet_rows(source: Source, sheets: Mapping[str, Sequence[list[str]]], encoding: str) -> Rows:
    """The rows of sheets of cells as one table. Columns are put together by name, whatever their order."""
    legends = {name: not any(map(is_header, rows[: BANNER + 1])) for name, rows in sheets.items()}
    sheets = {name: sheets[name] for name in sorted(sheets, key=lambda name: legends[name])}  # one may be first
    first, tables, unparsed = list[str](), list[pd.DataFrame](), list[Unparsed]()
    for name, rows in sheets.items():
        at = header_at(source, rows[: BANNER + 1])
        header = header_names(source, rows[at], f"row {at + 1} of sheet {name!r}")
        core = {key(name) for name in first if not name.startswith("column ")}  # what another sheet must have
        if first and not (set(map(key, header)) >= core or is_header(header)):
            line = excerpt(" ".join(cell for row in rows[:3] for cell in row))
            unparsed.append(Unparsed(f"sheet {name}", "other columns than the first sheet", line))
            continue
        first = first or header
        filled = {f"{name} row {n}": row for n, row in enumerate(rows[at + 1 :], start=at + 2) if any(row)}
        table = pd.DataFrame(list(filled.values()), index=list(filled), columns=header, dtype="object")
        ours = {key(column): column for column in first}
        tables.append(table.rename(columns={column: ours.get(key(column), column) for column in header}))
    table = pd.concat(tables).fillna("")
    blank = [name for name in first if name.startswith("column ") and not (table[name] != "").any()]
    return Rows(table.drop(columns=blank), encoding, tuple(unparsed))


def html_tables(source: Source, text: str) -> dict[str, list[list[str]]]:
    """The tables of a page that hold articles: with a header of known names, or those that the user named."""
    found: dict[str, list[list[str]]] = {}
    for number, table in enumerate(parsed(text).iter("table"), start=1):
        rows = [["\n".join(blocks(cell)) for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
        rows = [row for row in rows if row]
        asked = set(source.columns.values())
        if any(is_header(row) or (asked and asked <= set(row)) for row in rows[:BANNER]) and len(rows) > 1:
            found[f"table {number}"] = rows
    return found


def workbook_sheets(source: Source) -> dict[str, list[list[str]]]:
    """The rows of each sheet of a workbook, its cells as a person reads them; Refused where that would do harm."""
    from python_calamine import CalamineError, load_workbook  # a compiled library that most readers never need

    if packed(source) == "excel":
        refuse_office(source)
        _refuse_cells(source)
    with damage_of(source, "Excel file", CalamineError, OSError, ValueError, again="Save it again as .xlsx."):
        book = load_workbook(str(source.path))
        sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    return {name: [[_cell(cell) for cell in row] for row in rows] for name, rows in sheets.items()}


def _refuse_cells(source: Source) -> None:
    """Refuses a workbook with too many cells within the edges of its sheets, or too much text in them.

    Libraries hold every cell within edges, and a shared or repeated text once a cell: 5 KB may fill the memory.
    """
    cells = letters = 0
    with zipfile.ZipFile(source.path) as book:
        lengths, bound = np.array([0]), _sheet_names(book)
        for name in sorted(book.namelist(), key=lambda name: name.lower() not in SHARED):
            kind = name.lower()
            if kind in SHARED:
                lengths = _lengths(kind, book.read(name))
            elif kind == "content.xml":
                found = _Repeated(source, book.read(name))
                cells, letters = cells + found.cells, letters + found.letters
            elif kind.endswith(".xml") or kind in bound:
                data = book.read(name)
                rows, columns, used = _binary(data) if kind in bound else _placed(data.replace(b"\0", b""))
                cells, letters = cells + rows * columns, letters + int(lengths[used[used < len(lengths)]].sum())
            if cells > limit(most := "cells of a workbook"):
                raise Refused(
                    f"{source}: with its part {name!r} it has {cells:,} cells within edges, most of them blank. "
                    f"Delete the cells far from the table. {how_to_raise(most, cells)}"
                )
    if letters > limit(most := "bytes of text in a file"):
        raise Refused(
            f"{source}: its cells hold {letters >> 20} MB of text. Split it. {how_to_raise(most, letters)}"
        )


def _sheet_names(book: zipfile.ZipFile) -> set[str]:
    """The parts that a binary workbook may take for its sheets; one of macros is not made of records."""
    rels = b"".join(book.read(name) for name in book.namelist() if name.lower().endswith("workbook.bin.rels"))
    ends = {name.rpartition(b"/")[2].lower().decode("utf-8", "replace") for name in TARGET.findall(rels)}
    names = [name for name in book.namelist() if name.lower().rpartition("/")[2] in ends]
    return {name.lower() for name in names if name.lower().endswith(".bin") and book.open(name).read(8) != OLE}


Edges = tuple[int, int, Any]  # rows, columns, and the numbers of the shared texts that cells have


def _placed(data: bytes) -> Edges:
    """The edges of a sheet in XML, by the places of its cells."""
    rows, columns = list[int](), 1
    for at in range(0, len(data), BLOCK):
        found = set(PLACE.findall(data, max(at - PLACE_LENGTH, 0), at + BLOCK))
        every = rows + [int(figures) for _, figures in found]
        rows, columns = (
            [min(every), max(every)] if every else [],
            max([columns, *(_column(one) for one, _ in found)]),
        )
    return _distance(rows), columns, np.array(USED.findall(data), dtype=np.int64)


def _column(letters: bytes) -> int:
    return sum((code - 64) * 26**at for at, code in enumerate(letters.upper()[::-1]))


def _distance(rows: Collection[int]) -> int:
    return max(rows) - min(rows) + 1 if rows else 0


def _lengths(name: str, data: bytes) -> Any:
    """How many bytes each of the shared texts has."""
    if name.endswith(".xml"):
        return np.diff([0, *(match.end() for match in re.finditer(rb"</\w*:?si>", data))])
    return np.array([size for kind, _, size in _records(data) if kind == TEXT], dtype=np.int64)


def _binary(data: bytes) -> Edges:
    """The edges of a sheet of a binary workbook."""
    row, rows, columns, used = 0, set[int](), 1, list[int]()
    for kind, at, _ in _records(data):
        if kind == ROW:
            row = int.from_bytes(data[at : at + 4], "little")
        elif kind in CELLS:
            rows.add(row)
            columns = max(columns, int.from_bytes(data[at : at + 4], "little") + 1)
            if kind == SHARING:
                used.append(int.from_bytes(data[at + 8 : at + 12], "little"))
    return _distance(rows), columns, np.array(used, dtype=np.int64)


def _records(data: bytes) -> Iterator[tuple[int, int, int]]:
    """The kind, place and size of each record; kind and size have seven bits a byte, the lowest first."""
    at, numbers = 0, [0, 0]
    while at < len(data):
        for which in (0, 1):
            value = shift = 0
            while at < len(data):
                value, shift, at = value | (data[at] & 127) << shift, shift + 7, at + 1
                if data[at - 1] < 128 or shift == 28:
                    break
            numbers[which] = value
        yield numbers[0], at, numbers[1]
        at += numbers[1]


class _Repeated:
    """The cells of an OpenDocument workbook and the letters in them; cells and rows alike are written once."""

    def __init__(self, source: Source, data: bytes) -> None:
        self.cells = self.letters = self.rows = self.columns = self.blank = 0
        self.times = self.at = self.last = self.repeats = 0
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._end
        parser.CharacterDataHandler = self._text
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise ValueError(f"{source}: the workbook is damaged: {error}. Save it again as .xlsx.") from None

    def _begin(self, tag: str, given: dict[str, str]) -> None:
        names = {name.rpartition(":")[2]: value for name, value in given.items()}
        if tag.endswith(":table"):
            self.rows = self.columns = self.blank = 0
        elif tag.endswith(":table-row"):
            self.times, self.at, self.last = int(names.get("number-rows-repeated", 1)), 0, 0
        elif tag.endswith("table-cell"):
            self.repeats = int(names.get("number-columns-repeated", 1))
            self.at += self.repeats
            self.last = self.at if "value-type" in names else self.last

    def _text(self, text: str) -> None:
        if self.repeats and text.strip():
            self.last = self.at
            self.letters += len(text) * self.repeats * self.times

    def _end(self, tag: str) -> None:
        if tag.endswith("table-cell"):
            self.repeats = 0
        elif tag.endswith(":table-row") and not self.last:
            self.blank += self.times
        elif tag.endswith(":table-row"):
            before = self.rows * self.columns
            self.rows, self.blank = self.rows + self.blank + self.times, 0
            self.columns = max(self.columns, self.last)
            self.cells += self.rows * self.columns - before


def _cell(value: Any) -> str:
    """As a person reads it in the sheet: 7, not 7.0; a day and time in ISO form."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
