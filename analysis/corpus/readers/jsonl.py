"""One JSON object a line."""

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd

from .decoding import decoded

HALF_PAIR = re.compile("[\ud800-\udfff]")  # half of a sign that takes two: JSON may hold it, text may not


def read_jsonl(path: Path, encoding: str | None) -> tuple[pd.DataFrame, str]:
    """The objects as rows, labelled by their lines, and the encoding. Blank lines are passed over."""
    text, encoding = decoded(path, encoding)
    lines = {number: line for number, line in enumerate(text.split("\n"), start=1) if line.strip()}
    if not lines:
        raise ValueError(f"{path}: the file is empty. It needs a JSON object a line.")
    objects = {number: _object(path, number, line) for number, line in lines.items()}
    return pd.DataFrame(list(objects.values()), index=list(objects), dtype="object"), encoding


def _object(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path}: line {number} is no JSON: {error}. It needs a JSON object a line.") from None
    if not isinstance(found, dict):
        raise ValueError(f"{path}: line {number} holds a {type(found).__name__}. It needs a JSON object a line.")
    return {
        key: HALF_PAIR.sub("\ufffd", value) if isinstance(value, str) else value for key, value in found.items()
    }
