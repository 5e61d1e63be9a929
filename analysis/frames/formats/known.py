"""The formats there are, and which of them a file is in."""

from pathlib import Path

from analysis.frames.formats.lexicoder import LEXICODER
from analysis.frames.formats.liwc import LIWC
from analysis.frames.formats.quanteda import QUANTEDA
from analysis.frames.formats.tsv import TSV
from analysis.frames.formats.wordstat import WORDSTAT
from analysis.frames.formats.yoshikoder import YOSHIKODER

OURS = "yaml"
FORMATS = {kind.name: kind for kind in (QUANTEDA, LIWC, YOSHIKODER, WORDSTAT, LEXICODER, TSV)}
NAMES = (OURS, *FORMATS)


def format_name(path: Path, format: str | None) -> str:
    """The name of a file's format, as given or by its suffix; YAML is a lexicon until its content says otherwise.

    Raises:
        ValueError: a suffix or a name that no format has.

    >>> format_name(Path("mfd.dic"), None)
    'liwc'
    """
    if format is not None:
        return checked_name(format)
    suffix = path.suffix.lower()
    if suffix in QUANTEDA.suffixes:
        return OURS
    found = [kind.name for kind in FORMATS.values() if suffix in kind.suffixes]
    if not found:
        known = ", ".join(
            [
                *QUANTEDA.suffixes,
                *(end for kind in FORMATS.values() if kind is not QUANTEDA for end in kind.suffixes),
            ]
        )
        raise ValueError(
            f"{path}: no format of lexicons has the suffix {suffix!r}; there are {known}. "
            f"Rename the file, or name its format with format=, one of {', '.join(NAMES)}."
        )
    return found[0]


def checked_name(format: str) -> str:
    """The name, if a format has it."""
    if format not in NAMES:
        raise ValueError(f"no format {format!r}; there is {', '.join(NAMES)}.")
    return format
