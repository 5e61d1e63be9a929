"""Tables as people and databases make them: names, headers, cells."""

import json
import warnings

import fixtures as made
import pandas as pd
import pytest
from reading import problems, read, refusal, sums

from analysis import read_articles

DEAL = "The two countries signed a gas deal. Officials praised the partnership."


def facts(articles):
    return [articles[name].tolist() for name in ("outlet", "title", "text")]


NAMES = [
    "Outlet,Date,Title,Text",
    "OUTLET,DATE,TITLE,TEXT",
    "outlet,Date,Headline,text",
    "Source,pub_date,Headline,Body",
    "Publication,published_at,Headline,Content",
    "Newspaper,publish_date,Title,Article",
    "media_name,Datum,Titel,Inhalt",
    "Media,DATE,title,Full Text",
    "Zeitung,Erscheinungsdatum,Überschrift,Volltext",
    "journal,date de publication,titre,texte",
    "medio,fecha,titular,cuerpo",
    "источник,дата,заголовок,текст",
    "媒体,日期,标题,正文",
    "source_domain,date_publish,title,maintext",
    "sitename,date,title,text",
    "source_name,publication_datetime,title,body",
    "outlet ,date,title , text ",
]


@pytest.mark.parametrize("header", NAMES)
def test_names_that_people_give_are_recognised(tmp_path, header):
    _, articles = read(tmp_path, "a.csv", f"{header}\nTASS,2022-03-03,Gas deal,{DEAL}\n")
    assert (facts(articles), articles.date[0]) == ([["TASS"], ["Gas deal"], [DEAL]], pd.Timestamp("2022-03-03"))


def test_a_missing_column_lists_the_names_of_the_file(tmp_path):
    assert refusal(tmp_path, "a.csv", ",Fecha,Cuerpo de la nota,\n1,2022-03-03,x,\n") == (
        ": column 'outlet' is missing. Found: Fecha (taken as date), Cuerpo de la nota. "
        'Name it with columns={"outlet": "its name in the file"}, or add it.'
    )
    assert refusal(tmp_path, "a.csv", "medio,Cuerpo de la nota,\nTASS,x,\n") == (
        ": column 'text' is missing. Found: medio (taken as outlet), Cuerpo de la nota. "
        'Did you mean \'Cuerpo de la nota\'? Name it with columns={"text": "Cuerpo de la nota"}.'
    )


def test_texts_that_newsapi_cut_off_are_pointed_out(tmp_path):
    cells = '{"source": {"name": "A"}, "title": "t", "content": "The deal [+1200 chars]"}'
    with pytest.warns(
        UserWarning, match="1 of 1 texts are cut off: the news service gives the beginning of each."
    ):
        read(tmp_path, "a.json", f'{{"articles": [{cells}]}}')


def test_a_near_miss_is_suggested_and_an_unused_column_pointed_out(tmp_path):
    assert refusal(tmp_path, "a.csv", "publcation,body\nTASS,x\n") == (
        ": column 'outlet' is missing. Found: publcation, body (taken as text). Did you mean 'publcation'? "
        'Name it with columns={"outlet": "publcation"}.'
    )
    with warnings.catch_warnings(record=True) as hints:
        warnings.simplefilter("always")
        path, _ = read(tmp_path, "a.csv", "outlet,text,wann,haedline\nTASS,x,3 March 2022,Gas deal\n")
    assert [str(hint.message) for hint in hints] == [
        f'{path}: column \'wann\' looks like dates and is not used. Name it with columns={{"date": "wann"}}.',
        f"{path}: column 'haedline' looks like titles and is not used. "
        'Name it with columns={"title": "haedline"}.',
    ]


def test_a_named_column_goes_before_a_recognised_one(tmp_path):
    header = "id,media_name,publish_date,title,url,full_text,story_text\n"
    _, articles = read(
        tmp_path,
        "a.csv",
        header + "1,DW,2022-03-03,Gas,https://dw.com/a,long,short\n",
        columns={"text": "full_text"},
    )
    assert articles.text.tolist() == ["long"]
    _, articles = read(
        tmp_path, "a.csv", header.replace(",story_text", "") + "1,DW,2022-03-03,Gas,https://dw.com/a,long\n"
    )
    assert articles.text.tolist() == ["long"]


