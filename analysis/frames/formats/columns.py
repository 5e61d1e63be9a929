"""What the columns of a table are called, and what rows may be that are not frames with their patterns."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from shlex import quote
from typing import Any

from analysis.corpus.files import shipped
from analysis.corpus.tables import key
from analysis.frames.formats.dictionary import as_number, broken

Rows = list[tuple[int, list[str]]]  # with the line in which each begins; all as wide as the widest

COLUMNS = ["frame", "pattern", "weight", "entry", "note", "source"]
FEW = 3  # rows: fewer may well be a frame each
LABELLED = re.compile(r"\[.*\]$|[^:=]*[^\W_]\s*[:=]\s*(\w|\W?$)")  # "war: missile*, shell", "war =", "[war]"
# whether a word is in the category above a cell
MARKS = dict.fromkeys(("x", "1", "yes", "true", "ja", "oui", "sí", "да", "是"), 1.0)
MARKS |= dict.fromkeys(("", "0", "no", "false", "nein", "non", "нет", "否"), 0.0)


@cache
def _called() -> dict[str, str]:
    """Our columns by what first rows call them, the likeliest names first."""
    called = shipped("analysis.frames.formats", "fields.yaml")["called"]
    return {key(name): ours for ours, names in called.items() for name in names.split()}


def meant_by(name: str) -> str:
    """Which of our columns a name means, if any; "word2" is one of several of a kind."""
    return _called().get(key(name).rstrip("0123456789"), "")


def roles_of(cells: Sequence[str]) -> list[str]:
    """The names in a row: ours, what means them, and others as they are; "Word1, Word2" are patterns both."""
    names = [key(cell).rstrip("0123456789") for cell in cells]
    roles, likely = [cell.lower() for cell in cells], [*_called()]
    for ours in dict.fromkeys(_called().values()):
        if ours not in roles and (meant := [name for name in names if _called().get(name) == ours]):
            best = min(meant, key=likely.index)
            same = [at for at, name in enumerate(names) if name == best]
            for at in same if ours == "pattern" else same[:1]:
                roles[at] = ours
    if roles[-2:] == ["", ""] and "pattern" in roles and not any(roles[(last := roles.index("pattern") + 1) :]):
        roles[last:] = ["pattern"] * len(roles[last:])  # one name, "Words", above several columns
    return roles


def marks_only(column: Sequence[str]) -> bool:
    """Whether cells only say if words belong to the frame named above: X or 1, or its name."""
    name, *cells = map(str.lower, column)
    return all(cell in MARKS or cell == name for cell in cells)


def refuse_others(rows: Rows, place: str) -> None:
    """Refuses rows that are not frames with their patterns, and names the columns of what they may be."""
    line, head = rows[0]
    labelled = [LABELLED.match(cells[0]) for _, cells in rows]
    once = len({cells[0] for _, cells in rows}) == len(rows)
    if labelled[0] and (len(head) == 1 or (once and all(labelled))):
        what = f"{head[0]!r} looks like a frame with its words"
        raise broken(place, line, f"{what}. Write 'war: [missile*, shelling]', a line each, into a .yaml file.")
    if len(head) == 1:
        signs = "commas" if place.lower().endswith(".csv") else "tabs"
        words = named_as(pattern=1 if meant_by(head[0]) != "pattern" else head[0])
        hint = f"Divide the cells by {signs}: frame, then pattern. Of words alone, {words}."
        raise broken(place, line, f"no pattern in {head}. {hint}")
    columns = [*zip(*(cells for _, cells in rows), strict=True)]
    if forms := [f"If {said}, {named_as(**shape)}." for said, shape in _forms(columns, roles_of(head))]:
        what = f"which columns hold frames and their patterns is not clear. Found: {', '.join(filter(None, head))}"
        raise broken(place, line, f"{what}. {' '.join(forms)}")


def _forms(columns: Sequence[Sequence[str]], roles: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a table may hold in place of frames with their patterns, and how its columns are then named."""
    head, (first, second), third = [column[0] for column in columns], columns[:2], [*columns[2:3], ()][0]
    known, pairs = {*roles} & {"frame", "pattern"}, {"pattern": 1, "frame": 2}
    scores = [at for at, column in enumerate(columns) if _scores(column[bool(known) :], named=not known)]
    if "frame" in known:
        yield "one of the others holds patterns", {"frame": head[roles.index("frame")], "pattern": "…"}
    elif 1 in scores and (as_number(second[0]) is not None or len(scores) == 1):
        forms = {"forms": 3} if any(re.match(r"\w+,\w", cell) for cell in third) else {}
        yield "they are words and scores", {"pattern": 1, "weight": 2, **forms}
        if len({*second}) < len(second) and all(map(str.isdecimal, second)):
            yield "the numbers are codes of frames", pairs
    elif known or 1 in scores:
        marked = [at for at, column in enumerate(columns) if marks_only(column) and any(column[1:])]
        frames = [head[at] for at in sorted({*scores, *marked}) if head[at]]
        said = "these columns each score a frame (leave out others)" if frames else "another holds frames"
        yield said, {"pattern": head[roles.index("pattern") if known else 0], "frame": frames or "…"}
    elif third and _scores(third) and ("0" in third or len({*first}) > len({*second})):
        yield "they are words, their frames and scores", {**pairs, "weight": 3}
    else:
        yield from _doubts(columns, third)


def _doubts(columns: Sequence[Sequence[str]], third: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What rows may be with patterns or most words in their first cell, or without weights in their third."""
    full = [cells for cells in zip(*columns, strict=True) if cells[1]]
    first, second = ([cells[at] for cells in full] for at in (0, 1))
    globs, words = "*" in "".join(first), any(third) and not _scores(third)
    once, few = len({*first}) == len(first), len(first) < FEW
    if not (globs or words or (not few and (once or len({*first}) > len({*second})))):
        return
    if globs or few or len({*second}) < len(second):
        yield "they are words with their frames (by name, if the first row names them)", {"pattern": 1, "frame": 2}
    head = [column[0] for column in columns if column[0]]
    if all(
        max(Counter(filter(None, column)).values(), default=1) == 1 for column in columns
    ) and "*" not in "".join(head):
        yield "each column lists the words of a frame", {"frame": head}
    if words and not globs:
        yield "each row lists a frame and its words", {"frame": 1, "pattern": [*range(2, len(columns) + 1)]}
    if words and not once:
        yield "they are frames, each with a pattern", {"frame": 1, "pattern": 2}


def _scores(column: Sequence[str], *, named: bool = False) -> bool:
    """Whether cells are numbers or empty; of three or more the first may be a name."""
    given = [cell for cell in column if cell]
    return bool(given) and None not in map(as_number, given[named and len(given) > 2 :])


def named_as(**columns: Any) -> str:
    """How to say which column is what, in Python and on the command line."""
    shell = [f"{name}={','.join(map(str, at)) if isinstance(at, list) else at}" for name, at in columns.items()]
    words = " ".join(f"--column {quote(one)}" for one in shell)
    python = json.dumps(columns, ensure_ascii=False)
    return f"give columns={python}, or in a shell: framing lexicon convert IN OUT.yaml {words}"
