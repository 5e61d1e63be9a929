"""ProQuest exports: text and HTML.

Records lie between rules of underscores (in HTML, after anchors): the headline, "Label: value" lines, "Full
text:" with the article, and more labels, of which "Publication title" is always one.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from .columns import column_of, key, known_label, labelled, labels
from .decoding import decoded
from .pages import blocks, parsed
from .source import Rows, Source, item_rows

RULE = re.compile(r"_{20,}")
COUNT = re.compile(
    r"(?=.*(?:Do[ck]ument|文档|文件|文書|ドキュメント|문서|Документ))\D{0,14}\d+\D{1,12}\d+\D{0,14}", re.I
)
# What lies between rules and is not a record: the cover, the list of contents, the address at the end.
BESIDE = re.compile(
    r"ProQuest|Table of contents|Contact us|Bibliography|Citation style|Terms and Conditions"
    r"|\d+ documents? selected|Table des matières|Inhaltsverzeichnis|Índice|Sommario|Содержание"
    r"|目录|目錄|目次|목차",
    re.I,
)
NO_TEXT = re.compile(r"(?:Full text )?(?:not available|unavailable)[^\n]{0,80}", re.I)
DETAILS = re.compile(r"DETAILS|DETALLES|DETALHES|DÉTAILS|DETTAGLI|详细信息|詳細資料|詳細")  # heads the fields
LINK = re.compile(
    r"(?=.*ProQuest).{0,30}(?:link|enlace|lien|链接|連結|リンク|링크|ссылка).{0,20}|Enlarge this image\.?", re.I
)


def is_proquest_html(text: str) -> bool:
    """Whether a page is an export of ProQuest: an anchor a record, or the label of its numbers."""
    return "DocID_MSTAR" in text or ("proquest" in text.lower() and is_proquest(blocks(parsed(text))))


def is_proquest(lines: Sequence[str]) -> bool:
    """Whether these lines come from ProQuest: rules between records, or its own labels."""
    known = {found[0] for line in lines if (found := known_label("proquest", line))}
    ruled = any(RULE.fullmatch(line) for line in lines) and known & {"record", "outlet"}
    return bool(ruled) or {"record", "outlet"} <= known


def read_proquest(source: Source) -> Rows:
    """A row a record of a text file."""
    text, encoding = decoded(source)
    return proquest_rows([" ".join(line.split()) for line in text.splitlines()], encoding)


def read_proquest_html(source: Source) -> Rows:
    """A row a record of a page: its blocks are the lines of the text export."""
    text, encoding = decoded(source, lines=False)
    page = parsed(text)
    for anchor in page.iter("a"):
        if anchor.get("name", "").startswith("DocID"):
            anchor.getparent().insert(anchor.getparent().index(anchor), anchor.makeelement("hr", {}))
    lines = [line for block in blocks(page, rule="_" * 60) for line in (block, "")]
    return proquest_rows(lines, encoding)


def proquest_rows(lines: Sequence[str], encoding: str) -> Rows:
    """A row a record, out of the lines of an export."""
    return item_rows(_items([_headed(line) for line in lines if not DETAILS.fullmatch(line)]), encoding)


def _headed(line: str) -> str:
    """A line with a colon after it where it is a heading in capitals: FULL TEXT, ABSTRACT (ENGLISH)."""
    name = line.partition(" (")[0]
    return f"{name}: " if line.isupper() and key(name) in labels("proquest") else line


def _items(lines: Sequence[str]) -> Iterable[tuple[dict[str, str], str]]:
    """Each record, or its lines and why it cannot be read."""
    for chunk in _chunks(lines):
        written = [line for line in chunk if line]
        known = any(known_label("proquest", line) for line in written)
        if not written or (not known and BESIDE.search(" ".join(written[:5]))):
            continue
        end = next((at for at in range(len(chunk) - 1, -1, -1) if _is(chunk[at], "outlet")), None)
        if end is None:
            reason = "cut off: no 'Publication title'" if known else "no field that is known"
            yield {"": " ".join(written)}, reason
        else:
            yield _record(chunk, end), ""


def _chunks(lines: Sequence[str]) -> list[list[str]]:
    rules = [at for at, line in enumerate(lines) if RULE.fullmatch(line)]
    ruled = [[*lines[a + 1 : b]] for a, b in zip([-1, *rules], [*rules, len(lines)], strict=True)]
    return [part for chunk in ruled for part in _parted(chunk)]


def _parted(chunk: list[str]) -> list[list[str]]:
    """The records of a chunk without rules: the next headline follows the fields of the one before."""
    named = ([at for at, line in enumerate(chunk) if _is(line, column)] for column in ("outlet", "record"))
    ends = max(named, key=len)
    cuts = [
        next((at for at in range(one, another) if chunk[at] and not labelled(chunk[at])), another)
        for one, another in pairwise(ends)
    ]
    return [chunk[start:end] for start, end in pairwise([0, *cuts, len(chunk)])]


def _record(chunk: list[str], end: int) -> dict[str, str]:
    text = next((at for at, line in enumerate(chunk[:end]) if _is(line, "text")), None)
    tail = _tail(chunk, end)
    if text is None or text >= tail:
        return _fields(chunk)
    found = labelled(chunk[text])
    body = [found[1] if found else "", *chunk[text + 1 : tail]]
    written = "\n".join(line for line in body if line)
    fields = _fields(chunk[:text]) | _fields(chunk[tail:], titled=True)
    return fields | {"text": "" if NO_TEXT.fullmatch(written) else written}


def _tail(chunk: list[str], end: int) -> int:
    """Where the fields after the text begin: up from the publication, as long as lines look like fields."""
    at = end
    while at > 0 and (not chunk[at - 1] or (labelled(chunk[at - 1]) and not _is(chunk[at - 1], "text"))):
        at -= 1
    # The end of the text itself may look like fields: "Putin: We are friends." A field appears once, and the
    # last of several is the field.
    named = [key(found[0]) if (found := labelled(line)) else "" for line in chunk[at:]]
    first = (n for n, label in enumerate(named) if label in labels("proquest") and label not in named[n + 1 :])
    return at + next(first, end - at)


def _fields(lines: Sequence[str], *, titled: bool = False) -> dict[str, str]:
    fields: dict[str, str] = {}
    last = "" if titled else "title"
    for line in lines:
        if not line or COUNT.fullmatch(line) or LINK.fullmatch(line):
            continue
        found = labelled(line)
        if last == "title" and not fields and not known_label("proquest", line):
            fields["title"] = line  # may hold a colon itself
        elif found:
            last = column_of("proquest", found[0])
            fields[last] = found[1]
        elif last:
            fields[last] = f"{fields.get(last, '')} {line}".strip()
    return fields


def _is(line: str, column: str) -> bool:
    found = known_label("proquest", line)
    return found is not None and found[0] == column
