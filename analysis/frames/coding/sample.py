"""Which passages people should read, and the sheets in which they do."""

import re
from collections.abc import Sequence
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.corpus.files import write_whole
from analysis.corpus.tables import check_table
from analysis.frames.coding.sheets import ID, LONGEST_CELL, NOTE, TEXT, write_csv, write_workbook
from analysis.frames.lexicon import Lexicon
from analysis.frames.match import find_frames
from analysis.frames.validation.measures import Numbers
from analysis.text.places import Places

SCORES = ["none", "only negated", "one hit", "several hits"]  # what a lexicon may say of a passage, least first
UNKNOWN, CODEBOOK = "(unknown)", "codebook.md"
NAME = re.compile(r"[^\W_][\w .-]*", re.UNICODE)  # of a coder: it becomes the name of a file
INSTRUCTIONS = """# How to code
Read each passage on the sheet "passages" and answer, for each frame: does this passage present the relationship
through this frame? Type 1 for yes and 0 for no; leave the cell empty only where you cannot tell, and say why in
the column "note". Frames are independent: a passage can carry none, one or several. Do not change other cells,
and do not talk with other coders about passages before all are done."""


def sample_to_code(
    passages: pd.DataFrame,
    lexicon: Lexicon,
    *,
    articles: pd.DataFrame | None = None,
    n: int = 200,
    coders: int | Sequence[str] = 2,
    seed: int = 0,
    path: str | PathLike[str] | None = None,
    codebook: str | PathLike[str] | None = None,
) -> pd.DataFrame:
    """A stratified sample of passages for people to code, and with ``path`` the sheets in which they do.

    Passages are drawn from outlets × what the lexicon says (no hit, only negated, one hit, several hits), as
    evenly as there are passages, so that misses can be seen as well as false hits and small outlets as well as
    large ones. That is no picture of the corpus until each passage counts for as many as it stands for:
    ``validate`` does so with the column ``weight``. The draw is systematic along the list of strata, passages in
    chance order within (Madow 1949): any ``n`` is held, and each passage's probability is exact.

    Args:
        passages: from ``passages``.
        lexicon: the instrument to be measured.
        articles: says each passage's ``outlet``, and its ``story_id`` after ``mark_copies``; without it, columns
            of these names in ``passages`` do.
        n: how many passages; all where there are no more.
        coders: how many, or their names. Each codes every passage, in an order of their own.
        seed: the same seed draws the same passages and gives the same sheets, byte for byte.
        path: a folder for the sheets, made if need be: for each coder ``NAME.xlsx``, with the codebook on the
            first sheet, and ``NAME.csv``, of which one is filled in; and ``codebook.md``. Coders see neither
            outlet nor score nor weight. No file is ever overwritten.
        codebook: its text, or a file (``.md`` or ``.txt``); by default the meanings of the lexicon's frames.

    Returns:
        The rows of ``passages`` that were drawn, in their order, with ``outlet``, ``story_id`` if known,
        ``score``, ``probability`` of being drawn and ``weight`` (one over it). Give it to ``read_codes``.
        ``.attrs["strata"]`` lists ``outlet, score, passages, drawn`` for ``pd.DataFrame``.

    Raises:
        ValueError: a column is missing, ``n`` or ``coders`` cannot be, or a text is too long for a cell.
        FileExistsError: a sheet is there already.

    >>> passages = pd.DataFrame({"passage_id": ["a:0", "a:1"], "doc_id": ["a", "a"], "start": [0, 31],
    ...                          "text": ["Russia and China are friends.", "China met Russia."]})
    >>> from analysis.frames.formats import load_lexicon
    >>> sample_to_code(passages, load_lexicon(), n=2)[["passage_id", "score", "weight"]]
      passage_id    score  weight
    0        a:0  one hit     1.0
    1        a:1     none     1.0
    """
    check_table(passages, "passages", [ID, "doc_id", "start", TEXT], key=ID)
    if not isinstance(n, int) or n < 1:
        raise ValueError(f"n is {n!r}; a sample holds a whole number of passages, at least one.")
    names = _coders(coders)
    known = _known(passages.astype({ID: "str", "doc_id": "str"}).reset_index(drop=True), articles).assign(
        score=_scores(passages, lexicon)
    )
    stratum = pd.factorize(pd.MultiIndex.from_frame(known[["outlet", "score"]]), sort=True)[0]
    probability = _probabilities(stratum, min(n, len(known)))
    rng = np.random.default_rng(seed)
    drawn = _drawn(stratum, probability, rng)
    sample = known.assign(probability=probability, weight=1 / probability).iloc[drawn].reset_index(drop=True)
    sample.attrs["strata"] = _strata(known, drawn)
    sample.attrs["frames"] = lexicon.labels
    if path is not None:
        _write_sheets(sample, lexicon, names, Path(path), _codebook(codebook, lexicon), seed)
    return sample


def _coders(coders: int | Sequence[str]) -> list[str]:
    names = [f"coder{at}" for at in range(1, coders + 1)] if isinstance(coders, int) else list(coders)
    if isinstance(coders, str) or not names:
        raise ValueError(f"coders is {coders!r}; give how many there are, or a list of their names.")
    for name in names:
        if not isinstance(name, str) or not NAME.fullmatch(name) or name[-1] in ". " or name == "codebook":
            raise ValueError(f"coders: {name!r} cannot name a file. Use letters, digits, dots and dashes.")
    if len({name.casefold() for name in names}) < len(names):
        raise ValueError(f"coders: two of {names} are alike but for case. Give each a name of their own.")
    return names


