import pandas as pd
import pytest

import analysis as an
from analysis.corpus.agencies import credit
from tests.data import cases

CASES = cases("agencies")


def table(text, **columns):
    return pd.DataFrame({"doc_id": ["a"], "text": [text], **{name: [value] for name, value in columns.items()}})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][-40:])
def test_a_credit_names_the_agency_and_a_sentence_does_not(case):
    assert an.clean(table(case["text"]))["agency"].tolist() == [case["agency"]]
    found = credit({"text": case["text"]})
    assert (found.place if found else None) == (case["place"] if case["agency"] else None)
    assert found is None or found.text in case["text"]


def test_an_agency_that_is_given_stays():
    found = an.clean(table("BEIJING (AP) — Xi left.", agency="Reuters"))
    assert found[["agency", "agency_credit"]].to_numpy().tolist() == [["Reuters", ""]]


def test_the_byline_of_an_export_is_read_first():
    found = an.clean(table("It is over. —AP", byline="Jo Ray, Reuters"))
    assert found[["agency", "agency_credit"]].to_numpy().tolist() == [["Reuters", "Jo Ray, Reuters"]]


def test_the_seeds_show_their_agency_themselves():
    seeds = an.load_example("seeds")
    assert an.clean(seeds.assign(agency=""))["agency"].equals(seeds["agency"])


def test_cleaning_twice_keeps_the_credit_that_the_first_removed():
    once = an.clean(table("its own interests associated press", outlet="Washington Times", agency=""))
    assert once[["text", "agency", "agency_credit"]].to_numpy().tolist() == [
        ["its own interests", "AP", "associated press"]
    ]
    pd.testing.assert_frame_equal(an.clean(once), once)
    assert an.mark_copies(once)["agency_credit"].tolist() == ["associated press"]


def test_no_articles_keep_the_columns():
    assert list(an.clean(table("x").iloc[:0])) == ["doc_id", "text", "agency", "agency_credit", "removed"]


WIRE = "Xi Jinping arrived in Moscow on Monday for a state visit and will meet Vladimir Putin in the Kremlin"


def prints(**outlets):
    names = [name.replace("_", " ") for name in outlets]
    rows = {"doc_id": [f"d{at}" for at in range(len(names))], "outlet": names, "text": list(outlets.values())}
    return pd.DataFrame(rows).assign(date=pd.Timestamp("2017-02-06"), agency="")


def test_who_prints_the_text_of_an_agency_has_it_from_there():
    marked = an.mark_copies(
        prints(TASS=f"{WIRE}.", Straits_Times=f"{WIRE}, he said.", DW="It rained in Bonn all day.")
    )
    assert marked["agency"].tolist() == ["", "TASS", ""]
    assert marked["agency_credit"].tolist() == ["", "the text of d0 (TASS)", ""]


def test_who_shares_a_credited_text_has_it_from_the_same_agency():
    marked = an.mark_copies(prints(ABC_News=f"BEIJING (AP) — {WIRE}.", BBC=f"{WIRE}."))
    assert marked["agency"].tolist() == ["AP", "AP"]
    assert marked["agency_credit"].tolist() == ["BEIJING (AP) —", "the text of d0 (ABC News)"]


def test_a_copy_without_an_agency_has_none():
    assert an.mark_copies(prints(CNN=f"{WIRE}.", BBC=f"{WIRE}."))["agency"].tolist() == ["", ""]
