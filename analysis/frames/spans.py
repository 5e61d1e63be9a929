"""Which matches of a lexicon's patterns are hits: exclusions, overlaps, negation.

Matches are rows ``entry`` and ``frame`` (positions in the lexicon), ``first`` and ``last`` (tokens), ``open``
(a gap may hold a negator).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.frames.lexicon import Lexicon, Unless
from analysis.text.places import Places, find_patterns
from analysis.text.tokens import Tokens

Flags = npt.NDArray[np.bool_]
Found = dict[str, tuple[Places, Places]]


def found_patterns(tokens: Tokens, lexicon: Lexicon) -> Found:
    """First and last tokens of every match of every pattern; the vocabulary is asked once for all."""
    steps = [steps for read in lexicon.read.values() for steps in read]
    found = find_patterns(tokens, steps)
    ends = np.cumsum([0, *map(len, lexicon.read.values())])
    bounds = np.searchsorted(found["pattern"], ends)
    first, last = (np.split(found[end].to_numpy(), bounds[1:-1]) for end in ("first", "last"))
    return dict(zip(lexicon.read, zip(first, last, strict=True), strict=False))


def framed(tokens: Tokens, found: Found, lexicon: Lexicon) -> pd.DataFrame:
    """The matches that count, with ``negated``, sorted by place."""
    kept = _longest(_kept(_matches(found, lexicon), found, tokens, lexicon))
    negated = kept.assign(negated=_negated(kept, found, tokens, lexicon))
    return _standing(_longest(_becoming(negated, lexicon)), tokens, lexicon)


def _matches(found: Found, lexicon: Lexicon) -> pd.DataFrame:
    negators = _words(lexicon.negation.words, lexicon)
    rows = [(at, entry, pattern) for at, entry in enumerate(lexicon.entries) for pattern in entry.match]
    first, last = _spans([pattern for *_, pattern in rows], found)
    table = pd.DataFrame(
        {
            "entry": [at for at, *_ in rows],
            "frame": [lexicon.labels.index(entry.frame) for _, entry, _ in rows],
            "open": [_open(pattern, negators, lexicon) for *_, pattern in rows],
        }
    ).astype({"entry": np.int64, "frame": np.int64, "open": bool})
    each = table.loc[np.repeat(np.arange(len(rows)), [len(found[pattern][0]) for *_, pattern in rows])]
    return each.assign(first=first, last=last).reset_index(drop=True)


def _words(patterns: Sequence[str], lexicon: Lexicon) -> set[str]:
    return {
        word for pattern in patterns for steps in lexicon.read[pattern] for step in steps for word in step.words
    }


def _open(pattern: str, negators: set[str], lexicon: Lexicon) -> bool:
    """Whether a negator may stand in a gap of the pattern; one that the pattern itself spells denies nothing."""
    gaps = any(step.gap for steps in lexicon.read[pattern] for step in steps)
    return gaps and not negators & _words([pattern], lexicon)


def _kept(matches: pd.DataFrame, found: Found, tokens: Tokens, lexicon: Lexicon) -> pd.DataFrame:
    """The matches that no ``unless`` takes back."""
    taken = _taken(matches, lexicon.unless, found, tokens)
    entry = matches["entry"].to_numpy()
    for at in (at for at, entry in enumerate(lexicon.entries) if entry.unless != Unless()):
        own = np.flatnonzero(entry == at)
        taken[own] |= _taken(matches.iloc[own], lexicon.entries[at].unless, found, tokens)
    return matches[~taken]


def _taken(matches: pd.DataFrame, unless: Unless, found: Found, tokens: Tokens) -> Flags:
    first, last = matches["first"].to_numpy(), matches["last"].to_numpy()
    before, after = _spans(unless.before, found)[1], _spans(unless.after, found)[0]
    starts, ends = tokens.bounds[tokens.text[first]], tokens.bounds[tokens.text[first] + 1]
    follows = np.isin(first - 1, before) & (first > starts)
    leads = np.isin(last + 1, after) & (last + 1 < ends)
    taken: Flags = _overlapped(first, last, _spans(unless.over, found)) | follows | leads
    return taken


def _spans(patterns: Sequence[str], found: Found) -> tuple[Places, Places]:
    none = np.zeros(0, np.int64)
    first, last = (np.concatenate([none, *(found[name][end] for name in patterns)]) for end in (0, 1))
    return first, last


def _overlapped(first: Places, last: Places, over: tuple[Places, Places]) -> Flags:
    """Which spans share a token with one of ``over``."""
    if not len(over[0]):
        return np.zeros(len(first), bool)
    order = np.argsort(over[0], kind="stable")
    reach = np.maximum.accumulate(over[1][order])
    at = np.searchsorted(over[0][order], last, side="right") - 1
    return np.asarray((at >= 0) & (reach[np.maximum(at, 0)] >= first), bool)


def _longest(matches: pd.DataFrame) -> pd.DataFrame:
    """Of overlapping matches of one frame the longest, then the first, then the lexicon's first entry."""
    length = matches["last"] - matches["first"]
    order = np.lexsort([matches["entry"], matches["first"], -length, matches["frame"]])
    spans = matches[["frame", "first", "last"]].to_numpy()
    taken: dict[int, set[int]] = {}
    keep = []
    for at in order.tolist():
        frame, first, last = spans[at].tolist()
        covered = taken.setdefault(frame, set())
        if covered.isdisjoint(range(first, last + 1)):
            covered.update(range(first, last + 1))
            keep.append(at)
    return matches.iloc[keep].sort_values(["first", "last", "frame"], ignore_index=True)


