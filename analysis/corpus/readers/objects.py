"""JSON: an object per line, an array of objects, or answers of a news service with the objects inside; Avro."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import Any

import pandas as pd

from ..files import shipped
from .columns import recognised
from .decoding import decoded_lines
from .source import HALF_PAIR, Rows, Source, Unparsed, damage_of, excerpt, place_of

DEEPEST = 4  # objects within objects that are looked into; the Guardian's answer has 3
CHUNK = 2_000  # objects that are held as Python's before they become columns
GAP = 100  # characters between two values
BLANK = " \r\n\t\ufeff\x1e,"  # around an object on its line; \x1e begins one in JSON text sequences
INSIDE = ("outlet", "title", "text")  # which an object may hold, as {"name": "Test Post"}
KINDS = {bool: "true or false", int: "a number", float: "a number", str: "a text", list: "a list"}
Item = tuple[int | str, Any]  # the number or place of an object, and what is there
Lines = Callable[[], Iterable[str]]


def read_json(source: Source) -> Rows:
    """The objects as rows, labelled by element or line; what is not an object is an unparsed item."""
    lines, encoding = decoded_lines(source, endless=source.suffix not in (".jsonl", ".ndjson"))
    filled = list(islice(((number, line) for number, line in enumerate(lines(), 1) if line.strip(BLANK)), 2))
    if not filled:
        raise ValueError(f"{source}: the file is empty. It needs JSON objects.")
    try:
        first = _loaded(filled[0][1])
    except (ValueError, RecursionError):
        items = _whole(source, lines)
    else:
        items = _elements(first) if len(filled) == 1 else _lines(lines())
    return _rows(source, items, encoding)


def read_avro(source: Source) -> Rows:
    """The records of an Avro file, as Factiva's Snapshots come, as rows."""
    try:
        from fastavro import reader  # an extra: few corpora come so
    except ImportError:
        hint = "Install it with: pip install fastavro. Or ask for CSV."
        raise ValueError(f"{source}: an Avro file, whose reading needs a further package. {hint}") from None
    with damage_of(source, "Avro file"), source.path.open("rb") as file:
        return _rows(source, ((at, record) for at, record in enumerate(reader(file), start=1)), "utf-8")


def _whole(source: Source, lines: Lines) -> Iterator[Item]:
    """The elements of a file that is one value; its lines, where some of them are objects."""
    text = "".join(lines())
    try:
        return _elements(_loaded(text))
    except (ValueError, RecursionError) as error:
        with suppress(ValueError, RecursionError):
            return _elements([*_one_after_another(text)])
        at = error if isinstance(error, json.JSONDecodeError) else None
        where = f"line {at.lineno}, character {at.colno}: " if at else ""
        if any(isinstance(item, dict) for _, item in _lines(lines())):
            return _lines(lines())
        need = "It needs an array of objects, or an object per line."
        raise ValueError(f"{source}: it is not JSON: {where}{_plainly(error)}. {need}") from None


def _loaded(text: str) -> Any:
    found = json.loads(text.strip(BLANK), object_pairs_hook=_object)
    return _loaded(found) if isinstance(found, str) and found[:1] in ("[", "{") else found  # JSON within JSON


def _one_after_another(text: str) -> Iterator[Any]:
    """Values that stand one after another, over several lines, as jq prints them."""
    decoder, at, text = json.JSONDecoder(object_pairs_hook=_object), 0, text.strip(BLANK)
    while at < len(text):
        found, at = decoder.raw_decode(text, at)
        yield found
        at += len(text[at : at + GAP]) - len(text[at : at + GAP].lstrip(BLANK))


def _object(pairs: list[tuple[str, Any]]) -> Any:
    """An object; of one around a value, which names its type as MongoDB does ({"$date": …}), the value."""
    return pairs[0][1] if len(pairs) == 1 and pairs[0][0].startswith("$") else _Pairs(pairs)


def _plainly(error: ValueError | RecursionError) -> str:
    """What is wrong with JSON, without the parser's words and places."""
    said = getattr(error, "msg", "Deep" * isinstance(error, RecursionError))
    known = shipped(__package__, "formats.yaml")["json_faults"].items()
    return next((plain for begins, plain in known if said.startswith(begins)), str(error))


