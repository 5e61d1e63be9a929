"""Which passages people should read, and the sheets in which they do."""

import csv
import re
import warnings
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.arrays import Floats, Ints, Places
from analysis.corpus.files import csv_text, shipped, unguarded, write_whole
from analysis.corpus.readers.columns import LONGEST_CELL
from analysis.corpus.readers.decoding import GUESSED
from analysis.corpus.readers.delimited import header_name, read_delimited
from analysis.corpus.readers.sheets import workbook_sheets
from analysis.corpus.readers.source import Source
from analysis.corpus.stories import article_rows, outlet_names, story_names
from analysis.corpus.tables import check_table, check_whole
from analysis.frames.coding.codes import WHOLE
from analysis.frames.lexicon import Lexicon
from analysis.frames.match import find_frames

ID, TEXT, NOTE = "passage_id", "text", "note"
DESIGN, CODEBOOK = "design.csv", "codebook.md"
LONGEST_PROMPT = 255  # characters of the message beside a cell; Excel's limit
WRITTEN = datetime(2000, 1, 1)  # fixed, so that the same call gives the same bytes
# What a spreadsheet cannot hold or rewrites: control characters, and how lines end and words are spaced.
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
    headers = {name: [*map(header_name, rows[0])] for name, rows in sheets.items() if rows}
    coded = [name for name, header in headers.items() if ID in map(_named, header)]
    if len(coded) != 1:
        many = "Save each as a file of its own, named for its coder."
        remedy = many if coded else "Send the coder the workbook of an.sample_to_code again."
        what, found = "several sheets have" if coded else "no sheet has", ", ".join(map(repr, coded or sheets))
        raise ValueError(f"{source.name}: {what} a column {ID!r}. Found sheets: {found}. {remedy}")
    rows = sheets[coded[0]]
    return pd.DataFrame(rows[1:], columns=headers[coded[0]], index=range(2, len(rows) + 1), dtype="object")


NOTHING = ["none", "only negated"]  # what a lexicon may say of a passage without giving it a frame
NAME = re.compile(r"[^\W_]([\w .-]*[\w-])?")  # of a coder: it becomes the name of a file


def sample_to_code(
    passages: pd.DataFrame,
    lexicon: Lexicon,
    *,
    articles: pd.DataFrame | None = None,
    n: int = 200,
    coders: int | Sequence[str] = 2,
    seed: int = 0,
    path: str | PathLike[str] | None = None,
) -> pd.DataFrame:
    """Stratified sample of passages for people to code; with ``path``, their coding sheets are written.

    Passages are drawn from outlets × what the lexicon says (no hit, only negated, or the rarest frame found), as
    evenly as their sizes allow, so that misses and small outlets are represented. ``validate`` and
    ``correct_shares`` let each passage count for as many as it stands for, by the column ``weight``.

    Parameters
    ----------
    passages, lexicon
        What to draw from, and the instrument to be measured.
    articles : DataFrame, optional
        Gives each passage's ``outlet``, and its ``story_id`` after ``mark_copies``, unless `passages` have them.
    n : int
        How many passages; all where fewer exist. Recall rests on those without a hit: if 1 in 50 of them is
        a miss, fifty such passages show one.
    coders : int or sequence of str
        How many, or their names. Each codes every passage, in an order of their own.
    seed : int
        The same seed gives the same passages and sheets.
    path : str or path, optional
        A folder for the sheets, made if needed. Each coder gets ``NAME.xlsx`` and ``NAME.csv``, of which one is
        filled in; they show neither outlet nor stratum nor weight. Beside them are ``codebook.md``, the meanings
        of the frames, unless it is there already, and ``design.csv`` with the weights for ``read_codes``. No file
        is overwritten.

    Returns
    -------
    DataFrame
        The rows of `passages` that were drawn, by article and place, with ``outlet``, ``story_id`` if known,
        ``score`` (what the lexicon says), ``stratum`` (outlet and score), ``probability`` of being drawn and
        ``weight`` (one over it).

    Notes
    -----
    The draw is systematic along the list of strata, passages in random order within (Madow 1949): the sample
    has exactly `n` passages, and each probability is exact.

    Examples
    --------
    >>> passages = pd.DataFrame({"passage_id": ["a:0", "a:1"], "doc_id": ["a", "a"], "start": [0, 31],
    ...                          "text": ["Russia and China are friends.", "China met Russia."]})
    >>> from analysis.frames.formats.files import read_lexicon
    >>> sample_to_code(passages, read_lexicon("russia-china"), n=2)[["passage_id", "score", "weight"]]
      passage_id           score  weight
    0        a:0  alliance found     1.0
    1        a:1            none     1.0
    """
    check_table(passages, "passages", [ID, "doc_id", "start", TEXT], key=ID)
    check_whole("n", n)
    names = coder_names(coders)
    passages = passages.astype({ID: "str", "doc_id": "str"})
    # The draw goes along the list, so that a list in another order would give other passages.
    known = with_outlets(passages.sort_values(["doc_id", "start", ID], ignore_index=True), articles)
    known = known.assign(score=scores_of(pd.Index(known[ID]), find_frames(known, lexicon), lexicon))
    stratum = pd.factorize(pd.MultiIndex.from_frame(known[["outlet", "score"]]), sort=True)[0].astype("int64")
    sample = drawn(known, stratum, even_probabilities(stratum, min(n, len(known))), seed)
    if path is not None:
        write_sheets(sample, {frame.name: frame.meaning for frame in lexicon.frames}, names, Path(path), seed)
    return sample


