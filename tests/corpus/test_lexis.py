"""Exports of Nexis Uni, Nexis UK and LexisNexis, old and new."""

import fixtures as made
import pandas as pd
import pytest
from deal import MARCH, PAGES, T, facts
from reading import read, refusal, sums

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


def test_the_lines_of_an_old_pdf_are_joined_to_paragraphs(tmp_path):
    lines = [
        "Officials of Russia and China signed a contract for gas that",
        "will flow in spring.",
        "Nobody objected.",
    ]
    record = "1 of 1 DOCUMENTS\nThe Test Post\nMarch 3, 2022 Thursday\nGas deal signed\nLENGTH: 20 words\n{}"
    page = record.format("\n".join(lines)) + "\nLOAD-DATE: March 3, 2022"
    _, articles = read(tmp_path, "a.pdf", made.pdf([page]))
    assert articles["text"].tolist() == [f"{lines[0]} {lines[1]}\n{lines[2]}"]


def test_a_scan_is_refused_with_the_remedy(tmp_path):
    assert refusal(tmp_path, "a.pdf", made.pdf([""])) == (
        ": a PDF without text, as scans are. Recognise its text first (OCR)."
    )


def test_a_headline_that_no_label_follows(tmp_path):
    head = "{n} of 2 DOCUMENTS\n\nThe Test Post\n\nMarch {n}, 2018 Saturday"
    record = head + "\n\nSummit\nin Moscow\n\nThey met.\n\nThey left."
    _, articles = read(tmp_path, "a.txt", "\n\n".join(record.format(n=n) for n in (1, 2)))
    assert articles[["title", "text"]].to_numpy().tolist() == [["Summit in Moscow", "They met.\nThey left."]] * 2
