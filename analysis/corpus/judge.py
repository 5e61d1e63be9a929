"""Whether a passage that names two countries is about their relationship: written rules and a small learned model.

The countries are masked, so that the judge can be used for any pair. The model is a logistic regression with its
weights in ``judge.csv``, those of short sentences in ``judge_short.csv``. Words used alike have similar weights,
also words that no coded passage holds. ``benchmarks/judge.py`` makes the files and prints how right the judge is.
"""

import csv
import math
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate, pairwise, product
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.arrays import in_spans
from analysis.corpus.countries import About, names
from analysis.corpus.mentions import listed, named, together
from analysis.corpus.writing import grammar

# A passage whose probability is below this is set aside. Measured with the rules: in stories of the two studies
# kept apart, 41 of 75 passages that are not about the pair, and 8 of 239 that are; of all other pairs, judged by
# models that had not seen them, 423 of 737, and 58 of 736; of pairs kept apart 62 of 114, and 4 of 76.
# Of 60 made-up plain sentences that nothing was learned from, 26 of 30, and 2 of 30.
STRICT = 0.28

SHORT = 10  # words: shorter sentences have weights that learned made-up plain sentences, too
NEAR = 3  # words before and after a name that are near it
ROLES = {"(start)": "opens", "sign": "opens", "clause": "opens", "verb": "verb", "ing": "verb"}
ROLES |= {"word": "other", "country": "other"}
SIGNS = frozenset(',;:.!?"(“”—–-')


class Masked(NamedTuple):
    """A passage with its countries masked: "X" is one of the pair, "T" a third; numbers are "#"."""

    words: tuple[str, ...]
    gaps: tuple[str, ...]  # what follows each word
    owner: tuple[int, ...]  # 0 or 1 where a country of the pair is named, else -1
    listed: tuple[bool, ...]  # in a list of countries
    acting: bool  # both act together: alone ("backed by X and X"), or in a list of three countries

    def places(self, country: int) -> list[int]:
        return [place for place, owner in enumerate(self.owner) if owner == country]

    def before(self, place: int) -> int:
        """The place of the word before, articles passed over; -1 where there is none."""
        return next((at for at in range(place - 1, -1, -1) if self.words[at] not in ("the", "a", "an")), -1)


def about_relation(texts: Sequence[str], about: About, *, strict: float = STRICT) -> pd.DataFrame:
    """Whether each text that names both countries is about their relationship, with what decided it.

    ``about`` is True where a text does not name both (others decide), and ``probability`` NaN; ``why`` has the
    three features that weigh most, or the rule. ``strict`` is the probability from which a text counts as about
    the pair; 0 keeps all that name both.

    >>> texts = ["Russia and China signed a deal.", "Officials in Japan, Russia and China fell ill."]
    >>> about_relation(texts, ("Russia", "China"))["about"].tolist()
    [True, False]
    """
    rows = [_judged(passage, strict) for passage in masked(texts, about)]
    return pd.DataFrame(rows, columns=["about", "probability", "why"])


@lru_cache(maxsize=4_096)  # each step that takes the same passages judges them again
def _judged(passage: Masked, strict: float) -> tuple[bool, float, str]:
    if not passage.places(0) or not passage.places(1):
        return True, math.nan, ""
    if passage.acting:
        return strict <= 1, 1.0, "both act together"
    if strict and (rule := set_aside(passage)):
        return False, 0.0, rule
    weights = _weights("judge_short.csv" if len(passage.words) <= SHORT else "judge.csv")
    given = {name: value * weights[name][0] for name, value in features(passage).items() if name in weights}
    for at, words in enumerate(zones(passage), 1):
        known = [name for name in (f"word: {word}" for word in words) if name in weights]
        for name in known:
            given[name] = given.get(name, 0) + weights[name][at] / len(known)
    probability = 1 / (1 + math.exp(-weights[""][0] - sum(given.values())))
    largest = sorted(given.items(), key=lambda item: (-abs(item[1]), item[0]))[:3]
    return probability >= strict, probability, ", ".join(f"{name} {weight:+.2f}" for name, weight in largest)


def masked(texts: Sequence[str], about: About) -> list[Masked]:
    """Each text with its countries masked."""
    known = names(about)
    pair = list(known)[:2]
    seen = named(texts, known)
    found, mentions = seen.seen.words, seen.mentions
    countries = mentions[together(seen) & mentions["country"].isin(pair)].groupby("text")["country"].nunique()
    jointly = set(countries.index[countries == len(pair)])
    forms = ["#" if form.isdigit() else form.lower() for form in found.forms]
    words, gaps = np.array(forms, dtype=object)[found.codes], np.array(found.gaps, dtype=object)[found.gap_codes]
    owner, in_list = np.full(len(words), -1), np.zeros(len(words), dtype=bool)
    first, last = (mentions[end].to_numpy(dtype=np.int64) for end in ("first", "last"))
    owner[first] = mentions["country"].map({name: at for at, name in enumerate(pair)}).fillna(-1)
    words[first], gaps[first], in_list[first] = np.where(owner[first] < 0, "T", "X"), gaps[last], listed(seen)
    kept = np.flatnonzero(~in_spans(len(words), first + 1, last))  # of each name its first word
    columns = [values[kept].tolist() for values in (words, gaps, owner, in_list)]
    passages = []
    for text, (begin, end) in enumerate(pairwise(np.searchsorted(kept, found.bounds).tolist())):
        own = [tuple(column[begin:end]) for column in columns]
        acting = text in jointly or _words("by both").search(" ".join(own[0])) is not None
        passages.append(Masked._make([*own, acting]))
    return passages


