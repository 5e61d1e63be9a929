"""Intrusion tests: sheets on which people look for what does not belong to a topic, and how often they find it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

import krippendorff
import numpy as np
import pandas as pd
from scipy.stats import binomtest, norm

from analysis.arrays import Ints
from analysis.corpus.tables import check_columns, check_whole, refuse_unknown
from analysis.text.terms import Counts
from analysis.topics.fit import Topics, columns_of

Kind = Literal["word", "word_set", "topic"]

# Five words and one intruder, and documents with three topics of eight words and one intruder (Chang et al. 2009).
WORDS, TOPICS, LABEL = 5, 3, 8
# Three sets of four words and an intruding set, of the twenty likeliest (Ying, Montgomery & Stewart 2022).
SETS, SET, POOL = 3, 4, 20
SHORTEST = 20  # counted words; a text with fewer does not show three topics
COLUMNS = ["label", "n_items", "n_answers", "precision", "low", "high", "chance", "p", "log_odds"]
NO_SHARE = 1e-6  # a share of 0 has no logarithm
LEAST = 1e-9  # words that the topic never uses can be drawn where there are too few others


@dataclass(frozen=True, eq=False)
class Intrusion:
    """A test: the sheet for coders, and the key, which they must not see.

    Attributes
    ----------
    sheet : DataFrame
        ``item``, for "topic" the ``text``, ``choice_1`` …, and an empty ``answer`` for the number of the choice.
    key : DataFrame
        ``item, kind, label, intruder`` (its number), for "topic" also ``document, share_1`` … of the choices.
    without : tuple of str
        Topics without a row.
    """

    sheet: pd.DataFrame
    key: pd.DataFrame
    without: tuple[str, ...]


class Item(NamedTuple):
    """A row of the sheet: the choices, of which the last is the intruder, and what the key keeps."""

    topic: str
    choices: list[str]
    text: str = ""
    document: str = ""
    shares: tuple[float, ...] = ()


def intrusion_sheet(
    topics: Topics, counts: Counts, *, kind: Kind = "word", articles: pd.DataFrame | None = None, each: int = 1,
    seed: int = 0,
) -> Intrusion:  # fmt: skip
    """A sheet on which coders mark, in each row, the choice that does not belong, and its key.

    Parameters
    ----------
    topics, counts
        As returned by ``fit_topics``, and the counts that they were fitted to.
    kind : str
        As in the R package oolong. "word": the five likeliest words of a topic, and one of another topic that is
        in as many documents (Chang et al. 2009). "word_set": three sets of four of the topic's twenty likeliest
        words, and a set of another topic (Ying, Montgomery & Stewart 2022). "topic": a text of 20 words or more,
        its three largest topics as eight words each, and a topic that it hardly has (Chang et al. 2009).
    articles : DataFrame, optional
        For "topic": ``doc_id`` (or ``passage_id``) and ``text`` of what was counted.
    each : int
        Number of rows per topic. For "topic" fewer where a topic is the largest of fewer texts.
    seed : int
    """
    refuse_unknown("kind", kind, "a kind of test", get_args(Kind))
    check_whole("each", each)
    generator = np.random.default_rng([seed, get_args(Kind).index(kind)])
    items = list(MAKERS[kind](topics, counts, articles, each, generator))
    tested = {item.topic for item in items}
    without = tuple(str(topic) for topic in topics.words.index if str(topic) not in tested)
    return Intrusion(*_laid_out(items, kind, generator), without)


def _words(topics: Topics, counts: Counts, _: Any, each: int, generator: np.random.Generator) -> Iterator[Item]:
    order, terms = _ordered(topics, WORDS + 1), topics.words.columns
    places = columns_of(terms, counts)
    documents: Any = (counts.matrix > 0).sum(axis=0)
    often = np.asarray(documents).ravel()[places]
    for number, topic in enumerate(topics.words.index):
        shown = order[number, :WORDS]
        intruders = _intruders(order, number, often, often[shown].min())
        for _ in range(each):
            yield Item(str(topic), list(map(str, terms[[*shown, generator.choice(intruders)]])))


def _sets(topics: Topics, _: Any, __: Any, each: int, generator: np.random.Generator) -> Iterator[Item]:
    order, terms = _ordered(topics, (SETS + 1) * SET), topics.words.columns
    for number, topic in enumerate(topics.words.index):
        pool = order[number, : min(POOL, order.shape[1] - SET)]
        for _ in range(each):
            own = _drawn(topics, number, pool, SETS * SET, generator)
            other = generator.choice(np.delete(np.arange(len(order)), number))
            theirs = order[other][~np.isin(order[other], pool)][:POOL]
            sets = [*own.reshape(SETS, SET), _drawn(topics, other, theirs, SET, generator)]
            yield Item(str(topic), [", ".join(map(str, terms[words])) for words in sets])


def _drawn(topics: Topics, number: int, pool: Ints, size: int, generator: np.random.Generator) -> Ints:
    """Different words of the pool, drawn by their weight in the topic."""
    weight = topics.words.to_numpy()[number, pool] + LEAST
    return np.asarray(generator.choice(pool, size, replace=False, p=weight / weight.sum()))


def _texts(
    topics: Topics, counts: Counts, articles: pd.DataFrame | None, each: int, generator: np.random.Generator
) -> Iterator[Item]:
    name = "doc_id" if articles is None or "passage_id" not in articles else "passage_id"
    check_columns(articles, [name, "text"], where="articles", hint="kind='topic' shows the texts.")
    assert articles is not None
    texts = articles.set_index(name)["text"]
    length = pd.Series(np.asarray(counts.matrix.sum(axis=1)).ravel(), index=counts.docs)
    shares = topics.shares[topics.shares.index.isin(length.index[length >= SHORTEST])]
    shares = shares[shares.index.isin(texts.index)].sort_index()
    if shares.empty:
        raise ValueError(
            f"articles: no text with {SHORTEST} counted words or more has shares. Give the table that was counted."
        )
    labels = [", ".join(map(str, topics.words.columns[row])) for row in _ordered(topics, 1)[:, :LABEL]]
    largest = shares.to_numpy().argmax(axis=1)
    for number, topic in enumerate(topics.words.index):
        for row in generator.permutation(np.flatnonzero(largest == number))[:each]:
            values, doc = shares.to_numpy()[row], shares.index[row]
            falling = np.argsort(-values, kind="stable")
            right = falling[: min(TOPICS, len(values) - 1)]
            chosen = [*right, generator.choice(falling[max(len(right), len(values) // 2) :])]
            kept = tuple(values[chosen].tolist())
            yield Item(str(topic), [labels[at] for at in chosen], str(texts[doc]), str(doc), kept)


MAKERS: dict[str, Callable[..., Iterator[Item]]] = {"word": _words, "word_set": _sets, "topic": _texts}


def _ordered(topics: Topics, needed: int) -> Ints:
    """Terms of each topic by falling weight, topics × terms."""
    if topics.words.shape[1] < needed or len(topics.words) < 2:
        raise ValueError(
            f"topics: the test needs 2 topics and {needed} terms. Found: {len(topics.words)} topics of "
            f"{topics.words.shape[1]} terms."
        )
    return np.asarray(np.argsort(-topics.words.to_numpy(), axis=1, kind="stable"))


def _intruders(order: Ints, number: int, often: Ints, floor: int) -> Ints:
    """Words in the lower half of this topic and at the top of another, no rarer than `floor` if any is."""
    likely, improbable = np.delete(order, number, axis=0)[:, :POOL], order[number, order.shape[1] // 2 :]
    pool = np.intersect1d(likely, improbable)
    pool = pool if len(pool) else np.sort(improbable)  # topics with much the same words, or few terms
    common = pool[often[pool] >= floor]
    return common if len(common) else pool


def _laid_out(items: list[Item], kind: str, generator: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sheet and key: the items in random order, each with its choices in random order."""
    width = max((len(item.choices) for item in items), default=1)
    sheet, key = [], []
    for number, place in enumerate(generator.permutation(len(items)), start=1):
        item = items[place]
        turn = generator.permutation(len(item.choices))
        sheet.append([number, *([item.text] if item.document else []), *(item.choices[at] for at in turn), ""])
        extra = [item.document, *(item.shares[at] for at in turn)] if item.document else []
        key.append([number, kind, item.topic, int(turn.argmax()) + 1, *extra])
    choice, share = ([f"{name}_{number}" for number in range(1, width + 1)] for name in ("choice", "share"))
    text, hidden = (["text"], ["document", *share]) if kind == "topic" else ([], [])
    columns, secret = ["item", *text, *choice, "answer"], ["item", "kind", "label", "intruder", *hidden]
    return pd.DataFrame(sheet, columns=columns), pd.DataFrame(key, columns=secret)


