"""The codebook that people and models code by, read from the file that people get, and the prompt made from it."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from analysis.corpus.files import shipped
from analysis.corpus.provenance import digest, text_hash
from analysis.frames.coding.sample import CODEBOOK
from analysis.frames.formats.dictionary import composed
from analysis.frames.formats.read_yaml import plain

PARTS = {  # headings that do not name a frame
    "rules": re.compile(r"(coding )?rules?( \w+)?$", re.I),
    "settled": re.compile(r"(settled\b|cases?\b.*|.*\bcases$)", re.I),
    "examples": re.compile(r"(.* )?examples?$", re.I),
    "about": re.compile(r"(how to|units?|questions?|instructions?|introduction|background|general|scope)\b", re.I),
    "frames": re.compile(r"(frames?|categories|labels|codes|definitions)$", re.I),
}
HEADING = re.compile(r"(#+)\s+(?:\d+[.)]\s+)?(?:frame(?: \d+)?:\s*)?(.*?)[\s#:]*$", re.I)
# "- **alliance**: the two …", or "`alliance` = 1 if the two …"
FRAME = re.compile(r"(?:[-*•]\s+(\*\*|__|`)(.+?)[:.]?\1\s*[:–—-]?|`(\w+)`\s*=)\s*(.*)$", re.S)
LIST = re.compile(r"\**(rules|settled|examples)( cases)?\**[.:]\**\s+", re.I)  # "Rules. (1) Whoever …"
ITEM = re.compile(r"^\s*(?:\d+[.)]|[-*•])\s+", re.M)
INLINE = re.compile(r"\s*\(\d+\)\s+")  # "(1) Whoever says it counts. (2) …"
TAKEN = ("passage_id", "doc_id", "text", "note", "coder", "label", "code")
CONTEXT = ("title", "before", "after")
LISTS = ("rules", "settled", "examples")


@dataclass(frozen=True)
class Codebook:
    """Frames with their definitions, rules, settled cases and examples, as people read them.

    Attributes
    ----------
    name, about : str
        The title, and what comes before the frames: the unit and the question.
    definitions : mapping
        The definition of each frame, in order.
    rules, settled, examples : tuple of str
        Rules, cases that coders had to settle, and coded examples.
    """

    name: str
    definitions: Mapping[str, str]
    about: str = ""
    rules: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        where = f"codebook {self.name!r}"
        if not self.definitions:
            hint = "Write a heading '## name' or a line '- **name**: definition' for each frame."
            raise ValueError(f"{where}: no frame is defined. {hint}")
        for frame, definition in self.definitions.items():
            if not str(definition).strip():
                raise ValueError(f"{where}: frame {frame!r} has no definition. Write when it is coded 1.")
            if not frame.strip() or frame in TAKEN:
                raise ValueError(f"{where}: a frame is called {frame!r}, as a column of codes is. Rename it.")

    @property
    def labels(self) -> list[str]:
        return list(self.definitions)

    @property
    def sha256(self) -> str:
        """The hash of its content; the order of the frames does not matter."""
        return digest([sorted(self.definitions.items()), self.about, self.rules, self.settled, self.examples])

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON schema of a reply."""
        codes = {label: {"type": "integer", "enum": [0, 1]} for label in self.definitions}
        return _object({"passage": {"type": "string"}, "codes": _object(codes)})

    def prompt(self, passage: str | Mapping[str, Any], *, wording: int | str = 0) -> str:
        """What a model is asked of one passage: a text, or a row with ``text`` and perhaps its context.

        ``wording`` is the number of a paraphrase of the task (0, 1 or 2), or a task in your own words.
        """
        row = {"text": passage} if isinstance(passage, str) else passage
        asked = wordings()
        task, question = asked[wording] if isinstance(wording, int) else (wording, asked[0][1])
        mark = reference(row["text"])
        known = [name for name in CONTEXT if isinstance(row.get(name), str) and row[name].strip()]
        codes = ", ".join(f"{json.dumps(label, ensure_ascii=False)}: 0 or 1" for label in self.definitions)
        answer = f'Reply with one JSON object and nothing else: {{"passage": "{mark}", "codes": {{{codes}}}}}'
        given = [*(f"{name}: {row[name]}" for name in known), f"[{mark}]", row["text"], f"[{mark}]"]
        fenced = shipped("analysis.frames.coders", "prompts.yaml")["fenced"].format(reference=mark)
        shown = "\n".join([fenced, *given])
        return "\n\n".join([task, self.text, "# Passage", shown, "# Answer", question, answer])

    @property
    def text(self) -> str:
        """The codebook as Markdown."""
        frames = [f"## {name}\n{definition}" for name, definition in self.definitions.items()]
        lists = {"Rules": self.rules, "Settled cases": self.settled, "Examples": self.examples}
        more = [f"## {name}\n" + "\n".join(f"{at}. {item}" for at, item in enumerate(items, 1))
                for name, items in lists.items() if items]  # fmt: skip
        return "\n\n".join(filter(None, [f"# Codebook: {self.name}", self.about, *frames, *more]))

    def reordered(self, seed: int | None = None) -> "Codebook":
        """The same with its frames in reverse order, or shuffled."""
        names = self.labels[::-1] if seed is None else list(np.random.default_rng(seed).permutation(self.labels))
        return replace(self, definitions={str(name): self.definitions[str(name)] for name in names})


