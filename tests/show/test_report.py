"""The whole line on a small corpus, read back from the page."""

import base64
import gzip
import hashlib
import json
import os
import subprocess
import sys
from html.parser import HTMLParser

import pandas as pd
import pytest

import analysis as an
from analysis.show.measured import measure
from analysis.show.report.findings import NothingToReport
from analysis.show.report.formats import write_page

PAIR = ("Russia", "China")
HOSTILE = "<script>alert('x')</script> & <img src=https://evil.example/x.png>"
STEERING = f"\u202eevil\u202c {'x' * 100_000}"
TEXTS = [
    (
        "TASS",
        "Russia and China deepened their strategic partnership. Russia and China held drills.",
    ),
    ("TASS", "Russia and China signed a gas contract. Trade between Russia and China grew."),
    ("BBC", "China and Russia are wary partners. Trade between Russia and China fell."),
    ("BBC", f"Russia and China will sign no formal alliance. {HOSTILE}"),
    (f"Evil {HOSTILE}", f"{HOSTILE} Russia and China are strategic partners {HOSTILE} {STEERING}."),
    ("Void", "It rained in Dublin."),
]


def corpus():
    return pd.DataFrame(
        {
            "doc_id": [f"d{i}" for i in range(len(TEXTS))],
            "outlet": [outlet for outlet, _ in TEXTS],
            "date": pd.to_datetime(["2017-02-01"] * (len(TEXTS) - 1) + [None]),
            "title": [HOSTILE] * len(TEXTS),
            "text": [text for _, text in TEXTS],
            "agency": "",
            "url": "https://example.org/a",
        }
    )


def corpora():
    return {"Pair": corpus(), "Without the pair": corpus().iloc[5:]}


def unpacked(text):
    return json.loads(gzip.decompress(base64.b64decode(text)))