ROWS = [
    ["outlet", "date", "title", "text"],
    ["DW", "2022-03-03", "Gas", "One."],
    ["RT", "2022-03-04", "Oil", "Two."],
]
TABLES = {
    "pandas' Excel": made.xlsx({"S": [["", *ROWS[0]], *([str(n), *row] for n, row in enumerate(ROWS[1:]))]}),
    "a note beside": made.xlsx({"S": [[*ROWS[0], ""], *([*row, "x"] for row in ROWS[1:])]}),
    "a trailing blank": made.xlsx({"S": [["outlet ", "date", "title", "text "], *ROWS[1:]]}),
    "a banner": made.xlsx({"S": [["My export of 3 March"], [], *ROWS]}),
    "another order": made.xlsx(
        {"1": ROWS[:2], "2": [["outlet", "title", "date", "text"], ["RT", "Oil", "2022-03-04", "Two."]]}
    ),
    "CSV called xls": b"outlet,date,title,text\nDW,2022-03-03,Gas,One.\nRT,2022-03-04,Oil,Two.\n",
    "TSV called xls": b"outlet\tdate\ttitle\ttext\nDW\t2022-03-03\tGas\tOne.\nRT\t2022-03-04\tOil\tTwo.\n",
    "sep=": b"sep=;\noutlet;date;title;text\nDW;2022-03-03;Gas;One.\nRT;2022-03-04;Oil;Two.\n",
    "old Mac": b"outlet,date,title,text\rDW,2022-03-03,Gas,One.\rRT,2022-03-04,Oil,Two.\r",
    "empty cells at the end": b"outlet,date,title,text\nDW,2022-03-03,Gas,One.,,\nRT,2022-03-04,Oil,Two.\n",
    "a banner above": b"Export\n\noutlet,date,title,text\nDW,2022-03-03,Gas,One.\nRT,2022-03-04,Oil,Two.\n",
    "HTML called xls": pd.DataFrame(ROWS[1:], columns=ROWS[0]).to_html().encode(),
    "some quoted": b'outlet,date,title,text\n"DW","2022-03-03","Gas","One."\nRT,2022-03-04,Oil,"Two."\n',
}


@pytest.mark.parametrize("kind", TABLES)
def test_small_habits_of_tables(tmp_path, kind):
    _, articles = read(
        tmp_path, "a.xlsx" if TABLES[kind][:2] == b"PK" else "a.xls" if "xls" in kind else "a.csv", TABLES[kind]
    )
    assert sums(articles) == (2, 2, 0)
    assert facts(articles) == [["DW", "RT"], ["Gas", "Oil"], ["One.", "Two."]]
    assert articles.date.dt.day.tolist() == [3, 4]


def test_one_ragged_row_is_one_item(tmp_path):
    _, articles = read(tmp_path, "a.csv", "outlet,text\nDW,a\nRT,b,c\nTASS,d\nAP\nBBC,e\n")
    assert (sums(articles), articles.text.tolist()) == ((5, 3, 2), ["a", "d", "e", "", ""])
    assert problems(articles) == [
        ["row 3", "3 cells, the header 2", "RT b c"],
        ["row 5", "1 cells, the header 2", "AP"],
    ]


def test_an_open_quotation_mark_is_found_where_it_opens(tmp_path):
    _, articles = read(tmp_path, "a.csv", 'outlet,text\nA,"Russia and China\nB,"x"\nC,y\n')
    assert (sums(articles), articles.outlet.tolist(), articles.text.tolist()) == (
        (3, 2, 1),
        ["B", "C", ""],
        ["x", "y", ""],
    )
    assert problems(articles)[0][:2] == [
        "row 2",
        "a quotation mark opens in this row and is not closed properly",
    ]
    lines = [f"DW,2020-01-0{n % 9 + 1},Story {n} of Russia and China" for n in range(100)]
    lines[59] = 'BBC,2020-01-04,"Partners forever said Xi'
    _, articles = read(tmp_path, "b.csv", "outlet,date,text\n" + "\n".join(lines) + "\n")
    assert (sums(articles), problems(articles)[0][0]) == ((100, 99, 1), "row 61")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<p>Russia &amp; China met.</p><script>var tag='trade war rivals';</script>", "Russia & China met."),
        ('<p class="x">Russia&nbsp;gas</p><br/>', "Russia gas"),
        ("AT&amp;T and 3 < 4 > 2", "AT&T and 3 < 4 > 2"),
        ("['Russia and China met.', 'They signed.']", "Russia and China met.\n\nThey signed."),
        ("One.<br>Two.<style>p {color: red}</style><!-- three -->", "One.\nTwo."),
    ],
)
def test_markup_and_lists_in_a_cell(tmp_path, cell, text):
    rows = pd.DataFrame({"outlet": ["DW"], "text": [cell]})
    _, articles = read(tmp_path, "a.csv", rows.to_csv(index=False))
    assert articles.text.tolist() == [text]
    _, articles = read(tmp_path, "a.jsonl", rows.to_json(orient="records", lines=True))
    assert articles.text.tolist() == [text]


