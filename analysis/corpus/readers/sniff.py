"""The format of a file, told by its content; by its name only where content does not tell."""

import codecs
import csv
import io
import json
import re

from .archive import packed
from .decoding import BOMS
from .source import Source

HEAD = 1 << 16  # bytes that are looked at: a header, or a few records
MAGIC = {
    b"%PDF": "pdf",
    b"PAR1": "parquet",
    b"{\\rtf": "rtf",
    b"WARC/": "warc",
    b"\x1f\x8b": "warc",  # any other gzip file was unpacked before
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "excel",  # Word and Excel before 2007; Word's are refused by the reader
}
SUFFIXES = {
    ".csv": "delimited", ".tsv": "delimited", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json",
    ".parquet": "parquet", ".xlsx": "excel", ".xls": "excel", ".docx": "docx", ".rtf": "rtf", ".pdf": "pdf",
    ".html": "html", ".htm": "html", ".warc": "warc", ".txt": "text",
}  # fmt: skip
HTML = re.compile(r"\s*<(?:!doctype\s+html|\?xml|!--|html|head|body|div|meta|article|p|table)\b.*?<", re.I | re.S)
PROQUEST = re.compile(r"^_{20,}\s*$(?s:.*)^(?:Full text|ProQuest document ID|Publication title):", re.M)
GDELT = {
    16: r"\d+\t\d{14}\t",
    27: r"\d{14}-T?\d+\t",
    57: r"\d+\t\d{8}\t",
    58: r"\d+\t\d{8}\t",
    61: r"\d+\t\d{8}\t",
}
MEDIA_CLOUD = {"media_name", "publish_date", "title", "url"}
LONGEST_NAME = 40  # characters of a column's name; a longer first cell is a sentence
ROWS = 5  # of a file without a telling name that must be of one width


def format_of(source: Source) -> str | None:
    """The name of a reader, or None where neither content nor name tells."""
    with source.path.open("rb") as file:
        head = file.read(HEAD)
    if (kind := packed(source)) in ("docx", "excel", "damaged"):
        return kind
    magic = next((kind for start, kind in MAGIC.items() if head.startswith(start)), None)
    return magic or _text_format(_text(head, source.encoding), source.suffix, whole=len(head) < HEAD)


def _text(head: bytes, encoding: str | None) -> str:
    mark = next((name for start, name in BOMS.items() if head.startswith(start)), None)
    try:
        return codecs.lookup(encoding or mark or "utf-8").decode(head, "replace")[0].lstrip("\ufeff")
    except LookupError:  # the reader will name it
        return head.decode("utf-8", "replace")


def _text_format(text: str, suffix: str, *, whole: bool) -> str | None:
    if "\0" in text or not text.strip():
        return SUFFIXES.get(suffix)
    if HTML.match(text):
        return "html"
    if PROQUEST.search(text):
        return "proquest"
    first = text.lstrip().partition("\n")[0].rstrip("\r")
    if first.startswith(("{", "[")) and (kind := _json_format(text, first, whole=whole)):
        return kind
    if re.match(GDELT.get(first.count("\t") + 1, r"(?!)"), first):
        return "gdelt"
    header = _header(first)
    if {"GLOBALEVENTID", "SOURCEURL"} <= header or {"URL", "MobileURL", "Date", "Title"} <= header:
        return "gdelt"
    if header >= MEDIA_CLOUD and header & {"id", "stories_id"}:
        return "mediacloud"
    if suffix == ".txt" and _is_table(text, whole=whole):
        return "delimited"
    return SUFFIXES.get(suffix) or ("delimited" if _is_table(text, whole=whole) else None)


def _json_format(text: str, first: str, *, whole: bool) -> str | None:
    if first.startswith("["):
        return "json" if re.match(r"\s*\[\s*(?:\{\s*(?:\"|\})|\])", text) else None
    if len(first) == len(text.lstrip()) and not whole:
        return "jsonl"  # a first line longer than the head
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return "json" if re.match(r'\s*\{\s*\n\s*"', text) else None
    return "jsonl"


def _header(first: str) -> set[str]:
    try:
        return {name.strip() for name in next(csv.reader([first.replace("\t", ",")]), [])}
    except csv.Error:
        return set()


def _is_table(text: str, *, whole: bool) -> bool:
    """A header of short names, and the next rows of its width."""
    delimiter = max(",;\t", key=text.lstrip().partition("\n")[0].count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row]
    except csv.Error:
        return False
    rows = rows[: ROWS + 1] if whole or len(rows) > ROWS + 1 else rows[:-1]
    if len(rows) < 2 or len(rows[0]) < 2:
        return False
    names = [name.strip() for name in rows[0]]
    short = all(0 < len(name) <= LONGEST_NAME and not name.endswith(".") for name in names)
    return short and len(set(names)) == len(names) and all(len(row) == len(names) for row in rows)