def _negated(matches: pd.DataFrame, found: Found, tokens: Tokens, lexicon: Lexicon) -> Flags:
    """Which matches a negator precedes within its scope in the same passage, or splits."""
    negators = _spans(lexicon.negation.words, found)
    spared = _overlapped(*negators, _spans(lexicon.negation.exceptions, found))
    denied = np.zeros(len(tokens) + 1, dtype=np.int64)  # how many negators end before each token
    denied[1:] = np.cumsum(np.isin(np.arange(len(tokens)), negators[1][~spared]))
    heard = np.array([frame.negation for frame in lexicon.frames], bool)[matches["frame"]]
    first, last = matches["first"].to_numpy(), matches["last"].to_numpy()
    opening = np.maximum(tokens.bounds[tokens.text[first]], first - lexicon.negation.scope)
    split = matches["open"].to_numpy(dtype=bool) & (denied[last] > denied[first])
    return np.asarray(heard & ((denied[first] > denied[opening]) | split), bool)


def _becoming(matches: pd.DataFrame, lexicon: Lexicon) -> pd.DataFrame:
    """Adds the frame that a negated match speaks for instead."""
    labels = lexicon.labels
    becomes = [labels.index(entry.negated) if entry.negated else -1 for entry in lexicon.entries]
    target = np.array(becomes, dtype=np.int64)[matches["entry"]]
    turned = matches["negated"].to_numpy() & (target >= 0)
    return pd.concat([matches, matches[turned].assign(frame=target[turned], negated=False)], ignore_index=True)


def _standing(matches: pd.DataFrame, tokens: Tokens, lexicon: Lexicon) -> pd.DataFrame:
    """The matches that need not yield: no entry that yields to none carries the frame that goes before."""
    labels = [*lexicon.labels, ""]
    before = np.array([labels.index(entry.yields) for entry in lexicon.entries], dtype=np.int64)[matches["entry"]]
    text = tokens.text[matches["first"].to_numpy(dtype=np.int64)]
    said = ~matches["negated"].to_numpy(dtype=bool) & (before == len(lexicon.labels))
    carried = np.zeros((len(tokens.docs), len(labels)), dtype=bool)
    carried[text[said], matches["frame"].to_numpy(dtype=np.int64)[said]] = True
    stays = pd.Series(~carried[text, before], index=matches.index)
    return matches.loc[stays].reset_index(drop=True)
