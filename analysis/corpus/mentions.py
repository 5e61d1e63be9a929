"""Where texts name countries: each mention with its country, and the lists in which countries are enumerated."""

import fnmatch
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

import numpy as np
import pandas as pd

from analysis.arrays import Flags
from analysis.arrays import Ints as Places
from analysis.corpus.countries import About, countries, covered, names, parts
from analysis.corpus.words import Words, words

Codes = Callable[[str], Places]

# Words that may stand between the members of a list ("Russia, China, and the United States").
JOINERS = frozenset({"and", "or", "the", "as", "well"})
# Three countries in a row are a list, and a list says nothing of two of them (codebook, rule 1).
LIST = 3
# Three that act together are more than a list: "brokered by Russia, Turkey and Iran". Meeting is not acting.
TOGETHER_BEFORE = re.compile(
    r"(?:(?:brokered|facilitated|headed|led|sponsored|hosted|guaranteed|organi[sz]ed|convened|mediated)"
    r" by|between|among|involving|axis of|alliance of|cooperation (?:of|with)|guarantors"
    r"|(?:trilateral|tripartite) .*)(?: the)?"
)
TOGETHER_AFTER = re.compile(
    r"(?:(?:will|would|have|has|had|are|were|to|jointly|also|likely|again|all) )*"
    r"(?:requested|brokered|act(?:ed)?|launched|issued|pledged|conducted|convened|guaranteed?|coordinat\w+|cooperat\w+"
    r"|joint\w*|(?:hold|held) joint)\b.*"
)
NEAR = 6  # words before and after a list in which such words are looked for
# A list goes on to no new sentence; paragraphs and whole articles hold several.
STOP = re.compile(r"[.!?]\W*\s")
# Currencies, continents, seas, bodies and newspapers that carry a country's name without being the country.
DOLLARS = "us,u s,american,canadian,australian,new zealand,singapore,hong kong,taiwan"
SIDES = "south,latin,central,north,native"
PLACES = (
    *(f"{whose} {unit}" for unit in ("dollar", "dollars") for whose in DOLLARS.split(",")),
    *(f"{side} {name}" for side in SIDES.split(",") for name in ("america", "american", "americans")),
    "the americas", "american samoa", "american samoan", "american indian", "american indians", "new mexico",
    "shanghai cooperation organization", "shanghai cooperation organisation", "siberian tiger", "siberian tigers",
    "south china sea", "east china sea", "sea of japan", "indian ocean", "china daily", "china news service",
    "south china morning post", "moscow times", "washington post", "washington times", "new york times",
)  # fmt: skip


