"""Dictionaries that are trees: quanteda's YAML, and Yoshikoder's XML (``.ykd``, and Lexicoder 2's ``.lcd``).

quanteda nests keys with lists of glob patterns below them. ``cnode`` is a category with ``name``, ``desc`` and
``score``, ``pnode`` a pattern with ``name`` and ``score`` (Lowe, Yoshikoder; Young & Soroka, Lexicoder 2); the
outermost category of a ``.ykd`` is the dictionary itself.
"""

import re
from dataclasses import dataclass
from functools import reduce
from operator import getitem
from typing import Any

import yaml

from analysis.frames.formats.columns import meant_by
from analysis.frames.formats.dictionary import Dictionary, Format, Term, as_number, broken, composed, number
from analysis.limits import how_to_raise, limit

# Under these names quanteda writes the patterns of a key that holds further keys.
OWN = ("", "__")
# Names that only a lexicon of this project has at the top; with one of them, a slip elsewhere must be reported.
FEW = 3  # keys: fewer may well share their patterns
OUR_KEYS = {"name", "about", "lists"}
ENTRY = re.compile(r"""^[^#\n]*?(?<![^\s{,"'-])match["']?\s*:(?=\s)""", re.MULTILINE)  # a key of its entries
STYLE = {"style": "050805", "patternengine": "substring"}  # what Yoshikoder 0.6 writes
REGEXP = frozenset("*?.+^$[]{}()|\\")  # of these characters even "*" means something else in a regular expression


def read_quanteda(text: str, place: str) -> Dictionary:
    """The keys and patterns of a YAML file as quanteda's ``dictionary(file = …)`` reads it."""
    root = composed(text, place)
    if not isinstance(root, yaml.MappingNode):
        raise broken(place, 1, "not a dictionary; begin with a key, a colon and a list of patterns.")
    found = Dictionary(place)
    _keys(root, 0, found)
    keys, patterns = ({getattr(term, name) for term in found.terms} for name in ("frame", "pattern"))
    if len(keys) >= FEW and len(keys) > len(patterns):
        what = (
            f"{len(keys)} keys hold {len(patterns)} patterns, so they look like words, and the values like frames"
        )
        raise broken(place, 1, f"{what}. Write each frame with a list of its words.")
    return found


def _keys(node: yaml.MappingNode, depth: int, found: Dictionary) -> None:
    words = _described(node, found) if depth else None
    if words:
        _value(words, depth, found)
    for name, value in () if words else node.value:
        if not isinstance(name, yaml.ScalarNode):
            raise broken(found.place, _line(name), "a key must be a word; put quotes round it.")
        own = name.value in OWN and depth > 0
        if own:
            found.close(depth)
        else:
            found.key(name.value, depth, _line(name))
        _value(value, depth + 1 - own, found)


def _described(node: yaml.MappingNode, found: Dictionary) -> Any:
    """The patterns of a key that has them under a name of theirs, as ``keywords``, and else describes it only."""
    named = {getattr(name, "value", ""): value for name, value in node.value}
    words = [name for name in named if meant_by(str(name)) == "pattern"]
    others = {name: value for name, value in named.items() if name not in words}
    if len(words) != 1 or not all(isinstance(value, yaml.ScalarNode) for value in others.values()):
        return None
    for name, value in others.items():
        found.lose(f"{name} {value.value!r}", _line(value), "a dictionary has patterns only", found.path)
    return named[words[0]]


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
    ours = isinstance(top.get("frames"), yaml.MappingNode) or set(top) <= {"frames", "languages"}
    return ours or bool(OUR_KEYS & set(top) or ENTRY.search(text))


def write_quanteda(dictionary: Dictionary) -> str:
    """The YAML that quanteda reads."""
    root: dict[str, Any] = {}
    for key in dictionary.families:
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
    "quanteda", "quanteda's YAML", (".yaml", ".yml"), read_quanteda, write_quanteda,
    holds=frozenset({"frame.empty"}), key=lambda name: "_" if name in OWN else name,
)  # fmt: skip


