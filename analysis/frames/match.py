"""Hits of a lexicon in passages, and the shares that follow from them."""

from collections.abc import Sequence
from dataclasses import replace
from operator import getitem
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from analysis.arrays import Flags
from analysis.corpus.judge import STRICT
from analysis.corpus.passages import about_pair, decided, with_language
from analysis.corpus.provenance import stamped
from analysis.corpus.tables import check_table, places_in, refuse_unknown, usable
from analysis.frames.lexicon import Lexicon
from analysis.frames.matching import MatchContext, Matches, found_patterns, framed
from analysis.text.tokens import Tokens, tokenize

COLUMNS = ["doc_id", "passage_id", "start", "end", "text", "frame", "entry", "negated"]


def find_frames(
    passages: pd.DataFrame,
    lexicon: Lexicon | Sequence[Lexicon],
    *,
    tokens: Tokens | None = None,
    isolated: bool = False,
    overlaps: str | None = None,
    strict: float | None = None,
) -> pd.DataFrame:
    """Hits of a lexicon in passages: each place that counts for a frame.

    ``lexicon.policy`` says what counts: by default, of overlapping hits of one frame the longest, then the first.
    A negated hit is kept with ``negated=True``. Nothing reaches beyond a document: batches of whole documents have
    the same hits as all at once.

    Parameters
    ----------
    passages : DataFrame
        ``passage_id, doc_id, start, text`` from ``passages`` (without ``position`` the rows of a document are
        taken in order), or articles.
    lexicon : Lexicon
        From ``read_lexicon``, or built by hand. One of several languages, or several with the same labels in the
        same order, is applied to the passages in each.
    tokens : Tokens, optional
        ``tokenize(passages)``, if you have it.
    isolated : bool
        The passages come without their articles, as coded ones do: one that mentions a relationship and no third
        country is then taken to be about the pair (codebook, rule 16).
    overlaps : {"frame", "lexicon", "all"}, optional
        Among which overlapping hits the longest counts; by default as the lexicon says. With ``"lexicon"``
        "South Sudan" of one frame is not also "Sudan" of another.
    strict : float, optional
        How sure it must be that a sentence is about the pair, as in ``passages``, judged by the rows given here.
        By default only rows are judged that ``passages`` did not find to be about the pair (column ``about``).

    Returns
    -------
    DataFrame
        ``doc_id, passage_id, start, end, text, frame, entry, negated``, in the order of the passages, then by
        place; ``start`` and ``end`` are offsets in the article, ``frame`` is categorical with every frame of the
        lexicon. ``check_lexicon(lexicon, passages)`` lists what found nothing.

    Examples
    --------
    >>> from analysis.frames.lexicon import Entry
    >>> lexicon = Lexicon("tiny", entries=[Entry("friend*", "near"), Entry("rival*", "far")])
    >>> texts = pd.DataFrame({"doc_id": ["a", "b"], "text": ["They are friends.", "Rivals met."]})
    >>> find_frames(texts, lexicon)[["doc_id", "start", "end", "text", "frame"]]
      doc_id  start  end     text frame
    0      a      9   16  friends  near
    1      b      0    6   Rivals   far
    """
    if isinstance(lexicon, list | tuple) and lexicon and all(isinstance(one, Lexicon) for one in lexicon):
        lexicon = replace(lexicon[0], parallel=(*lexicon[0].parallel, *lexicon[1:]))
    if not isinstance(lexicon, Lexicon):
        remedy = "Write read_lexicon('russia-china') or read_lexicon('mine.yaml')."
        raise TypeError(f"lexicon: must be a Lexicon. Found: {type(lexicon).__name__}. {remedy}")
    if lexicon.parallel and tokens is not None:
        raise ValueError("tokens: the lexicon is of several languages. Leave tokens out: each has its own.")
    if lexicon.parallel:
        return _in_languages(passages, lexicon, isolated=isolated, overlaps=overlaps, strict=strict)
    if overlaps is not None:
        lexicon = replace(lexicon, overlaps=overlaps)
    context = match_context(passages, lexicon, tokens=tokens, isolated=isolated, strict=strict)
    hits = context_hits(context, lexicon)
    return stamped(hits, "find_frames", {"passages": context.passages, "lexicon": lexicon}, {})


def match_context(
    passages: pd.DataFrame,
    lexicon: Lexicon,
    *,
    tokens: Tokens | None = None,
    isolated: bool = False,
    strict: float | None = None,
) -> MatchContext:
    """The passages that are searched, and where each pattern occurs in them."""
    passages, _ = _read(passages, lexicon, isolated)
    near = _near(passages, lexicon, isolated, strict)
    if tokens is not None:
        tokens = _of_passages(tokens, passages, near)
    if tokens is None or lexicon.known:
        tokens = tokenize(passages[near], known=lexicon.known)
    found = found_patterns(tokens, lexicon)
    return MatchContext(passages, near, tokens, found, lexicon.read, isolated, lexicon.language)


