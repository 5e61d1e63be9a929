"""The two corpora that come with the project."""

from pathlib import Path

import pandas as pd

from .read import read_articles

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"
NEWS_ARTICLES = ROOT / "data" / "news_articles.parquet"


def load_seeds() -> pd.DataFrame:
    """The five seed articles exactly as received, with ``file`` and ``established`` beside the usual columns.

    ``established`` says how outlet, agency, date and title were told from the text itself. FileNotFoundError where
    the package stands without the project's ``seeds`` folder.

    >>> load_seeds()[["doc_id", "outlet", "date", "agency"]]
         doc_id            outlet       date agency
    0  seed-000  Washington Times 2018-06-06     AP
    1  seed-001      Taipei Times 2018-06-08     AP
    2  seed-002  Washington Times 2015-04-30
    3  seed-003  Washington Times 2016-06-25
    4  seed-004               VOA 2019-06-05
    """
    return read_articles(SEEDS, outlet_names=False)


def load_news_articles() -> pd.DataFrame:
    """The 3,824 articles of nine outlets, April 2016 to March 2017, of the News Articles corpus.

    Dai, T. (2017), *News Articles*, Harvard Dataverse, doi 10.7910/DVN/GMFCTR. The usual columns; titles and texts
    as published, with damaged quotation marks repaired. FileNotFoundError without the table that ``make data``
    writes.

    >>> articles = load_news_articles()  # doctest: +SKIP
    >>> articles["outlet"].nunique()  # doctest: +SKIP
    9
    """
    if not NEWS_ARTICLES.exists():
        raise FileNotFoundError(
            f"{NEWS_ARTICLES} is not there. Run `make data` in {ROOT}: "
            "the texts are their outlets' copyright, so they are fetched and not shipped."
        )
    return read_articles(NEWS_ARTICLES, outlet_names=False)
