"""Tables of cells: csv and tsv."""

import csv
import io

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pc

from .decoding import decoded
from .source import Rows, Source

LARGEST_BLOCK = 2**31 - 1  # Arrow's limit; a file below it is one block, so that a cell may be as long as the file


def read_delimited(source: Source) -> Rows:
    """All cells as strings, rows counted as in a spreadsheet: the header is row 1."""
    text, encoding = decoded(source)
    if not text.strip():
        raise ValueError(f"{source}: the file is empty. It needs a header and a row an article.")
    delimiter = "\t" if source.suffix == ".tsv" else _delimiter(text)
    header = _header(source, text, delimiter)
    rows = cells(source, text, delimiter, len(header)).iloc[1:]
    return Rows(rows.set_axis(header, axis=1).set_axis(range(2, len(rows) + 2)), encoding)


def _delimiter(text: str) -> str:
    """The most frequent in the header: Excel writes ";" where the comma is the decimal sign."""
    first = text.lstrip().partition("\n")[0]
    return max(",;\t", key=first.count)


def _header(source: Source, text: str, delimiter: str) -> list[str]:
    try:
        names = next(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error:
        raise ValueError(f"{source}: row 1 is no header. The first row must name the columns.") from None
    names = [name.strip() or f"column {number}" for number, name in enumerate(names, start=1)]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"{source}: row 1 names {twice} more than once. Rename all but one of them.")
    return names


def cells(source: Source, text: str, delimiter: str, width: int, *, quoted: bool = True) -> pd.DataFrame:
    """The cells as strings, header and all; ValueError where a row is shorter or longer than ``width``."""
    ragged: list[pc.InvalidRow] = []

    def skipped(row: pc.InvalidRow) -> str:
        ragged.append(row)
        return "skip"

    data, quote = text.encode(), '"' if quoted else False
    block = min(len(data) + 1, LARGEST_BLOCK)
    # With threads Arrow does not number the rows.
    reading = pc.ReadOptions(use_threads=False, block_size=block, autogenerate_column_names=True)
    parsing = pc.ParseOptions(
        delimiter=delimiter, quote_char=quote, newlines_in_values=quoted, invalid_row_handler=skipped
    )
    strings = pc.ConvertOptions(column_types={f"f{number}": pa.large_string() for number in range(width)})
    try:
        table = pc.read_csv(pa.BufferReader(data), reading, parsing, strings)
    except pa.ArrowInvalid as error:
        raise ValueError(
            f"{source}: it is no table of cells ({error}). Look for a quotation mark that is not closed."
        ) from None
    _refuse_ragged(source, ragged, width)
    found: pd.DataFrame = table.to_pandas()
    return found


def _refuse_ragged(source: Source, ragged: list[pc.InvalidRow], width: int) -> None:
    if ragged:
        row = ragged[0]
        raise ValueError(
            f"{source}: row {row.number} has {row.actual_columns} cells, the header {width}"
            f"{f'; so have {len(ragged) - 1} more rows' if len(ragged) > 1 else ''}. "
            "Look for a quotation mark that is not closed, or a delimiter in a cell without quotation marks."
        )
