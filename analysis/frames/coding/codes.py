"""Filled coding sheets, brought back and checked."""

from collections.abc import Iterable, Iterator
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.frames.coding.sheets import ID, NOTE, TEXT, plain, sheet_rows

ENDINGS = (".xlsx", ".csv", ".tsv", ".ods", ".xls")
SHOWN = 10  # complaints told at once: a page of mending
CODES = {"0": 0, "1": 1, "": None}
NO_TEXTS = pd.DataFrame({ID: [], TEXT: []}, dtype="str")


def read_codes(
    paths: str | PathLike[str] | Iterable[str | PathLike[str]], sample: pd.DataFrame | None = None
) -> pd.DataFrame:
    """What each coder said of each passage and frame, from the sheets of ``sample_to_code``.

    Args:
        paths: the folder of the sheets, or the sheets. A sheet's coder is its file name; of a coder's workbook and
            CSV file the one that was filled in counts. Columns after ``note`` are the coder's own and left aside.
        sample: what ``sample_to_code`` gave back. With it, a passage that is missing, unknown or edited is found
            against the sample, and its columns are carried on (outlet, story, weight); without it sheets are held
            against each other, and no weight is known.

    Returns:
        A row a passage, coder and frame: ``passage_id, coder, frame, code`` (1, 0 or missing where the cell was
        left empty), then ``text`` and the columns of the sample; passages in the order of the sample, then
        coders by name, then frames in order. ``.attrs["notes"]`` lists what coders noted, as tuples
        ``(coder, passage_id, note)``.

    Raises:
        ValueError: a sheet misses a column or a passage, holds a passage twice or an unknown one, a code is not
            0, 1 or empty, or a text was edited. All such places are told, up to ten, with file, row and column.
        FileNotFoundError: no such file, or no sheet in the folder.
    """
    sheets = _filled(_files(paths))
    frames = _frames(sheets, sample)
    texts = _texts(sheets, sample)
    problems = [told for path, rows in sheets.items() for told in _problems(path.name, rows, frames, texts)]
    if problems:
        more = [f"and {len(problems) - SHOWN} more."] if len(problems) > SHOWN else []
        raise ValueError("\n".join([*problems[:SHOWN], *more]))
    said = {path.stem: _by_passage(rows, texts) for path, rows in sheets.items()}
    long = _long({coder: said[coder] for coder in sorted(said)}, frames, list(texts.index))
    known = texts.rename(TEXT).reset_index() if sample is None else sample.astype({ID: "str"})
    codes = long.merge(known, on=ID, how="left", validate="many_to_one")
    codes.attrs["notes"] = [
        (coder, passage, note) for coder in sorted(said) for passage, note in _notes(said[coder]) if note
    ]
    return codes


def _files(paths: str | PathLike[str] | Iterable[str | PathLike[str]]) -> list[Path]:
    given = [Path(paths)] if isinstance(paths, (str, PathLike)) else [Path(path) for path in paths]
    files: list[Path] = []
    for path in given:
        if path.is_dir():
            inside = sorted(one for one in path.iterdir() if one.suffix.lower() in ENDINGS)
            files += [one for one in inside if not one.name.startswith((".", "~$"))]  # Excel's marks of open files
        elif path.is_file():
            files.append(path)
        else:
            raise FileNotFoundError(f"{path} is not there. Give the folder of the sheets, or the sheets.")
    if not files:
        raise FileNotFoundError(
            f"no sheet in {', '.join(map(str, given)) or 'an empty list'}. A sheet ends in {', '.join(ENDINGS)}."
        )
    return files


def _filled(files: list[Path]) -> dict[Path, pd.DataFrame]:
    """Of each coder the sheet that was filled in, or the workbook where none was."""
    chosen: dict[str, tuple[Path, pd.DataFrame]] = {}
    for path in sorted(files, key=lambda file: (file.stem, ENDINGS.index(file.suffix.lower()))):
        rows = sheet_rows(path)
        before = chosen.get(path.stem)
        if before and _is_filled(before[1]) and _is_filled(rows):
            raise ValueError(
                f"{before[0].name} and {path.name} both hold codes, and are sheets of one coder. Keep one of them."
            )
        if before is None or _is_filled(rows):
            chosen[path.stem] = (path, rows)
    return dict(chosen.values())


def _is_filled(rows: pd.DataFrame) -> bool:
    return bool(rows[_asked(rows)].map(lambda cell: bool(cell.strip())).any(axis=None))


