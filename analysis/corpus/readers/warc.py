"""Web archives (WARC, ARC): the articles of the pages they hold."""

from typing import Any

from .labels import record_table
from .pages import LARGEST_PAGE, article
from .source import Rows, Source, Unparsed, excerpt

PAGES = ("text/html", "application/xhtml+xml")


def read_warc(source: Source) -> Rows:
    """A row a page, with ``url`` and ``captured``; pages without an article, errors and revisits are unparsed.

    Requests, pictures, scripts and what else a crawler keeps are no items.
    """
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    rows: dict[str, dict[str, str]] = {}
    unparsed: list[Unparsed] = []
    item = 0
    with source.path.open("rb") as file:
        try:
            for record in ArchiveIterator(file, arc2warc=True):
                if not _is_page(record):
                    continue
                item += 1
                found = _article(record)
                url = record.rec_headers.get_header("WARC-Target-URI") or ""
                if isinstance(found, str):
                    unparsed.append(Unparsed(f"item {item}", found, excerpt(url)))
                else:
                    rows[f"item {item}"] = found
        except (ArchiveLoadFailed, EOFError, ValueError, OSError, AttributeError, TypeError) as error:
            unparsed.append(Unparsed(f"item {item + 1}", f"cut off or damaged: {excerpt(str(error))}", ""))
    return Rows(record_table(rows), "as each page declares it", tuple(unparsed))


def _is_page(record: Any) -> bool:
    if record.rec_type not in ("response", "revisit", "resource"):
        return False
    headers = record.http_headers or record.rec_headers
    return (headers.get_header("Content-Type") or "").startswith(PAGES)


def _article(record: Any) -> dict[str, str] | str:
    if record.rec_type == "revisit":
        return "a revisit: the page stands under an earlier date"
    if record.http_headers is not None and not (status := record.http_headers.get_statuscode()).startswith("2"):
        return f"HTTP status {status}"
    data = record.content_stream().read(LARGEST_PAGE + 1)
    declared = record.rec_headers.get_header("Content-Length")
    if record.raw_stream.limit and len(data) <= LARGEST_PAGE:
        return f"cut off: {record.raw_stream.limit} of {declared} bytes are missing"
    found = article(data, record.rec_headers.get_header("WARC-Target-URI") or "")
    if isinstance(found, str):
        return found
    return found | {"captured": record.rec_headers.get_header("WARC-Date") or ""}
