"""What one entry carries, by hand, and beside a lexicon without it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import analysis as an
from analysis.frames.formats.read_yaml import parsed

LEXICON = parsed(
    """
frames:
  near:
    entries:
      - {name: allies, match: [ally]}
      - {name: friends, match: [friend, ally of old]}
  far: {entries: [{name: rivals, match: [rival]}]}
""",
    "tiny.yaml",
)
TEXTS = [
    ("a", ["ally", "ally friend", "sea", "sky"]),  # near: half, a quarter of it by allies alone
    ("b", ["friend", "rival"]),
    ("c", ["ally friend"]),
]
ARTICLES = pd.DataFrame({"doc_id": ["a", "b", "c"], "outlet": ["DW", "DW", "TASS"], "text": "…"})


def passages(texts):
    rows = [(f"{doc}:{at}", doc, at, 10 * at, text) for doc, said in texts for at, text in enumerate(said)]
    return pd.DataFrame(rows, columns=["passage_id", "doc_id", "position", "start", "text"])


def test_influence_by_hand():
    cut = passages(TEXTS)
    table = an.entry_influence(an.find_frames(cut, LEXICON), cut, ARTICLES)
    assert list(table) == ["outlet", "label", "entry", "n_hits", "share", "without", "influence"]
    assert table.to_numpy().tolist() == [
        ["DW", "near", "friends", 2, 0.5, 0.25, -0.25],  # b loses its half: (1/2 + 0) / 2
        ["DW", "near", "allies", 2, 0.5, 0.375, -0.125],  # a loses a quarter: (1/4 + 1/2) / 2
        ["DW", "far", "rivals", 1, 0.25, 0.0, -0.25],
        ["TASS", "near", "allies", 1, 1.0, 1.0, 0.0],  # two entries say it: neither carries it alone
        ["TASS", "near", "friends", 1, 1.0, 1.0, 0.0],
    ]


@pytest.mark.parametrize("story", [None, ["s", "s", "c"]])
def test_it_is_the_share_of_the_lexicon_without_the_entry(story):
    cut, articles = passages(TEXTS), ARTICLES if story is None else ARTICLES.assign(story_id=story)
    table = an.entry_influence(an.find_frames(cut, LEXICON), cut, articles)
    for entry in LEXICON.entries:
        less = replace(LEXICON, entries=tuple(other for other in LEXICON.entries if other != entry))
        shares = an.frame_shares(an.find_frames(cut, less), cut)
        estimates = an.compare_outlets(shares, articles).set_index(["outlet", "label"])["share"]
        for row in table[table["entry"] == entry.name].itertuples():
            assert row.without == pytest.approx(estimates[row.outlet, row.label])


def test_a_shorter_hit_in_the_same_words_is_not_seen_to_come_back():
    """The known limit: "ally of old" wins over "ally", which would be found again without it."""
    cut = passages([("a", ["ally of old"])])
    articles = ARTICLES[:1]
    table = an.entry_influence(an.find_frames(cut, LEXICON), cut, articles)
    assert table[["entry", "without"]].to_numpy().tolist() == [["friends", 0.0]]
    less = replace(LEXICON, entries=LEXICON.entries[:1] + LEXICON.entries[2:])
    assert an.frame_shares(an.find_frames(cut, less), cut).loc["a", "near"] == 1


def test_no_hit_no_row():
    cut = passages([("a", ["sea"])])
    table = an.entry_influence(an.find_frames(cut, LEXICON), cut, ARTICLES[:1])
    assert table.empty
    assert list(table) == ["outlet", "label", "entry", "n_hits", "share", "without", "influence"]
    assert table["share"].dtype == np.float64
