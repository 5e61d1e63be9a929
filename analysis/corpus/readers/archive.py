"""Folders and archives as a flat list of files, with a limit on everything an archive may claim."""

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, cast
from xml.parsers import expat

from .source import Refused, Source

LARGEST_TOTAL = 4 << 30  # bytes out of one archive: more than any export measured, less than a laptop's disk
LARGEST_RATIO = 200  # of size to packed size. Text packs 3 to 20 times, a workbook 10 to 60, zeros 1,000 times
SMALL = 1 << 20  # bytes below which the ratio is not looked at: a page of blanks harms nobody
MOST_MEMBERS = 200_000
DEEPEST = 2  # an archive in an archive is common (one zip a download, zipped again); more is a trick
LEFT_BEHIND = {"__macosx", ".ds_store", "thumbs.db", "desktop.ini"}  # what operating systems leave behind
SHEETS = dict.fromkeys(("xl/workbook.xml", "xl/workbook.bin", "content.xml"), "excel")
OFFICE = {"word/document.xml": "docx", **SHEETS}
BLOCK = 1 << 16


@contextmanager
def opened(source: Source) -> Iterator[list[Source]]:
    """The files of a folder or archive, sorted by name, for as long as the context lasts; a file as itself.

    Refused stops a zip bomb, a path that climbs out of the archive, encryption and archives nested too deep.
    """
    with TemporaryDirectory(prefix="articles-") as scratch:
        yield list(_Unpacking(Path(scratch)).files(source, 0))


class _Unpacking:
    """Archives into one scratch folder, under one limit for all that comes out of them."""

    def __init__(self, scratch: Path) -> None:
        self.scratch, self.left, self.count = scratch, LARGEST_TOTAL, 0

    def files(self, source: Source, depth: int) -> Iterator[Source]:
        if source.path.is_dir():
            for path in sorted(source.path.rglob("*")):
                inner = path.relative_to(source.path).as_posix()
                if not _left_behind(inner) and (path.is_file() or path.is_symlink()):
                    member = replace(source, path=path, name=f"{source}/{inner}", problem=_link(source.path, path))
                    yield from [member] if member.problem else self.files(member, depth)
        elif (kind := packed(source)) == "zip":
            yield from self._members(source, depth + 1)
        elif kind == "gzip":
            yield from self._unzipped(source, depth + 1)
        else:
            yield source

    def _members(self, source: Source, depth: int) -> Iterator[Source]:
        _refuse_deep(source, depth)
        with _archive(source) as archive:
            _refuse_unsafe(source, archive)
            for info in sorted(archive.infolist(), key=lambda info: info.filename):
                if info.is_dir() or _left_behind(info.filename):
                    continue
                member = replace(source, path=self._place(), name=f"{source}/{info.filename}")
                try:
                    with _member(source, archive, info) as packed_file:
                        self._copied(member, packed_file, max(info.compress_size, 1))
                except Refused:
                    raise
                except ValueError as error:
                    yield replace(member, problem=str(error).removeprefix(f"{member}: "))
                else:
                    yield from self.files(member, depth)

    def _unzipped(self, source: Source, depth: int) -> Iterator[Source]:
        _refuse_deep(source, depth)
        inner = replace(source, path=self._place(), name=source.name.removesuffix(".gz"))
        with gzip.open(source.path) as packed_file:
            self._copied(inner, cast(IO[bytes], packed_file), source.path.stat().st_size)
        yield from self.files(inner, depth)

    def _place(self) -> Path:
        self.count += 1
        return self.scratch / f"{self.count:06}"

    def _copied(self, member: Source, packed_file: IO[bytes], packed_size: int) -> None:
        size = 0
        try:
            with member.path.open("wb") as target:
                while block := packed_file.read(BLOCK):
                    size, self.left = size + len(block), self.left - len(block)
                    refuse_bomb(member, size, packed_size, left=self.left)
                    target.write(block)
        except (zipfile.BadZipFile, EOFError, OSError, zlib.error) as error:
            raise ValueError(f"{member}: it is damaged or cut off: {error}. Download the archive again.") from None


