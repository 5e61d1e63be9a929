"""What goes into the paper: how a chapter's numbers were made, and the answers to what a reviewer asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.corpus.passages import WINDOW
from analysis.frames.lexicon import Lexicon
from analysis.topics.fit import FEW_DOCUMENTS

from .checklist import BLANK, checklist
from .findings import TOPICS, Findings
from .methods import methods_text

CONCEPT = "What is each frame or topic meant to be, apart from the words that find it?"
AGREES = "How well does it agree with people on texts it was not made from?"
ENTRIES = "Does the result hang on single entries or lists?"
CHOSEN = "How was the number of topics chosen, and do others tell the same?"


def methods(found: Findings, validation: pd.DataFrame) -> tuple[str, list[str]]:
    """The paragraph from the articles as received to the tests, and the works that it cites."""
    results = _results(found)
    if not results:
        return _corpus(found), []
    paragraph, works = methods_text(*results, validation=validation).split("\n\n")
    return f"{_corpus(found)} {paragraph}", works.splitlines()


def _corpus(found: Findings) -> str:
    articles, passages = found.articles, found.passages
    pair = " and ".join(found.about)
    return (
        f"Of {len(articles):,} articles, {passages['doc_id'].nunique():,} had a passage about {pair}: "
        f"{len(passages):,} passages, sentences or, where a text lost its punctuation, windows of {WINDOW} words. "
        f"Page furniture was cut by rule before (spans: {len(found.removed):,}), and articles that copy another "
        f"(here {articles['copy_of'].count():,}) were marked by the runs of words that they share."
    )


def asked(
    found: Sequence[Findings], lexicon: Lexicon, validation: pd.DataFrame | None, *, measured_on: str = ""
) -> pd.DataFrame:
    """The reviewer's checklist over all chapters: ``about, question, source, answer``.

    An answer that is the same everywhere stands once, others under the names of their chapters.
    """
    tables = {
        one.name: checklist(
            *_results(one), validation=validation, answers=_answers(one, lexicon, validation, measured_on)
        )
        for one in found
    }
    first = next(iter(tables.values()))
    by_name = {name: table["answer"].tolist() for name, table in tables.items()}
    joined = [_joined({name: answers[at] for name, answers in by_name.items()}) for at in range(len(first))]
    return first.assign(answer=joined)


def _results(found: Findings) -> list[pd.DataFrame]:
    """The tables that say how they were made: without two outlets there is no difference, and no claim to try."""
    return [t for t in (found.estimates, found.differences, found.scrutiny.curve) if "made" in t.attrs]


def _joined(answers: Mapping[str, str]) -> str:
    if len(set(answers.values())) == 1:
        return next(iter(answers.values()))
    return "\n".join(f"{name}: {answer}" for name, answer in answers.items())


def _answers(
    found: Findings, lexicon: Lexicon, validation: pd.DataFrame | None, measured_on: str
) -> dict[str, str]:
    """What the report knows beside its results; a question that it cannot answer stays blank."""
    meanings = "; ".join(f"{frame.name}: {frame.meaning}" for frame in lexicon.labelled if frame.meaning)
    known = validation is not None and not validation.empty
    told = {
        CONCEPT: f"As the lexicon has it: {meanings}" if meanings else "",
        AGREES: measured_on if known else "",
        ENTRIES: found.scrutiny.leaning,
        CHOSEN: _chosen(found),
    }
    return {question: answer for question, answer in told.items() if answer}


def _chosen(found: Findings) -> str:
    if found.topics is None:
        return ""
    return (
        f"By rule, not by comparison: {len(found.topics.words)}, one for {FEW_DOCUMENTS} documents, but {TOPICS} "
        f"at most. What other numbers tell: {BLANK}"
    )
