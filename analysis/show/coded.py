"""Coded passages from a file, for a report that measures its lexicon on them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.frames.coding.sheets import sheet_rows
from analysis.frames.validation.coded import check_coded

ENDINGS = (".csv", ".tsv", ".xlsx", ".parquet")
CODES = {"0": 0, "1": 1, "0.0": 0, "1.0": 1, "": None}


def read_coded(path: Path, frames: Sequence[str]) -> pd.DataFrame:
    """The table of a csv, tsv, workbook or parquet file, codes as numbers, fit for ``validate``.

    Raises:
        FileNotFoundError: no such file.
        ValueError: an unknown ending, a missing column, or a code that is not 0 or 1; the file is named.
    """
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not there. Name the file of coded passages.")
    if path.suffix.lower() not in ENDINGS:
        raise ValueError(f"{path}: coded passages are read from files that end in {', '.join(ENDINGS)}.")
    rows = pd.read_parquet(path) if path.suffix.lower() == ".parquet" else sheet_rows(path)
    coded = rows.reset_index(drop=True)
    for frame in (name for name in frames if name in coded):
        said = coded[frame].astype("str").str.strip()
        coded[frame] = pd.Series([CODES.get(code, code) for code in said], dtype="object")
    try:
        check_coded(coded, frames)
    except ValueError as complaint:
        raise ValueError(f"{path}: {complaint}") from None
    return coded.astype(dict.fromkeys(frames, "int64"))
