"""Hits of a lexicon in passages."""

from dataclasses import replace
from operator import getitem

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from analysis.corpus.passages import about_pair
from analysis.corpus.provenance import stamped
from analysis.corpus.tables import check_table, usable
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
    passages = as_passages(passages, alone=isolated and "doc_id" not in passages)
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


def as_passages(table: pd.DataFrame, *, alone: bool = False) -> pd.DataFrame:
    """Passages, checked; an article is one passage, and passages that stand ``alone`` need no article."""
    if isinstance(table, pd.DataFrame) and "passage_id" in table:
        if alone:
            table = table.assign(doc_id=table["passage_id"], position=0, start=table.get("start", 0))
        check_table(table, "passages", ["passage_id", "doc_id", "start", "text"], key="passage_id")
        position = table["position"] if "position" in table else table.groupby("doc_id").cumcount()
        table = table.assign(position=position)
    else:
        check_table(table, "articles", ["doc_id", "text"], key="doc_id")
        table = usable(table).assign(passage_id=lambda rows: rows["doc_id"], position=0, start=0)
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
    kept = near[tokens.text_index]
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
    at = tokens.text_index[first]
    start, end = tokens.starts[first].astype(np.int64), tokens.ends[last].astype(np.int64)
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
