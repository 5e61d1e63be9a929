"""Passages coded by a model, in the table that human coders' sheets give."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache
from os import PathLike
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from analysis.corpus.files import shipped
from analysis.corpus.provenance import digest
from analysis.corpus.sentences import sentences
from analysis.corpus.tables import check_columns, check_table
from analysis.frames.coders.codebook import CONTEXT, Codebook, reference, wordings
from analysis.frames.coders.endpoint import Endpoint, Function, Reply, Stopped, checked, tokens
from analysis.frames.coders.record import Record

Model = Endpoint | Callable[[str], str]
CHEAP, BAR_AFTER = 20_000, 3.0  # tokens below which no bar is shown, unless it takes seconds
IN_A_ROW = 8  # failures after which the server, not the passage, is at fault
ANSWER = 12  # tokens of an answer for each label, and once more for its form
# Written for models to read and not for people: unseen characters, and markers used in stored chats.
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\U000e0000-\U000e007f]")
HIDDEN = re.compile("[\U000e0020-\U000e007f]{3,}")  # letters as tag characters, which no screen shows
CHAT = re.compile(
    r"<\|?/?(im_start|im_end|system|assistant|endoftext|eot_id|start_header_id)\|?>|\[/?inst\]|<<sys>>"
)


class Coder(NamedTuple):
    """A model that is asked in one wording, perhaps not for the first time."""

    name: str
    model: Endpoint | Function
    wording: int | str
    run: int


class Question(NamedTuple):
    """One coder's question about one text."""

    coder: Coder
    prompt: str
    mark: str
    key: str
    size: int  # in tokens, about, with the answer
    problem: str = ""  # why it is not asked


def code(
    passages: pd.DataFrame,
    codebook: Codebook,
    *,
    model: Model | Sequence[Model] | Mapping[str, Model],
    record: str | PathLike[str],
    articles: pd.DataFrame | None = None,
    prompts: int | Sequence[int | str] = 1,
    again: bool = False,
) -> pd.DataFrame:
    """Codes by a model, a row per passage, coder and label: the table of ``read_codes``.

    Each passage is asked by itself. An answer that does not fit the codebook's schema is a missing code with its
    reason, never a 0. Every reply is written to `record` before the next passage is asked, and not asked again: a
    second run needs no server and gives the same bytes.

    Parameters
    ----------
    passages : DataFrame
        ``passage_id, text``; columns ``title, before, after`` are given to the model as context.
    codebook : Codebook
        From ``read_codebook``; ``print(codebook.prompt(text))`` shows what is asked.
    model : Endpoint or callable, or several
        A model behind an address, or a function from a prompt to the text of a reply. A mapping gives coders
        names of your own; functions are known by their names, so rename one whose answers change.
    record : str or path
        A file (JSON Lines) of this codebook's replies; made if needed. It holds answers and no text of a passage.
    articles : DataFrame, optional
        ``doc_id, text`` and perhaps ``title``: gives each passage its title and its neighbouring sentences.
    prompts : int or sequence, optional
        How many paraphrases of the task to ask (up to 3), or which, or tasks in your own words. Each is a coder,
        and so is each run where one is named several times: ``[0, 0, 1]`` asks the first twice.
    again : bool
        Ask again where the record holds a reply without a valid code.

    Returns
    -------
    DataFrame
        ``passage_id, coder, label, code`` (1, 0 or missing), ``note`` (why it is missing), then the other columns
        of `passages` and ``gives_orders``: whether the text seems to give orders to a model.

    Raises
    ------
    ValueError
        A column is missing; no key; or the record is damaged, of another codebook, or in use.
    ConnectionError
        The server cannot be used. What was answered is in the record, and the same call goes on from there.
    ImportError
        A model must be asked, and ``openai`` is not installed.

    Examples
    --------
    >>> import json, re, tempfile
    >>> book = Codebook("War", {"war": "Armed conflict is the subject."})
    >>> def wary(prompt):
    ...     mark, text = re.search(r"\\[(.{8})\\]\\n(.*)\\n\\[", prompt).groups()
    ...     return json.dumps({"passage": mark, "codes": {"war": int("shell" in text)}})
    >>> passages = pd.DataFrame({"passage_id": ["a", "b"], "text": ["Troops shelled a town.", "They met."]})
    >>> code(passages, book, model=wary, record=tempfile.mkdtemp() + "/war.jsonl")[["passage_id", "coder", "code"]]
      passage_id coder  code
    0          a  wary     1
    1          b  wary     0
    """
    check_table(passages, "passages", ["passage_id", "text"], key="passage_id")
    if not isinstance(codebook, Codebook):
        raise TypeError(f"code: codebook must be what an.read_codebook(path) returns. Found: {codebook!r:.60}.")
    given = passages if articles is None else with_context(passages, articles)
    coders = _coders(model, _wordings(prompts))
    kept = Record(Path(record), codebook.sha256)
    rows = given.reindex(columns=["text", *CONTEXT]).to_dict("records")
    asked = [_question(row, codebook, coder) for row in rows for coder in coders]
    todo = {one.key: one for one in asked if not one.problem}
    known = {key for key, entry in kept.entries.items() if key in todo
             and not (again and _codes(entry, todo[key], codebook)[1])}  # fmt: skip
    try:
        _ask([one for key, one in todo.items() if key not in known], codebook, kept)
    finally:
        kept.close()
    found = [_codes(kept.entries.get(one.key), one, codebook) for one in asked]
    return _long(passages, codebook.labels, asked, found)


