"""How each language writes: one spelling of a word, words without blanks, and its grammar file."""

import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

from analysis.corpus.files import shipped

FOLDER = files("analysis.corpus") / "languages"
KNOWN = tuple(sorted(file.name.removesuffix(".yaml") for file in FOLDER.iterdir() if file.name.endswith(".yaml")))
# Letters that are written in two ways within one language: е for ё in Russian, and in Arabic the seats of hamza,
# the final ya and ta marbuta, and the Persian ya and kaf. Vowel signs and the stretching tatweel fall away, and so
# does the dot that Python leaves over the small form of the Turkish İ.
ALIKE = str.maketrans("ёأإآٱؤئىةیکھ", "еااااوييهيكه")
SIGNS = re.compile("[\u064b-\u0652\u0670\u0640]|(?<=i)\u0307")
UNSPACED_LANGUAGES = ("zh", "ja")
UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}]"  # scripts that write no blanks between words
KANA = re.compile("[\u3040-\u30ff\uff66-\uff9f]")
# Where a Japanese run changes its script a word ends; the endings in hiragana become words of their own.
RUNS = re.compile("[\u30a0-\u30ff\uff66-\uff9f]+|[\u3040-\u309f]+|[^\u3040-\u30ff\uff66-\uff9f]+")


def grammar(language: str) -> dict[str, Any]:
    """The file of a language: names of countries, what is none, joiners, "the two countries", abbreviations."""
    known: dict[str, Any] = shipped("analysis.corpus", f"languages/{language}.yaml") if language in KNOWN else {}
    return known


@cache
def simplified() -> dict[int, int]:
    """The simplified character for each traditional one (from OpenCC's table, Apache licence)."""
    traditional, simple = files("analysis.corpus").joinpath("traditional.txt").read_text("utf-8").split()
    return str.maketrans(traditional, simple)


def folded(form: str) -> str:
    """The form under which a word is compared: small letters, full width and spelling variants made one.

    >>> [folded(form) for form in ("ＲＵＳＳＩＡ", "Партнёр", "İstanbul", "أمريكا", "中國")]
    ['russia', 'партнер', 'istanbul', 'امريكا', '中国']
    """
    if form.isascii():
        return form.lower()
    return SIGNS.sub("", unicodedata.normalize("NFKC", form).lower()).translate(ALIKE).translate(simplified())


def pieces(run: str) -> list[str]:
    """The words of a run of Chinese or Japanese characters, in order; joined they give the run.

    Chinese is cut by a dictionary and the likeliest path through it (jieba, by way of rjieba), Japanese where its
    script changes.

    >>> pieces("俄罗斯和中国签署协议"), pieces("ロシアと中国")
    (['俄罗斯', '和', '中国', '签署', '协议'], ['ロシア', 'と', '中国'])
    """
    if KANA.search(run):
        return RUNS.findall(run)
    import rjieba

    simple = run.translate(simplified())
    lengths = [len(piece) for piece in rjieba.cut(simple)]
    ends = [sum(lengths[: at + 1]) for at in range(len(lengths))]
    return [run[end - length : end] for end, length in zip(ends, lengths, strict=True)]
