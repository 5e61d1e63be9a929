"""Data files of the package, and the one writer for all files."""

import hashlib
import json
import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import IO, Any
from uuid import uuid4

import numpy as np
import pandas as pd
import yaml

# What a spreadsheet takes for a formula at the start of a cell, in full width too, and after what it may take for
# the end of a cell. An apostrophe before it makes it text (OWASP, "CSV injection"); the word joiner after the
# apostrophe, which is not written there otherwise, shows that it was added and is to go again.
GUARD = "'\u2060"
UNSEEN = "\x00-\x20\xad\u061c\u200b-\u200f\u2060-\u2064\ufeff"  # before it: a spreadsheet may drop them
START, FORMULA = rf"(^|[;,\t\r\n])([\s{UNSEEN}]*)", r"[=+\-@＝＋－＠﹦﹢﹣﹫]"
ARMED = re.compile(rf"{START}(?=(?:{GUARD})*{FORMULA})")
DISARMED = re.compile(rf"{START}{GUARD}(?=(?:{GUARD})*{FORMULA})")
# The same after a spreadsheet saved it in an encoding without the word joiner, and as earlier sheets have it.
REWRITTEN = re.compile(rf"{START}(?:'[\u2060?]?)+(?={FORMULA})")
YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the compiled one is ten times as fast
# Files and folders that are not done yet, by the machine and the process that writes them.
BEGUN = re.compile(r"\.?outlet-framing-(?P<host>[0-9a-f]{8})-(?P<process>\d+)-\w+(?:\.part)?")
NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.I)


@cache
def shipped(package: str, name: str) -> Any:
    """Content of a YAML file beside the modules of a package."""
    return yaml.load(resources.files(package).joinpath(name).read_text("utf-8"), YAML)  # noqa: S506 - safe


def from_json(text: str | bytes, **how: Any) -> Any:
    """What a JSON text holds; ValueError where it is not JSON, or nested too deep."""
    try:
        return json.loads(text, **how)
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def write_whole(path: str | PathLike[str], content: str | bytes) -> Path:
    """The path, once the content is there in full; a text is written as UTF-8, its line ends as they are.

    Whatever fails, an old file of this name stays as it was. A link is followed; a device is written to directly.
    """
    target = Path(path)
    try:
        data = content if isinstance(content, bytes) else content.encode()
    except UnicodeEncodeError as error:
        wrong, before = str(content)[error.start], str(content)[max(0, error.start - 20) : error.start]
        found = f"Found: {wrong!r} after {before!r}. Replace this character."
        raise ValueError(f"{target}: the text cannot be written as UTF-8. {found}") from None
    try:
        _put(data, Path(os.path.realpath(target)))
    except OSError as error:
        absent = f"The folder {target.parent} does not exist. Create it, or write elsewhere."
        reason = absent if isinstance(error, FileNotFoundError) else f"{error.strerror or error}."
        raise type(error)(f"{target}: the file cannot be written. {reason}") from error
    return target


def check_place(path: str | PathLike[str], *, folder: bool = False) -> None:
    """Refuses a file or ``folder`` that cannot be written, before the work for it begins."""
    target = Path(path).expanduser()
    place = target if folder else target.parent
    while folder and not os.path.lexists(place) and place != place.parent:
        place = place.parent  # the folders between are made
    if target.is_dir() and not folder:
        raise IsADirectoryError(f"{target}: it is a folder. Name a file.")
    if not os.path.lexists(place):
        raise FileNotFoundError(f"{target}: the folder {place} does not exist. Create it, or write elsewhere.")
    if not place.is_dir():
        raise NotADirectoryError(f"{target}: {place} is not a folder. Write elsewhere.")
    if not os.access(place, os.W_OK | os.X_OK) and (folder or not target.exists() or target.is_file()):
        raise PermissionError(f"{target}: the folder {place} may not be written to. Write elsewhere.")


