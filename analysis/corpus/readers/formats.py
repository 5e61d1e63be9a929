"""The format of a file, shown by its content, by its name only where content does not show it; and its reader."""

import csv
import io
import json
import re
from collections.abc import Callable
from contextlib import redirect_stderr, suppress
from dataclasses import replace
from functools import cache

from ..files import shipped
from .archive import packed, start_of
from .columns import asked_of, is_header, named, with_unused
from .decoding import decoded, mark_of
from .delimited import DELIMITERS, is_gdelt, read_delimited, read_gdelt
from .documents import is_export, read_damaged, read_docx, read_lines, read_mail, read_odt, read_pdf, read_rtf
from .factiva import factiva_page, is_factiva_html
from .headed import headed_rows
from .markup import markup_of, markup_rows
from .nexis import nexis_rows
from .objects import read_avro, read_json
from .pages import DEEPEST, blocks, depth_of, page_rows, parsed, read_warc
from .sheets import html_tables, read_excel, read_parquet, sheet_rows
from .source import Rows, Source
from .tagged import is_proquest_html, proquest_page

HEAD = 1 << 16  # bytes that are looked at: a header, or a few records
HTML = re.compile(
    r"\s*<(?:!doctype|\?xml|!--|html|head|body|div|meta|article|p|table|a|span|pps\w+|rss|feed|nitf|newsitem|record)\b.*?<",
    re.I | re.S,
)
ROOT = re.compile(r"(?:\s|<[?!][^>]*>)*<([A-Za-z][\w.-]*)")  # the first element
MAIL = re.compile(r"(?:[A-Z][\w-]{1,40}: .*\r?\n(?:[ \t].*\r?\n)*){3,}")
# In pages whose lines are those of a text export.
OF_LINES = re.compile(r"\d+ (?:of|von|de) \d+|End of Document|Wisers|慧科|NewsBank|Record Number:")
PAGES = ("html", "lines", "text", "mail")  # by their names, files that may hold one
LONGEST_NAME = 40  # characters of a column's name; a longer first cell is a sentence
ROWS = 5  # of a file without a telling name that must be of one width


def read_html(source: Source) -> Rows:
    """A page, the many articles of an export, or a table of cells."""
    from lxml.html.defs import tags

    text, encoding = decoded(source, lines=False)
    if (depth := depth_of(text)) > DEEPEST:
        raise ValueError(f"{source}: elements nested {depth} deep; {DEEPEST} can be read. Save the page again.")
    if is_factiva_html(text):
        rows = factiva_page(text)
    elif is_proquest_html(text):
        rows = proquest_page(text)
    elif name := markup_of(text):
        rows = markup_rows(text, name, str(source))
    elif OF_LINES.search(text) and (found := nexis_rows(lines := blocks(parsed(text))) or headed_rows(lines)):
        rows = found
    elif (root := ROOT.match(text)) and root[1].lower() not in tags:
        raise ValueError(f"{source}: XML of a form that is not known. Export HTML, text or CSV instead.")
    elif tables := html_tables(source, text):
        rows = with_unused(source, named(source, sheet_rows(source, tables, encoding)))
    elif shipped(__package__, "formats.yaml")["suffixes"].get(source.suffix[1:], "html") not in PAGES:
        hint = "as a login or an error page is. Open it in a browser, and download the export again."
        raise ValueError(f"{source}: a web page under the name of another file, {hint}")
    else:
        rows = page_rows(source, text)
    return replace(rows, encoding=encoding)


READERS: dict[str, Callable[[Source], Rows]] = {
    "avro": read_avro, "damaged": read_damaged, "delimited": read_delimited, "docx": read_docx,
    "excel": read_excel, "gdelt": read_gdelt, "html": read_html, "json": read_json, "lines": read_lines,
    "mail": read_mail, "odt": read_odt, "parquet": read_parquet, "pdf": read_pdf, "rtf": read_rtf,
    "warc": read_warc,
}  # fmt: skip
TABLES = ("delimited", "excel")
NAMED = (*TABLES, "avro", "gdelt", "json", "parquet")  # their columns are recognised


@cache
def _marks(what: str) -> dict[bytes, str]:
    """What formats.yaml says of first bytes."""
    return {start.encode("latin-1"): said for start, said in shipped(__package__, "formats.yaml")[what].items()}


