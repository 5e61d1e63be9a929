"""How much input is read at most. FRAMING_LIMITS=4 in the environment makes each limit four times as high."""

import math
import os
import re
from pathlib import Path

# Each with the reason for its height, and whose sizes were measured.
LIMITS = {
    "bytes out of one archive": 4 << 30,  # more than any export measured, less than a laptop's disk
    "times that a file grows when it is unpacked": 200,  # text 3 to 20 times, a workbook 10 to 60, zeros 1,000
    "members of an archive": 200_000,
    "archives within archives": 2,  # one zip a download, zipped again; more is a trick
    "bytes of a web page": 20 << 20,  # the longest liveblog has 4 MB, and trafilatura's time grows with length
    "bytes of a line": 64 << 20,  # a line with the text of ten thousand articles is a damaged file
    "bytes of text in a file": 2 << 30,  # what a laptop holds; so much may unpack from a workbook or Parquet, too
    "bytes of an RTF file": 256 << 20,  # its text is held several times over while it is parsed
    "cells of a workbook": 20_000_000,  # blank ones within edges are held, too; a million articles in 20 columns
    "bytes that any table takes to open": 1 << 30,  # what Excel may claim for a sheet with coloured columns
    "times its bytes that a table takes to open": 20,  # 3 to 9 measured
    "seconds to open a table": 600,  # a million cells take three
    "words of an article": 20_000,  # above, a text holds a list of articles, a book or a liveblog of days
    "patterns of a dictionary": 250_000,  # the NRC emotion lexicon, among the largest published, has 140,000
    "items of a YAML file": 1_000_000,  # with aliases (*name) written out
    "readings of one pattern": 10_000,  # choices between phrases multiply; more should be several patterns
    "characters of a model's answer": 200_000,  # codes need a hundred
    "draws of a deposit": 100_000,  # each is held; a report has 2,000
    "phrases for one pattern": 1_000,  # "(a|b) (c|d)" is four in another program's dictionary; nobody reads more
}
FIXED = {  # what no setting raises, as others set it
    "elements within elements of a page": 250,  # libxml2 stops at 256 and drops what lies below; pages have 40
    "levels of nesting in YAML and lists": 100,  # Python stops at 1,000 calls; no published dictionary has six
}
NEEDED = 4  # times its bytes that a file needs in memory while it is read; 2.9 to 3.6 measured on 130 MB of news
FACTOR = "FRAMING_LIMITS"


def limit(name: str) -> int:
    """The limit of this name, as the user raised it."""
    return int(LIMITS[name] * _factor())


def how_to_raise(name: str, found: float = 0) -> str:
    """The end of a refusal: which limit it was, and the setting that allows this file, or doubles the limits."""
    needed = found / LIMITS[name] if found else 2 * _factor()
    return f"The limit is {limit(name):,} {name}; {FACTOR}={math.ceil(needed)} in the environment raises it."


def free_memory() -> int | None:
    """Bytes that this process may still take, or None where the system does not say."""
    bounds = [_number(Path("/proc/meminfo"), r"MemAvailable:\s*(\d+)", 1024)]
    group = Path("/sys/fs/cgroup")
    most, used = (_number(group / name, r"(\d+)") for name in ("memory.max", "memory.current"))
    bounds += [most - used] if most is not None and used is not None else []
    if os.name == "posix":
        import resource

        held = _number(Path("/proc/self/statm"), r"(\d+)", os.sysconf("SC_PAGE_SIZE"))
        most = resource.getrlimit(resource.RLIMIT_AS)[0]
        bounds += [most - held] if most != resource.RLIM_INFINITY and held is not None else []
    return max(0, min(known)) if (known := [bound for bound in bounds if bound is not None]) else None


def lacking_memory(size: int) -> str:
    """Why a file of so many bytes does not fit into memory; nothing where it fits, or this is unknown."""
    free, needed = free_memory(), NEEDED * size
    if free is None or needed <= free * max(1, _factor()):
        return ""
    return f"it needs about {needed / 1e9:.1f} GB of memory, {free / 1e9:.1f} GB are free. Give it in parts."


def _factor() -> float:
    given = os.environ.get(FACTOR, "1")
    if not re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", given) or float(given) == 0:
        raise ValueError(f"{FACTOR}: not a number above 0. Found: {given!r}. 2 doubles all limits.")
    return float(given)


def _number(path: Path, pattern: str, unit: int = 1) -> int | None:
    try:
        found = re.search(pattern, path.read_text())
    except OSError:
        return None
    return int(found[1]) * unit if found else None
