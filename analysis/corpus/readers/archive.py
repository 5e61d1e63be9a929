"""Folders and archives as a flat list of files, with a limit on everything an archive may claim."""

import bz2
import gzip
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from analysis.corpus.files import scratch
from analysis.limits import how_to_raise, lacking_memory, limit

from .source import Refused, Source, damage_of

SMALL = 1 << 20  # bytes below which the ratio is not looked at: a page of blanks is harmless
# By systems, crawlers and Spark; what begins with a dot is hidden, as copies of Jupyter are.
LEFT_BEHIND = ["__macosx", "thumbs.db", "desktop.ini", "_success", "_metadata", "_common_metadata", "robots.txt"]
SHEETS = dict.fromkeys(("xl/workbook.xml", "xl/workbook.bin", "content.xml"), "excel")
OFFICE = {"word/document.xml": "docx", **SHEETS}
BLOCK = 1 << 16
DOCTYPE = b"<!DOCTYPE"  # in XML, text and attributes cannot hold it
ONE_FILE: dict[bytes, Callable[[Path], Any]] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ": lzma.open}
DAMAGE = (
    zipfile.BadZipFile, tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, OSError, RuntimeError,
    UnicodeError,
)  # fmt: skip
Opening = Callable[[], IO[bytes]]
Entry = tuple[str, int, Opening]  # the name of a member, its packed size, and how to open it


def members(source: Source) -> Iterator[Source]:
    """The files of a folder as they lie there, sorted by name; any other file as itself."""
    if not source.path.is_dir():
        yield source
        return
    for path in sorted(source.path.rglob("*")):
        inner = path.relative_to(source.path).as_posix()
        if not _left_behind(inner) and (path.is_file() or path.is_symlink()):
            problem = "" if path.is_file() else "a symbolic link to a folder or to nothing; it is not followed."
            if path.is_symlink() and not path.resolve().is_relative_to(source.path.resolve()):
                problem = "a symbolic link that leaves the folder; it is not followed. Copy the file here."
            yield replace(source, path=path, name=f"{source}/{inner}", problem=problem)


@contextmanager
def opened(*sources: Source) -> Iterator[list[Source]]:
    """The files of folders or archives, sorted by name, for as long as the context lasts; a file as itself."""
    with scratch() as folder:
        files = unpacked(folder, *sources)
        size = sum(file.path.stat().st_size for file in files if not file.problem)
        if lack := lacking_memory(size):
            raise Refused(f"{sources[0]}: {lack}")
        try:
            yield files
        except MemoryError:
            what = f"what it holds, from {size:,} bytes, does not fit into memory"
            raise Refused(f"{sources[0]}: {what}. Give it in parts.") from None


def unpacked(folder: Path, *sources: Source) -> list[Source]:
    """The files of folders or archives, what is packed unpacked into ``folder``."""
    unpacking = _Unpacking(folder)
    return [file for source in sources for file in unpacking.files(source, 0)]


class _Unpacking:
    """Archives into one scratch folder, under one limit for all that comes out of them."""

    def __init__(self, scratch: Path) -> None:
        self.scratch, self.left, self.count = scratch, limit("bytes out of one archive"), 0

    def files(self, source: Source, depth: int) -> Iterator[Source]:
        """The files of a folder or archive, and of those within."""
        kind = "" if source.problem or source.path.is_dir() else packed(source)
        if source.problem or not (kind in ("zip", "tar", "one file") or source.path.is_dir()):
            yield source
        elif source.path.is_dir():
            for member in members(source):
                yield from self.files(member, depth)
        elif depth + 1 > limit(deepest := "archives within archives"):
            much = how_to_raise(deepest, depth + 1)
            raise Refused(f"{source}: an archive {depth + 1} deep. Unpack the outer one. {much}")
        elif kind == "one file":
            name = re.sub(r"\.(?:gz|bz2|xz)$|(?<=\.t)gz$", "", source.name)
            inner = self._placed(source, name + "ar" * name.endswith(".t"))
            opening = next(opening for start, opening in ONE_FILE.items() if start_of(source).startswith(start))
            yield from self._unpacked(inner, lambda: opening(source.path), source.path.stat().st_size, depth + 1)
        else:
            with _entries(source, tar=kind == "tar") as entries:
                for name, size, how in entries:
                    if not _left_behind(name):
                        member = self._placed(source, f"{source}/{name}")
                        yield from self._unpacked(member, how, size, depth + 1)

    def _placed(self, source: Source, name: str) -> Source:
        self.count += 1
        return replace(source, path=self.scratch / f"{self.count:06}", name=name)

    def _unpacked(self, member: Source, opening: Opening, packed_size: int, depth: int) -> Iterator[Source]:
        """The files in a member; the member with its problem, if it is damaged."""
        try:
            with member.path.open("wb") as target:
                for block in _blocks(member, opening, packed_size, self.left):
                    self.left -= target.write(block)
        except DAMAGE as error:
            problem = f"it is damaged or cut off: {error}. Download the archive again."
            yield replace(member, problem=problem)
        else:
            yield from self.files(member, depth)


