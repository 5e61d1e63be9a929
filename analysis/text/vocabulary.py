"""What the words of patterns stand for in a vocabulary."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable
from functools import cache

import numpy as np
import numpy.typing as npt

from analysis.corpus.words import INVISIBLE, Ints
from analysis.text.spelling import CASE
from analysis.text.tokens import Tokens

Places = npt.NDArray[np.int64]

LAST_SIGN = "\U0010ffff"  # sorts after every other
UNSEEN = dict.fromkeys(map(ord, INVISIBLE))


def codes_of(tokens: Tokens, words: Collection[str]) -> tuple[Ints, dict[str, Places], int]:
    """The code of each token, the codes that each word or glob stands for, and the number of codes.

    A term has one code, and where a word asks for it as written, one for each way it is written.
    """
    terms = tokens.vocabulary.tolist()
    found = {word: np.array(_alike(word.partition(CASE)[0], terms), dtype=np.int64) for word in words}
    cased = {word: word.partition(CASE)[2] for word in words if CASE in word}
    return _told_apart(tokens, found, cased) if cased else (tokens.codes, found, len(terms))


def _alike(word: str, terms: list[str]) -> list[int]:
    """The codes of a word or glob, looked up in the sorted vocabulary."""
    stem = re.split(r"[*?]", word)[0]
    likely = range(bisect_left(terms, stem), bisect_left(terms, stem + LAST_SIGN))
    if stem == word:
        return [code for code in likely[:1] if terms[code] == word]
    glob = _glob(word)
    return [code for code in likely if glob.fullmatch(terms[code])]


@cache
def _glob(word: str) -> re.Pattern[str]:
    return re.compile(re.escape(word).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


def _told_apart(
    tokens: Tokens, found: dict[str, Places], cased: dict[str, str]
) -> tuple[Ints, dict[str, Places], int]:
    size = len(tokens.vocabulary)
    split = np.zeros(size, bool)
    for word in cased:
        split[found[word]] = True
    at = np.flatnonzero(split[tokens.codes])
    forms: dict[tuple[int, str], int] = {}
    written = zip(tokens.codes[at].tolist(), _written(tokens, at), strict=True)
    codes = tokens.codes.copy()
    codes[at] = [size + forms.setdefault(form, len(forms)) for form in written]
    told = {word: _forms(codes, split, forms, cased.get(word, "*")) for word, codes in found.items()}
    return codes, told, size + len(forms)


def _forms(codes: Places, split: npt.NDArray[np.bool_], forms: Iterable[tuple[int, str]], asked: str) -> Places:
    """The codes, with those of the forms asked for in the place of a term told apart."""
    terms, glob = set(codes.tolist()), _glob(asked)
    own = [len(split) + at for at, (term, form) in enumerate(forms) if term in terms and glob.fullmatch(form)]
    return np.array([*codes[~split[codes]].tolist(), *own], dtype=np.int64)


def _written(tokens: Tokens, at: Places) -> list[str]:
    """The tokens as they stand in the text."""
    places = zip(tokens.text[at].tolist(), tokens.starts[at].tolist(), tokens.ends[at].tolist(), strict=True)
    return [tokens.texts[text][start:end].translate(UNSEEN) for text, start, end in places]
