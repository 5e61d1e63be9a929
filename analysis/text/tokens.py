"""Integer-coded tokens: the same terms from a text and from its lower-cased, stripped copy."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.corpus.tables import check_columns, usable
from analysis.corpus.words import Bounds, Ints, words
from analysis.text.joins import Joined

Vocabulary = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Tokens:
    """Tokens of some texts: one vocabulary, and for each token an integer and its place in the text.

    Attributes
    ----------
    codes, vocabulary : array
        The position of each token in ``vocabulary``, which holds the distinct terms in alphabetical order.
    bounds : array
        The tokens of text ``i`` are ``codes[bounds[i]:bounds[i + 1]]``.
    starts, ends : array
        Character offsets of each token in its text.
    docs, texts
        The name of each text (``passage_id``, ``doc_id``, or its position in a list), and the texts.
    """

    codes: Ints
    vocabulary: Vocabulary
    bounds: Bounds
    starts: Ints
    ends: Ints
    docs: "pd.Index[str]"
    texts: Sequence[str]

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def text_index(self) -> Ints:
        """The text of each token, as a position in ``docs``."""
        return np.repeat(np.arange(len(self.docs), dtype=np.int32), np.diff(self.bounds))

    def to_lists(self) -> list[list[str]]:
        """The tokens of each text as words."""
        written = self.vocabulary[self.codes].tolist()
        return [written[start:end] for start, end in zip(self.bounds[:-1], self.bounds[1:], strict=True)]

    def lemmatize(self, *, language: str = "en") -> "Tokens":
        """The same tokens under their lemmas (simplemma's rules and dictionary), with unchanged offsets.

        >>> tokenize(["ties strengthened"]).lemmatize().to_lists()
        [['tie', 'strengthen']]
        """
        import simplemma

        lemmas = [simplemma.lemmatize(term, lang=language) if term.isalpha() else term for term in self.vocabulary]
        vocabulary, codes = _alphabetical(np.array(lemmas, dtype=object), self.codes)
        return replace(self, vocabulary=vocabulary, codes=codes)


def tokenize(texts: pd.DataFrame | Sequence[str], *, known: frozenset[str] = frozenset()) -> Tokens:
    """The tokens of articles, of passages, or of a list of texts.

    Words are lower-cased runs of letters and digits. What ``joins.yaml`` lists is one term ("U.S.", "US" and
    "u s" are ``u.s.``, never the pronoun; "S-400" and "s 400" are ``s-400``), a possessive "s" is dropped, and
    "Sino-Russian" is two words.

    Parameters
    ----------
    texts : DataFrame or sequence of str
        A table of texts (with ``passage_id`` or ``doc_id``), or a list of strings.
    known : frozenset of str
        Chinese and Japanese words that are tokens of their own, though a dictionary joins them to others.

    Returns
    -------
    Tokens
        One for each text, in order.

    Examples
    --------
    >>> tokenize(["The U.S.-led bloc fears Xi’s S-400", "the u s led bloc fears xi s s 400"]).to_lists()[1]
    ['the', 'u.s.', 'led', 'bloc', 'fears', 'xi', 's-400']
    """
    column, docs = _texts(texts)
    found = words(column, known=known)
    terms = Joined(found)
    bounds = np.concatenate([[0], np.cumsum(terms.kept)])[found.bounds]
    vocabulary, codes = _alphabetical(np.array(list(terms.code_of), dtype=object), terms.codes[terms.kept])
    return Tokens(codes, vocabulary, bounds, found.starts[terms.kept], terms.ends[terms.kept], docs, column)


def _texts(texts: pd.DataFrame | Sequence[str]) -> tuple[list[str], "pd.Index[str]"]:
    if isinstance(texts, str):
        raise TypeError("texts: must be a table or a list of texts. Found: one string. Write tokenize([text]).")
    if isinstance(texts, pd.DataFrame):
        check_columns(texts, ["text"], where="tokenize")
        texts = usable(texts)
        name = next((name for name in ("passage_id", "doc_id") if name in texts), None)
        docs = pd.Index(texts[name] if name else texts.index, name=name)
        column = texts["text"].tolist()
    else:
        column, docs = list(texts), pd.RangeIndex(len(texts))
    for doc, text in zip(docs, column, strict=True):
        if not isinstance(text, str):
            what = f"the text of {doc!r} is not a string. Found: {text!r}"
            raise TypeError(f"texts: {what}. Fill missing texts with '' or drop them first.")
    return column, docs


def _alphabetical(vocabulary: Vocabulary, codes: Ints) -> tuple[Vocabulary, Ints]:
    """The terms in use, sorted and distinct, and the codes that point to them."""
    used = np.flatnonzero(np.bincount(codes, minlength=len(vocabulary)))
    distinct, place = np.unique(vocabulary[used].astype(str), return_inverse=True)
    moved = np.zeros(len(vocabulary), dtype=np.int32)
    moved[used] = place
    return distinct.astype(object), moved[codes]
