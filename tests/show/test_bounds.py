"""What the report leaves out where there are very many outlets or articles, and that it says so."""

import pandas as pd
import pytest

import analysis as an
from analysis.show.report import findings, scrutiny
from analysis.study import parts
from analysis.study.study import temporary
from benchmarks.scale import extreme

N = 30


def many():
    docs = [f"d{at:03}" for at in range(3 * N)]
    outlets = [f"Outlet {at % N:02}" for at in range(2 * N)] + ["Outlet 00"] * N
    articles = pd.DataFrame({"doc_id": docs, "outlet": outlets, "story_id": docs})
    return pd.DataFrame({"trade": [at % 2 for at in range(3 * N)]}, index=docs), articles


def test_outlets_with_most_stories_are_compared_and_the_rest_is_said():
    shares, articles = many()
    kept, said = scrutiny.most_covering(shares, articles, an.compare_outlets(shares, articles))
    left = articles.set_index("doc_id")["outlet"][kept.index].unique()
    assert len(left) == scrutiny.COMPARED
    assert "Outlet 00" in left
    assert said == (
        "Compared with each other are the 20 outlets with most stories; the other 10 outlets have shares and "
        "intervals, but no comparisons.",
    )


def test_few_outlets_are_all_compared():
    shares, articles = many()
    few = articles.assign(outlet=articles["outlet"].str[-1])
    kept, said = scrutiny.most_covering(shares, few, an.compare_outlets(shares, few))
    assert (kept.equals(shares), said) == (True, ())


@pytest.mark.parametrize(("most", "rows"), [(250, 250), (1_000, 300)])
def test_topics_of_many_articles_are_those_of_a_sample(monkeypatch, most, rows):
    monkeypatch.setattr(findings, "MODELLED", most)
    articles = pd.DataFrame({"doc_id": [f"d{at}" for at in range(300)], "text": "Xi met Putin."})
    unit, documents, said = findings._documents(articles, articles.head(0))
    assert (unit, len(documents)) == ("article", rows)
    assert said == (() if rows == 300 else ("The topics are those of 250 articles drawn at random from 300.",))
    assert documents.index.is_monotonic_increasing


def test_a_second_chapter_on_the_same_articles_does_not_read_them_again(monkeypatch):
    table, lexicons = extreme("pair", 40), [an.read_lexicon(name) for name in ("russia-china", "us-russia")]
    with temporary() as run:
        alone = run(table.copy(), lexicons[1])
        run(table, lexicons[0])
        monkeypatch.setattr(parts, "clean", None)
        twin = run(table, lexicons[1])
    for name in ("articles", "set_aside", "passages", "hits"):
        pd.testing.assert_frame_equal(getattr(twin, name), getattr(alone, name))
    assert twin.digest == alone.digest
