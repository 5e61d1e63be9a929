"""Factiva exports, in both forms."""

import fixtures as made
import pandas as pd
import pytest
from reading import DAYS, audit, problems, read, sums

FACTIVA = {"html": made.factiva_html(made.FACTIVA), "rtf": made.factiva_rtf(made.FACTIVA)}


@pytest.mark.parametrize("kind", FACTIVA)
def test_factiva_gives_the_same_articles_in_both_forms(tmp_path, kind):
    _, articles = read(tmp_path, f"a.{kind}", FACTIVA[kind])
    assert sums(articles) == (2, 2, 0)
    assert articles.outlet.tolist() == ["Le Monde", "TASS"]
    assert articles.date.tolist() == [pd.Timestamp("2017-02-06"), pd.Timestamp("2017-02-07")]
    assert articles.title.tolist() == ["Accord sur le gaz", "Газовый контракт подписан"]
    assert [" ".join(author.split()) for author in articles.author] == ["Par Jean Dupont et Anne Petit", ""]
    assert articles.text.tolist() == [
        "Pékin. Un accord à 30 ans.\nIl vaut cher.\nHD est un sigle.",
        "Контракт подписан.",
    ]
    assert articles.record.tolist() == ["MONDE00020170206ed260001r", "TASS000020170207ed270002s"]


def test_factiva_without_codes(tmp_path):
    _, articles = read(tmp_path, "a.htm", made.factiva_plain_html(made.FACTIVA[0]))
    assert sums(articles) == (1, 1, 0)
    row = articles.iloc[0]
    assert [row.outlet, row.date, row.title, row.section] == ["Le Monde", DAYS[0], "Accord sur le gaz", "Monde"]
    assert row.text == "Pékin. Un accord à 30 ans.\nIl vaut cher.\nHD est un sigle."


@pytest.mark.parametrize(("kind", "build"), [("html", made.factiva_html), ("rtf", made.factiva_rtf)])
def test_factiva_cut_off_new_field_and_twice(tmp_path, kind, build):
    first, second = made.FACTIVA
    short = {code: value for code, value in second.items() if code != "AN"}
    _, articles = read(tmp_path, f"a.{kind}", build([first, first, short]))
    assert sums(articles) == (3, 2, 1)
    assert audit(articles)["repeated"] == 1
    assert problems(articles)[0][:2] == ["item 3", "cut off: no document number (AN)"]
    content = build([{"HD": "x", "XQ": "y", **first}])
    _, articles = read(tmp_path, f"b.{kind}", content)
    assert (sums(articles), articles.XQ[0]) == ((1, 1, 0), "y")
