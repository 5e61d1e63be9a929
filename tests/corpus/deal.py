"""One article on a gas deal, as each archive writes it, and what is read of it."""

from pathlib import Path

import pandas as pd
import yaml

T = "The two countries signed a gas deal. Officials praised the partnership."


PAGES = yaml.safe_load((Path(__file__).parents[1] / "cases/archives.yaml").read_text("utf-8"))
MARCH = [pd.Timestamp("2022-03-03"), pd.Timestamp("2022-03-04")]


def facts(articles):
    return articles.sort_values("doc_id")[["outlet", "title", "text"]].to_numpy().tolist()
