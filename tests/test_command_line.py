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


@pytest.fixture
def lexicon(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text("frames: {trade: [trade, gas], trust: [partner*]}")
    return path


def test_report_prints_the_path_of_the_file(articles, lexicon, tmp_path):
    (tmp_path / "coded.csv").write_text("text,trade,trust,story\ngas,1,0,a\ngas,0,0,b\npartners,0,0,c\n")
    target, coded = tmp_path / "r.html", tmp_path / "coded.csv"
    done = run(
        *("report", articles, "-o", target, "--about", "Russia", "China", "--column", "outlet=source"),
        *("--lexicon", lexicon, "--coded", coded),
    )
    assert (done.exit_code, done.stdout) == (0, f"{target}\n")
    page = target.read_text(encoding="utf-8")
    assert "TASS" in page
    assert "trade (precision\xa0.50, recall\xa01.00)" in page
    assert "The passages are those that came with this report." in page


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        (
            "coded.csv",
            "text,trade\ngas,1\n",
            "{}: coded passages: no column 'trust'; there is text, trade. They need 'text' and a column of 0 and "
            "1 for each frame of the lexicon.",
        ),
        (
            "coded.csv",
            "text,trade,trust\ngas,yes,0\n",
            "{}: coded passages: trade is 'yes' in row 0 (from 0). A code is 0 or 1.",
        ),
        ("coded.csv", "text,trade,trust\n", "{}: coded passages: the table is empty, so nothing can be measured."),
        ("coded.json", "[]", "{}: coded passages are read from files that end in .csv, .tsv, .xlsx, .parquet."),
        ("coded.csv", None, "{} is not there. Name the file of coded passages."),
    ],
)
def test_coded_passages_that_do_not_fit_are_told_before_the_work(
    name, text, complaint, articles, lexicon, tmp_path
):
    file = tmp_path / name
    if text is not None:
        file.write_text(text)
    done = run("report", articles, "--lexicon", lexicon, "--coded", file)
    assert (done.exit_code, done.stderr, done.stdout) == (2, f"framing: {complaint.format(file)}\n", "")


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
    dates = f"{path}: dates that could not be read: 1.\n"
    assert guessed.stderr == f"{path}: read as cp1252; if letters look wrong, give --encoding.\n{dates}"
    assert named.stderr == dates
    assert "Süddeutsche" in guessed.stdout
