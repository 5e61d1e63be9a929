"""Which column of a table is which, by the names that people and databases give."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from itertools import chain

import numpy as np
import pandas as pd
import pyarrow as pa

from ..dates import dates
from ..files import shipped
from ..tables import did_you_mean, key, missing_column, near_miss
from .cells import Unreadable, not_plain, text_of_cell
from .source import OURS, Rows, Source, Unparsed, address_host, excerpt, place_of

TEXTLESS = ": no article has a text; those of Media Cloud and GDELT have none. Put texts beside it, each as ID.txt"
CORE = ("outlet", "date", "title", "text")
PARTS = ("year", "month", "day")  # of a date in three columns
# What later steps use besides, under the name that it has.
USED = [*CORE, "doc_id", "url", "agency", "language", "byline", "author", "credit", "country", "ownership"]
USED += ["file", "snippet", *PARTS]
ORDERS = {"date_dmy": "dmy", "date_mdy": "mdy"}  # a date whose order of day and month is known
NO_ARTICLE = "no date, title, address or text: a sum, or a note beneath the table"
OF_ABOVE = "no outlet, date, title or address: a paragraph of the row above? Put each article into one row"
SHOWN = 5  # columns without a use that are named
CLOSE = 0.8  # difflib's ratio: "publcation" for "publication" has .95, "outlets" .92, "note" for "date" .5
OF = re.compile(r"(.+?)\s+of\s+(?:the\s+)?(\S.*)", re.I)
UNNAMED = re.compile(r"column \d+")  # what a column without a name is called
CUT = r"\[\+?\d+ chars\]\s*$"  # how news services such as NewsAPI and GNews end a text that they cut off
LONGEST_CELL = 32_767  # characters of a cell; Excel cuts off what is longer
SAMPLE = 50  # cells from which a column is judged to hold days
LONG = 100  # characters, of texts
DAYS = 0.8  # of them: a column of comments now and then holds a day


def recognised(names: Iterable[str]) -> dict[str, str]:
    """Our name of each column that is known, keyed by the table's own."""
    return dict(_recognised(tuple(names)))


@lru_cache(maxsize=1024)  # objects of JSON mostly have the same names
def _recognised(given: tuple[str, ...]) -> dict[str, str]:
    known = {key(name.partition("-")[2]): name for name in reversed(given) if "-" in name}  # CNKI's "Title-题名"
    known |= {key(name.partition(".")[2]): name for name in reversed(given) if re.match(r"meta(?:data)?\.", name)}
    turned = ((OF.match(name), name) for name in reversed(given))  # "Date of publication"
    known |= {key(f"{match[2]} {match[1]}"): name for match, name in turned if match}
    known |= {key(name): name for name in reversed(given)}
    found: dict[str, str] = {}
    for ours, others in _names().items():
        theirs = [known[other] for other in others if other in known and known[other] not in found]
        found |= dict.fromkeys([ours] if ours in given else theirs[:1], ours)
    return {theirs: ours for theirs, ours in found.items() if ours != "teaser" or "text" not in found.values()}


def check_targets(columns: Iterable[str]) -> None:
    """Refuses a name that no step knows in place of one of ours, as ``columns=`` gives it."""
    names = (*USED, *ORDERS)
    for ours in (ours for ours in columns if ours not in names):
        near = recognised([ours]).get(ours) or near_miss(ours, names)
        what = f"columns=: {ours!r} is not one of our columns. These are: {', '.join(names)}."
        raise ValueError(f"{what} {did_you_mean(near)}".rstrip())


def is_header(cells: Iterable[str]) -> bool:
    """Whether these cells name the columns of a table of articles."""
    found = set(recognised(cell for cell in cells if 0 < len(cell) < 60).values())
    return ("text" in found and len(found) > 1) or len(found & {"outlet", "date", "title", "url", "teaser"}) > 2


