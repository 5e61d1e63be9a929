"""No share without its instrument: precision and recall beside it, or "not validated"."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.frames.coding.validate import Validation
from analysis.numbers import as_printed as as_printed

NOT_VALIDATED, NO_CASE = "not validated", "unknown"
SPACE = "\N{NO-BREAK SPACE}"  # a number stays with its name where a line ends


def with_validation(shares: pd.DataFrame, validation: Validation | pd.DataFrame | None = None) -> pd.DataFrame:
    """The table with ``precision`` and ``recall`` of each row's frame and their intervals, as they are printed.

    Args:
        shares: estimates, differences or any table with a column ``label`` or ``frame``.
        validation: from ``validate``. A label that is not in it, and every label without it, is "not validated";
            so is one whose measure rests on no case.

    >>> estimates = pd.DataFrame({"outlet": ["DW"], "label": ["economy"], "share": [0.4]})
    >>> validation = pd.DataFrame({"label": ["economy"], "precision": [0.93], "precision_low": [0.85],
    ...     "precision_high": [1.0], "recall": [0.82], "recall_low": [0.7], "recall_high": [0.93]})
    >>> with_validation(estimates, validation)
      outlet    label  share         precision          recall
    0     DW  economy    0.4  .93 [.85, 1.00]  .82 [.70, .93]
    >>> with_validation(estimates)["recall"].tolist()
    ['not validated']
    """
    key = next((name for name in ("label", "frame") if name in shares), None)
    if key is None:
        raise ValueError(f"shares: no column 'label' or 'frame'; there is {', '.join(map(str, shares))}.")
    known = {} if validation is None else {str(row["label"]): row for _, row in rows_of(validation).iterrows()}
    columns = {
        name: [
            measure(known[label], name) if label in known else NOT_VALIDATED for label in shares[key].astype("str")
        ]
        for name in ("precision", "recall")
    }
    return shares.assign(**{name: pd.Series(cells, shares.index, dtype="str") for name, cells in columns.items()})


def rows_of(validation: Validation | pd.DataFrame) -> pd.DataFrame:
    """The table of a validation, or the table itself."""
    return validation.table if isinstance(validation, Validation) else validation


def measure(row: pd.Series, name: str) -> str:
    """A measure with its interval as it is printed.

    >>> measure(pd.Series({"f1": 0.5, "f1_low": 0.25, "f1_high": 0.75}), "f1")
    '.50 [.25, .75]'
    >>> measure(pd.Series({"f1": 0.5, "f1_low": None, "f1_high": None}), "f1")
    '.50'
    """
    if pd.isna(row[name]):
        return NOT_VALIDATED
    middle, low, high = (as_printed(row[key]) for key in (name, f"{name}_low", f"{name}_high"))
    return middle if pd.isna(row[f"{name}_low"]) else f"{middle} [{low}, {high}]"


def beside(validation: Validation | pd.DataFrame | None, label: str) -> str:
    """What stands beside one frame: its precision and recall, or that nobody knows them.

    >>> beside(None, "economy")
    'not validated'
    """
    table = None if validation is None else rows_of(validation)
    rows = None if table is None else table[table["label"].astype("str") == label]
    if rows is None or rows.empty or rows[["precision", "recall"]].isna().all(axis=None):
        return NOT_VALIDATED
    row = rows.iloc[0]
    said = [
        f"{name}{SPACE}{NO_CASE if pd.isna(row[name]) else as_printed(row[name])}"
        for name in ("precision", "recall")
    ]
    return ", ".join(said)


def footed(text: str, validation: Validation | pd.DataFrame | None, labels: Sequence[object]) -> str:
    """The foot of a figure, with the line on the instrument where a validation is given, be it an empty one."""
    return text if validation is None else f"{text} {instrument_line(validation, labels)}"


def instrument_line(validation: Validation | pd.DataFrame | None, labels: Sequence[object]) -> str:
    """One line on the instrument, for the foot of a figure or table.

    >>> instrument_line(None, ["alliance", "economy"])
    'Lexicon not validated: how often it is right is not known.'
    """
    said = {str(label): beside(validation, str(label)) for label in labels}
    if set(said.values()) <= {NOT_VALIDATED}:
        return "Lexicon not validated: how often it is right is not known."
    return "Lexicon: " + "; ".join(f"{label} {text}" for label, text in said.items()) + "."
