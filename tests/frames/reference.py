"""The matcher as plainly as it can be said: lists of words, loops, no arrays. What the real one must equal."""

from fnmatch import fnmatchcase
from itertools import permutations

Step = tuple[tuple[str, ...], int]  # the words that may stand here, and how many others may stand before them
Pattern = tuple[int, tuple[tuple[Step, ...], ...]]  # how near the sides of a ~ are, and the sides


def written(pattern):
    """A pattern as the grammar writes it."""
    near, sides = pattern
    return f" ~{near} ".join(
        " ".join(f"{f'…{gap} ' if at and gap else ''}({'|'.join(words)})" for at, (words, gap) in enumerate(side))
        for side in sides
    )


def matches(pattern, words):
    """Every place where the pattern stands, as first and last word: from each first word the nearest last."""
    near, sides = pattern
    found = set()
    for order in permutations(sides):
        steps = [
            (choices, near if number and not at else gap if at else 0)
            for number, side in enumerate(order)
            for at, (choices, gap) in enumerate(side)
        ]
        for first in range(len(words)):
            ends = [path[-1] for path in paths(steps, words, first)]
            if ends:
                found.add((first, min(ends)))
    return sorted(found)


def paths(steps, words, at):
    if at >= len(words) or not any(fnmatchcase(words[at], glob) for glob in steps[0][0]):
        return
    if len(steps) == 1:
        yield [at]
    for further in range(at + 1, at + 2 + steps[1][1]) if len(steps) > 1 else ():
        for path in paths(steps[1:], words, further):
            yield [at, *path]


def every(patterns, words):
    return [place for pattern in patterns for place in matches(pattern, words)]


def share(place, other):
    return place[0] <= other[1] and other[0] <= place[1]


def met(condition, place, words):
    """For each kind of condition that is given, whether it is met."""
    first, last = place
    tests = {
        "over": lambda other: share(place, other),
        "before": lambda other: other[1] == first - 1,
        "after": lambda other: other[0] == last + 1,
        "passage": lambda _: True,
    }
    return [any(map(tests[kind], every(patterns, words))) for kind, patterns in condition.items() if patterns]


def stands(place, words, *rules):
    return all(all(met(only, place, words)) and not any(met(unless, place, words)) for only, unless in rules)


def longest(hits, overlaps):
    """The hits that win, each of them ``(frame, entry, pattern, place, denied)``."""
    won = []
    for hit in sorted(hits, key=lambda hit: (hit[3][0] - hit[3][1], hit[3][0], hit[1], hit[4] is False)):
        rivals = [other for other in won if overlaps == "lexicon" or other[0] == hit[0]]
        if not any(share(hit[3], other[3]) for other in rivals):
            won.append(hit)
    return won


def denied(hit, words, deniers, scope, exceptions, patterns):
    """Whether a denier ends among the ``scope`` words before the hit, or in a gap of it."""
    spared = every(exceptions, words)
    ends = [place[1] for place in every(deniers, words) if not any(share(place, other) for other in spared)]
    first, last = hit[3]
    near, sides = patterns[hit[2]]
    spelled = {word for side in sides for choices, _ in side for word in choices}
    own = {word for _, others in deniers for side in others for choices, _ in side for word in choices}
    gaps = (near > 0 and len(sides) > 1) or any(gap for side in sides for _, gap in side[1:])
    split = gaps and not spelled & own and any(first <= end < last for end in ends)
    return split or any(first - scope <= end < first for end in ends)


def hits(words, lexicon):
    """The hits of one passage: ``(first, last, frame, entry, denied)``, sorted.

    ``lexicon``: ``entries`` (each ``frame, patterns, only, unless, negated, hedged, yields``), ``only``,
    ``unless``, ``negation`` and ``hedging`` (words, scope, exceptions), ``overlaps``, ``heard`` and ``hedged``
    (frames).
    """
    entries = lexicon["entries"]
    patterns = [pattern for entry in entries for pattern in entry["patterns"]]
    found, number = [], 0
    for at, entry in enumerate(entries):
        rules = [(lexicon["only"], lexicon["unless"]), (entry["only"], entry["unless"])]
        for pattern in entry["patterns"]:
            places = [place for place in matches(pattern, words) if stands(place, words, *rules)]
            found += [(entry["frame"], at, number, place, False) for place in places]
            number += 1
    found = longest(found, lexicon["overlaps"]) if lexicon["overlaps"] != "all" else once(found)
    found = said(found, words, lexicon, patterns)
    if lexicon["overlaps"] == "frame":
        found = longest(found, "frame")
    carried = {hit[0] for hit in found if not hit[4] and not entries[hit[1]]["yields"]}
    staying = [hit for hit in found if entries[hit[1]]["yields"] not in carried]
    return sorted((*hit[3], hit[0], hit[1], hit[4]) for hit in staying)


def once(found):
    places = {}
    for hit in found:
        places.setdefault((hit[0], hit[1], hit[3]), hit)
    return list(places.values())


def said(found, words, lexicon, patterns):
    """The hits with those denied, and what these become."""
    told = []
    for hit in found:
        entry = lexicon["entries"][hit[1]]
        no = hit[0] in lexicon["heard"] and denied(hit, words, *lexicon["negation"], patterns)
        maybe = hit[0] in lexicon["hedged"] or entry["hedged"]
        maybe = not no and maybe and denied(hit, words, *lexicon["hedging"], patterns)
        becomes = entry["negated"] if no else entry["hedged"] if maybe else ""
        told.append((*hit[:4], (no or bool(maybe)) and becomes != hit[0]))
        if becomes and becomes != hit[0]:
            told.append((becomes, *hit[1:4], False))
    return told
