"""Many files as one table: texts, with or without a table that describes them, and exports beside them."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import pandas as pd

from ..tables import article_ids, check_columns
from .columns import TEXTLESS, recognised, without_needed
from .decoding import decoded
from .documents import is_export, read_lines, refuse_many
from .formats import TABLES, format_of, read_file
from .source import IDS, Refused, Rows, Source, Unparsed, place_of

# With which people name the file of a text: 2024-03-07, 20240307, 2024_03_07.
DAY = re.compile(r"((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
YEAR = re.compile(r"(?:19|20)\d\d(?:[-_.]?\d\d){0,2}|\d{1,2}")  # what names a folder of a year, month or day
TABLE = "articles"  # a table of this name must name the texts; another may


def read_files(root: Source, files: Sequence[Source], *, part: bool = False) -> Rows:
    """The rows of all files, labelled by file and row; a file that cannot be read is an unparsed item.

    A file that is alone raises its error, unless it is a ``part`` of a folder's files.
    """
    if [file.name for file in files] == [root.name] and format_of(files[0]) != "text":
        return _together(root, {"": read_file(files[0])}, [])
    names = _names(root, files)
    parts, texts, failed, encodings = dict[str, Rows](), dict[str, str](), list[Unparsed](), dict[str, str]()
    for file, name in names.items():
        try:
            if format_of(file) != "text":
                parts[name] = _with_partition(read_file(file), PurePosixPath(name))
                continue
            text, used = decoded(file)
            if is_export(text):
                parts[name] = read_lines(file)
            else:
                refuse_many(file, text)
                texts[name], encodings[name] = text, used
        except Refused:
            raise
        except ValueError as error:
            failed.append(Unparsed("", str(error).removeprefix(f"{file}: "), "", name))
    tables = [name for file, name in names.items() if name in parts and format_of(file) in TABLES]
    for name in tables if texts else ():
        rows, rest = _with_texts(f"{root}/{name}", PurePosixPath(name), parts[name], texts)
        encoding = ", ".join(sorted({encodings[text] for text in texts.keys() - rest.keys()}))
        parts[name], texts = replace(rows, encoding=encoding or rows.encoding), rest
    every: dict[str | None, Rows] = dict(parts.items())
    if texts:
        every[None] = _of_texts(root, texts, encodings)
    return _together(root, every, failed, part=part)


def _of_texts(root: Source, texts: Mapping[str, str], encodings: Mapping[str, str]) -> Rows:
    """Texts of which no table says more: each in the folder of its outlet, its name may begin with its date."""
    paths = [PurePosixPath(name) for name in texts]
    ids, outlets = [path.with_suffix("").as_posix() for path in paths], [*map(_folder, paths)]
    named = pd.DataFrame({"doc_id": ids, "outlet": outlets, "text": list(texts.values())}, index=list(texts))
    days, notes = [DAY.match(path.name) for path in paths], list[str]()
    if dated := sum(map(bool, days)):
        named["date"] = ["-".join(day.group(1, 3, 4)) if day else "" for day in days]
        notes = [f"{root}: dates taken from file names: {dated} of {len(paths)} texts."]
    facts = pd.DataFrame({"encoding": [encodings[name] for name in texts]})
    return Rows(named, "", notes=tuple(notes), facts=facts)


def _folder(path: PurePosixPath) -> str:
    """The folder of an outlet: the nearest that is not one of a year, month or day."""
    names = (re.sub(r"\.(?:zip|tar)$", "", name, flags=re.I) for name in reversed(path.parent.parts))
    return next((name for name in names if not YEAR.fullmatch(name)), "")


def _names(root: Source, files: Sequence[Source]) -> dict[Source, str]:
    """A name of its own for each file: an archive may hold two of one name, a folder a packed copy."""
    names, seen = dict[Source, str](), Counter[str]()
    for file in files:
        inner = file.name.removeprefix(f"{root}/")
        path = PurePosixPath(inner if file.name != root.name else Path(inner).name)
        seen[str(path)] += 1
        copies = f" (copy {seen[str(path)]})" if seen[str(path)] > 1 else ""
        names[file] = str(path.with_name(f"{path.stem}{copies}{path.suffix}"))
    return names


def _with_partition(rows: Rows, path: PurePosixPath) -> Rows:
    """The rows with what the names of their folders say: outlet=TASS/year=2022, as tables are kept in parts."""
    parts = (unquote(part).replace("__HIVE_DEFAULT_PARTITION__", "") for part in path.parent.parts)
    said = dict(part.split("=", 1) for part in parts if "=" in part)
    named = {ours: said[theirs] for theirs, ours in recognised(said).items()}
    more = {name: value for name, value in (said | named).items() if name not in rows.table}
    return replace(rows, table=rows.table.assign(**more)) if more else rows


def _with_texts(
    at: str, place: PurePosixPath, rows: Rows, texts: Mapping[str, str]
) -> tuple[Rows, dict[str, str]]:
    """A table with the texts that it names in its column ``file`` or by their story's id, and the other texts."""
    inside = {PurePosixPath(name): name for name in texts if PurePosixPath(name).is_relative_to(place.parent)}
    forms = [(path.relative_to(place.parent).as_posix(), path.name, path.stem) for path in inside]
    ways = [dict(zip(form, inside.values(), strict=True)) for form in zip(*forms, strict=True)] or [{}]
    held = ways[-1]
    textless = "text" not in rows.table or not (rows.table["text"] != "").any()
    if by_file := place.stem == TABLE or ("file" in rows.table and textless):
        check_columns(rows.table, ["file"], where=at, hint="It names each text.")
        fit = (way for way in ways if len(way) == len(inside) and {*way} >= {*rows.table["file"]})
        held = next(fit, ways[0])
        if missing := sorted({*rows.table["file"]} - {*held}):
            absent = f"it names {missing[0]!r}, which the folder does not hold. Correct the name."
            raise ValueError(f"{at}: {absent}")
        if left := sorted({*held} - {*rows.table["file"]}):
            raise ValueError(f"{at}: no row for {left[0]!r}. Add it, or take the file out of the folder.")
    elif not {"doc_id", "text"} <= {*rows.table} or not textless:
        return rows, dict(texts)
    named = [held.get(one, "") for one in rows.table["file" if by_file else "doc_id"]]
    joined = rows.table.assign(text=[texts.get(name, "") for name in named])
    return replace(rows, table=joined), {name: text for name, text in texts.items() if name not in {*named}}


