"""A first study, to be written to a folder of one's own."""

from importlib.resources import files
from os import PathLike
from pathlib import Path

from analysis.corpus.files import check_place, write_whole

STUDY = ("README.md", "articles.csv", "lexicon.yaml", "codebook.md", "study.ipynb")


def write_starter(folder: str | PathLike[str]) -> list[Path]:
    """The paths of the files of a first study, once all are there; articles and newspapers in it are made up.

    Raises
    ------
    ValueError
        A file of this name is there already; nothing is written then.
    """
    target = Path(folder).expanduser()
    check_place(target, folder=True)
    present = [name for name in STUDY if (target / name).exists()]
    if present:
        raise ValueError(f"{target}: there are files of a study already. Found: {present}. Name another folder.")
    target.mkdir(parents=True, exist_ok=True)
    return [write_whole(target / name, (files(__name__) / name).read_bytes()) for name in STUDY]
