"""Many articles never become one, one odd item never ends the reading, and every item is counted."""

import gzip
import io
import zipfile

import fixtures as made
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import read, refusal, sums

import analysis as an


@pytest.mark.parametrize(
    "text",
    [
        "x 1 of 2 DOCUMENTS y\nOne.\nx 2 of 2 DOCUMENTS y\nTwo.",
        "One. End of Document\nTwo. End of Document here",
        "word " * 20_001,
    ],
)
def test_a_text_or_page_that_holds_many_is_refused(tmp_path, text):
    assert "article" in refusal(tmp_path, "a.txt", text) or "several" in refusal(tmp_path, "a.txt", text)
    page = (
        f"<html><body><article>{''.join(f'<p>{line}</p>' for line in text.split(chr(10)))}</article></body></html>"
    )
    assert "article" in refusal(tmp_path, "a.html", page)


def test_a_text_with_rules_between_articles_is_refused(tmp_path):
    rule = "=" * 78
    assert "several lines of = or *" in refusal(tmp_path, "a.txt", f"One.\n{rule}\nTwo.\r\n{rule}\r\n")
    assert read(tmp_path, "b.txt", f"One\n===\nText.\nTwo\n===\n{rule}\n")[1]["problem"].tolist() == [""]


@pytest.mark.parametrize(
    "text",
    [
        '<DOC id="1" type="story">\n<TEXT>\nOne.\n</TEXT>\n</DOC>\n<DOC id="T2">\n<TEXT>\nTwo.\n</TEXT>\n</DOC>\n',
        "<doc id=1 outlet='Test Post'>\nOne.\n</doc>\n<doc id=2>\nTwo.\n</doc>\n",
        "Reference 1 - 6.00% Coverage\n\nOne.\n\nReference 2 - 4.10% Coverage\n\nTwo.\n",
        "@@901 <p> One . <p> More .\n@@902 <p> Two .\n",
        "**** *outlet_test *date_2022\nOne.\n**** *outlet_post\nTwo.\n",
        "Title: Gas\nSource: Test Post\nDate: 3 March 2022\n\nOne.\n" * 2,
        "PT J\nTI Gas\nSO TEST POST\nAB One.\nER\n\nPT J\nTI Grain\nSO TEST POST\nAB Two.\nER\n",
        "From a@test.test Thu Mar  3 10:00:00 2022\nX: 1\n\nOne.\n" * 2,
        "Gas\nTest Post\nOne.\n© PressReader. All rights reserved.\n" * 2,
        "Gas\nTest Post\nOne.\nRecord Number: 1A2\n" * 2,
    ],
)
def test_a_text_of_a_corpus_is_refused_and_names_its_marks(tmp_path, text):
    assert ": it has several " in refusal(tmp_path, "a.txt", text)


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.json", "a.pdf"])
def test_a_page_under_the_name_of_a_table_is_no_article(tmp_path, name):
    page = "<!DOCTYPE html><html><body><h1>Sign in</h1><p>Sign in with the card of your library.</p></body></html>"
    assert refusal(tmp_path, name, page) == (
        ": a web page under the name of another file, as a login or an error page is. "
        "Open it in a browser, and download the export again."
    )


def test_a_row_for_each_paragraph_is_pointed_out(tmp_path):
    rows = "".join(f"Test Post,2022-03-03,Gas deal,{word}.\n" for word in ("One", "Two", "Three"))
    with pytest.warns(UserWarning, match=": 2 of 3 rows repeat outlet, date and title; join what is"):
        read(tmp_path, "a.csv", f"outlet,date,title,text\n{rows}")


def test_xml_that_holds_pages_is_no_page(tmp_path):
    page = "<html><body><p>The two signed a deal. </p></body></html>"
    for head in ("", '<?xml version="1.0"?>\n<!-- ours -->'):
        said = refusal(tmp_path, "a.xml", f"{head}<dump><one>{page}</one><one>{page}</one></dump>")
        assert said == ": XML of a form that is not known. Export HTML, text or CSV instead."


def test_a_header_again_in_another_order_is_refused(tmp_path):
    text = "outlet,title,text\nA,t,One.\ntitle,outlet,text\nu,B,Two.\n"
    said = ": row 3 names the columns in another order. Split the file there."
    assert refusal(tmp_path, "a.csv", text) == said


def test_a_text_whose_labels_repeat_is_refused(tmp_path):
    one = "Test Post - March 3, 2022\nSection: World\nEdition: Final\n\nOne.\nCopyright: 2022 Test\n"
    assert refusal(tmp_path, "a.txt", one * 2) == (
        ": it has several lines 'Section:', 'Edition:' and 'Copyright:', in a form that is not known. "
        "Save the articles as a table, or each as a text of its own."
    )
    talk = "Putin: Yes.\nXi: No.\nQuestion: Why?\nSource: he smiled.\n" * 3
    for name, text in {"b.txt": one, "c.txt": talk}.items():
        assert read(tmp_path, name, text)[1]["problem"].tolist() == [""]


