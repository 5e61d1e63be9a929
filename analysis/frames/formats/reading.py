"""From the terms of a dictionary to a lexicon: each pattern an entry, unless the file groups them."""

from collections.abc import Sequence
from dataclasses import replace

from analysis.frames.formats.terms import Dictionary, Loss, Term, one_line
from analysis.frames.lexicon import Entry, Frame, Lexicon
from analysis.text.patterns import CASE, SIGNS, read_patterns


def lexicon_of(found: Dictionary, *, ours: bool = False) -> tuple[Lexicon, list[Loss]]:
    """The lexicon a dictionary amounts to, and what in it is left out or changed.

    Args:
        found: what a file holds.
        ours: its patterns are written in the grammar of lexicons, with gaps and choices.
    """
    terms, losses = _readable(found.terms, ours=ours)
    terms, rescaled = _weighed(terms)
    entries, doubled = _entries(terms)
    rank = {name: at for at, name in enumerate(found.frames)}
    lexicon = Lexicon(
        name=one_line(found.name),
        frames=tuple(Frame(name, one_line(meaning)) for name, meaning in found.frames.items()),
        entries=tuple(sorted(entries, key=lambda entry: rank[entry.frame])),
        source=one_line(found.source),
    )
    return lexicon, [*found.losses, *losses, *rescaled, *doubled]


def _readable(terms: Sequence[Term], *, ours: bool) -> tuple[list[Term], list[Loss]]:
    """The terms whose patterns can be read as what they mean in their own format."""
    faults = {} if ours else {term.pattern: "its signs are not words" for term in terms if _signed(term.pattern)}
    faults |= _faults(sorted({term.pattern for term in terms} - set(faults)))
    losses = [
        Loss(term.frame, term.pattern, "pattern", f"line {term.line}: {faults[term.pattern]}")
        for term in terms
        if term.pattern in faults
    ]
    return [term for term in terms if term.pattern not in faults], losses


def _signed(pattern: str) -> bool:
    """Whether a pattern holds signs of our grammar, which in another mean something else."""
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


def _weighed(terms: list[Term]) -> tuple[list[Term], list[Loss]]:
    """Weights above 0 and at most 1, which is what a weight is in a lexicon."""
    if all(0 < term.weight <= 1 for term in terms):
        return terms, []
    losses = [
        Loss(term.frame, term.pattern, *_unweighable(term.weight, term.line)) for term in terms if term.weight <= 0
    ]
    kept = [replace(term, weight=abs(term.weight)) for term in terms if term.weight]
    largest = max([1.0, *(term.weight for term in kept)])
    if largest > 1:
        why = f"they reach {largest:g} and are at most 1 here; divided by {largest:g}"
        losses.append(Loss("", "", "weights", why))
    return [replace(term, weight=term.weight / largest) for term in kept], losses


def _unweighable(weight: float, line: int) -> tuple[str, str]:
    if weight:
        return f"sign of weight {weight:g}", f"line {line}: a weight is above 0; read as {-weight:g}"
    return "pattern", f"line {line}: its weight is 0, so it never counts"


def _entries(terms: list[Term]) -> tuple[list[Entry], list[Loss]]:
    """Entries in the order of their first patterns; what a later row says otherwise is told."""
    entries: dict[tuple[str, str], Entry] = {}
    losses: list[Loss] = []
    patterns: dict[tuple[str, str], dict[str, None]] = {}
    for term in terms:
        at = (term.frame, term.entry or term.pattern)
        new = Entry(at[1], term.frame, (term.pattern,), why=term.why, source=term.source, weight=term.weight)
        first = entries.setdefault(at, new)
        patterns.setdefault(at, {})[term.pattern] = None
        losses += [
            Loss(
                term.frame,
                at[1],
                f"{field} {getattr(new, field)!r}",
                f"line {term.line}: an entry has one; {getattr(first, field)!r} stands above",
            )
            for field in ("weight", "why", "source")
            if getattr(new, field) != getattr(first, field)
        ]
    for at, several in ((at, tuple(found)) for at, found in patterns.items() if len(found) > 1):
        entries[at] = replace(entries[at], match=several)
    return list(entries.values()), losses
