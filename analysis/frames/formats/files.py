"""Lexicons in and out of files, and what a format cannot hold."""

import re
import warnings
from collections.abc import Sequence
from importlib.resources import files
from os import PathLike
from pathlib import Path

import pandas as pd
import yaml

from analysis.corpus.files import write_whole
from analysis.corpus.readers.decoding import decoded
from analysis.corpus.readers.source import Source
from analysis.frames.formats.known import FORMATS, OURS, checked_name, format_name
from analysis.frames.formats.quanteda import is_ours
from analysis.frames.formats.reading import lexicon_of
from analysis.frames.formats.terms import Loss
from analysis.frames.formats.writing import terms_of
from analysis.frames.grammar.yaml_form import parsed
from analysis.frames.grammar.yaml_written import written
from analysis.frames.lexicon import Lexicon

XML_ENCODING = re.compile(rb"""\A\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.-]+)["']""")


def load_lexicon(name: str = "russia-china") -> Lexicon:
    """A lexicon that ships with the package.

    Raises:
        ValueError: no such lexicon; those that ship are named.

    >>> load_lexicon("russia-china").labels
    ['alliance', 'pragmatism', 'economy']
    """
    shelf = files("analysis.frames").joinpath("lexicons")
    shipped = sorted(Path(entry.name).stem for entry in shelf.iterdir() if entry.name.endswith(".yaml"))
    if name not in shipped:
        raise ValueError(
            f"no lexicon {name!r} ships with the package; there is {', '.join(shipped)}. "
            "Read your own with read_lexicon(path)."
        )
    return parsed(shelf.joinpath(f"{name}.yaml").read_text("utf-8"), f"{name}.yaml")


def read_lexicon(path: str | PathLike[str], *, format: str | None = None, encoding: str | None = None) -> Lexicon:
    """The lexicon in a file: this project's YAML, or a dictionary of another program.

    ==============  ======================  ==================================================================
    ``format``      suffix                  what it is
    ==============  ======================  ==================================================================
    ``yaml``        ``.yaml``, ``.yml``     the grammar told in ``analysis.frames.lexicon``; UTF-8
    ``quanteda``    ``.yaml``, ``.yml``     nested keys with lists of patterns, told from ours by their shape
    ``liwc``        ``.dic``                LIWC 2007 and 2015, nested categories too
    ``yoshikoder``  ``.ykd``, ``.lcd``      XML of Yoshikoder and Lexicoder 2
    ``wordstat``    ``.cat``                WordStat's indented categories, with weights
    ``lexicoder``   ``.lc3``                Lexicoder 3
    ``tsv``         ``.tsv``, ``.tab``      a table ``frame, pattern`` and perhaps ``weight, entry, note, source``
    ==============  ======================  ==================================================================

    In a dictionary every pattern becomes an entry, nested keys become frames with dots in their names, and
    weights above 1 are divided by the largest.

    Args:
        path: the file.
        format: one of the names above; by default the suffix says, and in YAML the shape.
        encoding: of the text, as in ``"cp1252"``; found out unless given.

    Warns:
        UserWarning: something in a dictionary has no place in a lexicon; ``lexicon_losses(path)`` lists it.

    Raises:
        ValueError: with file, line and remedy, where the file does not follow its format.
        FileNotFoundError: no such file.
    """
    lexicon, losses = read_with_losses(path, format=format, encoding=encoding)
    _tell(
        losses, f"{path}: no place in a lexicon for {{}} of its items", f"lexicon_losses({str(path)!r}) lists all"
    )
    return lexicon


def write_lexicon(lexicon: Lexicon, path: str | PathLike[str], *, format: str | None = None) -> Path:
    """The path of the file written, in the format of its suffix; ``read_lexicon`` gives the same lexicon back.

    A dictionary of another program holds less than a lexicon: choices and lists in patterns are written out as
    phrases, and what has no place in it is told.

    Args:
        lexicon: what to write.
        path: the file; an existing one is replaced.
        format: one of those ``read_lexicon`` names; ``.yaml`` is this project's grammar unless it says otherwise.

    Warns:
        UserWarning: the format cannot hold everything; ``lexicon_losses(lexicon, format)`` lists what.

    Raises:
        ValueError: an unknown format or suffix; those there are are named.
    """
    path = Path(path)
    name = format_name(path, format)
    text, losses = written_with_losses(lexicon, name)
    write_whole(path, text)
    _tell(
        losses,
        f"{path}: no place in it for {{}} items of the lexicon",
        f"lexicon_losses(lexicon, {name!r}) lists all",
    )
    return path


