"""The whole line on a small corpus, read back from the page."""

import os
import subprocess
import sys
from html.parser import HTMLParser

import pandas as pd
import pytest

import analysis as an

HOSTILE = "<script>alert('x')</script> & <img src=https://evil.example/x.png>"
TEXTS = [
    (
        "TASS",
        "Russia and China deepened their strategic partnership. Russia and China held drills.",
    ),
    ("TASS", "Russia and China signed a gas contract. Trade between Russia and China grew."),
    ("BBC", "China and Russia are wary partners. Trade between Russia and China fell."),
    ("BBC", f"Russia and China will sign no formal alliance. {HOSTILE}"),
    (f"Evil {HOSTILE}", f"{HOSTILE} Russia and China are strategic partners {HOSTILE}."),
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


class Page(HTMLParser):
    """Tags with their attributes, and the text a reader sees."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.words, self.open = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)

    def text(self):
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "r.html"
    assert an.report(corpus(), path, title=f"Pair {HOSTILE}") == path
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
    validation = an.validate(an.load_lexicon(), an.load_coded()).set_index("frame")
    text = Page(html).text()
    for frame, row in validation.iterrows():
        precision, recall = (f"{row[name]:.2f}".removeprefix("0") for name in ("precision", "recall"))
        beside = f"precision {precision}, recall {recall}"
        assert f"{frame} ({beside})" in text  # over its column
        assert f"{frame} {beside}" in text  # among the findings
    assert "f1, held out" in text
    assert "not validated" not in text


def test_a_lexicon_nobody_measured_says_so_wherever_a_share_stands(tmp_path):
    lexicon = tmp_path / "own.yaml"
    lexicon.write_text("frames: {trade: [trade, gas], trust: [partner*]}")
    path = an.report(corpus()[:4], tmp_path / "r.html", lexicon=lexicon)
    text = Page(path.read_text(encoding="utf-8")).text()
    assert "lexicon not validated" in text
    assert "trade (not validated) trust (not validated)" in text
    coded = pd.DataFrame({"text": ["gas", "gas", "partners"], "trade": [1, 0, 0], "trust": 0, "story": [*"abc"]})
    path = an.report(corpus()[:4], path, lexicon=lexicon, coded=coded)
    text = Page(path.read_text(encoding="utf-8")).text()
    assert "trade (precision .50, recall 1.00) trust (precision .00, recall unknown)" in text
    assert "The passages are those that came with this report." in text


def test_strangers_text_is_escaped_everywhere(html):
    page = Page(html)
    assert "<script" not in html
    assert "script" not in {tag for tag, _ in page.tags}
    assert page.open == []
    assert HOSTILE.split()[0] in page.text()


def test_nothing_is_loaded_from_anywhere(html):
    page = Page(html)
    loads = [attrs[key] for _, attrs in page.tags for key in ("src", "href", "srcset", "data") if key in attrs]
    assert loads
    assert all(value.startswith(("data:image/svg+xml;base64,", "#")) for value in loads)
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
        "import pandas as pd, analysis as an;"
        f"an.report(pd.read_parquet('articles.parquet'), 'again.html', title={f'Pair {HOSTILE}'!r})"
    )
    path = os.pathsep.join(sys.path)
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": path, "MPLBACKEND": "agg"}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True)
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == html


def test_a_chapter_a_corpus(tmp_path):
    two = {"First": corpus().iloc[:4], "Without the pair": corpus().iloc[5:]}
    text = Page(an.report(two, tmp_path / "two.html").read_text(encoding="utf-8")).text()
    assert "No passage in 1 article speaks of Russia and China together." in text
    assert "nothing to show" not in text  # figures say it in outlines, the page in words


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


def test_about_takes_two(tmp_path):
    with pytest.raises(ValueError, match="about takes two countries"):
        an.report(corpus(), tmp_path / "r.html", about=("Russia",))


def test_a_missing_folder_is_said_before_the_work_begins(tmp_path):
    target = tmp_path / "nowhere" / "r.html"
    with pytest.raises(FileNotFoundError) as raised:
        an.report(corpus(), target)
    assert str(raised.value) == f"{target}: there is no folder {target.parent}. Make it, or write elsewhere."