def _together(
    root: Source, parts: Mapping[str | None, Rows], failed: Sequence[Unparsed], *, part: bool = False
) -> Rows:
    """One table. Labels name the file, unless there is only one, called "" here; None are the texts."""
    items = ((name, item) for name, rows in parts.items() for item in rows.unparsed)
    unparsed = [*failed, *(item._replace(source=name or root.path.name) for name, item in items)]
    texts = {name: "text" in rows.table and (rows.table["text"] != "").any() for name, rows in parts.items()}
    of_parts = ((name, note) for name, rows in parts.items() for note in rows.notes)
    notes = [
        note for name, note in of_parts if not (texts[name] and note.endswith(TEXTLESS))
    ]  # some are beside it
    places = {name: f"{root}/{name}" if name else str(root) for name in parts}
    lacks = {name: without_needed(rows, places[name]) for name, rows in parts.items() if len(rows.table.columns)}
    lacking = {name: error for name, error in lacks.items() if error}
    if len(parts) == 1 and not failed and lacking and not part:
        raise next(iter(lacking.values()))
    for name, error in lacking.items():
        unparsed.append(Unparsed("", str(error).removeprefix(f"{root}/{name}: "), "", name or root.path.name))
    parts = {name: rows for name, rows in parts.items() if name not in lacking}
    tables = {
        name: rows.table.set_axis(
            [one if name in ("", None, one) else f"{name}: {place_of(one)}" for one in rows.table.index]
        )
        for name, rows in parts.items()
        if len(rows.table)
    }
    if part and not tables:
        return Rows(pd.DataFrame(), "", tuple(sorted(unparsed)), notes=tuple(notes))
    if not tables and (unparsed or not parts):
        raise ValueError(_nothing(root, unparsed))
    found, more = _with_own_ids(tables)
    notes += [f"{root}: {note}" for note in more]
    found = found or [rows.table for rows in parts.values()]
    table = pd.concat(found) if len(found) > 1 else found[0]
    facts = [_facts(root, name, rows) for name, rows in parts.items()]
    return Rows(table, "", tuple(sorted(unparsed)), notes=tuple(notes), facts=pd.concat(facts, ignore_index=True))


def _with_own_ids(tables: Mapping[str | None, pd.DataFrame]) -> tuple[list[pd.DataFrame], list[str]]:
    """The tables, ids that two files share after the names of these; and what to say of it."""
    if len(tables) < 2 or not any("doc_id" in table for table in tables.values()):
        return [*tables.values()], []
    # where some files have ids, the others' are their labels
    tables = {
        name: table if "doc_id" in table else table.assign(doc_id=table.index) for name, table in tables.items()
    }
    ids = {name: article_ids(table) for name, table in tables.items()}
    every = pd.concat([one.drop_duplicates() for one in ids.values()])
    shared = every[every.duplicated()]
    own = {name: table for name, table in tables.items() if name is not None and ids[name].isin(shared).any()}
    for name, table in own.items():
        named = {column: table[column].astype("str").fillna("") for column in IDS if column in table}
        named |= {"doc_id": ids[name]}
        own[name] = table.assign(**{at: one.mask(one != "", f"{name}: " + one) for at, one in named.items()})
    found = [own.get(str(name), table) for name, table in tables.items()]
    said = f"{len(own)} files share ids, as {min(shared, default='')!r}; theirs have the file's name before them."
    return found, [said] * bool(own)


def _facts(root: Source, name: str | None, rows: Rows) -> pd.DataFrame:
    """Where each row comes from, and what its columns were read as; a text is a file of its own."""
    labels = [place_of(label) for label in rows.table.index]
    facts = {
        "source": labels if name is None else name or root.path.name,
        "item": "" if name is None else labels,
        "encoding": rows.facts.get("encoding", rows.encoding),
        "read_as": ", ".join(f"{theirs} → {ours}" for theirs, ours in rows.recognised.items()),
    }
    return pd.DataFrame(facts, index=range(len(labels)), dtype="str")


def _nothing(root: Source, unparsed: Sequence[Unparsed]) -> str:
    if not unparsed:
        return f"{root}: it holds no article. It needs a text file per article, or exports of an archive."
    first, n = unparsed[0], len(unparsed)
    if n == 1 and not first.place and first.source == root.path.name:
        return f"{root}: {first.reason}"
    places = [first.source] * (first.source != root.path.name) + [first.place] * bool(first.place)
    items = "its one item could not" if n == 1 else f"none of its {n} items could"
    return ": ".join([f"{root}: {items} be parsed. {': '.join(places)}", first.reason])
