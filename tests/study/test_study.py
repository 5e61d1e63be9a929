"""A study of parts has the tables of the corpus in one piece, wherever its articles are."""

import shutil
import warnings
from itertools import cycle

import pandas as pd
import pytest
from made_news import LEXICON, rows, text

import analysis as an
from analysis.corpus import runs
from analysis.study import merge, parts, pieces
from analysis.study.study import run_study


def with_csv(folder):
    """Files without ids: dates of which one file alone does not show the order, names of outlets that differ."""
    rows(0, 40).to_csv(folder / "a.csv", index=False)
    rows(40, 54).assign(outlet="The Test Post").to_csv(folder / "b.csv", index=False)
    rows(54, 60).assign(outlet="Test Post; Testville", section="World").to_csv(folder / "c.csv", index=False)


def with_ids(folder):
    """One file with ids, one without, one that cannot be read."""
    rows(0, 40).assign(doc_id=[f"d{at}" for at in range(40)]).to_csv(folder / "a.csv", index=False)
    rows(40, 60).to_csv(folder / "b.csv", index=False)
    (folder / "c.csv").write_text("outlet,note\nDW,no text\n")


def with_texts(folder):
    """A folder of texts, some too short to show their language, one in Russian, one empty."""
    for number, outlet in zip(range(40), cycle(["DW", "TASS"]), strict=False):
        (folder / outlet).mkdir(exist_ok=True)
        (folder / outlet / f"{number:02}.txt").write_text(text(number))
    (folder / "DW" / "short.txt").write_text("China met Russia")
    (folder / "DW" / "russian.txt").write_text(
        "Россия и Китай подписали соглашение о поставках газа на много лет."
    )
    (folder / "DW" / "empty.txt").write_text(" ")


def with_lines(folder):
    """Exports of JSON with columns of their own, of numbers and of words, some named as facts of a study are."""
    own = dict.fromkeys(["part", "row", "same", "own", "empty", "blank", "begun"], "theirs")
    rows(0, 40).assign(pages=7, desk="x", **own).to_json(folder / "a.jsonl", orient="records", lines=True)
    rows(40, 60).assign(pages="many").to_json(folder / "b.jsonl", orient="records", lines=True)


def with_ours(folder):
    """A table that was cleaned and written before."""
    rows(0, 40).to_csv(folder / "a.csv", index=False)
    cleaned = an.clean(an.read_articles(folder / "a.csv"))
    (folder / "a.csv").unlink()
    an.write_table(cleaned, folder / "a.parquet")


CASES = [
    (with_csv, 13),
    (with_csv, 1_000),
    *((make, 19) for make in (with_ids, with_texts, with_lines, with_ours)),
]


def in_one_piece(source):
    articles = an.read_articles(source)
    articles = articles[articles["problem"] == ""]
    own = articles["language"].isin(["en", ""])
    return an.mark_copies(an.clean(articles[own].assign(language="en").reset_index(drop=True)))


@pytest.mark.parametrize(("make", "batch"), CASES)
def test_a_study_has_the_tables_of_the_corpus_in_one_piece(make, batch, tmp_path, monkeypatch):
    source = tmp_path / "source"
    source.mkdir()
    make(source)
    articles = in_one_piece(source)
    passages = an.passages(articles)
    hits = an.find_frames(passages, LEXICON)
    assert articles["removed"].map(len).sum() > 10 or articles["date"].isna().all()
    assert articles["copy_of"].notna().sum() > 2
    if batch < 1_000:  # and copies found some runs at a time
        monkeypatch.setattr(merge, "RUNS", 100)
        monkeypatch.setattr(runs, "PLACES", 20)
    study = run_study(source, tmp_path / "study", LEXICON, batch=batch)
    assert not (tmp_path / "study" / "pieces").exists()
    names = articles.columns.drop("text").tolist()
    mixed = {name: articles[name].astype("str") for name in ("pages",) if name in articles}  # numbers and words
    articles = articles.assign(**mixed)
    pd.testing.assert_frame_equal(
        study.articles[names].assign(language="en"), articles[names].assign(language="en")
    )
    pd.testing.assert_frame_equal(study.passages, passages)
    pd.testing.assert_frame_equal(study.hits, hits)
    pd.testing.assert_frame_equal(study.shares, an.frame_shares(hits, passages))
    texts = pd.concat(study.texts()).set_index("doc_id")["text"]
    assert texts[articles["doc_id"]].tolist() == articles["text"].tolist()
    read = an.read_articles(source)
    assert len(study.articles) + len(study.set_aside) == len(read)
    counts, found = an.count_terms(an.tokenize(articles), stopwords=None), study.counts(articles["doc_id"])
    assert (counts.docs.equals(found.docs), counts.terms.equals(found.terms)) == (True, True)
    assert (counts.matrix != found.matrix).nnz == 0
    assert study.table("vocabulary")["occurrences"].tolist() == counts.matrix.sum(axis=0).tolist()
    sums, carried = (
        study.table("sums"),
        study.hits[~study.hits["negated"]].drop_duplicates(["passage_id", "frame"]),
    )
    assert sums["passages"].sum() == len(study.passages)
    for frame, n in carried["frame"].value_counts().items():
        assert sums[frame].sum() == n


