"""The folder of a study: files fetched or cut for it, and tables with their hashes, so that none is made twice."""

import hashlib
import io
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.corpus.files import from_json, hold, write_whole
from analysis.corpus.readers.columns import check_targets
from analysis.corpus.readers.source import Source

Record = dict[str, Any]
Tables = Mapping[str, pd.DataFrame]
PIECES, LOCK = "pieces", ".lock"
# Of tables of whole numbers, the column that is mostly in order: its short differences are written.
ORDERED = {("hash", "row"): "hash", ("row", "term", "n"): "row"}
ROWS = 1 << 16  # sorted hashes of a group in a Parquet file: so many are read at least where a few are asked for


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


def part_name(part: Record) -> str:
    """How the files of a part are called in each room of the folder."""
    return f"{part['path']}.{part['name']}"


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


def values_hash(*values: object) -> str:
    """A hash of some values, by how Python writes them."""
    return hashlib.sha256(repr(values).encode()).hexdigest()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Holds a folder for this process, until the context or the process ends, however it ends.

    A folder made here is gone after an error that came before anything was kept in it.

    Raises
    ------
    ValueError
        Another process holds it.
    """
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a") as lock:  # nothing is lost of what a link may lead to
        what = "another run is working in this folder. Wait until it ends, or name another folder."
        hold(lock, f"{folder}: {what}")
        try:
            yield
        except Exception:
            if made and all(one.is_dir() or one.name == LOCK for one in folder.rglob("*")):
                shutil.rmtree(folder, ignore_errors=True)
            raise


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
