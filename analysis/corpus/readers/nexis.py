"""Nexis Uni, Nexis UK and LexisNexis exports, out of the paragraphs of a file.

Nexis Uni: a headline, the publication, the date, a copyright line, labelled fields, the word "Body" on its own,
the article, labelled fields again, and "End of Document". LexisNexis before: "1 of 12 DOCUMENTS", the publication,
the date, the headline, labels in capitals up to LENGTH, the article, and labels again. A cover with the search and
a list of documents may precede the first record of a download.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import groupby, pairwise, takewhile

from ..dates import is_day, is_period
from ..files import shipped
from ..tables import key
from .labels import any_label, filled, in_menu, known_label, labelled, labels, left_out, menu
from .source import Rows, absent, item_rows, paragraphs

ENTRY = re.compile(r"\d{1,4}\.\s+(\S.*)")
RIGHTS_LINES = 4  # the rights of a document may follow its last label in a few lines
SENTENCE = re.compile(r"[.!?][\"”’)\]]*(?:\s|$)")
CAPTIONS = 8  # lines before the last labels in which "Graphic" heads captions, if each has one sentence at most
LONGEST_TITLE = 30  # words of a headline that no label follows
HEAD = 14  # lines among which the date must be: a headline broken over a few, the publication, the date
_label = partial(known_label, "nexis")
_is = partial(in_menu, "nexis")


def _columns(group: str) -> list[str]:
    """The columns whose labels are of one kind: opening, closing, sure, free."""
    return shipped(__package__, "labels.yaml")["nexis_columns"][group]  # type: ignore[no-any-return]


def _capitals(line: str) -> tuple[str, str]:
    """The column of a label in capitals, and its value."""
    return _label(line) if line.split(":")[0].isupper() else ("", "")


def _alone(line: str) -> str:
    """The column of a heading alone on its line."""
    return labels("nexis_alone").get(key(line), "")


def nexis_rows(lines: Sequence[str]) -> Rows | None:
    """A row per record, out of lines with the blank ones; None without a record's number or end, or a cover."""
    if not any(_is("end", line) for line in lines):
        columns = {_capitals(line)[0] for line in lines}  # of records that lost their numbers
        unnumbered = "length" in columns and len(columns.intersection(_columns("sure"))) > 1
        if unnumbered or any(_is("numbered", line) for line in lines):
            return _numbered(lines)
        if sum(_is("cover", line) for line in lines[:60]) < 3:
            return None
    kept = [line for line in lines if line and not _is("page", line) and not _is("numbered", line)]
    edges = [0, *(at + 1 for at, line in enumerate(kept) if _is("end", line))]
    records = [(kept[start : end - 1], True) for start, end in pairwise(edges)]
    if (rest := kept[edges[-1] :]) and (_without_cover(rest)[1] or not records):
        records.append((rest, False))
    items: list[tuple[dict[str, str], str]] = []
    listed = 0
    for record, ended in records:
        cover, record = _without_cover(record)
        *others, record = _parted(record, lambda lines, at: _is("body", lines[at]))
        items += [_item(other, ended=True) for other in others]
        found = (match for line in cover if (match := menu("nexis", "listed").search(line)))
        listed += next((int(match[1] or match[2]) for match in found), 0)
        if record := [line for line in record if not _is("foot", line)]:
            items.append(_item(record, ended=ended))
    return item_rows(items + absent((listed - len(items)) * bool(items), "listed on the cover, not in the file"))


def _without_cover(record: list[str]) -> tuple[list[str], list[str]]:
    """The cover before a record, if any, and the record: after LexisNexis's rights, or at a listed title."""
    first = _first(record, "body")
    above = record[:first]
    covering = [
        at for at, line in enumerate(above) if _is("cover", line) or menu("nexis", "listed").fullmatch(line)
    ]
    if len(covering) < 2:
        return [], record
    entries = tuple(filter(None, (key(match[1])[:60] for line in above if (match := ENTRY.fullmatch(line)))))
    for at in range(first - 1, covering[0], -1):
        listed = key(" ".join(record[at : at + 4])).startswith(entries)
        if listed and any(is_day(line) or _is("rights", line) for line in above[at:][:HEAD]):
            return record[:at], record[at:]
    closing = [at for at, line in enumerate(above) if _is("cover_end", line)]
    if first == len(record) and not (entries and closing):
        return record, []
    last = closing[-1] if closing else covering[-1]
    day = next((at for at in range(last + 1, first) if is_day(record[at])), None)
    end = last + 1 if closing or day is None else max(last + 1, day - 2)  # two lines above the date
    return record[:end], record[end:]


def _first(lines: Sequence[str], part: str) -> int:
    """Where a part of the menus is first; after all lines if nowhere."""
    return next((at for at, line in enumerate(lines) if _is(part, line)), len(lines))


