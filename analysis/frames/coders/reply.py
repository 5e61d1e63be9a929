"""What came back from a model, and the codes in it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

LONGEST = 200_000  # characters of a reply; codes need a hundred
SHOWN = 200  # characters that are kept of what cannot be used
FENCE = re.compile(r"^```(?:json)?\s*(.*?)\s*```$", re.S)


class Reply(NamedTuple):
    """What came back: the answer's text, or why there is none, and the tokens used."""

    text: str
    problem: str = ""
    tokens: int = 0
    model: str = ""  # as the server names it
    fault: bool = False  # the server's, not the model's


def answer(body: str) -> Reply:
    """The text of a chat completion."""
    try:
        root = json.loads(body)
        choice = root["choices"][0]
        message = choice["message"]
        content, refusal = message.get("content"), message.get("refusal")
        used, model = root.get("usage") or {}, root.get("model") or ""
        spent = int(used.get("prompt_tokens") or 0) + int(used.get("completion_tokens") or 0)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        return Reply(body[:SHOWN], "the server sent no chat completion", fault=True)
    end = choice.get("finish_reason")
    text = content if isinstance(content, str) else ""
    problem = (
        "the model refused" if refusal or end == "content_filter"
        else "the answer was cut off" if end == "length"
        else f"the answer is longer than {LONGEST:,} characters" if len(text) > LONGEST
        else "the answer is empty" if not text.strip() else ""
    )  # fmt: skip
    kept = str(refusal)[:SHOWN] if refusal else text[:SHOWN] if problem else text
    return Reply(kept, problem, spent, str(model))


def message(body: str) -> str:
    try:
        root = json.loads(body)
        error = root.get("error", root)
        said = error.get("message", "") if isinstance(error, dict) else error
    except (ValueError, AttributeError):
        said = ""  # a page of HTML says nothing of use
    return " ".join(str(said).split())[:SHOWN]


def checked(text: str, mark: str, labels: Sequence[str]) -> tuple[dict[str, int], str]:
    """The codes in a reply that fits the schema, else nothing and the reason.

    >>> checked('{"passage": "1a2b3c4d", "codes": {"war": 1}}', "1a2b3c4d", ["war"])
    ({'war': 1}, '')
    >>> checked('{"passage": "1a2b3c4d", "codes": {"war": "maybe"}}', "1a2b3c4d", ["war"])
    ({}, "not a code: war 'maybe'")
    """
    plain = text.strip()
    try:
        root = json.loads(fenced[1] if (fenced := FENCE.match(plain)) else plain, object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        return {}, "the answer is not JSON, or only a part of it"
    if not isinstance(root, dict) or set(root) != {"passage", "codes"} or not isinstance(root["codes"], dict):
        return {}, "the answer has another form"
    if root["passage"] != mark:
        return {}, "the answer is that of another passage"
    codes = root["codes"]
    if strange := sorted(set(codes) - set(labels)):
        return {}, f"not a label: {strange[0]!r:.40}"
    if absent := [label for label in labels if label not in codes]:
        return {}, f"no code for {absent[0]}"
    wrong = [label for label in labels if type(codes[label]) is not int or codes[label] not in (0, 1)]
    return ({}, f"not a code: {wrong[0]} {codes[wrong[0]]!r:.40}") if wrong else (codes, "")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a label has two codes")
    return dict(pairs)
