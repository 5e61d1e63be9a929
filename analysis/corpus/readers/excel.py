"""Workbooks: xlsx, xlsb, xls and ods."""

from typing import Any

import pandas as pd

from .archive import packed, refuse_office
from .source import Rows, Source, Unparsed, excerpt


def read_excel(source: Source) -> Rows:
    """The rows of the first sheet, and of every other with the same header, labelled by sheet and row.

    A sheet with another header is an unparsed item: a legend, or a table of something else.
    """
    sheets = {name: rows for name, rows in _sheets(source).items() if rows}
    if not sheets:
        raise ValueError(f"{source}: the workbook is empty. It needs a header and a row an article.")
    header = _header(source, *next(iter(sheets.items())))
    table: dict[str, list[str]] = {}
    others: list[Unparsed] = []
    for name, rows in sheets.items():
        if [_cell(cell) for cell in rows[0]][: len(header)] == header:
            filled = [(at, row) for at, row in enumerate(rows[1:], start=2) if any(cell != "" for cell in row)]
            table |= {f"{name} row {at}": [_cell(cell) for cell in row][: len(header)] for at, row in filled}
        else:
            line = " ".join(_cell(cell) for row in rows[:3] for cell in row)
            others.append(Unparsed(f"sheet {name}", "another header than the first sheet's", excerpt(line)))
    return Rows(
        pd.DataFrame(list(table.values()), index=list(table), columns=header, dtype="object"),
        "as Excel keeps it",
        tuple(others),
    )


def _sheets(source: Source) -> dict[str, list[list[Any]]]:
    from python_calamine import CalamineError, load_workbook  # a compiled library that most readers never need

    if packed(source) == "excel":
        refuse_office(source)
    try:
        book = load_workbook(str(source.path))
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    except (CalamineError, OSError, ValueError) as error:
        raise ValueError(f"{source}: it is no whole Excel file: {error}. Save it again as .xlsx.") from None


def _header(source: Source, sheet: str, rows: list[list[Any]]) -> list[str]:
    names = [_cell(cell).strip() or f"column {number}" for number, cell in enumerate(rows[0], start=1)]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"{source}: row 1 of sheet {sheet!r} names {twice} more than once. Rename all but one.")
    return names


def _cell(value: Any) -> str:
    """As a person reads it in the sheet: 7, not 7.0; a day and time in ISO form.

    >>> _cell(7.0), _cell("7.0"), _cell(None)
    ('7', '7.0', '')
    """
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
