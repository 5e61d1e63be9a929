import time

import pandas as pd
import pytest

import analysis as an
from analysis.corpus.judge import SHORT, STRICT, about_relation, features, masked, set_aside
from tests.data import cases

PAIRS = [("Russia", "China"), ("United States", "Iran"), ("North Korea", "South Korea"), ("India", "Pakistan")]
ABOUT = [
    "{0} and {1} signed a deal.",
    "{0} warned {1} not to move troops to the border.",
    "Relations between {0} and {1} are warm.",
    "{1} said {0} must lift its sanctions against {1}.",
    "The president of {0} met the president of {1}.",
    "{0} believes that {1} gives the rebels weapons.",
    "{0} says {1} has broken the treaty.",
    "{1} suspects that {0} trains its enemies.",
    "The general is backed by {0} and {1}.",
]
ASIDE = [
    "{1} launched a satellite on Monday, according to {0}'s military.",
    "The firm has shops in Japan, {0}, {1} and Spain.",
    "Police officials in {0} say that {1} changed its flag.",
    "The agency said that {0} had a flood while in {1} the harvest was good.",
    "Unlike {0}, {1} has no such law.",
]


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_any_pair_is_judged_alike(pair):
    texts = [text.format(*pair) for text in [*ABOUT, *ASIDE]]
    assert about_relation(texts, pair)["about"].tolist() == [True] * len(ABOUT) + [False] * len(ASIDE)


def test_what_names_one_of_them_is_left_to_others():
    judged = about_relation(["Russia is vast.", "It rained.", ""], PAIRS[0])
    assert judged["about"].all()
    assert judged["probability"].isna().all()


def test_a_judgement_says_why():
    texts = ["Russia and China signed a deal.", "China grew, Russian analysts say."]
    judged = about_relation(texts, PAIRS[0])
    assert "no third +" in judged["why"][0]
    assert judged["why"][1] == "one country is only the source of the news"


def test_two_that_say_a_thing_together_are_no_mere_source():
    text = "Russia and China said on Monday that they would cut duties on each other's goods."
    assert about_relation([text], PAIRS[0])["about"].tolist() == [True]


def test_the_countries_are_masked():
    [passage] = masked(["Moscow, in 2015, told Beijing and Tokyo."], PAIRS[0])
    assert passage.words == ("X", "in", "#", "told", "X", "and", "T")
    assert passage.owner == (0, -1, -1, -1, 1, -1, -1)
    names = " ".join(features(passage))
    assert not any(word in names for word in ("moscow", "beijing", "tokyo"))


def test_a_source_that_deals_with_the_other_is_more_than_a_source():
    texts = ["China fell ill, Russian officials said.", "China met Russia, Russian officials said."]
    assert [bool(set_aside(passage)) for passage in masked(texts, PAIRS[0])] == [True, False]


@pytest.mark.parametrize(("text", "source"), [
    ("Russia fired a rocket, police in Beijing said.", True),
    ("China fell ill, historians of Russia wrote.", True),
    ("The Russian army said it had followed ships of China.", False),  # what it did itself
    ("She added that Turkey fears China's weight in Russia.", False),  # within what is said
    ("The ambassador of China fell ill, said Russian officials.", False),
])  # fmt: skip
def test_a_source_says_nothing_of_itself_and_stands_outside_of_what_is_said(text, source):
    [passage] = masked([text], PAIRS[0])
    assert bool(set_aside(passage)) == source


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Peru and Chile are friends.", True),
        ("Lima and Santiago are no longer good neighbours.", True),
        ("Peru said that Chile and Peru have often quarrelled.", True),
        ("Lima and Santiago talked.", True),
        ("Peru and Chile met on Monday.", True),
        ("Friends in Peru and Chile wrote to me.", False),
        ("A famine hit Peru and Chile.", False),
    ],
)
def test_what_the_two_are_to_each_other_is_about_them(text, about):
    assert about_relation([text], ("Peru", "Chile"))["about"].tolist() == [about]


