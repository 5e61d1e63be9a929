"""What the numbers were measured with and how they can be computed again: lexicon, codes, manifest."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.corpus.examples import example_path, load_example
from analysis.corpus.provenance import NAME, content_hash, own_version
from analysis.frames.coding.gold import clusters, judged
from analysis.frames.coding.sheets import sheet_rows
from analysis.frames.coding.validate import validate
from analysis.frames.lexicon import Lexicon

from ..measured import measure
from .findings import Findings

GOLD_FRAMES, GOLD_PAIR = ["alliance", "pragmatism", "economy"], ("Russia", "China")
GOLD_TOLD = (
    "The passages were coded from the codebook by a language model, three times over, not by people; and they are "
    "taken from the corpora that come with the project. On other outlets and years expect less."
)
OWN_TOLD = "The passages are those that came with this report."
MEASURES = ("precision", "recall", "f1")
FOLDS = 5


@dataclass(frozen=True)
class Measured:
    """The tables of ``validate``, also on held-out stories, and what the passages are; empty where none fit."""

    validation: pd.DataFrame
    held_out: pd.DataFrame
    told: str = ""
    coded: pd.DataFrame | None = None


UNMEASURED = Measured(pd.DataFrame({"label": []}), pd.DataFrame({"label": []}))


def measured(lexicon: Lexicon, coded: pd.DataFrame | None = None) -> Measured:
    """How right the lexicon is on these coded passages, or else on those of the project where they fit it."""
    told = OWN_TOLD
    if coded is None:
        if not example_path("coded").exists() or (lexicon.labels, tuple(lexicon.about)) != (
            GOLD_FRAMES,
            GOLD_PAIR,
        ):
            return UNMEASURED
        coded, told = load_example("coded"), GOLD_TOLD
    validation = validate(coded, lexicon).table
    folds = min(FOLDS, clusters(coded, None).nunique())
    held_out = validate(coded, lexicon, folds=folds).table if folds > 1 else validation.iloc[:0]
    return Measured(validation, held_out, told, coded)


def validation_table(instrument: Measured) -> pd.DataFrame | None:
    """Precision, recall and F1 a frame with their intervals, and F1 held out; None where nothing was coded."""
    if instrument.validation.empty:
        return None
    columns = {m: [measure(row, m) for _, row in instrument.validation.iterrows()] for m in MEASURES}
    table = pd.DataFrame({"frame": instrument.validation["label"].astype("str"), **columns})
    held_out = {row["label"]: measure(row, "f1") for _, row in instrument.held_out.iterrows()}
    return table.assign(**{"f1, held out": [held_out.get(frame, "–") for frame in table["frame"]]})


def entries_table(lexicon: Lexicon, found: Sequence[Findings]) -> pd.DataFrame:
    """A row an entry: what it looks for, why, and how often it matched in all corpora together."""
    hits = pd.concat([findings.hits.astype({"frame": "str"}) for findings in found])
    counts = hits.groupby(["frame", "entry"]).agg(
        hits=("doc_id", "size"), negated=("negated", "sum"), articles=("doc_id", "nunique")
    )
    named = pd.DataFrame(
        {
            "frame": [entry.frame for entry in lexicon.entries],
            "entry": [entry.name for entry in lexicon.entries],
            # spaced, so that a long choice can go on to the next line; it reads the same as a pattern
            "patterns": [" · ".join(entry.match).replace("|", " | ") for entry in lexicon.entries],
            "why": [entry.why for entry in lexicon.entries],
        }
    )
    return (
        named.join(counts, on=["frame", "entry"])
        .fillna(dict.fromkeys(counts, 0))
        .astype(dict.fromkeys(counts, int))
    )


ENDINGS = (".csv", ".tsv", ".xlsx", ".parquet")


def read_coded(path: Path, frames: Sequence[str]) -> pd.DataFrame:
    """The table of a csv, tsv, workbook or parquet file, fit for ``validate``.

    Raises:
        FileNotFoundError: no such file.
        ValueError: an unknown ending, a missing column, or a code that is not valid; the file is named.
    """
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not there. Name the file of coded passages.")
    if path.suffix.lower() not in ENDINGS:
        raise ValueError(f"{path}: coded passages are read from files that end in {', '.join(ENDINGS)}.")
    rows = pd.read_parquet(path) if path.suffix.lower() == ".parquet" else sheet_rows(path)
    coded = rows.reset_index(drop=True)
    try:
        judged(coded, frames)
    except ValueError as complaint:
        raise ValueError(f"{path}: {complaint}") from None
    return coded


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
