"""Exports of Factiva, ProQuest and the archives of other countries."""

import fixtures as made
import pytest
from deal import MARCH, PAGES, T, facts
from reading import read, sums

MENUS = [
    ("en", "12 words", "3 March 2022", "English", "Document TSTP000020220303ei3300001"),
    ("zhcn", "12 字", "2022 年 3 月 3 日", "简体中文", "文件 TSTC000020220303ei3300001"),
    ("zhtw", "12 字", "2022 年 3 月 3 日", "繁體中文", "文件 TSTC000020220303ei3300001"),
    ("it", "12 parole", "3 marzo 2022", "Italiano", "Documento TSTP000020220303ei3300001"),
    ("nl", "12 woorden", "3 maart 2022", "Nederlands", "Document TSTP000020220303ei3300001"),
    ("pt", "1.212 palavras", "3 março 2022", "Português", "Documento TSTP000020220303ei3300001"),
    ("ja", "12 語", "2022年 3月 3日", "日本語", "文書 TSTP000020220303ei3300001"),
    ("de", "12 Wörter", "3. März 2022", "Deutsch", "Dokument TSTP000020220303ei3300001"),
    ("tr", "12 kelime", "3 Mart 2022", "Türkçe", "Belge TSTP000020220303ei3300001"),
    ("en", "12 words", "3 March 2022", "English", "Document tstp000020220303dsck00c1z"),
    ("en", "12 words", "3 March 2022", "English", "Document J000000020220303e1130000l"),
]


@pytest.mark.parametrize("menu", MENUS)
def test_factiva_in_every_language_of_menu_and_article(tmp_path, menu):
    code, count, day, language, number = menu
    word, _, number = number.partition(" ")
    fields = {"code": code, "count": count, "day": day, "language": language, "word": word, "number": number}
    page = PAGES["factiva"].format(**fields, text=T)
    other = PAGES["factiva"].format(
        code="en",
        count="12 words",
        day="3 March 2022",
        language="English",
        text=T,
        word="Document",
        number="TSTQ000020220303ei3300001",
    )
    _, articles = read(tmp_path, "a.html", f"<html><body>{page}{other}</body></html>")
    assert sums(articles) == (2, 2, 0)
    assert facts(articles) == [["Test Post", "Gas deal", T]] * 2
    assert articles.date.tolist() == [MARCH[0]] * 2
    assert articles.record[0] == number


LINES = f"""Gas deal
12 {{}}
3 March 2022
15:32 GMT
Test Post
TSTP
A1
English
Copyright 2022 Test Co

{T}

Document TSTP000020220303ei3300001
Summit
12 {{}}
4 March 2022
Test Post
TSTP
English
(c) 2022 Test Co

{T}

Document TSTP000020220304ei3300001

Search Summary
Text gas
Date All Dates"""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", LINES.format("words", "words")),
        ("a.rtf", made.rtf(LINES.format("parole", "parole"))),
        (
            "a.pdf",
            made.pdf(
                [
                    "\n".join(
                        filter(
                            None, f"Page {n} of 2 © 2022 Factiva, Inc. All rights reserved.\n{part}".split("\n")
                        )
                    )
                    for n, part in enumerate(LINES.format("words", "words").split("\n\nSearch"), 1)
                ]
            ),
        ),
    ],
)
def test_factiva_in_lines(tmp_path, name, content):
    _, articles = read(tmp_path, name, content)
    assert sums(articles) == (2, 2, 0)
    assert facts(articles) == [["Test Post", "Gas deal", T], ["Test Post", "Summit", T]]
    assert articles.date.tolist() == MARCH


def test_factiva_xml(tmp_path):
    _, articles = read(tmp_path, "a.xml", PAGES["xml"].format(PAGES["xml_record"] * 2))
    assert sums(articles) == (2, 2, 0)
    text = "The two countries signed a gas deal.\nOfficials praised the partnership."
    assert facts(articles) == [["Test Post", "Gas deal", text]] * 2
    assert articles.date.tolist() == [MARCH[0]] * 2


def test_factiva_lines_with_a_section_above_the_headline(tmp_path):
    lines = f"World News\n{LINES.format('words', 'words').replace('Gas deal', 'A gas deal is signed')}"
    _, articles = read(tmp_path, "a.rtf", made.rtf(lines))
    assert articles.loc[0, ["section", "title", "text"]].tolist() == ["World News", "A gas deal is signed", T]


