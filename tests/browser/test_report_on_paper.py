"""The report as a PDF, printed by the browser."""

import time

import pypdf

import analysis as an
from analysis.show.report.formats import write_page
from browser.tricky import corpus


def test_a_browser_prints_the_report(tmp_path):
    path = an.report(corpus(), tmp_path / "r.pdf")
    pages = [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(path).pages]
    assert "Russia and China, and how sure can we be?" in pages[0]
    assert any("Reviewer’s list" in page for page in pages[1:])


def test_the_same_page_is_printed_as_the_same_bytes_at_any_time(tmp_path):
    for name in ("a.pdf", "b.pdf"):
        write_page("<title>Gas</title><p>Russia and China trade gas.</p>", tmp_path / name, "pdf")
        time.sleep(1.1)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
