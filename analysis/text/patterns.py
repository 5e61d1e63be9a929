"""Patterns of words: how they are written, in the grammar that ``Lexicon`` explains, and what they match.

``a b ~ c … d`` are ``a b`` and ``c … d``, whichever comes first; ``a ~ b ~ c`` are all three in any order, each as
near to the next.
"""

import itertools
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from analysis.corpus.tables import LOOSELY, did_you_mean, near_miss
from analysis.corpus.writing import UNSPACED_LANGUAGES, folded
from analysis.limits import FIXED, how_to_raise, limit
from analysis.text.tokens import tokenize

Lists = Mapping[str, Sequence[str]]
Result = TypeVar("Result")

GAP = 3  # other words that "…" allows: an article and an adjective or two, not a clause
LONGEST_GAP = 80  # no sentence of `passages` is longer, so that a wider gap is a mistake
UNCOUNTED = 10**9  # readings, beyond which their number is not written

SIGNS = frozenset("()@…~|")
WORD = r"[^\s()@…~|]+"
PART = re.compile(
    rf"\((?P<any>[^()]*)\)|…(?P<gap>\d*)|~(?P<near>\d*)|@(?P<list>[\w.-]+)|(?P<phrase>{WORD}(?:\s+{WORD})*)"
)
# "(russia|china)'s", "@pair s", "@pair …2 s ally": the tokens drop a possessive, but no "s" before a number
# ("(new|old) s 400").
POSSESSIVE = re.compile(r"(\)|@[\w.-]+|[*?]|…\d*(?=\s+['’]?\s*s\s+\S))(?:\s+|\s*['’]\s*)s(?![\w*?])(?!\s*-?\d)")
# "gas(oline)" is one word in other grammars, two here.
GLUED = re.compile(r"[^\s(|][(@]|\)[^\s|)]")
GLOB = frozenset("*?")
LOSABLE = frozenset(".,:;-‐‑–—'’‘ʼ\"“”_()@…~|=")  # lost without another meaning, or of the grammar
ACRONYM = re.compile(r"^((?:\w\.){2,})\*$")  # "u.s.*" in other grammars, whose tokens keep the points
UNSPACED_RUN = re.compile("[\u3040-\u30ff\u3400-\u9fff]+")
ARABIC = re.compile("[\u0621-\u064a]")
# "and", "so", "in", "for", "like", "the" and their joins, as they are written before a word.
PROCLITICS = ("", "و", "ف", "ال", "ب", "ل", "ك", "وال", "فال", "بال", "كال", "لل", "وب", "ول", "وبال", "ولل")
SHORT_WORD = 2  # letters of "لا": "in" and "for" are not written before it
CASE = "="  # separates a term from the form in which it must be written


@dataclass(frozen=True)
class Step:
    """One of ``words``, after at most ``gap`` other words; ``may=May`` is the term only so written."""

    words: tuple[str, ...]
    gap: int = 0


Steps = tuple[Step, ...]
Part = tuple[re.Match[str], list[str]]  # with the words and phrases it may be


def read_pattern(pattern: str, lists: Lists | None = None) -> list[Steps]:
    """The sequences of steps that a pattern stands for: a choice between phrases gives one each.

    >>> read_pattern("(closer|warm) ties")
    [(Step(words=('closer', 'warm'), gap=0), Step(words=('ties',), gap=0))]
    """
    return read_patterns([pattern], lists)[pattern]


def read_patterns(
    patterns: Iterable[str], lists: Lists | None = None, *, language: str = "en"
) -> dict[str, list[Steps]]:
    """Each pattern, read as by ``read_pattern``; all their words are tokenized at once.

    The ``language`` decides what a word also finds: in Arabic its forms with "and", "in", "the" before it.
    """
    parts = {pattern: _named(_parts, pattern, pattern) for pattern in patterns}
    known = known_words(parts, lists or {}, language)
    words = {pattern: _named(_members, pattern, found, lists or {}) for pattern, found in parts.items()}
    terms = spelled({member for found in words.values() for _, written in found for member in written}, known)
    read = {pattern: _named(_sequences, pattern, found, terms, not known) for pattern, found in words.items()}
    if language != "ar":
        return read
    return {
        pattern: [tuple(Step(_arabic(step.words), step.gap) for step in steps) for steps in every]
        for pattern, every in read.items()
    }


