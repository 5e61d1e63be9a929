"""Entries and patterns of a lexicon that can never count, or did not in a corpus."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, pairwise, product, takewhile

import pandas as pd

from analysis.corpus.mentions import missed_names
from analysis.frames.conditions import KINDS, Only, Unless
from analysis.frames.lexicon import Entry, Lexicon
from analysis.frames.match import as_passages, context_hits, in_language, match_context
from analysis.frames.matching import found_patterns
from analysis.text.patterns import CASE, GLOB, SEVERAL, Steps, left_out
from analysis.text.tokens import tokenize

COLUMNS = ["frame", "entry", "pattern", "problem", "by"]
# Characters that may part two words: some pairs are one term after one, two after another ("3,200", "3; 200").
PARTINGS = (" ", "; ", "-")
MOST_PAIRS = 2_000  # pairs of neighbouring words that are tried; where there are more, some are enough

ONE_PHRASE = "one phrase, whose words all follow one another; write a pattern for each"
LIST = re.compile(r"@([\w.-]+)")
ANYWHERE, NEVER = Only(), Unless()  # what most entries ask for, and exclude
BEGIN = 3  # letters by which a pattern is looked up, so that it is compared with few others
Row = tuple[str, str, str, str, str]
Words = tuple[str, ...]


def check_lexicon(lexicon: Lexicon, passages: pd.DataFrame | None = None) -> pd.DataFrame:
    """Patterns of a lexicon that can never count or match anything, and lists that nothing uses.

    A pattern can never match where a list it needs is empty or the tokens write its words as one ("s 400" in two
    parts). It never counts where its own conditions always exclude it, or where another pattern of its frame
    matches wherever it does and has precedence. What is listed is certain, but not all that might be wrong.

    Parameters
    ----------
    passages : DataFrame, optional
        All passages of some articles (``passages(articles, about=None)``), or the articles. With them, patterns
        without a hit are listed, too, and names of the two countries which the lexicon's pair does not know; with
        a column ``outlet``, by outlet.

    Returns
    -------
    DataFrame
        ``frame, entry, pattern, problem, by``: ``by`` is the pattern that has precedence or excludes it. In the
        order of the lexicon; an empty table where nothing is wrong. Of a lexicon of several languages also
        ``language``.

    Examples
    --------
    >>> check_lexicon(Lexicon("tiny", entries=[Entry("all*", "near"), Entry("ally", "near")]))
      frame entry pattern   problem    by
    0  near  ally    ally  shadowed  all*
    """
    if lexicon.parallel:
        given = None if passages is None else as_passages(passages)
        parts = [
            check_lexicon(one, in_language(given, code)).assign(language=code)
            for code, one in lexicon.each.items()
        ]
        return pd.concat(parts, ignore_index=True)
    empty = [(name, "", "", "no entry finds it, so it is always 0", "") for name in lexicon.empty]
    rows: list[Row] = [*empty, *_Check(lexicon).rows(), *_unused(lexicon)]
    if passages is not None:
        rows += _silent(lexicon, passages, {row[:3] for row in rows})
        rows += _missed_names(lexicon, passages)
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str")


class _Check:
    """A lexicon, its patterns that can never match, and the others by where and how they begin."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon, self.dead = lexicon, _dead(lexicon)
        self.shortest_first = {pattern: sorted(read, key=len) for pattern, read in lexicon.read.items()}
        # Readings of each pattern (entry, place, itself), by competing hits, number of steps and a beginning.
        self.index = defaultdict[tuple[str, int, str], dict[tuple[int, int, str], list[Steps]]](dict)
        for number, entry in enumerate(lexicon.entries):
            for place, pattern in enumerate(dict.fromkeys(entry.match)):
                for steps in [] if pattern in self.dead else lexicon.read[pattern]:
                    for begin in {_begin(word) for word in steps[0].words}:
                        alike = self.index[self.group(number), len(steps), begin]
                        alike.setdefault((number, place, pattern), []).append(steps)

    def group(self, number: int) -> str:
        """Hits compete within a frame, the lexicon, or an entry."""
        frame = self.lexicon.entries[number].frame
        return {"frame": frame, "lexicon": "", "all": f"#{number}"}[self.lexicon.overlaps]

    def rows(self) -> Iterator[Row]:
        lexicon = self.lexicon
        applied = {frame.name: frame.negation and lexicon.negation.words for frame in lexicon.frames}
        for number, entry in enumerate(lexicon.entries):
            never = self.never_allowed(entry)
            for pattern, times in Counter(entry.match).items():
                twice = ("duplicate in its entry", pattern)
                problem, by = self.problem(number, pattern, never) if times == 1 else twice
                if problem:
                    yield entry.frame, entry.name, pattern, problem, by
            if entry.negated not in ("", entry.frame) and not applied[entry.frame]:
                yield entry.frame, entry.name, "", f"negated: {entry.negated} never applies", ""
            if entry.hedged and not lexicon.hedging.words:
                yield entry.frame, entry.name, "", f"hedged: {entry.hedged} never applies", ""

    def problem(self, number: int, pattern: str, never: str) -> tuple[str, str]:
        if pattern in self.dead:
            return self.dead[pattern], ""
        read = self.lexicon.read[pattern]
        loose = [word for steps in read if len(steps) == 1 for word in steps[0].words if set(word) <= GLOB]
        if loose:
            star = any("*" in word for word in loose)
            return f"matches every word{'' if star else f' of {len(loose[0])} characters'}", ""
        for unless in (self.lexicon.entries[number].unless, self.lexicon.unless):
            for other in (*unless.over, *unless.passage):
                if all(inside(self.shortest_first[other], steps) for steps in read):
                    return "always excluded by unless", other
        if never:
            return "its only can never hold", never
        shadows = [self.shadow(number, pattern, steps) for steps in read]
        if shadows and all(shadows):
            return "shadowed", shadows[0]
        if left := left_out(pattern):
            words = "; ".join(" ".join(step.words[0] for step in steps) for steps in read[:1])
            return f"its characters {left!r} are not matched; it finds {words!r}", ""
        if SEVERAL.search(pattern):
            return ONE_PHRASE, ""
        return "", ""

    def never_allowed(self, entry: Entry) -> str:
        """The ``only`` that cannot hold: none of its patterns can match, or an ``unless`` excludes all of them."""
        unlesses = (entry.unless, self.lexicon.unless)
        for only in (entry.only, self.lexicon.only):
            for kind in KINDS:
                asked, barred = getattr(only, kind), {*self.dead}.union(*(getattr(one, kind) for one in unlesses))
                if asked and barred.issuperset(asked):
                    return f"only {kind}: {', '.join(asked)}"
            if only.about and only.about in [unless.about for unless in unlesses]:
                return f"only about: {' and '.join(only.about)}"
        return ""

    def shadow(self, number: int, pattern: str, steps: Steps) -> str:
        """The first pattern that matches wherever these steps do, and has precedence."""
        read, entry = self.lexicon.read, self.lexicon.entries[number]
        keys = {"", _letters(steps[0].words[0]), _begin(steps[0].words[0])} if steps[0].words else set()
        found = [self.index.get((self.group(number), len(steps), key), {}) for key in keys]
        for other, place, rival in sorted(set().union(*found)):
            wider = self.lexicon.entries[other]
            alike = wider.only in (ANYWHERE, entry.only) and wider.unless in (NEVER, entry.unless)
            if other > number or (other, rival) == (number, pattern) or not alike:
                continue
            wides = chain(*(one.get((other, place, rival), ()) for one in found))
            if not any(same_span(wide, steps) for wide in wides):
                continue
            sooner = other < number or entry.match.index(rival) < entry.match.index(pattern)
            if sooner or not all(any(same_span(one, narrow) for one in read[pattern]) for narrow in read[rival]):
                return rival
        return ""


