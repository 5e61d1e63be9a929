"""What the numbers were measured with: the lexicon, how often it is right, versions and settings."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pandas as pd

from analysis.frames.lexicon import Lexicon
from analysis.frames.validate import validate

from .findings import Findings

CODED = Path(__file__).parents[2] / "data" / "gold" / "russia_china_coded.csv"  # beside the package, not in it
CODED_FRAMES, CODED_PAIR = ["alliance", "pragmatism", "economy"], ("Russia", "China")
MEASURES = ("precision", "recall", "f1")
LIBRARIES = ("outlet-framing", "numpy", "pandas", "polars", "scipy", "scikit-learn", "matplotlib")


def validation_table(lexicon: Lexicon) -> pd.DataFrame | None:
    """Precision, recall and F1 a frame with their intervals; None for a lexicon without coded passages."""
    if not CODED.exists() or (lexicon.labels, tuple(lexicon.about)) != (CODED_FRAMES, CODED_PAIR):
        return None
    measured = validate(lexicon, pd.read_csv(CODED))
    columns = {m: [_measure(row, m) for _, row in measured.iterrows()] for m in MEASURES}
    return pd.DataFrame({"frame": measured["frame"].astype("str"), **columns})


def _measure(row: pd.Series, name: str) -> str:
    """A measure as it is printed; one that rests on no case is a dash.

    >>> _measure(pd.Series({"f1": 0.5, "f1_low": 0.25, "f1_high": 0.75}), "f1")
    '.50 [.25, .75]'
    """
    if pd.isna(row[name]):
        return "–"
    middle, low, high = (f"{row[key]:.2f}".removeprefix("0") for key in (name, f"{name}_low", f"{name}_high"))
    return f"{middle} [{low}, {high}]"


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
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed as a distribution"
