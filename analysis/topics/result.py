"""``Topics``: what every engine returns."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.arrays import Floats, Ints
from analysis.corpus.tables import places_in, refuse_duplicates, refuse_unknown
from analysis.text.terms import Canonical, Counts, aligned_to, checked
from analysis.topics.variational import document_shares, perplexity

MOSTLY = 0.5  # where more of a text's words are unknown, its shares describe the smaller part of it
KEYWORD_TOPIC = "keyword topic"  # what the columns of shares are called that need a caution


@dataclass(frozen=True, eq=False)
class Topics:
    """Topics as words and as shares of documents, numbered by falling mean share.

    Attributes
    ----------
    words : DataFrame
        Topic × term, rows sum to 1: the probability of each term in the topic.
    shares : DataFrame
        ``doc_id`` × topic, rows sum to 1: how much of a document each topic makes up.
    left_out : tuple
        Documents without a term of these topics; they have no shares.
    unknown_terms, unknown_words : int
        Terms, and words of running text, that these topics do not know (see ``transform``).
    keywords, unused : mapping, tuple
        The terms that each keyword topic began with, and keywords that are not among the counted terms.
    caution : str
        Printed wherever the shares of keyword topics are shown, as the column ``caution`` of tables.
    settings : mapping
        What the engine was given: ``engine`` and ``seed``. Empty for models of other packages.
    """

    words: pd.DataFrame
    shares: pd.DataFrame
    left_out: tuple[Any, ...] = ()
    unknown_terms: int = 0
    unknown_words: int = 0
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    caution: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)

    def transform(self, counts: Counts) -> "Topics":
        """These topics with the shares of other documents; a document's do not depend on the others.

        Terms are matched by name. Unknown ones are ignored and counted, with a warning if they are more than half
        of the words. "nmf-lda" gives its own documents the same shares again.

        Examples
        --------
        >>> import analysis as an
        >>> topics = an.fit_topics(an.count_terms(an.tokenize(["gas oil " * 9] * 30 + ["army navy " * 9] * 10)), 2)
        >>> topics.transform(an.count_terms(an.tokenize(["gas gas oil drone", "navy"]))).unknown_words
        1
        """
        words = self.words[sorted(self.words.columns)]
        matrix = aligned_to(counts, words.columns)
        rows = np.flatnonzero(np.diff(matrix.indptr))
        if not len(rows):
            raise ValueError(
                f"counts: no document has a term of these topics ({len(words.columns)} terms). "
                "Count the new documents as the fitted ones were counted: same language, same n-grams."
            )
        values = document_shares(words.to_numpy(), matrix[rows])
        shares = pd.DataFrame(values, index=counts.docs[rows], columns=self.shares.columns)
        occurrences = checked(counts).sum(axis=0)
        strange = ~counts.terms.isin(words.columns) & (occurrences > 0)
        unknown, total = int(occurrences[strange].sum()), int(occurrences.sum())
        if unknown > MOSTLY * total:
            warnings.warn(
                f"{unknown} of {total} words are unknown to these topics: the shares describe the others only. "
                "Count the new documents as the fitted ones were counted, or fit topics to both.",
                stacklevel=2,
            )
        left_out, terms = tuple(counts.docs.delete(rows).tolist()), int(strange.sum())
        return replace(self, shares=shares, left_out=left_out, unknown_terms=terms, unknown_words=unknown)

    def perplexity(self, counts: Counts, *, seed: int = 0) -> float:
        """Held-out perplexity: the number of equally likely words that the topics leave to choose from.

        Lower is better; ``inf`` means that a word is impossible. Document completion (Wallach et al. 2009): half
        of each document's words, drawn at random, gives its topic shares; the perplexity is that of the other
        half. Documents with fewer than two known words are ignored.
        """
        return perplexity(self.words, counts, seed=seed)

    def named(self, names: Mapping[str, str]) -> "Topics":
        """These topics under names of your own, for some or for all; tables and figures then carry the names."""
        if wrong := [name for name in names.values() if not isinstance(name, str) or not name.strip()]:
            raise ValueError(f"names: a name must have letters, such as 'energy'. Found: {wrong[0]!r}.")
        for name in names:
            refuse_unknown("names", name, "a topic", self.words.index)
        labels = self.words.index.map(lambda topic: names.get(topic, topic)).rename("topic")
        refuse_duplicates("names: the name", labels, "Give each topic its own.")
        keywords = {names.get(topic, topic): terms for topic, terms in self.keywords.items()}
        shares = self.shares.set_axis(labels.rename(self.shares.columns.name), axis=1)
        return replace(self, words=self.words.set_axis(labels), shares=shares, keywords=keywords)


def columns_of(terms: "pd.Index[Any]", counts: Counts) -> Ints:
    """The column of each of these terms of topics."""
    wrong = "of these topics is missing. Give the counts that they were fitted to, or others of the same terms."
    return places_in(counts.terms, terms, "counts: term", wrong)


def labelled(
    words: Floats, shares: Floats, counts: Counts, taken: Canonical, *, first: tuple[str, ...] = (), **fields: Any
) -> Topics:
    """``Topics`` from arrays in the order of `counts`: those called `first`, then the others by falling share."""
    size, likeliest = -shares.mean(axis=0).round(6), words.argmax(axis=1)
    # Shares that differ only in the last digits are ordered by their likeliest word, on every machine.
    others = np.lexsort((likeliest[len(first) :], size[len(first) :])) + len(first)
    order = np.concatenate([np.arange(len(first)), others]).astype(np.intp)
    width = len(str(len(others)))
    names = pd.Index([*first, *(f"topic {number:0{width}}" for number in range(1, len(others) + 1))], name="topic")
    columns = names.rename(KEYWORD_TOPIC) if fields.get("caution") else names
    by_row, by_column = np.argsort(taken.rows), np.argsort(taken.columns)
    terms = counts.terms[taken.columns[by_column]].rename("term")
    return Topics(
        pd.DataFrame(words[np.ix_(order, by_column)], index=names, columns=terms),
        pd.DataFrame(shares[np.ix_(by_row, order)], index=counts.docs[taken.rows[by_row]], columns=columns),
        left_out=tuple(counts.docs.delete(taken.rows).tolist()),
        **fields,
    )
