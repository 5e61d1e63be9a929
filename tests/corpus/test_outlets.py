"""One outlet has one name."""

import pandas as pd
import pytest

from analysis.corpus.outlets import known_outlet, one_name, with_outlets

KNOWN = {
    "Wall Street Journal, Eastern edition; New York, N.Y.": "The Wall Street Journal",
    "The Guardian - Final Edition": "The Guardian",
    "The Guardian (London) - Final Edition": "The Guardian",
    "Guardian.com.": "The Guardian",
    "The Times; London (UK)": "The Times",
    "NEW YORK TIMES": "The New York Times",
    "The New York Times, Late Edition (East Coast)": "The New York Times",
    "https://www.nytimes.com/2022/03/03/a.html": "The New York Times",
    "USA TODAY, FIRST EDITION": "USA Today",
    "The Guardian (Nigeria)": "The Guardian (Nigeria)",
    "The Independent (Kampala)": "The Independent (Kampala)",
}


@pytest.mark.parametrize("given", KNOWN)
def test_a_known_outlet(given):
    assert known_outlet(given).name == KNOWN[given]


def names(*given):
    found = one_name(given)
    return [found[name].name for name in given]


def test_an_unknown_outlet_has_one_name_too():
    assert names("Test Post; Testville", "The Test Post") == ["The Test Post"] * 2
    assert names("The Test Post", "The Test Post (Blogname)", "TEST POST - Final Edition") == ["The Test Post"] * 3
    assert names("Irish Paper (Dublin)", "Irish Paper; Dublin, Ireland") == ["Irish Paper"] * 2
    assert names("m.test.org", "http://www.test.org/x") == ["test.org"] * 2
    assert names("\u200fTest\u00a0Post\u200e", "Test Post", "\ufeffTest Post") == ["Test Post"] * 3


def test_two_papers_of_one_name_stay_two():
    assert names("The Nation (Nairobi)", "The Nation (Bangkok)") == [
        "The Nation (Nairobi)",
        "The Nation (Bangkok)",
    ]


def test_renaming_can_be_undone_and_does_not_depend_on_row_order():
    articles = pd.DataFrame({"outlet": ["Test Post", "The Test Post", "rt.com", ""]}, dtype="str")
    named = with_outlets(articles)
    assert named.outlet.tolist() == ["The Test Post", "The Test Post", "RT", ""]
    assert named.outlet_given.tolist() == articles.outlet.tolist()
    assert with_outlets(articles[::-1]).sort_index().outlet.tolist() == named.outlet.tolist()