def named(source: Source, rows: Rows) -> Rows:
    """The rows under our names, those that the user gave first; what became what; and notes for the reader."""
    pa.default_memory_pool().release_unused()  # what unpacking took, before texts are copied
    if set(rows.table) >= OURS:
        return rows
    table = _with_day(rows.table.rename(columns=str))
    asked = asked_of(source)
    for theirs in (theirs for theirs in asked if theirs not in table):
        raise missing_column(table, theirs, where=str(source), hint=f"Name one: columns={{'{asked[theirs]}': …}}.")
    free = [name for name in map(str, table) if name not in asked]
    taken = {*asked.values()} | ({"teaser"} if "text" in asked.values() else set())
    found = {
        theirs: "text" if ours == "teaser" else ours for theirs, ours in recognised(free).items()
        if ours not in taken and (ours != "doc_id" or not _not_ids(source, table[theirs]))
    }  # fmt: skip
    chosen = asked | found
    aside = {name: f"{name} (in the file)" for name in free if name in chosen.values() and name not in chosen}
    renamed = _without_headers(source, table, chosen).rename(columns=aside | chosen)
    renamed, served = _filled(renamed, {*free} - {*chosen})
    renamed, chosen = _completed(renamed, chosen)
    renamed, unreadable = _plain(renamed)
    listed = len(renamed) > 0 and {"text", "url"} <= {*renamed} and "file" not in renamed
    textless = listed and bool((renamed["text"] == "").all())
    return replace(
        rows, table=renamed, unparsed=(*rows.unparsed, *unreadable),
        recognised={theirs: ours for theirs, ours in (chosen | served).items() if theirs != ours},
        notes=(*rows.notes, *_notes(source, renamed, found), *[f"{source}{TEXTLESS}"] * textless),
    )  # fmt: skip


def _completed(table: pd.DataFrame, chosen: dict[str, str]) -> tuple[pd.DataFrame, dict[str, str]]:
    """The table with outlets by address, room for texts beside it, and the first paragraph before the rest."""
    hosts = [address_host(str(url)) for url in table["url"]] if "url" in table and "outlet" not in table else []
    if any(hosts):
        table.insert(0, "outlet", hosts)
        chosen = chosen | {f"host of {next(t for t, ours in chosen.items() if ours == 'url')}": "outlet"}
    if "text" not in table and {"title", "url", "date"} <= set(table):
        table = table.assign(text="")  # addresses (Media Cloud, GDELT), to which texts may be joined by ids
        ids = next((name for name in map(str, table) if key(name) == "id"), None)
        if "doc_id" not in table and ids and _identifies(table[ids]):
            table, chosen = table.rename(columns={ids: "doc_id"}), chosen | {ids: "doc_id"}
    if {"an", "snippet", "text"} <= set(table):  # Factiva's Snapshots: the first paragraph, and the rest
        table = table.assign(text=table["snippet"].astype("str") + "\n" + table["text"].astype("str"))
    return table, chosen


def _notes(source: Source, table: pd.DataFrame, found: Mapping[str, str]) -> Iterable[str]:
    """Hints: a summary in place of the text, columns that could be a date or title, texts that are cut off."""
    teasers = [one for one, ours in found.items() if ours == "text" and key(one) in _names()["teaser"]]
    for theirs in teasers:
        yield f"{source}: {theirs!r} is taken for the text; it holds a summary, not the article."
    yield from _unused(source, table)
    texts = table["text"].astype("str") if "text" in table else pd.Series(dtype="str")
    if cut := int(texts[texts.str.contains(" chars]", regex=False)].str.contains(CUT).sum()):
        yield f"{source}: {cut} of {len(table)} texts are cut off: the news service gives the beginning of each."
    if {*CORE} <= {*table}:
        told = table[[*CORE[:3]]].astype("str")
        same = ((told == told.shift()).all(axis=1) & (told["title"] != "") & (texts != texts.shift())).sum()
        if same > len(table) / 2:
            yield f"{source}: {same} of {len(table)} rows repeat outlet, date and title; join what is one article."
    if full := int((texts.str.len() == LONGEST_CELL).sum()):
        most = f"{LONGEST_CELL:,} characters, the most that a cell of Excel holds"
        yield f"{source}: {full} of {len(table)} texts have {most}; the rest of each is cut off."


def asked_of(source: Source) -> dict[str, str]:
    """Our name of each column that the user named."""
    return {theirs: "date" if ours in ORDERS else ours for ours, theirs in source.columns.items()}


def with_unused(source: Source, rows: Rows) -> Rows:
    """The rows, their columns that no step uses named as such."""
    names = [name for name in map(str, rows.table) if name not in {*USED, *rows.recognised}]
    unused = [name for name in names if not UNNAMED.fullmatch(name)]
    if not unused or set(rows.table) >= OURS:
        return rows
    for at, name in enumerate(unused):
        if recognised([name]).get(name) == "doc_id" and "doc_id" not in rows.table:
            unused[at] = f"{name} ({_not_ids(source, rows.table[name])})"
    more = f" and {len(unused) - SHOWN} more" * (len(unused) > SHOWN)
    return replace(rows, recognised={**rows.recognised, ", ".join(unused[:SHOWN]) + more: "not used"})


