"""The command ``framing plan``: how long a report will take, and how much memory, before any work is done."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from analysis.shell import plain_errors, printable

# Measured by benchmarks/scale.py on 5 and 25 MB of news: seconds of processor for any report, and for a MB of
# text; MB of memory for any report, and for a MB of text.
SECONDS, SECONDS_EACH = 25.0, 0.45
MEMORY, MEMORY_EACH = 650.0, 13.5
PACKED = 3.0  # times that news grows when it is unpacked, where the file does not say how large it was
# The speed of a machine is that of reading words; those figures are from one where these took so long.
SENTENCE, TIMES, REFERENCE = "Russia and China signed a trade agreement in Moscow, officials said. ", 30_000, 0.022
ROUNDS = 3  # the fastest of these: what reading words costs when nothing else runs


@dataclass(frozen=True)
class Plan:
    """What a report on some files needs: ``text`` and ``memory`` in MB, ``seconds`` of one processor."""

    files: int
    text: float
    seconds: float
    memory: float

    def __str__(self) -> str:
        minutes = f"{self.seconds:.0f} s" if self.seconds < 90 else f"{self.seconds / 60:.0f} min"
        memory = f"{self.memory / 1000:.1f} GB"
        size = f"Files {self.files:,}, text {self.text:,.0f} MB."
        return f"{size} A report takes about {minutes} of one processor and {memory} of memory."


def planned(text: float, *, files: int = 1, speed: float = 1.0) -> Plan:
    """The plan for megabytes of text on a machine of this speed, 1 for the one that was measured.

    >>> print(planned(189))
    Files 1, text 189 MB. A report takes about 2 min of one processor and 3.2 GB of memory.
    """
    seconds = (SECONDS + SECONDS_EACH * text) / speed
    return Plan(files, text, seconds, MEMORY + MEMORY_EACH * text)


def text_size(path: Path) -> int:
    """The bytes of text in a file, or in all files of a folder, unpacked."""
    return sum(map(_unpacked, _files(path)))


def _files(path: Path) -> Iterator[Path]:
    if not path.exists():
        raise FileNotFoundError(f"{path}: file or folder not found. Check the path.")
    return (file for file in path.rglob("*") if file.is_file()) if path.is_dir() else iter([path])


def _unpacked(file: Path) -> int:
    size = file.stat().st_size
    if file.suffix.lower() == ".parquet":
        import pyarrow.parquet as pq

        found = pq.ParquetFile(file).metadata
        return sum(found.row_group(at).total_byte_size for at in range(found.num_row_groups))
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            return sum(one.file_size for one in archive.infolist())
    return int(size * PACKED) if file.suffix.lower() in (".gz", ".bz2", ".xz") else size


def speed() -> float:
    """How many times as fast as the machine that was measured this one reads words."""
    from analysis.corpus.words import words

    texts, taken = [SENTENCE * TIMES], []
    for _ in range(ROUNDS):
        start = time.process_time()
        words(texts)
        taken.append(time.process_time() - start)
    return REFERENCE / min(taken)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@plain_errors
def plan(files: tuple[Path, ...]) -> None:
    """Print how long a report on FILES will take, and how much memory, within a factor of two.

    Files and folders are measured, not read.
    """
    megabytes = sum(map(text_size, files)) / 1e6
    number = sum(len(list(_files(file))) for file in files)
    click.echo(printable(str(planned(megabytes, files=number, speed=speed()))))