class Page(HTMLParser):
    """Tags with their attributes, and the text a reader sees."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.words, self.open, self.scripts = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "br", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "script" in self.open:
            self.scripts.append(data)
        elif "style" not in self.open:
            self.words.append(data)

    def text(self):
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "r.html"
    assert an.report(corpora(), path, title=f"Pair {HOSTILE}") == path
    return path.read_text(encoding="utf-8")


def test_the_first_screen_answers(html):
    """Question, answer, what it rests on, a figure, what could change it, and the way to the passages."""
    text = Page(html).text()
    order = [
        "How does each outlet frame the relationship between Russia and China, and how sure can we be?",
        "No clear difference between outlets: none of 3 comparisons differs",
        "too little data to exclude a difference of 10 points; this does not show that the outlets are alike.",
        "Based on 8 passages in 5 articles (5 stories) of 3 outlets, 2017-02-01, in English.",
        "not measured on these texts; on 480 passages of 54 outlets (US press, think tanks, state media and",
        "Share of passages with each frame: no clear difference between outlets",
        "The clearest difference, pragmatism, BBC − TASS",
        "Period",
        "Copies",
        "Read the passages behind each number",
        "Quoted passages",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_each_outlet_has_its_share_with_an_interval_or_the_reason_it_has_none(html):
    text = Page(html).text()
    assert "TASS 2 " in text
    assert "[" in text.split("TASS 2 ")[1][:20]
    assert "One story, so no interval: Evil" in text
    assert "No passage: Void." in text


def test_figures_from_elsewhere_say_where_they_are_from(html):
    measured = {one.n: one for one in an.read_certificates("russia-china")}
    text = Page(html).text()
    for n, where in ((480, "54 outlets"), (221, "10 outlets")):
        row = measured[n].table.iloc[0]
        figures = " ".join(measure(row, name) for name in ("precision", "recall", "f1"))
        assert f"alliance {figures} {n} passages of {where} (" in text
    low, high = (f"{value:.2f}".removeprefix("0") for value in measured[480].table["recall"].agg(["min", "max"]))
    assert f"recall {low} to {high}. To measure it here, code about fifty of these passages" in text
    assert "[say its precision and recall]" in text


def test_strangers_text_is_escaped_everywhere(html):
    page = Page(html)
    kinds = [attrs["type"] for tag, attrs in page.tags if tag == "script"]
    assert kinds == ["text/plain"] * 3 + ["module"]
    assert page.open == []
    assert HOSTILE.split()[0] in page.text()
    assert {tag for tag, _ in page.tags if tag == "img"} == {"img"}
    assert not any("onerror" in attrs or "onload" in attrs for _, attrs in page.tags)


def test_only_the_script_with_the_known_digest_may_run(html):
    page = Page(html)
    digest = base64.b64encode(hashlib.sha256(page.scripts[-1].encode()).digest()).decode()
    (policy,) = [attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv")]
    assert policy == (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; " + f"script-src 'sha256-{digest}'"
    )


def test_the_desk_in_the_page_holds_the_passages_and_their_articles(html):
    book, _, tables = (unpacked(text) for text in Page(html).scripts[:3])
    assert len(book["cards"]) == book["cells"]["frames"]["of"] == 8
    assert {card["article"] for card in book["cards"]} == set(book["sheets"])
    # a passage stands in its article, once; that of d4 is too long to be shown whole
    assert {card["article"] for card in book["cards"] if "segments" in card} == {"d4"}
    assert "".join(piece["text"] for piece in book["sheets"]["d2"]["segments"]) == TEXTS[2][1]
    assert (
        tables["c1-shares"].splitlines()[0]
        == "outlet,label,n_articles,n_stories,share,low,high,note,icc,design_effect"
    )


def test_signs_that_steer_and_words_without_end_do_neither(html):
    shown = Page(html).text()
    assert "⟨RLO⟩evil⟨PDF⟩" in shown
    assert not {"\u202e", "\u202c"} & set(shown)
    assert "… (99,941 more letters)" in shown
    assert max(map(len, shown.split())) < 400


def test_nothing_is_loaded_from_anywhere(html):
    page = Page(html)
    loads = [attrs[key] for _, attrs in page.tags for key in ("src", "href", "srcset", "data") if key in attrs]
    assert loads
    links = [attrs["href"] for tag, attrs in page.tags if tag == "a"]
    assert all(link.startswith(("#", "https://example.org/")) for link in links)
    assert all(value.startswith("data:image/svg+xml,%3C") for value in loads if value not in links)
    assert {tag for tag, _ in page.tags}.isdisjoint({"link", "iframe", "object", "embed", "base"})
    assert "@import" not in html
    assert "url(" not in html


def test_contents_lead_to_sections_that_exist(html):
    tags = Page(html).tags
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    links = [attrs["href"][1:] for tag, attrs in tags if tag == "a" and attrs["href"].startswith("#")]
    assert len(ids) == len(set(ids))
    assert set(links) <= set(ids)
    assert {"c1-differences", "c2-instrument", "made"} <= set(links)


def test_negated_frames_are_struck_through(html):
    marks = [attrs.get("class", "") for tag, attrs in Page(html).tags if tag == "mark"]
    assert any("denied" in name for name in marks)
    assert any("denied" not in name for name in marks)


def test_two_processes_write_the_same_bytes(tmp_path, html):
    corpus().to_parquet(tmp_path / "articles.parquet")
    code = (
        "import pandas as pd, analysis as an; articles = pd.read_parquet('articles.parquet');"
        "corpora = {'Pair': articles, 'Without the pair': articles.iloc[5:]};"
        f"an.report(corpora, 'again.html', title={f'Pair {HOSTILE}'!r})"
    )
    path = os.pathsep.join(sys.path)
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": path, "MPLBACKEND": "agg"}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True)
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == html


def test_a_corpus_without_the_pair_is_a_chapter_of_few_words(html):
    text = Page(html).text()
    assert "None of 1 article has a passage about Russia and China." in text
    assert "No difference could be tested here, so there is none to measure in other ways." in text
    assert "Too few dated stories to show them over time" in text
    assert "nothing to show" not in text  # figures say it in outlines, the page in words


def test_the_clearest_difference_is_measured_in_other_ways(html):
    text = Page(html).text()
    assert "BBC uses pragmatism more than TASS: the interval excludes zero in 0 of 4 ways to measure it." in text
    assert "Not varied: the text before cleaning, and the lexicon without each entry and list." in text


def test_the_report_has_the_reviewers_list(html):
    text = Page(html).text()
    asked = text[text.index("Reviewer’s list Questions") :]
    for work in ("Maier et al. 2018", "Grimmer, Roberts & Stewart 2022", "Chan et al. 2021", "Baden et al. 2022"):
        assert work in asked
    assert "Pair: 6 articles; sha256 of their texts" in asked
    assert "Was the comparison decided before the data were seen? Grimmer, Roberts & Stewart 2022 ______" in asked


def test_the_methods_cite_each_work_once(html):
    text = Page(html).text()
    paper = text[text.index("Methods For the paper") : text.index("Reviewer’s list Questions")]
    assert paper.count("Rubin, D. B. (1981)") == 1
    assert "Of 6 articles those that reprint one story were one observation (6 stories)." in paper


def test_a_report_of_nothing_is_refused(tmp_path):
    with pytest.raises(NothingToReport) as raised:
        an.report(corpus().iloc[5:], tmp_path / "r.html")
    assert str(raised.value) == (
        "report: none of 1 article has a passage about Russia and China, so there is nothing to report. Check "
        "the names of the pair, the language of the articles and the column of the text."
    )
    assert not (tmp_path / "r.html").exists()


CHINESE = ["俄罗斯和中国签署了天然气协议。", "中俄两国是战略伙伴。", "莫斯科与北京扩大贸易。"]
RUSSIAN = ["Россия и Китай подписали соглашение о поставках газа."]


def in_languages():
    """Six English articles, three in Chinese and one in Russian, whose language nobody gives."""
    others = corpus().iloc[:4].assign(doc_id=list("wxyz"), text=[*CHINESE, *RUSSIAN], outlet="People's Daily")
    return pd.concat([corpus(), others], ignore_index=True)


def test_articles_in_another_language_are_set_aside_and_counted(tmp_path, own):
    text = Page(an.report(in_languages(), tmp_path / "r.html", lexicon=own, about=PAIR).read_text("utf-8")).text()
    assert "3 articles in zh and 1 in ru were not read: the lexicon own is written for en." in text
    assert "People's Daily" not in text


def test_no_article_in_the_language_of_the_lexicon_is_an_answer(tmp_path):
    chinese = in_languages().iloc[6:9]
    chinese.to_csv(tmp_path / "news.csv", index=False)
    found = subprocess.run(
        [sys.executable, "-m", "analysis", "report", "news.csv"], cwd=tmp_path, capture_output=True, text=True
    )
    assert found.returncode == 1
    assert found.stderr.splitlines()[-1] == (
        "framing: news: 3 articles in zh were not read: the lexicon russia-china is written for en. Give a "
        "lexicon in their language with --lexicon or lexicon=."
    )
    assert "No passage" not in found.stdout + found.stderr


def test_a_table_without_date_title_and_address_is_reported_on(tmp_path, own):
    bare = corpus()[["doc_id", "outlet", "text"]].iloc[:4]
    text = Page(an.report(bare, tmp_path / "r.html", lexicon=own, about=PAIR).read_text("utf-8")).text()
    assert "Based on 7 passages in 4 articles (4 stories) of 2 outlets, no dates, in English." in text
    assert "Not checked: no article has a date." in text


def test_every_passage_counts_without_a_pair(tmp_path, own):
    text = Page(an.report(corpus(), tmp_path / "r.html", lexicon=own, about=()).read_text("utf-8")).text()
    assert "How often does each outlet use each frame, and how sure can we be?" in text
    assert "in 6 articles (6 stories) of 4 outlets" in text


def test_a_title_that_cannot_be_written_is_refused_before_the_work(tmp_path):
    with pytest.raises(ValueError, match=r"^title: it cannot be written as UTF-8. Found: '.udcff'. Replace"):
        an.report(corpus(), tmp_path / "r.html", title="x\udcff")


@pytest.mark.parametrize(
    ("articles", "complaint"),
    [
        ({}, "report: no corpus was given. Pass a table of articles, or names with tables."),
        ({"a": corpus().iloc[:0]}, "report: the corpus 'a' has no article. Leave it out or read it again."),
    ],
)
def test_nothing_to_report_on(articles, complaint, tmp_path):
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the whole text is compared
        an.report(articles, tmp_path / "r.html")
    assert str(raised.value) == complaint


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


PDF = (
    "To write pdf, the report needs a browser that prints (chromium, chromium-browser, google-chrome) on the "
    "PATH. Without one, write HTML, open it in any browser and print it from there."
)
DOCX = (
    "To write docx, the report needs pandoc: pip install pypandoc_binary, or your system's pandoc with pip "
    "install pypandoc. Without it, write HTML; word processors open that too."
)


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
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the whole text is compared
        an.report(corpus(), tmp_path / name)
    assert str(raised.value) == complaint.format(tmp_path / name)


def test_a_lexicon_without_a_pair_needs_one(tmp_path, own):
    with pytest.raises(ValueError, match="does not name a pair of countries"):
        an.report(corpus(), tmp_path / "r.html", lexicon=own)


def test_a_lexicon_for_another_pair_is_not_used_silently(tmp_path):
    with pytest.warns(UserWarning, match="was written for Russia and China. It is used here on Russia and Japan"):
        an.report(
            corpus().assign(text=corpus()["text"].str.replace("China", "Japan")), tmp_path / "r.html",
            about=("Russia", "Japan"),
        )  # fmt: skip


def test_about_takes_two(tmp_path):
    with pytest.raises(ValueError, match="about takes two countries"):
        an.report(corpus(), tmp_path / "r.html", about=("Russia",))


def test_a_missing_folder_is_said_before_the_work_begins(tmp_path):
    target = tmp_path / "nowhere" / "r.html"
    with pytest.raises(FileNotFoundError) as raised:
        an.report(corpus(), target)
    assert (
        str(raised.value) == f"{target}: the folder {target.parent} does not exist. Create it, or write elsewhere."
    )
