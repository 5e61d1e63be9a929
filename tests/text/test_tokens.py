import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis as an
from analysis.corpus.words import words
from tests.data import cases

SAME = [
    pytest.param(text, case["terms"], id=f"{case['label']}: {text}")
    for case in cases("tokens")
    for text in [case["text"], *case["same"]]
]
FAILURES = cases("tokens_known_failures")
TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=5)


@pytest.mark.parametrize(("text", "terms"), SAME)
def test_one_term_however_it_is_written(text, terms):
    assert an.tokenize([text]).to_lists() == [terms]


@pytest.mark.parametrize("case", FAILURES, ids=lambda case: case["label"])
@pytest.mark.xfail(strict=True)
def test_known_failures(case):
    assert an.tokenize([case["text"]]).to_lists() == [case["wanted"]]


@given(TEXTS)
def test_words_are_the_text_at_their_offsets(texts):
    found = words(texts)
    for at, text in enumerate(texts):
        span = slice(*found.bounds[at : at + 2])
        cut = [text[start:end] for start, end in zip(found.starts[span], found.ends[span], strict=True)]
        forms = [found.forms[code] for code in found.codes[span]]
        assert [re.sub("[\u00ad\u200b-\u200d\u2060\ufeff]", "", piece) for piece in cut] == forms


@given(TEXTS)
def test_tokens_lie_in_order_inside_their_text(texts):
    tokens = an.tokenize(texts)
    for at, text in enumerate(texts):
        span = slice(*tokens.bounds[at : at + 2])
        edges = np.column_stack([tokens.starts[span], tokens.ends[span]]).ravel()
        assert (np.diff(edges) >= 0).all()
        assert not len(edges) or (edges[0] >= 0 and edges[-1] <= len(text))


@given(TEXTS, st.integers(1, 3))
def test_batches_do_not_matter(texts, batch):
    whole, parts = words(texts), words(texts, batch=batch)
    assert [whole.forms[code] for code in whole.codes] == [parts.forms[code] for code in parts.codes]
    assert [whole.gaps[code] for code in whole.gap_codes] == [parts.gaps[code] for code in parts.gap_codes]
    assert whole.starts.tolist() == parts.starts.tolist()
    assert whole.bounds.tolist() == parts.bounds.tolist()


def test_a_term_never_spans_two_texts():
    assert an.tokenize(["u", "s", "300", "000"]).to_lists() == [["u"], ["s"], ["300"], ["000"]]


def test_offsets_cover_a_joined_term():
    tokens = an.tokenize(["the U.S. said"])
    assert (tokens.starts.tolist(), tokens.ends.tolist()) == ([0, 4, 9], [3, 7, 13])


def test_tables_keep_their_names():
    passages = pd.DataFrame({"passage_id": ["a-1"], "doc_id": ["a"], "text": ["Hello there"]})
    assert an.tokenize(passages).docs.tolist() == ["a-1"]
    assert an.tokenize(passages.drop(columns="passage_id")).docs.tolist() == ["a"]


def test_lemmas_keep_offsets():
    tokens = an.tokenize(["Drills and exercises"])
    lemmas = tokens.lemmatize()
    assert lemmas.to_lists() == [["drill", "and", "exercise"]]
    assert lemmas.starts.tolist() == tokens.starts.tolist()


def test_a_missing_text_is_named():
    articles = pd.DataFrame({"doc_id": ["a", "b"], "text": ["x", None]})
    with pytest.raises(
        TypeError, match=r"texts: the text of 'b' is not a string\. Found: (nan|None)\. Fill missing texts"
    ):
        an.tokenize(articles)
    with pytest.raises(TypeError, match=r"Found: one string\. Write tokenize\(\[text\]\)"):
        an.tokenize("one text")


def test_a_table_without_text_is_refused():
    with pytest.raises(ValueError, match="text") as error:
        an.tokenize(pd.DataFrame({"doc_id": ["a"], "body": ["Xi left."]}))
    assert str(error.value) == "tokenize: column 'text' is missing. Found: doc_id, body."
