"""Languages by the text alone, and of short texts by the corpus they stand in."""

import pandas as pd
import pytest

import analysis as an
from analysis.corpus.language import languages
from analysis.corpus.passages import language_of
from tests.data import cases

CASES = cases("languages")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:30])
def test_a_text_alone(case):
    assert languages([case["text"]]) == [case["language"]]


def test_all_together_and_in_any_order():
    texts, codes = ([case[key] for case in CASES] for key in ("text", "language"))
    told = dict(zip(texts, languages(texts), strict=True))
    assert languages(texts[::-1]) == [told[text] for text in texts[::-1]]
    decided = [(told[text], code) for text, code in zip(texts, codes, strict=True) if code]
    assert sum(own == code for own, code in decided) >= len(decided) - 1


def test_a_short_title_is_judged_by_its_corpus():
    german = ["Russland und China haben am Montag in Peking einen Vertrag über Gas unterzeichnet."] * 5
    assert languages([*german, "Trump in China"])[-1] == "de"


def test_nothing_in_nothing_out():
    assert languages([]) == []


def test_every_article_that_is_read_has_a_language(tmp_path):
    path = tmp_path / "a.csv"
    rows = ["outlet,Sprache,title,text", "A,Französisch,Accord,42", "C,News,,Россия и Китай подписали контракт."]
    rows += ["D,,习近平在莫斯科会见俄罗斯总统,", "E,ENGLISH; ANGLAIS,,Gas.", "F,,,42"]
    rows += ["B,,Vertrag,Russland und China haben am Donnerstag einen Vertrag über Gas geschlossen."]
    path.write_text("\n".join(rows), encoding="utf-8")
    articles = an.read_articles(path, columns={"language": "Sprache"})
    assert articles["language"].tolist() == ["fr", "ru", "zh", "en", "", "de"]
    assert articles["language_given"].tolist() == ["Französisch", "News", "", "ENGLISH; ANGLAIS", "", ""]
    assert language_of(articles).tolist() == articles["language"].tolist()
    table = an.summarize(articles).set_index("outlet")
    assert table["languages"].tolist() == ["fr", "de", "ru", "zh", "en", ""]


SHORT = {
    "de": ["Moskau und Peking einigen sich auf Gas", "China und Russland"],
    "es": ["Rusia y China firman un acuerdo de gas", "Lula viaja a Moscú"],
    "fr": ["La Russie et la Chine signent un accord", "Sommet gazier à Moscou"],
    "en": [
        "Xi and Putin meet in Moscow",
        "Russia, China sign gas deal",
        "Putin trifft Xi",
        "ObamaÃ¢â‚¬â„¢s America",
    ],
}


def test_headlines_of_several_languages_alone():
    texts = ["Lawrow reist nach Peking", "Sommet gazier à Moscou", "Lula viaja a Moscú", "Москва ждёт гостей"]
    articles = pd.DataFrame({"doc_id": list("abcd"), "text": texts})
    assert language_of(articles).tolist() == ["de", "fr", "es", "ru"]


@pytest.mark.parametrize("code", SHORT)
def test_a_headline_alone_is_in_the_language_of_its_words(code):
    for text in SHORT[code]:
        articles = pd.DataFrame({"doc_id": ["a"], "text": [text]})
        assert language_of(articles).tolist() == [code], text