def _named(work: Callable[..., Result], pattern: str, *given: object) -> Result:
    """What some work gives; an error names the pattern."""
    try:
        return work(*given)
    except ValueError as error:
        raise ValueError(f"pattern {pattern!r}: {error}") from None


def known_words(patterns: Iterable[str], lists: Lists, language: str) -> frozenset[str]:
    """The words of patterns and lists in a language that writes no blanks: texts are segmented with them."""
    if language not in UNSPACED_LANGUAGES:
        return frozenset()
    written = [*patterns, *(member for members in lists.values() for member in members)]
    return frozenset(folded(run) for text in written for run in UNSPACED_RUN.findall(text))


def _arabic(words: Iterable[str]) -> tuple[str, ...]:
    """Arabic words, each also with its proclitics ("والعقوبات") and as accusative ("اتفاقا")."""
    return tuple(dict.fromkeys(form for word in words for form in _forms(word)))


def _forms(word: str) -> list[str]:
    if not ARABIC.match(word) or CASE in word:
        return [word]
    if word.startswith("ال"):
        return [word, *(f"{before}{word}" for before in "وفبك"), f"لل{word[2:]}", f"ولل{word[2:]}", f"وب{word}"]
    joined = len(word.rstrip("*")) > SHORT_WORD
    before = PROCLITICS if joined else [one for one in PROCLITICS if one in "وف" or one.endswith(("ال", "لل"))]
    ends = ("", "ا") if len(word) > SHORT_WORD and word[-1] not in "*اهيىء" else ("",)
    return [f"{one}{word}{end}" for one in before for end in ends]


def _parts(pattern: str) -> list[re.Match[str]]:
    spaced = re.sub(r"(…|~)(\d*)", r" \1\2 ", POSSESSIVE.sub(r"\1", pattern.replace("...", "…")))
    if rest := PART.sub("", spaced).strip():
        raise ValueError(f"cannot read {rest!r}. Write choices in closed brackets: (oil|gas).")
    if glued := GLUED.search(spaced):
        remedy = "Put a space between words, brackets and lists, or write both words: (gas|gasoline)."
        raise ValueError(f"{glued.group()!r} runs together. {remedy}")
    return list(PART.finditer(spaced))


def _members(parts: list[re.Match[str]], lists: Lists) -> list[Part]:
    """Each part with the words or phrases it may be, as written; a gap with none."""
    found: list[Part] = []
    for part in parts:
        chosen = (
            part["any"].split("|") if part["any"] is not None else [f"@{part['list']}"] if part["list"] else []
        )
        words = [part["phrase"]] if part["phrase"] else members(chosen, lists)
        if signs := next((word for word in words if SIGNS & set(word)), ""):
            remedy = "Write it as a separate pattern."
            raise ValueError(f"{signs!r} is part of a choice or list: words and phrases only. {remedy}")
        found.append((part, words))
    return found


def _sequences(parts: list[Part], terms: Mapping[str, tuple[str, ...]], edges: bool) -> list[Steps]:
    """The readings of a pattern: the sides of its ``~`` in every order."""
    gap, sides = _sides(parts)
    readings = [_readings(side, terms, edges) for side in sides]
    _check_number(math.factorial(len(sides)) * math.prod(map(len, readings)))
    chosen = (one for order in itertools.permutations(readings) for one in itertools.product(*order))
    chains = (itertools.chain(one[0], *(_after(steps, gap) for steps in one[1:])) for one in chosen)
    return list(dict.fromkeys(map(tuple, chains)))


