"""What the numbers were measured with: the lexicon, how often it is right, versions and settings."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

import pandas as pd

from analysis.corpus.made import NAME, own_version
from analysis.frames.lexicon import Lexicon
from analysis.frames.validate import validate
from analysis.frames.validation.coded import GOLD, clusters, load_coded
from analysis.frames.validation.crossed import cross_validate

from .findings import Findings
from .measured import measure

GOLD_FRAMES, GOLD_PAIR = ["alliance", "pragmatism", "economy"], ("Russia", "China")
GOLD_TOLD = (
    "The passages were coded from the codebook by a language model, three times over, not by people; and they are "
    "taken from the corpora that come with the project. On other outlets and years expect less."
)
OWN_TOLD = "The passages are those that came with this report."
MEASURES = ("precision", "recall", "f1")
FOLDS = 5
LIBRARIES = (NAME, "numpy", "pandas", "polars", "scipy", "scikit-learn", "matplotlib")


@dataclass(frozen=True)
class Measured:
    """The tables of ``validate`` and of ``cross_validate``, and what the passages are; empty where none fit."""

    validation: pd.DataFrame
    held_out: pd.DataFrame
    told: str = ""


UNMEASURED = Measured(pd.DataFrame({"frame": []}), pd.DataFrame({"frame": []}))


def measured(lexicon: Lexicon, coded: pd.DataFrame | None = None) -> Measured:
    """How right the lexicon is on these coded passages, or else on those of the project where they fit it."""
    told = OWN_TOLD
    if coded is None:
        if not GOLD.exists() or (lexicon.labels, tuple(lexicon.about)) != (GOLD_FRAMES, GOLD_PAIR):
            return UNMEASURED
        coded, told = load_coded(), GOLD_TOLD
    validation = validate(lexicon, coded)
    stories = clusters(coded, None).nunique()
    held_out = cross_validate(lexicon, coded, folds=min(FOLDS, stories)) if stories > 1 else validation.iloc[:0]
    return Measured(validation, held_out, told)


def validation_table(instrument: Measured) -> pd.DataFrame | None:
    """Precision, recall and F1 a frame with their intervals, and F1 held out; None where nothing was coded."""
    if instrument.validation.empty:
        return None
    columns = {m: [measure(row, m) for _, row in instrument.validation.iterrows()] for m in MEASURES}
    table = pd.DataFrame({"frame": instrument.validation["frame"].astype("str"), **columns})
    held_out = {row["frame"]: measure(row, "f1") for _, row in instrument.held_out.iterrows()}
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


def made_table(found: Sequence[Findings], lexicon: Lexicon, seed: int) -> pd.DataFrame:
    """Versions, settings, and the sha256 of each input table."""
    rows = [("Python", platform.python_version()), *((name, _version(name)) for name in LIBRARIES)]
    rows += [("seed", str(seed)), ("about", " and ".join(found[0].about)), ("lexicon", lexicon.name)]
    rows += [("lexicon from", lexicon.source)] if lexicon.source else []
    rows += [(f"sha256 of {findings.name}, as csv", findings.digest) for findings in found]
    return pd.DataFrame(rows, columns=["what", "which"])


def _version(name: str) -> str:
    return own_version() if name == NAME else version(name)