def _asked(rows: pd.DataFrame) -> list[str]:
    """The columns between ``text`` and ``note``: the frames, if this is a sheet."""
    names = list(map(str, rows))
    start = names.index(TEXT) + 1 if TEXT in names else len(names)
    return names[start : names.index(NOTE) if NOTE in names else len(names)]


def _frames(sheets: dict[Path, pd.DataFrame], sample: pd.DataFrame | None) -> list[str]:
    if sample is not None and "frames" in sample.attrs:
        return list(sample.attrs["frames"])
    return list(dict.fromkeys(name for rows in sheets.values() for name in _asked(rows)))


def _texts(sheets: dict[Path, pd.DataFrame], sample: pd.DataFrame | None) -> "pd.Series[str]":
    """Each passage as it was given out, or as the first sheet that has it shows it."""
    if sample is not None:
        if missing := [name for name in (ID, TEXT) if name not in sample]:
            raise ValueError(f"sample: no column {missing[0]!r}. Give the table of an.sample_to_code.")
        texts = sample.astype({ID: "str"}).set_index(ID)[TEXT]
        if not texts.index.is_unique:
            twice = texts.index[texts.index.duplicated()][0]
            raise ValueError(f"sample: passage {twice!r} stands twice. Read sheets of several samples one by one.")
        return texts
    rows = pd.concat([rows[[ID, TEXT]] for rows in sheets.values() if {ID, TEXT} <= set(rows)] or [NO_TEXTS])
    return rows.drop_duplicates(ID).set_index(ID)[TEXT].astype("str")


def _problems(name: str, rows: pd.DataFrame, frames: list[str], texts: "pd.Series[str]") -> Iterator[str]:
    """What is wrong in one sheet, with row and column."""
    if missing := [column for column in (ID, TEXT, *frames) if column not in rows]:
        yield (
            f"{name}: no column {missing[0]!r}; there is {', '.join(map(str, rows))}. "
            "Give its header back, or name the sheets one by one if this file is none."
        )
        return
    place = {plain(passage): passage for passage in texts.index}
    first: dict[str, int] = {}
    for row, passage, text in zip(rows.index, rows[ID], rows[TEXT], strict=True):
        key = plain(passage)
        if key in first:
            yield f"{name}, row {row}: passage {passage!r} stands in row {first[key]} too. Delete one of them."
        elif key not in place:
            yield (
                f"{name}, row {row}, column {ID}: {passage!r} is no passage of the sample. Write its id again as "
                "it was (a spreadsheet may have changed it: in CSV, 1:0 becomes a time of day)."
            )
        elif plain(text) != plain(texts[place[key]]):
            yield (
                f"{name}, row {row}, column {TEXT}: the text of {passage!r} was edited, and begins {text[:40]!r}. "
                f"Put it back: {texts[place[key]][:40]!r}…"
            )
        first.setdefault(key, row)
    if absent := [passage for key, passage in place.items() if key not in first]:
        more = f" and {len(absent) - 1} more" if len(absent) > 1 else ""
        yield f"{name}: passage {absent[0]!r}{more} missing. Put the row back; its codes may be left empty."
    for frame in frames:
        for row, cell in rows.loc[~rows[frame].map(str.strip).isin(CODES), frame].items():
            yield f"{name}, row {row}, column {frame}: {cell!r} is no code. Write 1, 0 or nothing."


def _by_passage(rows: pd.DataFrame, texts: "pd.Series[str]") -> pd.DataFrame:
    keyed = rows.set_axis(rows[ID].map(plain))
    return keyed.loc[[plain(passage) for passage in texts.index]].set_axis(texts.index)


def _long(said: dict[str, pd.DataFrame], frames: list[str], passages: list[str]) -> pd.DataFrame:
    cells = np.array(
        [[rows[frame].map(str.strip).map(CODES) for frame in frames] for rows in said.values()], object
    )
    codes = pd.array(np.moveaxis(cells, 2, 0).reshape(-1), dtype="Int64")
    index = pd.MultiIndex.from_product([passages, list(said), frames], names=[ID, "coder", "frame"])
    table = pd.DataFrame({"code": codes}, index=index).reset_index()
    return table.astype({ID: "str", "coder": "str", "frame": pd.CategoricalDtype(frames)})


def _notes(rows: pd.DataFrame) -> Iterator[tuple[str, str]]:
    return zip(rows.index, rows[NOTE].map(str.strip), strict=True) if NOTE in rows else iter(())