def read_file(source: Source) -> Rows:
    """The rows of one file that is not plain text; ValueError where its format is not known."""
    if source.problem:
        raise ValueError(f"{source}: {source.problem}")
    start = start_of(source)
    reasons = [reason for mark, reason in _marks("unread").items() if start.startswith(mark)]
    data = source.path.read_bytes() if _marks("begins").get(start[:8]) == "excel" else b""
    reasons += [
        reason for name, reason in _marks("unread_ole").items() if name.decode().encode("utf-16-le") in data
    ]
    if reasons:
        raise ValueError(f"{source}: it is {reasons[0]}.")
    if (kind := format_of(source)) not in READERS:
        raise ValueError(
            f"{source}: its format is not known. Give one of {shipped(__package__, 'formats.yaml')['known']}."
        )
    with redirect_stderr(io.StringIO()):  # where pypdf and warcio print pieces of what they cannot read
        rows = READERS[kind](source)
        if kind in NAMED:
            return with_unused(source, named(source, rows))
    ours = {theirs: ours for theirs, ours in asked_of(source).items() if theirs in rows.table}
    kept = {name: f"{name} (in the file)" for name in set(ours.values()) & set(rows.table) - set(ours)}
    return replace(rows, table=rows.table.rename(columns=kept | ours))


def format_of(source: Source) -> str | None:
    """The name of a reader, or None where neither content nor name shows it."""
    if source.problem:
        return None
    if (kind := packed(source)) in ("docx", "excel", "odt", "damaged"):
        return kind
    with source.path.open("rb") as file:
        head = file.read(HEAD)
    if magic := next((kind for start, kind in _marks("begins").items() if head.startswith(start)), None):
        return magic
    try:
        text = head.decode(source.encoding or mark_of(head) or "utf-8", "replace").lstrip("\ufeff")
    except LookupError:  # the reader will name it
        text = head.decode("utf-8", "replace")
    if text.count("\ufffd") > len(re.findall(r"[^\0-\x7f\ufffd]", text)):
        text = head.decode("latin-1")  # the names of columns in another encoding stay apart
    return _text_format(text, source.suffix, whole=len(head) < HEAD)


def _text_format(text: str, suffix: str, *, whole: bool) -> str | None:
    suffixes: dict[str, str] = shipped(__package__, "formats.yaml")["suffixes"]
    if "\0" in text[:1000] or not text.strip():
        return suffixes.get(suffix[1:])
    if HTML.match(text):
        return "html"
    mail = suffix in ("", ".eml", ".txt", ".mht", ".mhtml") and "\nSubject:" in text and MAIL.match(text)
    if mail and re.search(r"^(?:From|Content-Type|MIME-Version):", text, re.M):
        return "mail"
    first = re.split(r"\r\n?|\n", text.lstrip(), maxsplit=1)[0]
    if first.startswith(("{", "[")) and _is_json(text, first, whole=whole):
        return "json"
    if is_gdelt(first):
        return "gdelt"
    known = suffixes.get(suffix[1:])
    if known in ("text", "lines", "excel", None) and is_export(text):
        return "lines"
    # what databases and scripts call .xls is often a table of text
    if known in ("excel", "parquet") or (known in ("text", None) and _is_table(text, whole=whole)):
        return "delimited"
    return known


def _is_json(text: str, first: str, *, whole: bool) -> bool:
    if first.startswith("["):
        return re.match(r"\s*\[\s*(?:\{\s*(?:\"|\})|\])", text) is not None
    with suppress(ValueError, RecursionError):
        longer = len(first) == len(text.lstrip()) and not whole  # a first line longer than the head
        return longer or json.loads(first) is not None
    return re.match(r'\s*\{\s*"[^"\n]*"\s*:', text) is not None


def _is_table(text: str, *, whole: bool) -> bool:
    """A header of short names, and the next rows of its width."""
    delimiter = max(DELIMITERS, key=re.split(r"\r\n?|\n", text.lstrip(), maxsplit=1)[0].count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    except csv.Error:
        return False
    rows = rows[: ROWS + 1] if whole or len(rows) > ROWS + 1 else rows[:-1]
    if len(rows) < 2 or len(rows[0]) < 2:
        return False
    names = [name.strip() for name in rows[0]]
    short = all(0 < len(name) <= LONGEST_NAME and not name.endswith(".") for name in names)
    widths = {len(row) for row in rows[1:]}  # one more than the header's where R wrote the names of the rows
    even = is_header(names) or widths in ({len(names)}, {len(names) + 1})
    return short and len(set(names)) == len(names) and even
