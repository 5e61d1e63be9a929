"""Frames of articles whose text lost its capitals or punctuation, against the frames of the same articles intact.

Each article about a lexicon's pair in News Articles is copied in lower case, in capitals, with every word
capitalised, and without punctuation. Shown are the articles that keep exactly their set of frames, those about
the pair that are no longer found to be so, and the largest change of an outlet's mean share over its stories,
among outlets with five such stories or more. Goal: 90 of 100 articles and less than 3 points for lower case and
capitalised words.
"""

import re
import string

import pandas as pd

import analysis as an

FEWEST = 5  # stories of an outlet: fewer move by 20 points with one of them
MARKS = re.compile(r"[^\w\s]|_")
COPIES = {
    "lower case": str.lower,
    "capitals": str.upper,
    "capitalised": string.capwords,
    "no punctuation": lambda text: MARKS.sub(" ", text),
    "lower case, no punctuation": lambda text: MARKS.sub(" ", text).lower(),
}


def main() -> None:
    articles = an.load_example("news", prepared=True)
    tables = [measured(articles, name) for name in ("russia-china", "us-russia")]
    print(pd.concat(tables, ignore_index=True).round(3).to_string(index=False))


def measured(articles: pd.DataFrame, lexicon: str) -> pd.DataFrame:
    """A row a kind of copy: what became of the articles that are about the pair, intact or copied."""
    read = an.read_lexicon(lexicon)
    intact = _shares(articles, read)
    rows = []
    for kind, change in COPIES.items():
        copied = _shares(articles.assign(text=articles["text"].map(change)), read)
        rows.append({"lexicon": lexicon, "copy": kind, **compared(intact, copied, articles)})
    return pd.DataFrame(rows)


def compared(intact: pd.DataFrame, copied: pd.DataFrame, articles: pd.DataFrame) -> dict[str, float]:
    """How far the frames of copies agree with those of the articles; one without a passage has no row."""
    docs = intact.index.union(copied.index)
    one, other = (shares.reindex(docs) for shares in (intact, copied))
    same = (one.fillna(0).gt(0) == other.fillna(0).gt(0)).all(axis=1)
    keys = articles.set_index("doc_id")[["outlet", "story_id"]].reindex(docs)
    large = keys["outlet"].map(keys.loc[intact.index].groupby("outlet")["story_id"].nunique()) >= FEWEST
    kept = [
        shares[large].groupby([keys["outlet"][large], keys["story_id"][large]]).mean() for shares in (one, other)
    ]
    means = [shares.groupby(level="outlet").mean() for shares in kept]
    moved = (means[1] - means[0]).abs()
    return {
        "articles": len(docs), "same frames": same.mean(),
        "no longer about": len(intact.index.difference(copied.index)),
        "newly about": len(copied.index.difference(intact.index)),
        "largest change": moved.max().max(), "mean change": moved.mean().mean(),
    }  # fmt: skip


def _shares(articles: pd.DataFrame, lexicon: an.Lexicon) -> pd.DataFrame:
    read = an.passages(articles, about=lexicon.about)
    return an.frame_shares(an.find_frames(read, lexicon), read)
