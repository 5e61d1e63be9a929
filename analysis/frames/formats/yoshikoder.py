"""Yoshikoder's dictionaries (``.ykd``, and Lexicoder 2's ``.lcd``): XML of categories and patterns.

``cnode`` is a category with ``name``, ``desc`` and ``score``, ``pnode`` a pattern with ``name`` and ``score``
(Lowe, Yoshikoder; Young & Soroka, Lexicoder 2). The outermost category of a ``.ykd`` is the dictionary itself.
"""

import re
from dataclasses import dataclass
from typing import Any

from analysis.frames.formats.dictionary import Dictionary, Format, Term, as_number, broken, families, number

STYLE = {"style": "050805", "patternengine": "substring"}  # what Yoshikoder 0.6 writes
REGEXP = frozenset("*?.+^$[]{}()|\\")  # of these characters even "*" means something else in a regular expression


def read(text: str, place: str) -> Dictionary:
    """The categories, patterns and scores of a Yoshikoder dictionary."""
    root = _parsed(text, place)
    if root.tag != "dictionary":
        what = f"<{root.tag}> opens the file; a Yoshikoder dictionary opens with <dictionary>."
        raise broken(place, root.sourceline, what)
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
            self.lose(f"score {node.get('score')}", node.sourceline, "only patterns weigh", frame)
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


def write(dictionary: Dictionary) -> str:
    """The XML that Yoshikoder opens."""
    from lxml import etree

    root = etree.Element("dictionary", STYLE)
    nodes = {"": etree.SubElement(root, "cnode", name=dictionary.name, desc=dictionary.source)}
    for key in families(dictionary.frames):
        above, _, name = key.rpartition(".")
        nodes[key] = etree.SubElement(nodes[above], "cnode", name=name, desc=dictionary.frames.get(key, ""))
    for term in dictionary.terms:
        score = {"score": number(term.weight)} if term.weight != 1 else {}
        etree.SubElement(nodes[term.frame], "pnode", name=term.pattern, **score)
    text = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return bytes(text).decode("utf-8")


YOSHIKODER = Format(
    "yoshikoder", "Yoshikoder's .ykd", (".ykd", ".lcd"), read, write,
    holds=frozenset({"entry.weight", "frame.meaning", "frame.empty", "lexicon.source"}), word=re.compile(r"[^?]+"),
)  # fmt: skip