def _near(passages: pd.DataFrame, lexicon: Lexicon, isolated: bool, strict: float | None) -> Flags:
    """The passages about the lexicon's pair: as decided when they were cut, else as the rows given here show."""
    if not lexicon.about:
        return np.ones(len(passages), bool)
    near = decided(passages, lexicon.about) & (strict is None)
    if near.any() and near.all():
        return near
    rest = passages["doc_id"].isin(passages.loc[~near, "doc_id"]).to_numpy()  # all that is given of their articles
    least = STRICT if strict is None else strict
    near[rest] |= about_pair(passages[rest], lexicon.about, isolated=isolated, strict=least).to_numpy(dtype=bool)
    return near


def context_hits(context: MatchContext, lexicon: Lexicon) -> pd.DataFrame:
    """The hits of a lexicon whose patterns were looked for: that of the context, or one with fewer entries."""
    return _placed(framed(context, lexicon), context.tokens, context.passages[context.near], lexicon)


def _in_languages(passages: pd.DataFrame, lexicon: Lexicon, *, isolated: bool, **how: Any) -> pd.DataFrame:
    """The hits in the passages of each language, in the order of the passages."""
    passages, codes = _read(passages, lexicon, isolated)
    each = lexicon.each.items()
    hits = pd.concat([find_frames(passages[codes == code], one, isolated=isolated, **how) for code, one in each])
    place = pd.Index(passages["passage_id"]).get_indexer(pd.Index(hits["passage_id"]))
    return hits.iloc[np.argsort(place, kind="stable")].reset_index(drop=True)


def in_language(table: pd.DataFrame | None, code: str) -> pd.DataFrame | None:
    """The rows in a language; None where there are none."""
    if table is None:
        return None
    table = with_language(table)
    codes = table["language"].replace("", "en") if "language" in table else pd.Series("en", table.index)
    return table[codes == code] if (codes == code).any() else None


def _read(given: pd.DataFrame, lexicon: Lexicon, isolated: bool) -> "tuple[pd.DataFrame, pd.Series[str]]":
    """Passages, and their languages; one for which nothing was written is refused: no hit there says nothing."""
    passages = with_language(as_passages(given, alone=isolated and "doc_id" not in given))
    codes = passages["language"] if "language" in passages else pd.Series("en", passages.index)
    codes = codes.mask(codes == "", lexicon.language)
    if others := sorted(set(codes) - set(lexicon.each)):
        name = "" if "language" in given else "name each passage's in a column 'language' and "
        raise ValueError(
            f"passages: {codes.isin(others).sum():,} of {len(codes):,} are in another language than the lexicon "
            f"{lexicon.name!r} ({', '.join(lexicon.each)}). Found: {', '.join(others)}. Give a lexicon of theirs "
            f"('language: {others[0]}' in its YAML), or {name}leave the others out: passages = "
            f"passages[~passages['language'].isin({others})]."
        )
    return passages, codes


def as_passages(table: pd.DataFrame, *, alone: bool = False) -> pd.DataFrame:
    """Passages, checked; an article is one passage, and ``alone``, each passage is its own document."""
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


def text_passages(texts: Sequence[str]) -> pd.DataFrame:
    """Texts as passages without articles, whose ids are their rows."""
    names = [str(row) for row in range(len(texts))]
    return pd.DataFrame({"passage_id": names, "doc_id": names, "position": 0, "start": 0, "text": list(texts)})


def _of_passages(tokens: Tokens, passages: pd.DataFrame, near: Flags) -> Tokens:
    """The tokens of the passages that are searched, out of those of all."""
    if not isinstance(tokens, Tokens):
        raise TypeError(f"tokens: must be Tokens. Found: {type(tokens).__name__}. Write tokenize(passages).")
    if list(tokens.texts) != passages["text"].tolist():
        what = f"Found: {len(tokens.texts):,} texts, passages: {len(passages):,}. Write tokens=tokenize(passages)."
        raise ValueError(f"tokens: not those of the passages, in their order. {what}")
    if near.all():
        return tokens
    kept = near[tokens.text_index]
    words = {name: getattr(tokens, name)[kept] for name in ("codes", "starts", "ends")}
    bounds = np.append(0, np.cumsum(np.diff(tokens.bounds)[near]))
    return replace(tokens, **words, bounds=bounds, docs=tokens.docs[near], texts=passages["text"][near].tolist())


def _placed(found: Matches, tokens: Tokens, passages: pd.DataFrame, lexicon: Lexicon) -> pd.DataFrame:
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
            "negated": found.negated,
        }
    )


