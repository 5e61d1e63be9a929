"""A classifier trained on coded passages, as an alternative to the lexicon."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.arrays import Flags, Floats, Ints
from analysis.corpus.copies import mark_copies
from analysis.corpus.tables import check_columns, check_whole, missing_column
from analysis.draws import resampled_sums
from analysis.frames.classifier.features import Encoder, Linear, Seen, encoder, fitted, seen
from analysis.frames.coding.certificate import Certificate
from analysis.frames.coding.codes import CLUSTERS, SPLIT, WHERE, Judged, clusters, judged
from analysis.frames.coding.validate import validate
from analysis.frames.lexicon import Lexicon

# With fewer, one fold in five is without two of them, and an F1 moves by a tenth with each.
FEWEST_POSITIVES = 10
DRAWS = 2000
MACRO = "macro F1"
HALF = 0.5


@dataclass(frozen=True, eq=False)
class Classifier:
    """What ``train_classifier`` has learned, and how it was measured.

    Attributes
    ----------
    verdicts : DataFrame
        A row per label and "macro F1": ``label, classifier, lexicon, words`` (F1 on held-out stories; ``words`` is
        a plain TF-IDF model of the same passages), ``difference, low, high`` (classifier − lexicon),
        ``over_words, over_words_low, over_words_high`` (classifier − words) and ``verdict``.
    validation : Certificate
        Of the classifier, on held-out stories.
    weights : DataFrame
        ``label, feature, weight``, the heaviest first: positive ones speak for a label, negative ones against it.
    """

    lexicon: Lexicon = field(repr=False)
    verdicts: pd.DataFrame
    weights: pd.DataFrame = field(repr=False)
    model: Linear = field(repr=False)
    held_out: Sequence[Linear] = field(repr=False)
    folds: dict[str, int] = field(repr=False)  # the fold of each text and article that was learned from
    encode: Encoder | None = field(repr=False, default=None)
    validation: Certificate | None = field(repr=False, default=None)

    @property
    def name(self) -> str:
        return f"classifier over {self.lexicon.name}"

    @property
    def labels(self) -> list[str]:
        return self.lexicon.labels

    def probability(self, passages: pd.DataFrame | Sequence[str]) -> pd.DataFrame:
        """How likely each passage carries each label, from 0 to 1, as if half of all passages carried it.

        ``passages`` are texts, or a table with ``text``. One of a story that the classifier learned from is judged
        by a model that did not see it: errors are like those elsewhere, and ``correct_shares`` can correct them.
        """
        if isinstance(passages, str):
            raise TypeError("classifier: a list of texts is needed, not one string. Write [text].")
        given = isinstance(passages, pd.DataFrame)
        table = pd.DataFrame(passages if given else {"text": [*passages]}, dtype=None if given else "str")
        check_columns(table, ["text"], where="passages")
        index = pd.Index(table["passage_id"]) if "passage_id" in table else pd.RangeIndex(len(table))
        if table.empty:
            return pd.DataFrame(columns=self.labels, index=index, dtype="float64")
        features, fold = seen(table["text"].tolist(), self.lexicon, self.encode), np.full(len(table), -1)
        for keys in _keys(table):
            fold = np.where(fold < 0, [self.folds.get(key, -1) for key in keys], fold)
        found = _held_out(features, fold, [*self.held_out, self.model])  # -1, of no fold, is the last one
        return pd.DataFrame(found, index=index, columns=self.labels)

    def label(self, passages: pd.DataFrame | Sequence[str]) -> pd.DataFrame:
        """Whether each passage carries each label: a probability of .5 or more. See ``probability``."""
        return self.probability(passages) >= HALF


def train_classifier(
    coded: pd.DataFrame,
    lexicon: Lexicon,
    *,
    embeddings: str | Callable[[list[str]], Any] | None = None,
    folds: int = 5,
    seed: int = 0,
) -> Classifier:
    """Classifier trained on coded passages, with its accuracy beside that of the lexicon and of plain words.

    One logistic regression (L2) per label, over the lexicon's hits by entry, negated hits, whether the pair, one
    of the two, another country or a negation is named, and words and pairs of words (TF-IDF) without countries. It
    is measured on held-out stories; reprints are one story. A label with fewer than 10 coded passages keeps the
    lexicon's, and the verdict says so.

    Parameters
    ----------
    coded : DataFrame
        ``text``, a column of codes for each label, and ``story_id``, ``article`` or ``doc_id``. A passage counts
        for the labels that have a settled code.
    lexicon : Lexicon
        Its labels are learned, its hits are among the features.
    embeddings : str or callable, optional
        Name or path of a ``sentence-transformers`` model, or a function from a list of texts to vectors.
    folds : int
        Of the cross-validation; a story is in one fold (scikit-learn's ``GroupKFold``).
    seed : int
        Of the intervals; training uses no random numbers.

    Returns
    -------
    Classifier
        ``verdicts`` beside the lexicon, ``weights`` of the features, and ``label(texts)``.

    Raises
    ------
    ValueError
        A column is missing, a code is not valid, no label has 10 passages from two stories, all passages carry a
        label, or there are fewer stories than folds.

    Examples
    --------
    >>> texts = ["Russia and China are friends", "Russia and China trade gas", "Russia and China are wary rivals"]
    >>> codes = {"alliance": [1, 0, 0], "economy": [0, 1, 0], "pragmatism": [0, 0, 1]}
    >>> codes = pd.DataFrame({"text": texts, **codes, "story_id": "s"})
    >>> coded = pd.concat([codes.assign(story_id=f"s{number}") for number in range(10)], ignore_index=True)
    >>> from analysis.frames.formats.files import read_lexicon
    >>> classifier = train_classifier(coded, read_lexicon("russia-china"))
    >>> classifier.label(["China and Russia are friends."]).loc[0].tolist()
    [True, False, False]
    """
    if lexicon.parallel:
        remedy = f"Give one of them, as in lexicon.each[{lexicon.language!r}], with passages in that language."
        what = f"the lexicon is of several languages. Found: {', '.join(lexicon.each)}."
        raise ValueError(f"train_classifier: {what} {remedy}")
    encode = encoder(embeddings)
    coded = coded.reset_index(drop=True)
    story = stories(coded)
    known, _ = judged(coded, lexicon.labels)
    learnable = _learnable(lexicon, known, story, folds)
    passages = seen(coded["text"].tolist(), lexicon, encode)
    codes = np.where(learnable & (known.codes != SPLIT), known.codes, np.nan)
    fold, models = _folded(passages, codes, story, folds)
    found = {"classifier": _held_out(passages, fold, models), "lexicon": passages.of_lexicon}
    words = passages.words()
    found["words"] = _held_out(words, fold, _folded(words, codes, story, folds)[1])
    given = {name: table >= HALF for name, table in found.items()}
    verdicts = _verdicts(given, known, story, lexicon.labels, seed)
    verdicts["verdict"] = [_verdict(row, learnable, lexicon.labels) for _, row in verdicts.iterrows()]
    model = fitted(passages, codes)
    where = {key: int(one) for keys in _keys(coded) for key, one in zip(keys, fold, strict=True)}
    weights = model.weights(passages, lexicon.labels)
    classifier = Classifier(lexicon, verdicts, weights, model, models, where, encode)
    measured = validate(coded.assign(story_id=story), classifier, cluster="story_id", seed=seed)
    return replace(classifier, validation=measured)


def stories(coded: pd.DataFrame) -> "pd.Series[str]":
    """The story of each coded passage: ``story_id``; else ``article`` or ``doc_id``, reprints being one story."""
    source = next((name for name in ("story_id", "article", "doc_id") if name in coded), None)
    if source is None:
        hint = "Give 'story_id', 'article' or 'doc_id', so that no story is both learned from and tested on."
        raise missing_column(coded, "doc_id", where=WHERE, hint=hint)
    names = clusters(coded, source).astype("str")
    if source == "story_id":
        return names
    articles = coded["text"].groupby(names).agg("\n".join).rename_axis("doc_id").reset_index()
    return names.map(mark_copies(articles).set_index("doc_id")["story_id"])


def _learnable(lexicon: Lexicon, known: Judged, story: "pd.Series[str]", folds: int) -> Flags:
    """Which labels have enough passages; refuses what cannot be learned at all."""
    check_whole("folds", folds, 2)
    if (n := story.nunique()) < folds:
        remedy = "Code passages of more stories, or take fewer folds, 2 at least."
        raise ValueError(f"{WHERE}: too few stories for folds={folds}. Found: {n}. {remedy}")
    enough = []
    for column, label in enumerate(lexicon.labels):
        yes, no = known.codes[:, column] == 1, known.codes[:, column] == 0
        if yes.any() and not no.any():
            raise ValueError(f"{WHERE}: all have {label}, so it cannot be learned. Add passages without it.")
        enough.append(yes.sum() >= FEWEST_POSITIVES and len(set(story[yes])) > 1)
    if not any(enough):
        times = (known.codes == 1).sum(axis=0)
        counts = ", ".join(f"{label} {n}" for label, n in zip(lexicon.labels, times, strict=True))
        needed = f"Each label needs {FEWEST_POSITIVES} passages, from 2 stories or more. Code more."
        raise ValueError(f"{WHERE}: too few passages have a label. Found: {counts}. {needed}")
    return np.array(enough)


def _folded(passages: Seen, codes: Floats, story: "pd.Series[str]", folds: int) -> tuple[Ints, list[Linear]]:
    """The fold of each passage, and for each fold the model that learned from the other stories."""
    from sklearn.model_selection import GroupKFold

    fold, models = np.zeros(len(codes), dtype=np.int64), []
    parts = GroupKFold(folds).split(codes, groups=story.to_numpy(dtype=object))
    for number, (learned, tested) in enumerate(parts):
        fold[tested] = number
        models.append(fitted(passages.rows(learned), codes[learned]))
    return fold, models


def _held_out(passages: Seen, fold: Ints, models: Sequence[Linear]) -> Floats:
    found = np.zeros((len(fold), len(models[0].models)))
    for number in np.unique(fold):
        rows = np.flatnonzero(fold == number)
        found[rows] = models[number].probability(passages.rows(rows))
    return found


def _verdicts(
    found: dict[str, Flags], known: Judged, story: "pd.Series[str]", labels: Sequence[str], seed: int
) -> pd.DataFrame:
    """F1 of each instrument and label, and their differences with percentile intervals over resampled stories."""
    code, found_in = pd.factorize(story, sort=True)
    yes, settled = known.codes == 1, np.isin(known.codes, [0.0, 1.0])
    shape = (len(found_in), len(found), len(labels), 2)  # story × instrument × label × (both say yes, they differ)
    cells = np.zeros(shape)
    for at, given in enumerate(found.values()):
        np.add.at(cells[:, at], code, np.stack([given & yes & settled, (given ^ yes) & settled], axis=-1))
    sums = resampled_sums(cells.reshape(len(found_in), -1), DRAWS, seed=seed, kind="efron")
    point, drawn = _f1(cells.sum(axis=0)), _f1(sums.reshape(-1, *shape[1:]))
    table = pd.DataFrame({"label": [*labels, MACRO]} | dict(zip(found, point, strict=True)))
    over = ["over_words", "over_words_low", "over_words_high"]
    for at, names in ((1, ["difference", "low", "high"]), (2, over)):
        bounds = np.nanquantile(drawn[:, 0] - drawn[:, at], [0.025, 0.975], axis=0)
        table[names] = np.column_stack([point[0] - point[at], *bounds])
    return table


def _f1(cells: Floats) -> Floats:
    """F1 along the labels, then their mean; one without a case counts as missing."""
    both, differing = np.moveaxis(cells, -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        f1 = 2 * both / (2 * both + differing)
    return np.concatenate([f1, f1.mean(axis=-1, keepdims=True)], axis=-1)


def _verdict(row: "pd.Series[Any]", learnable: Flags, labels: Sequence[str]) -> str:
    label = row["label"]
    if label != MACRO and not learnable[list(labels).index(label)]:
        return f"Too few passages to learn from (fewer than {FEWEST_POSITIVES}): the lexicon's label is kept."
    if row["low"] > 0 and row["over_words_low"] > 0:
        return "The classifier does better than the lexicon and than a plain TF-IDF model."
    if row["low"] > 0:
        return "The classifier does better than the lexicon, but is not shown to beat a plain TF-IDF model."
    if row["high"] < 0:
        return "The lexicon does better."
    return "Not shown to differ: keep to the lexicon."


def _keys(table: pd.DataFrame) -> list[list[str]]:
    """What passages learned from are known by: their texts, then their stories and articles."""
    sources = [[f"{name} {value}" for value in table[name]] for name in CLUSTERS if name in table]
    return [[" ".join(str(text).split()) for text in table["text"]], *sources]
