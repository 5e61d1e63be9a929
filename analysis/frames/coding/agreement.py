"""What several coders say together, and how well they agree: no lexicon can be held to more."""

from itertools import product

import numpy as np
import pandas as pd

from analysis.frames.validation.coded import resampling
from analysis.frames.validation.measures import Numbers, Resampling, alpha, alpha_of, interval, resamples

LONG = ["passage_id", "coder", "frame", "code"]


def majority_codes(codes: pd.DataFrame) -> pd.DataFrame:
    """Coded passages, ready for ``validate``: a row a passage, a column a frame with what most coders said.

    Args:
        codes: from ``read_codes``.

    Returns:
        ``passage_id`` and the columns that ``codes`` carries beside the codes (``text``, ``weight``, …); each
        coder's code as ``alliance_ann``; each frame's majority as ``alliance``, 0 or 1, missing where as many
        said yes as no or nobody coded it; and ``tied``, the frames for which that is so, empty if none. Settle
        these and write the code in, or leave the passages out: ``coded[coded["tied"] == ""]``.

    Raises:
        ValueError: a column is missing.

    >>> codes = pd.DataFrame({"passage_id": ["a", "a", "b", "b"], "coder": ["ann", "bob"] * 2, "frame": "war",
    ...                       "code": [1, 1, 0, 1]})
    >>> majority_codes(codes)
      passage_id  war_ann  war_bob   war tied
    0          a        1        1     1
    1          b        0        1  <NA>  war
    """
    wide, columns = _side_by_side(codes)
    frames = {frame: _majority(wide[names]) for frame, names in columns.items()}
    unsettled = np.array([votes.isna().to_numpy() for votes in frames.values()]).T.reshape(len(wide), len(frames))
    tied = [", ".join(frame for frame, is_tied in zip(frames, row, strict=True) if is_tied) for row in unsettled]
    return wide.assign(**frames, tied=pd.Series(tied, index=wide.index, dtype="str"))


def coder_agreement(
    codes: pd.DataFrame,
    *,
    cluster: str | None = None,
    level: float = 0.95,
    draws: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Krippendorff's alpha among the coders for each frame, with its interval.

    Args:
        codes: from ``read_codes``; or coded passages with each coder's code beside the majority's, ``alliance``
            and ``alliance_coder1``, … (from ``majority_codes`` or ``load_coded``). A missing code is passed over.
        cluster, level, draws, seed: as in ``validate``. Weights do not count: agreement is that of the sample.

    Returns:
        A row a frame: ``frame, coders, n`` (passages with two codes or more), ``agree`` (the share of these on
        which all agree) and ``alpha`` with ``alpha_low`` and ``alpha_high``: nominal, for any number of coders
        (Krippendorff 2019, ch. 12). It is missing where no code varies.

    Raises:
        ValueError: a column is missing, no frame has two coders, or a code is not 0, 1 or missing.

    >>> codes = pd.DataFrame({"passage_id": [*"aabbcc"], "coder": ["ann", "bob"] * 3, "frame": "war",
    ...                       "code": [1, 1, 0, 0, 0, 1]})
    >>> coder_agreement(codes)[["frame", "coders", "n", "agree", "alpha"]].round(2)
      frame  coders  n  agree  alpha
    0   war       2  3   0.67   0.44
    """
    wide, columns = _side_by_side(codes) if "coder" in codes else (codes, _coder_columns(codes))
    several = {frame: names for frame, names in columns.items() if len(names) > 1}
    if not several:
        raise ValueError(
            "codes: no frame has two coders. Give the table of an.read_codes, or coded passages with columns "
            "such as alliance, alliance_coder1 and alliance_coder2."
        )
    drawn = resampling(wide.drop(columns="weight", errors="ignore"), cluster, level=level, draws=draws, seed=seed)
    rows = [_agreement(frame, _matrix(wide, names), drawn) for frame, names in several.items()]
    return pd.DataFrame(rows, columns=["frame", "coders", "n", "agree", "alpha", "alpha_low", "alpha_high"])


def _side_by_side(codes: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """A row a passage with each coder's codes, and which columns are those of each frame."""
    if missing := [name for name in LONG if name not in codes]:
        raise ValueError(
            f"codes: no column {missing[0]!r}; there is {', '.join(map(str, codes))}. "
            "Give the table of an.read_codes."
        )
    frames = codes["frame"].drop_duplicates().sort_values().astype("str").tolist()
    coders = sorted(codes["coder"].unique())
    said = codes.astype({"frame": "str"}).set_index(["frame", "coder", "passage_id"])["code"]
    columns = {frame: [f"{frame}_{coder}" for coder in coders] for frame in frames}
    wide = codes.drop(columns=LONG[1:]).drop_duplicates("passage_id").reset_index(drop=True)
    for frame, coder in product(frames, coders):
        given = pd.MultiIndex.from_product([[frame], [coder], wide["passage_id"]])
        wide[f"{frame}_{coder}"] = said.reindex(given).astype("Int64").array
    return wide, columns


def _majority(votes: pd.DataFrame) -> "pd.Series[int]":
    yes, n = votes.sum(axis=1).astype(int), votes.notna().sum(axis=1)
    return (yes * 2 > n).astype("Int64").mask(yes * 2 == n)


def _coder_columns(coded: pd.DataFrame) -> dict[str, list[str]]:
    """The columns ``alliance_…`` of each column ``alliance``; of two such columns the longer name is meant."""
    found: dict[str, list[str]] = {}
    for name in map(str, coded):
        of = max((str(c) for c in coded if name.startswith(f"{c}_")), key=len, default=None)
        if of is not None:
            found.setdefault(of, []).append(name)
    return found


def _matrix(wide: pd.DataFrame, names: list[str]) -> Numbers:
    """Coders × passages; NaN where a coder gave no code."""
    codes: Numbers = wide[names].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float, na_value=np.nan).T
    wrong = ~np.isin(codes, [0, 1]) & wide[names].notna().to_numpy().T
    if wrong.any():
        coder, row = (int(at) for at in np.argwhere(wrong)[0])
        raise ValueError(
            f"codes: {names[coder]} is {wide[names[coder]].tolist()[row]!r} in row {row} (from 0). "
            "A code is 0, 1 or missing."
        )
    return codes


def _agreement(frame: str, codes: Numbers, drawn: Resampling) -> tuple[str | float, ...]:
    given, ones = (~np.isnan(codes)).sum(axis=0), np.nansum(codes, axis=0)
    paired = given > 1
    parts = np.stack([2 * ones * (given - ones) / np.maximum(given - 1, 1), ones, given]) * paired
    group = pd.factorize(drawn.groups, sort=True)[0]
    sums = np.stack([np.bincount(group, weights=part) for part in parts], axis=1)
    low, high = interval(alpha_of(*(resamples(len(sums), drawn.draws, drawn.seed) @ sums).T), drawn.level)
    bounds = (float(low), float(high)) if len(sums) > 1 else (np.nan, np.nan)
    agree = float((parts[0][paired] == 0).mean()) if paired.any() else np.nan
    return frame, len(codes), int(paired.sum()), agree, alpha(codes), *bounds
