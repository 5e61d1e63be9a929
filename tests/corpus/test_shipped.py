import hashlib
from pathlib import Path

import pandas as pd
import pytest
from reading import audit

import analysis as an
from analysis.corpus import shipped
from analysis.corpus.news_articles import OUTLETS
from analysis.corpus.read import COLUMNS, FACTS


def test_the_seeds_are_the_files_byte_for_byte():
    seeds = an.load_seeds()
    assert list(seeds) == [*COLUMNS, "file", "established", *FACTS]
    for seed in seeds.itertuples():
        assert seed.text.encode() == Path("seeds", seed.file).read_bytes()


def test_the_code_book_names_each_shipped_file_by_its_hash():
    codebook = Path("data/README.md").read_text(encoding="utf-8")
    for path in [*Path("seeds").glob("*.txt"), Path("data/gold/russia_china_coded.csv")]:
        assert hashlib.sha256(path.read_bytes()).hexdigest() in codebook


def test_every_fact_about_a_seed_says_how_it_is_known():
    for seed in an.load_seeds().itertuples():
        for fact in ("outlet: ", "agency: ", "date: ", "title: "):
            assert fact in seed.established


def test_the_same_story_is_dated_before_its_reprint():
    dates = an.load_seeds().set_index("doc_id").date
    assert dates["seed-000"] < dates["seed-001"] == pd.Timestamp("2018-06-08")
    assert dates.dt.day_name().to_dict() == {
        "seed-000": "Wednesday",
        "seed-001": "Friday",
        "seed-002": "Thursday",
        "seed-003": "Saturday",
        "seed-004": "Wednesday",
    }


def test_news_articles_are_whole():
    articles = an.load_news_articles()
    assert list(articles) == [*COLUMNS, *FACTS]
    assert audit(articles) == {
        "seen": 3824, "read": 3824, "problems": 0, "empty": 36, "undated": 0, "unreadable_dates": 0, "repeated": 0,
    }  # fmt: skip
    assert set(articles.outlet) == set(OUTLETS.values())
    assert articles.doc_id.is_monotonic_increasing
    assert articles.doc_id.is_unique
    assert (articles.date == articles.date.dt.normalize()).all()


def test_the_coded_passages_name_articles_that_are_there():
    coded = pd.read_csv("data/gold/russia_china_coded.csv")
    seeds, news = an.load_seeds(), an.load_news_articles()
    known = {*seeds.file.str.removesuffix(".txt"), *news.doc_id}
    assert set(coded.article) <= known


def test_without_the_table_the_error_names_the_command(monkeypatch, tmp_path):
    monkeypatch.setattr(shipped, "NEWS_ARTICLES", tmp_path / "none.parquet")
    with pytest.raises(FileNotFoundError) as error:
        an.load_news_articles()
    assert str(error.value) == (
        f"{tmp_path / 'none.parquet'} is not there. Run `make data` in {shipped.ROOT}: "
        "the texts are their outlets' copyright, so they are fetched and not shipped."
    )
