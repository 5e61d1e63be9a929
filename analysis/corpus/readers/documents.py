"""Word, RTF, PDF, text and e-mail files as lines, and the archive that they come from."""

import re
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from email import message_from_bytes, policy

from analysis.limits import how_to_raise, limit

from ..tables import key
from .archive import packed, refuse_office
from .columns import named, recognised
from .decoding import decoded
from .delimited import MARKS
from .factiva import factiva_rows
from .headed import headed_rows
from .labels import labelled, labels
from .nexis import nexis_rows
from .pages import blocks, many, page_rows, parsed
from .source import Refused, Rows, Source, damage_of, unwrapped
from .tagged import is_proquest, proquest_rows, tagged_rows

PAGE = re.compile(r"(?:Page|Seite) (\d+) (?:of|von) \d+")


def read_docx(source: Source) -> Rows:
    """A row per record of a Word file."""
    from docx import Document  # loads lxml, which few readers need
    from docx.oxml.ns import qn

    if packed(source) != "docx":
        raise ValueError(f"{source}: the file is not a Word file. Export it again, as DOCX.")
    refuse_office(source)
    with damage_of(source, "Word file"):
        body = Document(str(source.path)).element.body
        texts = dict.fromkeys(body.iter(qn("w:p")), "")
        for run in body.xpath(".//w:r[not(ancestor::w:moveFrom)]"):  # in insertions, smart tags and the like, too
            texts[next(run.iterancestors(qn("w:p")))] += run.text
    return _records(source, [line for text in texts.values() for line in text.split("\n")])


def read_odt(source: Source) -> Rows:
    """A row per record of a text of LibreOffice."""
    from lxml import etree

    refuse_office(source)
    with damage_of(source, "text", again="Save it again."), zipfile.ZipFile(source.path) as archive:
        tree = etree.fromstring(archive.read("content.xml"), etree.XMLParser(resolve_entities=False))
    return _records(source, ["".join(part.itertext()) for part in tree.iter("{*}p", "{*}h")])


def read_damaged(source: Source) -> Rows:
    """ValueError: a zip, Word or Excel file that was cut off."""
    refuse_office(source)
    raise ValueError(f"{source}: the zip, Word or Excel file is incomplete. Download it again.")


def read_rtf(source: Source) -> Rows:
    """A row per record of an RTF file."""
    from striprtf.striprtf import rtf_to_text

    if (size := source.path.stat().st_size) > limit(most := "bytes of an RTF file"):
        raise Refused(f"{source}: an RTF file of {size >> 20} MB. Give fewer articles. {how_to_raise(most, size)}")
    text = source.path.read_bytes().decode(source.encoding or "cp1252", "replace")  # ASCII, if written by the book
    text = re.sub(r'HYPERLINK\s+(?:\\\\\w\s*)?"[^"{}]*"', "", text)  # a headline without the address of its link
    with damage_of(source, "RTF file"):
        lines = str(rtf_to_text(text, errors="replace")).split("\n")  # type: ignore[no-untyped-call]
    return _records(source, lines)


def read_pdf(source: Source) -> Rows:
    """A row per record of a PDF file: the lines of its pages, without what heads each page."""
    from pypdf import PdfReader

    with damage_of(source, "PDF"):
        reader = PdfReader(source.path)
        if reader.is_encrypted:
            raise Refused(f"{source}: the PDF is encrypted. Save it without a password first.")
        pages = [[*map(_flat, page.extract_text().split("\n"))] for page in reader.pages]
    if not any(map(any, pages)):
        raise ValueError(f"{source}: a PDF without text, as scans are. Recognise its text first (OCR).")
    rows = _records(source, _without_heads(pages))
    return replace(rows, table=rows.table.assign(text=rows.table["text"].map(unwrapped)))


def read_lines(source: Source) -> Rows:
    """A row per record of a text file that holds an export."""
    text, encoding = decoded(source)
    return _records(source, text.splitlines(), encoding)


