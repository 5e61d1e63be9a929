"""The files of a study in groups that are read at once, and tables too large for that in pieces."""

import io
from collections.abc import Iterator
from csv import reader
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from analysis.corpus.readers.archive import members
from analysis.corpus.readers.delimited import BANNER, delimiter_of, header_at
from analysis.corpus.readers.formats import format_of
from analysis.corpus.readers.sheets import batches_of
from analysis.corpus.readers.source import Source

from .kept import PIECES, text_hash

GROUP = 16 << 20  # bytes of small files that are read together
HUGE, PIECE = 256 << 20, 64 << 20  # bytes: a larger table is read in pieces of so many
PACKED = 2  # times smaller than its text is a Parquet file of news
TABLES = {".csv", ".tsv", ".tab", ".xlsx", ".xls"}  # such a file beside texts may name them


@dataclass(frozen=True)
class Piece(Source):
    """A piece of a file, and the rows before it."""

    before: int = 0


Group = list[Source] | pd.DataFrame  # files that are read together, or articles that were read before


def groups_of(root: Source, folder: Path) -> Iterator[Group]:
    """The files in groups that are read at once: small ones together, texts with the table that names them.

    A table too large for that is cut into pieces, which are put into the folder one by one.
    """
    files = list(members(root))
    suffixes = {file.suffix for file in files}
    if ".txt" in suffixes and suffixes & TABLES:
        yield files
        return
    group: list[Source] = []
    for file in files:
        if pieces := _cut(file):
            yield from ([group] if group else [])
            yield from ([piece] for piece in _written(file, pieces, folder / PIECES))
            group = []
            continue
        if group and sum(0 if one.problem else one.path.stat().st_size for one in [*group, file]) > GROUP:
            yield group
            group = []
        group.append(file)
    if group or not files:
        yield group


def _cut(file: Source) -> Iterator[tuple[int, bytes]] | None:
    """The pieces of a table too large to be read at once, each with the rows before it; of others None."""
    if file.problem or (size := file.path.stat().st_size) <= HUGE // PACKED:
        return None
    kind = format_of(file)
    if kind == "parquet":
        return _batches(file)
    if size <= HUGE:
        return None
    with file.path.open("rb") as stream:
        lines = stream.read(GROUP).splitlines(keepends=True)
    text = [line.decode(file.encoding or "utf-8", "replace") for line in lines[: BANNER + 1]]
    if b"\0" in lines[0]:  # characters of two bytes
        return None
    if kind == "json":
        return _lines(file, b"", "") if lines[0].rstrip().endswith(b"}") else None
    if kind != "delimited":
        return None
    delimiter = delimiter_of(file, "".join(text))
    header = header_at(file, [next(reader([line], delimiter=delimiter), []) for line in text]) or 0
    above = b"".join(lines[: header + 1])
    return None if above.count(b'"') % 2 else _lines(file, above, delimiter)


def _lines(file: Source, above: bytes, delimiter: str) -> Iterator[tuple[int, bytes]]:
    """Pieces of complete lines, of complete rows with the header ``above`` them where there is a delimiter."""
    before, rest = 0, b""
    with file.path.open("rb") as stream:
        stream.seek(len(above))
        while block := stream.read(PIECE):
            data = rest + block
            ends = _ends(data, delimiter)
            if len(ends) and len(block) == PIECE:
                yield before, above + data[: ends[-1] + 1]
                before, rest = before + len(ends), data[ends[-1] + 1 :]
            else:
                rest = data
    if rest:
        yield before, above + rest


def _ends(data: bytes, delimiter: str) -> NDArray[np.int64]:
    """Where rows end, up to the last one that is as wide as the first: none where a quotation mark went wrong."""
    letters = np.frombuffer(data, np.uint8)
    ends: NDArray[np.int64] = np.flatnonzero(letters == ord("\n"))
    if not delimiter:
        return ends
    ends = ends[np.searchsorted(np.flatnonzero(letters == ord('"')), ends) % 2 == 0]
    rows = [
        data[start + 1 : end].decode("utf-8", "replace") for start, end in pairwise([-1, *ends[:1], *ends[-2:]])
    ]
    widths = {len(next(reader(row.splitlines(keepends=True), delimiter=delimiter), [])) for row in rows[::2]}
    return ends[:-1] if len(widths) == 1 else ends[:0]


def _batches(file: Source) -> Iterator[tuple[int, bytes]]:
    """The rows of a Parquet or Feather file, so many at a time as make a piece."""
    with batches_of(file) as batches:
        held: list[pa.RecordBatch] = []
        before = size = 0
        for batch in batches:
            held.append(batch)
            size += batch.nbytes
            if size >= PIECE:
                yield before, _packed(held)
                before, held, size = before + sum(map(len, held)), [], 0
        if held:
            yield before, _packed(held)


def _packed(batches: list[pa.RecordBatch]) -> bytes:
    content = io.BytesIO()
    pq.write_table(pa.Table.from_batches(batches), content, compression="lz4")
    return content.getvalue()


def _written(file: Source, pieces: Iterator[tuple[int, bytes]], folder: Path) -> Iterator[Source]:
    """Each piece as a file of the same name."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, (before, content) in enumerate(pieces):
        path = folder / f"{text_hash(file.name)}.{number:06}"
        path.write_bytes(content)  # a start makes it anew
        yield Piece(path, file.name, file.encoding, file.columns, before=before)
