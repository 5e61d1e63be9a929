"""From a lexicon to the terms that a format can hold, and the list of what it cannot."""

import itertools
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

from analysis.frames.formats.terms import Dictionary, Format, Loss, Term, number, one_line
from analysis.frames.lexicon import Entry, Frame, Lexicon, Negation
from analysis.text.patterns import CASE, SIGNS, Step, Steps, members

# "(a|b) (c|d)" is written out as four phrases. A choice of more is a list of lists, which nobody would read.
MOST_FORMS = 1_000
LISTED = re.compile(r"@([\w.-]+)")
# What a format lacks, where it cannot hold a field.
LACKS = {
    "lexicon.about": "no conditions: its words count in any text",
    "lexicon.lists": "no named lists; they are written out where patterns name them",
    "lexicon.negation": "no negation",
    "lexicon.hedging": "no hedging",
    "lexicon.only": "no conditions",
    "lexicon.unless": "no exclusions",
    "lexicon.source": "no place for a source",
    "lexicon.overlaps": "no say over overlaps",
    "frame.meaning": "no meanings",
    "frame.negation": "no negation",
    "frame.hedging": "no hedging",
    "entry.unless": "no exclusions",
    "entry.only": "no conditions",
    "entry.negated": "no negation",
    "entry.hedged": "no hedging",
    "entry.yields": "no order among entries",
    "entry.weight": "no weights",
    "entry.why": "no notes",
    "entry.source": "no sources",
}


def terms_of(lexicon: Lexicon, kind: Format) -> tuple[Dictionary, list[Loss]]:
    """What a format holds of a lexicon, and what it does not."""
    keys = {frame.name: _key(frame.name, kind) for frame in lexicon.frames}
    terms: dict[tuple[str, str, str], Term] = {}
    losses: list[Loss] = []
    for entry in lexicon.entries:
        losses += _lost_of_entry(entry, kind)
        for pattern in entry.match:
            forms, why = _forms(pattern, lexicon, kind)
            for new in (_term(form, keys[entry.frame], entry, kind) for form in forms):
                held = terms.setdefault((new.frame, new.pattern, new.entry), new)
                why = why or (
                    "" if held == new else f"has one weight a word, and {new.pattern!r} stands above with another"
                )
            if why:
                losses.append(Loss(entry.frame, entry.name, f"pattern {pattern!r}", f"{kind.title} {why}"))
    losses += [*_lost_of_frames(lexicon, kind, keys), *_lost_of_all(lexicon, kind)]
    meanings = {keys[frame.name]: one_line(frame.meaning) for frame in lexicon.frames}
    return Dictionary(
        one_line(lexicon.name), meanings, tuple(terms.values()), source=one_line(lexicon.source)
    ), losses


def _term(form: str, key: str, entry: Entry, kind: Format) -> Term:
    """A form of a pattern with as much of its entry as the format holds."""
    held = {
        field: getattr(entry, field) for field in ("weight", "why", "source") if f"entry.{field}" in kind.holds
    }
    named = "entry.name" in kind.holds and entry.match != (entry.name,)
    return Term(key, form, entry=entry.name if named else "", **held)


def _key(name: str, kind: Format) -> str:
    return ".".join(kind.key(one_line(part)).strip() or "_" for part in name.split("."))


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
        return [], "does not tell words by their case"
    count = sum(math.prod(len(step.words) for step in steps) for steps in readings)
    if count > MOST_FORMS:
        return [], f"has no choices, and written out it would be {count:,} phrases"
    forms = [written] if not SIGNS & set(written) else list(_written_out(readings))
    wild = [word for form in forms for word in form.split() if not kind.word.fullmatch(word)]
    return ([], f"cannot write the word {wild[0]!r}") if wild else (forms, "")


def _written_out(readings: Iterable[Steps]) -> Iterator[str]:
    """Every phrase that a pattern without gaps stands for."""
    for steps in readings:
        for words in itertools.product(*(step.words for step in steps)):
            yield " ".join(words)


def _unlisted(pattern: str, lists: Mapping[str, tuple[str, ...]]) -> str:
    """A pattern with its lists written out as choices.

    >>> _unlisted("joint … @drills", {"drills": ("drill*", "war games")})
    'joint … (drill*|war games)'
    """

    def choice(name: re.Match[str]) -> str:
        return "|".join(" ".join(member.split()) for member in members([name[0]], lists))

    chosen = re.sub(r"\([^()]*\)", lambda any_of: LISTED.sub(choice, any_of[0]), pattern)
    return LISTED.sub(lambda name: f"({choice(name)})", chosen)


def _lost_of_all(lexicon: Lexicon, kind: Format) -> Iterator[Loss]:
    for field, value in _said(lexicon, "lexicon", kind, ("name", "frames", "entries")):
        yield Loss("", "", f"{field}: {_shown(value)}", f"{kind.title} has {LACKS[f'lexicon.{field}']}")


def _lost_of_frames(lexicon: Lexicon, kind: Format, keys: Mapping[str, str]) -> Iterator[Loss]:
    filled = {entry.frame for entry in lexicon.entries}
    unheard = [name for name in ("negation", "hedging") if getattr(lexicon, name) == Negation()]
    for frame in lexicon.frames:
        for field, value in _said(frame, "frame", kind, ("name", *unheard)):
            yield Loss(frame.name, "", f"{field}: {_shown(value)}", f"{kind.title} has {LACKS[f'frame.{field}']}")
        if keys[frame.name] != frame.name:
            yield Loss(frame.name, "", "name", f"{kind.title} cannot write it; written {keys[frame.name]!r}")
        if "frame.empty" not in kind.holds and not any(f"{name}.".startswith(f"{frame.name}.") for name in filled):
            yield Loss(frame.name, "", "frame", f"{kind.title} has a row a pattern, and it has none")


def _lost_of_entry(entry: Entry, kind: Format) -> Iterator[Loss]:
    if "entry.name" not in kind.holds and entry.match != (entry.name,):
        yield Loss(entry.frame, entry.name, "entry", f"{kind.title} has patterns only, not named groups of them")
    for field, value in _said(entry, "entry", kind, ("name", "frame", "match")):
        yield Loss(
            entry.frame, entry.name, f"{field}: {_shown(value)}", f"{kind.title} has {LACKS[f'entry.{field}']}"
        )


def _said(
    thing: Lexicon | Frame | Entry, what: str, kind: Format, apart: tuple[str, ...]
) -> Iterator[tuple[str, Any]]:
    """The fields that say something which the format does not hold."""
    for field in fields(thing):
        if field.name in apart or f"{what}.{field.name}" in kind.holds:
            continue
        value = getattr(thing, field.name)
        usual = (
            field.default
            if field.default is not MISSING
            else field.default_factory()
            if field.default_factory is not MISSING
            else None
        )
        if value != usual:
            yield field.name, value


def _shown(value: Any) -> str:
    """A field's value in a line."""
    if is_dataclass(value):
        parts = [(field.name, getattr(value, field.name), field.default) for field in fields(value)]
        return "; ".join(f"{name} {_shown(said)}" for name, said, usual in parts if said != usual)
    if isinstance(value, bool):
        return "heard" if value else "ignored"
    if isinstance(value, float):
        return number(value)
    return ", ".join(value) if not isinstance(value, str | int) else str(value)