# In a line of one case "us" is the country beside these words: in 27,000 articles with capitals, "US" is found
# beside them at least 60 times as often as the pronoun, which has no verb of its own and seldom a noun after it.
BEFORE_US = re.compile(
    "former|senior|top|two|three|four|five|several|both|few|sitting|previous|assistant|joint|entire|retired|another"
    "|modern|largest|traditional|classified|longtime|undermine|withdraw|under|key|major"
)
OF_THE_US = re.compile(
    "presidents?|presidential|presidency|government|troops|forces|army|navy|naval|air|military|militar\\w+|officials?"
    "|embass(?:y|ies)|consulate|ambassadors?|envoys?|senat\\w*|sens?|reps?|representatives?|congress\\w*|lawmakers?|house"
    "|secretary|state|states|department|sanctions|treasury|administrations?|econom(?:y|ist)|elections?|voters?|vote"
    "|intelligence|citizens?|citizenship|diplomats?|diplomatic|diplomacy|tariffs?|imports?|exports?|all(?:y|ies)"
    "|alliances?|soldiers?|marines?|warships?|warplanes?|ships?|aircraft|bases?|drones?|airstrikes?|strikes?|missiles?"
    "|nuclear|weapons?|federal|national|foreign|domestic|international|defen[cs]e|trade|stocks?|markets?|borders?|visas?"
    "|attorneys?|supreme|district|circuit|courts?|justice|constitution|capitol|law|code|marshals?|customs|census|postal"
    "|olympic|anti|compan(?:y|ies)|firms?|corporations?|business(?:es)?|banks?|manufactur\\w+|workers|workforce|jobs"
    "|products?|goods|oil|coal|steel|energy|shale|crude|dollars?|debt|tax|taxpayers?|consumers?|farm|agricultur\\w+"
    "|polic(?:y|ies)|politic\\w*|leaders?|leadership|role|stance|position|interests?|influence|involvement|intervention"
    "|invasion|withdrawal|presence|response|efforts?|commitment|strateg\\w+|support|aid|funding|relations|relationship|ties"
    "|cooperation|delegation|negotiators?|counterparts?|mission|personnel|special|secret|security|surveillance|spy"
    "|espionage|cyber\\w*|investigators?|agenc(?:y|ies)|authorities|media|press|history|soil|territory|mainland|population"
    "|central|southern|pacific|vice|homeland|immigration|refugee|health|education|schools?|university|hospitals?|public"
    "|jail|prison|custody|flag|cit(?:y|ies)|capital|team|tech|technology|climate|emissions|space|fox"
)
US_DOES = re.compile(  # but "of us is" is not the country
    "will|must|would|could|should|cannot|has|is|was|says?|said|warns?|plans?|wants?|seeks?|urges?|accuses?|rejects?"
    "|imposes?|considers?|demands?|continues?|claims?|withdrew|announced|vetoes|spends"
)


def mentions_of(found: Words, known: dict[str, list[str]]) -> pd.DataFrame:
    """A row a mention: ``text, first, last`` (word positions) and ``country``; places hide the names in them."""
    text, codes = text_of(found), _lookup(found.forms)
    spans = [*_single(found, known, codes), *_phrases(found, known, codes, text)]
    if us := next((name for name, forms in known.items() if "US" in forms), None):
        spans = [*_certain(spans, found, text, us, {span[0] for span in spans})]
    table = pd.DataFrame(spans, columns=["first", "last", "country"]).astype({"first": int, "last": int})
    table = table.sort_values(["first", "last"], ascending=[True, False], ignore_index=True)
    inside = table["last"] <= table["last"].cummax().shift(fill_value=-1)
    table = table[~inside & (table["country"] != "")].reset_index(drop=True)
    return table.assign(text=text[table["first"]])


def text_of(found: Words) -> Places:
    return np.repeat(np.arange(len(found.bounds) - 1), np.diff(found.bounds))


def _lookup(forms: Sequence[str]) -> Codes:
    """Gives the distinct words that a name's word stands for; one in capitals is met in capitals only."""
    written = {form: [code] for code, form in enumerate(forms)}
    lowered: dict[str, list[int]] = defaultdict(list)
    for code, form in enumerate(forms):
        lowered[form.lower()].append(code)

    @cache
    def codes(part: str) -> Places:
        among, part = (written, part) if part.isupper() else (lowered, part.lower())
        alike = [form for form in among if fnmatch.fnmatchcase(form, part)] if set(part) & set("*?") else [part]
        return np.array([code for form in alike for code in among.get(form, ())], dtype=np.int64)

    return codes


def _single(found: Words, known: dict[str, list[str]], codes: Codes) -> Iterator[tuple[int, int, str]]:
    """Names of one word, looked up once a distinct word."""
    country = np.full(len(found.forms), "", dtype=object)
    for name, forms in reversed(known.items()):  # the pair stands first and has the last word
        for form in filter(_single_word, forms):
            country[codes(parts(form)[0])] = name
    named = country[found.codes]
    return ((at, at, named[at]) for at in np.flatnonzero(named != "").tolist())


