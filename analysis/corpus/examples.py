"""The examples that come with the project: two corpora, and two sets of passages that were coded."""

from pathlib import Path
from typing import Literal

import pandas as pd

from .clean import clean
from .copies import mark_copies
from .files import write_table
from .outlets import known_outlet
from .provenance import text_hash
from .read import read_articles
from .tables import refuse_unknown

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    "seeds": Path("seeds"),
    "news": Path("data/news_articles.parquet"),
    "coded": Path("data/gold/russia_china_coded.csv"),
    "us-russia": Path("data/gold/us_russia_codes.csv"),
}
STORIES = Path("data/gold/stories.csv")
PREPARED = Path("data/news_prepared.parquet")
DIGITS = 16  # of a sha256, 64 bits: enough to notice an edit


def load_example(name: Literal["seeds", "news", "coded", "us-russia"], *, prepared: bool = False) -> pd.DataFrame:
    """An example corpus, or passages that were coded.

    Parameters
    ----------
    name : {"seeds", "news", "coded", "us-russia"}
        ``"seeds"``: the five seed articles exactly as received, with ``file`` and ``established`` (how outlet,
        agency, date and title are known) beside the columns of ``read_articles``.
        ``"news"``: the 3,824 articles of nine outlets, April 2016 to March 2017, of the News Articles corpus (Dai,
        T. 2017, Harvard Dataverse, doi 10.7910/DVN/GMFCTR), with damaged quotation marks repaired.
        ``"coded"``: 221 passages on Russia and China, coded by a language model, not by people.
        ``data/README.md`` describes their columns. ``story`` is one for ``seed-000`` and ``seed-001``, the AP
        story and its reprint, and else the article.
        ``"us-russia"``: 345 passages of "news" on the United States and Russia, coded by a language model. Only
        codes and places are shipped; the texts are read from "news" as received and compared with their hashes.
    prepared : bool
        The articles as ``mark_copies(clean(articles))`` gives them; those of "news" are kept by ``make data`` in
        ``data/news_prepared.parquet``, so that notebooks and tests need not clean them again.

    Returns
    -------
    DataFrame
        A row per article, or per coded passage.

    Raises
    ------
    FileNotFoundError
        The data are missing; the message says how to get them.
    ValueError
        An unknown name, or a text of "news" that is not the one that was coded.

    Examples
    --------
    >>> load_example("seeds")[["doc_id", "outlet", "date", "agency"]]
         doc_id            outlet       date agency
    0  seed-000  Washington Times 2018-06-06     AP
    1  seed-001      Taipei Times 2018-06-08     AP
    2  seed-002  Washington Times 2015-04-30
    3  seed-003  Washington Times 2016-06-25
    4  seed-004               VOA 2019-06-05
    """
    path = example_path(name)
    if not path.exists():
        raise FileNotFoundError(f"load_example({name!r}): {path} does not exist. {_remedy(name)}")
    if name == "coded":
        coded, stories = pd.read_csv(path), pd.read_csv(ROOT / STORIES).set_index("article")["story"]
        outlets = [known_outlet(outlet).name for outlet in coded["outlet"]]
        return coded.assign(outlet=outlets, story=coded["article"].map(stories).fillna(coded["article"]))
    if name == "us-russia":
        return _joined(pd.read_csv(path))
    if prepared and name == "news" and (ROOT / PREPARED).exists():
        return read_articles(ROOT / PREPARED, outlet_names=False)
    articles = read_articles(path, outlet_names=False)
    return mark_copies(clean(articles)) if prepared else articles


def example_path(name: str) -> Path:
    """Path of the data of an example, which may not exist."""
    refuse_unknown("load_example", name, "an example", FILES)
    return ROOT / FILES[name]


def _remedy(name: str) -> str:
    if not (ROOT / "Makefile").exists():
        return (
            "The examples are not part of the installed package: work in a clone of the project, "
            "or read articles of your own with an.read_articles(path)."
        )
    if name == "news":
        return f"Run `make data` in {ROOT}: the texts are their outlets' copyright, so they are not shipped."
    return f"It is part of the project: restore it with `git checkout -- {FILES[name].as_posix()}` in {ROOT}."


def _joined(codes: pd.DataFrame) -> pd.DataFrame:
    """Codes with the passages they were given to: places in the articles as received."""
    if not (path := example_path("news")).exists():
        missing = f"its texts are passages of 'news', and {path} does not exist"
        raise FileNotFoundError(f"load_example('us-russia'): {missing}. {_remedy('news')}")
    received = load_example("news").set_index("doc_id")["text"].reindex(codes["doc_id"]).fillna("")
    texts = [text[start:end] for text, start, end in zip(received, codes["start"], codes["end"], strict=True)]
    hashes = [text_hash(text)[:DIGITS] for text in texts]
    if len(other := codes[codes["sha256"] != hashes]):
        first = other.iloc[0]
        raise ValueError(
            f"load_example('us-russia'): {len(other)} of {len(codes)} passages differ from those that were coded. "
            f"Found first: {first['doc_id']}, characters {first['start']} to {first['end']}. "
            f"Delete {path} and {ROOT / PREPARED}, then run `make data`."
        )
    news = load_example("news", prepared=True).set_index("doc_id").loc[codes["doc_id"]].set_axis(codes.index)
    joined = codes.drop(columns=["start", "end", "sha256"]).assign(
        source="news_articles", article=codes["doc_id"], outlet=news["outlet"], date=news["date"],
        text=pd.Series(texts, codes.index, dtype="str"), story=news["story_id"],
    )  # fmt: skip
    front, last = ["passage_id", "source", "article", "outlet", "text"], ["date", "story"]
    return joined[[*front, *joined.columns.drop([*front, *last]), *last]]


def main() -> None:
    """Write the prepared articles."""
    write_table(mark_copies(clean(load_example("news"))), ROOT / PREPARED)


if __name__ == "__main__":
    main()
