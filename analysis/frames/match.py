"""Hits of a lexicon in passages, and the shares and labels that follow from them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.corpus.passages import about_pair
from analysis.frames.lexicon import Lexicon, Unless
from analysis.text.patterns import find_patterns
from analysis.text.tokens import Tokens, tokenize

COLUMNS = ["doc_id", "passage_id", "start", "end", "text", "frame", "entry", "negated"]

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


def find_frames(passages: pd.DataFrame, lexicon: Lexicon) -> pd.DataFrame:
    """The places where a passage speaks through a frame.

    Overlapping hits of one frame count once: the longest wins, then the first. A hit that an ``unless`` pattern
    takes back is no hit. A negated hit stays, marked; where its entry says what it becomes, that frame gets a hit
    of its own. With ``lexicon.about``, only passages about that pair are looked at.

    Args:
        passages: ``passage_id, doc_id, start, text`` as ``passages`` gives them, or articles.
        lexicon: from ``load_lexicon`` or ``read_lexicon``.

    Returns:
        ``doc_id, passage_id, start, end, text, frame, entry, negated``, sorted by passage and place; ``start``
        and ``end`` are offsets in the article, ``frame`` is categorical with every frame of the lexicon.
        ``.attrs["unmatched"]`` names the entries that found nothing.
    """
    passages = _as_passages(passages)
    near = passages[about_pair(passages, lexicon.about)] if lexicon.about else passages
    near = near.reset_index(drop=True)
    tokens = tokenize(near)
    found = _longest(_kept(_matches(tokens, lexicon), tokens, lexicon), lexicon)
    found = _becoming(found.assign(negated=_negated(found, tokens, lexicon)), lexicon)
    hits = _placed(found, tokens, near, lexicon)
    hits.attrs["unmatched"] = [entry.name for entry in lexicon.entries if entry.name not in set(hits["entry"])]
    return hits


def frame_shares(hits: pd.DataFrame, passages: pd.DataFrame) -> pd.DataFrame:
    """The share of each document's passages that carry each frame.

    Returns:
        Index ``doc_id``, a column a frame, values from 0 to 1; a document of ``passages`` without a hit has 0.
        Negated hits do not count.

    >>> passages = pd.DataFrame({"passage_id": ["a:0", "a:1"], "doc_id": ["a", "a"], "position": [0, 1],
    ...                          "start": [0, 31], "text": ["Russia and China are friends.", "China met Russia."]})
    >>> from analysis.frames.formats import load_lexicon
    >>> frame_shares(find_frames(passages, load_lexicon("russia-china")), passages)
            alliance  pragmatism  economy
    doc_id
    a            0.5         0.0      0.0
    """
    carried = _carried(hits, pd.Index(passages["passage_id"]))
    return carried.groupby(passages["doc_id"].to_numpy()).mean().rename_axis("doc_id")


def label_passages(texts: Sequence[str], lexicon: Lexicon) -> pd.DataFrame:
    """Whether each text carries each frame: what validation compares with coders.

    Returns:
        One row a text, in order; a boolean column a frame.
    """
    names = [str(at) for at in range(len(texts))]
    passages = pd.DataFrame({"passage_id": names, "doc_id": names, "position": 0, "start": 0, "text": list(texts)})
    return _carried(find_frames(passages, lexicon), pd.Index(names)).reset_index(drop=True)


def _carried(hits: pd.DataFrame, passage_ids: "pd.Index[str]") -> pd.DataFrame:
    said = hits[~hits["negated"]]
    carried = pd.crosstab(said["passage_id"], said["frame"], dropna=False) > 0
    carried = carried.reindex(index=passage_ids, columns=hits["frame"].cat.categories, fill_value=False)
    return carried.rename_axis(index=None, columns=None).astype(bool)


def _as_passages(table: pd.DataFrame) -> pd.DataFrame:
    """Articles are passages of themselves."""
    if "passage_id" in table:
        return table
    return table.assign(passage_id=table["doc_id"], position=0, start=0)


def _matches(tokens: Tokens, lexicon: Lexicon) -> pd.DataFrame:
    """Every match of every entry: ``entry`` (its position), ``first`` and ``last`` token."""
    steps, owner = [], []
    for at, entry in enumerate(lexicon.entries):
        read = lexicon.steps(entry.match)
        steps += read
        owner += [at] * len(read)
    found = find_patterns(tokens, steps)
    return found.assign(entry=np.array(owner, dtype=np.int64)[found["pattern"]]).drop(columns="pattern")


def _kept(found: pd.DataFrame, tokens: Tokens, lexicon: Lexicon) -> pd.DataFrame:
    """The matches that no ``unless`` takes back."""
    taken = _taken(found, lexicon.unless, tokens, lexicon)
    for at, entry in enumerate(lexicon.entries):
        if entry.unless != Unless():
            own = np.flatnonzero(found["entry"] == at)
            taken[own] |= _taken(found.iloc[own], entry.unless, tokens, lexicon)
    return found[~taken]


def _taken(found: pd.DataFrame, unless: Unless, tokens: Tokens, lexicon: Lexicon) -> Flags:
    first, last = found["first"].to_numpy(), found["last"].to_numpy()
    over = find_patterns(tokens, lexicon.steps(unless.over)).sort_values("first")
    before = find_patterns(tokens, lexicon.steps(unless.before))["last"].to_numpy()
    after = find_patterns(tokens, lexicon.steps(unless.after))["first"].to_numpy()
    text = tokens.text
    follows = np.isin(first - 1, before) & (text[first] == text[np.maximum(first - 1, 0)])
    leads = np.isin(last + 1, after) & (text[last] == text[np.minimum(last + 1, len(text) - 1)])
    taken: Flags = _overlapped(first, last, over) | follows | leads
    return taken


def _overlapped(first: Places, last: Places, over: pd.DataFrame) -> Flags:
    if over.empty:
        return np.zeros(len(first), bool)
    reach = over["last"].cummax().to_numpy()
    at = np.searchsorted(over["first"].to_numpy(), last, side="right") - 1
    return (at >= 0) & (reach[np.maximum(at, 0)] >= first)


def _longest(found: pd.DataFrame, lexicon: Lexicon) -> pd.DataFrame:
    """Of overlapping matches of one frame the longest, then the first, then the lexicon's first entry."""
    frame = np.array([lexicon.labels.index(entry.frame) for entry in lexicon.entries], dtype=np.int64)
    table = found.assign(frame=frame[found["entry"]], length=found["last"] - found["first"])
    table = table.sort_values(["frame", "first", "entry"], ignore_index=True)
    reach = table.groupby("frame")["last"].cummax().groupby(table["frame"]).shift(fill_value=-1)
    cluster = (table["first"] > reach).cumsum()
    alone = ~cluster.duplicated(keep=False)
    chosen = [_chosen(group) for _, group in table[~alone].groupby(cluster[~alone])]
    return pd.concat([table[alone], *chosen]).sort_values(["first", "last", "frame"], ignore_index=True)


