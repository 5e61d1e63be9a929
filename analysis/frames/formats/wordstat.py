"""WordStat's dictionaries (``.cat``): categories by indentation, and words with a weight in brackets.

Described in Provalis Research's WordStat user guide. Rules (``@name [a NEAR b /C5]``) are listed as losses.
"""

import re
from pathlib import Path

from analysis.frames.formats.dictionary import (
    Dictionary,
    Format,
    Loss,
    Nesting,
    Term,
    broken,
    families,
    indent,
    lines,
    number,
)

RULE = re.compile(r"\s*@[^\s\[]+\s*\[.*\]\s*(\([^()]*\))?\s*")
WORD = re.compile(r"(?P<word>.*\S)\s*\((?P<weight>[+-]?\d+(?:[.,]\d+)?)\)")


def read(text: str, place: str) -> Dictionary:
    """The categories, patterns and weights of a WordStat dictionary; words in no category are listed."""
    nesting = Nesting()
    frames: dict[str, str] = {}
    terms: list[Term] = []
    for at, line in lines(text):
        if RULE.fullmatch(line):
            nesting.close(indent(line))
            why = "a rule of WordStat; write it as negation, or as an entry with only: or unless:"
            nesting.losses.append(Loss(nesting.path, line.split()[0], "rule", f"line {at}: {why}"))
            continue
        found = WORD.fullmatch(line.strip())
        if found:
            nesting.close(indent(line))
            weight = float(found["weight"].replace(",", "."))
            terms.append(Term(nesting.path, " ".join(found["word"].split()), at, weight))
        else:
            frames.setdefault(nesting.key(line, indent(line), at), "")
    held = [term for term in terms if term.frame]
    if not held:
        raise broken(
            place, terms[0].line if terms else 1,
            "no category holds a word with a weight. "
            "Indent words under theirs, as in 'trade (1)' below 'TRADE'.",
        )  # fmt: skip
    loose = [
        Loss("", term.pattern, "pattern", f"line {term.line}: in no category") for term in terms if not term.frame
    ]
    return Dictionary(Path(place).stem, frames, tuple(held), (*nesting.losses, *loose))


def write(dictionary: Dictionary) -> str:
    """The lines WordStat reads, a tab a level."""
    rows: list[str] = []
    for key in families(dictionary.frames):
        level = key.count(".")
        rows.append("\t" * level + key.rpartition(".")[2])
        rows += [
            "\t" * (level + 1) + f"{term.pattern} ({number(term.weight)})"
            for term in dictionary.terms
            if term.frame == key
        ]
    return "\n".join([*rows, ""])


def _key(name: str) -> str:
    """A category's name without what would make it a word with a weight."""
    return re.sub(r"\s*\(([+-]?\d+(?:[.,]\d+)?)\)$", r" \1", name)


WORDSTAT = Format(
    "wordstat",
    "WordStat's .cat",
    (".cat",),
    read,
    write,
    holds=frozenset({"entry.weight", "frame.empty"}),
    key=_key,
)
