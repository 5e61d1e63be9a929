"""Boilerplate that rules name: the rules are data in ``rules/*.yaml``, one file per outlet or template."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from analysis.arrays import Flags

from .files import shipped
from .words import holding

RULES = Path(__file__).parent / "rules"
REACH = 1200  # characters from the end in which a closing rule may begin; the longest match measured has 679
Position = Literal["opening", "anywhere", "line", "closing"]
Span = tuple[int, int, str]  # start, end, name of the rule


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
