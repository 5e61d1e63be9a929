"""A folder of text files, with or without a table that tells about them."""

from pathlib import Path

import pandas as pd

from .decoding import decoded
from .delimited import read_delimited

TABLE = "articles.csv"


def read_folder(path: Path, encoding: str | None) -> tuple[pd.DataFrame, str]:
    """A row a ``.txt`` file, labelled by its name, and the encodings found.

    A table ``articles.csv`` in the folder names each text in its column ``file`` and gives its outlet, date
    and so on. Without it ``doc_id`` is the file's name, and the outlet the sub-folder it lies in, if any.
    """
    found = {file.relative_to(path).as_posix(): decoded(file, encoding) for file in sorted(path.rglob("*.txt"))}
    if not found:
        raise ValueError(f"{path}: the folder holds no .txt file. It needs a text file an article.")
    texts = {name: text for name, (text, _) in found.items()}
    encodings = ", ".join(sorted({used for _, used in found.values()}))
    return (_described(path, texts) if (path / TABLE).exists() else _named(texts)), encodings


def _named(texts: dict[str, str]) -> pd.DataFrame:
    names = [Path(name) for name in texts]
    return pd.DataFrame(
        {
            "doc_id": [name.with_suffix("").as_posix() for name in names],
            "outlet": [name.parent.name for name in names],
            "text": list(texts.values()),
        },
        index=list(texts),
    )


def _described(path: Path, texts: dict[str, str]) -> pd.DataFrame:
    table, _ = read_delimited(path / TABLE, None)
    if "file" not in table:
        raise ValueError(f"{path / TABLE}: no column 'file'; it has {list(table)}. It must name each text file.")
    if missing := sorted(set(table["file"]) - set(texts)):
        raise ValueError(
            f"{path / TABLE}: it names {missing[0]!r}, which the folder does not hold. Correct the name."
        )
    if left := sorted(set(texts) - set(table["file"])):
        raise ValueError(f"{path / TABLE}: no row for {left[0]!r}. Add it, or take the file out of the folder.")
    return table.assign(text=table["file"].map(texts))
