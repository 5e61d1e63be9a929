"""Texts whose records have a line with the publication and the day: Retriever, WiseNews, wiso, NewsBank."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from ..files import shipped
from .source import Rows, absent, item_rows, paragraphs

THEN = 6  # lines beneath a head, blank ones too, among which another shows it to be one
ASIDE = ("beside", "closes", "rights")  # neither headline nor text
RIGHTS = 20  # lines at the end of a record that may hold the rights
Head = tuple[int, dict[str, str]]


def headed_rows(lines: Sequence[str]) -> Rows | None:
    """A row per record, or None; one without publication and day, or only listed, is an unparsed item."""
    if not (form := _form(lines)):
        return None
    items = [*_items(lines, form)]
    listed = sum(_is(form, "listed", line) for line in lines)
    return item_rows(items + absent(listed - len(items), "listed at the beginning, not in the file"))


def _form(lines: Sequence[str]) -> str:
    """The form whose heads are in these lines, and a line that makes it sure, if it names any."""
    for form, parts in _forms().items():
        sure = not parts["sure"] or any(_is(form, "sure", line) for line in lines)
        if sure and any(_heads(lines, form)):
            return form
    return ""


def _items(lines: Sequence[str], form: str) -> Iterator[tuple[dict[str, str], str]]:
    heads, above = [*_heads(lines, form)], bool(_forms()[form]["above"])
    starts = [_title(lines, at, form) if above else at for at, _ in heads]
    ends = [at + 1 for at, line in enumerate(lines) if _is(form, "closes", line)]
    for begin, end in pairwise([0, *ends, len(lines)]):
        own = [n for n, (at, _) in enumerate(heads) if begin <= at < end]
        if not own and begin < end in ends:
            shown = [one for one in lines[begin:end] if one and not any(_is(form, part, one) for part in ASIDE)]
            if shown:
                yield {"": " ".join(shown)}, "no line with a publication and its day"
        for n, stop in zip(own, [*(starts[n] for n in own[1:]), end], strict=False):
            at, fields = heads[n]
            titled = {"title": lines[starts[n]] if starts[n] < at else ""} if above else {}
            yield _record(titled | fields, lines[at + 1 : stop], form), ""


def _heads(lines: Sequence[str], form: str) -> Iterator[Head]:
    """The place of each line with a publication and its day, and what it says."""
    then, again = _forms()[form]["then"], [one.pattern for one in _forms()[form]["again"]]
    for at, line in enumerate(lines):
        match = next(filter(None, (head.fullmatch(line) for head in _forms()[form]["head"])), None)
        if match is None or (then and not any(_is(form, "then", one) for one in lines[at + 1 : at + 1 + THEN])):
            continue
        if all(any(below.startswith(one + match["outlet"]) for below in lines[at + 1 :]) for one in again):
            yield at, {name: value.strip(" |") for name, value in match.groupdict().items() if value}


def _title(lines: Sequence[str], head: int, form: str) -> int:
    """Where the headline above a head is; the head itself where there is none in its record."""
    above = (at for at in range(head - 1, -1, -1) if lines[at] and not _is(form, "beside", lines[at]))
    at = next(above, head)
    return head if _is(form, "closes", lines[at]) else at


def _record(head: dict[str, str], below: Sequence[str], form: str) -> dict[str, str]:
    """The fields of a record: its headline is in its head, or above, else the first line below."""
    body = [line for line in below if not (_is(form, "beside", line) or _is(form, "closes", line))]
    tail = range(max(len(body) - RIGHTS, 0), len(body))
    rights = ([at for at in tail if one.fullmatch(body[at])] for one in _forms()[form]["rights"])
    text = body[: min((found[-1] for found in rights if found), default=len(body))]
    if "title" not in head:
        at = next((at for at, line in enumerate(text) if line), 0)
        head, text = head | {"title": "".join(text[at : at + 1])}, text[at + 1 :]
    return head | {"text": paragraphs(text)}


def _is(form: str, part: str, line: str) -> bool:
    return any(pattern.fullmatch(line) for pattern in _forms()[form][part])


@cache
def _forms() -> dict[str, dict[str, list[re.Pattern[str]]]]:
    parts = ("head", "then", "again", "above", "beside", "closes", "rights", "listed", "sure")
    return {
        name: {part: [re.compile(one) for one in form.get(part, [])] for part in parts}
        for name, form in shipped(__package__, "headed.yaml").items()
    }
