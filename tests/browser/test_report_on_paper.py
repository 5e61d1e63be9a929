"""The report as a PDF, printed by the browser."""

import pypdf

import analysis as an
from browser.tricky import corpus


def test_a_browser_prints_the_report(tmp_path):
    path = an.report(corpus(), tmp_path / "r.pdf")
    pages = [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(path).pages]
    assert "Russia and China, and how sure can we be?" in pages[0]
    assert any("Reviewer’s list" in page for page in pages[1:])
