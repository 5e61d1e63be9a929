"""The whole line on a small corpus, read back from the page."""

import base64
import gzip
import hashlib
import json
import os
import subprocess
import sys

import pytest
from pages import HOSTILE, TEXTS, Page, corpora, corpus

import analysis as an
from analysis.show.measured import measure


def unpacked(text):
    return json.loads(gzip.decompress(base64.b64decode(text)))


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "r.html"
    assert an.report(corpora(), path) == path
    return path.read_text(encoding="utf-8")


def test_the_first_screen_answers(html):
    """Question, answer, what it rests on, a figure, what could change it, and the way to the passages."""
    text = Page(html).text()
    order = [
        "How does each outlet frame the relationship between Russia and China, and how sure can we be?",
        "No clear difference between outlets in any of 3 comparisons (clear: q < .05",
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
        assert f"alliance {figures}" in text.partition(f"Measured on {n} passages of {where} (")[2]
    claimed = measured[480].table.set_index("label").loc["pragmatism"]
    figures = ", ".join(f"{name} {measure(claimed, name)}" for name in ("precision", "recall"))
    hint = "See Instrument for the other frames. To measure it here, code all of these passages: "
    hint += "framing certify ARTICLES --lexicon LEXICON -n "
    assert "The clearest difference, pragmatism, " in text
    assert f"Frame pragmatism: {figures}. {hint}" in text
    assert "[say its precision and recall]" in text


def test_strangers_text_is_escaped_everywhere(html):
    page = Page(html)
    kinds = [attrs["type"] for tag, attrs in page.tags if tag == "script"]
    assert kinds == ["text/plain"] * 4 + ["module"]
    assert page.open == []
    assert HOSTILE.split()[0] in page.text()
    assert {tag for tag, _ in page.tags if tag == "img"} == {"img"}
    assert not any("onerror" in attrs or "onload" in attrs for _, attrs in page.tags)


def test_only_the_script_with_the_known_digest_may_run(html):
    page = Page(html)
    digest = base64.b64encode(hashlib.sha256(page.scripts[-1].encode()).digest()).decode()
    (policy,) = [attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv")]
    assert policy == (
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'"
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
        "an.report(corpora, 'again.html')"
    )
    path = os.pathsep.join(sys.path)
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": path, "MPLBACKEND": "agg"}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True)
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == html


def test_a_corpus_without_the_pair_is_a_chapter_of_few_words(html):
    text = Page(html).text()
    assert "The one article has no passage about Russia and China." in text
    assert "No difference other than 0 could be tested here, so there is none to measure in other ways." in text
    assert "Too few dated stories for a figure over time" in text
    assert "nothing to show" not in text  # figures say it in outlines, the page in words


def test_the_clearest_difference_is_measured_in_other_ways(html):
    text = Page(html).text()
    assert (
        "The claim that was tried is “BBC uses pragmatism more than TASS”: the interval excludes zero in none"
        in text
    )
    assert "Not varied: cleaning, and the lexicon without single entries and lists." in text


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
    assert "Articles that reprint one story were one observation (6 articles, 6 stories)." in paper