def wordings() -> list[list[str]]:
    """The paraphrases of the task, each with its question."""
    return list(shipped("analysis.frames.coders", "prompts.yaml")["wordings"])


def reference(text: str) -> str:
    """How a prompt names its passage: by its text, since an id may show the outlet."""
    return text_hash(text)[:8]


def read_codebook(path: str | PathLike[str], *, frames: Sequence[str] | None = None) -> Codebook:
    """The codebook in a file of Markdown or YAML, the one that human coders get.

    Parameters
    ----------
    path : str or path
        The file, or the folder of ``sample_to_code`` with its ``codebook.md``. In Markdown a frame is a heading
        with its definition below, or a line ``- **name**: definition``; headings such as "Rules", "Settled cases"
        and "Examples" end the frames, and what follows under other headings is not sent to models. In YAML
        ``frames`` maps names to definitions beside ``about``, ``rules``, ``settled`` and ``examples``.
    frames : sequence of str, optional
        The headings that are frames, where other headings come before the rules.

    Returns
    -------
    Codebook
        Its ``labels`` with their ``definitions``, ``rules``, ``settled`` cases and ``examples``.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "codebook.md")
    >>> _ = path.write_text("# War\\n## war\\nArmed conflict.\\n## Rules\\n1. Whoever says it counts.")
    >>> book = read_codebook(path)
    >>> book.labels, book.rules
    (['war'], ('Whoever says it counts.',))
    """
    file = Path(path)
    file = file / CODEBOOK if file.is_dir() else file
    if not file.exists():
        raise FileNotFoundError(f"{file} does not exist. Name the codebook, or the folder of the coding sheets.")
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{file.name}: the codebook is not UTF-8 text. Save it as Markdown or YAML.") from None
    if file.suffix.lower() not in (".yaml", ".yml"):
        return _markdown(text, file.stem, frames)
    root = plain(composed(text, file.name), file.name)
    if not isinstance(root, dict):
        raise ValueError(f"{file.name}: a codebook in YAML is a mapping with 'frames'. Found: {root!r:.60}.")
    return _mapping(root, file.stem)