def _chosen(group: pd.DataFrame) -> pd.DataFrame:
    order = group.sort_values(["length", "first", "entry"], ascending=[False, True, True])
    taken: list[tuple[int, int]] = []
    keep = []
    for at, first, last in zip(order.index, order["first"].tolist(), order["last"].tolist(), strict=True):
        if all(last < start or first > end for start, end in taken):
            taken.append((first, last))
            keep.append(at)
    return group.loc[keep]


def _negated(found: pd.DataFrame, tokens: Tokens, lexicon: Lexicon) -> Flags:
    """Which matches a negator precedes within its scope, in the same passage."""
    negation = lexicon.negation
    denied = np.zeros(len(tokens) + 1, dtype=np.int64)
    negators = find_patterns(tokens, lexicon.steps(negation.words))
    spared = find_patterns(tokens, lexicon.steps(negation.exceptions)).sort_values("first")
    negators = negators[~_overlapped(negators["first"].to_numpy(), negators["last"].to_numpy(), spared)]
    near = negators["last"].to_numpy()
    heard = np.array([frame.negation for frame in lexicon.frames], bool)[found["frame"]]
    first = found["first"].to_numpy()
    opening = np.maximum(tokens.bounds[tokens.text[first]], first - negation.scope)
    denied[1:] = np.cumsum(np.isin(np.arange(len(tokens)), near))
    said: Flags = heard & (denied[first] > denied[opening])
    return said


def _becoming(found: pd.DataFrame, lexicon: Lexicon) -> pd.DataFrame:
    """Adds the frame that a negated match speaks for instead."""
    labels = lexicon.labels
    becomes = np.array([labels.index(entry.negated) if entry.negated else -1 for entry in lexicon.entries])
    target = becomes[found["entry"]] if len(found) else np.zeros(0, np.int64)
    turned = found["negated"].to_numpy() & (target >= 0)
    added = found[turned].assign(frame=target[turned], negated=False)
    return pd.concat([found, added]).sort_values(["first", "last", "frame"], ignore_index=True)


def _placed(found: pd.DataFrame, tokens: Tokens, passages: pd.DataFrame, lexicon: Lexicon) -> pd.DataFrame:
    """Matches as hits, with offsets in the article."""
    first, last = found["first"].to_numpy(dtype=np.int64), found["last"].to_numpy(dtype=np.int64)
    of = passages.iloc[tokens.text[first]].reset_index(drop=True)
    start, end = tokens.starts[first].astype(np.int64), tokens.ends[last].astype(np.int64)
    texts = [text[a:b] for text, a, b in zip(of["text"], start, end, strict=True)]
    return pd.DataFrame(
        {
            "doc_id": of["doc_id"].astype("str"),
            "passage_id": of["passage_id"].astype("str"),
            "start": start + of["start"].to_numpy(dtype=np.int64),
            "end": end + of["start"].to_numpy(dtype=np.int64),
            "text": pd.Series(texts, dtype="str"),
            "frame": pd.Categorical(np.array(lexicon.labels)[found["frame"]], lexicon.labels),
            "entry": pd.Series([lexicon.entries[at].name for at in found["entry"]], dtype="str"),
            "negated": found["negated"].to_numpy(dtype=bool),
        },
        columns=COLUMNS,
    )
