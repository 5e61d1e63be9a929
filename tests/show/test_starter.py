import json
from pathlib import Path

import pytest
from pages import Page

import analysis as an
from analysis.show.starter import write_starter
from tests.data import framing

pytestmark = pytest.mark.usefixtures("undrawn")


def test_a_first_study_runs(tmp_path, monkeypatch):
    folder = tmp_path / "my study"
    done = framing("init", folder)
    assert (done.exit_code, len(list(folder.iterdir()))) == (0, 5)
    notebook = json.loads((folder / "study.ipynb").read_text("utf-8"))
    monkeypatch.chdir(folder)
    here = {}
    for cell in notebook["cells"]:  # in a kernel of its own it is compared with its outputs, where it lies
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), "study.ipynb", "exec"), here)
    lexicon = an.read_lexicon(folder / "lexicon.yaml")
    passages = an.passages(an.read_articles(folder / "articles.csv"), about=None)
    assert an.check_lexicon(lexicon, passages).empty


def test_what_is_there_stays(tmp_path):
    (tmp_path / "lexicon.yaml").write_text("mine")
    with pytest.raises(ValueError, match=r"lexicon\.yaml"):
        write_starter(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["lexicon.yaml"]


def test_the_codebook_says_what_a_passage_is_as_the_report_does(tmp_path, monkeypatch):
    framing("init", tmp_path)
    monkeypatch.chdir(tmp_path)
    framing("report", "articles.csv", "--lexicon", "lexicon.yaml")
    said = "A passage is a sentence. In a text without punctuation, or one that lost its capitals in a language "
    for words in (Page(Path("report.html").read_text("utf-8")).text(), Path("codebook.md").read_text("utf-8")):
        assert said + "other than English, it is a window of words." in " ".join(words.split())


def test_the_help_names_the_folder_of_the_codes_as_it_is_called():
    said = " ".join(framing("certify", "--help").output.split())
    assert "a folder beside FILE (news.coding for news.csv)" in said
    assert "From 50 coded passages on, or all where fewer were drawn, the certificate is written." in said
