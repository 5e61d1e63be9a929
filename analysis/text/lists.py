"""Named lists of words and phrases, which may use each other."""

from collections.abc import Iterable, Mapping, Sequence

Lists = Mapping[str, Sequence[str]]


def members(written: Iterable[str], lists: Lists, within: tuple[str, ...] = ()) -> list[str]:
    """The words and phrases written, those of a list in the place of its ``@name``.

    Raises:
        ValueError: a list that is not there, or one that uses itself.

    >>> members(["@armed", "police"], {"armed": ["@army", "navy"], "army": ["army", "troops"]})
    ['army', 'troops', 'navy', 'police']
    """
    found: list[str] = []
    for member in (" ".join(text.split()) for text in written):
        if member.startswith("@"):
            name = _known(member[1:], lists, within)
            found += members(lists[name], lists, (*within, name))
        else:
            found.append(member)
    return list(dict.fromkeys(found))


def _known(name: str, lists: Lists, within: tuple[str, ...]) -> str:
    if name not in lists:
        known = ", ".join(f"@{other}" for other in lists) or "none"
        raise ValueError(f"no list '@{name}'. There are: {known}.")
    if name in within:
        way = " → ".join(f"@{other}" for other in (*within[within.index(name) :], name))
        raise ValueError(f"a list uses itself: {way}. Take one out of the other.")
    return name
