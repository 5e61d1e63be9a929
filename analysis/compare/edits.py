"""What an outlet did to a story: its edits as rows, with the frame hits inside."""

from collections.abc import Mapping

import pandas as pd

from analysis.text.edits import Alignment, align

COLUMNS = {
    "change": "str", "text": "str", "original_start": "Int64", "original_end": "Int64",
    "copy_start": "Int64", "copy_end": "Int64", "copy_text": "str",
}  # fmt: skip

Article = str | Mapping[str, object] | pd.Series


def compare_copies(original: Article, copy: Article) -> pd.DataFrame:
    """Edits that lead from the original to the copy, in the order of reading.

    Parameters
    ----------
    original, copy : row of articles (Series or mapping with ``text``) or str
        Two versions of one story. Words are compared as terms: case, punctuation, a possessive "s" and
        the ways to write "U.S." are no changes.

    Returns
    -------
    DataFrame
        ``change`` : kept, cut, added, reworded (up to 40 words exchanged at one place) or moved (eight words
        or more, cut at one place and added alike at another; it stands where the original has it).
        ``text`` : the words in the original, for added ones in the copy, as written there.
        ``original_start, original_end, copy_start, copy_end`` : character offsets, missing on a side without it.
        ``copy_text`` : the words in the copy, missing for cut ones.

        Each word of both texts is in exactly one row.

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
    return edit_rows(align(*texts), texts)


def article_text(article: Article, name: str) -> str:
    """The text of an article, or the text itself."""
    if isinstance(article, str):
        return article
    if "text" not in article:
        raise ValueError(
            f"the {name} has no 'text'; it has {list(article.keys())}. Pass a row of articles or a str."
        )
    return str(article["text"])


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
