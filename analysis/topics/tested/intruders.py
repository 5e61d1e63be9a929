"""Scores of intrusion sheets: how often people see what does not belong."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import binomtest, norm

COLUMNS = ["topic", "n_items", "n_answers", "precision", "low", "high", "chance", "p", "log_odds"]
# A topic that a document has none of still has a logarithm.
LEAST = 1e-6


def score_intrusion(sheet: pd.DataFrame, key: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """One row a topic: how often coders found the intruder, and how sure that is.

    - ``n_items``, ``n_answers``: rows of the sheet, and answers to them. Empty answers do not count.
    - ``precision``: part of the answers that name the intruder (Chang et al. 2009), ``low`` and ``high`` by
      Wilson (1927), ``chance`` what guessing would give, ``p`` how likely guesses do as well (binomial).
    - ``log_odds``: for topic intrusion, mean logarithm of the intruder's share less that of the topic chosen: 0
      if always found, lower the larger the topics taken for it (Chang et al. 2009). Missing for the other tests.

    ``.attrs["overall"]`` has the same over all topics, its interval widened where topics differ (design effect,
    Kish 1965), and for two coders or more ``alpha``, Krippendorff's for nominal data.

    Args:
        sheet: ``item, choice_1 …, answer`` filled in: the number of a choice or the choice itself. Sheets of
            several coders in one table have a column ``coder``.
        key: what ``intrusion_sheet`` kept apart.
        level: of the intervals.

    Raises:
        ValueError: a column is missing, an item is not in the key or answered twice by a coder, or an answer is no
            choice.

    >>> sheet = pd.DataFrame({"item": [1, 2], "choice_1": ["gas", "oil"], "choice_2": ["tank", "navy"],
    ...                       "answer": ["tank", 1]})
    >>> key = pd.DataFrame({"item": [1, 2], "kind": "word", "topic": ["topic 1", "topic 2"], "intruder": [2, 2]})
    >>> score_intrusion(sheet, key)[["topic", "n_answers", "precision", "low", "high"]].round(2)
         topic  n_answers  precision   low  high
    0  topic 1          1        1.0  0.21  1.00
    1  topic 2          1        0.0  0.00  0.79
    """
    answers = _answers(sheet, key)
    rows = [_row(str(topic), part, level) for topic, part in answers.groupby("topic", sort=True)]
    table = pd.DataFrame(rows, columns=COLUMNS)
    whole = _row("all", answers, level) if len(answers) else dict.fromkeys(COLUMNS, float("nan"))
    whole |= _widened(answers, level) if len(answers) else {}
    table.attrs["overall"] = {name: value for name, value in whole.items() if name != "topic"}
    table.attrs["overall"]["alpha"] = _alpha(answers)
    return table


def _answers(sheet: pd.DataFrame, key: pd.DataFrame) -> pd.DataFrame:
    """``item, coder, topic, chosen, right, choices, log_odds``: a row an answer."""
    for name, table, needed in (
        ("sheet", sheet, ["item", "choice_1", "answer"]),
        ("key", key, ["item", "topic", "intruder"]),
    ):
        missing = [column for column in needed if column not in table]
        if missing:
            raise ValueError(f"{name}: no column {missing[0]!r}; there is {', '.join(map(str, table))}.")
    coders = sheet["coder"] if "coder" in sheet else pd.Series("", index=sheet.index)
    names = [name for name in map(str, sheet) if name.startswith("choice_")]
    known, records = key.set_index("item"), zip(coders, sheet.to_dict("records"), strict=True)
    rows = [
        (row["item"], coder, *_answer(row, at, said, names, known))
        for at, (coder, row) in enumerate(records)
        if (said := "" if pd.isna(row["answer"]) else str(row["answer"]).strip())
    ]
    answers = pd.DataFrame(rows, columns=["item", "coder", "topic", "chosen", "right", "choices", "log_odds"])
    twice = answers.duplicated(["item", "coder"])
    if twice.any():
        first = answers[twice].iloc[0]
        raise ValueError(
            f"sheet: item {first['item']} is answered twice. "
            "Name the coders of several sheets in a column 'coder'."
        )
    return answers


def _answer(
    row: Mapping[Any, Any], at: int, said: str, names: Sequence[str], known: pd.DataFrame
) -> tuple[str, int, bool, int, float]:
    """``topic, chosen, right, choices, log_odds`` of an answer, compared with the key."""
    if row["item"] not in known.index:
        raise ValueError(f"sheet, row {at}: item {row['item']!r} is not in the key. Give the key of this sheet.")
    choices = [str(row[name]) for name in names if not pd.isna(row[name])]
    chosen, secret = _chosen(said, choices, at), known.loc[row["item"]]
    return secret["topic"], chosen, chosen == secret["intruder"], len(choices), _odds(secret, chosen)


def _chosen(said: str, choices: list[str], at: int) -> int:
    number = said.removesuffix(".0")
    if number.isdecimal() and 1 <= int(number) <= len(choices):
        return int(number)
    folded = [choice.casefold() for choice in choices]
    if said.casefold() in folded:
        return folded.index(said.casefold()) + 1
    raise ValueError(
        f"sheet, row {at}: the answer {said!r} is no choice. Write its number, 1 to {len(choices)}, "
        "or leave it empty."
    )


def _odds(secret: "pd.Series[Any]", chosen: int) -> float:
    if "share_1" not in secret.index:
        return float("nan")
    intruder, taken = (max(float(secret[f"share_{at}"]), LEAST) for at in (secret["intruder"], chosen))
    return float(np.log(intruder) - np.log(taken))


def _row(topic: str, part: pd.DataFrame, level: float) -> dict[str, Any]:
    n, right, chance = len(part), int(part["right"].sum()), float((1 / part["choices"]).mean())
    low, high = wilson(right / n, n, level)
    return {
        "topic": topic,
        "n_items": part["item"].nunique(),
        "n_answers": n,
        "precision": right / n,
        "low": low,
        "high": high,
        "chance": chance,
        "p": float(binomtest(right, n, chance, alternative="greater").pvalue),
        "log_odds": float(part["log_odds"].mean()),
    }


def wilson(share: float, n: float, level: float) -> tuple[float, float]:
    """Bounds of a share of n answers (Wilson 1927).

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
    residuals = (answers["right"].astype(float) - share).groupby(answers["topic"]).sum()
    between = float((residuals**2).sum()) * len(residuals) / max(len(residuals) - 1, 1)
    effect = max(1.0, between / (n * share * (1 - share))) if 0 < share < 1 else 1.0
    low, high = wilson(share, n / effect, level)
    return {"low": low, "high": high}


def _alpha(answers: pd.DataFrame) -> float:
    """Krippendorff's alpha of the choices, nominal; missing where no item has two answers."""
    pairs = answers.groupby("item").filter(lambda part: len(part) > 1)
    if pairs.empty:
        return float("nan")
    table = pd.crosstab(pairs["item"], pairs["chosen"]).to_numpy(dtype=float)
    sizes, totals = table.sum(axis=1), table.sum(axis=0)
    n = totals.sum()
    seen = ((sizes**2 - (table**2).sum(axis=1)) / (sizes - 1)).sum() / n
    expected = (n**2 - (totals**2).sum()) / (n * (n - 1))
    return float(1 - seen / expected) if expected else float("nan")
