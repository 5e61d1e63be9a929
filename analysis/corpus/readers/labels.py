"""The labels of archive exports and the columns they become."""

import re
from functools import cache
from importlib import resources

import yaml

from .columns import key

LABEL = re.compile(r"((?:[A-ZÀ-ÞА-Я][\w/&()-]*|column|e-ISSN)(?: [\w/&()-]+){0,3})\s?:(?:\s+(.*)|$)", re.S)
LONGEST_LABEL = 32  # characters; the longest known, "Language of publication", has 23


@cache
def labels(export: str) -> dict[str, str]:
    """The labels of an export and the columns they become, without case, blanks and marks."""
    known: dict[str, str] = yaml.safe_load(
        resources.files(__package__).joinpath("labels.yaml").read_text("utf-8")
    )[export]
    return {key(label): column for label, column in known.items()}


def labelled(line: str) -> tuple[str, str] | None:
    """What looks like a label, and its value.

    >>> labelled("Load-Date: May 3, 2017"), labelled("He said: go"), labelled("www.a.org: x")
    (('Load-Date', 'May 3, 2017'), ('He said', 'go'), None)
    """
    found = LABEL.match(line)
    if found is None or len(found[1]) > LONGEST_LABEL:
        return None
    return found[1], found[2] or ""


def known_label(export: str, line: str) -> tuple[str, str] | None:
    """The column of a line with a known label, and its value.

    >>> known_label("proquest", "ProQuestdocument ID: 7"), known_label("nexis", "LOAD-DATE: May 3, 2017")
    (('record', '7'), ('load_date', 'May 3, 2017'))
    """
    found = labelled(line)
    column = labels(export).get(key(found[0])) if found else None
    return (column, found[1]) if found and column else None


def column_of(export: str, label: str) -> str:
    """The column that a label becomes; an unknown label is a column of its own, under its own name."""
    return labels(export).get(key(label), label)
