"""The difference with which a report begins, and its sentence, no surer than what the page shows of it."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.compare.inference import Inference
from analysis.show.report.answer import answer
from analysis.show.report.scrutiny import Scrutiny, clearest, compared

CLEAR = {"label": "alliance", "outlet": "CNN", "other": "TASS", "difference": -0.4, "low": -0.5, "high": -0.3,
         "p": 0.001, "q": 0.001, "verdict": "different"}  # fmt: skip
DAILY = CLEAR | {"low": -0.8, "high": 0.1, "q": 0.2, "verdict": "too little data"}
LEAD = "CNN uses alliance less than TASS (20 % against 60 %; −40 points [−50, −30])"
COUNT = "Of 1 comparison between two outlets, 1 shows a clear difference."
NONE = pd.DataFrame()
DAYS = pd.date_range("2017-03-01", periods=4)
ARTICLES = pd.DataFrame({"doc_id": list("abcd"), "outlet": ["CNN", "CNN", "TASS", "TASS"], "date": DAYS})
ARTICLES["story_id"] = ARTICLES["doc_id"]
THIS = "without the measured error of the lexicon this is"


def corrected(cnn, tass):
    """Shares without the measured error, with their bounds."""
    rows = pd.DataFrame([cnn, tass], columns=["corrected", "corrected_low", "corrected_high"])
    by_lexicon = {"label": "alliance", "share": [0.2, 0.6], "low": [0.1, 0.5], "high": [0.3, 0.7]}
    return rows.assign(outlet=["CNN", "TASS"], **by_lexicon, by_hand=0.5, by_hand_low=0.1, by_hand_high=0.9)


@pytest.mark.parametrize(
    ("daily", "shares", "uneven", "said"),
    [
        (None, NONE, [], LEAD),
        (CLEAR, NONE, [], LEAD),
        (DAILY, NONE, [],
         f"{LEAD}; counting days, as stories of one day are alike, this is −40 points [−80, 10], not clear"),
        # −.21 with bounds at √(.14² + .25²)
        (None, corrected((0.2, 0.09, 0.34), (0.41, 0.16, 0.69)), ["alliance"],
         f"By the lexicon alone, {LEAD}; {THIS} −21 points [−51, 8], not clear"),
        (None, corrected((0.6, 0.56, 0.64), (0.2, 0.17, 0.23)), [],
         f"By the lexicon alone, {LEAD}; {THIS} 40 points [35, 45], reversed"),
        (None, corrected((0.2, 0.17, 0.23), (0.6, 0.56, 0.64)), ["alliance"], LEAD),
        (None, NONE, ["alliance"],
         f"By the lexicon alone, {LEAD}; the lexicon errs differently by outlet here, so the difference can be "
         "its own"),
    ],
)  # fmt: skip
def test_a_difference_leads_as_clear_only_where_the_page_bears_it_out(estimates, daily, shares, uneven, said):
    columns = ["label", "outlet", "other", "difference", "verdict"]
    found = SimpleNamespace(
        differences=pd.DataFrame([CLEAR]), estimates=estimates, overall=pd.DataFrame(),
        by_day=pd.DataFrame([daily] if daily else [], columns=columns),
        scrutiny=Scrutiny(CLEAR, None, pd.DataFrame(), by_day=daily), articles=ARTICLES, passages=ARTICLES,
    )  # fmt: skip
    assert answer(found, shares, uneven) == (f"{said}.", COUNT)


def test_that_an_outlet_wrote_on_one_day_alone_is_in_the_first_sentence(estimates):
    found = SimpleNamespace(
        differences=pd.DataFrame([CLEAR]), estimates=estimates, overall=NONE, by_day=pd.DataFrame([DAILY]),
        scrutiny=Scrutiny(CLEAR, None, NONE), passages=ARTICLES, articles=ARTICLES.assign(date=DAYS[[0, 1, 2, 2]]),
    )  # fmt: skip
    assert answer(found)[0] == f"{LEAD}; TASS wrote on one day alone."


def test_of_several_clear_differences_it_is_said_how_many_are_so_by_days(estimates):
    three = pd.DataFrame([CLEAR, CLEAR | {"label": "trust"}, CLEAR | {"label": "trade"}])
    found = SimpleNamespace(
        differences=three, estimates=estimates, overall=pd.DataFrame(), by_day=pd.DataFrame([DAILY]),
        scrutiny=Scrutiny(CLEAR, None, pd.DataFrame()), articles=ARTICLES, passages=ARTICLES,
    )  # fmt: skip
    assert answer(found)[1].endswith(". Counting days where stories of one day are alike, 2 of the 3 are clear.")
    every = pd.DataFrame([DAILY | {"label": label} for label in three["label"]])
    found.by_day = every
    assert answer(found)[1].endswith(", none of the 3 is clear.")
    found.by_day = every.assign(verdict="different")
    assert answer(found)[1].endswith(", all 3 are clear.")


def test_the_clearest_difference_has_the_smallest_q_then_p_then_the_interval_farthest_from_0():
    table = pd.DataFrame(
        {
            "label": "economy", "outlet": list("abcde"), "other": "z", "difference": [0.9, 0.3, 0.2, -0.25, 0.0],
            "low": [0.5, 0.05, 0.1, -0.5, -0.1], "high": [1.0, 0.5, 0.3, -0.2, 0.1],
            "p": [0.04, 0.01, 0.01, 0.01, 0.001], "q": [0.04, 0.04, 0.04, 0.04, 0.001],
        }
    )  # fmt: skip
    every_day = table[:0].assign(verdict="")

    def first(table, by_day=every_day):
        return clearest(SimpleNamespace(differences=table, by_day=by_day))

    assert first(table)["outlet"] == "d"  # e differs by nothing, a has a larger p, b is larger, but less sure
    assert first(table.assign(q=np.nan)) is None
    assert first(table.assign(difference=[1e-17, -5e-17, 0.0, 0.0, 0.0])) is None  # rounding errors claim nothing
    by_day = table[1:4].assign(verdict=["different", "different", "too little data"])  # d is not clear by days
    assert first(table, by_day)["outlet"] == "c"
    within = table.assign(standardised=[0.9, 0.3, -0.2, -0.2, 0], standardised_verdict="different")
    assert first(within, by_day)["outlet"] == "b"  # within what both cover c is of the other sign


@pytest.mark.parametrize(("reprints", "difference"), [("weighted", 23 / 36), ("original", 24 / 36)])
def test_where_stories_of_one_day_are_alike_outlets_are_compared_by_days_too(reprints, difference):
    """Three stories a day, all alike: AP carries the frame on 5 of 6 days, DW on 1; one copy in AP does not."""
    days = pd.date_range("2017-03-01", periods=6).repeat(3)
    ids = [f"{outlet}{at:02}" for outlet in ("AP", "DW") for at in range(18)]
    articles = pd.DataFrame({"doc_id": ids, "story_id": ids, "outlet": [one[:2] for one in ids], "copy_of": None,
                             "date": [*days, *days]})  # fmt: skip
    copied = articles[:1].assign(doc_id="copy", copy_of="AP00")
    values = [*[1.0] * 15, *[0.0] * 3, *[0.0] * 15, *[1.0] * 3, 0.0]
    shares = pd.DataFrame({"trade": values}, index=[*ids, "copy"])
    found = compared(shares, pd.concat([articles, copied]), how=Inference(reprints=reprints))
    assert found.by_day["difference"].tolist() == pytest.approx([difference])
    assert len(found.by_day) == len(found.differences) == 1
