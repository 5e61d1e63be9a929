"""Between the terms of a dictionary and a lexicon, in both directions, with what is lost on the way."""

import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import is_dataclass, replace
from typing import Any

from analysis.corpus.files import shipped
from analysis.frames.conditions import Negation, own_values
from analysis.frames.formats.dictionary import Dictionary, Format, Loss, Term, number, one_line
from analysis.frames.lexicon import Entry, Frame, Lexicon
from analysis.limits import how_to_raise, limit
from analysis.text.patterns import CASE, SEVERAL, SIGNS, Step, left_out, members, read_patterns, spelled

NOTES = ("weight", "why", "source")  # fields of a term and of an entry
# Beside these, "US" in a file all in capitals is the pronoun.
PRONOUNS = frozenset({"WE", "OUR", "OURS", "OURSELVES", "ME", "MY", "YOU", "YOUR", "THEM", "THEIR"})
REGEXP = re.compile(r"\w{2,}\.[*+]|\\\w|\[\w+\]\w|\w\[\w+\]")  # not "u.s.*"
REGEXP_SAID = "a regular expression; here * alone stands for any letters"
LISTED = re.compile(r"@([\w.-]+)")


def lexicon_of(found: Dictionary, *, ours: bool = False) -> tuple[Lexicon, list[Loss]]:
    """The lexicon of a dictionary, and what is left out or changed; ``ours``: in the grammar of lexicons."""
    losses = [*found.losses]
    terms = found.terms if ours else _lowered(found.terms, losses)
    signed = {term.pattern for term in terms if not ours and _signed(term.pattern)}
    faults = dict.fromkeys(signed, "its characters are not words")
    faults |= {term.pattern: REGEXP_SAID for term in terms if REGEXP.search(term.pattern)}
    faults |= _faults(sorted({term.pattern for term in terms} - set(faults)))
    losses += [term.lost("pattern", faults[term.pattern]) for term in terms if term.pattern in faults]
    terms = [term for term in terms if term.pattern not in faults]
    lists = "read as one phrase, whose words all follow one another; write a pattern for each"
    losses += [term.lost("pattern", lists) for term in terms if SEVERAL.search(term.pattern)]
    left = {term: left_out(term.pattern) for term in terms}
    losses += [term.lost(f"characters {left[term]!r}", "only words are matched") for term in terms if left[term]]
    entries = _entries(_weighed(terms, losses), losses)
    rank = {name: at for at, name in enumerate(found.frames)}
    lexicon = Lexicon(
        name=one_line(found.name),
        frames=tuple(Frame(name, one_line(meaning)) for name, meaning in found.frames.items()),
        entries=tuple(sorted(entries, key=lambda entry: rank[entry.frame])),
        source=one_line(found.source),
    )
    return lexicon, losses


def _lowered(terms: list[Term], losses: list[Loss]) -> list[Term]:
    """Terms of a file all in capitals in lower case; "US" is kept, unless its category holds other pronouns."""
    patterns = [term.pattern for term in terms]
    if any(pattern != pattern.upper() for pattern in patterns) or patterns == [*map(str.lower, patterns)]:
        return terms
    written = spelled(pattern for pattern in patterns if not _signed(pattern))
    lowered = spelled(pattern.lower() for pattern in written)
    unlike = {pattern for pattern in written if written[pattern] != lowered[pattern.lower()]}
    pronouns = {term.frame for term in terms if term.pattern in PRONOUNS}
    if unlike.issuperset(patterns):
        return terms
    for term in (term for term in terms if term.pattern in unlike):
        read_as = "the pronoun, as others in its category are" if term.frame in pronouns else "the acronym"
        losses.append(term.lost("capitals", f"the file is all in capitals; read as {read_as}"))
    acronyms = {term for term in terms if term.pattern in unlike and term.frame not in pronouns}
    return [term if term in acronyms else replace(term, pattern=term.pattern.lower()) for term in terms]


def _signed(pattern: str) -> bool:
    """Whether a pattern holds characters of our grammar, which in another mean something else."""
    return bool(SIGNS & set(pattern)) or "..." in pattern or any(word[0] == CASE for word in pattern.split())


def _faults(patterns: list[str]) -> dict[str, str]:
    """What is wrong with those that cannot be read; all at once, then by halves, for faults are few."""
    try:
        read_patterns(patterns)
    except ValueError as error:
        if len(patterns) == 1:
            return {patterns[0]: str(error).removeprefix(f"pattern {patterns[0]!r}: ").removesuffix(".")}
        half = len(patterns) // 2
        return _faults(patterns[:half]) | _faults(patterns[half:])
    return {}


def _weighed(terms: list[Term], losses: list[Loss]) -> list[Term]:
    """Weights above 0 and at most 1, which is what a weight is in a lexicon."""
    for term in terms:
        if term.weight < 0:
            why = f"a weight is above 0; read as {-term.weight:g}"
            losses.append(term.lost(f"minus of weight {term.weight:g}", why))
        elif not term.weight:
            losses.append(term.lost("pattern", "its weight is 0, so it never counts"))
    largest = max([1.0, *(abs(term.weight) for term in terms)])
    if largest > 1:
        why = f"they reach {largest:g} and are at most 1 here; divided by {largest:g}"
        losses.append(Loss("", "", "weights", why))
    return [replace(term, weight=abs(term.weight) / largest) for term in terms if term.weight]


