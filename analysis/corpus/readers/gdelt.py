"""GDELT: events, mentions and the knowledge graph as published, and lists of articles from its search.

GDELT holds addresses, not texts: ``text`` is empty. An address appears once for each event that it reports.
The published files have no header; GDELT's codebooks (events 1.0 and 2.0, GKG 2.1) give the columns' order.
"""

import html
import re

import pandas as pd

from .decoding import decoded
from .delimited import read_delimited
from .source import Rows, Source, Unparsed, address_host, excerpt

# Number of columns → the places, counted from 0, of those that an article needs.
PLACES = {
    57: {"event": 0, "event_date": 1, "event_code": 26, "date": 56},  # events 1.0 before April 2013: no address
    58: {"event": 0, "event_date": 1, "event_code": 26, "date": 56, "url": 57},
    61: {"event": 0, "event_date": 1, "event_code": 26, "date": 59, "url": 60},
    16: {"event": 0, "event_date": 1, "date": 2, "outlet": 4, "url": 5},  # mentions
    27: {"record": 0, "date": 1, "outlet": 3, "url": 4, "title": 26},  # knowledge graph
}
NAMED = {
    "globaleventid": "event", "sqldate": "event_date", "eventcode": "event_code", "dateadded": "date",
    "sourceurl": "url", "url": "url", "date": "date", "title": "title", "domain": "outlet", "seendate": "date",
    "gkgrecordid": "record", "sourcecommonname": "outlet", "documentidentifier": "url", "mentionidentifier": "url",
    "mentionsourcename": "outlet", "mentiontimedate": "date",
}  # fmt: skip
PUBLISHED = {16: r"\d+\t\d{14}\t", 27: r"\d{14}-T?\d+\t"} | dict.fromkeys((57, 58, 61), r"\d+\t\d{8}\t")
HEADERS = ({"globaleventid"}, {"url", "mobileurl", "date", "title"}, {"gkgrecordid"}, {"mentionidentifier"})
TITLE = re.compile(r"<PAGE_TITLE>(.*?)</PAGE_TITLE>", re.S)


def is_gdelt(first: str) -> bool:
    """Whether a first line is one of GDELT's, with a header in any case or without."""
    if re.match(PUBLISHED.get(first.count("\t") + 1, r"(?!)"), first):
        return True
    names = {name.strip(' "').casefold() for name in re.split(r"[,\t;]", first)}
    return any(header <= names for header in HEADERS) and "text" not in names


def read_gdelt(source: Source) -> Rows:
    """A row a record, with ``outlet`` (the address's host), ``date`` (when GDELT saw it) and ``url``."""
    text, encoding = decoded(source)
    first = text.lstrip("\ufeff").partition("\n")[0]
    placed = re.match(PUBLISHED.get(first.count("\t") + 1, r"(?!)"), first)
    table, unparsed = _placed(text, first) if placed else _named(source)
    dated = next((name for name in ("date", "event_date") if name in table), None)
    hosts = [address_host(url) for url in table["url"]] if "url" in table else [""] * len(table)
    given = table["outlet"].tolist() if "outlet" in table else hosts
    outlets = [outlet or host for outlet, host in zip(given, hosts, strict=True)]
    return Rows(table.assign(date=table[dated] if dated else "", outlet=outlets, text=""), encoding, unparsed)


def _named(source: Source) -> tuple[pd.DataFrame, tuple[Unparsed, ...]]:
    rows = read_delimited(source)
    ours: dict[str, str] = {}
    for theirs, our in NAMED.items():
        name = next((name for name in map(str, rows.table) if name.casefold() == theirs), None)
        if name is not None and our not in ours.values():
            ours[name] = our
    return rows.table.rename(columns=ours), rows.unparsed


def _placed(text: str, first: str) -> tuple[pd.DataFrame, tuple[Unparsed, ...]]:
    width = first.count("\t") + 1
    lines = enumerate(text.split("\n"), 1)
    rows = {number: line.rstrip("\r").split("\t") for number, line in lines if line.strip()}
    kept = {number: cells for number, cells in rows.items() if len(cells) == width}
    columns = {name: [cells[at] for cells in kept.values()] for name, at in PLACES[width].items()}
    table = pd.DataFrame(columns, list(kept), dtype="str")
    if "title" in table:
        titles = [TITLE.search(extras) for extras in table["title"]]
        table["title"] = [html.unescape(found[1]) if found else "" for found in titles]
    return table, tuple(
        Unparsed(f"row {number}", f"{len(cells)} cells, the first row {width}", excerpt(" ".join(cells)))
        for number, cells in rows.items() if number not in kept
    )  # fmt: skip