def _begin(word: str) -> str:
    """Where a word is looked up: a plain one covers itself alone, a glob what begins alike."""
    return _letters(word) if GLOB & set(word) else "=" + word.partition(CASE)[0]


def _letters(word: str) -> str:
    """The first letters of a word, if it has so many before a glob: what covers it begins alike, or has fewer."""
    letters = re.split("[*?=]", word)[0][:BEGIN]
    return letters if len(letters) == BEGIN else ""


def _dead(lexicon: Lexicon) -> dict[str, str]:
    pairs = {pattern: [list(_pairs(steps)) for steps in read] for pattern, read in lexicon.read.items()}
    one_term = _joined({pair for read in pairs.values() for steps in read for ways in steps for pair in ways})
    dead = {}
    for pattern, readings in pairs.items():
        if all(any(not step.words for step in steps) for steps in lexicon.read[pattern]):
            dead[pattern] = "can never match: its list is empty"
        elif all(any(ways and one_term.issuperset(ways) for ways in steps) for steps in readings):
            dead[pattern] = "can never match: the tokens write its words as one, or not at all"
    return dead


def _pairs(steps: Steps) -> Iterator[list[tuple[str, str]]]:
    """Pairs of words possible at each two neighbouring steps; those with a glob may be anything."""
    for one, other in pairwise(steps):
        plain = not any(GLOB & set(word) for word in (*one.words, *other.words))
        if other.gap == 0 and plain and len(one.words) * len(other.words) <= MOST_PAIRS:
            yield [(a.partition(CASE)[0], b.partition(CASE)[0]) for a, b in product(one.words, other.words)]


