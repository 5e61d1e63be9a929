"""A coder trained on coded passages: the supervised way beside the lexicon."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis.frames.coder.embeddings import encoder
from analysis.frames.coder.features import Encoder, seen
from analysis.frames.coder.held_out import differences, held_out, measured, stories
from analysis.frames.coder.linear import Linear, fitted
from analysis.frames.formats import load_lexicon
from analysis.frames.lexicon import Lexicon
from analysis.frames.shares import text_frames
from analysis.frames.validate import validate

# With fewer, one fold in five is without two of them, and an F1 moves by a tenth with each.
FEWEST_POSITIVES = 10
DRAWS = 2000


@dataclass(frozen=True)
class Coder:
    """What ``train_coder`` has learned, and how it was measured.

    Attributes:
        better: whether it beats the lexicon on held-out stories, the interval of the difference above 0.
        verdict: the same in a sentence, with the figures.
        validation: the table of ``validate`` on held-out stories, the coder's rows, then the lexicon's, told apart
            by ``instrument``.
        difference: ``frame, coder, lexicon, difference, low, high``: F1 on held-out stories, "macro F1" last.
        weights: ``frame, feature, weight``, the heaviest first: what speaks for a frame, and what against.
    """

    lexicon: Lexicon = field(repr=False)
    better: bool
    verdict: str
    validation: pd.DataFrame = field(repr=False)
    difference: pd.DataFrame = field(repr=False)
    weights: pd.DataFrame = field(repr=False)
    model: Linear = field(repr=False)
    encode: Encoder | None = field(repr=False, default=None)

    def probability(self, texts: Sequence[str]) -> pd.DataFrame:
        """How likely each text carries each frame, from 0 to 1, as if half of all passages carried it.

        Raises:
            TypeError: one string in place of several, or a text that is not a string.
        """
        if isinstance(texts, str):
            raise TypeError("a coder takes a list of texts, not one string. Write [text].")
        labels = self.lexicon.labels
        if not len(texts):
            return pd.DataFrame({label: pd.Series(dtype=float) for label in labels})
        return pd.DataFrame(self.model.probability(seen(texts, self.lexicon, self.encode)), columns=labels)

    def label(self, texts: Sequence[str]) -> pd.DataFrame:
        """Whether each text carries each frame, as ``text_frames`` tells it: a probability of .5 or more."""
        return self.probability(texts) >= 0.5


def train_coder(
    coded: pd.DataFrame,
    lexicon: Lexicon | None = None,
    *,
    embeddings: str | Callable[[list[str]], Any] | None = None,
    folds: int = 5,
    seed: int = 0,
) -> Coder:
    """A coder that has learned from coded passages, with what it is worth beside the lexicon.

    One logistic regression a frame (L2), over the lexicon's hits, entry by entry, also where the passage does not
    name the pair; those denied; whether the pair, one of the two, another country or a negation is named; and
    words and pairs of words (TF-IDF) without the names of countries. It is measured on stories it has not learned
    from, reprints being one story, and recommended only if it beats the lexicon there.

    It learns what coders say of passages like those coded: of passages about the pair, if only these were coded.
    Give it such passages, as ``passages`` finds them.

    Both figures are too good on passages that the lexicon's author has read, as the author of the shipped one had
    read those of ``data/gold``, since the coder sees the lexicon's hits. Passages of other outlets tell more. And
    single passages are to the lexicon's disadvantage: it is not told what the article said before, and takes "the
    two countries" for any two.

    Args:
        coded: ``text``, a column of 0 and 1 for each frame of the lexicon, and ``story_id``, ``article`` or
            ``doc_id``.
        lexicon: by default the shipped one.
        embeddings: name or path of a ``sentence-transformers`` model, or a function from a list of texts to
            vectors.
        folds: of the cross-validation; a story is in one fold (scikit-learn's ``GroupKFold``).
        seed: of the intervals; learning itself knows no chance.

    Raises:
        ValueError: a column is missing, a code is not 0 or 1, a frame has fewer than 10 passages or these come
            from one story, or there are fewer stories than folds.
        ImportError: a model is named, and ``sentence-transformers`` is not installed.

    >>> texts = ["Russia and China are friends", "Russia and China trade gas", "Russia and China are wary rivals"]
    >>> codes = {"alliance": [1, 0, 0], "economy": [0, 1, 0], "pragmatism": [0, 0, 1]}
    >>> codes = pd.DataFrame({"text": texts, **codes, "story_id": "s"})
    >>> coded = pd.concat([codes.assign(story_id=f"s{at}") for at in range(10)], ignore_index=True)
    >>> coder = train_coder(coded)
    >>> coder.better, coder.label(["China and Russia are friends."]).loc[0].tolist()
    (False, [True, False, False])
    """
    lexicon = load_lexicon() if lexicon is None else lexicon
    encode = encoder(embeddings)
    validate(lexicon, coded, cluster="text", draws=1)  # refuses what is not coded passages
    coded = coded.reset_index(drop=True)
    story = stories(coded)
    _check(lexicon, coded, story, folds)
    texts, codes = coded["text"].tolist(), coded[lexicon.labels].to_numpy(dtype=bool)
    passages = seen(texts, lexicon, encode)
    said = held_out(passages, codes, story, folds) >= 0.5
    rival = text_frames(texts, lexicon)
    chance = {"draws": DRAWS, "seed": seed}
    difference = differences(said, rival.to_numpy(dtype=bool), codes, story, lexicon.labels, **chance)
    tables = {"coder": pd.DataFrame(said, columns=lexicon.labels), "lexicon": rival}
    tables = {name: measured(table, coded, story, **chance) for name, table in tables.items()}
    validation = pd.concat(tables, names=["instrument"]).reset_index("instrument").reset_index(drop=True)
    better, verdict = _verdict(difference, story.nunique())
    model = fitted(passages, codes)
    weights = model.weights(passages, lexicon.labels)
    return Coder(lexicon, better, verdict, validation, difference, weights, model, encode)


def _check(lexicon: Lexicon, coded: pd.DataFrame, story: "pd.Series[str]", folds: int) -> None:
    if folds < 2:
        raise ValueError(f"folds={folds}: to learn from some stories and test on others takes 2 or more.")
    if (n := story.nunique()) < folds:
        raise ValueError(
            f"coded passages: stories: {n}, too few for folds={folds}. "
            "Code passages of more stories, or take fewer folds, 2 at least."
        )
    for label in lexicon.labels:
        held = coded[label].astype(bool)
        if held.sum() < FEWEST_POSITIVES or story[held].nunique() < 2:
            raise ValueError(
                f"coded passages: {label} stands in {held.sum()}, stories: {story[held].nunique()}. To learn a "
                f"frame takes {FEWEST_POSITIVES} passages, of 2 stories or more. Code more, or leave the frame "
                "out of the lexicon."
            )
        if held.all():
            raise ValueError(f"coded passages: all carry {label}, so what speaks against it cannot be learned.")


def _verdict(difference: pd.DataFrame, n: int) -> tuple[bool, str]:
    row = difference.iloc[-1]
    better = bool(row["low"] > 0)
    said = (
        f"On stories it had not learned from the coder reaches a macro F1 of {row['coder']:.2f}, the lexicon "
        f"{row['lexicon']:.2f}; the difference is {row['difference']:+.2f} (95% interval {row['low']:+.2f} to "
        f"{row['high']:+.2f}, {n} stories)."
    )
    advice = "The coder is better." if better else "It is not shown to be better: keep to the lexicon."
    return better, f"{said} {advice}"
