"""Tables of rows or columns: workbooks (xlsx, xlsb, xls, ods), Parquet and Feather, and tables in HTML."""

import errno
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from tempfile import TemporaryFile, gettempdir
from typing import IO, Any

import pandas as pd
import pyarrow as pa

from analysis.limits import free_memory, how_to_raise, limit

from ..tables import key
from . import apart
from .archive import packed, refuse_office
from .columns import is_header
from .delimited import BANNER, columns_of_rows, header_at, header_names, of_other_width
from .pages import blocks, parsed
from .source import Refused, Rows, Source, Unparsed, damage_of, excerpt

ROOM, TIMES = "bytes that any table takes to open", "times its bytes that a table takes to open"
SPAN = re.compile(r"\D|(?<=\d{3}).*", re.S)  # what is not a number of up to three figures
TEXT, SECONDS, CELLS = "bytes of text in a file", "seconds to open a table", "cells of a workbook"
ENVIRONMENT = {  # threads would each reserve memory
    "ARROW_DEFAULT_MEMORY_POOL": "system", "ARROW_IO_THREADS": "1", "MALLOC_ARENA_MAX": "1",
    "OMP_NUM_THREADS": "1",
}  # fmt: skip


def read_excel(source: Source) -> Rows:
    """The rows of the first sheet and of those with the same columns; another is an unparsed item, as a legend."""
    sheets = {name: rows for name, rows in workbook_sheets(source).items() if any(map(any, rows))}
    if not sheets:
        raise ValueError(f"{source}: the workbook is empty. It needs a header and one row per article.")
    return sheet_rows(source, sheets, "as Excel keeps it")


def sheet_rows(source: Source, sheets: Mapping[str, Sequence[list[str]]], encoding: str) -> Rows:
    """The rows of sheets of cells as one table. Columns are put together by name, whatever their order."""
    headers = {name: header_at(source, rows[: BANNER + 1]) for name, rows in sheets.items()}
    first, tables, unparsed = list[str](), list[pd.DataFrame](), list[Unparsed]()
    for name in sorted(sheets, key=lambda name: headers[name] is None):  # a legend may be first
        rows, at = sheets[name], headers[name] or 0
        header = header_names(source, rows[at], f"row {at + 1} of sheet {name!r}")
        core = {key(name) for name in first if not name.startswith("column ")}  # what another sheet must have
        if first and not (set(map(key, header)) >= core or is_header(header)):
            line = excerpt(" ".join(cell for row in rows[:3] for cell in row))
            unparsed.append(Unparsed(f"sheet {name}", "other columns than the first sheet", line))
            continue
        first = first or header
        filled = {f"{name} row {n}": row for n, row in enumerate(rows[at + 1 :], start=at + 2) if any(row)}
        table, ragged = columns_of_rows(header, iter(filled.items()))
        unparsed += of_other_width(ragged, len(header), "the header")
        ours = {key(column): column for column in first}
        tables.append(table.rename(columns={column: ours.get(key(column), column) for column in header}))
    table = pd.concat(tables).fillna("")
    blank = [name for name in first if name.startswith("column ") and not (table[name] != "").any()]
    return Rows(table.drop(columns=blank), encoding, tuple(unparsed))


def html_tables(source: Source, text: str) -> dict[str, list[list[str]]]:
    """The tables of a page that hold articles: with a header of known names, or those that the user named."""
    found: dict[str, list[list[str]]] = {}
    for number, table in enumerate(parsed(text).iter("table"), start=1):
        rows = [*_spread(table)]
        if len(rows) > 1 and header_at(source, rows[:BANNER]) is not None:
            found[f"table {number}"] = rows
    return found


