"""What a report is asked for: other corpora, languages and formats, and what is refused."""

import sys

import docx
import pandas as pd
import pytest
from pages import PAIR, Page, corpus

import analysis as an
from analysis.show.report.chapter import gaps
from analysis.show.report.command import outlet_of
from analysis.show.report.findings import NothingToReport
from analysis.show.report.formats import write_page
from tests.data import framing, refused, undrawn


@pytest.mark.parametrize(
    ("name", "hint"),
    [("Agean", "Did you mean 'Aegean Herald'?"), ("herald", "Did you mean 'Aegean Herald'?"),
     ("ägean herald", "Did you mean 'Aegean Herald'?"), ("CNN", "Found: Aegean Herald, TASS, The Daily Post.")],
)  # fmt: skip
def test_an_outlet_that_no_article_has_gets_the_nearest(name, hint):
    with refused(f"--outlet: no article is from {name!r}. {hint}"):
        outlet_of(name, ["TASS", "Aegean Herald", "The Daily Post", ""])


def test_articles_without_a_known_date_are_left_out_in_sight(own, tmp_path):
    path, target = tmp_path / "a.csv", tmp_path / "r.html"
    days = {"2017-02-01": "BBC", "2016-01-01": "TASS", "": "TASS", "soon": "TASS", "2017-03-01": "TASS"}
    rows = [f"{outlet},{day},Trade between Russia and China grew." for day, outlet in days.items()]
    path.write_text("\n".join(["outlet,date,text", *rows, "one,cell,too,many"]) + "\n")
    options = ("--no-pair", "--lexicon", own, "-o", target)
    done = framing("report", path, *options, "--outlet", "TASS", "--from", "2017")
    selected = "from 2017, outlet TASS (1 of 5 articles; left out because their date is not known: 2)."
    assert f"framing: selected: {selected}" in done.stderr.splitlines()
    page = Page(target.read_text(encoding="utf-8")).text()
    assert f"Selected: {selected}" in page
    for aside in ("1 of other outlets", "1 before the days asked for", "2 without a known date"):
        assert f"{aside}, left out" in page
    assert "Could not be read: 1; without a date: 0." in page
    assert "without a known date 2" in page
    assert framing("report", path, *options, "--to", "2015").stderr.splitlines()[-1] == (
        "framing: a: no article is left. Asked for: to 2015; left out because their date is not known: 2."
    )


def test_dates_from_names_of_files_and_in_an_unknown_order_are_counted():
    table = pd.DataFrame({
        "source": ["a/2024-03-07 x.txt", "2024-03-07.csv", "b.csv", "c.csv"], "item": ["", *["row 2"] * 3],
        "date": pd.to_datetime(["2024-03-07", "2024-03-07", None, None]),
        "date_given": ["2024-03-07", "2024-03-07", "03/04/2024", "soon"], "text": "x", "outlet": "A",
    })  # fmt: skip
    assert not any(gaps(table[:0]).values())
    assert {what: n for what, n in gaps(table).items() if n} == {
        "without a date": 2, "with a date whose order of day and month is not known": 1,
        "with a date that could not be read": 1, "with the date from the name of the file": 1,
    }  # fmt: skip


def test_a_report_of_nothing_is_refused(tmp_path):
    with refused(
        "Articles: The one article has no passage about Russia and China. There is nothing to report. Check "
        "that the lexicon is for this pair (lexicon=), the names of the pair (about=), the language of the "
        "articles and the column of the text (columns=).",
        NothingToReport,
    ):
        an.report(corpus().iloc[5:], tmp_path / "r.html")
    assert not (tmp_path / "r.html").exists()


CHINESE = ["俄罗斯和中国签署了天然气协议。", "中俄两国是战略伙伴。", "莫斯科与北京扩大贸易。"]


RUSSIAN = ["Россия и Китай подписали соглашение о поставках газа."]


def in_languages():
    """Six English articles, three in Chinese and one in Russian, whose language nobody gives."""
    others = corpus().iloc[:4].assign(doc_id=list("wxyz"), text=[*CHINESE, *RUSSIAN], outlet="People's Daily")
    return pd.concat([corpus(), others], ignore_index=True)


@pytest.fixture(scope="module")
def shown(tmp_path_factory, own):
    """The words of a page on three corpora, of which the lexicon cannot read one."""
    bare = corpus()[["doc_id", "outlet", "text"]].iloc[:4]
    corpora = {"The Daily": in_languages().iloc[6:9], "mixed": in_languages(), "bare": bare}
    path = tmp_path_factory.mktemp("asked") / "r.html"
    with undrawn():
        return Page(an.report(corpora, path, lexicon=own, about=PAIR).read_text("utf-8")).text()


def test_articles_in_another_language_are_set_aside_and_counted(shown):
    assert (
        "3 articles in Chinese and 1 in Russian were set aside: the lexicon own is written for English." in shown
    )
    assert "People's Daily" not in shown


def test_the_unit_is_described_as_it_was_cut(shown):
    without = "In a text without punctuation, or one that lost its capitals in a language other than English"
    assert f"A passage is a sentence. {without}, it is a window of words." in shown


def test_no_article_in_the_language_of_the_lexicon_is_an_answer(tmp_path):
    in_languages().iloc[6:9].to_csv(tmp_path / "news.csv", index=False)
    found = framing("report", tmp_path / "news.csv")
    assert found.exit_code == 1
    assert found.stderr.splitlines()[-1] == (
        "framing: news: 3 articles in Chinese were set aside: the lexicon russia-china is written for English. "
        "Give a lexicon in their language (--lexicon)."
    )
    assert "No passage" not in found.output