@pytest.mark.parametrize(("text", "apart"), [
    ("Poland held a vote, and Hungary opened a museum.", True),
    ("The Polish zloty fell but the Hungarian forint rose.", True),
    ("Poland held a vote; Hungary sang.", True),
    ("Poland held a vote, and Hungary watched it.", False),
    ("Poland grew angry, and Hungary answered.", False),
    ("Poland was late, Hungary said.", False),
    ("Poland and Hungary sang.", False),
    ("Polish long-range planes and Hungarian jets flew by.", False),
    ("Poland, the home of Hungary.", False),
    ("In 2015, Poland, Hungary.", False),
    ("Poland held a vote, and Hungary", False),
])  # fmt: skip
def test_each_in_a_clause_of_its_own_is_set_aside_unless_one_points_back(text, apart):
    [passage] = masked([text], ("Poland", "Hungary"))
    assert (set_aside(passage) == "each is spoken of by itself") == apart


PLAIN = [
    (text, tuple(pair.split(" – ")), name == "about")
    for pairs in cases("plain_pairs").values()
    for pair, kinds in pairs.items()
    for name, texts in kinds.items()
    for text in texts
]


@pytest.mark.parametrize(("text", "pair", "about"), PLAIN, ids=[text for text, *_ in PLAIN])
def test_plain_sentences_are_judged_as_a_reader_would(text, pair, about):
    assert about_relation([text], pair)["about"].tolist() == [about]


def test_made_up_plain_sentences_are_mostly_judged_right_also_where_nothing_learned_them():
    plain = pd.read_csv("data/gold/plain_sentences.csv")
    for pair, rows in plain.groupby(["country", "other"]):
        plain.loc[rows.index, "about"] = about_relation(rows["text"].tolist(), pair)["about"].to_numpy()
    right = (plain["about"] == (plain["relation"] == 1)).groupby([plain["part"], plain["relation"]]).sum()
    assert right["held"].tolist() == [26, 28]  # 23 and 25 without the weights for short sentences and their rules


def test_a_sentence_of_a_few_words_has_weights_of_its_own():
    short, long = ("Peru" + " fish" * words + " Chile." for words in (SHORT - 2, SHORT - 1))
    judged = about_relation([short, long], ("Peru", "Chile"))
    assert judged["why"][0].split(",")[0] != judged["why"][1].split(",")[0]


def test_what_is_done_by_both_is_about_the_two():
    texts = ["Iraq had a flood, rebels backed by Egypt and France said.", "Iraq and Egypt fell ill, France said."]
    judged = about_relation(texts, ("Egypt", "France"), strict=1)
    assert judged["about"].tolist() == [True, False]
    assert judged["why"][0] == "both act together"


@pytest.mark.parametrize(("text", "pair"), [
    ("The Copenhagen accord binds France.", ("Denmark", "France")),
    ("Berlin left the Paris climate accord.", ("France", "Germany")),
    ("Russia joined the Astana meeting.", ("Kazakhstan", "Russia")),
    ("France, Jay Carney said, is rich.", ("Canada", "France")),
    ("Lisa Monaco spoke in France.", ("Monaco", "France")),
    ("A firm of Paris, Texas, is German.", ("France", "Germany")),
])  # fmt: skip
def test_a_name_that_is_not_a_country_s_is_not_taken_for_one(text, pair):
    [passage] = masked([text], pair)
    assert passage.words.count("X") == 1


def test_a_deed_of_both_speaks_for_them():
    both, none = masked(["Russia and China vetoed the draft.", "Russia and China grew fast."], PAIRS[0])
    assert features(both)["a deed of X and X"] == features(both)["one clause holds both"] == 1
    assert "a deed of X and X" not in features(none)


def test_users_choose_how_strict_it_is():
    texts = [text.format(*PAIRS[0]) for text in [*ABOUT, *ASIDE]]
    articles = pd.DataFrame({"doc_id": [f"d{at}" for at in range(len(texts))], "text": texts})
    kept = [len(an.passages(articles, about=PAIRS[0], strict=strict)) for strict in (0, STRICT, 1.01)]
    assert kept == [len(texts) - 1, len(ABOUT), 0]  # names in a list of three or more never count
    lexicon = an.Lexicon("all", entries=[an.Entry("say", "talk")], about=PAIRS[0])
    assert [len(an.find_frames(articles, lexicon, strict=strict)) for strict in (0, STRICT)] == [1, 0]


def test_a_word_without_end_is_read_once():
    started = time.process_time()
    assert len(about_relation(["Russia and China " + "a" * 200_000], ("Russia", "China"))) == 1
    assert time.process_time() - started < 10