def coder_names(coders: int | Sequence[str]) -> list[str]:
    """Names that can be those of files, from how many there are or their names."""
    names = [f"coder{number}" for number in range(1, coders + 1)] if isinstance(coders, int) else list(coders)
    if isinstance(coders, str) or not names:
        raise ValueError(f"coders: give how many there are, or a list of their names. Found: {coders!r}.")
    for name in names:
        if not isinstance(name, str) or not NAME.fullmatch(name) or name in ("codebook", "design"):
            raise ValueError(f"coders: {name!r} cannot name a file. Use letters, digits, dots and dashes.")
    if len({name.casefold() for name in names}) < len(names):
        remedy = "Give each a different name."
        raise ValueError(f"coders: two names are alike except for case. Found: {names}. {remedy}")
    return names


def with_outlets(passages: pd.DataFrame, articles: pd.DataFrame | None) -> pd.DataFrame:
    """Passages with ``outlet``, and ``story_id`` where articles know it."""
    if articles is None:
        outlet = passages["outlet"] if "outlet" in passages else pd.Series("", index=passages.index)
        return passages.assign(outlet=outlet_names(outlet))
    rows = article_rows(pd.Index(passages["doc_id"]), articles).reset_index(drop=True)
    known = passages.assign(outlet=outlet_names(rows["outlet"]))
    return known.assign(story_id=story_names(rows)) if "story_id" in articles else known


def scores_of(ids: "pd.Index[Any]", hits: pd.DataFrame, lexicon: Lexicon) -> "pd.Categorical[str]":
    """None, only negated, or the frame found that the fewest passages have: of rare frames more are then drawn."""
    said = hits[~hits["negated"].astype(bool)].astype({"frame": "str"})
    times = said.groupby("frame")["passage_id"].nunique().sort_values(kind="stable").index.tolist()
    score = np.where(ids.isin(hits["passage_id"]), NOTHING[1], NOTHING[0]).astype(object)
    for frame in times[::-1]:
        score[ids.isin(said.loc[said["frame"] == frame, "passage_id"])] = f"{frame} found"
    names = [*NOTHING, *(f"{label} found" for label in lexicon.labels)]
    return pd.Categorical(score.tolist(), names, ordered=True)


def even_probabilities(stratum: Ints, n: int) -> Floats:
    """Of each passage to be drawn: each stratum the same number, or all it has; they sum to ``n``."""
    return proportional(1 / np.bincount(stratum)[stratum], n)


