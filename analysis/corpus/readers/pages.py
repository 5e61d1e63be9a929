"""Web pages and web archives (WARC, ARC): an article per page, found by trafilatura among menus and adverts."""

import re
from itertools import accumulate
from typing import Any
from urllib.parse import urlsplit

from analysis.limits import FIXED, how_to_raise, limit

from ..files import shipped
from .decoding import text_of
from .source import Rows, Source, address_host, excerpt, item_rows

DEEPEST = FIXED["elements within elements of a page"]
ALIKE = 2  # an article is more than so many times as long as the teasers of others beside it
# trafilatura's default is today: the same page must give the same date on every day
DATES = {"extensive_search": False, "original_date": True, "max_date": "2100-01-01"}
WAYBACK = re.compile(r"(?:https?:)?//web\.archive\.org/(?:web/)?(?:\d+[a-z_]*/|[a-z]{2}_/)?(?=\S)")
SAVED = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+?)\s*-->|<base[^>]+href=[\"'](https?://[^\"']+)", re.I)
PAGES = ("text/html", "application/xhtml+xml")
BLOCKS = {
    "p", "div", "br", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "section",
    "article", "blockquote", "body", "title", "meta", "text", "header", "footer", "aside", "figure", "dd", "dt",
    "pre", "paragraph",
}  # fmt: skip
# Between two files that were put together: the parser ends where the first does.
JOINED = re.compile(r"(?:</body\s*>\s*)?</html\s*>\s*<.*?<body\b[^>]*>", re.S | re.I)
UNSEEN = {"script", "style", "head", "noscript", "template"}


def page_rows(source: Source, page: str, url: str = "") -> Rows:
    """A row with the article of a page, or an unparsed item where it has none, or more than one."""
    found = article(page, url)
    item = ({"": page}, found) if isinstance(found, str) else (found, "")
    return item_rows([item], only=source.name.rpartition("/")[2])


def read_warc(source: Source) -> Rows:
    """A row per page, with ``url`` and ``captured``; pages without article, errors and revisits are unparsed."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    items: list[tuple[dict[str, str], str]] = []
    with source.path.open("rb") as file:
        records = iter(ArchiveIterator(file, arc2warc=True))
        while True:
            url = ""
            try:
                if (record := next(records, None)) is None:
                    break
                headers = record.http_headers or record.rec_headers
                page = (headers.get_header("Content-Type") or "").startswith(PAGES)
                if record.rec_type == "conversion":
                    url = record.rec_headers.get_header("WARC-Target-URI") or ""
                    items.append(({"url": url}, "the text of a whole page, with menus (WET). Give the WARC file"))
                if not page or record.rec_type not in ("response", "revisit", "resource"):
                    continue
                url = record.rec_headers.get_header("WARC-Target-URI") or ""
                found = _of_record(record, url)
            except (ArchiveLoadFailed, EOFError, OSError, OverflowError) as error:  # the container ends here
                items.append(({"url": url}, f"cut off or damaged: {excerpt(str(error))}"))
                break
            except (ValueError, AttributeError, TypeError):  # one record
                found = "cut off or damaged"
            items.append(({"url": url}, found) if isinstance(found, str) else (found, ""))
    return item_rows(items, "as each page declares it")


def article(page: str, url: str) -> dict[str, str] | str:
    """The fields of a page's article, or the reason why there is none."""
    if len(page) > limit(most := "bytes of a web page"):
        return f"a page of {len(page) >> 20} MB. {how_to_raise(most, len(page))}"
    if kind := many(page):
        return f"more than one article: the page has {kind}"
    if (depth := depth_of(page)) > DEEPEST:
        return f"elements nested {depth} deep; {DEEPEST} can be read"
    if (beside := beside_each_other(page)) > 1:
        return f"more than one article: the page has {beside} with a headline each. Save each article by itself"
    try:
        fields = _extracted(page, url)
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        return f"the page cannot be read: {excerpt(str(error))}"
    if not fields or not fields["text"]:
        return "no article found in the page"
    if (words := len(fields["text"].split())) > limit(most := "words of an article"):
        return f"{words} words: not one article. Save each article by itself. {how_to_raise(most, words)}"
    saved = SAVED.search(page)
    link = real_address(fields["url"] or url) or real_address((saved[1] or saved[2]) if saved else "")
    site = fields["sitename"] if fields["sitename"] and "archive.org" not in fields["sitename"].lower() else ""
    title = fields["title"] or ""
    first, _, rest = fields["text"].partition("\n")  # which may be the headline again
    return {
        "outlet": site or address_host(link) or real_address(fields["hostname"] or ""),
        "title": title,
        "text": rest if rest and " ".join(first.split()) == " ".join(title.split()) else fields["text"],
        "url": link,
    } | {name: fields[name] or "" for name in ("date", "author", "language")}


