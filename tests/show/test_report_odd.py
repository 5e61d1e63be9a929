"""Odd studies: the page of each speaks the language of its reader, not Python."""

import re

import pandas as pd
import pytest

import analysis as an
from analysis.frames.formats.read_yaml import parsed
from analysis.show.report.findings import NothingToReport
from tests.show.pages import Page

LEXICON = parsed("about: [Russia, China]\nframes: {close: [friend*, joint], trade: [gas, trade]}", "small.yaml")
SAID = (
    "Russia and China signed a gas contract.", "Russia and China are friends.", "Trade of Russia and China grew.",
    "Russia and China held joint drills.", "Moscow and Beijing disagree.", "Putin met Xi in Moscow to talk.",
)  # fmt: skip
ASIDE = "Tourists from Russia and from China, Japan and Korea visited the museum in May."
RUSSIAN = "Россия и Китай подписали контракт на газ и новый договор о мире."
# Names of Python's: a call, an index, an argument, a name with underscores; True and None.
PYTHON = re.compile(
    r"\ban\.\w+|\w+\((?!s\))|\w\[[\w'\"]|\b[a-z_]+=\S|\b[a-z]+_[a-z_]+\b|\bTrue\b|\bNone\b(?! of)|\{|\}"
)


def articles(*outlets, n=6, texts=SAID, dates=True):
    rows = [(outlet, f"2017-{1 + at:02}-03" if dates else None, texts[at % len(texts)], at)
            for outlet in outlets for at in range(n)]  # fmt: skip
    table = pd.DataFrame(rows, columns=["outlet", "date", "text", "number"])
    words = [
        f" {'abcdefghijklmnop'[at % 16] * 4} and {'qrstuvwxyz'[at % 10] * 5} agreed." for at in range(len(rows))
    ]
    text = table["text"] + words
    ids = [f"{outlet}{at}" for outlet, at in zip(table["outlet"], table["number"], strict=True)]
    return table.assign(doc_id=ids, text=text, date=pd.to_datetime(table["date"]), title="", url="", agency="")


STUDIES = {
    "one outlet": articles("Post"),
    "one story each": articles("Post", "Herald", n=1),
    "no dates": articles("Post", "Herald", "Daily", dates=False),
    "two languages": pd.concat([articles("Post", "Herald"), articles("Правда", texts=(RUSSIAN,))]),
    "right to left": articles("الجزيرة", "הארץ"),
    "many outlets": articles(*(f"Gazette of the City of {name}" for name in "ABCDEFGHIJKLMN"), n=2),
    "nothing differs": articles("Post", "Herald", texts=SAID[:1]),
    "stop words alone": articles("Post", "Herald").assign(text="Russia and China and the of."),
    "no passage": articles("Post", "Herald").assign(text="It rained in Dublin."),
}  # fmt: skip


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    path = an.report(STUDIES, tmp_path_factory.mktemp("odd") / "odd.html", lexicon=LEXICON)
    return Page(path.read_text("utf-8")).text()


def test_no_sentence_is_python(page):
    said = page.partition("Inputs, settings and versions")[0]
    said = said.replace("______", "")  # a blank to fill in
    assert [page[max(0, at.start() - 60) : at.end() + 30] for at in PYTHON.finditer(said)] == []


def test_what_cannot_be_shown_says_why(page):
    for sentence in (
        "Post is the only outlet.",
        "No terms: they set an outlet apart from others, and there is only one outlet here.",
        "6 articles in Russian were set aside",
        "No topics: no term was counted.",
        "None of 12 articles has a passage about Russia and China.",
        "No terms: no passage was found to count.",
    ):
        assert sentence in page


def test_a_report_of_nothing_says_what_was_left_out(tmp_path):
    rows = [("d1", ASIDE), ("d2", RUSSIAN), ("d3", "")]
    table = pd.DataFrame(rows, columns=["doc_id", "text"]).assign(outlet="Post", date=pd.NaT, title="", agency="")
    lost = table[2:].assign(doc_id="d4", problem="cannot be opened")
    with pytest.raises(NothingToReport) as refused:
        an.report(pd.concat([table.assign(problem=""), lost]), tmp_path / "none.html", lexicon=LEXICON)
    assert str(refused.value) == (
        "Articles: None of 2 articles has a passage about Russia and China. 1 item could not be read. 1 passage "
        "names both, but was judged not to be about the two. 1 article in Russian was set aside: the lexicon "
        "small is written for English. There is nothing to report. Check that the lexicon is for this pair "
        "(lexicon=), the names of the pair (about=), the language of the articles and the column of the text "
        "(columns=)."
    )


def test_a_stray_coded_passage_does_not_stand_for_the_whole_measurement(tmp_path):
    coded, lexicon = an.load_example("coded"), an.read_lexicon("russia-china")
    empty = coded.loc[coded[list(lexicon.labels)].sum(axis=1) == 0, "text"].tolist()
    given = articles("Post", "Herald").assign(title="")
    passages = an.passages(pd.DataFrame({"doc_id": list(map(str, range(len(empty)))), "text": empty}))
    bare = passages.loc[~passages["passage_id"].isin(an.find_frames(passages, lexicon)["passage_id"]), "text"]
    given.loc[0, "text"] = bare.iloc[0]
    page = an.report(given, tmp_path / "r.html", lexicon=lexicon).read_text("utf-8")
    assert "not measured on these texts; on 480 passages" in page
    assert "precision unknown" not in page
