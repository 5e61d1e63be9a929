"""Files as archives write them, made by us: tiny texts as data, and builders for each container."""

import gzip
import io
import zipfile
from datetime import UTC, datetime

from docx import Document
from fpdf import FPDF
from xlsxwriter import Workbook

# Three records of Nexis Uni: an article with all fields, one with "Body" and labels in the body and a byline of
# two lines, and one in German. Each is a headline, publication, date, copyright, fields, text, fields, end.
PUTIN = """Putin, Xi sign gas deal: the details
China Daily European Edition
February 6, 2017 Monday
Copyright 2017 China Daily Information Company All Rights Reserved
Section: WORLD
Length: 19 words
Byline: LI MING
Highlight: A deal after ten years
Body
BEIJING - The presidents of Russia and China signed a deal on gas.
It runs for 30 years.
Classification
Language: ENGLISH
Publication-Type: Newspaper
Subject: NATURAL GAS (90%); HEADS OF STATE (88%)
Load-Date: February 7, 2017
End of Document"""
BODY = """Heavenly bodies
TASS
5 February 2017
Copyright 2017 TASS All Rights Reserved
Length: 12 words
Byline: By Anna Ivanova in Moscow
and Wei Chen in Beijing
Body
Body
Length: three metres, said the surgeon.
Load-Date: he did not know.
The wait is over.
Load-Date: February 6, 2017
End of Document"""
GERMAN = """Gasvertrag unterzeichnet
Deutsche Welle
Montag 6. Februar 2017 10:15 Uhr
Länge: 5 words
Body
Fünf Züge fahren nach München.
Load-Date: February 7, 2017
End of Document"""
COVER = """User Name: reader
Date and Time: Monday, March 6, 2017 9:00 AM
Job Number: 1
Documents (3)
1. Putin, Xi sign gas deal: the details
Client/Matter: -None-
Search Terms: gas deal
About LexisNexis | Privacy Policy | Terms & Conditions | Copyright © 2017 LexisNexis"""
NEXIS = "\n".join([COVER, PUTIN, BODY, GERMAN])

FACTIVA = [
    {
        "SE": "Monde", "HD": "Accord sur le gaz", "BY": "Par Jean Dupont\net Anne Petit", "WC": "9 mots",
        "PD": "6 février 2017", "ET": "15:32", "SN": "Le Monde", "SC": "MONDE", "LA": "Français",
        "CY": "(c) Le Monde", "LP": "Pékin. Un accord à 30 ans.", "TD": "Il vaut cher.\nHD est un sigle.",
        "NS": "gcat : Political/General News", "AN": "Document MONDE00020170206ed260001r",
    },
    {
        "HD": "Газовый контракт подписан", "WC": "4 слова", "PD": "7 февраля 2017", "SN": "ТАСС", "SC": "TASS",
        "LA": "Русский", "CY": "(c) ТАСС", "LP": "Контракт подписан.", "AN": "Document TASS000020170207ed270002s",
    },
]  # fmt: skip

PROQUEST_RECORD = """Document {number} of {count}

{title}

Author: Smith, Jane

Publication info: {outlet} ; London (UK) [London (UK)]06 Feb 2017.

ProQuest document link

Full text: {text}

Subject: Natural gas; Treaties

Location: China Russia

Title: {title}

Publication title: {outlet}

Publication year: 2017

Publication date: {date}

Source type: Newspapers

ProQuest document ID: {number}86543210

Document URL: https://search.proquest.com/docview/{number}86543210

Database: Global Newsstream
"""
RULE = "_" * 60
PROQUEST_HEAD = "Report Information from ProQuest\nMarch 06 2017 10:12\n"
PROQUEST_FOOT = "Contact us at: a library\nDatabase copyright © 2017 ProQuest LLC. All rights reserved.\n"
PROQUEST_TEXTS = [
    {"title": "Gas: a deal", "outlet": "The Times; London (UK)", "date": "Feb 6, 2017",
     "text": "A deal was signed.\n\nLocation: Beijing, in the rain.\n\nPutin: We are friends."},
    {"title": "El gas", "outlet": "El País", "date": "6 de febrero de 2017", "text": "Firmado el acuerdo."},
]  # fmt: skip

PAGE = """<!DOCTYPE html><html lang="en"><head><title>Gas deal signed | TASS</title>
<meta property="og:site_name" content="TASS"><meta property="og:title" content="Gas deal signed">
<meta property="article:published_time" content="2017-02-06T10:00:00+03:00">
<link rel="canonical" href="https://tass.com/economy/1"></head>
<body><nav><a href="/">Home</a><a href="/world">World</a></nav><article><h1>Gas deal signed</h1>{}</article>
<footer>Share this page</footer></body></html>""".format(
    "".join(
        f"<p>Paragraph {number} says that Russia and China have signed an agreement on gas that runs for "
        f"thirty years and that both governments call a success of their long partnership.</p>"
        for number in range(1, 6)
    )
)


def docx(text):
    document = Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def rtf(text):
    escaped = "".join(sign if sign.isascii() else f"\\u{ord(sign)}?" for sign in text)
    return ("{\\rtf1\\ansi\\ansicpg1252\n" + escaped.replace("\n", "\\par\n") + "\\par}").encode("ascii")


