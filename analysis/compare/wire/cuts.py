"""What each outlet tends to cut from the stories it prints again."""

import pandas as pd

from analysis.compare.estimates import compare_outlets
from analysis.compare.inference import Inference

ALL_WORDS = "all words"
NO_HIT = "no hit in an original"


def outlet_cuts(
    effects: pd.DataFrame, *, by: str = "outlet", seed: int = 0, level: float = 0.95, draws: int = 2000
) -> pd.DataFrame:
    """Estimates: the share of an original's words, and of its hits of each frame, that an outlet does not print.

    An outlet that loses more of a frame's hits than of all words tends to cut that frame.

    Parameters
    ----------
    effects : DataFrame
        From ``edit_effects``, or some of its copies.
    by : str
        What to compare.
    seed, level, draws
        As for ``compare_outlets``.

    Returns
    -------
    DataFrame
        ``outlet, label, n_articles, n_stories, share, low, high, note`` as of ``compare_outlets``; frames
        in their order, then "all words". ``share`` is the mean over stories of the part lost; copies
        of originals without a hit of the frame say nothing of it. An outlet without any has a row without a share.

    Raises
    ------
    ValueError
        As ``compare_outlets``.

    Examples
    --------
    >>> effects = pd.DataFrame({"doc_id": ["a", "b"], "outlet": "DW", "story_id": ["s", "t"], "frame": "economy",
    ...                         "kept": [1, 3], "lost": [3, 1], "words": [100, 200], "words_lost": [60, 20]})
    >>> outlet_cuts(effects)[["outlet", "label", "n_stories", "share"]]
      outlet      label  n_stories  share
    0     DW    economy          2   0.50
    1     DW  all words          2   0.35
    """
    copies = effects.drop_duplicates("doc_id")
    parts = {}
    for frame in pd.unique(effects["frame"]):
        rows = effects[(effects["frame"] == frame) & (effects["kept"] + effects["lost"] > 0)]
        lost = rows["lost"] / (rows["kept"] + rows["lost"])
        parts[frame] = pd.Series(lost.to_numpy(), rows["doc_id"])
    # Last, so that a frame has the same colour here as where frames stand alone. An original may have no word.
    worded = copies[copies["words"] > 0]
    parts[ALL_WORDS] = pd.Series((worded["words_lost"] / worded["words"]).to_numpy(), worded["doc_id"])
    tables = [
        compare_outlets(
            part.rename(label).to_frame(), copies, how=Inference(by=by, seed=seed, level=level, draws=draws)
        )
        for label, part in parts.items()
    ]
    return _complete(pd.concat(tables), list(parts))


def _complete(found: pd.DataFrame, labels: list[str]) -> pd.DataFrame:
    """A row for each outlet and label, labels in order, outlets by name."""
    outlets = sorted(found["outlet"].unique())
    rows = pd.MultiIndex.from_product([labels, outlets], names=["label", "outlet"])
    table = found.set_index(["label", "outlet"]).reindex(rows).reset_index()
    table["note"] = table["note"].fillna(NO_HIT)
    table = table.fillna({"n_articles": 0, "n_stories": 0}).astype({"n_articles": "int64", "n_stories": "int64"})
    return table[list(found.columns)]
