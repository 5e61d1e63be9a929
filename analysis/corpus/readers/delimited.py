"""Tables of cells separated by commas, semicolons, tabs or bars: csv and tsv; and GDELT's."""

import csv
import html
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import Any

import pandas as pd
import pyarrow as pa

from ..files import UNSEEN, shipped
from .columns import is_header, recognised
from .decoding import decoded_lines
from .source import Rows, Source, Unparsed, excerpt, place_of

DELIMITERS = ",;\t|"
BANNER = 20  # rows above a header that may hold the name of a database or a search
CHUNK = 1_000  # rows that are lists of Python before they become columns of Arrow
MOST_REPAIRS = 1_000  # rows with an open quotation mark in one file; after more the delimiter is wrong
MANY = 5  # rows: in fewer each may hold one comma without quotation marks
RAGGED = 0.5  # of the rows: above, it is the header or the delimiter that is wrong, not the rows
OPEN = "a quotation mark opens in this row and is not closed properly"
TITLE = re.compile(r"<PAGE_TITLE>(.*?)</PAGE_TITLE>", re.S)
MARKS = "\xad\u061c\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"  # before a header: editors add them unseen
AROUND = re.compile(rf"^[\s{UNSEEN}]+|[\s{UNSEEN}]+$")
Row = tuple[int | str, list[str]]  # its number or place, and its cells
csv.field_size_limit(2**31 - 1)


def read_delimited(source: Source) -> Rows:
    """All cells as strings, rows counted from the header on; a row that cannot be one is an unparsed item."""
    lines, encoding = decoded_lines(source)
    if not (first := next(filter(str.strip, lines()), "")):
        raise ValueError(f"{source}: the file is empty. It needs a header and one row per article.")
    opened: list[Unparsed] = []
    delimiter = delimiter_of(source, first)
    even = delimiter == "\t" and len({line.count("\t") for line in lines() if line.strip("\r\n")}) == 1
    by_line = even and not any('\\"' in line for line in lines())
    rows = _rows_of_lines(lines) if by_line else _rows(source, lines, delimiter, opened)
    header, begun = _header(source, rows, opened)
    names = [cells[0] for _, cells in begun if len(cells) == len(header) + 1]
    if begun and len({*names}) == len(begun) and (len(begun) >= MANY or all(map(str.isdecimal, names))):
        header = ["row", *header]  # as R writes a table with the names of its rows: numbers, unless there are many
    table, ragged = columns_of_rows(header, chain(begun, rows))
    if len(ragged) > RAGGED * (len(table) + len(ragged)):
        (number, cells), *others = ragged
        more = f"; so have {len(others)} more rows" if others else ""
        raise ValueError(
            f"{source}: row {number} has {len(cells)} cells, the header {len(header)}{more}. "
            "Look for a quotation mark that is not closed, or a delimiter in a cell without quotation marks."
        )
    return Rows(table, encoding, (*opened, *of_other_width(ragged, len(header), "the header")))


def _header(source: Source, rows: Iterator[Row], opened: list[Unparsed]) -> tuple[list[str], list[Row]]:
    """The names of the columns, and the rows after them that were looked at."""
    if not (first := list(islice(rows, BANNER + 1))) or (opened and opened[0].place == "row 1"):
        raise ValueError(f"{source}: row 1 is not a header: {OPEN}. The first row must name the columns.")
    at = header_at(source, [cells for _, cells in first]) or 0
    number, cells = first[at]
    return header_names(source, cells, f"row {number}"), first[at + 1 :]


def delimiter_of(source: Source, text: str) -> str:
    """The character that separates the names of the header best; Excel may declare it: sep=;"""
    if declared := re.match(r"sep=(.)\r?\n", text.lstrip(MARKS)):
        return declared[1]
    if source.suffix == ".tsv":
        return "\t"
    first = re.split(r"\r\n?|\n", text.lstrip(f"{MARKS} \r\n"), maxsplit=1)[0]
    names = first.replace('"', "")
    return max(DELIMITERS, key=lambda mark: (len(recognised(names.split(mark))), first.count(mark)))


def header_at(source: Source, rows: Sequence[list[str]]) -> int | None:
    """Which of the first rows names columns: those asked for, else the most of rows beneath a banner that do."""
    asked = set(source.columns.values()) or {"\0"}
    named = [at for at, cells in enumerate(rows) if asked <= {*map(header_name, cells)}]
    named = named or [at for at, cells in enumerate(rows) if is_header(cells)]
    together = [at for n, at in enumerate(named) if at == named[0] + n]  # a later one heads another table
    return max(together, key=lambda at: len(recognised(rows[at])), default=None)


def header_name(cell: str) -> str:
    """The name in a cell, without blanks, invisible characters and a pair of quotation marks around it."""
    bare = AROUND.sub("", cell)
    return AROUND.sub("", bare[1:-1]) if re.fullmatch('"[^"]+"', bare) else bare


def header_names(source: Source, cells: list[str], place: str) -> list[str]:
    """The names of the columns, blank and repeated ones with their number; ValueError for one that is needed."""
    names = [header_name(name) or f"column {number}" for number, name in enumerate(cells, start=1)]
    for number, name in enumerate(names, start=1):
        if name in names[: number - 1]:
            if recognised([name]):
                hint = "Rename all but one of them."
                raise ValueError(f"{source}: {place} has more than one column {name!r}. {hint}")
            names[number - 1] = f"{name} ({number})"
    return names


