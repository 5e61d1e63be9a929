"""The labels of archive exports, and the loud end of a label that is none of them."""

import re
from functools import cache
from importlib import resources

import pandas as pd
import yaml

from .source import Refused, Source

LABEL = re.compile(r"((?:[A-ZÀ-ÞА-Я][\w/&()-]*|column|e-ISSN)(?: [\w/&()-]+){0,3}):(?:\s+(.*)|$)", re.S)
LONGEST_LABEL = 32  # characters; the longest known, "Language of publication", has 23


@cache
def labels(export: str) -> dict[str, str]:
    """The labels of an export and the columns they become."""
    known: dict[str, str] = yaml.safe_load(
        resources.files(__package__).joinpath("labels.yaml").read_text("utf-8")
    )[export]
    return known


def labelled(line: str) -> tuple[str, str] | None:
    """What looks like a label, and its value.

    >>> labelled("Load-Date: May 3, 2017"), labelled("He said: go"), labelled("www.a.org: x")
    (('Load-Date', 'May 3, 2017'), ('He said', 'go'), None)
    """
    found = LABEL.match(line)
    if found is None or len(found[1]) > LONGEST_LABEL:
        return None
    return found[1], found[2] or ""


def column_of(source: Source, export: str, label: str, *, item: int) -> str:
    """The column that a label becomes; Refused where nobody knows it."""
    if label in source.fields:
        return label
    if label not in labels(export):
        raise Refused(
            f"{source}: item {item} has a field {label!r}, which no {EXPORTS[export]} export had when this reader "
            f"was written. Say where it belongs with columns={{'my_name': {label!r}}}, and please report it."
        )
    return labels(export)[label]


EXPORTS = {"nexis": "Nexis", "factiva": "Factiva", "proquest": "ProQuest"}


def record_table(rows: dict[str, dict[str, str]]) -> pd.DataFrame:
    """Records as rows, labelled by their places; a field that a record lacks is empty.

    >>> record_table({"item 1": {"outlet": "TASS", "text": "x"}, "item 2": {"outlet": "DW"}}).text.tolist()
    ['x', '']
    """
    table = pd.DataFrame(list(rows.values()), index=list(rows), dtype="object")
    missing = [name for name in ("outlet", "date", "title", "text") if name not in table]
    return table.assign(**dict.fromkeys(missing, "")).fillna("")
