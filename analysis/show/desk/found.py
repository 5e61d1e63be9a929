"""The hits under a changed lexicon: looked for again only where the change changes anything."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.frames.lexicon import Entry, Lexicon
from analysis.frames.match import find_frames
from analysis.text.patterns import read_patterns
from analysis.text.places import find_patterns

from .evidence import Evidence, placed_hits
from .units import Flags


def found_again(evidence: Evidence, before: Lexicon, after: Lexicon) -> Evidence:
    """The evidence with the hits of ``after``; those it has are of ``before``.

    ``find_frames`` reads each article for itself, so only those that hold a pattern of an entry which came or went
    are read again: seconds in a corpus of 100,000 articles, where reading all of it takes twenty.
    """
    changed = {*before.entries} ^ {*after.entries}
    again = _speaking(evidence, changed, after)
    passages = evidence.passages[again[evidence.passages["doc"].to_numpy(int)]]
    found = placed_hits(find_frames(passages.drop(columns="doc"), after), evidence.passages, evidence.articles)
    kept = evidence.hits[~again[evidence.hits["doc"].to_numpy(int)]]
    hits = pd.concat([kept, found]).sort_values(["doc", "start", "end"], kind="stable", ignore_index=True)
    return evidence.with_hits(hits)


def _speaking(evidence: Evidence, entries: set[Entry], lexicon: Lexicon) -> Flags:
    """Which articles hold a pattern of these entries."""
    tokens = evidence.passage_tokens
    readings = read_patterns({p for entry in entries for p in entry.match}, lexicon.named_lists)
    found = find_patterns(tokens, [steps for sequences in readings.values() for steps in sequences])
    articles = np.zeros(len(evidence.articles), bool)
    articles[evidence.passages["doc"].to_numpy(int)[tokens.text_index[found["first"].to_numpy(int)]]] = True
    return articles