def test_a_corpus_that_the_lexicon_cannot_read_leaves_the_others_their_chapters(shown):
    assert "The Daily: 3 articles in Chinese were set aside: the lexicon own is written for English." in shown
    assert shown.count("Read the passages behind each number") == 2


def test_a_table_without_date_title_and_address_is_reported_on(shown):
    assert "Based on 7 passages in 4 articles (4 stories) of 2 outlets, no dates, in English." in shown
    assert "Not checked: no article has a date." in shown


def test_every_passage_counts_without_a_pair(tmp_path, own):
    with undrawn():
        text = Page(an.report(corpus(), tmp_path / "r.html", lexicon=own, about=()).read_text("utf-8")).text()
    assert "How often does each outlet use each frame, and how sure can we be?" in text
    assert "in 6 articles (6 stories) of 4 outlets" in text


def test_a_title_that_cannot_be_written_is_refused_before_the_work(tmp_path):
    found = framing("report", tmp_path / "none.csv", "--title", "x\udcff")
    assert "title: it cannot be written as UTF-8. Found: '\\udcff'. Replace" in found.stderr


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A lexicon that nobody measured: a report with it costs no validation."""
    path = tmp_path_factory.mktemp("lexicon") / "own.yaml"
    path.write_text("frames: {trade: [trade, gas], trust: [partner*]}")
    return path


def test_other_formats_hold_the_same_findings(tmp_path, own):
    """And a lexicon that nobody measured says so wherever a share stands."""
    pypandoc = pytest.importorskip("pypandoc")
    markdown = an.report(corpus().iloc[:4], tmp_path / "r.md", lexicon=own, about=PAIR).read_text(encoding="utf-8")
    assert "TASS" in markdown
    assert "not measured, so how often it is right is not known" in markdown
    assert "<script" not in markdown.replace("\\<", "")  # a headline shows its brackets, escaped
    assert "Reading desk" not in markdown
    drawn = {path.suffix for path in (tmp_path / "r_files").iterdir()}
    assert drawn == {".png"}
    write_page("<p>alliance in <b>41&nbsp;%</b>, $12 and $15</p>", tmp_path / "r.docx", "docx")
    assert pypandoc.convert_file(str(tmp_path / "r.docx"), "plain") == "alliance in 41\xa0%, $12 and $15\n"


def test_a_word_file_has_a4_pages_and_columns_as_wide_as_their_words(tmp_path):
    pytest.importorskip("pypandoc")
    cells = "<td>q</td><td>" + "long words " * 40 + "</td><td>1.000</td>"
    page = f"<head><title>T</title></head><h1>T</h1><p><mark>joint</mark></p><table><tr>{cells}</tr></table>"
    for name in ("a.docx", "b.docx"):
        write_page(page, tmp_path / name, "docx")
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()
    written = docx.Document(str(tmp_path / "a.docx"))
    section = written.sections[0]
    sizes = (section.page_width, section.page_height, section.left_margin)
    assert [round(size.mm) for size in sizes] == [210, 297, 20]
    short, long, number = (column.width.mm for column in written.tables[0].columns)
    assert short < number < long < 170 == round(short + long + number)
    assert number > 12  # "1.000" stays on its line
    assert [paragraph.text for paragraph in written.paragraphs] == ["T", "joint"]
    assert written.paragraphs[1].runs[0].bold


PDF = (
    "To write pdf, the report needs a browser that prints (chromium, chromium-browser, google-chrome) on the "
    "PATH. Without one, write HTML, open it in any browser and print it from there."
)


DOCX = (
    "To write docx, the report needs pandoc: pip install pypandoc_binary, or your system's pandoc with pip "
    "install pypandoc. Without it, write HTML; word processors open that too."
)


def test_a_lexicon_without_a_pair_needs_one(tmp_path, own):
    with pytest.raises(ValueError, match="does not name a pair of countries"):
        an.report(corpus(), tmp_path / "r.html", lexicon=own)


def test_a_lexicon_for_another_pair_is_not_used_silently(tmp_path):
    expected = r"was written for Russia and China\. It is used here on Russia and Japan"
    with pytest.raises(UserWarning, match=expected):
        an.report(
            corpus().assign(text=corpus()["text"].str.replace("China", "Japan")), tmp_path / "r.html",
            about=("Russia", "Japan"),
        )  # fmt: skip


def test_about_takes_two(tmp_path):
    with pytest.raises(ValueError, match="about: two countries are needed"):
        an.report(corpus(), tmp_path / "r.html", about=("Russia",))


def test_a_missing_folder_is_said_before_the_work_begins(tmp_path):
    target = tmp_path / "nowhere" / "r.html"
    with refused(
        f"{target}: the folder {target.parent} does not exist. Create it, or write elsewhere.", FileNotFoundError
    ):
        an.report(corpus(), target)


@pytest.mark.parametrize(
    ("articles", "complaint"),
    [
        ({}, "report: no corpus was given. Pass a table of articles, or names with tables."),
        ({"a": corpus().iloc[:0]}, "report: the corpus 'a' has no article. Leave it out or read it again."),
    ],
)
def test_nothing_to_report_on(articles, complaint, tmp_path):
    with refused(complaint):
        an.report(articles, tmp_path / "r.html")


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("r.pdf", PDF),
        ("r.docx", DOCX),
        ("r.md", DOCX.replace("docx", "md", 1)),
        ("r.doc", "{}: a report ends in .html, .docx, .pdf, .md. Found: 'r.doc'."),
        ("plain", "{}: a report ends in .html, .docx, .pdf, .md. Found: 'plain'."),
    ],
)
def test_a_format_that_cannot_be_written_is_refused_before_the_work(name, complaint, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "pypandoc", None)
    with refused(complaint.format(tmp_path / name)):
        an.report(corpus(), tmp_path / name)
