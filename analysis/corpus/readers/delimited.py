"""Tables of cells separated by commas, semicolons, tabs or bars: csv and tsv; and GDELT's."""

import codecs
import csv
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
from numpy.typing import NDArray

from analysis.arrays import Ints

from .columns import is_header, recognised
from .decoding import clean_utf8, decoded, refuse_endless
from .source import Rows, Source, Unparsed, excerpt

DELIMITERS = ",;\t|"
BANNER = 10  # rows above a header that may hold the name of a database or a search
CHUNK = 5_000  # rows that are lists of Python before they become columns of Arrow
MOST_REPAIRS = 1_000  # rows with an open quotation mark in one file; after more the delimiter is wrong
RAGGED = 0.5  # of the rows: above, it is the header or the delimiter that is wrong, not the rows
QUOTE, NEWLINE, RETURN = b'"\n\r'
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
HEAD = 1 << 20  # bytes in which the header is looked for
BLOCK = 16 << 20  # bytes that Arrow parses at once; a row must fit into it
OPEN = "a quotation mark opens in this row and is not closed properly"
# GDELT's published files have no header: for each number of columns how a line begins, and the places, counted
# from 0, of what an article needs (codebooks of events 1.0 and 2.0, GKG 2.1). It holds addresses, not texts.
EVENT = r"\d+\t\d{8}\t"
GDELT = {
    57: (EVENT, {"date": 56}),  # events before April 2013
    58: (EVENT, {"date": 56, "url": 57}),
    61: (EVENT, {"date": 59, "url": 60}),
    16: (r"\d+\t\d{14}\t", {"date": 2, "outlet": 4, "url": 5}),  # mentions
    27: (r"\d{14}-T?\d+\t", {"date": 1, "outlet": 3, "url": 4, "title": 26}),  # knowledge graph
}
HEADERS = ({"globaleventid"}, {"url", "mobileurl", "date", "title"}, {"gkgrecordid"}, {"mentionidentifier"})
TITLE = re.compile(r"<PAGE_TITLE>(.*?)</PAGE_TITLE>", re.S)
Row = tuple[int, list[str]]
csv.field_size_limit(2**31 - 1)


def read_delimited(source: Source) -> Rows:
    """All cells as strings, rows counted from the header on; a row of another width is an unparsed item."""
    refuse_endless(source)
    if (encoding := clean_utf8(source)) and (quick := _at_once(source)) is not None:
        return Rows(quick, encoding)
    return _with_care(source)


def _with_care(source: Source) -> Rows:
    """The table row by row, with an unparsed item for each row that cannot be one."""
    text, encoding = decoded(source)
    if not text or text.isspace():
        raise ValueError(f"{source}: the file is empty. It needs a header and one row per article.")
    opened: list[Unparsed] = []
    rows = _rows(source, text, delimiter_of(source, text), opened)
    header, _, begun = _header(source, rows, opened)
    if begun and all(len(cells) == len(header) + 1 for _, cells in begun):
        header = ["row", *header]  # as R writes a table with the names of its rows
    table, ragged = _columns(header, chain(begun, rows))
    if len(ragged) > RAGGED * (len(table) + len(ragged)):
        (number, cells), *others = ragged
        more = f"; so have {len(others)} more rows" if others else ""
        raise ValueError(
            f"{source}: row {number} has {len(cells)} cells, the header {len(header)}{more}. "
            "Look for a quotation mark that is not closed, or a delimiter in a cell without quotation marks."
        )
    return Rows(table, encoding, (*opened, *_of_other_width(ragged, len(header), "the header")))


def _header(source: Source, rows: Iterator[Row], opened: list[Unparsed]) -> tuple[list[str], int, list[Row]]:
    """The names of the columns, the number of their row, and the rows after it that were looked at."""
    if not (first := list(islice(rows, BANNER + 1))) or (opened and opened[0].place == "row 1"):
        raise ValueError(f"{source}: row 1 is not a header: {OPEN}. The first row must name the columns.")
    at = header_at(source, [cells for _, cells in first]) or 0
    number, cells = first[at]
    return header_names(source, cells, f"row {number}"), number, first[at + 1 :]