@dataclass(frozen=True, eq=False)
class IntrusionScore:
    """How often coders found the intruder.

    Attributes
    ----------
    table : DataFrame
        One row per topic: ``label, n_items, n_answers``, ``precision`` (the part of answers that name the
        intruder; Chang et al. 2009) with ``low, high`` (Wilson 1927), ``chance`` (what guessing would give), ``p``
        (how likely guesses do as well; binomial), and for "topic" ``log_odds``, the mean logarithm of the
        intruder's share less that of the chosen topic: 0 if always found, else below.
    overall : mapping
        The same over all topics; the interval is wider where topics differ (design effect, Kish 1965).
    alpha : float
        Krippendorff's alpha of the coders' choices, nominal; missing where no item has two answers.
    """

    table: pd.DataFrame
    overall: Mapping[str, float]
    alpha: float


def score_intrusion(sheet: pd.DataFrame, key: pd.DataFrame, *, level: float = 0.95) -> IntrusionScore:
    """Precision of the coders' answers, for each topic and over all.

    Parameters
    ----------
    sheet : DataFrame
        ``item, choice_1 …, answer``: the number of a choice or the choice itself. Sheets of several coders in one
        table have a column ``coder``.
    key : DataFrame
    """
    answers = _answers(sheet, key)
    rows = [{"label": str(topic), **_row(part, level)} for topic, part in answers.groupby("label", sort=True)]
    overall = _row(answers, level, _design_effect(answers)) if len(answers) else {}
    return IntrusionScore(pd.DataFrame(rows, columns=COLUMNS), overall, _alpha(answers))


