"""ProQuest exports: text and HTML.

Records stand between rules of underscores (in HTML, after anchors): the headline, "Label: value" lines, "Full
text:" with the article, and more labels, of which "Publication title" is always one.
"""

import re
from collections.abc import Sequence

from .decoding import decoded
from .labels import column_of, labelled, labels, record_table
from .pages import blocks, parsed
from .source import Rows, Source, Unparsed, excerpt

RULE = re.compile(r"_{20,}")
COUNT = re.compile(r"(?:Document|Dokument|Documento) \d+ (?:of|von|de|sur) \d+")
# What stands between rules and is no record: the cover, the list of contents, the address at the end.
FURNITURE = re.compile(
    r"Report Information from ProQuest|Table of contents|Contact us|Database copyright|Bibliography|Citation style"
    r"|Terms and Conditions|\d+ documents? selected",
    re.I,
)
FULL = re.compile(r"Full [Tt]ext")
NO_TEXT = re.compile(r"(?:Full text )?(?:not available|unavailable)[^\n]{0,80}", re.I)
LINK = re.compile(r"(?:ProQuest document link|Enlarge this image\.?)")


def is_proquest_html(text: str) -> bool:
    """Whether a page is an export of ProQuest: an anchor a record, or the label of its numbers."""
    return "DocID_MSTAR" in text or ("ProQuest document ID" in text and "Publication title" in text)


def read_proquest(source: Source) -> Rows:
    """A row a record of a text file."""
    text, encoding = decoded(source)
    return _rows(source, [" ".join(line.split()) for line in text.splitlines()], encoding)


def read_proquest_html(source: Source) -> Rows:
    """A row a record of a page: its blocks are the lines of the text export."""
    text, encoding = decoded(source, lines=False)
    page = parsed(text)
    for anchor in page.iter("a"):
        if anchor.get("name", "").startswith("DocID"):
            anchor.getparent().insert(anchor.getparent().index(anchor), anchor.makeelement("hr", {}))
    lines = [line for block in blocks(page, rule="_" * 60) for line in (block, "")]
    return _rows(source, lines, encoding)


def _rows(source: Source, lines: Sequence[str], encoding: str) -> Rows:
    rows, unparsed, item = {}, [], 0
    for chunk in _chunks(lines):
        written = [line for line in chunk if line]
        known = any((found := labelled(line)) and found[0] in labels("proquest") for line in written)
        if not written or (not known and FURNITURE.search(" ".join(written[:5]))):
            continue
        item += 1
        end = next(
            (at for at in range(len(chunk) - 1, -1, -1) if chunk[at].startswith("Publication title:")), None
        )
        if end is None:
            reason = "cut off: no 'Publication title'" if known else "no field that is known"
            unparsed.append(Unparsed(f"item {item}", reason, excerpt(" ".join(written))))
        else:
            rows[f"item {item}"] = _record(source, chunk, end, item)
    return Rows(record_table(rows), encoding, tuple(unparsed))


def _chunks(lines: Sequence[str]) -> list[list[str]]:
    chunks: list[list[str]] = [[]]
    for line in lines:
        if RULE.fullmatch(line):
            chunks.append([])
        else:
            chunks[-1].append(line)
    return chunks


def _record(source: Source, chunk: list[str], end: int, item: int) -> dict[str, str]:
    text = next(
        (at for at, line in enumerate(chunk[:end]) if (found := labelled(line)) and FULL.fullmatch(found[0])), None
    )
    tail = _tail(chunk, end)
    if text is None or text >= tail:
        return _fields(source, chunk, item)
    found = labelled(chunk[text])
    body = [found[1] if found else "", *chunk[text + 1 : tail]]
    written = "\n".join(line for line in body if line)
    fields = _fields(source, chunk[:text], item) | _fields(source, chunk[tail:], item, titled=True)
    return fields | {"text": "" if NO_TEXT.fullmatch(written) else written}


def _tail(chunk: list[str], end: int) -> int:
    """Where the fields after the text begin: up from the publication, as long as lines look like fields."""
    at = end
    while at > 0 and (not chunk[at - 1] or ((found := labelled(chunk[at - 1])) and not FULL.fullmatch(found[0]))):
        at -= 1
    # The end of the text itself may look like fields: "Putin: We are friends." A field stands once, and the
    # last time it stands it is one.
    named = [found[0] if (found := labelled(line)) else "" for line in chunk[at:]]
    first = (n for n, label in enumerate(named) if label in labels("proquest") and label not in named[n + 1 :])
    return at + next(first, end - at)


def _fields(source: Source, lines: Sequence[str], item: int, *, titled: bool = False) -> dict[str, str]:
    fields: dict[str, str] = {}
    last = "" if titled else "title"
    for line in lines:
        if not line or COUNT.fullmatch(line) or LINK.fullmatch(line):
            continue
        found = labelled(line)
        if last == "title" and not fields and not (found and found[0] in labels("proquest")):
            fields["title"] = line  # may hold a colon itself
        elif found:
            last = column_of(source, "proquest", found[0], item=item)
            fields[last] = found[1]
        elif last:
            fields[last] = f"{fields.get(last, '')} {line}".strip()
    return fields
