"""What a cell holds, as text: lists of paragraphs joined, objects looked into, markup taken off."""

import ast
import html
import json
import re
from contextlib import suppress
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from .pages import blocks, parsed
from .source import HALF_PAIR

INSIDE = ("name", "title", "main", "text", "value", "default", "rendered")  # an object's name or text
PARAGRAPHS = ("text", "content", "paragraph", "body", "value")
BESIDE = ("title", "headline", "kicker", "byline", "date", "caption")  # types of parts that are none
TAGS = "p|br|div|span|a|b|i|u|em|strong|font|script|style|h[1-6]|ul|ol|li|img|figure|figcaption|table|tr|td|th"
MARKUP = re.compile(
    rf"</?(?:{TAGS}|blockquote|section|article|html|body|iframe|noscript|hr|sup|sub|small|main|header|footer|aside)"
    r"(?:\s[^<>]*)?/?>|<!--",
    re.I,
)
ENTITY = re.compile(r"&(?:[a-z]{2,8}|#\d{1,6}|#x[0-9a-f]{1,5});", re.I)
LIST = re.compile(r"\s*(?:\[\s*(?:['\"].*['\"]|\{.*\})\s*\]|\{\s*['\"].*\})\s*", re.S)
ODD = r"[<&]|^\s*[\[{]|^b['\"]|\\n"  # what more than a plain text may begin with or hold
BYTES = re.compile(r"b(['\"]).*\1", re.S)
ESCAPED = 3  # times that text may have been escaped, as by a feed, a database and a page
ESCAPES = 2  # breaks of lines that are spelled out; one may be the path of a file
ESCAPE = re.compile(r"""\\(?:[nrt"'/]|u[0-9a-fA-F]{4})""")


class Unreadable(ValueError):
    """A cell that holds something which is not a text."""


def not_plain(column: pd.Series) -> list[int]:
    """The places of the cells that may hold more than a plain text: tags, entities, a list, or no text at all."""
    if isinstance(column.dtype, pd.StringDtype):
        cells = pa.chunked_array(pa.array(column))
        found = pc.fill_null(pc.match_substring_regex(cells, ODD), True)
        return [int(at) for at in found.to_numpy().nonzero()[0]]
    plain = (isinstance(cell, str) and not re.search(ODD, cell) for cell in column.tolist())
    return [at for at, is_plain in enumerate(plain) if not is_plain]


def text_of_cell(value: Any) -> str:
    """The text of a cell. Unreadable where it holds objects without a text, or a number without an end."""
    if isinstance(value, str):
        found = _literal(value) if LIST.fullmatch(value) else None
        return without_markup(_unescaped(value)) if found is None else text_of_cell(found)
    if isinstance(value, bytes):
        return without_markup(value.decode(errors="replace"))
    if isinstance(value, dict):
        return _named_part(value)
    if hasattr(value, "tolist") and not pd.api.types.is_scalar(value):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        parts = [part for part in value if not isinstance(part, dict) or part.get("type") not in BESIDE]
        texts = [part for part in parts if not isinstance(part, dict) or {*part}.intersection(PARAGRAPHS)]
        marked = any(isinstance(part, dict) for part in texts)  # words in bold and links within a sentence
        inline = marked and any(isinstance(part, str) and part != part.strip() for part in texts)
        between = "" if inline else "\n\n"
        return between.join(filter(None, map(_paragraph, texts or value)))  # without pictures between
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        raise Unreadable(f"{value}, not a text")
    return "" if pd.isna(value) else str(value)


def _unescaped(text: str) -> str:
    """The text whose bytes or escapes are spelled out, as scripts print them: b'caf\\xc3\\xa9', "One.\\nTwo."."""
    if BYTES.fullmatch(text):
        with suppress(ValueError, SyntaxError, MemoryError):
            return str(ast.literal_eval(text).decode(errors="replace"))
    if "\n" in text or text.count("\\n") < ESCAPES:
        return text
    plain = ESCAPE.sub(lambda found: str(json.loads(f'"{found[0]}"')) if found[0] != "\\'" else "'", text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()


def without_markup(text: str) -> str:
    """The text that a browser would show: tags, scripts and comments off, entities as characters."""
    for _ in range(ESCAPED):
        if MARKUP.search(text):
            text = "\n".join(blocks(parsed(f"<div>{text}</div>")))
        if not ENTITY.search(text):
            return text
        text = html.unescape(text)
    return text


def _named_part(value: dict[str, Any]) -> str:
    for found in (value.get(name) for name in (*INSIDE, *PARAGRAPHS)):
        if isinstance(found, str):
            return without_markup(found)
    raise Unreadable(f"an object, not a text; its parts: {', '.join(map(str, value))[:80]}")


def _paragraph(part: Any) -> str:
    if isinstance(part, dict):
        return _named_part({name: part[name] for name in PARAGRAPHS if name in part} or part)
    if not isinstance(part, str) and part is not None:
        raise Unreadable(f"a list of {type(part).__name__}, not of paragraphs")
    return without_markup(HALF_PAIR.sub("\ufffd", part or ""))


def _literal(text: str) -> list[Any] | dict[str, Any] | None:
    """The list or object that a table's cell spells out, in JSON or as Python prints it."""
    for read in (json.loads, ast.literal_eval):
        with suppress(ValueError, SyntaxError, RecursionError, MemoryError):
            if isinstance(found := read(text), (list, dict)):
                return found
    return None