def _joined(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The pairs that are never two terms in a row, however they are written."""
    ordered = sorted(pairs) * len(PARTINGS)
    signs = [sign for sign in PARTINGS for _ in pairs]
    lists = tokenize([sign.join(pair) for sign, pair in zip(signs, ordered, strict=True)]).to_lists()
    return pairs - {pair for pair, terms in zip(ordered, lists, strict=True) if tuple(terms) == pair}


def _unused(lexicon: Lexicon) -> Iterator[Row]:
    used: set[str] = set()
    asked = {name for _, patterns in lexicon.patterns() for pattern in patterns for name in LIST.findall(pattern)}
    while asked:
        used |= asked
        within = (member for name in asked for member in lexicon.named_lists[name])
        asked = {member.strip()[1:] for member in within if member.startswith("@")} - used
    yield from (("", "", f"@{name}", "list never used", "") for name in lexicon.lists if name not in used)


def _silent(lexicon: Lexicon, passages: pd.DataFrame, listed: set[tuple[str, str, str]]) -> Iterator[Row]:
    """The patterns that occur nowhere, and those of entries without a hit, beyond those ``listed`` already."""
    context = match_context(passages, lexicon)
    hits = context_hits(context, lexicon)
    hit = set(zip(hits["frame"].astype("str"), hits["entry"], strict=True))
    everywhere = found_patterns(tokenize(context.passages, known=lexicon.known), lexicon)
    for entry in lexicon.entries:
        silent = hit.isdisjoint((frame, entry.name) for frame in (entry.frame, entry.negated, entry.hedged))
        for pattern in entry.match:
            found, near = len(everywhere[pattern][0]) > 0, len(context.found[pattern][0]) > 0
            if (silent or not found) and (entry.frame, entry.name, pattern) not in listed:
                problem = "occurs, but a condition or a longer match takes each hit away"
                if not near:
                    problem = _absent(lexicon, found=found, near=bool(context.near.any()))
                yield entry.frame, entry.name, pattern, problem, ""


def _absent(lexicon: Lexicon, *, found: bool, near: bool) -> str:
    """Why a pattern is in no passage about the pair: it is in others, or in none."""
    pair = " and ".join(lexicon.about)
    if not found:
        return "does not occur in the passages"
    return f"occurs, but in no passage about {pair}" if near else f"occurs, but no passage is about {pair}"


def _missed_names(lexicon: Lexicon, passages: pd.DataFrame) -> Iterator[Row]:
    """Names of the two countries that the passages hold and the lexicon's pair does not."""
    table = as_passages(passages)
    outlets = table["outlet"].astype("str").tolist() if "outlet" in table else None
    for country, name, rows in missed_names(table["text"].tolist(), lexicon.about) if lexicon.about else ():
        by_outlet = Counter(outlets[row] for row in rows).most_common() if outlets else []
        where = f" ({', '.join(f'{outlet} {n:,}' for outlet, n in by_outlet)})" if outlets else ""
        problem = f"a name of {country} in {len(rows):,} passages{where}, not among those of the pair"
        yield "", "about", name, problem, ""


@lru_cache(maxsize=100_000)
def covers(wide: Words, narrow: Words) -> bool:
    """Whether each of the narrow words is one of the wide ones, globs read."""
    same, globs = _parted(wide)
    return all(
        word in same or word.partition(CASE)[0] in same or any(glob.fullmatch(word) for glob in globs)
        for word in narrow
    )


@lru_cache(maxsize=10_000)
def _parted(words: Words) -> tuple[frozenset[str], list[re.Pattern[str]]]:
    """The words, and what its globs cover: "?" any letter, never a star; without a form of its own, any form."""
    signs, globs = {"*": f"[^{CASE}]*", "?": f"[^*{CASE}]"}, []
    for word in (word for word in words if GLOB & set(word)):
        glob = "".join(signs.get(sign, re.escape(sign)) for sign in word)
        globs.append(re.compile(glob if CASE in word else f"{glob}({CASE}.*)?", re.DOTALL))
    return frozenset(words), globs


def inside(wides: Iterable[Steps], narrow: Steps) -> bool:
    """Whether one of the wide readings, shortest first, matches somewhere within every match of the narrow one."""
    fitting = takewhile(lambda wide: len(wide) <= len(narrow), wides)
    return any(_goes_on(wide, narrow, at) for wide in fitting for at in range(len(narrow) - len(wide) + 1))


def _goes_on(wide: Steps, narrow: Steps, at: int) -> bool:
    """Whether the wide steps can be laid on the narrow ones from ``at`` on, no more words between than may be."""
    if not covers(wide[0].words, narrow[at].words):
        return False
    passed = 0
    for further in range(at + 1, len(narrow)) if len(wide) > 1 else ():
        passed += narrow[further].gap
        if passed > wide[1].gap:
            return False
        if _goes_on(wide[1:], narrow, further):
            return True
        passed += 1
    return len(wide) == 1


def same_span(wide: Steps, narrow: Steps) -> bool:
    """Whether, where the narrow reading matches, the wide one matches from its first word to its last.

    The nearest last word is taken: from the first gap on both spell the same words, and one gap may be wider.
    """
    pairs = list(zip(wide, narrow, strict=False))
    if len(wide) != len(narrow) or not all(a.gap <= b.gap and covers(b.words, a.words) for b, a in pairs):
        return False
    gaps = [at for at, step in enumerate(wide) if step.gap]
    alike = all(set(one.words) == set(other.words) for one, other in (pairs[gaps[0] :] if gaps else ()))
    return alike and (len(gaps) < 2 or [step.gap for step in wide] == [step.gap for step in narrow])
