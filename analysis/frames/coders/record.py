"""Every reply of a model, kept in a file of JSON Lines before the next passage is asked."""

import json
import os
from pathlib import Path
from threading import Lock
from typing import Any

from analysis.corpus.files import from_json, hold
from analysis.corpus.provenance import digest

FORM = 1  # of the lines; a change makes old records unreadable


class Record:
    """Replies by the key of what was asked, in lines that are only added; a last one without end is removed."""

    def __init__(self, path: Path, codebook: str) -> None:
        self.path, self.lock = path, Lock()
        self.entries: dict[str, dict[str, Any]] = {}
        self.head = {"record": FORM, "codebook": codebook}
        self.file: Any = None
        if path.is_dir():
            raise ValueError(f"{path}: the record is a folder. Name a file, such as {path / 'replies.jsonl'}.")
        self._load()

    def _load(self) -> int:
        """Reads every line that is whole, and says where they end."""
        content = self.path.read_bytes() if self.path.exists() else b""
        end = content.rfind(b"\n") + 1
        for number, line in enumerate(content[:end].splitlines(), 1):
            self._read(number, line)
        return end

    def _read(self, number: int, line: bytes) -> None:
        try:
            entry = from_json(line)
            intact = isinstance(entry, dict) and entry.pop("sum", None) == _sum(entry)
            intact = intact and (number == 1 or isinstance(entry.get("key"), str))
        except ValueError:
            intact = False
        if not intact:
            remedy = "Delete that line: its passage is then asked again, and all other replies stay."
            what = f"line {number} of the record is damaged. {remedy}"
            first = "not a record of replies, or its first line is damaged. Name another file."
            raise ValueError(f"{self.path}: {what if number > 1 else first}")
        if number > 1:
            self.entries[entry["key"]] = entry
        elif entry.get("record") != FORM or entry.get("codebook") != self.head["codebook"]:
            found, needed = (str(head.get("codebook"))[:12] for head in (entry, self.head))
            what = f"this record belongs to another codebook. Found: {found}…, needed: {needed}…."
            raise ValueError(f"{self.path}: {what} Name another file with record=; this one stays as it is.")

    def add(self, entry: dict[str, Any]) -> None:
        """Keeps a reply; a later one for the same key replaces an earlier one."""
        with self.lock:
            self._write(entry)
            self.entries[entry["key"]] = entry

    def open(self) -> None:
        """Makes the file if needed, and keeps other runs from writing to it until ``close``."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.file = open(self.path, "ab", buffering=0)  # noqa: SIM115 - open until the run ends
        what = "another run is writing to this record. Wait for it, or name another file."
        hold(self.file, f"{self.path}: {what}")
        end = self._load()  # again: another run may have added something since
        self.file.truncate(end)
        if not end:
            self._write(self.head)

    def _write(self, entry: dict[str, Any]) -> None:
        line = json.dumps({**entry, "sum": _sum(entry)}, ensure_ascii=False, sort_keys=True)
        end = os.fstat(self.file.fileno()).st_size
        try:
            self.file.write(line.encode("utf-8", "surrogatepass") + b"\n")
            os.fsync(self.file.fileno())
        except OSError as error:
            self.file.truncate(end)  # what another thread adds next begins a line
            remedy = "What it holds stays; free some space, and the same call goes on from there."
            raise type(error)(f"{self.path}: the record cannot be written. {error.strerror}. {remedy}") from error

    def close(self) -> None:
        if self.file is not None:
            self.file.close()
            self.file = None


def _sum(entry: dict[str, Any]) -> str:
    return digest([entry])[:12]
