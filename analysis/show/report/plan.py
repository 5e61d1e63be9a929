"""The commands ``framing plan``, what a report takes, and ``framing run``, for what does not fit into memory."""

import time
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click

from analysis.corpus.files import check_place
from analysis.corpus.provenance import optional
from analysis.corpus.readers.source import Source
from analysis.corpus.words import words
from analysis.numbers import counted
from analysis.shell import PATH, READING, command, mapping, progress, say, taking

from .command import LEXICON, lexicon_and_pair, said_of_study

# Seconds for any report, and for a MB of text, on two processors; MB of memory of all its processes, which has a
# limit, for articles are worked on in parts: by benchmarks/scale.py on 8, 34, 189 and 344 MB of news.
SECONDS, SECONDS_EACH = 15.0, 0.37
MEMORY, MEMORY_EACH, MEMORY_MOST = 600.0, 7.0, 2_000.0
PACKED = 3.0  # times that news grows when it is unpacked, where the file does not say how large it was
# The speed of a machine is that of reading words; those figures are from one where these took so long.
SENTENCE, TIMES, REFERENCE = "Russia and China signed a trade agreement in Moscow, officials said. ", 30_000, 0.022
ROUNDS = 3  # the fastest of these: what reading words costs when nothing else runs


def planned(text: float, *, speed: float = 1.0) -> tuple[float, float]:
    """Seconds and MB of memory for megabytes of text at this speed, 1 for the machine that was measured."""
    return (SECONDS + SECONDS_EACH * text) / speed, min(MEMORY + MEMORY_EACH * text, MEMORY_MOST)


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
    texts, taken = [SENTENCE * TIMES], []
    for _ in range(ROUNDS):
        start = time.process_time()
        words(texts)
        taken.append(time.process_time() - start)
    return REFERENCE / min(taken)


@command("plan")
@click.argument("files", nargs=-1, required=True, type=PATH)
def plan(files: tuple[Path, ...]) -> None:
    """Print how long a report on FILES will take, and how much memory, within a factor of two.

    Files and folders are measured, not read.
    """
    text, number = sum(map(text_size, files)) / 1e6, sum(len(list(_files(file))) for file in files)
    seconds, memory = planned(text, speed=speed())
    taken = f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
    size = f"Files {number:,}, text {f'{text:,.0f}' if text >= 1 else 'below 1'} MB."
    say(f"{size} A report takes about {taken} and {memory / 1000:.1f} GB of memory.")


@contextmanager
def engine(name: str = "local", scheduler: str | None = None, workers: int | None = None) -> Iterator[Any]:
    """What maps a function over parts: processes here, or a Dask cluster that is running or started here."""
    from analysis.study.parts import AGAIN, in_processes

    if name == "local":
        yield in_processes
        return
    dask = optional("distributed", "--engine dask")
    where = scheduler or "the scheduler that was started here"
    gone = (dask.comm.CommClosedError, dask.client.FutureCancelledError, TimeoutError)
    with ExitStack() as stack:
        options = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None}
        try:
            cluster = scheduler or stack.enter_context(dask.LocalCluster(**options))
            client = stack.enter_context(dask.Client(cluster))
        except OSError:
            raise ValueError(f"--scheduler: {where} does not answer. Check the address. {AGAIN}") from None
        try:
            yield lambda do, parts: client.gather(client.map(do, list(parts), pure=False))
        except dask.KilledWorker:
            lack = "--engine dask: a part ended several workers, most likely for lack of memory"
            raise ValueError(f"{lack}. Give each worker 2 GB or more. {AGAIN}") from None
        except gone:
            raise ValueError(f"--scheduler: {where} does not answer any more. Start it. {AGAIN}") from None


@command("run")
@click.argument("source")
@click.argument("study", type=click.Path(path_type=Path, file_okay=False))
@taking(*LEXICON)
@click.option("--engine", type=click.Choice(["local", "dask"]), default="local", show_default=True,
              help="What works on the parts: this process, or workers of Dask ('distributed').")  # fmt: skip
@click.option("--scheduler", metavar="ADDRESS", help="Of a running Dask cluster, as in tcp://10.0.0.1:8786.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes that Dask starts here, one core each.")
@taking(*READING)
def run(source: str, study: Path, **given: Any) -> None:
    """Work through SOURCE, files of any number, in parts that are kept in the folder STUDY.

    SOURCE is a file, a folder, or an address that fsspec knows, as s3://bucket/articles, from which it is copied.
    Texts are held a part at a time; titles, names and dates take some 0.7 KB of memory an article. Stopped at any
    moment and started again, it does only what is missing. Then: framing report STUDY.
    """
    from analysis.study.study import run_study

    from .findings import NothingToReport, set_aside
    from .instrument import instrument

    if given["engine"] == "local" and (given["scheduler"] or given["workers"]):
        raise ValueError("--engine: --scheduler and --workers are for Dask. Add --engine dask.")
    check_place(study, folder=True)
    used = instrument(*lexicon_and_pair(given))
    articles = Source(Path(source).expanduser(), source, given["encoding"], mapping(given["columns"]) or {})
    with progress(4) as step, engine(given["engine"], given["scheduler"], given["workers"]) as do:
        found = run_study(articles, study, used.lexicon, do=do, step=step)
    about = f"{counted(len(found.passages), 'passage')}{' about the pair' * bool(used.lexicon.about)}"
    aside = f", set aside {len(found.set_aside):,}" if len(found.set_aside) else ""
    copies = int(found.articles["copy_of"].notna().sum())
    said_of_study(found, articles)
    if others := set_aside(found.set_aside.loc[found.set_aside["problem"] == "", "language"], used.lexicon):
        say(f"{source}: {others}", err=True)
    say(f"Articles {len(found.articles):,}{aside}, copies {copies:,}, {about}.")
    say(study)
    if found.passages.empty:
        raise NothingToReport(
            f"{source}: no passage for the lexicon {used.lexicon.name}. Check --lexicon and --about."
        )
