"""Lexicons in and out of files, and what a format cannot hold."""

import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import is_dataclass
from functools import cache
from importlib.resources import files
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from analysis.corpus.files import write_whole
from analysis.corpus.readers.decoding import GUESSED, decoded
from analysis.corpus.readers.source import Source
from analysis.corpus.tables import found_names, refuse_unknown
from analysis.frames.conditions import Negation, own_values
from analysis.frames.formats.conversion import lexicon_of, terms_of
from analysis.frames.formats.dictionary import Loss
from analysis.frames.formats.lines import LEXICODER, LIWC, WORDSTAT
from analysis.frames.formats.read_yaml import keys_of, parsed
from analysis.frames.formats.table import TABLE, WORKBOOKS, Columns, by_commas, of_json, of_workbook, read_columns
from analysis.frames.formats.trees import QUANTEDA, YOSHIKODER, is_ours
from analysis.frames.lexicon import Frame, Lexicon

XML_ENCODING = re.compile(rb"""\A\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.-]+)["']""")
OURS = "yaml"
FORMATS = {kind.name: kind for kind in (QUANTEDA, LIWC, YOSHIKODER, WORDSTAT, LEXICODER, TABLE)}
NAMES = (OURS, *FORMATS)
SUFFIXES = {end: kind.name for kind in FORMATS.values() for end in kind.suffixes} | dict.fromkeys(
    QUANTEDA.suffixes, OURS
)
# LIWC-22's .dicx is a table of words and the categories marked for each.
READ_ONLY = dict.fromkeys([".dicx", *WORKBOOKS], TABLE.name) | {".json": QUANTEDA.name}
# How the text of a format begins, to say which one a file under a wrong suffix is in.
BEGINS = {
    "yoshikoder": re.compile(r"\s*<(\?xml|dictionary)\b"),
    "liwc": re.compile(r"\s*%\s"),
    "lexicoder": re.compile(r"\s*\+\w"),
}
R_CODE = re.compile(r"\s*(\w+\s*<-|(dictionary|list|structure|c)\(|Dictionary object)")


def read_lexicon(
    source: str | PathLike[str],
    *,
    format: str | None = None,
    encoding: str | None = None,
    columns: Columns | None = None,
) -> Lexicon:
    """Lexicon that ships with the package, or that of a file: this project's YAML or another program's dictionary.

    ==============  ============================  ============================================================
    ``format``      suffix                        what it is
    ==============  ============================  ============================================================
    ``yaml``        ``.yaml``, ``.yml``           this project's grammar, see :class:`Lexicon`; UTF-8
    ``quanteda``    ``.yaml``, ``.yml``           nested keys with lists of patterns, recognised by their shape
    ``liwc``        ``.dic``                      LIWC 2007 and 2015, nested categories too
    ``yoshikoder``  ``.ykd``, ``.lcd``            XML of Yoshikoder and Lexicoder 2
    ``wordstat``    ``.cat``                      WordStat's indented categories, with weights
    ``lexicoder``   ``.lc3``                      Lexicoder 3
    ``tsv``         ``.tsv .tab .csv .txt``       columns ``frame, pattern`` and perhaps ``weight, entry, note,
                                                  source``, or others that ``columns`` names; or a word and its
                                                  categories, marked X or 1, as in LIWC-22's ``.dicx``. The first
                                                  sheet of ``.xlsx .xls .ods`` is read so, too, and ``.json`` as
                                                  what it holds: nested keys, or rows
    ==============  ============================  ============================================================

    In a dictionary every pattern becomes an entry, nested keys become frames with dots in their names, and
    weights above 1 are divided by the largest. A file all in capitals is read in lower case. Its language is taken
    for English; ``dataclasses.replace(lexicon, language="de")``, or ``language: de`` in YAML, says otherwise.

    Parameters
    ----------
    source : str or path
        The name of a shipped lexicon, or a file.
    format : str, optional
        One of the names above; by default by suffix, and in YAML by shape.
    encoding : str, optional
        Of the text, as in ``"cp1252"``. By default detected; a guess is reported as a warning.
    columns : mapping, optional
        For word lists as published: which column, by name or number from 1, holds what. ``pattern`` is needed; a
        list of columns for words in a row. ``frame`` may be one column, or a list of columns with a score or mark
        each; without it frames are ``positive`` and ``negative``, by the sign of ``weight``, and without weights
        one frame has the file's name. ``forms`` names a column of further spellings, divided by commas. A list of
        frames alone are columns with their words.

        ==================  =====================================================================
        NRC (word level)    ``{"pattern": 1, "frame": 2, "weight": 3}``
        eMFD                ``{"pattern": "word", "frame": ["care_p", "fairness_p", …]}``
        AFINN               ``{"pattern": 1, "weight": 2}``
        SentiWS             ``{"pattern": 1, "weight": 2, "forms": 3}``
        General Inquirer    ``{"pattern": "Entry", "frame": ["Positiv", "Negativ"]}``
        ==================  =====================================================================

    Returns
    -------
    Lexicon
        Its frames and entries in the order of the file.

    Warns
    -----
    UserWarning
        Something in a dictionary has no place in a lexicon; ``lexicon_losses(path)`` lists it.

    Examples
    --------
    >>> read_lexicon("russia-china").labels
    ['alliance', 'pragmatism', 'economy']
    """
    if isinstance(source, str) and "/" not in source and not Path(source).suffix and not Path(source).exists():
        return _shipped(source)
    lexicon, losses = read_with_losses(source, format, encoding, columns)
    _warn(losses, f"{source}: no place in a lexicon for {len(losses)} of its items", repr(str(source)))
    return lexicon


