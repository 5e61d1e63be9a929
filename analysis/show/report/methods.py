"""The methods paragraph of a paper, and the questions of its reviewers: both answered from the results."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import product
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd

from analysis.compare.differences import REST
from analysis.compare.effects import different
from analysis.compare.inference import Inference
from analysis.compare.observations import NO_STORIES
from analysis.corpus.files import shipped
from analysis.corpus.language import language_name
from analysis.corpus.provenance import content_hash, versions
from analysis.corpus.stories import UNKNOWN
from analysis.corpus.tables import is_usable
from analysis.frames.coding.certificate import Certificate
from analysis.frames.lexicon import Lexicon
from analysis.numbers import as_printed, counted, listed, points

from ..measured import measure

BLANK = "______"  # is seen in print, and is easily searched for
HERE = jinja2.FileSystemLoader(Path(__file__).parent, encoding="utf-8")
TEXT = jinja2.Environment(loader=HERE, undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701 - no browser
TEXT.globals |= {"counted": counted, "listed": listed, "language_name": language_name, "unknown": UNKNOWN}
TEXT.filters["number"] = "{:,}".format
UNSTATED = "[not recorded]"  # a setting that merging, filtering or writing to a file has lost
CHOSEN = "How was the number of topics chosen, and do other numbers give the same result?"
TAKEN = "From what larger body were they taken, how, and what is missing?"
FEW = 5  # options of a choice that are each named; of more, the two ends are
# What a table is, by columns that no other has; the first that fits counts.
KINDS: dict[str, set[str]] = {
    "articles": {"doc_id", "outlet", "text"},
    "robustness": {"difference", "same_sign", "clear", "counted"},
    "decomposition": {"outlet", "other", "label", "framing", "selection"},
    "differences": {"outlet", "other", "label", "difference", "q"},
    "changes": {"outlet", "label", "period", "before", "after", "q"},
    "influence": {"outlet", "entry", "influence"},
    "trends": {"outlet", "label", "period", "share", "low", "high"},
    "estimates": {"outlet", "label", "share", "low", "high"},
    "validation": {"label", "precision", "recall"},
}
DESCRIBED = ("estimates", "trends", "differences", "decomposition", "changes", "robustness")  # in the paragraph


class Results:
    """Results sorted by what they are, whichever way they took: a table is known by its columns."""

    def __init__(self, results: tuple[Any, ...], validation: Any = None) -> None:
        self.certificate = validation if isinstance(validation, Certificate) else Certificate()
        self.lexicons = [one for one in results if isinstance(one, Lexicon)]
        self.settings = [one for one in results if isinstance(one, Inference)]
        tables = [one for one in results if not isinstance(one, (Lexicon, Inference))]
        self.tables: dict[str, list[pd.DataFrame]] = {name: [] for name in KINDS}
        for at, one in enumerate([*tables, *([] if validation is None else [validation])], 1):
            table = getattr(one, "table", one)
            if isinstance(table, pd.DataFrame) and "label" not in table:
                table = table.rename(columns={"frame": "label"})
            self.tables[_kind(table, at)].append(table)

    def __getitem__(self, kinds: str | tuple[str, ...]) -> pd.DataFrame:
        """All rows of one kind or of several; without columns where none is given."""
        tables = [table for kind in ([kinds] if isinstance(kinds, str) else kinds) for table in self.tables[kind]]
        return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()

    def count(self, kind: str) -> int:
        return len(self.tables[kind])

    @property
    def seeds(self) -> list[str]:
        recorded = [one["settings"]["seed"] for one in self.records if "seed" in one["settings"]]
        return list(map(str, [one.seed for one in self.settings] or recorded))

    @property
    def records(self) -> list[dict[str, Any]]:
        return [record for tables in self.tables.values() for record in _records(tables)]

    def inputs(self, name: str) -> list[dict[str, Any]]:
        """What is recorded of an input, however far back."""
        return [given for record in self.records for given in _inputs_of(record, name)]

    def __bool__(self) -> bool:
        return bool(self.lexicons or any(self.tables.values()))


def _kind(table: Any, at: int) -> str:
    columns = set(map(str, table.columns)) if isinstance(table, pd.DataFrame) else set()
    for name, wanted in KINDS.items():
        if wanted <= columns:
            return name
    found = ", ".join(sorted(columns)) or type(table).__name__
    known = "compare_outlets, outlet_differences, outlet_changes, robustness, entry_influence and validate return"
    raise ValueError(
        f"results: number {at} is not a result this text can describe. Found: {found}. Give articles, a lexicon, "
        f"the settings (Inference), or what {known}."
    )


def methods_text(*results: Any, validation: Any = None) -> str:
    """The paragraph for the paper: how results were made, with the references beneath.

    What the results do not show is left to you: in square brackets, or as ``______``.

    Parameters
    ----------
    *results
        Articles, a lexicon, the settings (``Inference``, or as far as a table still carries them), and what
        ``compare_outlets``, ``outlet_differences``, ``outlet_changes`` and ``robustness`` return.
    validation
        From ``validate``; its precision and recall are then stated.

    Returns
    -------
    str
        The paragraph, a blank line, and a line per reference.

    Raises
    ------
    ValueError
        ``results`` is empty, or one of them is of another kind.

    Examples
    --------
    >>> import analysis as an
    >>> shares = pd.DataFrame({"economy": [0.1, 0.4]}, index=["a", "b"])
    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "outlet": "DW", "story_id": ["a", "b"]})
    >>> print(methods_text(an.compare_outlets(shares, articles))[:63])
    We estimated the share of each label in each outlet (1 share, 1
    """
    known = Results(results, validation)
    if not any(known.count(kind) for kind in DESCRIBED):
        raise ValueError("results: nothing to describe. Give the tables that the paper reports.")
    noted = [note for kind in DESCRIBED if "note" in known[kind] for note in known[kind]["note"].dropna()]
    given = [(lexicon.name, content_hash(lexicon)) for lexicon in known.lexicons]
    recorded = [(str(one.get("name", "")), str(one["sha256"])) for one in known.inputs("lexicon")]
    judged = [one["made"]["settings"]["strict"] > 0 for one in known.inputs("passages") if "made" in one]
    text = TEXT.get_template("methods.txt.j2").render(
        known=known, setting=partial(_setting, known), hundredths=_hundredths, choices=choices, rest=REST,
        judged=judged, unmarked=any(NO_STORIES in note for note in noted), unstated=UNSTATED, measure=measure,
        lexicons=list(dict.fromkeys(given or recorded)), inputs=_inputs(known.records), versions=versions(),
    )  # fmt: skip
    text, works = on_one_line(text), shipped(__package__ or __name__, "references.yaml")
    return "\n".join([text, "", *sorted(work for cited, work in works.items() if cited in text)])


@cache  # as few templates as ship
def _compiled(template: str) -> jinja2.Template:
    return TEXT.from_string(template)


def on_one_line(text: str) -> str:
    """The text without line breaks and runs of blanks; no-break spaces stay."""
    return re.sub(r"[ \n]+", " ", text).strip()


def _setting(known: Results, kind: str, name: str) -> str:
    """A setting of one kind of result as it is printed; several values are all named."""
    values = [getattr(one, name) for one in known.settings if hasattr(one, name)]
    values = values or [record["settings"].get(name) for record in _records(known.tables[kind])]
    shown = [f"{one:,}" if type(one) is int else str(one) for one in values if one is not None]
    return ", ".join(dict.fromkeys(shown)) or UNSTATED


def _records(tables: list[pd.DataFrame]) -> list[dict[str, Any]]:
    """What tables carry about how they were made; nothing where that was lost."""
    return [table.attrs["made"] for table in tables if "made" in table.attrs]


def _hundredths(setting: str, unit: str) -> str:
    if setting == UNSTATED:
        return setting
    return f"{', '.join(f'{float(one) * 100:g}' for one in setting.split(', '))} {unit}"


def choices(curve: pd.DataFrame) -> list[str]:
    """The choices that were varied in a specification curve, with their number of options."""
    named = list(curve.columns[: list(curve.columns).index("difference")])
    options = {name: curve[name].astype("str").nunique() for name in named}
    return [f"{name}: {count}" for name, count in options.items() if count > 1]


def _inputs_of(record: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    for one, given in record.get("from", {}).items():
        if one == name:
            yield given
        yield from _inputs_of(given.get("made", {}), name)


def _inputs(records: list[dict[str, Any]]) -> list[str]:
    """The inputs of the steps by their hash; with the steps where these read different ones."""
    steps: dict[str, dict[str, set[str]]] = {}  # a robustness curve reads articles as received
    for record in records:
        for name, given in record["from"].items():
            steps.setdefault(name, {}).setdefault(given["sha256"], set()).add(record["step"])
    return [
        f"{name} {digest}" + (f" ({', '.join(sorted(by)).replace('_', ' ')})" if len(digests) > 1 else "")
        for name, digests in sorted(steps.items())
        for digest, by in sorted(digests.items())
    ]


def checklist(*results: Any, validation: Any = None, answers: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The reviewer's checklist; what the results do not show is ``______``.

    Several results of one kind all count. A result is known by its type or its columns, also from a file.

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
        "content_hash": content_hash, "different": different, "points": points,
        "printed": lambda value: "unknown" if pd.isna(value) else as_printed(value),
        "versions": versions(), "blank": BLANK, "is_usable": is_usable, "unread": unread,
    }  # fmt: skip
    rows = []
    for asked in questions:
        table = known[asked["needs"]] if "needs" in asked else pd.DataFrame({"asked": [True]})
        found = on_one_line(_compiled(asked.get("answer", "")).render(table=table, **values)) if len(table) else ""
        answer = " ".join(filter(None, (given.get(asked["question"]), found))) or BLANK
        rows.append((asked["about"], asked["question"], asked["source"], answer))
    return pd.DataFrame(rows, columns=["about", "question", "source", "answer"]).astype("str")


def _several(known: Results) -> pd.DataFrame:
    """The influence of entries on outlets of several stories, as far as the results show which: one has no say."""
    influence, estimates = known["influence"], known["estimates"]
    if influence.empty or "n_stories" not in estimates:
        return influence
    return influence[influence["outlet"].isin(estimates.loc[estimates["n_stories"] > 1, "outlet"])]


def _verdicts(known: Results) -> str:
    table = known["differences"]
    if table.empty or "verdict" not in table:
        return ""
    untested = table["p"].isna()
    kinds = table.loc[~untested, "verdict"].str.split("[:,]").str[0].value_counts(sort=False)
    rest = {"not tested, as an outlet has one story": int(untested.sum())} if untested.any() else {}
    return "; ".join(f"{kind}: {n:,}" for kind, n in [*sorted(kinds.items()), *rest.items()]) + "."


def _varied(curves: list[pd.DataFrame], *names: str) -> str:
    """What these choices did to each claim: a choice that was varied is not an answer, its effect is."""
    tried = []
    for curve, name in product(curves, names):
        options = curve[name].astype("str") if name in curve else pd.Series("", curve.index)
        means = curve.groupby(options, sort=False)["difference"].mean()
        few = means if len(means) < FEW else means.iloc[[int(means.argmin()), int(means.argmax())]]
        many, joint = ("", ", ") if few is means else (f", over {len(means)} options", " to ")
        shown = joint.join(f"{points(value)} ({option})" for option, value in few.items())
        tried += [f"by {name}{many}: {shown}"] if len(means) > 1 else []
    return f"Varied; the mean difference in points {'; '.join(tried)}." if tried else ""
