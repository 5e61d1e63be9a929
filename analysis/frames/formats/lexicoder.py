"""Lexicoder's dictionaries (``.lc3``): a line "+category", then its words and phrases, one a line.

Described in the Lexicoder 3 manual (Daku, Soroka & Young, 2015). Categories do not nest; a nested key is
written with its dots and read back as one.
"""

import re
from pathlib import Path

from analysis.frames.formats.dictionary import Dictionary, Format, Term, broken, lines

MARK = "+"


def read(text: str, place: str) -> Dictionary:
    """The categories and patterns of a Lexicoder 3 dictionary."""
    frames: dict[str, str] = {}
    terms: list[Term] = []
    for number, line in lines(text):
        written = " ".join(line.split())
        if written.startswith(MARK):
            frame = written[1:].strip()
            if not frame:
                raise broken(place, number, "a category has no name; write one after the '+'.")
            frames.setdefault(frame, "")
        elif not frames:
            raise broken(place, number, f"{written!r} comes before any category. Begin with a line '+category'.")
        else:
            terms.append(Term(frame, written, number))
    return Dictionary(Path(place).stem, frames, tuple(terms))


def write(dictionary: Dictionary) -> str:
    """The lines Lexicoder reads."""
    rows = [
        line
        for frame in dictionary.frames
        for line in (MARK + frame, *(term.pattern for term in dictionary.terms if term.frame == frame))
    ]
    return "\n".join([*rows, ""])


LEXICODER = Format(
    "lexicoder", "Lexicoder's .lc3", (".lc3",), read, write,
    holds=frozenset({"frame.empty"}), word=re.compile(r"[^*?+][^*?]*\*?"),
)  # fmt: skip
