"""Coder and lexicon on stories that the coder has not seen."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.corpus.copies import mark_copies
from analysis.frames.coder.features import Seen
from analysis.frames.coder.linear import fitted
from analysis.frames.lexicon import Entry, Frame, Lexicon
from analysis.frames.validate import validate

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

MACRO = "macro F1"


def stories(coded: pd.DataFrame) -> "pd.Series[str]":
    """The story of each coded passage: ``story_id``; else ``article`` or ``doc_id``, reprints being one story.

    Raises:
        ValueError: none of these columns is there, or a value is missing.
    """
    source = next((name for name in ("story_id", "article", "doc_id") if name in coded), None)
    if source is None:
        raise ValueError(
            f"coded passages: no column 'story_id', 'article' or 'doc_id'; there is {', '.join(map(str, coded))}. "
            "Say which article each passage is from, so that no story is both learned from and tested on."
        )
    if coded[source].isna().any():
        row = int(coded[source].isna().to_numpy().argmax())
        raise ValueError(
            f"coded passages: {source} is missing in row {row} (from 0). Say where the passage is from."
        )
    names = coded[source].astype("str")
    if source == "story_id":
        return names
    articles = coded["text"].groupby(names).agg("\n".join).rename_axis("doc_id").reset_index()
    return names.map(mark_copies(articles).set_index("doc_id")["story_id"])


def held_out(passages: Seen, codes: Flags, story: "pd.Series[str]", folds: int) -> Floats:
    """The probability of each frame in each passage, by models that learned from other stories only."""
    from sklearn.model_selection import GroupKFold

    found = np.zeros(codes.shape)
    for learned, tested in GroupKFold(folds).split(codes, groups=story.to_numpy(dtype=object)):
        found[tested] = fitted(passages.rows(learned), codes[learned]).probability(passages.rows(tested))
    return found


def measured(
    said: pd.DataFrame, coded: pd.DataFrame, story: "pd.Series[str]", *, draws: int, seed: int
) -> pd.DataFrame:
    """The table of ``validate`` for any labels: written as words, and read by a lexicon of these words."""
    words = [f"frame{chr(97 + at // 26)}{chr(97 + at % 26)}" for at in range(said.shape[1])]
    texts = [" ".join(word for word, yes in zip(words, row, strict=True) if yes) for row in said.to_numpy()]
    labels = [str(label) for label in said]
    frames = tuple(Frame(name=label, negation=False) for label in labels)
    entries = tuple(
        Entry(name=word, frame=label, match=(word,)) for word, label in zip(words, labels, strict=True)
    )
    written = coded[labels].assign(text=texts, story_id=story)
    reader = Lexicon(name="labels", frames=frames, entries=entries)
    return validate(reader, written, cluster="story_id", draws=draws, seed=seed)


def differences(
    coder: Flags,
    lexicon: Flags,
    codes: Flags,
    story: "pd.Series[str]",
    labels: Sequence[str],
    *,
    draws: int,
    seed: int,
) -> pd.DataFrame:
    """``frame, coder, lexicon, difference, low, high``: F1 of each frame and their mean, the last row.

    95% percentile intervals over resampled stories (Efron 1979), the same for both.
    """
    code, names = pd.factorize(story, sort=True)
    cells = np.zeros(
        (len(names), 2, codes.shape[1], 2)
    )  # story × instrument × frame × (both say yes, they differ)
    for at, said in enumerate((coder, lexicon)):
        np.add.at(cells[:, at], code, np.stack([said & codes, said ^ codes], axis=-1))
    weights = np.random.default_rng(seed).multinomial(len(names), np.full(len(names), 1 / len(names)), size=draws)
    point, drawn = _f1(cells.sum(axis=0)), _f1(np.tensordot(weights, cells, axes=1))
    low, high = np.nanquantile(drawn[:, 0] - drawn[:, 1], [0.025, 0.975], axis=0)
    return pd.DataFrame(
        {
            "frame": [*labels, MACRO], "coder": point[0], "lexicon": point[1],
            "difference": point[0] - point[1], "low": low, "high": high,
        }
    )  # fmt: skip


def _f1(cells: Floats) -> Floats:
    """F1 along the frames, then their mean; one without a case counts as missing."""
    both, differing = np.moveaxis(cells, -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        f1 = 2 * both / (2 * both + differing)
    return np.concatenate([f1, f1.mean(axis=-1, keepdims=True)], axis=-1)
