"""Parquet, with the types it carries."""

import pyarrow as pa
import pyarrow.parquet as pq

from .source import Rows, Source


def read_parquet(source: Source) -> Rows:
    """The table, its rows counted from 1. Text in Parquet is UTF-8."""
    try:
        table = pq.ParquetFile(source.path).read().to_pandas(ignore_metadata=True)
    except (pa.ArrowException, OSError) as error:
        reason = str(error).partition("\n")[0]
        raise ValueError(f"{source}: it is no whole Parquet file: {reason} Export it again.") from None
    return Rows(table.set_axis(range(1, len(table) + 1)), "utf-8")
