"""A lexicon as a scikit-learn transformer, its nested frames counted as the frame that holds them if asked."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from os import PathLike
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from analysis.corpus.passages import passages
from analysis.corpus.tables import check_whole
from analysis.frames.formats.files import read_lexicon
from analysis.frames.lexicon import Entry, Frame, Lexicon
from analysis.frames.match import find_frames, frame_shares

if TYPE_CHECKING:
    from sklearn.utils import Tags

Numbers = npt.NDArray[np.int64] | npt.NDArray[np.float64]


class FrameVectorizer(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Frames of texts as numbers, a row per text and a column per frame, for a scikit-learn ``Pipeline``.

    It learns nothing: ``transform`` works without ``fit``, and each row depends on its text alone. A negated hit
    does not count. The result is dense, because frames are few; ``set_output(transform="pandas")`` labels it.

    Parameters
    ----------
    lexicon : Lexicon, str or path
        As ``read_lexicon`` reads it.
    depth : int, optional
        Nested frames are joined at so many of their levels; by default none are.
    unit : str
        As for ``passages``; ``"passage"`` is for texts that are passages without their articles.
    share, binary : bool
        The share of a text's passages that carry each frame, or whether the text does, in place of the number of
        hits.

    Examples
    --------
    >>> texts = ["Russia and China signed a gas deal.", "It rained."]
    >>> FrameVectorizer().set_output(transform="pandas").fit_transform(texts)
       alliance  pragmatism  economy
    0         0           0        1
    1         0           0        0
    """

    def __init__(
        self,
        lexicon: str | PathLike[str] | Lexicon = "russia-china",
        *,
        depth: int | None = None,
        unit: str = "sentence",
        share: bool = False,
        binary: bool = False,
    ) -> None:
        self.lexicon = lexicon
        self.depth = depth
        self.unit = unit
        self.share = share
        self.binary = binary

    def fit(self, texts: Iterable[str], y: Any = None) -> Self:  # noqa: ARG002 - scikit-learn passes it
        """This transformer; only the settings and the kind of texts are checked."""
        _checked_texts(texts)
        self._numbers([])
        return self

    def transform(self, texts: Iterable[str]) -> Numbers:
        """Texts × frames: hits as int64, with ``binary`` 0 and 1, with ``share`` shares as float64."""
        return self._numbers(_checked_texts(texts))

    def _numbers(self, texts: Sequence[str]) -> Numbers:
        lexicon = self._checked_lexicon()
        docs = pd.Index([str(at) for at in range(len(texts))], dtype="str")
        articles = pd.DataFrame({"doc_id": docs, "text": pd.Series(texts, dtype="str")})
        alone = self.unit == "passage"
        about = None if alone else lexicon.about or None
        cut = passages(articles, about=about, unit="article" if alone else self.unit)
        hits = find_frames(cut, lexicon, isolated=alone)
        if self.share:
            return frame_shares(hits, cut).reindex(docs, fill_value=0.0).to_numpy(dtype=np.float64)
        said = hits[~hits["negated"].to_numpy(dtype=bool)]
        counted = pd.crosstab(said["doc_id"], said["frame"])
        counts = counted.reindex(index=docs, columns=lexicon.labels, fill_value=0).to_numpy(dtype=np.int64)
        return np.minimum(counts, 1) if self.binary else counts

    def get_feature_names_out(self, input_features: Any = None) -> npt.NDArray[np.object_]:  # noqa: ARG002
        """The frames, in the order of the columns."""
        return np.array(self._checked_lexicon().labels, dtype=object)

    def _checked_lexicon(self) -> Lexicon:
        if self.share and self.binary:
            raise ValueError("FrameVectorizer: share and binary cannot both be True. Set one of them to False.")
        lexicon = self.lexicon if isinstance(self.lexicon, Lexicon) else read_lexicon(self.lexicon)
        return lexicon if self.depth is None else collapse_frames(lexicon, self.depth)

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __sklearn_tags__(self) -> "Tags":
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        tags.transformer_tags.preserves_dtype = []
        return tags


def _checked_texts(texts: Iterable[str]) -> Sequence[str]:
    """The texts in a list; what would silently be read as other texts is refused."""
    shape = getattr(texts, "shape", (0,))  # a Series has one number; of a table, list() would give the names
    if isinstance(texts, str) or len(shape) != 1:
        what = "one string" if isinstance(texts, str) else f"a table of shape {tuple(shape)}"
        remedy = "Write one text as [text]; of a table give the column, as in articles['text']."
        raise TypeError(f"FrameVectorizer: a list of texts is needed. Found: {what}. {remedy}")
    column = list(texts)
    for at, text in enumerate(column):
        if not isinstance(text, str):
            raise TypeError(f"texts: text {at} is not a string. Found: {text!r}. Fill missing texts with ''.")
    return column


def collapse_frames(lexicon: Lexicon, depth: int) -> Lexicon:
    """Lexicon with each frame joined to the one that the first ``depth`` parts of its name give.

    ``alliance.military`` becomes ``alliance`` at depth 1, and overlapping hits count once within it. A joined
    frame applies negation where one of its parts does; the entries of parts that ignore it still ignore it.
    """
    check_whole("depth", depth)
    outer = {frame.name: ".".join(frame.name.split(".")[:depth]) for frame in lexicon.frames}
    before = {frame.name: frame for frame in lexicon.frames}
    frames: dict[str, Frame] = {}
    for frame in lexicon.labelled:
        meaning = before[outer[frame.name]].meaning if outer[frame.name] in before else ""
        joined = frames.get(outer[frame.name], Frame(outer[frame.name], meaning, negation=False))
        negation, hedging = joined.negation or frame.negation, joined.hedging or frame.hedging
        frames[joined.name] = replace(joined, negation=negation, hedging=hedging)
    entries = [_joined(entry, before[entry.frame], frames[outer[entry.frame]], outer) for entry in lexicon.entries]
    times = Counter((entry.frame, entry.name) for entry in entries)
    own = tuple(  # those that now share a name get the name of their old frame before it
        replace(entry, name=f"{was.frame}: {entry.name}") if times[entry.frame, entry.name] > 1 else entry
        for entry, was in zip(entries, lexicon.entries, strict=True)
    )
    parallel = tuple(collapse_frames(one, depth) for one in lexicon.parallel)
    return replace(lexicon, frames=tuple(frames.values()), entries=own, parallel=parallel)


def _joined(entry: Entry, own: Frame, joined: Frame, outer: dict[str, str]) -> Entry:
    negated, hedged, yields = (outer.get(other, "") for other in (entry.negated, entry.hedged, entry.yields))
    negated = joined.name if joined.negation and not own.negation else negated
    hedged = hedged or (joined.name if joined.hedging and not own.hedging else "")
    yields = "" if yields == joined.name else yields
    return replace(entry, frame=joined.name, negated=negated, hedged=hedged, yields=yields)
