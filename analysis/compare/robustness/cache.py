"""Results kept on disk, each with its inputs and a checksum; if in doubt, they are measured again."""

import json
import os
import warnings
from collections.abc import Mapping
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any

from analysis.compare.robustness.measures import FIGURES
from analysis.corpus.files import from_json, write_whole
from analysis.corpus.provenance import digest, versions

ROOMS = ("corpus", "text", "frames", "topics", "compare")
PACKAGES = (  # those that decide what a text, once read, counts for
    "numpy", "scipy", "pandas", "pyarrow", "scikit-learn", "gensim", "tomotopy", "krippendorff", "networkx",
    "simplemma", "py3langid", "stopwordsiso", "babel", "rjieba",
)  # fmt: skip

Figures = dict[str, Any]


class Cache:
    """Figures by the digest of what they were made from; without a folder it keeps nothing.

    A damaged or altered entry counts as missing. A folder that cannot be written is a warning.
    """

    def __init__(self, folder: Path | None, origin: Any) -> None:
        self.folder = folder
        self.origin = digest([origin, code_digest(), versions(PACKAGES)]) if folder else ""

    def load(self, choices: Mapping[str, Any]) -> Figures | None:
        """The figures of these choices, if they were kept intact."""
        if self.folder is None:
            return None
        key = digest([self.origin, choices])
        try:
            entry = from_json((self.folder / f"{key}.json").read_text("utf-8"))
            figures = entry["figures"]
            intact = entry["checksum"] == digest([key, figures]) and list(figures) == sorted(FIGURES)
            known = all(value is None or isfinite(value) for value in figures.values())
        except (OSError, ValueError, TypeError, KeyError, AttributeError):  # missing, damaged or of another form
            return None
        return figures if intact and known else None

    def save(self, choices: Mapping[str, Any], figures: Figures) -> None:
        """Writes the figures; after a failure nothing more is written."""
        if self.folder is None:
            return
        key = digest([self.origin, choices])
        entry = {"figures": figures, "checksum": digest([key, figures])}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(self.folder / f"{key}.json", json.dumps(entry, sort_keys=True))
        except OSError as error:
            warnings.warn(
                f"robustness: results cannot be kept in {self.folder} ({error.strerror or error}). They are "
                "complete, but a second run measures them again. Name another folder with cache=, or cache=None.",
                stacklevel=3,
            )
            self.folder = None


def default_folder() -> Path | None:
    """Where results are kept by default; None where the user has no home directory."""
    base = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "outlet-framing" / "robustness"
    except RuntimeError:
        warnings.warn(
            "robustness: results cannot be kept: the home directory is not known. Name a folder with cache=.",
            stacklevel=3,
        )
        return None


@cache
def code_digest() -> str:
    """The sha256 of the code and rules that results depend on: a changed line makes old results unreachable."""
    root = Path(__file__).resolve().parents[2]
    files = sorted(path for room in ROOMS for path in (root / room).rglob("*") if path.suffix in (".py", ".yaml"))
    return digest([[path.relative_to(root).as_posix(), path.read_text("utf-8")] for path in files])
