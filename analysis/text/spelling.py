"""Words of patterns as the tokens write them."""

import itertools
import unicodedata
from collections.abc import Iterable, Mapping

from analysis.text.tokens import tokenize

GLOB = frozenset("*?")
CASE = "="  # parts a term from the form in which it must be written


def spelled(written: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The words of each phrase as the tokens write them."""
    pieces = {text: _pieces(text) for text in written}
    terms = _terms(piece.removeprefix(CASE) for found in pieces.values() for piece in found if _plain(piece))
    terms |= {piece: _globs(piece) for found in pieces.values() for piece in found if not _plain(piece)}
    return {
        text: tuple(term for piece in found for term in _words(piece, terms)) for text, found in pieces.items()
    }


def _terms(plain: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """The terms of each text, and how each is written there."""
    texts = sorted(set(plain))
    tokens = tokenize(texts)
    places = zip(tokens.text.tolist(), tokens.starts.tolist(), tokens.ends.tolist(), strict=True)
    forms = [texts[text][start:end] for text, start, end in places]
    found = list(zip(tokens.vocabulary[tokens.codes].tolist(), forms, strict=True))
    bounds = tokens.bounds.tolist()
    return {text: found[start:end] for text, start, end in zip(texts, bounds[:-1], bounds[1:], strict=True)}


def _plain(piece: str) -> bool:
    return not GLOB & set(piece)


def _pieces(text: str) -> list[str]:
    """A phrase as runs of plain words, which may be one term together ("s 400"), and each other word alone."""
    words = enumerate(text.split())
    runs = itertools.groupby(words, key=lambda word: 0 if _plain(word[1]) and word[1][0] != CASE else 1 + word[0])
    return [" ".join(word for _, word in run) for _, run in runs]


def _globs(text: str) -> list[tuple[str, str]]:
    """Globs, lower-cased and as written, split where words are."""
    signs = (sign if sign in GLOB or unicodedata.category(sign)[0] in "LMN" else " " for sign in text)
    return [(word.lower(), word) for word in "".join(signs).split()]


def _words(piece: str, terms: Mapping[str, list[tuple[str, str]]]) -> list[str]:
    if piece.startswith(CASE):
        found = terms[piece if piece in terms else piece.removeprefix(CASE)]
        return [f"{term}{CASE}{form}" for term, form in found]
    return [term for term, _ in terms[piece]]
