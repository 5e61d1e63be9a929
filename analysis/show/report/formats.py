"""What a report is written as: the page itself, docx, md and pdf through pandoc or a browser, tables as CSV."""

import os
import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pandas as pd

from analysis.corpus.files import csv_text, scratch, write_whole
from analysis.topics.reading import top_words

from .findings import Findings

FORMATS = ("html", "docx", "pdf", "md")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
YEAR_2000 = "946684800"  # the same call gives the same bytes on any day
DATED = re.compile(rb"(/(?:Creation|Mod)Date \(D:)\d{14}")  # in a PDF
PRINTING = 180  # seconds: a report of two corpora takes four
NO_PANDOC = (
    "To write {kind}, the report needs pandoc: pip install pypandoc_binary, or your system's pandoc with pip "
    "install pypandoc. Without it, write HTML; word processors open that too."
)
NO_BROWSER = (
    f"To write pdf, the report needs a browser that prints ({', '.join(BROWSERS[:3])}) on the PATH. Without one, "
    "write HTML, open it in any browser and print it from there."
)


def format_of(path: Path, asked: str | None = None) -> str:
    """The format of a report by the ending of its file; what is asked for must be the same."""
    ending = path.suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        known = ", ".join(f".{name}" for name in FORMATS)
        raise ValueError(f"{path}: a report ends in {known}. Found: {path.name!r}.")
    if asked and asked != ending:
        what = f"the file ends in .{ending}, the format asked for is {asked}"
        raise ValueError(f"{path}: {what}. Leave out one of them.")
    return ending


def check_converter(kind: str) -> None:
    """Refuses a format that nothing here can write, before the work begins."""
    if kind in ("docx", "md"):
        try:
            import pypandoc  # type: ignore[import-untyped, unused-ignore]

            pypandoc.get_pandoc_version()
        except (ImportError, OSError):
            raise ValueError(NO_PANDOC.format(kind=kind)) from None
    if kind == "pdf" and not any(map(shutil.which, BROWSERS)):
        raise ValueError(NO_BROWSER)


def write_page(html: str, target: Path, kind: str) -> None:
    """Writes the page in this format; all but html have no script."""
    if kind == "html":
        write_whole(target, html)
        return
    with scratch() as folder:
        made = folder / target.name
        if kind == "pdf":
            _print(html, made)
        else:
            _convert(html, made, kind)
        if (media := made.with_name(f"{target.stem}_files")).is_dir():
            beside = target.with_name(media.name)
            beside.mkdir(exist_ok=True)
            for picture in sorted(media.iterdir()):
                write_whole(beside / picture.name, picture.read_bytes())
        write_whole(target, made.read_bytes())


# What a word processor does not know: parts that open get a heading, marks get other letters, and the first
# figure repeats its table's caption.
PLAIN = (
    (re.compile(r"<details[^>]*><summary>(.*?)</summary>"), r"<h4>\1</h4>"),
    (re.compile(r"</details>|<caption>.*?</caption>|(?<=<table) class=\"[^\"]*\""), ""),
    (re.compile(r"<mark class=\"[^\"]* denied\"[^>]*>(.*?)</mark>"), r"<s>\1</s>"),
    (re.compile(r"<mark[^>]*>(.*?)</mark>|<span class=\"term clear\">(.*?)</span>"), r"<strong>\1\2</strong>"),
)


def _convert(html: str, target: Path, kind: str) -> None:
    import pypandoc  # type: ignore[import-untyped, unused-ignore]

    for marked, plain in PLAIN:
        html = marked.sub(plain, html)
    # pandoc reads "$12 and $15" in HTML as text, not as a formula; only native_divs would leave traces of the page
    source, options = "html-native_divs-native_spans", []
    if kind == "md":
        options = [f"--extract-media={target.stem}_files", "--wrap=none"]  # beside the file, wherever it goes
    written = "gfm-raw_html" if kind == "md" else kind
    command = [pypandoc.get_pandoc_path(), "--from", source, "--to", written, "--output", target.name, *options]
    clock = {**os.environ, "SOURCE_DATE_EPOCH": YEAR_2000}
    _run(command, "pandoc", target, cwd=target.parent, input=html, encoding="utf-8", env=clock)
    if kind == "docx":
        _lay_out(target)


