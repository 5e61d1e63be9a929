"""Exports of archives with the habits of real ones; every name, headline and sentence is made up."""

from pathlib import Path

import fixtures as made
import pandas as pd
import pytest
import yaml
from reading import read, sums

T = "The two countries signed a gas deal. Officials praised the partnership."
PAGES = yaml.safe_load((Path(__file__).parents[1] / "cases/archives.yaml").read_text("utf-8"))
MARCH = [pd.Timestamp("2022-03-03"), pd.Timestamp("2022-03-04")]


def facts(articles):
    return articles.sort_values("doc_id")[["outlet", "title", "text"]].to_numpy().tolist()


COVER = """Date and Time: Friday, March 4, 2022 9:31:00 AM CET
Job Number: 1
Documents (2)
1. Gas deal signed
Client/Matter: -None-
Search Terms: gas
Search Type: Natural Language
Narrowed by:
Content Type
Narrowed by
News
Sources: The Test Post
2. Summit A second line of the headline
Client/Matter: -None-
Search Terms: gas
Search Type: Natural Language
Narrowed by:
Content Type
Narrowed by
News
Sources: The Test Post"""
RECORD = f"""Gas deal signed
The Test Post
March 3, 2022 Thursday
Copyright 2022 Test Co
All Rights Reserved
Section: WORLD; Pg. 1
Length: 12 words
Byline: JANE DOE
Body
{T}
Load-Date: March 3, 2022
End of Document"""
SECOND = f"""Summit
A second line of the headline
The Test Post
March 4, 2022 Friday, Late Edition - Final
Copyright 2022 Test Co
Body
{T}
Graphic
Photo: A person at the border.
Jobless Claims: a chart (Test Co)
Load-Date: March 5, 2022
End of Document"""
UNI = f"{COVER}\n{RECORD}\n{SECOND}"
BOTH = [["The Test Post", "Gas deal signed", T], ["The Test Post", "Summit A second line of the headline", T]]


def with_footer(text):
    """As Nexis Uni writes Word files: the rights of LexisNexis stand in the pages' foot."""
    from io import BytesIO

    from docx import Document

    document = Document(BytesIO(made.docx(text)))
    document.sections[0].footer.paragraphs[0].text = "About LexisNexis | Privacy Policy | Terms & Conditions"
    document.sections[0].header.paragraphs[0].text = "Page 1 of 2"
    file = BytesIO()
    document.save(file)
    return file.getvalue()


FOOT = "About LexisNexis | Privacy Policy | Terms & Conditions | Copyright © 2022 LexisNexis"
NEXIS = {
    "a.docx": with_footer(UNI),
    "b.docx": with_footer(f"User Name: reader\n{UNI}"),
    "a.rtf": made.rtf(UNI),
    "foot.rtf": made.rtf(UNI.replace("Load-Date: March 3", f"{FOOT}\nPage 1 of 2\nLoad-Date: March 3")),
    "short.rtf": made.rtf(
        "User Name: reader\nDate and Time: 4 March 2022\nJob Number: 1\nDocuments (2)\n" + RECORD + "\n" + SECOND
    ),
    "a.txt": UNI,
    "b.txt": f"{COVER}\n{FOOT}\n{RECORD}\n{SECOND}",
    "twice.txt": f"{COVER.replace('(2)', '(1)')}\n{RECORD}\n{COVER.replace('(2)', '(1)')}\n{SECOND}",
}


@pytest.mark.parametrize("name", NEXIS)
def test_nexis_uni_with_cover_edition_captions_and_two_line_headlines(tmp_path, name):
    _, articles = read(tmp_path, name, NEXIS[name])
    assert sums(articles) == (2, 2, 0)
    assert facts(articles) == BOTH
    assert articles.date.tolist() == MARCH
    assert articles.graphic[1] == "Photo: A person at the border. Jobless Claims: a chart (Test Co)"