def proportional(size: Floats, n: int) -> Floats:
    """Probabilities in proportion to the sizes, none above 1; they sum to ``n``."""
    sure = np.zeros(len(size), dtype=bool)
    while True:
        probability = np.where(sure, 1.0, (n - sure.sum()) * size / max(size[~sure].sum(), 1e-12))
        if not (over := (probability > 1 - 1e-9) & ~sure).any():
            return probability
        sure |= over


def drawn(known: pd.DataFrame, order: Ints, probability: Floats, seed: int) -> pd.DataFrame:
    """The passages drawn along an order, with ``stratum``, ``probability`` and ``weight`` (one over it)."""
    places = drawn_places(order, probability, np.random.default_rng(seed))
    stratum = known["outlet"] + " / " + known["score"].astype("str")
    weighed = known.assign(stratum=stratum, probability=probability, weight=1 / probability)
    return weighed.iloc[places].reset_index(drop=True)


def drawn_places(stratum: Ints, probability: Floats, rng: np.random.Generator) -> Places:
    """Places of the passages drawn: every whole step along the summed probabilities, from a random start."""
    order = np.lexsort([rng.random(len(stratum)), stratum])
    reached = np.round(np.cumsum(probability[order]), 9)
    steps = rng.random() + np.arange(round(probability.sum()))
    return np.sort(order[np.minimum(np.searchsorted(reached, steps, side="right"), len(order) - 1)])


def write_sheets(
    sample: pd.DataFrame, meanings: Mapping[str, str], coders: list[str], folder: Path, seed: int
) -> None:
    """A workbook and a CSV file per coder, the codebook unless it exists, and how the passages were drawn."""
    _check_sheets(sample, list(meanings), coders, folder)
    book = folder / CODEBOOK
    if not book.exists():
        undefined = "(no definition yet: write one here before you code)"
        parts = [f"## {name}\n{meaning or undefined}" for name, meaning in meanings.items()]
        folder.mkdir(parents=True, exist_ok=True)
        instructions = shipped("analysis.frames.coding", "sheets.yaml")["instructions"]
        write_whole(book, "\n\n".join([instructions, *parts]) + "\n")
    codebook = book.read_text("utf-8-sig")
    write_whole(folder / DESIGN, design_csv(sample, list(meanings)))
    for number, coder in enumerate(coders):
        rows = sample.iloc[np.random.default_rng([seed, number]).permutation(len(sample))]
        write_whole(folder / f"{coder}.xlsx", workbook(rows, meanings, codebook))
        write_whole(folder / f"{coder}.csv", csv_sheet(rows, list(meanings)))


def _check_sheets(sample: pd.DataFrame, frames: list[str], coders: list[str], folder: Path) -> None:
    if taken := sorted({ID, TEXT, NOTE} & {frame.strip().casefold() for frame in frames}):
        raise ValueError(f"lexicon: a frame is called {taken[0]!r}, as a column of the sheet is. Rename it.")
    for name in frames:
        seen = name.replace("\u200c", "").isprintable()  # Persian needs that one
        if " ".join(name.split()) != name or not seen:
            why = "a spreadsheet would change its blanks or invisible characters"
            raise ValueError(f"lexicon: the frame {name!r} cannot be the name of a column: {why}. Rename it.")
    if folder.exists() and not folder.is_dir():
        raise FileExistsError(f"{folder} is a file; the sheets need a folder. Name one with path=….")
    files = [folder / DESIGN, *(folder / f"{coder}{end}" for coder in coders for end in (".xlsx", ".csv"))]
    if found := [path for path in files if path.exists()]:
        raise FileExistsError(f"{found[-1]} exists already. Move it, or name another folder with path=….")
    letters = sample.set_index(ID)[TEXT].str.len()
    if letters.max() > LONGEST_CELL:
        what = f"the text of {letters.idxmax()!r} has {letters.max():,} characters; a cell holds"
        remedy = "Sample sentences: an.passages(articles, unit='sentence')."
        raise ValueError(f"passages: {what} {LONGEST_CELL:,}. {remedy}")
