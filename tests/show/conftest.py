import matplotlib
import matplotlib.pyplot as plt
import pandas as pd
import pytest

COLUMNS = ["outlet", "label", "n_articles", "n_stories", "share", "low", "high", "note"]


@pytest.fixture(autouse=True)
def _no_window():
    matplotlib.use("agg")
    yield
    plt.close("all")


@pytest.fixture
def estimates():
    """Four outlets: two measured, one of a single story, one without a passage about the pair."""
    nan = float("nan")
    rows = [
        ("CNN", "alliance", 9, 8, 0.20, 0.10, 0.30, ""),
        ("RTÉ", "alliance", 1, 1, 0.50, nan, nan, "one story: no interval"),
        ("TASS", "alliance", 30, 20, 0.60, 0.50, 0.70, ""),
        ("Void", "alliance", 0, 0, nan, nan, nan, "no passage"),
        ("CNN", "economy", 9, 8, 0.40, 0.30, 0.55, ""),
        ("RTÉ", "economy", 1, 1, 0.00, nan, nan, "one story: no interval"),
        ("TASS", "economy", 30, 20, 0.25, 0.20, 0.31, ""),
        ("Void", "economy", 0, 0, nan, nan, nan, "no passage"),
    ]
    return pd.DataFrame(rows, columns=COLUMNS)
