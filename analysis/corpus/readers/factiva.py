"""Factiva exports: HTML pages and the lines of RTF files, with field codes or without.

With codes ("Full article plus indexing") each field stands in a table row: HD headline, BY author, WC words,
PD date, SN source, LP lead paragraph, TD the rest, AN the number. Without them the order tells: headline,
author, number of words, date, time, source, its code, page, language, copyright, text, "Document" and number.
"""

import re
from collections.abc import Sequence
from typing import Any

from .decoding import decoded
from .labels import column_of, labels, record_table
from .pages import blocks, parsed
from .source import Rows, Source, Unparsed, excerpt

ARTICLE = re.compile(r"(?:^|\s)article \w{2}Article(?:\s|$)")
CODE = re.compile(r"([A-Z]{2,3})\s*(?:\|\s*(.*)|$)", re.S)
NUMBER = re.compile(r"(?:Documents?|Dokument|Documento|Документ|文件|文档)\s+([A-Z][A-Za-z0-9]{9,})")
WORDS = re.compile(r"[\d.,\s]+\s?(?:words?|Wörter|Wort|mots?|palabras?|слов\w*|字)", re.I)
TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AP]M)?(?:\s*\w+)?", re.I)
SOURCE_CODE = re.compile(r"[A-Z0-9]{2,8}")
CUT = "cut off: no document number (AN)"


def is_factiva_html(text: str) -> bool:
    """Whether a page is an export of Factiva: each article in its own class."""
    return re.search(r"""class=["']article \w{2}Article""", text) is not None


def is_factiva(lines: Sequence[str]) -> bool:
    """Whether these lines come from Factiva: a document number, and a count of words or field codes."""
    coded = {match[1] for line in lines if (match := CODE.match(line))}
    return any(NUMBER.fullmatch(_value(line)) for line in lines) and (
        {"HD", "SN"} <= coded or any(WORDS.fullmatch(line) for line in lines)
    )


def read_factiva_html(source: Source) -> Rows:
    """A row an article of a page saved from Factiva."""
    text, encoding = decoded(source, lines=False)
    found = [div for div in parsed(text).iter("div") if ARTICLE.search(div.get("class", ""))]
    records = [_coded_cells(source, div, item) or _plain_blocks(div) for item, div in enumerate(found, start=1)]
    return _rows(records, encoding)


def factiva_rows(source: Source, lines: Sequence[str]) -> Rows:
    """A row an article of an RTF file, out of its lines."""
    records, start = [], 0
    ends = [at for at, line in enumerate(lines) if NUMBER.fullmatch(_value(line))]
    for item, end in enumerate(ends, start=1):
        records.append(_record(source, lines[start : end + 1], item))
        start = end + 1
    rest = [line for line in lines[start:] if line]
    if any((CODE.match(line) and line[:2] in ("HD", "SN", "WC")) or WORDS.fullmatch(line) for line in rest):
        records.append({"title": " ".join(_value(line) for line in rest)})
    return _rows(records, "")


def _rows(records: list[dict[str, str]], encoding: str) -> Rows:
    whole = {f"item {item}": record for item, record in enumerate(records, start=1) if record.get("record")}
    cut = tuple(
        Unparsed(f"item {item}", CUT, excerpt(" ".join(record.values())))
        for item, record in enumerate(records, start=1)
        if not record.get("record")
    )
    return Rows(record_table({place: _joined(record) for place, record in whole.items()}), encoding, cut)


def _joined(record: dict[str, str]) -> dict[str, str]:
    """Lead and rest as one text, the number without the word before it."""
    text = "\n".join(part for part in (record.pop("lead", ""), record.pop("tail", "")) if part)
    number = NUMBER.fullmatch(record["record"])
    return record | {"text": text or record.get("text", ""), "record": number[1] if number else record["record"]}


def _coded_cells(source: Source, div: Any, item: int) -> dict[str, str]:
    fields: dict[str, str] = {}
    for row in div.iter("tr"):
        cells = row.findall("td")
        if len(cells) == 2 and (code := CODE.fullmatch(" ".join(cells[0].text_content().split()))):
            column = column_of(source, "factiva", code[1], item=item)
            fields[column] = "\n".join(blocks(cells[1]))
    return fields


def _plain_blocks(div: Any) -> dict[str, str]:
    paragraphs = [part for part in div.iter("p") if "articleParagraph" in part.get("class", "")]
    last = [" ".join(part.text_content().split()) for part in div.iter("p") if part not in paragraphs]
    head = [part for part in div.iter("div") if part is not div and part.find("div") is None]
    title = next((part for part in div.iter() if str(part.get("class", "")).endswith("Headline")), None)
    author = [part for part in head if part.get("class") == "author"]
    others = [
        " ".join(part.text_content().split()) for part in head if part not in author and part.get("id") != "hd"
    ]
    number = next((match[1] for line in last if (match := NUMBER.fullmatch(line))), "")
    return {
        "title": "" if title is None else " ".join(title.text_content().split()),
        "author": " ".join(" ".join(part.text_content().split()) for part in author),
        **_ordered(others)[0],
        "text": "\n".join(" ".join(part.text_content().split()) for part in paragraphs),
        "record": number,
    }


def _record(source: Source, lines: Sequence[str], item: int) -> dict[str, str]:
    if not any((match := CODE.match(line)) and match[1] in labels("factiva") for line in lines[:-1]):
        return _plain_lines([line for line in lines if line])
    fields: dict[str, str] = {}
    column = ""
    for line in lines:
        if match := CODE.match(line):
            column = column_of(source, "factiva", match[1], item=item)
        value = _value(line)
        if column and value:
            fields[column] = f"{fields[column]}\n{value}" if fields.get(column) else value
    return fields | {name: " ".join(fields[name].split()) for name in ("title", "author") if name in fields}


def _plain_lines(lines: list[str]) -> dict[str, str]:
    words = next((at for at, line in enumerate(lines) if WORDS.fullmatch(line)), None)
    number = NUMBER.fullmatch(lines[-1])
    if words is None or number is None:
        return {"title": " ".join(lines)}
    fields, used = _ordered(lines[words:-1])
    above = {"title": lines[0] if words else "", "author": " ".join(lines[1:words])}
    return {**above, **fields, "text": "\n".join(lines[words + used : -1]), "record": number[1]}


def _ordered(lines: Sequence[str]) -> tuple[dict[str, str], int]:
    """The fields that only their order tells, and how many lines they took."""
    at = next((at for at, line in enumerate(lines) if WORDS.fullmatch(line)), 0)
    fields = {"section": " ".join(lines[:at])}
    order = (
        ("length", WORDS), ("date", None), ("time", TIME), ("outlet", None), ("source_code", SOURCE_CODE),
        ("page", re.compile(r"\S*\d\S*")), ("language", None), ("copyright", None),
    )  # fmt: skip
    for name, pattern in order:
        if at < len(lines) and (pattern is None or pattern.fullmatch(lines[at])):
            fields[name], at = lines[at], at + 1
    return fields, at


def _value(line: str) -> str:
    """A line without its code and the bars that stand for the edges of cells."""
    match = CODE.match(line)
    return (match[2] or "" if match else line).strip().strip("|").strip()