def delimiter_of(source: Source, text: str) -> str:
    """The character that separates the names of the header best; Excel may declare it: sep=;"""
    if declared := re.match(r"\ufeff?sep=(.)\r?\n", text):
        return declared[1]
    if source.suffix == ".tsv":
        return "\t"
    first = re.split(r"\r\n?|\n", text[:HEAD].lstrip("\ufeff \r\n"), maxsplit=1)[0]
    names = first.replace('"', "")
    return max(DELIMITERS, key=lambda mark: (len(recognised(names.split(mark))), first.count(mark)))


def header_at(source: Source, rows: Sequence[list[str]]) -> int | None:
    """Which of the first rows has columns that are known or asked for: a banner may be above it."""
    asked = set(source.columns.values())
    named = (at for at, cells in enumerate(rows) if is_header(cells) or (asked and asked <= set(cells)))
    return next(named, None)


def header_names(source: Source, cells: list[str], place: str) -> list[str]:
    """The names of the columns, blank and repeated ones with their number; ValueError for one that is needed."""
    names = [name.strip() or f"column {number}" for number, name in enumerate(cells, start=1)]
    for number, name in enumerate(names, start=1):
        if name in names[: number - 1]:
            if recognised([name]):
                hint = "Rename all but one of them."
                raise ValueError(f"{source}: {place} has more than one column {name!r}. {hint}")
            names[number - 1] = f"{name} ({number})"
    return names


def _rows(source: Source, text: str, delimiter: str, opened: list[Unparsed]) -> Iterator[Row]:
    """Rows with their numbers. A line with a faulty quotation mark is noted in ``opened`` and skipped."""
    escape = "\\" if '\\"' in text and '""' not in text else None  # as MySQL writes quotation marks
    number, begun = 0, int(text.startswith("\ufeff"))
    while begun < len(text):
        ends = [begun]
        reader = csv.reader(_lines(text, ends), delimiter=delimiter, escapechar=escape, strict=True)
        try:
            for cells in reader:
                number, begun = number + 1, ends[-1]
                if any(cells) and not (number == 1 and cells[0].startswith("sep=") and len(cells) < 3):
                    yield number, cells
        except csv.Error:
            number, line = number + 1, next(_lines(text, [begun]))
            opened.append(Unparsed(f"row {number}", OPEN, excerpt(line)))
            begun += len(line)
        if len(opened) > MOST_REPAIRS:
            raise ValueError(f"{source}: more than {MOST_REPAIRS} rows have a quotation mark that is not closed.")


def _lines(text: str, ends: list[int]) -> Iterator[str]:
    """The lines of a text from the last of ``ends`` on, where the end of each is put."""
    for match in LINE.finditer(text, ends[-1]):
        ends[:] = [match.end()]
        yield match[0]


def _at_once(source: Source) -> pd.DataFrame | None:
    """The table as Arrow reads it in one pass; None where it is not as RFC 4180 has it, and needs care."""
    raw = source.path.read_bytes().removeprefix(codecs.BOM_UTF8)
    if not raw or raw.isspace():
        return None
    delimiter = delimiter_of(source, raw[:HEAD].decode(errors="ignore"))
    ends = _record_ends(np.frombuffer(raw, np.uint8), ord(delimiter)) if ord(delimiter) < 128 else None
    escaped = b'\\"' in raw and b'""' not in raw
    blank = re.search(rf'\n(?:"*{re.escape(delimiter)})+"*\r?(?:\n|\Z)'.encode(), raw)  # no cell is filled
    if ends is None or escaped or blank or len(ends) < 2 or raw.count(b"\r") != raw.count(b"\r\n"):
        return None
    first = raw[: ends[: BANNER + 1][-1]].decode()
    header, above, _ = _header(source, _rows(source, first, delimiter, []), [])
    starts = np.append(0, ends[:-1] + 1)
    filled = (ends > starts) & (np.frombuffer(raw, np.uint8)[starts.clip(max=len(raw) - 1)] != RETURN)
    labels = np.flatnonzero(filled[above:]) + above + 1
    block = max(BLOCK, 2 * int((ends - starts).max()) + 2)
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(pa.py_buffer(raw)[int(ends[above - 1]) + 1 :]),
            read_options=pa_csv.ReadOptions(column_names=header, block_size=block),
            parse_options=pa_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            convert_options=pa_csv.ConvertOptions(column_types=dict.fromkeys(header, pa.large_string())),
        )
    except pa.ArrowInvalid:  # a row of another width
        return None
    return table.to_pandas().set_axis(labels) if len(table) == len(labels) else None


