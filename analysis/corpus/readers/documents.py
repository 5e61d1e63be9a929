"""Word, RTF and PDF files as lines, and the archive they come from."""

import re

from .archive import packed, refuse_office
from .decoding import LARGEST_TEXT
from .factiva import factiva_rows, is_factiva
from .nexis import is_nexis, nexis_rows
from .source import Refused, Rows, Source

PAGE = re.compile(r"Page (\d+) of \d+")


def read_docx(source: Source) -> Rows:
    """A row a record of a Word file."""
    from docx import Document  # loads lxml, which few readers need
    from docx.oxml.ns import qn
    from docx.text.paragraph import Paragraph

    if packed(source) != "docx":
        raise ValueError(f"{source}: it is no Word file. Export it again, as DOCX.")
    refuse_office(source)
    try:
        document = Document(str(source.path))
    except Exception as error:  # so does python-docx: KeyError, AttributeError, lxml's SyntaxError
        raise ValueError(f"{source}: it is no whole Word file: {error}. Export it again.") from None
    paragraphs = document.element.body.iter(qn("w:p"))
    texts = (Paragraph(paragraph, document).text for paragraph in paragraphs)
    return _records(source, [line for text in texts for line in text.split("\n")])


def read_damaged(source: Source) -> Rows:
    """ValueError: a zip, Word or Excel file that was cut off."""
    refuse_office(source)
    raise ValueError(f"{source}: it is no whole zip, Word or Excel file. Download it again.")


def read_rtf(source: Source) -> Rows:
    """A row a record of an RTF file."""
    from striprtf.striprtf import rtf_to_text

    if source.path.stat().st_size > LARGEST_TEXT >> 3:  # its text is held several times over while it is parsed
        raise Refused(
            f"{source}: an RTF file of more than {LARGEST_TEXT >> 23} MB. Export fewer articles at a time."
        )
    text = source.path.read_bytes().decode(source.encoding or "cp1252", "replace")  # ASCII, if written by the book
    try:
        lines = str(rtf_to_text(text, errors="replace")).split("\n")  # type: ignore[no-untyped-call]
    except (ValueError, IndexError, KeyError, LookupError, UnicodeError) as error:
        raise ValueError(f"{source}: it is no whole RTF file: {error}. Export it again.") from None
    return _records(source, lines)


def read_pdf(source: Source) -> Rows:
    """A row a record of a PDF file: the lines of its pages, without what heads each page."""
    from pypdf import PdfReader

    try:
        reader = PdfReader(source.path)
        if reader.is_encrypted:
            raise Refused(f"{source}: the PDF is encrypted. Save it without a password first.")
        pages = [page.extract_text().split("\n") for page in reader.pages]
    except Refused:
        raise
    except Exception as error:  # pypdf raises whatever the damage makes of it
        raise ValueError(f"{source}: it is no whole PDF: {error}. Export it again.") from None
    return _records(source, _without_heads([[_flat(line) for line in page] for page in pages]), wrapped=True)


def _records(source: Source, lines: list[str], *, wrapped: bool = False) -> Rows:
    flat = [_flat(line) for line in lines]
    cells = [_flat(line.replace("\t", "|")) for line in lines]
    if is_factiva(cells):
        return factiva_rows(source, cells)
    if is_nexis(flat):
        return nexis_rows(source, flat, wrapped=wrapped)
    raise ValueError(
        f"{source}: neither a Nexis nor a Factiva export: no line 'End of Document', no document numbers. "
        "Save other documents as .txt, one an article, and give the folder."
    )


def _without_heads(pages: list[list[str]]) -> list[str]:
    """The lines of all pages. Nexis repeats the headline beneath "Page 2 of 3"."""
    lines: list[str] = []
    headline = ""
    for page in pages:
        rest = [line for line in page if line]
        at = next((at for at, line in enumerate(rest[:2]) if PAGE.fullmatch(line)), None)
        if at is not None:
            number = rest.pop(at)
            if number.startswith("Page 1 "):
                headline = rest[0] if rest else ""
                repeated = headline in rest[1:4]
            else:
                repeated = bool(rest) and rest[0] == headline
            rest = rest[1:] if repeated else rest
        lines += rest
    return lines


def _flat(line: str) -> str:
    return " ".join(line.split())