def _certain(
    spans: Sequence[tuple[int, int, str]], found: Words, text: Places, us: str, named: set[int]
) -> Iterator[tuple[int, int, str]]:
    """The spans without "US" where it may be the pronoun or a currency, and with "us" where it is the country."""
    forms = np.array([form.lower() == "us" for form in found.forms], bool)[found.codes]
    places = np.flatnonzero(forms)
    lines = zip(places.tolist(), *(flags.tolist() for flags in _line_cases(found, text, places)), strict=True)
    sure = {
        place: _is_country(found, text, place, named, small=small, capital=capital)
        for place, small, capital in lines
    }
    yield from (span for span in spans if span[0] != span[1] or sure.get(span[0], True))
    yield from ((place, place, us) for place in sure if sure[place])


def _is_country(found: Words, text: Places, place: int, named: set[int], *, small: bool, capital: bool) -> bool:
    """Whether "US" or "us" is the country: by its capitals, or in a line of one case by its neighbours."""
    form, gap = found.forms[found.codes[place]], found.gaps[found.gap_codes[place]]
    if gap.startswith("$") or (form == "us" and not small):
        return False
    if form == "US" and not capital:
        return True
    before = _word(found, text, place, place - 1)
    object_ = before in ("of", "for", "to", "about", "all", "help", "told", "on", "like")
    after = _word(found, text, place, place + 1)
    begins = not before or "\n" in found.gaps[found.gap_codes[place - 1]]
    return (
        (before == "the" and after not in ("versus", "vs"))
        or BEFORE_US.fullmatch(before) is not None
        or (after == "and" and place + 2 in named)  # "us and russian leaders"
        or gap == "-"
        or OF_THE_US.fullmatch(after) is not None
        or (US_DOES.fullmatch(after) is not None and not object_)
        or (form == "US" and begins)
    )


def _word(found: Words, text: Places, place: int, other: int) -> str:
    """The word at another place of the same text, in lower case; "" where there is none."""
    inside = 0 <= other < len(text) and text[other] == text[place]
    return found.forms[found.codes[other]].lower() if inside else ""


def _line_cases(found: Words, text: Places, places: Places) -> tuple[Flags, Flags]:
    """Which places are in a line without a capital, and which in one whose other words are in capitals."""
    if not len(places):
        return np.zeros(0, bool), np.zeros(0, bool)
    ends = np.array(["\n" in gap for gap in found.gaps], bool)[found.gap_codes]
    line = np.cumsum(np.append(False, ends[:-1] | (text[1:] != text[:-1])))
    cased = [form != form.upper() for form in found.forms], [form != form.lower() for form in found.forms]
    large = [len(form) > 2 and small < big for form, small, big in zip(found.forms, *cased, strict=True)]
    lower, upper, words = (
        np.bincount(line[np.array(flags, bool)[found.codes]], minlength=line[-1] + 1)[line[places]]
        for flags in (*cased, large)
    )
    return upper == 0, (lower == 0) & (words > 1)


def _phrases(
    found: Words, known: dict[str, list[str]], codes: Codes, text: Places
) -> Iterator[tuple[int, int, str]]:
    """Names of several words, names that need a hyphen, and the places that are not the country."""
    phrases = [("", place) for place in PLACES]
    phrases += [(name, form) for name, forms in known.items() for form in forms if not _single_word(form)]
    for name, phrase in phrases:
        steps = [codes(part) for part in parts(phrase)]
        if any(step.size == 0 for step in steps):
            continue
        at = np.flatnonzero(_among(steps[0], found))
        if phrase.endswith("-"):
            at = at[np.array([gap[:1] == "-" for gap in found.gaps], bool)[found.gap_codes[at]]]
        for distance, step in enumerate(steps[1:], start=1):
            at = at[at + distance < len(text)]
            at = at[np.isin(found.codes[at + distance], step) & (text[at + distance] == text[at])]
        yield from ((place, place + len(steps) - 1, name) for place in at.tolist())