def frame_shares(
    hits: pd.DataFrame,
    passages: pd.DataFrame,
    *,
    unit: Literal["document", "passage"] = "document",
    weights: Lexicon | None = None,
) -> pd.DataFrame:
    """Share of each document's passages that carry each frame by a hit that is not negated.

    Parameters
    ----------
    hits, passages : DataFrame
        From ``find_frames``, and the passages (or articles) in which they were found.
    unit : {"document", "passage"}
        With ``"passage"`` each passage is a row of its own, 1.0 where it carries the frame and else 0.0.
    weights : Lexicon, optional
        The lexicon that found the hits. A passage then counts with the weight of its heaviest hit in a frame. It
        also names the frames of hits that were read from CSV.

    Returns
    -------
    DataFrame
        Index ``doc_id`` (sorted) or ``passage_id`` (in order), a column per frame, values from 0 to 1. A document
        of ``passages`` without a hit has 0.

    Examples
    --------
    >>> from analysis.frames.lexicon import Entry, Frame, Lexicon
    >>> lexicon = Lexicon("tiny", (Frame("trade"),), (Entry("gas", "trade", ("gas",)),))
    >>> passages = pd.DataFrame({"passage_id": ["a:0", "a:1"], "doc_id": "a", "position": [0, 1],
    ...                          "start": [0, 12], "text": ["Gas is sold.", "It rained."]})
    >>> hits = find_frames(passages, lexicon)
    >>> frame_shares(hits, passages)
            trade
    doc_id
    a         0.5
    """
    refuse_unknown("unit", unit, "a unit", ("document", "passage"))
    passages = as_passages(passages, alone=unit == "passage")
    carried = _carried(hits, pd.Index(passages["passage_id"]), weights)
    if unit == "passage":
        shares = carried.astype(float).set_axis(pd.Index(passages["passage_id"], name="passage_id"))
    else:
        shares = carried.groupby(passages["doc_id"].to_numpy()).mean().rename_axis("doc_id")
    return stamped(shares, "frame_shares", {"hits": hits}, {})


def hit_positions(hits: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Place of each hit in its article, from 0 (first character) to 1 (last); negated hits are left out.

    ``articles`` are those from which the passages were cut.

    Returns
    -------
    DataFrame
        ``doc_id, frame, position``, a row per hit.

    Examples
    --------
    >>> hits = pd.DataFrame({"doc_id": ["a"], "start": [5], "frame": ["economy"], "negated": [False]})
    >>> hit_positions(hits, pd.DataFrame({"doc_id": ["a"], "text": ["0123456789"]}))
      doc_id    frame  position
    0      a  economy       0.5
    """
    check_table(articles, "articles", ["doc_id", "text"], key="doc_id")
    kept = hits[~hits["negated"].astype(bool)].reset_index(drop=True)
    wrong = "is not among the articles. Pass the articles from which the passages were cut."
    place = places_in(articles["doc_id"], kept["doc_id"], "hits: article", wrong)
    length = articles["text"].str.len().to_numpy()[place]
    return kept[["doc_id", "frame"]].assign(position=kept["start"] / length)


def text_frames(texts: Sequence[str], lexicon: Lexicon) -> pd.DataFrame:
    """Whether each text, read without its article, carries each frame: a row per text, a column per frame."""
    passages = text_passages(texts)
    return _carried(find_frames(passages, lexicon, isolated=True), pd.Index(passages["passage_id"]))


def _carried(hits: pd.DataFrame, passage_ids: "pd.Index[str]", weights: Lexicon | None = None) -> pd.DataFrame:
    """Passage × frame: whether it carries it, or with what weight."""
    if not isinstance(hits["frame"].dtype, pd.CategoricalDtype):
        if weights is None:
            remedy = "Pass weights=lexicon, or hits.astype({'frame': pd.CategoricalDtype(lexicon.labels)})."
            raise ValueError(f"hits: frame is not categorical, so frames without a hit are lost. {remedy}")
        hits = hits.astype({"frame": pd.CategoricalDtype(weights.labels)})
    counted = hits[~hits["negated"].to_numpy(dtype=bool)]
    wrong = "is not among the passages. Pass the table in which the hits were found."
    row = places_in(passage_ids, counted["passage_id"], "hits: passage", wrong)
    frames = hits["frame"].cat.categories
    weight = np.ones(len(counted), bool) if weights is None else _weights(counted, weights)
    carried = np.zeros((len(passage_ids), len(frames)), weight.dtype)
    np.maximum.at(carried, (row, counted["frame"].cat.codes.to_numpy()), weight)
    return pd.DataFrame(carried, columns=list(frames))


def _weights(hits: pd.DataFrame, lexicon: Lexicon) -> npt.NDArray[np.float64]:
    """The weight of each hit's entry, which may count for another frame when negated."""
    entries = [entry for one in lexicon.each.values() for entry in one.entries]
    instead = {(frame, entry.name): entry.weight for entry in entries for frame in (entry.negated, entry.hedged)}
    known = instead | {(entry.frame, entry.name): entry.weight for entry in entries}
    pairs = list(zip(hits["frame"].tolist(), hits["entry"].tolist(), strict=True))
    if unknown := [pair for pair in pairs if pair not in known]:
        what = f"lexicon {lexicon.name!r} has no entry {unknown[0][1]!r} of {unknown[0][0]}"
        raise ValueError(f"hits: {what}. Pass the lexicon that found them as weights.")
    return np.array([known[pair] for pair in pairs], np.float64)
