"""Versions of one story: the edits between them, the fate of each frame hit, and the effect on shares."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.arrays import Ints
from analysis.compare.estimates import ALIKE, compare_outlets
from analysis.compare.inference import Inference
from analysis.corpus.passages import LONGEST_SENTENCE, passages
from analysis.corpus.tables import check_columns, no_rows
from analysis.frames.lexicon import Lexicon
from analysis.frames.match import find_frames, frame_shares
from analysis.text.edits import Alignment, align

EDITS = {
    "change": "str", "text": "str", "original_start": "Int64", "original_end": "Int64",
    "copy_start": "Int64", "copy_end": "Int64", "copy_text": "str",
}  # fmt: skip
COUNTED = {"hits_kept": "int64", "hits_lost": "int64", "hits_gained": "int64", "frames": "str"}
HITS = {
    "side": "str", "start": "int64", "end": "int64", "text": "str", "frame": "str", "entry": "str",
    "negated": "bool", "fate": "str", "change": "str", "edit": "int64",
}  # fmt: skip
FATES = ["kept", "lost", "gained"]
EFFECT = {
    "label": "str", "original": "float64", "copy": "float64", "difference": "float64",
    "n_original": "int64", "n_copy": "int64", **dict.fromkeys(FATES, "int64"), "entries": "str",
}  # fmt: skip
EFFECTS = dict.fromkeys(("outlet", "label", "doc_id", "story_id", "copy_of", "original_outlet"), "str") | EFFECT
EFFECTS |= dict.fromkeys(("words", "words_lost", "words_gained"), "int64")
ALL_WORDS = "all words"
NO_HIT = "no hit in an original"
SIDES = "original", "copy"
STAYS = "kept", "moved"
STOPS = re.compile(r"[.!?。！？]")  # what ends a sentence

Article = str | Mapping[str, object] | pd.Series


@dataclass(frozen=True, eq=False)
class Comparison:
    """An original and its copy; ``plot`` draws both as strips of words.

    Attributes
    ----------
    table : DataFrame
        The edits in reading order: ``change, text, original_start, original_end, copy_start, copy_end,
        copy_text``, with a lexicon also ``hits_kept, hits_lost, hits_gained, frames``. ``change`` is kept, cut,
        added, reworded (up to 40 words exchanged in one place) or moved (eight words or more). ``text`` are the
        words in the original, or the added ones. Each word of both texts is in exactly one row.
    hits : DataFrame
        ``side, start, end, text, frame, entry, negated, fate, change, edit``: the hits of both versions. ``fate``
        is lost (only in the original), gained (only in the copy) or kept: all of its words are in the other
        version, or a hit of the same frame is in the same place; where only one of them is negated, one is lost
        and the other gained. ``edit`` is the row of ``table`` that decided it.
    effect : DataFrame
        ``label, original, copy, difference, n_original, n_copy, kept, lost, gained, entries``: the share of
        passages with each frame in both versions, the number of passages, hits by fate (negated ones left out),
        and the entries behind lost and gained hits ("trade −9, energy +1"). No sample, so no interval.
    names, unit, labels, texts, passages, alignment
        The outlets of both; the unit of passages in which both were read; the frames of the lexicon; both texts,
        their passages, and the aligned words.
    """

    table: pd.DataFrame
    hits: pd.DataFrame
    effect: pd.DataFrame
    names: tuple[str, str]
    unit: str
    labels: tuple[str, ...]
    texts: tuple[str, str]
    passages: pd.DataFrame
    alignment: Alignment


def compare_copies(
    original: Article, copy: Article, lexicon: Lexicon | None = None, *, unit: str | None = None
) -> Comparison:
    """What an outlet did to a story: the edits, and with a lexicon the frame hits lost and gained.

    Parameters
    ----------
    original, copy : row of articles (Series or mapping with ``text``) or str
        Two versions of one story. Case, punctuation, a possessive "s", the ways to write "U.S." are not changes.
    lexicon : Lexicon, optional
        Only passages about its pair are searched for frames. Without it there are edits only.
    unit : str, optional
        The unit in which both are read, see ``passages``. By default sentences, but windows for both where one of
        them lost its punctuation.

    Returns
    -------
    Comparison
        ``table`` with a row per edit; with a lexicon also ``hits``, and ``effect`` with a row per label.

    Examples
    --------
    >>> from analysis.frames.formats.files import read_lexicon
    >>> original = "Russia and China are friends. In Moscow it rained. Trade between China and Russia fell."
    >>> copy = "Russia and China are allies. In Moscow it rained."
    >>> found = compare_copies(original, copy, read_lexicon("russia-china"))
    >>> found.table[["change", "text", "copy_text"]].head(2)
         change                   text              copy_text
    0      kept  Russia and China are   Russia and China are
    1  reworded               friends                allies
    >>> found.effect[["label", "original", "copy", "lost", "entries"]]
            label  original  copy  lost   entries
    0    alliance       0.5   1.0     0
    1  pragmatism       0.0   0.0     0
    2     economy       0.5   0.0     1  trade −1
    """
    texts = _text(original, SIDES[0]), _text(copy, SIDES[1])
    given = zip((original, copy), SIDES, strict=True)
    first, second = (side if isinstance(one, str) else str(one.get("outlet") or side) for one, side in given)
    unit, alignment = unit or common_unit(*texts), align(*texts)
    articles = pd.DataFrame({"doc_id": SIDES, "text": texts})
    rows, parts = _edit_rows(alignment, texts), passages(articles, about=None, unit=unit)
    if lexicon is None:
        return Comparison(rows, no_rows(HITS), no_rows(EFFECT), (first, second), unit, (), texts, parts, alignment)
    read = passages(articles, about=lexicon.about or None, unit=unit)
    hits = find_frames(read, lexicon)
    fates = hit_fates(alignment, *(hits[hits["doc_id"] == side] for side in SIDES))
    effect = edit_effect(fates, read, hits, lexicon, SIDES)
    rows = _with_hits(rows, fates, lexicon)
    return Comparison(rows, fates, effect, (first, second), unit, tuple(lexicon.labels), texts, parts, alignment)


def common_unit(original: str, copy: str) -> str:
    """Sentences, or windows if either text has fewer full stops than its words would need."""
    lost = any(len(STOPS.findall(text)) * LONGEST_SENTENCE < len(text.split()) for text in (original, copy))
    return "window" if lost else "sentence"


def edit_effect(
    fates: pd.DataFrame, read: pd.DataFrame, hits: pd.DataFrame, lexicon: Lexicon, docs: tuple[str, str]
) -> pd.DataFrame:
    """``Comparison.effect`` for the original and the copy named by `docs`."""
    shares = frame_shares(hits, read).reindex(list(docs))
    sizes = read["doc_id"].value_counts()
    once = _once(fates)
    counts = pd.crosstab(once["frame"], once["fate"]).reindex(index=lexicon.labels, columns=FATES, fill_value=0)
    table = counts.rename_axis(index="label", columns=None).reset_index()
    for side, doc in zip(SIDES, docs, strict=True):
        table[side], table[f"n_{side}"] = shares.loc[doc, lexicon.labels].to_numpy(float), sizes.get(doc, 0)
    table["difference"] = table["copy"] - table["original"]
    table["entries"] = [_entries(once[once["frame"] == label]) for label in lexicon.labels]
    return table[list(EFFECT)].astype(EFFECT)


def hit_fates(alignment: Alignment, original: pd.DataFrame, copy: pd.DataFrame) -> pd.DataFrame:
    """The hits of both sides under an alignment; see ``Comparison.hits``."""
    sides = (original, alignment.original), (copy, alignment.copy)
    marks: list[list[Mark]] = []
    decisive: list[list[int]] = []
    for (hits, place), (edits, keys) in zip(sides, _edits_and_keys(alignment), strict=True):
        ends = np.searchsorted(place.ends, hits["start"], side="right"), np.searchsorted(place.starts, hits["end"])
        spans = [slice(*span) for span in zip(*ends, strict=True)]
        terms = [set(keys[span].tolist()) for span in spans]
        marks.append(list(zip(hits["frame"].astype(str), hits["negated"].astype(bool), terms, strict=True)))
        # The edit of the first word that changed, or of the first word.
        decisive.append([int(edits[span][np.argmax(keys[span] < 0)]) for span in spans])
    tables = []
    for side, (hits, _) in enumerate(sides):
        fate = np.where([_kept(*hit, marks[1 - side]) for hit in marks[side]], "kept", FATES[1 + side])
        changes = [alignment.edits[number].change for number in decisive[side]]
        tables.append(hits.assign(side=SIDES[side], fate=fate, change=changes, edit=decisive[side]))
    kinds = {name: HITS[name] for name in ("side", "fate", "change", "edit")}
    return pd.concat(tables, ignore_index=True)[list(HITS)].astype(kinds)


Mark = tuple[str, bool, set[int]]  # a hit's frame, whether it is negated, and the keys of its terms


def _edits_and_keys(alignment: Alignment) -> list[tuple[Ints, Ints]]:
    """For each term of either side the number of its edit, and a key that terms at one place of both share."""
    sizes = len(alignment.original.starts), len(alignment.copy.starts)
    sides = [(np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)) for size in sizes]
    for number, change in enumerate(alignment.edits):
        stays = np.arange(*change.original) if change.change in STAYS else -1 - number
        for (edit, key), span in zip(sides, (change.original, change.copy), strict=True):
            edit[slice(*span)], key[slice(*span)] = number, stays
    return sides


def _kept(frame: str, negated: bool, keys: set[int], others: list[Mark]) -> bool:
    """Whether the other version has it too: by the hits at its place or, without any, by its words."""
    there = [other_negated for other, other_negated, held in others if other == frame and held & keys]
    return negated in there if there else min(keys) >= 0


def _once(fates: pd.DataFrame) -> pd.DataFrame:
    """Hits that are not negated; a kept one counts once, as the original has it."""
    return fates[~fates["negated"] & ~((fates["side"] == "copy") & (fates["fate"] == "kept"))]


def _entries(once: pd.DataFrame) -> str:
    """The entries behind lost and gained hits, with their numbers, the largest first."""
    signs = {"lost": "−", "gained": "+"}
    changed = once[once["fate"] != "kept"]
    counts = Counter(zip(changed["entry"].tolist(), changed["fate"].tolist(), strict=True))
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{entry} {signs[fate]}{n}" for (entry, fate), n in ranked)


def _edit_rows(alignment: Alignment, texts: tuple[str, str]) -> pd.DataFrame:
    rows = []
    for edit in alignment.edits:
        own = alignment.original.span(edit.original) if edit.change != "added" else None
        theirs = alignment.copy.span(edit.copy) if edit.change != "cut" else None
        copied = texts[1][slice(*theirs)] if theirs else None
        text = texts[0][slice(*own)] if own else copied
        rows.append((edit.change, text, *(own or (None, None)), *(theirs or (None, None)), copied))
    return pd.DataFrame(rows, columns=list(EDITS)).astype(EDITS)


def _with_hits(rows: pd.DataFrame, fates: pd.DataFrame, lexicon: Lexicon) -> pd.DataFrame:
    """The edits with the hits that each decided."""
    once = _once(fates)
    counts = pd.crosstab(once["edit"], once["fate"]).reindex(index=rows.index, columns=FATES, fill_value=0)
    inside = once.groupby("edit")["frame"].agg(set).reindex(rows.index)
    held = [frames if isinstance(frames, set) else set() for frames in inside]
    frames = [", ".join(label for label in lexicon.labels if label in one) for one in held]
    return rows.join(counts.add_prefix("hits_")).assign(frames=frames).astype(COUNTED)


def _text(article: Article, name: str) -> str:
    if isinstance(article, str):
        return article
    if "text" not in article:
        found = ", ".join(map(str, article.keys()))
        raise ValueError(f"{name}: 'text' is missing. Found: {found}. Pass a row of articles or a text.")
    return str(article["text"])


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
    needed = ["doc_id", "outlet", "text", "story_id", "copy_of"]
    check_columns(articles, needed, where="articles", hint="Pass what mark_copies returns.")
    pairs = articles.reset_index(drop=True)
    pairs = pairs.loc[pairs["copy_of"].notna(), ["doc_id", "outlet", "story_id", "copy_of"]]
    if len(lost := pairs.loc[~pairs["copy_of"].isin(articles["doc_id"]), "copy_of"]):
        raise ValueError(
            f"articles: original {lost.iloc[0]!r}, named by copy_of, is missing. Keep originals with their copies."
        )
    texts, outlets = (articles.set_index("doc_id")[name] for name in ("text", "outlet"))
    pairs["original_outlet"] = pairs["copy_of"].map(outlets)
    units = [unit or common_unit(texts[of], texts[doc]) for doc, of in pairs[["doc_id", "copy_of"]].to_numpy()]
    tables = []
    for kind, group in pairs.groupby(np.array(units, dtype=object), sort=True):
        both = articles[articles["doc_id"].isin([*group["doc_id"], *group["copy_of"]])]
        read = passages(both, about=lexicon.about or None, unit=str(kind))
        tables += list(_effects(group, texts, (read, find_frames(read, lexicon)), lexicon))
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
