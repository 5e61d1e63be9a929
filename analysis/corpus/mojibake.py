"""Text that was once decoded in the wrong encoding, decoded again."""

import pandas as pd

REPAIRED = ("outlet", "title", "text")


def without_mojibake(articles: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The articles with mojibake undone in outlet, title and text, and how many of them had any.

    ftfy (Speer, R., 2019) finds sequences that no language has and that one wrong decoding explains; other
    text it leaves alone, and of its many repairs only this one is used: quotation marks and widths stay.

    >>> table = pd.DataFrame({"outlet": ["DW"], "title": ["FÃ¼nf ZÃ¼ge"], "text": ["l’Élysée, Ãngel"]})
    >>> without_mojibake(table)[0].loc[0, ["title", "text"]].tolist()
    ['Fünf Züge', 'l’Élysée, Ãngel']
    """
    from ftfy import fix_encoding

    changed = pd.Series(False, articles.index)
    repaired = articles
    for column in REPAIRED:
        texts = articles[column]
        mended = pd.Series(
            [text if text.isascii() else fix_encoding(text) for text in texts], articles.index, dtype="str"
        )
        changed |= mended != texts
        repaired = repaired.assign(**{column: mended})
    return repaired, int(changed.sum())
