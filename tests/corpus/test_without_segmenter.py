"""Chinese where its segmenter is not installed: reported at each step, never read as a corpus without passages."""

import sys

import pandas as pd
import pytest

import analysis as an
from analysis.__main__ import main
from analysis.frames.formats import files
from tests.data import refused

pytestmark = pytest.mark.usefixtures("undrawn")

CHINESE = "俄罗斯和中国在北京签署了天然气协议。两国领导人强调战略伙伴关系。"
ENGLISH = "Russia and China signed a gas deal, Xi (习近平) said on Monday in the Great Hall of the People."
HINT = "Chinese text: rjieba, which finds its words, is not installed. Run pip install 'outlet-framing[chinese]'."


@pytest.fixture(autouse=True)
def _without(monkeypatch):
    monkeypatch.setitem(sys.modules, "rjieba", None)
    files._shipped.cache_clear()  # an earlier test may have read the Chinese lexicon with the segmenter


@pytest.fixture
def mixed(tmp_path):
    rows = [
        ("新华社", CHINESE),
        ("人民日报", CHINESE.replace("两国", "双方")),
        ("CNN", ENGLISH),
        ("TASS", ENGLISH),
    ]
    path = tmp_path / "mixed.csv"
    pd.DataFrame(rows, columns=["outlet", "text"]).to_csv(path, index=False)
    return path


@pytest.mark.parametrize(
    "step", [an.tokenize, lambda texts: an.passages(pd.DataFrame({"doc_id": "a", "text": texts}))]
)
def test_a_text_in_chinese_is_refused(step):
    with refused(HINT, ImportError):
        step([CHINESE])


def test_a_chinese_name_in_another_text_is_one_word():
    assert an.tokenize(["Xi (习近平) met Putin", "日米首脳会談をした"]).to_lists() == [
        ["xi", "习近平", "met", "putin"],
        ["日米首脳会谈", "をした"],
    ]


def test_reading_and_the_summary_count_what_cannot_be_read(mixed):
    articles = an.read_articles(mixed)
    assert articles.groupby("problem")["doc_id"].apply(list).to_dict() == {
        "": ["000003", "000004"],
        HINT: ["000001", "000002"],
    }
    assert an.summarize(articles, by="source").loc[0, ["read", "problems"]].tolist() == [2, 2]
    assert len(an.passages(articles[articles["problem"] == ""])) == 2


def test_report_and_check_say_it(mixed, command):
    lexicon = mixed.with_name("small.yaml")
    lexicon.write_text("about: [Russia, China]\nframes: {economy: [gas, trade]}")
    report = ["report", mixed, "--lexicon", lexicon, "-o", mixed.with_suffix(".html")]
    told = f"2 articles could not be read. {HINT}"
    assert told in command(*report)
    assert told in mixed.with_suffix(".html").read_text("utf-8").replace("&#39;", "'")
    assert told in command("lexicon", "check", lexicon, "--on", mixed)
    mixed.write_text(f"outlet,text\n新华社,{CHINESE}\n", encoding="utf-8")
    alone = f"1 article could not be read. {HINT}"
    assert alone in command(*report)
    checked = command("lexicon", "check", lexicon, "--on", mixed)
    assert alone in checked
    assert "does not occur" not in checked
    assert HINT in command("lexicon", "check", "russia-china-zh")


@pytest.fixture
def command(capsys):
    def run(*arguments):
        with pytest.raises(SystemExit):
            main([*map(str, arguments)])
        told = capsys.readouterr()
        return told.out + told.err

    return run
