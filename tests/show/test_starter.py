import json

import pytest

import analysis as an
from analysis.show.starter import write_starter
from tests.data import framing


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
