import time

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis as an
from analysis.corpus import pair
from analysis.corpus.passages import LONGEST_SENTENCE, UNITS, WINDOW
from tests.data import cases, refused

CHARACTERS = st.characters(exclude_categories=["Cs"])
TEXTS = st.one_of(
    st.text(CHARACTERS),
    st.lists(st.sampled_from(["Russia", "China.", "\n\n", " ", "\r\n", "U.S.", "met", "”", "…"])).map(" ".join),
    st.integers(0, 200).map(lambda n: "word " * n),
)


def articles(*texts):
    return pd.DataFrame({"doc_id": [f"d{at}" for at in range(len(texts))], "text": list(texts)})


@pytest.mark.filterwarnings("ignore:articles")  # letters at random look like some rare language
@given(st.lists(TEXTS, max_size=4), st.sampled_from(UNITS), st.sampled_from([None, ("Russia", "China")]))
def test_passages_are_their_articles_text_in_order(texts, unit, about):
    found = an.passages(articles(*texts), unit=unit, about=about)
    text_of = dict(zip([f"d{at}" for at in range(len(texts))], texts, strict=True))
    assert found["passage_id"].is_unique
    for doc, rows in found.groupby("doc_id"):
        spans = rows[["start", "end"]].to_numpy().tolist()
        assert rows["text"].tolist() == [text_of[doc][start:end] for start, end in spans]
        assert all(text.strip() for text in rows["text"])
        edges = [edge for span in spans for edge in span]
        assert edges == sorted(edges)
        assert rows["position"].is_monotonic_increasing


@given(TEXTS, st.sampled_from(UNITS))
def test_nothing_but_space_is_left_out(text, unit):
    found = an.passages(articles(text), unit=unit, about=None)
    assert "".join("".join(found["text"]).split()) == "".join(text.split())


def cut(text, **options):
    return an.passages(articles(text), about=None, **options)["text"].tolist()


def test_units():
    text = "One came. Two\nleft.\n\nThree."
    assert cut(text) == ["One came.", "Two\nleft.", "Three."]
    assert cut(text, unit="paragraph") == ["One came. Two", "left.", "Three."]
    assert cut(text, unit="window") == cut(text, unit="article") == [text]


def test_windows_where_the_punctuation_is_lost():
    words = [f"w{at}" for at in range(LONGEST_SENTENCE + 1)]
    assert cut(" ".join(words[:-1])) == [" ".join(words[:-1])]
    windows = [" ".join(words[at : at + WINDOW]) for at in range(0, len(words), WINDOW)]
    assert cut(" ".join(words)) == windows
    assert [len(window.split()) for window in windows] == [40, 40, 1]


def test_the_two_countries_follow_on_both_names():
    near = "Russia met China. It rained. The two countries trade."
    far = "Russia met China. It rained. It poured. It hailed. The two countries trade."
    before = "It rained. The two countries trade. It rained. Russia met China."
    others = "Russia met China. Peru and Chile met. Cuba and Peru met. The two countries trade."
    found = an.passages(articles(near, far, before, others))
    assert found["passage_id"].tolist() == ["d0:0", "d0:2", "d1:0", "d1:4", "d2:3", "d3:0"]


def test_what_counts_for_and_against_a_passage_adds_up():
    opening = "Russia met China. It rained. It rained. Russia met China."
    act = "It rained. It rained. Moscow imposed tariffs."  # two points, one for the name, one for being near
    even = f"{opening} {act} It rained. Beijing was silent."  # and one each for density and evenness
    seldom = f"{opening} {act} {'It rained. ' * 20} Beijing was silent."
    at_home = f"{opening} {act.replace('tariffs', 'tariffs on Peru')} It rained. Beijing was silent."
    found = an.passages(articles(even, seldom, at_home))
    assert found["passage_id"].tolist() == ["d0:0", "d0:3", "d0:6", "d1:0", "d1:3", "d2:0", "d2:3"]


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Thai and Cambodian leaders agreed to end the clashes.", [0]),
        ("PUTRAJAYA, Malaysia (AP) — Thai and Cambodian leaders agreed Monday to end the clashes.", [0]),
        ("KUALA LUMPUR — Thai and Cambodian generals will meet. Thai and Malaysian generals met.", [0]),
        ("Leaders of Malaysia (AP) — Thai and Cambodian students protested in London.", []),
    ],
)  # fmt: skip
def test_two_peoples_before_a_noun_they_share(text, about):
    assert an.passages(articles(text), about=("Thailand", "Cambodia"))["position"].tolist() == about


