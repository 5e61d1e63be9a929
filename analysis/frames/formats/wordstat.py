"""WordStat's dictionaries (``.cat``): categories by indentation, and words with a weight in brackets.

Told in Provalis Research's WordStat user guide. Rules (``@name [a NEAR b /C5]``) have no form here and are listed.
"""

import re
from pathlib import Path

from analysis.frames.formats.nesting import Nesting, families, indent
from analysis.frames.formats.terms import Dictionary, Format, Term, broken, lines, number

WORD = re.compile(r"(?P<word>.*\S)\s*\((?P<weight>[+-]?\d+(?:[.,]\d+)?)\)")
# WordStat saves in capitals, where "US" is as likely the pronoun; a handful of acronyms is meant as written.
FEW = 10


def read(text: str, place: str) -> Dictionary:
    """The categories, patterns and weights of a WordStat dictionary."""
    nesting = Nesting()
    frames: dict[str, str] = {}
    terms: list[Term] = []
    for at, line in lines(text):
        found = WORD.fullmatch(line.strip())
        if not found:
            frames.setdefault(nesting.key(line, indent(line), at), "")
            continue
        nesting.close(indent(line))
        if not nesting.path:
            raise broken(place, at, f"{line.strip()!r} stands in no category. Indent it under one.")
        weight = float(found["weight"].replace(",", "."))
        terms.append(Term(nesting.path, " ".join(found["word"].split()), at, weight))
    if not terms:
        raise broken(place, 1, "no word with a weight, as in 'trade (1)'. Is this a WordStat dictionary?")
    return Dictionary(Path(place).stem, frames, tuple(_lowered(terms)), tuple(nesting.losses))


def _lowered(terms: list[Term]) -> list[Term]:
    """Terms of a file all in capitals, in which capitals say nothing, in lower case."""
    lettered = [term for term in terms if term.pattern.lower() != term.pattern.upper()]
    if len(lettered) < FEW or any(term.pattern != term.pattern.upper() for term in lettered):
        return terms
    return [Term(term.frame, term.pattern.lower(), term.line, term.weight) for term in terms]


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
