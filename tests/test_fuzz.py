"""A few cases of each target of ``benchmarks/fuzz.py``, which runs as many as one likes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.fuzz import FILES, TARGETS, an, fault


@pytest.mark.filterwarnings("ignore:.*the description is taken for the text")
@pytest.mark.parametrize("kind", FILES)
def test_what_is_damaged_can_be_read_when_whole(kind, tmp_path):
    (tmp_path / f"a.{kind}").write_bytes(FILES[kind])
    articles = an.read_articles(tmp_path / f"a.{kind}")
    assert (articles["problem"] == "").any()


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=8)
@given(number=st.integers(0, 2**32))
def test_damaged_input_is_read_or_refused_in_words(name, number):
    assert fault(name, number) == ""
