"""Every format that an archive hands over, round trip, and the sums of its audit."""

import json

import fixtures as made
import pandas as pd
import pytest

import analysis as an


def read(tmp_path, name, content, **options):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path, an.read_articles(path, **options)


def refusal(tmp_path, name, content, **options):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ValueError, match=r".") as error:
        an.read_articles(path, **options)
    return str(error.value).removeprefix(str(path))


def sums(articles):
    """Seen, parsed, unparsed – and what the tables hold."""
    audit = articles.attrs["audit"]
    assert audit["seen"] == audit["parsed"] + audit["unparsed"]
    assert (len(articles), len(articles.attrs["unparsed"])) == (audit["parsed"], audit["unparsed"])
    return audit["seen"], audit["parsed"], audit["unparsed"]


TEXTS = [
    "BEIJING - The presidents of Russia and China signed a deal on gas.\nIt runs for 30 years.",
    "Body\nLength: three metres, said the surgeon.\nLoad-Date: he did not know.\nThe wait is over.",
    "Fünf Züge fahren nach München.",
]
DAYS = [pd.Timestamp("2017-02-06"), pd.Timestamp("2017-02-05"), pd.Timestamp("2017-02-06")]
NEXIS = {
    "docx": made.docx(made.NEXIS),
    "rtf": made.rtf(made.NEXIS),
    "zip": made.zipped({"a.docx": made.docx(made.NEXIS), "__MACOSX/._a.docx": b"x"}),
    "pdf": made.pdf([f"Page 1 of 1\n{part}" for part in (made.COVER, made.PUTIN, made.BODY, made.GERMAN)]),
}


@pytest.mark.parametrize("kind", NEXIS)
def test_nexis_gives_the_same_articles_in_every_form(tmp_path, kind):
    _, articles = read(tmp_path, f"download.{kind}", NEXIS[kind])
    assert sums(articles) == (3, 3, 0)
    assert articles.outlet.tolist() == ["China Daily", "TASS", "DW"]
    assert articles.date.tolist() == DAYS
    assert articles.title.tolist() == [
        "Putin, Xi sign gas deal: the details",
        "Heavenly bodies",
        "Gasvertrag unterzeichnet",
    ]
    assert articles.author.tolist() == ["LI MING", "By Anna Ivanova in Moscow and Wei Chen in Beijing", ""]
    if kind == "pdf":  # a page has lines, and where a paragraph ended is not always to be told
        texts = [text.replace("\n", " ") for text in TEXTS]
        assert articles.text.str.replace("\n", " ").tolist() == texts
    else:
        assert articles.text.tolist() == TEXTS
    assert articles.load_date.tolist() == ["February 7, 2017", "February 6, 2017", "February 7, 2017"]
    assert articles.country.tolist() == ["CN", "RU", "DE"]
    assert articles.ownership.tolist() == ["state", "state", "public"]


def test_nexis_a_cut_off_file_and_a_record_without_text(tmp_path):
    cut = made.NEXIS.replace("\nBody\nBEIJING", "\nBEIJING").removesuffix("\nEnd of Document")
    _, articles = read(tmp_path, "a.docx", made.docx(cut))
    assert sums(articles) == (3, 1, 2)
    assert articles.attrs["unparsed"][["place", "reason"]].to_numpy().tolist() == [
        ["item 1", "no line 'Body', so no text"],
        ["item 3", "cut off: no line 'End of Document'"],
    ]
    assert articles.attrs["unparsed"].excerpt[1] == (
        "Gasvertrag unterzeichnet Deutsche Welle Montag 6. Februar 2017 10:15 Uhr Länge:…"
    )


def test_nexis_lists_more_than_it_holds(tmp_path):
    _, articles = read(tmp_path, "a.docx", made.docx("\n".join([made.COVER, made.PUTIN, made.BODY])))
    assert sums(articles) == (3, 2, 1)
    assert articles.attrs["unparsed"].iloc[0].tolist() == ["item 3", "listed on the cover, not in the file", ""]


