"""Terms that keep company with a frame and might become entries, for a person to judge."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.corpus.passages import about_pair
from analysis.frames.lexicon import Lexicon
from analysis.frames.match import find_frames
from analysis.frames.telling import covered, names_in, telling_terms
from analysis.frames.validate import validate
from analysis.text.distinctive import distinctive_terms
from analysis.text.terms import Counts
from analysis.text.tokens import Tokens, tokenize

TYPES = {
    "frame": "str", "term": "str", "log_odds": "float64", "z": "float64",
    "hit_passages": "int64", "new_passages": "int64", "example": "str",
}  # fmt: skip
CODED = {"misses": "int64", "false_alarms": "int64"}
# Twice may be chance, but a person reads each line, and small corpora hold little more.
FEWEST = 2
WIDTH = 50

Flags = npt.NDArray[np.bool_]


def suggest_entries(
    passages: pd.DataFrame | Tokens,
    lexicon: Lexicon,
    *,
    frame: str | None = None,
    coded: pd.DataFrame | None = None,
    n: int = 20,
) -> pd.DataFrame:
    """Terms that would raise the recall of each frame, best first, each with a line to judge it by.

    A term keeps company with a frame when it is said more in passages about the pair that carry the frame than in
    the others: log-odds with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008), as in
    ``distinctive_terms``. The words of the hits themselves do not count, nor do stop words, numbers and the names
    of countries; terms are words and pairs of neighbours. Those that stand in no passage without the frame would
    find nothing new and are left out.

    With coded passages, company is that of the codes, and terms that explain most of the lexicon's misses come
    first, less those that would raise false alarms.

    Args:
        passages: what ``passages`` gives, or tokens of passages.
        lexicon: the lexicon to be extended.
        frame: one frame only.
        coded: ``text`` and a column of 0 and 1 for each frame, as for ``validate``.
        n: terms of each frame.

    Returns:
        ``frame, term, log_odds, z, hit_passages, new_passages, example``: how many passages with a hit of the
        frame hold the term, how many without would be found by it, and one of these in context. With `coded` also
        ``misses``, coded passages it would rightly add, and ``false_alarms``, those it would wrongly add; the
        example is one of the misses.

    Raises:
        ValueError: a frame that the lexicon does not have, or what ``validate`` refuses of coded passages.

    >>> from analysis.frames.grammar.yaml_form import parsed
    >>> lexicon = parsed("frames: {near: [friend*, ally], far: [rival*]}", "tiny.yaml")
    >>> texts = ["Friends hold drills.", "An ally joins drills.", "They start drills.", "They trade.", "Trade!"]
    >>> terms = suggest_entries(tokenize(texts), lexicon, frame="near")
    >>> terms[["term", "hit_passages", "new_passages", "example"]]
         term  hit_passages  new_passages               example
    0  drills             2             1  They start [drills].
    """
    if frame is not None and frame not in lexicon.labels:
        raise ValueError(f"frame={frame!r}: the lexicon {lexicon.name!r} has {', '.join(lexicon.labels)}.")
    frames = [frame] if frame else lexicon.labels
    read = _read(passages, lexicon)
    if coded is None:
        tables = [_company(label, read, n) for label in frames]
        return pd.concat(tables, ignore_index=True)[list(TYPES)].astype(TYPES)
    validate(lexicon, coded, cluster="text", draws=1)  # refuses what is not coded passages
    learned = _read(coded[["text"]], lexicon, isolated=True)
    tables = [_missed(label, read, learned, coded[label].to_numpy(dtype=bool), n) for label in frames]
    return pd.concat(tables, ignore_index=True)[list(TYPES | CODED)].astype(TYPES | CODED)


@dataclass(frozen=True)
class Read:
    """Passages, which of them are about the pair, and the lexicon's hits; hits name passages by position."""

    tokens: Tokens
    near: Flags
    names: Flags
    hits: pd.DataFrame

    def carried(self, frame: str) -> Flags:
        said = self.hits[(self.hits["frame"] == frame) & ~self.hits["negated"].to_numpy(dtype=bool)]
        carried = np.zeros(len(self.near), bool)
        carried[said["passage_id"].astype(int)] = True
        return carried

    def terms(self, frame: str) -> Counts:
        """1 where a passage holds a term outside the hits of the frame."""
        hits = self.hits[self.hits["frame"] == frame]
        longest = max(map(len, self.tokens.texts), default=0) + 1
        places = self.tokens.text.astype(np.int64) * longest + self.tokens.starts  # one number line for all texts
        text = hits["passage_id"].astype(int).to_numpy() * longest
        first, after = (np.searchsorted(places, text + hits[end].to_numpy()) for end in ("start", "end"))
        counts = telling_terms(self.tokens, self.names | covered(len(self.tokens), first, after - 1))
        return Counts((counts.matrix > 0).astype(np.int64), counts.docs, counts.terms)


