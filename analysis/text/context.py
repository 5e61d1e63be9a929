"""Words in their context, for reading."""

import pandas as pd

from analysis.text.lists import Lists
from analysis.text.patterns import read_pattern
from analysis.text.places import find_patterns
from analysis.text.tokens import Tokens, tokenize

COLUMNS = ["doc_id", "start", "end", "left", "match", "right"]
TYPES = {"start": "int64", "end": "int64", "left": "str", "match": "str", "right": "str"}


def in_context(
    texts: Tokens | pd.DataFrame, pattern: str, *, width: int = 40, lists: Lists | None = None
) -> pd.DataFrame:
    """Every place where a pattern stands, with the text around it.

    Args:
        texts: tokens, passages or articles.
        pattern: as in a lexicon: words, globs, phrases, ``(a|b)``, ``joint … drill*``.
        width: characters of context on each side.
        lists: named lists the pattern may use, as ``lexicon.named_lists``.

    Raises:
        ValueError: a pattern that cannot be read, or a negative width.

    Returns:
        ``doc_id`` (``passage_id`` for passages), ``start``, ``end`` in that text, ``left``, ``match``, ``right``.

    >>> in_context(tokenize(["Closer ties between Russia and China"]), "closer (ties|links)", width=9)
       doc_id  start  end left        match     right
    0       0      0   11       Closer ties   between
    """
    if width < 0:
        raise ValueError(f"width is a number of characters, 0 or more, not {width}.")
    tokens = texts if isinstance(texts, Tokens) else tokenize(texts)
    found = find_patterns(tokens, read_pattern(pattern, lists))[["first", "last"]].drop_duplicates()
    first, last = found.sort_values(["first", "last"]).to_numpy().T
    rows = [
        _row(tokens, text, start, end, width)
        for text, start, end in zip(
            tokens.text[first].tolist(), tokens.starts[first].tolist(), tokens.ends[last].tolist(), strict=True
        )
    ]
    table = pd.DataFrame(rows, columns=[tokens.docs.name or COLUMNS[0], *COLUMNS[1:]])
    return table.astype({table.columns[0]: tokens.docs.dtype, **TYPES})


def _row(tokens: Tokens, text: int, start: int, end: int, width: int) -> tuple[object, int, int, str, str, str]:
    whole = tokens.texts[text]
    left, right = whole[max(start - width, 0) : start], whole[end : end + width]
    return tokens.docs[text], start, end, " ".join(left.split("\n")), whole[start:end], " ".join(right.split("\n"))
