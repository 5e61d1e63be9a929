"""Passages to code, their sheets, and a coder who fills them."""

from pathlib import Path

import pandas as pd
import xlsxwriter
from python_calamine import load_workbook

import analysis as an
from analysis.frames.formats.read_yaml import parsed

LEXICON = parsed(
    "negation: {words: [no]}\n"
    "frames: {near: {meaning: the two are close, entries: [ally]}, far: [rival]}", "tiny.yaml",
)  # fmt: skip


TEXTS = ["ally", "no ally", "ally rival", "sea", "=1+1", "sky", "rain", "ally again"]


PASSAGES = pd.DataFrame(
    {
        "passage_id": [f"a:{at}" for at in range(4)] + [f"b:{at}" for at in range(4)],
        "doc_id": ["a"] * 4 + ["b"] * 4,
        "start": [0, 10, 20, 30] * 2,
        "text": TEXTS,
    }
)


ARTICLES = pd.DataFrame({"doc_id": ["a", "b"], "outlet": ["DW", "TASS"], "text": "…", "story_id": ["a", "a"]})


def written(tmp_path, **options):
    return an.sample_to_code(PASSAGES, LEXICON, articles=ARTICLES, n=8, path=tmp_path, **options)


def fill(path: Path, codes: dict[str, dict[str, object]], *, note: str = "", change=lambda rows: rows) -> None:
    """Fills a workbook as a coder does: numbers as Excel keeps them."""
    rows = load_workbook(str(path)).get_sheet_by_name("passages").to_python()
    header = rows[0]
    for row in rows[1:]:
        for frame, code in codes.get(row[0], {}).items():
            row[header.index(frame)] = code
        row[header.index("note")] = note
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("codebook").write_string(0, 0, "read me")
        sheet = book.add_worksheet("passages")
        for at, row in enumerate(change(rows)):
            for column, cell in enumerate(row):
                sheet.write(at, column, cell) if isinstance(cell, (int, float)) else sheet.write_string(
                    at, column, str(cell)
                )


def everything(code):
    return {passage: {"near": code, "far": code} for passage in PASSAGES["passage_id"]}
