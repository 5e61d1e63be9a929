"""Nexis Uni exports, out of the paragraphs of a Word, RTF or PDF file.

A record is a headline, the publication, the date, a copyright line, labelled fields, the word "Body" on its
own, the article, labelled fields again, and "End of Document". All records of a download may share one file,
behind a cover with the search and the list of documents.
"""

import re
from collections.abc import Sequence

from ..dates import is_day
from .labels import column_of, labelled, labels, record_table
from .source import Rows, Source, Unparsed, excerpt

# As the interface's language has it. The English one is documented; the others follow the interface's menus.
END = re.compile(r"End of Document|Ende des Dokuments|Fin du document|Fin del documento|Einde van document", re.I)
BODY = re.compile(r"Body|Text|Volltext|Corps|Cuerpo")
COVER_END = re.compile(r"About LexisNexis|.*Copyright ©\s*\d{4}\s+LexisNexis|Terms (?:&|and) Conditions")
COVER = re.compile(r"(?:User Name|Date and Time|Job Number|Documents? \(\d+\)|Client/Matter)\b")
LISTED = re.compile(r"Documents? \((\d+)\)")
PAGE = re.compile(r"Page \d+ of \d+|Seite \d+ von \d+")
FULL = (
    0.85  # of the longest line: a ragged right edge is seldom further in, the last line of a paragraph mostly is
)
HEAD = 12  # lines among which the date must stand: a headline broken over a few, the publication, the date


def is_nexis(lines: Sequence[str]) -> bool:
    """Whether these lines come from Nexis: a record's end, or a download's cover."""
    return any(END.fullmatch(line) for line in lines) or sum(bool(COVER.match(line)) for line in lines[:60]) >= 2


def nexis_rows(source: Source, lines: Sequence[str], *, wrapped: bool = False) -> Rows:
    """A row a record: outlet, date, title, text, and the fields it has.

    ``wrapped`` lines are those of a page, not paragraphs: they are joined again.
    """
    cover, records, rest = _records(lines)
    rows, unparsed = {}, []
    for item, record in enumerate(records, start=1):
        at = next((at for at, line in enumerate(record) if BODY.fullmatch(line)), None)
        if at is None:
            unparsed.append(Unparsed(f"item {item}", "no line 'Body', so no text", excerpt(" ".join(record))))
        else:
            rows[f"item {item}"] = _head(source, record[:at], item) | _body(source, record[at + 1 :], item)
    if rest:
        reason = "cut off: no line 'End of Document'"
        unparsed.append(Unparsed(f"item {len(records) + 1}", reason, excerpt(" ".join(rest))))
    unparsed += _missing(cover, len(records) + bool(rest))
    if wrapped:
        rows = {place: row | {"text": _unwrapped(row["text"])} for place, row in rows.items()}
    return Rows(record_table(rows), "", tuple(unparsed))


def _records(lines: Sequence[str]) -> tuple[list[str], list[list[str]], list[str]]:
    """The cover, the whole records, and what follows the last."""
    lines = [line for line in lines if line and not PAGE.fullmatch(line)]
    ends = [at for at, line in enumerate(lines) if END.fullmatch(line)]
    starts = [0, *(end + 1 for end in ends)]
    first = next((at for at, line in enumerate(lines) if BODY.fullmatch(line)), ends[0] if ends else len(lines))
    cover = 0
    if any(COVER.match(line) for line in lines[:first]):
        closing = [at for at in range(first) if COVER_END.match(lines[at])]
        cover = closing[-1] + 1 if closing else (first if first == len(lines) else 0)
    starts[0] = cover
    records = [lines[start:end] for start, end in zip(starts, ends, strict=False)]
    return lines[:cover], records, lines[starts[-1] :]


def _missing(cover: list[str], found: int) -> list[Unparsed]:
    """The documents that the cover lists and the file lacks. A list of documents alone lacks none."""
    listed = next((int(match[1]) for line in cover if (match := LISTED.search(line))), 0)
    reason = "listed on the cover, not in the file"
    return [Unparsed(f"item {item}", reason, "") for item in range(found + 1, listed + 1)] if found else []


def _head(source: Source, lines: list[str], item: int) -> dict[str, str]:
    date = next((at for at, line in enumerate(lines[:HEAD]) if at >= 1 and is_day(line)), None)
    above = 2 if date is None else date  # the headline's lines and the publication
    fields = {
        "title": " ".join(lines[: max(above - 1, 1)]),
        "outlet": lines[above - 1] if 1 < above <= len(lines) else "",
        "date": "" if date is None else lines[date],
    }
    last = "edition"  # what stands between the date and the first label, but for the copyright
    for line in lines[above if date is None else date + 1 :]:
        found = labelled(line)
        if found:
            last, line = column_of(source, "nexis", found[0], item=item), found[1]
        elif line.startswith(("Copyright", "©", "(c)")) and last == "edition":
            fields["copyright"] = line
            continue
        fields[last] = f"{fields[last]} {line}" if fields.get(last) else line  # a byline of two lines
    return fields


def _body(source: Source, lines: list[str], item: int) -> dict[str, str]:
    """The text, and the fields after it. "Body" and labels inside the text are text."""
    end = _tail(lines)
    fields = {"text": "\n".join(lines[:end])}
    last = ""
    for line in lines[end:]:
        if line in labels("nexis_alone"):
            last = labels("nexis_alone")[line]
            continue
        if found := labelled(line):
            last, line = column_of(source, "nexis", found[0], item=item), found[1]
        fields[last] = f"{fields[last]} {line}" if fields.get(last) else line
    return fields


def _tail(lines: list[str]) -> int:
    """Where the fields after the text begin: the last heading "Classification", or else the last load date."""
    headings = [at for at, line in enumerate(lines) if line == "Classification"]
    dates = [at for at, line in enumerate(lines) if line.startswith("Load-Date:") or line == "Load-Date"]
    end = (headings or dates or [len(lines)])[-1]
    end = min([end, *dates[-1:]])
    alone = [at for at, line in enumerate(lines[:end]) if line in ("Graphic", "Notes", "Correction")]
    return alone[-1] if alone else end


def _unwrapped(text: str) -> str:
    """Lines of a page as paragraphs: one ends where a line that is not full ends a sentence."""
    lines = text.split("\n")
    full = FULL * max(map(len, lines))
    ends = [bool(re.search(r"[.!?:][\"”»’')]?$", line)) and len(line) < full for line in lines]
    return "".join(line + ("\n" if end else " ") for line, end in zip(lines, ends, strict=True)).strip()
