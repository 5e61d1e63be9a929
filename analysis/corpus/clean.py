"""Articles without page furniture, and the way back to the text as received."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from .attached import Attached
from .copies import mark_copies
from .furniture import Rule, furniture_rules
from .repeated import repeated_spans
from .tables import check_columns, check_table

Span = tuple[int, int, str]  # start, end, name of the rule
REACH = 1200  # characters from the end in which a closing rule may begin; the longest match measured has 679


def clean(articles: pd.DataFrame, *, repeated: bool = False) -> pd.DataFrame:
    """The articles with ``text`` freed of page furniture, and what was removed in ``.attrs["removed"]``.

    Teasers, chopped headlines, rights notices, share bars and newsletter calls go; every word of the article
    stays, datelines and cross-heads too. The rules are data, in ``rules/*.yaml``; an article that none of
    them fits is returned as it is.

    ``.attrs["removed"]`` is a DataFrame ``doc_id, start, end, text, rule``, sorted, where ``start, end`` are
    offsets into the text as received. Cutting these spans out of it gives the clean text exactly; the white
    space beside the furniture belongs to the span.

    ``repeated=True`` also takes out what no rule names: sentences and lines that one outlet prints in ten stories
    or more, on seven days or more, and no other outlet prints. Their rule is ``repeated in`` the outlet. It needs
    ``outlet`` and ``date`` and articles of two outlets or more; ValueError without the columns.

    ValueError if ``doc_id`` or ``text`` is missing or an id stands twice; TypeError if a text is no string.

    >>> page = pd.DataFrame({"doc_id": ["a"], "outlet": [""], "text": ["Xi left. Share: leave a reply:"]})
    >>> cleaned = clean(page)
    >>> cleaned.text[0], cleaned.attrs["removed"].text[0]
    ('Xi left. Share:', ' leave a reply:')
    """
    check_table(articles, "articles", ["doc_id", "text"], key="doc_id")
    outlets = articles["outlet"].fillna("") if "outlet" in articles else [""] * len(articles)
    texts = articles["text"].tolist()
    spans = [_furniture(text, outlet) for text, outlet in zip(texts, outlets, strict=True)]
    if repeated:
        spans = list(map(_beside, spans, _repeated(articles)))
    cleaned = articles.assign(text=pd.Series(map(_without, texts, spans), articles.index, dtype="str"))
    cleaned.attrs["removed"] = _removed(articles["doc_id"].tolist(), texts, spans)
    return cleaned


def received_offset(removed: pd.DataFrame, doc_id: str, positions: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Where characters of the clean text stand in the text as received.

    ``positions`` are offsets of characters. For the end of a span ask for its last character and add one.

    >>> removed = pd.DataFrame({"doc_id": ["a"], "start": [3], "end": [8]})
    >>> received_offset(removed, "a", [0, 2, 3, 4]).tolist()
    [0, 2, 8, 9]
    """
    spans = removed[removed["doc_id"] == doc_id]
    starts, ends = spans["start"].to_numpy("int64"), spans["end"].to_numpy("int64")
    before = np.concatenate([[0], np.cumsum(ends - starts)])  # characters removed before the n-th span
    at = np.asarray(positions, dtype=np.int64)
    shift: npt.NDArray[np.int64] = before[np.searchsorted(starts - before[:-1], at, side="right")]
    return at + shift


def _furniture(text: str, outlet: str) -> list[Span]:
    lowered = text.lower()
    rules = [rule for rule in furniture_rules() if rule.contains in lowered and rule.applies(outlet)]
    if not rules:
        return []
    opening = list(_opening(text, [rule for rule in rules if rule.position == "opening"]))
    start = opening[-1][1] if opening else 0
    closing = list(_closing(text, start, [rule for rule in rules if rule.position == "closing"]))
    end = closing[-1][0] if closing else len(text)
    return [*opening, *_between(text, start, end, rules), *reversed(closing)]


def _repeated(articles: pd.DataFrame) -> list[list[Span]]:
    check_columns(articles, ["outlet", "date"], where="articles", hint="repeated=True needs it.")
    stories = (articles if "story_id" in articles else mark_copies(articles))["story_id"].tolist()
    outlets, days = articles["outlet"].tolist(), articles["date"].to_numpy().astype("datetime64[D]")
    found = repeated_spans(articles["text"].tolist(), outlets, stories, days)
    return [
        [(start, end, f"repeated in {outlet}") for start, end in of_one]
        for outlet, of_one in zip(outlets, found, strict=True)
    ]


def _beside(spans: list[Span], more: list[Span]) -> list[Span]:
    """The spans, and those of `more` that overlap with none of them."""
    free = [one for one in more if all(one[1] <= start or one[0] >= end for start, end, _ in spans)]
    return sorted([*spans, *free])


def _opening(text: str, rules: list[Rule]) -> Iterator[Span]:
    """From the front: what one rule takes off may lay bare the next."""
    at = 0
    while found := next(((m, rule) for rule in rules if (m := rule.pattern.match(text, at))), None):
        yield at, found[0].end(), found[1].name
        at = found[0].end()


def _closing(text: str, start: int, rules: list[Rule]) -> Iterator[Span]:
    """From the back, in the same way."""
    end = len(text)
    while found := next(
        ((m, rule) for rule in rules if (m := rule.pattern.search(text, max(start, end - REACH), end))), None
    ):
        yield found[0].start(), end, found[1].name
        end = found[0].start()


def _between(text: str, start: int, end: int, rules: list[Rule]) -> Iterator[Span]:
    """In the order of the text; where two rules overlap, the later begins where the earlier ends."""
    anywhere = [rule for rule in rules if rule.position == "anywhere"]
    found = [(m.start(), m.end(), rule.name) for rule in anywhere for m in rule.pattern.finditer(text, start, end)]
    for first, last, name in sorted(found):
        if last > start:
            yield max(first, start), last, name
            start = last


def _without(text: str, spans: list[Span]) -> str:
    starts = [0, *(end for _, end, _ in spans)]
    ends = [*(start for start, _, _ in spans), len(text)]
    return "".join(text[start:end] for start, end in zip(starts, ends, strict=True))


def _removed(doc_ids: list[str], texts: list[str], spans: list[list[Span]]) -> Attached:
    rows = [
        (doc_id, start, end, text[start:end], rule)
        for doc_id, text, found in zip(doc_ids, texts, spans, strict=True)
        for start, end, rule in found
    ]
    removed = pd.DataFrame(rows, columns=["doc_id", "start", "end", "text", "rule"])
    return Attached(
        removed.astype({"doc_id": "str", "start": "int64", "end": "int64", "text": "str", "rule": "str"})
    )
