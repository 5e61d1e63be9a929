"""What a reviewer asks of a computational content analysis, answered as far as the results can."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from analysis.corpus.provenance import content_hash, versions
from analysis.numbers import as_printed, counted, points

from .methods import BLANK, Results
from .scrutiny import different

MAIER = "Maier et al. 2018"
GRIMMER = "Grimmer, Roberts & Stewart 2022"
CHAN = "Chan et al. 2021"
BADEN = "Baden et al. 2022"
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
    given = dict(answers or {})
    if unasked := [question for question in given if question not in {row[1] for row in QUESTIONS}]:
        raise ValueError(
            f"answers: {unasked[0]!r} is not one of the questions. Copy it from checklist()['question']."
        )
    known = Results(results, validation)
    rows = [
        (about, question, source, " ".join(filter(None, (given.get(question), found))) or BLANK)
        for about, question, source, needs, answer in QUESTIONS
        for found in [answer(known) if not needs or len(known[needs]) else ""]
    ]
    return pd.DataFrame(rows, columns=["about", "question", "source", "answer"]).astype("str")


def _corpus(known: Results) -> str:
    articles = known["articles"]
    digest = content_hash(articles[["doc_id", "text"]].astype("str"))
    return f"{counted(len(articles), 'article')}; sha256 of their texts {digest}."


def _missing(known: Results) -> str:
    articles = known["articles"]
    unread = int((articles["problem"].fillna("") != "").sum()) if "problem" in articles else 0
    undated = int(articles["date"].isna().sum()) if "date" in articles else len(articles)
    return f"Could not be read: {unread:,}; without a date: {undated:,}. How they were selected: {BLANK}"


def _stories(known: Results) -> str:
    articles = known["articles"]
    if "story_id" not in articles:
        return "No: reprints are not marked, and each article is one observation."
    counts = f"{counted(len(articles), 'article')}, {counted(articles['story_id'].nunique(), 'story')}"
    reprints = ", ".join(dict.fromkeys(one.reprints for one in known.settings))
    return f"Yes: a story with its reprints is one observation ({counts}{reprints and f'; reprints {reprints}'})."


def _concept(known: Results) -> str:
    meanings = [f"{f.name}: {f.meaning}" for lexicon in known.lexicons for f in lexicon.labelled if f.meaning]
    return f"By the lexicon: {'; '.join(meanings)}." if meanings else ""


def _lexicon(known: Results) -> str:
    return "; ".join(
        f"{one.name or 'lexicon'}, {counted(len(one.entries), 'entry')}, sha256 {content_hash(one)}"
        for one in known.lexicons
    )


def _validated(known: Results) -> str:
    table = known["validation"]
    shown = table[["precision", "recall"]].map(lambda value: "unknown" if pd.isna(value) else as_printed(value))
    names = zip(table["label"], shown["precision"], shown["recall"], strict=True)
    rows = [f"{label}: precision {precision}, recall {recall}" for label, precision, recall in names]
    size = f"{table['n'].max():,} " if "n" in table else ""
    return f"On {size}coded passages, {'; '.join(rows)}. Coded by: {known.coded_by or BLANK}"


def _entries(known: Results) -> str:
    table = known["influence"]
    if table.empty:
        return _varied(known, "lexicon")
    most = table.iloc[int(table["influence"].abs().argmax())]
    return " ".join(filter(None, (
        f"The share that depends most on one entry: {most['outlet']}, which changes by "
        f"{points(most['influence'])} points without “{most['entry']}”.",
        _varied(known, "lexicon"),
    )))  # fmt: skip


def _interval(known: Results) -> str:
    table = pd.concat([known["estimates"], known["trends"]])
    if table.empty:
        return ""
    bare = int(table["low"].isna().sum())
    levels = ", ".join(dict.fromkeys(f"{one.level:.0%}".replace("%", " %") for one in known.settings))
    rest = f" {bare:,} have none, as they rest on one story or on no passage." if bare else ""
    return f"{counted(len(table), 'share')}, {len(table) - bare:,} with {levels and levels + ' '}intervals.{rest}"


def _tested(known: Results) -> str:
    table = known["differences"]
    if not table["p"].notna().any():
        return "No comparison was tested: no two outlets have two stories each."
    tables = known.count("differences")
    within = "over all of them" if tables == 1 else f"within each of {tables} tables"
    return (
        f"{counted(int(table['p'].notna().sum()), 'comparison')} tested; the false discovery rate is controlled "
        f"{within}. Different (q < .05 and an interval that excludes 0): {int(different(table).sum()):,}."
    )


def _power(known: Results) -> str:
    table = known["differences"]
    if "verdict" not in table:
        return ""
    untested = table["p"].isna()
    kinds = table.loc[~untested, "verdict"].str.split("[:,]").str[0].value_counts(sort=False)
    rest = {"not tested, as an outlet has one story": int(untested.sum())} if untested.any() else {}
    return "; ".join(f"{kind}: {n:,}" for kind, n in [*sorted(kinds.items()), *rest.items()]) + "."


def _robust(known: Results) -> str:
    return " ".join(
        f"The interval excludes 0 as claimed in {int(curve['clear'].sum())} of "
        f"{counted(len(curve), 'specification')} that count; {int(curve['same_sign'].sum())} keep the sign of the "
        "claim."
        for curve in _counted(known)
    )


def _counted(known: Results) -> list[pd.DataFrame]:
    """The ways of each curve that can support its claim."""
    return [curve[curve["counted"]].dropna(subset="difference") for curve in known.tables["robustness"]]


def _varied(known: Results, *names: str) -> str:
    """What these choices did to each claim: a choice that was varied is not an answer, its effect is."""
    tried = [
        _by_option(curve, name)
        for curve in _counted(known)
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


def _reproduced(known: Results) -> str:
    if not known:
        return ""
    seeds = ", ".join(dict.fromkeys(str(one.seed) for one in known.settings)) or BLANK
    return f"Seed {seeds}; " + ", ".join(f"{name} {value}" for name, value in versions().items()) + "."


CONCEPT = "What does each frame or topic mean, apart from the words that find it?"
AGREES = "How well does it agree with people on texts from which it was not made?"
CHOSEN = "How was the number of topics chosen, and do other numbers give the same result?"
QUESTIONS: list[tuple[str, str, str, str, Callable[[Results], str]]] = [
    ("corpus", "Which texts are these, and can another reader obtain the same?", GRIMMER, "articles", _corpus),
    ("corpus", "From what larger body were they taken, how, and what is missing?", GRIMMER, "articles", _missing),
    ("corpus", "Are reprints separated from stories, and what is one observation?", GRIMMER, "articles", _stories),
    ("preparation", "Which cleaning or filtering could change the result, and was it varied?", MAIER,
     "", lambda known: _varied(known, "cleaned", "min_df")),
    ("preparation", "Is the unit of text that was read the one that the question is about?", BADEN,
     "", lambda known: _varied(known, "unit")),
    ("concept", CONCEPT, BADEN, "", _concept),
    ("concept", "What would a text look like that the concept covers and the measure misses?", BADEN,
     "", lambda _: ""),
    ("instrument", "Which lexicon or model was used, in which version?", CHAN, "", _lexicon),
    ("instrument", "Was it made for these outlets, this period and this language, or taken from elsewhere?", CHAN,
     "", lambda _: ""),
    ("instrument", AGREES, CHAN, "validation", _validated),
    ("instrument", "Does it make the same errors in all outlets that are compared?", BADEN, "", lambda _: ""),
    ("instrument", "Does the result depend on single entries or lists?", CHAN, "", _entries),
    ("topics", CHOSEN, MAIER, "", lambda known: _varied(known, "k")),
    ("topics", "Do the topics return with another start or another engine?", MAIER,
     "", lambda known: _varied(known, "seed", "engine")),
    ("topics", "Who read the documents behind each topic and named it?", MAIER, "", lambda _: ""),
    ("inference", "Does each number come with its uncertainty?", GRIMMER, "", _interval),
    ("inference", "How many comparisons were made, and were the tests corrected for it?", GRIMMER,
     "differences", _tested),
    ("inference", "Is “no difference” kept apart from “too little data”?", GRIMMER, "", _power),
    ("inference", "Does the claim survive other defensible choices?", GRIMMER, "", _robust),
    ("inference", "Was the comparison decided before the data were seen?", GRIMMER, "", lambda _: ""),
    ("reproduction", "With which seed and versions can it be computed again?", MAIER, "", _reproduced),
    ("reproduction", "Where are the code, the lexicon and the coded passages?", BADEN, "", lambda _: ""),
]  # fmt: skip
