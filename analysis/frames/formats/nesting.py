"""Keys that stand in under one another, and the dotted names they have in a lexicon."""

import re
from collections.abc import Iterable

from analysis.frames.formats.terms import Loss, one_line


def indent(line: str) -> int:
    """How far a line stands in; a tab reaches the next eighth column, as editors show it.

    >>> indent("   \\tBotswana"), indent("\\tBotswana")
    (8, 8)
    """
    shown = line.expandtabs(8)
    return len(shown) - len(shown.lstrip())


def undotted(name: str) -> str:
    """A key without dots, which in a lexicon divide nested keys.

    >>> undotted("U.S. politics")
    'U_S politics'
    """
    return re.sub(r"\.+(?=\s|$)|^\.+", "", name).replace(".", "_") or "_"


class Nesting:
    """The keys that are open while a file is read from top to bottom."""

    def __init__(self) -> None:
        self.open: list[tuple[int, str]] = []
        self.losses: list[Loss] = []

    def key(self, name: str, depth: int, line: int) -> str:
        """The full name of a key that opens; those at its depth and below close."""
        self.close(depth)
        name = one_line(name)
        plain = undotted(name)
        if plain != name:
            self.losses.append(dotted(name, plain, line))
        self.open.append((depth, plain))
        return self.path

    def close(self, depth: int) -> None:
        """Closes the keys at this depth and below."""
        while self.open and self.open[-1][0] >= depth:
            self.open.pop()

    @property
    def path(self) -> str:
        """The full name of the key that is open."""
        return ".".join(name for _, name in self.open)


def dotted(name: str, plain: str, line: int) -> Loss:
    """The note on a key whose name held dots."""
    return Loss(plain, "", f"key {name!r}", f"line {line}: dots divide nested keys; read as {plain!r}")


def families(keys: Iterable[str]) -> list[str]:
    """The keys and those they stand under, parents first and every family together.

    >>> families(["us.seas", "eu", "us.cities"])
    ['us', 'us.seas', 'us.cities', 'eu']
    """
    place: dict[str, int] = {}
    for key in keys:
        for path in paths(key):
            place.setdefault(path, len(place))
    return sorted(place, key=lambda key: [place[path] for path in paths(key)])


def paths(key: str) -> list[str]:
    """The keys on the way to a key, and itself.

    >>> paths("a.b")
    ['a', 'a.b']
    """
    parts = key.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts) + 1)]
