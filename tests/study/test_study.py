from itertools import cycle

import pandas as pd
import pytest

import analysis as an
from analysis.study.study import run_study

LEXICON = an.Lexicon(
    "tiny",
    ("trade", "arms"),
    (an.Entry("gas", "trade", ("gas", "oil")), an.Entry("drill", "arms", ("drill*",))),
    about=("Russia", "China"),
)
LINE = "Like our page and hear from us every day."
NEWS = ("Russia and China signed a gas deal.", "Russia and China held drills.", "Nothing was said about others.")


def topic(number, words=30):
    return " ".join(f"word{number}x{place}" for place in range(words))


def text(number):
    """An article of its own; every ninth is a copy of the one before, and TASS ends its articles with a line."""
    own = number - (number % 9 == 8)
    return f"{NEWS[own % 3]} The minister said so and that was it. {topic(own)}." + f" {LINE}" * (
        number % 2 and number < 40
    )


def rows(start, stop):
    numbers = range(start, stop)
    return pd.DataFrame({
        "outlet": [("DW", "TASS")[number % 2] for number in numbers],
        "date": [f"{number % 28 + 1}/{number % 9 + 1}/2017" for number in numbers],
        "title": [f"Item {number}" for number in numbers],
        "text": [text(number) for number in numbers],
    })  # fmt: skip


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
    """Exports of JSON with columns of their own, of numbers and of words."""
    rows(0, 40).assign(pages=7, desk="x").to_json(folder / "a.jsonl", orient="records", lines=True)
    rows(40, 60).assign(pages="many").to_json(folder / "b.jsonl", orient="records", lines=True)


def with_ours(folder):
    """A table that was cleaned and written before."""
    rows(0, 40).to_csv(folder / "a.csv", index=False)
    cleaned = an.clean(an.read_articles(folder / "a.csv"))
    (folder / "a.csv").unlink()
    an.write_table(cleaned, folder / "a.parquet")


KINDS = (with_csv, with_ids, with_texts, with_lines, with_ours)


@pytest.fixture(params=KINDS, ids=lambda make: make.__name__)
def source(request, tmp_path):
    folder = tmp_path / "source"
    folder.mkdir()
    request.param(folder)
    return folder


def in_one_piece(source):
    articles = an.read_articles(source)
    articles = articles[articles["problem"] == ""]
    own = articles["language"].isin(["en", ""])
    return an.mark_copies(an.clean(articles[own].assign(language="en").reset_index(drop=True)))


@pytest.mark.parametrize("batch", [1, 7, 1_000])
def test_a_study_has_the_tables_of_the_corpus_in_one_piece(source, tmp_path, batch):
    articles = in_one_piece(source)
    passages = an.passages(articles)
    hits = an.find_frames(passages, LEXICON)
    assert articles["removed"].map(len).sum() > 10 or articles["date"].isna().all()
    assert articles["copy_of"].notna().sum() > 2
    study = run_study(source, tmp_path / "study", LEXICON, batch=batch)
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
    counts = an.count_terms(an.tokenize(articles), stopwords=None)
    assert study.table("vocabulary")["occurrences"].tolist() == counts.matrix.sum(axis=0).tolist()
