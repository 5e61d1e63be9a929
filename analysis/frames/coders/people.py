"""Which passages people should code beside models, and where coders differ, what a third decides."""

from collections.abc import Sequence
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.arrays import Floats
from analysis.corpus.stories import passage_parts
from analysis.corpus.tables import check_columns, check_table, check_whole
from analysis.frames.coders.codebook import meanings
from analysis.frames.coding.codes import SPLIT, as_codes, majority_codes, votes
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
    n, articles, coders, seed, path
        As in ``sample_to_code``. Sheets have the definitions of the codebook in their folder (``codebook.md``).

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
    check_whole("n", n)
    names = coder_names(coders)
    plain = passages.astype({"passage_id": "str", "doc_id": "str"}).reset_index(drop=True)
    known = with_outlets(plain.drop(columns=["weight", "probability"], errors="ignore"), articles)
    shares, counts = (table.reindex(known["passage_id"]).astype(float) for table in votes(codes))
    outlet, _ = pd.factorize(known["outlet"], sort=True)
    story = pd.factorize(known["story_id"] if "story_id" in known else known["doc_id"])[0].astype("int64")
    unsure = doubts(shares.to_numpy(), counts.to_numpy())
    size = passage_parts(outlet.astype("int64"), story, known["doc_id"]) * unsure
    probability = proportional((1 - EVEN) * size / size.sum() + EVEN / len(size), min(n, len(known)))
    agree = shares.isin([0, 1]).all(axis=1).to_numpy()
    for_it = shares.mean(axis=1).round(6).to_numpy()
    order = pd.factorize(pd.MultiIndex.from_arrays([known["outlet"], for_it]), sort=True)[0].astype("int64")
    sample = drawn(known.assign(score=np.where(agree, "agree", "differ")), order, probability, seed)
    if path is not None:
        write_sheets(sample, meanings(shares, Path(path)), names, Path(path), seed)
    return sample


def doubts(shares: Floats, counts: Floats) -> Floats:
    """How unsure the codes of each passage are: the root of p (1 − p) over all frames, each by its mean.

    The chance p that people code 1 is the share of votes, moved a little towards that of all passages.
    """
    known = np.isfinite(shares)
    usual = (np.nansum(shares, axis=0) + 0.5) / (known.sum(axis=0) + 1)
    number = np.where(known, np.minimum(counts, MOST_VOTES), MOST_VOTES)
    likely = (np.where(known, shares, 0.5) * number + DOUBT * usual) / (number + DOUBT)
    spread = likely * (1 - likely)
    return np.asarray(np.sqrt((spread / spread.mean(axis=0)).sum(axis=1)))


def to_settle(
    codes: pd.DataFrame, *, coder: str = "third", seed: int = 0, path: str | PathLike[str] | None = None
) -> pd.DataFrame:
    """The passages on which coders differ or gave no code, and with ``path`` a sheet of them for a third.

    Parameters
    ----------
    codes : DataFrame
        From ``read_codes`` or ``code``; several tables, one below the other.
    coder : str
        Who decides: the name of the sheet.
    seed : int
        Of the order in the sheet, which shows neither what coders said nor who they are.
    path : str or path, optional
        A folder for the sheet, which ``read_codes`` reads back. Without a sheet, the result is the queue of a
        desk: ``explore(articles, hits, passages=result, codes="eva.csv")`` shows these passages and the frames to
        decide, and ``read_codes("eva.csv", weights=False)`` what eva decided.

    Returns
    -------
    DataFrame
        A row per passage: ``passage_id``, ``differ`` (the labels), ``text`` and the other columns of the passage.

    Examples
    --------
    >>> codes = pd.DataFrame({"passage_id": list("aabb"), "coder": ["ann", "bob"] * 2, "label": "war",
    ...                       "code": [1, 1, 0, 1], "text": "Shells fell."})
    >>> to_settle(codes)
      passage_id differ          text
    0          b    war  Shells fell.
    """
    check_columns(codes, ["passage_id", "coder", "code", "text"], where="codes")
    share, _ = votes(codes)
    labels = [str(label) for label in share]
    units = codes.drop(columns=["coder", "label", "code", "note", *labels], errors="ignore")
    units = units.astype({"passage_id": "str"}).drop_duplicates("passage_id").set_index("passage_id")
    differ = [", ".join(np.array(labels)[row]) for row in ~share.isin([0, 1]).to_numpy()]
    units.insert(0, "differ", pd.Series(differ, index=share.index).reindex(units.index))
    table = units[units["differ"] != ""].reset_index()
    if path is not None:
        given = {name: table.get(name, pd.Series(1.0, table.index)) for name in ("probability", "weight")}
        write_sheets(table.assign(**given), meanings(share, Path(path)), coder_names([coder]), Path(path), seed)
    return table


def settled(codes: pd.DataFrame, third: pd.DataFrame, *, by: str = "third") -> pd.DataFrame:
    """The coded passages of ``majority_codes``, with the code of a third wherever coders differ or gave none.

    Parameters
    ----------
    codes : DataFrame
        As in ``to_settle``.
    third : DataFrame
        What the third said: from ``read_codes``, or a row per passage with a column per label, as ``desk.codes``.
    by : str
        Who decided, where `third` does not name its coder.

    Returns
    -------
    DataFrame
        As ``majority_codes``, and for each label ``war_settled_by``: who decided, empty where nobody had to.

    Examples
    --------
    >>> codes = pd.DataFrame({"passage_id": list("aabb"), "coder": ["ann", "bob"] * 2, "label": "war",
    ...                       "code": [1, 1, 0, 1]})
    >>> third = pd.DataFrame({"passage_id": ["b"], "coder": "eva", "label": "war", "code": [1]})
    >>> settled(codes, third)[["passage_id", "war", "war_settled_by", "tied"]].values.tolist()
    [['a', 1, '', ''], ['b', 1, 'eva', '']]
    """
    table = majority_codes(codes).reset_index(drop=True)
    shares = votes(codes)[0]
    labels = [str(label) for label in shares]
    wide = majority_codes(third) if "coder" in third else third
    who = " and ".join(sorted(map(str, third["coder"].unique()))) if "coder" in third else by
    known = [label for label in labels if label in wide]  # a queue holds only what coders differ on
    check_columns(wide, ["passage_id", *(known or labels)], where="third", hint="Give the table of an.read_codes.")
    given = wide.set_index(wide["passage_id"].astype("str")).reindex(columns=labels)
    ids = table["passage_id"].astype("str")
    if strangers := sorted(set(given.index) - set(ids)):
        remedy = "Give the sheet of these passages."
        raise ValueError(f"third: passage {strangers[0]!r} is not among the codes. {remedy}")
    codes_given = pd.DataFrame({label: as_codes(given[label], "third") for label in labels}, index=given.index)
    before, decided = (found.reindex(ids).reset_index(drop=True) for found in (shares, codes_given))
    done = decided.notna() & ~before.isin([0, 1])
    for label in labels:
        table[label] = table[label].mask(done[label], decided[label].astype("Int64"))
        table[f"{label}_settled_by"] = pd.Series(np.where(done[label], who, ""), dtype="str")
    ties = [", ".join(sorted(before.columns[row])) for row in (before.eq(SPLIT) & ~done).to_numpy()]
    return table.assign(tied=pd.Series(ties, dtype="str"))