def _run(command: list[str], name: str, target: Path, **how: Any) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=PRINTING, check=False, **how)  # noqa: S603 - no shell
    if done.returncode or not target.exists():
        last = (done.stderr.strip().splitlines() or ["nothing"])[-1]
        raise ValueError(f"{target.name}: {name} could not write the report: {last}")


MARGIN, PRINTED = 20, 170  # millimetres of an A4 page
PADDING, LINE = 4, 30  # letters of a column: what its margins take, and from which it has several lines
SIZES = {"Normal": 10, "Compact": 8.5, "Heading 1": 16, "Heading 2": 13, "Heading 3": 11, "Heading 4": 10}


def _lay_out(path: Path) -> None:
    """Sets a Word file on A4 pages, columns as wide as their words ask."""
    from docx import Document
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    document, made = Document(str(path)), BytesIO()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(MARGIN)
    for name, size in SIZES.items():
        document.styles[name].font.size = Pt(size)
    for table in document.element.body.iter(qn("w:tbl")):
        rows = [["".join(cell.itertext()) for cell in row.iter(qn("w:tc"))] for row in table.iter(qn("w:tr"))]
        longest = [max(map(len, column)) for column in zip(*rows, strict=False)]
        widths = [PADDING + min(LINE, n) + max(0, n - LINE) ** 0.5 for n in longest]
        table.tblPr.find(qn("w:tblW")).attrib.update({qn("w:type"): "pct", qn("w:w"): "5000"})
        for column, width in zip(table.tblGrid, widths, strict=False):
            column.w = Mm(PRINTED * width / sum(widths))
    first = document.paragraphs[0]
    if first.style is not None and first.style.name == "Title":  # the page has its heading
        first._element.getparent().remove(first._element)
    document.save(made)
    with ZipFile(made) as parts, ZipFile(path, "w", ZIP_DEFLATED) as packed:
        for part in parts.namelist():
            packed.writestr(ZipInfo(part), parts.read(part), ZIP_DEFLATED)  # of 1980, as every one is


def _print(html: str, target: Path) -> None:
    browser = next(filter(None, map(shutil.which, BROWSERS)))
    with scratch() as folder:
        page = folder / "report.html"
        page.write_text(html, encoding="utf-8")
        # a browser refuses its sandbox to root, as in a container; the page holds no script to be kept in it
        root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        command = [
            browser, "--headless", "--disable-gpu", *root, f"--user-data-dir={folder}/profile",
            "--no-pdf-header-footer", f"--print-to-pdf={target.resolve()}", page.as_uri(),
        ]  # fmt: skip
        _run(command, Path(browser).name, target)
    target.write_bytes(DATED.sub(rb"\g<1>20000101000000", target.read_bytes()))


LETTERS = 400_000  # of one table: beyond it the page would grow past what mail takes; such tables come from Python
MOST_WORDS = 100  # of an outlet or topic: further down no word says anything of it


def tables(found: Findings) -> dict[str, str]:
    """The tables of a chapter in full, by name; those too long for a page are left out."""
    copies = found.articles[found.articles["copy_of"].notna()]
    every = {
        "shares": found.estimates, "differences": found.differences, "outlets": found.outlets,
        "removed": found.removed, "copies": copies[["doc_id", "outlet", "date", "title", "copy_of", "overlap"]],
        "terms": found.terms.groupby("group", observed=True).head(MOST_WORDS),
        "topics": pd.DataFrame() if found.topics is None else top_words(found.topics, n=MOST_WORDS),
    }  # fmt: skip
    look = {"float_format": "%.6g", "date_format": "%Y-%m-%d"}
    written = {name: csv_text(table, **look) for name, table in every.items()}
    return {name: text for name, text in written.items() if len(text) <= LETTERS}
