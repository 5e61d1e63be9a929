"""Which passages people should code, so that few codes make a model's outlet shares as precise as possible."""

from collections.abc import Sequence
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.arrays import Floats
from analysis.corpus.stories import passage_parts
from analysis.corpus.tables import check_table
from analysis.frames.coders.codebook import meanings
from analysis.frames.coding.codes import votes
from analysis.frames.coding.sample import coder_names, drawn, proportional, with_outlets, write_sheets

# Imagined votes, split as those of all passages are: what coders agree on is wrong now and then, but a rare frame
# is seldom missed by all. Votes beyond the third add little, since models and prompts err together.
DOUBT, MOST_VOTES = 0.4, 3
EVEN = 0.1  # of the draw is spread evenly, so that `validate` can use the sample and no weight is extreme


def next_to_code(
    passages: pd.DataFrame,
    codes: pd.DataFrame,
    *,
    n: int = 200,
    articles: pd.DataFrame | None = None,
    coders: int | Sequence[str] = 1,
    seed: int = 0,
    path: str | PathLike[str] | None = None,
) -> pd.DataFrame:
    """The passages that people should code next, with the probability that each had of being drawn.

    Passages on which models, prompts or runs differ are drawn more often, and so are those with much weight in
    their outlet's share (such as one of a short article). Probabilities are known and above 0, so that
    ``correct_shares`` is right whatever errors the models make.

    Parameters
    ----------
    passages : DataFrame
        All passages that shares are made of.
    codes : DataFrame
        What ``code`` returned for them, or any table of ``passage_id, coder, label, code``: the more coders that
        err independently, the more is gained. A passage without a code is taken as one on which all differ.
    n : int
        How many passages; all where fewer exist.
    articles : DataFrame, optional
        Gives each passage's outlet and story, as in ``sample_to_code``.
    coders, seed, path
        As in ``sample_to_code``: with `path`, sheets are written that ``read_codes`` reads back with the weights,
        with the definitions of the codebook in that folder (``codebook.md``).

    Returns
    -------
    DataFrame
        The passages drawn, in their order, with ``outlet``, ``story_id`` if known, ``score`` ("agree" or
        "differ"), ``stratum``, ``probability`` and ``weight`` (one over it).

    Notes
    -----
    Confidence-driven inference (Gligorić, Zrnic, Lee, Candès & Jurafsky 2025, NAACL; Zrnic & Candès 2024, ICML):
    the variance of the corrected share is least where the probability is in proportion to a passage's part in its
    outlet times the root of p (1 − p), with p the chance that people code 1. They take a model's stated
    confidence; here it is the agreement of coders. The draw is systematic within outlets, ordered by the votes.
    ``python -m benchmarks coders`` measures labels saved and coverage.

    Examples
    --------
    >>> ids = [f"p{at}" for at in range(6)]
    >>> passages = pd.DataFrame({"passage_id": ids, "doc_id": ids, "text": "Shells fell.", "outlet": "DW"})
    >>> codes = pd.DataFrame({"passage_id": ids * 2, "coder": ["a"] * 6 + ["b"] * 6, "label": "war",
    ...                       "code": [1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]})
    >>> next_to_code(passages, codes, n=3)[["passage_id", "score", "probability"]].round(2)
      passage_id   score  probability
    0         p0   agree         0.57
    1         p2   agree         0.39
    2         p5  differ         0.85
    """
    check_table(passages, "passages", ["passage_id", "doc_id", "text"], key="passage_id")
    if not isinstance(n, int) or n < 1:
        raise ValueError(f"next_to_code: n must be a whole number from 1 up. Found: {n!r}.")
    names = coder_names(coders)
    plain = passages.astype({"passage_id": "str", "doc_id": "str"}).reset_index(drop=True)
    known = with_outlets(plain.drop(columns=["weight", "probability"], errors="ignore"), articles)
    shares, counts = (table.reindex(known["passage_id"]) for table in votes(codes))
    unsure = doubts(shares.to_numpy(dtype=float), counts.to_numpy(dtype=float))
    outlet, _ = pd.factorize(known["outlet"], sort=True)
    story = pd.factorize(known["story_id"] if "story_id" in known else known["doc_id"])[0].astype("int64")
    part = passage_parts(outlet.astype("int64"), story, known["doc_id"])
    size = part * unsure
    probability = proportional((1 - EVEN) * size / size.sum() + EVEN / len(size), min(n, len(known)))
    agree = shares.isin([0, 1]).all(axis=1).to_numpy()
    known = known.assign(score=np.where(agree, "agree", "differ"))
    known["stratum"] = known["outlet"] + " / " + known["score"]
    for_it = shares.mean(axis=1).round(6).to_numpy()
    order = pd.factorize(pd.MultiIndex.from_arrays([known["outlet"], for_it]), sort=True)[0].astype("int64")
    sample = drawn(known, order, probability, seed)
    if path is not None:
        write_sheets(sample, meanings(shares, Path(path)), names, Path(path), seed)
    return sample


def doubts(shares: Floats, counts: Floats) -> Floats:
    """How unsure the codes of each passage are, from the share of votes for each frame and their number.

    The root of p (1 − p) over all frames, each by its mean, so that a rare frame counts like a common one. The
    chance p that people code 1 is the share of votes, moved a little towards that of all passages.
    """
    known = np.isfinite(shares)
    usual = (np.nansum(shares, axis=0) + 0.5) / (known.sum(axis=0) + 1)
    number = np.where(known, np.minimum(counts, MOST_VOTES), MOST_VOTES)
    likely = (np.where(known, shares, 0.5) * number + DOUBT * usual) / (number + DOUBT)
    spread = likely * (1 - likely)
    return np.asarray(np.sqrt((spread / spread.mean(axis=0)).sum(axis=1)))
