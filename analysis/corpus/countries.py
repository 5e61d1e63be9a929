"""Each country's names in the news, and those of the two that a study is about."""

import fnmatch
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files

import yaml

About = Sequence[str] | Mapping[str, Sequence[str]]


@cache
def countries() -> dict[str, list[str]]:
    """Each country's names in the news."""
    loaded: dict[str, list[str]] = yaml.safe_load(
        files("analysis.corpus").joinpath("countries.yaml").read_text("utf-8")
    )
    return loaded


def names(about: About) -> dict[str, list[str]]:
    """The names of the countries in ``about``, of all others after them.

    A known country that shares a name with one of the two is that one under another name, and no other.

    Raises:
        ValueError: not two countries, or one whose names are not known.
    """
    if not isinstance(about, Sequence | Mapping) or isinstance(about, str) or len(set(map(str, about))) != 2:
        raise ValueError(f"about takes two countries, not {about!r}. Write about=('Russia', 'China').")
    known = countries()
    asked = {name: _given(about[name]) if isinstance(about, Mapping) else known.get(name, []) for name in about}
    missing = [name for name, forms in asked.items() if not all(map(parts, forms)) or not forms]
    if missing:
        raise ValueError(
            f"about: no names are known for {missing[0]!r}. Known are {', '.join(known)}. "
            f"Give the names: about={{{missing[0]!r}: ['name', 'adjective', 'capital'], …}}."
        )
    own = _names(form for forms in asked.values() for form in forms)
    return asked | {
        name: forms
        for name, forms in known.items()
        if name not in asked and not any(own.fullmatch(form.lower()) for form in forms)
    }


def _names(forms: Iterable[str]) -> re.Pattern[str]:
    """Matches each of some names, globs or not."""
    return re.compile("|".join(f"(?:{fnmatch.translate(form.lower())})" for form in forms))


def _given(forms: Sequence[str]) -> list[str]:
    return [forms] if isinstance(forms, str) else list(forms or ())


@cache
def parts(form: str) -> list[str]:
    """The words of a name, split where running text is; ``*`` and ``?`` stand for letters.

    >>> parts("Guinea-Bissau*")
    ['Guinea', 'Bissau*']
    """
    return "".join(sign if _inside(sign) else " " for sign in form).split() if isinstance(form, str) else []


def _inside(sign: str) -> bool:
    return sign in "*?" or unicodedata.category(sign)[0] in "LMN"
