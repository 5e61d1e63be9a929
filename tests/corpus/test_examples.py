import hashlib
from pathlib import Path

import pandas as pd
import pytest
from news_articles import OUTLETS
from reading import audit

import analysis as an
from analysis.corpus import examples
from analysis.corpus.read import COLUMNS, FACTS


def test_the_seeds_are_the_files_byte_for_byte():
    seeds = an.load_example("seeds")
    assert list(seeds) == [*COLUMNS, "file", "established", *FACTS]
    for seed in seeds.itertuples():
        assert seed.text.encode() == Path("seeds", seed.file).read_bytes()


def test_the_code_book_names_each_shipped_file_by_its_hash():
    codebook = Path("data/README.md").read_text(encoding="utf-8")
    for path in [*Path("seeds").glob("*.txt"), Path("data/gold/russia_china_coded.csv")]:
        assert hashlib.sha256(path.read_bytes()).hexdigest() in codebook


def test_every_fact_about_a_seed_says_how_it_is_known():
    for seed in an.load_example("seeds").itertuples():
        for fact in ("outlet: ", "agency: ", "date: ", "title: "):
            assert fact in seed.established


def test_the_same_story_is_dated_before_its_reprint():
    dates = an.load_example("seeds").set_index("doc_id").date
    assert dates["seed-000"] < dates["seed-001"] == pd.Timestamp("2018-06-08")
    assert dates.dt.day_name().to_dict() == {
        "seed-000": "Wednesday",
        "seed-001": "Friday",
        "seed-002": "Thursday",
        "seed-003": "Saturday",
        "seed-004": "Wednesday",
    }


def test_news_articles_are_whole():
    articles = an.load_example("news")
    assert list(articles) == [*COLUMNS, *FACTS]
    assert audit(articles) == {
        "seen": 3824, "read": 3824, "problems": 0, "empty": 36, "undated": 0, "unreadable_dates": 0,
        "undecided_dates": 0,
        "repeated": 0,
    }  # fmt: skip
    assert set(articles.outlet) == set(OUTLETS.values())
    assert articles.doc_id.is_monotonic_increasing
    assert articles.doc_id.is_unique
    assert (articles.date == articles.date.dt.normalize()).all()


def test_the_coded_passages_name_articles_that_are_there():
    coded = pd.read_csv("data/gold/russia_china_coded.csv")
    seeds, news = an.load_example("seeds"), an.load_example("news")
    known = {*seeds.file.str.removesuffix(".txt"), *news.doc_id}
    assert set(coded.article) <= known


def test_without_the_data_the_error_names_the_remedy(monkeypatch, tmp_path):
    (tmp_path / "Makefile").touch()
    monkeypatch.setattr(examples, "ROOT", tmp_path)
    assert missing("news") == (
        f"load_example('news'): {tmp_path}/data/news_articles.parquet does not exist. "
        f"Run `make data` in {tmp_path}: the texts are their outlets' copyright, so they are not shipped."
    )
    assert missing("seeds") == (
        f"load_example('seeds'): {tmp_path}/seeds does not exist. It is part of the project: "
        f"restore it with `git checkout -- seeds` in {tmp_path}."
    )


@pytest.mark.parametrize("name", ["seeds", "news", "coded", "us-russia"])
def test_outside_a_clone_the_error_says_what_can_be_done_there(monkeypatch, tmp_path, name):
    monkeypatch.setattr(examples, "ROOT", tmp_path)
    assert missing(name).endswith(
        " does not exist. The examples are not part of the installed package: work in a clone of the project, "
        "or read articles of your own with an.read_articles(path)."
    )


def missing(name):
    with pytest.raises(FileNotFoundError) as error:
        an.load_example(name)
    return str(error.value)


def test_codes_find_the_passages_they_were_given_to():
    codes, coded = pd.read_csv("data/gold/us_russia_codes.csv"), an.load_example("us-russia")
    news = an.load_example("news", prepared=True).set_index("doc_id")
    assert coded["text"].map(lambda text: hashlib.sha256(text.encode()).hexdigest()[:16]).equals(codes["sha256"])
    for column in ("outlet", "date", "story_id"):
        assert coded[column.removesuffix("_id")].tolist() == news.loc[coded["doc_id"], column].tolist()
    assert list(coded)[:5] == list(an.load_example("coded"))[:5]
    assert coded[an.read_lexicon("us-russia").labels].sum().tolist() == [43, 36, 219]


def test_codes_without_their_corpus_say_where_it_comes_from(monkeypatch, tmp_path):
    copied(tmp_path, monkeypatch)
    assert missing("us-russia") == (
        f"load_example('us-russia'): its texts are passages of 'news', and {tmp_path}/data/news_articles.parquet "
        f"does not exist. Run `make data` in {tmp_path}: the texts are their outlets' copyright, so they are not "
        "shipped."
    )


def test_codes_are_not_joined_to_other_texts(monkeypatch, tmp_path):
    news = an.load_example("news")
    copied(tmp_path, monkeypatch)
    changed = news["doc_id"] == "na1112"
    edited = news.assign(text=news["text"].mask(changed, "x" + news["text"]))
    edited[news["doc_id"] != "na1113"].to_parquet(tmp_path / "data/news_articles.parquet")
    with pytest.raises(ValueError, match="differ from those") as error:
        an.load_example("us-russia")
    assert str(error.value) == (
        "load_example('us-russia'): 7 of 345 passages differ from those that were coded. Found first: na1112, "
        f"characters 1451 to 1639. Delete {tmp_path}/data/news_articles.parquet and "
        f"{tmp_path}/data/news_prepared.parquet, then run `make data`."
    )


def copied(folder, monkeypatch):
    (folder / "Makefile").touch()
    (folder / "data/gold").mkdir(parents=True)
    (folder / "data/gold/us_russia_codes.csv").write_bytes(Path("data/gold/us_russia_codes.csv").read_bytes())
    monkeypatch.setattr(examples, "ROOT", folder)


def test_an_unknown_example_is_refused():
    with pytest.raises(ValueError, match=r"not an example\. Use one of: seeds, news, coded, us-russia\."):
        an.load_example("gold")


def test_what_is_kept_prepared_is_what_the_steps_give():
    kept = an.load_example("news", prepared=True)
    fresh = an.mark_copies(an.clean(an.load_example("news")))
    pd.testing.assert_frame_equal(kept, fresh)
