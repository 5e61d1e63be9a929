"""Whether each passage carries each frame: shares of the smallest kind."""

import pandas as pd

from analysis.frames.match import frame_shares


def passage_shares(hits: pd.DataFrame, passages: pd.DataFrame) -> pd.DataFrame:
    """1.0 where a passage carries a frame, else 0.0: index ``passage_id``, in order, a column a frame.

    Args:
        hits: from ``find_frames``; negated hits do not count.
        passages: ``passage_id, doc_id, start, text``: the passages in which they were found.

    Raises:
        ValueError: as ``frame_shares``.

    >>> from analysis.frames.formats import load_lexicon
    >>> from analysis.frames.match import find_frames
    >>> passages = pd.DataFrame({"passage_id": ["a:0", "a:1"], "doc_id": "a", "start": [0, 31],
    ...                          "text": ["Russia and China are friends.", "China met Russia."]})
    >>> passage_shares(find_frames(passages, load_lexicon()), passages)
                alliance  pragmatism  economy
    passage_id
    a:0              1.0         0.0      0.0
    a:1              0.0         0.0      0.0
    """
    alone = passages.assign(doc_id=passages["passage_id"])  # each passage a document of its own
    return frame_shares(hits, alone).rename_axis("passage_id").reindex(passages["passage_id"].astype("str"))
