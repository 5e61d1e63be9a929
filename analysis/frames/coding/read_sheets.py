"""Filled coding sheets, brought back and checked."""

from collections.abc import Iterable, Iterator
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.corpus.files import rearmed, shipped
from analysis.corpus.tables import check_columns, missing_column, refuse_duplicates
from analysis.frames.coding.codes import MARKS, NOT_CODED, NUMBER, ONLY_YES, code_of, is_classes
from analysis.frames.coding.sample import DESIGN, ID, NOTE, TEXT, plain, plain_id, sheet_rows

ENDINGS = (".xlsx", ".csv", ".tsv", ".ods", ".xls")
FEW = 3  # cells: in more, some code should be right
SHOWN = 10  # mistakes listed at once: a page of corrections
NUMBERS = ("probability", "weight")
Sheets = dict[Path, pd.DataFrame]
Paths = str | PathLike[str] | Iterable[str | PathLike[str]]


def read_codes(paths: Paths, sample: pd.DataFrame | None = None, *, weights: bool = True) -> pd.DataFrame:
    """Code of each coder for each passage and label, from the sheets of ``sample_to_code``.

    Parameters
    ----------
    paths : path or sequence of paths
        The folder of the sheets, or the sheets, each named for its coder. Of a coder's workbook and CSV file the
        one that was filled in counts. Columns after ``note`` are ignored. Sheets may hold different passages.
    sample : DataFrame, optional
        What ``sample_to_code`` returned, by default as ``design.csv`` beside the sheets holds it.
    weights : bool
        False for sheets of passages that were not drawn by ``sample_to_code``.

    Returns
    -------
    DataFrame
        A row per passage, coder and label: ``passage_id, coder, label, code`` (1, 0 or missing; a word where no
        label was asked for and all cells of a column hold words), ``note``, then ``text`` and the columns of the
        sample (outlet, story, stratum, weight); passages in the order of the sample, then coders by
        name, then labels in order.

    Raises
    ------
    ValueError
        How the passages were drawn is not known; a sheet lacks a column, or holds a passage twice or an unknown
        one; no sheet has a passage; a code is not valid; or a text was edited. Up to ten such places are listed.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "ann.csv")
    >>> _ = path.write_text("passage_id,text,war,note\\na:0,Troops shelled a town.,1,\\n")
    >>> read_codes(path, weights=False)[["passage_id", "coder", "label", "code"]]
      passage_id coder label code
    0        a:0   ann   war    1
    """
    files = sheet_files(paths)
    drawn = design(files)
    sample = drawn if sample is None and weights else sample
    if sample is None and weights:
        raise ValueError(
            f"{files[0].parent}: {DESIGN} is missing, so the weights of the passages are not known. Without "
            "them recall is far too high. Put the file back, pass sample= as an.sample_to_code returned it, "
            "or write weights=False if the passages were not drawn by it."
        )
    sheets = _filled(files)
    asked = next((names for table in (drawn, sample) if (names := _asked_for(table))), [])
    labels = asked or list(dict.fromkeys(name for rows in sheets.values() for name in _asked(rows)))
    texts = _texts(sheets, sample)
    classes = _classes(sheets, [label for label in labels if label == "class" or not asked])
    problems = [one for path, rows in sheets.items() for one in _problems(path.name, rows, labels, texts, classes)]
    problems += _renamed(sheets) if sample is None and not problems else []
    found = {passage for rows in sheets.values() for passage in rows.get(ID, ())}
    if not problems and (absent := [passage for passage in texts.index if plain_id(passage) not in found]):
        others = f" and {len(absent) - 1} more" if len(absent) > 1 else ""
        where, remedy = ", ".join(path.name for path in sheets), "Put the row back; its codes may be left empty."
        problems = [f"{where}: passage {absent[0]!r}{others} missing. {remedy}"]
    if problems:
        more = [f"and {len(problems) - SHOWN} more."] if len(problems) > SHOWN else []
        raise ValueError("\n".join([*problems[:SHOWN], *more]))
    long = _long(sheets, labels, texts.index, classes)
    known = texts.rename(TEXT).reset_index() if sample is None else sample.astype({ID: "str"})
    return long.merge(known.drop(columns=labels, errors="ignore"), on=ID, how="left", validate="many_to_one")


