"""JSON: an object a line, or an array of objects."""

import json
import re
from typing import Any

import pandas as pd

from .decoding import decoded
from .source import Rows, Source, Unparsed, excerpt

HALF_PAIR = re.compile("[\ud800-\udfff]")  # half of a sign that takes two: JSON may hold it, text may not


def read_jsonl(source: Source) -> Rows:
    """The objects as rows, labelled by their lines. Blank lines are passed over."""
    text, encoding = decoded(source)
    lines = {number: line for number, line in enumerate(text.split("\n"), start=1) if line.strip()}
    if not lines:
        raise ValueError(f"{source}: the file is empty. It needs a JSON object a line.")
    objects = {number: _object(source, number, line) for number, line in lines.items()}
    return Rows(_table(objects), encoding)


def read_json(source: Source) -> Rows:
    """The objects of an array as rows, counted from 1. An element that is no object is an unparsed item."""
    text, encoding = decoded(source, lines=False)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{source}: it is no whole JSON: {error}. It needs an array of objects.") from None
    elements = found if isinstance(found, list) else [found]
    objects = {at: _mended(element) for at, element in enumerate(elements, 1) if isinstance(element, dict)}
    others = tuple(
        Unparsed(f"element {at}", f"a {type(element).__name__}, not an object", excerpt(json.dumps(element)))
        for at, element in enumerate(elements, 1)
        if not isinstance(element, dict)
    )
    return Rows(_table(objects), encoding, others)


def _table(objects: dict[int, dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(list(objects.values()), index=list(objects), dtype="object")


def _object(source: Source, number: int, line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{source}: line {number} is no JSON: {error}. It needs a JSON object a line.") from None
    if not isinstance(found, dict):
        raise ValueError(f"{source}: line {number} holds a {type(found).__name__}. It needs a JSON object a line.")
    return _mended(found)


def _mended(found: dict[str, Any]) -> dict[str, Any]:
    return {
        key: HALF_PAIR.sub("\ufffd", value) if isinstance(value, str) else value for key, value in found.items()
    }