def _known(passages: pd.DataFrame, articles: pd.DataFrame | None) -> pd.DataFrame:
    """The passages with their outlet and, if known, their story."""
    if articles is None:
        outlet = passages["outlet"] if "outlet" in passages else pd.Series(UNKNOWN, index=passages.index)
        return passages.assign(outlet=outlet.astype("str").fillna(UNKNOWN))
    check_table(articles, "articles", ["doc_id", "outlet", "text"], key="doc_id")
    articles = articles.astype({"doc_id": "str"})
    strangers = ~passages["doc_id"].isin(articles["doc_id"])
    if strangers.any():
        raise ValueError(
            f"passages: article {passages.loc[strangers, 'doc_id'].iloc[0]!r} is not among the articles. "
            "Give the articles that the passages were cut from."
        )
    by_article = articles.set_index("doc_id")
    facts = {name: passages["doc_id"].map(by_article[name]) for name in ("outlet", "story_id") if name in articles}
    return passages.assign(
        **facts | {"outlet": facts["outlet"].astype("str").replace("", UNKNOWN).fillna(UNKNOWN)}
    )


def _scores(passages: pd.DataFrame, lexicon: Lexicon) -> "pd.Categorical[str]":
    hits = find_frames(passages, lexicon)
    negated = hits["negated"].to_numpy(dtype=bool)
    place = pd.Index(passages[ID].astype("str"))
    counts = np.zeros((2, len(place)), dtype=np.int64)
    np.add.at(counts, (negated.astype(np.int64), place.get_indexer(pd.Index(hits["passage_id"]))), 1)
    said, denied = counts
    codes = np.where(said > 0, np.minimum(said, 2) + 1, (denied > 0).astype(np.int64))
    return pd.Categorical(np.array(SCORES)[codes], SCORES, ordered=True)


def _probabilities(stratum: Places, n: int) -> Numbers:
    """Of each passage to be drawn: each stratum the same number, or all it has; they sum to ``n``."""
    sizes = np.bincount(stratum).astype(np.float64)
    taken = np.zeros_like(sizes)
    while (left := n - taken.sum()) > 1e-9:  # at most one turn a stratum: each fills one or gives all
        open_ = taken < sizes
        taken[open_] = np.minimum(sizes[open_], taken[open_] + left / open_.sum())
    return np.asarray((taken / np.maximum(sizes, 1))[stratum])


def _drawn(stratum: Places, probability: Numbers, rng: np.random.Generator) -> Places:
    """Places of the passages drawn: every whole step along the summed probabilities, from a chance start."""
    order = np.lexsort([rng.random(len(stratum)), stratum])
    reached = np.round(np.cumsum(probability[order]), 9)
    steps = rng.random() + np.arange(round(probability.sum()))
    return np.sort(order[np.minimum(np.searchsorted(reached, steps, side="right"), len(order) - 1)])


def _strata(known: pd.DataFrame, drawn: Places) -> list[dict[str, str | int]]:
    sizes = known.assign(passages=1, drawn=np.isin(np.arange(len(known)), drawn).astype(np.int64))
    table = sizes.groupby(["outlet", "score"], observed=True)[["passages", "drawn"]].sum().reset_index()
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _codebook(codebook: str | PathLike[str] | None, lexicon: Lexicon) -> str:
    if codebook is None:
        frames = [f"## {frame.name}\n{frame.meaning or '(the lexicon does not say)'}" for frame in lexicon.frames]
        return "\n\n".join([INSTRUCTIONS, *frames]) + "\n"
    is_file = not isinstance(codebook, str) or ("\n" not in codebook and codebook.endswith((".md", ".txt")))
    return Path(codebook).read_text("utf-8-sig") if is_file else str(codebook)


def _write_sheets(
    sample: pd.DataFrame, lexicon: Lexicon, coders: list[str], folder: Path, codebook: str, seed: int
) -> None:
    _check_sheets(sample, lexicon.labels, coders, folder)
    if (folder / CODEBOOK).exists() and (folder / CODEBOOK).read_text("utf-8") != codebook:
        raise FileExistsError(f"{folder / CODEBOOK} is there already, and another one. Name another folder.")
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / CODEBOOK, codebook)
    meanings = {frame.name: frame.meaning for frame in lexicon.frames}
    for at, coder in enumerate(coders):
        order = np.random.default_rng([seed, at]).permutation(len(sample))
        write_workbook(folder / f"{coder}.xlsx", sample.iloc[order], meanings, codebook)
        write_csv(folder / f"{coder}.csv", sample.iloc[order], list(meanings))


def _check_sheets(sample: pd.DataFrame, frames: list[str], coders: list[str], folder: Path) -> None:
    if taken := sorted({ID, TEXT, NOTE} & {frame.strip().casefold() for frame in frames}):
        raise ValueError(f"lexicon: a frame is called {taken[0]!r}, and so is a column of the sheet. Rename it.")
    if folder.exists() and not folder.is_dir():
        raise FileExistsError(f"{folder} is a file; the sheets need a folder. Name one with path=….")
    there = [folder / f"{coder}{end}" for coder in coders for end in (".xlsx", ".csv")]
    if found := [path for path in there if path.exists()]:
        raise FileExistsError(
            f"{found[0]} is there already, and may hold codes. Move it, or name another folder with path=…."
        )
    letters = sample.set_index(ID)[TEXT].str.len()
    if letters.max() > LONGEST_CELL:
        raise ValueError(
            f"passages: the text of {letters.idxmax()!r} has {letters.max():,} characters; a cell holds "
            f"{LONGEST_CELL:,}. Sample sentences: an.passages(articles, unit='sentence')."
        )
