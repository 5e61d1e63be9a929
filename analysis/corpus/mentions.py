"""Where texts name countries, by the names and look-alikes of ``languages/*.yaml``, and countries in a row."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from analysis.arrays import Flags, Ints, in_spans
from analysis.corpus.countries import About, countries, covered, names
from analysis.corpus.phrases import Phrase, Seen, Spans, read_phrases
from analysis.corpus.words import Texts, holding, strings
from analysis.corpus.writing import UNSPACED_LANGUAGES, folded, grammar

LIST = 3  # countries in a row are a list, and a list says nothing of two of them (codebook, rule 1)
NEAR = 6  # words before and after a list in which it is shown to act together
SHORT, NOWHERE = "short", ""  # whose name one of a single character is, and one of no country: a dish, a sea
# What else is looked for: words that speak of two countries or of a relation, and things called after a country.
KINDS = ["joiners", "both", "each", "relational", "towards", "articles", "things", "genitive", "trade", "reacts"]
KINDS += ["halves", "shared", "weak", "speaker", "short before", "many", "acts", "home", "predicates"]
KINDS += ["within", "there", "officials"]
LISTED = r"[\s,،、;·–'’&-]*"  # between the countries of a list
# "PUTRAJAYA, Malaysia (AP) — ", "WASHINGTON — "
DATELINE = r"^(?P<line>\p{Lu}[\p{Lu}'. /-]{2,30}(?:(?:,[^(–—\n]{2,40})? ?\([^()\n]{2,25}\)|\p{Lu}) ?(?:--?|–|—) )"
OPENS = r"^\p{Lu}[\p{Lu}'. /-].*[-–—] "  # what every dateline has: DATELINE takes 15 ms to be read, this 1
BESIDE = r"[\s«»„“\"'(-]{0,3}"  # between a name and the dish that it qualifies


class Named(NamedTuple):
    """The words of some texts, the ``mentions`` of countries in them, and the places of each kind of word.

    ``mentions`` has a row per mention: ``text, first, last`` (places of words) and ``country``.
    """

    seen: Seen
    mentions: pd.DataFrame
    kinds: dict[str, Spans]


def named(texts: Texts, known: Mapping[str, Sequence[str]], language: str = "en") -> Named:
    """Where the texts name the countries that are ``known`` by their names; of names within names the longest.

    >>> named(["U.S. dollars for Russia", "Russia, Turkey"], names(("Russia", "Turkey"))).mentions
       text  first  last country
    0     0      4     4  Russia
    1     1      5     5  Russia
    2     1      6     6  Turkey
    """
    seen, rules = Seen(texts, language), grammar(language)
    owners, phrases = _phrases(language, tuple((name, tuple(forms)) for name, forms in known.items()))
    first, last, number = seen.spans(phrases)
    kind = np.array([phrase.kind for phrase in phrases])[number]
    kinds = {one: (first[kind == one], last[kind == one]) for one in KINDS}
    kept = number < len(owners)
    if language in UNSPACED_LANGUAGES:
        # Names begin or end with a word, single things end with one: "发展中国家" does not name China. A character
        # that stands for a country needs both, or one of the words that may follow it.
        right = seen.ends | np.isin(np.arange(1, len(seen.text) + 1), kinds["short before"][0])
        signs = _signs(language, known.items())
        sign = seen.of(folded(form) in signs for form in seen.words.forms)
        lone = sign & (seen.ends | ~seen.begins)  # "巴加埃" is a person, but "中美日内瓦会谈" is about two
        right &= ~(sign & seen.follows & np.append(lone[1:], False)[: len(sign)])
        day = sign & np.append(False, seen.of(form.isdecimal() for form in seen.words.forms) & seen.tied)[:-1]
        short = kind == SHORT
        if mark := rules.get("headline"):
            opens = np.isin(np.arange(len(seen.text)), seen.words.bounds) & seen.gaps(mark)
            kept &= ~short | (first < last) | opens[first]
            right |= ~sign
        alone, within = seen.begins & ~day, seen.begins[first] | seen.ends[last]
        kept &= np.where(short, alone[first] & right[last], within)
        start, end = kinds["things"]
        ended = seen.ends[end] | ((start < end) & (not mark))  # of Chinese longer ones anywhere
        kinds["things"] = start[ended], end[ended]
    columns = {"country": owners, "form": [phrase.form for phrase in phrases]}
    of = {name: np.array(values, dtype=object)[number[kept]] for name, values in columns.items()}
    table = pd.DataFrame({"first": first[kept], "last": last[kept], **of})
    us = next((name for name, forms in known.items() if "US" in forms), "")
    table = _longest(_certain(table, seen, us) if us and "us" in rules else table)
    if (table["country"] == SHORT).any():
        table = _characters(table, seen, known, language)
    things = _things(table, seen, kinds, language)
    kinds["called"] = table.loc[things, "first"].to_numpy(), table.loc[things, "last"].to_numpy()
    kept = ~things & (table["country"] != NOWHERE).to_numpy()
    table = table[kept & ~_small(table, seen, rules.get("small", ()))].reset_index(drop=True)
    table.insert(0, "text", seen.text[table["first"]])
    place = seen.words.starts[table["first"]] < _datelines(texts)[table["text"]]
    table = table[~place | table["country"].isin(list(known)[:2])].reset_index(drop=True)
    return Named(seen, table[["text", "first", "last", "country"]], kinds)


def _datelines(texts: Texts) -> Ints:
    """How many characters of each text are a dateline, which says where a report was written."""
    column = strings(texts)
    may = holding(column, OPENS)
    length = np.zeros(len(column), dtype=np.int64)
    if may.any():
        line = pc.struct_field(pc.extract_regex(column.filter(may), DATELINE), "line")
        length[may] = pc.fill_null(pc.utf8_length(line), 0)
    return length


@lru_cache(maxsize=64)
def _phrases(language: str, known: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[list[str], list[Phrase]]:
    """All that is looked for, and whose name each of the first of them is."""
    rules = grammar(language)
    signs = "|".join(_signs(language, known))
    short = tuple(way.replace("{s}", f"({signs})") for way in rules.get("short in", ()))
    groups = [(name, read_phrases("name", forms, language, name=True)) for name, forms in known]
    none = (*rules.get("not", ()), *rules.get("currencies", ()))
    groups += [(NOWHERE, read_phrases("name", none, language, name=True))]
    groups += [(SHORT, [phrase._replace(form="") for phrase in read_phrases(SHORT, short, language)])]
    owners = [owner for owner, phrases in groups for _ in phrases]
    others = [read_phrases(kind, tuple(rules.get(kind, ())), language) for kind in KINDS]
    return owners, list(chain(*(phrases for _, phrases in groups), *others))


def _signs(language: str, known: Iterable[tuple[str, Sequence[str]]]) -> dict[str, str]:
    """The first name of the country for which each single character stands: of one of the two, if it is theirs."""
    rules, first = grammar(language), {name: forms[0] for name, forms in countries(language).items() if forms}
    ours = {form for _, forms in islice(known, 2) for form in forms}
    usual = {sign: first[name] for sign, name in rules.get("short", {}).items()}
    asked = {sign: first[name] for name, sign in rules.get("short asked", {}).items() if first[name] in ours}
    # Beside Ethiopia, too, 埃 is Egypt.
    return usual | asked | {sign: form for sign, form in usual.items() if form in ours}


def _longest(table: pd.DataFrame) -> pd.DataFrame:
    """Of spans that meet the first, then the longest, then that of the longer form ("südsudan*", not "sudan*")."""
    table = table.assign(size=[-len(form) for form in table["form"]])
    table = table.sort_values(["first", "last", "size"], ascending=[True, False, True], kind="stable")
    if (table["first"].to_numpy()[1:] > table["last"].to_numpy()[:-1]).all():
        return table.reset_index(drop=True)  # none meet: the usual case in short texts
    place = ["first", "last"]
    table = table[table["form"] == table.groupby(place, sort=False)["form"].transform("first")]
    leads = table.drop_duplicates(place)
    apart = leads.loc[leads["first"] > leads["last"].cummax().shift(fill_value=-1), place]
    return table.merge(apart, on=place).drop_duplicates([*place, "country"])


def _characters(
    table: pd.DataFrame, seen: Seen, known: Mapping[str, Sequence[str]], language: str
) -> pd.DataFrame:
    """The mentions, those by single characters ("中俄", "俄外长") each by itself; a country is that asked for."""
    asked = {form: name for name, forms in known.items() for form in forms}
    asked |= {sign: asked[form] for sign, form in _signs(language, known.items()).items() if form in asked}
    owners = np.array([asked.get(folded(form), NOWHERE) for form in seen.words.forms], dtype=object)
    short = table["country"] == SHORT
    spans = (table.loc[short, end].to_numpy() for end in ("first", "last"))
    at = np.flatnonzero(in_spans(len(seen.text), *spans))
    single = pd.DataFrame({"first": at, "last": at, "country": owners[seen.words.codes[at]]})
    return pd.concat([table[~short], single]).sort_values("first", kind="stable", ignore_index=True)


def _things(table: pd.DataFrame, seen: Seen, kinds: Mapping[str, Spans], language: str) -> Flags:
    """Which names qualify a dish, a breed, a club beside them, or open a compound of one ("Pekingente").

    Where trade is spoken of, wine and tea are goods.
    """
    beside = seen.follows & seen.gaps(BESIDE)
    first, last = (table[end].to_numpy(dtype=np.int64) for end in ("first", "last"))
    thing, rules = beside[last] & np.isin(last + 1, kinds["things"][0]), grammar(language)
    for before, near in ((first - 1, True), (first - 2, np.isin(first - 1, kinds["genitive"][1]))):
        thing |= near & (before >= 0) & beside[np.maximum(before, 0)] & np.isin(before, kinds["things"][1])
    if "compound" in rules:
        tails = "|".join(folded(one).rstrip("*") for one in rules["things"] if len(one) > 3 and " " not in one)
        ends = re.compile(rf".{{4,}}(?:{tails})")
        opens = np.array([folded(form).rstrip("*") for form in table["form"]], dtype=object)
        whole = np.array([folded(form) for form in seen.words.forms], dtype=object)[seen.words.codes[last]]
        tail = seen.of(ends.fullmatch(folded(form)) is not None for form in seen.words.forms)
        thing |= tail[last] & (opens != whole)  # "Ballhausplatz" is a name itself
    return np.asarray(thing & ~np.isin(seen.text[first], seen.text[kinds["trade"][0]]), bool)


def _small(table: pd.DataFrame, seen: Seen, small: Sequence[str]) -> Flags:
    """Which names are words in small letters: in Spanish "irán" means "they will go"."""
    last, forms = table["last"].to_numpy(dtype=np.int64), seen.words.forms  # "la paz": of a phrase its last word
    cased = seen.text[seen.of(form != form.lower() for form in forms)] if small else last[:0]
    return np.asarray(seen.of(form in small for form in forms)[last] & np.isin(seen.text[last], cased))


def _certain(table: pd.DataFrame, seen: Seen, us: str) -> pd.DataFrame:
    """The spans with "us" where its capitals or, in a line of one case, its neighbours show the country."""
    rules, forms, gaps = grammar("en")["us"], seen.words.forms, np.array(seen.words.gaps, dtype=object)
    at = np.sort(seen.places(seen.whole.get("us", [])))
    if not len(at):
        return table
    small, capital = _line_cases(seen, at)
    large, gap = seen.of(form == "US" for form in forms)[at], gaps[seen.words.gap_codes]

    def beside(step: int, among: Sequence[str]) -> Flags:
        other = np.clip(at + step, 0, max(len(seen.text) - 1, 0))
        fits = np.isin(seen.words.codes[other], seen.kinds(among))
        return np.asarray(fits & (seen.text[other] == seen.text[at]) & (other == at + step), bool)

    opens = np.isin(at, seen.words.bounds) | np.array(["\n" in one for one in gap[at - 1]], bool)
    country = (
        (beside(-1, ["the"]) & ~beside(1, ["versus", "vs"]))
        | beside(-1, rules["before"])
        | (beside(-1, ["with"]) & beside(-2, rules["with"]))
        | (beside(1, ["and"]) & np.isin(at + 2, table["first"]))  # "us and russian leaders"
        | (gap[at] == "-")
        | beside(1, rules["noun"])
        | (beside(1, rules["verb"]) & ~beside(-1, rules["object"]))
        | (large & opens)
    )
    lower = seen.of(form == "us" for form in forms)[at]
    sure = (large & ~capital) | (country & (small | ~lower))
    sure &= np.array([not one.startswith("$") for one in gap[at]], bool)
    others = table[(table["first"] != table["last"]) | ~table["first"].isin(at)]
    return pd.concat([others, pd.DataFrame({"first": at[sure], "last": at[sure], "country": us, "form": "US"})])


def _line_cases(seen: Seen, places: Ints) -> tuple[Flags, Flags]:
    """Which places are in a line without a capital, and which in one whose other words are in capitals."""
    line = np.cumsum(np.append(False, (seen.gaps(r"(?s).*\n.*") | ~seen.follows)[:-1]))
    forms = seen.words.forms
    cased = [form != form.upper() for form in forms], [form != form.lower() for form in forms]
    large = [len(form) > 2 and small < big for form, small, big in zip(forms, *cased, strict=True)]
    lower, upper, many = (
        np.bincount(line[seen.of(flags)], minlength=line.max(initial=0) + 1) for flags in (*cased, large)
    )
    return (upper == 0)[line[places]], ((lower == 0) & (many > 1))[line[places]]


def listed(found: Named) -> "pd.Series[bool]":
    """Which mentions are in a list of three countries or more; three that act together do not count as one."""
    run = runs(found)
    countries = found.mentions.groupby(run)["country"].transform("nunique")
    return (countries >= LIST) & ~together(found, run)


def together(found: Named, run: "pd.Series[int] | None" = None) -> "pd.Series[bool]":
    """Which mentions are in a list of exactly three countries that act together; ``run`` as ``runs`` numbers them.

    >>> texts = ["Talks brokered by Russia, Turkey and Iran.", "Visitors from Russia, Turkey and Iran."]
    >>> together(named(texts, names(("Russia", "Iran")))).tolist()
    [True, True, True, False, False, False]
    """
    run = runs(found) if run is None else run
    rules, words, text = grammar("en")["acting"], found.seen.words, found.seen.text
    three = found.mentions[found.mentions.groupby(run)["country"].transform("nunique") == LIST]
    if three.empty:
        return run.isin([])
    lists = three.groupby(run).agg(first=("first", "min"), last=("last", "max"))

    def phrase(start: int, end: int, own: int) -> str:
        inside = (at for at in range(max(start, 0), min(end, len(text))) if text[at] == text[own])
        return " ".join(words.forms[words.codes[at]].lower() for at in inside)

    acting = [
        number
        for number, first, last in lists.itertuples()
        if re.search(rf"\b{rules['before']}$", phrase(first - NEAR, first, first))
        or re.match(rules["after"], phrase(last + 1, last + 1 + NEAR, last))
    ]
    return run.isin(acting)


def runs(found: Named) -> "pd.Series[int]":
    """Number of the run of each mention: names with only joiners between them."""
    seen = found.seen
    letter = seen.of(len(form) == 1 for form in seen.words.forms)  # the dot of "U.S." ends nothing
    broken = np.append(0, np.cumsum(~seen.gaps(LISTED) & ~(letter & seen.gaps(rf"\.{LISTED}"))))
    joined = np.append(0, np.cumsum(in_spans(len(seen.text), *found.kinds["joiners"])))
    first = found.mentions["first"].to_numpy(dtype=np.int64)
    before = found.mentions["last"].shift(fill_value=-1).to_numpy(dtype=np.int64) + 1
    near = (first >= before) & (joined[first] - joined[before] == first - before)
    near &= (broken[first] == broken[np.maximum(before - 1, 0)]) & (seen.text[first] == seen.text[before - 1])
    near[:1] = False
    return pd.Series(np.cumsum(~near), found.mentions.index)


def missed_names(texts: Sequence[str], about: About) -> list[tuple[str, str, list[int]]]:
    """Names of the two countries that texts hold and ``about`` does not: the country, the name, the texts' places.

    Only names that are given by hand can miss one; those in three texts or more are listed, the commonest first.

    >>> missed_names(["Washington and Iran"] * 3, {"US": ["u.s."], "Iran": ["iran*"]})
    [('United States', 'washington', [0, 1, 2])]
    >>> missed_names(["New Delhi and Iran"] * 3, {"India": ["delhi"], "Iran": ["iran*"]})  # "delhi" finds it
    []
    >>> missed_names(["Addis Ababa, Egypt"] * 3, {"Ethiopia": ["addis ababa"], "Egypt": ["egypt"]})  # no "addis"
    []
    """
    if not isinstance(about, Mapping):
        return []
    known, missed = countries(), []
    for own in list(names(about).values())[:2]:
        name = next((name for name, forms in known.items() if covered(own, forms)), "")
        further = {form: [form] for form in known.get(name, ()) if not covered(own, [form])}
        within = named([form.strip("*") for form in further], {name: own}).mentions["text"]
        further = {form: forms for at, (form, forms) in enumerate(further.items()) if at not in set(within)}
        mentions = named(texts, further | {name: own}).mentions  # with its own, as "addis ababa" holds "addis"
        for form, rows in mentions[mentions["country"] != name].groupby("country")["text"]:
            missed.append((name, str(form), sorted(set(rows.tolist()))))
    return sorted((row for row in missed if len(row[2]) >= LIST), key=lambda row: (-len(row[2]), row[1]))
