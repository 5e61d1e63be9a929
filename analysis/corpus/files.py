"""The one way in which the package writes a file: beside its target, flushed, then put in its place."""

import os
import shutil
from os import PathLike
from pathlib import Path
from uuid import uuid4


def write_whole(path: str | PathLike[str], content: str | bytes) -> Path:
    """The path, once the content is there in full; a text is written as UTF-8, its line ends as they are.

    Whatever fails, an old file of this name stays as it was. A link is followed; a device is written to directly.

    Raises
    ------
    ValueError
        The text holds a character that UTF-8 cannot encode.
    OSError
        The file cannot be written. The message names it.
    """
    target = Path(path)
    data = content if isinstance(content, bytes) else _encoded(target, content)
    try:
        _put(data, Path(os.path.realpath(target)))
    except OSError as error:
        raise type(error)(f"{target}: the file cannot be written. {_reason(error, target)}") from error
    return target


def _encoded(target: Path, text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(
            f"{target}: the text cannot be written as UTF-8. Found: {text[error.start]!r} after "
            f"{text[max(0, error.start - 20) : error.start]!r}. Replace this character."
        ) from None


def _put(data: bytes, target: Path) -> None:
    if target.is_dir():
        raise IsADirectoryError("It is a folder; name a file.")
    if target.exists() and not (target.is_file() and os.access(target, os.W_OK)):
        target.write_bytes(
            data
        )  # a pipe or /dev/stdout, in whose place nothing can be put; or refused as read-only
        return
    begun = target.with_name(f".{uuid4().hex}.part")
    try:
        with begun.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, begun)
        os.replace(begun, target)
    finally:
        begun.unlink(missing_ok=True)


def _reason(error: OSError, target: Path) -> str:
    if isinstance(error, FileNotFoundError):
        return f"The folder {target.parent} does not exist. Create it, or write elsewhere."
    return f"{error.strerror or error}."
