"""Words of texts that hold what text should not, and in processes that were forked."""

import subprocess
import sys

import pandas as pd
import pytest

import analysis as an

FORKED = """
import multiprocessing, sys
from concurrent.futures import ProcessPoolExecutor
import analysis as an
import pandas as pd
def count(text):
    articles = pd.DataFrame({"doc_id": ["a"], "outlet": ["DW"], "text": [text]})
    marked = an.mark_copies(an.clean(articles))
    return len(an.tokenize([text])), len(an.passages(marked)), an.summarize(marked)["words"].tolist()
if __name__ == "__main__":
    print(count("Russia and China agreed."))
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork")) as pool:
        print(list(pool.map(count, ["Russia and China met.", "d e"])))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_a_process_that_was_forked_after_use_does_not_hang():
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORKED], capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "(4, 1, [4.0])\n[(4, 1, [4.0]), (2, 0, [2.0])]\n", done.stderr


@pytest.mark.parametrize(
    "text",
    [
        "Rus\0sia and China agreed on gas.",
        "Rus\u00adsia and Chi\u200bna agreed on gas.",
        "Ｒｕｓｓｉａ and Ｃｈｉｎａ agreed on gas.",
        "Russia\u200band\u200bChina agreed on gas.",
    ],
)
def test_invisible_characters_do_not_hide_a_word(text):
    found = an.passages(pd.DataFrame({"doc_id": ["a"], "text": [text]}))
    assert found["text"].tolist() == [text]
    assert an.tokenize([text]).to_lists()[0][0] == "russia"


def test_a_lone_surrogate_is_a_gap_and_keeps_its_place():
    text = "Russia \ud83d and China agreed."
    tokens = an.tokenize([text])
    assert tokens.to_lists() == [["russia", "and", "china", "agreed"]]
    assert [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)][2] == "China"
    articles = pd.DataFrame({"doc_id": ["a"], "outlet": ["DW"], "text": [text]}, dtype="object")
    marked = an.mark_copies(an.clean(articles))
    assert an.passages(marked)["start"].tolist() == [0]
