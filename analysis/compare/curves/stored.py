"""Results kept on disk under the hash of all that they were made from."""

import hashlib
import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.corpus.files import write_whole

ROOMS = ("corpus", "text", "frames", "topics", "compare")


def default_cache() -> Path:
    """Where results are kept unless another place is named."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "outlet-framing" / "robustness"


def digest(value: Any) -> str:
    """The sha256 of a value as sorted JSON.

    >>> digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1})
    True
    """
    text = json.dumps(value, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def table_digest(table: pd.DataFrame) -> str:
    """The sha256 of a table as comma-separated text, whatever the order of its rows and columns.

    >>> table = pd.DataFrame({"doc_id": ["a", "b"], "text": ["x", "y"]})
    >>> table_digest(table) == table_digest(table.iloc[::-1, ::-1])
    True
    """
    columns = sorted(table.columns, key=str)
    lines = table[columns].to_csv(index=False, header=False, lineterminator="\0").split("\0")
    return digest([[str(column) for column in columns], sorted(lines)])


@cache
def code_digest() -> str:
    """The sha256 of the code and rules that results depend on: a changed line makes old ones unreachable."""
    root = Path(__file__).resolve().parents[2]
    files = sorted(path for room in ROOMS for path in (root / room).rglob("*") if path.suffix in (".py", ".yaml"))
    return digest([[path.relative_to(root).as_posix(), path.read_text("utf-8")] for path in files])


def kept(folder: Path | None, key: str) -> dict[str, Any] | None:
    """The result under this key, if there is one that can be read."""
    if folder is None:
        return None
    try:
        found = json.loads((folder / f"{key}.json").read_text("utf-8"))
    except (OSError, ValueError):  # none, or written by a machine that lost power
        return None
    return found if isinstance(found, dict) else None


def keep(folder: Path | None, key: str, result: Mapping[str, Any]) -> None:
    """Writes a result so that a reader finds the whole of it or nothing."""
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / f"{key}.json", json.dumps(dict(result), sort_keys=True))
