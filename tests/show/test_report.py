"""The whole line on a small corpus, read back from the page."""

import base64
import hashlib
import json
import os
import subprocess
import sys
from html.parser import HTMLParser

import pandas as pd
import pytest

import analysis as an
from analysis.show.report.formats import write_converted

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


class Page(HTMLParser):
    """Tags with their attributes, and the text a reader sees."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.words, self.open, self.scripts = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "br"):
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


def test_every_outlet_is_named_with_its_interval_or_the_reason_it_has_none(html):
    text = Page(html).text()
    for outlet in ("TASS", "BBC"):
        assert f"{outlet} : alliance in" in text
    assert "Void : no passage about Russia and China in its 1 article." in text
    assert text.count("of the passages of its only story; one story is no sample, so there is no interval.") == 1
    assert "[" in text.split("TASS : alliance in")[1].split(",")[0]


def test_every_share_stands_beside_its_precision_and_recall(html):
    """Measured anew here from the coded passages, so that page and table cannot drift apart."""
    validation = an.validate(an.load_example("coded"), an.load_lexicon()).table.set_index("label")
    text = Page(html).text()
    for frame, row in validation.iterrows():
        precision, recall = (f"{row[name]:.2f}".removeprefix("0") for name in ("precision", "recall"))
        beside = f"precision {precision}, recall {recall}"
        assert f"{frame} ({beside})" in text  # over its column
        assert f"{frame} {beside}" in text  # among the findings
    assert "f1, held out" in text
    assert "not validated" not in text


def test_strangers_text_is_escaped_everywhere(html):
    page = Page(html)
    kinds = [attrs["type"] for tag, attrs in page.tags if tag == "script"]
    assert kinds == ["application/json"] * 3 + ["module"]
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
    book, _, tables = (json.loads(text) for text in Page(html).scripts[:3])
    assert len(book["cards"]) == book["cells"]["frames"]["of"] == 8
    assert {card["article"] for card in book["cards"]} == set(book["sheets"])
    assert "".join(piece["text"] for piece in book["sheets"]["d2"]["segments"]) == TEXTS[2][1]
    assert tables["c1-shares"].splitlines()[0] == "outlet,label,n_articles,n_stories,share,low,high,note"


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
    assert all(value.startswith(("data:image/svg+xml,%3C", "#")) for value in loads)
    assert {tag for tag, _ in page.tags}.isdisjoint({"link", "iframe", "object", "embed", "base"})
    assert "@import" not in html
    assert "url(" not in html


def test_contents_lead_to_sections_that_exist(html):
    tags = Page(html).tags
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    links = [attrs["href"][1:] for tag, attrs in tags if tag == "a"]
    assert len(ids) == len(set(ids))
    assert set(links) <= set(ids)
    assert {"c1-findings", "instrument", "made"} <= set(links)


def test_denied_frames_are_struck_through(html):
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
    assert "No passage in 1 article speaks of Russia and China together." in text
    assert "No difference could be tested here, so there is none to try in other ways." in text
    assert "Too few dated stories about the pair to show them over time" in text
    assert "nothing to show" not in text  # figures say it in outlines, the page in words


def test_the_clearest_difference_is_tried_in_other_ways(html):
    text = Page(html).text()
    assert "BBC gives pragmatism more than TASS in 3 of 3 specifications, clear of zero in 0." in text
    assert "Not tried: the text as it came, before cleaning, and the lexicon without each entry and list." in text
    assert "For all of them there is too little data to say" in text


def test_the_report_ends_with_what_a_reviewer_asks(html):
    text = Page(html).text()
    asked = text[text.index("What a reviewer asks Questions") :]
    for work in ("Maier et al. 2018", "Grimmer, Roberts & Stewart 2022", "Chan et al. 2021", "Baden et al. 2022"):
        assert work in asked
    assert "Pair: 6 articles, sha256" in asked
    assert (
        "Was the comparison decided on before the data were seen? Grimmer, Roberts & Stewart 2022 ______" in asked
    )


def test_the_methods_cite_each_work_once(html):
    text = Page(html).text()
    paper = text[text.index("For the paper How") : text.index("How it was made The same")]
    assert paper.count("Rubin, D. B. (1981)") == 1
    assert "Of 6 articles, 5 had a passage about Russia and China" in paper
    assert "on 221 passages [coded by whom]" in paper


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
    markdown = an.report(corpus().iloc[:4], tmp_path / "r.md", lexicon=own).read_text(encoding="utf-8")
    assert "**TASS**: trade in" in markdown
    assert "lexicon not validated" in markdown
    assert "trade (not validated)" in markdown
    assert "<script" not in markdown
    assert "Reading desk" not in markdown
    drawn = {path.suffix for path in (tmp_path / "r_files").iterdir()}
    assert drawn == {".png"}
    write_converted("<p>alliance in <b>41&nbsp;%</b>, $12 and $15</p>", tmp_path / "r.docx", "docx")
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
    ("name", "format", "complaint"),
    [
        ("r.pdf", None, PDF),
        ("r.docx", None, DOCX),
        ("r.html", "md", DOCX.replace("docx", "md", 1)),
        ("r.html", "doc", "format: 'doc' is none of html, docx, pdf, md."),
    ],
)
def test_a_format_that_cannot_be_written_is_said_before_the_work_begins(
    name, format, complaint, tmp_path, monkeypatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "pypandoc", None)
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the whole text is compared
        an.report(corpus(), tmp_path / name, format=format)
    assert str(raised.value) == complaint


def test_about_takes_two(tmp_path):
    with pytest.raises(ValueError, match="about takes two countries"):
        an.report(corpus(), tmp_path / "r.html", about=("Russia",))


def test_a_missing_folder_is_said_before_the_work_begins(tmp_path):
    target = tmp_path / "nowhere" / "r.html"
    with pytest.raises(FileNotFoundError) as raised:
        an.report(corpus(), target)
    assert str(raised.value) == f"{target}: there is no folder {target.parent}. Make it, or write elsewhere."
