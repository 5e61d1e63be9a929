"""How each language writes: one spelling of a word, words without blanks, sentences, and names of countries."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
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
UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}]"  # scripts that write no blanks between words
KANA = re.compile("[\u3040-\u30ff\uff66-\uff9f]")
# Where a Japanese run changes its script a word ends; the endings in hiragana become words of their own.
RUNS = re.compile("[\u30a0-\u30ff\uff66-\uff9f]+|[\u3040-\u309f]+|[^\u3040-\u30ff\uff66-\uff9f]+")
Span = tuple[int, int]
# The dot of a single letter ("u.s. officials", "j. smith") ends no sentence.
AFTER_MARK = re.compile(r"((?:(?<!\b\w)\.|[!?])[\"'”’)]*\s+[\"'“‘(]*)([a-z])")
INITIAL = re.compile(r"(?<![^\W\u3400-\u9fff])[^\W\d_]\.$")  # "J.-P. Raffarin", "U.S. Steel"
DAYS = 31  # "am 3. März": a larger number with a dot ends its sentence


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


def sentences(text: str, language: str = "en") -> Iterator[Span]:
    """The first and last place of each sentence, without the blanks around it.

    English is cut by simplemma's rules, by which the coded passages were cut; other languages by sentencex's,
    which know the marks of each ("。", "؟", "« … »"). What follows one of the language's abbreviations, or an
    ordinal number where the language writes one with a dot, belongs to the same sentence.

    >>> text = "В 2016 г. Россия подписала договор на 5 млрд. руб. в год. Он выгоден."
    >>> [text[start:end] for start, end in sentences(text, "ru")]
    ['В 2016 г. Россия подписала договор на 5 млрд. руб. в год.', 'Он выгоден.']
    """
    return trimmed(text, _english(text) if language in ("en", "") else _others(text, language))


def trimmed(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """The spans without the blanks around each; those of nothing but blanks are left out."""
    for start, end in spans:
        piece = text[start:end]
        if piece.strip():
            yield start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _english(text: str) -> Iterator[Span]:
    """As simplemma cuts; a text that lost its capitals is cut as if it had them after each mark.

    >>> text = "u.s. officials came. they left! it rained."
    >>> [text[start:end] for start, end in _english(text)]
    ['u.s. officials came.', 'they left!', 'it rained.']
    """
    from simplemma import split_sentences

    if text.islower():
        text = AFTER_MARK.sub(lambda found: found[1] + found[2].upper(), text)
    end = 0
    for sentence in split_sentences(text, lang="en"):
        start = text.index(sentence, end)
        end = start + len(sentence)
        yield start, end


def _others(text: str, language: str) -> Iterator[Span]:
    from sentencex import segment

    end, begun = 0, 0
    for piece in segment(language, text):
        end += len(piece)
        if not _goes_on(text[begun:end], text[end : end + 20], language):
            yield from _parted(text, begun, end, language)
            begun = end
    if begun < end:
        yield from _parted(text, begun, end, language)


def _parted(text: str, start: int, end: int, language: str) -> Iterator[Span]:
    """The sentence, cut where the segmenter reads on: after an ellipsis and after "usw." before a capital."""
    last = "|".join(grammar(language).get("last", ())) or "(?!)"
    cut = re.compile(rf"(?:…+[»”\"’」]*|(?<!\w)(?:{last})\.)(?:\s+|(?<=……))(?=[«„“¿¡]?(\w))")
    for mark in cut.finditer(text, start, end):
        if not mark[1].islower() and not mark[1].isdecimal():
            yield start, mark.end()
            start = mark.end()
    yield start, end


def _goes_on(sentence: str, rest: str, language: str) -> bool:
    """Whether a dot that seemed to end the sentence closes an abbreviation."""
    words = sentence.rstrip().split()
    if not rest.strip() or "\n" in sentence[len(sentence.rstrip()) :] or not words or not words[-1].endswith("."):
        return False
    last = words[-1].lstrip("(«„“\"'¿¡[").removesuffix(".").rpartition(".")[2]
    known = grammar(language)
    if known.get("ordinal") and last.isdecimal():
        return int(last) <= DAYS
    capital = rest.lstrip()[:1].isupper()
    if capital and last.isupper() and INITIAL.search(sentence.rstrip()):
        return last not in known.get("closing", ())
    return last in known.get("abbreviations", ()) and not (capital and last in known.get("closing", ()))
