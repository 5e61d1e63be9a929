"""Many files as one table: texts, with or without a table that tells about them, and exports beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

import pandas as pd

from .decoding import decoded
from .formats import TABLES, read_file
from .sniff import format_of
from .source import Refused, Rows, Source, Unparsed

TABLE = "articles"  # a table of this name must name the texts; another may


def read_files(root: Source, files: Sequence[Source]) -> Rows:
    """The rows of all files, labelled by file and row, with a ``doc_id`` for texts.

    A file that is damaged or of no known format is an unparsed item, as long as another can be read. One that
    would harm the machine, or has a field nobody knows, stops the reading.
    """
    kinds = {file: format_of(file) for file in files}
    if [file.name for file in files] == [root.name] and kinds[files[0]] != "text":
        return _together(root, {"": read_file(files[0])}, [])
    names = {file: _name(root, file) for file in files}
    parts: dict[str, Rows] = {}
    failed: list[Unparsed] = []
    texts: dict[str, str] = {}
    encodings: set[str] = set()
    for file in files:
        try:
            if kinds[file] == "text":
                texts[names[file]], used = decoded(file)
                encodings.add(used)
            else:
                parts[names[file]] = read_file(file)
        except Refused:
            raise
        except ValueError as error:
            failed.append(Unparsed("", str(error).removeprefix(f"{file}: "), "", names[file]))
    tables = [names[file] for file in files if kinds[file] in TABLES and names[file] in parts]
    for name in tables if texts else ():
        parts[name], texts = _with_texts(f"{root}/{name}", PurePosixPath(name), parts[name], texts)
    encoding = ", ".join(sorted(encodings))
    parts = {
        name: replace(rows, encoding=encoding) if name in tables and encoding else rows
        for name, rows in parts.items()
    }
    every: dict[str | None, Rows] = dict(parts.items())
    return _together(root, every | ({None: Rows(_named(texts), encoding)} if texts else {}), failed)


def _name(root: Source, file: Source) -> str:
    return file.name.removeprefix(f"{root}/") if file.name != root.name else file.name.rpartition("/")[2]


def _with_texts(
    full_name: str, place: PurePosixPath, rows: Rows, texts: Mapping[str, str]
) -> tuple[Rows, dict[str, str]]:
    """A table with the texts that it names in its column ``file`` or by their story's id, and the other texts."""
    beside = {name: _beside(name, place) for name in texts if PurePosixPath(name).is_relative_to(place.parent)}
    if place.stem == TABLE or "file" in rows.table:
        described = _described(full_name, rows.table, {short: texts[name] for name, short in beside.items()})
        return replace(rows, table=described), {name: text for name, text in texts.items() if name not in beside}
    if "doc_id" not in rows.table or "text" not in rows.table or (rows.table["text"] != "").any():
        return rows, dict(texts)
    stories = {PurePosixPath(name).stem: name for name in beside}
    joined = [texts[stories[story]] if story in stories else "" for story in rows.table["doc_id"]]
    used = {stories[story] for story in rows.table["doc_id"] if story in stories}
    return replace(rows, table=rows.table.assign(text=joined)), {
        name: text for name, text in texts.items() if name not in used
    }


def _beside(name: str, table: PurePosixPath) -> str:
    return PurePosixPath(name).relative_to(table.parent).as_posix()


def _named(texts: Mapping[str, str]) -> pd.DataFrame:
    names = [PurePosixPath(name) for name in texts]
    return pd.DataFrame(
        {
            "doc_id": [name.with_suffix("").as_posix() for name in names],
            "outlet": [name.parent.name for name in names],
            "text": list(texts.values()),
        },
        index=list(texts),
    )


def _described(table: str, rows: pd.DataFrame, texts: Mapping[str, str]) -> pd.DataFrame:
    if "file" not in rows:
        raise ValueError(f"{table}: no column 'file'; it has {list(rows)}. It must name each text file.")
    if missing := sorted(set(rows["file"]) - set(texts)):
        raise ValueError(f"{table}: it names {missing[0]!r}, which the folder does not hold. Correct the name.")
    if left := sorted(set(texts) - set(rows["file"])):
        raise ValueError(f"{table}: no row for {left[0]!r}. Add it, or take the file out of the folder.")
    return rows.assign(text=rows["file"].map(texts))


def _together(root: Source, parts: Mapping[str | None, Rows], failed: Sequence[Unparsed]) -> Rows:
    """One table. Labels name the file, unless there is only one, called "" here; None are the texts."""
    unparsed = [*failed]
    for name, rows in parts.items():
        unparsed += [item._replace(source=name or root.path.name) for item in rows.unparsed]
    tables = [
        rows.table.set_axis([_place(name, label) for label in rows.table.index])
        for name, rows in parts.items()
        if len(rows.table)
    ]
    if not tables and (unparsed or not parts):
        raise ValueError(_nothing(root, unparsed))
    encodings = {used for rows in parts.values() for used in rows.encoding.split(", ") if used}
    table = (
        pd.concat(_identified(tables))
        if len(tables) > 1
        else (tables or [rows.table for rows in parts.values()])[0]
    )
    facts = [_facts(root, name, rows) for name, rows in parts.items()]
    return Rows(table, ", ".join(sorted(encodings)), tuple(sorted(unparsed)), pd.concat(facts, ignore_index=True))


def _facts(root: Source, name: str | None, rows: Rows) -> pd.DataFrame:
    """Where each row comes from; a text is a file of its own."""
    labels = [label if isinstance(label, str) else f"row {label}" for label in rows.table.index]
    source = labels if name is None else name or root.path.name
    facts = {"source": source, "item": "" if name is None else labels, "encoding": rows.encoding}
    return pd.DataFrame(facts, index=range(len(labels)), dtype="str")


def _identified(tables: list[pd.DataFrame]) -> list[pd.DataFrame]:
    """Where some files have ids and others not, the others' are their labels."""
    if not any("doc_id" in table for table in tables):
        return tables
    return [table if "doc_id" in table else table.assign(doc_id=table.index) for table in tables]


def _place(name: str | None, label: object) -> object:
    if not name or label == name:
        return label
    return f"{name}: {label if isinstance(label, str) else f'row {label}'}"


def _nothing(root: Source, unparsed: Sequence[Unparsed]) -> str:
    if not unparsed:
        return f"{root}: there is no article in it. It needs a text file an article, or exports of an archive."
    first = unparsed[0]
    items = "its one item could not" if len(unparsed) == 1 else f"none of its {len(unparsed)} items could"
    places = [first.source] * (first.source != root.path.name) + [first.place] * bool(first.place)
    return ": ".join([f"{root}: {items} be parsed. {': '.join(places)}", first.reason])