def _put(data: bytes, target: Path) -> None:
    if target.is_dir():
        raise IsADirectoryError("It is a folder; name a file.")
    if target.exists() and not (target.is_file() and os.access(target, os.W_OK)):
        target.write_bytes(data)  # a pipe, which cannot be replaced; or refused as read-only
        return
    clear_left_behind(target.parent)
    begun = target.with_name(f".{_mark()}{uuid4().hex}.part")
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


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for temporary files, gone afterwards; after a kill, at the next start."""
    clear_left_behind(Path(gettempdir()))
    with TemporaryDirectory(prefix=_mark()) as folder:
        yield Path(folder)


def _mark() -> str:
    host = hashlib.sha256(platform.node().encode()).hexdigest()[:8]
    return f"outlet-framing-{host}-{os.getpid()}-"


@cache  # once a process and folder
def clear_left_behind(folder: Path) -> None:
    """Deletes unfinished files in a folder, left by processes of this machine that were killed."""
    for path in folder.glob("*outlet-framing-*"):
        found = BEGUN.fullmatch(path.name)
        if sys.platform == "win32" or not found or not _mark().startswith(f"outlet-framing-{found['host']}-"):
            continue  # on Windows asking for a process would end it
        try:
            os.kill(int(found["process"]), 0)  # asks whether it is there, and does nothing to it
        except ProcessLookupError:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        except OSError:
            continue  # another user's


def hold(file: IO[Any], complaint: str) -> None:
    """Keeps an open file from other processes until it is closed, or complains that one has it."""
    try:
        import fcntl
    except ImportError:  # a system without such locks
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise ValueError(complaint) from None


def write_table(table: pd.DataFrame, path: str | PathLike[str]) -> Path:
    """Path of the table, written as CSV or Parquet by the suffix of its name.

    CSV is UTF-8 with a byte-order mark, so that Excel reads it right. Lists are written as JSON, an index with a
    name as a column, and cells that a spreadsheet would run as formulas are disarmed. ``read_articles`` reads a
    table of articles back as it was.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    ValueError
        A suffix other than .csv and .parquet.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "shares.csv")
    >>> print(write_table(pd.DataFrame({"outlet": ["DW"], "share": [0.5]}), path).read_text("utf-8-sig"))
    outlet,share
    DW,0.5
    <BLANKLINE>
    """
    target = Path(path).expanduser()
    plain = table.reset_index() if table.index.name is not None else table
    if target.suffix.lower() == ".csv":
        return write_whole(target, "\ufeff" + csv_text(plain))
    if target.suffix.lower() == ".parquet":
        return write_whole(target, plain.to_parquet(index=False))
    hint = "Name a file that ends in .csv or .parquet."
    raise ValueError(f"{target}: the suffix {target.suffix!r} is not known. {hint}")


def csv_text(table: pd.DataFrame, **options: Any) -> str:
    """The table as CSV that a spreadsheet opens without running anything; ``options`` are those of ``to_csv``."""
    plain = table.set_axis([disarmed(str(name)) for name in table], axis=1)
    numbers = (pd.api.types.is_numeric_dtype, pd.api.types.is_datetime64_any_dtype)
    texts = [str(name) for name in plain if not any(kind(plain[name]) for kind in numbers)]
    plain = plain.assign(**{name: [_cell(value) for value in plain[name]] for name in texts})
    return str(plain.to_csv(index=False, lineterminator="\r\n", **options))


def disarmed(text: str) -> str:
    """The text as a CSV cell that a spreadsheet does not run; ``rearmed`` removes the added characters."""
    return text if NUMBER.fullmatch(text) else ARMED.sub(rf"\1\2{GUARD}", text)


def rearmed(table: pd.DataFrame) -> pd.DataFrame:
    """A table read from CSV as it was before its cells were disarmed."""
    plain = table.copy(deep=False)
    for name in plain:
        strings = isinstance(plain[name].dtype, pd.StringDtype)
        column = plain[name][plain[name].str.contains(GUARD, regex=False, na=False)] if strings else plain[name]
        if any(GUARD in value for value in column if isinstance(value, str)):
            plain[name] = plain[name].map(_rearmed)
    return plain.rename(columns=_rearmed)


def _rearmed(value: Any) -> Any:
    return DISARMED.sub(r"\1\2", value) if isinstance(value, str) else value


def unguarded(text: str) -> str:
    """The text without any added character, for comparing texts that went through a spreadsheet."""
    return REWRITTEN.sub(r"\1\2", text)


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return disarmed(value)
    if isinstance(value, np.ndarray):
        value = value.tolist()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | tuple | dict) else value
