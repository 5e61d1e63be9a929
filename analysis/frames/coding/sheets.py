"""Coding sheets: a workbook and a CSV file per coder, written so that no cell is run, and read back unchanged."""

import csv
import re
import warnings
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.corpus.files import csv_text, unguarded
from analysis.corpus.readers.decoding import GUESSED
from analysis.corpus.readers.delimited import header_name, read_delimited
from analysis.corpus.readers.sheets import workbook_sheets
from analysis.corpus.readers.source import Source

ID, TEXT, NOTE = "passage_id", "text", "note"
DESIGN, CODEBOOK = "design.csv", "codebook.md"
LONGEST_PROMPT = 255  # characters of the message beside a cell; Excel's limit
WRITTEN = datetime(2000, 1, 1)  # fixed, so that the same call gives the same bytes
# What a spreadsheet cannot hold or rewrites: control characters, and how lines end and words are spaced.
WHOLE = re.compile(r"^(\d+)\.0$")
LOST = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def plain(text: str) -> str:
    """What any sheet keeps of a text: two texts alike in this are the same passage, unedited."""
    return " ".join(LOST.sub("", unguarded(text)).split())


def plain_id(passage: str) -> str:
    """An id as any sheet keeps it: spreadsheets and pandas make 7.0 of 7."""
    return WHOLE.sub(r"\1", plain(passage))


def workbook(rows: pd.DataFrame, meanings: Mapping[str, str], codebook: str) -> bytes:
    """A workbook with the codebook on its first sheet and the passages to code on its second."""
    import xlsxwriter  # type: ignore[import-untyped]  # loaded here: only who writes sheets needs it

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    file = BytesIO()
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"created": WRITTEN})
        _write_codebook(book, codebook)
        _write_passages(book, rows, meanings)
    return file.getvalue()


def csv_sheet(rows: pd.DataFrame, frames: Sequence[str]) -> str:
    """The same passages as comma-separated text, every cell quoted; with the codes that `rows` have."""
    return _csv(rows.reindex(columns=[ID, TEXT, *frames, NOTE], fill_value=""))


def design_csv(sample: pd.DataFrame, frames: Sequence[str]) -> str:
    """How the passages were drawn: the sample's columns, and an empty column per frame that was asked for."""
    table = sample.drop(columns=["start", "end", "position"], errors="ignore")
    return _csv(table.assign(**dict.fromkeys(frames, "")))


def _csv(table: pd.DataFrame) -> str:
    """With the mark by which Excel knows UTF-8."""
    return "\ufeff" + csv_text(table.astype("str"), quoting=csv.QUOTE_ALL)


def sheet_rows(path: Path) -> pd.DataFrame:
    """The cells of a filled sheet as strings, rows numbered as there; warns of a guessed encoding."""
    source = Source(path, path.name)
    if path.suffix.lower() in (".csv", ".tsv"):
        read = read_delimited(source)
        table, encoding = read.table, read.encoding
        if encoding in GUESSED:
            remedy = "If letters look wrong, save it as UTF-8."
            warnings.warn(f"{path.name}: its encoding was guessed to be {encoding}. {remedy}", stacklevel=2)
    else:
        table = _workbook_rows(source)
    named = table.rename(columns=_named)
    rows = named[named.map(lambda cell: bool(str(cell).strip())).any(axis=1)]
    return rows.assign(**{ID: rows[ID].astype("str").map(plain_id)}) if ID in rows else rows


def _named(column: object) -> str:
    """A column as any sheet keeps its name; ours in lower case, as in "Text"."""
    name = plain(str(column))
    return name.casefold() if name.casefold() in (ID, TEXT, NOTE) else name


def _write_codebook(book: Any, codebook: str) -> None:
    sheet = book.add_worksheet("codebook")
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    heading = book.add_format({"text_wrap": True, "bold": True, "font_size": 13})
    sheet.set_column(0, 0, 110)
    sheet.hide_gridlines(2)
    for at, line in enumerate(codebook.splitlines()):
        shown = (line.lstrip("# "), heading) if line.startswith("#") else (line, wrapped)
        sheet.write_string(at, 0, *shown)


def _write_passages(book: Any, rows: pd.DataFrame, meanings: Mapping[str, str]) -> None:
    sheet, frames, last = book.add_worksheet("passages"), list(meanings), max(1, len(rows))
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    fixed = book.add_format({"text_wrap": True, "valign": "top"})
    grey = book.add_format({"font_color": "#5b6770", "valign": "top", "font_size": 8})
    free = book.add_format({"locked": False, "valign": "top", "align": "center"})
    remark = book.add_format({"locked": False, "valign": "top", "text_wrap": True})
    for at, width in enumerate([12, 90, *[12] * len(frames), 30]):
        sheet.set_column(at, at, width)
    sheet.freeze_panes(1, 2)
    sheet.protect(options={"format_cells": True, "format_columns": True, "format_rows": True})  # no password
    for at, name in enumerate([ID, TEXT, *frames, NOTE]):
        sheet.write_string(0, at, name, bold)
    for at, (passage_id, text) in enumerate(rows[[ID, TEXT]].itertuples(index=False), start=1):
        sheet.write_string(at, 0, passage_id, grey)
        sheet.write_string(at, 1, text, fixed)
        for column, shape in enumerate([*[free] * len(frames), remark], start=2):
            sheet.write_blank(at, column, None, shape)
    for column, (frame, meaning) in enumerate(meanings.items(), start=2):
        sheet.data_validation(1, column, last, column, _zero_or_one(frame, meaning))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _zero_or_one(frame: str, meaning: str) -> dict[str, Any]:
    prompt = f"1 = yes, 0 = no. {meaning}"
    cut = prompt if len(prompt) <= LONGEST_PROMPT else prompt[: LONGEST_PROMPT - 1] + "…"
    return {
        "validate": "integer", "criteria": "between", "minimum": 0, "maximum": 1,
        "input_title": frame[:32], "input_message": cut,
        "error_title": "0 or 1", "error_message": "Type 1 (yes) or 0 (no), or leave the cell empty.",
    }  # fmt: skip


def _workbook_rows(source: Source) -> pd.DataFrame:
    sheets = workbook_sheets(source)
    for rows in sheets.values():
        header = [*map(header_name, rows[0])] if rows else []
        if ID in map(_named, header):
            return pd.DataFrame(rows[1:], columns=header, index=range(2, len(rows) + 1), dtype="object")
    found, remedy = ", ".join(map(repr, sheets)), "Send the coder the workbook of an.sample_to_code again."
    raise ValueError(f"{source.name}: no sheet has a column {ID!r}. Found sheets: {found}. {remedy}")
