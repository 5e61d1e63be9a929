"""How right a lexicon is on stories that had no say in which of its entries stay."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.frames.lexicon import Lexicon
from analysis.frames.shares import text_frames
from analysis.frames.validation.by_entry import entry_labels, text_hits
from analysis.frames.validation.coded import check_coded, resampling
from analysis.frames.validation.measures import MEASURES, Flags, Numbers, frame_table, measured
from analysis.text.places import Places


def cross_validate(
    lexicon: Lexicon,
    coded: pd.DataFrame,
    *,
    folds: int = 5,
    cluster: str | None = None,
    level: float = 0.95,
    draws: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """The measures of ``validate`` on stories held out, beside the fitted ones.

    A lexicon is chosen by someone who looks at what it finds. Here the choice is made by a rule, so that it can
    be repeated: stories are dealt into ``folds``; for each fold an entry stays if on all *other* folds it makes
    no more false hits than right ones (weighted, where there are weights; one that hits nothing stays); what is
    left labels the passages of the fold.

    What this shows: how much of a fitted figure comes from choosing entries by the very passages that measure
    them. What it cannot show: what comes from their wording. Who wrote the entries may have had these passages in
    mind, and no fold undoes that. Only passages that nobody looked at while writing do; where all entries stay in
    all folds, as in a careful lexicon, this is hardly more than ``validate``.

    Args:
        lexicon, coded, cluster, level, draws: as in ``validate``.
        folds: how many; stories are dealt so that folds hold about as many passages.
        seed: deals the stories and draws the intervals.

    Returns:
        A row a frame: the columns of ``validate`` for the held-out passages, then ``fitted_precision``,
        ``fitted_recall``, ``fitted_f1`` and ``fitted_alpha``, for which entries are chosen and scored on all
        passages. ``.attrs["dropped"]`` lists ``frame, entry, folds``: in how many folds an entry went, and
        ``.attrs["cluster"]`` what was dealt.

    Raises:
        ValueError: as in ``validate``; or ``folds`` is below 2 or more than there are stories.

    >>> from analysis.frames.validation.coded import load_coded
    >>> from analysis.frames.formats import load_lexicon
    >>> held_out = cross_validate(load_lexicon(), load_coded(), draws=100)
    >>> bool((held_out["f1"] <= held_out["fitted_f1"] + 0.05).all())
    True
    """
    check_coded(coded, lexicon.labels)
    drawn = resampling(coded, cluster, level=level, draws=draws, seed=seed)
    texts, true = coded["text"].tolist(), coded[lexicon.labels].to_numpy(dtype=bool)
    fold = _dealt(drawn.groups, folds, seed)
    gain = _gain(lexicon, texts, true, drawn.weights)
    kept = [gain[fold != at].sum(axis=0) >= 0 for at in range(folds)]
    chosen = [*kept, gain.sum(axis=0) >= 0]  # the last on all passages; most folds choose alike
    labels = {stays.tobytes(): stays for stays in chosen}
    given = {key: _labels(lexicon, stays, texts) for key, stays in labels.items()}
    said = np.zeros_like(true)
    for at in range(folds):
        said[fold == at] = given[kept[at].tobytes()][fold == at]
    fitted = measured(given[chosen[-1].tobytes()], true, drawn._replace(draws=1))[MEASURES]
    table = frame_table(said, true, lexicon.labels, drawn).join(fitted.add_prefix("fitted_"))
    times = folds - np.sum(kept, axis=0)
    table.attrs["dropped"] = [
        {"frame": entry.frame, "entry": entry.name, "folds": int(n)}
        for entry, n in zip(lexicon.entries, times, strict=True) if n
    ]  # fmt: skip
    table.attrs["cluster"] = drawn.groups.name
    return table


def _dealt(groups: "pd.Series[Any]", folds: int, seed: int) -> Places:
    """The fold of each passage: stories in chance order, the largest first, each to the fold that holds least."""
    story, stories = pd.factorize(groups, sort=True)
    if not 2 <= folds <= len(stories):
        raise ValueError(
            f"folds is {folds}; there {'is' if len(stories) == 1 else 'are'} {len(stories)} of {groups.name} "
            "to deal, so take between 2 and as many."
        )
    sizes = np.bincount(story)
    chance = np.random.default_rng(seed).permutation(len(stories))
    held, fold = np.zeros(folds), np.zeros(len(stories), dtype=np.int64)
    for at in chance[np.argsort(-sizes[chance], kind="stable")]:
        fold[at] = held.argmin()
        held[fold[at]] += sizes[at]
    return np.asarray(fold[story])


def _gain(lexicon: Lexicon, texts: list[str], true: Flags, weights: Numbers) -> Numbers:
    """Passages × entries of the lexicon: the weight of a right hit, minus that of a false one.

    Frames that an entry became when denied count for it too.
    """
    labels = entry_labels(*text_hits(texts, lexicon), lexicon)
    named = {entry.name: at for at, entry in reversed(list(enumerate(lexicon.entries)))}
    own = {(entry.frame, entry.name): at for at, entry in enumerate(lexicon.entries)}
    gain = np.zeros((len(texts), len(lexicon.entries)))
    for column, (frame, name) in enumerate(labels.entries.itertuples(index=False)):
        right = true[:, lexicon.labels.index(frame)]
        gain[:, own.get((frame, name), named[name])] += labels.said[:, column] * np.where(right, 1, -1)
    return gain * weights[:, None]


def _labels(lexicon: Lexicon, kept: Flags, texts: list[str]) -> Flags:
    entries = tuple(entry for entry, stays in zip(lexicon.entries, kept, strict=True) if stays)
    return text_frames(texts, replace(lexicon, entries=entries)).to_numpy(dtype=bool)
