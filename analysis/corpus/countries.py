"""Each country's names in the news, and those of the two that a study is about."""

import fnmatch
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from analysis.corpus.files import shipped
from analysis.corpus.tables import did_you_mean, near_miss
from analysis.corpus.writing import KNOWN, folded, grammar

# "U.S.", "u s", "US", "USA": letters with dots or spaces between them, or up to four capitals.
ACRONYM = re.compile(r"[A-Za-z](?:[. ]+[A-Za-z])+\.?|[A-Z]{2,4}")
JOINED = re.compile(r"[-‐-–]|[\u3400-\u9fff]")  # "Sino-Russian" and 中俄 name both, and may be given for each

# Languages beside ours in which the name of a country is accepted.
FURTHER = "it pt nl pl tr uk ko fa he id sv da nb fi cs sk el hu ro bg sr hr hi vi th sw"
SCRIPTS = {"ru": 1, "ar": 2, "zh": 3, "ja": 4}  # the place of a leader's name; that in Latin letters is the first
# Where our name of a country is not Babel's in English.
CODES = {"CD": "Congo", "BA": "Bosnia", "CZ": "Czech Republic", "MK": "Macedonia", "PS": "Palestine"}
CODES |= {"TR": "Turkey", "CI": "Ivory Coast", "MM": "Myanmar", "CG": "Republic of the Congo", "HK": "Hong Kong"}

About = Sequence[str] | Mapping[str, Sequence[str]]


@cache
def countries(language: str = "en", *, leaders: bool = True) -> dict[str, list[str]]:
    """Each country's names in the news of a language: people, capital, leaders."""
    if language not in KNOWN:
        return {}
    known: dict[str, list[str]] = dict(grammar(language)["countries"])
    for name, people in shipped("analysis.corpus", "leaders.yaml").items() if leaders else ():
        forms = [
            form for one in people for form in one.split("/")[SCRIPTS.get(language, 0)].split("|") if form != "-"
        ]
        known[name] = list(dict.fromkeys([*known[name], *forms]))
    return known


@cache
def _territories(language: str) -> dict[str, str]:
    """Our names of countries by their names in a language, as Babel has them."""
    from babel import Locale

    english, local = (Locale.parse(one).territories for one in ("en", language))
    return {
        form: CODES.get(code, english[code]) for code, form in local.items() if len(code) == 2 and code in english
    }


def _elsewhere(name: str, language: str) -> list[str]:
    """The names of a country or territory that is not among ours, as Babel has them; in Russian in any case."""
    forms = [form for form, one in _territories(language).items() if one == name] if language in KNOWN else []
    if language != "ru":
        return forms
    return [re.sub(r"(\w{3,}?)[аеиоыьюя]?\b", r"\1*", form.replace("о-ва", "острова")) for form in forms]


def names(about: About, language: str = "en", *, leaders: bool = True) -> dict[str, list[str]]:
    """The names of the countries in ``about`` in a language, of all others after them.

    Names are words and phrases, with globs. A known country that shares one with one of the two is that one under
    another name, and no other; in other languages than English its other names count, too.

    Raises
    ------
    ValueError
        Not two countries, or one whose names in English are not known.
    """
    if not isinstance(about, Sequence | Mapping) or isinstance(about, str) or len(set(map(str, about))) != 2:
        raise ValueError(f"about: two countries are needed. Found: {about!r}. Write about=('Russia', 'China').")
    own = {name: _given(about[name]) if isinstance(about, Mapping) else None for name in about}
    shared = set.intersection(*({str(form).casefold() for form in forms or ()} for forms in own.values()))
    if both := sorted(form for form in shared if not JOINED.search(form)):
        raise ValueError(f"about: a name must tell one country from the other. Found for both: {', '.join(both)}.")
    return {name: [*forms] for name, forms in _found(tuple(own.items()), language, leaders).items()}