def meanings(labels: Iterable[Any], folder: Path) -> dict[str, str]:
    """What the codebook in a folder of sheets says of each label; nothing where it does not define one."""
    defined: Mapping[str, str] = {}
    with suppress(ValueError, FileNotFoundError):  # a codebook in free form is for people only
        defined = read_codebook(folder / CODEBOOK).definitions
    return {str(label): defined.get(str(label), "") for label in labels}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    required = list(properties)
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _mapping(root: dict[str, Any], name: str) -> Codebook:
    given = root.get("frames") or {}
    for part, kind in {"frames": dict | list, **dict.fromkeys(LISTS, list)}.items():
        if not isinstance(root.get(part) or [], kind):
            raise ValueError(f"codebook {name!r}: {part} must be a list. Found: {root[part]!r:.60}.")
    if isinstance(given, list):
        given = {str(one.get("name", "")): one for one in given if isinstance(one, dict)}
    definitions = {}
    for frame, value in given.items():
        if isinstance(value, dict):
            value = value.get("definition") or value.get("meaning")  # a lexicon has meanings
        definitions[str(frame)] = value.strip() if isinstance(value, str) else ""
    lists = {part: tuple(map(_example, root.get(part) or ())) for part in LISTS}
    about = "\n\n".join(str(root[part]).strip() for part in ("unit", "question", "about") if root.get(part))
    return Codebook(str(root.get("name") or root.get("title") or name), definitions, about, **lists)


def _example(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value).strip()
    codes = value["codes"] if isinstance(value.get("codes"), dict) else value
    coded = ", ".join(f"{name} {code}" for name, code in codes.items() if name != "text")
    return f"“{value.get('text', '')}”: {coded}"


def _markdown(text: str, name: str, frames: Sequence[str] | None) -> Codebook:
    parts: dict[str, list[str]] = {part: [] for part in ("about", *LISTS)}
    definitions: dict[str, str] = {}
    open_ = True  # frames come before rules, cases and examples
    for level, heading, body in _sections(text):
        named = heading and heading not in (frames or ())
        part = "about" if not heading else None
        part = next((part for part, pattern in PARTS.items() if named and pattern.match(heading)), part)
        if level == 1 and heading and part is None:
            name, part = re.sub(r"^codebook\s*[:–-]\s*", "", heading, flags=re.I), "about"
        if part is None and (heading in frames if frames else open_):
            if heading in definitions:
                raise ValueError(f"codebook {name!r}: frame {heading!r} is defined twice. Keep one definition.")
            definitions[heading] = body
        elif part in ("about", "frames"):
            parts["about"] += _before_frames(body, definitions, parts)
        elif part:
            parts[part] += _items(body)
            open_ = False
    return Codebook(name, definitions, "\n\n".join(parts["about"]), *(tuple(parts[part]) for part in LISTS))


def _sections(text: str) -> Iterable[tuple[int, str, str]]:
    """Level, heading and body of each section; what comes before the first heading has none."""
    found: list[tuple[int, str, list[str]]] = [(1, "", [])]
    for line in text.splitlines():
        if heading := HEADING.match(line):
            found.append((len(heading[1]), heading[2].strip("*_` "), []))
        else:
            found[-1][2].append(line)
    return [(level, heading, "\n".join(lines).strip()) for level, heading, lines in found]


def _before_frames(body: str, definitions: dict[str, str], parts: dict[str, list[str]]) -> list[str]:
    """The paragraphs that are neither a frame in a list nor rules, cases or examples in a row."""
    about = []
    for paragraph in re.split(r"\n\s*\n|\n(?=\s*[-*•]\s)", body):
        plain = paragraph.strip()
        if frame := FRAME.match(plain):
            definitions[(frame[2] or frame[3]).strip()] = " ".join(frame[4].split())
        elif listed := LIST.match(plain):
            parts[listed[1].lower()] += _items(plain[listed.end() :])
        elif plain:
            about.append(plain)
    return about


def _items(body: str) -> list[str]:
    parts = ITEM.split(body) if ITEM.search(body) else INLINE.split(body) if INLINE.search(body) else [body]
    return [" ".join(part.split()) for part in parts if part.strip()]
