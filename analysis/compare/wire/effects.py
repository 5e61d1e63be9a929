"""Effects of edits on the frames of all copies, and what each outlet tends to cut."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.compare.estimates import ALIKE, compare_outlets
from analysis.compare.inference import Inference
from analysis.compare.wire.versions import EFFECT, STAYS, common_unit, edit_effect, hit_fates, read_frames
from analysis.corpus.tables import check_columns, no_rows
from analysis.frames.lexicon import Lexicon
from analysis.text.edits import align

COPY = {"doc_id": "str", "story_id": "str", "copy_of": "str", "original_outlet": "str"}
WORDS = {"words": "int64", "words_lost": "int64", "words_gained": "int64"}
EFFECTS = {"outlet": "str", "label": "str", **COPY, **EFFECT, **WORDS}
ALL_WORDS = "all words"
NO_HIT = "no hit in an original"


def edit_effects(articles: pd.DataFrame, lexicon: Lexicon, *, unit: str | None = None) -> pd.DataFrame:
    """Effect of the edits in every copy of a corpus: one row per copy and frame.

    Parameters
    ----------
    articles : DataFrame
        ``doc_id, outlet, text, story_id, copy_of``, as returned by ``mark_copies``, each original among them.
    lexicon, unit
        As for ``compare_copies``.

    Returns
    -------
    DataFrame
        ``outlet, label, doc_id, story_id, copy_of, original_outlet``, the columns of ``Comparison.effect``, then
        ``words`` of the original, ``words_lost`` and ``words_gained`` in the copy. In the order of `articles`.

    Examples
    --------
    >>> from analysis.frames.formats.files import read_lexicon
    >>> text = "Russia and China are friends. Trade between China and Russia fell."
    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "outlet": ["AP", "DW"], "text": [text, text[:29]],
    ...                          "story_id": "a", "copy_of": [None, "a"]})
    >>> edit_effects(articles, read_lexicon("russia-china"))[["label", "difference", "words", "words_lost"]]
            label  difference  words  words_lost
    0    alliance         0.5     11           6
    1  pragmatism         0.0     11           6
    2     economy        -0.5     11           6
    """
    pairs = _pairs(articles)
    texts = articles.set_index("doc_id")["text"]
    units = [unit or common_unit(texts[of], texts[doc]) for doc, of in pairs[["doc_id", "copy_of"]].to_numpy()]
    tables = []
    for kind, group in pairs.groupby(np.array(units, dtype=object), sort=True):
        needed = articles[articles["doc_id"].isin([*group["doc_id"], *group["copy_of"]])]
        tables += list(_effects(group, texts, read_frames(needed, lexicon, str(kind)), lexicon))
    if not tables:
        return no_rows(EFFECTS)
    return pd.concat(tables).sort_index(kind="stable").reset_index(drop=True)[list(EFFECTS)].astype(EFFECTS)


def outlet_cuts(effects: pd.DataFrame, *, how: Inference | None = None) -> pd.DataFrame:
    """The share of an original's words, and of its hits of each frame, that an outlet does not print.

    An outlet that loses more of a frame's hits than of all words tends to cut that frame. No test compares them.

    Parameters
    ----------
    effects : DataFrame
        From ``edit_effects``, or some of its copies.
    how : Inference, optional

    Returns
    -------
    DataFrame
        ``outlet, label, n_articles, n_stories, share, low, high, note``, as of ``compare_outlets``; frames in
        their order, then "all words". ``share`` is the mean over stories of the part lost; copies of originals
        without a hit of the frame do not count.

    Examples
    --------
    >>> effects = pd.DataFrame({"doc_id": ["a", "b"], "outlet": "DW", "story_id": ["s", "t"], "label": "economy",
    ...                         "kept": [1, 3], "lost": [3, 1], "words": [100, 200], "words_lost": [60, 20]})
    >>> outlet_cuts(effects)[["outlet", "label", "n_stories", "share"]]
      outlet      label  n_stories  share
    0     DW    economy          2   0.50
    1     DW  all words          2   0.35
    """
    copies = effects.drop_duplicates("doc_id")
    hits = effects.assign(all=effects["kept"] + effects["lost"])[["doc_id", "label", "lost", "all"]]
    # Last, so that a frame has the same colour here as where frames are alone. An original may have no word.
    words = copies.assign(label=ALL_WORDS, lost=copies["words_lost"], all=copies["words"])[list(hits)]
    parts, labels = pd.concat([hits, words]).set_index("doc_id"), [*pd.unique(effects["label"]), ALL_WORDS]
    parts = parts[parts["all"] > 0]
    lost = parts["lost"] / parts["all"]
    tables = [compare_outlets(lost[parts["label"] == label].to_frame(label), copies, how=how) for label in labels]
    cuts = pd.concat(tables).drop(columns=list(ALIKE))
    rows = pd.MultiIndex.from_product([labels, sorted(cuts["outlet"].unique())], names=["label", "outlet"])
    table = cuts.set_index(["label", "outlet"]).reindex(rows).reset_index()
    table["note"] = table["note"].fillna(NO_HIT)
    table = table.fillna({"n_articles": 0, "n_stories": 0}).astype({"n_articles": "int64", "n_stories": "int64"})
    return table[list(cuts.columns)]


def _pairs(articles: pd.DataFrame) -> pd.DataFrame:
    """The copies with the outlets of both, in the order of the articles and under their place."""
    needed = ["doc_id", "outlet", "text", "story_id", "copy_of"]
    check_columns(articles, needed, where="articles", hint="Pass what mark_copies returns.")
    copies = articles.reset_index(drop=True)
    copies = copies.loc[copies["copy_of"].notna(), ["doc_id", "outlet", "story_id", "copy_of"]]
    lost = copies.loc[~copies["copy_of"].isin(articles["doc_id"]), "copy_of"]
    if len(lost):
        raise ValueError(
            f"articles: original {lost.iloc[0]!r}, named by copy_of, is missing. Keep originals with their copies."
        )
    return copies.assign(original_outlet=copies["copy_of"].map(articles.set_index("doc_id")["outlet"]))


def _effects(
    pairs: pd.DataFrame, texts: "pd.Series[str]", read: tuple[pd.DataFrame, pd.DataFrame], lexicon: Lexicon
) -> Iterator[pd.DataFrame]:
    passages_of, hits_of = (dict(iter(table.groupby("doc_id"))) for table in read)
    for place, pair in pairs.iterrows():
        docs = str(pair["copy_of"]), str(pair["doc_id"])
        aligned = align(*(texts[doc] for doc in docs))
        hits = [hits_of.get(doc, read[1].iloc[:0]) for doc in docs]
        inside = pd.concat([passages_of.get(doc, read[0].iloc[:0]) for doc in docs])
        effect = edit_effect(hit_fates(aligned, *hits), inside, pd.concat(hits), lexicon, docs)
        kept = sum(edit.original[1] - edit.original[0] for edit in aligned.edits if edit.change in STAYS)
        size, copied = len(aligned.original.starts), len(aligned.copy.starts)
        words = {"words": size, "words_lost": size - kept, "words_gained": copied - kept}
        yield effect.assign(**pair, **words).set_axis([place] * len(effect))