def _with_day(table: pd.DataFrame) -> pd.DataFrame:
    """The table with the date in its column for the day, where it is in columns for year, month and day."""
    names = {key(str(name)): str(name) for name in reversed(list(table))}
    others = recognised(name for short, name in names.items() if short not in PARTS)
    if not names.keys() >= set(PARTS) or "date" in others.values():
        return table
    parts = pd.DataFrame({part: pd.to_numeric(table[names[part]], errors="coerce") for part in PARTS})
    days = pd.to_datetime(parts, errors="coerce").dt.strftime("%Y-%m-%d")
    return table.assign(**{names["day"]: days.where(days.notna(), table[names["day"]])})


def _without_headers(source: Source, table: pd.DataFrame, chosen: Mapping[str, str]) -> pd.DataFrame:
    """The table without rows that repeat its header, and without what programs write around a cell or for none."""
    core = [theirs for theirs, ours in chosen.items() if ours in (*CORE, "url")]
    if core:
        header = np.logical_and.reduce([(table[name].astype("str") == name).to_numpy() for name in core])
        other = np.logical_and.reduce([table[name].isin(core).to_numpy() for name in core]) & ~header
        for place in map(place_of, table.index[other][: len(core) > 1]):
            raise ValueError(f"{source}: {place} names the columns in another order. Split the file there.")
        table = table[~header] if header.any() else table
    for name in core:
        if (marked := table[name].isin(shipped(__package__, "formats.yaml")["missing"])).any():
            table = table.assign(**{name: table[name].mask(marked, "")})
        texts = table[name].astype("str").str  # ="007": so programs keep Excel from taking a text for a number
        if (formulas := texts.startswith('="') & texts.endswith('"')).any():
            table = table.assign(**{name: table[name].mask(formulas, texts[2:-1])})
    return table


def _filled(table: pd.DataFrame, others: set[str]) -> tuple[pd.DataFrame, dict[str, str]]:
    """The table, an empty cell of ours filled from another column of a known name; and which columns served."""
    used = dict[str, str]()
    for ours in (ours for ours in CORE if ours in table):
        for theirs in (name for known in _names()[ours] for name in sorted(others) if key(name) == known):
            empty = _is_empty(table[ours]) & ~_is_empty(table[theirs])
            if empty.any():
                table = table.assign(**{ours: table[ours].mask(empty, table[theirs])})
                used[theirs] = f"{ours} (where empty)"
    return table, used


def _is_empty(column: pd.Series) -> "pd.Series[bool]":
    return column.isna() | (column.astype("str").str.strip() == "")


def _plain(table: pd.DataFrame) -> tuple[pd.DataFrame, list[Unparsed]]:
    """The table with plain texts where an article needs them, and the rows in which one cannot be read."""
    beneath = [*_bare(table, "outlet", "date", "title", "url")]
    reasons = dict.fromkeys(beneath if len(beneath) < len(table) else (), OF_ABOVE)
    reasons |= dict.fromkeys(_bare(table, "date", "title", "url", "text"), NO_ARTICLE)
    changed: dict[str, pd.Series] = {}
    for name in (name for name in ("outlet", "title", "text") if name in table):
        texts: dict[int, str] = {}
        for at in not_plain(table[name]):
            cell = table[name].iloc[at]
            try:
                text = text_of_cell(cell)
            except Unreadable as error:
                text, reasons[at] = "", f"column {name!r} holds {error}"
            if not isinstance(cell, str) or cell != text:
                texts[at] = text
        if texts:  # changing one copies all of the column
            plain = isinstance(table[name].dtype, pd.StringDtype)
            changed[name] = table[name].copy() if plain else table[name].astype("object")
            changed[name].iloc[list(texts)] = list(texts.values())
    for name in (name for name in table.columns.difference(list(changed)) if table[name].dtype == object):
        cells = [
            json.dumps(cell, ensure_ascii=False, default=str) if isinstance(cell, list | dict) else cell
            for cell in table[name]
        ]
        changed[name] = pd.Series(cells, table.index, dtype="object")  # in a column that no step reads
    for name in (name for name in changed if name in CORE):
        changed[name] = changed[name].astype("str")
    begun = {at: excerpt(" ".join(map(str, table.iloc[at].dropna()))) for at in reasons}
    items = [Unparsed(place_of(table.index[at]), reason, begun[at]) for at, reason in reasons.items()]
    read = table.assign(**changed)
    return read.drop(index=table.index[list(reasons)]) if reasons else read, items


