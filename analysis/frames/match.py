"""Hits of a lexicon in passages, and the shares and labels that follow from them."""

from collections.abc import Sequence
from dataclasses import replace
from operator import getitem

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from analysis.corpus.made import stamped
from analysis.corpus.passages import about_pair
from analysis.corpus.tables import check_table
from analysis.frames.lexicon import Lexicon
from analysis.frames.scene import Scene
from analysis.frames.spans import Matches, found_patterns, framed
from analysis.text.tokens import Tokens, tokenize

Flags = npt.NDArray[np.bool_]

COLUMNS = ["doc_id", "passage_id", "start", "end", "text", "frame", "entry", "negated"]


def find_frames(
    passages: pd.DataFrame, lexicon: Lexicon, *, tokens: Tokens | None = None, isolated: bool = False
) -> pd.DataFrame:
    """The places where a passage speaks through a frame.

    ``lexicon.policy`` tells what counts: as a rule, of overlapping hits of one frame the longest, then the first.
    A hit that its conditions take back is no hit. A denied hit stays, marked ``negated``; where its entry says
    what it becomes, that frame gets a hit of its own. With ``lexicon.about``, only passages about that pair are
    looked at.

    Nothing reaches beyond a document, so a large corpus may be passed in batches of whole documents:
    ``pd.concat([find_frames(batch, lexicon) for batch in batches], ignore_index=True)`` has the same hits (its
    ``.attrs`` do not add up).

    Args:
        passages: ``passage_id, doc_id, start, text`` as ``passages`` gives them (without ``position`` the rows
            of a document are taken in order), or articles.
        lexicon: from ``load_lexicon`` or ``read_lexicon``.
        tokens: ``tokenize(passages)``, where it is at hand; else they are tokenized here.
        isolated: the passages come without their articles, as coded ones do: one that speaks of a relationship
            and names no third country is then taken to be about the pair (codebook, rule 16).

    Returns:
        ``doc_id, passage_id, start, end, text, frame, entry, negated``, in the order of the passages, then by
        place; ``start`` and ``end`` are offsets in the article, ``frame`` is categorical with every frame of the
        lexicon.
        ``.attrs["unmatched"]`` names the entries without a hit, ``.attrs["unmatched_patterns"]`` the patterns
        that stand nowhere in the passages.

    Raises:
        ValueError: a column is missing, a ``passage_id`` stands twice, or ``tokens`` of other texts.
        TypeError: a text that is not a string, or a lexicon's name in its place.
    """
    if not isinstance(lexicon, Lexicon):
        raise TypeError(
            f"lexicon: {type(lexicon).__name__} is no lexicon. Write load_lexicon('russia-china') or "
            "read_lexicon('mine.yaml')."
        )
    passages = _as_passages(passages)
    near = np.ones(len(passages), bool)
    if lexicon.about:
        near = about_pair(passages, lexicon.about, isolated=isolated).to_numpy(dtype=bool)
    tokens = tokenize(passages[near]) if tokens is None else _of_passages(tokens, passages, near)
    found = found_patterns(tokens, lexicon)
    matches = framed(Scene(passages, near, tokens, found, isolated), lexicon)
    hits = _placed(matches, tokens, passages[near], lexicon)
    own = np.array([lexicon.labels.index(entry.frame) for entry in lexicon.entries], np.int64)[matches.entry]
    times = np.bincount(matches.entry[matches.frame == own], minlength=len(lexicon.entries))
    hits.attrs["unmatched"] = [lexicon.entries[at].name for at in np.flatnonzero(times == 0)]
    hits.attrs["unmatched_patterns"] = [
        pattern for entry in lexicon.entries for pattern in entry.match if not len(found[pattern][0])
    ]
    return stamped(hits, "find_frames", {"passages": passages, "lexicon": lexicon}, {})


def frame_shares(hits: pd.DataFrame, passages: pd.DataFrame, *, weights: Lexicon | None = None) -> pd.DataFrame:
    """The share of each document's passages that carry each frame.

    Args:
        hits: from ``find_frames``.
        passages: the passages (or articles) in which they were found: what the share is a share of.
        weights: the lexicon that found them; a passage then counts with the weight of its heaviest hit in a frame,
            instead of with 1.

    Returns:
        Index ``doc_id``, a column a frame, values from 0 to 1; a document of ``passages`` without a hit has 0.
        Negated hits do not count.

    Raises:
        ValueError: a hit in a passage that is not there, or of an entry that ``weights`` does not have, or a
            ``frame`` that lost its categories.

    >>> passages = pd.DataFrame({"passage_id": ["a:0", "a:1"], "doc_id": ["a", "a"], "position": [0, 1],
    ...                          "start": [0, 31], "text": ["Russia and China are friends.", "China met Russia."]})
    >>> from analysis.frames.formats import load_lexicon
    >>> frame_shares(find_frames(passages, load_lexicon("russia-china")), passages)
            alliance  pragmatism  economy
    doc_id
    a            0.5         0.0      0.0
    """
    passages = _as_passages(passages)
    carried = _carried(hits, pd.Index(passages["passage_id"]), weights)
    shares = carried.groupby(passages["doc_id"].to_numpy()).mean().rename_axis("doc_id")
    return stamped(shares, "frame_shares", {"hits": hits}, {})


