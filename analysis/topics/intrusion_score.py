"""Scores of intrusion tests: how often people see what does not belong to a topic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import krippendorff
import numpy as np
import pandas as pd
from scipy.stats import binomtest, norm

from analysis.corpus.tables import check_columns

COLUMNS = ["label", "n_items", "n_answers", "precision", "low", "high", "chance", "p", "log_odds"]
NO_SHARE = 1e-6  # a share of 0 has no logarithm


@dataclass(frozen=True, eq=False)
class IntrusionScore:
    """How often coders found the intruder.

    Attributes
    ----------
    table : DataFrame
        One row a topic: ``label, n_items, n_answers, precision, low, high, chance, p, log_odds``.
    overall : mapping
        The same over all topics; the interval is wider where topics differ (design effect, Kish 1965).
    alpha : float
        Krippendorff's alpha of the coders' choices, nominal; missing where no item has two answers.
    """

    table: pd.DataFrame
    overall: Mapping[str, float]
    alpha: float


def score_intrusion(sheet: pd.DataFrame, key: pd.DataFrame, *, level: float = 0.95) -> IntrusionScore:
    """How often coders found the intruder, for each topic and over all.

    - ``n_items``, ``n_answers``: rows of the sheet, and answers to them. Empty answers do not count.
    - ``precision``: part of the answers that name the intruder (Chang et al. 2009), ``low`` and ``high`` by
      Wilson (1927), ``chance`` what guessing would give, ``p`` how likely guesses do as well (binomial).
    - ``log_odds``: for "topic", mean logarithm of the intruder's share less that of the topic chosen: 0 if always
      found, lower the larger the topics mistaken for it (Chang et al. 2009). Missing for the other tests.

    Parameters
    ----------
    sheet : DataFrame
        ``item, choice_1 …, answer`` filled in: the number of a choice or the choice itself. Sheets of several
        coders in one table have a column ``coder``.
    key : DataFrame
        The key of this sheet.
    level : float

    Examples
    --------
    >>> sheet = pd.DataFrame({"item": [1, 2], "choice_1": ["gas", "oil"], "choice_2": ["tank", "navy"],
    ...                       "answer": ["tank", 1]})
    >>> key = pd.DataFrame({"item": [1, 2], "kind": "word", "label": ["topic 1", "topic 2"], "intruder": [2, 2]})
    >>> score_intrusion(sheet, key).table[["label", "n_answers", "precision", "low", "high"]].round(2)
         label  n_answers  precision   low  high
    0  topic 1          1        1.0  0.21  1.00
    1  topic 2          1        0.0  0.00  0.79
    """
    answers = _answers(sheet, key)
    rows = [{"label": str(topic), **_row(part, level)} for topic, part in answers.groupby("label", sort=True)]
    overall = _row(answers, level) | _widened(answers, level) if len(answers) else {}
    return IntrusionScore(pd.DataFrame(rows, columns=COLUMNS), overall, _alpha(answers))


def _answers(sheet: pd.DataFrame, key: pd.DataFrame) -> pd.DataFrame:
    """``item, coder, label, chosen, right, choices, log_odds``: one row an answer."""
    check_columns(sheet, ["item", "choice_1", "answer"], where="sheet")
    check_columns(key, ["item", "label", "intruder"], where="key")
    coders = sheet["coder"] if "coder" in sheet else pd.Series("", index=sheet.index)
    names = [name for name in map(str, sheet) if name.startswith("choice_")]
    known, records = key.set_index("item"), zip(coders, sheet.to_dict("records"), strict=True)
    rows = [
        (row["item"], coder, *_answer(row, number, names, known))
        for number, (coder, row) in enumerate(records)
        if not pd.isna(row["answer"]) and str(row["answer"]).strip()
    ]
    answers = pd.DataFrame(rows, columns=["item", "coder", "label", "chosen", "right", "choices", "log_odds"])
    twice = answers.duplicated(["item", "coder"])
    if twice.any():
        raise ValueError(
            f"sheet: item {answers[twice]['item'].iloc[0]} is answered twice. "
            "Name the coders of several sheets in a column 'coder'."
        )
    return answers


def _answer(
    row: Mapping[Any, Any], number: int, names: Sequence[str], known: pd.DataFrame
) -> tuple[str, int, bool, int, float]:
    """``label, chosen, right, choices, log_odds`` of an answer, compared with the key."""
    if row["item"] not in known.index:
        raise ValueError(f"sheet, row {number}: item {row['item']!r} is not in the key. Give its own key.")
    choices = [str(row[name]) for name in names if not pd.isna(row[name])]
    chosen, secret = _chosen(str(row["answer"]).strip(), choices, number), known.loc[row["item"]]
    odds = float("nan")
    if "share_1" in secret.index:
        intruder, taken = (max(float(secret[f"share_{one}"]), NO_SHARE) for one in (secret["intruder"], chosen))
        odds = float(np.log(intruder) - np.log(taken))
    return secret["label"], chosen, chosen == secret["intruder"], len(choices), odds


def _chosen(answer: str, choices: list[str], row: int) -> int:
    number = answer.removesuffix(".0")
    if number.isdecimal() and 1 <= int(number) <= len(choices):
        return int(number)
    folded = [choice.casefold() for choice in choices]
    if answer.casefold() in folded:
        return folded.index(answer.casefold()) + 1
    remedy = f"Write a number from 1 to {len(choices)}, or leave it empty."
    raise ValueError(f"sheet, row {row}: answer {answer!r} is not one of the choices. {remedy}")


def _row(answers: pd.DataFrame, level: float) -> dict[str, float]:
    n, right, chance = len(answers), int(answers["right"].sum()), float((1 / answers["choices"]).mean())
    low, high = wilson(right / n, n, level)
    p, odds = binomtest(right, n, chance, alternative="greater").pvalue, float(answers["log_odds"].mean())
    figures = answers["item"].nunique(), n, right / n, low, high, chance, float(p), odds
    return dict(zip(COLUMNS[1:], figures, strict=True))


def wilson(share: float, n: float, level: float) -> tuple[float, float]:
    """Bounds of a share of `n` answers (Wilson 1927); `n` may be an effective number.

    >>> low, high = wilson(0.5, 10, 0.95)
    >>> round(low, 3), round(high, 3)
    (0.237, 0.763)
    """
    square = float(norm.ppf((1 + level) / 2)) ** 2
    middle = (share + square / n / 2) / (1 + square / n)
    half = np.sqrt(square * (share * (1 - share) / n + square / n**2 / 4)) / (1 + square / n)
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def _widened(answers: pd.DataFrame, level: float) -> dict[str, float]:
    """Bounds over all topics, which differ more than answers drawn at random would."""
    n, share = len(answers), float(answers["right"].mean())
    residuals = (answers["right"].astype(float) - share).groupby(answers["label"]).sum()
    between = float((residuals**2).sum()) * len(residuals) / max(len(residuals) - 1, 1)
    effect = max(1.0, between / (n * share * (1 - share))) if 0 < share < 1 else 1.0
    low, high = wilson(share, n / effect, level)
    return {"low": low, "high": high}


def _alpha(answers: pd.DataFrame) -> float:
    """Krippendorff's alpha of the choices; missing where no item has two answers or all are alike."""
    paired = answers.groupby("item").filter(lambda part: len(part) > 1)
    if paired["chosen"].nunique() < 2:
        return float("nan")
    table = pd.crosstab(paired["item"], paired["chosen"]).to_numpy()
    return float(krippendorff.alpha(value_counts=table, level_of_measurement="nominal"))
