from functools import partial

import pytest

from tests.data import framing

run = partial(framing, "lexicon", "convert")


@pytest.fixture
def mood(tmp_path):
    path = tmp_path / "mood.dic"
    path.write_text("%\n1\tjoy (Great Joy)\n%\nglad*\t1\n:)\t1\n")
    return path


def test_it_writes_the_file_and_lists_what_is_lost(mood, tmp_path):
    done = run(mood, tmp_path / "mood.cat")
    assert (done.exit_code, done.stdout) == (0, f"{tmp_path / 'mood.cat'}\n")
    assert done.stderr.splitlines() == [
        f"{mood}: joy, :), pattern: line 5: its characters are not words",
        f"{tmp_path / 'mood.cat'}: joy, meaning: Great Joy: WordStat's .cat has no meanings",
    ]
    assert (tmp_path / "mood.cat").read_text() == "joy\n\tglad* (1)\n"


def test_it_takes_formats_by_name(mood, tmp_path):
    path = mood.rename(tmp_path / "mood.txt")
    done = run(path, tmp_path / "mood.yaml", "--from", "liwc", "--to", "quanteda", "--encoding", "utf-8")
    assert done.exit_code == 0
    assert (tmp_path / "mood.yaml").read_text() == "joy:\n- glad*\n"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["mood.dic", "mood.dic"],
         "mood.dic: is both IN and OUT. Write to another file, so that nothing is lost."),
        (["none.dic", "a.cat"], "none.dic: the file does not exist. Give the path of a lexicon file."),
        (["mood.dic", "a.cat", "--to", "word"],
         "format: 'word' is not a format. Use one of: yaml, quanteda, liwc, yoshikoder, wordstat, lexicoder, tsv. "
         "Did you mean 'wordstat'?"),
    ],
)  # fmt: skip
def test_a_complaint_stands_on_one_line(mood, monkeypatch, arguments, complaint):
    monkeypatch.chdir(mood.parent)
    done = run(*arguments)
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"framing: {complaint}\n")


def test_its_help_names_the_formats():
    assert "quanteda    .yaml .yml" in run("--help").stdout


def test_a_target_that_cannot_be_written_is_reported_before_the_work(mood, tmp_path):
    mood.write_text("no dictionary at all")
    done = run(mood, tmp_path / "none" / "mood.cat")
    where = tmp_path / "none"
    complaint = f"{where / 'mood.cat'}: the folder {where} does not exist. Create it, or write elsewhere."
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"framing: {complaint}\n")


def test_what_a_table_lacks_is_said_in_the_words_of_the_shell(tmp_path):
    wide, target, lost = (tmp_path / name for name in ("wide.csv", "own.yaml", "lost.yaml"))
    wide.write_text("coop,conf\nally,war\nfriend,foe\npartner*,\n")
    done = framing("lexicon", "check", wide)
    assert done.stderr == (
        f"framing: {wide}, line 1: which columns hold frames and their patterns is not clear. Found: coop, conf. "
        "If each column lists the words of a frame, write framing lexicon convert IN OUT.yaml --column "
        "frame=coop,conf.\n"
    )
    assert run(wide, target, "--column", "frame=coop,conf").exit_code == 0
    assert framing("lexicon", "check", target).stdout == "wide: entries 5, problems 0.\n"
    missing = f"framing: {lost}: the file does not exist. Give the path of a lexicon file.\n"
    assert run(lost, target).stderr == missing