def _read(passages: pd.DataFrame | Tokens, lexicon: Lexicon, *, isolated: bool = False) -> Read:
    tokens = passages if isinstance(passages, Tokens) else tokenize(passages)
    ids = [str(at) for at in range(len(tokens.docs))]
    table = pd.DataFrame({"passage_id": ids, "doc_id": ids, "position": 0, "start": 0, "text": list(tokens.texts)})
    if isinstance(passages, pd.DataFrame) and "doc_id" in passages:
        table["doc_id"] = passages["doc_id"].astype("str").to_numpy()
        counted = table.groupby("doc_id").cumcount()
        table["position"] = passages["position"].to_numpy() if "position" in passages else counted
    near = np.ones(len(table), bool)
    if lexicon.about:
        near = about_pair(table, lexicon.about, isolated=isolated).to_numpy()
    return Read(tokens, near, names_in(tokens, lexicon), find_frames(table, lexicon, isolated=isolated))


def _company(frame: str, read: Read, n: int) -> pd.DataFrame:
    """Terms of the passages with a hit, that passages without one hold too."""
    counts, carried = read.terms(frame), read.carried(frame)
    table = _scored(counts, read.near, carried)
    table = table[(table["z"] > 0) & (table["with"] > 0) & (table["without"] > 0)]
    table = table.sort_values(["z", "term"], ascending=[False, True]).head(n)
    names = {"with": "hit_passages", "without": "new_passages"}
    examples = [_example(read.tokens, counts, term, read.near & ~carried) for term in table["term"]]
    return table.rename(columns=names).assign(frame=frame, example=examples)


def _missed(frame: str, read: Read, learned: Read, codes: Flags, n: int) -> pd.DataFrame:
    """Terms of the passages that coders gave the frame and the lexicon did not."""
    counts, found = learned.terms(frame), learned.carried(frame)
    table = _scored(counts, np.ones(len(codes), bool), codes)
    column = counts.terms.get_indexer(pd.Index(table["term"]))
    for name, rows in {"misses": codes & ~found, "false_alarms": ~codes & ~found}.items():
        table[name] = _held(counts, rows)[column]
    table = table[(table["z"] > 0) & (table["misses"] > 0)].assign(gain=table["misses"] - table["false_alarms"])
    table = table.sort_values(["gain", "z", "term"], ascending=[False, False, True]).head(n)
    elsewhere, carried = read.terms(frame), read.carried(frame)
    for name, rows in {"hit_passages": carried, "new_passages": read.near & ~carried}.items():
        at = elsewhere.terms.get_indexer(pd.Index(table["term"]))
        table[name] = np.where(at >= 0, np.append(_held(elsewhere, rows), 0)[at], 0)
    examples = [_example(learned.tokens, counts, term, codes & ~found) for term in table["term"]]
    return table.assign(frame=frame, example=examples)


def _scored(counts: Counts, among: Flags, carried: Flags) -> pd.DataFrame:
    """``term, log_odds, z, with, without``: of passages that carry the frame, against the others."""
    sides = {"with": among & carried, "without": among & ~carried}
    held = pd.DataFrame({"term": counts.terms} | {name: _held(counts, rows) for name, rows in sides.items()})
    held = held[held["with"] + held["without"] >= FEWEST]
    if len(held) < 2 or not held["with"].any() or not held["without"].any():
        return held[:0].assign(log_odds=0.0, z=0.0)
    column = held.index.to_numpy()
    rows = np.flatnonzero(among)
    kept = Counts(counts.matrix[rows][:, column], counts.docs[rows], counts.terms[column])
    scores = distinctive_terms(kept, np.where(carried[rows], "with", "without").tolist(), min_count=FEWEST)
    scores = scores[scores["group"] == "with"][["term", "log_odds", "z"]]
    return held.merge(scores, on="term")


def _held(counts: Counts, rows: Flags) -> npt.NDArray[np.int64]:
    """How many of some passages hold each term."""
    return np.asarray(rows.astype(np.int64) @ counts.matrix, dtype=np.int64)


def _example(tokens: Tokens, counts: Counts, term: str, among: Flags) -> str:
    """The first of some passages that holds the term, in context; the term stands in brackets."""
    held = counts.matrix[:, counts.terms.get_indexer(pd.Index([term]))].toarray()[:, 0] > 0
    text = int((among & held).argmax())
    words = tokens.vocabulary[tokens.codes[tokens.bounds[text] : tokens.bounds[text + 1]]].tolist()
    wanted = term.split(" ")
    at = next(at for at in range(len(words)) if words[at : at + len(wanted)] == wanted)
    at += int(tokens.bounds[text])
    start, end = int(tokens.starts[at]), int(tokens.ends[at + len(wanted) - 1])
    whole = tokens.texts[text]
    line = f"{whole[max(start - WIDTH, 0) : start]}[{whole[start:end]}]{whole[end : end + WIDTH]}"
    return " ".join(line.split())
