"""Articles without boilerplate, and the way back to the text as received."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.arrays import Flags

from .agencies import REACH, credited
from .files import shipped
from .repeated import Boilerplate, Span, boilerplate_of, boilerplate_spans
from .stories import article_outlets
from .tables import article_dates, article_ids, check_columns, check_table
from .words import holding, strings

Removed = dict[str, Any]  # {"start", "end", "rule", "text"}
# Articles from which the repeated boilerplate is learned: so many fit into memory. What an outlet prints ten times
# among these is found; in a larger corpus, what it prints more rarely is not.
LEARNED = 20_000
COLUMNS = {"doc_id": "str", "start": "int64", "end": "int64", "text": "str", "rule": "str"}
RULES = Path(__file__).parent / "rules"
Position = Literal["opening", "anywhere", "line", "closing"]


def clean(articles: pd.DataFrame, *, repeated: bool | Boilerplate = True) -> pd.DataFrame:
    """Articles without boilerplate in ``text``, and with what was removed in the column ``removed``.

    Teasers, chopped headlines, rights notices, share bars and newsletter calls are removed; every word of the
    article stays, also datelines and cross-heads. The rules are data, in ``rules/*.yaml``, a file per
    outlet or template; an article that none of them fits is returned as it is.

    Parameters
    ----------
    articles : DataFrame
        ``doc_id`` and ``text``; some rules need ``outlet``. A table that was cleaned before may be given again.
    repeated : bool or Boilerplate
        Also remove what no rule names: sentences and lines that one outlet prints in ten stories or more, on
        seven days or more, and hardly any other outlet prints. Their rule is ``repeated in`` the outlet. Nothing
        is found without ``outlet`` or ``date``, in a single outlet, or in few articles. Of more than 20,000
        articles, that many drawn by their ids show what is repeated. A part of the corpus alone would give
        another result: give each part ``learned`` of all articles, and only that is removed.

    Returns
    -------
    DataFrame
        ``agency``, where it was empty, names the news agency of a byline, dateline or credit line, and
        ``agency_credit`` has these words. ``removed`` holds a list for each article, sorted, empty where nothing
        was removed: of each span ``start``, ``end`` (offsets into the text as received), ``rule`` and ``text``.
        Cutting these spans out of the received text gives the clean text exactly; white space beside the
        boilerplate belongs to the span.

    Raises
    ------
    ValueError
        A column is missing, or an id is duplicated.
    TypeError
        Not a DataFrame, or a text that is not a string.

    Examples
    --------
    >>> page = pd.DataFrame({"doc_id": ["a"], "outlet": [""], "text": ["Xi left. Share: leave a reply:"]})
    >>> cleaned = clean(page)
    >>> cleaned.text[0], cleaned.removed[0][0]["text"]
    ('Xi left. Share:', ' leave a reply:')
    """
    check_table(articles, "articles", ["doc_id", "text"], key="doc_id")
    articles = credited(articles)
    column, outlets = strings(articles["text"]), article_outlets(articles).tolist()
    known = learned(articles) if repeated is True else repeated
    more = boilerplate_spans(column, outlets, known) if known else [[]] * len(column)
    earlier = articles["removed"].tolist() if "removed" in articles else [None] * len(column)
    removed = [removed_of(cell) for cell in earlier]
    touched = may_be_ruled(column, outlets) | np.array([len(spans) > 0 for spans in more], dtype=bool)
    changed, texts = np.zeros(len(column), dtype=bool), []
    for at in np.flatnonzero(touched).tolist():
        text = column[at].as_py()
        ruled = ruled_spans(text, outlets[at])
        free = (one for one in more[at] if all(one[1] <= start or one[0] >= end for start, end, _ in ruled))
        if spans := sorted([*ruled, *free]):
            removed[at] = _with_earlier(text, removed[at], spans)
            changed[at] = True
            texts.append(without_spans(text, spans))
    cleaned = pc.replace_with_mask(column, pa.array(changed), pa.array(texts, pa.large_string()))
    return articles.assign(
        doc_id=article_ids(articles),
        text=pd.Series(cleaned, articles.index, dtype="str"),
        removed=pd.Series(removed, articles.index, dtype="object"),
    )


def removed_spans(articles: pd.DataFrame) -> pd.DataFrame:
    """What cleaning removed, a row for each span: ``doc_id, start, end, text, rule``.

    >>> page = pd.DataFrame({"doc_id": ["a"], "text": ["Xi left. Share: leave a reply:"]})
    >>> removed_spans(clean(page))
      doc_id  start  end             text          rule
    0      a     15   30   leave a reply:  comment form
    """
    check_columns(articles, ["doc_id"], where="articles")
    cells = articles["removed"].tolist() if "removed" in articles else [None] * len(articles)
    names = article_ids(articles)
    rows = [{"doc_id": name, **span} for name, cell in zip(names, cells, strict=True) for span in removed_of(cell)]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def removed_of(cell: Any) -> list[Removed]:
    """The spans in a cell of ``removed``: a list, an array as Parquet returns it, JSON, or nothing."""
    try:
        spans = json.loads(cell or "[]") if isinstance(cell, str) else cell
        found = [dict(span) for span in spans] if isinstance(spans, list | np.ndarray) else []
    except (ValueError, TypeError):
        found = [{}]
    if not all({"start", "end"} <= span.keys() for span in found):
        raise ValueError(f"column 'removed' holds {str(cell)[:40]!r}, which clean does not write. Rename it.")
    return found


def received_offset(removed: Sequence[Removed], positions: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Where characters of a clean text are in the text as received; for an end ask for the last character."""
    starts, ends = (np.array([span[edge] for span in removed], dtype=np.int64) for edge in ("start", "end"))
    before = np.concatenate([[0], np.cumsum(ends - starts)])  # characters removed before the n-th span
    place = np.asarray(positions, dtype=np.int64)
    shift: npt.NDArray[np.int64] = before[np.searchsorted(starts - before[:-1], place, side="right")]
    return place + shift


def received_text(text: str, removed: Sequence[Removed]) -> str:
    """The text as received: a clean text with the removed spans put back."""
    for span in removed:
        text = text[: span["start"]] + span["text"] + text[span["start"] :]
    return text


def learned(articles: pd.DataFrame) -> Boilerplate:
    """What the outlets of all or ``LEARNED`` articles repeat, for ``clean`` of any part of the corpus."""
    articles = articles[drawn(articles, LEARNED)]
    days = article_dates(articles).to_numpy().astype("datetime64[D]")
    stories = articles["story_id"] if "story_id" in articles else article_ids(articles)
    return boilerplate_of(articles["text"], article_outlets(articles).tolist(), stories.tolist(), days)


def drawn(articles: pd.DataFrame, n: int) -> npt.NDArray[np.bool_]:
    """Which `n` articles are drawn by a number made from the ``doc_id``: the same in any order and any part."""
    numbers = pd.util.hash_array(article_ids(articles).to_numpy(dtype=object), categorize=False)
    return numbers <= np.sort(numbers)[n - 1] if len(numbers) > n else np.ones(len(numbers), dtype=bool)


def without_spans(text: str, spans: Sequence[Span]) -> str:
    """The text without these spans, which are in order and do not overlap."""
    starts = [0, *(end for _, end, _ in spans)]
    ends = [*(start for start, _, _ in spans), len(text)]
    return "".join(text[start:end] for start, end in zip(starts, ends, strict=True))


def _with_earlier(text: str, earlier: list[Removed], spans: Iterable[Span]) -> list[Removed]:
    """All spans removed from a text, with offsets into what was received before the first cleaning."""
    received = received_text(text, earlier)
    places = received_offset(earlier, [(start, end - 1) for start, end, _ in spans])
    found = [
        {"start": start, "end": last + 1, "rule": rule, "text": received[start : last + 1]}
        for (start, last), (_, _, rule) in zip(places.tolist(), spans, strict=True)
    ]
    apart = (
        one for one in earlier if all(one["end"] <= new["start"] or one["start"] >= new["end"] for new in found)
    )
    return sorted([*apart, *found], key=lambda span: (span["start"], span["end"]))


@dataclass(frozen=True)
class Rule:
    """One kind of boilerplate: where it is found, and why it is not part of the article."""

    name: str
    reason: str
    position: Position
    contains: str  # lower-case words in every match: texts without them are not searched
    holds: str  # where these are in many texts, more of the match, in RE2
    pattern: re.Pattern[str]  # its space was any run of characters between words, {name} any line of that list
    outlets: frozenset[str] = frozenset()  # all, if none is named
    example: str = ""  # a line that it matches, where what is shipped has none

    def applies(self, outlet: str) -> bool:
        """Whether the rule is meant for this outlet."""
        return not self.outlets or outlet.casefold() in self.outlets


# White space beside boilerplate is removed with it, and the article is joined.
AROUND: dict[Position, str] = {
    "opening": r"\s*(?<!\w)(?:{})(?!\w)\s*",
    "anywhere": r"(?<!\w)(?:{})(?!\w)\s*",
    "line": r"(?m:^)(?:{})(?!\w)\s*",
    "closing": r"\s*(?<!\w)(?:{})(?!\w)\W*\Z",
}


def may_be_ruled(texts: pa.Array, outlets: Sequence[str]) -> Flags:
    """The texts in which a rule for their outlet may match; no rule finds anything in the others."""
    anywhere = "|".join(rule.holds for rule in boilerplate_rules() if not rule.outlets)
    found = holding(texts, anywhere, ignore_case=True)
    for rule in boilerplate_rules():
        own = np.array([bool(rule.outlets) and rule.applies(outlet) for outlet in outlets], dtype=bool)
        found[own] |= holding(texts.filter(pa.array(own)), rule.holds, ignore_case=True)
    return found


def ruled_spans(text: str, outlet: str) -> list[Span]:
    """The spans of a text that rules name, in order, without overlap."""
    lowered = text.lower()
    rules = [rule for rule in boilerplate_rules() if rule.contains in lowered and rule.applies(outlet)]
    if not rules:
        return []
    opening = list(_opening(text, [rule for rule in rules if rule.position == "opening"]))
    start = opening[-1][1] if opening else 0
    closing = list(_closing(text, start, [rule for rule in rules if rule.position == "closing"]))
    end = closing[-1][0] if closing else len(text)
    return [*opening, *_between(text, start, end, rules), *reversed(closing)]


def _opening(text: str, rules: list[Rule]) -> Iterator[Span]:
    """From the front: a rule may match only after another has removed what precedes."""
    start = 0
    while match := next(((m, rule) for rule in rules if (m := rule.pattern.match(text, start))), None):
        yield start, match[0].end(), match[1].name
        start = match[0].end()


def _closing(text: str, start: int, rules: list[Rule]) -> Iterator[Span]:
    """From the back, in the same way."""
    end = len(text)
    while match := next(
        ((m, rule) for rule in rules if (m := rule.pattern.search(text, max(start, end - REACH), end))), None
    ):
        yield match[0].start(), end, match[1].name
        end = match[0].start()


def _between(text: str, start: int, end: int, rules: list[Rule]) -> Iterator[Span]:
    """In the order of the text; where two rules overlap, the later begins where the earlier ends."""
    within = [rule for rule in rules if rule.position in ("anywhere", "line")]
    matches = [(*m.span(), rule.name) for rule in within for m in rule.pattern.finditer(text, start, end)]
    for first, last, name in sorted(matches):
        if last > start:
            yield max(first, start), last, name
            start = last


@cache
def boilerplate_rules() -> tuple[Rule, ...]:
    """All rules, in the order of the file names and of the lines in each."""
    tables = (shipped("analysis.corpus", f"rules/{path.name}") for path in sorted(RULES.glob("*.yaml")))
    return tuple(_rule(entry, table.get("lists", {})) for table in tables for entry in table["rules"])


def _rule(entry: dict[str, Any], lists: dict[str, list[str]]) -> Rule:
    # longest first, so that a line which begins another does not stop the match early
    ordered = {name: sorted(lines, key=len, reverse=True) for name, lines in lists.items()}
    phrases = {name: [r"\W+".join(re.findall(r"\w+", line)) for line in lines] for name, lines in ordered.items()}
    choices = {name: f"(?:{'|'.join(one)})" for name, one in phrases.items()}
    pattern = re.sub(r"\{([a-z]+)\}", lambda found: choices[found[1]], entry["pattern"].replace(" ", r"\W+"))
    return Rule(
        name=entry["name"],
        reason=entry["reason"],
        position=entry["position"],
        contains=entry["contains"],
        holds=entry.get("holds", re.escape(entry["contains"])),
        pattern=re.compile(AROUND[entry["position"]].format(pattern), re.IGNORECASE | re.DOTALL),
        outlets=frozenset(name.casefold() for name in entry.get("outlets", ())),
        example=entry.get("example", ""),
    )