@cache  # a lexicon does not change, and keeps its patterns once they are read
def _shipped(name: str) -> Lexicon:
    shelf = files("analysis.frames").joinpath("lexicons")
    shipped = sorted(Path(entry.name).stem for entry in shelf.iterdir() if entry.name.endswith(".yaml"))
    if name not in shipped:
        known = found_names(name, shipped, "Give the path of a lexicon file, as in 'mine.yaml'.")
        what = f"lexicon {name!r} does not ship with the package, and a file of this name does not exist"
        raise ValueError(f"{what}. {known}")
    return parsed(shelf.joinpath(f"{name}.yaml").read_text("utf-8"), f"{name}.yaml")


def write_lexicon(lexicon: Lexicon, path: str | PathLike[str], *, format: str | None = None) -> Path:
    """Path of the file written, in the format of its suffix; ``read_lexicon`` gives the same lexicon back.

    A dictionary of another program holds less than a lexicon: choices and lists in patterns are written out as
    phrases. ``format`` is as in ``read_lexicon``; ``.yaml`` is by default this project's grammar.

    Returns
    -------
    Path
        The file written; an existing one is replaced.

    Warns
    -----
    UserWarning
        The format cannot hold everything; ``lexicon_losses(lexicon, format)`` lists what.

    Examples
    --------
    >>> import tempfile
    >>> path = write_lexicon(read_lexicon("russia-china"), Path(tempfile.mkdtemp(), "mine.yaml"))
    >>> read_lexicon(path) == read_lexicon("russia-china")
    True
    """
    path = Path(path)
    name = target_format(path, format)
    text, losses = written_with_losses(lexicon, name, commas=path.suffix.lower() == ".csv")
    write_whole(path, text)
    _warn(losses, f"{path}: no place in it for {len(losses)} items of the lexicon", f"lexicon, {name!r}")
    return path