def test_nexis_a_record_twice_is_kept_and_counted(tmp_path):
    _, articles = read(tmp_path, "a.rtf", made.rtf("\n".join([made.PUTIN, made.PUTIN])))
    assert sums(articles) == (2, 2, 0)
    assert articles.attrs["audit"]["repeated"] == 1


UNKNOWN = (
    ": item 1 has a field {0!r}, which no {1} export had when this reader was written. "
    "Say where it belongs with columns={{'my_name': {0!r}}}, and please report it."
)


@pytest.mark.parametrize("place", ["Byline: LI MING", "Language: ENGLISH"])
def test_nexis_a_new_field_stops_the_reading_until_it_is_named(tmp_path, place):
    content = made.docx(made.PUTIN.replace(place, f"{place}\nMood: grave"))
    assert refusal(tmp_path, "a.docx", content) == UNKNOWN.format("Mood", "Nexis")
    _, articles = read(tmp_path, "a.docx", content, columns={"mood": "Mood"})
    assert articles.mood.tolist() == ["grave"]


def test_a_word_file_from_elsewhere(tmp_path):
    assert refusal(tmp_path, "a.docx", made.docx("Dear reader")) == (
        ": neither a Nexis nor a Factiva export: no line 'End of Document', no document numbers. "
        "Save other documents as .txt, one an article, and give the folder."
    )


FACTIVA = {"html": made.factiva_html(made.FACTIVA), "rtf": made.factiva_rtf(made.FACTIVA)}


@pytest.mark.parametrize("kind", FACTIVA)
def test_factiva_gives_the_same_articles_in_both_forms(tmp_path, kind):
    _, articles = read(tmp_path, f"a.{kind}", FACTIVA[kind])
    assert sums(articles) == (2, 2, 0)
    assert articles.outlet.tolist() == ["Le Monde", "TASS"]
    assert articles.date.tolist() == [pd.Timestamp("2017-02-06"), pd.Timestamp("2017-02-07")]
    assert articles.title.tolist() == ["Accord sur le gaz", "Газовый контракт подписан"]
    assert [" ".join(author.split()) for author in articles.author] == ["Par Jean Dupont et Anne Petit", ""]
    assert articles.text.tolist() == [
        "Pékin. Un accord à 30 ans.\nIl vaut cher.\nHD est un sigle.",
        "Контракт подписан.",
    ]
    assert articles.record.tolist() == ["MONDE00020170206ed260001r", "TASS000020170207ed270002s"]


def test_factiva_without_codes(tmp_path):
    _, articles = read(tmp_path, "a.htm", made.factiva_plain_html(made.FACTIVA[0]))
    assert sums(articles) == (1, 1, 0)
    row = articles.iloc[0]
    assert [row.outlet, row.date, row.title, row.section] == ["Le Monde", DAYS[0], "Accord sur le gaz", "Monde"]
    assert row.text == "Pékin. Un accord à 30 ans.\nIl vaut cher.\nHD est un sigle."


@pytest.mark.parametrize(("kind", "build"), [("html", made.factiva_html), ("rtf", made.factiva_rtf)])
def test_factiva_cut_off_new_field_and_twice(tmp_path, kind, build):
    first, second = made.FACTIVA
    short = {code: value for code, value in second.items() if code != "AN"}
    _, articles = read(tmp_path, f"a.{kind}", build([first, first, short]))
    assert sums(articles) == (3, 2, 1)
    assert articles.attrs["audit"]["repeated"] == 1
    assert articles.attrs["unparsed"].iloc[0, :2].tolist() == ["item 3", "cut off: no document number (AN)"]
    content = build([{"HD": "x", "XQ": "y", **first}])
    assert refusal(tmp_path, f"a.{kind}", content) == UNKNOWN.format("XQ", "Factiva")


PROQUEST = {"txt": made.proquest(made.PROQUEST_TEXTS), "html": made.proquest_html(made.PROQUEST_TEXTS)}


