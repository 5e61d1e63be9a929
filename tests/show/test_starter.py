import nbformat
import pytest
from click.testing import CliRunner
from nbclient import NotebookClient

import analysis as an
from analysis.__main__ import main
from analysis.show.starter import write_starter


def test_a_first_study_runs(tmp_path):
    folder = tmp_path / "my study"
    done = CliRunner().invoke(main, ["init", str(folder)])
    assert (done.exit_code, len(list(folder.iterdir()))) == (0, 5)
    notebook = nbformat.read(folder / "study.ipynb", 4)
    NotebookClient(notebook, resources={"metadata": {"path": str(folder)}}).execute()
    lexicon = an.read_lexicon(folder / "lexicon.yaml")
    passages = an.passages(an.read_articles(folder / "articles.csv"), about=None)
    assert an.check_lexicon(lexicon, passages).empty


def test_what_is_there_stays(tmp_path):
    (tmp_path / "lexicon.yaml").write_text("mine")
    with pytest.raises(ValueError, match=r"lexicon\.yaml"):
        write_starter(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["lexicon.yaml"]