ITEM = {"title": "Gas deal", "url": "https://www.bbc.co.uk/a", "publishedAt": "2022-03-03T10:00:00Z"}
ANSWERS = {
    "NewsAPI": {
        "status": "ok",
        "articles": [ITEM | {"source": {"id": "bbc-news", "name": "BBC News"}, "content": DEAL}],
    },
    "Event Registry": {
        "articles": {
            "results": [
                {
                    "uri": "1",
                    "date": "2022-03-03",
                    "title": "Gas deal",
                    "body": DEAL,
                    "source": {"uri": "bbc.co.uk", "title": "BBC News"},
                    "authors": [{"name": "A"}],
                }
            ],
            "page": 1,
        }
    },
    "Guardian": {
        "response": {
            "status": "ok",
            "results": [
                {
                    "id": "w/1",
                    "webTitle": "Gas deal",
                    "webUrl": "https://www.bbc.co.uk/a",
                    "webPublicationDate": "2022-03-03T10:00:00Z",
                    "fields": {"bodyText": DEAL, "publication": "BBC"},
                }
            ],
        }
    },
    "NYT": {
        "response": {
            "docs": [
                {
                    "headline": {"main": "Gas deal", "kicker": None},
                    "pub_date": "2022-03-03T10:00:00+0000",
                    "source": "BBC",
                    "lead_paragraph": DEAL,
                    "web_url": "https://www.bbc.co.uk/a",
                    "keywords": [{"name": "x"}],
                }
            ]
        }
    },
    "news-please": [
        {
            "source_domain": "bbc.co.uk",
            "date_publish": "2022-03-03 10:00:00",
            "title": "Gas deal",
            "maintext": DEAL,
            "description": "short",
            "date_download": "2022-05-05",
        }
    ],
    "trafilatura": {
        "title": "Gas deal",
        "hostname": "bbc.co.uk",
        "date": "2022-03-03",
        "sitename": "BBC",
        "text": DEAL,
        "source": "https://www.bbc.co.uk/a",
        "source-hostname": "BBC",
        "raw_text": "x",
        "fingerprint": "y",
    },
    "objects and lists": [
        {"outlet": {"name": "BBC"}, "title": ["Gas deal"], "text": [DEAL], "date": "2022-03-03"}
    ],
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_answers_of_news_services(tmp_path, kind):
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*it holds a summary")
        _, articles = read(tmp_path, "a.json", json.dumps(ANSWERS[kind]))
        _, lined = read(tmp_path, "b.jsonl", json.dumps(ANSWERS[kind]))
    assert (sums(articles), facts(articles)) == ((1, 1, 0), [["BBC"], ["Gas deal"], [DEAL]])
    assert articles.date.dt.date.astype(str).tolist() == ["2022-03-03"]
    assert facts(lined) == facts(articles)


@pytest.mark.parametrize("orient", ["records", "columns", "split", "index", "table"])
def test_json_of_pandas(tmp_path, orient):
    table = pd.DataFrame({"outlet": ["DW", "RT"], "title": ["Gas", "Oil"], "text": ["One.", "Two."]})
    _, articles = read(tmp_path, "a.json", table.to_json(orient=orient))
    assert (sums(articles), facts(articles)) == ((2, 2, 0), [["DW", "RT"], ["Gas", "Oil"], ["One.", "Two."]])


def test_a_zero_byte_in_one_cell(tmp_path):
    _, articles = read(tmp_path, "a.csv", f"outlet,text\nDW,Rus\0sia and China. {DEAL * 20}\nRT,{DEAL * 20}\n")
    assert sums(articles) == (2, 2, 0)
    assert articles.text[0].startswith("Russia and China")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_zero_byte_in_a_short_table(tmp_path, encoding):
    content = "outlet,text\nDW,Fünf Z\0üge nach Köln und München\nRT,Gas\n".encode(encoding)
    _, articles = read(tmp_path, "a.csv", content)
    assert articles.text.tolist() == ["Fünf Züge nach Köln und München", "Gas"]
    assert articles.encoding[0] == f"{encoding}, 1 NUL removed (line 2)"


ROWS = "".join(f"DW,Fünf schöne Züge fahren nach München {n}\n" for n in range(100)).encode()
CYRILLIC = "".join(f"ТАСС,Два поезда едут в Москву {n}\n" for n in range(9)).encode()
STRAY = {
    "a line of Western text": (ROWS, "RT,Schön".encode("latin-1"), "Schön", "line 102 in cp1252"),
    "a line of Russian text": (CYRILLIC, "РТ,Поезд едет".encode("cp1251"), "Поезд едет", "line 11 in cp1251"),
    "half a character": (
        ROWS,
        "RT,Züge für Köl\u00e4".encode()[:-1],
        "Züge für Köl\ufffd",
        "1 damaged characters (line 102)",
    ),
}


@pytest.mark.parametrize("kind", STRAY)
def test_lines_that_are_not_utf_8_in_a_file_that_is(tmp_path, kind):
    rows, line, text, said = STRAY[kind]
    _, articles = read(tmp_path, "a.csv", b"outlet,text\n" + rows + line + b"\n")
    assert sums(articles) == (rows.count(b"\n") + 1, rows.count(b"\n") + 1, 0)
    assert (articles.text.iloc[-1], articles.encoding[0]) == (text, f"utf-8, {said}")


def test_a_list_of_addresses_says_that_it_has_no_text(tmp_path):
    listed = {
        "articles": [
            {"url": "https://www.dw.com/a", "title": "Gas", "seendate": "20220303T101500Z", "domain": "dw.com"}
        ]
    }
    with pytest.warns(UserWarning, match="no article has a text"):
        _, articles = read(tmp_path, "a.json", json.dumps(listed))
    assert [articles.outlet[0], articles.date[0]] == ["DW", pd.Timestamp("2022-03-03 10:15")]


def test_an_object_under_a_named_column(tmp_path):
    row = [{"source": {"id": "bbc-news", "name": "BBC News"}, "content": DEAL, "fields": {"headline": "Gas deal"}}]
    _, articles = read(tmp_path, "a.json", json.dumps(row), columns={"outlet": "source", "text": "content"})
    assert articles.outlet.tolist() == ["BBC"]
    assert refusal(tmp_path, "a.json", json.dumps(row), columns={"outlet": "source", "text": "fields"}) == (
        ": its one item could not be parsed. row 1: column 'text' holds an object, not a text; its parts: headline"
    )


@pytest.mark.filterwarnings("ignore:.*no article has a text")
def test_a_long_column_that_no_name_shows_to_be_the_text_is_named(tmp_path):
    row = {"url": "https://www.dw.com/a", "title": "Gas", "date": "2022-03-03", "ocr": DEAL * 3, "page": "4"}
    with pytest.warns(UserWarning, match="column 'ocr' looks like texts and is not used. Name it with"):
        _, articles = read(tmp_path, "a.json", json.dumps([row]))
    assert articles.text[0] == ""
    assert refusal(tmp_path, "b.csv", "article_id,outlet,sentence\n1,A,x\n").endswith(
        'Name it with columns={"text": "its name in the file"}, or add it.'
    )


def test_a_table_beside_texts_keeps_its_encoding(tmp_path):
    (tmp_path / "DW").mkdir()
    (tmp_path / "DW" / "a.txt").write_text("A deal.")
    (tmp_path / "b.csv").write_text("outlet,text\nТАСС,Россия и Китай подписали договор о газе.\n", "cp1251")
    articles = read_articles(tmp_path)
    assert dict(zip(articles.outlet, articles.encoding, strict=True)) == {"DW": "utf-8", "TASS": "cp1251"}