def test_proquest_labels_that_lost_a_blank(tmp_path):
    text = made.proquest(made.PROQUEST_TEXTS)
    for label in ("ProQuest document ID", "Document URL", "Publication year", "Publication title", "Full text"):
        text = text.replace(f"{label}:", f"{label.replace(' ', '', 1)}:")
    _, articles = read(tmp_path, "a.txt", text)
    assert (sums(articles), articles.outlet.tolist()) == ((2, 2, 0), ["The Times", "El País"])
    assert articles.record.tolist() == ["186543210", "286543210"]


def test_proquest_by_mail_and_as_ris(tmp_path):
    head = (
        "From: alerts@test.org\nTo: me@test.org\nSubject: Documents\nContent-Type: text/plain; charset=utf-8\n\n"
    )
    _, articles = read(tmp_path, "a.eml", head + made.proquest(made.PROQUEST_TEXTS))
    assert (sums(articles), articles.outlet.tolist()) == ((2, 2, 0), ["The Times", "El País"])
    ris = f"TY  - NEWS\nT1  - Gas deal\nJF  - Test Post\nY1  - 2022/03/03/\nAB  - {T}\nER  - \n"
    _, articles = read(tmp_path, "a.ris", ris * 2)
    assert (sums(articles), facts(articles)) == ((2, 2, 0), [["Test Post", "Gas deal", T]] * 2)
    assert articles.date.tolist() == [MARCH[0]] * 2


ARCHIVES = {
    "europresse": (PAGES["europresse"] * 2, ["Journal Test", "Accord sur le gaz", f"{T}\nRien d'autre."]),
    "europresse 1": (PAGES["europresse_old"] * 2, ["Journal Test", "Accord sur le gaz", f"{T}\nRien d'autre."]),
    "kikuzo": (PAGES["kikuzo"] * 2, ["朝日新聞", "ガス協定", f"{T}\n以上。"]),
    "yomidasu": (PAGES["yomidasu"] * 2, ["読売新聞", "ガス協定に署名、両国が発表", f"{T}\n以上。"]),
}


@pytest.mark.parametrize("archive", ARCHIVES)
def test_archives_whose_elements_say_what_they_hold(tmp_path, archive):
    page, expected = ARCHIVES[archive]
    _, articles = read(
        tmp_path, "a.html", f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{page}</body></html>'
    )
    assert sums(articles) == (2, 2, 0)
    assert facts(articles) == [expected] * 2
    assert articles.date.tolist() == [MARCH[0]] * 2


def test_a_page_declares_a_subset_of_its_encoding_or_has_a_wrong_byte(tmp_path):
    page = PAGES["europresse"] * 2
    declared = f'<html><head><meta charset="gb2312"></head><body>{page}</body></html>'.replace(
        "Accord", "鎔基 Accord"
    )
    _, articles = read(tmp_path, "a.html", declared.encode("gbk"))
    assert (articles.title[0], articles.encoding[0]) == ("鎔基 Accord sur le gaz", "gb18030")
    _, articles = read(
        tmp_path, "b.html", page.replace("Accord", "Évé\ue000 à").encode().replace(b"\xee\x80\x80", b"\xff")
    )
    assert (articles.title[0], articles.encoding[0]) == (
        "Évé\ufffd à sur le gaz",
        "utf-8, 2 damaged characters (lines 5, 21)",
    )


LISTED = PAGES["integrum"].replace(f"<p>{T}</p>", f"<pre>   {T}").replace("<p>Конец.</p>", "\n   Конец.</pre><hr>")


@pytest.mark.parametrize("encoding", ["cp1251", None])  # given, or guessed
@pytest.mark.parametrize("page", [PAGES["integrum"], LISTED, PAGES["coded"]])
def test_integrum(tmp_path, page, encoding):
    _, articles = read(tmp_path, "a.html", page.encode("cp1251"), encoding=encoding)
    assert sums(articles) == (2, 2, 0)
    assert facts(articles) == [
        ["Тестовая газета", title, f"{T}\nКонец."] for title in ("Газовый контракт", "Саммит")
    ]
    assert articles.date.tolist() == MARCH
    sheet = [
        ["Источник", "Дата", "Время", "Заголовок", "Текст"],
        ["Тестовая газета", "03.03.22", "10:00", "Саммит", T],
    ]
    _, articles = read(tmp_path, "a.xlsx", made.xlsx({"1": sheet}))
    assert (facts(articles), articles.date[0]) == ([["Тестовая газета", "Саммит", T]], MARCH[0])
