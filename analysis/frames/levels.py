"""A lexicon with nested frames counted as the frame that holds them."""

from collections import Counter
from dataclasses import replace

from analysis.frames.lexicon import Entry, Frame, Lexicon


def collapse_frames(lexicon: Lexicon, depth: int) -> Lexicon:
    """Lexicon with each frame joined to the one that the first ``depth`` parts of its name give.

    ``alliance.military`` becomes ``alliance`` at depth 1, and overlapping hits count once within it. A joined
    frame applies negation where one of its parts does; the entries of parts that ignore it still ignore it.

    Raises
    ------
    ValueError
        A depth that is not a whole number of 1 or more.

    Examples
    --------
    >>> frames = (Frame("near"), Frame("near.army"), Frame("far"))
    >>> collapse_frames(Lexicon("tiny", frames, (Entry("drill*", "near.army"),)), 1).labels
    ['near', 'far']
    """
    if not isinstance(depth, int) or isinstance(depth, bool) or depth < 1:
        raise ValueError(f"depth is a number of levels, 1 or more, not {depth!r}.")
    outer = {frame.name: ".".join(frame.name.split(".")[:depth]) for frame in lexicon.frames}
    frames = _frames(lexicon, outer)
    entries = [_entry(entry, lexicon, frames, outer) for entry in lexicon.entries]
    return replace(lexicon, frames=tuple(frames.values()), entries=_apart(entries, lexicon.entries))


def _frames(lexicon: Lexicon, outer: dict[str, str]) -> dict[str, Frame]:
    meanings = {frame.name: frame.meaning for frame in lexicon.frames}
    joined: dict[str, Frame] = {}
    for frame in lexicon.labelled:
        name = outer[frame.name]
        before = joined.get(name, Frame(name, meanings.get(name, ""), negation=False))
        negation, hedging = before.negation or frame.negation, before.hedging or frame.hedging
        joined[name] = replace(before, negation=negation, hedging=hedging)
    return joined


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
    """Entries that now share a name bear the name of their old frame before it."""
    times = Counter((entry.frame, entry.name) for entry in entries)
    return tuple(
        replace(entry, name=f"{was.frame}: {entry.name}") if times[entry.frame, entry.name] > 1 else entry
        for entry, was in zip(entries, before, strict=True)
    )
