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


def test_a_colon_parts_a_name():
    texts = ["La flota vuelve a puerto: España y Marruecos discuten.", "Volvió a Puerto España."]
    told = named(texts, names(("Spain", "Morocco"), "es"), "es").mentions["country"].tolist()
    assert told == ["Spain", "Morocco", "Trinidad & Tobago"]
