"""Which entry gave which passage its label, which entries are worth keeping, and where the lexicon errs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.arrays import Flags, Floats, Ints
from analysis.frames.coding.codes import Judged, coder_columns, judged
from analysis.frames.coding.measures import interval, rate
from analysis.frames.lexicon import Lexicon
from analysis.frames.match import find_frames, text_passages

COLUMNS = ["label", "kind", "entry", "n", "hits", "text"]
KINDS = ["false hit", "miss"]


@dataclass(frozen=True)
class EntryLabels:
    """Passages × entries: where an entry gives its frame (``given``), and where it matched but was ``negated``."""

    entries: pd.DataFrame
    given: Flags
    negated: Flags
    labels: tuple[str, ...]

    @property
    def place(self) -> list[int]:
        """The column of each entry's label."""
        return [self.labels.index(label) for label in self.entries["label"]]

    def per_label(self, cells: Flags) -> Ints:
        """Passages × labels: for how many entries of the label a cell is true."""
        return np.asarray(cells.astype(np.int64) @ np.equal.outer(self.place, range(len(self.labels))))

    def of_labels(self, kept: Flags | None = None) -> Flags:
        """Passages × labels: where any entry, or any of those kept, gives the label."""
        return np.asarray(self.per_label(self.given if kept is None else self.given & kept) > 0)

    def alone(self) -> Flags:
        """Passages × entries: where no other entry gives the passage that label."""
        return np.asarray(self.given & (self.per_label(self.given)[:, self.place] == 1))


def labels_of_texts(texts: Sequence[str], lexicon: Lexicon) -> tuple[EntryLabels, pd.DataFrame]:
    """What each entry says of texts without articles, with a column for what it is when negated; and the hits."""
    hits = find_frames(text_passages(texts), lexicon, isolated=True)
    hits = hits.astype({"frame": "str", "passage_id": "int64"})
    own = [(entry.frame, entry.name) for entry in lexicon.entries]
    met = [*own, *zip(hits["frame"], hits["entry"], strict=True)]
    pairs = sorted(dict.fromkeys(met), key=lambda pair: lexicon.labels.index(pair[0]))
    column = {pair: at for at, pair in enumerate(pairs)}
    at = [column[pair] for pair in zip(hits["frame"], hits["entry"], strict=True)]
    cells = np.zeros((2, len(texts), len(pairs)), bool)
    cells[hits["negated"].to_numpy(dtype=np.int64), hits["passage_id"].to_numpy(), at] = True
    entries = pd.DataFrame(pairs, columns=["label", "entry"], dtype="str")
    return EntryLabels(entries, cells[0], cells[1] & ~cells[0], tuple(lexicon.labels)), hits


def entry_table(found: EntryLabels, coded: Judged, level: float) -> pd.DataFrame:
    """Each entry judged by the passages to which it gives its label; see ``Certificate.entries``."""
    codes = coded.codes[:, found.place]  # of each entry's label, as all below: passages × entries
    right, known = codes == 1, ~np.isnan(codes)
    given, only = found.given & known, found.alone() & known
    rows = []
    for column, place in enumerate(found.place):
        own = given[:, column]
        precision = rate(codes[own, column], coded.weights_of(place)[own], coded.clusters[own])
        rows.append([precision.share, *interval(precision, level)])
    counts = {
        "right_alone": only & right, "wrong_alone": only & ~right,
        "negated": found.negated & right & ~found.of_labels()[:, found.place],
    }  # fmt: skip
    table = found.entries.assign(n=given.sum(axis=0), wrong=(given & ~right).sum(axis=0))
    table[["precision", "precision_low", "precision_high"]] = np.array(rows, dtype=float).reshape(-1, 3)
    return table.assign(**{name: cells.sum(axis=0) for name, cells in counts.items()})


class Chosen(NamedTuple):
    """Passages × labels by entries chosen on the other folds, and on all passages; and folds × entries kept."""

    entries: pd.DataFrame
    held_out: Flags
    fitted: Flags
    kept: Flags


def chosen_by_folds(entries: EntryLabels, coded: Judged, folds: int, seed: int) -> Chosen:
    """The entries chosen on the stories outside each fold."""
    fold = dealt(coded.clusters, folds, seed)
    kept = np.array([chosen_entries(entries, coded, fold != one) for one in range(folds)])
    on_all = chosen_entries(entries, coded, np.ones(len(fold), bool))
    return Chosen(entries.entries, entries.of_labels(kept[fold]), entries.of_labels(on_all), kept)


def dealt(clusters: Ints, folds: int, seed: int) -> Ints:
    """The fold of each passage: stories in random order, the largest first, each to the smallest fold."""
    sizes = np.bincount(clusters)
    if not 2 <= folds <= len(sizes):
        found = f"folds={folds}, stories: {len(sizes)}"
        raise ValueError(f"validate: folds must lie between 2 and the number of stories. Found: {found}.")
    order = np.random.default_rng(seed).permutation(len(sizes))
    held, fold = np.zeros(folds), np.zeros(len(sizes), dtype=np.int64)
    for story in order[np.argsort(-sizes[order], kind="stable")]:
        fold[story] = held.argmin()
        held[fold[story]] += sizes[story]
    return np.asarray(fold[clusters])


