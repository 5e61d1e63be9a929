"""Exports in HTML and XML whose elements say what they hold, described in markup.yaml; and Integrum's pages."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from typing import Any

from ..dates import day_within
from ..files import shipped
from .cells import without_markup
from .pages import apart, blocks, line_of, parsed
from .source import Rows, item_rows

ISSUE = re.compile(r"\s*[,;]\s*(?:no|n°|nº|№|num)(?:\.|\s).*", re.I)  # "Le Monde, no. 23943"
RIGHTS = re.compile(r"(?:©|\(c\)|Copyright)\s*\d{4}", re.I)
SETTINGS = ("mark", "record", "cells", "beside", "xml")  # of a layout; the rest are fields
BROKEN = ("ERR_TAG_NAME_MISMATCH", "ERR_TAG_NOT_FINISHED", "ERR_DOCUMENT_END")
PROLOG = re.compile(r"<\?xml\b[^>]*>|<!DOCTYPE\b[^>\[]*(?:\[.*?\]\s*)?>", re.S)
AUTHOR = 8  # words of a line between headline and text, where a byline may be
INTEGRUM = re.compile(r"\^(ИС|ДТ|ЗГ|АВ|НР|РБ)\s*:\s*")
MARK = "\ue000"  # a character of no script, put where an article begins
CODES = {"ИС": "outlet", "ДТ": "date", "ЗГ": "title", "АВ": "author", "НР": "issue", "РБ": "section"}
LISTED = re.compile(r"(.+?)[;,]\s*(\d{1,2}\.\d{1,2}\.\d{2,4})")  # Integrum's list: source; day; issue


def markup_of(text: str) -> str | None:
    """The entry of markup.yaml that describes a page, "integrum", or None."""
    for name, layout in shipped(__package__, "markup.yaml").items():
        if re.search(layout["mark"], text):
            return str(name)
    listed = re.findall(r"<small>[^<]*?\d{2}\.\d{2}\.\d{4}", text)
    return "integrum" if "^ИС:" in text or (listed and re.search(r"<a\s+href=[\"']?#", text, re.I)) else None


def markup_rows(text: str, name: str, where: str) -> Rows:
    """A row per record; one without outlet and date, or without a text, is an unparsed item."""
    layout = shipped(__package__, "markup.yaml").get(name, {})
    tree, damage = _tree(text, xml="xml" in layout)
    found = _records(tree, layout) if layout else _integrum(tree)
    items, summaries = list[tuple[dict[str, str], str]](), 0
    for record in found:
        if (teaser := record.pop("teaser", "")) and not record["text"]:
            record["text"], summaries = without_markup(teaser), summaries + 1
        lacking = " and no ".join(name for name in ("outlet", "text") if not record.get(name))
        kind = record.pop("kind", "")
        why = f"not a published article: {kind}" if kind else f"no {lacking} where an export has it"
        items.append((record, why if kind or lacking else ""))
    items += [({}, damage)] * bool(damage)
    said = f"of {len(items)} articles the description is taken for the text; in most feeds it is a summary."
    return replace(item_rows(items), notes=(f"{where}: {summaries} {said}",) * (summaries > 0))


def _records(tree: Any, layout: Mapping[str, Any]) -> Iterable[dict[str, str]]:
    nodes = apart(next(filter(None, (tree.xpath(path) for path in layout["record"])), []))
    texts = {node: _filled(node, layout["text"]) for node in nodes}
    owner = {text: node for node in nodes for text in texts[node]}  # of a text after two records, the nearer one
    used: set[Any] = set()
    for node in nodes:
        fields = {name: _field(node, name, layout[name]) for name in ("date", "record_id") if name in layout}
        for beside in node.xpath(layout["beside"]) if "beside" in layout else ():
            beside.tag = "script"  # a certificate or foot, which is neither headline nor text
        others = (name for name in layout if name not in (*fields, *SETTINGS, "text"))
        fields |= {name: _field(node, name, layout[name]) for name in others}
        own = [text for text in texts[node] if owner[text] is node]
        used |= {node, *own}
        # an element may hold the text as HTML
        fields["text"] = without_markup("\n".join(line for text in own for line in blocks(text)))
        if "cells" in layout:
            cells = [line_of(cell) for cell in node.xpath(layout["cells"])]
            longest = max((cell for cell in cells if not day_within(cell)), key=len, default="")
            fields["title"] = fields["title"] or longest
            if not fields["date"] and not fields["text"]:
                continue  # a table of the same class that heads the page
        if not fields["text"] and fields["title"] and "beside" in layout:
            fields |= _following(blocks(node), fields)
        yield fields | {"outlet": ISSUE.sub("", fields["outlet"]), "record": fields.pop("record_id", "")}
    yield from _outside(tree, layout, used)


def _filled(node: Any, paths: Sequence[str]) -> list[Any]:
    """The elements of a record on the first path that leads to any with text."""
    found = (node.xpath(path) for path in paths)
    return next((nodes for nodes in found if any(map(line_of, nodes))), [])


def _outside(tree: Any, layout: Mapping[str, Any], used: set[Any]) -> Iterable[dict[str, str]]:
    """The headlines and texts of no record, which cannot be read: of one that lost its publication."""
    around = {above for node in used for above in node.iterancestors()}
    for name in ("text",) if re.match(r"\./(?:title$|@)", layout["title"][0]) else ("title", "text"):
        path = re.sub(r"^(?:\.|following::)(?=/|\*)|(?<=\])\[1\]$", "", layout[name][0])
        for part in tree.xpath(f"//{path.lstrip('/')}"):
            if line_of(part) and not used & {part, *part.iterancestors()}:
                used |= {next((above for above in part.iterancestors() if above.getparent() in around), part)}
                yield {"title": line_of(part), "outlet": "", "text": ""}


def _field(node: Any, name: str, paths: Any) -> str:
    if isinstance(paths, str):
        return paths
    if name == "date":
        return next((day for path in paths for part in node.xpath(path) if (day := day_within(line_of(part)))), "")
    first = next(filter(None, map(line_of, _filled(node, paths))), "")
    return first.partition(",")[0] if name == "section" and not day_within(first.partition(",")[0]) else first


def _following(lines: list[str], fields: Mapping[str, str]) -> dict[str, str]:
    """The text as the lines after the headline, without a byline before and the rights after it."""
    at = next((at for at, line in enumerate(lines) if line in fields["title"]), -1)
    while at + 1 < len(lines) and lines[at + 1] in fields["title"]:
        at += 1
    rest = lines[at + 1 :]
    rights = [at for at, line in enumerate(rest) if RIGHTS.match(line)]
    rest = rest[: rights[-1]] if rights else rest
    author = len(rest) > 1 and len(rest[0].split()) <= AUTHOR and not re.search(r"[.!?:»”\"]$", rest[0])
    return {"author": rest[0] if author else fields.get("author", ""), "text": "\n".join(rest[author:])}


def _integrum(tree: Any) -> Iterable[dict[str, str]]:
    """Articles under anchors, in the order of the list before them; or with codes before each field."""
    lines = blocks(tree)
    if any(INTEGRUM.match(line) for line in lines):
        yield from _coded(tree)
        return
    listed = [(small, match) for small in tree.iter("small") if (match := LISTED.match(line_of(small)))]
    links = [next(iter(small.xpath("preceding::a[@href]")[::-1]), small) for small, _ in listed]
    marks = [MARK + str(link.get("href", ""))[1:] for link in links]
    for anchor in [node for node in tree.iter() if MARK + str(node.get("name") or node.get("id")) in marks]:
        mark = anchor.makeelement("p", {})
        mark.text = MARK + str(anchor.get("name") or anchor.get("id"))
        anchor.addprevious(mark)
    lines = blocks(tree)
    start = max((at for at, line in enumerate(lines) if any(line.endswith(line_of(small)) for small, _ in listed)))
    starts: list[int | None] = []
    for link, name in zip(links, marks, strict=True):  # where each begins: at its anchor, or its headline
        found = next((at for at in range(start + 1, len(lines)) if lines[at] in (name, line_of(link))), None)
        start, starts = start if found is None else found, [*starts, found]
    ends = dict(pairwise([*(at for at in starts if at is not None), len(lines)]))
    for (_, match), link, first in zip(listed, links, starts, strict=True):
        body = [] if first is None else [line for line in lines[first : ends[first]] if not line.startswith(MARK)]
        outlet, day, title = match[1], match[2], line_of(link)
        head = [n for n, line in enumerate(body[:6]) if line == title or day in line or line.startswith(outlet)]
        text = "\n".join(body[head[-1] + 1 if head else 0 :])
        yield {"outlet": outlet, "date": day, "title": title, "text": text}


def _coded(tree: Any) -> Iterable[dict[str, str]]:
    for division in tree.xpath("//div[pre]"):
        lines = [line for cell in division.xpath("./table//td") for line in blocks(cell)]
        codes = re.split(rf"(?m)^{INTEGRUM.pattern}", "\n".join(lines))
        fields = {
            CODES[code]: " ".join(value.split()) for code, value in zip(codes[1::2], codes[2::2], strict=True)
        }
        paragraphs = re.split(r"\n(?=\s)", "\n".join(pre.text_content() for pre in division.xpath("./pre")))
        yield fields | {"text": "\n".join(" ".join(part.split()) for part in paragraphs if part.strip())}


def _tree(text: str, *, xml: bool) -> tuple[Any, str]:
    """The tree of a page, and where XML is damaged: what is mended may lack articles, or join them."""
    from lxml import etree

    safe = {"resolve_entities": False, "no_network": True, "recover": True, "huge_tree": True}
    tree, parser = None, etree.XMLParser(encoding="utf-8", **safe)
    with suppress(etree.XMLSyntaxError):  # nothing that it can mend
        inner = PROLOG.sub("", text[text.find("<") :])  # of each, where files were put together
        tree = etree.fromstring(f"<files>{inner}</files>".encode(), parser) if xml else None
    if tree is None:
        return parsed(text), ""
    for node in tree.iter():
        if isinstance(node.tag, str):
            node.tag = node.tag.rpartition("}")[2]
    places = [error.line for error in parser.error_log if error.type_name in BROKEN]
    return tree, "".join(f"the XML is damaged in line {line}; articles may be missing" for line in places[:1])
