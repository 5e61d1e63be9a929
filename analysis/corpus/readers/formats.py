"""Which reader reads what, and one file read by the one that its content asks for."""

from .decoding import refuse_endless
from .delimited import read_delimited
from .documents import read_damaged, read_docx, read_pdf, read_rtf
from .excel import read_excel
from .factiva import is_factiva_html, read_factiva_html
from .gdelt import read_gdelt
from .jsonl import read_json, read_jsonl
from .mediacloud import read_mediacloud
from .pages import read_page, text_of
from .parquet import read_parquet
from .proquest import is_proquest_html, read_proquest, read_proquest_html
from .sniff import format_of
from .source import Reader, Rows, Source
from .warc import read_warc


def read_html(source: Source) -> Rows:
    """A page, or the many articles of an export."""
    refuse_endless(source, lines=False)
    text, _ = text_of(source.path.read_bytes(), source.encoding)
    if is_factiva_html(text):
        return read_factiva_html(source)
    return read_proquest_html(source) if is_proquest_html(text) else read_page(source)


READERS: dict[str, Reader] = {
    "damaged": read_damaged,
    "delimited": read_delimited,
    "docx": read_docx,
    "excel": read_excel,
    "gdelt": read_gdelt,
    "html": read_html,
    "json": read_json,
    "jsonl": read_jsonl,
    "mediacloud": read_mediacloud,
    "parquet": read_parquet,
    "pdf": read_pdf,
    "proquest": read_proquest,
    "rtf": read_rtf,
    "warc": read_warc,
}
TABLES = ("delimited", "excel", "mediacloud")
KNOWN = (
    "csv, tsv, xlsx, jsonl, json, parquet, html, warc; exports of Nexis Uni (docx, rtf, pdf), Factiva (html, "
    "rtf), ProQuest (txt, html), Media Cloud and GDELT (csv); a zip of these; a folder of them or of .txt files"
)


def read_file(source: Source) -> Rows:
    """The rows of one file that is no plain text; ValueError where nobody knows its format."""
    kind = format_of(source)
    if kind not in READERS:
        raise ValueError(f"{source}: its format is not known. Give one of {KNOWN}.")
    return READERS[kind](source)
