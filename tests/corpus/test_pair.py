import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.countries import countries, names
from analysis.corpus.pair import is_about
from analysis.corpus.writing import KNOWN
from tests.data import cases, refused

CASES = cases("pair")
PAIR = ("Russia", "China")


def said(text, about=PAIR):
    found = is_about([text], about).loc[0]
    return "named" if found["named"] else "meant" if found["meant"] else "neither"


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["text"])
def test_about_the_pair_or_not(case):
    assert said(case["text"]) == case["about"]


@pytest.mark.parametrize("case", CASES["known_failures"], ids=lambda case: case["text"])
@pytest.mark.xfail(strict=True)
def test_known_failures(case):
    assert said(case["text"]) == case["about"]


PARTS = ["Russia", "china", "Xi", "the", "US", "us-led", "u s", "and", "both", "two", "sides", "South China Sea"]
SENTENCES = st.lists(st.sampled_from(PARTS), max_size=8).map(" ".join)


@given(st.lists(SENTENCES, max_size=6))
def test_a_text_is_judged_alone(texts):
    together = is_about(texts, PAIR).to_numpy().tolist()
    assert together == [is_about([text], PAIR).to_numpy().tolist()[0] for text in texts]


@given(st.lists(SENTENCES, max_size=20))
def test_the_order_of_the_two_does_not_matter(texts):
    pd.testing.assert_frame_equal(is_about(texts, ("China", "Russia")), is_about(texts, PAIR))


OWN = [
    (
        "capitals in a name",
        {"India": ["India*"], "Pakistan": ["PAKISTAN", "pakistani*"]},
        "Indian and Pakistani",
        "named",
    ),
    ("one name", {"India": "india", "Pakistan": "pakistan"}, "India and Pakistan", "named"),
    ("a name in capitals is met in capitals", {"A": ["AU"], "B": ["EU"]}, "au and EU", "neither"),
    ("hyphens", {"Guinea": ["guinea-bissau"], "Senegal": ["senegal*"]}, "Guinea-Bissau and Senegalese", "named"),
    ("dots", {"America": ["u.s."], "Japan": ["japan"]}, "The U.S. and Japan", "named"),
    (
        "a known country under a new name",
        {"Britain": ["britain"], "Union": ["brussels"]},
        "Britain, Brussels",
        "named",
    ),
    (
        "its other names are no third",
        {"Britain": ["britain"], "EU": ["eu"]},
        "Britain and the EU: both sides in London",
        "named",
    ),
    (
        "a known pair beside its list",
        {"India": ["india"], "China": ["china"]},
        "India, China and Japan",
        "neither",
    ),
    ("a script of its own", {"भारत": ["भारत*"], "चीन": ["चीन"]}, "भारतीय और चीन", "named"),
    ("letters with marks", {"Türkiye": ["türkiye"], "Syria": ["syria"]}, "TÜRKIYE and Syria", "named"),
]


@pytest.mark.parametrize(("about", "text", "expected"), [case[1:] for case in OWN], ids=[case[0] for case in OWN])
def test_a_pair_of_ones_own(about, text, expected):
    assert said(text, about) == expected


def test_every_country_of_the_list_makes_a_pair():
    for name in countries():
        other = "Russia" if name != "Russia" else "China"
        assert list(names((name, other)))[:2] == [name, other]


@pytest.mark.parametrize("language", KNOWN)
def test_no_name_stands_for_two_countries(language):
    every = [form for forms in countries(language).values() for form in forms]
    assert sorted(every) == sorted(set(every))


@pytest.mark.parametrize(
    ("about", "shown"),
    [
        ("Russia", "'Russia'"),
        (("Russia",), "('Russia',)"),
        (("Russia", "Russia"), "('Russia', 'Russia')"),
        (("Russia", "China", "Japan"), "('Russia', 'China', 'Japan')"),
        ({"Russia": ["russia"]}, "{'Russia': ['russia']}"),
        (5, "5"),
    ],
)
def test_a_pair_is_two(about, shown):
    with refused(f"about: two countries are needed. Found: {shown}. Write about=('Russia', 'China')."):
        names(about)


@pytest.mark.parametrize(
    ("text", "joint", "language"),
    [("The Sino-Russian pact holds.", "sino-russian", "en"), ("中俄签署协议。", "中俄", "zh")],
)
def test_a_word_that_names_both_may_be_given_for_each(text, joint, language):
    own = {"Russia": ["russia*", joint], "China": ["china", joint]}
    assert is_about([text], own, language)["named"].all()


@pytest.mark.parametrize(
    "about", [("Narnia", "China"), {"Narnia": [], "China": ["china"]}, {"Narnia": ["!"], "B": "b"}]
)
def test_a_country_needs_names(about):
    with refused(
        "about: no names are known for 'Narnia'. "
        "For a country of your own give its names: about={'Narnia': ['name', 'adjective', 'capital'], …}."
    ):
        names(about)


US_IRAN = ("United States", "Iran")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Iran sold oil for 20 million U.S. dollars.", False),
        ("Iran sold oil for 20 million US dollars.", False),
        ("Iran sold oil for US$20 million.", False),
        ("Iran sold oil for dollars to the U.S.", True),
        ("South America and Iran", False),
        ("the Americas and Iran", False),
        ("Latin American leaders and Iran", False),
        ("American Samoa and Iran", False),
        ("Iran and America", True),
        ("GIVE US A BREAK, IRAN SAYS", False),
        ("TELL US NOW, IRAN", False),
        ("US AND IRAN SIGN DEAL", True),
        ("IRAN SEEKS TALKS WITH THE US", True),
        ("IRAN: US-LED TALKS FAIL", True),
        ("IRAN SAYS US TROOPS MUST LEAVE", True),
        ("the us and iran agreed on talks", True),
        ("the us embassy in iran", True),
        ("iran told us a story", False),
        ("Iran told us a story.", False),
        ("usa and iran agree", True),
    ],
)
def test_the_country_is_not_the_pronoun_the_dollar_or_the_continent(text, named):
    assert is_about([text], US_IRAN)["named"].tolist() == [named]


@pytest.mark.parametrize("about", [("US", "Iran"), ("iran", "U.S."), *(
    {"America": [form], "Iran": ["iran*"]} for form in ("u.s.", "US", "us", "USA", "U.S.A.", "u s")
)])  # fmt: skip
def test_spellings_of_an_acronym_are_matched_together(about):
    texts = [
        "The US met Iran.",
        "The U.S. met Iran.",
        "the u s met iran",
        "The USA met Iran.",
        "US-led talks on Iran",
    ]
    assert is_about(texts, about)["named"].all()
    assert not is_about(["Iran told us."], about)["named"].any()


def test_a_typo_gets_a_suggestion():
    with pytest.raises(ValueError, match=r"^about: no names are known for 'Chna'\. Did you mean 'China'\?"):
        names(("US", "Chna"))
