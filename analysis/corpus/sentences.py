"""Sentences: where they begin and end, by the marks, quotes, abbreviations and lines of each language."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from analysis.corpus.writing import UNSPACED_LANGUAGES, folded, grammar

Span = tuple[int, int]
# The dot of a single letter ("u.s. officials", "j. smith") ends no sentence.
AFTER_MARK = re.compile(r"((?:(?<!\b\w)\.|[!?])[\"'”’)]*\s+[\"'“‘(]*)([a-z])")
MARKS = "[.!?…。！？｡．؟۔।]+"
PARTED = r"(?<=\S)[▲▼](?!\d)"  # between the paragraphs of a Japanese column, which stands in one block
CLOSERS = "[\"”’'」』）)\\]】»«]"
GERMAN = "[\"”’'」』）)\\]】»«“‘]"  # where „ opens, “ closes
OPENERS = "([«»„“‘\"'¿¡「『（【—–-•· \u00a0\u202f"
# Text between two quotes or brackets is not cut.
QUOTED = re.compile(
    r"«[^«»\n]*»|»[^«»\n]*«|„[^„“”\n]*[“”]|“[^“”\n]*”|「[^「」\n]*」|『[^『』\n]*』|\([^()\n]*\)|（[^（）\n]*）"
    r"|(?<![\w.,!?…؟])\"[^\"\n]*\"(?!\w)|(?<=[.,] )/[^/\n]{2,25}/(?=\.)"
)
DAYS = 31  # "am 3. März": a larger number with a dot ends its sentence
OPENING = 5  # words of "В 2016 г." and its like: an abbreviation before which a sentence can hardly be complete
CAPITALS = "[A-ZÀ-ÖØ-ÞА-ЯЁ]"
DATELINE = re.compile(  # "PEKIN, 20 мая. /ТАСС/.", "CÚCUTA (Colombia).", "RIAD, im März."
    rf"{CAPITALS}{{2}}[{CAPITALS[1:-1]}/' -]*(?=\W)"
    r"(?:,? ?(?:\d{1,2}\.?|im|en|в)[ \u00a0]\w+(?: \d{4})?(?: г)?[.,]?)?"
    r"(?: ?[-–—]? ?(?:[(/][^()/\n]{2,25}[)/]|(?<=[-–—] )[^.\n]{3,20}))?\."
)
# "Tel Aviv/Teheran.", "Neu-Delhi (dpa/AFP).", and "Amman.", where the place is a known one.
PLACE = re.compile(
    rf"({CAPITALS}[\w-]+(?:[ /]{CAPITALS}[\w-]+){{0,3}})"
    r"( ?\([\w/., ]{2,25}\)|, \d{1,2}\.? (?:de )?\w{3,10})?\."
)
BREAK = re.compile(r"[ \t\u00a0]*(?:\r?\n|[\u2028\u2029\x0b])\s*")
BULLET = re.compile(r"[•·▪●*–—-]\s?\S|\d{1,2}[.)、．](?!\d)")
# A line of a list in English, with the lines on which it goes on.
ITEM = re.compile(r"(?m)(^[ \t]*(?:[•▪●*][ \t]*\S|[·–—-] ?[A-Z0-9\"“‘']|\d{1,2}[.)] ).*(?:\n[ \t]*[a-z].*)*$)")
ABBREVIATIONS = ("abbreviations", "closing", "units", "last", "agents")  # lists of a language's file
CUT_WORDS = 0.25  # of the single line breaks before a small letter: the lines of such a text are wrapped


def sentences(text: str, language: str = "en") -> Iterator[Span]:
    """The first and last place of each sentence, without the blanks around it.

    English is cut by simplemma's rules, as the coded passages were, others by their marks and lines, but not in a
    quote or a bracket, nor after the dot of an abbreviation, an initial or an ordinal number.

    >>> text = "В 2016 г. Россия подписала договор на 5 млрд. руб. в год. Он выгоден."
    >>> [text[start:end] for start, end in sentences(text, "ru")]
    ['В 2016 г. Россия подписала договор на 5 млрд. руб. в год.', 'Он выгоден.']
    """
    return trimmed(text, _english(text) if language in ("en", "") else _others(text, language))


def trimmed(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """The spans without the blanks around each; those of nothing but blanks are left out."""
    for start, end in spans:
        piece = text[start:end]
        if piece.strip():
            yield start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _english(text: str) -> Iterator[Span]:
    """As simplemma cuts; a text that lost its capitals is cut as if it had them after each mark.

    >>> text = "u.s. officials came. they left! it rained."
    >>> [text[start:end] for start, end in _english(text)]
    ['u.s. officials came.', 'they left!', 'it rained.']
    """
    from simplemma import split_sentences

    if text.islower():
        text = AFTER_MARK.sub(lambda found: found[1] + found[2].upper(), text)
    begun, end = 0, 0
    for line in ITEM.split(text):
        for sentence in split_sentences(line, lang="en"):
            start = text.index(sentence, end)
            goes_on = _english_joints()[0].search(text[begun:end] + " " + sentence[:1])
            if end and not (goes_on and text[end:start] == " "):
                yield from _parted(text, begun, end)
                begun = start
            end = start + len(sentence)
    yield from _parted(text, begun, end)


def _parted(text: str, start: int, end: int) -> Iterator[Span]:
    """The sentences of one of simplemma's, which takes the dot of any number of two digits for an ordinal's."""
    edges = [found.end() for found in _english_joints()[1].finditer(text, start, end)]
    yield from zip([start, *edges], [*edges, end], strict=True)


@cache
def _english_joints() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Where a sentence goes on after a dot ("Sen. McCain", "2 hrs. 40 min."), and where it ends on a number."""
    titles, counted = ("|".join(grammar("en")[name]) for name in ("titles", "abbreviations"))
    return (
        re.compile(rf"\b(?:(?:{titles})\. \w|(?:{counted})\. \d)$"),
        re.compile(r"(?:(?<=[a-z.] \d\.)|(?<=[a-z.] \d\d\.))[\"”’)]* (?=[\"“‘(]*[A-Z])"),
    )


