"""How a table was made: what went in, by which step, with which settings and versions."""

import hashlib
import json
import platform
import tomllib
import weakref
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from pandas.core.util.hashing import combine_hash_arrays  # type: ignore[attr-defined]

Table = TypeVar("Table", bound=pd.DataFrame)

NAME = "outlet-framing"
PACKAGES = ("numpy", "pandas", "scipy")  # those that compute the numbers in the tables
PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"  # there where the package is used from its folder
DIGITS = 16  # of a sha256: enough to distinguish inputs, and short enough to print


class Made(dict[str, Any]):
    """How a table was made; never changed, so that pandas need not copy it with every column it takes."""

    def __deepcopy__(self, memo: dict[int, Any]) -> "Made":
        return self


def stamped(table: Table, step: str, given: Mapping[str, Any], settings: Mapping[str, Any]) -> Table:
    """The table with ``.attrs["made"]``: step, settings, versions, and of each input its hash and how it was made.

    Text and numbers only, so that tables still compare, join and copy; no clock and no path, so that two runs give
    the same.

    >>> table = stamped(pd.DataFrame({"share": [0.5]}), "compare_outlets", {"shares": pd.DataFrame()}, {"seed": 0})
    >>> sorted(table.attrs["made"]), table.attrs["made"]["settings"]
    (['from', 'settings', 'step', 'versions'], {'seed': 0})
    """
    known = {name: value for name, value in given.items() if value is not None}
    inputs = {name: {"sha256": content_hash(value), **_origin(value)} for name, value in known.items()}
    made = Made({"step": step, "settings": dict(settings), "versions": versions(), "from": inputs})
    table.attrs = {**table.attrs, "made": made}
    return table


def content_hash(value: Any) -> str:
    """The first digits of the sha256 of a table's cells and labels in any order, or of another value's text.

    >>> table = pd.DataFrame({"a": [1, 2]})
    >>> turned = table.iloc[::-1].reset_index(drop=True)
    >>> content_hash(table) == content_hash(turned) != content_hash(table + 1)
    True
    """
    if isinstance(value, pd.DataFrame):
        ordered = value[sorted(value.columns, key=str)]
        mixed = [name for name, kind in ordered.dtypes.items() if kind.name == "object"]  # cells of any kind
        ordered = ordered.astype(dict.fromkeys(mixed, "str"))
        named = ordered.index.name is not None  # other labels only count the rows
        arrays = [_hashes(ordered[name]) for name in ordered] + [_hashes(ordered.index)] * named
        cells = np.sort(combine_hash_arrays(iter(arrays), len(arrays), length=len(ordered)))
        labels = "\0".join(map(str, ordered.columns)).encode()
        return hashlib.sha256(labels + cells.astype("<u8").tobytes()).hexdigest()[:DIGITS]
    return hashlib.sha256(repr(value).encode()).hexdigest()[:DIGITS]


def text_hash(text: object) -> str:
    """The sha256 of a text, whatever characters it holds."""
    return hashlib.sha256(str(text).encode("utf-8", "surrogatepass")).hexdigest()


def digest(value: Any) -> str:
    """The sha256 of a value as sorted JSON."""
    return text_hash(json.dumps(value, sort_keys=True, ensure_ascii=False, default=str))


_KNOWN: dict[int, tuple[Any, Any]] = {}  # by the id of Arrow's texts, which never change: they, and their hashes


def _hashes(column: "pd.Series[Any] | pd.Index[Any]") -> Any:
    """pandas' hash of each cell; of texts it is computed once, for every step would hash the corpus again."""
    texts = None if isinstance(column, pd.MultiIndex) else getattr(column.array, "_pa_array", None)
    known = _KNOWN.get(id(texts))
    if known and known[0]() is texts:
        return known[1]
    found = pd.util.hash_pandas_object(column, index=False).to_numpy(dtype=np.uint64)
    if texts is not None:
        _KNOWN[id(texts)] = weakref.ref(texts), found
        weakref.finalize(texts, _KNOWN.pop, id(texts), None)
    return found


def versions(packages: Iterable[str] = PACKAGES) -> dict[str, str]:
    """The versions of Python, this package and others, by default those that its numbers come from."""
    own = {"python": platform.python_version(), NAME: own_version()}
    return own | {name: _version(name) for name in packages}


def optional(package: str, what: str, instead: str = "") -> Any:
    """A package that few need; where it is missing, what to run, or to do ``instead``."""
    try:
        return import_module(package)
    except ImportError:
        name = package.replace("_", "-")
        raise ImportError(f"{what}: {name} is not installed. Run pip install {name}{instead}.") from None


@cache  # each look-up reads a folder
def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


@cache
def own_version(project: Path = PROJECT) -> str:
    """The version of this package: from its folder if it is used from there, else as installed.

    >>> own_version().count(".")
    2
    """
    found = tomllib.loads(project.read_text("utf-8")).get("project", {}) if project.exists() else {}
    if found.get("name") == NAME:  # the folder that an installed package lies in may hold another's
        return str(found["version"])
    return _version(NAME) or "not installed"


def _origin(value: Any) -> dict[str, Any]:
    """How an input was itself made, and how large it is."""
    if not isinstance(value, pd.DataFrame):
        return {"name": str(getattr(value, "name", type(value).__name__))}
    made = value.attrs.get("made")
    return {"rows": len(value)} | ({"made": made} if made else {})