def packed(source: Source) -> str | None:
    """Whether it is a "zip", "gzip", "docx", "excel" or "damaged", or None. Word and Excel files are zips, too."""
    with source.path.open("rb") as file:
        start = file.read(200)  # the type of an OpenDocument file is its first member, and not packed
    if start.startswith(b"\x1f\x8b"):
        return "gzip" if not _gzipped_warc(source) else None
    if not start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return None
    try:
        with zipfile.ZipFile(source.path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "damaged"
    kind = next((kind for name, kind in OFFICE.items() if name in names), "zip")
    return "odt" if kind == "excel" and "content.xml" in names and b"opendocument.text" in start else kind


def refuse_bomb(source: Source, size: int, packed_size: int, *, left: int = LARGEST_TOTAL) -> None:
    """Refuses what unpacks to far more than text does, or to more than the machine should be asked for."""
    if size > SMALL and size > LARGEST_RATIO * packed_size:
        raise Refused(
            f"{source}: it unpacks to more than {LARGEST_RATIO} times its size, which no text does. "
            "It is damaged, or a zip bomb: do not open it."
        )
    if left < 0:
        raise Refused(
            f"{source}: the archive unpacks to more than {LARGEST_TOTAL >> 30} GB. "
            "Unpack it yourself, if you trust it, and give the folder in parts."
        )


def refuse_office(source: Source) -> None:
    """Refuses a Word or Excel file that is a zip bomb, or whose XML declares entities; ValueError if damaged."""
    left = LARGEST_TOTAL
    with _archive(source) as archive:
        _refuse_unsafe(source, archive)
        for info in archive.infolist():
            with _member(source, archive, info) as file:
                try:
                    first = file.read(BLOCK)
                    size = len(first)
                    while block := file.read(BLOCK):
                        size += len(block)
                        refuse_bomb(source, size, max(info.compress_size, 1), left=left - size)
                except (zipfile.BadZipFile, EOFError, zlib.error):
                    raise ValueError(
                        f"{source}: its part {info.filename!r} is damaged. Export it again."
                    ) from None
            left -= size
            if info.filename.endswith((".xml", ".rels")):
                _refuse_entities(source, info.filename, first)


def _refuse_entities(source: Source, part: str, start: bytes) -> None:
    """A document type is where external entities are declared; Word and Excel never write one."""

    def refused(*_: object) -> None:
        raise Refused(
            f"{source}: its part {part!r} declares a document type, which may draw in other files. "
            "No Word or Excel file needs one: do not open it."
        )

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refused
    try:
        parser.Parse(start, False)
    except (expat.ExpatError, LookupError):
        return  # the library that reads the part will say what is wrong


def _refuse_unsafe(source: Source, archive: zipfile.ZipFile) -> None:
    if len(archive.infolist()) > MOST_MEMBERS:
        raise Refused(
            f"{source}: {len(archive.infolist())} members; {MOST_MEMBERS} can be read. Split the archive."
        )
    for info in archive.infolist():
        name = info.filename.replace("\\", "/")
        if name.startswith("/") or ".." in PurePosixPath(name).parts or name[1:2] == ":":
            raise Refused(f"{source}: its member {info.filename!r} climbs out of the archive. Do not unpack it.")
        if info.flag_bits & 1:
            raise Refused(
                f"{source}: its member {info.filename!r} is encrypted. Unpack it with its password first."
            )


def _refuse_deep(source: Source, depth: int) -> None:
    if depth > DEEPEST:
        raise Refused(f"{source}: archives nested more than {DEEPEST} deep are not opened. Unpack the outer one.")


def _archive(source: Source) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source.path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ValueError(
            f"{source}: the zip, Word or Excel file is incomplete or damaged: {error}. Download it again."
        ) from None


def _member(source: Source, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    try:
        return archive.open(info)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError) as error:
        raise ValueError(f"{source}: its member {info.filename!r} cannot be unpacked: {error}.") from None


def _link(root: Path, path: Path) -> str:
    """Why a symbolic link is not followed: it leaves the folder, or leads to a folder or nowhere."""
    if not path.is_symlink():
        return ""
    if not path.resolve().is_relative_to(root.resolve()):
        return "a symbolic link that leaves the folder; it is not followed. Copy the file here."
    return "" if path.is_file() else "a symbolic link to a folder or to nothing; it is not followed."


def _gzipped_warc(source: Source) -> bool:
    """A WARC is packed record by record, and its reader wants it so."""
    try:
        with gzip.open(source.path) as file:
            return file.read(9).startswith((b"WARC/", b"filedesc:"))
    except (OSError, EOFError, zlib.error):
        return False


def _left_behind(name: str) -> bool:
    parts = [part.lower() for part in PurePosixPath(name).parts]
    return any(part in LEFT_BEHIND or part.startswith("._") for part in parts)