def _sides(parts: list[Part]) -> tuple[int, list[list[Part]]]:
    """The number of words that a ``~`` allows, and the parts on each of its sides."""
    between = [int(part["near"] or GAP) for part, _ in parts if part["near"] is not None]
    if len(set(between)) > 1:
        few, many = min(between), max(between)
        raise ValueError(f"one ~ allows {few} words, another {many}. Give both the same number.")
    grouped = itertools.groupby(parts, key=lambda part: part[0]["near"] is not None)
    sides = [list(side) for near, side in grouped if not near] or [[]]
    if len(sides) <= len(between):
        where = "before" if parts[0][0]["near"] is not None else "after"
        raise ValueError(f"no word to match {where} the ~.")
    return _checked_gap(max(between, default=0)), sides


def _readings(parts: list[Part], terms: Mapping[str, tuple[str, ...]], edges: bool) -> list[Steps]:
    choices: list[list[Steps]] = []
    gap: int | None = None
    for part, written in parts:
        if part["gap"] is not None:
            gap = _checked_gap((gap or 0) + int(part["gap"] or GAP))
            if not choices:
                raise ValueError("no word to match before the gap.")
            continue
        if empty := [member for member in written if not terms[member]]:
            raise ValueError(f"{empty[0]!r} contains no word.")
        found = _choice([terms[member] for member in written], edges)
        choices.append([_after(steps, gap or 0) for steps in found])
        gap = None
    if not choices or gap is not None:
        raise ValueError(f"no word to match {'in it' if gap is None else 'after the gap'}.")
    _check_number(math.prod(map(len, choices)))
    return [tuple(itertools.chain(*chosen)) for chosen in itertools.product(*choices)]


def _check_number(readings: int) -> None:
    if readings > limit(most := "readings of one pattern"):
        found = min(readings, UNCOUNTED)
        ways = f"{found:,}" if found == readings else f"more than {found:,}"
        remedy = f"Choices between phrases multiply: split the pattern. {how_to_raise(most, found)}"
        raise ValueError(f"it can be read in {ways} ways. {remedy}")


def _checked_gap(gap: int) -> int:
    if gap > LONGEST_GAP:
        raise ValueError(f"a gap may have at most {LONGEST_GAP} words. Found: {gap}.")
    return gap


def _choice(phrases: Sequence[tuple[str, ...]], edges: bool) -> list[Steps]:
    """All single words as one step, each phrase as steps of its own.

    Where a script writes no blanks a phrase may be one word in the text; with ``edges`` also the edge of one.
    """
    joined = ["".join(phrase) for phrase in phrases if len(phrase) > 1 and all(map(_unspaced, phrase))]
    single = [*(phrase[0] for phrase in phrases if len(phrase) == 1), *joined]
    if edges:
        plain = [word for word in single if _unspaced(word) and _plain(word)]
        single += [edge for word in plain for edge in (f"{word}*", f"*{word}")]
    steps: list[Steps] = [(Step(tuple(dict.fromkeys(single))),)] if single else []
    return steps + [tuple(Step((word,)) for word in phrase) for phrase in phrases if len(phrase) > 1]


def _unspaced(word: str) -> bool:
    return "\u3040" <= word[:1] <= "\u9fff" and CASE not in word


def _after(steps: Steps, gap: int) -> Steps:
    return (Step(steps[0].words, gap), *steps[1:])


def members(
    written: Iterable[str], lists: Lists, within: tuple[str, ...] = (), known: dict[str, list[str]] | None = None
) -> list[str]:
    """The words and phrases, each once, with those of a list, read once, in place of its ``@name``.

    >>> members(["@armed", "police"], {"armed": ["@army", "navy"], "army": ["army", "troops"]})
    ['army', 'troops', 'navy', 'police']
    """
    known = {} if known is None else known
    words: dict[str, None] = {}
    for member in (" ".join(text.split()) for text in written):
        if not member.startswith("@"):
            words[member] = None
            continue
        name = _known(member[1:], lists, within)
        if name not in known:
            known[name] = members(lists[name], lists, (*within, name), known)
        words |= dict.fromkeys(known[name])
    return list(words)


