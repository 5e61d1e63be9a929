"""Intrusion: sheets on which people look for what does not belong to a topic."""

from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.text.terms import Counts
from analysis.topics.fit import Topics

Kind = Literal["word", "topic", "word_set"]
Ints = npt.NDArray[np.int64]

# Five words and one intruder, and documents with three topics of eight words and one intruder (Chang et al. 2009).
WORDS, TOPICS, LABEL = 5, 3, 8
# Three sets of four words and an intruding set, of the twenty likeliest (Ying, Montgomery & Stewart 2022).
SETS, SET, POOL = 3, 4, 20
# A text with fewer counted words than this shows no three topics.
SHORTEST = 20
LEAST = 1e-9  # lets words be drawn that the topic never says, where there are too few others


class Intrusion(NamedTuple):
    """What coders get, and what they must not see: two tables that share ``item``."""

    sheet: pd.DataFrame
    key: pd.DataFrame


class Item(NamedTuple):
    """One question: the right choices, the intruder, and what the key keeps of each."""

    topic: str
    right: list[str]
    intruder: str
    text: str = ""
    document: str = ""
    shares: tuple[float, ...] = ()


def intrusion_sheet(
    topics: Topics,
    counts: Counts,
    *,
    kind: Kind = "word",
    articles: pd.DataFrame | None = None,
    each: int = 1,
    seed: int = 0,
) -> Intrusion:
    """A sheet for coders and its key: in each row they say which choice does not belong.

    A topic is worth a name if people see what it has in common. Three tests, as in the R package oolong:

    - "word": the five likeliest words of a topic and one that is likely in another topic but not in this (Chang
      et al. 2009).
    - "word_set": three sets of four words, drawn from the topic's twenty likeliest by their weight, and a set of
      another topic (Ying, Montgomery & Stewart 2022); harder to solve by a single odd word.
    - "topic": a text, its three largest topics as eight words each, and a topic it has hardly any of (Chang et
      al. 2009). It tests the shares, not the words.

    Args:
        topics: what ``fit_topics`` returns.
        counts: what it was fitted to: intruding words are in as many documents as the others, so that rarity
            does not give them away, and texts of fewer than 20 counted words are not shown.
        kind: which test.
        articles: for "topic": ``doc_id`` (or ``passage_id``) and ``text`` of what was counted.
        each: how many rows a topic. For "topic" fewer where a topic is the largest of fewer texts;
            ``key.attrs["without"]`` names topics without one.
        seed: draws intruders and the order of rows and choices.

    Returns:
        ``sheet``: ``item``, for "topic" the ``text``, ``choice_1`` …, and ``answer``, empty: the number of the
        choice. ``key``: ``item, kind, topic, intruder`` (its number), for "topic" also ``document`` and the
        ``share_1`` … of the choices. Keep the key from the coders; ``score_intrusion`` joins the two again.

    Raises:
        ValueError: an unknown kind, no text to show, or too few terms.

    >>> words = pd.DataFrame([[.3, .2, .2, .1, .1, .02, .08], [.02, .02, .02, .02, .02, .5, .4]],
    ...     ["topic 1", "topic 2"], ["gas", "oil", "bank", "loan", "tariff", "tank", "navy"])
    >>> topics = Topics(words, pd.DataFrame([[.6, .4]], ["a"], ["topic 1", "topic 2"]))
    >>> counts = Counts(np.ones((1, 7)), pd.Index(["a"]), words.columns)
    >>> sheet, key = intrusion_sheet(topics, counts)
    >>> sheet.columns.tolist()
    ['item', 'choice_1', 'choice_2', 'choice_3', 'choice_4', 'choice_5', 'choice_6', 'answer']
    >>> key.columns.tolist()
    ['item', 'kind', 'topic', 'intruder']
    """
    makers: dict[str, Callable[[np.random.Generator], Iterator[Item]]] = {
        "word": lambda draw: _words(topics, counts, each, draw),
        "word_set": lambda draw: _sets(topics, each, draw),
        "topic": lambda draw: _texts(topics, counts, articles, each, draw),
    }
    if kind not in makers:
        raise ValueError(f"kind={kind!r}: choose 'word', 'topic' or 'word_set'.")
    if each < 1:
        raise ValueError(f"each={each}: a topic needs one row or more.")
    draw = np.random.default_rng([seed, list(makers).index(kind)])
    items = list(makers[kind](draw))
    found = _laid_out(items, kind, draw)
    tested = {item.topic for item in items}
    found.key.attrs["without"] = [str(topic) for topic in topics.words.index if str(topic) not in tested]
    return found


def _words(topics: Topics, counts: Counts, each: int, draw: np.random.Generator) -> Iterator[Item]:
    order, terms = _ordered(topics, WORDS + 1), topics.words.columns
    often = _document_frequency(topics, counts)
    for at, topic in enumerate(topics.words.index):
        shown = order[at, :WORDS]
        for _ in range(each):
            intruder = draw.choice(_intruders(order, at, often, often[shown].min()))
            yield Item(str(topic), [str(term) for term in terms[shown]], str(terms[intruder]))


