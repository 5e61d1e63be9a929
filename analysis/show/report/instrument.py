"""What the numbers were measured with and how they can be computed again: lexicon, codes, manifest."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import pandas as pd

import analysis as an
from analysis.compare.inference import Inference
from analysis.corpus.countries import About, names
from analysis.corpus.examples import example_path, load_example
from analysis.corpus.provenance import NAME, content_hash, own_version
from analysis.frames.coding.gold import clusters, judged
from analysis.frames.coding.sheets import sheet_rows
from analysis.frames.lexicon import Lexicon
from analysis.numbers import as_printed, counted

from ..measured import measure
from .findings import Findings
from .methods import choices

GOLD: dict[Literal["coded", "us-russia"], tuple[list[str], set[str]]] = {  # whose frames and pair each set has
    "coded": (["alliance", "pragmatism", "economy"], {"Russia", "China"}),
    "us-russia": (["confrontation", "rapprochement", "interference"], {"United States", "Russia"}),
}
GOLD_CODERS = "by a language model from the codebook, not by people"
MEASURES = ("precision", "recall", "f1")
FOLDS = 5


@dataclass(frozen=True)
class Instrument:
    """The lexicon, turned to the pair of the study, and how well it was measured: empty tables where it was not.

    ``note`` says where the lexicon is not used as it was written; ``coders`` who coded the passages ``coded``.
    """

    lexicon: Lexicon
    note: str
    validation: pd.DataFrame
    held_out: pd.DataFrame
    coders: str = ""
    coded: pd.DataFrame | None = None


def instrument(
    lexicon: Lexicon | str | Path, about: About | None = None, coded: pd.DataFrame | None = None
) -> Instrument:
    """The lexicon for a pair, measured on coded passages: the one place where the pair of a study is settled.

    ``about`` is the pair, ``()`` for every passage whatever its countries, None for the pair of the lexicon.
    Without ``coded``, the passages of the project are taken where they fit.
    """
    read = lexicon_of(lexicon)
    if about is None and not read.about:
        raise ValueError(
            f"lexicon: {read.name or 'it'} does not name a pair of countries. Give about=('Russia', 'China'), or "
            "about=() to count in every passage."
        )
    if about:
        names(about)  # refuses what is not two known countries
    note, settled = "", read
    if about is not None and set(about) != set(read.about):
        settled = replace(read, about=about if isinstance(about, dict) else tuple(about))
        if read.about:
            note = f"The lexicon {read.name} was written for {' and '.join(read.about)}."
    coders = "" if coded is None else "[by whom]"
    if coded is None and (gold := _gold(settled)) is not None:
        coded, coders = gold, GOLD_CODERS
    if coded is None:
        empty = pd.DataFrame({"label": [], "n": [], "precision": [], "recall": []})
        return Instrument(settled, note, empty, empty)
    validation = an.validate(coded, settled).table
    folds = min(FOLDS, clusters(coded, None).nunique())
    held_out = an.validate(coded, settled, folds=folds).table if folds > 1 else validation.iloc[:0]
    return Instrument(settled, note, validation, held_out, coders, coded)


def _gold(lexicon: Lexicon) -> pd.DataFrame | None:
    """The coded passages of the project that fit the lexicon, where they are there with their texts."""
    for name, (frames, pair) in GOLD.items():
        if (lexicon.labels, set(lexicon.about)) == (frames, pair):
            needed = [name] if name == "coded" else [name, "news"]
            return load_example(name) if all(example_path(one).exists() for one in needed) else None
    return None


def lexicon_of(lexicon: Lexicon | str | Path) -> Lexicon:
    """A lexicon as it is, by the name of one that ships, or from the file at a path."""
    return an.read_lexicon(lexicon) if isinstance(lexicon, (str, Path)) else lexicon


def certificate(found: Findings, used: Instrument) -> str:
    """The lexicon, and how right it is with what it was measured on, in sentences."""
    name = found.lexicon.name or "without a name"
    note = f" {used.note}" if used.note else ""
    if used.validation.empty or used.coded is None:
        return (
            f"Lexicon {name}: not measured, so how often it is right is not known.{note} Read these shares as "
            "counts of words. To measure it, code about fifty of these passages (sample_to_code)."
        )
    own = int(used.coded["text"].isin(found.passages["text"]).sum())
    passages = counted(len(used.coded), "passage")
    where = f"not measured on these texts; on {passages} of other texts"
    if own:
        where = (
            f"measured on {passages}, {'all' if own == len(used.coded) else f'{own:,}'} of them from these texts"
        )
    measures = ", ".join(f"{name} {_range(used.validation[name])}" for name in ("precision", "recall"))
    return f"Lexicon {name}: {where}, coded {used.coders}: {measures}.{note}"


def _range(values: pd.Series[float]) -> str:
    """The lowest and the highest of a measure over frames."""
    known = values.dropna()
    if known.empty:
        return "unknown"
    return " to ".join(dict.fromkeys(as_printed(value) for value in (known.min(), known.max())))


def validation_table(used: Instrument) -> pd.DataFrame | None:
    """Precision, recall and F1 a frame with their intervals, and F1 held out; None where nothing was coded."""
    if used.validation.empty:
        return None
    columns = {m: [measure(row, m) for _, row in used.validation.iterrows()] for m in MEASURES}
    table = pd.DataFrame({"frame": used.validation["label"].astype("str"), **columns})
    held_out = {row["label"]: measure(row, "f1") for _, row in used.held_out.iterrows()}
    return table.assign(**{"f1, held out": [held_out.get(frame, "–") for frame in table["frame"]]})


def entries_table(found: Findings) -> pd.DataFrame:
    """A row an entry: what it looks for, why, and how often it matched in this corpus."""
    counts = found.hits.astype({"frame": "str"}).groupby(["frame", "entry"]).agg(
        hits=("doc_id", "size"), negated=("negated", "sum"), articles=("doc_id", "nunique")
    )  # fmt: skip
    named = pd.DataFrame(
        {
            "frame": [entry.frame for entry in found.lexicon.entries],
            "entry": [entry.name for entry in found.lexicon.entries],
            # spaced, so that a long choice can go on to the next line; it reads the same as a pattern
            "patterns": [" · ".join(entry.match).replace("|", " | ") for entry in found.lexicon.entries],
            "why": [entry.why for entry in found.lexicon.entries],
        }
    )
    joined = named.join(counts, on=["frame", "entry"])
    return joined.fillna(dict.fromkeys(counts, 0)).astype(dict.fromkeys(counts, int))


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
    "numpy", "pandas", "pyarrow", "scipy", "scikit-learn", "ftfy", "matplotlib", "jinja2",
)  # fmt: skip


def manifest(found: Sequence[Findings], used: Sequence[Instrument], how: Inference) -> pd.DataFrame:
    """``about, what, which``: inputs with their sha256, settings of each step, seed and versions."""
    rows = [
        *_inputs(found, used),
        *(("run", "pair", one.pair or "none: every passage counts") for one in found),
        *(("setting", name, str(value)) for name, value in how.settings().items()),
        *(row for one in found for row in _steps(one)),
        ("version", "Python", platform.python_version()),
        ("version", NAME, own_version()),
        *(("version", name, version(name)) for name in LIBRARIES),
    ]
    return pd.DataFrame(list(dict.fromkeys(rows)), columns=["about", "what", "which"])


def _inputs(found: Sequence[Findings], used: Sequence[Instrument]) -> Iterator[tuple[str, str, str]]:
    for one in found:
        yield "input", f"{one.name}: articles received", f"{len(one.received):,}"
        yield "input", f"{one.name}: sha256 of them as csv", one.digest
        yield "input", f"{one.name}: sha256 after cleaning", content_hash(one.articles)
    for each in used:
        yield "input", "lexicon", each.lexicon.name
        yield "input", "lexicon: sha256", content_hash(each.lexicon)
        if each.lexicon.source:
            yield "input", "lexicon: source", each.lexicon.source
        if each.coded is not None:
            yield "input", "coded passages", f"{len(each.coded):,}"
            yield "input", "coded passages: sha256", content_hash(each.coded)


def _steps(found: Findings) -> Iterator[tuple[str, str, str]]:
    """What the report decided by itself."""
    if found.topics is not None:
        yield "setting", f"{found.name}: fit_topics", f"k {len(found.topics.words)}, document: {found.topic_unit}"
    if found.scrutiny.claim is not None:
        yield "setting", f"{found.name}: robustness, options", "; ".join(choices(found.scrutiny.curve)) or "none"
