import os
from importlib import resources
from pathlib import Path

import pandas as pd
import pytest

from analysis.__main__ import _counts
from tests.data import framing

pytestmark = pytest.mark.usefixtures("studied", "undrawn")

TEXTS = ["Russia and China deepened their strategic partnership.", "Trade between Russia and China grew."]


@pytest.fixture
def articles(tmp_path):
    path = tmp_path / "articles.csv"
    pd.DataFrame({"source": ["TASS", "BBC"], "date": "2017-02-01", "title": "t", "text": TEXTS}).to_csv(
        path, index=False
    )
    return path


@pytest.fixture
def lexicon(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text("frames: {trade: [trade, gas], trust: [partner*]}")
    return path


COLUMNS = ("--column", "outlet=source")


def test_report_ends_with_pair_lexicon_passages_answer_and_path(articles, lexicon, tmp_path):
    (tmp_path / "coded.csv").write_text("text,trade,trust,story\ngas,1,0,a\ngas,0,0,b\npartners,0,0,c\n")
    target, coded = tmp_path / "r.html", tmp_path / "coded.csv"
    done = framing(
        "report",
        articles,
        "-o",
        target,
        "--about",
        "Russia",
        "China",
        *COLUMNS,
        "--lexicon",
        lexicon,
        "--coded",
        coded,
    )
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "Russia and China; lexicon own; language English",
        "Passages: BBC 1, TASS 1",
        "No two outlets have two stories each, so no difference between outlets can be tested.",
        str(target),
    ]
    page = target.read_text(encoding="utf-8")
    assert "TASS" in page
    repeats = "1 of which repeats the text of another"
    assert f"not measured on these texts; on 3 passages (the coded passages given), {repeats}, coded [by" in page


def test_progress_goes_to_standard_error_a_line_a_step(articles, lexicon, tmp_path):
    done = framing("report", articles, "-o", tmp_path / "r.html", *COLUMNS, "--lexicon", lexicon, "--no-pair")
    steps = [line.split(" … ")[0] for line in done.stderr.splitlines() if " … " in line]
    assert steps[:2] == ["framing: reading the lexicon", "framing: articles: reading"]
    assert steps[-1] == "framing: articles: figures"
    assert done.stdout.startswith("Every passage; lexicon own;")