def chosen_entries(entries: EntryLabels, coded: Judged, rows: Flags) -> Flags:
    """Which entries stay, by label: the one without which F1 is highest is removed as long as F1 rises."""
    kept = np.ones(len(entries.entries), bool)
    for place, label in enumerate(entries.labels):
        columns = np.flatnonzero(entries.entries["label"].eq(label).to_numpy())
        yes = np.nan_to_num(coded.codes[rows, place])
        kept[columns] = _best(entries.given[rows][:, columns], yes, coded.weights_of(place)[rows])
    return kept


def _best(given: Flags, yes: Floats, weights: Floats) -> Flags:
    kept = np.ones(given.shape[1], bool)
    right, wrong, positives = weights * yes, weights * (1 - yes), float(weights @ yes)
    while kept.sum() > 1:
        times = given[:, kept].sum(axis=1)
        only = given & (times == 1)[:, None] & kept
        all_right, all_wrong = right[times > 0].sum(), wrong[times > 0].sum()
        both, false = all_right - right @ only, all_wrong - wrong @ only
        now = 2 * all_right / max(all_right + all_wrong + positives, 1e-12)
        f1 = np.where(kept, 2 * both / np.maximum(both + false + positives, 1e-12), -1.0)
        if f1.max() <= now + 1e-9:
            break
        kept[f1.argmax()] = False
    return kept


def validation_errors(coded: pd.DataFrame, lexicon: Lexicon) -> pd.DataFrame:
    """The coded passages on which lexicon and coders differ, the entry with most false hits first.

    Parameters
    ----------
    coded, lexicon
        As in ``validate``. Ties and missing codes are left out.

    Returns
    -------
    DataFrame
        ``label``; ``kind``, a ``false hit`` or a ``miss``; ``entry``; ``n``, how many errors of this kind the
        entry has in all; ``hits``, the words it matched; ``text``; then the other columns of `coded` except its
        codes. False hits come first. They have a row for each entry that made them, a miss one for the entry that
        matched but was negated, or for none.

    Examples
    --------
    >>> coded = pd.DataFrame({"text": ["Russia and China are friends.", "Russia leads China."],
    ...                       "alliance": [0, 0], "pragmatism": [0, 1], "economy": [0, 0]})
    >>> from analysis.frames.formats.files import read_lexicon
    >>> validation_errors(coded, read_lexicon("russia-china"))[["label", "kind", "entry", "hits"]]
            label       kind       entry     hits
    0    alliance  false hit  friendship  friends
    1  pragmatism       miss
    """
    codes = judged(coded, lexicon.labels, None)[0].codes
    coded = coded.reset_index(drop=True)
    entries, hits = labels_of_texts(coded["text"].tolist(), lexicon)
    found = _errors(entries, codes)
    words = hits.rename(columns={"passage_id": "row", "frame": "label"})
    matched = words.groupby(["row", "label", "entry"])["text"].agg(" · ".join).rename("hits").reset_index()
    table = found.merge(matched, on=["row", "label", "entry"], how="left").fillna({"hits": ""})
    table["n"] = table.groupby(["kind", "label", "entry"])["row"].transform("size").astype("int64")
    label = table["label"].map({name: at for at, name in enumerate(lexicon.labels)})
    order = np.lexsort([table["row"], table["entry"], label, -table["n"], table["kind"] == KINDS[1]])
    single = [name for names in coder_columns(coded).values() for name in names]
    others = coded.drop(columns=[*lexicon.labels, *single, *COLUMNS[:-1]], errors="ignore")
    table = table.join(others, on="row").iloc[order].reset_index(drop=True)
    return table[[*COLUMNS, *others.columns.drop("text")]]


def _errors(found: EntryLabels, codes: Floats) -> pd.DataFrame:
    """``row, label, kind, entry``: each passage and entry of a false hit, each passage of a miss."""
    missed = (codes == 1) & ~found.of_labels()
    negated = found.negated & missed[:, found.place]
    row, place = np.nonzero(missed & (found.per_label(negated) == 0))
    silent = pd.DataFrame({"row": row, "label": [found.labels[at] for at in place], "kind": KINDS[1], "entry": ""})
    wrong = found.given & (codes == 0)[:, found.place]
    parts = [silent]
    for cells, kind in ((wrong, KINDS[0]), (negated, KINDS[1])):
        row, entry = np.nonzero(cells)
        parts.append(found.entries.iloc[entry].assign(row=row, kind=kind))
    return pd.concat(parts, ignore_index=True).astype({"label": "str", "kind": "str", "entry": "str"})