def _spread(table: Any) -> Iterator[list[str]]:
    """The rows of a table in HTML; a cell over several rows is in each of them, one over columns in the first."""
    below = dict[int, tuple[int, str]]()  # by column: for how many more rows, and the text
    for row in table.iter("tr"):
        own, cells, spans = [*row.iterchildren("td", "th")], list[str](), below
        below = {at: (left - 1, text) for at, (left, text) in spans.items() if left > 1}
        for cell in [*own, None]:
            while len(cells) in spans:
                cells.append(spans[len(cells)][1])
            if cell is not None:
                high, wide = (int(SPAN.sub("", cell.get(name, "")) or 1) for name in ("rowspan", "colspan"))
                text = "\n".join(blocks(cell))
                below |= {len(cells): (high - 1, text)} if high > 1 else {}
                cells += [text, *[""] * (wide - 1)]
        if own:
            yield cells


def workbook_sheets(source: Source) -> dict[str, list[list[str]]]:
    """The rows of each sheet of a workbook, its cells as a person reads them."""
    size = refuse_office(source) if packed(source) == "excel" else source.path.stat().st_size
    sheets, name = dict[str, list[list[str]]](), ""
    with _apart(source, "workbook", size, "Excel file", "Save it again as .xlsx.") as printed:
        for line in map(json.loads, printed):
            if isinstance(line, str):
                sheets[name := line] = []
            else:
                sheets[name].append(line)
    return sheets


def read_parquet(source: Source) -> Rows:
    """The table of a Parquet or Feather file, its rows counted from 1. Its text is UTF-8."""
    columns = columns_of(source).replace_schema_metadata()  # notes may be damaged
    table = columns.to_pandas(split_blocks=True, self_destruct=True)
    return Rows(table.set_axis(range(1, len(table) + 1)), "utf-8")


def columns_of(source: Source, kind: str = "plain") -> pa.Table:
    """The table of a Parquet or Feather file, its categories written out, but for the kind "table"."""
    with batches_of(source, kind) as batches:
        return batches.read_all().combine_chunks()


@contextmanager
def batches_of(source: Source, kind: str = "plain") -> Iterator[pa.RecordBatchStreamReader]:
    """The same, some rows at a time."""
    with source.path.open("rb") as file:
        what = "Parquet file" if file.read(4) == b"PAR1" else "Feather file"
    with _apart(source, kind, source.path.stat().st_size, what, "Export it again.") as printed:
        yield pa.ipc.open_stream(printed)


@contextmanager
def _apart(source: Source, kind: str, size: int, what: str, again: str) -> Iterator[IO[bytes]]:
    """What ``apart.py`` prints of a file, with as much memory and time as one of this size may need."""
    room, text, cells, seconds = map(limit, (ROOM, TEXT, CELLS, SECONDS))
    room = min(room + limit(TIMES) * size, free_memory() or room)
    with TemporaryFile() as printed:
        command = [sys.executable, "-P", apart.__file__, kind, str(source.path), *map(str, (room, text, cells))]
        search = os.pathsep.join(filter(None, sys.path))  # not the folder at work: its files are nobody's modules
        try:
            code = subprocess.run(  # noqa: S603 - our own code, and a path
                command, stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.DEVNULL, timeout=seconds,
                check=False, env=os.environ | ENVIRONMENT | {"PYTHONPATH": search},
            ).returncode  # fmt: skip
            most = TEXT if code == errno.EFBIG else ROOM
        except subprocess.TimeoutExpired:
            code, most = 1, SECONDS
        printed.seek(0)
        if code == apart.DAMAGED:
            with damage_of(source, what, again=again):
                raise ValueError(json.load(printed))
        if code == apart.LARGE:
            sheet, found = json.load(printed)
            raise Refused(
                f"{source}: with its sheet {sheet!r} it has {found:,} cells within edges, most of them blank. "
                f"Delete the cells far from the table. {how_to_raise(CELLS, found)}"
            )
        if code == errno.ENOSPC:
            raise OSError(code, "No space for what the file unpacks to", gettempdir())
        if code:
            less = "Delete the cells far from the table, or save it as .csv"
            remedy = less if kind == "workbook" else "Give it in parts"
            raise Refused(
                f"{source}: opening it takes more than {room >> 20} MB of memory, {text >> 20} MB of text or "
                f"{seconds} seconds. {remedy}. {how_to_raise(most)}"
            )
        yield printed
