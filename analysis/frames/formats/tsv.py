"""Lexicons as plain tables (``.tsv``): a row a pattern, with its frame and what else is known of it."""

import csv
import io
import math
from pathlib import Path

from analysis.frames.formats.terms import Dictionary, Format, Loss, Term, broken, number

COLUMNS = ["frame", "pattern", "weight", "entry", "note", "source"]


def read(text: str, place: str) -> Dictionary:
    """The rows of a table with the columns ``frame, pattern`` and perhaps ``weight, entry, note, source``.

    Without a line of names the columns are taken in this order. Patterns are those of a lexicon.
    """
    rows = _rows(text, place)
    if not rows:
        raise broken(place, 1, f"an empty table. Write the columns {', '.join(COLUMNS[:2])} and a row a pattern.")
    head = [cell.strip().lower() for cell in rows[0][1]]
    columns = head if {"frame", "pattern"} <= set(head) else COLUMNS
    losses = tuple(
        Loss("", "", f"column {name!r}", "a lexicon has no such field") for name in columns if name not in COLUMNS
    )
    terms = [_term(columns, cells, at, place) for at, cells in rows[columns is head :]]
    return Dictionary(Path(place).stem, dict.fromkeys((term.frame for term in terms), ""), tuple(terms), losses)


def _rows(text: str, place: str) -> list[tuple[int, list[str]]]:
    """The rows that are not blank, with the line in which each begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True)
    rows, begin = [], 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((begin, cells))
            begin = reader.line_num + 1
    except csv.Error as error:
        raise broken(
            place, begin, f"a quotation mark does not close as it should ({error}). Close or double it."
        ) from None
    return rows


def _term(columns: list[str], cells: list[str], at: int, place: str) -> Term:
    if len([cell for cell in cells[len(columns) :] if cell]):
        raise broken(place, at, f"{len(cells)} cells, more than the {len(columns)} columns {', '.join(columns)}.")
    cell = dict(zip(columns, map(str.strip, cells), strict=False))
    if missing := [name for name in COLUMNS[:2] if not cell.get(name)]:
        raise broken(place, at, f"no {missing[0]} in {cells}. Divide the cells by tabs: frame, then pattern.")
    weight = _weight(cell.get("weight", ""), at, place)
    entry, why, source = (cell.get(name, "") for name in COLUMNS[3:])
    return Term(cell["frame"], cell["pattern"], at, weight, entry, why, source)


def _weight(written: str, at: int, place: str) -> float:
    try:
        weight = float(written or 1)
    except ValueError:
        weight = math.nan
    if not math.isfinite(weight):
        raise broken(
            place, at, f"weight {written!r} is no number. Write one with a decimal point, or leave it out."
        )
    return weight


def write(dictionary: Dictionary) -> str:
    """The table, with only those of the columns that hold something."""
    rows = [
        dict(
            zip(
                COLUMNS,
                [term.frame, term.pattern, number(term.weight), term.entry, term.why, term.source],
                strict=True,
            )
        )
        for term in dictionary.terms
    ]
    plain = {"weight": "1", "entry": "", "note": "", "source": ""}
    used = [name for name in COLUMNS if name not in plain or any(row[name] != plain[name] for row in rows)]
    out = io.StringIO(newline="")
    table = csv.writer(out, delimiter="\t", lineterminator="\n")
    table.writerow(used)
    table.writerows([row[name] for name in used] for row in rows)
    return out.getvalue()


TSV = Format(
    "tsv", "a table (.tsv)", (".tsv", ".tab"), read, write,
    holds=frozenset({"entry.name", "entry.weight", "entry.why", "entry.source", "patterns"}),
)  # fmt: skip