HEADS = {
    "Summit\nThe Test Post\n(Blogname)\nMarch 4, 2022 Friday": ("The Test Post", "Summit", MARCH[1]),
    "Summit\nThe Test Post\nCorrection Appended\nCopyright 2022 Test Co": ("The Test Post", "Summit", pd.NaT),
    "Summit\nThe Test Post\nMarch 4, 2022 Friday, Suburban Edition": ("The Test Post", "Summit", MARCH[1]),
    "Summit\nThe Test Post\nMarch 4, 2022 Friday Final Edition": ("The Test Post", "Summit", MARCH[1]),
    "Summit\nThe Test Post\nMarch 4, 2022, Friday,, FINAL EDITION": ("The Test Post", "Summit", MARCH[1]),
    "Summit\nThe Test Post\nMarch 4, 2022 Friday, The New York Times on the Web": (
        "The Test Post",
        "Summit",
        MARCH[1],
    ),
    "Summit\nThe Test Post\nMarch 4, 2022, Friday 17:00:00 - 18:00:00 Eastern Time": (
        "The Test Post",
        "Summit",
        MARCH[1],
    ),
    "Summit: the day after\nTest Gazette (London) - Final Edition\nMarch 4, 2022 Friday 5:01 AM GMT": (
        "Test Gazette",
        "Summit: the day after",
        MARCH[1],
    ),
}


@pytest.mark.parametrize("head", HEADS)
def test_what_stands_above_a_nexis_article(tmp_path, head):
    _, articles = read(tmp_path, "a.docx", made.docx(f"{head}\nLength: 12 words\nBody\n{T}\nEnd of Document"))
    outlet, title, day = HEADS[head]
    assert facts(articles) == [[outlet, title, T]]
    assert articles.date.tolist() == [day]


OLD = f"""
                  1 of 2 DOCUMENTS

                   The Test Post
               March 3, 2022 Thursday

Gas deal signed

BYLINE: Jane Doe

LENGTH: 12 words

The two countries signed a gas deal.
Officials praised
the partnership.

Nobody else was
asked.

LOAD-DATE: March 4, 2022
LANGUAGE: ENGLISH
PUBLICATION-TYPE: Newspaper
                  2 of 2 DOCUMENTS
                   Copyright 2022 Test Co
                   Test Gazette
                March 4, 2022 Friday
                    Final Edition
Summit

LENGTH: 12 words

{T}

LOAD-DATE: March 4, 2022
"""
PARAGRAPHS = "The two countries signed a gas deal. Officials praised the partnership.\nNobody else was asked."


def test_lexisnexis_text_of_the_years_before(tmp_path):
    cover = "Time of Request: Friday, March 4, 2022\nClient ID/Project Name:\nNumber of Lines: 40\nJob Number: 1\n"
    for text in (OLD, cover + OLD, OLD.replace("\n", "\r\n")):
        _, articles = read(tmp_path, "a.txt", text)
        assert sums(articles) == (2, 2, 0)
        assert facts(articles) == [["The Test Post", "Gas deal signed", PARAGRAPHS], ["Test Gazette", "Summit", T]]
        assert articles.date.tolist() == MARCH
        assert [articles.author[0], articles.edition[1]] == ["Jane Doe", "Final Edition"]


def old_html(byline, length, load, documents, day):
    labels = {"byline": byline, "length": length, "load": load, "documents": documents, "text": T}
    return "<html><body>" + "".join(
        PAGES["lexisnexis"].format(number=number, outlet=outlet, title=title, day=when, **labels)
        for number, outlet, title, when in (
            (1, "The Test Post", "Gas deal", day), (2, "Test Gazette", "Summit", "March 4, 2022 Friday"),
        )
    ) + "</body></html>"  # fmt: skip


@pytest.mark.parametrize(
    "page",
    [
        old_html(
            "BYLINE", "LENGTH", "LOAD-DATE", "of 2 DOCUMENTS", 'March 3, 2022</span><span class="c2"> Thursday'
        ),
        old_html("AUTOR", "LÄNGE", "UPDATE", "von 2 DOKUMENTEN", "3. März 2022 Donnerstag"),
        old_html("AUTEUR", "LONGUEUR", "DATE-CHARGEMENT", "of 2 DOCUMENTS", "3 mars 2022 jeudi"),
    ],
)
def test_nexis_uk_html(tmp_path, page):
    _, articles = read(tmp_path, "a.html", page)
    assert sums(articles) == (2, 2, 0)
    text = f"{T}\nNobody."
    assert facts(articles) == [["The Test Post", "Gas deal", text], ["Test Gazette", "Summit", text]]
    assert articles.date.tolist() == MARCH
    assert articles.author.tolist() == ["Jane Doe"] * 2


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


LISTED = PAGES["integrum"].replace(f"<p>{T}</p>", f"<pre>   {T}").replace("<p>Конец.</p>", "\n   Конец.</pre><hr>")


@pytest.mark.parametrize("page", [PAGES["integrum"], LISTED, PAGES["coded"]])
def test_integrum(tmp_path, page):
    _, articles = read(tmp_path, "a.html", page.encode("cp1251"), encoding="cp1251")
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