def _others(text: str, language: str) -> Iterator[Span]:
    cased = text not in (text.lower(), text.upper())
    unspaced = language in UNSPACED_LANGUAGES
    rules = grammar(language) if cased or unspaced else _caseless(language)
    closers = GERMAN if "„" in text else CLOSERS
    mark = re.compile(rf"{MARKS}(?:[ \u00a0\u202f]?»(?!\w)|{closers})*{MARKS[:-1]}*|{PARTED}")
    for start, end in _lines(text, cased=cased):
        begun = start
        held = [found.span() for found in QUOTED.finditer(text, start, end)]
        for found in mark.finditer(text, start, end):
            at = found.end()
            if at >= end or any(first < found.start() and at < last for first, last in held):
                continue
            if _ends(text[begun:at], found.group(), text[at:end], rules, cased=cased, unspaced=unspaced):
                yield begun, at
                begun = at
        yield begun, end


def _lines(text: str, *, cased: bool) -> Iterator[Span]:
    """Stretches between the line breaks that end a sentence; those of wrapped lines do not."""
    breaks = list(BREAK.finditer(text))
    single = [one for one in breaks if one.group().count("\n") < 2 and not BULLET.match(text, one.end())]
    within = [one for one in single if text[one.end() : one.end() + 1].islower()]
    if not cased:
        within = [one for one in single if not re.search(rf"{MARKS}{CLOSERS}*$", text[: one.start()][-4:])]
    wrapped = len(within) >= max(2, (CUT_WORDS if cased else 0.6) * len(single)) and len(single) > 2
    kept = {one.start() for one in (single if wrapped else within if cased else ())}
    begun = 0
    for one in breaks:
        if one.start() not in kept:
            yield begun, one.start()
            begun = one.end()
    yield begun, len(text)


