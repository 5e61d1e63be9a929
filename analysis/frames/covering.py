"""When one pattern covers another: wherever the narrow one matches, so does the wide one."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from analysis.text.patterns import CASE, GLOB, Step, Steps

Words = tuple[str, ...]


@lru_cache(maxsize=100_000)
def covers(wide: Words, narrow: Words) -> bool:
    """Whether each of the narrow words is one of the wide ones, globs read."""
    same, globs = _parted(wide)
    return all(
        word in same or word.partition(CASE)[0] in same or any(glob.fullmatch(word) for glob in globs)
        for word in narrow
    )


@lru_cache(maxsize=10_000)
def _parted(words: Words) -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    return frozenset(words), tuple(_letters(word) for word in words if GLOB & set(word))


def _letters(word: str) -> re.Pattern[str]:
    """What this glob covers: "?" any one letter, never a star; without a form of its own, any form."""
    signs = {"*": f"[^{CASE}]*", "?": f"[^*{CASE}]"}
    glob = "".join(signs.get(sign, re.escape(sign)) for sign in word)
    return re.compile(glob if CASE in word else f"{glob}({CASE}.*)?", re.DOTALL)


def inside(wides: Iterable[Steps], narrow: Steps) -> bool:
    """Whether one of the wide readings matches somewhere within every match of the narrow one."""
    return any(_goes_on(wide, narrow, at) for wide in wides for at in range(len(narrow) - len(wide) + 1))


def _goes_on(wide: Sequence[Step], narrow: Sequence[Step], at: int) -> bool:
    """Whether the wide steps can be laid on the narrow ones from ``at`` on, no more words between than may be."""
    if not covers(wide[0].words, narrow[at].words):
        return False
    if len(wide) == 1:
        return True
    passed = 0
    for further in range(at + 1, len(narrow)):
        passed += narrow[further].gap
        if passed > wide[1].gap:
            return False
        if _goes_on(wide[1:], narrow, further):
            return True
        passed += 1
    return False


def same_span(wide: Steps, narrow: Steps) -> bool:
    """Whether, where the narrow reading matches, the wide one matches from its first word to its last.

    The nearest last word is taken: from the first gap on both spell the same words, and one gap may be wider.
    """
    if len(wide) != len(narrow):
        return False
    if not all(one.gap <= of.gap and covers(of.words, one.words) for of, one in zip(wide, narrow, strict=True)):
        return False
    gaps = [at for at, step in enumerate(wide) if step.gap]
    if not gaps:
        return True
    after = zip(wide[gaps[0] :], narrow[gaps[0] :], strict=True)
    alike = all(set(one.words) == set(other.words) for one, other in after)
    return alike and (len(gaps) == 1 or [step.gap for step in wide] == [step.gap for step in narrow])
