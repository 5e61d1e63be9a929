"""Factiva exports: HTML pages and the lines of RTF files, with field codes or without.

With codes ("Full article plus indexing") each field is a row of a table: HD headline, BY author, WC words,
PD date, SN source, LP lead paragraph, TD the rest, AN the number. Without them the order shows: headline,
author, number of words, date, time, source, its code, page, language, copyright, text, "Document" and number.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from ..dates import is_day
from ..tables import key
from .labels import filled, labels
from .pages import apart, blocks, line_of, parsed
from .source import Rows, Unparsed, item_rows

ARTICLE = re.compile(r"(?:^|\s)article \w{2,8}Article(?:\s|$)")
CODE = re.compile(r"([A-Z]{2,3})\s*(?:\|\s*(.*)|$)", re.S)
# A source's code, zeros, the day and a mark; in lower case before about 2002. The word before it is the menu's.
NUMBER = re.compile(
    r"(?:(?:Documents?|Dokument|Documento|Документ|文件|文档)\s+"
    r"|(?:\w[\w.]{0,15}:?\s+){0,2}(?=[A-Za-z]{1,8}0*(?:19|20)\d{6}[A-Za-z0-9]{4,12}\Z))([A-Za-z][A-Za-z0-9]{9,})"
)
NUMBERS = re.compile(r"[>\s]([A-Z]{1,8}0*(?:19|20)\d{6}[a-z0-9]{6,12})\s*<")  # in the text of a page
COUNT = re.compile(r"\d[\d.,'’ \u00a0\u202f]*\s?[^\W\d_]+\.?")  # "1,234 words" in any language
WORDS = re.compile(r"[\d.,\s]+\s?(?:words?|Wörter|Wort|mots?|palabras?|слов\w*|字)", re.I)
TIME = re.compile(r".{0,8}\b\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\b.{0,8}")
SOURCE_CODE = re.compile(r"(?=\d*[A-Z])[A-Z0-9]{2,8}")
COPYRIGHT = re.compile(r"(?:\(c\)|©|Copyright)", re.I)
PAGE = re.compile(r"Page \d+ of \d+ ©.*|Page \d+ of \d+|©\s*\d{4} Factiva, Inc\. .*")
BYLINE = re.compile(r"(?:By|Von|Par|Por|Di|Door|Av|De|От)\s", re.I)
SECTION = 3  # words of a section's name above a headline; headlines are longer
HEAD = 12  # lines that the fields between the count of words and the text may take
CUT = "cut off: no document number (AN)"


def is_factiva_html(text: str) -> bool:
    """Whether a page is an export of Factiva: each article in its own class."""
    return re.search(r"""class=["']article \w{2,8}Article""", text) is not None


def factiva_page(text: str) -> Rows:
    """A row per article of a page saved from Factiva."""
    found = apart([div for div in parsed(text).iter("div") if ARTICLE.search(div.get("class", ""))])
    records = [_of_element(div) for div in found]
    rows, known = _rows(records), " ".join(record.get("record", "") for record in records)
    outside = [number for number in dict.fromkeys(NUMBERS.findall(text)) if number not in known]
    lost = (Unparsed(f"item {number}", "outside of the elements that hold articles", "") for number in outside)
    return replace(rows, unparsed=(*rows.unparsed, *lost))


def factiva_rows(lines: Sequence[str]) -> Rows | None:
    """A row per article of a file; None without a document number, and a count of words or field codes."""
    pairs = zip(lines, ["", *lines], strict=False)  # a field that is there twice is read once
    lines = [one for one, above in pairs if not (PAGE.fullmatch(one) or (one == above and CODE.match(one)))]
    numbers = [at for at, line in enumerate(lines) if NUMBER.fullmatch(_value(line))]
    if not numbers or not ({"title", "outlet"} <= {*map(_column, lines)} or counted(lines) is not None):
        return None
    records, start = [], 0
    for end in numbers:
        for cut in _cuts(lines, start, end):
            records.append({"title": " ".join(_value(line) for line in lines[start:cut])})
            start = cut
        records.append(_record(lines[start : end + 1]))
        start = end + 1
    rest = [line for line in lines[start:] if line]
    if any(CODE.match(line) and line[:2] in ("HD", "SN", "WC") for line in rest) or counted(rest) is not None:
        records.append({"title": " ".join(_value(line) for line in rest)})
    return _rows(records)


def _cuts(lines: Sequence[str], start: int, end: int) -> list[int]:
    """Where another article begins before the number of the one before it: above its count of words."""
    if heads := [at for at in range(start, end) if _column(lines[at]) == "title"]:
        return heads[1:]
    filled = [at for at in range(start, end) if lines[at]]
    counts = [
        n for n, (at, below) in enumerate(pairwise(filled))
        if COUNT.fullmatch(_value(lines[at])) and is_day(_value(lines[below]))
    ]  # fmt: skip
    return [filled[n - 1 - (BYLINE.match(_value(lines[filled[n - 1]])) is not None)] for n in counts[1:]]