@pytest.mark.parametrize("kind", PROQUEST)
def test_proquest_gives_the_same_articles_in_both_forms(tmp_path, kind):
    _, articles = read(tmp_path, f"a.{kind}", PROQUEST[kind])
    assert sums(articles) == (2, 2, 0)
    assert articles.outlet.tolist() == ["The Times", "El País"]
    assert articles.date.tolist() == [DAYS[0], DAYS[0]]
    assert articles.title.tolist() == ["Gas: a deal", "El gas"]
    assert articles.author.tolist() == ["Smith, Jane"] * 2
    assert articles.text.tolist() == [
        "A deal was signed.\nLocation: Beijing, in the rain.\nPutin: We are friends.",
        "Firmado el acuerdo.",
    ]
    assert articles.record.tolist() == ["186543210", "286543210"]


def test_proquest_cut_off_new_field_and_twice(tmp_path):
    whole = made.proquest(made.PROQUEST_TEXTS[1:] * 2)
    _, articles = read(tmp_path, "a.txt", whole[: whole.rindex("Publication title")])
    assert sums(articles) == (2, 1, 1)
    assert articles.attrs["unparsed"].iloc[0, :2].tolist() == ["item 2", "cut off: no 'Publication title'"]
    _, articles = read(tmp_path, "a.txt", whole.replace("2 of 2", "1 of 2").replace("286543210", "186543210"))
    assert (sums(articles), articles.attrs["audit"]["repeated"]) == ((2, 2, 0), 1)
    content = whole.replace("Publication year:", "Mood: grave\n\nPublication year:")
    assert refusal(tmp_path, "a.txt", content) == UNKNOWN.format("Mood", "ProQuest")


STORIES = "id,indexed_date,language,media_name,media_url,publish_date,title,url\n"
STORY = (
    "77,2024-01-02,en,chinadaily.com.cn,chinadaily.com.cn,2024-01-01,Gas deal,https://europe.chinadaily.com.cn/a\n"
)


