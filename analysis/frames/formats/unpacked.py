"""Dictionaries in JSON and in workbooks, as the text that the readers of trees and tables know."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

import pandas as pd

from analysis.corpus.readers.sheets import workbook_sheets
from analysis.corpus.readers.source import Source
from analysis.frames.formats.dictionary import Loss, broken

WORKBOOKS = (".xlsx", ".xls", ".ods")
CONTROLS = str.maketrans("\t", " ")  # JSON may be indented with tabs, YAML may not; in JSON no text holds one


def of_workbook(source: Source) -> tuple[str, list[Loss]]:
    """The first sheet with cells as a table divided by tabs; further ones are listed."""
    sheets = {name: rows for name, rows in workbook_sheets(source).items() if any(map(any, rows))}
    first, *others = sheets or {"": []}
    left = [Loss("", "", f"sheet {name!r}", f"only the first, {first!r}, is read") for name in others]
    return _table(sheets.get(first, [])), left


def of_json(text: str, place: str) -> tuple[str, bool]:
    """A text that the reader of trees knows; or a table, of records and of words with a value each."""
    try:
        given = json.loads(text)
    except ValueError as error:
        raise broken(place, getattr(error, "lineno", 1), f"not valid JSON: {error}.") from None
    if isinstance(given, list) and given and all(isinstance(one, dict) for one in given):
        rows = pd.DataFrame(given, dtype="object").rename(columns=str)
        for name in map(str, rows):
            rows = rows.explode(name)
        return _table([list(rows), *rows.fillna("").to_numpy().tolist()]), True
    if isinstance(given, dict) and given and not any(isinstance(one, (list, dict)) for one in given.values()):
        return _table(given.items()), True
    return text.translate(CONTROLS), False


def _table(rows: Iterable[Iterable[Any]]) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter="\t", lineterminator="\n").writerows(rows)
    return file.getvalue()
