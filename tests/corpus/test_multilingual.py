"""Passages about a pair in languages other than English, and their sentences."""

from pathlib import Path

import pandas as pd
import pytest
import yaml

import analysis as an
from analysis.corpus.multilingual import UNSPACED, is_about
from analysis.corpus.writing import KNOWN, sentences

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "pair_languages.yaml").read_text("utf-8"))
PAIR = ("Russia", "China")
EACH = [
    pytest.param(language, kind, text, id=f"{language} {kind} {text[:20]}")
    for language, kinds in CASES.items()
    for kind, texts in kinds.items()
    for text in texts
]
SENTENCES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "sentences.yaml").read_text("utf-8"))


def test_every_language_has_cases():
    assert set(CASES) == set(KNOWN)


@pytest.mark.parametrize(("language", "kind", "text"), EACH)
def test_what_a_passage_is_about(language, kind, text):
    told = is_about([text], PAIR, language).iloc[0]
    assert bool(told["named"]) == (kind == "about")
    if kind == "meant":
        assert told["meant"]


@pytest.mark.parametrize("language", SENTENCES)
def test_sentences_begin_and_end_where_they_do(language):
    expected = SENTENCES[language]
    text = ("" if language in UNSPACED else " ").join(expected)
    assert [text[start:end] for start, end in sentences(text, language)] == expected


def test_articles_of_several_languages_stand_in_one_table():
    texts = [CASES[language]["about"][0] * 2 for language in ("zh", "ru", "de")]
    articles = pd.DataFrame({"doc_id": ["z", "r", "d"], "text": texts})
    found = an.passages(articles, about=PAIR)
    assert set(found["doc_id"]) == {"z", "r", "d"}
    texts = articles.set_index("doc_id")["text"]
    assert all(texts[row.doc_id][row.start : row.end] == row.text for row in found.itertuples())
    assert found.groupby("doc_id")["language"].first().to_dict() == {"d": "de", "r": "ru", "z": "zh"}


def test_a_language_that_is_not_known_is_said():
    articles = pd.DataFrame(
        {
            "doc_id": ["k"],
            "text": ["러시아와 중국이 새로운 가스 협정에 서명했다고 당국자들이 월요일에 밝혔다. " * 3],
        }
    )
    with pytest.warns(UserWarning, match=r"names of countries are not known here \(ko\)"):
        assert an.passages(articles, about=PAIR).empty
    own = {"Russia": ["러시아*"], "China": ["중국*"]}
    assert len(an.passages(articles, about=own)) == 3
