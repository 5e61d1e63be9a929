"""Which words speak of a relationship: "both sides", "mutual trust", "a partner", "gas from China"."""

import re

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.corpus.words import Words

Places = npt.NDArray[np.int64]

# "the two countries", "both sides"; "two days" speaks of no pair.
PAIRED = {
    "both|two": "countries|nations|sides|states|neighbou?rs|powers|capitals|governments|leaders|presidents"
    "|militaries|armies|navies|peoples|economies|giants|partners",
    "neither|either": "country|nation|side|state|neighbou?r|power|capital|government|leader|president|party",
    "the": "two",
    "each": "other",
    "one": "another",
}
# Words that need two: nobody is a partner, a rival or mutual alone.
RELATIONAL = (
    r"bilateral\w*|mutual\w*|joint\w*|together|relations|relationships?|ties|partner\w*|ally|allies|alliances?"
    r"|friend\w*|rapport|rival\w*|cooperat\w*"
)
# What one country has from, with or towards the other ("gas from Russia").
TOWARDS = "with|to|from|for|on|towards?"
# One of these stands in every text with such a word, names of the pair apart.
TELLERS = (
    *(
        "both",
        "two",
        "either",
        "each other",
        "one another",
        "bilateral",
        "mutual",
        "joint",
        "together",
        "relation",
        "ties",
    ),
    *("partner", "ally", "allies", "alliance", "friend", "rapport", "rival", "cooperat"),
)


def relation_places(found: Words, text: Places, named: "pd.Series[int]") -> Places:
    """The words at which a relationship is spoken of; ``named`` are the words where a name of the pair begins."""
    start = named.to_numpy(dtype=np.int64)
    article = start[_flags(found, "the")[start - 1]] - 1  # "from the Kremlin"; the first word has none before it
    after = np.concatenate([start, article])
    after = after[after > 0]
    towards = after[_flags(found, TOWARDS)[after - 1] & (text[after - 1] == text[after])]
    return np.unique(
        np.concatenate([np.flatnonzero(_flags(found, RELATIONAL)), towards, paired_places(found, text)])
    )


def paired_places(found: Words, text: Places) -> Places:
    """The words where "both sides", "each other" and their like begin."""
    pairs = [_flags(found, first)[:-1] & _flags(found, second)[1:] for first, second in PAIRED.items()]
    return np.flatnonzero(np.any(pairs, axis=0) & (text[:-1] == text[1:]))


def _flags(found: Words, pattern: str) -> npt.NDArray[np.bool_]:
    """Which words match, asked once a distinct form."""
    wanted = re.compile(pattern, re.IGNORECASE)
    return np.array([wanted.fullmatch(form) is not None for form in found.forms], bool)[found.codes]
