"""How each language writes: one spelling of a word, words without blanks, and its grammar file."""

import re
import unicodedata
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from itertools import accumulate, pairwise
from typing import Any

from analysis.corpus.files import shipped

FOLDER = files("analysis.corpus") / "languages"
KNOWN = tuple(sorted(file.name.removesuffix(".yaml") for file in FOLDER.iterdir() if file.name.endswith(".yaml")))
# Letters that are written in two ways within one language: е for ё in Russian, in Arabic the seats of hamza, the
# final ya and ta marbuta, and Persian ya and kaf. Vowel signs, tatweel and the dot left of a Turkish İ fall away.
ALIKE = str.maketrans("ёأإآٱؤئىةیکھ", "еااااوييهيكه")
SIGNS = re.compile("[\u064b-\u0652\u0670\u0640]|(?<=i)\u0307")
NO_SEGMENTER = "rjieba, which finds its words, is not installed. Run pip install 'outlet-framing[chinese]'."
UNSPACED_LANGUAGES = ("zh", "ja")
UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}]"  # scripts that write no blanks between words
NEGATORS = "不没未无非"  # single characters that are cut off the word that they begin
HIRAGANA = re.compile("[\u3041-\u309f]+")
HAN = re.compile("[\u3005\u3400-\u9fff\uf900-\ufaff]+")
KANA = re.compile("[\u3040-\u30ff\uff66-\uff9f]")
RUNS = re.compile("[\u30a0-\u30ff\uff66-\uff9f]+|[\u3040-\u309f]+|[^\u3040-\u30ff\uff66-\uff9f]+")  # of one script


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


def pieces(run: str, known: frozenset[str] = frozenset()) -> list[str]:
    """The words of a run of Chinese or Japanese characters, in order; joined they give the run.

    Chinese is cut by a dictionary and the likeliest path through it (jieba, by way of rjieba), Japanese where its
    script changes. Words that are ``known`` are words wherever they begin or end with one of these.

    >>> pieces("俄罗斯和中国签署协议"), pieces("ロシアと中国")
    (['俄罗斯', '和', '中国', '签署', '协议'], ['ロシア', 'と', '中国'])
    >>> pieces("双边贸易额"), pieces("双边贸易额", frozenset(["贸易"]))
    (['双边', '贸易额'], ['双边', '贸易', '额'])
    """
    simple = run.translate(simplified())
    words = RUNS.findall(run) if KANA.search(run) else _cut(simple)
    ends = list(accumulate(map(len, words)))
    edges = _with_known(simple, {0, *ends}, known) if known else [0, *ends]
    return [run[start:end] for start, end in pairwise(edges)]


def _cut(run: str) -> list[str]:
    """The words of a Chinese run; the whole run where the segmenter is not installed."""
    try:
        from rjieba import cut
    except ImportError:
        return [run]
    return list(cut(run))


def lacks_segmenter() -> bool:
    """Whether Chinese cannot be cut into words here."""
    return find_spec("rjieba") is None


def _with_known(run: str, edges: set[int], known: frozenset[str]) -> list[int]:
    """The edges of words, changed so that the known words are words of their own; "不" is cut off "不是"."""
    not_negating = "|".join(grammar("zh")["not negating"])  # though they begin with a negator: "不断", "无限"
    whole = [span for found in re.finditer(not_negating, run) if (span := found.span())[0] in edges]
    edges -= {place for start, end in whole for place in range(start + 1, end)}
    spans = [
        (start, start + size)
        for size in sorted({len(word) for word in known})
        for start in range(len(run) - size + 1)
        if run[start : start + size] in known and _parted(run, start, start + size, edges)
    ]
    kept = [one for one in spans if not any(a <= one[0] and one[1] <= b and one != (a, b) for a, b in whole)]
    within = {place for start, end in kept for place in range(start + 1, end)}
    return sorted(edges - within | {place for span in kept for place in span})


def _parted(run: str, start: int, end: int, edges: set[int]) -> bool:
    """Whether a known word begins or ends with a word; one character must do both, unless it negates."""
    if end - start > 1 and HIRAGANA.fullmatch(run, start, end):
        return True  # "ない" in "ではないが"
    if end - start > 1 or run[start] in NEGATORS:
        return start in edges or (end in edges and run[start] != "非")  # "南非" is South Africa
    return start in edges and end in edges
