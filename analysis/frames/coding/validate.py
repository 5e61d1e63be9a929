"""Accuracy of an instrument: its labels compared with those of people."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from os import PathLike
from typing import Any, Protocol

import numpy as np
import pandas as pd

from analysis.arrays import Flags
from analysis.corpus.passages import with_language
from analysis.corpus.provenance import content_hash
from analysis.corpus.stories import article_outlets, outlet_names
from analysis.corpus.tables import check_columns
from analysis.frames.coding.certificate import ANSWER, DIFFER, NO_ENTRIES, Certificate, codes_kept
from analysis.frames.coding.codes import (
    PICKED,
    SPLIT,
    WHERE,
    Judged,
    code_of,
    coder_columns,
    judged,
    votes,
    with_classes,
)
from analysis.frames.coding.errors import Chosen, chosen_by_folds, entry_table, labels_of_texts
from analysis.frames.coding.measures import MEASURES, coder_agreement, frame_table, rates_differ
from analysis.frames.lexicon import Lexicon
from analysis.numbers import listed, p_is

Measured = Callable[[Flags, Judged], tuple[pd.DataFrame, pd.DataFrame]]


class Instrument(Protocol):
    """What labels texts: a classifier. (A lexicon is looked at entry by entry.)"""

    @property
    def name(self) -> str: ...

    @property
    def labels(self) -> list[str]: ...

    @property
    def weights(self) -> pd.DataFrame: ...

    def label(self, passages: pd.DataFrame | Sequence[str]) -> pd.DataFrame: ...


def validate(
    coded: pd.DataFrame,
    lexicon: Lexicon | Instrument | pd.DataFrame,
    *,
    folds: int | None = None,
    by: str | None = None,
    cluster: str | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> Certificate:
    """Precision, recall, F1 and Krippendorff's alpha of each label, with intervals and what they were measured on.

    Parameters
    ----------
    coded : DataFrame
        ``text`` and a column of codes for each label (1 or 0, yes or no, true or false, or missing), or one column
        ``class`` with one label per passage; or the table of ``read_codes``, of which the majority counts. Each
        text is read without its article. With ``weight`` (from ``sample_to_code``) the figures are those of all
        passages.
    lexicon : Lexicon, Classifier or DataFrame
        The instrument; one of several languages is measured in that of the passages. A classifier labels passages
        that it learned from by models that did not see them. A table of ``code`` or ``read_codes`` measures its
        coders, by majority; what they gave no code is left out.
    folds : int, optional
        Measure on stories held out. For each of so many folds, an entry is left out where F1 on the *other* folds
        is higher without it (but never a label's last one). This shows how much of a figure comes from choosing
        entries by the passages that measure them, not what comes from their wording.
    by : str, optional
        A column of `coded`, as ``"outlet"``, for a row of each value and label.
    cluster : str, optional
        The column that is one observation; by default the first of ``story, story_id, article, doc_id`` in
        `coded`, else each passage. One story alone has no interval.
    level, seed
        Of the intervals. The seed also divides the stories into folds.

    Returns
    -------
    Certificate
        ``table`` with a row per label; the codes and the texts' hashes that it was measured on.

    Notes
    -----
    Two shares are estimated: right ones among passages that the instrument gives the label, and missed ones among
    the others. Each has its own interval (beta, Jeffreys' prior, effective sizes of Kish 1965 and Korn & Graubard
    1998), from which those of recall, F1 and alpha follow. They contain the true value in 93 to 100 of 100 cases
    with 50 to 400 coded passages where 1 to 5 of 100 passages without a hit have the frame (``python -m
    benchmarks correction``). Recall is missing where every coded passage has a hit, or where a reader picked
    passages by what was found.

    Examples
    --------
    >>> coded = pd.DataFrame({"text": ["Russia and China are friends.", "Russia leads China."],
    ...                       "alliance": [1, 0], "pragmatism": [0, 1], "economy": [0, 0]})
    >>> from analysis.frames.formats.files import read_lexicon
    >>> validate(coded, read_lexicon("russia-china")).table[["label", "positives", "precision", "recall"]].head(1)
          label  positives  precision  recall
    0  alliance          1        1.0     1.0
    """
    if not 0 < level < 1:
        raise ValueError(f"validate: level must lie between 0 and 1. Found: {level}. Write 0.95 for 95 %.")
    _refuse_others(coded)
    left_out = 0
    if isinstance(lexicon, pd.DataFrame):
        lexicon, coded, left_out = _of_coders(lexicon, coded)
    if isinstance(lexicon, Lexicon) and lexicon.parallel:
        lexicon = _of_language(lexicon, coded)
    labels = lexicon.labels
    coded = with_classes(coded, labels)
    known, name = judged(coded, labels, cluster)
    measured = partial(frame_table, labels=labels, level=level, seed=seed)
    found, of_entries, chosen = _said(lexicon, coded, known, folds, level, seed)
    table, cells = measured(found, known) if by is None else _by_part(coded, by, found, known, measured)
    dropped = pd.DataFrame(columns=["label", "entry", "folds"])
    if chosen:
        table, dropped = _with_fitted(table, chosen, measured(chosen.fitted, known)[0])
    outlets = pd.factorize(article_outlets(coded), sort=True)[0].astype("int64")
    uneven = [rates_differ(found[:, at], known, at, outlets) for at in range(len(labels))]
    if by is None:
        cells["p_outlets"] = uneven
    row, label = np.nonzero(known.codes == SPLIT)
    own: Any = getattr(lexicon, "lexicon", lexicon)  # of a classifier, the lexicon whose labels it learned
    return Certificate(
        **_of_passages(coded, known),
        table=table, cells=cells, cluster=name, codes=codes_kept(coded, labels, found),
        instrument=lexicon.name, about=tuple(own.about), language=own.language,
        sha256=content_hash(lexicon if isinstance(lexicon, Lexicon) else lexicon.weights),
        entries=of_entries,
        unsettled=pd.DataFrame({"row": row, "label": [labels[at] for at in label]}),
        dropped=dropped,
        notes=tuple(_notes(coded, found, known, dict(zip(labels, uneven, strict=True)), left_out)),
    )  # fmt: skip


def _said(
    instrument: Lexicon | Instrument,
    coded: pd.DataFrame,
    known: Judged,
    folds: int | None,
    level: float,
    seed: int,
) -> tuple[Flags, pd.DataFrame, Chosen | None]:
    """Passages × labels: where the instrument gives the label; its entries, judged; and those that folds chose."""
    if isinstance(instrument, Lexicon):
        entries, _ = labels_of_texts(coded["text"].tolist(), instrument)
        chosen = None if folds is None else chosen_by_folds(entries, known, folds, seed)
        return chosen.held_out if chosen else entries.of_labels(), entry_table(entries, known, level), chosen
    if folds is not None:
        remedy = "Leave it out: a classifier has its own held-out labels."
        raise ValueError(f"validate: folds= needs a lexicon. {remedy}")
    return instrument.label(coded)[instrument.labels].to_numpy(dtype=bool), NO_ENTRIES, None


def _of_passages(coded: pd.DataFrame, known: Judged) -> dict[str, Any]:
    """What a certificate says of the passages with a code, and of their coders."""
    rows = np.flatnonzero(~np.isnan(known.codes).all(axis=1))
    outlets = outlet_names(coded["outlet"]).iloc[rows] if "outlet" in coded else pd.Series(dtype="str")
    columns = coder_columns(coded).values()  # war_coder1 is of coder1, war_coder_ann of ann
    marks = {name.rpartition("_coder")[2] for names in columns for name in names}
    several = any(coded[names].notna().any().sum() > 1 for names in columns)
    return {
        "n": len(rows),
        "outlets": {str(outlet): int(n) for outlet, n in outlets.value_counts().sort_index().items()},
        "clusters": len(np.unique(known.clusters[rows])),
        "drawn": bool({"weight", "probability"} & set(coded)),
        "coders": tuple(sorted(mark[1:] if mark.startswith("_") else f"coder{mark}" for mark in marks)),
        "agreement": coder_agreement(coded) if several else pd.DataFrame(),
    }


def _of_language(lexicon: Lexicon, coded: pd.DataFrame) -> Lexicon:
    """The part of a lexicon that the coded passages measure; each language is measured by itself."""
    table = coded if "language" in coded else with_language(coded[["text"]])
    codes = sorted(set(table["language"]) - {""}) if "language" in table else ["en"]
    if len(codes) != 1 or codes[0] not in lexicon.each:
        what = f"the coded passages must be in one language of the lexicon. Found: {', '.join(codes)}."
        remedy = (
            f"Give those in {' or '.join(lexicon.each)} alone: coded[coded['language'] == {lexicon.language!r}]."
        )
        raise ValueError(f"validate: {what} {remedy}")
    return lexicon.each[codes[0]]


@dataclass(frozen=True, eq=False)
class Answers:
    """What an instrument said of some passages, as an instrument; ``weights`` is what its hash is made of."""

    name: str
    labels: list[str]
    given: pd.DataFrame
    weights: pd.DataFrame
    about: tuple[str, ...] = ()
    language: str = ""

    def label(self, passages: pd.DataFrame | Sequence[str]) -> pd.DataFrame:
        assert isinstance(passages, pd.DataFrame)
        return self.given.loc[passages.index]


def _refuse_others(coded: object) -> None:
    if isinstance(coded, Lexicon):
        raise TypeError("validate: the coded passages come first. Write validate(coded, lexicon).")
    if isinstance(coded, str | PathLike):
        raise TypeError(
            "validate: a path is not a table. Pass an.read_table(path), or an.read_codes(path) of sheets."
        )


def _of_coders(codes: pd.DataFrame, coded: pd.DataFrame) -> tuple[Answers, pd.DataFrame, int]:
    """Coders as an instrument (half of the votes are a yes), the passages that they coded too, how many not."""
    check_columns(codes, ["passage_id", "coder", "code"], where="codes", hint="Give the table of an.code.")
    check_columns(coded, ["passage_id"], where=WHERE, hint="By it their codes are found.")
    shares = votes(codes.astype({"passage_id": "str"}))[0]
    labels = [str(label) for label in shares]
    coded = with_classes(coded, labels)
    ids = coded["passage_id"].astype("str")
    complete = ids.isin(shares.index[shares.notna().all(axis=1)])
    kept = coded[complete].reset_index(drop=True)
    if kept.empty:
        raise ValueError("validate: no coded passage has codes of these coders. Code the same passages.")
    given = shares.reindex(ids[complete]).set_axis(kept.index) >= SPLIT
    name = ", ".join(map(str, pd.unique(codes["coder"])))
    return Answers(name, labels, given, shares), kept, int((~complete).sum())


def recomputed(certificate: Certificate) -> Certificate | None:
    """The certificate, its tables made again of its codes; None without answers, or if made by parts or folds."""
    labels, codes, table = certificate.labels, certificate.codes, certificate.table
    columns = [f"{ANSWER}{label}" for label in labels]
    if not set(columns) <= set(codes) or "fitted_f1" in table or list(table.columns[:1]) != ["label"]:
        return None
    given = codes[columns].set_axis(labels, axis=1)
    answers = Answers(certificate.instrument, labels, given, codes, certificate.about, certificate.language)
    cluster = certificate.cluster if certificate.cluster in codes else None
    again = validate(codes.assign(text=""), answers, cluster=cluster)
    return replace(certificate, **{name: getattr(again, name) for name in ("table", "cells", "agreement", "n")})


def _by_part(
    coded: pd.DataFrame, by: str, found: Flags, known: Judged, measured: Measured
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measures and cells of the passages with each value of a column, which comes first."""
    check_columns(coded, [by], where=WHERE, hint="by= names a column of the coded passages.")
    if by in ("label", "n", "positives", "unsettled", *MEASURES):
        raise ValueError(f"validate: by={by!r} is a column of the result. Rename it in the coded passages.")
    values = outlet_names(coded[by]).to_numpy()
    names = sorted(set(values))
    parts = [measured(found[values == one], known.at(values == one)) for one in names]
    table, cells = (
        pd.concat(tables, keys=names, names=[by]).droplevel(1).reset_index() for tables in zip(*parts, strict=True)
    )
    return table, cells


def _with_fitted(table: pd.DataFrame, chosen: Chosen, fitted: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The measures with those of entries chosen on all passages; and in how many folds an entry was left out."""
    own = chosen.entries["label"]
    fewest = pd.DataFrame(chosen.kept.T).groupby(own).sum().min(axis=1)
    columns = fitted.set_index("label")[MEASURES].add_prefix("fitted_")
    columns = columns.assign(entries=own.value_counts(), entries_left=fewest)
    counts = {name: columns[name].fillna(0).astype("int64") for name in ("entries", "entries_left")}
    dropped = chosen.entries.assign(folds=(~chosen.kept).sum(axis=0)).query("folds > 0").reset_index(drop=True)
    return table.merge(columns.assign(**counts).reset_index(), on="label"), dropped


def _notes(
    coded: pd.DataFrame, found: Flags, known: Judged, uneven: dict[str, float], left_out: int
) -> Iterator[str]:
    if not {"weight", "probability"} & set(coded):
        yield "No sampling weights: the figures are those of the coded passages, not of a corpus."
    if PICKED in coded and known.picked.any():
        yield "Passages were picked by a reader who saw what was found: recall is not known."
    yield from _unread(coded, list(uneven))
    for label, codes, labelled in zip(uneven, known.codes.T, found.T, strict=True):
        given = ~np.isnan(codes)
        if missing := int((~given).sum()):
            said = f"{missing} of {len(codes)} passages have no code; the others of their stratum represent them"
            yield f"{label}: {said if given.any() else 'no passage has a code, so it is not measured'}."
        if ties := int((codes == SPLIT).sum()):
            yield f"{label}: coders are tied on {ties} passages; bounds count them both ways."
        if given.any() and labelled[given].all():
            yield f"{label}: every coded passage has a hit, so recall is not known."
    for label, p in uneven.items():
        if p < DIFFER:
            yield f"{label}: the instrument errs differently by outlet ({p_is(p)})."
    if left_out:
        yield f"{left_out} coded passages have no code from the instrument and are left out."


def _unread(coded: pd.DataFrame, labels: list[str]) -> Iterator[str]:
    """Names columns that begin with a label and hold codes only, and yet are not known as a coder's."""
    known = {*labels, *(name for names in coder_columns(coded).values() for name in names)}
    others = [name for name in map(str, coded) if name not in known]
    begun = [name for name in others if name.startswith(tuple(f"{label}_" for label in labels))]
    codes = {name: coded[name].dropna().astype("str").map(code_of) for name in begun}
    if unread := [name for name, found in codes.items() if len(found) and found.notna().all()]:
        yield f"Not read as codes: {listed(unread)}. A column of one coder is called {labels[0]}_coder_NAME."