def _rows(
    source: Source, lines: Callable[[], Iterator[str]], delimiter: str, opened: list[Unparsed]
) -> Iterator[Row]:
    """Rows with their numbers. A line with a faulty quotation mark is noted in ``opened`` and skipped."""
    mysql = any('\\"' in line for line in lines()) and not any('""' in line for line in lines())
    form: dict[str, Any] = {"delimiter": delimiter, "escapechar": "\\" if mysql else None, "strict": True}
    names = next(lines(), "").strip(MARKS + "\r\n").split(delimiter)
    form["skipinitialspace"] = any(name.startswith(" ") for name in names)  # written by hand
    if all(re.fullmatch("'[^']*'", name) for name in names):
        form["quotechar"] = "'"
    number, row, again, rest = 0, list[str](), deque[str](), lines()

    def taken() -> Iterator[str]:
        while line := again.popleft() if again else next(rest, ""):
            row.append(line if number or row else line.lstrip(MARKS))
            yield row[-1]

    while True:
        try:
            for cells in csv.reader(taken(), **form):
                number += 1
                row.clear()
                if any(cells) and not (number == 1 and cells[0].startswith("sep=") and len(cells) < 3):
                    yield number, cells
            return
        except csv.Error:
            number += 1
            opened.append(Unparsed(f"row {number}", OPEN, excerpt(row[0])))
            again.extendleft(reversed(row[1:]))
            row.clear()
        if len(opened) > MOST_REPAIRS:
            raise ValueError(f"{source}: more than {MOST_REPAIRS} rows have a quotation mark that is not closed.")


def _rows_of_lines(lines: Callable[[], Iterator[str]]) -> Iterator[Row]:
    """Rows of a table with as many tabs in each line, whose cells may begin with a quotation mark of their own."""
    for number, line in enumerate((line.rstrip("\r\n") for line in lines()), start=1):
        try:
            cells = next(csv.reader([line if number > 1 else line.lstrip(MARKS)], delimiter="\t", strict=True), [])
        except csv.Error:
            cells = line.split("\t")
        if any(cells):
            yield number, cells


def columns_of_rows(header: list[str], rows: Iterator[Row]) -> tuple[pd.DataFrame, list[Row]]:
    """The table, its rows labelled by their numbers or places, and the rows of another width."""
    width, labels, ragged = len(header), list[int | str](), list[Row]()
    schema, done = pa.schema([(name, pa.large_string()) for name in header]), list[pa.RecordBatch]()
    while part := list(islice(rows, CHUNK)):
        fit = [row for row in part if len(row[1]) >= width and not any(row[1][width:])]
        if len(fit) < len(part):
            ragged += [row for row in part if len(row[1]) < width or any(row[1][width:])]
        if fit:
            columns = list(zip(*(cells for _, cells in fit), strict=False))[:width]
            done.append(pa.record_batch([pa.array(cells, pa.large_string()) for cells in columns], schema=schema))
            labels += [number for number, _ in fit]
    table = pa.Table.from_batches(done, schema)
    done.clear()
    return table.to_pandas(split_blocks=True, self_destruct=True).set_axis(labels), ragged


def is_gdelt(first: str) -> bool:
    """Whether a first line is one of GDELT's, with a header in any case or without."""
    names = {name.strip(' "').casefold() for name in re.split(r"[,\t;]", first)}
    headers = shipped(__package__, "formats.yaml")["gdelt_headers"]
    return bool(_places(first)) or (any({*header} <= names for header in headers) and "text" not in names)


def read_gdelt(source: Source) -> Rows:
    """A row per record of GDELT, with ``date`` (when GDELT saw it) and ``url``, which many events may have."""
    lines, encoding = decoded_lines(source)
    if not (places := _places(first := next(lines(), "").lstrip("\ufeff").rstrip("\r\n"))):
        return replace(found := read_delimited(source), table=found.table.assign(text=""))
    header = [str(at) for at in range(first.count("\t") + 1)]
    rows = ((n, line.rstrip("\r\n").split("\t")) for n, line in enumerate(lines(), 1) if line.strip())
    table, ragged = columns_of_rows(header, rows)
    table = table[[str(at) for at in places.values()]].set_axis([*places], axis=1)
    if "title" in table:
        titles = map(TITLE.search, table["title"])
        table["title"] = [html.unescape(match[1]) if match else "" for match in titles]
    return Rows(table.assign(text=""), encoding, tuple(of_other_width(ragged, len(header), "the first row")))


def _places(first: str) -> dict[str, int]:
    form = dict(shipped(__package__, "formats.yaml")["gdelt"].get(first.count("\t") + 1, {"begins": r"(?!)"}))
    return form if re.match(form.pop("begins"), first) else {}


def of_other_width(rows: list[Row], width: int, than: str) -> list[Unparsed]:
    """Rows that do not fit as unparsed items."""
    why = f"cells, {than} {width}"
    return [Unparsed(place_of(at), f"{len(row)} {why}", excerpt(" ".join(row))) for at, row in rows]
