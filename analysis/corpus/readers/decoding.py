"""Text out of bytes whose encoding is not declared."""

import codecs
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from charset_normalizer import from_bytes

from analysis.limits import how_to_raise, limit

from ..files import shipped
from .source import Refused, Source

BOMS = {codecs.BOM_UTF8: "utf-8-sig"}  # and UTF-32's before UTF-16's, which begins it
BOMS |= dict.fromkeys((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE), "utf-32")
BOMS |= dict.fromkeys((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE), "utf-16")
SIGNATURES = {b"PK\x03\x04": "an Excel or zip file", b"PAR1": "a Parquet file"}
SIGNATURES |= {b"%PDF": "a PDF", b"\x1f\x8b": "a gzip file"}
# What archives export besides UTF-8. In a short table the code pages of DOS and old Macs fit as well
# ("Süddeutsche" is "S³ddeutsche" in cp775), and hardly anybody writes them any more.
GUESSED = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "koi8_r"]
GUESSED += ["gb18030", "big5", "cp932", "euc_jp", "cp949"]
MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?([\w.:-]+)""", re.I)
SAMPLE = 1 << 20  # bytes from which charset-normalizer guesses: more does not change its answer, only its time
# Quotation marks, dashes, currencies and the like in cp1252, without letters; and "£3", which is "Ł3" in cp1250.
SIGNS = re.compile(
    rb"[\x00-\x7f\x80\x82\x84-\x87\x89\x8b\x91-\x97\x99\x9b\xa0\xa2\xa3\xa5\xa7\xa9\xab\xae\xb0\xb1\xb7\xbb-\xbe]*"
)
POUND = re.compile(rb"(?<![A-Za-z\x80-\xff])\xa3\d")
STRAYS = re.compile(rb"[\x80-\xff]")
TURNED = re.compile("[а-џ][Ѐ-Я]")  # a small and a capital letter: Russian of an old Mac or of ISO as cp1251
TURNS = 0.002  # of the characters; names such as "ДонНУ" are fewer
HALF_WIDTH = re.compile("[\x00-\x7f\uff61-\uff9f]*")
BLOCK = 1 << 20
ALIKE = 0.5  # of the letters beyond ASCII in lines of another encoding that the rest of the file has, too
SHOWN = 5  # lines with damage that are named
# A broken cell has a NUL; binary data and UTF-16 have more of them, or other control characters beside them.
MANY_NULS = 0.1  # of the bytes: UTF-16 of Latin letters has a half
STRAY = 0.001  # of the bytes, from which other control characters show binary data, or UTF-16 of another script
CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x19\x1c-\x1f]")


def mark_of(data: bytes) -> str | None:
    """The encoding that a mark shows."""
    escaped = "iso2022_jp" if b"\x1b$" in data[:SAMPLE] else None  # seven bits, with escapes before Japanese
    return next((name for start, name in BOMS.items() if data.startswith(start)), escaped)


def decoded(source: Source, *, lines: bool = True) -> tuple[str, str]:
    """The text of a file and the encoding it was read in."""
    refuse_endless(source, lines=lines)
    return text_of(source.path.read_bytes(), source, source.encoding)


def text_of(data: bytes, source: object, encoding: str | None = None) -> tuple[str, str]:
    """Bytes as text, and the encoding: the given one, by a mark, UTF-8, declared, or guessed; less the NULs."""
    if named := encoding or mark_of(data):
        return _as_named(source, data, named), named
    kind = next((kind for start, kind in SIGNATURES.items() if data.startswith(start)), None)
    share = data.count(0) / max(1, len(data))
    page = re.match(rb"\s*<[^\0]", data)
    if not (kind or page) and (share > MANY_NULS or (share > STRAY and CONTROLS.search(data))):
        kind = "binary data (or UTF-16 without its mark: then say encoding='utf-16-le')"
    if kind:
        raise ValueError(f"{source}: it holds {kind}, not text. Save the articles as CSV in UTF-8.")
    nuls = f", {data.count(0)} NUL removed ({_lines_with(data, bytes(1))})" if 0 in data else ""
    data = data.replace(b"\0", b"")
    try:
        return data.decode(), f"utf-8{nuls}"
    except UnicodeDecodeError as error:
        start = error.start
    if declared := DECLARED.search(data[:4096]):
        with suppress(UnicodeDecodeError, LookupError):
            return data.decode(name := declared[1].decode()), name + nuls
    try:
        text, name = _guessed(source, data, start)
    except ValueError:
        if not page:
            raise
        text, name = data.decode("latin-1"), "latin-1"  # what this shows wrong is repaired as mojibake
    return text, name + nuls


def decoded_lines(source: Source, *, endless: bool = False) -> tuple[Callable[[], Iterator[str]], str]:
    """What gives the lines of a file with their ends, one at a time if none is damaged; and the encoding."""
    refuse_endless(source, lines=not endless)
    if not (name := intact(source)):
        text, name = decoded(source, lines=not endless)
        return lambda: (line[0].removeprefix("\ufeff") for line in LINE.finditer(text)), name

    def lines() -> Iterator[str]:
        with source.path.open(encoding=name, newline="") as file:
            yield from (line.removeprefix("\ufeff") for line in file)  # a mark within: files put together

    return lines, name


def intact(source: Source) -> str:
    """The encoding given or marked, else UTF-8, if no byte of the file is wrong in it or a NUL; else nothing."""
    with source.path.open("rb") as file:
        name = source.encoding or mark_of(file.read(SAMPLE)) or "utf-8"
    try:
        with source.path.open(encoding=name, newline="") as text:
            return "" if any("\0" in block for block in iter(lambda: text.read(BLOCK), "")) else name
    except (ValueError, LookupError):
        return ""


def refuse_endless(source: Source, *, lines: bool = True) -> None:
    """Refuses a text that would not fit into memory, or a line that is none. Reads a megabyte at a time."""
    if (size := source.path.stat().st_size) > limit(most := "bytes of text in a file"):
        raise Refused(f"{source}: {size >> 20} MB of text in one file. Split it. {how_to_raise(most, size)}")
    if not lines or size <= (longest := limit("bytes of a line")):
        return
    number, length = 1, 0
    with source.path.open("rb") as file:
        while block := file.read(BLOCK):
            last = block.rfind(b"\n")
            number += block.count(b"\n")
            length = length + len(block) if last < 0 else len(block) - last - 1
            if length > longest:
                raise Refused(
                    f"{source}: line {number} is longer than any article. Look for a quotation mark that is not "
                    f"closed, or lost line ends, and export it again. {how_to_raise('bytes of a line')}"
                )


def _as_named(source: object, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line, hint = data.count(b"\n", 0, error.start) + 1, "Name its encoding with encoding='…'."
        raise ValueError(f"{source}: line {line} is not {encoding}. {hint}") from None
    except LookupError:
        hint = "'utf-8' and 'cp1252' are common."
        raise ValueError(f"{source}: the encoding {encoding!r} is not known. {hint}") from None


def _guessed(source: object, data: bytes, start: int) -> tuple[str, str]:
    """A text that is not UTF-8, not all of it, or damaged from ``start`` on; and its encoding."""
    if _strays(data) >= 0:
        name = _guess(source, data[max(0, start - SAMPLE // 2) :][:SAMPLE])
        return _as_named(source, data, name), name
    lines, text, kept = data.split(b"\n"), data.decode("utf-8", "replace"), ""
    others = [at for at, line in enumerate(lines) if _strays(line) > 0]
    if others:  # some lines were written in another encoding: a cell pasted in, two files joined
        name = _alike(source, b"\n".join(lines[at] for at in others)[:SAMPLE], {*text[:SAMPLE]})
        written, kept = text.split("\n"), f", {_listed([at + 1 for at in others])} in {name}"
        for at in others:
            written[at] = lines[at].decode(name, "replace")
        text = "\n".join(written)
    damaged = text.count("\ufffd")
    marked = f", {damaged} damaged characters ({_lines_with(text, chr(0xFFFD))})" if damaged else ""
    return text, f"utf-8{kept}{marked}"


def _strays(data: bytes) -> int:
    """How many bytes cannot be UTF-8, less the characters that are."""
    return len(STRAYS.findall(MULTIBYTE.sub(b"", data))) - len(MULTIBYTE.findall(data))


def _alike(source: object, data: bytes, characters: set[str]) -> str:
    """The encoding in which most of the letters beyond ASCII are letters of the rest of the file, too."""
    known, shares = characters - {"\ufffd"}, dict[str, float]()
    for name in GUESSED:
        letters = [letter for letter in data.decode(name, "replace") if letter > "\x7f"]
        shares[name] = sum(letter in known for letter in letters) / len(letters)
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] > ALIKE else _guess(source, data)


def _guess(source: object, data: bytes) -> str:
    if SIGNS.fullmatch(data):
        return "cp1252"
    half = HALF_WIDTH.fullmatch(data.decode("cp932", "ignore"))  # Cyrillic and Greek fit, too; nobody writes so
    matches = from_bytes(data, cp_isolation=[name for name in GUESSED if name != "cp932" or not half])
    if (best := matches.best()) is None or len(TURNED.findall(str(best))) > max(2, TURNS * len(data)):
        hint = "Save it as UTF-8, or name it with encoding='…', as 'mac_roman'."
        raise ValueError(f"{source}: its encoding cannot be recognised. {hint}")
    # German and French fit Western (cp1252) and Central European (cp1250) alike; the first is commoner.
    tied = [match for match in matches if (match.chaos, match.coherence) == (best.chaos, best.coherence)]
    pounds = best.encoding == "cp1250" and POUND.search(data)
    if not pounds and not any("cp1252" in [match.encoding, *match.could_be_from_charset] for match in tied):
        return best.encoding
    text = data.decode("cp1252", "replace")
    aliens = shipped(__package__, "formats.yaml")["aliens"].items()
    return next((name for name, letters in aliens if re.fullmatch(letters, text, re.S)), "cp1252")


def _lines_with(text: Any, mark: Any) -> str:
    """The lines that hold a mark, or the first of them."""
    lines = text.split(b"\n" if isinstance(text, bytes) else "\n")
    return _listed([number for number, line in enumerate(lines, 1) if mark in line])


def _listed(numbers: list[int]) -> str:
    more = " …" * (len(numbers) > SHOWN)
    return f"line{'s' * (len(numbers) > 1)} {', '.join(map(str, numbers[:SHOWN]))}{more}"
