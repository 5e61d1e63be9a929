"""Where a lexicon errs, to be read."""

import numpy as np
import pandas as pd

from analysis.frames.lexicon import Lexicon
from analysis.frames.validation.by_entry import EntryLabels, entry_labels, text_hits
from analysis.frames.validation.coded import check_coded
from analysis.frames.validation.measures import Flags

COLUMNS = ["frame", "kind", "entry", "n", "hits", "text"]
KINDS = ["false hit", "miss"]


def validation_errors(lexicon: Lexicon, coded: pd.DataFrame) -> pd.DataFrame:
    """The coded passages on which lexicon and coders differ, the entry with most false hits first.

    Args:
        lexicon: the instrument.
        coded: ``text`` and a column of 0 and 1 for each frame, as in ``validate``.

    Returns:
        ``frame``; ``kind``, a ``false hit`` or a ``miss``; ``entry``; ``n``, how many errors of this kind the
        entry has in all; ``hits``, the words it matched; the whole ``text``; then the other columns of ``coded``
        save its codes. False hits come first, then misses, each by ``n``, then in the order of ``coded``.
        A false hit has a row for each entry that made it, so it can stand twice. A miss has the entry that stood
        there but was negated, or none.

    Raises:
        ValueError: a column is missing, a code is not 0 or 1, or no passage is coded.

    >>> coded = pd.DataFrame({"text": ["Russia and China are friends.", "Russia leads China."],
    ...                       "alliance": [0, 0], "pragmatism": [0, 1], "economy": [0, 0]})
    >>> from analysis.frames.formats import load_lexicon
    >>> validation_errors(load_lexicon(), coded)[["frame", "kind", "entry", "hits"]]
            frame       kind       entry     hits
    0    alliance  false hit  friendship  friends
    1  pragmatism       miss
    """
    check_coded(coded, lexicon.labels)
    coded = coded.reset_index(drop=True)
    hits, names = text_hits(coded["text"].tolist(), lexicon)
    labels = entry_labels(hits, names, lexicon)
    found = _errors(labels, coded[lexicon.labels].to_numpy(dtype=bool), lexicon)
    words = hits.assign(at=names.get_indexer(pd.Index(hits["passage_id"]))).astype({"frame": "str"})
    matched = words.groupby(["at", "frame", "entry"])["text"].agg(" · ".join).rename("hits").reset_index()
    table = found.merge(matched, on=["at", "frame", "entry"], how="left").fillna({"hits": ""})
    table["n"] = table.groupby(["kind", "frame", "entry"])["at"].transform("size").astype("int64")
    frame = table["frame"].map({label: at for at, label in enumerate(lexicon.labels)})
    order = np.lexsort([table["at"], table["entry"], frame, -table["n"], table["kind"] == KINDS[1]])
    others = coded.drop(columns=_codes_of(coded, lexicon))
    return table.join(others, on="at").iloc[order].reset_index(drop=True)[[*COLUMNS, *others.columns.drop("text")]]


def _errors(labels: EntryLabels, true: Flags, lexicon: Lexicon) -> pd.DataFrame:
    """``at, frame, kind, entry``: each passage and entry of a false hit, each passage of a miss."""
    frame = np.array([lexicon.labels.index(name) for name in labels.entries["frame"]], dtype=np.int64)
    missed = true & ~labels.of_frames(lexicon.labels)
    denied = labels.denied & missed[:, frame]
    explained = np.zeros_like(missed)
    np.logical_or.at(explained.T, frame, denied.T)
    parts = [_rows(labels, labels.said & ~true[:, frame], KINDS[0]), _rows(labels, denied, KINDS[1])]
    at, unexplained = np.nonzero(missed & ~explained)
    silent = pd.DataFrame(
        {"at": at, "frame": np.array(lexicon.labels, dtype=object)[unexplained], "kind": KINDS[1], "entry": ""}
    )
    return pd.concat([*parts, silent], ignore_index=True).astype({"frame": "str", "kind": "str", "entry": "str"})


def _rows(labels: EntryLabels, cells: Flags, kind: str) -> pd.DataFrame:
    at, entry = np.nonzero(cells)
    return labels.entries.iloc[entry].reset_index(drop=True).assign(at=at, kind=kind)


def _codes_of(coded: pd.DataFrame, lexicon: Lexicon) -> list[str]:
    """The columns of the majority and of single coders."""
    starts = tuple(f"{label}_" for label in lexicon.labels)
    return [name for name in map(str, coded) if name in lexicon.labels or name.startswith(starts)]
