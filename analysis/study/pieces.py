"""The files of a study in groups that are read at once, and tables too large for that in pieces."""

import io
import re
import shutil
from collections.abc import Iterator, Sequence
from csv import reader
from dataclasses import dataclass, replace
from itertools import pairwise
from json import JSONDecoder
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from analysis.corpus.readers.archive import members, packed, unpacked
from analysis.corpus.readers.columns import asked_of, not_ids, recognised
from analysis.corpus.readers.decoding import intact
from analysis.corpus.readers.delimited import BANNER, delimiter_of, header_at
from analysis.corpus.readers.formats import READERS, format_of
from analysis.corpus.readers.objects import BLANK, inside
from analysis.corpus.readers.sheets import batches_of
from analysis.corpus.readers.source import Source

from .kept import PIECES, values_hash

GROUP = 16 << 20  # bytes of small files that are read together
HUGE, PIECE = 256 << 20, 64 << 20  # bytes: a larger table is read in pieces of so many
PACKED = 2  # times smaller than its text is a Parquet file of news
ARCHIVES, DENSEST = ("zip", "tar", "one file"), 20  # times that text packs at most
BLANKS = re.compile(r"[ \t\n\r]*")  # of JSON
TABLES = {".csv", ".tsv", ".tab", ".xlsx", ".xls"}  # such a file beside texts may name them


@dataclass(frozen=True)
class Piece(Source):
    """A piece of a file, the rows before it, and the name of that file, or of what it was packed in."""

    before: int = 0
    given: str = ""


Group = list[Source] | pd.DataFrame  # files that are read together, or articles that were read before
Cut = Iterator[tuple[int, bytes]]  # pieces, each with the rows before it


def groups_of(root: Source, folder: Path) -> Iterator[Group]:
    """The files in groups that are read at once: small ones together, texts with the table that names them.

    A table too large for that is cut into pieces, which are put into the folder.
    """
    files = list(members(root))
    if _of_texts(files):
        yield files
        return
    group: list[Source] = []
    for given, file in ((one, file) for one in files for file in _unpacked(one, folder / PIECES)):
        if pieces := _pieces(given, file, folder / PIECES):
            yield from ([group] if group else [])
            yield from (list[Source]([piece]) for piece in pieces)
            group = []
            continue
        if group and sum(0 if one.problem else one.path.stat().st_size for one in [*group, file]) > GROUP:
            yield group
            group = []
        group.append(file)
    if group or not files:
        yield group


def _of_texts(files: Sequence[Source]) -> bool:
    """Whether there are texts, and tables that may name them."""
    suffixes = {file.suffix for file in files}
    return ".txt" in suffixes and bool(suffixes & TABLES)


