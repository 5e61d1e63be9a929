"""What a report says of its instrument: the pair, what it was measured on, and what it finds."""

import pandas as pd
import pytest

from analysis.compare.correction.shares import BY_HAND, CORRECTED
from analysis.compare.estimates import DAYS
from analysis.corpus.stories import UNKNOWN
from analysis.frames.coding.certificate import HASH, Certificate
from analysis.frames.lexicon import Entry, Lexicon
from analysis.show.report.instrument import Instrument, _passages_of, certificate, corrected_table, instrument

MEASURED = pd.DataFrame({
    "label": ["commerce", "culture"], "precision": [1.0, 1.0], "precision_low": [0.75, 0.14],
    "precision_high": 1.0, "recall": [1.0, None], "recall_low": [0.6, None], "recall_high": [1.0, None],
})  # fmt: skip


@pytest.mark.parametrize(
    ("about", "washington", "other"),
    [
        (("USA", "Russia"), True, False),
        (("Russia", "United States"), True, False),
        ({"United States": ["us"], "Russia": ["russia*"]}, False, False),  # names of their own were not used
        ({"USA": ["us"], "Russia": ["russia*"]}, False, False),
        (("USA", "China"), None, True),
    ],
)
def test_the_pair_of_a_lexicon_is_known_by_other_names_and_may_bring_its_own(about, washington, other):
    used = instrument("us-russia", about)
    assert set(used.lexicon.about) == {"United States", "China" if other else "Russia"}
    assert ("was written for United States and Russia" in used.note) == other
    if washington is not None:
        assert ("washington" in used.lexicon.about["United States"]) == washington


def test_a_frame_that_no_entry_finds_is_named_beside_the_shares():
    lexicon = Lexicon("own", frames=("war", "peace"), entries=[Entry("war", "war")])
    assert certificate(Instrument(lexicon, "")).endswith(" No entry finds peace: a share of 0 there says nothing.")
    assert "No entry" not in certificate(Instrument(Lexicon("own", entries=[Entry("war", "war")]), ""))


def test_coded_passages_without_an_outlet_and_with_repeated_texts_read_plainly():
    measured = Certificate(MEASURED, n=60, codes=pd.DataFrame({HASH: ["a", "b", "a"]}), outlets={UNKNOWN: 60})
    assert _passages_of(measured) == "60 passages, 1 of which repeats the text of another"
    named = Certificate(MEASURED, n=60, outlets={UNKNOWN: 20, "DW": 40}, source="given")
    assert _passages_of(named) == "60 passages of DW and of outlets that are not known (given)"


def test_no_more_passages_are_asked_for_than_there_are():
    used = Instrument(Lexicon("own", entries=[Entry("trade", "commerce")], about=("Russia", "China")), "")
    said = certificate(used, passages=21)
    assert said.endswith(" code all of these passages: framing certify ARTICLES --lexicon LEXICON -n 21.")


def test_the_corrected_table_has_no_words_of_python_in_its_notes():
    row = dict.fromkeys(["share", "low", "high", *CORRECTED, *BY_HAND], 0.5)
    shares = pd.DataFrame([row | {"outlet": "BBC", "label": "trade", "n_coded": 9, "note": f"{DAYS}; two"}])
    assert corrected_table(shares, "by the lexicon")["note"].tolist() == [
        "stories of one day are alike: interval may be too narrow; two"
    ]