def real_address(url: str) -> str:
    """The address of a page, without the Wayback Machine's before it."""
    inner = re.sub(r"^(https?):/(?!/)", r"\1://", WAYBACK.sub("", url))
    return "" if "web.archive.org" in inner else inner


def many(text: str) -> str:
    """Why a text cannot be one article: it has several of what an article has once; nothing where it can be."""
    several = (one for one in shipped(__package__, "many.yaml") if len(re.findall(one["mark"], text)) > 1)
    return next((f"several {one['what']}, in a form that is not known. {one['remedy']}" for one in several), "")


def beside_each_other(page: str) -> int:
    """How many elements <article> with a headline fill a page, none much longer than the others."""
    if len(re.findall(r"<article\b", page, re.I)) < 2:
        return 0
    tree = parsed(page)
    found = {one: len(line_of(one).split()) for one in tree.xpath("//article[not(ancestor::article)]")}
    alike = [
        words
        for one, words in found.items()
        if one.xpath(".//h1|.//h2|.//h3") and ALIKE * words >= max(found.values())
    ]
    return len(alike) if ALIKE * sum(alike) >= len(line_of(tree).split()) else 0


def depth_of(page: str) -> int:
    """A bound on how deep the elements of a page lie: how many divisions are open at once."""
    tags = re.findall(r"<(/?)(?:div|span|section|table|td|ul|li|b|i|font|blockquote)\b", page)
    steps = (-1 if closing else 1 for closing in tags)
    return max(accumulate(steps, lambda depth, step: max(depth + step, 0), initial=0))


def parsed(text: str) -> Any:
    """The tree of a page. The parser of HTML knows no entities but characters, and fetches nothing."""
    from lxml import etree, html

    plain = JOINED.sub("", re.sub(r"^\s*<\?xml[^>]*\?>", "", text).replace("\0", ""))
    try:
        return html.fromstring(plain, parser=html.HTMLParser(no_network=True, huge_tree=True))
    except etree.ParserError:  # nothing but comments or blanks
        return html.fromstring("<html></html>")


def apart(nodes: list[Any]) -> list[Any]:
    """The elements, those that lie within another, as its end was lost, put after it."""
    known = set(nodes)
    for node in reversed(nodes):
        for around in [above for above in node.iterancestors() if above in known][-1:]:
            around.addnext(node)
    return nodes


def blocks(tree: Any, *, rule: str = "") -> list[str]:
    """The blocks of a page as lines, white space as one space; ``rule`` marks a drawn line."""
    from lxml import etree

    pieces: list[str] = []
    unseen = kept = 0  # depth in what is not shown, and in what keeps its lines
    for event, node in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            pieces.append("" if unseen or node is tree else _flat(node.tail, kept))
            continue
        edge = "\n" if node.tag in BLOCKS else ""
        unseen += (node.tag in UNSEEN) * (1 if event == "start" else -1)
        kept += (node.tag == "pre") * (1 if event == "start" else -1)
        if event == "start":
            drawn = rule + "\n" if node.tag == "hr" else ""
            pieces.append("" if unseen else edge + drawn + _flat(node.text, kept))
        elif not unseen:
            pieces.append(edge + ("" if node is tree else _flat(node.tail, kept)))
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return [line for line in lines if line]


def line_of(node: Any) -> str:
    """An element, or the value of an attribute, on one line."""
    return " ".join((node or "" if node is None or isinstance(node, str) else " ".join(blocks(node))).split())


def _flat(text: str | None, kept: int) -> str:
    """Text on one line; within ``pre`` a paragraph is what begins with blanks."""
    return re.sub(r"\r?\n(?![ \t\u00a0])" if kept else r"[\r\n]", " ", text or "")


def _extracted(page: str, url: str) -> dict[str, Any]:
    from trafilatura import bare_extraction  # half a second to import, and few corpora are pages
    from trafilatura.settings import Document

    try:
        urlsplit(url)
    except ValueError:
        url = ""
    how: dict[str, Any] = {"with_metadata": True, "include_comments": False, "date_extraction_params": dict(DATES)}
    found = bare_extraction(page, url=url or None, **how)
    return found.as_dict() if isinstance(found, Document) else {}


def _of_record(record: Any, url: str) -> dict[str, str] | str:
    if record.rec_type == "revisit":
        return "a revisit: the page is kept under an earlier date"
    if record.http_headers is not None and not (status := record.http_headers.get_statuscode()).startswith("2"):
        return f"HTTP status {status}"
    data = record.content_stream().read(limit(most := "bytes of a web page") + 1)
    if len(data) > limit(most):
        return f"a page of {len(data) >> 20} MB. {how_to_raise(most, len(data))}"
    declared = record.rec_headers.get_header("Content-Length")
    if record.raw_stream.limit:
        return f"cut off: {record.raw_stream.limit} of {declared} bytes are missing"
    captured = record.rec_headers.get_header("WARC-Date") or ""
    found = article(text_of(data, url)[0], url)
    return found if isinstance(found, str) else found | {"captured": captured}
