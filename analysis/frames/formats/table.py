"""Lexicons as tables: of text (``.tsv``, ``.csv``, ``.txt``), in workbooks and in JSON."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.corpus.readers.sheets import workbook_sheets
from analysis.corpus.readers.source import Source
from analysis.corpus.tables import found_names, refuse_unknown
from analysis.frames.formats.columns import (
    COLUMNS,
    FEW,
    MARKS,
    Rows,
    marks_only,
    named_as,
    refuse_others,
    roles_of,
)
from analysis.frames.formats.dictionary import Dictionary, Format, Loss, Term, as_number, broken, number

WORKBOOKS = (".xlsx", ".xls", ".ods")
CONTROLS = str.maketrans("\t", " ")  # JSON may be indented with tabs, YAML may not; in JSON no text holds one


def of_workbook(source: Source) -> tuple[str, list[Loss]]:
    """The first sheet with cells as a table divided by tabs; further ones are listed."""
    sheets = {name: rows for name, rows in workbook_sheets(source).items() if any(map(any, rows))}
    first, *others = sheets or {"": []}
    left = [Loss("", "", f"sheet {name!r}", f"only the first, {first!r}, is read") for name in others]
    return _written(sheets.get(first, [])), left


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
        return _written([list(rows), *rows.fillna("").to_numpy().tolist()]), True
    if isinstance(given, dict) and given and not any(isinstance(one, (list, dict)) for one in given.values()):
        return _written(given.items()), True
    return text.translate(CONTROLS), False


def _written(rows: Iterable[Iterable[Any]], delimiter: str = "\t") -> str:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return file.getvalue()


Columns = Mapping[str, str | int | Sequence[str | int]]

NOTES = {"entry": "entry", "note": "why", "source": "source"}  # column and field
ROLES = (*COLUMNS, "forms")  # what `columns` may name
SIGNS_OF = ("positive", "negative")  # frames of a list that has scores and no frames
TAG = re.compile(r"\|[A-Z]+$")  # SentiWS writes "Abbau|NN"
SENSES = re.compile(r"(\S+#\d+(\s+|$))+")  # SentiWordNet and the General Inquirer number them: "new#4 fresh#1"
SENSE = re.compile(r"#\d+(?:\s+|$)")
FIELD = re.compile(r"(\w+)=(\S+)")  # MPQA writes "len=1 word1=abandon priorpolarity=negative"
COMMENT = re.compile(r"#(\s+|$)")  # not "#metoo"
TITLES = 5  # rows, in one of which the names of the columns are looked for
COUNTED = {  # of a word list, noted once and not row by row
    "rows of weight 0": "left out: they mean that the word does not belong to the frame",
    "rows without a word": "left out",
    "rows without a frame": "left out",
    "part-of-speech tags": "words are found as any part of speech",
    "numbers of senses": "words are found in any sense",
}


@dataclass(frozen=True)
class Layout:
    """Which column has each role, which hold patterns, and which score or mark a frame each."""

    single: Mapping[str, int]
    patterns: Sequence[int]
    scored: Mapping[str, int] = field(default_factory=dict)
    named: bool = True  # whether a row that is not among the rows names the columns


def read(text: str, place: str) -> Dictionary:
    """The rows of a table with some of COLUMNS, or with these in their order; patterns are those of a lexicon.

    A table of a word and its categories, marked with X or 1 (LIWC-22's .dicx), is read, too.
    """
    rows = _rows(text, place)
    heads = [roles_of(cells) for _, cells in rows[:TITLES]]
    named = next((at for at, roles in enumerate(heads) if {"frame", "pattern"} <= {*roles}), -1)
    if named < 0 and (frames := _marked(rows)):
        return _dictionary(rows[1:], Layout({}, [0], frames), place)
    if named < 0:
        refuse_others(rows, place)
    roles = heads[named] if named >= 0 else [*COLUMNS, *[""] * len(heads[0])][: len(heads[0])]
    _check(rows[named + 1 :], roles, place)
    single = {role: roles.index(role) for role in COLUMNS if role in roles}
    patterns = [at for at, role in enumerate(roles) if role == "pattern"]
    found = _dictionary(rows[named + 1 :], Layout(single, patterns, named=named >= 0), place)
    used = {*single.values(), *patterns}
    unknown = [name for at, name in enumerate(roles) if name and at not in used]
    found.losses += [Loss("", "", f"column {name!r}", "a lexicon has no such field") for name in unknown]
    above = [line for line, _ in rows[: max(named, 0)]]
    found.losses += [Loss("", "", f"line {line}", "left out, above the names of the columns") for line in above]
    return found


def _check(rows: Rows, roles: Sequence[str], place: str) -> None:
    """Refuses rows that lack a frame or a pattern, or go beyond the columns."""
    for line, cells in rows:
        given = [role for role, cell in zip(roles, cells, strict=True) if cell]
        if "" in given:
            known = [role for role in roles if role]
            size = max(at for at, cell in enumerate(cells, 1) if cell)
            raise broken(place, line, f"{size} cells, more than the {len(known)} columns {', '.join(known)}.")
        if missing := [name for name in COLUMNS[:2] if name not in given]:
            raise broken(place, line, f"no {missing[0]} in {cells}. Write it, or leave the row out.")


def _marked(rows: Rows) -> dict[str, int]:
    """The frames that the first row names, if all columns beside that of the words only mark them."""
    columns = [*zip(*(cells for _, cells in rows), strict=True)]
    first, *others = roles_of(rows[0][1])
    some = any(MARKS.get(cell.lower(), 1.0) for column in columns[1:] for cell in column[1:])
    marks = some and first == "pattern" and not {*others} & {*COLUMNS} and all(map(marks_only, columns[1:]))
    return {column[0]: at for at, column in enumerate(columns) if at and column[0]} if marks else {}


def read_columns(text: str, place: str, columns: Columns) -> Dictionary:
    """The rows of a published word list, whose ``columns`` are named or numbered from 1."""
    rows = _rows(text, place)
    if "pattern" not in columns and not isinstance(frames := columns.get("frame", ""), str | int):
        return _listed(rows, place, frames)
    layout = _layout(rows[0][1], place, columns)
    return _dictionary(rows[layout.named :], layout, place)


def _dictionary(rows: Rows, layout: Layout, place: str) -> Dictionary:
    terms: list[Term] = []
    counts = Counter[str]()
    for line, cells in rows:
        words = [word for at in layout.patterns for word in _words(cells[at], counts)]
        if "forms" in layout.single:
            words += [form.strip() for form in cells[layout.single["forms"]].split(",") if form.strip()]
        counts["rows without a word"] += not words
        notes = {field: cells[layout.single[name]] for name, field in NOTES.items() if name in layout.single}
        for frame, weight in _frames(cells, layout, line, place):
            counts["rows without a frame"] += not frame
            counts["rows of weight 0"] += not weight
            terms += [Term(frame, word, line, weight, **notes) for word in words if frame and weight]
    losses = [Loss("", "", f"{counts[what]:,} {what}", why) for what, why in COUNTED.items() if counts[what]]
    times, first = Counter(term.frame for term in terms), terms[:1] if "frame" in layout.single else []
    if first and not layout.named and times[first[0].frame] == 1 < max(times.values()):
        losses.append(first[0].lost("first row", "read as an entry; delete it if it names the columns"))
    return Dictionary(place, frames=dict.fromkeys([*layout.scored, *times], ""), terms=terms, losses=losses)


def _words(cell: str, counts: Counter[str]) -> list[str]:
    """The words of a cell, without what says which sense of them is meant, or which part of speech."""
    if SENSES.fullmatch(cell):
        counts["numbers of senses"] += 1
        return [word for word in SENSE.split(cell) if word]
    word = TAG.sub("", cell)
    counts["part-of-speech tags"] += word != cell
    return [word] if word else []


def _frames(cells: Sequence[str], layout: Layout, line: int, place: str) -> Iterator[tuple[str, float]]:
    """The frames of a row, and how surely its words mean each."""
    for frame, at in layout.scored.items():
        mark = 1.0 if cells[at].lower() == frame.lower() else MARKS.get(cells[at].lower())
        if mark != 0.0:
            yield frame, mark or _weight(cells[at], line, place)
    if not layout.scored:
        weight = _weight(cells[layout.single["weight"]] if "weight" in layout.single else "", line, place)
        if "frame" in layout.single:
            yield cells[layout.single["frame"]], weight
        else:
            yield SIGNS_OF[weight < 0] if "weight" in layout.single else Path(place).stem, abs(weight)


def _listed(rows: Rows, place: str, columns: Sequence[str | int]) -> Dictionary:
    """The words of each frame in a column of its own, below its name."""
    head = rows[0][1]
    places = [_index(column, head, place) for column in columns]
    terms = [Term(head[at], cells[at], line) for line, cells in rows[1:] for at in places if cells[at]]
    return Dictionary(place, frames={head[at]: "" for at in places}, terms=terms)


def _layout(head: Sequence[str], place: str, columns: Columns) -> Layout:
    """Which column is what, and whether the first row holds names."""
    for role in columns:
        refuse_unknown("columns", role, "one of ours", ROLES)
    if "pattern" not in columns:
        raise ValueError('columns: name the one that holds the words, as in {"pattern": "word"}.')
    several = {role: [given] if isinstance(given, str | int) else [*given] for role, given in columns.items()}
    places = {role: [_index(at, head, place) for at in given] for role, given in several.items()}
    scored = [] if isinstance(columns.get("frame", ""), str | int) else places.pop("frame")
    if "weight" in columns and scored:
        raise ValueError('columns: "frame" lists columns with scores, so "weight" has no use. Leave one out.')
    names = [at for given in several.values() for at in given if isinstance(at, str) and not at.isdecimal()]
    scores = [head[at] for at in scored or places.get("weight", [])]
    named = bool(names) or any(as_number(cell) is None and cell.lower() not in MARKS for cell in scores)
    frames = {head[at] if named else str(at + 1): at for at in scored}
    return Layout({role: at[0] for role, at in places.items()}, places["pattern"], frames, named)


def _index(column: str | int, head: Sequence[str], place: str) -> int:
    """The position of a column that is named, or numbered from 1 (as text on the command line)."""
    if isinstance(column, str) and column not in head and column.isdecimal():
        column = int(column)
    if isinstance(column, int):
        if not 1 <= column <= len(head):
            what = f"column {column} does not exist: the first row has {len(head)}, counted from 1."
            raise broken(place, 1, what)
        return column - 1
    if column not in head:
        known = found_names(column, head, "Without names in the first row, number them from 1.")
        raise broken(place, 1, f"column {column!r} is missing. {known}")
    return head.index(column)


def _rows(text: str, place: str) -> Rows:
    """Cells without blanks around them, divided by the sign that most lines have; or MPQA's fields."""
    lines = [(at, line) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
    fields = [dict(FIELD.findall(line)) for _, line in lines]
    if fields and len(names := [*fields[0]]) >= FEW:
        given = [[one.get(name, "") for name in names] for one in fields]
        return [(1, names), *((at, cells) for (at, _), cells in zip(lines, given, strict=True))]
    bare = [re.sub(r'"[^"]*"', "", line) for _, line in lines if "\t" in line or not COMMENT.match(line)]
    parting = max("\t;,", key=lambda sign: sum(sign in line for line in bare))
    if bare and all("|" in line for line in bare) and not {*"\t;,(@"} & {*"".join(bare)}:
        parting = "|"
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=parting, strict=True)
    rows, begin = [], 1
    try:
        for cells in (list(map(str.strip, cells)) for cells in reader):
            comment = COMMENT.match(cells[0]) if cells else None
            if any(cells) and not (comment and (parting != "\t" or sum(map(bool, cells)) == 1)):
                rows.append((begin, [COMMENT.sub("", cells[0], 1), *cells[1:]]))
            begin = reader.line_num + 1
    except csv.Error as error:
        what = f"a quotation mark does not close as it should ({error}). Close or double it."
        raise broken(place, begin, what) from None
    if not rows:
        raise broken(place, 1, "the table is empty. Write a row for each pattern.")
    width = max(len(cells) for _, cells in rows)
    return [(line, cells + [""] * (width - len(cells))) for line, cells in rows]


def _weight(written: str, line: int, place: str) -> float:
    weight = as_number(written or "1")
    if weight is None:
        what = f"weight {written!r} is not a number. Write one with a decimal point, or leave it out. If another "
        raise broken(place, line, f"{what}column holds it, {named_as(pattern='…', frame='…', weight='…')}.")
    return weight


def write(dictionary: Dictionary) -> str:
    """The table, with only those of the columns that hold something."""
    terms = dictionary.terms
    cells = [[term.frame, term.pattern, number(term.weight), term.entry, term.why, term.source] for term in terms]
    table = pd.DataFrame(cells, columns=COLUMNS, dtype="str")
    usual = {"weight": "1", "entry": "", "note": "", "source": ""}
    used = [name for name in COLUMNS if name not in usual or (table[name] != usual[name]).any()]
    return table[used].to_csv(sep="\t", index=False, lineterminator="\n")


def by_commas(text: str) -> str:
    """The same table with commas between its cells, as a spreadsheet expects of .csv."""
    return _written(csv.reader(io.StringIO(text, newline=""), delimiter="\t"), ",")


TABLE = Format(
    "tsv", "a table (.tsv)", (".tsv", ".tab", ".csv", ".txt"), read, write,
    holds=frozenset({"entry.name", "entry.weight", "entry.why", "entry.source", "patterns"}),
)  # fmt: skip
