"""Workbooks (xlsx, xlsb, xls, ods), tables in HTML, and Parquet."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq

from analysis.limits import how_to_raise, limit

from .archive import packed, refuse_office
from .columns import is_header, key
from .delimited import BANNER, header_at, header_names
from .pages import blocks, parsed
from .source import Refused, Rows, Source, Unparsed, damage_of, excerpt

BATCH = 1024  # rows of a Parquet file that are unpacked at once


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


def read_parquet(source: Source) -> Rows:
    """The table of a Parquet or Feather file, its rows counted from 1. Its text is UTF-8."""
    with source.path.open("rb") as file:
        feathers = file.read(6) == b"ARROW1"
    with damage_of(source, f"{'Feather' if feathers else 'Parquet'} file", pa.ArrowException, OSError, ValueError):
        columns = feather.read_table(source.path) if feathers else _unpacked(source)
        table = columns.to_pandas(ignore_metadata=True, split_blocks=True, self_destruct=True)
    return Rows(table.set_axis(range(1, len(table) + 1)), "utf-8")


def _unpacked(source: Source) -> pa.Table:
    """A Parquet file in batches: at once, text is held packed, too; and 200 KB may unpack to 3 GB."""
    file, size, batches = pq.ParquetFile(source.path, pre_buffer=False), 0, []
    for batch in file.iter_batches(BATCH):
        size += batch.nbytes
        if size > limit(most := "bytes of text in a file"):
            raise Refused(f"{source}: it unpacks to too much. Give it in parts. {how_to_raise(most)}")
        batches.append(batch)
    return pa.Table.from_batches(batches, file.schema_arrow)


def workbook_sheets(source: Source) -> dict[str, list[list[str]]]:
    """The rows of each sheet of a workbook, its cells as a person reads them; Refused where that would do harm."""
    from python_calamine import CalamineError, load_workbook  # a compiled library that most readers never need

    if packed(source) == "excel":
        refuse_office(source)
    with damage_of(source, "Excel file", CalamineError, OSError, ValueError, again="Save it again as .xlsx."):
        book = load_workbook(str(source.path))
        sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    return {name: [[_cell(cell) for cell in row] for row in rows] for name, rows in sheets.items()}


def _cell(value: Any) -> str:
    """As a person reads it in the sheet: 7, not 7.0; a day and time in ISO form."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
