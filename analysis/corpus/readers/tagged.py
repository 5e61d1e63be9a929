"""Records whose lines name their fields: RIS, RefWorks, EndNote, NoteExpress, BibTeX, and labels as columns have.

A record begins with the tag that opens the first one. The forms are data, in ``labels.yaml``; CNKI's E-Study and a
text with the lines ``Title: …``, ``Source: …``, ``Text: …`` are tables, whose labels are names of columns.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import pandas as pd

from ..dates import is_day
from .columns import is_header, key, labels, recognised
from .source import Rows, item_rows

TAGS = {  # of each form: how a line gives its tag and value, and the tag that opens a record
    "ris": (re.compile(r"([A-Z][A-Z0-9])\s{1,2}-(?:\s+(.*)|\s*$)"), "TY"),
    "refworks": (re.compile(r"([A-Z][A-Z0-9]) (.*)"), "RT"),
    "endnote": (re.compile(r"%(\S)(?: (.*)|$)"), "0"),
    "noteexpress": (re.compile(r"\{([\w ./]+)\}:(?: (.*)|$)"), "Reference Type"),
}
LABEL = re.compile(r"([^\W\d_][\w .()（）/-]{0,40}?)\s?[:：](?!//)\s*(.*)")
PAIRED = re.compile(r"[A-Za-z]+-[\u3400-\u9fff]+")  # "Title-题名", as CNKI writes its labels
FULL_TEXT = re.compile(r"(?:Full ?text|Volltext|Texte intégral|Texto completo)\s?:\s*", re.I)
DRAWN = re.compile(r"[\W_]*")  # a rule between records
ENTRY = re.compile(r"@(?!comment|string|preamble)\w+\s*[{(]", re.I)
BRACE = re.compile(r"^[ \t]*@\w+[ \t]*[{(]|[{}]", re.M)
FIELD = re.compile(r"\b(\w+)\s*=\s*(?:\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}|\"([^\"]*)\"|(\w+))", re.S)
Fields = dict[str, str]


def is_tagged(lines: Sequence[str]) -> bool:
    """Whether these lines hold records in one of the forms."""
    return bool(_form(lines) or _is_bibtex(lines) or _labels(lines))


def tagged_rows(lines: Sequence[str]) -> Rows:
    """A row a record. The columns of a text with labels are its labels, still to be recognised."""
    if form := _form(lines):
        return item_rows(_tagged(lines, form))
    if _is_bibtex(lines):
        return item_rows(map(_checked, _bibtex("\n".join(lines))))
    rows = list(_labelled(lines, _labels(lines)))
    places = [f"item {number}" for number in range(1, len(rows) + 1)]
    return Rows(pd.DataFrame(rows, index=places, dtype="str").fillna(""), "")


def _form(lines: Sequence[str]) -> str:
    """The form whose opening tag is in a line, and which names a title, too."""
    for form, (tag, opening) in TAGS.items():
        found = {match[1] for line in lines if (match := tag.fullmatch(line))}
        if opening in found and "title" in {labels(form).get(key(name)) for name in found}:
            return form
    return ""


def _tagged(lines: Sequence[str], form: str) -> Iterator[tuple[Fields, str]]:
    (tag, opening), records = TAGS[form], [list[list[str]]()]
    for line in lines:
        match = tag.fullmatch(line)
        if match and match[1] in (opening, "ER"):  # an end may be lost
            records.append([] if match[1] == "ER" else [[opening, match[2] or ""]])
        elif match:
            records[-1].append([match[1], match[2] or ""])
        elif line and records[-1]:
            records[-1][-1][1] += f"\n{line}"
    yield from (_checked(_fields(one, labels(form))) for one in records if any(name != opening for name, _ in one))


def _fields(record: list[list[str]], columns: Mapping[str, str]) -> Fields:
    fields = Fields()
    for name, value in record:
        column, before = columns.get(key(name), name), fields.get(columns.get(key(name), name), "")
        if column in ("notes", "abstract") and (text := FULL_TEXT.match(value)):
            column, value = "text", value[text.end() :]
        if column not in ("outlet", "title", "date"):  # databases write an abstract under AB and N2
            fields[column] = before if value in (before, *before.split("\n")) else f"{before}\n{value}".strip()
        elif not before or (column == "date" and is_day(value) and not is_day(before)):
            fields[column] = value
    return fields


def _checked(fields: Fields) -> tuple[Fields, str]:
    """A record, its abstract in place of a text, and why it cannot be read."""
    fields = fields | {"text": fields.get("text") or fields.get("abstract", "")}
    return fields, "" if fields.get("outlet") else "no publication: no journal, newspaper or publisher"


def _is_bibtex(lines: Sequence[str]) -> bool:
    return any(ENTRY.match(line) for line in lines) and any(FIELD.match(line) for line in lines)


def _bibtex(text: str) -> Iterable[Fields]:
    for entry in _entries(text):
        found = {name.casefold(): " ".join(filter(None, values)) for name, *values in FIELD.findall(entry)}
        plain = {name: re.sub(r"\\([&%_$#])|[{}]", r"\1", value).strip() for name, value in found.items()}
        fields = Fields()
        for label, column in labels("bibtex").items():
            if not fields.get(column):
                fields[column] = plain.get(label, "")
        day = " ".join(plain.get(part, "") for part in ("day", "month", "year"))
        yield fields | {"date": fields["date"] or day}


def _entries(text: str) -> list[str]:
    """The parts that hold fields: each ends with the brace that closes it, or where the next begins.

    A field outside of an entry opens one that lost its first line.
    """
    cuts, depth = [0], 0
    for match in BRACE.finditer(text):
        if match[0] == "}":
            depth -= 1
            cuts += [match.end()] * (depth == 0)
        elif match[0] == "{":
            depth += 1 if depth else 2
        else:
            cuts, depth = [*cuts, match.start()], 1
    return [part for start, end in pairwise([*cuts, len(text)]) if FIELD.search(part := text[start:end])]


def _labels(lines: Sequence[str]) -> list[str]:
    """The labels of a text whose first line and fields are labelled, that of the first line first; else none.

    Known ones, CNKI's, and those of at least half of the records, if before the text: it may hold "Putin: …".
    """
    filled = [line for line in lines if not DRAWN.fullmatch(line)]
    names = [match[1] for line in filled if (match := LABEL.match(line))]
    if not names or not LABEL.match(filled[0]) or not is_header(dict.fromkeys(names)):
        return []
    known, first = recognised(dict.fromkeys(names)), names[0]
    if not {"text", "teaser"} & {*known.values()}:
        return []
    counts, within = Counter[str](), False
    for name in names:
        within = name != first and (within or known.get(name) == "text")
        counts[name] += not within
    often = max(2, counts[first] / 2)
    return [first, *(name for name in counts if name in known or counts[name] >= often or PAIRED.fullmatch(name))]


def _labelled(lines: Sequence[str], names: Sequence[str]) -> Iterator[Fields]:
    ours = recognised(dict.fromkeys(names))
    fields, last = Fields(), ""
    for line in lines:
        match = LABEL.match(line)
        name = match[1] if match and match[1] in names else ""
        if name and fields and (name == names[0] or (name in fields and ours.get(name) == "title")):
            yield fields
            fields = Fields()
        if match and name and name not in fields:
            fields[name], last = match[2], name
        elif last and not DRAWN.fullmatch(line):
            fields[last] = f"{fields[last]}\n{line}".strip()
    if fields:
        yield fields