def test_a_page_of_several_articles_is_refused_and_teasers_are_none(tmp_path):
    one = f"<article><h2>Gas deal</h2><p>{'The two signed a deal. ' * 9}</p></article>"
    teaser = "<article><h3>Summit</h3><p>They met.</p></article>"
    comment = f"<article><p>A comment without a headline. {'Yes. ' * 40}</p></article>"
    kept = f"<html><body>{one}{teaser * 3}{comment}</body></html>"
    assert read(tmp_path, "one.html", kept)[1]["problem"].tolist() == [""]
    apart = f"<html><body><h1>Gas</h1><div><p>{'The two signed a deal. ' * 30}</p></div>{teaser * 3}</body></html>"
    assert read(tmp_path, "apart.html", apart)[1]["problem"].tolist() == [""]
    assert read(tmp_path, "live.html", f"<article>{one * 2}</article>")[1]["problem"].tolist() == [""]
    assert refusal(tmp_path, "two.html", f"<html><body>{one * 2}</body></html>").endswith(
        "more than one article: the page has 2 with a headline each. Save each article by itself"
    )


def test_two_members_of_one_name_are_two_sources(tmp_path):
    folder = tmp_path / "c"
    folder.mkdir()
    (folder / "a.csv").write_text("outlet,text\nA,Russia and China one.\n")
    (folder / "a.csv.gz").write_bytes(gzip.compress(b"outlet,text\nB,Russia and China two.\n"))
    articles = an.read_articles(folder)
    assert (sums(articles), sorted(articles.outlet)) == ((2, 2, 0), ["A", "B"])
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("x/a.txt", "One.")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("x/a.txt", "Two.")
    _, articles = read(tmp_path, "a.zip", file.getvalue())
    assert (sums(articles), sorted(articles.text)) == ((2, 2, 0), ["One.", "Two."])


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "a.txt").write_text("hi")
    (folder / "l.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "m.txt").symlink_to(folder / "a.txt")
    articles = an.read_articles(folder)
    assert (sums(articles), [text for text in articles.text if text]) == ((3, 2, 1), ["hi", "hi"])


def test_a_bad_address_is_one_item_of_a_web_archive(tmp_path):
    bad = made.PAGE.replace("https://tass.com/economy/1", "http://[::1")
    pages = [
        ("https://tass.com/1", "200 OK", "text/html", made.PAGE.encode()),
        ("http://[::1", "200 OK", "text/html", bad.encode()),
    ]
    pages += [
        (f"https://tass.com/{n}", "200 OK", "text/html", made.PAGE.replace("runs", f"runs{n}").encode())
        for n in range(3, 9)
    ]
    _, articles = read(tmp_path, "w.warc.gz", made.warc(pages))
    assert (sums(articles)[0], len(articles[articles.text != ""]) >= 7) == (8, True)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('href="https://tass.com', 'href="https://web.archive.org/web/20220304101010/https://www.test-post.com'),
        ('href="https://tass.com', 'href="https://web.archive.org/web/20220304101010id_/https:/www.test-post.com'),
        ('href="https://tass.com', 'href="//web.archive.org/web/20220304101010/https://test-post.com'),
        ('href="https://tass.com', 'href="https://web.archive.org/web/https://test-post.com'),
        (
            '<link rel="canonical" href="https://tass.com/economy/1">',
            "<!-- saved from url=(0040)https://www.test-post.com/economy/1 -->",
        ),
    ],
)
def test_a_page_saved_from_elsewhere_has_its_own_host(tmp_path, before, after):
    page = made.PAGE.replace('<meta property="og:site_name" content="TASS">', "").replace(before, after)
    _, articles = read(tmp_path, "a.html", page)
    assert articles.outlet.tolist() == ["test-post.com"]
    assert articles.url[0].endswith("test-post.com/economy/1")


def test_a_deeply_nested_page_is_not_cut_in_silence(tmp_path):
    page = made.PAGE.replace("<article>", "<article>" + "<div>" * 5000)
    assert "nested" in refusal(tmp_path, "p.html", page)
    deep = made.proquest_html(made.PROQUEST_TEXTS).replace("<body>", "<body>" + "<div>" * 5000)
    assert "nested" in refusal(tmp_path, "q.html", deep)


