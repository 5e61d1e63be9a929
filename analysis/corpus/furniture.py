"""The rules of page furniture: data in ``rules/*.yaml``, one file an outlet or template, compiled once."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

RULES = Path(__file__).parent / "rules"
Position = Literal["opening", "anywhere", "closing"]


@dataclass(frozen=True)
class Rule:
    """One kind of page furniture.

    Attributes:
        name, reason: what it is, and why it is no part of the article.
        position: where it stands: ``opening``, ``anywhere`` or ``closing``.
        contains: lower-case words that every match holds; texts without them are not searched.
        pattern: a regular expression in which a space is any run of signs that are no word, so that one rule
            serves pages with and without punctuation, and ``{name}`` is any line of the list of that name.
        outlets: names, in any case, of the outlets it applies to; none: it applies to all.
    """

    name: str
    reason: str
    position: Position
    contains: str
    pattern: re.Pattern[str]
    outlets: frozenset[str] = frozenset()

    def applies(self, outlet: str) -> bool:
        """Whether the rule is meant for this outlet."""
        return not self.outlets or outlet.casefold() in self.outlets


# White space beside furniture goes with it: the article is joined as if nothing had stood there.
AROUND: dict[Position, str] = {
    "opening": r"\s*(?<!\w)(?:{})(?!\w)\s*",
    "anywhere": r"(?<!\w)(?:{})(?!\w)\s*",
    "closing": r"\s*(?<!\w)(?:{})(?!\w)\W*\Z",
}


@cache
def furniture_rules() -> tuple[Rule, ...]:
    """All rules, in the order of the file names and of the lines in each."""
    tables = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(RULES.glob("*.yaml")))
    return tuple(_rule(entry, table.get("lists", {})) for table in tables for entry in table["rules"])


def _rule(entry: dict[str, Any], lists: dict[str, list[str]]) -> Rule:
    choices = {name: _any_of(lines) for name, lines in lists.items()}
    pattern = re.sub(r"\{([a-z]+)\}", lambda found: choices[found[1]], entry["pattern"].replace(" ", r"\W+"))
    return Rule(
        name=entry["name"],
        reason=entry["reason"],
        position=entry["position"],
        contains=entry["contains"],
        pattern=re.compile(AROUND[entry["position"]].format(pattern), re.IGNORECASE | re.DOTALL),
        outlets=frozenset(name.casefold() for name in entry.get("outlets", ())),
    )


def _any_of(lines: list[str]) -> str:
    """Longest first, so that a line which begins another does not stop the match early."""
    phrases = [r"\W+".join(re.findall(r"\w+", line)) for line in sorted(lines, key=len, reverse=True)]
    return f"(?:{'|'.join(phrases)})"