def test_media_cloud_without_texts_and_with(tmp_path):
    _, articles = read(tmp_path, "stories.csv", STORIES + STORY)
    assert (sums(articles), articles.attrs["audit"]["empty"]) == ((1, 1, 0), 1)
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
    assert articles.attrs["unparsed"].iloc[0].tolist() == ["item 2", "HTTP status 404", "https://tass.com/gone"]
    _, articles = read(tmp_path, "b.warc.gz", whole + whole)
    assert (sums(articles), articles.attrs["audit"]["repeated"]) == ((4, 2, 2), 1)
    page = made.warc(pages[:1])
    _, articles = read(tmp_path, "c.warc.gz", page + page[: len(page) * 3 // 4])
    assert sums(articles) == (2, 1, 1)
    assert articles.attrs["unparsed"].reason[0].startswith("cut off")


def test_excel_and_json(tmp_path):
    rows = [["doc_id", "outlet", "text", "n"], ["a", "TASS", "One.", 7], ["b", "DW", "Zwölf.", 7.5]]
    book = made.xlsx(
        {"Articles": rows, "More": [rows[0], ["c", "RT", "Three.", ""]], "Legend": [["what", "this is"]]}
    )
    _, articles = read(tmp_path, "a.xlsx", book)
    assert sums(articles) == (4, 3, 1)
    assert articles.n.tolist() == ["7", "7.5", ""]
    assert articles.attrs["unparsed"].iloc[0].tolist() == [
        "sheet Legend", "another header than the first sheet's", "what this is",
    ]  # fmt: skip
    _, articles = read(tmp_path, "a.json", json.dumps([{"outlet": "TASS", "text": "One."}, 7]))
    assert sums(articles) == (2, 1, 1)
    assert articles.attrs["unparsed"].iloc[0].tolist() == ["element 2", "a int, not an object", "7"]
    assert refusal(tmp_path, "b.json", '[{"outlet": "TASS"').startswith(": it is no whole JSON: ")


def test_a_zip_of_everything(tmp_path):
    inner = made.zipped({"x.docx": made.docx(made.PUTIN)})
    members = {
        "b/1.txt": "One.", "nexis.zip": inner, "photo.png": b"\x89PNG\0", "t.csv": "outlet,text\nRT,Two.\n",
        "broken.docx": made.docx(made.BODY)[:-50], "p.csv.gz": made.gzipped(b"outlet,text\nDW,Three.\n"),
    }  # fmt: skip
    _, articles = read(tmp_path, "all.zip", made.zipped(members))
    assert sums(articles) == (6, 4, 2)
    assert articles.doc_id.tolist() == ["b/1", "nexis.zip/x.docx: item 1", "p.csv: row 2", "t.csv: row 2"]
    assert articles.attrs["unparsed"].place.tolist() == ["broken.docx", "photo.png"]
    assert articles.attrs["audit"]["members"] == 6


def test_content_tells_and_not_the_name(tmp_path):
    for name, content in {
        "a.csv": made.docx(made.PUTIN),
        "a.txt": made.rtf(made.PUTIN),
        "a.xls": PROQUEST["txt"],
    }.items():
        _, articles = read(tmp_path, name, content)
        assert articles.title[0] in ("Putin, Xi sign gas deal: the details", "Gas: a deal")


@pytest.mark.parametrize(
    "day",
    [
        "February 6, 2017 Monday 10:15 AM GMT", "6 Feb. 2017", "Montag, 6. Februar 2017, 10:15 Uhr", "6 Dez 2017",
        "lundi 6 février 2017", "6 août 2017", "lunes, 6 de febrero de 2017", "понедельник, 6 февраля 2017 г.",
        "2017年2月6日 星期一", "2017年2月6日",
    ],
)  # fmt: skip
def test_days_in_six_languages_and_orders(tmp_path, day):
    _, articles = read(tmp_path, "a.csv", f'outlet,text,date\nDW,x,"{day}"\n')
    assert (articles.date.dt.day[0], articles.date.dt.year[0]) == (6, 2017)


@pytest.mark.parametrize("day", ["May day 6, 2017 in Moscow", "6 février", "31 février 2017", "2017年13月6日"])
def test_what_names_no_day(tmp_path, day):
    _, articles = read(tmp_path, "a.csv", f'outlet,text,date\nDW,x,"{day}"\n')
    assert articles.attrs["audit"]["unreadable_dates"] == 1


def test_outlets_get_one_name_and_unknown_ones_keep_theirs(tmp_path):
    _, articles = read(
        tmp_path, "a.csv", "outlet,text\neurope.chinadaily.com.cn,a\nDaily Planet,b\nCHINA DAILY,c\n,d\n"
    )
    assert articles.outlet.tolist() == ["China Daily", "Daily Planet", "China Daily", ""]
    assert articles.country.tolist() == ["CN", "", "CN", ""]
    assert articles.attrs["audit"]["outlets_unknown"] == 1
    assert articles.attrs["outlets"].given.tolist() == [
        "",
        "CHINA DAILY",
        "Daily Planet",
        "europe.chinadaily.com.cn",
    ]
    _, plain = read(tmp_path, "a.csv", "outlet,text\nrt.com,a\n", outlet_names=False)
    assert (plain.outlet[0], "country" in plain) == ("rt.com", False)


def test_mojibake_is_repaired_and_counted_and_other_text_left_alone(tmp_path):
    fine = ["“Он сказал”…", "北京“峰会”，中俄", "naïve café”, São ¿Qué?", "ＦＵＬＬ ｗｉｄｔｈ ﬁne"]
    broken = ["FÃ¼nf ZÃ¼ge", "ÐŸÑƒÑ‚Ð¸Ð½ Ð¸ Ð¡Ð¸"]
    table = pd.DataFrame({"outlet": "x", "text": fine + broken})
    _, articles = read(tmp_path, "a.csv", table.to_csv(index=False))
    assert articles.text.tolist() == [*fine, "Fünf Züge", "Путин и Си"]
    assert articles.attrs["audit"]["mojibake_repaired"] == 2


def test_tables_with_an_audit_can_be_joined(tmp_path):
    _, articles = read(tmp_path, "a.rtf", made.rtf(made.NEXIS[:-20]))
    joined = pd.concat([articles.head(1), articles.tail(1)])
    assert len(joined.attrs["unparsed"]) == 1
