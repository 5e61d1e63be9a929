"""Shares and articles made by hand."""

import pandas as pd


def corpus(rows, **labels):
    """Shares and articles from (outlet, story) pairs."""
    docs = [f"d{i:03}" for i in range(len(rows))]
    articles = pd.DataFrame(rows, columns=["outlet", "story_id"], dtype="str").assign(doc_id=docs)
    return pd.DataFrame(labels, index=pd.Index(docs, name="doc_id"), dtype=float), articles


def told(**outlets):
    """Shares and articles from outlet={story: share}."""
    rows = [(outlet, story) for outlet, stories in outlets.items() for story in stories]
    return corpus(rows, x=[share for stories in outlets.values() for share in stories.values()])


def monthly(values):
    """One story of DW's a week from January 2016, and its share."""
    shares, articles = corpus([("DW", str(at)) for at in range(len(values))], x=values)
    return shares, articles.assign(date=pd.date_range("2016-01-04", periods=len(values), freq="7D"))
