"""One spelling for all ways to write a word, and words of scripts without blanks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.words import words
from analysis.corpus.writing import folded, pieces

ALIKE = [
    ("Ｒｕｓｓｉａ", "russia"), ("Партнёр", "партнер"), ("İstanbul", "istanbul"), ("ISTANBUL", "istanbul"),
    ("الصـــين", "الصين"), ("أمريكا", "امريكا"), ("إيران", "ايران"), ("روسيا", "روسيا"), ("مَوسكو", "موسكو"),
    ("دولة", "دوله"), ("中國", "中国"), ("俄羅斯", "俄罗斯"), ("ガス", "ガス"), ("Straße", "straße"),
    ("café", "café"), ("cafe\u0301", "café"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "form"), ALIKE)
def test_what_is_one_word(written, form):
    assert folded(written) == folded(form) == form


@given(st.text())
def test_folding_again_changes_nothing(text):
    assert folded(folded(text)) == folded(text)


@given(st.text(alphabet="俄罗斯和中国國签署协议ロシアがの", min_size=1))
def test_pieces_give_the_run_again(run):
    assert "".join(pieces(run)) == run


def cut(text):
    found = words([text])
    return [text[start:end] for start, end in zip(found.starts, found.ends, strict=True)]


def test_words_of_mixed_text_lead_to_their_places():
    text = "中国和 Huawei 在俄罗斯建 5G。ロシアと協力、Xi said."
    assert cut(text) == [
        *("中国", "和", "Huawei", "在", "俄罗斯", "建", "5G", "ロシア", "と", "協力", "Xi", "said"),
    ]


def test_what_follows_the_last_word_of_a_run_follows_the_run():
    found = words(["俄罗斯和中国。", "ok."])
    assert [found.gaps[code] for code in found.gap_codes] == ["", "", "。", "."]


def test_a_run_with_an_invisible_character_stays_one_word():
    assert cut("中\u200b国和俄罗斯") == ["中\u200b国和俄罗斯"]