def _rows(records: list[dict[str, str]]) -> Rows:
    items = list[tuple[dict[str, str], str]]()
    for record in records:  # lead and rest as one text, the number without the word before it
        if number := record.get("record"):
            text = "\n".join(filter(None, (record.pop("lead", ""), record.pop("tail", ""))))
            plain = match[1] if (match := NUMBER.fullmatch(number)) else number
            record |= {"text": text or record.get("text", ""), "record": plain}
            code = re.match(r"([A-Z]+?)0*(?:19|20)\d{6}", plain)
            if code and "source_code" not in record and record.get("outlet") == code[1]:
                record |= {"outlet": "", "source_code": code[1]}  # the name is missing
        items.append((record, "" if number else CUT))
    return item_rows(items)


def counted(lines: Sequence[str]) -> int | None:
    """The line with the count of words: a number and a word, with the date next, or a known word."""
    for at, line in enumerate(lines):
        if WORDS.fullmatch(line) or (COUNT.fullmatch(line) and at + 1 < len(lines) and is_day(lines[at + 1])):
            return at if not is_day(line) else None
    return None


def _of_element(div: Any) -> dict[str, str]:
    """The fields of an article by the codes in its table, else by the classes and the order of its parts."""
    rows = [cells for row in div.iter("tr") if len(cells := row.findall("td")) == 2]
    names = ((line_of(name), value) for name, value in rows)
    coded = {_column(name): "\n".join(blocks(value)) for name, value in names if CODE.fullmatch(name)}
    if "outlet" in coded:
        return coded
    paragraphs = [part for part in div.iter("p") if "articleParagraph" in part.get("class", "")]
    last = [line_of(part) for part in div.iter("p") if part not in paragraphs]
    head = [part for part in div.iter("div") if part is not div and part.find("div") is None]
    titles = div.xpath('.//*[contains(concat(@class, " "), "Headline ")]')
    author = [part for part in head if part.get("class") == "author"]
    others = [line_of(part) for part in head if part not in author and part.get("id") != "hd"]
    return {
        "title": "".join(map(line_of, titles[:1])), "author": " ".join(map(line_of, author)),
        **_ordered(others)[0], "text": "\n".join(map(line_of, paragraphs)),
        "record": next((match[1] for line in reversed(last) if (match := NUMBER.fullmatch(line))), ""),
    } | coded  # fmt: skip


def _record(lines: Sequence[str]) -> dict[str, str]:
    if not any(_column(line) in labels("factiva").values() for line in lines[:-1]):
        return _plain_lines([line for line in lines if line])
    found = filled(lines, lambda line, last: (_column(line) or last, _value(line)), "", between="\n")
    fields = {name: value for name, value in found.items() if name and value}
    return fields | {name: " ".join(fields[name].split()) for name in ("title", "author") if name in fields}


def _plain_lines(lines: list[str]) -> dict[str, str]:
    words = counted(lines)
    number = NUMBER.fullmatch(lines[-1])
    if words is None or number is None:
        return {"title": " ".join(lines)}
    listed = (at for at in range(words - 1, 0, -1) if any(one.startswith(f"{lines[at]} ") for one in lines[:at]))
    first = next(listed, int(lines[0] == lines[1]))  # beneath a list of contents, or the headline again
    fields, used = _ordered(lines[words:-1])
    rights = [at for at, line in enumerate(lines[words : words + HEAD]) if COPYRIGHT.match(line)]
    used = max(used, rights[0] + 1) if rights else used
    head = lines[first:words]
    named = len(head) > 1 and len(head[0].split()) <= SECTION and not BYLINE.match(head[1])
    named = named and (len(head[1].split()) > SECTION or any(map(BYLINE.match, head[2:3])))
    if named:
        fields["section"], *head = head
    head = ["", *head] if head and BYLINE.match(head[0]) else head  # the headline is missing
    above = {"title": "".join(head[:1]), "author": " ".join(head[1:])}
    return {**above, **fields, "text": "\n".join(lines[words + used : -1]), "record": number[1]}


def _ordered(lines: Sequence[str]) -> tuple[dict[str, str], int]:
    """The fields that only their order shows, and how many lines they took."""
    at = counted(lines) or 0
    fields = {"section": " ".join(lines[:at])}
    order = (
        ("length", COUNT), ("date", re.compile(r".*(?<!\d)(?:1[6-9]|20)\d\d(?!\d).*")), ("time", TIME),
        ("outlet", None), ("source_code", SOURCE_CODE), ("page", re.compile(r"\S*\d\S*")), ("language", None),
        ("copyright", None),
    )  # fmt: skip
    for name, pattern in order:
        while name != "source_code" and 0 < at < len(lines) and lines[at] == lines[at - 1]:
            at += 1  # a line that is there twice; a code may be the name
        if at < len(lines) and (pattern is None or pattern.fullmatch(lines[at])):
            fields[name], at = lines[at], at + 1
    return fields, at


def _column(line: str) -> str:
    """The column of a line with a field's code."""
    match = CODE.match(line)
    return labels("factiva").get(key(match[1]), match[1]) if match else ""


def _value(line: str) -> str:
    """A line without its code and the bars that mark the edges of cells."""
    match = CODE.match(line)
    return (match[2] or "" if match else line).strip().strip("|").strip()