IN_TURN = f"{'It rained. ' * 3}Lima built a dam. {'It hailed. ' * 4}Chile was dry."


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Lima fears the dam. Peru and Chile met. It rained. Peru denied it. Lima said no.", [0, 1, 3]),
        ("Peru and Chile met. It rained. Peru, Chile and Cuba sang. Prices in Lima fell.", [0]),
        ("Peru and Chile met. It hailed. Peru's foreign minister said no. Peru's harvest fell.", [0, 2]),
        ("Peru and Chile met. Cuba and Haiti met. Haiti and Spain met. Peru denied it. The two sides ate.", [0]),
        ("Peru and Chile met. Cuba and Haiti met. Haiti and Spain met. Peru denied it. Chile sang. Lima was hot. "
         "Chile was hot. Peru was dry.", [0, 3]),
        (f"Peru and Chile met. {IN_TURN} Lima denied it. {'It rained. ' * 3}Chile said no.", [0, 4, 10]),
        (f"Peru and Chile met. {IN_TURN} Lima denied it. {'Cuba sang. ' * 5}Chile said no.", [0]),
    ],
)  # fmt: skip
def test_one_of_the_two_acts_in_an_article_about_them(text, about):
    found = an.passages(articles(text), about=("Peru", "Chile"), strict=0)
    assert found["position"].tolist() == about


@pytest.mark.parametrize(("language", "case"), cases("context_languages").items())
def test_an_act_of_one_is_meant_for_the_other_and_a_festival_is_not(language, case):
    text = articles(" ".join(case["text"])).assign(language=language)
    found = an.passages(text, about=case["about"])
    assert found["position"].tolist() == [0, 2, *case.get("wrong", [])]


def test_both_names_stand_in_the_same_article():
    assert an.passages(articles("Russia met China.", "The two countries trade."))["doc_id"].tolist() == ["d0"]


def test_own_names():
    found = an.passages(articles("Modi met them in Islamabad."), about={"India": ["modi"], "Pakistan": ["islam*"]})
    assert len(found) == 1


def test_an_empty_result_has_its_columns():
    nothing = an.passages(articles())
    assert list(nothing) == ["passage_id", "doc_id", "position", "start", "end", "text", "about"]
    assert nothing.dtypes.equals(an.passages(articles("", "Russia and China met.")).dtypes)


def test_a_very_long_text_without_punctuation():
    started = time.process_time()
    found = an.passages(articles("russia and china met " * 50_000))
    assert len(found) == 5_000
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    ("table", "options", "error"),
    [
        (
            articles("x"),
            {"unit": "line"},
            "unit: 'line' is not a unit. Use one of: sentence, paragraph, window, article.",
        ),
        (
            articles("x").drop(columns="text"),
            {},
            "articles: column 'text' is missing. Found: doc_id. A table of articles needs doc_id, text.",
        ),
        (
            pd.DataFrame(),
            {},
            "articles: column 'doc_id' is missing. Found: no columns. A table of articles needs doc_id, text.",
        ),
        (["x"], {}, "articles: a list is not a pandas DataFrame. A table of articles needs doc_id, text."),
        (
            articles("x", "y").assign(doc_id="d"),
            {},
            "articles: doc_id 'd' is duplicated. Give each row its own.",
        ),
        (
            articles("x").assign(text=[3]),
            {},
            "articles: the text of 'd0' is not a string. Found: 3. Fill missing texts with '' or drop them first.",
        ),
    ],
)
def test_what_is_wrong_is_told(table, options, error):
    with refused(error, (ValueError, TypeError)):
        an.passages(table, **options)


def test_only_articles_that_may_name_both_are_looked_at_closely(monkeypatch):
    asked, ask = [], pair.is_about
    monkeypatch.setattr(
        pair, "is_about", lambda texts, *more, **own: asked.extend(texts) or ask(texts, *more, **own)
    )
    apart = ["Russia won. It rained. The two countries play again."] * 50
    found = an.passages(articles(*apart, "A place in a taxi in Moscow.", "Russia met China. Both sides won."))
    assert found["doc_id"].tolist() == ["d51", "d51"]
    assert asked == ["Russia met China.", "Both sides won."]


@pytest.mark.parametrize(
    ("language", "pair", "both", "people", "countries"),
    [
        ("es", ("Brazil", "Argentina"), "Brasil y Argentina hablaron de pesca.", "Los vecinos de Córdoba cenaron.",
         "Los vecinos firmaron un tratado."),
        ("de", ("Germany", "Poland"), "Deutschland und Polen sprachen über Fisch.", "Die Nachbarn in Köln aßen.",
         "Die Nachbarn schlossen einen Vertrag."),
        ("fr", ("France", "Germany"), "La France et l’Allemagne ont parlé de pêche.", "Les voisins ont dîné.",
         "Les voisins ont signé un traité."),
        ("ru", ("Russia", "Ukraine"), "Россия и Украина обсудили улов.", "Соседи в Самаре ужинали.",
         "Соседи заключили договор."),
    ],
)  # fmt: skip
def test_neighbours_are_the_two_where_they_act_as_countries(language, pair, both, people, countries):
    table = pd.DataFrame({"doc_id": ["a"], "text": [f"{both} {people} {countries}"], "language": [language]})
    assert an.passages(table, about=pair)["text"].tolist() == [both, countries]
