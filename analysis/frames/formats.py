"""Lexicons in and out of files."""

from importlib.resources import files
from os import PathLike
from pathlib import Path

from analysis.frames.lexicon import Lexicon
from analysis.frames.yaml_form import parsed
from analysis.frames.yaml_written import written


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


def read_lexicon(path: str | PathLike[str]) -> Lexicon:
    """The lexicon in a YAML file; its grammar is told in ``analysis.frames.lexicon``.

    Raises:
        ValueError: with file, line, key and remedy, where the file does not follow the grammar.
        FileNotFoundError: no such file.
    """
    try:
        return parsed(Path(path).read_text("utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: byte {error.start} is not UTF-8. Save the lexicon as UTF-8 text.") from None


def write_lexicon(lexicon: Lexicon, path: str | PathLike[str]) -> Path:
    """The path of the YAML file written; ``read_lexicon`` gives the same lexicon back."""
    path = Path(path)
    path.write_text(written(lexicon), "utf-8")
    return path
