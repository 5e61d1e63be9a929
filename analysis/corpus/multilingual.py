"""Which texts are about a pair of countries, in the languages other than English (for that see ``pair``)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import groupby
from typing import NamedTuple

import pandas as pd

from analysis.corpus.countries import About, countries, country, covered
from analysis.corpus.writing import UNSPACED_LANGUAGES, folded, grammar, pieces

LIST = 3  # countries in a row are a list, and a list is not a relationship (codebook, rule 1), as in English
KATAKANA = re.compile("[\u30a1-\u30fa\u30fc]+")
# What may stand before a German name within one word, and from which length a plain name may open a compound.
PREFIXES, COMPOUND = "(?:anti|pro|nord|süd|ost|west|zentral|groß|gesamt|inner)", 5
BESIDE = re.compile(r"[\s«»„“\"'(-]{0,3}")  # between a name and the dish that it qualifies
# What an Arabic noun carries: and, so; in, for, like; the; and the endings of gender, number and possession.
BEFORE, AFTER = "(?:و|ف)?(?:ب|ل|ك)?(?:ال|ل)?", "(?:ه|ين|ون|ان|ات|ا|تين|تان|يا)?"
LETTERS = r"\w*"
LATIN_LANGUAGES = ("de", "es", "fr")
CLEAR, LEAST = 2, 3  # words more than of English, and in all, by which a text of a few words is in a language
NOWHERE = ""  # the country of a name that is none: a dish, a sea, a currency
GAP = r"\W{1,3}"  # between the words of a name: a blank, a hyphen, an apostrophe
SHORT = "short"  # the group of names of one character, two or more together: "中俄"
JOINERS = 4  # words that may stand between two names of a list
REACH = 12  # characters before a name in which "with" or "from" is looked for


class Names(NamedTuple):
    """One pattern for all names, that of each with its countries, and the country of each short name.

    ``seen`` keeps whose a name was, by how it stood in a text.
    """

    pattern: re.Pattern[str]
    forms: list[tuple[re.Pattern[str], list[str]]]
    short: dict[str, str]
    seen: dict[str, list[str]]

    def owners(self, text: str, start: int, end: int) -> list[str]:
        """The countries of the name that stands there."""
        key = text[start : end + 2]  # what follows a name may decide: "franco-" is one before a word
        if key not in self.seen:
            self.seen[key] = next(owners for form, owners in self.forms if form.match(text, start))
        return self.seen[key]


class Mention(NamedTuple):
    """A name in a folded text, and whose it is."""

    start: int
    end: int
    country: str


def is_about(texts: Sequence[str], about: About, language: str) -> pd.DataFrame:
    """What each text says of the pair: ``named``, ``alone`` and ``meant``, as ``pair.is_about`` has them.

    ``both``: it speaks of two ("the two countries") and names one at most; ``other``: it names other two or more.

    >>> is_about(["俄罗斯和中国签署协议。", "中俄两国", "其中美国"], ("Russia", "China"), "zh")["named"].tolist()
    [True, True, False]
    """
    named = names_in(language, about)
    names = _names(language, tuple((name, tuple(forms)) for name, forms in named.items()))
    rows = [_facts(_folded(text, language), {*list(named)[:2]}, names, language) for text in texts]
    return pd.DataFrame(rows, columns=["named", "alone", "meant", "both", "other"], dtype=bool)


def _facts(text: str, pair: set[str], names: Names, language: str) -> tuple[bool, ...]:
    mentions = [one for one in _mentions(text, names, language) if one.country != NOWHERE]
    countries = {one.country for one in mentions}
    free = {one.country for one in _unlisted(text, mentions, language)}
    named, third = pair <= free, bool(countries - pair)
    both = not named and len(countries) < 2 and _words(language, "both").search(text) is not None
    related = _words(language, "relational").search(text) is not None or _towards(text, mentions, pair, language)
    reacting = len(countries) == 1 and _words(language, "reacts").search(text) is not None
    meant = not named and (((related or reacting) and not third) or both)
    return named, named and not third, meant, both, len(free) > 1 and bool(free - pair)


def knows(language: str, about: About) -> bool:
    """Whether names of both countries are known in a language, or given."""
    return all(list(names_in(language, about).values())[:2])


def _folded(text: str, language: str) -> str:
    """The text as names are compared; "irán" in small letters means "they will go", and is blanked."""
    small = grammar(language).get("small", ())
    if small and not text.islower():
        text = re.sub(rf"(?<!\w)(?:{'|'.join(small)})(?!\w)", lambda word: "_" * len(word.group()), text)
    return folded(text)


def _mentions(text: str, names: Names, language: str) -> Iterator[Mention]:
    """The names in a text from left to right; of several that begin at one place the longest.

    Where no blanks are written a name must begin or end with a word, and a short one do both: "中国" is not named
    in "发展中国家", nor are China and the United States in "其中美国".
    """
    edges = _edges(text) if language in UNSPACED_LANGUAGES else None
    at = 0
    while found := names.pattern.search(text, at):
        at = found.end()
        short = found.lastgroup == SHORT
        sides = [found.start() in edges, found.end() in edges] if edges is not None else [True]
        if short and not sides[1]:
            sides[1] = bool(_words(language, "short before").match(text, found.end()))
        if not (all(sides) if short or KATAKANA.fullmatch(found.group()) else any(sides)):
            at = found.start() + 1
        elif short:
            signs = enumerate(found.group(), start=found.start())
            yield from (
                Mention(place, place + 1, names.short[sign]) for place, sign in signs if sign in names.short
            )
        else:
            thing = _is_thing(text, found.start(), found.end(), language)
            for country in [NOWHERE] if thing else names.owners(text, found.start(), found.end()):
                yield Mention(found.start(), found.end(), country)


def _is_thing(text: str, start: int, end: int, language: str) -> bool:
    """Whether a name qualifies a dish, a breed, a club or the like beside it, or opens a compound of one."""
    things = _words(language, "things")
    space = BESIDE.match(text, end)
    before = list(things.finditer(text, max(0, start - 2 * REACH), start))
    return bool(
        (space and things.match(text, space.end()))
        or (before and BESIDE.fullmatch(text, before[-1].end(), start))
        or (language == "de" and _tails(language).search(text, start, end))
    )


def _edges(text: str) -> set[int]:
    """Where the words of a text without blanks begin and end."""
    edges, at = {0}, 0
    for run in re.findall(
        r"[\u3040-\u30fa\u30fc-\u30ff\u3400-\u9fff]+|[^\u3040-\u30fa\u30fc-\u30ff\u3400-\u9fff]", text
    ):
        for piece in pieces(run):
            at += len(piece)
            edges.add(at)
    return edges


def _unlisted(text: str, mentions: list[Mention], language: str) -> Iterator[Mention]:
    """The mentions outside rows of three countries or more that have nothing but joiners between them."""
    run, numbered = 0, []
    for at, one in enumerate(mentions):
        run += at == 0 or not _joined(text[mentions[at - 1].end : one.start], language)
        numbered.append((run, one))
    for _, members in groupby(numbered, key=lambda pair: pair[0]):
        row = [one for _, one in members]
        if len({one.country for one in row}) < LIST:
            yield from row


def _joined(between: str, language: str) -> bool:
    words = re.findall(r"\w+|[^\w\s,،、;·–'’-]", between) if language not in UNSPACED_LANGUAGES else list(between)
    known = {folded(word) for word in grammar(language).get("joiners", ())}
    return len(words) <= JOINERS and all(word in known for word in words)


def _towards(text: str, mentions: list[Mention], pair: set[str], language: str) -> bool:
    """Whether a word like "with" or "from" stands right before a name of the pair."""
    words = _words(language, "towards")
    return any(
        (last := [*words.finditer(text, max(0, one.start - REACH), one.start)])
        and not text[last[-1].end() : one.start].strip()
        for one in mentions if one.country in pair
    )  # fmt: skip


def names_in(language: str, about: About) -> dict[str, list[str]]:
    """The names of the two countries in a language, of all others after them: words and phrases, with globs.

    A country that the file knows under one of the names given is that country: its other names count, too.
    """
    known: dict[str, list[str]] = grammar(language).get("countries", {})
    ours: dict[str, list[str]] = {}
    taken: set[str] = set()
    for name in about:
        given = about[name] if isinstance(about, Mapping) else []
        own = [given] if isinstance(given, str) else list(given)
        same = {country(name)} & set(known) or {other for other, forms in known.items() if _shared(own, forms)}
        taken |= same
        ours[name] = [*own, *(form for other in sorted(same) for form in known[other])]
    return ours | {name: forms for name, forms in known.items() if name not in taken}


def _shared(own: Sequence[str], forms: Sequence[str]) -> bool:
    """Whether two countries have a name in common, globs of either read."""
    own, forms = [folded(form) for form in own], [folded(form) for form in forms]
    return bool(own) and (covered(own, forms) or covered(forms, own))


def spoken(text: str) -> str:
    """The language whose small words and names a text of a few words holds; "" where English might be it as well.

    >>> [spoken(text) for text in ("Moskau und Peking einigen sich", "Xi and Putin meet", "Putin trifft Xi")]
    ['de', '', '']
    """
    said = set(re.findall(r"[^\W\d]+", folded(text)))
    scores = {
        code: sum(word in small or names.fullmatch(word) is not None for word in said)
        for code, small, names in _vocabularies()
    }
    best = max(scores, key=lambda code: scores[code])
    clear = scores[best] >= max(LEAST, scores["en"] + CLEAR)
    return best if clear and "Ã" not in text else ""  # "Ã¢" is a damaged apostrophe


@cache
def _vocabularies() -> list[tuple[str, frozenset[str], re.Pattern[str]]]:
    """Small words and names of one word, in English and the other languages in Latin letters."""
    import stopwordsiso

    known = {"en": countries()} | {code: grammar(code)["countries"] for code in LATIN_LANGUAGES}
    return [
        (
            code,
            frozenset(map(folded, stopwordsiso.stopwords(code))),
            re.compile(
                "|".join(
                    re.escape(folded(form)).replace(r"\*", LETTERS)
                    for forms in named.values()
                    for form in forms
                    if " " not in form
                )
            ),
        )
        for code, named in known.items()
    ]


@lru_cache(maxsize=64)
def _words(language: str, key: str) -> re.Pattern[str]:
    forms = sorted(map(str, grammar(language).get(key, ())), key=len, reverse=True)
    return re.compile(_any([_pattern(form, language) for form in forms], language))


@cache
def _tails(language: str) -> re.Pattern[str]:
    """The ends of compounds that are things: "Pekingente"."""
    tails = [str(one) for one in grammar(language).get("things", ()) if len(one) > 3 and " " not in one]
    return re.compile(rf"(?<=\w{{4}})(?:{'|'.join(folded(one).replace('*', '') for one in tails)})(?!\w)")


@lru_cache(maxsize=64)
def _names(language: str, countries: tuple[tuple[str, tuple[str, ...]], ...]) -> Names:
    """One pattern of all names: of the pair, of other countries, and of what is none, the longest first."""
    rules = grammar(language)
    named = {NOWHERE: [*rules.get("not", ()), *rules.get("currencies", ())], **dict(countries)}
    owners: dict[str, list[str]] = {}
    for name, all_forms in named.items():
        for form in all_forms:
            owners.setdefault(folded(str(form)), []).append(name)  # "中俄" may be given as a name of both
    forms = sorted(
        owners, key=lambda form: -len(form)
    )  # of alternatives the first counts: the longest stand first
    patterns = [_pattern(form, language, name=True) for form in forms]
    alike = [_any(patterns, language, name=True)]
    each = [
        (re.compile(_any([pattern], language, name=True)), owners[form])
        for pattern, form in zip(patterns, forms, strict=True)
    ]
    # A country is the one asked for under another name where its names are among those of the other.
    known = {form: name for name, all_forms in countries for form in all_forms}
    single = {sign: known[rules["countries"][name][0]] for sign, name in rules.get("short", {}).items()}
    if short := "".join(single):
        ways = (way.format(s=f"[{short}]") for way in rules.get("short in", ["{s}{{2,4}}"]))
        alike.append(f"(?P<{SHORT}>{'|'.join(ways)})")
    return Names(re.compile("|".join(alike)), each, single, {})


def _any(patterns: list[str], language: str, *, name: bool = False) -> str:
    """One pattern of some, each at the start of a word; letters stand first, so that most places are soon passed.

    In German "nord", "anti" and the like may open the word of a name; in Arabic "and", "in" and the article any.
    """
    inside = f"(?:{'|'.join(patterns) or '(?!)'})"
    if language in UNSPACED_LANGUAGES:
        return inside
    opened = f"|{PREFIXES}{inside}" if name and language == "de" else ""
    return rf"(?<!\w)(?:{BEFORE if language == 'ar' else ''}{inside}{opened})"


def _pattern(form: str, language: str, *, name: bool = False) -> str:
    """A name or phrase with globs and choices as a regular expression on folded text; see ``_any`` for its start.

    A German name also opens a compound ("Chinapolitik").
    """
    text = folded(str(form))
    if language in UNSPACED_LANGUAGES:
        return re.escape(text.replace("*", ""))
    if language == "ar":
        bare = [word.removeprefix("ال") for word in text.split()]
        ends = [LETTERS if word.endswith("*") else AFTER for word in bare]
        words = [f"{re.escape(word.strip('*'))}{end}" for word, end in zip(bare, ends, strict=True)]
        return rf"{f'{GAP}{BEFORE}'.join(words)}(?!\w)"
    if text.endswith("-"):  # "franco-" of "franco-alemán"
        return rf"{re.escape(text[:-1])}(?=[-‐‑–]\w)"
    if language == "de" and name and " " not in text:
        compound = r"\w*" if len(text) >= COMPOUND or text.endswith("*") else ""
        return rf"{re.escape(text.removesuffix('*'))}{compound}(?!\w)"
    signs = {"*": r"\w*", " ": GAP, "(": "(?:", ")": ")", "|": "|"}
    return rf"{''.join(signs.get(sign, re.escape(sign)) for sign in text)}(?!\w)"
