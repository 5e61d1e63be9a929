"""What counts as a hit of a lexicon, in words."""

from collections.abc import Iterator

from analysis.frames.lexicon import Condition, Lexicon, Negation, Only, Unless

TIES = "the longest counts, then the first, then the one whose entry stands first in the lexicon"
OVERLAPPING = {
    "frame": f"Of overlapping hits of one frame {TIES}; hits of different frames may overlap.",
    "lexicon": f"Of overlapping hits of whatever frame {TIES}.",
    "all": "Every hit counts, overlapping or not; one entry counts once at a place.",
}


def told(lexicon: Lexicon) -> str:
    """The rules by which a lexicon counts: overlaps and ties, denial and its scope, conditions."""
    return " ".join([OVERLAPPING[lexicon.overlaps], *_denials(lexicon), *_conditions(lexicon)])


def _denials(lexicon: Lexicon) -> Iterator[str]:
    deaf = [frame.name for frame in lexicon.labelled if not frame.negation]
    if lexicon.negation.words:
        yield f"Negation is heard {_scope(lexicon.negation)}{f', except in {_and(deaf)}' if deaf else ''}."
    heard = [frame.name for frame in lexicon.labelled if frame.hedging]
    turning = any(entry.hedged for entry in lexicon.entries)
    if lexicon.hedging.words and (heard or turning):
        where = [*heard, *(["by entries that say what they become"] if turning else [])]
        yield f"Hedging is heard {_scope(lexicon.hedging)}, {'in ' if heard else ''}{_and(where)}."


def _scope(words: Negation) -> str:
    return f"up to {words.scope} words before a hit of the same passage"


def _conditions(lexicon: Lexicon) -> Iterator[str]:
    if lexicon.about:
        yield f"Only passages about {_and(list(lexicon.about))} are looked at."
    if whole := [*_kinds("only", lexicon.only), *_kinds("unless", lexicon.unless)]:
        yield f"Conditions for all entries: {', '.join(whole)}."
    kinds = {
        "with conditions of their own": sum(e.only != Only() or e.unless != Unless() for e in lexicon.entries),
        "that become another frame when denied": sum(bool(e.negated or e.hedged) for e in lexicon.entries),
        "that yield to another frame of the passage": sum(bool(e.yields) for e in lexicon.entries),
    }
    if said := [f"{kind}: {times}" for kind, times in kinds.items() if times]:
        yield f"Entries {'; '.join(said)}."


def _kinds(name: str, condition: Condition) -> Iterator[str]:
    return (f"{name} {kind}" for kind, given in vars(condition).items() if given)


def _and(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)