def _known(name: str, lists: Lists, within: tuple[str, ...]) -> str:
    if name not in lists:
        known = ", ".join(f"@{other}" for other in lists) or "none"
        near = near_miss(name, lists, LOOSELY)
        hint = did_you_mean(near and f"@{near}")
        raise ValueError(f"list '@{name}' does not exist. Found: {known}. {hint}".rstrip())
    if name in within:
        way = " → ".join(f"@{other}" for other in (*within[within.index(name) :], name))
        raise ValueError(f"a list uses itself: {way}. Remove one of them from the other.")
    if len(within) >= (most := FIXED["levels of nesting in YAML and lists"]):
        raise ValueError(f"lists use lists more than {most} levels deep: @{within[0]} … @{name}. Join some.")
    return name


# A list of words, or words and an operator, where one pattern is meant.
SEVERAL = re.compile(r"[^\W\d][*?]?(?:[,;]\s|\s*\n|\s(?:AND|OR|NOT|NEAR)\s(?![^a-z]*$))")


def left_out(pattern: str) -> str:
    """The characters of a pattern that are not matched, beyond those that texts may lose (dots, hyphens, quotes).

    >>> left_out("c++"), left_out("at&t"), left_out("U.S.-led")
    ('++', '&', '')
    """
    kinds = ((one, unicodedata.category(one)[0]) for one in pattern)
    return "".join(one for one, kind in kinds if kind in "PS" and one not in LOSABLE and one not in GLOB)


def spelled(written: Iterable[str], known: frozenset[str] = frozenset()) -> dict[str, tuple[str, ...]]:
    """The words of each phrase as the tokens write them."""
    pieces = {text: _pieces(text) for text in written}
    every = {piece for found in pieces.values() for piece in found}
    terms = _terms((piece.removeprefix(CASE) for piece in every if _plain(piece)), known)
    for piece in every:
        if not _plain(piece):  # globs are split where words are
            kept = (one if one in GLOB or unicodedata.category(one)[0] in "LMN" else " " for one in piece)
            terms[piece] = [(folded(word), word) for word in "".join(kept).split()]
    return {text: tuple(one for piece in found for one in _words(piece, terms)) for text, found in pieces.items()}


def _terms(plain: Iterable[str], known: frozenset[str]) -> dict[str, list[tuple[str, str]]]:
    """The terms of each text, and the form in which each is written."""
    texts = sorted(set(plain))
    tokens = tokenize(texts, known=known)
    found: dict[str, list[tuple[str, str]]] = {text: [] for text in texts}
    places = (part.tolist() for part in (tokens.text_index, tokens.codes, tokens.starts, tokens.ends))
    for at, code, start, end in zip(*places, strict=True):
        found[texts[at]].append((tokens.vocabulary[code], texts[at][start:end]))
    return found


def _plain(piece: str) -> bool:
    return not GLOB & set(piece)


def _pieces(text: str) -> list[str]:
    """A phrase as runs of plain words, which may be one term together ("s 400"), and each other word alone."""
    words = enumerate(ACRONYM.sub(r"\1", word) for word in text.split())
    runs = itertools.groupby(words, key=lambda word: 0 if _plain(word[1]) and word[1][0] != CASE else 1 + word[0])
    return [" ".join(word for _, word in run) for _, run in runs]


def _words(piece: str, terms: Mapping[str, list[tuple[str, str]]]) -> list[str]:
    if piece.startswith(CASE):
        found = terms[piece if piece in terms else piece.removeprefix(CASE)]
        return [f"{term}{CASE}{form}" for term, form in found]
    return [term for term, _ in terms[piece]]