def _bare(table: pd.DataFrame, *needed: str) -> Iterable[int]:
    """The places of the rows that have none of what shows an article, where the table has three columns for it."""
    names = [name for name in needed if name in table]  # texts last, of few rows
    bare = np.arange(len(table) * (len(names) > 2))
    for name in names:
        bare = bare[_is_empty(table[name].iloc[bare]).to_numpy()]
    return map(int, bare)


def near(names: Iterable[str], ours: str) -> str | None:
    """The column whose name is nearly one of those known for ours: a typing error, a plural."""
    given = list(names)
    return next(filter(None, (near_miss(known, given, CLOSE) for known in _names()[ours])), None)


def without_needed(rows: Rows, where: str) -> ValueError | TypeError | None:
    """The error of a table without a column for the outlet or the text, with the names that the file has."""
    known = {ours: theirs for theirs, ours in rows.recognised.items() if ours in CORE}
    given = [known.get(name, name) for name in map(str, rows.table) if not UNNAMED.fullmatch(name)]
    for ours in (ours for ours in ("outlet", "text") if ours not in rows.table):
        rest = [name for name in given if not {*recognised([name]).values()} - {ours}]
        words = tuple(one for one in _names()[ours] if len(one) > 3 or not one.isascii())
        longer = chain(
            (name for name in rest if key(name).startswith(words)),
            (name for name in rest if key(name).endswith(words)),
        )
        theirs = near(rest, ours) or next(longer, None)  # "Cuerpo de la nota", "attributes.outlet"
        taken = {theirs: f"{theirs} (taken as {column})" for column, theirs in known.items()}
        shown = pd.DataFrame(columns=[taken.get(name, name) for name in given])
        hint = f"{did_you_mean(theirs)} {asking(ours, theirs or 'its name in the file')}".lstrip()
        hint = hint if theirs else hint.rstrip(".") + ", or add it."
        return missing_column(shown, ours, where=where, hint=hint)
    return None


def asking(ours: str, theirs: str) -> str:
    """How to name a column in Python; the command line has its own option."""
    return f"Name it with columns={{{json.dumps(ours)}: {json.dumps(theirs, ensure_ascii=False)}}}."


def _identifies(column: pd.Series) -> bool:
    return column.astype("str").is_unique and not _is_empty(column).any()


def _not_ids(source: Source, column: pd.Series) -> str:
    return not_ids(column) if source.not_ids is None else source.not_ids


def not_ids(column: pd.Series) -> str:
    """Why a column does not identify articles, "" where it does; another file would have the same row numbers."""
    if n := int(_is_empty(column).sum()):
        return f"it is empty in {n} of {len(column)} rows"
    if not _identifies(column):
        return "its values repeat"
    numbers = pd.to_numeric(column, errors="coerce").sort_values()
    return "it numbers the rows" if len(column) > 1 and (numbers.diff().iloc[1:] == 1).all() else ""


def _unused(source: Source, table: pd.DataFrame) -> Iterable[str]:
    """A hint for a column that could be the date or title which the table lacks."""
    if "text" not in table or "outlet" not in table:
        return
    rest = [name for name in map(str, table) if name not in USED]
    days = (name for name in rest if _holds_days(table[name]))
    long = (name for name in rest if table[name].astype("str").str.len().head(SAMPLE).mean() > LONG)
    beside = "file" in table or (table["text"] != "").any()  # the texts may lie beside the table
    found = {
        "date": None if "date" in table else near(rest, "date") or next(days, None),
        "text": None if beside else next(long, None),
        "title": None if "title" in table else near(rest, "title"),
    }
    for ours, name in ((ours, name) for ours, name in found.items() if name):
        yield f"{source}: column {name!r} looks like {ours}s and is not used. {asking(ours, name)}"


def _holds_days(column: pd.Series) -> bool:
    if pd.api.types.is_datetime64_any_dtype(column):
        return True
    cells = column.dropna().astype("str").str.strip()
    cells = cells[(cells != "") & (cells.str.len() > 5)].head(SAMPLE)
    return len(cells) > 0 and not cells.str.fullmatch(r"[\d.]+").all() and dates(cells).notna().mean() >= DAYS


@cache
def _names() -> dict[str, list[str]]:
    """The known names of each of our columns, compared by key, the likeliest first."""
    return {
        ours: [key(name) for language in languages for name in language]
        for ours, languages in shipped(__package__, "columns.yaml").items()
    }
