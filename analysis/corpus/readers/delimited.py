"""Tables of cells separated by commas, semicolons, tabs or bars: csv and tsv."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice

import pandas as pd
import pyarrow as pa

from .columns import is_header, recognised
from .decoding import decoded
from .source import Rows, Source, Unparsed, excerpt

DELIMITERS = ",;\t|"
BANNER = 10  # rows above a header that may hold the name of a database or a search
CHUNK = 5_000  # rows that are lists of Python before they become columns of Arrow
MOST_REPAIRS = 1_000  # rows with an open quotation mark in one file; after more the delimiter is wrong
RAGGED = 0.5  # of the rows: above, it is the header or the delimiter that is wrong, not the rows
OPEN = "a quotation mark opens in this row and is not closed properly"
csv.field_size_limit(2**31 - 1)


def read_delimited(source: Source) -> Rows:
    """All cells as strings, rows counted as in a spreadsheet: a header on the first line is row 1.

    A row of another width than the header, or with a quotation mark that is not closed, is an unparsed item.
    """
    text, encoding = decoded(source)
    if not text.strip():
        raise ValueError(f"{source}: the file is empty. It needs a header and a row an article.")
    opened: list[Unparsed] = []
    rows = _rows(source, text, delimiter_of(source, text), opened)
    first = list(islice(rows, BANNER + 1))
    if not first or (opened and opened[0].place == "row 1"):
        raise ValueError(f"{source}: row 1 is not a header: {OPEN}. The first row must name the columns.")
    at = header_at(source, [cells for _, cells in first])
    header = header_names(source, first[at][1], f"row {first[at][0]}")
    table, ragged = _columns(header, chain(first[at + 1 :], rows))
    _refuse_ragged(source, ragged, len(table), len(header))
    unparsed = (
        *opened,
        *(
            Unparsed(f"row {n}", f"{len(cells)} cells, the header {len(header)}", excerpt(" ".join(cells)))
            for n, cells in ragged
        ),
    )
    return Rows(table, encoding, unparsed)


def delimiter_of(source: Source, text: str) -> str:
    """The character that separates the names of the header best; Excel may declare it: sep=;"""
    if declared := re.match(r"\ufeff?sep=(.)\r?\n", text):
        return declared[1]
    if source.suffix == ".tsv":
        return "\t"
    first = re.split(r"\r\n?|\n", text.lstrip("\ufeff \r\n"), maxsplit=1)[0]
    return max(
        DELIMITERS, key=lambda mark: (len(recognised(first.replace('"', "").split(mark))), first.count(mark))
    )


def header_at(source: Source, rows: Sequence[list[str]]) -> int:
    """Which of the first rows names the columns: a banner may be above it. The first, if none is known."""
    asked = set(source.columns.values())
    known = (at for at, cells in enumerate(rows) if is_header(cells) or (asked and asked <= set(cells)))
    return next(known, 0)


def header_names(source: Source, cells: list[str], place: str) -> list[str]:
    """The names of the columns: blank ones by their number, a repeated one with its number.

    ValueError where a repeated name is one that an article needs.
    """
    names = [name.strip() or f"column {number}" for number, name in enumerate(cells, start=1)]
    for number, name in enumerate(names, start=1):
        if name in names[: number - 1]:
            if recognised([name]):
                raise ValueError(
                    f"{source}: {place} has more than one column {name!r}. Rename all but one of them."
                )
            names[number - 1] = f"{name} ({number})"
    return names


def _rows(source: Source, text: str, delimiter: str, opened: list[Unparsed]) -> Iterator[tuple[int, list[str]]]:
    """Rows with their numbers. Where a quotation mark goes wrong, its first line is ``opened`` and passed over."""
    lines = io.StringIO(text.lstrip("\ufeff"), newline="").readlines()
    escape = "\\" if '\\"' in text and '""' not in text else None  # as MySQL writes quotation marks
    number = begun = 0
    while begun < len(lines):
        first = begun
        reader = csv.reader(islice(lines, first, None), delimiter=delimiter, escapechar=escape, strict=True)
        try:
            for cells in reader:
                number, begun = number + 1, first + reader.line_num
                if cells and not (number == 1 and cells[0].startswith("sep=") and len(cells) < 3):
                    yield number, cells
        except csv.Error:
            number += 1
            opened.append(Unparsed(f"row {number}", OPEN, excerpt(lines[begun])))
            begun += 1
        if len(opened) > MOST_REPAIRS:
            raise ValueError(f"{source}: more than {MOST_REPAIRS} rows have a quotation mark that is not closed.")


def _columns(
    header: list[str], rows: Iterator[tuple[int, list[str]]]
) -> tuple[pd.DataFrame, list[tuple[int, list[str]]]]:
    """The table, its rows labelled by their numbers, and the rows of another width."""
    width, labels, ragged = len(header), list[int](), list[tuple[int, list[str]]]()
    done = [pa.table([pa.array([], pa.large_string())] * width, names=header)]
    while part := list(islice(rows, CHUNK)):
        fit = [row for row in part if len(row[1]) == width or (len(row[1]) > width and not any(row[1][width:]))]
        if len(fit) < len(part):
            ragged += [row for row in part if len(row[1]) < width or any(row[1][width:])]
        if fit:
            columns = list(zip(*(cells for _, cells in fit), strict=False))[:width]
            done.append(pa.table([pa.array(cells, pa.large_string()) for cells in columns], names=header))
            labels += [number for number, _ in fit]
    table: pd.DataFrame = pa.concat_tables(done).to_pandas()
    return table.set_axis(labels), ragged


def _refuse_ragged(source: Source, ragged: list[tuple[int, list[str]]], read: int, width: int) -> None:
    if len(ragged) > RAGGED * (read + len(ragged)):
        number, cells = ragged[0]
        raise ValueError(
            f"{source}: row {number} has {len(cells)} cells, the header {width}"
            f"{f'; so have {len(ragged) - 1} more rows' if len(ragged) > 1 else ''}. "
            "Look for a quotation mark that is not closed, or a delimiter in a cell without quotation marks."
        )
