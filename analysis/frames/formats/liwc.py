"""LIWC's dictionaries (``.dic``): numbered categories between two lines "%", then words with their numbers.

The form is described in the LIWC2007 and LIWC2015 operator's manuals (Pennebaker, Booth & Francis); from 2015 on
categories are indented under one another and have a long name in brackets, and a word may be a phrase.
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
)

MARK = "%"
CATEGORY = re.compile(r"(?P<code>\d+)\s+(?P<name>\S.*?)(?:\s+\((?P<meaning>[^()]*)\))?\s*")
# Tabs divide a word from its numbers; files typed by hand have spaces, so there the numbers begin where only
# numbers and conditions follow.
WORD = re.compile(r"(?P<word>[^\t]*?\S)\s*\t\s*(?P<codes>.*)|(?P<typed>\S.*?)(?P<numbers>(?:\s+[\d<(]\S*)+)")
CONDITION = frozenset("(<>/")
CODE = re.compile(r"\([^()]*\)\S*|\S+")


def read(text: str, place: str) -> Dictionary:
    """The categories and words of a LIWC dictionary; a word of several categories is a term of each."""
    every = lines(text)
    marks = [at for at, (_, line) in enumerate(every) if line.strip() == MARK]
    if len(marks) < 2 or marks[0] != 0:
        raise broken(
            place, every[0][0] if every else 1,
            "LIWC's categories are between two lines '%', of which the first opens the file; they are missing. "
            "Put them there, or name the file's format with format='…'.",
        )  # fmt: skip
    nesting = Nesting()
    names, frames = _categories(every[1 : marks[1]], nesting, place)
    terms, losses = _words(every[marks[1] + 1 :], names, place)
    return Dictionary(Path(place).stem, frames, tuple(terms), (*nesting.losses, *losses))


def _categories(
    every: list[tuple[int, str]], nesting: Nesting, place: str
) -> tuple[dict[int, str], dict[str, str]]:
    names: dict[int, str] = {}
    frames: dict[str, str] = {}
    for number, line in every:
        found = CATEGORY.fullmatch(line.strip())
        if not found:
            nesting.losses.append(
                Loss(
                    "",
                    "",
                    f"line {line.strip()!r}",
                    f"line {number}: not a category, which has a number and a name",
                )
            )
            continue
        code = int(found["code"])
        if code in names:
            raise broken(place, number, f"category {code} is duplicated. Give each category a number of its own.")
        names[code] = nesting.key(found["name"], indent(line), number)
        frames.setdefault(names[code], found["meaning"] or "")
    return names, frames


def _words(every: list[tuple[int, str]], names: dict[int, str], place: str) -> tuple[list[Term], list[Loss]]:
    terms: list[Term] = []
    losses: list[Loss] = []
    for number, line in every:
        found = WORD.fullmatch(line.strip())
        if not found:
            raise broken(place, number, f"{line.strip()!r} has no category. Write a tab and its numbers after it.")
        word = " ".join((found["word"] or found["typed"]).split())
        for code in CODE.findall(found["codes"] or found["numbers"]):
            if code.isdecimal() and int(code) in names:
                terms.append(Term(names[int(code)], word, number))
            else:
                losses.append(_unread(word, code, number))
    return terms, losses


def _unread(word: str, code: str, line: int) -> Loss:
    if CONDITION & set(code):
        return Loss(
            "",
            word,
            f"condition {code!r}",
            f"line {line}: patterns cannot depend on the categories of neighbours",
        )
    return Loss("", word, f"category {code!r}", f"line {line}: the file has no category of this number")


def write(dictionary: Dictionary) -> str:
    """The dictionary as LIWC2015 reads it: nested categories, their long names in brackets."""
    code = {key: at for at, key in enumerate(families(dictionary.frames), 1)}
    words: dict[str, list[int]] = {}
    for term in dictionary.terms:
        words.setdefault(term.pattern, []).append(code[term.frame])
    head = [_category(key, at, dictionary.frames.get(key, "")) for key, at in code.items()]
    body = ["\t".join([word, *map(str, sorted(codes))]) for word, codes in words.items()]
    return "\n".join([MARK, *head, MARK, *body, ""])


def _category(key: str, code: int, meaning: str) -> str:
    *above, name = key.split(".")
    return "\t" * len(above) + f"{code}\t{name}" + (f" ({_unbracketed(meaning)})" if meaning else "")


def _unbracketed(text: str) -> str:
    return re.sub(r"[()]", "", " ".join(text.split()))


def _key(name: str) -> str:
    return re.sub(r"[()]", "", name)


LIWC = Format(
    "liwc", "LIWC's .dic", (".dic",), read, write,
    holds=frozenset({"frame.meaning", "frame.empty"}), word=re.compile(r"[^*?]+\*?"), key=_key,
)  # fmt: skip