@lru_cache(maxsize=100)
def _found(
    about: tuple[tuple[str, tuple[str, ...] | None], ...], language: str, leaders: bool
) -> dict[str, list[str]]:
    """The names of two countries, with those that were given, and of all others."""
    asked = {country(str(name)) for name, _ in about}
    known = dict(countries(language, leaders=leaders))
    known |= {name: forms for name in sorted(asked - known.keys()) if (forms := _elsewhere(name, language))}
    more = {name: forms for name, forms in grammar(language).get("asked", {}).items() if name in asked}
    theirs = set().union(*more.values())
    known = {
        name: [*(one for one in forms if one not in theirs), *more.get(name, ())] for name, forms in known.items()
    }
    given = {name: own or () for name, own in about}
    if language != "en":
        same = {
            name: {country(name)} & set(known) or {other for other, forms in known.items() if _shared(own, forms)}
            for name, own in given.items()
        }
        ours = {
            name: [*own, *(form for one in sorted(same[name]) for form in known[one])]
            for name, own in given.items()
        }
        return ours | {name: forms for name, forms in known.items() if name not in set().union(*same.values())}
    pair = {name: known.get(country(name), []) if own is None else spellings(own) for name, own in about}
    missing = [name for name, forms in pair.items() if not all(map(parts, forms)) or not forms]
    if missing:
        named = {form: name for name, forms in known.items() for form in (*forms, name) if name not in given}
        near = named.get(near_miss(str(missing[0]), named, 0.8) or "")
        form = f"about={{{missing[0]!r}: ['name', 'adjective', 'capital'], …}}"
        hint = f"{did_you_mean(near)} For a country of your own give its names: {form}."
        raise ValueError(f"about: no names are known for {missing[0]!r}. {hint.lstrip()}")
    own = [form for forms in pair.values() for form in forms]
    return pair | {name: forms for name, forms in known.items() if name not in pair and not covered(own, forms)}


def _shared(own: Sequence[str], forms: Sequence[str]) -> bool:
    """Whether two countries have a name in common, globs of either read."""
    own, forms = [folded(form) for form in own], [folded(form) for form in forms]
    return covered(own, forms) or covered(forms, own)


@cache
def country(name: str) -> str:
    """The country with this name, in any case and language; the name itself where there is none.

    >>> country("US"), country("Ruritania"), country("iran"), country("Deutschland")
    ('United States', 'Ruritania', 'Iran', 'Germany')
    """
    plain = _letters(name)
    for language in ("en", *KNOWN):
        more = grammar(language).get("asked", {})
        for known, forms in countries(language).items():
            if plain in {_letters(str(form).removesuffix("*")) for form in [known, *forms, *more.get(known, ())]}:
                return str(known)
    tables = (_territories(language).items() for language in ("en", *KNOWN, *FURTHER.split()))
    return next((known for table in tables for form, known in table if plain == _letters(form)), name)


def spellings(forms: Sequence[str]) -> list[str]:
    """The forms, with the other spellings of those that are acronyms: "u.s." is also "US" and "USA".

    >>> spellings(["u.s.", "obama"])
    ['u.s.', 'obama', 'US', 'USA', 'u s', 'u s a', 'us-']
    """
    acronyms = {_letters(form) for form in forms if ACRONYM.fullmatch(form) or form.lower() in ("us", "usa", "uk")}
    if acronyms & {"us", "usa"}:
        acronyms |= {"us", "usa"}
    further = [letters.upper() for letters in sorted(acronyms)]
    further += [" ".join(letters) for letters in sorted(acronyms)] + ["us-"] * ("us" in acronyms)
    kept = [form for form in forms if form != "us"]  # in lower case it would be the pronoun
    return [*kept, *(form for form in further if form not in kept)]


@cache
def _letters(name: str) -> str:
    return re.sub(r"[\s.’'-]", "", folded(str(name)))


def covered(own: Sequence[str], forms: Sequence[str]) -> bool:
    """Whether one of the forms is among a country's own names, globs read.

    >>> covered(["america*"], ["american"]), covered(["u s"], ["washington"])
    (True, False)
    """
    pattern = _names(tuple(own))
    return any(pattern.fullmatch(form.lower()) for form in forms)


@lru_cache(maxsize=100)
def _names(forms: tuple[str, ...]) -> re.Pattern[str]:
    """Matches each of some names, globs or not."""
    return re.compile("|".join(f"(?:{fnmatch.translate(form.lower())})" for form in forms))


def _given(forms: Sequence[str]) -> tuple[str, ...]:
    return (forms,) if isinstance(forms, str) else tuple(forms or ())


@cache
def parts(form: str) -> list[str]:
    """The words of a name, split as running text is; ``*`` and ``?`` stand for letters.

    >>> parts("Guinea-Bissau*")
    ['Guinea', 'Bissau*']
    """
    if not isinstance(form, str):
        return []
    inside = (letter in "*?" or unicodedata.category(letter)[0] in "LMN" for letter in form)
    return "".join(letter if is_inside else " " for letter, is_inside in zip(form, inside, strict=True)).split()