def _ends(sentence: str, mark: str, rest: str, rules: dict[str, Any], *, cased: bool, unspaced: bool) -> bool:
    """Whether the mark that closes ``sentence`` ends it, before the ``rest`` of the line."""
    after = rest.lstrip().lstrip(OPENERS)
    wide = unspaced and (mark[0] not in ".．" or len(mark.strip(".")) > 0 or mark.startswith(".."))
    if not after or not (rest[0].isspace() or wide):
        return not after
    quoted = mark[-1] not in f"{MARKS[1:-2]}▲▼"
    word = re.split(r"\W", after, maxsplit=1)[0]
    if (cased and after[0].islower()) or rest.lstrip()[0] in ",;:،；，)" or _dateline(sentence.strip(), rules):
        return False
    if quoted and rest.lstrip()[0] in "—–-" and mark[0] not in ".":
        return False
    if not cased or unspaced:
        goes_on = mark.startswith(("…", "..")) and word in rules.get("after ellipsis", ())
        if goes_on or (quoted and _attributed(sentence, rest, rules)):
            return False
    if not cased:
        sentence, word = sentence.lower(), word.lower()
    return mark != "." or not _abbreviated(sentence, word, rules, quoted=rest.lstrip()[0] in '«„“"', cased=cased)


def _dateline(sentence: str, rules: dict[str, Any]) -> bool:
    """Whether it is only a place, with or without an agency and a day."""
    place = PLACE.fullmatch(sentence)
    known = (form.removesuffix("*") for forms in rules.get("countries", {}).values() for form in forms)
    return DATELINE.fullmatch(sentence) is not None or (
        place is not None and bool(place[2] or "/" in place[1] or folded(place[1]).replace("-", " ") in known)
    )


@cache
def _caseless(language: str) -> dict[str, Any]:
    """The rules of a language for texts that lost their capitals, or have nothing else."""
    rules = grammar(language)
    return rules | {name: [one.lower() for one in rules.get(name, ())] for name in ABBREVIATIONS}


def _attributed(sentence: str, rest: str, rules: dict[str, Any]) -> bool:
    """Whether words that name the speaker follow a quote with which the sentence begins."""
    clause = re.split(r"[，。！？；,.!?؟،]", rest, maxsplit=1)[0]
    opens = sentence.strip()[:1] in '“「『"«' and rest.lstrip()[:1] not in OPENERS[:16]
    return opens and any(re.search(says, folded(clause)) for says in rules.get("says", ()))


def _abbreviated(sentence: str, word: str, rules: dict[str, Any], *, quoted: bool, cased: bool) -> bool:
    """Whether the dot closes an abbreviation, an initial or an ordinal, and the sentence goes on."""
    words = sentence.split()
    last = re.split(r"[.‐’'-]", words[-1].lstrip(OPENERS).removesuffix("."))[-1].rstrip("ـ")
    opener = word.lower() in rules.get("openers", ())
    ordinal = bool(rules.get("ordinal"))
    if last.isdecimal():
        return len(words) == 1 or (ordinal and int(last) <= DAYS and not opener)
    closing, known = rules.get("closing", ()), rules.get("abbreviations", ())
    initial = len(last) == 1 and last.isalpha() and not (cased and last.islower())
    first = len(words) <= 2 and last[:1].lower() + last[1:] in known
    if not (initial or last in known or first) or ("." in words[-1][:-1] and quoted):
        return False
    unit = last in rules.get("units", ())
    before = words[-2] if len(words) > 1 else ""
    lone = initial and re.search(r"[.\d]", before[-1:] + words[-1][:-1]) is None  # "A. García", not "S. A."
    if last not in closing or (lone and not opener) or (word[:1].isdigit() and not unit):
        return not (initial and opener and last in "ÄÖÜ")
    if opener or last in rules.get("last", ()):
        return False
    # "в г. Пекин", not "в 2016 г.", "40 тыс. т."
    unit &= not (before[-1:].isdigit() or (before[-1:] == "." and words[-3:][0][-1].isdigit()))
    ordinal |= not cased and word.islower()  # nothing shows where the next begins
    return ordinal or len(words) <= OPENING or unit or word.endswith(tuple(rules.get("agents", ())))
