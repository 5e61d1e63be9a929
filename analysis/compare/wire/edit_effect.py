"""What an edit did to the frames of a story, and what each outlet tends to cut."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.compare.columns import no_rows
from analysis.compare.wire.edit_hits import (
    SIDES,
    STAYS,
    Article,
    article_text,
    common_unit,
    hit_fates,
    read_frames,
)
from analysis.frames.lexicon import Lexicon
from analysis.frames.shares import frame_shares
from analysis.text.edits import Alignment, align

FATES = ["kept", "lost", "gained"]
EFFECT = {
    "frame": "str", "original": "float64", "copy": "float64", "difference": "float64",
    "n_original": "int64", "n_copy": "int64", **dict.fromkeys(FATES, "int64"), "entries": "str",
}  # fmt: skip
COPY = {"doc_id": "str", "outlet": "str", "story_id": "str", "copy_of": "str", "original_outlet": "str"}
WORDS = {"words": "int64", "words_lost": "int64", "words_gained": "int64"}
EFFECTS = COPY | EFFECT | WORDS


def edit_effect(original: Article, copy: Article, lexicon: Lexicon, *, unit: str | None = None) -> pd.DataFrame:
    """How the edit moved each frame's share of passages, and which entries of the lexicon did it.

    One pair is told, not estimated: there is no interval, because nothing was sampled. See ``outlet_cuts`` for
    what an outlet does in general.

    Parameters
    ----------
    original, copy, lexicon, unit
        As for ``edit_hits``; both versions are read in one unit.

    Returns
    -------
    DataFrame
        One row a frame. ``original, copy, difference`` : share of passages that carry it, missing without any;
        ``n_original, n_copy`` passages. ``kept, lost, gained`` : hits by their fate, negated ones left out.
        ``entries`` : the entries behind the lost and gained ones, most first ("trade −9, energy +1").

    Raises
    ------
    ValueError
        As ``edit_hits``.

    Examples
    --------
    >>> from analysis.frames.formats.files import read_lexicon
    >>> original = "Russia and China are friends. Trade between China and Russia fell."
    >>> effect = edit_effect(original, "Russia and China are friends.", read_lexicon("russia-china"))
    >>> effect[["frame", "original", "copy", "difference", "lost", "entries"]]
            frame  original  copy  difference  lost   entries
    0    alliance       0.5   1.0         0.5     0
    1  pragmatism       0.0   0.0         0.0     0
    2     economy       0.5   0.0        -0.5     1  trade −1
    """
    texts = article_text(original, SIDES[0]), article_text(copy, SIDES[1])
    articles = pd.DataFrame({"doc_id": SIDES, "text": texts})
    read = read_frames(articles, lexicon, unit or common_unit(*texts))
    return _effect(align(*texts), *read, lexicon, SIDES).astype(EFFECT)


def edit_effects(articles: pd.DataFrame, lexicon: Lexicon, *, unit: str | None = None) -> pd.DataFrame:
    """The effect of the edit in every copy of a corpus: one row a copy and frame.

    Parameters
    ----------
    articles : DataFrame
        ``doc_id, outlet, text, story_id, copy_of``, as of ``mark_copies``.
    lexicon, unit
        As for ``edit_hits``.

    Returns
    -------
    DataFrame
        ``doc_id, outlet, story_id, copy_of, original_outlet``, then the columns of ``edit_effect``, then
        ``words`` : of the original; ``words_lost`` : those that do not stand in the copy; ``words_gained`` : those
        of the copy that do not stand in the original. In the order of `articles`.

    Raises
    ------
    ValueError
        If a column is missing, or an original is not among the articles.

    Examples
    --------
    >>> from analysis.frames.formats.files import read_lexicon
    >>> text = "Russia and China are friends. Trade between China and Russia fell."
    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "outlet": ["AP", "DW"], "text": [text, text[:29]],
    ...                          "story_id": "a", "copy_of": [None, "a"]})
    >>> effects = edit_effects(articles, read_lexicon("russia-china"))
    >>> effects[["doc_id", "frame", "difference", "words", "words_lost"]]
      doc_id       frame  difference  words  words_lost
    0      b    alliance         0.5     11           6
    1      b  pragmatism         0.0     11           6
    2      b     economy        -0.5     11           6
    """
    pairs = _pairs(articles)
    texts = articles.set_index("doc_id")["text"]
    units = [unit or common_unit(texts[of], texts[doc]) for doc, of in pairs[["doc_id", "copy_of"]].to_numpy()]
    tables = []
    for kind, group in pairs.groupby(np.array(units, dtype=object), sort=True):
        needed = articles[articles["doc_id"].isin([*group["doc_id"], *group["copy_of"]])]
        read = read_frames(needed, lexicon, str(kind))
        tables += list(_effects(group, texts, read, lexicon))
    if not tables:
        return no_rows(EFFECTS)
    return pd.concat(tables).sort_index(kind="stable").reset_index(drop=True)[list(EFFECTS)].astype(EFFECTS)


def _pairs(articles: pd.DataFrame) -> pd.DataFrame:
    """The copies with the outlets of both, in the order of the articles and under their place."""
    missing = [name for name in ("doc_id", "outlet", "text", "story_id", "copy_of") if name not in articles]
    if missing:
        raise ValueError(
            f"articles have no column {missing}; they have {list(articles)}. Pass what mark_copies gives."
        )
    copies = articles.reset_index(drop=True)
    copies = copies.loc[copies["copy_of"].notna(), ["doc_id", "outlet", "story_id", "copy_of"]]
    strangers = copies.loc[~copies["copy_of"].isin(articles["doc_id"]), "copy_of"]
    if len(strangers):
        raise ValueError(
            f"copy_of names {strangers.iloc[0]!r}, which is not among the articles. "
            "Keep originals with their copies."
        )
    return copies.assign(original_outlet=copies["copy_of"].map(articles.set_index("doc_id")["outlet"]))


def _effects(
    pairs: pd.DataFrame, texts: "pd.Series[str]", read: tuple[pd.DataFrame, pd.DataFrame], lexicon: Lexicon
) -> Iterator[pd.DataFrame]:
    found, hits = read
    passages_of, hits_of = dict(iter(found.groupby("doc_id"))), dict(iter(hits.groupby("doc_id")))
    for place, pair in pairs.iterrows():
        docs = str(pair["copy_of"]), str(pair["doc_id"])
        aligned = align(*(texts[doc] for doc in docs))
        inside = [pd.concat([of.get(doc, every.iloc[:0]) for doc in docs]) for of, every in
                  ((passages_of, found), (hits_of, hits))]  # fmt: skip
        effect = _effect(aligned, inside[0], inside[1], lexicon, docs)
        yield effect.assign(**pair, **_words(aligned)).set_axis([place] * len(effect))


def _effect(
    aligned: Alignment, found: pd.DataFrame, hits: pd.DataFrame, lexicon: Lexicon, docs: tuple[str, str]
) -> pd.DataFrame:
    """The columns of ``EFFECT`` for the original and the copy named by `docs`."""
    shares = frame_shares(hits, found).reindex(list(docs))
    sizes = found["doc_id"].value_counts()
    fates = hit_fates(aligned, *(hits[hits["doc_id"] == doc] for doc in docs))
    said = fates[~fates["negated"] & ~((fates["side"] == "copy") & (fates["fate"] == "kept"))]
    counts = pd.crosstab(said["frame"], said["fate"]).reindex(index=lexicon.labels, columns=FATES, fill_value=0)
    return pd.DataFrame(
        {
            "frame": lexicon.labels,
            "original": shares.loc[docs[0], lexicon.labels].to_numpy(dtype=float),
            "copy": shares.loc[docs[1], lexicon.labels].to_numpy(dtype=float),
            "difference": (shares.loc[docs[1]] - shares.loc[docs[0]])[lexicon.labels].to_numpy(dtype=float),
            "n_original": sizes.get(docs[0], 0),
            "n_copy": sizes.get(docs[1], 0),
            **{fate: counts[fate].to_numpy() for fate in FATES},
            "entries": [_entries(said[said["frame"] == label]) for label in lexicon.labels],
        }
    )


def _entries(said: pd.DataFrame) -> str:
    """The entries behind lost and gained hits, with their numbers, the largest first."""
    signs = {"lost": "−", "gained": "+"}
    changed = said[said["fate"] != "kept"]
    counts = Counter(zip(changed["entry"].tolist(), changed["fate"].tolist(), strict=True))
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{entry} {signs[fate]}{n}" for (entry, fate), n in ranked)


def _words(aligned: Alignment) -> dict[str, int]:
    stay = [edit for edit in aligned.edits if edit.change in STAYS]
    kept = sum(end - start for start, end in (edit.original for edit in stay))
    size, copied = len(aligned.original.starts), len(aligned.copy.starts)
    return {"words": size, "words_lost": size - kept, "words_gained": copied - kept}
