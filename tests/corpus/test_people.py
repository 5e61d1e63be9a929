"""Persons whom an article introduces by office and country."""

import numpy as np
import pandas as pd
import pytest

import analysis as an
from analysis.corpus.countries import names
from analysis.corpus.mentions import named
from analysis.corpus.people import with_people
from tests.data import cases

CASES = [
    pytest.param(language, tuple(pair.split(" – ")), text.split(" => "), countries, id=f"{language} {name}")
    for language, own in cases("people_languages").items()
    for name, (pair, text, countries) in own.items()
]


@pytest.mark.parametrize(("language", "pair", "texts", "countries"), CASES)
def test_whom_an_article_introduces(language, pair, texts, countries):
    found = with_people(named(texts, names(pair, language), language), np.zeros(2, int), language).mentions
    told = found["country"][found["text"] == 1]
    assert " ".join(told.str.replace(" ", "_")) == countries


def test_a_name_belongs_to_its_article():
    texts = ["Der polnische Minister Marek Zawadzki kam.", "Zawadzki schwieg."]
    found = named(texts, names(("Poland", "Ukraine"), "de"), "de")
    assert with_people(found, np.array([0, 1]), "de").mentions.equals(found.mentions)


@pytest.mark.parametrize("texts", [[], [""], ["Der Minister."], ["Minister"], ["Marek Zawadzki, Minister"]])
def test_texts_without_an_introduction_keep_their_mentions(texts):
    found = named(texts, names(("Poland", "Ukraine"), "de"), "de")
    assert with_people(found, np.arange(len(texts)), "de").mentions.equals(found.mentions)


def test_a_person_speaks_for_the_country():
    sentences = [
        "Der polnische Minister Marek Zawadzki flog nach Kiew.",
        "Es regnete.",
        "Zawadzki drohte mit Zöllen.",
    ]
    table = pd.DataFrame({"doc_id": ["a"], "text": [" ".join(sentences)], "language": ["de"]})
    assert an.passages(table, about=("Poland", "Ukraine"))["position"].tolist() == [0, 2]


def article(text, language="de"):
    return pd.DataFrame({"doc_id": ["a"], "text": [text], "language": [language]})


IN_TURN = ["Polen drohte am Montag mit neuen Zöllen.", "Kiew wies die Vorwürfe als haltlos zurück."]
BOTH_SIDES = "Beide Seiten wollen weiter verhandeln."


def test_an_article_that_names_the_two_in_turn_and_never_together():
    found = an.passages(article(" ".join([*IN_TURN, BOTH_SIDES])), about=("Poland", "Ukraine"))
    assert found["position"].tolist() == [0, 1, 2]


OTHERS = ["Es regnete."] * 5
NOT_ON_BOTH = {
    "nothing speaks of the two": ["Polen drohte am Montag.", IN_TURN[1], "Es regnete."],
    "the second is named late": [IN_TURN[0], *OTHERS, IN_TURN[1], BOTH_SIDES],
    "as often a third": [*IN_TURN, BOTH_SIDES, "Prag schwieg.", "Tschechien liefert Strom."],
}


@pytest.mark.parametrize("kind", NOT_ON_BOTH)
def test_an_article_in_turn_is_not_always_on_the_two(kind):
    assert an.passages(article(" ".join(NOT_ON_BOTH[kind])), about=("Poland", "Ukraine")).empty


def test_the_two_together_open_an_article_on_them():
    rain = ["Es regnete."] * 10
    for before, found in (([], [0, 11]), (["Es taute."], [1, 12]), (["Es taute."] * 2, [2])):
        text = " ".join([*before, "Polen drohte der Ukraine.", *rain, IN_TURN[1]])
        assert an.passages(article(text), about=("Poland", "Ukraine"))["position"].tolist() == found


def test_between_two_passages_less_is_enough():
    opening = ["Polen drohte der Ukraine mit Zöllen.", *IN_TURN, "Es wird noch im März geschehen."]
    found, apart = (
        an.passages(article(" ".join([*opening, *end])), about=("Poland", "Ukraine"))["position"].tolist()
        for end in ([BOTH_SIDES], ["Es regnete.", "Es taute."])
    )
    assert (found, apart) == ([0, 1, 2, 3, 4], [0, 1, 2])


def test_a_colon_parts_a_name():
    texts = ["La flota vuelve a puerto: España y Marruecos discuten.", "Volvió a Puerto España."]
    told = named(texts, names(("Spain", "Morocco"), "es"), "es").mentions["country"].tolist()
    assert told == ["Spain", "Morocco", "Trinidad & Tobago"]