def _unpacked(file: Source, folder: Path) -> list[Source]:
    """What a packed file holds, where some of it is to be cut; else the file."""
    if file.problem or file.path.stat().st_size <= HUGE // DENSEST or packed(file) not in ARCHIVES:
        return [file]
    within = folder / values_hash(file.name)
    shutil.rmtree(within, ignore_errors=True)  # of a run that was stopped
    within.mkdir(parents=True)
    files = unpacked(within, file)
    large = any(not one.problem and one.path.stat().st_size > HUGE // PACKED for one in files)
    return files if large and not _of_texts(files) else [file]


def _pieces(given: Source, file: Source, folder: Path) -> list[Piece]:
    """The pieces of a table too large to be read at once, as files of its name; none of others."""
    pieces = list[Piece]()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for before, content in _cut(file, folder) or ():
            path = folder / f"{values_hash(file.name)}.{len(pieces):06}"
            path.write_bytes(content)  # a start makes it anew
            pieces.append(Piece(path, file.name, file.encoding, file.columns, before=before, given=given.name))
        why = _why_not_ids(pieces, format_of(file))
    except (ValueError, RecursionError):  # it is damaged: what reads it at once says how
        pieces = []
    if not pieces and file is not given:
        return [Piece(file.path, file.name, file.encoding, file.columns, file.problem, given=given.name)]
    return [replace(piece, not_ids=why) for piece in pieces]


def _why_not_ids(pieces: list[Piece], kind: str | None) -> str | None:
    """Why the column of ids does not identify the rows of all pieces, "" where it does; None without one."""
    found = [pd.DataFrame()]
    for piece in pieces:
        table, asked = READERS[str(kind)](piece).table.rename(columns=str), asked_of(piece)
        free = [name for name in map(str, table) if name not in asked and "doc_id" not in asked.values()]
        found.append(table[[name for name in free if "doc_id" in recognised([name]).values()]])
    every = pd.concat(found, ignore_index=True)
    theirs = next((theirs for theirs, ours in recognised(map(str, every)).items() if ours == "doc_id"), None)
    return None if theirs is None else not_ids(every[theirs])


def _cut(file: Source, folder: Path) -> Cut | None:
    """The pieces of a table too large to be read at once; of others None."""
    if file.problem or (size := file.path.stat().st_size) <= HUGE // PACKED:
        return None
    kind = format_of(file)
    if kind == "parquet":
        return _batches(file)
    if size <= HUGE or kind not in ("json", "delimited"):
        return None
    encoding = intact(file)
    if "utf-16" not in encoding and "utf-32" not in encoding:
        return _of_rows(file, kind, encoding)
    plain = replace(file, path=folder / f"{values_hash(file.name)}.utf-8", encoding=None)
    _recode(file.path, encoding, plain.path)  # there lines end in one byte
    return ((before, data.decode().encode(encoding)) for before, data in _of_rows(plain, kind, "utf-8") or ())


def _of_rows(file: Source, kind: str, encoding: str) -> Cut | None:
    """Pieces of a file of lines, or of an array in JSON."""
    return _of_lines(file, kind) or (_elements(file, encoding) if encoding and kind == "json" else None)


def _of_lines(file: Source, kind: str) -> Cut | None:
    """Pieces of a file of lines, None of an array in JSON, and where the header has an open quotation mark."""
    with file.path.open("rb") as stream:
        lines = stream.read(GROUP).splitlines(keepends=True)
    if b"\0" in lines[0]:
        return None
    if kind == "json":
        return _lines(file, b"", "") if lines[0].rstrip().endswith(b"}") else None
    text = [line.decode(file.encoding or "utf-8", "replace") for line in lines[: BANNER + 1]]
    delimiter = delimiter_of(file, "".join(text))
    header = header_at(file, [next(reader([line], delimiter=delimiter), []) for line in text]) or 0
    above = b"".join(lines[: header + 1])
    return None if above.count(b'"') % 2 else _lines(file, above, delimiter)


def _lines(file: Source, above: bytes, delimiter: str) -> Cut:
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


def _elements(file: Source, encoding: str) -> Cut:
    """Pieces of an array in JSON, as arrays of complete elements.

    Raises
    ------
    ValueError
        It is not an array, is damaged, or has an element larger than some pieces.
    """
    with file.path.open(encoding=encoding, newline="") as stream:
        before, text, closed = 0, stream.read(PIECE).lstrip(BLANK), False
        if not text.startswith("["):
            raise ValueError("not an array")
        text = text[1:]
        while not closed:
            found, end, rest, closed = _complete(text)
            if found:
                yield before, f"[{text[:end]}]".encode(encoding)
                before, text = before + len(inside(found)), text[rest:]
            block = stream.read(PIECE)
            if len(text) > 4 * PIECE or not (block or closed) or (closed and (text + block).strip(BLANK)):
                raise ValueError("damaged")
            text += block


def _complete(text: str) -> tuple[list[Any], int, int, bool]:
    """The elements in a part of an array, where the last one ends and the rest begins, and whether it closes."""
    found, end, rest = list[Any](), 0, 0
    while True:
        try:
            element, stop = JSONDecoder().raw_decode(text, next(BLANKS.finditer(text, rest)).end())
        except ValueError:  # it goes on in the next part
            return found, end, rest, False
        after = next(BLANKS.finditer(text, stop)).end()
        if text[after : after + 1] not in (",", "]"):
            return found, end, rest, False
        found.append(element)
        end, rest = stop, after + 1
        if text[after] == "]":
            return found, end, rest, True


def _recode(path: Path, encoding: str, target: Path) -> None:
    """Writes a text in UTF-8."""
    with path.open(encoding=encoding, newline="") as given, target.open("w", encoding="utf-8", newline="") as file:
        shutil.copyfileobj(given, file, PIECE)


def _batches(file: Source) -> Cut:
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
