"""Lexicons as tables: of text (``.tsv``, ``.csv``, ``.txt``), in workbooks and in JSON."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from shlex import quote
from typing import Any

import pandas as pd

from analysis.corpus.files import shipped
from analysis.corpus.readers.sheets import workbook_sheets
from analysis.corpus.readers.source import Source
from analysis.corpus.tables import found_names, key, refuse_unknown
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
Rows = list[tuple[int, list[str]]]  # cells without blanks around them, with the line in which each row begins

COLUMNS = ["frame", "pattern", "weight", "entry", "note", "source"]
NOTES = {"entry": "entry", "note": "why", "source": "source"}  # column and field
ROLES = (*COLUMNS, "forms")  # what `columns` may name
SIGNS_OF = ("positive", "negative")  # frames of a list that has scores and no frames
TAG = re.compile(r"\|[A-Z]+$")  # SentiWS writes "Abbau|NN"
FEW = 3  # rows: fewer may well be a frame each
# whether a word is in the category above a cell
MARKS = dict.fromkeys(("x", "1", "yes", "true"), True) | dict.fromkeys(("0", "no", "false", ""), False)
COUNTED = {  # of a word list, noted once and not row by row
    "rows of weight 0": "left out: they mean that the word does not belong to the frame",
    "rows without a word": "left out",
    "part-of-speech tags": "words are found as any part of speech",
}


def read(text: str, place: str) -> Dictionary:
    """The rows of a table with some of COLUMNS, or with these in their order; patterns are those of a lexicon.

    A table of a word and its categories, marked with X or 1 (LIWC-22's .dicx), is read, too.
    """
    rows = _rows(text, place)
    if _is_marked(rows):
        return _marked(rows, place)
    columns = head = _head(rows[0][1])
    if not (named := {"frame", "pattern"} <= set(head)):
        columns = COLUMNS
        _refuse_scores(rows, place)
        _refuse_half(head, rows, place)
        _refuse_names(rows, place)
    terms = []
    for line, cells in rows[named:]:
        if any(cells[len(columns) :]):
            what = f"{len(cells)} cells, more than the {len(columns)} columns {', '.join(columns)}."
            raise broken(place, line, what)
        cell = dict(zip(columns, cells, strict=False))
        if missing := [name for name in COLUMNS[:2] if not cell.get(name)]:
            hint = "Write it, or leave the row out."
            if len(cells) == 1:
                signs = "commas" if place.lower().endswith(".csv") else "tabs"
                hint = f"Divide the cells by {signs}: frame, then pattern. Of words alone, {named_as(pattern=1)}."
            raise broken(place, line, f"no {missing[0]} in {cells}. {hint}")
        weight = _weight(cell.get("weight", ""), line, place)
        terms.append(Term(cell["frame"], cell["pattern"], line, weight, **_notes(cell)))
    unknown = [name for name in columns if name not in COLUMNS]
    losses = [Loss("", "", f"column {name!r}", "a lexicon has no such field") for name in unknown]
    return Dictionary(place, terms=terms, losses=losses)


@cache
def _called() -> dict[str, str]:
    """Our columns by what first rows call them, the likeliest names first."""
    called = shipped("analysis.frames.formats", "fields.yaml")["called"]
    return {key(name): ours for ours, names in called.items() for name in names.split()}


def _head(cells: Sequence[str]) -> list[str]:
    """The names in a first row: ours, what means them, and others as they are."""
    head, called = [cell.lower() for cell in cells], _called()
    likely = [*called]
    for ours in dict.fromkeys(called.values()):
        meant = [name for name in head if called.get(key(name)) == ours and name not in COLUMNS]
        if ours not in head and meant:
            head[head.index(min(meant, key=lambda name: likely.index(key(name))))] = ours
    return head


def _is_marked(rows: Rows) -> bool:
    """Whether a word is beside marks for its categories, which the first row names."""
    head, *others = (cells for _, cells in rows)
    columns = [_called().get(key(name), name) for name in head]
    marks = {cell.lower() for cells in others for cell in cells[1:]}
    named = columns[0] == "pattern" and not {*columns[1:]} & {*COLUMNS}
    return named and marks <= {*MARKS} and any(MARKS[mark] for mark in marks)


def _marked(rows: Rows, place: str) -> Dictionary:
    frames = rows[0][1][1:]
    terms = [
        Term(frame, cells[0], line)
        for line, cells in rows[1:]
        for frame, mark in zip(frames, cells[1:], strict=False)
        if MARKS[mark.lower()]
    ]
    return Dictionary(place, frames=dict.fromkeys(frames, ""), terms=terms)


def _refuse_half(head: Sequence[str], rows: Rows, place: str) -> None:
    """A first row that names the words alone, or the frames, is not a pattern with its frame."""
    if known := [name for name in ("pattern", "frame") if name in head]:
        other = {"pattern": "frame", "frame": "pattern"}[known[0]]
        line, cells = rows[0]
        ours = cells[head.index(known[0])]
        what = f"{ours!r} in the first row names the {known[0]}s, and no column the {other}s"
        hint = named_as(**{known[0]: ours, other: "…"})
        raise broken(place, line, f"{what}. Found: {', '.join(cells)}. Of one that does, {hint}.")


def _refuse_names(rows: Rows, place: str) -> None:
    """A first column of patterns, or of more names than the second has patterns, does not hold frames."""
    first, second = ([cells[at] for _, cells in rows if any(cells[1:])] for at in (0, 1))
    patterns = [cell for cell in first if "*" in cell]
    once = len(set(first)) == len(first)
    if patterns or (len(first) >= FEW and (once or len(set(first)) > len(set(second)))):
        found = f"{patterns[0]!r}, a pattern" if patterns else f"{', '.join(first[:FEW])}, each only once"
        found = found if patterns or once else f"{len(set(first))} names for {len(set(second))} patterns"
        words, lists = named_as(pattern=1, frame=2), named_as(frame=[*filter(None, rows[0][1])])
        what = f"the first column is taken for frames, and has {found}. If they are words with their frames, "
        what += f"{words} (or by their names, if it has). If each column lists the words of a frame, {lists}."
        raise broken(place, rows[0][0], what)


def named_as(**columns: str | int | list[str]) -> str:
    """How to say which column is what, in Python and on the command line."""
    shell = [f"{name}={','.join(at) if isinstance(at, list) else at}" for name, at in columns.items()]
    words = " ".join(f"--column {quote(one)}" for one in shell)
    python = json.dumps(columns, ensure_ascii=False)
    return f"give columns={python}, or in a shell: framing lexicon convert IN OUT.yaml {words}"


def _notes(cell: Mapping[str, str]) -> dict[str, str]:
    return {field: cell.get(name, "") for name, field in NOTES.items()}


def _refuse_scores(rows: Rows, place: str) -> None:
    """Words with scores, or with categories and scores, are not frames with patterns."""
    first, second, third = ([cells[at] if at < len(cells) else "" for _, cells in rows] for at in range(3))
    given = list(filter(None, second))
    if given and all(as_number(cell) is not None for cell in given[len(given) > 2 :]):  # the first may be a name
        if as_number(given[0]) is None and any(as_number(cell) is not None for cell in third[1:]):
            what = "the columns hold numbers, so the rows are words and scores, not frames and patterns"
            pairs = zip(*(cells for _, cells in rows[:2]), strict=False)
            frames = [name for name, cell in pairs if as_number(cell) is not None]
            hint = named_as(pattern=first[0], frame=frames)
            raise broken(place, rows[0][0], f"{what}. Of those with a score for each frame, {hint}.")
        raise broken(place, rows[0][0], _scores("second column holds numbers only", "words and scores", "weight"))
    scored = all(as_number(cell) is not None for cell in third)
    if scored and ("0" in third or len(set(first)) > len(set(second))):
        what = "words, their categories and scores"
        raise broken(place, rows[0][0], _scores("third column holds scores", what, "frame", "weight"))


def _scores(why: str, what: str, *further: str) -> str:
    hint = named_as(**{name: at for at, name in enumerate(("pattern", *further), 1)})
    return f"the {why}, so the rows are {what}, not frames and patterns. To name the columns, {hint}."


def read_columns(text: str, place: str, columns: Columns) -> Dictionary:
    """The rows of a published word list, whose ``columns`` are named or numbered from 1."""
    rows = _rows(text, place)
    if "pattern" not in columns and not isinstance(frames := columns.get("frame", ""), str | int):
        return _listed(rows, place, frames)
    single, scored, named = _layout(rows[0][1], place, columns)
    terms: list[Term] = []
    counts = Counter[str]()
    for line, cells in rows[named:]:
        cell = {role: cells[at] for role, at in single.items() if at < len(cells)}
        word = TAG.sub("", cell.get("pattern", ""))
        counts["part-of-speech tags"] += word != cell.get("pattern", "")
        counts["rows without a word"] += not word
        written = {frame: cells[at] for frame, at in scored.items() if at < len(cells)}
        for frame, score in (written or {cell.get("frame", ""): cell.get("weight", "")}).items():
            weight = _weight(score, line, place)
            counts["rows of weight 0"] += not weight
            forms = [word, *(form.strip() for form in cell.get("forms", "").split(","))]
            other = SIGNS_OF[weight < 0] if "weight" in single else Path(place).stem
            sign, weight = (frame, weight) if frame else (other, abs(weight))
            terms += [Term(sign, form, line, weight, **_notes(cell)) for form in forms if form and weight]
    losses = [Loss("", "", f"{counts[what]:,} {what}", why) for what, why in COUNTED.items() if counts[what]]
    return Dictionary(place, terms=terms, losses=losses)


def _listed(rows: Rows, place: str, columns: Sequence[str | int]) -> Dictionary:
    """The words of each frame in a column of its own, below its name."""
    (_, head), *others = rows
    places = [_index(column, head, place) for column in columns]
    terms = [Term(head[at], cells[at], line) for line, cells in others for at in places if any(cells[at : at + 1])]
    return Dictionary(place, frames={head[at]: "" for at in places}, terms=terms)


def _layout(head: Sequence[str], place: str, columns: Columns) -> tuple[dict[str, int], dict[str, int], bool]:
    """Where each role is, where each frame with scores of its own is, and whether the first row holds names."""
    for role in columns:
        refuse_unknown("columns", role, "one of ours", ROLES)
    if "pattern" not in columns:
        raise ValueError('columns: name the one that holds the words, as in {"pattern": "word"}.')
    single = {role: _index(at, head, place) for role, at in columns.items() if isinstance(at, str | int)}
    if "weight" in columns and not isinstance(columns.get("frame", ""), str | int):
        raise ValueError('columns: "frame" lists columns with scores, so "weight" has no use. Leave one out.')
    several = [at for given in columns.values() if not isinstance(given, str | int) for at in given]
    places = [_index(at, head, place) for at in several]
    by_name = any(isinstance(at, str) and not at.isdecimal() for at in [*columns.values(), *several])
    scores = places or [at for role, at in single.items() if role == "weight"]
    named = by_name or any(as_number(head[at]) is None for at in scores)
    return single, {head[at] if named else str(at + 1): at for at in places}, named


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
    """Cells, divided by tabs where the first line has one, by semicolons where all have, else by commas."""
    lines = [line for line in text.splitlines() if line.strip()]
    parting = "\t" if "\t" in "".join(lines[:1]) else ";" if lines and all(";" in line for line in lines) else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=parting, strict=True)
    rows, begin = [], 1
    try:
        for cells in reader:
            if any(stripped := [cell.strip() for cell in cells]):
                rows.append((begin, stripped))
            begin = reader.line_num + 1
    except csv.Error as error:
        what = f"a quotation mark does not close as it should ({error}). Close or double it."
        raise broken(place, begin, what) from None
    if not rows:
        raise broken(place, 1, "the table is empty. Write a row for each pattern.")
    return rows


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