def with_context(passages: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Passages with ``title``, and ``before`` and ``after``: the sentences beside each in its article."""
    check_columns(passages, ["doc_id", "start", "end"], where="passages", hint="Give the table of an.passages.")
    check_table(articles, "articles", ["doc_id", "text"], key="doc_id")
    known = articles.set_index(articles["doc_id"].astype("str"))
    texts = known["text"].reindex(passages["doc_id"].astype("str").unique()).fillna("")
    spoken = known["language"].fillna("en") if "language" in known else pd.Series("en", index=known.index)
    spans = {doc: list(sentences(text, spoken.get(doc) or "en")) for doc, text in texts.items()}
    found = []
    for doc, start, end in zip(passages["doc_id"].astype("str"), passages["start"], passages["end"], strict=True):
        before = [span for span in spans[doc] if span[1] <= start][-1:]
        after = [span for span in spans[doc] if span[0] >= end][:1]
        found.append([" ".join(texts[doc][slice(*span)] for span in side) for side in (before, after)])
    context = pd.DataFrame(found, columns=["before", "after"], index=passages.index, dtype="str")
    title = known["title"].reindex(passages["doc_id"].astype("str")) if "title" in known else [""] * len(passages)
    return passages.assign(title=pd.Series(list(title), index=passages.index, dtype="object"), **context)


def _wordings(prompts: int | Sequence[int | str]) -> Counter[int | str]:
    """Which wordings are asked, and how often each."""
    given = range(prompts) if isinstance(prompts, int) else [prompts] if isinstance(prompts, str) else prompts
    asked, known = Counter[int | str](given), len(wordings())
    if not asked:
        raise ValueError(f"code: prompts must ask for at least one. Found: {prompts!r}. Write 1.")
    if any(isinstance(one, int) and not 0 <= one < known for one in asked):
        what = f"there are {known} wordings of the task, from 0. Found: prompts={prompts!r}"
        raise ValueError(f"code: {what}. Ask for fewer, or write your own.")
    return asked


def _coders(given: Any, wordings: Counter[int | str]) -> list[Coder]:
    if isinstance(given, str):
        raise TypeError(f"code: a model needs an address. Found: {given!r}. Write an.Endpoint('http://…/v1', …).")
    if not isinstance(given, Mapping):
        several = list(given) if isinstance(given, Sequence) else [given]
        names = [one.name if isinstance(one, Endpoint) else getattr(one, "__name__", "") for one in several]
        if len(set(names)) < len(names) or not all(names):
            what = f"models need different names. Found: {names}"
            raise ValueError(f"code: {what}. Give a mapping: {{'name': model}}.")
        given = dict(zip(names, several, strict=True))
    for name, one in given.items():
        if not isinstance(one, Endpoint) and not callable(one):
            raise TypeError(f"code: model {name!r} must be an an.Endpoint or a function. Found: {one!r:.60}.")
    models = {name: one if isinstance(one, Endpoint) else Function(name, one) for name, one in given.items()}
    prompts, again = len(wordings) > 1, wordings.total() > len(wordings)
    return [
        Coder(name + f" · prompt {at}" * prompts + f" · run {run}" * again, model, wording, run)
        for name, model in models.items()
        for at, (wording, runs) in enumerate(wordings.items(), 1)
        for run in range(1, runs + 1)
    ]


def _question(row: Mapping[Any, Any], codebook: Codebook, coder: Coder) -> Question:
    prompt, model = codebook.prompt(row, wording=coder.wording), coder.model
    problem = "" if row["text"].strip() else "the passage is empty"
    size = tokens(prompt) + ANSWER * (1 + len(codebook.labels))
    if size > model.window:
        problem = f"longer than the model's window: about {size:,} of {model.window:,} tokens"
    key = digest([codebook.sha256, prompt, model.identity, coder.run])
    return Question(coder, prompt, reference(row["text"]), key, size, problem)


def _ask(questions: list[Question], codebook: Codebook, record: Record) -> None:
    """Asks each question and keeps each reply; faults of the server are kept once all have been asked."""
    if not questions:
        return
    models = {id(one.coder.model): one.coder.model for one in questions}
    for model in models.values():
        _ = model.client  # a missing key or package shows before anything is asked
    record.open()
    run = Run(codebook, record)
    expected = sum(one.size for one in questions)
    title = f"{len(questions):,} questions, about {expected:,} tokens"
    bar = tqdm(total=expected, desc=title, unit="token", disable=None, delay=BAR_AFTER * (expected < CHEAP))
    try:
        with bar:
            for model in models.values():
                for question in run.asked([one for one in questions if one.coder.model is model]):
                    bar.update(question.size)
                    bar.set_postfix({"used": f"{run.used:,}"}, refresh=False)
    except Stopped as error:
        kept = f"{run.kept} of {len(questions)} replies are kept in {record.path}"
        raise error.kind(f"code: {error} {kept}; the same call goes on from there.") from error.__cause__
    for entry in run.failed:
        record.add(entry)


class Run:
    """What the threads of one run share."""

    def __init__(self, codebook: Codebook, record: Record) -> None:
        self.codebook, self.record, self.lock = codebook, record, Lock()
        self.used = self.kept = self.in_a_row = 0
        self.stopped = False
        self.failed: list[dict[str, Any]] = []

    def asked(self, questions: list[Question]) -> Iterator[Question]:
        """The questions to one model, each once its reply is on the disk."""
        with ThreadPoolExecutor(questions[0].coder.model.workers) as pool:
            try:
                for question, _ in zip(questions, pool.map(self.ask, questions), strict=True):
                    yield question
            except BaseException:
                self.stopped = True  # what waits in the pool is not asked
                raise

    def ask(self, question: Question) -> None:
        if self.stopped:
            return
        try:
            self._keep(question, question.coder.model.ask(question.prompt, self.codebook.schema))
        except BaseException:
            self.stopped = True
            raise

    def _keep(self, question: Question, reply: Reply) -> None:
        entry = {"key": question.key, "passage": question.mark, "coder": question.coder.name, "reply": reply.text,
                 "problem": reply.problem, "tokens": reply.tokens, "model": reply.model,
                 "asked": datetime.now(UTC).isoformat(timespec="seconds")}  # fmt: skip
        if not reply.fault:
            self.record.add(entry)
        with self.lock:
            self.used += reply.tokens
            self.kept += not reply.fault
            self.failed += [entry] if reply.fault else []
            self.in_a_row = self.in_a_row + 1 if reply.fault else 0
        if self.in_a_row >= IN_A_ROW:
            raise Stopped(f"{self.in_a_row} questions in a row failed, the last because {reply.problem}.")


def _codes(entry: dict[str, Any] | None, question: Question, codebook: Codebook) -> tuple[dict[str, int], str]:
    """The code of each label, or why there is none."""
    if question.problem or entry is None:
        return {}, question.problem or "not asked"
    return ({}, entry["problem"]) if entry["problem"] else checked(entry["reply"], question.mark, codebook.labels)


def _long(
    passages: pd.DataFrame, labels: list[str], asked: list[Question], found: list[tuple[dict[str, int], str]]
) -> pd.DataFrame:
    rows = [(one.coder.name, label, codes.get(label), why) for one, (codes, why) in zip(asked, found, strict=True)
            for label in labels]  # fmt: skip
    table = pd.DataFrame(rows, columns=["coder", "label", "code", "note"])
    table = table.astype({"coder": "str", "label": pd.CategoricalDtype(labels), "code": "Int64", "note": "str"})
    orders = np.array([gives_orders(text) for text in passages["text"]], dtype=bool)
    more = passages.astype({"passage_id": "str"}).drop(columns=[*labels, *table], errors="ignore")
    more = more.assign(gives_orders=orders)
    more = more.iloc[np.repeat(np.arange(len(more)), len(table) // max(len(more), 1))].reset_index(drop=True)
    return pd.concat([more[["passage_id"]], table, more.drop(columns="passage_id")], axis=1)


@cache
def _orders() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in shipped("analysis.frames.coders", "orders.yaml")))


def gives_orders(text: str) -> bool:
    """Whether a text seems to give orders to a model; it is coded like any other, and flagged."""
    plain = unicodedata.normalize("NFKC", UNSEEN.sub("", text)).casefold()
    plain = re.sub(r"[^\S\n]+", " ", plain)
    return bool(HIDDEN.search(text) or CHAT.search(plain) or _orders().search(plain.replace("’", "'")))