def _record_ends(data: NDArray[np.uint8], delimiter: int) -> Ints | None:
    """Where the rows of a table end, the end of the last included; None where a quotation mark is out of order."""
    quotes = _where(data, QUOTE)
    first = quotes[np.diff(quotes, prepend=-2) > 1]
    last = quotes[np.diff(quotes, append=len(data) + 1) > 1]
    odd = (last - first) % 2 == 0  # a run of them opens or closes a cell; an even one is empty or within
    within = np.cumsum(odd) % 2 != odd
    edges = [delimiter, NEWLINE, RETURN]
    opens = np.isin(data[np.maximum(first - 1, 0)], edges) | (first == 0)
    closes = np.isin(data[np.minimum(last + 1, len(data) - 1)], edges) | (last == len(data) - 1)
    if odd.sum() % 2 or not (opens | within).all() or not (closes | (within ^ odd)).all():
        return None
    lines = np.append(_where(data, NEWLINE), [] if data[-1] == NEWLINE else len(data)).astype(np.int64)
    outside: Ints = lines[np.searchsorted(first[odd], lines) % 2 == 0]
    return outside


def _where(data: NDArray[np.uint8], byte: int) -> Ints:
    """The places of a byte, looked for in blocks: a mask of all of a file would be as large as the file."""
    blocks = range(0, len(data), BLOCK)
    return np.concatenate([np.flatnonzero(data[at : at + BLOCK] == byte) + at for at in blocks])


def _columns(header: list[str], rows: Iterator[Row]) -> tuple[pd.DataFrame, list[Row]]:
    """The table, its rows labelled by their numbers, and the rows of another width."""
    width, labels, ragged = len(header), list[int](), list[Row]()
    schema, done = pa.schema([(name, pa.large_string()) for name in header]), list[pa.RecordBatch]()
    while part := list(islice(rows, CHUNK)):
        fit = [row for row in part if len(row[1]) >= width and not any(row[1][width:])]
        if len(fit) < len(part):
            ragged += [row for row in part if len(row[1]) < width or any(row[1][width:])]
        if fit:
            columns = list(zip(*(cells for _, cells in fit), strict=False))[:width]
            done.append(pa.record_batch([pa.array(cells, pa.large_string()) for cells in columns], schema=schema))
            labels += [number for number, _ in fit]
    return pa.Table.from_batches(done, schema).to_pandas().set_axis(labels), ragged


def is_gdelt(first: str) -> bool:
    """Whether a first line is one of GDELT's, with a header in any case or without."""
    names = {name.strip(' "').casefold() for name in re.split(r"[,\t;]", first)}
    return bool(_places(first)) or (any(header <= names for header in HEADERS) and "text" not in names)


def read_gdelt(source: Source) -> Rows:
    """A row per record of GDELT, with ``date`` (when GDELT saw it) and ``url``, which many events may have."""
    text, encoding = decoded(source)
    if not (places := _places(first := text.lstrip("\ufeff").partition("\n")[0])):
        return replace(rows := read_delimited(source), table=rows.table.assign(text=""))
    header = [str(at) for at in range(first.count("\t") + 1)]
    lines = ((n, line.rstrip("\r").split("\t")) for n, line in enumerate(text.split("\n"), 1) if line.strip())
    table, ragged = _columns(header, lines)
    table = table[[str(at) for at in places.values()]].set_axis([*places], axis=1)
    if "title" in table:
        found = map(TITLE.search, table["title"])
        table["title"] = [html.unescape(match[1]) if match else "" for match in found]
    return Rows(table.assign(text=""), encoding, tuple(_of_other_width(ragged, len(header), "the first row")))


def _places(first: str) -> dict[str, int]:
    begins, places = GDELT.get(first.count("\t") + 1, (r"(?!)", {}))
    return places if re.match(begins, first) else {}


def _of_other_width(rows: list[Row], width: int, than: str) -> list[Unparsed]:
    shown = ((f"row {n}", f"{len(cells)} cells, {than} {width}", excerpt(" ".join(cells))) for n, cells in rows)
    return [Unparsed(*one) for one in shown]