def _single_word(form: str) -> bool:
    return len(parts(form)) == 1 and not form.endswith("-")


def _among(codes: Places, found: Words) -> Flags:
    wanted = np.zeros(len(found.forms), bool)
    wanted[codes] = True
    return wanted[found.codes]


def missed_names(texts: Sequence[str], about: About) -> list[tuple[str, str, list[int]]]:
    """Names of the two countries that texts hold and ``about`` does not: the country, the name, the texts' places.

    Only names that are given by hand can miss one; those in three texts or more are listed, the commonest first.

    >>> missed_names(["Washington and Iran"] * 3, {"US": ["u.s."], "Iran": ["iran*"]})
    [('United States', 'washington', [0, 1, 2])]
    """
    if not isinstance(about, Mapping):
        return []
    given, missed = names(about), []
    for own in list(given)[:2]:
        name = next((name for name, forms in countries().items() if covered(given[own], forms)), "")
        further = [form for form in countries().get(name, ()) if not covered(given[own], [form])]
        found = words(texts)
        mentions = mentions_of(found, {form: [form] for form in further})
        for form, rows in mentions.groupby("country")["text"]:
            if rows.nunique() >= LIST:
                missed.append((name, str(form), sorted(set(rows.tolist()))))
    return sorted(missed, key=lambda row: (-len(row[2]), row[1]))


def listed(mentions: pd.DataFrame, found: Words) -> "pd.Series[bool]":
    """Which mentions stand in a list of three countries or more; three that act together are none."""
    run = runs(mentions, found)
    countries = mentions.groupby(run)["country"].transform("nunique")
    return (countries >= LIST) & ~together(mentions, found)


def together(mentions: pd.DataFrame, found: Words) -> "pd.Series[bool]":
    """Which mentions stand in a list of exactly three countries that act together.

    >>> found = words(["Talks brokered by Russia, Turkey and Iran.", "Visitors from Russia, Turkey and Iran."])
    >>> together(mentions_of(found, countries()), found).tolist()
    [True, True, True, False, False, False]
    """
    run = runs(mentions, found)
    three = mentions[mentions.groupby(run)["country"].transform("nunique") == LIST]
    lists = three.groupby(run).agg(first=("first", "min"), last=("last", "max"))
    text = text_of(found)

    def phrase(start: int, end: int, own: int) -> str:
        inside = (place for place in range(max(start, 0), min(end, len(text))) if text[place] == text[own])
        return " ".join(found.forms[found.codes[place]].lower() for place in inside)

    acting = [
        number
        for number, first, last in lists.itertuples()
        if re.search(rf"\b{TOGETHER_BEFORE.pattern}$", phrase(first - NEAR, first, first))
        or TOGETHER_AFTER.match(phrase(last + 1, last + 1 + NEAR, last))
    ]
    return run.isin(acting)


def runs(mentions: pd.DataFrame, found: Words) -> "pd.Series[int]":
    """The number of the run in which each mention stands, nothing but joiners between its names."""
    joiner = np.array([form.lower() in JOINERS for form in found.forms], bool)[found.codes]
    joined = np.concatenate([[0], np.cumsum(joiner)])
    first, before = mentions["first"], mentions["last"].shift(fill_value=-9) + 1
    apart = first - before
    near = (apart >= 0) & (joined[first] - joined[before.clip(lower=0)] == apart)
    near &= ~_sentence_ends(found)[before.clip(lower=1) - 1]
    run: pd.Series[int] = (~(near & (mentions["text"] == mentions["text"].shift()))).cumsum()
    return run


def _sentence_ends(found: Words) -> Flags:
    """Which words close a sentence; the dot of a single letter ("U.S.") does not."""
    stops = np.array([STOP.search(gap) is not None for gap in found.gaps], bool)[found.gap_codes]
    letters = np.array([len(form) == 1 for form in found.forms], bool)[found.codes]
    return np.asarray(stops & ~letters, bool)
