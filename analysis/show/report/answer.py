"""The answer to the question of the report, which its first screen and the command print."""

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from analysis.compare.correction.shares import corrected_differences
from analysis.compare.effects import difference_sentence, different
from analysis.corpus.stories import UNKNOWN
from analysis.numbers import listed, with_interval

from .findings import Findings, no_passage
from .prose import (
    DAILY,
    WITHOUT,
    comparisons_sentence,
    corrected_claim,
    one_day,
    outcome,
    overall_sentence,
    say,
    size_of,
    undecided,
)
from .scrutiny import PAIR, clear_by_day

NO_TEST = "No two outlets have two stories each, so no difference between outlets can be tested."
NOTHING = pd.DataFrame()


def answer(found: Findings, corrected: pd.DataFrame = NOTHING, uneven: Collection[str] = ()) -> tuple[str, ...]:
    """The answer to the question in one to three sentences, no stronger than the tables.

    ``corrected`` are shares of ``correct_shares``; in ``uneven`` labels the lexicon errs differently by outlet.
    """
    measured = found.estimates.dropna(subset="share")
    if measured.empty:
        return (no_passage(found, found.lexicon),)
    if len(set(measured["outlet"])) == 1:
        return (_alone(measured, others=len(set(found.estimates["outlet"])) > 1),)
    tested = found.differences.dropna(subset="q")
    if tested.empty:
        return (NO_TEST,)
    claim, overall = found.scrutiny.claim, overall_sentence(found.overall, tested)
    if claim is None or not different(tested).any():
        said = say("none_differ", n=len(tested)), overall, undecided(found.differences)
    else:
        first = _lead(found, claim, corrected, uneven)
        said = first, overall, f"{comparisons_sentence(tested)} {_beyond(found, tested, corrected)}".strip()
    return tuple(filter(None, said))


def _lead(found: Findings, claim: Mapping[str, Any], corrected: pd.DataFrame, uneven: Collection[str]) -> str:
    """The sentence on the claim, with what does not bear it out: days, and the errors of the lexicon."""
    sentence = difference_sentence(pd.Series(dict(claim)), found.estimates)
    ways = {DAILY: found.scrutiny.by_day, WITHOUT: corrected_claim(corrected, claim)}
    known = {way: row for way, row in ways.items() if row is not None and pd.notna(row["low"])}
    doubts = [alone] if (alone := one_day(found, claim)) else []
    doubts += [
        f"{way} this is {size_of(row)}, {end}" for way, row in known.items() if (end := outcome(row, claim))
    ]
    if claim["label"] in uneven and WITHOUT not in known:
        doubts.append("the lexicon errs differently by outlet here, so the difference can be its own")
    by = "By the lexicon alone, " if any("lexicon" in doubt for doubt in doubts) else ""
    return by + "; ".join([sentence.removesuffix("."), *doubts]) + "."


def _beyond(found: Findings, tested: pd.DataFrame, corrected: pd.DataFrame) -> str:
    """How many of several clear differences are so by days, and without the measured error of the lexicon."""
    clear, ways = tested[different(tested)], {}
    if len(clear) == 1:  # the first sentence says it
        return ""
    if len(clear.merge(found.by_day, on=PAIR)):
        ways["Counting days where stories of one day are alike"] = int(clear_by_day(clear, found.by_day).sum())
    if len(corrected):
        ways["Without the measured error of the lexicon"] = int(
            clear_by_day(clear, corrected_differences(corrected)).sum()
        )
    return " ".join(say("still", way=way, n=len(clear), kept=kept) for way, kept in ways.items())


def _alone(measured: pd.DataFrame, *, others: bool) -> str:
    rows = measured[["label", "share", "low", "high"]].to_dict("records")
    shares = listed([f"{row['label']} {with_interval(row['share'], row['low'], row['high'])}" for row in rows])
    name = measured["outlet"].iloc[0]
    who = f"{name} is the only outlet{' with a passage' * others}. Share of its"
    return f"{'No outlet is known. Share of' if name == UNKNOWN else who} passages with each frame: {shares}."
