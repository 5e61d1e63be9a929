"""Word, RTF, PDF, text and e-mail files as lines, and the archive that they come from."""

import re
import zipfile
import zlib
from email import message_from_bytes, policy
from itertools import pairwise

from ..dates import is_day
from .archive import packed, refuse_office
from .columns import labels
from .decoding import LARGEST_TEXT, decoded
from .factiva import factiva_rows, is_factiva
from .nexis import is_nexis, nexis_rows
from .pages import LONGEST_ARTICLE, blocks, many, page_rows, parsed
from .proquest import is_proquest, proquest_rows
from .source import Refused, Rows, Source, item_rows

PAGE = re.compile(r"(?:Page|Seite) (\d+) (?:of|von) \d+")
FULL_TEXT = re.compile(r"(?:Full ?text|Volltext|Texte intégral|Texto completo)\s?:\s*", re.I)
ENTRY = re.compile(r"@(?!comment|string|preamble)\w+\s*[{(]", re.I)
BRACE = re.compile(r"^[ \t]*@\w+[ \t]*[{(]|[{}]", re.M)
FIELD = re.compile(r"\b(\w+)\s*=\s*(?:\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}|\"([^\"]*)\"|(\w+))", re.S)
TAG = re.compile(r"([A-Z][A-Z0-9])\s{1,2}-(?:\s+(.*)|\s*$)")  # RIS: "TI  - Gas deal"


def read_docx(source: Source) -> Rows:
    """A row a record of a Word file."""
    from docx import Document  # loads lxml, which few readers need
    from docx.oxml.ns import qn
    from docx.text.paragraph import Paragraph

    if packed(source) != "docx":
        raise ValueError(f"{source}: the file is not a Word file. Export it again, as DOCX.")
    refuse_office(source)
    try:
        document = Document(str(source.path))
        paragraphs = document.element.body.iter(qn("w:p"))
        texts = [Paragraph(paragraph, document).text for paragraph in paragraphs]
    except Exception as error:  # so does python-docx: KeyError, AttributeError, lxml's SyntaxError
        raise ValueError(f"{source}: the Word file is incomplete or damaged: {error}. Export it again.") from None
    return _records(source, [line for text in texts for line in text.split("\n")])


def read_odt(source: Source) -> Rows:
    """A row a record of a text of LibreOffice."""
    from lxml import etree

    refuse_office(source)
    with zipfile.ZipFile(source.path) as archive:
        try:
            tree = etree.fromstring(archive.read("content.xml"), etree.XMLParser(resolve_entities=False))
        except (etree.XMLSyntaxError, KeyError, zlib.error) as error:
            raise ValueError(f"{source}: the text is incomplete or damaged: {error}. Save it again.") from None
    return _records(source, ["".join(part.itertext()) for part in tree.iter("{*}p", "{*}h")])


def read_damaged(source: Source) -> Rows:
    """ValueError: a zip, Word or Excel file that was cut off."""
    refuse_office(source)
    raise ValueError(f"{source}: the zip, Word or Excel file is incomplete. Download it again.")


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
    except (ValueError, ArithmeticError, IndexError, KeyError, LookupError, UnicodeError) as error:
        raise ValueError(f"{source}: the RTF file is incomplete or damaged: {error}. Export it again.") from None
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
        raise ValueError(f"{source}: the PDF is incomplete or damaged: {error}. Export it again.") from None
    return _records(source, _without_heads([[_flat(line) for line in page] for page in pages]), wrapped=True)


def read_lines(source: Source) -> Rows:
    """A row a record of a text file that holds an export."""
    text, encoding = decoded(source)
    return _records(source, text.splitlines(), encoding)


def read_mail(source: Source) -> Rows:
    """A row a record of an export sent by e-mail."""
    message = message_from_bytes(source.path.read_bytes(), policy=policy.default)
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        raise ValueError(f"{source}: the e-mail has no text. Save its attachment and give that.")
    content = str(part.get_content())
    if message.get_content_type() == "multipart/related":  # a page as browsers save it in one file
        address = message["Snapshot-Content-Location"] or part["Content-Location"] or ""
        return page_rows(source, content.encode(), str(address))
    if part.get_content_type() == "text/html":
        return _records(source, [line for block in blocks(parsed(content)) for line in (block, "")])
    return _records(source, content.splitlines())


def is_export(text: str) -> bool:
    """Whether a text holds records of an archive, and not one article."""
    lines = [_flat(line) for line in text.splitlines()]
    return is_nexis(lines) or is_factiva(lines) or is_proquest(lines) or _is_ris(lines) or _is_bibtex(lines)


def refuse_many(source: Source, text: str) -> None:
    """ValueError for a text that cannot be one article: it has several ends or numbers, or a book's length."""
    if kind := many(text):
        raise ValueError(
            f"{source}: it has several {kind}, in a form that is not known. Export it in another format."
        )
    if (words := len(text.split())) > LONGEST_ARTICLE:
        raise ValueError(
            f"{source}: {words} words, which is not one article. Save each article as a file of its own."
        )