def _parted(lines: Sequence[str], opens: Callable[[Sequence[str], int], bool]) -> list[list[str]]:
    """The records in lines that lost an end or number: a day after a load date has the publication above it."""
    loads = [at for at, line in enumerate(lines) if _label(line)[0] in ("load_date", "update")]
    loaded = next((at for at in loads if is_day(_label(lines[at])[1])), len(lines))
    opening = next((at for at in range(loaded, len(lines)) if opens(lines, at)), loaded)
    day = next((at for at in range(loaded + 1, opening) if is_day(lines[at])), None)
    if day is None:
        return [list(lines)]
    beside = (line == "" or _is("rights", line) or labelled(line)[0] for line in lines[loaded + 1 : day])
    start = next((at for at, known in enumerate(beside, loaded + 1) if not known), day)
    return [list(lines[:start]), *_parted(lines[start:], opens)]


def _item(record: list[str], *, ended: bool) -> tuple[dict[str, str], str]:
    """The fields of a record, or its lines and why it cannot be read."""
    at = _first(record, "body")
    if not ended or at == len(record):
        reason = "no line 'Body', so no text" if ended else "cut off: no line 'End of Document'"
        return {"": " ".join(record)}, reason
    return _head(record[:at]) | _body(record[at + 1 :]), ""


def _head(lines: list[str]) -> dict[str, str]:
    """Headline, publication and date by their order, then the fields with labels."""
    lines = [line for line, _ in groupby(lines) if not _is("supplied", line)]  # once, if it is there twice
    above, after, date = _publication(lines)
    outlet, first = lines[above - 1] if above else "", above - 1
    if outlet.startswith("(") and above > 1:  # a blog, under its paper's name
        outlet, first = f"{lines[above - 2]} {outlet}", above - 2
    fields = {"title": " ".join(lines[: max(first, 0)]), "outlet": outlet, "date": date}
    if first <= 0 < above and not date:
        fields |= {"title": lines[0], "outlet": ""}

    def opens(line: str, last: str) -> tuple[str, str]:
        found = _field(line, last)
        rights = not found[0] and last in ("edition", "copyright") and _is("rights", line)
        return ("copyright", line) if rights else found

    # what is between the date and the first label is the edition, but for the copyright
    return fields | filled(lines[after:], opens, "edition")


def _publication(lines: list[str]) -> tuple[int, int, str]:
    """How many lines the headline and publication have, where the other fields begin, and the date."""
    days = [at for at, line in enumerate(lines[:HEAD]) if at and is_day(line)]
    if day := next((at for at in days if at > 1), days[0] if days else 0):
        return day, day + 1, lines[day]
    ends = [at for at, line in enumerate(lines[:HEAD]) if _is("corrected", line) or _is("rights", line)]
    label = next((at for at, line in enumerate(lines) if _label(line)[0]), len(lines))
    end = next((at for at in ends if at > 1), min(2, label))
    if end > 1 and is_period(lines[end - 1]):
        return end - 1, end, lines[end - 1]
    return end, end + (end in ends and _is("corrected", lines[end])), ""


def _field(line: str, last: str) -> tuple[str, str]:
    """The column and value of a line with a label. Free text may hold what looks like one."""
    return _label(line) if last in _columns("free") else any_label("nexis", line)


def _body(lines: list[str]) -> dict[str, str]:
    """The text, and the fields after it. "Body" and labels inside the text are text."""
    end = _tail(lines)
    text, abstract = lines[:end], dict[str, str]()
    if "FULL TEXT" in text and text[0] in ("ABSTRACT", "Abstract"):
        at = text.index("FULL TEXT")
        abstract, text = {"abstract": "\n".join(text[1:at])}, text[at + 1 :]

    def opens(line: str, last: str) -> tuple[str, str]:
        return (_alone(line), "") if _alone(line) and ":" not in line else _field(line, last)

    return abstract | {"text": "\n".join(text)} | filled(lines[end:], opens, "end")


def _tail(lines: list[str]) -> int:
    """Where the fields after the text begin: at the last classification or load date, or a heading before."""
    heads = {column: at for at in range(len(lines)) if (column := _heading(lines, at))}  # the last of each
    end = min((heads[name] for name in ("classification", "load_date") if name in heads), default=len(lines))
    fields = takewhile(lambda at: _label(lines[at])[0], range(end - 1, 0, -1))  # beneath no heading that is known
    end = min([end, *(at for at in fields if _label(lines[at])[0] in _columns("sure"))])
    graphics = (at for at in range(max(end - CAPTIONS, 1), end) if _alone(lines[at]) == "graphic")
    captions = (at for at in graphics if not any(SENTENCE.search(line[:-1]) for line in lines[at:end]))
    return min([end, *captions, *heads.values()])


def _heading(lines: list[str], at: int) -> str:
    """The column of a heading, by what follows it. A word alone on its line may be a cross-head of the article."""
    name, value = _label(lines[at])
    if name == "load_date" and is_day(value):
        return name
    column, below = _alone(lines[at]), "".join(lines[at + 1 : at + 2])
    if column == "load_date":
        return column * is_day(below)
    if column == "classification":
        return column * bool(_label(below)[0])
    return column * (bool(labelled(below)[0]) or _is("caption", below))