OWN = " Did you mean 'China'? For a country of your own give --lexicon a file that lists its names under about:."


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--about", "Bejing", "Russia"], "--about: no names are known for 'Bejing'." + OWN),
        (["--about", "Russia", "Chna"], "--about: no names are known for 'Chna'." + OWN),
        (["--about", "USA", "Chna"], "--about: no names are known for 'Chna'." + OWN),
        (
            ["--about", "us", "PRC"],  # other names of known countries
            "--lexicon: the default, russia-china, was written for Russia and China. Name a lexicon for your "
            "pair, or --lexicon russia-china to use this one all the same.",
        ),
        (
            ["--lexicon", "{own}"],
            "lexicon: own does not name a pair of countries. Give --about 'Russia' 'China', or --no-pair to count "
            "in every passage.",
        ),
        (["--lexicon", "nope.yaml"], "nope.yaml: the file does not exist. Give the path of a lexicon file."),
        (["--no-pair", "--about", "US", "UK"], "--about and --no-pair contradict each other. Give one of them."),
        (["--outlet", "TAS"], "--outlet: no article is from 'TAS'. Did you mean 'TASS'?"),
        (["--from", "soon"], "--from: 'soon' is not a date. Write 2017, 2017-03 or 2017-03-28."),
        (
            ["--format", "pdf", "-o", "two.html"],
            "two.html: the file ends in .html, the format asked for is pdf. Leave out one of them.",
        ),
        (["-o", "two.doc"], "two.doc: a report ends in .html, .docx, .pdf, .md. Found: 'two.doc'."),
        (
            ["--title", "x\udcff"],
            "title: it cannot be written as UTF-8. Found: '\\udcff'. Replace this character.",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_reported_is_refused_in_the_words_of_the_shell(arguments, complaint, articles, lexicon):
    done = framing("report", articles, *COLUMNS, *(part.format(own=lexicon) for part in arguments))
    assert done.exit_code == 2
    assert done.stderr.splitlines()[-1] == f"framing: {complaint.format(own=lexicon)}"
    assert done.stdout == ""


def test_a_missing_column_is_named_in_the_words_of_the_shell(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("text,xyz\nRussia and China met.,BBC\n")
    done = framing("report", path, "-o", tmp_path / "r.html")
    assert "column 'outlet' is missing. Found: text, xyz." in done.stderr
    assert "--column" in done.stderr
    assert "columns=" not in done.stderr


def test_columns_that_were_guessed_are_shown(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Source,Body\nBBC,It rained.\n")
    assert f"framing: {path}: columns read as Source → outlet, Body → text.\n" in framing("report", path).stderr


def test_outlets_that_were_written_in_other_ways_are_shown(lexicon, tmp_path):
    path = tmp_path / "a.csv"
    rows = "Al Jazeera (English),Gas from Russia for China.\nAl Jazeera,Russia and China traded.\n"
    path.write_text(f"outlet,text\n{rows}")
    done = framing("report", path, "--lexicon", lexicon, "--about", "Russia", "China", "-o", tmp_path / "r.html")
    said = f"framing: {path}: outlets under one name: Al Jazeera ← Al Jazeera (English)."
    assert said in done.stderr.splitlines()
    assert "1 from Al Jazeera (English), read as Al Jazeera" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_a_report_of_nothing_is_a_sentence_and_exit_code_1(articles, tmp_path):
    target = tmp_path / "r.html"
    done = framing(
        "report", articles, "-o", target, *COLUMNS, "--about", "japan", "PRC", "--lexicon", "russia-china"
    )
    assert done.exit_code == 1
    assert (
        "framing: The lexicon russia-china was written for Russia and China. Here it is used on Japan and China. "
        "--lexicon names another." in (done.stderr.splitlines())
    )
    assert done.stderr.splitlines()[-1].startswith(
        "framing: articles: None of 2 articles has a passage about Japan and China."
    )
    assert done.stderr.splitlines()[-1].endswith(
        "Check that the lexicon is for this pair (--lexicon), the names of the pair (--about), the language of "
        "the articles and the column of the text (--column)."
    )
    assert not target.exists()
    assert framing("report", articles, *COLUMNS, "--from", "2018").exit_code == 1


def test_days_and_outlets_select_articles_and_the_report_says_so(articles, lexicon, tmp_path):
    target = tmp_path / "r.html"
    options = ("--outlet", "TASS", "--from", "2017", "--to", "2017-02", "--no-pair", "--lexicon", lexicon)
    done = framing("report", articles, "-o", target, *COLUMNS, *options)
    assert done.exit_code == 0, done.stderr
    assert "Passages: TASS 1" in done.stdout
    assert "Selected: from 2017, to 2017-02, outlet TASS (1 of 2 articles)." in target.read_text(encoding="utf-8")


def test_a_lexicon_is_compared_by_another_column(articles, lexicon, tmp_path):
    target = tmp_path / "r.html"
    done = framing("report", articles, "-o", target, *COLUMNS, "--no-pair", "--lexicon", lexicon, "--by", "title")
    assert "Passages: t 2" in done.stdout


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        (
            "coded.csv",
            "text,trade\ngas,1\n",
            "{}: coded passages: column 'trust' is missing. Found: text, trade. A column 'text' and a column of "
            "codes for each label are needed.",
        ),
        ("coded.csv", "text,trade,trust\n", "{}: coded passages: the table is empty, so nothing can be measured."),
        (
            "coded.json",
            "[]",
            "{}: not a certificate of an instrument. Found: TypeError('list indices must be integers "
            "or slices, not str'). Write one with `framing certify`.",
        ),
        ("coded.doc", "[]", "{}: coded passages are read from files that end in .csv, .tsv, .xlsx, .parquet."),
        ("coded.csv", None, "{} is not there. Name the file of coded passages."),
    ],
)
def test_coded_passages_that_do_not_fit_are_told_before_the_work(
    name, text, complaint, articles, lexicon, tmp_path
):
    file = tmp_path / name
    if text is not None:
        file.write_text(text)
    done = framing("report", articles, "--lexicon", lexicon, "--no-pair", "--coded", file)
    assert (done.exit_code, done.stderr, done.stdout) == (2, f"framing: {complaint.format(file)}\n", "")


def test_summarize_prints_a_row_an_outlet(articles):
    done = framing("summarize", articles, "--column", "outlet=source")
    assert done.exit_code == 0
    assert [line.split()[0] for line in done.stdout.splitlines()[-3:]] == ["outlet", "BBC", "TASS"]


@pytest.mark.usefixtures("articles")
def test_a_column_that_a_file_of_a_folder_lacks_is_named_as_a_shell_does(tmp_path):
    (tmp_path / "b.csv").write_text("zzz,text\n1,Trade\n")
    said = framing("summarize", tmp_path, "--column", "outlet=source").stdout
    assert "problem: column " in said
    assert "--column" in said
    assert "columns={" not in said


def test_summarize_shows_what_was_read_and_what_was_not(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        'Source,pub,Headline,Body\nTASS,3 March 2022,Gas,One two.\nDW,4 March 2022,Oil,"Two\n'
        "RT,x,y,z,w\nThe Guardian (London) - Final Edition,5 March 2022,Q,Text.\n"
    )
    done = framing("summarize", path, "--column", "date=pub")
    assert done.exit_code == 0
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines[:5] == [
        "a.csv: 4 seen, 2 read, 2 problems, utf-8",
        "columns: pub → date, Source → outlet, Headline → title, Body → text",
        "problem: 5 cells, the header 4 (1; for example row 4: RT x y z w)",
        "problem: a quotation mark opens in this row and is not closed properly (1; for example row 3: "
        'DW,4 March 2022,Oil,"Two)',
        "one name: The Guardian ← The Guardian (London) - Final Edition",
    ]
    assert lines[-2:] == ["TASS 1 2 2022-03-03 2022-03-03 0 0", "The Guardian 1 1 2022-03-05 2022-03-05 0 0"]


def test_a_report_in_a_folder_is_no_article_and_each_problem_has_one_line(tmp_path):
    page = resources.files("analysis.show.report").joinpath("report.html.j2").read_text("utf-8")
    (tmp_path / "report.html").write_text(page, "utf-8")
    (tmp_path / "README.md").write_text("Notes")
    (tmp_path / "a.csv").write_text("outlet,text\nTASS,Putin met Xi.\n")
    lines = framing("summarize", tmp_path).stdout.splitlines()
    assert len([line for line in lines if line.startswith("  problem: ")]) == 2
    told = "  problem: it is a report that framing report wrote, not articles. (1; the file itself)"
    assert told in lines


def test_one_of_a_kind_is_called_so_in_what_was_read():
    found = {"seen": 1, "read": 0, "problems": 1, "empty": 0, "undated": 0, "unreadable_dates": 1}
    assert _counts("a.csv", found | {"undecided_dates": 2, "repeated": 0}) == (
        "a.csv: 1 seen, 0 read, 1 problem, 1 unreadable date, 2 undecided dates"
    )


def test_summarize_exits_with_1_when_nothing_was_read_and_speaks_the_shells_words(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("publcation,body\nTASS,x\n")
    done = framing("summarize", path)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.endswith("Did you mean 'publcation'? Name it with --column outlet=publcation.\n")
    path.write_text("outlet,text\nTASS,\n")
    assert framing("summarize", path).exit_code == 1
    assert framing("summarize", tmp_path / "none.csv").exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (
            ["report"],
            "framing: name the files to report on, or --shipped for the corpora of the project, not both.\n",
        ),
        (
            ["report", "a.csv", "--shipped"],
            "framing: name the files to report on, or --shipped for the corpora of the project, not both.\n",
        ),
        (
            ["summarize", "a.csv", "--column", "outlet"],
            "framing: --column: 'outlet' is not OURS=THEIRS. Write --column outlet=Source, for instance.\n",
        ),
        (["report", "a.csv", "a.csv"], "framing: a.csv is named twice. Each file is a chapter; name it once.\n"),
    ],
)
def test_a_complaint_is_one_line_and_exit_code_2(arguments, complaint):
    done = framing(*arguments)
    assert (done.exit_code, done.stderr, done.stdout) == (2, complaint, "")


