"""What an outlet did to a story: its edits as rows, with the frame hits inside."""

import pandas as pd

from analysis.compare.wire.edit_hits import Article, article_text, edit_hits
from analysis.frames.lexicon import Lexicon
from analysis.text.edits import Alignment, align

COLUMNS = {
    "change": "str", "text": "str", "original_start": "Int64", "original_end": "Int64",
    "copy_start": "Int64", "copy_end": "Int64", "copy_text": "str",
}  # fmt: skip

HITS = {"hits_kept": "int64", "hits_lost": "int64", "hits_gained": "int64", "frames": "str"}


def compare_copies(
    original: Article, copy: Article, *, lexicon: Lexicon | None = None, unit: str | None = None
) -> pd.DataFrame:
    """Edits that lead from the original to the copy, in the order of reading.

    Parameters
    ----------
    original, copy : row of articles (Series or mapping with ``text``) or str
        Two versions of one story. Words are compared as terms: case, punctuation, a possessive "s" and
        the ways to write "U.S." are no changes.
    lexicon, unit
        With a lexicon, each row says which frame hits are inside; see ``edit_hits``.

    Returns
    -------
    DataFrame
        ``change`` : kept, cut, added, reworded (up to 40 words exchanged at one place) or moved (eight words
        or more, cut at one place and added alike at another; it stands where the original has it).
        ``text`` : the words in the original, for added ones in the copy, as written there.
        ``original_start, original_end, copy_start, copy_end`` : character offsets, missing on a side without it.
        ``copy_text`` : the words in the copy, missing for cut ones.

        Each word of both texts is in exactly one row. With a lexicon also ``hits_kept, hits_lost,
        hits_gained`` (a hit over several rows counts at the first that changed; negated ones do not count)
        and ``frames``, those of the hits, in the order of the lexicon.

    Raises
    ------
    ValueError
        If an article has no ``text``.

    Notes
    -----
    Longest common runs first (Ratcliff & Metzener 1988, *Dr. Dobb's Journal* 13, as in Python's difflib).

    Examples
    --------
    >>> edits = compare_copies("Putin heads to Beijing on Friday, aides said.", "Putin heads to China on Friday")
    >>> edits[["change", "text", "copy_text", "copy_start"]]
         change            text       copy_text  copy_start
    0      kept  Putin heads to  Putin heads to           0
    1  reworded         Beijing           China          15
    2      kept       on Friday       on Friday          21
    3       cut      aides said             NaN        <NA>
    """
    texts = article_text(original, "original"), article_text(copy, "copy")
    rows = edit_rows(align(*texts), texts)
    return rows if lexicon is None else _with_hits(rows, edit_hits(*texts, lexicon, unit=unit), lexicon)


def _with_hits(rows: pd.DataFrame, hits: pd.DataFrame, lexicon: Lexicon) -> pd.DataFrame:
    """The rows with the hits that each decided; a kept one counts once, as the original has it."""
    said = hits[~hits["negated"] & ~((hits["side"] == "copy") & (hits["fate"] == "kept"))]
    counts = {
        name: said.loc[said["fate"] == name.removeprefix("hits_"), "edit"]
        .value_counts()
        .reindex(rows.index, fill_value=0)
        for name in list(HITS)[:3]
    }
    inside = said.groupby("edit")["frame"].agg(set).reindex(rows.index)
    frames = [
        ", ".join(label for label in lexicon.labels if isinstance(held, set) and label in held) for held in inside
    ]
    return rows.assign(**counts, frames=frames).astype(HITS)


def edit_rows(found: Alignment, texts: tuple[str, str]) -> pd.DataFrame:
    """The table of an alignment's edits."""
    rows = []
    for edit in found.edits:
        (start, end), (copy_start, copy_end) = (
            place.span(span) if span[0] < span[1] else (None, None)
            for span, place in ((edit.original, found.original), (edit.copy, found.copy))
        )
        copied = None if copy_start is None else texts[1][copy_start:copy_end]
        text = copied if start is None else texts[0][start:end]
        rows.append((edit.change, text, start, end, copy_start, copy_end, copied))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
