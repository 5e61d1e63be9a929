import pandas as pd
import pytest
from click.testing import CliRunner

from analysis.__main__ import main

TEXTS = ["Russia and China deepened their strategic partnership.", "Trade between Russia and China grew."]


@pytest.fixture
def articles(tmp_path):
    path = tmp_path / "articles.csv"
    pd.DataFrame({"source": ["TASS", "BBC"], "date": "2017-02-01", "title": "t", "text": TEXTS}).to_csv(
        path, index=False
    )
    return path


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_report_prints_the_path_of_the_file(articles, tmp_path):
    done = run(
        "report",
        articles,
        "-o",
        tmp_path / "r.html",
        "--about",
        "Russia",
        "China",
        "--column",
        "outlet=source",
    )
    assert (done.exit_code, done.stdout) == (0, f"{tmp_path / 'r.html'}\n")
    assert "TASS" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_summarize_prints_a_row_an_outlet(articles):
    done = run("summarize", articles, "--column", "outlet=source")
    assert done.exit_code == 0
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["outlet", "BBC", "TASS"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (
            ["report"],
            "framing: name the files to report on, or --shipped for the shipped corpora; not both.\n",
        ),
        (
            ["report", "a.csv", "--shipped"],
            "framing: name the files to report on, or --shipped for the shipped corpora; not both.\n",
        ),
        (
            ["summarize", "a.csv", "--column", "outlet"],
            "framing: --column 'outlet' is not OURS=THEIRS, as in --column outlet=source.\n",
        ),
        (
            ["report", "a.csv", "a.csv"],
            "framing: a.csv is named twice. Each file is a chapter; name it once.\n",
        ),
    ],
)
def test_a_complaint_is_one_line_and_exit_code_2(arguments, complaint):
    done = run(*arguments)
    assert (done.exit_code, done.stderr, done.stdout) == (2, complaint, "")


def test_a_missing_file_is_no_traceback(tmp_path):
    done = run("summarize", tmp_path / "nowhere.csv")
    assert done.exit_code == 2
    assert done.stderr.startswith("framing: ")
    assert "nowhere.csv" in done.stderr
    assert done.stderr.count("\n") == 1


def test_help_shows_examples_on_lines_of_their_own():
    for command in ([], ["report"], ["summarize"]):
        shown = run(*command, "--help").stdout
        assert "  framing report articles.csv -o report.html\n" in shown
    assert "Commands:\n  lexicon" in run("--help").stdout


def test_the_version_is_one_line():
    assert run("--version").stdout.startswith("framing")
    assert run("--version").stdout.count("\n") == 1


def test_what_was_guessed_or_not_understood_is_told(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("outlet;date;text\nSüddeutsche;soon;Müller\n".encode("latin-1"))
    guessed, named = run("summarize", path), run("summarize", path, "--encoding", "latin-1")
    dates = f"{path}: dates that cannot be told: 1.\n"
    assert guessed.stderr == f"{path}: read as cp1252; if letters look wrong, give --encoding.\n{dates}"
    assert named.stderr == dates
    assert "Süddeutsche" in guessed.stdout