def label_passages(texts: Sequence[str], lexicon: Lexicon) -> pd.DataFrame:
    """Whether each text carries each frame: what validation compares with coders.

    The texts are passages without their articles (see ``isolated`` in ``find_frames``).

    Returns:
        One row a text, in order; a boolean column a frame.

    Raises:
        TypeError: one string in place of several, or a text that is not a string.
    """
    if isinstance(texts, str):
        raise TypeError("label_passages takes a list of texts, not one string. Write label_passages([text], …).")
    names = [str(at) for at in range(len(texts))]
    passages = pd.DataFrame({"passage_id": names, "doc_id": names, "position": 0, "start": 0, "text": list(texts)})
    return _carried(find_frames(passages, lexicon, isolated=True), pd.Index(names)).reset_index(drop=True)


def _carried(hits: pd.DataFrame, passage_ids: "pd.Index[str]", weights: Lexicon | None = None) -> pd.DataFrame:
    """Passage × frame: whether it carries it, or with what weight."""
    if not isinstance(hits["frame"].dtype, pd.CategoricalDtype):
        raise ValueError(
            "hits: frame is not categorical, so frames without a hit are lost. "
            "Write hits.astype({'frame': pd.CategoricalDtype(lexicon.labels)})."
        )
    said = hits[~hits["negated"].to_numpy(dtype=bool)]
    row = passage_ids.get_indexer(pd.Index(said["passage_id"]))
    if (row < 0).any():
        raise ValueError(
            f"hits: passage {said['passage_id'].tolist()[(row < 0).argmax()]!r} is not among the passages. "
            "Pass the table in which the hits were found."
        )
    frames = hits["frame"].cat.categories
    weight = np.ones(len(said), bool) if weights is None else _weights(said, weights)
    carried = np.zeros((len(passage_ids), len(frames)), weight.dtype)
    np.maximum.at(carried, (row, said["frame"].cat.codes.to_numpy()), weight)
    return pd.DataFrame(carried, columns=list(frames))


def _weights(hits: pd.DataFrame, lexicon: Lexicon) -> npt.NDArray[np.float64]:
    """The weight of each hit's entry, which may speak for the frame it becomes when denied."""
    instead = {
        (frame, entry.name): entry.weight for entry in lexicon.entries for frame in (entry.negated, entry.hedged)
    }
    known = instead | {(entry.frame, entry.name): entry.weight for entry in lexicon.entries}
    pairs = list(zip(hits["frame"].tolist(), hits["entry"].tolist(), strict=True))
    if unknown := [pair for pair in pairs if pair not in known]:
        raise ValueError(
            f"hits: lexicon {lexicon.name!r} has no entry {unknown[0][1]!r} of {unknown[0][0]}. "
            "Pass the lexicon that found them as weights."
        )
    return np.array([known[pair] for pair in pairs], np.float64)


def _as_passages(table: pd.DataFrame) -> pd.DataFrame:
    """Passages, checked; articles are passages of themselves."""
    if isinstance(table, pd.DataFrame) and "passage_id" in table:
        check_table(table, "passages", ["passage_id", "doc_id", "start", "text"], key="passage_id")
        position = table["position"] if "position" in table else table.groupby("doc_id").cumcount()
        table = table.assign(position=position)
    else:
        check_table(table, "articles", ["doc_id", "text"], key="doc_id")
        table = table.assign(passage_id=table["doc_id"], position=0, start=0)
    return table.astype({"passage_id": "str", "doc_id": "str"}).reset_index(drop=True)


def _of_passages(tokens: Tokens, passages: pd.DataFrame, near: Flags) -> Tokens:
    """The tokens of the passages that are looked at, out of those of all."""
    if not isinstance(tokens, Tokens):
        raise TypeError(f"tokens: {type(tokens).__name__} is no Tokens. Write tokens=tokenize(passages).")
    if list(tokens.texts) != passages["text"].tolist():
        raise ValueError(
            f"tokens: they are of {len(tokens.texts):,} texts, and not those of the {len(passages):,} passages in "
            "their order. Write tokens=tokenize(passages)."
        )
    if near.all():
        return tokens
    kept = near[tokens.text]
    return replace(
        tokens,
        codes=tokens.codes[kept],
        bounds=np.append(0, np.cumsum(np.diff(tokens.bounds)[near])),
        starts=tokens.starts[kept],
        ends=tokens.ends[kept],
        docs=tokens.docs[near],
        texts=passages.loc[near, "text"].tolist(),
    )


def _placed(found: Matches, tokens: Tokens, passages: pd.DataFrame, lexicon: Lexicon) -> pd.DataFrame:
    """Matches as hits, with offsets in the article."""
    first, last = found.first, found.last
    at, start, end = tokens.text[first], tokens.starts[first].astype(np.int64), tokens.ends[last].astype(np.int64)
    opening = passages["start"].to_numpy(dtype=np.int64)[at]
    whole = map(tokens.texts.__getitem__, at.tolist())
    texts = pa.array(map(getitem, whole, map(slice, start.tolist(), end.tolist())), pa.large_string())
    return pd.DataFrame(
        {
            "doc_id": passages["doc_id"].array.take(at),
            "passage_id": passages["passage_id"].array.take(at),
            "start": start + opening,
            "end": end + opening,
            "text": pd.Series(texts, dtype="str"),
            "frame": pd.Categorical.from_codes(found.frame, pd.Index(lexicon.labels)),
            "entry": pd.Series([entry.name for entry in lexicon.entries], dtype="str").array.take(found.entry),
            "negated": found.denied,
        },
        columns=COLUMNS,
    )