def features(passage: Masked) -> dict[str, float]:
    """What the model sees of a passage that names both: features by name, 1 where they hold, or a share of 1."""
    seen, own = passage.words, (passage.places(0), passage.places(1))
    first, second = _closest(passage)
    between, gaps = seen[first + 1 : second], passage.gaps[first:second]
    third = [place for place, word in enumerate(seen) if word == "T"]
    deed, relation = _words("deeds").fullmatch, _words("relation").fullmatch
    deeds = [place for place, word in enumerate(seen) if deed(word)]
    roles = [[_role(passage, place) for place in places] for places in own]
    opens = (_words("clause").fullmatch(word) is not None for word in seen)  # and so does a sign before the word
    clause = list(
        accumulate(bool(set(gap) & SIGNS) | one for gap, one in zip(["", *passage.gaps], opens, strict=False))
    )
    flags = {
        "hyphen between": not between and "-" in gaps[0],
        "comma between": any("," in gap for gap in gaps),
        "semicolon or colon between": any(one in gap for gap in gaps for one in ";:"),
        "sentence ends between": any(
            set(gap) & set(".!?") and len(seen[at]) > 1 for at, gap in enumerate(gaps, first)
        ),
        "one is only in lists": any(all(passage.listed[place] for place in places) for places in own),
        "in a list": passage.listed[first] or passage.listed[second],
        "a third beside": "T" in seen[max(0, first - 2) : first] + seen[second + 1 : second + 3],
        "relation word near": any(map(relation, seen[max(0, first - 5) : second + 6])),
        "relation word": any(map(relation, seen)),
        "relation word between": len(between) < 10 and any(map(relation, between)),
        "deed between": len(between) < 12 and any(map(deed, between)),
        "no deed": not deeds,
        "a deed of X and X": between == ("and",) and any(map(deed, seen[second + 1 : second + 5])),
        "one clause holds both": any(clause[one] == clause[other] for one, other in product(*own)),
        "deed in their clauses": any(clause[place] in (clause[first], clause[second]) for place in deeds),
        f"{_role(passage, first)} first … {_role(passage, second)} second": True,
        "first word": first == 0,
        "no third": not third,
        "a third first": bool(third) and third[0] < min(own[0] + own[1]),
    }
    shares = {
        "distance, of 20 words": min(second - first, 20) / 20,
        "thirds, of 4": min(len(third), 4) / 4,
        "names of the rarer, of 3": min(len(own[0]), len(own[1]), 3) / 3,
        "names, of 8": min(len(own[0]) + len(own[1]), 8) / 8,
        "deeds, of 4": min(len(deeds), 4) / 4,
        "countries only after words of place, of 2": sum(set(one) == {"place"} for one in roles) / 2,
        "countries that open a clause, of 2": sum("opens" in one for one in roles) / 2,
        "length, of 60 words": min(len(seen), 60) / 60,
    }
    return {name: 1.0 for name, holds in flags.items() if holds} | dict.fromkeys(_beside(passage), 1.0) | shares


def _beside(passage: Masked) -> Iterator[str]:
    """Which kinds of words are before and after the names: who does something, to whom, or only where."""
    closest = _closest(passage)
    kinds = [(_kind(passage, passage.before(place)), _kind(passage, place, after=True)) for place in closest]
    for which, (before, after) in zip(("first", "second"), kinds, strict=True):
        yield from (f"before the {which}: {before}", f"after the {which}: {after}", f"{before} {which} {after}")
    (before, after), (second_before, second_after) = kinds
    yield from (f"first {after} … {second_before} second", f"{before} first … {second_before} second")
    yield f"first {after} … second {second_after}"
    for country in (0, 1):
        befores = {_kind(passage, passage.before(place)) for place in passage.places(country)}
        afters = {_kind(passage, place, after=True) for place in passage.places(country)}
        yield from (f"before a name: {kind}" for kind in befores)
        yield from (f"after a name: {kind}" for kind in afters)
        yield from (f"always after: {kind}" for kind in befores if len(befores) == 1)


def _kind(passage: Masked, place: int, *, after: bool = False) -> str:
    """The kind of the word at a place, or after it; a sign in the gap counts first."""
    at = place + after
    if not 0 <= at < len(passage.words):
        return "(end)" if after else "(start)"
    word, gap = passage.words[at], passage.gaps[place]
    if after and word == "s" and set(gap) & set("'’"):
        return "'s"
    if set(gap) & SIGNS:
        return "sign"
    if word in "XT":
        return "country"
    if _words("keywords").fullmatch(word):
        return word
    return next((kind for kind in ("verb", "clause", "ing") if _words(kind).fullmatch(word)), "word")