class _Pairs(dict[str, Any]):
    """An object, with the keys that it gives more than once."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        names = [name for name, _ in pairs]
        self.repeated = sorted({name for name in names if len(names) > len(self) and names.count(name) > 1})


def _lines(lines: Iterable[str]) -> Iterator[Item]:
    """An object per line, or an answer with several. Blank lines are passed over."""
    for number, line in enumerate(lines, start=1):
        if line.strip(BLANK):
            try:
                found = _loaded(line)
            except (ValueError, RecursionError) as error:
                yield number, ValueError(f"the line is not JSON: {_plainly(error)}", line)
                continue
            batch = isinstance(found, list) and any(isinstance(one, dict) for one in found)
            inner = found if batch else _answer(found)
            yield from ((f"row {number}, article {at}", one) for at, one in enumerate(inner, 1))
            if not inner:
                yield number, found


def _elements(found: Any) -> Iterator[Item]:
    return ((f"element {at}", element) for at, element in enumerate(inside(found), start=1))


def inside(found: Any) -> list[Any]:
    """The objects that are articles: the list itself, or the one within an answer that holds most objects."""
    if isinstance(found, list):
        return [one for element in found for one in (_answer(element) or [element])]
    if not isinstance(found, dict):
        return [found]
    if found and all(map(_is_article, found.values())):
        return list(found.values())  # under their ids, or pandas' "index"
    if isinstance(found.get("columns"), list) and isinstance(found.get("data"), list):  # pandas' "split"
        names, rows = found["columns"], found["data"]
        return [dict(zip(names, row, strict=False)) if isinstance(row, list) else row for row in rows]
    cells = [*found.values()] if "text" in recognised(found).values() else []
    even = all(isinstance(cell, list) for cell in cells) and len(set(map(len, cells))) == 1
    if cells and (even or all(isinstance(cell, dict) for cell in cells)):  # pandas' "list" or "columns"
        return pd.DataFrame(found, dtype="object").to_dict("records")
    if answer := _answer(found):
        return answer
    lists = [values for values in _lists(found, DEEPEST) if any(isinstance(value, dict) for value in values)]
    return inside(max(lists, key=len)) if lists and not _is_article(_unwrapped(found)) else [found]


def _answer(found: Any) -> list[Any]:
    """The articles within an answer of a news service, or under years; none of an article itself."""
    if not isinstance(found, dict) or _is_article(found):
        return []
    many = [one for part in _lists(found, DEEPEST) if any(map(_is_article, part)) for one in part]
    alone = "text" in _ours(_unwrapped(found)) and not any("text" in _ours(one) for one in many)
    return [] if alone else many  # pages that one article names


def _is_article(found: Any) -> bool:
    return "text" in (ours := _ours(found)) or {"title", "url"} <= ours


def _ours(found: Any) -> set[str]:
    """Our names of what an object holds, without lists of articles."""
    flat = _flat(found) if isinstance(found, dict) else {}
    listed = ((name, one) for name, value in flat.items() if isinstance(value, list) for one in value)
    many = {name for name, one in listed if isinstance(one, dict) and "title" in recognised(one).values()}
    return {*recognised(name for name in flat if name not in many).values()}


def _lists(found: Mapping[str, Any], depth: int) -> Iterable[list[Any]]:
    for value in found.values() if depth else ():
        if isinstance(value, list):
            yield value
        elif isinstance(value, dict):
            under_ids = [*value.values()] if all(isinstance(inner, dict) for inner in value.values()) else []
            if under_ids:
                yield under_ids
            if not any(map(_is_article, under_ids)):  # else theirs are lists of related ones
                yield from _lists(value, depth - 1)


def _rows(source: Source, items: Iterator[Item], encoding: str) -> Rows:
    unparsed, tables = list[Unparsed](), list[pd.DataFrame]()
    while part := list(islice(items, CHUNK)):
        part = [(place, _unwrapped(item)) for place, item in part]
        problems = [_problem(item) for _, item in part]
        for place, item, reason in ((*one, reason) for one, reason in zip(part, problems, strict=True) if reason):
            begun = item.args[1] if isinstance(item, ValueError) else json.dumps(item, ensure_ascii=False)
            unparsed.append(Unparsed(place_of(place), reason, excerpt(HALF_PAIR.sub("\ufffd", begun))))
        read = [one for one, reason in zip(part, problems, strict=True) if not reason]
        labels = [int(place[8:]) if str(place).startswith("element") else place for place, _ in read]  # type: ignore[index]
        table = pd.DataFrame([_row(item, source.columns) for _, item in read], labels, dtype="object")
        kinds = {name: pd.api.types.infer_dtype(table[name], skipna=True) for name in table}
        tables.append(table.astype({name: "str" for name, kind in kinds.items() if kind == "string"}))
    table = pd.concat(tables) if tables else pd.DataFrame()
    return Rows(table.infer_objects(), encoding, tuple(unparsed))


def _unwrapped(item: Any, depth: int = DEEPEST) -> Any:
    """An object with the article inside it as its own: a search server's _source, an API's attributes."""
    if not isinstance(item, dict) or not depth or _is_article(item):
        return item
    objects = {name: _unwrapped(value, depth - 1) for name, value in item.items() if isinstance(value, dict)}
    inner = [name for name, value in objects.items() if _is_article(value)]
    if len(inner) != 1:
        return item
    found = objects[inner[0]]
    merged = _Pairs([(name, value) for name, value in item.items() if name not in (*inner, *found)])
    merged |= found
    merged.repeated += getattr(item, "repeated", []) + getattr(found, "repeated", [])
    return merged


def _row(item: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """The columns of an object; one in place of a text or outlet is kept, to be looked into or refused."""
    flat = _flat(item)
    objects = {name: value for name, value in item.items() if isinstance(value, dict)}
    if not objects:
        return flat
    known, ours = set(recognised(flat).values()), recognised(item)
    wanted = [name for name in objects if ours.get(name) in INSIDE and ours[name] not in known]
    return flat | {name: value for name, value in objects.items() if name in {*wanted, *columns.values()}}


def _problem(item: Any) -> str:
    if isinstance(item, ValueError):
        return str(item.args[0])
    if not isinstance(item, dict):
        return f"{KINDS.get(type(item), 'null')}, not an object"
    repeated = getattr(item, "repeated", [])
    return f"the key {repeated[0]!r} is given more than once" if repeated else ""


def _flat(item: Mapping[str, Any], depth: int = DEEPEST) -> dict[str, Any]:
    """One level of columns, an object's under its name and theirs."""
    flat: dict[str, Any] = {}
    for name, value in item.items():
        name = HALF_PAIR.sub("\ufffd", name)
        if isinstance(value, dict) and depth:
            flat |= {f"{name}.{inner}": found for inner, found in _flat(value, depth - 1).items()}
        else:
            value = value[0] if isinstance(value, list) and len(value) == 1 else value  # as Scrapy collects
            flat[name] = HALF_PAIR.sub("\ufffd", value) if isinstance(value, str) else value
    return flat
