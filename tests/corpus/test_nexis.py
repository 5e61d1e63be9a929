"""Nexis exports, in every form that they take."""

import io
import re
import zipfile

import fixtures as made
import pytest
from reading import DAYS, audit, problems, read, refusal, sums

TEXTS = [
    "BEIJING - The presidents of Russia and China signed a deal on gas.\nIt runs for 30 years.",
    "Body\nLength: three metres, said the surgeon.\nLoad-Date: he did not know.\nThe wait is over.",
    "Fünf Züge fahren nach München.",
]


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
    first, last = problems(articles)
    assert first[:2] == ["item 1", "no line 'Body', so no text"]
    begins = "Gasvertrag unterzeichnet Deutsche Welle Montag 6. Februar 2017 10:15 Uhr Länge:…"
    assert last == ["item 3", "cut off: no line 'End of Document'", begins]


def test_nexis_lists_more_than_it_holds(tmp_path):
    _, articles = read(tmp_path, "a.docx", made.docx("\n".join([made.COVER, made.PUTIN, made.BODY])))
    assert sums(articles) == (3, 2, 1)
    assert problems(articles) == [["item 3", "listed on the cover, not in the file", ""]]


@pytest.mark.parametrize("listed", [10**6, 10**17, 10**30])
def test_nexis_a_cover_that_lists_more_than_any_file_holds(tmp_path, listed):
    cover = made.COVER.replace("(3)", f"({listed})")
    assert cover != made.COVER
    _, articles = read(tmp_path, "a.docx", made.docx("\n".join([cover, made.PUTIN, made.BODY])))
    more = [["item 3", f"{listed - 2:,} more listed on the cover, not in the file", ""]]
    assert problems(articles) == (more if listed < 10**18 else [])


def test_nexis_a_record_twice_is_kept_and_counted(tmp_path):
    _, articles = read(tmp_path, "a.rtf", made.rtf("\n".join([made.PUTIN, made.PUTIN])))
    assert sums(articles) == (2, 2, 0)
    assert audit(articles)["repeated"] == 1


@pytest.mark.parametrize("place", ["Byline: LI MING", "Language: ENGLISH"])
def test_nexis_a_new_field_is_a_column_of_its_own(tmp_path, place):
    content = made.docx(made.PUTIN.replace(place, f"{place}\nMood: grave"))
    _, articles = read(tmp_path, "a.docx", content)
    assert articles.Mood.tolist() == ["grave"]
    _, articles = read(tmp_path, "a.docx", content, columns={"agency": "Mood"})
    assert articles.agency.tolist() == ["grave"]


def test_a_word_file_from_elsewhere(tmp_path):
    assert refusal(tmp_path, "a.docx", made.docx("Dear reader")) == (
        ": not an export of Nexis, Factiva or ProQuest: no line 'End of Document', no document numbers. "
        "Save other documents as .txt, one article a file, and give the folder."
    )


def test_all_that_word_shows_is_read(tmp_path):
    """Runs within insertions and smart tags, a tab of a style, and what was deleted or moved away."""
    run = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>".format
    space = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"
    parts = [
        "<w:pPr><w:tabs><w:tab w:val='left' w:pos='1'/></w:tabs></w:pPr>", run("A deal "),
        f"<w:ins w:id='1'>{run('on gas ')}</w:ins>",
        f"<w:smartTag w:element='x'>{run('was signed ')}</w:smartTag>",
        "<w:del w:id='2'><w:r><w:delText>once</w:delText></w:r></w:del>",
        f"<w:moveFrom w:id='3'>{run('again ')}</w:moveFrom>",
        f"<w:sdt><w:sdtContent>{run('here.')}</w:sdtContent></w:sdt>",
    ]  # fmt: skip
    content = made.docx(made.PUTIN.replace("It runs for 30 years.", "MARK"))
    with zipfile.ZipFile(io.BytesIO(content)) as given:
        members = {name: given.read(name) for name in given.namelist()}
    body = members["word/document.xml"].decode()
    paragraph = re.search(r"<w:p>(?:(?!<w:p>).)*MARK.*?</w:p>", body, re.S)[0]
    members["word/document.xml"] = body.replace(paragraph, f"<w:p {space}>{''.join(parts)}</w:p>").encode()
    _, articles = read(tmp_path, "a.docx", made.zipped(members))
    assert articles.text[0].endswith("\nA deal on gas was signed here.")


def test_the_address_beneath_a_headline_is_no_part_of_it(tmp_path):
    link = '{\\field{\\*\\fldinst{HYPERLINK "https://x.org/1"}}{\\fldrslt{Heavenly bodies}}}'
    content = made.rtf(made.BODY.replace("The wait", "HYPERLINK is a word. The wait")).decode()
    _, articles = read(tmp_path, "a.rtf", content.replace("Heavenly bodies", link, 1))
    assert (articles.title[0], "HYPERLINK is a word." in articles.text[0]) == ("Heavenly bodies", True)
