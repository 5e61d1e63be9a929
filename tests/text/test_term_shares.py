"""Terms, compared as frames are."""

import pandas as pd

import analysis as an
from tests.data import refused


def test_terms_are_compared_as_frames_are():
    texts = ["gas price", "gas pipe", "navy drill", "navy drill gas"]
    shares = an.count_terms(an.tokenize(texts)).shares(["gas", "navy"])
    articles = pd.DataFrame({"doc_id": shares.index, "outlet": ["A", "A", "B", "B"], "story_id": shares.index})
    table = an.outlet_differences(shares, articles)
    assert table[["label", "difference"]].to_numpy().tolist() == [["gas", 0.5], ["navy", -1.0]]


def test_a_term_that_was_not_counted_is_an_error():
    counts = an.count_terms(an.tokenize(["gas"]))
    message = "terms: 'oil' was not counted. Lower min_df in count_terms, or leave it out."
    with refused(message):
        counts.shares(["gas", "oil"])