def _numbered(lines: Sequence[str]) -> Rows:
    """The records of LexisNexis before Nexis Uni: each after its number."""
    filled = [at for at, line in enumerate(lines) if line]
    lost = {
        at for before, at in pairwise([-1, *filled])
        if _is("lost", lines[at]) and not (before >= 0 and _is("numbered", lines[before]))
    }  # fmt: skip
    starts = [at for at in filled if at in lost or _is("numbered", lines[at])]
    first = starts[0] if starts else len(lines)
    edges = [-1] * any(_is_length(lines, at) for at in range(first)) + starts
    parts = [lines[a + (a not in lost) : b] for a, b in pairwise([*edges, len(lines)])]
    items = list[tuple[dict[str, str], str]]()
    for record in (one for part in parts for one in _parted(part, _is_length)):
        kept = [line for line in record if not (_is("foot", line) or _is("page", line))]
        fields = _old_record(kept)
        why = "no date and no label, so neither outlet nor text"
        items.append((fields, "") if fields else ({"": " ".join(record)}, why))
    return item_rows(items + left_out("nexis", lines, len(items)))


def _dated(lines: Sequence[str]) -> int | None:
    """Where the day is; of a magazine its month or year, if that is not the first line."""
    days = [at for at, line in enumerate(lines) if is_day(line)]
    return next((at for at in days or range(1, len(lines)) if days or is_period(lines[at])), None)


def _is_length(lines: Sequence[str], at: int) -> bool:
    return _capitals(lines[at])[0] == "length"


def _old_record(lines: list[str]) -> dict[str, str] | None:
    """Publication, date and headline by their order, then labels, the text after the last of them, and labels."""
    known = {at: column for at, line in enumerate(lines) if (column := _capitals(line)[0])}
    day = _dated(lines[: 2 * HEAD])
    if day is None and not known:
        return None
    opening = [at for at, column in known.items() if column in _columns("opening")]
    begun = [at for at in range((day or 0) + 2, len(lines)) if lines[at] and not lines[at - 1]]  # paragraphs
    titled = len(begun) > 1 and sum(len(line.split()) for line in lines[begun[0] : begun[1]]) <= LONGEST_TITLE
    first = min(opening, default=begun[1] if titled else (day or 0) + 2)
    gaps = {after: sum(map(bool, lines[before + 1 : after])) for before, after in pairwise(opening)}
    near = max((at for at in opening if gaps.get(at, 0) <= 3), default=first - 1)  # labels and their second lines
    last = next((at for at, column in known.items() if column == "text"), near)
    end = _closed(
        lines, last + 1, {at: known[at] for at in known if at > last and known[at] in _columns("closing")}
    )
    fields = _old_head([line for line in lines[:first] if not _is("rights", line)])
    fields |= filled(lines[first : last + 1], _capital, "end")
    text = [fields.pop("text", ""), *lines[last + 1 : end]]
    if end == len(lines):
        after = max(len(text) - RIGHTS_LINES, 0)
        text = text[: after + _first(text[after:], "rights")]
    return fields | {"text": paragraphs(text)} | filled(lines[end:], _capital, "end")


def _closed(lines: list[str], start: int, closing: Mapping[int, str]) -> int:
    """Where the labels after the text begin: all paragraphs from there on open with one, or with the rights."""
    spaced = "" in lines[start:]
    opens = [at for at in range(start, len(lines)) if lines[at] and not (spaced and at > start and lines[at - 1])]
    sure = max((at for at, column in closing.items() if column in _columns("sure")), default=len(lines))
    few = sum(map(bool, lines[sure + 1 :])) <= RIGHTS_LINES
    end = first = len(lines)
    for at, after in reversed([*pairwise([*opens, len(lines)])]):
        label = labelled(lines[at])[0] and lines[at].split(":")[0].isupper()
        label = label and not SENTENCE.search(" ".join(lines[at:after]).strip())
        if not (at in closing or label or (few and at > sure) or _is("rights", lines[at])):
            break
        first, end = at, at if at in closing else end
    return first if end < len(lines) else end


def _old_head(top: list[str]) -> dict[str, str]:
    """What is above the labels. In text the edition follows the day's line without a blank one."""
    top = [line for line, _ in groupby(top)]
    day = _dated(top)
    if day is None:
        filled = [line for line in top if line]
        return {"outlet": "".join(filled[:1]), "date": "", "title": " ".join(filled[1:])}
    below = [line for line in top[day + 1 :] if not is_day(line)]
    rest = [line for line in below if line]
    edition = below[: below.index("")] if "" in below else []
    if len(edition) in (0, len(rest)):
        edition = [
            line for line in rest[:2] if _is("edition", line) and (len(rest) > 1 or line.endswith("Edition"))
        ]
    title = " ".join(line for line in rest if line not in edition)
    outlet = " ".join(line for line in top[:day] if line)
    return {"outlet": outlet, "date": top[day], "title": title, "edition": " ".join(edition)}


def _capital(line: str, _: str) -> tuple[str, str]:
    return ("copyright", line) if _is("rights", line) and not _capitals(line)[0] else _capitals(line)