def sheet_files(paths: Paths) -> list[Path]:
    given = [Path(paths)] if isinstance(paths, (str, PathLike)) else [Path(path) for path in paths]
    files: list[Path] = []
    hidden = (".", "~$", DESIGN)  # Excel marks open files by "~$"
    for path in given:
        if not path.exists():
            raise FileNotFoundError(f"{path} does not exist. Give the folder of the sheets, or the sheets.")
        if path.is_file() and path.suffix.lower() not in ENDINGS:
            raise ValueError(f"{path.name} is not a sheet, which ends in {', '.join(ENDINGS)}. Save it as one.")
        inside = sorted(path.iterdir()) if path.is_dir() else []
        sheets = (one for one in inside if one.suffix.lower() in ENDINGS and not one.name.startswith(hidden))
        files += sheets if path.is_dir() else [path]
    if not files:
        where = ", ".join(map(str, given)) or "an empty list"
        raise FileNotFoundError(f"No sheet in {where}. A sheet ends in {', '.join(ENDINGS)}.")
    return files


def design(files: list[Path]) -> pd.DataFrame | None:
    """The sample as ``sample_to_code`` wrote it in a folder or beside the sheets, if it is there."""
    folders = (path if path.is_dir() else path.parent for path in files)
    folder = next((folder for folder in folders if (folder / DESIGN).is_file()), None)
    if folder is None:
        return None
    rows = rearmed(sheet_rows(folder / DESIGN).astype("str")).reset_index(drop=True)
    check_columns(rows, [ID, TEXT, *NUMBERS], where=str(folder / DESIGN), hint="Write the sample again.")
    return rows.astype(dict.fromkeys(NUMBERS, "float64"))


def _filled(files: list[Path]) -> Sheets:
    """Of each coder the sheet that was filled in, or the workbook where none was."""
    chosen: dict[str, tuple[Path, pd.DataFrame, bool]] = {}
    for path in sorted(files, key=lambda file: (file.stem, ENDINGS.index(file.suffix.lower()))):
        rows = sheet_rows(path)
        filled = bool(rows[_asked(rows)].map(lambda cell: bool(cell.strip())).any(axis=None))
        before = chosen.get(path.stem)
        if before and before[2] and filled:
            what = f"{before[0].name} and {path.name} both hold codes, and are sheets of one coder"
            raise ValueError(f"{what}. Keep one of them.")
        if before is None or filled:
            chosen[path.stem] = (path, rows, filled)
    return {path: rows for path, rows, _ in chosen.values()}


def _asked(rows: pd.DataFrame) -> list[str]:
    """The columns between ``text`` and ``note``: the labels, if this is a sheet."""
    names = list(map(str, rows))
    asked = names[names.index(TEXT) + 1 :] if TEXT in names else []
    asked = asked[: asked.index(NOTE)] if NOTE in asked else asked
    others = shipped("analysis.frames.coding", "sheets.yaml")["not labels"]
    return [name for name in asked if name.casefold() not in others]


def _asked_for(design: pd.DataFrame | None) -> list[str]:
    """The labels for which passages were drawn: empty columns after the weight; of each, yes or no is asked."""
    names = [] if design is None else list(map(str, design))
    after = names[names.index("weight") + 1 :] if "weight" in names else []
    return [name for name in after if design is not None and design[name].eq("").all()]


def _texts(sheets: Sheets, sample: pd.DataFrame | None) -> "pd.Series[str]":
    """Each passage as it was given out, or as the first sheet that has it shows it."""
    if sample is None:
        given = [rows[[ID, TEXT]] for rows in sheets.values() if {ID, TEXT} <= set(rows)]
        rows = pd.concat([pd.DataFrame(columns=[ID, TEXT]), *given]).astype("str")
        return rows.drop_duplicates(ID).set_index(ID)[TEXT]
    check_columns(sample, [ID, TEXT], where="sample", hint="Give the table of an.sample_to_code.")
    texts = sample.astype({ID: "str"}).set_index(ID)[TEXT]
    refuse_duplicates("sample: passage", texts.index, "Read sheets of several samples one by one.")
    return texts


def _renamed(sheets: Sheets) -> Iterator[str]:
    """Texts with two ids in sheets of the same passages: without a sample nothing else shows a changed id."""
    first: dict[str, tuple[str, Path]] = {}
    texts = {path: {*map(plain, rows[TEXT])} for path, rows in sheets.items()}
    for path, rows in sheets.items():
        for row, passage, text in zip(rows.index, rows[ID], rows[TEXT], strict=True):
            other, where = first.setdefault(plain(text), (passage, path))
            same = texts[path] <= texts[where] or texts[where] <= texts[path]
            if same and other != passage and other not in [*rows[ID]] and passage not in [*sheets[where][ID]]:
                what = f"{passage!r} has the text of {other!r} in {where.name}"
                yield f"{path.name}, row {row}, column {ID}: {what}. Write one id (a spreadsheet may change it)."


