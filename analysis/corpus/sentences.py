"""Where the sentences of a text begin and end, by the marks and abbreviations of its language."""

import re
from collections.abc import Iterator

from analysis.corpus.grammars import grammar

Span = tuple[int, int]
# The dot of a single letter ("u.s. officials", "j. smith") ends no sentence.
AFTER_MARK = re.compile(r"((?:(?<!\b\w)\.|[!?])[\"'”’)]*\s+[\"'“‘(]*)([a-z])")
DAYS = 31  # "am 3. März": a larger number with a dot ends its sentence


def sentences(text: str, language: str = "en") -> Iterator[Span]:
    """The first and last place of each sentence, without the blanks around it.

    English is cut by simplemma's rules, by which the coded passages were cut; other languages by sentencex's,
    which know the marks of each ("。", "؟", "« … »"). What follows one of the language's abbreviations, or an
    ordinal number where the language writes one with a dot, belongs to the same sentence.

    >>> text = "В 2016 г. Россия подписала договор на 5 млрд. руб. в год. Он выгоден."
    >>> [text[start:end] for start, end in sentences(text, "ru")]
    ['В 2016 г. Россия подписала договор на 5 млрд. руб. в год.', 'Он выгоден.']
    """
    cut = _english(text) if language in ("en", "") else _others(text, language)
    for start, end in cut:
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
            yield begun, end
            begun = end
    if begun < end:
        yield begun, end


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
    return last in known.get("abbreviations", ()) and not (capital and last in known.get("closing", ()))
