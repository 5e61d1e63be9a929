"""The grid outlets × labels: each cell a share with its interval, or a term that sets its outlet apart."""

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from analysis.arrays import Flags
from analysis.compare.estimates import ONE_STORY, compare_outlets
from analysis.compare.inference import Inference
from analysis.corpus.countries import countries
from analysis.show.look import colours, in_dark, ink_of, outlet_order
from analysis.text.distinctive import distinctive_terms
from analysis.text.terms import Counts, Groups

from .evidence import Evidence, Units

NO_PASSAGE = "no passage"
TERMS = 12  # an outlet's terms on one screen; the tail seldom passes q < .05
DRAWS = 2000  # of compare_outlets, so that desk and table agree to the digit
MANY = 20_000  # documents: from here on 400 draws give the same percents, and a grid in a second instead of four
# without texts, whose hash would take longer than the shares
COMPARED = ["doc_id", "outlet", "story_id", "copy_of"]
Estimates = dict[tuple[str, str], dict[str, Any]]  # outlet and label → a row of the table of estimates
LEAST_Z = 1e-6  # below it a term is as frequent elsewhere, but for the last digits
FEW_TERMS = ["group", "term", "log_odds", "z", "q"]


def grid(
    evidence: Evidence, units: Units, kept: Flags, rows: list[str], table: pd.DataFrame,
    before: pd.DataFrame | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Outlets × labels: ``share, low, high``, the units listed, a note, and the share ``before`` a change."""
    estimates, sizes = _by_place(table), _sizes(evidence, units, kept)
    earlier = {} if before is None else _by_place(before)
    lines = []
    for outlet in rows:
        places = [(outlet, label) for label in units.labels]
        first = estimates.get(places[0], {}) if places else {}
        cells = [_cell(estimates.get(at), earlier.get(at), sizes.get(at, 0)) for at in places]
        known = {"articles": first.get("n_articles", 0), "stories": first.get("n_stories", 0)}
        lines.append({"outlet": outlet, **known, "cells": cells})
    words = evidence.topic_words or {}
    topics = [{"name": label, "words": words.get(label, [])} for label in units.labels]
    named = frame_labels(evidence.frames) if units.labels == evidence.frames else topics
    return {"labels": named, "rows": lines, "kind": units.kind, **counted(evidence, units, kept)}


def compared(evidence: Evidence, units: Units, kept: Flags, seed: int) -> pd.DataFrame:
    """The estimates of ``compare_outlets`` for the units kept."""
    shares = units.shares(kept, evidence.articles["doc_id"])
    draws = DRAWS if len(shares) < MANY else DRAWS // 5
    docs = np.unique(units.table["doc"].to_numpy(int)[kept])
    return compare_outlets(shares, evidence.articles.loc[docs, COMPARED], how=Inference(seed=seed, draws=draws))


def outlets_by_share(evidence: Evidence, estimates: pd.DataFrame) -> list[str]:
    """All outlets, those with most of the first label first, those with nothing to count last."""
    known = outlet_order(estimates) if len(estimates) else []
    return list(dict.fromkeys([*known, *evidence.outlets]))


def counted(evidence: Evidence, units: Units, kept: Flags) -> dict[str, int]:
    """How many units, articles and stories passed, and how many units there are."""
    docs = np.unique(units.table["doc"].to_numpy(int)[kept])
    stories = evidence.articles["story_id"].iloc[docs].nunique()
    return {"units": int(kept.sum()), "articles": len(docs), "stories": int(stories), "of": len(units.table)}


def _by_place(table: pd.DataFrame) -> Estimates:
    rows = table.to_dict("records")
    return {(row["outlet"], row["label"]): {str(name): value for name, value in row.items()} for row in rows}


def _sizes(evidence: Evidence, units: Units, kept: Flags) -> dict[tuple[str, str], int]:
    """How many units stand in the list behind each cell."""
    outlet = evidence.articles["outlet"].to_numpy()[units.table["doc"].to_numpy(int)[kept]]
    table = pd.DataFrame(units.listed[kept], columns=list(units.labels)).groupby(outlet).sum()
    return {(str(name), label): int(n) for label in units.labels for name, n in table[label].items()}


def _cell(found: dict[str, Any] | None, earlier: dict[str, Any] | None, size: int) -> dict[str, Any]:
    if found is None:
        return {"share": None, "low": None, "high": None, "n": 0, "note": NO_PASSAGE}
    note = "one story" if found["note"] == ONE_STORY else found["note"]
    cell = {name: number(found[name]) for name in ("share", "low", "high")}
    moved = {} if earlier is None else {"before": number(earlier["share"])}
    return {**cell, "n": size, "note": note, **moved}


def number(value: Any) -> float | None:
    """A share short enough to travel; None where there is none."""
    return None if pd.isna(value) else round(float(value), 6)


def frame_labels(frames: tuple[str, ...]) -> list[dict[str, Any]]:
    """Frames with the colours they have in every figure, and these as letters on a light and a dark page."""
    return [
        {"name": name, "colour": colour, "light": ink_of(colour), "dark": in_dark(colour)}
        for name, colour in colours(frames).items()
    ]


def term_grid(evidence: Evidence, counts: Counts, kept: Flags, rows: list[str]) -> dict[str, Any]:
    """Outlets × ranks: the terms that each outlet's passages use more than the others', with z and q."""
    outlet = evidence.articles["outlet"].to_numpy()[evidence.passages["doc"].to_numpy(int)]
    try:
        table, note = own_terms(counts, outlet, kept), ""
    except ValueError:
        table = pd.DataFrame(columns=FEW_TERMS)
        note = "Terms are distinctive against other outlets: two or more must have passages."
    figures = table[["log_odds", "z", "q"]].astype(float).round(3)
    cells = table[["term"]].join(figures).groupby(table["group"].astype("str"))
    best = {str(group): part.head(TERMS).to_dict("records") for group, part in cells}
    lines = [{"outlet": name, "cells": best.get(name, [])} for name in rows]
    found = counted(evidence, evidence.units, kept)
    return {"labels": [], "rows": lines, "kind": "term", "note": note, **found}


def own_terms(counts: Counts, groups: Groups, kept: Flags | bool = True) -> pd.DataFrame:
    """The terms that each group uses more than the others, but for its name, from the documents kept."""
    rows = np.flatnonzero(kept & (np.asarray(counts.matrix.sum(axis=1)).ravel() > 0))
    table = distinctive_terms(counts.of_docs(rows), np.asarray(groups)[rows])
    names = {group: name_words([str(group)]) for group in table["group"].cat.categories}
    pairs = zip(table["group"], table["term"], strict=True)
    own = np.array([names[group].issuperset(term.split()) for group, term in pairs], bool)
    return table[(table["z"] > LEAST_Z) & ~own]


def name_words(outlets: Iterable[str]) -> set[str]:
    """The words of outlets' names, alone and joined as in an address ("abcnews"); none that names a country."""
    known = re.findall(r"\w+", " ".join(form for forms in countries().values() for form in forms).casefold())
    names = [re.findall(r"\w+", outlet.casefold()) for outlet in outlets]
    return {word for words in names for word in (*words, "".join(words))}.difference(known)
