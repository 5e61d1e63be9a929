"""Text out of bytes whose encoding nobody wrote down."""

import codecs
import re
from pathlib import Path

from charset_normalizer import from_bytes

BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark begins this one
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
SIGNATURES = {
    b"PK\x03\x04": "an Excel or zip file",
    b"%PDF": "a PDF",
    b"PAR1": "a Parquet file",
    b"\x1f\x8b": "a gzip file",
}
# What archives export besides UTF-8. In a short table the code pages of DOS and old Macs fit as well
# ("Süddeutsche" is "S³ddeutsche" in cp775), and hardly anybody writes them any more.
GUESSED = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "koi8_r"),
    *("gb18030", "big5", "cp932", "euc_jp", "cp949"),
]
MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def decoded(path: Path, encoding: str | None = None) -> tuple[str, str]:
    """The text of a file and the encoding it was read in.

    A byte-order mark decides, then UTF-8; what is neither is guessed by charset-normalizer, unless most of it
    is UTF-8: then the stray byte is an error, not a reason to misread the rest. ValueError says where.
    """
    data = path.read_bytes()
    if encoding is not None:
        return _as_named(path, data, encoding), encoding
    for mark, name in BOMS.items():
        if data.startswith(mark):
            return _as_named(path, data, name), name
    _refuse_binary(path, data)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        stray = error
    return _guessed(path, data, stray)


def _as_named(path: Path, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{path}: line {_line(data, error)} is not {encoding}. Name its encoding with encoding='…'."
        ) from None
    except LookupError:
        raise ValueError(f"{path}: there is no encoding {encoding!r}. 'utf-8' and 'cp1252' are common.") from None


def _guessed(path: Path, data: bytes, error: UnicodeDecodeError) -> tuple[str, str]:
    whole = len(MULTIBYTE.findall(data))
    stray = len(re.findall(rb"[\x80-\xff]", MULTIBYTE.sub(b"", data)))
    if whole > stray:
        raise ValueError(
            f"{path}: line {_line(data, error)} holds a byte that is not UTF-8, while most of the file is. "
            "Repair that line, or name another encoding with encoding='…'."
        )
    matches = from_bytes(data, cp_isolation=GUESSED)
    best = matches.best()
    if best is None:
        raise ValueError(f"{path}: its encoding cannot be told. Save it as UTF-8, or name it with encoding='…'.")
    # German and French fit Western (cp1252) and Central European (cp1250) alike; the first is commoner.
    tied = [match for match in matches if (match.chaos, match.coherence) == (best.chaos, best.coherence)]
    western = any("cp1252" in [match.encoding, *match.could_be_from_charset] for match in tied)
    name = "cp1252" if western else best.encoding
    return _as_named(path, data, name), name


def _refuse_binary(path: Path, data: bytes) -> None:
    kind = next((kind for start, kind in SIGNATURES.items() if data.startswith(start)), None)
    if kind is None and b"\0" in data:
        kind = "binary data (or UTF-16 without its mark: then say encoding='utf-16-le')"
    if kind:
        raise ValueError(f"{path}: it holds {kind}, not text. Save the articles as CSV in UTF-8.")


def _line(data: bytes, error: UnicodeDecodeError) -> int:
    return data.count(b"\n", 0, error.start) + 1
