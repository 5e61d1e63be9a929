"""Records whose lines name their fields: RIS, RefWorks, EndNote, NoteExpress, BibTeX, and labels as columns have.

A record begins with the tag that opens the first one. The forms are data, in ``labels.yaml``; CNKI's E-Study and a
text with the lines ``Title: …``, ``Source: …``, ``Text: …`` are tables, whose labels are names of columns.
ProQuest's records, in text and HTML, lie between rules of underscores or after anchors: headline, labels, "Full
text:" with the article, and more labels, of which "Publication title" is always one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise, takewhile

import pandas as pd

from ..dates import is_day
from ..tables import key
from .columns import is_header, recognised
from .labels import any_label, in_menu, known_label, labelled, labels, left_out, menu
from .pages import blocks, parsed
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
RULE = re.compile(r"_{20,}")
CITED = re.compile(r"(.+?)\. ([^.]*?\d{4})\b(?:[,.;].*)?")  # EBSCO's sources: "USA Today. 03/07/2022, p. 4"
AFTER_DAY = re.compile(r"(?<=^\d{4}/\d\d/\d\d)/.*")  # what RIS allows beside a day: "2022/03/08/Mar2022"
Fields = dict[str, str]
_is = partial(in_menu, "proquest")


def tagged_rows(lines: Sequence[str]) -> Rows | None:
    """A row per record, or None in no form. The columns of a text with labels are these, not yet recognised."""
    if records := [*_tagged(lines, form)] if (form := _form(lines)) else _bibtex(lines):
        return item_rows(map(_checked, records))
    if front := _front(lines):
        return Rows(pd.DataFrame([front], index=["item 1"], dtype="str"), "")
    if not (names := _labels(lines)):
        return None
    known = {ours: theirs for theirs, ours in recognised(names).items()}
    records = [*_labelled(lines, names)]
    for record in records if "date" not in known else ():  # the day is cited with the publication
        if match := CITED.fullmatch(record.get(source := known.get("outlet", ""), "")):
            record |= {source: match[1], "Date": match[2]}
    places = [f"item {number}" for number, _ in enumerate(records, 1)]
    return Rows(pd.DataFrame(records, places, dtype="str").fillna(""), "")


def _form(lines: Sequence[str]) -> str:
    """The form whose opening tag is in a line, and which names a title, too."""
    for form, (tag, opening) in TAGS.items():
        found = {match[1] for line in lines if (match := tag.fullmatch(line))}
        if opening in found and "title" in {labels(form).get(key(name)) for name in found}:
            return form
    return ""


def _tagged(lines: Sequence[str], form: str) -> Iterator[Fields]:
    (tag, opening), records = TAGS[form], [list[list[str]]()]
    for line in lines:
        match = tag.fullmatch(line)
        again = match and labels(form).get(key(match[1])) == "title" and match[1] in dict(records[-1])
        if match and (again or match[1] in (opening, "ER")):  # an end or beginning may be lost
            records.append([] if match[1] == "ER" else [[match[1], match[2] or ""]])
        elif match:
            records[-1].append([match[1], match[2] or ""])
        elif line and records[-1]:
            records[-1][-1][1] += f"\n{line}"
    return (_fields(one, labels(form)) for one in records if any(name != opening for name, _ in one))


def _fields(record: list[list[str]], columns: Mapping[str, str]) -> Fields:
    fields = Fields()
    for name, value in record:
        column = columns.get(key(name), name)
        before, value = fields.get(column, ""), AFTER_DAY.sub("", value) if column == "date" else value
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


def _bibtex(lines: Sequence[str]) -> list[Fields]:
    """The records of BibTeX in these lines."""
    if not any(map(ENTRY.match, lines)) or not any(map(FIELD.match, lines)):
        return []
    records = list[Fields]()
    for entry in _entries("\n".join(lines)):
        found = {name.casefold(): " ".join(filter(None, values)) for name, *values in FIELD.findall(entry)}
        plain = {name: re.sub(r"\\([&%_$#])|[{}]", r"\1", value).strip() for name, value in found.items()}
        day = " ".join(plain.get(part, "") for part in ("day", "month", "year"))
        named = [[label, plain[label]] for label in labels("bibtex") if plain.get(label)]
        records.append(_fields([*named, ["date", day]], labels("bibtex")))
    return records


def _entries(text: str) -> list[str]:
    """The parts that hold fields: each ends with the brace that closes it, or where the next begins."""
    cuts, depth = [0], 0  # a field outside of an entry opens one that lost its first line
    for match in BRACE.finditer(text):
        if match[0] == "}":
            depth -= 1
            cuts += [match.end()] * (depth == 0)
        elif match[0] == "{":
            depth += 1 if depth else 2
        else:
            cuts, depth = [*cuts, match.start()], 1
    return [part for start, end in pairwise([*cuts, len(text)]) if FIELD.search(part := text[start:end])]


def _front(lines: Sequence[str]) -> Fields:
    """The fields of a text that begins with labels between lines of hyphens, as trafilatura writes it."""
    end = next((at for at in range(1, len(lines)) if lines[0] == lines[at] == "---"), 0)
    fields = {match[1]: match[2].strip("'\"") for match in map(LABEL.match, lines[1:end]) if match}
    fields |= {"text": "\n".join(line for line in lines[end + 1 :] if line)}
    return fields if end and is_header(fields) else {}


def _labels(lines: Sequence[str]) -> list[str]:
    """The labels of a text that begins with one: known ones, and those of at least half of the records."""
    filled = [line for line in lines if not DRAWN.fullmatch(line)]
    names = [match[1] for line in filled if (match := LABEL.match(line))]
    if not names or not LABEL.match(filled[0]) or not is_header(dict.fromkeys(names)):
        return []
    known, first = recognised(dict.fromkeys(names)), names[0]
    if not {"text", "teaser"} & {*known.values()}:
        return []
    counts, within = Counter[str](), False
    for name in names:
        within = name != first and (within or known.get(name) == "text")  # a text may hold "Putin: …"
        counts[name] += not within
    often = min(counts[first], max(2, counts[first] / 2))
    beside = [name for name in counts if PAIRED.fullmatch(name) or key(name) in labels("labelled")]
    return [first, *(name for name in counts if counts[name] >= often or name in {*known, *beside})]


def _labelled(lines: Sequence[str], names: Sequence[str]) -> Iterator[Fields]:
    """The records: each begins with the first label, or with one that is there again where the first was lost."""
    ours = recognised(dict.fromkeys(names))
    text = next((name for name in names if ours.get(name) in ("text", "teaser")), "")
    matches = map(LABEL.match, lines)
    found = [match.group(1, 2) if match and match[1] in names else ("", "") for match in matches]
    fields, last = Fields(), ""
    for at, (name, value) in enumerate(found):
        rest = takewhile(lambda label: label != names[0], (found[n][0] for n in range(at, len(found))))
        again = name in fields and name != text
        again = again and (ours.get(name) == "title" or (text in fields and text in rest))
        if fields and (again or name == names[0]):
            yield fields
            fields = Fields()
        if not name and ours.get(last) in ("outlet", "date") and (match := LABEL.match(lines[at])):
            name, value = match.groups()  # of one record only
        if name and name not in fields:
            fields[name], last = value, name
        elif name and name == last and value == fields[name]:
            continue  # a line that is there twice
        elif last and not DRAWN.fullmatch(lines[at]):
            fields[last] = f"{fields[last]}\n{lines[at]}".strip()
    if fields:
        yield fields


def is_proquest_html(text: str) -> bool:
    """Whether a page is an export of ProQuest: an anchor a record, or the label of its numbers."""
    return "DocID_MSTAR" in text or ("proquest" in text.lower() and is_proquest(blocks(parsed(text))))


def is_proquest(lines: Sequence[str]) -> bool:
    """Whether these lines come from ProQuest: rules between records, or its own labels."""
    known = {_column(line) for line in lines}
    ruled = any(RULE.fullmatch(line) for line in lines) and known & {"record", "outlet"}
    return bool(ruled) or {"record", "outlet"} <= known


def proquest_page(text: str) -> Rows:
    """A row per record of a page: its blocks are the lines of the text export."""
    page = parsed(text)
    for anchor in page.iter("a"):
        if anchor.get("name", "").startswith("DocID"):
            anchor.getparent().insert(anchor.getparent().index(anchor), anchor.makeelement("hr", {}))
    lines = [line for block in blocks(page, rule="_" * 60) for line in (block, "")]
    return proquest_rows(lines)


def proquest_rows(lines: Sequence[str]) -> Rows:
    """A row per record, out of the lines of an export; a heading in capitals is a label: FULL TEXT."""
    kept = [line for line in lines if not _is("details", line)]
    heads = {line: line.partition(" (")[0] for line in kept if line.isupper()}
    heads = {line: f"{name}: " for line, name in heads.items() if key(name) in labels("proquest")}
    items = [*_items([heads.get(line, line) for line in kept])]
    return item_rows(items + left_out("proquest", lines, len(items)))


def _items(lines: Sequence[str]) -> Iterable[tuple[dict[str, str], str]]:
    """Each record, or its lines and why it cannot be read."""
    for chunk in _chunks(lines):
        columns, written = [*map(_column, chunk)], [line for line in chunk if line]
        if "outlet" in columns:
            yield _record(chunk, len(chunk) - 1 - columns[::-1].index("outlet")), ""
        elif any(columns):
            yield {"": " ".join(written)}, "cut off: no 'Publication title'"
        elif written and not menu("proquest", "beside").search(" ".join(written[:5])):
            yield {"": " ".join(written)}, "no field that is known"


def _chunks(lines: Sequence[str]) -> Iterator[list[str]]:
    """The lines between rules; without rules the next headline follows the fields of the record before."""
    rules = [at for at, line in enumerate(lines) if RULE.fullmatch(line)]
    for start, stop in pairwise([-1, *rules, len(lines)]):
        chunk = [*lines[start + 1 : stop]]
        columns = [*map(_column, chunk)]
        ends = max(
            ([at for at, one in enumerate(columns) if one == name] for name in ("outlet", "record")), key=len
        )
        cuts = [
            next((at for at in range(one, another) if chunk[at] and not labelled(chunk[at])[0]), another)
            for one, another in pairwise(ends)
        ]
        yield from (chunk[a:b] for a, b in pairwise([0, *cuts, len(chunk)]))


def _record(chunk: list[str], end: int) -> dict[str, str]:
    text = next((at for at, line in enumerate(chunk[:end]) if _column(line) == "text"), None)
    tail = _tail(chunk, end)
    if text is None or text >= tail:
        return _record_fields(chunk)
    body = [labelled(chunk[text])[1], *(line for line in chunk[text + 1 : tail] if not _is("link", line))]
    written = "\n".join(line for line in body if line)
    fields = _record_fields(chunk[:text]) | _record_fields(chunk[tail:], titled=True)
    return fields | {"text": "" if _is("no_text", written) else written}


def _tail(chunk: list[str], end: int) -> int:
    """Where the fields after the text begin: up from the publication, as long as lines look like fields."""
    at = end
    while at > 0 and (not chunk[at - 1] or (labelled(chunk[at - 1])[0] and _column(chunk[at - 1]) != "text")):
        at -= 1
    # The end of the text itself may look like fields: "Putin: We are friends." A field appears once, and the
    # last of several is the field.
    named = [key(labelled(line)[0]) for line in chunk[at:]]
    first = (n for n, label in enumerate(named) if label in labels("proquest") and label not in named[n + 1 :])
    return at + next(first, end - at)


def _record_fields(lines: Sequence[str], *, titled: bool = False) -> dict[str, str]:
    fields, last = dict[str, str](), "" if titled else "title"
    for line in (line for line in lines if not (_is("numbered", line) or _is("link", line))):
        if not line:  # what follows the headline without a label is how to cite it
            last = "citation" if last == "title" and fields else last
            continue
        column, value = any_label("proquest", line)
        if last == "title" and not fields and not _column(line):
            fields["title"] = line  # may hold a colon itself
        elif column:
            last, fields[column] = column, value
        elif last:
            fields[last] = f"{fields.get(last, '')} {line}".strip()
    return fields


def _column(line: str) -> str:
    """The column of a line with a known label."""
    return known_label("proquest", line)[0]
