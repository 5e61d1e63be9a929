"""Labels of exports: what a line names and which column it becomes, and what is written beside articles."""

import re
from collections.abc import Callable, Iterable
from functools import cache

from ..files import shipped
from ..tables import key
from .source import absent

FIRST = r"A-ZÀ-ÞА-Я\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"  # letters in which a label begins
LABEL = re.compile(
    rf"((?:[{FIRST}][\w/&()'-]*|column|e-ISSN)(?: [\w/&()-]+){{0,4}})\s?(?::(?:\s+|$)|：\s*)(.*)", re.S
)
LONGEST_LABEL = 32  # characters; the longest known, "Language of publication", has 23


@cache
def labels(export: str) -> dict[str, str]:
    """The labels of an export and the columns they become, without case, blanks and marks."""
    columns = shipped(__package__, "labels.yaml")[export]
    return {key(label): column for column, names in columns.items() for label in names}


def labelled(line: str) -> tuple[str, str]:
    """What looks like a label, and its value; nothing of a line without one."""
    found = LABEL.match(line)
    return (found[1], found[2]) if found and len(found[1]) <= LONGEST_LABEL else ("", "")


def known_label(export: str, line: str) -> tuple[str, str]:
    """The column of a line with a known label, and its value; nothing of another line."""
    label, value = labelled(line)
    column = labels(export).get(key(label), "")
    return (column, value) if column else ("", "")


def any_label(export: str, line: str) -> tuple[str, str]:
    """The same, where an unknown label is a column of its own, under its own name."""
    label, value = labelled(line)
    return labels(export).get(key(label), label), value


def filled(
    lines: Iterable[str], opens: Callable[[str, str], tuple[str, str]], last: str, *, between: str = " "
) -> dict[str, str]:
    """The columns that lines fill: each that of the last line that ``opens`` one, at first ``last``."""
    fields = dict[str, str]()
    for line in filter(None, lines):
        column, value = opens(line, last)
        last, line = (column, value) if column else (last, line)
        fields[last] = f"{fields.get(last, '')}{between}{line}".strip()
    return fields


@cache
def menu(export: str, part: str) -> re.Pattern[str]:
    """What an export writes beside its articles, in whatever language of its interface."""
    return re.compile("|".join(shipped(__package__, "menus.yaml")[export][part]), re.I)


def left_out(export: str, lines: Iterable[str], found: int) -> list[tuple[dict[str, str], str]]:
    """An item for each that numbers count ("Document 3 of 12"), first to last, beyond those found."""
    numbers = [int(*re.findall(r"\d{1,9}", line)[:1]) for line in lines if in_menu(export, "numbered", line)]
    span = max(numbers) - min(numbers) + 1 if numbers else 0
    return absent(span - found, "its number is between those of others, and it is not in the file")


def in_menu(export: str, part: str, line: str) -> bool:
    """Whether a line is this part of what an export writes beside its articles."""
    return menu(export, part).fullmatch(line) is not None
