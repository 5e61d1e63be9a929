"""YAML read as text: mappings know their line, and every complaint names file, line and remedy."""

import re
from collections.abc import Sequence
from typing import Any

import yaml

LINE = "\0line"  # no YAML key can be this


class _Lined(yaml.BaseLoader):
    """Loads every scalar as text ("no" is a word here, not false) and mappings that remember their line."""


def _mapping(loader: _Lined, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise yaml.MarkedYAMLError(
                problem="a key must be a word; put quotes round it", problem_mark=key.start_mark
            )
        if key.value in seen:
            raise yaml.MarkedYAMLError(
                problem=f"key {key.value!r} stands twice; join the two", problem_mark=key.start_mark
            )
        seen.add(key.value)
    return {**loader.construct_mapping(node, deep=True), LINE: node.start_mark.line + 1}


_Lined.add_constructor("tag:yaml.org,2002:map", _mapping)


class Nodes:
    """The nodes of one YAML text, handed out checked; ``kinds`` are the keys each kind of mapping may have."""

    def __init__(self, text: str, place: str, kinds: dict[str, tuple[str, ...]]) -> None:
        self.place, self.kinds = place, kinds
        try:
            self.root = yaml.load(text, _Lined)  # text alone, no objects
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise self.error(f"not valid YAML: {error.problem}", line) from None
        except (yaml.YAMLError, RecursionError) as error:
            raise self.error(f"not valid YAML: {str(error).splitlines()[0]}", 1) from None
        if not isinstance(self.root, dict):
            raise self.error("holds no lexicon; begin with 'frames:'", 1)

    def error(self, what: str, line: int) -> ValueError:
        return ValueError(f"{self.place}, line {line}: {what}.")

    def checked(self, node: Any, kind: str, line: int) -> dict[str, Any]:
        """The mapping, if it is one and all its keys are known."""
        known = among(self.kinds[kind])
        if not isinstance(node, dict):
            raise self.error(f"{kind} must be a mapping with {known}; found {shown(node)}", line)
        unknown = [key for key in node if key != LINE and key not in self.kinds[kind]]
        if unknown:
            raise self.error(f"unknown key {unknown[0]!r} in {kind}; known are {known}", node[LINE])
        return node

    def strings(self, node: Any, what: str, line: int) -> tuple[str, ...]:
        """A list of strings; one string is a list of one."""
        found = [node] if isinstance(node, str) else node
        if not isinstance(found, list) or not all(isinstance(item, str) and item for item in found):
            raise self.error(f"{what} must be a list of words or phrases; found {shown(node)}", line)
        return tuple(found)

    def string(self, node: Any, what: str, line: int) -> str:
        if not isinstance(node, str):
            raise self.error(f"{what} must be a text; found {shown(node)}", line)
        return node

    def whole(self, node: Any, what: str, least: int, most: int, line: int) -> int:
        """A whole number within bounds."""
        if not re.fullmatch(r"[0-9]{1,3}", str(node)) or not least <= int(node) <= most:
            raise self.error(f"{what} from {least} to {most}, not {shown(node)}", line)
        return int(node)


def shown(node: Any) -> str:
    """What was found, without the lines noted in it."""
    return repr(_bare(node))


def _bare(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _bare(value) for key, value in node.items() if key != LINE}
    return [_bare(item) for item in node] if isinstance(node, list) else node


def among(words: Sequence[str]) -> str:
    return ", ".join(words)
