"""No share without its instrument: precision and recall beside it, or "not validated"."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.corpus.tables import missing_column
from analysis.frames.coding.validate import Validation
from analysis.numbers import as_printed as as_printed
from analysis.numbers import counted

NOT_VALIDATED, NO_CASE = "not validated", "unknown"
NAMED = 4  # outlets that a cell names; more are counted
SPACE = "\N{NO-BREAK SPACE}"  # a number stays with its name where a line ends


def with_validation(shares: pd.DataFrame, validation: Validation | pd.DataFrame | None = None) -> pd.DataFrame:
    """The table with the precision and recall of each row's label, and the texts on which they were measured.

    Parameters
    ----------
    shares
        Estimates, differences or any table with a column ``label`` or ``frame``.
    validation
        From ``validate``. A label that is not in it, and every label without it, is "not validated"; so is one
        whose measure rests on no case.

    Returns
    -------
    DataFrame
        `shares` with ``precision`` and ``recall`` as they are printed, with intervals, and ``measured_on``: how
        many passages, and whether any of them is from the row's outlet.

    Raises
    ------
    ValueError
        The table has no labels.

    Examples
    --------
    >>> estimates = pd.DataFrame({"outlet": ["DW"], "label": ["economy"], "share": [0.4]})
    >>> validation = pd.DataFrame({"label": ["economy"], "precision": [0.93], "precision_low": [0.85], "n": 221,
    ...     "precision_high": [1.0], "recall": [0.82], "recall_low": [0.7], "recall_high": [0.93]})
    >>> with_validation(estimates, validation).iloc[0, 3:].tolist()
    ['.93 [.85, 1.00]', '.82 [.70, .93]', '221 passages']
    >>> with_validation(estimates)["recall"].tolist()
    ['not validated']
    """
    key = next((name for name in ("label", "frame") if name in shares), None)
    if key is None:
        raise missing_column(
            shares, "label", where="shares", hint="Pass estimates, differences or shares by frame."
        )
    known = {} if validation is None else {str(row["label"]): row for _, row in rows_of(validation).iterrows()}
    labels = shares[key].astype("str")
    columns = {
        name: [measure(known[label], name) if label in known else NOT_VALIDATED for label in labels]
        for name in ("precision", "recall")
    }
    outlets = shares["outlet"].astype("str") if "outlet" in shares else pd.Series("", shares.index)
    columns["measured_on"] = [
        measured_on(validation, known[label], outlet) if label in known else NOT_VALIDATED
        for label, outlet in zip(labels, outlets, strict=True)
    ]
    return shares.assign(**{name: pd.Series(cells, shares.index, dtype="str") for name, cells in columns.items()})


def measured_on(validation: Validation | pd.DataFrame | None, row: pd.Series, outlet: str = "") -> str:
    """On how many passages a measure rests, and whether some of them are of this outlet."""
    passages = counted(int(row["n"]), "passage") if "n" in row else "passages"
    outlets = validation.outlets if isinstance(validation, Validation) else ()
    if not outlets:
        return passages
    names = ", ".join(outlets) if len(outlets) <= NAMED else f"{len(outlets)} outlets"
    if outlet and outlet not in outlets:
        return f"not measured on these texts; on {passages} of {names}"
    return f"{passages} of {names}"


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
    """The precision and recall of one label, or that they are not known.

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
    where = ""
    if validation is not None and len(table := rows_of(validation)):
        where = f", measured on {measured_on(validation, table.iloc[0])}"
    return f"Lexicon{where}: " + "; ".join(f"{label} {text}" for label, text in said.items()) + "."
