import json
import re
import shutil
from hashlib import sha256

import pandas as pd
import pytest
from click.testing import CliRunner

import analysis as an
from analysis.__main__ import main
from analysis.show.deposit import CRATE, RUN, verify_deposit, write_deposit
from analysis.show.starter import write_starter


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    write_starter(folder)
    articles, lexicon = an.read_articles(folder / "articles.csv"), an.read_lexicon(folder / "lexicon.yaml")
    return folder, articles, write_deposit(articles, lexicon, folder / "deposit")


def test_a_deposit_comes_out_the_same_with_and_without_the_texts(study):
    _, articles, deposit = study
    alone, whole = verify_deposit(deposit), verify_deposit(deposit, articles)
    assert alone["holds"].all()
    assert whole["holds"].all()
    assert len(whole) == len(alone) + 3


@pytest.mark.parametrize(
    "kept", [(".begun.part",), ("settings.json",), ("settings.json", "articles.csv", "hits.csv")]
)
def test_a_deposit_that_was_interrupted_is_written_to_its_end(study, tmp_path, kept):
    folder, articles, deposit = study
    for name in kept:
        (tmp_path / name).write_text("half")
    again = write_deposit(articles, an.read_lexicon(folder / "lexicon.yaml"), tmp_path)
    files = [path for path in deposit.rglob("*") if path.is_file()]
    assert all((again / path.relative_to(deposit)).read_bytes() == path.read_bytes() for path in files)


def test_a_folder_with_something_else_is_not_written_to(study, tmp_path):
    (tmp_path / "articles.csv").write_text("mine")
    with pytest.raises(ValueError, match="the folder holds something else"):
        write_deposit(study[1], an.read_lexicon(study[0] / "lexicon.yaml"), tmp_path)
    assert (tmp_path / "articles.csv").read_text() == "mine"


def test_a_deposit_holds_no_text(study):
    _, articles, deposit = study
    words = [re.findall(r"\w+", text.lower()) for text in articles["text"]]
    runs = {" ".join(own[at : at + RUN]) for own in words for at in range(len(own) - RUN + 1)}
    for path in filter(lambda path: path.is_file(), deposit.rglob("*")):
        content = " ".join(re.findall(r"\w+", path.read_text("utf-8").lower()))
        assert not any(run in content for run in runs), path


@pytest.mark.parametrize("name", ["hits.csv", "estimates.csv", "lexicon.yaml", "settings.json"])
def test_what_was_changed_is_found(study, tmp_path, name):
    changed = tmp_path / "deposit"
    shutil.copytree(study[2], changed)
    (changed / name).write_text((changed / name).read_text("utf-8").replace("e", "i"), "utf-8")
    checks = verify_deposit(changed)
    assert checks.loc[~checks["holds"], "what"].tolist() == [f"{name} is as deposited"]


def test_a_result_that_was_written_with_its_hash_is_found(study, tmp_path):
    changed = tmp_path / "deposit"
    shutil.copytree(study[2], changed)
    table = (changed / "estimates.csv").read_bytes().replace(b"0.", b"1.", 1)
    (changed / "estimates.csv").write_bytes(table)
    crate = json.loads((changed / CRATE).read_text("utf-8"))
    next(part for part in crate["@graph"] if part["@id"] == "estimates.csv")["sha256"] = sha256(table).hexdigest()
    (changed / CRATE).write_text(json.dumps(crate), "utf-8")
    checks = verify_deposit(changed)
    assert checks.loc[~checks["holds"], "what"].tolist() == ["estimates.csv comes out the same"]


def test_other_texts_are_found(study):
    _, articles, deposit = study
    other = articles.assign(text=articles["text"].str.replace("Rain fell", "Snow fell"))
    checks = verify_deposit(deposit, other)
    assert (
        checks.loc[~checks["holds"], "what"].tolist()
        == [
            "articles.csv comes out the same from the texts",
            "passages.csv comes out the same from the texts",
        ][: (~checks["holds"]).sum()]
    )
    assert not checks["holds"].all()


def test_ids_that_are_titles_are_refused(study, tmp_path):
    folder, articles, _ = study
    named = articles.assign(doc_id=articles["text"].str.slice(0, 80))
    with pytest.raises(ValueError, match="words in a row"):
        write_deposit(named, an.read_lexicon(folder / "lexicon.yaml"), tmp_path / "deposit")


@pytest.mark.parametrize("graph", ["{", '{"@graph": []', '{"@graph": [{"@type": "File"}]}'])
def test_what_is_not_a_deposit_is_refused(tmp_path, graph):
    (tmp_path / CRATE).write_text(graph)
    with pytest.raises(ValueError, match="not a deposit"):
        verify_deposit(tmp_path)


def test_a_path_outside_is_refused(tmp_path):
    (tmp_path / CRATE).write_text('{"@graph": [{"@id": "../a", "@type": "File", "sha256": "0"}]}')
    with pytest.raises(ValueError, match="outside the deposit"):
        verify_deposit(tmp_path)


def test_from_the_shell(study, tmp_path):
    folder = study[0]
    command = ["deposit", str(folder / "articles.csv"), "--lexicon", str(folder / "lexicon.yaml")]
    assert CliRunner().invoke(main, [*command, "-o", str(tmp_path / "deposit")]).exit_code == 0
    done = CliRunner().invoke(main, ["verify", str(tmp_path / "deposit"), "--texts", str(folder / "articles.csv")])
    assert (done.exit_code, "NO" in done.output) == (0, False)
    pd.DataFrame({"a": [1]}).to_csv(tmp_path / "deposit" / "hits.csv")
    assert CliRunner().invoke(main, ["verify", str(tmp_path / "deposit")]).exit_code == 1