def packed(source: Source) -> str | None:
    """Whether it is a "zip", "tar", "one file", a zip of Office ("docx", "excel", "odt"), or "damaged"."""
    start = start_of(source)
    if start.startswith(tuple(ONE_FILE)):
        with suppress(OSError, EOFError, zlib.error), gzip.open(source.path) as file:
            if file.read(9).startswith((b"WARC/", b"filedesc:")):
                return None  # it is packed record by record, and its reader wants it so
        return "one file"
    if start[257:262] == b"ustar":
        return "tar"
    if not start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return None
    try:
        with zipfile.ZipFile(source.path) as archive:
            names = set(archive.namelist())
            written = archive.open("mimetype").read(100) if {"mimetype", "content.xml"} <= names else b""
    except (*DAMAGE, ValueError):
        return "damaged"
    kind = next((kind for name, kind in OFFICE.items() if name in names), "zip")
    return "odt" if b"opendocument.text" in written else kind


def start_of(source: Source) -> bytes:
    """The bytes in which formats are marked."""
    with source.path.open("rb") as file:
        return file.read(512)  # the first header of a tar


def _blocks(source: Source, opening: Opening, packed_size: int, left: int) -> Iterator[bytes]:
    """What a member holds; Refused where it is far more than text unpacks to, or than the machine should hold."""
    size, most = 0, limit(ratio := "times that a file grows when it is unpacked") * max(packed_size, 1)
    with opening() as file:
        while block := file.read(BLOCK):
            size += len(block)
            if size > max(SMALL, most):
                raise Refused(
                    f"{source}: it grows more when it is unpacked than any text does. It is damaged, or a zip "
                    f"bomb: do not open it. {how_to_raise(ratio)}"
                )
            if size > left:
                raise Refused(
                    f"{source}: the archive holds too much. Unpack it yourself, if you trust it, and give the "
                    f"folder in parts. {how_to_raise('bytes out of one archive')}"
                )
            yield block


def refuse_office(source: Source) -> int:
    """The unpacked bytes of an Office file; Refused if it is a zip bomb, or its XML declares a document type."""
    left = most = limit("bytes out of one archive")
    with _entries(source) as entries:
        for name, packed_size, opening in entries:
            with damage_of(source, f"part {name!r}", *DAMAGE):
                seen, is_xml = b"", name.endswith((".xml", ".rels"))
                for block in _blocks(source, opening, packed_size, left):
                    left -= len(block)
                    seen = seen[-len(DOCTYPE) :] + block.replace(b"\0", b"")  # also in characters of two bytes
                    if is_xml and DOCTYPE in seen:
                        why = "which may draw in other files. No Word or Excel file needs one: do not open it."
                        raise Refused(f"{source}: its part {name!r} declares a document type, {why}")
    return most - left


@contextmanager
def _entries(source: Source, *, tar: bool = False) -> Iterator[list[Entry]]:
    """The files of a zip or tar, sorted by name, for as long as it is open. A link in a tar is not followed."""
    what = "tar" if tar else "zip, Word or Excel file"
    with ExitStack() as stack:
        with damage_of(source, what, *DAMAGE, ValueError, again="Download it again."):
            if tar:
                packed_tar = stack.enter_context(tarfile.open(source.path, "r:"))
                files = [one for one in packed_tar.getmembers() if one.isfile()]
                entries = [(one.name, one.size, partial(cast(Any, packed_tar.extractfile), one)) for one in files]
            else:
                packed_zip = stack.enter_context(zipfile.ZipFile(source.path))
                infos = [one for one in packed_zip.infolist() if one.filename and not one.is_dir()]
                entries = [(one.filename, one.compress_size, partial(packed_zip.open, one)) for one in infos]
                if locked := [one.filename for one in infos if one.flag_bits & 1]:
                    hint = "Unpack it with its password first."
                    raise Refused(f"{source}: its member {locked[0]!r} is encrypted. {hint}")
        if len(entries) > limit(most := "members of an archive"):
            much = how_to_raise(most, len(entries))
            raise Refused(f"{source}: {len(entries):,} members. Split the archive. {much}")
        for given, *_ in entries:
            name = given.replace("\\", "/")
            if name.startswith("/") or ".." in PurePosixPath(name).parts or name[1:2] == ":":
                outside = f"its member {given!r} would be written outside its folder. Do not unpack it."
                raise Refused(f"{source}: {outside}")
        yield sorted(entries, key=lambda entry: entry[0])


def _left_behind(name: str) -> bool:
    parts = [part.lower() for part in PurePosixPath(name).parts]
    return any(part in LEFT_BEHIND or part.startswith((".", "~$")) for part in parts)