def read_mail(source: Source) -> Rows:
    """A row per record of an export sent by e-mail."""
    message = message_from_bytes(source.path.read_bytes(), policy=policy.default)
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        raise ValueError(f"{source}: the e-mail has no text. Save its attachment and give that.")
    content, encoding = str(part.get_content()), part.get_content_charset() or ""
    if message.get_content_type() == "multipart/related":  # a page as browsers save it in one file
        address = message["Snapshot-Content-Location"] or part["Content-Location"] or ""
        return replace(page_rows(source, content, str(address)), encoding=encoding)
    if part.get_content_type() == "text/plain" and "\n>" in content:  # forwarded: each line is quoted
        quoted = (line[1:].strip() for line in content.splitlines() if line.startswith(">"))
        content = "\n".join("_" * 60 if line == "<>" else line for line in quoted)
    if part.get_content_type() == "text/html":
        return _records(source, [line for block in blocks(parsed(content)) for line in (block, "")], encoding)
    return _records(source, content.splitlines(), encoding)


def is_export(text: str) -> bool:
    """Whether a text holds records of an archive, and not one article."""
    return _export(text.splitlines()) is not None


def refuse_many(source: Source, text: str) -> None:
    """ValueError for a text that cannot be one article: several ends, numbers or labels, or a book's length."""
    if reason := many(text):
        raise ValueError(f"{source}: it has {reason}.")
    found = Counter(labelled(line.strip())[0] for line in text.splitlines())
    known = {*labels("nexis"), *labels("proquest"), *map(key, recognised(found))}
    if len(several := [name for name, count in found.items() if count > 1 and key(name) in known]) > 2:
        shown = f"several lines {several[0] + ':'!r}, {several[1] + ':'!r} and {several[2] + ':'!r}"
        remedy = "Save the articles as a table, or each as a text of its own"
        raise ValueError(f"{source}: it has {shown}, in a form that is not known. {remedy}.")
    if (words := len(text.split())) > limit(most := "words of an article"):
        hint = f"Save each article as a file of its own. {how_to_raise(most, words)}"
        raise ValueError(f"{source}: {words} words, which is not one article. {hint}")


def _records(source: Source, lines: list[str], encoding: str = "") -> Rows:
    if rows := _export(lines, source):
        return replace(rows, encoding=encoding)
    if reason := many("\n".join(map(_flat, lines))):
        raise ValueError(f"{source}: it has {reason}.")
    why = "no line 'End of Document', no document numbers. Save other documents as .txt, one article a file"
    raise ValueError(f"{source}: not an export of Nexis, Factiva or ProQuest: {why}, and give the folder.")


def _export(lines: Sequence[str], source: Source | None = None) -> Rows | None:
    """The records of an archive in these lines, or None. The labels of a text become columns for a ``source``."""
    lines = [line.strip(f"{MARKS} ") for line in lines]
    flat = [_flat(line) for line in lines]
    # with bars at the edges of cells: after a field's code, and for tabs
    cells = [_flat(re.sub(r"^([A-Z]{2,3})\s{2,}|\t", r"\1|", line)) for line in lines]
    if rows := factiva_rows(cells):
        return rows
    if is_proquest(flat):  # before Nexis: its menus may say "Documento 1 de 2"
        return proquest_rows(flat)
    if rows := nexis_rows(flat) or headed_rows(flat):
        return rows
    rows = tagged_rows(flat)
    return named(source, rows) if rows and source else rows


def _without_heads(pages: list[list[str]]) -> list[str]:
    """The lines of all pages. Nexis repeats the headline beneath "Page 2 of 3"."""
    lines, headline = list[str](), ""
    for page in pages:
        rest = [line for line in page if line]
        at = next((at for at, line in enumerate(rest[:2]) if PAGE.fullmatch(line)), None)
        if at is not None:
            first = PAGE.fullmatch(rest.pop(at))[1] == "1"  # type: ignore[index]
            headline = "".join(rest[:1]) if first else headline
            rest = rest[headline in rest[1:4] if first else rest[:1] == [headline] :]
        lines += rest
    return lines


def _flat(line: str) -> str:
    return " ".join(line.split())
