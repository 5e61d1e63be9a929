"""Opens a workbook, Parquet or Feather file for ``sheets.py``, in a process of its own.

The libraries are compiled: of a file that lies about its sizes they fill the memory, or end the process. What they
read is printed; a file that is damaged, or larger than a limit, by its reason.
"""

import errno
import itertools
import json
import os
import sys
from typing import Any

DAMAGED, LARGE = 3, 4  # exit codes of this process where it gives a reason
ROOMLESS = errno.EFBIG, errno.ENOSPC  # and where the output does not fit
CELL = 8  # bytes of a blank cell in memory
ROWS = 256  # that are unpacked at once: a value may be there once for many


def main() -> None:
    kind, path, *limits = sys.argv[1:]
    room, text, cells = map(int, limits)
    try:
        import resource

        for name, most in ((resource.RLIMIT_AS, room), (resource.RLIMIT_FSIZE, text)):
            hard = resource.getrlimit(name)[1]
            resource.setrlimit(name, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    except (ImportError, ValueError, OSError):
        pass  # Windows and macOS, where only the end of a process is kept apart
    try:
        workbook(path, cells) if kind == "workbook" else columns(path, text // CELL, plain=kind == "plain")
        sys.stdout.buffer.flush()
    except MemoryError:
        raise
    except BaseException as error:  # a panic of Rust is no Exception
        if (code := getattr(error, "errno", 0)) in ROOMLESS:
            os._exit(code)
        if "pointer is null" in str(error):  # no memory
            raise
        ends(DAMAGED, str(error) or type(error).__name__)


def ends(how: int, why: object) -> None:
    sys.stdout.buffer.seek(0)
    sys.stdout.buffer.truncate()
    sys.stdout.buffer.write(json.dumps(why).encode())
    sys.stdout.buffer.flush()
    os._exit(how)


def workbook(path: str, most: int) -> None:
    """A line for the name of each sheet and for each of its rows."""
    from python_calamine import load_workbook

    cells, book = 0, load_workbook(path)
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        cells += sheet.height * sheet.width  # blank ones within its edges are held, too
        if cells > most:
            ends(LARGE, [name, cells])
        rows, (above, left) = sheet.to_python(), sheet.start or (0, 0)
        for (first, column), (last, end) in sheet.merged_cell_ranges or ():
            for row in rows[first + 1 - above : last + 1 - above] if column == end else ():
                row[column - left] = rows[first - above][column - left]
        for line in itertools.chain([name], ([_cell(cell) for cell in row] for row in rows)):
            sys.stdout.buffer.write(json.dumps(line).encode() + b"\n")


def _cell(value: Any) -> str:
    """As a person reads it in the sheet: 7, not 7.0; a day and time in ISO form."""
    whole = isinstance(value, float) and value.is_integer()
    return "" if value is None else str(int(value) if whole else value)


def columns(path: str, most: int, *, plain: bool) -> None:
    """A table as a stream of Arrow whose values share nothing; but for categories, if not ``plain``."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    with open(path, "rb") as file:
        begun = file.read(6)
    if begun.startswith(b"\xff\xff\xff\xff"):  # a stream, as datasets keeps them
        stream = pa.ipc.open_stream(pa.memory_map(path))
        schema, batches = stream.schema, iter(stream)
    elif begun == b"ARROW1":
        table = pa.ipc.open_file(pa.memory_map(path))
        schema, batches = table.schema, map(table.get_batch, range(table.num_record_batches))
    else:
        packed = ParquetFile(path, pre_buffer=False)
        schema, batches = packed.schema_arrow, packed.iter_batches(ROWS, use_threads=False)
    cells, kinds = 0, [one if not plain and pa.types.is_dictionary(one) else _plain(one) for one in schema.types]
    target = pa.schema([one.with_type(kind) for one, kind in zip(schema, kinds, strict=True)], schema.metadata)
    with pa.ipc.new_stream(sys.stdout.buffer, target) as stream:
        for batch in batches:
            batch.validate(full=True)  # places and letters that are wrong would end the process later
            cells += batch.num_rows * max(len(kinds), 1)
            if cells > most:
                raise OSError(errno.EFBIG, "too many cells")
            for part in (batch.slice(at, ROWS) for at in range(0, batch.num_rows, ROWS)):
                held = zip(part.columns, kinds, strict=True)
                plain_ones = [one if one.type == kind else one.cast(kind) for one, kind in held]
                stream.write_batch(pa.record_batch(plain_ones, schema=target))


def _plain(kind: Any) -> Any:
    """The type of values that are written out; TypeError for types whose values may share what they hold."""
    import pyarrow as pa
    from pyarrow import types

    if types.is_dictionary(kind):
        return _plain(kind.value_type)
    if types.is_string_view(kind) or types.is_binary_view(kind):
        return pa.large_string() if types.is_string_view(kind) else pa.large_binary()
    if types.is_struct(kind):
        return pa.struct([field.with_type(_plain(field.type)) for field in kind])
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return pa.large_list(pa.int64() if types.is_null(kind.value_type) else _plain(kind.value_type))
    plain_map = types.is_map(kind) and kind == pa.map_(_plain(kind.key_type), _plain(kind.item_type))
    if types.is_nested(kind) and not plain_map:
        raise TypeError(f"columns of the type {kind} are not read")
    return kind


if __name__ == "__main__":
    main()
