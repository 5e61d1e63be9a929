"""A small desk whose answers can be derived by hand."""

import pandas as pd

import analysis as an
from analysis.frames.formats.read_yaml import parsed
from analysis.show.desk.bench import Bench
from analysis.show.desk.evidence import gathered

LEXICON = parsed(
    """
name: small
negation: {words: [no], scope: 3}
frames:
  alliance: [friend*, allies]
  economy: [gas, trade]
""",
    "small.yaml",
)


ROWS = [
    ("a", "TASS", "2017-01-03", "Gas flows", "Gas and trade grew. They are friends.", None),
    ("b", "TASS", "2017-01-01", "Trade", "Trade fell. It rained in Omsk.", None),
    ("c", "BBC", "2017-01-02", "No friends", "They are no friends. Gas is dear.", None),
    ("d", "BBC", "2017-01-04", "Gas flows on", "Gas and trade grew fast. They are friends.", "a"),
    ("e", "DW", None, "Weather", "It rained.", None),
]


def corpus():
    table = pd.DataFrame(ROWS, columns=["doc_id", "outlet", "date", "title", "text", "copy_of"])
    table["date"] = pd.to_datetime(table["date"])
    return table.assign(story_id=table["copy_of"].fillna(table["doc_id"]), overlap=[None, None, None, 0.8, None])


def bench(articles=None, *, file=None, **more):
    articles = corpus() if articles is None else articles
    passages = an.passages(articles, about=None)
    hits = an.find_frames(passages, LEXICON)
    return Bench(gathered(articles, hits, passages=passages, lexicon=LEXICON, **more), LEXICON, file=file)


def ask(desk, what, **more):
    return desk.answer({"ask": what, **more})


def ids(answer):
    return [card["id"] for card in answer["cards"]]


def shares(answer):
    return {row["outlet"]: [cell["share"] for cell in row["cells"]] for row in answer["rows"]}