def _records(source: Source, lines: list[str], encoding: str = "", *, wrapped: bool = False) -> Rows:
    flat = [_flat(line) for line in lines]
    cells = [_flat(line.replace("\t", "|")) for line in lines]
    if is_factiva(cells):
        rows = factiva_rows(cells, wrapped=wrapped)
    elif is_proquest(flat):  # before Nexis: its menus may say "Documento 1 de 2"
        return proquest_rows(flat, encoding)
    elif is_nexis(flat):
        rows = nexis_rows(flat, wrapped=wrapped)
    elif _is_ris(flat):
        rows = _ris_rows(flat)
    elif _is_bibtex(flat):
        rows = _bibtex_rows("\n".join(flat))
    else:
        raise ValueError(
            f"{source}: not an export of Nexis, Factiva or ProQuest: no line 'End of Document', no document "
            "numbers. Save other documents as .txt, one article a file, and give the folder."
        )
    return Rows(rows.table, encoding, rows.unparsed)


def _is_ris(lines: list[str]) -> bool:
    return sum(line.startswith("TY -") for line in lines) > 0 and any(line.startswith("ER -") for line in lines)


def _ris_rows(lines: list[str]) -> Rows:
    """Records of tagged lines between TY and ER. Their text is often an abstract."""
    items: list[tuple[dict[str, str], str]] = []
    fields: dict[str, str] = {}
    last = ""
    for line in [*lines, "ER - "]:
        match = TAG.fullmatch(line)
        if match and (match[1] == "ER" or (match[1] == "TY" and fields)):  # an end may be lost
            if fields:
                fields["text"] = fields.get("text") or fields.get("abstract", "")
                items.append((fields, "" if fields.get("outlet") else "no publication (JF, JO, T2)"))
            fields, last = ({"type": match[2] or ""} if match[1] == "TY" else {}), ""
        elif match:
            last, value = labels("ris").get(match[1].casefold(), match[1]), match[2] or ""
            if last in ("notes", "abstract") and (text := FULL_TEXT.match(value)):
                last, value = "text", value[text.end() :]
            if value and value in fields.get(last, "").split("\n"):
                continue  # databases write an abstract under AB and N2
            if last not in ("outlet", "title", "date"):
                fields[last] = f"{fields.get(last, '')}\n{value}".strip()
            elif not fields.get(last) or (last == "date" and is_day(value) and not is_day(fields[last])):
                fields[last] = value
        elif last and line:
            fields[last] = f"{fields[last]}\n{line}".strip()
    return item_rows(items)


def _is_bibtex(lines: list[str]) -> bool:
    return any(ENTRY.match(line) for line in lines) and any(FIELD.match(line) for line in lines)


def _bibtex_rows(text: str) -> Rows:
    """Entries of BibTeX. Their text is mostly an abstract."""
    items: list[tuple[dict[str, str], str]] = []
    for entry in _entries(text):
        found = {name.casefold(): " ".join(filter(None, values)) for name, *values in FIELD.findall(entry)}
        plain = {name: re.sub(r"\\([&%_$#])|[{}]", r"\1", value).strip() for name, value in found.items()}
        fields: dict[str, str] = {}
        for label, column in labels("bibtex").items():
            if not fields.get(column):
                fields[column] = plain.get(label, "")
        day = " ".join(plain.get(part, "") for part in ("day", "month", "year"))
        fields |= {"date": fields["date"] or day, "text": fields["text"] or fields["abstract"]}
        items.append((fields, "" if fields["outlet"] else "no publication (journal, publisher)"))
    return item_rows(items)


def _entries(text: str) -> list[str]:
    """The parts that hold fields: each ends with the brace that closes it, or where the next begins.

    A field outside of an entry opens one that lost its first line.
    """
    cuts, depth = [0], 0
    for match in BRACE.finditer(text):
        if match[0] == "}":
            depth -= 1
            cuts += [match.end()] * (depth == 0)
        elif match[0] == "{":
            depth += 1 if depth else 2
        else:
            cuts, depth = [*cuts, match.start()], 1
    return [part for start, end in pairwise([*cuts, len(text)]) if FIELD.search(part := text[start:end])]


def _without_heads(pages: list[list[str]]) -> list[str]:
    """The lines of all pages. Nexis repeats the headline beneath "Page 2 of 3"."""
    lines: list[str] = []
    headline = ""
    for page in pages:
        rest = [line for line in page if line]
        numbers = [(at, match[1]) for at, line in enumerate(rest[:2]) if (match := PAGE.fullmatch(line))]
        for at, number in numbers[:1]:
            del rest[at]
            headline = "".join(rest[:1]) if number == "1" else headline
            repeated = headline in rest[1:4] if number == "1" else rest[:1] == [headline]
            rest = rest[1:] if repeated else rest
        lines += rest
    return lines


def _flat(line: str) -> str:
    return " ".join(line.split())
