"""What a reviewer asks of a computational content analysis, answered as far as the run can."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.compare.curves.curve import choice_effects
from analysis.corpus.passages import WINDOW
from analysis.frames.coding.validate import Validation
from analysis.frames.lexicon import Lexicon
from analysis.topics.fit import FEW_DOCUMENTS

from ..measured import rows_of
from .findings import TOPICS, Findings
from .methods import lexicon_of, methods_text

BLANK = "______"  # stands out in print, and is easily searched for
MAIER = "Maier et al. 2018"
GRIMMER = "Grimmer, Roberts & Stewart 2022"
CHAN = "Chan et al. 2021"
BADEN = "Baden et al. 2022"


def checklist(
    *results: pd.DataFrame,
    validation: Validation | pd.DataFrame | None = None,
    answers: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """The reviewer's checklist: ``about, question, source, answer``; what the run does not know is ``______``.

    The questions are drawn from Maier et al. (2018, *Communication Methods and Measures* 12) on topic models,
    Grimmer, Roberts & Stewart (2022, *Text as Data*), Chan et al. (2021, *Computational Communication Research* 3)
    on ready-made dictionaries, and Baden et al. (2022, *Communication Methods and Measures* 16) on validity.

    Args:
        results: tables of ``compare_outlets``, ``outlet_differences``, ``robustness`` and the like, as returned.
        validation: what ``validate`` returned.
        answers: what only you know, by question; it stands before what the run says.

    Raises:
        ValueError: an answer to a question that is not asked.

    >>> set(checklist()["answer"])
    {'______'}
    """
    given = dict(answers or {})
    if unasked := [question for question in given if question not in {row[1] for row in QUESTIONS}]:
        raise ValueError(
            f"answers: {unasked[0]!r} is not asked. Take the question as checklist()['question'] has it."
        )
    made = {result.attrs["made"]["step"]: result for result in results if "made" in result.attrs}
    known = Known(made, None if validation is None else rows_of(validation))
    rows = [
        (about, question, source, " ".join(filter(None, (given.get(question), answer(known)))) or BLANK)
        for about, question, source, answer in QUESTIONS
    ]
    return pd.DataFrame(rows, columns=["about", "question", "source", "answer"]).astype("str")


class Known:
    """What the results say of themselves."""

    def __init__(self, results: dict[str, pd.DataFrame], validation: pd.DataFrame | None) -> None:
        self.results, self.validation = results, validation
        self.made: list[dict[str, Any]] = [table.attrs["made"] for table in results.values()]

    def corpus(self) -> str:
        # a claim is tried on the articles that it is about, which are among those of the other results
        made = [one for one in self.made if one["step"] != "robustness"] or self.made
        inputs = {(given["rows"], given["sha256"]) for one in made for name, given in one["from"].items()
                  if name == "articles"}  # fmt: skip
        return "; ".join(f"{rows:,} articles, sha256 {digest}" for rows, digest in sorted(inputs))

    def stories(self) -> str:
        clusters = {made["settings"]["stories"] for made in self.made if "stories" in made["settings"]}
        if not clusters:
            return ""
        if "doc_id" in clusters:
            return "Not told apart: each article counts as an observation of its own."
        reprints = sorted({made["settings"]["reprints"] for made in self.made if "reprints" in made["settings"]})
        return f"Marked; a story is one observation ({', '.join(reprints)})."

    def lexicon(self) -> str:
        found = next((lexicon for made in self.made if (lexicon := lexicon_of(made))), None)
        return f"{found.get('name', 'lexicon')}, sha256 {found['sha256']}" if found else ""

    def validated(self) -> str:
        if self.validation is None or self.validation.empty:
            return ""
        columns = [name for name in ("precision", "recall", "f1", "alpha") if name in self.validation]
        means = ", ".join(f"{name} {self.validation[name].mean():.2f}" for name in columns)
        # Who coded them, and whether the lexicon was made from them, no table says.
        told = f"mean over rows: {means}. Coded by {BLANK}, on texts that it was not made from: {BLANK}."
        return f"Against coded passages, {told}" if columns else ""

    def interval(self) -> str:
        table = self.results.get("compare_outlets")
        if table is None:
            return ""
        alone = int((table["n_stories"] == 1).sum())
        settings = table.attrs["made"]["settings"]
        return (
            f"{settings['level']:.0%} intervals over resampled stories; {alone} estimates of one story have none."
        )

    def tested(self) -> str:
        table = self.results.get("outlet_differences")
        if table is None:
            return ""
        clear = int((table["q"] < 0.05).sum())
        return f"{table['p'].notna().sum()} comparisons tested, false discoveries controlled; q < .05 in {clear}."

    def power(self) -> str:
        table = self.results.get("outlet_differences")
        if table is None or "verdict" not in table:
            return ""
        kinds = table["verdict"].str.split(":").str[0].value_counts()
        return "; ".join(f"{kind}: {number}" for kind, number in kinds.items())

    def robust(self) -> str:
        table = self.results.get("robustness")
        if table is None:
            return ""
        known = table.dropna(subset="difference")
        return (
            f"{known['same_sign'].sum()} of {len(known)} specifications keep the sign of the claim, "
            f"{known['clear'].sum()} stay clear of zero."
        )

    def choices(self, *names: str) -> str:
        """What these choices did to the claim: a choice that was varied is no answer, what came of it is."""
        table = self.results.get("robustness")
        effects = choice_effects(table) if table is not None else pd.DataFrame({"choice": []})
        tried = [_told(effects[effects["choice"] == name]) for name in names if name in set(effects["choice"])]
        return f"Varied in the specification curve; mean difference by {'; by '.join(tried)}." if tried else ""

    def again(self) -> str:
        if not self.made:
            return ""
        seeds = sorted({str(made["settings"]["seed"]) for made in self.made if "seed" in made["settings"]})
        used = ", ".join(f"{name} {value}" for name, value in self.made[0]["versions"].items())
        return f"Seed {', '.join(seeds)}; {used}."


def _told(rows: pd.DataFrame) -> str:
    """The difference by each option of a choice, or by the two ends of many."""
    ends = rows if len(rows) < 5 else rows.loc[[rows["difference"].idxmin(), rows["difference"].idxmax()]]
    told = [f"{option} {value:.2f}" for option, value in zip(ends["option"], ends["difference"], strict=True)]
    joined = ", ".join(told) if len(rows) < 5 else f"{len(rows)} options, from {' to '.join(told)}"
    return f"{rows['choice'].iloc[0]}: {joined}"


Answer = Callable[[Known], str]


def _unknown(_: Known) -> str:
    return ""


QUESTIONS: list[tuple[str, str, str, Answer]] = [
    ("corpus", "What texts are these, and can another reader get the same?", GRIMMER, Known.corpus),
    ("corpus", "From what larger body were they taken, how, and what is missing?", GRIMMER, _unknown),
    ("corpus", "Are reprints told apart from stories; what counts as one observation?", GRIMMER, Known.stories),
    ("preparation", "Which cleaning and filtering could change the result, and was it varied?", MAIER,
     lambda known: known.choices("cleaned", "min_df")),
    ("preparation", "Is the unit in which the text was read the one that the question is about?", BADEN,
     lambda known: known.choices("unit")),
    ("concept", "What is each frame or topic meant to be, apart from the words that find it?", BADEN, _unknown),
    ("concept", "What would a text look like that the concept covers and the measure misses?", BADEN, _unknown),
    ("instrument", "Which lexicon or model was used, in which version?", CHAN, Known.lexicon),
    ("instrument", "Was it made for these outlets, this time and this language, or taken over?", CHAN, _unknown),
    ("instrument", "How well does it agree with people on texts it was not made from?", CHAN, Known.validated),
    ("instrument", "Does it err alike in all outlets that are compared?", BADEN, _unknown),
    ("instrument", "Does the result hang on single entries or lists?", CHAN,
     lambda known: known.choices("lexicon")),
    ("topics", "How was the number of topics chosen, and do others tell the same?", MAIER,
     lambda known: known.choices("k")),
    ("topics", "Do topics come back from another start or another engine?", MAIER,
     lambda known: known.choices("seed", "engine")),
    ("topics", "Who read the documents behind each topic and named it?", MAIER, _unknown),
    ("inference", "Does each number come with its uncertainty?", GRIMMER, Known.interval),
    ("inference", "How many comparisons were made, and was that paid for?", GRIMMER, Known.tested),
    ("inference", "Is 'no difference' told apart from 'too little data'?", GRIMMER, Known.power),
    ("inference", "Does the claim survive other defensible choices?", GRIMMER, Known.robust),
    ("inference", "Was the comparison decided on before the data were seen?", GRIMMER, _unknown),
    ("again", "With which seed and versions can it be computed again?", MAIER, Known.again),
    ("again", "Where are the code, the lexicon and the coded passages?", BADEN, _unknown),
]  # fmt: skip

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
