"""One name for each outlet, with its country and owner."""

import re
from functools import cache
from importlib import resources
from typing import NamedTuple

import pandas as pd
import yaml

from .attached import Attached

ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?((?:[\w-]+\.)+[a-z]{2,})(?:[:/].*)?", re.I)
PLACE = re.compile(r"\s*[;:(\[].*")  # "Los Angeles Times; Los Angeles, Calif.", "The Times (London)"


class Outlet(NamedTuple):
    """A name and what is known of it; empty where nothing is."""

    name: str
    country: str = ""
    ownership: str = ""


def known_outlet(given: str) -> Outlet:
    """The outlet that a name or address belongs to; the name as given where nobody knows it.

    >>> known_outlet("europe.chinadaily.com.cn")
    Outlet(name='China Daily', country='CN', ownership='state')
    >>> known_outlet("The Daily Planet").name
    'The Daily Planet'
    """
    names, domains = _outlets()
    plain = " ".join(given.casefold().split())
    for name in (plain, PLACE.sub("", plain)):
        if name in names:
            return names[name]
    if address := ADDRESS.fullmatch(plain):
        parts = address[1].split(".")
        for at in range(len(parts) - 1):
            if (domain := ".".join(parts[at:])) in domains:
                return domains[domain]
    return Outlet(given)


def with_outlets(articles: pd.DataFrame) -> pd.DataFrame:
    """The articles with one name an outlet, and ``country, ownership`` unless they have such columns.

    ``.attrs["outlets"]`` lists the names: ``given, outlet, country, ownership, articles``.
    """
    counts = articles["outlet"].value_counts().sort_index()
    found = {given: known_outlet(given) for given in counts.index}
    named = articles.assign(outlet=articles["outlet"].map({given: outlet.name for given, outlet in found.items()}))
    for fact in ("country", "ownership"):
        if fact not in named:
            facts = articles["outlet"].map({given: getattr(outlet, fact) for given, outlet in found.items()})
            named[fact] = facts.astype("str")
    rows = [(given, *outlet, int(counts[given])) for given, outlet in found.items()]
    table = pd.DataFrame(rows, columns=["given", "outlet", "country", "ownership", "articles"])
    texts = dict.fromkeys(["given", "outlet", "country", "ownership"], "str")
    named.attrs["outlets"] = Attached(table.astype(texts | {"articles": "int64"}))
    return named


@cache
def _outlets() -> tuple[dict[str, Outlet], dict[str, Outlet]]:
    """By name, by domain."""
    listed = yaml.safe_load(resources.files(__package__).joinpath("outlets.yaml").read_text("utf-8"))
    names: dict[str, Outlet] = {}
    domains: dict[str, Outlet] = {}
    for entry in listed:
        outlet = Outlet(entry["name"], entry["country"], entry["ownership"])
        names |= {name.casefold(): outlet for name in (entry["name"], *entry.get("names", ()))}
        domains |= dict.fromkeys(entry.get("domains", ()), outlet)
    return names, domains