def test_a_missing_file_is_no_traceback(tmp_path):
    done = framing("summarize", tmp_path / "nowhere.csv")
    assert done.exit_code == 2
    assert done.stderr.startswith("framing: ")
    assert "nowhere.csv" in done.stderr
    assert done.stderr.count("\n") == 1


def test_help_shows_examples_on_lines_of_their_own():
    for command, example in (
        ([], "report articles.csv -o report.html"),
        ([], "verify deposit --texts articles.csv"),
        (["report"], "report --shipped"),
        (["summarize"], "summarize articles.csv"),
        (["lexicon", "check"], "lexicon check mine.yaml --on articles.csv"),
    ):
        assert f"  framing {example}\n" in framing(*command, "--help").stdout
    assert "framing report" not in framing("summarize", "--help").stdout.partition("Examples")[2]
    assert "Commands:\n  certify" in framing("--help").stdout


def test_the_version_is_one_line():
    assert framing("--version").stdout.startswith("framing")
    assert framing("--version").stdout.count("\n") == 1


def test_what_was_guessed_or_not_understood_is_told(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("outlet;date;text\nSüddeutsche;soon;Müller\n".encode("latin-1"))
    guessed, named = framing("summarize", path), framing("summarize", path, "--encoding", "latin-1")
    dates = f"{path}: dates that could not be read: 1, as soon (a.csv, row 2).\n"
    assert guessed.stderr == f"{path}: read as cp1252; if letters look wrong, give --encoding.\n{dates}"
    assert named.stderr == dates
    assert "Süddeutsche" in guessed.stdout


WRITES = {
    "report": ["report", "A", "-o", "PLACE.html"],
    "report for other programs": ["report", "A", "-o", "PLACE.md"],
    "sheet": ["certify", "A", "--sheet", "PLACE.csv"],
    "workbook": ["certify", "A", "--sheet", "PLACE.xlsx"],
    "certificate": ["certify", "A", "-o", "PLACE.json"],
    "deposit": ["deposit", "A", "-o", "PLACE"],
    "study": ["run", "A", "PLACE"],
    "starter": ["init", "PLACE"],
}


@pytest.mark.parametrize("what", ["missing", "file", "folder", "closed"])
@pytest.mark.parametrize("name", WRITES)
def test_what_cannot_be_written_is_found_before_the_work(name, what, articles, tmp_path, monkeypatch):
    def begun(*_, **__):
        raise AssertionError("the work began")

    for place in ("analysis.corpus.read.opened", "analysis.corpus.files._put", "analysis.study.study.source_of"):
        monkeypatch.setattr(place, begun)
    folder, kept = "PLACE" in WRITES[name], os.access
    if folder and what in ("missing", "folder"):
        pytest.skip("it is made, or there")
    (tmp_path / "file").write_text("")
    (tmp_path / "closed").mkdir()
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "closed" and kept(path, mode))
    place = str(tmp_path / what / "x")
    words = [word.replace("PLACE", place).replace("A", str(articles), word == "A") for word in WRITES[name]]
    if what == "folder":
        Path(words[-1]).mkdir(parents=True)
    done = framing(*words)
    assert done.exit_code == 2
    assert {
        "missing": f": the folder {tmp_path / what} does not exist. Create it, or write elsewhere.",
        "file": f": {tmp_path / what} is not a folder. Write elsewhere.",
        "folder": "is a directory",
        "closed": f": the folder {tmp_path / what} may not be written to. Write elsewhere.",
    }[what] in done.stderr
