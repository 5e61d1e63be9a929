"""What comes from the web: Media Cloud, GDELT, pages and their archives."""

import fixtures as made
import pandas as pd
import pytest
from reading import DAYS, audit, problems, read, refusal, sums

import analysis as an

pytestmark = pytest.mark.filterwarnings("ignore:.*no article has a text")
STORIES = "id,indexed_date,language,media_name,media_url,publish_date,title,url\n"


STORY = (
    "77,2024-01-02,en,chinadaily.com.cn,chinadaily.com.cn,2024-01-01,Gas deal,https://europe.chinadaily.com.cn/a\n"
)


def test_media_cloud_without_texts_and_with(tmp_path):
    _, articles = read(tmp_path, "stories.csv", STORIES + STORY)
    assert (sums(articles), audit(articles)["empty"]) == ((1, 1, 0), 1)
    assert articles.loc[0, ["doc_id", "outlet", "title", "text"]].tolist() == ["77", "China Daily", "Gas deal", ""]
    (tmp_path / "77.txt").write_text("A deal.")
    (tmp_path / "99.txt").write_text("Another.")
    articles = an.read_articles(tmp_path)
    assert sums(articles) == (2, 2, 0)
    assert articles.set_index("doc_id").text.to_dict() == {"77": "A deal.", "99": "Another."}


@pytest.mark.parametrize(("width", "date", "url"), [(61, 59, 60), (58, 56, 57), (16, 2, 5)])
def test_gdelt_as_published(tmp_path, width, date, url):
    cells = ["1"] * width
    cells[1] = "20170204101500" if width == 16 else "20170204"
    cells[date], cells[url] = "20170206101500", "https://www.rt.com/a"
    if width == 16:
        cells[4] = "rt.com"
    _, articles = read(tmp_path, "a.CSV", "\t".join(cells) + "\n")
    assert sums(articles) == (1, 1, 0)
    assert articles.loc[0, ["outlet", "date", "url"]].tolist() == [
        "RT", pd.Timestamp("2017-02-06 10:15"), "https://www.rt.com/a",
    ]  # fmt: skip


def test_gdelt_graph_and_search(tmp_path):
    cells = [""] * 27
    cells[0], cells[1], cells[3], cells[4] = "20170206101500-1", "20170206101500", "rt.com", "https://www.rt.com/a"
    cells[26] = "<PAGE_TITLE>Gas &amp; oil</PAGE_TITLE>"
    _, articles = read(tmp_path, "a.csv.zip", made.zipped({"a.gkg.csv": "\t".join(cells) + "\n"}))
    assert articles.loc[0, ["outlet", "title"]].tolist() == ["RT", "Gas & oil"]
    listed = "URL,MobileURL,Date,Title\nhttps://www.dw.com/a,,2017-02-06 10:15:00,Gas\n"
    _, articles = read(tmp_path, "b.csv", listed)
    assert articles.loc[0, ["outlet", "title", "date"]].tolist() == ["DW", "Gas", pd.Timestamp("2017-02-06 10:15")]


def test_a_web_page(tmp_path):
    _, articles = read(tmp_path, "a.html", made.PAGE)
    assert sums(articles) == (1, 1, 0)
    assert articles.loc[0, ["outlet", "date", "title", "url"]].tolist() == [
        "TASS", DAYS[0], "Gas deal signed", "https://tass.com/economy/1",
    ]  # fmt: skip
    assert articles.text[0].count("thirty years") == 5
    assert "Share" not in articles.text[0]
    assert refusal(tmp_path, "b.html", "<html><body></body></html>") == (
        ": its one item could not be parsed. b.html: no article found in the page"
    )


def test_a_web_archive(tmp_path):
    pages = [
        ("https://tass.com/economy/1", "200 OK", "text/html; charset=utf-8", made.PAGE.encode()),
        ("https://tass.com/a.png", "200 OK", "image/png", b"x"),
        ("https://tass.com/gone", "404 Not Found", "text/html", b"<html>gone</html>"),
    ]
    whole = made.warc(pages)
    _, articles = read(tmp_path, "a.warc.gz", whole)
    assert sums(articles) == (2, 1, 1)
    assert articles.loc[0, ["outlet", "date", "captured"]].tolist() == ["TASS", DAYS[0], "2017-02-08T00:00:00Z"]
    assert problems(articles) == [["item 2", "HTTP status 404", "https://tass.com/gone"]]
    _, articles = read(tmp_path, "b.warc.gz", whole + whole)
    assert (sums(articles), audit(articles)["repeated"]) == ((4, 2, 2), 1)
    page = made.warc(pages[:1])
    _, articles = read(tmp_path, "c.warc.gz", page + page[: len(page) * 3 // 4])
    assert sums(articles) == (2, 1, 1)
    assert problems(articles)[0][1].startswith("cut off")


def test_an_arc_is_read_page_by_page(tmp_path):
    pages = [
        (f"https://tass.com/{at}", 200, "text/html", made.PAGE.replace("runs", f"runs{at}").encode())
        for at in range(3)
    ]
    (tmp_path / "crawl.arc").write_bytes(made.arc(pages))
    articles = an.read_articles(tmp_path / "crawl.arc")
    assert articles["problem"].tolist() == ["", "", ""]
    assert articles["outlet"].unique().tolist() == ["TASS"]
    assert [f"runs{at}" in text for at, text in enumerate(articles["text"])] == [True, True, True]


def test_texts_of_whole_pages_are_told(tmp_path):
    record = made._warc_record("conversion", "https://test.org/1", "text/plain", b"Menu. A deal.")
    told = refusal(tmp_path, "a.wet", record)
    assert told.endswith("item 1: the text of a whole page, with menus (WET). Give the WARC file")


def test_a_graph_of_gdelt_says_that_it_has_no_text(tmp_path):
    cells = ["20170206101500-1", "20170206101500", "", "rt.com", "https://www.rt.com/a", *[""] * 22]
    with pytest.warns(UserWarning, match="no article has a text"):
        read(tmp_path, "a.csv", "\t".join(cells) + "\n")


def test_gdelt_in_any_case_and_with_a_bad_address(tmp_path):
    rows = (
        "URL,MobileURL,Date,Title\nhttps://tass.com/1,,2017-02-05 10:00,Gas\nhttp://[::1,,2017-02-05 10:00,Bad\n"
    )
    _, articles = read(tmp_path, "g.csv", rows)
    assert (sums(articles), articles.outlet.tolist()) == ((2, 2, 0), ["TASS", ""])
    rows = (
        "globaleventid,sqldate,eventcode,dateadded,sourceurl\n1,20170204,010,20170206101500,https://www.rt.com/a\n"
    )
    _, articles = read(tmp_path, "h.csv", rows)
    assert articles.loc[0, ["outlet", "date"]].tolist() == ["RT", pd.Timestamp("2017-02-06 10:15")]
