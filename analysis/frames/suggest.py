"""Terms that co-occur with a frame and might become entries, for a person to judge."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.arrays import Flags, Floats, Ints, in_spans
from analysis.corpus.tables import refuse_unknown
from analysis.frames.coding.codes import judged
from analysis.frames.lexicon import Lexicon
from analysis.frames.match import context_hits, in_language, match_context, text_passages
from analysis.text.distinctive import distinctive_terms
from analysis.text.patterns import Step, read_patterns
from analysis.text.places import find_patterns
from analysis.text.stopwords import english
from analysis.text.terms import Counts, count_terms
from analysis.text.tokens import Tokens, tokenize

TYPES = {
    "label": "str", "term": "str", "log_odds": "float64", "z": "float64",
    "hit_passages": "int64", "new_passages": "int64", "example": "str",
}  # fmt: skip
CODED = {"misses": "int64", "false_alarms": "int64"}
# Twice may be chance, but a person reads each line, and small corpora hold little more.
FEWEST = 2
WIDTH = 50
MASK = ""  # in the place of a word that does not count; sorts before every word


def suggest_entries(
    passages: pd.DataFrame | Tokens,
    lexicon: Lexicon,
    *,
    frame: str | None = None,
    coded: pd.DataFrame | None = None,
    n: int = 20,
) -> pd.DataFrame:
    """Terms that would raise the recall of each frame, best first, each with an example to judge it by.

    Without codes: words and pairs of words more frequent in passages about the pair that have the frame than in
    the others, as in ``distinctive_terms``, and that would find passages anew. Words of the hits themselves, stop
    words, numbers and names of countries do not count.

    With coded passages: terms that would find more misses, in two stories or more, than raise false alarms.

    Parameters
    ----------
    passages : DataFrame or Tokens
        From ``passages``, or tokens of passages.
    lexicon : Lexicon
        The lexicon to be extended.
    frame, n
        One frame only; how many terms of each.
    coded : DataFrame, optional
        ``text`` and a column of codes for each frame, as for ``validate``.

    Returns
    -------
    DataFrame
        ``label, term, log_odds, z, hit_passages, new_passages, example``: how many passages with a hit of the
        frame hold the term, how many without would be found by it, and one of these in context. With `coded` also
        ``misses`` and ``false_alarms``, coded passages it would rightly and wrongly add; the example is one of
        the misses. Of a lexicon of several languages also ``language``.

    Examples
    --------
    >>> from analysis.frames.formats.read_yaml import parsed
    >>> lexicon = parsed("frames: {near: [friend*, ally], far: [rival*]}", "tiny.yaml")
    >>> texts = ["Friends hold drills.", "An ally joins drills.", "They start drills.", "They trade.", "Trade!"]
    >>> terms = suggest_entries(tokenize(texts), lexicon, frame="near")
    >>> terms[["term", "hit_passages", "new_passages", "example"]]
         term  hit_passages  new_passages               example
    0  drills             2             1  They start [drills].
    """
    if frame is not None:
        refuse_unknown("frame", frame, f"a frame of {lexicon.name}", lexicon.labels)
    if lexicon.parallel:
        if isinstance(passages, Tokens):
            raise ValueError("suggest_entries: the lexicon is of several languages. Give passages, not tokens.")
        tables = [
            suggest_entries(own, one, frame=frame, coded=in_language(coded, code), n=n).assign(language=code)
            for code, one in lexicon.each.items()
            if (own := in_language(passages, code)) is not None
        ]
        return pd.concat(tables, ignore_index=True)
    read, coders = _read(passages, lexicon), dict[str, tuple[Read, Floats, Ints]]()
    if coded is not None:
        known, learned = judged(coded, lexicon.labels)[0], _read(coded[["text"]], lexicon, isolated=True)
        codes = zip(lexicon.labels, known.codes.T, strict=True)
        coders = {label: (learned, column, known.clusters) for label, column in codes}
    tables = [_suggested(label, read, coders.get(label), n) for label in ([frame] if frame else lexicon.labels)]
    types = TYPES | (CODED if coders else {})
    return pd.concat(tables, ignore_index=True)[list(types)].astype(types)


@dataclass(frozen=True)
class Read:
    """Passages, which of them are about the pair, and the lexicon's hits; hits name passages by position."""

    tokens: Tokens
    near: Flags
    names: Flags
    hits: pd.DataFrame

    def carried(self, frame: str) -> Flags:
        hits = self.hits[(self.hits["frame"] == frame) & ~self.hits["negated"].to_numpy(dtype=bool)]
        return np.isin(np.arange(len(self.near)), hits["passage_id"].astype(int))

    def terms(self, frame: str) -> Counts:
        """1 where a passage holds a term outside the hits of the frame."""
        hits = self.hits[self.hits["frame"] == frame]
        longest = max(map(len, self.tokens.texts), default=0) + 1
        places = self.tokens.text_index.astype(np.int64) * longest + self.tokens.starts  # a line of all texts
        text = hits["passage_id"].astype(int).to_numpy() * longest
        first, after = (np.searchsorted(places, text + hits[end].to_numpy()) for end in ("start", "end"))
        counts = informative_terms(self.tokens, self.names | in_spans(len(self.tokens), first, after - 1))
        return Counts((counts.matrix > 0).astype(np.int64), counts.docs, counts.terms)