STORED = ["news", "news/a.csv"]
ADDRESSES = ["memory://{name}", "file://{folder}/{name}", "simplecache::file://{folder}/{name}"]
ADDRESSES += [
    "zip://{name}::{folder}/packed.zip",
    "zip://{name}::memory://packed.zip",
    "tar://{name}::{folder}/packed.tar",
]


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """A folder of files, also packed and in memory, and the articles of the folder and of one file."""
    files, folder = pytest.importorskip("fsspec").filesystem("memory"), tmp_path_factory.mktemp("stored")
    (folder / "news").mkdir()
    with_csv(folder / "news")
    files.put(f"{folder}/news", "/", recursive=True)
    for kind in ("zip", "tar"):
        shutil.make_archive(str(folder / "packed"), kind, folder, "news")
    files.put(f"{folder}/packed.zip", "/packed.zip")
    return folder, {
        name: run_study(folder / name, folder / f"study {at}", LEXICON).articles for at, name in enumerate(STORED)
    }


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("name", STORED)
def test_articles_at_an_address_are_those_of_their_files(name, address, stored, tmp_path):
    folder, articles = stored
    study = run_study(address.format(name=name, folder=folder), tmp_path / "a", LEXICON)
    pd.testing.assert_frame_equal(study.articles, articles[name])
    assert not (tmp_path / "a" / "source").exists()


@pytest.mark.parametrize("address", ["memory://nowhere", "nosuch://bucket/news"])
def test_an_address_without_articles_is_named(address, tmp_path):
    pytest.importorskip("fsspec")
    with pytest.raises((ValueError, OSError), match=f"^{address}: "):
        run_study(address, tmp_path / "a", LEXICON)


@pytest.mark.parametrize("there", [False, True])
def test_nothing_is_left_of_a_study_that_could_not_begin(there, tmp_path):
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "table.csv").write_text("file,outlet\nx.txt,BBC\n")
    (tmp_path / "news" / "b.txt").write_text("Hello.")
    target = tmp_path / "study"
    if there:
        target.mkdir()
    with pytest.raises(ValueError, match=r"it names 'x.txt', which the folder does not hold"):
        run_study(tmp_path / "news", target, LEXICON)
    assert target.exists() == there


def test_topics_of_some_articles_are_transformed_part_by_part(tmp_path):
    (tmp_path / "source").mkdir()
    with_csv(tmp_path / "source")
    study = run_study(tmp_path / "source", tmp_path / "study", LEXICON, batch=25)
    some = pd.concat(study.texts(study.articles["doc_id"][::2]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # few articles for a model
        topics = an.fit_topics(an.count_terms(an.tokenize(some), min_df=2), 2)
        counts = an.count_terms(an.tokenize(in_one_piece(tmp_path / "source")), stopwords=None)
        expected = topics.transform(counts)
    found = study.transformed(topics)
    pd.testing.assert_frame_equal(found.shares, expected.shares)
    assert found.left_out == expected.left_out


def test_ids_that_files_share_are_those_of_one_piece(tmp_path, monkeypatch):
    (tmp_path / "news").mkdir()
    for at, name in enumerate(["a", "b", "c"]):
        ids = [f"{'own' if name == 'c' else ''}{number * 3}" for number in range(8)]
        rows(8 * at, 8 * at + 8).assign(id=ids).to_csv(tmp_path / "news" / f"{name}.csv", index=False)
    monkeypatch.setattr(pieces, "GROUP", 1)
    with pytest.warns(UserWarning, match="2 files share ids"):
        found = run_study(tmp_path / "news", tmp_path / "study", LEXICON)
    with pytest.warns(UserWarning, match="2 files share ids"):
        one = an.read_articles(tmp_path / "news")
    assert found.articles["doc_id"].tolist() == one["doc_id"].tolist()
    assert {"a.csv: 3", "b.csv: 3", "own3"} <= {*one["doc_id"]}
    assert next(found.texts(["b.csv: 3"]))["text"].str.len().item() > 0


def test_processes_give_what_one_gives(tmp_path, monkeypatch):
    with_csv(tmp_path)
    one = run_study(tmp_path / "a.csv", tmp_path / "one", LEXICON, batch=10)
    monkeypatch.setattr(parts, "FEW", 2)
    monkeypatch.setattr(parts.os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    two = run_study(tmp_path / "a.csv", tmp_path / "two", LEXICON, batch=10, do=parts.in_processes)
    pd.testing.assert_frame_equal(two.articles, one.articles)
    pd.testing.assert_frame_equal(two.hits, one.hits)
    assert two.digest == one.digest


def test_sentences_that_name_both_but_are_not_about_the_two_are_counted(tmp_path):
    deal, apart = "Russia and China signed a deal.", "Shares fell in Russia while China reported a warm spring."
    texts = [deal, f"{deal} {apart}", "It rained."]
    articles = pd.DataFrame({"doc_id": ["a", "b", "c"], "outlet": "DW", "text": texts})
    study = run_study(articles, tmp_path / "study", LEXICON)
    assert study.likely == {"a": 0, "b": 1}
    assert study.passages["text"].tolist() == [deal, deal]
