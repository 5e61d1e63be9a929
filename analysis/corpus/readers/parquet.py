"""Parquet, with the types it carries."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq


def read_parquet(path: Path, _encoding: str | None) -> tuple[pd.DataFrame, str]:
    """The table, its rows counted from 1, and the encoding of all Parquet text."""
    try:
        table = pq.ParquetFile(path).read().to_pandas(ignore_metadata=True)
    except (pa.ArrowException, OSError) as error:
        reason = str(error).partition("\n")[0]
        raise ValueError(f"{path}: it is no whole Parquet file: {reason} Export it again.") from None
    return table.set_axis(range(1, len(table) + 1)), "utf-8"