def _read(passages: pd.DataFrame | Tokens, lexicon: Lexicon, *, isolated: bool = False) -> Read:
    tokens = passages if isinstance(passages, Tokens) else tokenize(passages)
    table = text_passages(tokens.texts)
    if isinstance(passages, pd.DataFrame) and "doc_id" in passages:
        own = passages.reset_index(drop=True)
        table["doc_id"] = own["doc_id"].astype("str")
        table["position"] = table.groupby("doc_id").cumcount()
        table = table.assign(**own[[name for name in ("position", "language", "about") if name in own]])
    context = match_context(table, lexicon, tokens=tokens, isolated=isolated)
    return Read(tokens, context.near, names_in(tokens, lexicon), context_hits(context, lexicon))


def _suggested(frame: str, read: Read, coders: tuple[Read, Floats, Ints] | None, n: int) -> pd.DataFrame:
    """The terms of passages with a hit, or of those that coders gave the frame and the lexicon did not."""
    own, carried = read.terms(frame), read.carried(frame)
    shown = new = read.near & ~carried
    if coders is None:
        learned, counts = read, own
        table = _scored(own, read.near, carried).query("z > 0 and `with` > 0 and without > 0").assign(gain=0)
    else:
        learned, codes, stories = coders
        counts, found = learned.terms(frame), learned.carried(frame)
        shown = (codes == 1) & ~found
        table = _scored(counts, ~np.isnan(codes), codes == 1)
        column = counts.terms.get_indexer(pd.Index(table["term"], dtype=object))
        false = _held(counts, (codes == 0) & ~found)[column]
        table = table.assign(misses=_held(counts, shown)[column], false_alarms=false)
        table["gain"] = table["misses"] - table["false_alarms"]
        holding = counts.matrix[np.flatnonzero(shown)].tocoo()
        in_stories = pd.Series(stories[shown][holding.row]).groupby(holding.col).nunique()
        several = in_stories.reindex(column, fill_value=0).to_numpy() >= FEWEST
        table = table[(table["z"] > 0) & (table["gain"] > 0) & several]
    table = table.sort_values(["gain", "z", "term"], ascending=[False, False, True]).head(n)
    at = own.terms.get_indexer(pd.Index(table["term"], dtype=object))
    for name, rows in {"hit_passages": carried, "new_passages": new}.items():
        table[name] = np.where(at >= 0, np.append(_held(own, rows), 0)[at], 0)
    examples = [_example(learned.tokens, counts, term, shown) for term in table["term"]]
    return table.assign(label=frame, example=pd.Series(examples, table.index, dtype="str"))


def _scored(counts: Counts, among: Flags, carried: Flags) -> pd.DataFrame:
    """``term, log_odds, z, with, without``: of passages that carry the frame, against the others."""
    sides = {"with": among & carried, "without": among & ~carried}
    held = pd.DataFrame({"term": counts.terms} | {name: _held(counts, rows) for name, rows in sides.items()})
    held = held[held["with"] + held["without"] >= FEWEST]
    if len(held) < 2 or not held["with"].any() or not held["without"].any():
        return held[:0].assign(log_odds=0.0, z=0.0)
    column = held.index.to_numpy()
    kept = counts.of_docs(among).of_terms(column)
    scores = distinctive_terms(kept, np.where(carried[among], "with", "without").tolist(), min_count=FEWEST)
    scores = scores[scores["group"] == "with"][["term", "log_odds", "z"]]
    return held.merge(scores, on="term")


def _held(counts: Counts, rows: Flags) -> Ints:
    return np.asarray(rows.astype(np.int64) @ counts.matrix, dtype=np.int64)


def _example(tokens: Tokens, counts: Counts, term: str, among: Flags) -> str:
    """The first of some passages that holds the term, in context; the term is in brackets."""
    held = counts.matrix[:, counts.terms.get_indexer(pd.Index([term]))].toarray()[:, 0] > 0
    found = find_patterns(tokens, [tuple(Step((word,)) for word in term.split(" "))])
    first, last = found[(among & held)[tokens.text_index[found["first"]]]][["first", "last"]].iloc[0]
    source, start, end = tokens.texts[tokens.text_index[first]], int(tokens.starts[first]), int(tokens.ends[last])
    line = f"{source[max(start - WIDTH, 0) : start]}[{source[start:end]}]{source[end : end + WIDTH]}"
    return " ".join(line.split())


def tokens_of(tokens: Tokens, patterns: Sequence[str], lexicon: Lexicon) -> Flags:
    """Which tokens belong to a match of the patterns, which may use the lexicon's lists."""
    read = read_patterns(patterns, lexicon.named_lists, language=lexicon.language)
    found = find_patterns(tokens, [steps for every in read.values() for steps in every])
    return in_spans(len(tokens), found["first"].to_numpy(dtype=np.int64), found["last"].to_numpy(dtype=np.int64))


def names_in(tokens: Tokens, lexicon: Lexicon) -> Flags:
    """Which tokens name a country: they are typical of the corpus, not of the frame."""
    return tokens_of(tokens, [f"@{name}" for name in ("pair", "others") if name in lexicon.named_lists], lexicon)


def informative_terms(tokens: Tokens, masked: Flags) -> Counts:
    """Words and pairs of neighbours, none of them masked, a stop word or a number."""
    hidden = replace(
        tokens,
        codes=np.where(masked, 0, tokens.codes + 1).astype(tokens.codes.dtype),
        vocabulary=np.concatenate([np.array([MASK], dtype=object), tokens.vocabulary]),
    )
    numbers = {term for term in tokens.vocabulary.tolist() if not any(map(str.isalpha, term))}
    return count_terms(hidden, stopwords=english() | numbers | {MASK}, ngrams=2)