def lexicon_losses(
    lexicon: Lexicon | str | PathLike[str],
    format: str | None = None,
    *,
    encoding: str | None = None,
    columns: Columns | None = None,
) -> pd.DataFrame:
    """What is lost between a lexicon and another program's dictionary, a row each.

    Of a lexicon, what writing it in ``format`` loses; of a file, what reading it loses, with the arguments of
    ``read_lexicon``.

    Returns
    -------
    DataFrame
        ``frame, entry, what, why``; frame and entry are empty where something concerns all of them.

    Examples
    --------
    >>> from analysis.frames.lexicon import Entry
    >>> tiny = Lexicon("tiny", entries=[Entry("ally", "near", why="codebook")])
    >>> lexicon_losses(tiny, "lexicoder")[["entry", "what", "why"]].head(1)
      entry           what                            why
    0  ally  why: codebook  Lexicoder's .lc3 has no notes
    """
    if not isinstance(lexicon, Lexicon):
        losses: Sequence[Loss] = read_with_losses(lexicon, format, encoding, columns)[1]
    elif format is None:
        raise ValueError("lexicon_losses: name the format, as in lexicon_losses(lexicon, 'liwc').")
    else:
        losses = written_with_losses(lexicon, format)[1]
    return pd.DataFrame(losses, columns=list(Loss._fields)).astype("str")


def format_name(path: Path, format: str | None) -> str:
    """A file's format, as given or by its suffix; YAML is a lexicon until its content shows otherwise."""
    if format is not None:
        refuse_unknown("format", format, "a format", NAMES)
        return format
    if (suffix := path.suffix.lower()) in READ_ONLY:
        return READ_ONLY[suffix]
    if suffix not in SUFFIXES:
        known = ", ".join([*SUFFIXES, *READ_ONLY])
        raise ValueError(
            f"{path}: the suffix is not that of a lexicon format ({known}). Found: {suffix!r}. "
            f"Rename the file, or name its format with format=, one of {', '.join(NAMES)}."
        )
    return SUFFIXES[suffix]


def target_format(path: Path, format: str | None) -> str:
    """The format in which a file is written."""
    if path.suffix.lower() in READ_ONLY:
        other = ".dic, which LIWC reads, too" if path.suffix.lower() == ".dicx" else ".tsv"
        raise ValueError(f"{path}: this format is read, not written. Write {path.stem}{other}.")
    return format_name(path, format)


def read_with_losses(
    path: str | PathLike[str],
    format: str | None = None,
    encoding: str | None = None,
    columns: Columns | None = None,
) -> tuple[Lexicon, list[Loss]]:
    """The lexicon in a file, and what of the file has no place in it."""
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"{path}: the file does not exist. Give the path of a lexicon file.")
    name = format_name(path, TABLE.name if columns and format is None else format)
    if columns and name != TABLE.name:
        raise ValueError(f"columns: only a table has them. Found: format={name!r}. Leave one of them out.")
    text, notes = _text(path, encoding)
    text = text.replace("\xad", "")  # nobody sees a soft hyphen, and texts lose theirs
    if path.suffix.lower() == ".json":
        text, in_rows = of_json(text, str(path))
        name = TABLE.name if in_rows else name
    if name == OURS and (format is not None or is_ours(text, str(path))):
        if notes:
            raise ValueError(f"{path}: not UTF-8. Save the lexicon as UTF-8 text, or name its encoding.")
        return parsed(text, str(path)), []
    kind = QUANTEDA if name == OURS else FORMATS[name]
    try:
        dictionary = read_columns(text, str(path), columns) if columns else kind.read(text, str(path))
    except ValueError as error:
        other = next((other for other, begin in BEGINS.items() if other != kind.name and begin.match(text)), None)
        hint = f" The file looks like {FORMATS[other].title}: format={other!r}." if other else ""
        if R_CODE.match(text):
            remedy = "Write the dictionary with writeLines(quanteda::as.yaml(dictionary), 'mine.yaml') there."
            raise ValueError(f"{path}: it looks like code or output of R. {remedy}") from None
        raise ValueError(f"{error}{hint}") from None
    lexicon, losses = lexicon_of(dictionary, ours="patterns" in kind.holds and not columns)
    if not lexicon.entries:
        why = f" Left out: {losses[0].entry or losses[0].what}, {losses[0].why}." if losses else ""
        what = f"no pattern in a category, so there is nothing to find.{why} Is it {kind.title}?"
        raise ValueError(f"{path}: {what}")
    return lexicon, [*notes, *losses]


