"""No share without its instrument: precision and recall beside it, or "not validated"."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.compare.differences import REST
from analysis.corpus.language import language_name
from analysis.corpus.tables import missing_column
from analysis.frames.coding.certificate import Certificate
from analysis.numbers import as_printed, counted

MEASURES = {"precision": "precision", "recall": "recall", "f1": "F1"}
COLUMNS = ["precision", "recall", "measured_on"]
NOT_VALIDATED, NOT_HERE, NO_CASE = "not validated", "not measured on these texts", "unknown"
NAMED = 4  # outlets that a cell names; more are counted
SPACE = "\N{NO-BREAK SPACE}"  # a number stays with its name where a line ends


def with_validation(shares: pd.DataFrame, validation: Certificate | pd.DataFrame | None = None) -> pd.DataFrame:
    """The table with the precision and recall of each row's label, and the texts on which they were measured.

    Parameters
    ----------
    shares
        Estimates, differences or any table with a column ``label`` or ``frame``.
    validation
        From ``validate`` or ``read_certificates``. A label without a measure in it is "not validated".

    Returns
    -------
    DataFrame
        `shares` with ``precision`` and ``recall`` as they are printed, with intervals, and ``measured_on``: how
        many passages, of which outlets. Beside other outlets both are "not measured on these texts", and
        ``measured_on`` has what was found elsewhere; beside other languages "not validated in Russian".

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
    """
    key = next((name for name in ("label", "frame") if name in shares), None)
    if key is None:
        hint = "Pass estimates, differences or shares by frame."
        raise missing_column(shares, "label", where="shares", hint=hint)
    cells = [_cells(row, str(row[key]), validation) for row in shares.to_dict("records")]
    return shares.assign(**pd.DataFrame(cells, shares.index, COLUMNS, dtype="str"))


def _cells(row: Mapping[Hashable, Any], label: str, validation: Certificate | pd.DataFrame | None) -> list[str]:
    """What is known of the instrument behind one row of shares or differences."""
    codes = str(row.get("language") or "").split(", ")
    if isinstance(validation, Certificate) and "" not in codes and validation.language not in codes:
        return [f"{NOT_VALIDATED} in {' or '.join(map(language_name, codes))}"] * len(COLUMNS)
    rows = _measured(validation, [label])
    if "outlet" in rows and "outlet" in row:
        rows = rows[rows["outlet"].astype("str") == str(row["outlet"])]
    if rows.empty:
        return [NOT_VALIDATED] * len(COLUMNS)
    if len(rows) > 1:
        raise ValueError(
            f"validation: {len(rows)} rows of {label!r}, so none can stand beside it. Give what validate returns "
            "without by=."
        )
    measures = [measure(rows.iloc[0], name) for name in COLUMNS[:2]]
    outlets = [str(row[side]) for side in ("outlet", "other") if row.get(side, REST) != REST]
    coded = validation.outlets if isinstance(validation, Certificate) else {}
    if coded and not set(outlets) <= set(coded):
        figures = ", ".join(f"{name} {value}" for name, value in zip(COLUMNS, measures, strict=False))
        return [NOT_HERE, NOT_HERE, f"{NOT_HERE}; on {measured_on(validation, rows)}: {figures}"]
    own = [f", {coded[name]:,} of {name}" for name in outlets if len(coded) > 1]
    return [*measures, measured_on(validation, rows) + "".join(own)]


def _measured(validation: Certificate | pd.DataFrame | None, labels: Sequence[str]) -> pd.DataFrame:
    """The rows of a validation on these labels, without those whose measures all rest on no case."""
    table = validation.table if isinstance(validation, Certificate) else validation
    if table is None:
        return pd.DataFrame()
    return table[table["label"].astype("str").isin(labels)].dropna(subset=["precision", "recall"], how="all")


def measured_on(validation: Certificate | pd.DataFrame | None, rows: pd.DataFrame) -> str:
    """On how many passages these measures rest, and from which outlets they are."""
    passages = "passages"
    if "n" in rows:
        least, most = int(rows["n"].min()), int(rows["n"].max())
        passages = counted(most, "passage") if least == most else f"{least:,} to {counted(most, 'passage')}"
    coded = validation.outlets if isinstance(validation, Certificate) else {}
    names = ", ".join(coded) if len(coded) <= NAMED else f"{len(coded)} outlets"
    if isinstance(validation, Certificate) and not coded:
        return f"{passages}, whose outlets are not recorded"
    return f"{passages} of {names}" if coded else passages


def measure(row: pd.Series, name: str) -> str:
    """A measure with its interval as it is printed, as in .50 [.25, .75]."""
    if pd.isna(row[name]):
        return NOT_VALIDATED
    middle, low, high = (as_printed(row[key]) for key in (name, f"{name}_low", f"{name}_high"))
    return middle if pd.isna(row[f"{name}_low"]) else f"{middle} [{low}, {high}]"


def footed(text: str, validation: Certificate | pd.DataFrame | None, labels: Sequence[object]) -> str:
    """The foot of a figure, with the line on the instrument where a validation is given, be it an empty one."""
    return text if validation is None else f"{text} {instrument_line(validation, labels)}"


def instrument_line(validation: Certificate | pd.DataFrame | None, labels: Sequence[object]) -> str:
    """One line on the instrument, for the foot of a figure or table."""
    named = [str(label) for label in labels]
    rows = _measured(validation, named)
    if rows.empty:
        return "Lexicon not validated: how often it is right is not known."
    figures = "; ".join(f"{label} {_beside(_measured(validation, [label]))}" for label in named)
    return f"Lexicon, measured on {measured_on(validation, rows)}: {figures}."


def _beside(rows: pd.DataFrame) -> str:
    """The precision and recall of one label; from the least to the most where they were measured in parts."""
    if rows.empty:
        return NOT_VALIDATED
    shown = {name: dict.fromkeys(map(as_printed, sorted(rows[name].dropna()))) for name in COLUMNS[:2]}
    ends = {name: list(values)[:1] + list(values)[1:][-1:] for name, values in shown.items()}
    return ", ".join(f"{name}{SPACE}{'–'.join(values) or NO_CASE}" for name, values in ends.items())
