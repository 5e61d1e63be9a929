"""Features of passages (hits, context, terms, embeddings if any), and one linear model per label over them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.arrays import Floats, Places
from analysis.corpus.pair import is_about
from analysis.corpus.provenance import optional
from analysis.frames.lexicon import Lexicon
from analysis.frames.match import find_frames, text_frames, text_passages
from analysis.frames.suggest import informative_terms, names_in, tokens_of
from analysis.text.terms import Counts, aligned_to
from analysis.text.tokens import Tokens, tokenize

Encoder = Callable[[list[str]], Floats]
FRAME = "frame "  # before the name of a column that holds the lexicon's own label
# Terms of fewer coded passages often name one event, or occur by chance.
FEWEST_PASSAGES = 3
STRENGTH = 1.0  # scikit-learn's default penalty; not tuned, as the coded passages are too few to tune and test on
MOST_STEPS = 1_000


@dataclass(frozen=True)
class Seen:
    """Passages (rows): ``given`` needs no learning; ``counts`` are terms, without countries and numbers."""

    given: pd.DataFrame
    counts: Counts

    def rows(self, rows: Places) -> "Seen":
        return Seen(self.given.iloc[rows], self.counts.of_docs(rows))

    def words(self) -> "Seen":
        """The terms alone: what a plain TF-IDF model sees."""
        return Seen(self.given[[]], self.counts)

    @property
    def of_lexicon(self) -> Floats:
        """Passages × labels: 1 where the lexicon gives the label."""
        return self.given.filter(regex=f"^{FRAME}").to_numpy(dtype=float)


def seen(texts: Sequence[str], lexicon: Lexicon, encode: Encoder | None = None) -> Seen:
    """What there is to see in each text: frames and hits of the lexicon, names, negation, embeddings, terms."""
    texts = list(texts)
    tokens = tokenize(texts)
    blocks = [text_frames(texts, lexicon).add_prefix(FRAME), _hits(texts, lexicon)]
    if lexicon.about:
        blocks.append(is_about(texts, lexicon.about)[["named", "alone", "meant"]].add_prefix("pair "))
    blocks.append(_context(tokens, lexicon))
    if encode is not None:
        vectors = encode(texts)
        blocks.append(pd.DataFrame(vectors, columns=[f"embedding {at}" for at in range(vectors.shape[1])]))
    return Seen(pd.concat(blocks, axis=1).astype(float), informative_terms(tokens, names_in(tokens, lexicon)))


def _context(tokens: Tokens, lexicon: Lexicon) -> pd.DataFrame:
    known = {"pair word": "pair", "others named": "others"}
    patterns = {name: [f"@{names}"] for name, names in known.items() if names in lexicon.named_lists}
    patterns["negation"] = list(lexicon.negation.words)
    held = {name: tokens_of(tokens, words, lexicon) for name, words in patterns.items()}
    n = len(tokens.docs)
    return pd.DataFrame({name: np.bincount(tokens.text_index[at], minlength=n) > 0 for name, at in held.items()})


def _hits(texts: list[str], lexicon: Lexicon) -> pd.DataFrame:
    """Text × entry, and × frame negated; hits count also where the pair is not named, as other columns show."""
    anywhere = replace(lexicon, about=(), lists=lexicon.named_lists)
    hits = find_frames(text_passages(texts), anywhere)
    names = "entry " + hits["frame"].astype("str") + ": " + hits["entry"]
    names = names.mask(hits["negated"], "negated " + hits["frame"].astype("str"))
    columns = [f"entry {entry.frame}: {entry.name}" for entry in lexicon.entries]
    columns += [f"entry {entry.negated}: {entry.name}" for entry in lexicon.entries if entry.negated]
    columns = list(dict.fromkeys([*columns, *(f"negated {label}" for label in lexicon.labels)]))
    held = np.zeros((len(texts), len(columns)))
    held[hits["passage_id"].astype(int), pd.Index(columns).get_indexer(pd.Index(names))] = 1.0
    return pd.DataFrame(held, columns=columns)


def encoder(embeddings: str | Callable[[list[str]], Any] | None) -> Encoder | None:
    """A function from texts to vectors of length 1: of a model by name or path, or one's own."""
    if embeddings is None:
        return None
    encode = _model(embeddings) if isinstance(embeddings, str) else embeddings

    def vectors(texts: list[str]) -> Floats:
        found = np.asarray(encode(texts), dtype=np.float64)
        if found.ndim != 2 or len(found) != len(texts) or not np.isfinite(found).all():
            shape = f"an array of shape {found.shape} for {len(texts)} texts"
            raise ValueError(f"embeddings: one vector of finite numbers per text is needed. Found: {shape}.")
        length = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(np.divide(found, length, out=np.zeros_like(found), where=length > 0))

    return vectors


def _model(name: str) -> Callable[[list[str]], Any]:
    others = ", pass a function of your own from texts to vectors, or leave embeddings out"
    package = optional("sentence_transformers", f"embeddings={name!r}", others)
    model = package.SentenceTransformer(name)
    return lambda texts: model.encode(texts, show_progress_bar=False, convert_to_numpy=True)


@dataclass(frozen=True)
class Linear:
    """Logistic regressions (L2), and the terms they know."""

    terms: "pd.Index[Any]"
    weighing: Any
    models: list[Any]

    def probability(self, passages: Seen) -> Floats:
        """Passages × labels; a label that was not learned has what the lexicon says, or 0 without a lexicon."""
        table = _table(passages, self.terms, self.weighing)
        lexicon = passages.of_lexicon
        columns = [
            model.predict_proba(table)[:, 1] if model is not None
            else lexicon[:, column] if lexicon.size
            else np.zeros(table.shape[0])
            for column, model in enumerate(self.models)
        ]  # fmt: skip
        return np.column_stack(columns)

    def weights(self, passages: Seen, labels: list[str]) -> pd.DataFrame:
        """``label, feature, weight``: the heaviest of each label first."""
        features = [*passages.given, *("term " + self.terms)]
        tables = [
            pd.DataFrame({"label": label, "feature": features, "weight": model.coef_[0]})
            for label, model in zip(labels, self.models, strict=True)
            if model is not None
        ]
        table = pd.concat(tables).astype({"label": pd.CategoricalDtype(labels)})
        table = table.assign(size=-table["weight"].abs())
        return table.sort_values(["label", "size", "feature"], ignore_index=True).drop(columns="size")


def fitted(passages: Seen, codes: Floats) -> Linear:
    """A model per label of passages with a code; all of 1 weigh as much as all of 0, however rare the label."""
    from sklearn.feature_extraction.text import TfidfTransformer
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    held = np.diff(passages.counts.matrix.tocsc().indptr) >= FEWEST_PASSAGES
    terms = passages.counts.terms[held]
    weighing = TfidfTransformer().fit(passages.counts.matrix[:, np.flatnonzero(held)]) if held.any() else None
    table = _table(passages, terms, weighing)
    models = []
    with threadpool_limits(limits=1):  # the number of threads would change a sum
        for column in codes.T:
            known = np.flatnonzero(~np.isnan(column))
            model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=MOST_STEPS)
            varies = len(np.unique(column[known])) > 1
            models.append(model.fit(table[known], column[known]) if varies else None)
    return Linear(terms, weighing, models)


def _table(passages: Seen, terms: "pd.Index[Any]", weighing: Any) -> Any:
    """Passages × features, sparse: what is given, then the weight of each term."""
    given = sparse.csr_array(passages.given.to_numpy(dtype=float))
    if weighing is None:
        return given
    return sparse.hstack([given, weighing.transform(aligned_to(passages.counts, terms))], format="csr")
