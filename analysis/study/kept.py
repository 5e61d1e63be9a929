"""The folder of a study: files fetched or cut for it, and tables with their hashes, so that none is made twice."""

import fcntl
import hashlib
import io
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from csv import reader
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import pairwise
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from analysis.corpus.files import from_json, write_whole
from analysis.corpus.readers.archive import members
from analysis.corpus.readers.columns import check_targets
from analysis.corpus.readers.delimited import BANNER, delimiter_of, header_at
from analysis.corpus.readers.formats import format_of
from analysis.corpus.readers.sheets import batches_of
from analysis.corpus.readers.source import Source

Record = dict[str, Any]
Tables = Mapping[str, pd.DataFrame]
GROUP = 16 << 20  # bytes of small files that are read together
HUGE, PIECE = 256 << 20, 64 << 20  # bytes: a larger table is read in pieces of so many
PACKED = 2  # times smaller than its text is a Parquet file of news
PIECES = "pieces"
TABLES = {".csv", ".tsv", ".tab", ".xlsx", ".xls"}  # such a file beside texts may name them
# Of tables of whole numbers, the column that is mostly in order: its short differences are written.
ORDERED = {("hash", "row"): "hash", ("row", "term", "n"): "row"}
ROWS = 1 << 16  # sorted hashes of a group in a Parquet file: so many are read at least where a few are asked for


@dataclass(frozen=True)
class Piece(Source):
    """A piece of a file, and the rows before it."""

    before: int = 0


Group = list[Source] | pd.DataFrame  # files that are read together, or articles that were read before


def kept(path: Path, key: str, make: Callable[[], tuple[Tables, Record]]) -> Record:
    """The record of the tables at ``path``: as it is there if key and hashes agree, else of tables made anew.

    The record is written last: without one, or with a file that differs, the tables are made again. ``make`` gives
    the tables and ``facts``, which the record holds beside the hashes.
    """
    record = path.with_name(f"{path.name}.json")
    if (known := intact(record)) and known["key"] == key:
        return known
    path.parent.mkdir(parents=True, exist_ok=True)
    tables, facts = make()
    hashes = {name: _write(table_path(path, name), table) for name, table in tables.items()}
    made: Record = json.loads(
        text := json.dumps({"key": key, "files": hashes, "facts": facts}, ensure_ascii=False)
    )
    write_whole(record, text)
    return made  # as it is read at the next start


def intact(path: Path) -> Record | None:
    """The record in a file, None without one or where a table is missing or differs."""
    try:
        known: Record = from_json(path.read_text("utf-8"))
        same = all(
            file_hash(table_path(path.with_suffix(""), name)) == one for name, one in known["files"].items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return known if same else None


def table_path(path: Path, name: str) -> Path:
    """The file of one of the tables at a path."""
    return path.with_name(f"{path.name}.{name}.parquet")


def _write(path: Path, table: pd.DataFrame) -> str:
    """The sha256 of the file, once it is there; what is mostly in order is written by its short differences."""
    content, ordered = io.BytesIO(), ORDERED.get(tuple(map(str, table)), "")
    arrow = pa.table({str(name): _column(table[name]) for name in table})
    pq.write_table(
        arrow, content, compression="zstd", compression_level=3,
        use_dictionary=[name for name in arrow.column_names if name != ordered],
        column_encoding={ordered: "DELTA_BINARY_PACKED"} if ordered else None,
        row_group_size=ROWS if ordered == "hash" else None,
    )  # fmt: skip
    write_whole(path, content.getvalue())
    return hashlib.sha256(content.getbuffer()).hexdigest()


def _column(column: pd.Series) -> pa.Array:
    """The column for Parquet; as text where it holds numbers and words."""
    try:
        return pa.Array.from_pandas(column)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.Array.from_pandas(column.astype("str"))


def file_hash(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def text_hash(*values: object) -> str:
    """A hash of some values, by how Python writes them."""
    return hashlib.sha256(repr(values).encode()).hexdigest()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Holds a folder for this process, until the context or the process ends, however it ends.

    Raises
    ------
    ValueError
        Another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a") as lock:  # nothing is lost of what a link may lead to
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ValueError(
                f"{folder}: another run is working in this folder. Wait until it ends, or name another folder."
            ) from None
        yield


@contextmanager
def fetched(address: str, target: Path) -> Iterator[None]:
    """The file or folder at an address of fsspec, as s3://…, in a folder of its own; a path is left alone.

    Raises
    ------
    ValueError
        fsspec, or what it needs for such an address, is not installed.
    """
    if "://" not in address:
        yield
        return
    shutil.rmtree(target.parent, ignore_errors=True)
    try:
        files, path = import_module("fsspec").url_to_fs(address)
    except (ImportError, ValueError) as reason:
        raise ValueError(f"{address}: {reason}. Install it, or copy the files and give their path.") from None
    if not files.exists(path):
        raise FileNotFoundError(f"{address}: file or folder not found. Check the address.")
    target.parent.mkdir(parents=True)
    files.get(path, str(target), recursive=True)
    yield
    shutil.rmtree(target.parent)


def source_of(given: str | PathLike[str] | Source | pd.DataFrame, folder: Path) -> Source:
    """Where articles are, or are to be put: those of an address lie in the folder while the run reads them."""
    if isinstance(given, pd.DataFrame):
        return Source(folder / "articles", "articles")
    source = given if isinstance(given, Source) else Source(Path(given).expanduser(), fspath(given))
    check_targets(source.columns)
    if "://" in source.name:
        within = next(part for part in source.name.split("::") if "://" in part)  # zip://news/a.csv::file:///a.zip
        return replace(source, path=folder / "source" / (Path(within.partition("://")[2]).name or "articles"))
    if not source.path.exists():
        raise FileNotFoundError(f"{source.path}: file or folder not found. Check the path.")
    return source


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
