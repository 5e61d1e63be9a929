"""Web pages: an article each, found by trafilatura among menus, teasers and adverts."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from .decoding import refuse_endless
from .labels import record_table
from .source import Rows, Source, Unparsed, excerpt

LARGEST_PAGE = 20 << 20  # bytes; the longest liveblog measured has 4 MB, and trafilatura's time grows with length
CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w.:-]+)""", re.I)
# trafilatura's default is today: the same page must give the same date on every day
DATES = {"extensive_search": False, "original_date": True, "max_date": "2100-01-01"}
WAYBACK = re.compile(r"https?://web\.archive\.org/web/\d+[a-z_]*/")
BLOCKS = {
    "p", "div", "br", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "section",
    "article", "blockquote", "body", "title", "meta", "text",
}  # fmt: skip
UNSEEN = {"script", "style", "head", "noscript"}


def read_page(source: Source) -> Rows:
    """A row with the article of the page, or an unparsed item where none is found."""
    refuse_endless(source, lines=False)
    data = source.path.read_bytes()
    name = source.name.rpartition("/")[2]
    found = article(data, "", source.encoding)
    if isinstance(found, str):
        return Rows(record_table({}), "", (Unparsed(name, found, excerpt(text_of(data, source.encoding)[0])),))
    return Rows(record_table({name: found}), text_of(data, source.encoding)[1])


def article(data: bytes, url: str, encoding: str | None = None) -> dict[str, str] | str:
    """The fields of a page's article, or the reason why there is none."""
    from trafilatura import bare_extraction  # half a second to import, and few corpora are pages
    from trafilatura.settings import Document

    if len(data) > LARGEST_PAGE:
        return f"a page of {len(data) >> 20} MB; {LARGEST_PAGE >> 20} MB can be read"
    page, _ = text_of(data, encoding)
    found = bare_extraction(
        page, url=url or None, with_metadata=True, include_comments=False, date_extraction_params=dict(DATES)
    )
    if not isinstance(found, Document) or not found.text:
        return "no article found in the page"
    fields = found.as_dict()
    link = WAYBACK.sub("", fields["url"] or url)
    host = urlsplit(link).netloc.removeprefix("www.") or fields["hostname"] or ""
    return {
        "outlet": fields["sitename"] or host,
        "date": fields["date"] or "",
        "title": fields["title"] or "",
        "text": fields["text"],
        "url": link,
        "author": fields["author"] or "",
        "language": fields["language"] or "",
    }


def text_of(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """A page as text: UTF-8 if it is, else as it declares itself, else Western; and the encoding."""
    declared = CHARSET.search(data[:4096])
    tried = [encoding, "utf-8-sig", declared[1].decode("ascii") if declared else None]
    for name in filter(None, tried):
        try:
            return data.decode(name), name.removesuffix("-sig")
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1252", "replace"), "cp1252"


def parsed(text: str) -> Any:
    """The tree of a page. The parser of HTML knows no entities but characters, and fetches nothing."""
    from lxml import html

    return html.fromstring(
        re.sub(r"^\s*<\?xml[^>]*\?>", "", text), parser=html.HTMLParser(no_network=True, huge_tree=True)
    )


def blocks(tree: Any, *, rule: str = "") -> list[str]:
    """The blocks of a page as lines, white space as one space; ``rule`` stands for a drawn line.

    >>> blocks(parsed("<div><p>One <b>line</b>.<br>Two.<script>x</script></p></div>"))
    ['One line.', 'Two.']
    """
    lines = (" ".join(line.split()) for line in "".join(_pieces(tree, rule)).split("\n"))
    return [line for line in lines if line]


def _pieces(node: Any, rule: str) -> Iterator[str]:
    if not isinstance(node.tag, str) or node.tag in UNSEEN:
        return
    edge = "\n" if node.tag in BLOCKS else ""
    yield edge + (rule + "\n" if node.tag == "hr" else "") + _flat(node.text)
    for child in node:
        yield from _pieces(child, rule)
        yield _flat(child.tail)
    yield edge


def _flat(text: str | None) -> str:
    return (text or "").replace("\n", " ")
