"""One name for each outlet, with its country and owner."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

import pandas as pd

from .files import shipped

MARKS = re.compile(r"[\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")  # of direction, and of no width
ADDRESS = re.compile(r"(?:[a-z]+://)?((?:[\w-]+\.)+[a-z]{2,})\.?(?::\d+)?(?:[/?#].*)?", re.I)
MIRRORS = re.compile(r"^(?:www\d?|m|mobile|amp|edition)\.", re.I)  # hosts on which a site shows the same articles
# "Los Angeles Times; Los Angeles, Calif.", "The Times (London)", "The Post [London]"
PLACE = re.compile(r"\s*(?:;\s*(?P<after>[^;]+)|[(\[](?P<within>[^)\]]*)[)\]])\s*$")
# "The Guardian - Final Edition", "Wall Street Journal, Eastern edition", "El País (Edición Nacional)"
EDITION = re.compile(
    r"\s*(?:[-–—,;:]\s*|[(\[])(?:[^-–—,;:()\[\]]*\s)?(?:edition|édition|ausgabe|edición|edizione|edição|edycja)\b.*$",
    re.I,
)
ONLINE = re.compile(
    r"\s*(?:[-–—]\s*|[(\[])(?:online|web(?: ?site)?|site web|internet|print|digital)[)\]]?\s*$", re.I
)
# "Test Post, The", as libraries sort names
SORTED = re.compile(r"(.+), (the|le|la|les|el|los|las|der|die|das|il|de)", re.I)
ARTICLE = re.compile(r"^the\s+")
FACTS = ["country", "ownership"]


class Outlet(NamedTuple):
    """A name and what is known of it; empty where nothing is."""

    name: str
    country: str = ""
    ownership: str = ""


def known_outlet(given: str) -> Outlet:
    """The outlet that a name or address belongs to; the name as given where it is not in the table."""
    names, domains, places = _outlets()
    if outlet := names.get(_key(given)):
        return outlet
    base, place = _base(given)
    for name, city in [(base, place), base.partition(", ")[::2]][: 1 + (", " in base)]:
        outlet = names.get(_key(name))
        if outlet and (not city or city.casefold() in places.get(outlet.name, [city.casefold()])):
            return outlet
    if address := ADDRESS.fullmatch(given.strip()):
        parts = address[1].lower().split(".")
        for at in range(len(parts) - 1):
            if (domain := ".".join(parts[at:])) in domains:
                return domains[domain]
    return Outlet(given)


def one_name(given: Iterable[str]) -> dict[str, Outlet]:
    """The outlet of each name, where names that differ only in edition, city, host, case or "The" are one.

    The table of known outlets decides, else the name of most rows. A city stays where the names have two of them,
    or the table has a namesake.
    """
    counts = Counter(given)
    known = {name: known_outlet(name) for name in counts}
    bases = {name: _base(name) for name in counts if known[name] == Outlet(name)}
    alike = {re.sub(r"\W", "", _key(base)): base for base, _ in sorted(bases.values(), reverse=True)}
    bases = {name: _alike(*parts, alike) for name, parts in bases.items()}
    places: dict[str, set[str]] = {}
    for base, place in bases.values():
        places.setdefault(_key(base), set()).update({place.casefold().partition(",")[0]} - {""})
    several = {base for base, _ in bases.values() if len(places[_key(base)]) > 1 or known_outlet(base).country}
    plain = {name: name if place and base in several else base for name, (base, place) in bases.items()}
    rows = Counter(plain[name] for name in counts.elements() if name in plain)
    ordered = sorted(rows, key=lambda name: (-rows[name], name.isupper(), -len(name), name))
    best = {_key(short): short for short in reversed(ordered)}
    return {name: Outlet(best[_key(plain[name])]) if name in plain else known[name] for name in counts}


def with_outlets(articles: pd.DataFrame, known: dict[str, Outlet] | None = None) -> pd.DataFrame:
    """The articles with one name per outlet, by all or what ``one_name`` found, and what is known of each."""
    given = articles["outlet"]
    found = one_name(given) if known is None else known
    names = given.map({name: outlet.name for name, outlet in found.items()}).astype("str")
    named = articles.assign(outlet=names, outlet_given=given)
    for fact in (fact for fact in FACTS if fact not in named):
        named[fact] = given.map({name: getattr(outlet, fact) for name, outlet in found.items()}).astype("str")
    return named


def _base(given: str) -> tuple[str, str]:
    """A name without edition and city, an address without its page; and the city."""
    name = " ".join(MARKS.sub("", given).split())
    if address := ADDRESS.fullmatch(name):
        return MIRRORS.sub("", address[1]), ""
    place = ""
    while (match := EDITION.search(name) or ONLINE.search(name) or PLACE.search(name)) and match.start():
        name = name[: match.start()]
        place = (match["after"] or match["within"] or "").strip() if match.re is PLACE else place
    return SORTED.sub(r"\2 \1", name) if SORTED.fullmatch(name) else name, place


def _alike(base: str, place: str, names: Mapping[str, str]) -> tuple[str, str]:
    """What is before a comma, or the name of a host, where an outlet of the corpus goes by that name alone."""
    before, _, city = base.partition(", ")
    if city and re.sub(r"\W", "", _key(before)) in names:
        return before, place or city
    if address := ADDRESS.fullmatch(base):
        return names.get(address[1].split(".")[0].lower(), base), place
    return base, place


def _key(name: str) -> str:
    """What two spellings of one name have in common."""
    return ARTICLE.sub("", " ".join(name.casefold().split())).rstrip(".")


@cache
def _outlets() -> tuple[dict[str, Outlet], dict[str, Outlet], dict[str, list[str]]]:
    """By name, by domain, and the places of those whose name other papers elsewhere have."""
    names, domains, places = dict[str, Outlet](), dict[str, Outlet](), dict[str, list[str]]()
    for entry in shipped(__package__, "outlets.yaml"):
        outlet = Outlet(entry["name"], entry["country"], entry["ownership"])
        names |= {_key(name): outlet for name in (entry["name"], *entry.get("names", ()))}
        domains |= dict.fromkeys(entry.get("domains", ()), outlet)
        if "places" in entry:
            places[outlet.name] = [place.casefold() for place in entry["places"]]
    return names, domains, places
