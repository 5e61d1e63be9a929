"""What a table must hold before a step may trust it."""

from collections.abc import Sequence

import pandas as pd


def check_table(table: pd.DataFrame, what: str, columns: Sequence[str], *, key: str) -> None:
    """Refuses a table without these columns, with a name that stands twice, or with a text that is no string.

    Raises:
        ValueError: a column is missing, or two rows bear one ``key``.
        TypeError: no table at all, or a ``text`` that is not a string.

    >>> check_table(pd.DataFrame({"doc_id": ["a"]}), "articles", ["doc_id", "text"], key="doc_id")
    Traceback (most recent call last):
    ValueError: articles: no column 'text'; there is doc_id. A table of articles needs doc_id, text.
    """
    needs = f"A table of {what} needs {', '.join(columns)}."
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"{what}: {type(table).__name__} is not a table. {needs}")
    missing = [column for column in columns if column not in table]
    if missing:
        there = ", ".join(map(str, table)) or "none"
        raise ValueError(f"{what}: no column {missing[0]!r}; there is {there}. {needs}")
    twice = table[key].duplicated().to_numpy()
    if twice.any():
        raise ValueError(f"{what}: {key} {table[key].tolist()[twice.argmax()]!r} stands twice. Give each its own.")
    for name, text in zip(table[key].tolist(), table["text"].tolist(), strict=True):
        if not isinstance(text, str):
            raise TypeError(
                f"{what}: the text of {name!r} is {text!r}, not a string. "
                "Fill missing texts with '' or drop them first."
            )
