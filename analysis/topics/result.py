"""``Topics``: what every engine returns, for new documents and for other packages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.text.terms import Counts


@dataclass(frozen=True)
class Topics:
    """Topics as words and as parts of documents; topics are numbered by falling mean share.

    Attributes:
        words: topic × term, rows sum to 1: how likely a topic is to say the term.
        shares: ``doc_id`` × topic, rows sum to 1: how much of a document each topic makes up. Documents
            without a term have none; ``shares.attrs["left_out"]`` lists them.
    """

    words: pd.DataFrame
    shares: pd.DataFrame

    def transform(self, counts: Counts) -> pd.DataFrame:
        """The share of each topic in other documents: ``doc_id`` × topic, rows sum to 1; topics stay as they are.

        Terms are matched by name, whatever their order. Terms that no topic knows are passed over:
        ``attrs["unknown_terms"]`` and ``attrs["unknown_words"]`` say how many terms, and how many words in running
        text; a warning does if they are more than half of the words. Documents that hold no known term have no
        shares; ``attrs["left_out"]`` lists them. A document's shares depend on no other document. For the
        documents that "warm" fitted they are ``shares``, to the byte.

        Raises:
            ValueError: no document holds a term of these topics, or weights instead of counts.

        >>> import analysis as an
        >>> topics = an.fit_topics(an.count_terms(an.tokenize(["gas oil " * 9] * 30 + ["army navy " * 9] * 10)), 2)
        >>> new = topics.transform(an.count_terms(an.tokenize(["gas gas oil drone", "navy"])))
        >>> new.round(1), new.attrs["unknown_words"]
        (topic  topic 1  topic 2
        0          0.9      0.1
        1          0.3      0.7, 1)
        """
        from analysis.topics.inference import transformed

        return transformed(self, counts)

    def named(self, names: Mapping[str, str]) -> "Topics":
        """These topics with names of your own, for some or for all of them; tables and figures then carry these.

        A name is a reading: give it after the cards (``topic_cards``) and after asking whether the topic
        comes back (``topic_stability``, which takes named topics as ``topics=``).

        Raises:
            ValueError: a topic that is not there, two topics of one name, or a name without letters.

        >>> import analysis as an
        >>> topics = an.fit_topics(an.count_terms(an.tokenize(["gas oil " * 9] * 30 + ["army navy " * 9] * 10)), 2)
        >>> topics.named({"topic 1": "energy"}).shares.columns.tolist()
        ['energy', 'topic 2']
        """
        wrong = [name for name in names.values() if not isinstance(name, str) or not name.strip()]
        if wrong:
            raise ValueError(f"names: {wrong[0]!r} is no name. Write letters, such as 'energy'.")
        strangers = [name for name in names if name not in self.words.index]
        if strangers:
            raise ValueError(
                f"names: no topic {strangers[0]!r}; there is {', '.join(map(str, self.words.index))}."
            )
        called = self.words.index.map(lambda topic: names.get(topic, topic)).rename("topic")
        if not called.is_unique:
            raise ValueError(f"names: two topics called {called[called.duplicated()][0]!r}. Give each its own.")
        return Topics(self.words.set_axis(called), self.shares.set_axis(called, axis=1))

    def to_sklearn(self, counts: Counts) -> Any:
        """These topics as a fitted ``LatentDirichletAllocation`` of scikit-learn over the columns of ``counts``.

        Its ``transform(counts.matrix)`` gives the shares of ``Topics.transform``. ``components_`` holds each
        topic's words as often as the documents of ``counts`` make it say them.
        """
        from analysis.topics.exchange import to_sklearn

        return to_sklearn(self, counts)

    @classmethod
    def from_sklearn(cls, model: Any, counts: Counts) -> "Topics":
        """The topics of a fitted ``LatentDirichletAllocation``, or ``NMF``, and their shares in ``counts``.

        Raises:
            ValueError: ``counts`` has another number of terms than the model was fitted to.
        """
        from analysis.topics.exchange import from_sklearn

        return from_sklearn(model, counts)

    def to_gensim(self, counts: Counts) -> tuple[Any, list[list[tuple[int, int]]], Any]:
        """These topics as gensim's ``LdaModel``, with the corpus and the ``Dictionary`` that its tools ask for.

        ``CoherenceModel(model, corpus=corpus, dictionary=dictionary, coherence="u_mass")`` and
        ``pyLDAvis.gensim_models.prepare(model, corpus, dictionary)`` take them as they are.
        """
        from analysis.topics.exchange import to_gensim

        return to_gensim(self, counts)

    @classmethod
    def from_gensim(cls, model: Any, corpus: Any, dictionary: Any) -> "Topics":
        """The topics of gensim's ``LdaModel``, and their shares in ``corpus``; documents are numbered from 0."""
        from analysis.topics.exchange import from_gensim

        return from_gensim(model, corpus, dictionary)

    def to_pyldavis(self, counts: Counts) -> dict[str, Any]:
        """What ``pyLDAvis.prepare(**inputs)`` asks for: topics, shares, lengths, vocabulary, frequencies.

        The documents and terms are those of ``counts`` that these topics know.
        """
        from analysis.topics.exchange import to_pyldavis

        return to_pyldavis(self, counts)