def _entries(terms: list[Term], losses: list[Loss]) -> list[Entry]:
    """Entries in the order of their first patterns; where a later row differs, that is noted."""
    held: dict[tuple[str, str], list[Term]] = {}
    for term in terms:
        name = term.entry or term.pattern
        first = held.setdefault((term.frame, name), [term])[0]
        held[term.frame, name].append(term)
        losses += [
            term.lost(f"{field} {now!r}", f"an entry has one; the first, {usual!r}, is kept")._replace(entry=name)
            for field in NOTES
            if (now := getattr(term, field)) != (usual := getattr(first, field))
        ]
    return [
        Entry(name, frame, tuple(dict.fromkeys(term.pattern for term in of)),
              **{field: getattr(of[0], field) for field in NOTES})
        for (frame, name), of in held.items()
    ]  # fmt: skip


def terms_of(lexicon: Lexicon, kind: Format) -> Dictionary:
    """What a format holds of a lexicon, and what it does not."""
    keys = {frame.name: ".".join(kind.key(one_line(part)).strip() or "_" for part in frame.name.split("."))
            for frame in lexicon.frames}  # fmt: skip
    terms: dict[tuple[str, str, str], Term] = {}
    losses: list[Loss] = []
    for entry in lexicon.entries:
        name = "" if entry.match == (entry.name,) else entry.name
        if name and "entry.name" not in kind.holds:
            what, name = f"{kind.title} has patterns only, not named groups of them", ""
            losses.append(Loss(entry.frame, entry.name, "entry", what))
        losses += _unheld(entry, "entry", kind, ("name", "frame", "match"), entry.frame, entry.name)
        notes = {field: getattr(entry, field) for field in NOTES if f"entry.{field}" in kind.holds}
        for pattern in entry.match:
            forms, why = _forms(pattern, lexicon, kind)
            for form in forms:
                new = Term(keys[entry.frame], form, entry=name, **notes)
                if terms.setdefault((new.frame, new.pattern, new.entry), new) != new:
                    why = why or f"has one weight per word, and {new.pattern!r} has another above"
            if why:
                losses.append(Loss(entry.frame, entry.name, f"pattern {pattern!r}", f"{kind.title} {why}"))
    losses += _lost_of_frames(lexicon, kind, keys)
    losses += _unheld(lexicon, "lexicon", kind, ("name", "frames", "entries"))
    meanings = {keys[frame.name]: one_line(frame.meaning) for frame in lexicon.frames}
    name, source = one_line(lexicon.name), one_line(lexicon.source)
    return Dictionary("", name, meanings, [*terms.values()], losses, source)


def _forms(pattern: str, lexicon: Lexicon, kind: Format) -> tuple[list[str], str]:
    """The words and phrases a pattern stands for, as the format writes them, or why it cannot."""
    written = " ".join(pattern.split())
    if written != one_line(pattern):
        return [], "holds no control characters"
    if "patterns" in kind.holds:
        return [_unlisted(written, lexicon.named_lists)], ""
    readings = lexicon.read[pattern]
    if any(step != Step(step.words) for steps in readings for step in steps):
        return [], "has no gaps between words"
    if any(CASE in word for steps in readings for step in steps for word in step.words):
        return [], "does not distinguish words by their case"
    count = sum(math.prod(len(step.words) for step in steps) for steps in readings)
    if count > limit(most := "phrases for one pattern"):
        return [], f"has no choices, and written out it would be {count:,} phrases. {how_to_raise(most, count)}"
    choices = (words for steps in readings for words in itertools.product(*(step.words for step in steps)))
    forms = [" ".join(words) for words in choices] if SIGNS & set(written) else [written]
    wild = [word for form in forms for word in form.split() if not kind.word.fullmatch(word)]
    return ([], f"cannot write the word {wild[0]!r}") if wild else (forms, "")


def _unlisted(pattern: str, lists: Mapping[str, tuple[str, ...]]) -> str:
    """A pattern with its lists written out as choices."""

    def choice(name: re.Match[str]) -> str:
        return "|".join(" ".join(member.split()) for member in members([name[0]], lists))

    chosen = re.sub(r"\([^()]*\)", lambda any_of: LISTED.sub(choice, any_of[0]), pattern)
    return LISTED.sub(lambda name: f"({choice(name)})", chosen)


def _lost_of_frames(lexicon: Lexicon, kind: Format, keys: Mapping[str, str]) -> Iterator[Loss]:
    filled = {entry.frame for entry in lexicon.entries}
    without = [name for name in ("negation", "hedging") if getattr(lexicon, name) == Negation()]
    for frame in lexicon.frames:
        yield from _unheld(frame, "frame", kind, ("name", *without), frame.name)
        if keys[frame.name] != frame.name:
            yield Loss(frame.name, "", "name", f"{kind.title} cannot write it; written {keys[frame.name]!r}")
        if "frame.empty" not in kind.holds and not any(f"{name}.".startswith(f"{frame.name}.") for name in filled):
            yield Loss(frame.name, "", "frame", f"{kind.title} has a row per pattern, and it has none")


def _unheld(
    thing: Lexicon | Frame | Entry, what: str, kind: Format, apart: Sequence[str], frame: str = "", entry: str = ""
) -> Iterator[Loss]:
    """The fields with a value of their own that the format does not hold."""
    lacks = shipped("analysis.frames.formats", "fields.yaml")["lacks"]
    for name, value in own_values(thing).items():
        if name not in apart and f"{what}.{name}" not in kind.holds:
            why = lacks.get(f"{what}.{name}") or lacks[name]
            yield Loss(frame, entry, f"{name}: {_shown(value)}", f"{kind.title} has {why}")


def _shown(value: Any) -> str:
    if is_dataclass(value):
        return "; ".join(f"{name} {_shown(given)}" for name, given in own_values(value).items())
    if isinstance(value, bool):
        return "applied" if value else "ignored"
    if isinstance(value, float):
        return number(value)
    several = not isinstance(value, str | int)
    return ", ".join(getattr(one, "language", one) for one in value) if several else str(value)
