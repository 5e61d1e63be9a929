"""Text that was once decoded in the wrong encoding, decoded again."""

import re
from functools import cache

import pandas as pd

REPAIRED = ("outlet", "title", "text")
# The wrong decodings met in archives. Those of old Macs and DOS would make every quotation mark a suspect.
WRONG = ("latin-1", "cp1252", "cp1251", "cp1250")


def without_mojibake(articles: pd.DataFrame) -> pd.DataFrame:
    """The articles with mojibake undone in outlet, title and text; the column ``encoding`` says so.

    ftfy (Speer, R., 2019) finds sequences that no language has and that one wrong decoding explains; other
    text it leaves alone, and of its many repairs only this one is used: quotation marks and widths stay.

    >>> facts = {"outlet": "DW", "title": "FÃ¼nf ZÃ¼ge", "text": "l’Élysée", "encoding": "utf-8"}
    >>> table = pd.DataFrame([facts])
    >>> without_mojibake(table).loc[0, ["title", "text", "encoding"]].tolist()
    ['Fünf Züge', 'l’Élysée', 'utf-8, mojibake repaired']
    """
    from ftfy import fix_encoding

    suspect = _pairs().search
    changed = pd.Series(False, articles.index)
    repaired = articles
    for column in REPAIRED:
        texts = articles[column]
        mended = pd.Series(
            [text if text.isascii() or not suspect(text) else fix_encoding(text) for text in texts],
            articles.index,
            dtype="str",
        )
        changed |= mended != texts
        repaired = repaired.assign(**{column: mended})
    encoding = articles["encoding"]
    return repaired.assign(encoding=encoding.mask(changed, encoding + ", mojibake repaired"))


@cache
def _pairs() -> re.Pattern[str]:
    """The first two bytes of a sign in UTF-8, as a wrong decoding shows them.

    Without such a pair there is no mojibake, and ftfy, which needs 8 ms an article, is not asked.
    """
    first, second = bytes(range(0xC2, 0xF5)), bytes(range(0x80, 0xC0))
    pairs = [f"[{re.escape(first.decode(name))}][{re.escape(second.decode(name, 'ignore'))}]" for name in WRONG]
    return re.compile("|".join([*pairs, "[ÂÃ] ", "[\x80-\x9f]"]))