def _role(passage: Masked, place: int) -> str:
    """Whether a country opens a clause, is after a word of place, or what it is after else."""
    kind = _kind(passage, passage.before(place))
    return ROLES.get(kind, "place" if _words("places").fullmatch(kind) else "preposition")


def zones(passage: Masked) -> tuple[Sequence[str], ...]:
    """The words between the two closest names, those within three of a name of either, and all."""
    first, second = _closest(passage)
    places = (at + step for at, owner in enumerate(passage.owner) if owner >= 0 for step in range(-NEAR, NEAR + 1))
    near = [passage.words[at] for at in sorted(set(places)) if 0 <= at < len(passage.words)]
    return passage.words[first + 1 : second], near, passage.words


def _closest(passage: Masked) -> tuple[int, int]:
    """The places of the two names that are closest to each other."""
    both = (sorted(places) for places in product(passage.places(0), passage.places(1)))
    return min(((first, second) for first, second in both), key=lambda places: places[1] - places[0])


def set_aside(passage: Masked) -> str:
    """The rule by which a passage says nothing of the two, if any.

    >>> texts = ["Iraq had a flood, while in Iran it snowed.", "Iran grew, according to Iraq's police."]
    >>> [set_aside(passage) for passage in masked(texts, ("Iran", "Iraq"))]
    ['each is spoken of by itself', 'one country is only the source of the news']
    """
    own = sorted((passage.places(0), passage.places(1)))
    alike = _words("alike").search(" ".join(passage.words)) is not None
    tied = {word for word in passage.words for kind in ("dealing", "relation") if _words(kind).fullmatch(word)}
    if tied - {"both"} or (tied and not alike):
        return ""
    between = passage.words[own[0][-1] : own[1][0]]
    compared = "unlike" in passage.words[: own[0][0]] or any(map(_words("comparing").fullmatch, between))
    if (alike or compared or _apart(passage, *own)) and not any(map(_words("deeds").fullmatch, passage.words)):
        return "each is spoken of by itself"
    before = [passage.before(place) for places in own for place in places]
    linked = any(_words("links").fullmatch(passage.words[place]) for place in before if place >= 0)
    linked |= any(passage.words[place] == "and" and passage.before(place) in own[0] + own[1] for place in before)
    source = not linked and any(all(_is_source(passage, place) for place in places) for places in own)
    return "one country is only the source of the news" if source else ""


def _apart(passage: Masked, first: list[int], second: list[int]) -> bool:
    """Whether one country opens the passage and the other a later clause, and no word of that points back."""
    words, start = passage.words, second[0]
    before = passage.before(start)
    opens = {*words[: first[0]]} <= {"the"} and first[-1] + 1 < before
    joined = opens and words[before] in ("and", "but")
    signs = {*"".join(passage.gaps[before - joined : start])}
    after = words[start + 1 :]
    back = any(_words(kind).fullmatch(word) for kind in ("back", "saying") for word in after)
    return opens and (bool(signs & {",", ";"}) or words[before] == "but") and bool(after) and not back


def _is_source(passage: Masked, place: int) -> bool:
    """Whether the country here is a source: its officials say, not of themselves, or a witness in its capital."""
    seen = passage.words
    after = [word for word in seen[place + 1 : place + 7] if word != "s"]
    after = after[: next((at for at, word in enumerate(after) if word in "XT"), len(after))]
    said = next((at for at, word in enumerate(after) if _words("saying").fullmatch(word)), None)
    source = next((at for at, word in enumerate(after[:3]) if _words("source").fullmatch(word)), None)
    itself = said is not None and not {"it", "they", "its", "their"}.isdisjoint(after[said + 1 : said + 3])
    before, lead = passage.before(place), seen[max(0, place - 5) : place]
    previous = seen[before] if before >= 0 else ""
    saying = [at for at, word in enumerate(lead) if _words("saying").fullmatch(word)]
    spoken = bool(saying) and {"that", "X", "T"}.isdisjoint(lead[saying[-1] :])
    return (
        (source is not None and ("according" in lead or (source < (said or 0) and not itself)))
        or any(map(_words("school").fullmatch, after[:3]))
        or (_words("places").fullmatch(previous) is not None and (said in (0, 1) or spoken))
        or (previous == "of" and _words("source").fullmatch(seen[before - 1]) is not None)
        or (source == 0 and spoken and saying[-1] >= len(lead) - 2)
    )


@cache
def _words(kind: str) -> re.Pattern[str]:
    """The words of a kind in the file of English."""
    rules = grammar("en")
    relation = "|".join(word.replace("*", r"\w*") for word in [*rules["relational"], *rules["weak"]])
    return re.compile(relation if kind == "relation" else "|".join(rules["judge"][kind]))


@cache
def _weights(name: str) -> dict[str, list[float]]:
    """The weight of each feature, and of words that in each zone; that of "" is the constant."""
    text = files("analysis.corpus").joinpath(name).read_text("utf-8")
    return {name: [float(one or 0) for one in weights] for name, *weights in csv.reader(text.splitlines()[1:])}
