"""A study that others can check: its tables without the texts, and whether they come out the same again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from hashlib import sha256
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.compare.differences import outlet_differences, outlets_differ
from analysis.compare.estimates import compare_outlets
from analysis.compare.inference import Inference
from analysis.corpus.clean import clean
from analysis.corpus.copies import mark_copies
from analysis.corpus.files import csv_text, read_table, write_whole
from analysis.corpus.passages import passages as passages_of
from analysis.corpus.provenance import versions
from analysis.frames.coding.certificate import Certificate
from analysis.frames.formats.files import read_lexicon
from analysis.frames.formats.write_yaml import written
from analysis.frames.lexicon import Lexicon
from analysis.frames.match import find_frames
from analysis.frames.shares import frame_shares

CRATE = "ro-crate-metadata.json"
SETTINGS, LEXICON = "settings.json", "lexicon.yaml"
RUN = 8  # words of an article in a row that would give away its text
# What is kept of an article, a passage and a hit: where it stands and what it is called, never its words.
ARTICLE = ("doc_id", "outlet", "date", "language", "story_id", "copy_of", "overlap", "problem")
PASSAGE = ("passage_id", "doc_id", "position", "start", "end", "sha256")
HIT = ("doc_id", "passage_id", "start", "end", "frame", "entry", "negated")
FOUND, COMPUTED = ("articles", "passages", "hits"), ("shares", "estimates", "omnibus", "differences")


def write_deposit(
    articles: pd.DataFrame,
    lexicon: Lexicon,
    folder: str | PathLike[str],
    *,
    certificates: Sequence[Certificate] = (),
    how: Inference | None = None,
) -> Path:
    """The folder of a deposit: an RO-Crate without the texts, whose tables ``verify_deposit`` computes again.

    It holds articles (ids, outlets, dates, stories, hashes of text and title), passages and hits by their place,
    the lexicon, certificates with their codes, settings and versions, and the tables of shares, estimates and
    differences, each with its hash. Articles are taken as read; they are cleaned and copies are marked here.

    Raises
    ------
    ValueError
        Eight words in a row of an article would stand in a file, as in an id made of a title; or the folder holds
        something else.

    References
    ----------
    RO-Crate 1.1 (Sefton et al. 2021).
    """
    target, how = Path(folder).expanduser(), how or Inference()
    begun = any((target / name).exists() for name in (CRATE, SETTINGS))  # the last and the first that is written
    if target.exists() and not begun and any(not path.name.startswith(".") for path in target.iterdir()):
        raise ValueError(f"{target}: the folder holds something else. Name a new or an empty folder.")
    found = _found(articles, lexicon)
    kept = {
        **{f"{name}.csv": "\ufeff" + csv_text(table) for name, table in found.items()},
        LEXICON: written(lexicon),
        SETTINGS: _json({"how": asdict(how), "versions": versions()}),
    }
    _refuse_text(kept, [*articles["text"], *articles.get("title", pd.Series(dtype="str"))])
    target.mkdir(parents=True, exist_ok=True)
    write_whole(target / SETTINGS, kept[SETTINGS])
    (target / "certificates").mkdir(exist_ok=True)
    for number, one in enumerate(certificates, start=1):
        name = f"certificates/{number}.json"
        kept[name] = one.write(target / name).read_text("utf-8")
    for name, content in kept.items():
        write_whole(target / name, content)
    for name, content in _computed(target).items():
        write_whole(target / name, content)
        kept[name] = content
    write_whole(target / CRATE, _crate(lexicon, kept))
    return target


def verify_deposit(folder: str | PathLike[str], articles: pd.DataFrame | None = None) -> pd.DataFrame:
    """Whether each part of a deposit holds: a row a check, ``what, holds, found``.

    Each file has the hash that was written down; each table comes out the same, byte for byte, when it is computed
    again from articles, passages, hits and settings. With ``articles`` (as read, with their texts) these are the
    texts of the study, and their passages and hits come out the same.

    Raises
    ------
    ValueError
        The folder is not a deposit.
    """
    target = Path(folder).expanduser()
    rows = [(f"{name} is as deposited", *_same_hash(target / name, hashed)) for name, hashed in _files(target)]
    if all(holds for _, holds, _ in rows):
        again = _computed(target)
        rows += [(f"{name} comes out the same", *_same(target / name, text)) for name, text in again.items()]
        if articles is not None:
            found = _found(articles, read_lexicon(target / LEXICON))
            rows += [
                (f"{name}.csv comes out the same from the texts",
                 *_same(target / f"{name}.csv", "\ufeff" + csv_text(table)))
                for name, table in found.items()
            ]  # fmt: skip
    return pd.DataFrame(rows, columns=["what", "holds", "found"])


def _found(articles: pd.DataFrame, lexicon: Lexicon) -> dict[str, pd.DataFrame]:
    """Articles, passages and hits as they are kept."""
    prepared = mark_copies(clean(articles))
    passages = passages_of(prepared, about=lexicon.about or None)
    hits = find_frames(passages, lexicon)
    hashes = {
        f"{name}_sha256": [_hash(text) for text in articles[name]]
        for name in ("text", "title")
        if name in articles
    }
    tables = (
        prepared[[name for name in ARTICLE if name in prepared]].assign(**hashes),
        passages.assign(sha256=[_hash(text) for text in passages["text"]])[list(PASSAGE)],
        hits[list(HIT)],
    )
    return dict(zip(FOUND, tables, strict=True))


def _computed(folder: Path) -> dict[str, str]:
    """The tables of results, computed from what the deposit holds, as CSV."""
    articles, passages, hits = (read_table(folder / f"{name}.csv") for name in FOUND)
    articles["date"] = pd.to_datetime(articles["date"]) if "date" in articles else pd.NaT
    lexicon = read_lexicon(folder / LEXICON)
    how = Inference(**json.loads((folder / SETTINGS).read_text("utf-8"))["how"])
    shares = frame_shares(hits, passages.assign(text=""), weights=lexicon)  # which hits are there is decided
    tables = (
        shares,
        compare_outlets(shares, articles, how=how),
        outlets_differ(shares, articles, how=how),
        outlet_differences(shares, articles, how=how),
    )
    return {
        f"{name}.csv": "\ufeff" + csv_text(table.reset_index() if table.index.name else table)
        for name, table in zip(COMPUTED, tables, strict=True)
    }


def _crate(lexicon: Lexicon, kept: dict[str, str]) -> str:
    """The metadata of an RO-Crate: what each file is, with its hash."""
    about = " and ".join(lexicon.about) or "any passage"
    parts = [{"@id": name, "@type": "File", "sha256": _hash(content)} for name, content in sorted(kept.items())]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"How outlets frame {about}: {lexicon.name}",
        "description": "Places, hashes and figures of a study without its texts; framing verify checks them.",
        "hasPart": [{"@id": part["@id"]} for part in parts],
    }
    head = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    return _json({"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": [head, root, *parts]})


def _files(folder: Path) -> list[tuple[str, str]]:
    try:
        graph = json.loads((folder / CRATE).read_text("utf-8"))["@graph"]
        files = [(str(part["@id"]), str(part["sha256"])) for part in graph if part["@type"] == "File"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{folder}: this is not a deposit; {CRATE} cannot be read. Name its folder.") from error
    if outside := [name for name, _ in files if not (folder / name).resolve().is_relative_to(folder.resolve())]:
        raise ValueError(f"{folder}: {CRATE} names a file outside the deposit. Found: {outside[0]!r}.")
    return files


def _same_hash(path: Path, expected: str) -> tuple[bool, str]:
    if not path.exists():
        return False, "missing"
    actual = sha256(path.read_bytes()).hexdigest()
    return actual == expected, "" if actual == expected else "changed"


def _same(path: Path, text: str) -> tuple[bool, str]:
    """Whether a file holds this text, and else the first line that differs."""
    kept, again = (one.splitlines() for one in (path.read_text("utf-8"), text))
    differing = (n for n in range(max(len(kept), len(again))) if kept[n : n + 1] != again[n : n + 1])
    first = next(differing, None)
    return first is None, "" if first is None else f"line {first + 1} differs"


def _refuse_text(kept: dict[str, str], texts: list[Any]) -> None:
    held = {run: name for name, content in kept.items() for run in _runs(content)}
    for text in texts:
        if name := next((held[run] for run in _runs(str(text)) if run in held), None):
            raise ValueError(
                f"{name}: {RUN} words in a row of an article would stand in it. Use ids not made of titles."
            )


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return (tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1))


def _hash(text: object) -> str:
    return sha256(str(text).encode("utf-8", "surrogatepass")).hexdigest()


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, default=str) + "\n"
