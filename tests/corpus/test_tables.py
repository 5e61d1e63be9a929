import pandas as pd
import pytest

import analysis as an
from analysis.corpus.tables import missing_column
from tests.data import refused


@pytest.mark.parametrize(
    ("columns", "near"),
    [
        (["doc_id", "Text"], "'Text'"),
        (["doc_id", " TEXT "], "' TEXT '"),
        (["doc_id", "texts", "title"], "'texts'"),
        (["doc_id", "txt"], "'txt'"),
    ],
)
def test_a_near_miss_is_suggested(columns, near):
    message = str(missing_column(pd.DataFrame(columns=columns), "text", where="articles"))
    assert message == f"articles: column 'text' is missing. Found: {', '.join(columns)}. Did you mean {near}?"


def test_a_far_name_is_not_suggested():
    table = pd.DataFrame(columns=["doc_id", "body"])
    assert str(missing_column(table, "text", where="articles", hint="Rename it.")) == (
        "articles: column 'text' is missing. Found: doc_id, body. Rename it."
    )


def test_a_column_name_may_be_a_number():
    message = str(missing_column(pd.DataFrame({0: ["x"]}), "text", where="articles"))
    assert message == "articles: column 'text' is missing. Found: 0."


@pytest.mark.parametrize("step", [an.clean, an.mark_copies, an.passages])
def test_a_table_of_polars_says_how_to_pass_it(step):
    pl = pytest.importorskip("polars")
    with refused("articles: a polars DataFrame is not a pandas DataFrame. Pass articles.to_pandas().", TypeError):
        step(pl.DataFrame({"doc_id": ["a"], "text": ["x"]}))