def _classes(sheets: Sheets, labels: list[str]) -> set[str]:
    """The labels of which coders chose one of several classes; a single word is a slip."""
    cells = {label: [cell for rows in sheets.values() for cell in rows.get(label, ())] for label in labels}
    words = {label: [word for word in map(plain, given) if word.casefold() not in NOT_CODED]
             for label, given in cells.items()}  # fmt: skip
    several = {label for label, given in words.items() if label == "class" or len(set(given)) < len(given)}
    return {label for label in several if is_classes(pd.DataFrame({label: cells[label]}), label)}


def _problems(
    name: str, rows: pd.DataFrame, labels: list[str], texts: "pd.Series[str]", classes: set[str]
) -> Iterator[str]:
    if missing := [column for column in (ID, TEXT, *labels) if column not in rows]:
        hint = "Give its header back, or name the sheets one by one if this file is not a sheet."
        yield str(missing_column(rows, missing[0], where=name, hint=hint))
        return
    if {"coder", "code"} <= set(rows):
        hint = "Pass an.read_table(path) to an.validate or an.coder_agreement."
        yield f"{name}: a row for each code is not a sheet. {hint}"
        return
    place = {plain_id(passage): passage for passage in texts.index}
    first: dict[str, int] = {}
    for row, passage, text in zip(rows.index, rows[ID], rows[TEXT], strict=True):
        here = f"{name}, row {row}"
        if passage in first:
            yield f"{here}: passage {passage!r} is also in row {first[passage]}. Delete one of them."
        elif passage not in place:
            why = "a spreadsheet may have changed it: in CSV, 1:0 becomes a time of day"
            what = f"{passage!r} is not a passage of the sample"
            yield f"{here}, column {ID}: {what}. Write its id again as it was ({why})."
        elif plain(text) != plain(given := texts[place[passage]]):
            what = f"the text of {passage!r} was edited, and begins {text[:40]!r}"
            yield f"{here}, column {TEXT}: {what}. Put it back: {given[:40]!r}…"
        first.setdefault(passage, row)
    for label in (label for label in labels if label not in classes):
        yield from _wrong_codes(f"{name}, column {label}", name, rows[label])


def _wrong_codes(column: str, name: str, cells: "pd.Series[str]") -> Iterator[str]:
    given = {row: cell for row, cell in cells.items() if plain(cell).casefold() not in NOT_CODED}
    codes = {row: code_of(plain(cell)) for row, cell in given.items()}
    numbers = all(NUMBER.fullmatch(plain(cell)) for cell in given.values())  # a length, a page, a scale
    if len(codes) > FEW and numbers and np.isnan([*codes.values()]).all():
        hint = "Move a column that is not a label before 'text' or after 'note'; in a label write 1, 0 or nothing."
        yield f"{column}: no cell holds a code. First: {next(iter(given.values()))!r}. {hint}"
        return
    wrong: dict[str, list[object]] = {}
    for row in (row for row, code in codes.items() if np.isnan(code)):
        wrong.setdefault(given[row], []).append(row)
    for cell, (row, *rest) in wrong.items():
        where = f"row {row}{f' and {len(rest)} more' if rest else ''}"
        yield f"{name}, {where}, column {cells.name}: {cell!r} is not a valid code. Write 1, 0 or nothing."
    if MARKS & {plain(cell).casefold() for cell in given.values()} and 0.0 not in codes.values():
        remedy = "Write 0 in the cells that mean no; empty cells are not coded."
        yield f"{column}: {ONLY_YES}. {remedy}"


def _long(sheets: Sheets, labels: list[str], passages: Iterable[str], classes: set[str]) -> pd.DataFrame:
    """A row per passage, coder and label, in their orders; coders by name."""
    asked = [*labels, NOTE]
    cells = {path.stem: rows.set_index(ID).reindex(columns=asked, fill_value="") for path, rows in sheets.items()}
    passages, coders = list(passages), sorted(cells)
    order = pd.MultiIndex.from_product([passages, coders, labels], names=[ID, "coder", "label"])
    places = pd.MultiIndex.from_product([[plain_id(passage) for passage in passages], coders])
    found = pd.concat(cells).swaplevel().reindex(places, fill_value="").map(str.strip)
    codes = [
        None if cell.casefold() in NOT_CODED else cell if label in classes else int(code_of(cell))
        for row in found[labels].itertuples(index=False)
        for label, cell in zip(labels, row, strict=True)
    ]
    table = order.to_frame(index=False).assign(code=pd.Series(codes, dtype="object" if classes else "Int64"))
    table["note"] = np.repeat(found[NOTE].to_numpy(), len(labels))
    return table.astype({ID: "str", "coder": "str", "note": "str", "label": pd.CategoricalDtype(labels)})
