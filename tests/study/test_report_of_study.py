"""A report on a study is that on its articles."""

import pandas as pd
import pytest
from click.testing import CliRunner
from made_news import LEXICON, rows

import analysis as an
from analysis.__main__ import main
from analysis.compare.inference import Inference
from analysis.show.report import findings
from analysis.show.report.findings import find
from analysis.show.report.formats import tables
from analysis.study.study import run_study


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


def test_every_table_and_number_is_the_same(source, tmp_path, monkeypatch):
    monkeypatch.setattr(findings, "ENOUGH_ARTICLES", 20)
    monkeypatch.setattr(findings, "MODELLED", 50)
    study = run_study(source, tmp_path / "study", LEXICON, batch=25)
    settings = {"name": "News", "how": Inference(draws=200), "control": ["section"]}
    of_study, of_articles = (find(given, LEXICON, **settings) for given in (study, an.read_articles(source)))
    assert tables(of_study) == tables(of_articles)
    assert of_study.unread == of_articles.unread != ""
    assert of_study.notes == of_articles.notes
    assert of_study.topic_unit == of_articles.topic_unit == "article"
    pd.testing.assert_frame_equal(of_study.topics.shares, of_articles.topics.shares)
    pd.testing.assert_frame_equal(of_study.outlets, of_articles.outlets)
    held = of_study.articles["text"] != ""
    pd.testing.assert_frame_equal(of_study.articles[held], of_articles.articles[held])


def test_the_command_reports_on_a_study(source, tmp_path):
    (source / "b.csv").unlink()
    an.write_lexicon(LEXICON, tmp_path / "tiny.yaml")
    study, lexicon = str(tmp_path / "study"), ["--lexicon", str(tmp_path / "tiny.yaml")]
    assert CliRunner().invoke(main, ["run", str(source), study, *lexicon]).exit_code == 0
    answer = CliRunner().invoke(main, ["report", study, *lexicon, "-o", str(tmp_path / "a.html")])
    assert answer.exit_code == 0, answer.stderr
    assert answer.stdout.startswith("Russia and China; lexicon tiny; language English\nPassages: DW 31, TASS 31\n")


REFUSED = {
    (): "it was run with another lexicon or pair. Found: russia-china.",
    ("--robustness",): "--robustness needs all texts again, which a study does not hold at once.",
    ("--from", "2017"): "--from needs all texts again",
}


@pytest.mark.parametrize("options", REFUSED)
def test_what_a_study_cannot_answer_is_refused(source, tmp_path, options):
    run_study(source, tmp_path / "study", LEXICON)
    answer = CliRunner().invoke(
        main, ["report", str(tmp_path / "study"), *options, "-o", str(tmp_path / "a.html")]
    )
    assert answer.exit_code == 2
    assert REFUSED[options] in answer.stderr