def read_yoshikoder(text: str, place: str) -> Dictionary:
    """The categories, patterns and scores of a Yoshikoder dictionary."""
    root = _parsed(text, place)
    if root.tag != "dictionary":
        what = "a Yoshikoder dictionary opens with <dictionary>"
        raise broken(place, root.sourceline, f"<{root.tag}> opens the file; {what}.")
    lexicoder = root.get("style", "").lower() == "lexicoder"
    found = _Read(place, regexp=root.get("patternengine") == "regexp", substrings=lexicoder)
    tops = root.findall("cnode")
    wrapped = len(tops) == 1 and not lexicoder and tops[0].find("cnode") is not None
    outer = tops[0] if wrapped else root
    found.name = outer.get("name") or found.name
    if wrapped and outer.get("desc") != outer.get("name"):
        found.source = outer.get("desc", "")
    found.node(outer, 0, root_name=outer.get("name", "") if wrapped else "")
    return found


def _parsed(text: str, place: str) -> Any:
    """The XML tree; a document type, by which a file could draw in others, is refused."""
    from lxml import etree

    if "<!DOCTYPE" in text:
        line = text.partition("<!DOCTYPE")[0].count("\n") + 1
        what = "declares a document type, which dictionaries do not need. Take <!DOCTYPE …> out."
        raise broken(place, line, what)
    body = re.sub(r"\A\s*<\?xml[^>]*\?>", lambda found: "\n" * found[0].count("\n"), text)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(body.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        what = f"not well-formed XML: {(error.msg or '').split(', line')[0]}."
        raise broken(place, error.lineno or 1, what) from None


@dataclass
class _Read(Dictionary):
    regexp: bool = False  # patterns are regular expressions, of which only plain words are read
    substrings: bool = False  # patterns find parts of words

    def node(self, node: Any, depth: int, *, root_name: str = "") -> None:
        """The patterns and categories of a category; those of the outermost have its own name."""
        for child in node:
            name = child.get("name", "") if isinstance(child.tag, str) else None
            if child.tag == "cnode":
                self.category(child, depth)
            elif child.tag == "pnode":
                if root_name and not depth:
                    self.key(root_name, 0, child.sourceline)
                self.pattern(child, name or "")
                self.close(depth)
            elif name is not None:
                self.lose(f"<{child.tag}>", child.sourceline, "unknown element", self.path, name)

    def category(self, node: Any, depth: int) -> None:
        if not (node.get("name") or "").strip():
            raise broken(self.place, node.sourceline, 'a <cnode> has no name; write name="…".')
        frame = self.key(node.get("name"), depth, node.sourceline, node.get("desc", ""))
        if node.get("score") is not None:
            self.lose(f"score {node.get('score')}", node.sourceline, "only patterns have weights", frame)
        self.node(node, depth + 1)
        self.close(depth)

    def pattern(self, node: Any, name: str) -> None:
        line, frame = node.sourceline, self.path
        if not frame:
            raise broken(self.place, line, f"pattern {name!r} is in no category. Put it into a <cnode>.")
        if self.regexp and REGEXP & set(name):
            self.lose("pattern", line, "a regular expression", frame, name)
            return
        if (weight := as_number(node.get("score", "1"))) is None:
            raise broken(self.place, line, f"score {node.get('score')!r} is not a number.")
        pattern = open_ended(name) if self.substrings else " ".join(name.split())
        self.terms.append(Term(frame, pattern, line, weight))


def open_ended(name: str) -> str:
    """A pattern of Lexicoder 2, which finds parts of words, as globs: only a blank at an end is a word's edge."""
    words = " ".join(name.split())
    if not words:
        return words
    before = "" if name[0].isspace() or words[0] == "*" else "*"
    return before + words + ("" if name[-1].isspace() or words[-1] == "*" else "*")


def write_yoshikoder(dictionary: Dictionary) -> str:
    """The XML that Yoshikoder opens."""
    from lxml import etree

    root = etree.Element("dictionary", STYLE)
    nodes = {"": etree.SubElement(root, "cnode", name=dictionary.name, desc=dictionary.source)}
    for key in dictionary.families:
        above, _, name = key.rpartition(".")
        nodes[key] = etree.SubElement(nodes[above], "cnode", name=name, desc=dictionary.frames.get(key, ""))
    for term in dictionary.terms:
        score = {"score": number(term.weight)} if term.weight != 1 else {}
        etree.SubElement(nodes[term.frame], "pnode", name=term.pattern, **score)
    text = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return bytes(text).decode("utf-8")


YOSHIKODER = Format(
    "yoshikoder", "Yoshikoder's .ykd", (".ykd", ".lcd"), read_yoshikoder, write_yoshikoder,
    holds=frozenset({"entry.weight", "frame.meaning", "frame.empty", "lexicon.source"}), word=re.compile(r"[^?]+"),
)  # fmt: skip
