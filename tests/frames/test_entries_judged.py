"""What each entry of a lexicon finds rightly and wrongly on coded passages."""

import numpy as np
import pandas as pd
import pytest

import analysis as an
from analysis.frames.formats.read_yaml import parsed

ENTRIES = parsed(
    """
negation: {words: [no]}
frames:
  near:
    entries:
      - {name: allies, match: [ally], negated: far}
      - {name: friends, match: [friend]}
      - {name: silent, match: [brother]}
  far: {entries: [{name: rivals, match: [rival]}]}
""",
    "tiny.yaml",
)
JUDGED = pd.DataFrame(
    [
        ("a", "ally and friend", 1, 0),  # both entries give near, and are right
        ("a", "ally", 0, 0),  # a false hit of allies alone
        ("b", "ally", 1, 0),  # right, allies alone
        ("b", "no ally", 1, 0),  # negated: a miss of near, and far by what it became, wrongly
        ("c", "friend ally", 0, 0),  # a false hit of both
        ("c", "rival", 0, 1),
        ("c", "sea", 1, 0),  # missed by all
    ],
    columns=["article", "text", "near", "far"],
)


def test_entries_are_judged_by_the_passages_they_speak_for():
    table = an.validate(JUDGED, ENTRIES).entries
    counts = table[["label", "entry", "n", "wrong", "right_alone", "wrong_alone", "negated"]]
    assert counts.to_numpy().tolist() == [
        ["near", "allies", 4, 2, 1, 1, 1],
        ["near", "friends", 2, 1, 0, 0, 0],
        ["near", "silent", 0, 0, 0, 0, 0],
        ["far", "rivals", 1, 0, 1, 0, 0],
        ["far", "allies", 1, 1, 0, 1, 0],
    ]
    assert table["precision"].tolist() == [0.5, 0.5, pytest.approx(np.nan, nan_ok=True), 1.0, 0.0]
    assert table.loc[3, "precision_low"] == pytest.approx(
        0.147, abs=0.02
    )  # Jeffreys, one passage without an error
    assert table.loc[4, "precision_high"] == pytest.approx(0.853, abs=0.02)
