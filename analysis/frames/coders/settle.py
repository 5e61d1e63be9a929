"""Passages on which coders differ, for a third coder to decide; the table records who decided."""

from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.corpus.tables import check_columns
from analysis.frames.coders.codebook import meanings
from analysis.frames.coding.codes import SPLIT, as_codes, majority_codes, votes
from analysis.frames.coding.sample import coder_names, write_sheets


def to_settle(
    codes: pd.DataFrame,
    *,
    coder: str = "third",
    seed: int = 0,
    path: str | PathLike[str] | None = None,
) -> pd.DataFrame:
    """The passages on which coders differ or gave no code, and with ``path`` a sheet of them for a third.

    Parameters
    ----------
    codes : DataFrame
        From ``read_codes`` or ``code``; several tables, one below the other.
    coder : str
        Who decides: the name of the sheet.
    seed : int
        Of the order in the sheet, which shows neither what coders said nor who they are.
    path : str or path, optional
        A folder for the sheet, as in ``next_to_code``; ``read_codes`` reads it back. Without a sheet, the result
        is the queue of a desk: ``explore(articles, hits, passages=result, codes="eva.csv")`` shows these passages
        and the frames to decide, and ``read_codes("eva.csv", weights=False)`` what eva decided.

    Returns
    -------
    DataFrame
        A row per passage: ``passage_id``, ``differ`` (the labels), ``text`` and the other columns of the passage.

    Examples
    --------
    >>> codes = pd.DataFrame({"passage_id": list("aabb"), "coder": ["ann", "bob"] * 2, "label": "war",
    ...                       "code": [1, 1, 0, 1], "text": "Shells fell."})
    >>> to_settle(codes)
      passage_id differ          text
    0          b    war  Shells fell.
    """
    check_columns(codes, ["passage_id", "coder", "code", "text"], where="codes")
    share, _ = votes(codes)
    open_ = ~share.isin([0, 1])
    labels = [str(label) for label in share]
    units = codes.drop(columns=["coder", "label", "code", "note", *labels], errors="ignore")
    units = units.astype({"passage_id": "str"}).drop_duplicates("passage_id").set_index("passage_id")
    differ = [", ".join(np.array(labels)[row]) for row in open_.to_numpy()]
    units.insert(0, "differ", pd.Series(differ, index=share.index).reindex(units.index))
    table = units[units["differ"] != ""].reset_index()
    if path is not None:
        drawn = {name: table.get(name, pd.Series(1.0, table.index)) for name in ("probability", "weight")}
        write_sheets(table.assign(**drawn), meanings(share, Path(path)), coder_names([coder]), Path(path), seed)
    return table


def settled(codes: pd.DataFrame, third: pd.DataFrame, *, by: str = "third") -> pd.DataFrame:
    """The coded passages of ``majority_codes``, with the code of a third wherever coders differ or gave none.

    Parameters
    ----------
    codes : DataFrame
        As in ``to_settle``.
    third : DataFrame
        What the third said: from ``read_codes``, or a row per passage with a column per label, as ``desk.codes``.
    by : str
        Who decided, where `third` does not name its coder.

    Returns
    -------
    DataFrame
        As ``majority_codes``, and for each label ``war_settled_by``: who decided, empty where nobody had to.

    Examples
    --------
    >>> codes = pd.DataFrame({"passage_id": list("aabb"), "coder": ["ann", "bob"] * 2, "label": "war",
    ...                       "code": [1, 1, 0, 1]})
    >>> third = pd.DataFrame({"passage_id": ["b"], "coder": "eva", "label": "war", "code": [1]})
    >>> settled(codes, third)[["passage_id", "war", "war_settled_by", "tied"]].values.tolist()
    [['a', 1, '', ''], ['b', 1, 'eva', '']]
    """
    table = majority_codes(codes).reset_index(drop=True)
    shares = votes(codes)[0]
    labels = [str(label) for label in shares]
    wide = majority_codes(third) if "coder" in third else third
    who = " and ".join(sorted(map(str, third["coder"].unique()))) if "coder" in third else by
    known = [label for label in labels if label in wide]  # a queue holds only what coders differ on
    check_columns(wide, ["passage_id", *(known or labels)], where="third", hint="Give the table of an.read_codes.")
    given = wide.set_index(wide["passage_id"].astype("str")).reindex(columns=labels)
    ids = table["passage_id"].astype("str")
    if strangers := sorted(set(given.index) - set(ids)):
        remedy = "Give the sheet of these passages."
        raise ValueError(f"third: passage {strangers[0]!r} is not among the codes. {remedy}")
    third_codes = pd.DataFrame({label: as_codes(given[label], "third") for label in labels}, index=given.index)
    before, decided = (found.reindex(ids).reset_index(drop=True) for found in (shares, third_codes))
    done = decided.notna() & ~before.isin([0, 1])
    for label in labels:
        table[label] = table[label].mask(done[label], decided[label].astype("Int64"))
        table[f"{label}_settled_by"] = pd.Series(np.where(done[label], who, ""), dtype="str")
    ties = [", ".join(sorted(before.columns[row])) for row in (before.eq(SPLIT) & ~done).to_numpy()]
    return table.assign(tied=pd.Series(ties, dtype="str"))