def written_with_losses(lexicon: Lexicon, format: str, *, commas: bool = False) -> tuple[str, list[Loss]]:
    """The text of a lexicon in a format, and what of it has no place there; a table by tabs, or by ``commas``."""
    if format_name(Path(), format) == OURS:
        return written(lexicon), []
    dictionary = terms_of(lexicon, FORMATS[format])
    text = FORMATS[format].write(dictionary)
    return by_commas(text) if commas and format == TABLE.name else text, dictionary.losses


def _text(path: Path, encoding: str | None) -> tuple[str, list[Loss]]:
    """The text of a dictionary, and a note where its encoding was guessed; XML names its encoding."""
    if path.suffix.lower() in WORKBOOKS:
        return of_workbook(Source(path, str(path)))
    if encoding is None and (named := XML_ENCODING.match(path.read_bytes()[:1_000])):
        encoding = named[1].decode("ascii").lower()
    encoding = "utf-8-sig" if encoding in ("utf-8", "utf8") else encoding
    try:
        text, used = decoded(Source(path, str(path), encoding))
    except ValueError as error:
        what = str(error).replace("Save the articles as CSV in", "Save the dictionary as text in")
        raise ValueError(what) from None
    if encoding or used not in GUESSED:
        return text, []
    why = f"guessed to be {used}, of which a short file gives little evidence; save it as UTF-8 or name it"
    return text, [Loss("", "", "encoding", why)]


def _warn(losses: Sequence[Loss], begin: str, given: str) -> None:
    if losses:
        where = f"To list all: analysis.frames.formats.files.lexicon_losses({given})"
        warnings.warn(f"{begin}, first: {losses[0]}. {where}.", stacklevel=3)


def written(lexicon: Lexicon) -> str:
    """The YAML text of a lexicon: what ``parsed`` reads back to the same."""
    root = _part(lexicon, "a lexicon")
    if lexicon.parallel:
        root["languages"] = {one.language: _part(one, "a language") for one in lexicon.parallel}
    return yaml.safe_dump(root, sort_keys=False, allow_unicode=True, width=110)


def _part(thing: Any, part: str) -> dict[str, Any]:
    """The keys of a part of a lexicon that have a value of their own, in their order."""
    own = own_values(thing)
    if isinstance(thing, Negation):
        own = {"scope": thing.scope, **own, "except": thing.exceptions}
    if isinstance(thing, Lexicon):
        own["frames"] = _frames(thing)
    return {key: _plain(own[key], key) for key in keys_of(part) if own.get(key)}


def _plain(value: Any, key: str) -> Any:
    if is_dataclass(value):
        return _part(value, key)
    if isinstance(value, Mapping):
        return {name: _plain(held, name) for name, held in value.items()}
    return list(value) if isinstance(value, tuple) else value


def _frames(lexicon: Lexicon) -> dict[str, Any]:
    """The frames in order; a dot in a name puts it within another."""
    earlier: dict[str, Frame] = {}
    nodes: dict[str, dict[str, Any]] = {}
    for frame in lexicon.frames:
        outer = earlier.get(frame.name.rpartition(".")[0], Frame(""))
        nodes[frame.name] = {"meaning": frame.meaning} if frame.meaning else {}
        for key in ("negation", "hedging"):
            if (given := getattr(frame, key)) != getattr(outer, key):
                nodes[frame.name][key] = "applied" if given else "ignored"
        entries = [_part(entry, "an entry") for entry in lexicon.entries if entry.frame == frame.name]
        nodes[frame.name]["entries"] = entries
        earlier[frame.name] = frame
    return nodes
