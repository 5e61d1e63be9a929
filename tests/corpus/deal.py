"""One article on a gas deal, as each archive writes it, and what is read of it."""

import pandas as pd

from tests.data import cases

T = "The two countries signed a gas deal. Officials praised the partnership."


PAGES = cases("archives")
MARCH = [pd.Timestamp("2022-03-03"), pd.Timestamp("2022-03-04")]


def facts(articles):
    return articles.sort_values("doc_id")[["outlet", "title", "text"]].to_numpy().tolist()
