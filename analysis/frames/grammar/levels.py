"""A lexicon at a level: frames within frames counted as the frame that holds them."""

from collections import Counter
from dataclasses import replace

from analysis.frames.lexicon import Entry, Frame, Lexicon


def folded(lexicon: Lexicon, level: int) -> Lexicon:
    """The lexicon with every frame folded into the one that the first ``level`` of its names say.

    A folded frame hears a denial where one of its own does; the entries of those that do not are deaf to it.
    """
    if not isinstance(level, int) or isinstance(level, bool) or level < 1:
        raise ValueError(f"level is a number of names, 1 or more, not {level!r}.")
    outer = {frame.name: ".".join(frame.name.split(".")[:level]) for frame in lexicon.frames}
    frames = _frames(lexicon, outer)
    entries = [_entry(entry, lexicon, frames, outer) for entry in lexicon.entries]
    return replace(lexicon, frames=tuple(frames.values()), entries=_apart(entries, lexicon.entries))


def _frames(lexicon: Lexicon, outer: dict[str, str]) -> dict[str, Frame]:
    meanings = {frame.name: frame.meaning for frame in lexicon.frames}
    found: dict[str, Frame] = {}
    for frame in lexicon.labelled:
        name = outer[frame.name]
        before = found.get(name, Frame(name, meanings.get(name, ""), negation=False))
        found[name] = replace(
            before, negation=before.negation or frame.negation, hedging=before.hedging or frame.hedging
        )
    return found


def _entry(entry: Entry, lexicon: Lexicon, frames: dict[str, Frame], outer: dict[str, str]) -> Entry:
    own = next(frame for frame in lexicon.frames if frame.name == entry.frame)
    name = outer[entry.frame]
    negated, hedged, yields = (outer.get(other, "") for other in (entry.negated, entry.hedged, entry.yields))
    if frames[name].negation and not own.negation:
        negated = name
    if frames[name].hedging and not own.hedging:
        hedged = hedged or name
    return replace(entry, frame=name, negated=negated, hedged=hedged, yields="" if yields == name else yields)


def _apart(entries: list[Entry], before: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Entries that folding gave one name bear the name of their frame before it."""
    times = Counter((entry.frame, entry.name) for entry in entries)
    return tuple(
        replace(entry, name=f"{was.frame}: {entry.name}") if times[entry.frame, entry.name] > 1 else entry
        for entry, was in zip(entries, before, strict=True)
    )
