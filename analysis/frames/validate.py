"""How often a lexicon is right: its labels beside those of coders."""

import numpy as np
import pandas as pd

from analysis.frames.lexicon import Lexicon
from analysis.frames.shares import text_frames
from analysis.frames.validation.by_entry import alone, entry_labels, text_hits
from analysis.frames.validation.coded import check_coded, resampling
from analysis.frames.validation.measures import MEASURES, Flags, Resampling, frame_table, measured

RESERVED = {"n", "positives", *(f"{name}{end}" for name in MEASURES for end in ("", "_low", "_high"))}
UNKNOWN = "(unknown)"  # as in the estimates of compare_outlets


def validate(
    lexicon: Lexicon,
    coded: pd.DataFrame,
    *,
    by: str = "frame",
    cluster: str | None = None,
    level: float = 0.95,
    draws: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Precision, recall, F1 and Krippendorff's alpha of each frame, with intervals.

    Args:
        lexicon: the instrument.
        coded: ``text`` and a column of 0 and 1 for each frame of the lexicon, as coders judged; each text is
            matched by itself, as ``text_frames`` does. A column ``weight`` (from ``sample_to_code``) says how
            many passages each stands for: the measures are then those of all passages, not of the sample.
        by: ``"frame"``; ``"entry"``; or a column of ``coded``, as ``"outlet"``, for a row of each value and frame.
        cluster: the column that is resampled. Passages of one story resemble each other, so by default stories
            are: the first of ``story``, ``story_id``, ``article``, ``doc_id`` that ``coded`` has, else each
            passage stands for itself; ``.attrs["cluster"]`` says which. One story alone has no interval.
        level, draws, seed: of the percentile bootstrap intervals (Efron 1979). Where no story holds an error a
            resample cannot show one; the bound is then Clopper & Pearson's (1934) for so many stories.

    Returns:
        A row a frame: ``frame, n, positives`` (passages, unweighted), and ``precision, recall, f1, alpha``, each
        with ``_low`` and ``_high``. Alpha is Krippendorff's (2019, ch. 12) for two coders, nominal: the lexicon
        and the coders' majority. A measure without a case to rest on is missing.

        By a column, that column comes first. By entry, a row each: ``frame, entry``, the passages to which it
        gives the frame (``n``), how many of these coders did not (``wrong``), its ``precision`` with its bounds,
        what would be lost and what be gained without it (``right_alone, wrong_alone``: no other entry gives
        these the frame), and ``denied``: misses in which it stood, but negated.

    Raises:
        ValueError: a column is missing, a code is not 0 or 1, a weight is not above 0, no passage is coded, or
            ``level`` or ``draws`` is out of range.

    >>> coded = pd.DataFrame({"text": ["Russia and China are friends.", "Russia met China."],
    ...                       "alliance": [1, 0], "pragmatism": [0, 0], "economy": [0, 0]})
    >>> from analysis.frames.formats import load_lexicon
    >>> validate(load_lexicon(), coded)[["frame", "positives", "precision", "recall"]].head(1)
          frame  positives  precision  recall
    0  alliance          1        1.0     1.0
    """
    check_coded(coded, lexicon.labels)
    drawn = resampling(coded, cluster, level=level, draws=draws, seed=seed)
    true = coded[lexicon.labels].to_numpy(dtype=bool)
    if by == "entry":
        table = _entries(lexicon, coded, true, drawn)
    else:
        said = text_frames(coded["text"].tolist(), lexicon).to_numpy(dtype=bool)
        parts = [
            named.join(frame_table(said[rows], true[rows], lexicon.labels, drawn.at(rows)), how="cross")
            for named, rows in _parts(coded, by)
        ]
        table = pd.concat(parts, ignore_index=True)
    table.attrs["cluster"] = drawn.groups.name
    return table


def _parts(coded: pd.DataFrame, by: str) -> list[tuple[pd.DataFrame, Flags]]:
    """The value of the column in one row, and the passages that have it; without a column all of them."""
    if by == "frame":
        return [(pd.DataFrame(index=[0]), np.ones(len(coded), bool))]
    if by not in coded:
        raise ValueError(
            f"coded passages: no column {by!r} to tell apart; there is {', '.join(map(str, coded))}. "
            "by is 'frame', 'entry' or one of these."
        )
    if by in RESERVED:
        raise ValueError(f"by is {by!r}, which is a column of the result. Rename it in coded.")
    values = coded[by].astype("str").fillna(UNKNOWN).to_numpy()
    return [(pd.DataFrame({by: [value]}, dtype="str"), values == value) for value in sorted(set(values))]


def _entries(lexicon: Lexicon, coded: pd.DataFrame, true: Flags, drawn: Resampling) -> pd.DataFrame:
    """Each entry judged by the passages to which it gives its frame."""
    labels = entry_labels(*text_hits(coded["text"].tolist(), lexicon), lexicon)
    frame = [lexicon.labels.index(name) for name in labels.entries["frame"]]
    right, missed, only = true[:, frame], true & ~labels.of_frames(lexicon.labels), alone(labels)
    precision = measured(labels.said, right, drawn).filter(like="precision")
    counts = {"n": labels.said, "wrong": labels.said & ~right}
    without = {
        "right_alone": only & right,
        "wrong_alone": only & ~right,
        "denied": labels.denied & missed[:, frame],
    }
    return pd.concat([labels.entries, _counted(counts), precision, _counted(without)], axis=1)


def _counted(flags: dict[str, Flags]) -> pd.DataFrame:
    return pd.DataFrame({name: cells.sum(axis=0) for name, cells in flags.items()})