def test_crashes_of_the_containers_are_our_own_errors(tmp_path):
    bad = made.zipped({"xl/workbook.xml": '<?xml version="1.0" encoding="UTG-8"?><a/>'})
    assert "Excel file is incomplete" in refusal(tmp_path, "a.xlsx", bad)
    assert "RTF file is incomplete" in refusal(
        tmp_path, "a.rtf", "{\\rtf1\\ansi \\u99999999999999999999999? x\\par}"
    )
    other = made.zipped({"word/document.xml": '<w:document xmlns:w="urn:other"><w:body/></w:document>'})
    assert "Word file is incomplete" in refusal(tmp_path, "a.docx", other)
    _, articles = read(tmp_path, "a.jsonl", '{"outlet":"A","text":"x","\\ud800k":"v"}\n')
    assert articles.text.tolist() == ["x"]


WHOLE = {
    "docx": made.docx(made.NEXIS),
    "rtf": made.rtf(made.NEXIS),
    "pdf": made.pdf([made.PUTIN]),
    "xlsx": made.xlsx({"a": [["outlet", "text"], ["DW", "x"]], "b": [["text", "outlet"], ["y", "RT"]]}),
    "warc.gz": made.warc([("https://tass.com/", "200 OK", "text/html", made.PAGE.encode())]),
    "html": made.factiva_html(made.FACTIVA).encode(),
    "txt": made.proquest(made.PROQUEST_TEXTS).encode(),
    "json": b'{"articles": [{"source": {"name": "DW"}, "content": ["x", "y"]}, {"outlet": "RT", "text": "z"}]}',
    "csv": b'Source,Body,Date\nDW,"x, y",3/4/2022\nRT,"z\nw",25/3/2022\n',
    "eml": b"From: a\nTo: b\nSubject: c\n\n" + made.proquest(made.PROQUEST_TEXTS).encode(),
    "jsonl": b'{"outlet": "DW", "text": "x"}\n{"outlet": "RT", "text": "y"}\n',
    "ris": b"TY  - NEWS\nTI  - x\nJF  - DW\nAB  - y\nER  - \n",
}


@settings(max_examples=120, deadline=None, derandomize=True)  # the same damage on every run
@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_a_damaged_file_gives_rows_that_add_up_or_our_own_error(tmp_path_factory, kind, data):
    content = bytearray(WHOLE[kind])
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        how = data.draw(st.sampled_from(["change", "end", "cut", "repeat"]))
        if how == "change":
            content[at] = data.draw(st.integers(0, 255))
        elif how == "end":
            del content[at:]
        elif how == "cut":
            del content[at : at + data.draw(st.integers(1, 40))]
        else:
            content[at:at] = content[at : at + data.draw(st.integers(1, 200))]
        if not content:
            break
    path = tmp_path_factory.mktemp("damaged") / f"a.{kind}"
    path.write_bytes(bytes(content))
    try:
        articles = an.read_articles(path)
    except ValueError as error:
        assert str(error).startswith(str(path).removesuffix(".gz"))  # noqa: PT017
    except Warning:
        return  # a hint to the reader, which pytest makes an error
    else:
        seen, parsed, problems = sums(articles)
        assert seen == parsed + problems
        assert not articles.text.str.contains(r"^\[?\{'|^\['", regex=True).any()


def test_a_zip_of_an_outlet_names_it(tmp_path):
    inner = made.zipped({"2022/2022-03-03 Gas.txt": "One."})
    with pytest.warns(UserWarning, match="dates taken from file names: 2 of 2"):
        _, articles = read(tmp_path, "a.zip", made.zipped({"DW.zip": inner, "TASS/2022.zip": inner}))
    assert articles["outlet"].tolist() == ["DW", "TASS"]


@pytest.mark.parametrize("column", ["file", "filename", "File Name"])
@pytest.mark.parametrize("named", ["{}.txt", "{}"])
def test_a_table_names_texts_wherever_they_are_beside_it(tmp_path, column, named):
    folder = tmp_path / "c"
    (folder / "texts").mkdir(parents=True)
    for name in "ab":
        (folder / "texts" / f"{name}.txt").write_text(f"Text {name}.")
    rows = "".join(f"{named.format(name)},{name.upper()}\n" for name in "ab")
    (folder / "meta.csv").write_text(f"{column},outlet\n{rows}")
    assert an.read_articles(folder)[["outlet", "text"]].to_numpy().tolist() == [["A", "Text a."], ["B", "Text b."]]


def test_what_is_hidden_is_no_article(tmp_path):
    (tmp_path / ".ipynb_checkpoints").mkdir()
    for name in ("a.csv", ".ipynb_checkpoints/a-checkpoint.csv"):
        (tmp_path / name).write_text("outlet,text\nDW,One.\n")
    assert an.read_articles(tmp_path).text.tolist() == ["One."]
