"""What a specification curve says: how many specifications agree, and which choice matters."""

from typing import Any

import numpy as np
import pandas as pd

from analysis.compare.curves.specifications import Claim


def choice_effects(curve: pd.DataFrame) -> pd.DataFrame:
    """How much each choice moves a claim: the one that matters most comes first.

    Parameters
    ----------
    curve : DataFrame
        From :func:`robustness`.

    Returns
    -------
    DataFrame
        ``choice, option, n, difference, same_sign, clear, variance``: the mean difference over the specifications
        with this option, the parts of them that keep the sign and stay clear of zero, and the part of the
        variance of all differences that lies between the choice's options (eta squared). Specifications to which
        the choice left no alternative (the seed of an engine without chance) do not enter its rows.

    Examples
    --------
    >>> curve = pd.DataFrame({"unit": ["sentence", "article"] * 2, "k": [5, 5, 9, 9],
    ...                       "difference": [0.3, 0.1, 0.3, 0.1], "low": 0.0, "high": 0.0, "p": 0.5,
    ...                       "n_stories": 9, "n_others": 9, "same_sign": True, "clear": False})
    >>> choice_effects(curve)[["choice", "option", "n", "difference", "variance"]]
      choice    option  n  difference  variance
    0   unit  sentence  2         0.3       1.0
    1   unit   article  2         0.1       1.0
    2      k         5  2         0.2       0.0
    3      k         9  2         0.2       0.0
    """
    known = curve.dropna(subset="difference")
    total = ((known["difference"] - known["difference"].mean()) ** 2).sum()
    tables = []
    for choice in choices_of(curve):
        rows = known[_open(curve, choice).loc[known.index]]
        grouped = rows.groupby(rows[choice].astype("str"), sort=False)
        table = grouped.agg(n=("difference", "size"), difference=("difference", "mean"),
                            same_sign=("same_sign", "mean"), clear=("clear", "mean"))  # fmt: skip
        between = (table["n"] * (table["difference"] - rows["difference"].mean()) ** 2).sum()
        table["variance"] = round(between / total, 9) if total > 0 else 0.0
        tables.append(table.rename_axis("option").reset_index().assign(choice=choice))
    effects = pd.concat(tables).sort_values("variance", ascending=False, kind="stable").reset_index(drop=True)
    return effects[["choice", "option", "n", "difference", "same_sign", "clear", "variance"]]


def robustness_verdict(curve: pd.DataFrame) -> str:
    """The curve in a sentence or three: how many specifications agree, and which choice matters most.

    >>> curve = pd.DataFrame({"unit": ["sentence", "article"], "difference": [0.3, 0.1], "low": [0.1, -0.2],
    ...                       "high": 0.5, "p": 0.5, "n_stories": 9, "n_others": 9, "same_sign": True,
    ...                       "clear": [True, False]})
    >>> curve.attrs["claim"] = {"outlet": "TASS", "other": "DW", "label": "alliance", "sign": 1}
    >>> print(robustness_verdict(curve))
    TASS gives alliance more than DW in 2 of 2 specifications, clear of zero in 1. Differences run ...
    Most hangs on unit (100 % of the variance): sentence .30, article .10.
    """
    claim, known = Claim(**curve.attrs["claim"]), curve.dropna(subset="difference")
    said = f"{claim.outlet} gives {claim.label} {'more' if claim.sign > 0 else 'less'} than {claim.other}"
    if known.empty:
        return f"{said}: no specification can tell, since none finds a story of both."
    text = f"{said} in {known['same_sign'].sum()} of {len(known)} specifications, clear of zero in "
    low, middle, high = (_signed(known["difference"].quantile(part)) for part in (0, 0.5, 1))
    text += f"{known['clear'].sum()}. Differences run from {low} to {high}, median {middle}."
    effects = choice_effects(curve)
    most = effects[effects["choice"] == effects["choice"].iloc[0]]
    if most["variance"].iloc[0] == 0:
        return text
    ends = most if len(most) < 4 else most.loc[[most["difference"].idxmax(), most["difference"].idxmin()]]
    options = ", ".join(
        f"{option} {_signed(d)}" for option, d in zip(ends["option"], ends["difference"], strict=True)
    )
    choice, part = most["choice"].iloc[0], most["variance"].iloc[0]
    return f"{text} Most hangs on {choice} ({part * 100:.0f} % of the variance): {options}."


def _open(curve: pd.DataFrame, choice: str) -> "pd.Series[bool]":
    """Whether another specification differs in this choice and in no other."""
    others = [name for name in choices_of(curve) if name != choice]
    alike = curve[others].astype("str").apply("\0".join, axis=1) if others else pd.Series("", curve.index)
    return curve[choice].astype("str").groupby(alike).transform("nunique") > 1


def choices_of(curve: pd.DataFrame) -> list[str]:
    """The columns that were chosen between: those before ``difference`` with more than one value."""
    before = list(curve.columns[: list(curve.columns).index("difference")])
    return [name for name in before if len(curve[name].astype("str").unique()) > 1]


def _signed(value: "float | np.floating[Any]") -> str:
    return f"{value:.2f}".replace("0.", ".", 1).replace("-", "−")
