"""Which entry gave which passage its frame: the ground on which single entries are judged."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.frames.lexicon import Lexicon
from analysis.frames.match import find_frames
from analysis.frames.validation.measures import Flags


class EntryLabels(NamedTuple):
    """Passages × entries: where an entry gives its frame, and where it matched but was denied."""

    entries: pd.DataFrame
    said: Flags
    denied: Flags

    def of_frames(self, labels: Sequence[str]) -> Flags:
        """Passages × frames: where any entry gives the frame."""
        columns = [self.said[:, self.entries["frame"].eq(label)].any(axis=1) for label in labels]
        return np.stack(columns, axis=1) if columns else np.zeros((len(self.said), 0), bool)


def text_hits(texts: Sequence[str], lexicon: Lexicon) -> tuple[pd.DataFrame, "pd.Index[str]"]:
    """The hits of each text by itself, as ``text_frames`` sees it, and the texts' passage_ids."""
    names = [str(at) for at in range(len(texts))]
    passages = pd.DataFrame({"passage_id": names, "doc_id": names, "position": 0, "start": 0, "text": list(texts)})
    return find_frames(passages, lexicon, isolated=True), pd.Index(names)


def entry_labels(hits: pd.DataFrame, passage_ids: "pd.Index[str]", lexicon: Lexicon) -> EntryLabels:
    """Every entry of the lexicon, frame by frame, and the frames that denied entries became, where they did."""
    own = [(entry.frame, entry.name) for entry in lexicon.entries]
    met = [*own, *zip(hits["frame"].astype("str"), hits["entry"], strict=True)]
    pairs = sorted(dict.fromkeys(met), key=lambda pair: lexicon.labels.index(pair[0]))
    column = (
        pd.MultiIndex.from_tuples(pairs, names=["frame", "entry"])
        if pairs
        else pd.MultiIndex.from_arrays([[], []])
    )
    found = pd.MultiIndex.from_arrays([hits["frame"].astype("str"), hits["entry"]])
    rows, columns = passage_ids.get_indexer(pd.Index(hits["passage_id"])), column.get_indexer(found)
    negated = hits["negated"].to_numpy(dtype=bool)
    cells = np.zeros((2, len(passage_ids), len(pairs)), bool)
    cells[negated.astype(np.int64), rows, columns] = True
    entries = pd.DataFrame(pairs, columns=["frame", "entry"], dtype="str")
    return EntryLabels(entries, cells[0], cells[1] & ~cells[0])


def alone(labels: EntryLabels) -> Flags:
    """Passages × entries: where no other entry gives the passage that frame."""
    frame = pd.factorize(labels.entries["frame"])[0]
    together = np.zeros((len(labels.said), frame.max(initial=-1) + 1), dtype=np.int64)
    np.add.at(together.T, frame, labels.said.T)
    return np.asarray(labels.said & (together[:, frame] == 1), bool)