def lexicon_losses(
    lexicon: Lexicon | str | PathLike[str], format: str | None = None, *, encoding: str | None = None
) -> pd.DataFrame:
    """What is lost between a lexicon and another program's dictionary, a row each.

    Args:
        lexicon: a lexicon, for what writing it in ``format`` loses; or a file, for what reading it loses.
        format: one of those ``read_lexicon`` names; needed with a lexicon.
        encoding: of a file's text; found out unless given.

    Returns:
        ``frame, entry, what, why``; ``frame`` and ``entry`` are empty where something concerns all of them.

    >>> from analysis.frames.lexicon import Entry, Frame, Lexicon
    >>> tiny = Lexicon("tiny", (Frame("near"),), (Entry("ally", "near", ("ally",), why="codebook"),))
    >>> lexicon_losses(tiny, "lexicoder")[["entry", "what", "why"]].head(1)
      entry           what                            why
    0  ally  why: codebook  Lexicoder's .lc3 has no notes
    """
    if not isinstance(lexicon, Lexicon):
        losses: Sequence[Loss] = read_with_losses(lexicon, format=format, encoding=encoding)[1]
    elif format is None:
        raise ValueError("lexicon_losses: name the format, as in lexicon_losses(lexicon, 'liwc').")
    else:
        losses = written_with_losses(lexicon, format)[1]
    return loss_table(losses)


def loss_table(losses: Sequence[Loss]) -> pd.DataFrame:
    """Losses as a table ``frame, entry, what, why``."""
    return pd.DataFrame(losses, columns=list(Loss._fields)).astype("str")


def read_with_losses(
    path: str | PathLike[str], *, format: str | None = None, encoding: str | None = None
) -> tuple[Lexicon, list[Loss]]:
    """The lexicon in a file, and what of the file has no place in it."""
    path = Path(path)
    name = format_name(path, format)
    if name == OURS:
        text, ours = _yaml_text(path, encoding, sure=format is not None)
        if ours:
            return parsed(text, str(path)), []
        name = "quanteda"
    else:
        text = _text(path, encoding)
    lexicon, losses = lexicon_of(FORMATS[name].read(text, str(path)), ours="patterns" in FORMATS[name].holds)
    if not lexicon.frames:
        raise ValueError(f"{path}: holds no category, so there is nothing to find. Is it {FORMATS[name].title}?")
    return lexicon, losses


def written_with_losses(lexicon: Lexicon, format: str) -> tuple[str, list[Loss]]:
    """The text of a lexicon in a format, and what of it has no place there."""
    if checked_name(format) == OURS:
        return written(lexicon), []
    held, losses = terms_of(lexicon, FORMATS[format])
    return FORMATS[format].write(held), losses


def _text(path: Path, encoding: str | None) -> str:
    """The text of a dictionary; XML names its encoding, other files leave it to be found out."""
    if encoding is None and (named := XML_ENCODING.match(path.read_bytes()[:1_000])):
        encoding = named[1].decode("ascii").lower()
    encoding = "utf-8-sig" if encoding in ("utf-8", "utf8") else encoding
    try:
        return decoded(Source(path, str(path), encoding))[0]
    except ValueError as error:
        raise ValueError(
            str(error).replace("Save the articles as CSV in", "Save the dictionary as text in")
        ) from None


def _yaml_text(path: Path, encoding: str | None, *, sure: bool) -> tuple[str, bool]:
    """The text of a YAML file, and whether it is a lexicon in our grammar, which is UTF-8."""
    try:
        text, fault = path.read_text("utf-8-sig" if encoding is None else encoding), None
    except UnicodeDecodeError as error:
        text, fault = _text(path, encoding), error
    try:
        ours = sure or is_ours(yaml.load(text, getattr(yaml, "CBaseLoader", yaml.BaseLoader)))
    except (yaml.YAMLError, RecursionError, ValueError):
        ours = True  # whose reader says what is wrong, and where
    if ours and fault:
        raise ValueError(f"{path}: byte {fault.start} is not UTF-8. Save the lexicon as UTF-8 text.")
    return text, ours


def _tell(losses: Sequence[Loss], begin: str, where: str) -> None:
    """Warns that something is lost, with the first of it."""
    if losses:
        first = losses[0]
        named = ", ".join(filter(None, [first.frame, first.entry, first.what]))
        warnings.warn(f"{begin.format(len(losses))}, first: {named}: {first.why}. {where}.", stacklevel=3)