def pdf(pages):
    file = FPDF()
    file.set_creation_date(datetime(2017, 2, 6, tzinfo=UTC))
    file.set_font("Helvetica", size=11)
    for page in pages:
        file.add_page()
        for line in page.split("\n"):
            file.cell(text=line or " ", new_x="LMARGIN", new_y="NEXT")
    return bytes(file.output())


def xlsx(sheets):
    file = io.BytesIO()
    book = Workbook(file)
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    book.close()
    return file.getvalue()


def zipped(members, *, level=6):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def gzipped(content):
    return gzip.compress(content, mtime=0)


def warc(pages):
    """Responses with address, status, type and content, after the record that heads every crawl."""
    records = [_warc_record("warcinfo", "", "application/warc-fields", b"software: ours\r\n")]
    for url, status, kind, content in pages:
        answer = f"HTTP/1.0 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + content
        records.append(_warc_record("response", url, "application/http; msgtype=response", answer))
    return b"".join(map(gzipped, records))


def _warc_record(kind, url, content_type, content):
    head = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        "WARC-Date: 2017-02-08T00:00:00Z",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(content)}",
        *([f"WARC-Target-URI: {url}"] if url else []),
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + content + b"\r\n\r\n"


def factiva_html(records):
    rows = "</div><br/>".join(
        '<div class="article enArticle"><table>'
        + "".join(
            f'<tr><td class="index"><b>{code}</b>&nbsp;</td><td>'
            + "".join(f'<p class="articleParagraph enarticleParagraph">{line}</p>' for line in value.split("\n"))
            + "</td></tr>"
            for code, value in record.items()
        )
        + "</table>"
        for record in records
    )
    return f"<!DOCTYPE html><html><head><title>Factiva</title></head><body>{rows}</div></body></html>"


def factiva_plain_html(record):
    paragraphs = "".join(
        f'<p class="articleParagraph deArticleParagraph">{line}</p>'
        for line in (record["LP"] + "\n" + record.get("TD", "")).strip().split("\n")
    )
    head = "".join(
        f"<div>{record[code]}</div>" for code in ("WC", "PD", "ET", "SN", "SC", "LA", "CY") if code in record
    )
    return (
        '<html><body><div class="article"><div class="article frArticle"><p><div>' + record["SE"] + "</div>"
        f"<div id='hd'><span class='frHeadline'>{record['HD']}</span></div>"
        f"<div class='author'>{record['BY']}</div>"
        f"{head}</p>{paragraphs}<p>Le Monde SA</p><p>{record['AN']}</p></div></div></body></html>"
    )


def factiva_rtf(records):
    lines = [
        f"\\trowd {{\\b {code}}}\\~\\cell "
        + "\\par ".join("".join(s if s.isascii() else f"\\u{ord(s)}?" for s in line) for line in value.split("\n"))
        + "\\cell\\row"
        for record in records
        for code, value in record.items()
    ]
    return ("{\\rtf1\\ansi\\ansicpg1252\n" + "\n".join(lines) + "\n}").encode("ascii")


def proquest(texts):
    records = [
        PROQUEST_RECORD.format(number=at, count=len(texts), **text) for at, text in enumerate(texts, start=1)
    ]
    return f"\n{RULE}\n\n".join(["", PROQUEST_HEAD, *records, PROQUEST_FOOT])


def proquest_html(texts):
    return (
        "<html><body>"
        + "".join(
            f'<div style="margin-bottom:20px"><a name="DocID_MSTAR_{at}"></a><p>{text["title"]}</p>'
            "<p><strong>Author:  </strong>Smith, Jane</p>"
            '<p><a href="https://search.proquest.com/docview/1">ProQuest document link</a></p>'
            '<p><strong>Full text: </strong><text wordcount="9">'
            + "".join(f"<p>{line}</p>" for line in text["text"].split("\n\n"))
            + "</text></p><p><strong>Subject: </strong>Natural gas</p>"
            "<p><strong>Location: </strong>China Russia</p>"
            f"<p><strong>Publication title: </strong>{text['outlet']}</p>"
            f"<p><strong>Publication date: </strong>{text['date']}</p>"
            f"<p><strong>ProQuest document ID: </strong>{at}86543210</p></div>"
            for at, text in enumerate(texts, start=1)
        )
        + "</body></html>"
    )


def arc(pages):
    """A web archive of the format before WARC: a heading of its own, then a page a record."""
    head = b"1 0 Internet Archive\nURL IP-address Archive-date Content-type Archive-length\n"
    records = [f"filedesc://a.arc 0.0.0.0 20170208000000 text/plain {len(head)}\n".encode() + head]
    for url, status, kind, content in pages:
        answer = f"HTTP/1.0 {status} OK\r\nContent-Type: {kind}\r\n\r\n".encode() + content
        records.append(f"{url} 1.2.3.4 20170208000000 {kind} {len(answer)}\n".encode() + answer)
    return b"\n".join(records) + b"\n"
