"""quanteda's dictionaries in YAML: nested keys with lists of glob patterns below them."""

import re
from functools import reduce
from operator import getitem
from typing import Any

import yaml

from analysis.frames.formats.dictionary import Dictionary, Format, Term, broken, composed, families
from analysis.limits import how_to_raise, limit

# Under these names quanteda writes the patterns of a key that holds further keys.
OWN = ("", "__")
# Names that only a lexicon of this project has at the top; with one of them, a slip elsewhere must be reported.
OUR_KEYS = {"name", "about", "lists"}
ENTRY = re.compile(r"""^[^#\n]*?(?<![^\s{,"'-])match["']?\s*:(?=\s)""", re.MULTILINE)  # a key of its entries


def read(text: str, place: str) -> Dictionary:
    """The keys and patterns of a YAML file as quanteda's ``dictionary(file = …)`` reads it."""
    root = composed(text, place)
    if not isinstance(root, yaml.MappingNode):
        raise broken(place, 1, "not a dictionary; begin with a key, a colon and a list of patterns.")
    found = Dictionary(place)
    _keys(root, 0, found)
    return found


def _keys(node: yaml.MappingNode, depth: int, found: Dictionary) -> None:
    for name, value in node.value:
        if not isinstance(name, yaml.ScalarNode):
            raise broken(found.place, _line(name), "a key must be a word; put quotes round it.")
        own = name.value in OWN and depth > 0
        if own:
            found.close(depth)
        else:
            found.key(name.value, depth, _line(name))
        _value(value, depth + 1 - own, found)


def _value(node: Any, depth: int, found: Dictionary) -> None:
    if isinstance(node, yaml.MappingNode):
        _keys(node, depth, found)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _value(item, depth, found)
            found.close(depth)
    elif node.tag != "tag:yaml.org,2002:null" or node.value:
        found.terms.append(Term(found.path, node.value, _line(node)))
    if len(found.terms) > limit(most := "patterns of a dictionary"):
        what = f"more than {limit(most):,} patterns; look for aliases that multiply. {how_to_raise(most)}"
        raise broken(found.place, _line(node), what)


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1


def is_ours(text: str, place: str) -> bool:
    """Whether a YAML text is a lexicon in this project's grammar, be it a faulty one."""
    root = composed(text, place)
    if not isinstance(root, yaml.MappingNode) or not root.value:
        return True
    top = {key.value: value for key, value in root.value if isinstance(key, yaml.ScalarNode)}
    return isinstance(top.get("frames"), yaml.MappingNode) or bool(OUR_KEYS & set(top) or ENTRY.search(text))


def write(dictionary: Dictionary) -> str:
    """The YAML that quanteda reads."""
    root: dict[str, Any] = {}
    for key in families(dictionary.frames):
        *above, name = key.split(".")
        reduce(getitem, above, root)[name] = {}
    for term in dictionary.terms:
        reduce(getitem, term.frame.split("."), root).setdefault("", []).append(term.pattern)
    return yaml.safe_dump(_bare(root), sort_keys=False, allow_unicode=True, width=110)


def _bare(node: Any) -> Any:
    """A key with patterns alone is a list of them."""
    if isinstance(node, list):
        return node
    return node.get("", []) if not set(node) - {""} else {key: _bare(value) for key, value in node.items()}


QUANTEDA = Format(
    "quanteda", "quanteda's YAML", (".yaml", ".yml"), read, write,
    holds=frozenset({"frame.empty"}), key=lambda name: "_" if name in OWN else name,
)  # fmt: skip
