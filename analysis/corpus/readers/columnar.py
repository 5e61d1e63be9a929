"""Parquet and Feather: tables kept by column, packed, whose values may be there once for many rows."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.limits import how_to_raise, limit

from .source import Refused, Rows, Source, damage_of

BATCH = 1024  # rows of a Parquet file that are unpacked at once


def read_parquet(source: Source) -> Rows:
    """The table of a Parquet or Feather file, its rows counted from 1. Its text is UTF-8."""
    with source.path.open("rb") as file:
        kind, batches = ("Feather", _feather) if file.read(6) == b"ARROW1" else ("Parquet", _parquet)
    with damage_of(source, f"{kind} file", pa.ArrowException, OSError, ValueError):
        columns = _unpacked(source, *batches(source))
        table = columns.to_pandas(ignore_metadata=True, split_blocks=True, self_destruct=True)
    return Rows(table.set_axis(range(1, len(table) + 1)), "utf-8")


Batches = tuple[pa.Schema, Iterator[pa.RecordBatch]]


def _unpacked(source: Source, schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> pa.Table:
    """The batches as one table, its values written out: one that repeats may be there once, 3 GB in 200 KB."""
    size, plain = 0, []
    whole: list[pa.Table] = []
    for batch in batches:
        batch.validate(
            full=True
        )  # letters that are not UTF-8 would be found later, and a damaged place end the process
        repeated = [at for at, kind in enumerate(schema.types) if _is_repeated(kind)]
        longest = max((_held(batch.column(at)) for at in repeated), default=0)
        step = _rows(longest) if repeated else max(batch.num_rows, 1)
        for part in (batch.slice(at, step) for at in range(0, batch.num_rows, step)):
            columns = [_written_out(column) for column in part.columns]
            plain.append(pa.RecordBatch.from_arrays(columns, names=schema.names))
            size += plain[-1].nbytes
            if size > limit(most := "bytes of text in a file"):
                raise Refused(f"{source}: it unpacks to too much. Give it in parts. {how_to_raise(most)}")
        if sum(part.num_rows for part in plain) >= BATCH:  # many small batches make every later step slow
            whole, plain = [*whole, pa.Table.from_batches(plain).combine_chunks()], []
    whole += [pa.Table.from_batches(plain).combine_chunks()] if plain else []
    return pa.concat_tables(whole) if whole else schema.empty_table()


def _rows(longest: int) -> int:
    """How many rows with values of at most this length hold as much as all may."""
    return max(limit("bytes of text in a file") // max(longest, 1), 1)


def _is_repeated(kind: pa.DataType) -> bool:
    return bool(pa.types.is_dictionary(kind) or pa.types.is_string_view(kind) or pa.types.is_binary_view(kind))


def _held(column: pa.Array) -> int:
    return int(column.dictionary.nbytes if pa.types.is_dictionary(column.type) else column.nbytes)


def _written_out(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        return column.dictionary_decode()
    return column.cast(pa.large_string()) if pa.types.is_string_view(column.type) else column


def _parquet(source: Source) -> Batches:
    """A Parquet file in batches: read at once, its text would be held packed and unpacked, 510 MB for 127 MB.

    No value is longer than its group of rows, which bounds what a batch holds.
    """
    file = pq.ParquetFile(source.path, pre_buffer=False)
    groups = (file.metadata.row_group(at) for at in range(file.metadata.num_row_groups))
    longest = max(
        (group.total_byte_size for group in groups), default=0
    )  # a damaged column's would end the process
    return file.schema_arrow, file.iter_batches(min(_rows(longest), BATCH))


def _feather(source: Source) -> Batches:
    """A Feather file in its batches, each checked; refused if they claim to unpack to too much."""
    data = pa.memory_map(str(source.path))
    size = sum(map(_claimed, pa.ipc.MessageReader.open_stream(data.read_buffer()[8:])))
    if size > limit(most := "bytes of text in a file"):
        raise Refused(f"{source}: it unpacks to {size >> 20} MB. Give it in parts. {how_to_raise(most, size)}")
    file = pa.ipc.open_file(data)

    return file.schema, map(file.get_batch, range(file.num_record_batches))


def _claimed(message: Any) -> int:
    """The bytes to which the buffers of a message unpack: each begins with that number, if they are compressed.

    Arrow, "Serialization and Interprocess Communication", and the tables of its Message.fbs.
    """
    head, body = bytes(message.metadata), message.body

    def field(table: int, number: int) -> int:
        """The place of a field in a table of a flatbuffer, 0 where it is not given."""
        known = table - int.from_bytes(head[table : table + 4], "little", signed=True)
        at = known + 4 + 2 * number
        inside = at < known + int.from_bytes(head[known : known + 2], "little")
        offset = int.from_bytes(head[at : at + 2], "little") if inside else 0
        return table + offset if offset else 0

    def follow(at: int) -> int:
        return at + int.from_bytes(head[at : at + 4], "little")

    table = follow(0)
    batch = follow(field(table, 2)) if message.type in ("record batch", "dictionary") else 0
    batch = follow(field(batch, 1)) if message.type == "dictionary" else batch
    if not batch or not field(batch, 3):
        return 0
    listed = follow(field(batch, 2))
    count = int.from_bytes(head[listed : listed + 4], "little")
    places = np.frombuffer(head, "<i8", 2 * count, listed + 4).reshape(-1, 2)
    return sum(
        max(int.from_bytes(bytes(body[at : at + 8]), "little", signed=True), size)
        for at, size in places.tolist()
        if size
    )