def _answers(sheet: pd.DataFrame, key: pd.DataFrame) -> pd.DataFrame:
    """``item, coder, label, chosen, right, choices, log_odds``: one row per answer."""
    check_columns(sheet, ["item", "choice_1", "answer"], where="sheet")
    check_columns(key, ["item", "label", "intruder"], where="key")
    coders = sheet["coder"] if "coder" in sheet else pd.Series("", index=sheet.index)
    names = [name for name in map(str, sheet) if name.startswith("choice_")]
    known, records = key.set_index("item"), zip(coders, sheet.to_dict("records"), strict=True)
    rows = []
    for number, (coder, row) in enumerate(records):
        answer = "" if pd.isna(row["answer"]) else str(row["answer"]).strip()
        if not answer:
            continue
        if row["item"] not in known.index:
            raise ValueError(f"sheet, row {number}: item {row['item']!r} is not in the key. Give its own key.")
        choices = [str(row[name]) for name in names if not pd.isna(row[name])]
        chosen, secret = _chosen(answer, choices, number), known.loc[row["item"]]
        shares = [secret.get(f"share_{one}", np.nan) for one in (secret["intruder"], chosen)]
        odds = -np.diff(np.log(np.maximum(np.asarray(shares, dtype=float), NO_SHARE)))[0]
        right = chosen == secret["intruder"]
        rows.append((row["item"], coder, secret["label"], chosen, right, len(choices), odds))
    answers = pd.DataFrame(rows, columns=["item", "coder", "label", "chosen", "right", "choices", "log_odds"])
    if (twice := answers.duplicated(["item", "coder"])).any():
        raise ValueError(
            f"sheet: item {answers[twice]['item'].iloc[0]} is answered twice. "
            "Name the coders of several sheets in a column 'coder'."
        )
    return answers


def _chosen(answer: str, choices: list[str], row: int) -> int:
    number, folded = answer.removesuffix(".0"), [choice.casefold() for choice in choices]
    if number.isdecimal() and 1 <= int(number) <= len(choices):
        return int(number)
    if answer.casefold() in folded:
        return folded.index(answer.casefold()) + 1
    remedy = f"Write a number from 1 to {len(choices)}, or leave it empty."
    raise ValueError(f"sheet, row {row}: answer {answer!r} is not one of the choices. {remedy}")


def _row(answers: pd.DataFrame, level: float, effect: float = 1.0) -> dict[str, float]:
    n, right, chance = len(answers), int(answers["right"].sum()), float((1 / answers["choices"]).mean())
    low, high = wilson(right / n, n / effect, level)
    p, odds = binomtest(right, n, chance, alternative="greater").pvalue, float(answers["log_odds"].mean())
    figures = answers["item"].nunique(), n, right / n, low, high, chance, float(p), odds
    return dict(zip(COLUMNS[1:], figures, strict=True))


def wilson(share: float, n: float, level: float) -> tuple[float, float]:
    """Bounds of a share of `n` answers (Wilson 1927); `n` may be an effective number."""
    square = float(norm.ppf((1 + level) / 2)) ** 2
    middle = (share + square / n / 2) / (1 + square / n)
    half = np.sqrt(square * (share * (1 - share) / n + square / n**2 / 4)) / (1 + square / n)
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def _design_effect(answers: pd.DataFrame) -> float:
    """How much more topics differ than answers drawn at random would."""
    n, share = len(answers), float(answers["right"].mean())
    residuals = (answers["right"].astype(float) - share).groupby(answers["label"]).sum()
    between = float((residuals**2).sum()) * len(residuals) / max(len(residuals) - 1, 1)
    return max(1.0, between / (n * share * (1 - share))) if 0 < share < 1 else 1.0


def _alpha(answers: pd.DataFrame) -> float:
    """Krippendorff's alpha of the choices; missing where no item has two answers or all are alike."""
    paired = answers.groupby("item").filter(lambda part: len(part) > 1)
    if paired["chosen"].nunique() < 2:
        return float("nan")
    table = pd.crosstab(paired["item"], paired["chosen"]).to_numpy()
    return float(krippendorff.alpha(value_counts=table, level_of_measurement="nominal"))
