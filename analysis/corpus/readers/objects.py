"""JSON: an object a line, an array of objects, or the answer of a news service with the objects inside."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from .columns import recognised
from .decoding import decoded
from .source import HALF_PAIR, Rows, Source, Unparsed, excerpt

DEEPEST = 4  # objects within objects that are looked into; the Guardian's answer has 3


def read_json(source: Source) -> Rows:
    """The objects as rows, labelled by element or line; what is not an object is an unparsed item."""
    text, encoding = decoded(source, lines=source.suffix in (".jsonl", ".ndjson"))
    if not text.strip():
        raise ValueError(f"{source}: the file is empty. It needs JSON objects.")
    try:
        found = json.loads(text, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError) as error:
        return _lines(source, text, encoding, str(error))
    elements = _inside(found)
    return _rows(source, {f"element {at}": element for at, element in enumerate(elements, start=1)}, encoding)


class _Pairs(dict[str, Any]):
    """An object, with the keys that it gives more than once."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        names = [name for name, _ in pairs]
        self.repeated = sorted({name for name in names if len(names) > len(self) and names.count(name) > 1})


def _lines(source: Source, text: str, encoding: str, reason: str) -> Rows:
    """An object a line. Blank lines are passed over."""
    items: dict[Any, Any] = {}
    read = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip(" \r\t\ufeff\x1e"):
            try:
                items[number] = json.loads(line.strip(" \r\t\ufeff\x1e"), object_pairs_hook=_Pairs)
                read += isinstance(items[number], dict)
            except (ValueError, RecursionError) as error:
                items[number] = ValueError(f"not JSON: {error}")
    if not read:
        raise ValueError(f"{source}: it is not JSON: {reason}. It needs an array of objects, or an object a line.")
    return _rows(source, items, encoding)


def _inside(found: Any) -> list[Any]:
    """The objects that are articles: the list itself, or the one within an answer that holds most objects.

    >>> _inside({"status": "ok", "response": {"results": [{"title": "a"}, {"title": "b"}], "tags": ["x"]}})
    [{'title': 'a'}, {'title': 'b'}]
    """
    if isinstance(found, list):
        return found
    if not isinstance(found, dict):
        return [found]
    if found and all(isinstance(value, dict) and _is_article(value) for value in found.values()):
        return list(found.values())  # under their ids, or pandas' "index"
    if _is_article(found):
        return [found]
    if isinstance(found.get("columns"), list) and isinstance(found.get("data"), list):  # pandas' "split"
        return [
            dict(zip(found["columns"], row, strict=False)) if isinstance(row, list) else row
            for row in found["data"]
        ]
    if "text" in recognised(found).values() and all(isinstance(cells, dict) for cells in found.values()):
        rows = dict.fromkeys(row for cells in found.values() for row in cells)  # pandas' "columns"
        return [{name: cells.get(row) for name, cells in found.items()} for row in rows]
    lists = [values for values in _lists(found, DEEPEST) if any(isinstance(value, dict) for value in values)]
    known = [values for values in lists if any(isinstance(value, dict) and _is_article(value) for value in values)]
    return max(known or lists, key=len, default=[found])


def _is_article(found: Mapping[str, Any]) -> bool:
    ours = set(recognised(_flat(found)).values())
    return "text" in ours or {"title", "url"} <= ours


def _lists(found: Mapping[str, Any], depth: int) -> Iterable[list[Any]]:
    for value in found.values() if depth else ():
        if isinstance(value, list):
            yield value
        elif isinstance(value, dict):
            if value and all(isinstance(inner, dict) for inner in value.values()):
                yield list(value.values())  # objects under their ids
            yield from _lists(value, depth - 1)


def _rows(source: Source, items: Mapping[Any, Any], encoding: str) -> Rows:
    rows: dict[int, dict[str, Any]] = {}
    unparsed: list[Unparsed] = []
    for place, item in items.items():
        number = place if isinstance(place, int) else int(place.split()[1])
        if reason := _problem(item):
            shown = "" if isinstance(item, ValueError) else excerpt(_written(item))
            unparsed.append(Unparsed(place if isinstance(place, str) else f"row {place}", reason, shown))
        else:
            rows[number] = _row(item, source.columns)
    return Rows(pd.DataFrame(list(rows.values()), index=list(rows), dtype="object"), encoding, tuple(unparsed))


def _row(item: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """The columns of an object; one in place of a text or outlet is kept, to be looked into or refused."""
    flat = _flat(item)
    known = set(recognised(flat).values())
    asked = recognised(item) | {theirs: ours for ours, theirs in columns.items()}
    kept = {
        theirs: item[theirs] for theirs, ours in asked.items()
        if isinstance(item.get(theirs), dict) and (ours not in known or theirs in columns.values())
    }  # fmt: skip
    return flat | kept


def _problem(item: Any) -> str:
    if isinstance(item, ValueError):
        return str(item)
    if not isinstance(item, dict):
        return f"a {type(item).__name__}, not an object"
    if repeated := getattr(item, "repeated", []):
        return f"the key {repeated[0]!r} is given more than once"
    return ""


def _flat(item: Mapping[str, Any], depth: int = DEEPEST) -> dict[str, Any]:
    """One level of columns, an object's under its name and theirs.

    >>> _flat({"source": {"name": "BBC"}, "text": ["One.", "Two."], "n": None})
    {'source.name': 'BBC', 'text': ['One.', 'Two.'], 'n': None}
    """
    flat: dict[str, Any] = {}
    for name, value in item.items():
        name = HALF_PAIR.sub("\ufffd", name)
        if isinstance(value, dict) and depth:
            flat |= {f"{name}.{inner}": found for inner, found in _flat(value, depth - 1).items()}
        else:
            flat[name] = HALF_PAIR.sub("\ufffd", value) if isinstance(value, str) else value
    return flat


def _written(value: Any) -> str:
    return HALF_PAIR.sub("\ufffd", json.dumps(value, ensure_ascii=False))
