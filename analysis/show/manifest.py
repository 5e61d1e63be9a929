"""The manifest: all that is needed to compute a report again, and to see that it is the same one."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import Any

import pandas as pd

from analysis.corpus.made import NAME, content_hash, own_version
from analysis.frames.lexicon import Lexicon

from .findings import Findings

LIBRARIES = (  # those by which a number or a line of a figure can change
    "numpy", "pandas", "polars", "pyarrow", "scipy", "scikit-learn", "ftfy", "matplotlib", "jinja2",
)  # fmt: skip
SETTINGS = ("level", "draws", "relabelings", "margin", "reprints", "stories", "against")


def manifest(
    found: Sequence[Findings], lexicon: Lexicon, *, seed: int, coded: pd.DataFrame | None = None
) -> pd.DataFrame:
    """``about, what, which``: inputs with their sha256, settings of each step, seed and versions."""
    rows = [
        *_inputs(found, lexicon, coded),
        ("run", "seed", str(seed)),
        ("run", "about", " and ".join(found[0].about)),
        *(row for one in found for row in _steps(one)),
        ("version", "Python", platform.python_version()),
        ("version", NAME, own_version()),
        *(("version", name, version(name)) for name in LIBRARIES),
    ]
    return pd.DataFrame(list(dict.fromkeys(rows)), columns=["about", "what", "which"])


def _inputs(
    found: Sequence[Findings], lexicon: Lexicon, coded: pd.DataFrame | None
) -> Iterator[tuple[str, str, str]]:
    for one in found:
        yield "input", f"{one.name}: articles received", f"{len(one.received):,}"
        yield "input", f"{one.name}: sha256 of them as csv", one.digest
        yield "input", f"{one.name}: sha256 after cleaning", content_hash(one.articles)
    yield "input", "lexicon", lexicon.name
    yield "input", "lexicon: sha256", content_hash(lexicon)
    if lexicon.source:
        yield "input", "lexicon: source", lexicon.source
    if coded is not None:
        yield "input", "coded passages", f"{len(coded):,}"
        yield "input", "coded passages: sha256", content_hash(coded)


def _steps(found: Findings) -> Iterator[tuple[str, str, str]]:
    """The settings of each step as its own table tells them."""
    for table in (found.estimates, found.differences):
        made = table.attrs.get("made")
        if made:
            yield "setting", str(made["step"]), _told(made["settings"])
    if found.topics is not None:
        yield "setting", f"{found.name}: fit_topics", f"k {len(found.topics.words)}, document: {found.topic_unit}"
    curve = found.scrutiny.curve.attrs.get("made")
    if curve:
        options = curve["settings"]["options"]
        tried = [f"{name}: {', '.join(map(str, values))}" for name, values in options.items()]
        yield "setting", f"{found.name}: robustness", "; ".join(tried)


def _told(settings: dict[str, Any]) -> str:
    return ", ".join(f"{name} {settings[name]}" for name in SETTINGS if settings.get(name) is not None)