def _sets(topics: Topics, each: int, draw: np.random.Generator) -> Iterator[Item]:
    order, terms = _ordered(topics, (SETS + 1) * SET), topics.words.columns
    for at, topic in enumerate(topics.words.index):
        pool = order[at, : min(POOL, order.shape[1] - SET)]
        for _ in range(each):
            own = _drawn(topics, at, pool, SETS * SET, draw)
            other = draw.choice(np.delete(np.arange(len(order)), at))
            theirs = order[other][~np.isin(order[other], pool)][:POOL]
            sets = [*own.reshape(SETS, SET), _drawn(topics, other, theirs, SET, draw)]
            spelled = [", ".join(map(str, terms[words])) for words in sets]
            yield Item(str(topic), spelled[:-1], spelled[-1])


def _drawn(topics: Topics, at: int, pool: Ints, size: int, draw: np.random.Generator) -> Ints:
    """So many different words of the pool, the likelier in the topic the sooner."""
    weight = topics.words.to_numpy()[at, pool] + LEAST
    words: Ints = draw.choice(pool, size, replace=False, p=weight / weight.sum())
    return words


def _texts(
    topics: Topics, counts: Counts, articles: pd.DataFrame | None, each: int, draw: np.random.Generator
) -> Iterator[Item]:
    texts = _shown(articles)
    length = pd.Series(np.asarray(counts.matrix.sum(axis=1)).ravel(), index=counts.docs)
    shares = topics.shares[topics.shares.index.isin(length.index[length >= SHORTEST])]
    shares = shares[shares.index.isin(texts.index)].sort_index()
    if shares.empty:
        raise ValueError(
            f"articles: no text of {SHORTEST} counted words or more has shares. Give the table that was counted."
        )
    order = _ordered(topics, 1)[:, :LABEL]
    labels = [", ".join(map(str, topics.words.columns[row])) for row in order]
    largest = shares.to_numpy().argmax(axis=1)
    for at, topic in enumerate(topics.words.index):
        rows = np.flatnonzero(largest == at)
        for row in draw.permutation(rows)[:each]:
            values = shares.to_numpy()[row]
            falling = np.argsort(-values, kind="stable")
            right = falling[: min(TOPICS, len(values) - 1)]
            intruder = draw.choice(falling[max(len(right), len(values) // 2) :])
            doc = shares.index[row]
            kept = tuple(float(values[place]) for place in [*right, intruder])
            yield Item(
                str(topic), [labels[place] for place in right], labels[intruder], str(texts[doc]), str(doc), kept
            )


def _ordered(topics: Topics, needed: int) -> Ints:
    """Terms of each topic by falling weight, topics × terms."""
    if topics.words.shape[1] < needed or len(topics.words) < 2:
        raise ValueError(
            f"topics: {len(topics.words)} topics of {topics.words.shape[1]} terms; the test needs 2 topics and "
            f"{needed} terms."
        )
    order: Ints = np.argsort(-topics.words.to_numpy(), axis=1, kind="stable")
    return order


def _document_frequency(topics: Topics, counts: Counts) -> Ints:
    at = counts.terms.get_indexer(topics.words.columns)
    if (at < 0).any():
        missing = topics.words.columns[at < 0][0]
        raise ValueError(f"counts: no column for {missing!r}. Give the counts that the topics were fitted to.")
    held: Any = (counts.matrix > 0).sum(axis=0)
    frequency: Ints = np.asarray(held).ravel()[at]
    return frequency


def _intruders(order: Ints, at: int, often: Ints, floor: int) -> Ints:
    """Words in the lower half of this topic and at the top of another, no rarer than ``floor`` if any is."""
    likely = np.unique(np.delete(order, at, axis=0)[:, :POOL])
    improbable = order[at, order.shape[1] // 2 :]
    pool = np.intersect1d(likely, improbable)
    if not len(pool):  # topics that say much the same, or few terms
        pool = np.sort(improbable)
    common = pool[often[pool] >= floor]
    return common if len(common) else pool


def _shown(articles: pd.DataFrame | None) -> "pd.Series[str]":
    name = "doc_id" if articles is None or "passage_id" not in articles else "passage_id"
    if articles is None or "text" not in articles or name not in articles:
        raise ValueError("articles: kind='topic' shows texts. Give a table with 'doc_id' and 'text'.")
    return articles.set_index(name)["text"]


def _laid_out(items: list[Item], kind: str, draw: np.random.Generator) -> Intrusion:
    """The items in random order, each with its choices in random order."""
    width = max((len(item.right) for item in items), default=0) + 1
    choices = [f"choice_{at}" for at in range(1, width + 1)]
    sheet, key = [], []
    for number, at in enumerate(draw.permutation(len(items)), start=1):
        item = items[at]
        turn = draw.permutation(len(item.right) + 1)
        said = [[*item.right, item.intruder][place] for place in turn]
        sheet.append([number, *([item.text] if item.document else []), *said, ""])
        shares = [item.shares[place] for place in turn] if item.shares else []
        hidden = [item.document, *shares] if item.document else []
        key.append([number, kind, item.topic, int(np.flatnonzero(turn == len(item.right))[0]) + 1, *hidden])
    texts = kind == "topic"
    kept = ["document", *(f"share_{at}" for at in range(1, width + 1))] if texts else []
    return Intrusion(
        pd.DataFrame(sheet, columns=["item", *(["text"] if texts else []), *choices, "answer"]),
        pd.DataFrame(key, columns=["item", "kind", "topic", "intruder", *kept]),
    )
