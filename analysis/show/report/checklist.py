"""What a reviewer asks of a computational content analysis, answered as far as the results can."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

from analysis.corpus.files import shipped
from analysis.corpus.provenance import content_hash, versions
from analysis.corpus.tables import is_usable
from analysis.numbers import as_printed, points

from .methods import BLANK, Results, filled
from .scrutiny import different

CHOSEN = "How was the number of topics chosen, and do other numbers give the same result?"
FEW = 5  # options of a choice that are each named; of more, the two ends are


def checklist(*results: Any, validation: Any = None, answers: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The reviewer's checklist; what the results do not show is ``______``.

    Several results of one kind all count: the comparisons of two tables are added up. A result is known by its
    type or its columns, so that a table that was merged, filtered or read from a file gives the same answers.

    Parameters
    ----------
    *results, validation
        As of ``methods_text``, and what ``entry_influence`` returns.
    answers
        What only you know, by question; it comes before what the results show.

    Returns
    -------
    DataFrame
        ``about, question, source, answer``, a row per question.

    Raises
    ------
    ValueError
        An answer to a question that is not asked, or a result of another kind.

    Notes
    -----
    The questions are drawn from Maier et al. (2018, *Communication Methods and Measures* 12) on topic models,
    Grimmer, Roberts & Stewart (2022, *Text as Data*), Chan et al. (2021, *Computational Communication Research* 3)
    on ready-made dictionaries, and Baden et al. (2022, *Communication Methods and Measures* 16) on validity.

    Examples
    --------
    >>> set(checklist()["answer"])
    {'______'}
    """
    return answered(results, validation, answers)


def answered(
    results: Sequence[Any], validation: Any, answers: Mapping[str, str] | None, unread: int | None = None
) -> pd.DataFrame:
    """The checklist; ``unread`` items of the files are in no table of the results."""
    given, questions = dict(answers or {}), shipped(__package__ or __name__, "questions.yaml")
    if unasked := sorted({*given} - {asked["question"] for asked in questions}):
        raise ValueError(
            f"answers: {unasked[0]!r} is not one of the questions. Copy it from checklist()['question']."
        )
    known = Results(tuple(results), validation)
    curves = [curve[curve["counted"]].dropna(subset="difference") for curve in known.tables["robustness"]]
    values: dict[str, Any] = {
        "known": known, "curves": curves, "varied": partial(_varied, curves),
        "verdicts": partial(_verdicts, known), "several": _several,
        "frames": [one for lexicon in known.lexicons for one in lexicon.labelled if one.meaning],
        "content_hash": content_hash, "different": different, "points": points, "printed": _printed,
        "versions": versions(), "blank": BLANK, "is_usable": is_usable, "unread": unread,
    }  # fmt: skip
    rows = []
    for asked in questions:
        table = known[asked["needs"]] if "needs" in asked else pd.DataFrame({"asked": [True]})
        found = filled(asked.get("answer", ""), table=table, **values) if len(table) else ""
        answer = " ".join(filter(None, (given.get(asked["question"]), found))) or BLANK
        rows.append((asked["about"], asked["question"], asked["source"], answer))
    return pd.DataFrame(rows, columns=["about", "question", "source", "answer"]).astype("str")


def _printed(value: float) -> str:
    return "unknown" if pd.isna(value) else as_printed(value)


def _several(known: Results) -> pd.DataFrame:
    """The influence of entries on outlets of several stories, as far as the results show which: one has no say."""
    influence, estimates = known["influence"], known["estimates"]
    if influence.empty or "n_stories" not in estimates:
        return influence
    return influence[influence["outlet"].isin(estimates.loc[estimates["n_stories"] > 1, "outlet"])]


def _verdicts(known: Results) -> str:
    table = known["differences"]
    if "verdict" not in table:
        return ""
    untested = table["p"].isna()
    kinds = table.loc[~untested, "verdict"].str.split("[:,]").str[0].value_counts(sort=False)
    rest = {"not tested, as an outlet has one story": int(untested.sum())} if untested.any() else {}
    return "; ".join(f"{kind}: {n:,}" for kind, n in [*sorted(kinds.items()), *rest.items()]) + "."


def _varied(curves: list[pd.DataFrame], *names: str) -> str:
    """What these choices did to each claim: a choice that was varied is not an answer, its effect is."""
    tried = [
        _by_option(curve, name)
        for curve in curves
        for name in names
        if name in curve and len(set(curve[name].astype("str"))) > 1
    ]
    return f"Varied; the mean difference in points {'; '.join(tried)}." if tried else ""


def _by_option(curve: pd.DataFrame, name: str) -> str:
    means = curve.groupby(curve[name].astype("str"), sort=False)["difference"].mean()
    if len(means) >= FEW:
        ends = means.iloc[[int(means.argmin()), int(means.argmax())]]
        shown = " to ".join(f"{points(value)} ({option})" for option, value in ends.items())
        return f"by {name}, over {len(means)} options: {shown}"
    return f"by {name}: " + ", ".join(f"{points(value)} ({option})" for option, value in means.items())
