"""A report on a study is that on its articles."""

import re
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from made_news import LEXICON, rows

import analysis as an
from analysis.__main__ import main
from analysis.show.report.findings import evidence
from analysis.study.study import run_study
from tests.show.pages import Page

pytestmark = pytest.mark.usefixtures("undrawn")


@pytest.fixture
def source(tmp_path):
    """Three files, in which one article is in another language, one empty, one without a date."""
    folder = tmp_path / "source"
    folder.mkdir()
    rows(0, 80).to_csv(folder / "a.csv", index=False)
    other = rows(80, 90).assign(outlet="BBC", section=["World", "Trade"] * 5)
    other.loc[2, "text"] = (
        "Россия и Китай подписали соглашение о поставках газа на много лет вперёд, сообщил министр."
    )
    other.loc[3, "text"], other.loc[4, "date"] = "", ""
    other.to_csv(folder / "b.csv", index=False)
    (folder / "c.csv").write_text("outlet,note\nDW,no text\n")
    return folder


def test_what_a_report_begins_with_is_what_the_public_steps_give(source, tmp_path):
    read = an.read_articles(source)
    own = read[(read["problem"] == "") & read["language"].isin(["en", ""])].assign(language="en")
    marked = an.mark_copies(an.clean(own.reset_index(drop=True)))
    study = run_study(source, tmp_path / "study", LEXICON, batch=25)
    received, articles, outlets, passages, hits, unread, *_ = vars(evidence(study, LEXICON, "News")).values()
    assert unread == "1 article in Russian was set aside: the lexicon tiny is written for English."
    assert len(received) == len(read)
    pd.testing.assert_frame_equal(outlets, an.summarize(marked))
    pd.testing.assert_frame_equal(passages, an.passages(marked))
    pd.testing.assert_frame_equal(hits, an.find_frames(passages, LEXICON))
    held = articles["text"] != ""
    assert held.sum() > 60
    pd.testing.assert_frame_equal(articles[held].drop(columns="printed_by"), marked[held])
    pd.testing.assert_frame_equal(study.received().assign(language="en"), own.reset_index(drop=True))


def test_a_file_a_table_and_a_study_give_the_same_report(source, tmp_path):
    (source / "b.csv").unlink()
    (source / "c.csv").unlink()
    an.write_lexicon(LEXICON, tmp_path / "tiny.yaml")
    lexicon, study = ["--lexicon", str(tmp_path / "tiny.yaml")], tmp_path / "source.study"
    assert CliRunner().invoke(main, ["run", str(source), str(study), *lexicon]).exit_code == 0
    for given, name in ((source, "file"), (study, "study")):
        answer = CliRunner().invoke(main, ["report", str(given), *lexicon, "-o", str(tmp_path / f"{name}.html")])
        assert answer.exit_code == 0, answer.stderr
        shown = "Russia and China; lexicon tiny; language English\nPassages: DW 31, TASS 31\n"
        assert answer.stdout.startswith(shown)
    an.report({"source": an.read_articles(source)}, tmp_path / "table.html", lexicon=tmp_path / "tiny.yaml")
    pages = [Path(tmp_path, f"{name}.html").read_text("utf-8") for name in ("file", "study", "table")]
    assert len({without_input(page) for page in pages}) == 1


def without_input(page):
    """The words of a page but for the hash of what was read: as a file, in parts, as a table."""
    return re.sub(r"[0-9a-f]{64}", "", Page(page).text())


def test_another_lexicon_than_that_of_a_study_is_refused(source, tmp_path):
    run_study(source, tmp_path / "study", LEXICON)
    answer = CliRunner().invoke(main, ["report", str(tmp_path / "study"), "-o", str(tmp_path / "a.html")])
    assert answer.exit_code == 2
    assert "it was run with another lexicon or pair. Found: russia-china." in answer.stderr


def test_some_articles_of_a_study_keep_their_stories(source, tmp_path):
    """A story whose original is not among them has the earliest of its copies as original, and is one story."""
    study = run_study(source, tmp_path / "study", LEXICON)
    stories = study.articles[study.articles["copy_of"].notna()]
    lost = stories["copy_of"].iloc[0]
    some = study.only(lambda table: table["doc_id"] != lost)
    articles, before = (one.articles.set_index("doc_id") for one in (some, study))
    copies = before.index[before["copy_of"] == lost]
    assert set(articles.loc[copies, "story_id"]) == {copies[articles.loc[copies, "copy_of"].isna()].item()}
    assert lost not in set(articles["copy_of"])
    others = before.index.difference([*copies, lost])
    pd.testing.assert_frame_equal(articles.loc[others], before.loc[others])
    assert lost not in {*some.passages["doc_id"], *some.hits["doc_id"]}
    assert some.digest != study.digest


def test_a_run_says_what_it_guessed_and_set_aside(source, tmp_path):
    an.write_lexicon(LEXICON, tmp_path / "tiny.yaml")
    ran = CliRunner().invoke(
        main, ["run", str(source), str(tmp_path / "study"), "--lexicon", str(tmp_path / "tiny.yaml")]
    )
    assert f"{source}: items that could not be read: 1; framing summarize gives the reasons." in ran.stderr
    assert "1 article in Russian was set aside: the lexicon tiny is written for English." in ran.stderr


def test_a_run_without_a_passage_about_the_pair_is_not_a_success(source, tmp_path):
    ran = CliRunner().invoke(main, ["run", str(source), str(tmp_path / "study"), "--lexicon", "us-russia"])
    assert ran.exit_code == 1
    assert "no passage for the lexicon us-russia. Check --lexicon and --about." in ran.output
