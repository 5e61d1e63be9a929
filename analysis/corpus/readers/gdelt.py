"""GDELT: events, mentions and the knowledge graph as published, and lists of articles from its search.

GDELT holds addresses, not texts: ``text`` is empty. An address stands once for each event that it reports.
The published files have no header; GDELT's codebooks (events 1.0 and 2.0, GKG 2.1) give the columns' order.
"""

import html
import re
from urllib.parse import urlsplit

import pandas as pd

from .decoding import decoded
from .delimited import cells, read_delimited
from .source import Refused, Rows, Source

# Number of columns → the places, counted from 0, of those that an article needs.
PLACES = {
    57: {"event": 0, "event_date": 1, "event_code": 26, "date": 56},  # events 1.0 before April 2013: no address
    58: {"event": 0, "event_date": 1, "event_code": 26, "date": 56, "url": 57},
    61: {"event": 0, "event_date": 1, "event_code": 26, "date": 59, "url": 60},
    16: {"event": 0, "event_date": 1, "date": 2, "outlet": 4, "url": 5},  # mentions
    27: {"record": 0, "date": 1, "outlet": 3, "url": 4, "title": 26},  # knowledge graph
}
NAMED = {
    "GLOBALEVENTID": "event", "SQLDATE": "event_date", "EventCode": "event_code", "DATEADDED": "date",
    "SOURCEURL": "url", "URL": "url", "Date": "date", "Title": "title", "Domain": "outlet",
}  # fmt: skip
TITLE = re.compile(r"<PAGE_TITLE>(.*?)</PAGE_TITLE>", re.S)


def read_gdelt(source: Source) -> Rows:
    """A row a record, with ``outlet`` (the address's host), ``date`` (when GDELT saw it) and ``url``."""
    text, encoding = decoded(source)
    first = text.lstrip("\ufeff").partition("\n")[0]
    table = _named(source) if re.search(r"GLOBALEVENTID|MobileURL", first) else _placed(source, text, first)
    table = table.assign(date=[_day(day) for day in table["date"]] if "date" in table else "")
    hosts = [_host(url) for url in table["url"]] if "url" in table else [""] * len(table)
    given = table["outlet"].tolist() if "outlet" in table else hosts
    return Rows(table.assign(outlet=[a or b for a, b in zip(given, hosts, strict=True)], text=""), encoding)


def _named(source: Source) -> pd.DataFrame:
    return read_delimited(source).table.rename(columns=NAMED)


def _placed(source: Source, text: str, first: str) -> pd.DataFrame:
    width = first.count("\t") + 1
    if width not in PLACES:
        raise Refused(
            f"{source}: {width} columns; GDELT's tables have {', '.join(map(str, sorted(PLACES)))}. "
            "Give it a header and read it as a table, with columns={'outlet': …}."
        )
    rows = cells(source, text, "\t", width, quoted=False)
    table = pd.DataFrame({name: rows.iloc[:, at] for name, at in PLACES[width].items()})
    if "title" in table:
        titles = [TITLE.search(extras) for extras in table["title"]]
        table["title"] = [html.unescape(found[1]) if found else "" for found in titles]
    return table.set_axis(range(1, len(table) + 1))


def _day(written: str) -> str:
    """GDELT writes 20170206 or 20170206101500, in UTC.

    >>> _day("20170206101500"), _day("20170206")
    ('2017-02-06 10:15:00', '2017-02-06')
    """
    if not re.fullmatch(r"\d{8}(?:\d{6})?", written):
        return written
    day = f"{written[:4]}-{written[4:6]}-{written[6:8]}"
    return f"{day} {written[8:10]}:{written[10:12]}:{written[12:]}" if len(written) == 14 else day


def _host(url: str) -> str:
    return urlsplit(url).netloc.removeprefix("www.") if "://" in url else ""
