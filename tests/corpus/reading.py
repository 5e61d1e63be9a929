"""What the readers make of a file written for the occasion."""

import pandas as pd
import pytest

import analysis as an
from analysis.corpus.tables import usable

DAYS = [pd.Timestamp("2017-02-06"), pd.Timestamp("2017-02-05"), pd.Timestamp("2017-02-06")]


def read(tmp_path, name, content, **options):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path, an.read_articles(path, **options)


def refusal(tmp_path, name, content, **options):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ValueError, match=r".") as error:
        an.read_articles(path, **options)
    return str(error.value).removeprefix(str(path))


def sums(articles):
    """Items seen, read, and with problems, as the rows and the summary have them."""
    audit = an.summarize(articles, by="source")[["seen", "read", "problems"]].sum()
    assert (len(articles), len(usable(articles))) == (audit["seen"], audit["read"])
    assert audit["seen"] == audit["read"] + audit["problems"]
    return audit["seen"], audit["read"], audit["problems"]


def problems(articles):
    """The place, reason and beginning of each item that could not be read."""
    rows = articles[articles["problem"] != ""]
    assert rows["text"].eq("").all()
    assert rows["date"].isna().all()
    return rows[["item", "problem", "title"]].to_numpy().tolist()


def audit(articles):
    """What reading found, over all sources."""
    return an.summarize(articles, by="source").select_dtypes("number").sum().to_dict()
