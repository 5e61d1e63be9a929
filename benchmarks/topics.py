"""Topics of News Articles, as the corpus is and four and sixteen times as large, by every engine.

``cpu`` is the processor's seconds for fitting, on one thread; ``peak`` the MiB of memory that fitting needed
beyond the loaded counts, in a process of its own; ``npmi`` the mean normalised pointwise mutual information of a
topic's ten likeliest words over the articles of the corpus as it is; ``perplexity`` that of the unseen half of
each held-out article (document completion, ``Topics.perplexity``). All engines get the notebook's counts
(``min_df=5, max_df=0.5``) of four fifths of the stories, and are asked for 20 topics. ``cpu_growth`` and
``peak_growth`` are over the same engine at the smallest size.

Larger corpora are made of the fitted articles: each further article has the length of one of them, and draws its
words from that one and, one word in five, from another.

The second table plants topics: 1,000 documents drawn from the model itself, 20 topics, 2,000 terms. ``cosine`` is
that between planted and found topics, paired by the Hungarian method, mean over three corpora. In the last kind
some terms are usual and most rare, as in a language (Zipf).

Goal: 1.05 times tomotopy's npmi and nobody's perplexity lower, in a fifth of tomotopy's and gensim's time; planted
topics found as well as by any other.

All cells take most of an hour: without arguments, engines stop where they would take more than five minutes.
``python -m benchmarks.topics 1 4 nmf-lda gensim`` takes other sizes and engines; "planted" is the second table.
"""

import multiprocessing
import re
import resource
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import linear_sum_assignment

import analysis as an
from analysis.text.terms import Counts
from analysis.topics.engines import ENGINES, hold_out
from analysis.topics.fit import Topics

SIZES = (1, 4, 16)
LARGEST = {"sklearn": 4, "gensim": 4, "tomotopy": 1}  # unless sizes are asked for
K = 20
OTHER = 0.2  # part of a made article's words that come from another article
DRAWS = 3


def main() -> None:
    asked = sys.argv[1:] if __name__ == "__main__" else []
    sizes = [int(word) for word in asked if word.isdigit()]
    engines = [word for word in asked if word in ENGINES] or list(ENGINES)
    if "planted" not in asked or sizes:
        print(
            on_news(sizes or SIZES, engines, LARGEST if not sizes else {}).to_string(index=False), "\n", flush=True
        )
    if "planted" in asked or not sizes:
        print(on_planted(engines).to_string())


def on_news(sizes: "list[int] | tuple[int, ...]", engines: list[str], largest: dict[str, int]) -> pd.DataFrame:
    """A row a size and engine."""
    counts, fitted, held = news()
    rows = []
    for size in sizes:
        more = enlarged(fitted, size)
        for engine in engines:
            if size <= largest.get(engine, size):
                rows.append((size, len(more.docs), engine, *apart(engine, more, counts, held)))
                print(*rows[-1], file=sys.stderr, flush=True)
    columns = ["size", "articles", "engine", "cpu", "peak", "npmi", "perplexity"]
    table = pd.DataFrame(rows, columns=columns)
    first = table.groupby("engine")[["cpu", "peak"]].transform("first")
    growth = (table[["cpu", "peak"]] / first).round(1).add_suffix("_growth")
    return pd.concat([table, growth], axis=1).round({"cpu": 1, "peak": 0, "npmi": 3, "perplexity": 0})


def news() -> tuple[Counts, Counts, Counts]:
    """The counts of all articles, and of those to fit to and those held out, with reprints on one side."""
    articles = an.mark_copies(an.clean(an.load_example("news")))
    counts = an.count_terms(an.tokenize(articles), min_df=5, max_df=0.5)
    return counts, *hold_out(counts, groups=articles["story_id"])


def enlarged(counts: Counts, times: int, *, seed: int = 0) -> Counts:
    """The counts, and so many articles made of theirs that there are ``times`` as many."""
    chance = np.random.default_rng(seed)
    parts = [counts.matrix, *(made(counts.matrix, chance) for _ in range(times - 1))]
    docs = pd.Index([f"{doc}#{part}" for part in range(times) for doc in counts.docs], name="doc_id")
    return Counts(sparse.vstack(parts, format="csr"), docs, counts.terms)


def made(matrix: sparse.csr_array, chance: np.random.Generator) -> sparse.csr_array:
    """For each article one as long, its words drawn from it and, in part, from another."""
    lengths = matrix.sum(axis=1)
    words = np.repeat(matrix.indices, matrix.data)
    starts = np.cumsum(lengths) - lengths
    other = chance.choice(np.flatnonzero(lengths), size=len(lengths))
    row = np.repeat(np.arange(len(lengths)), lengths)
    source = np.where(chance.random(len(row)) < OTHER, other[row], row)
    drawn = words[starts[source] + (chance.random(len(row)) * lengths[source]).astype(np.int64)]
    return sparse.csr_array((np.ones(len(row), dtype=np.int64), (row, drawn)), shape=matrix.shape)


def apart(engine: str, fitted: Counts, counts: Counts, held: Counts) -> tuple[float, float, float, float]:
    # A forked process would inherit the locks of threads that it does not have, and this one's peak.
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measured, (engine, fitted, counts, held))


def measured(engine: str, fitted: Counts, counts: Counts, held: Counts) -> tuple[float, float, float, float]:
    """Seconds, MiB, coherence and held-out perplexity."""
    ready(engine)
    before, began = memory(), time.process_time()
    topics = an.fit_topics(fitted, K, engine=engine)
    seconds, peak = time.process_time() - began, memory(highest=True) - before
    return seconds, peak, coherence(topics, counts), topics.perplexity(held)


def ready(engine: str) -> None:
    """The engine imported, so that no import is timed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a corpus this small is no corpus
        an.fit_topics(an.count_terms(an.tokenize(["gas oil", "army navy"])), 2, engine=engine)


def memory(*, highest: bool = False) -> float:
    """MiB that this process holds, or the most since it was last asked what it holds."""
    own = Path("/proc/self")
    if not own.exists():  # the most it ever held, wherever there is no Linux to tell more
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    if not highest:
        (own / "clear_refs").write_text("5")  # forget the peak: a new process begins with its parent's
    field = "VmHWM" if highest else "VmRSS"
    return float(re.findall(rf"{field}:\s+(\d+)", (own / "status").read_text())[0]) / 2**10


def coherence(topics: Topics, counts: Counts) -> float:
    return float(an.topic_quality(topics, counts)["coherence"].mean())


def on_planted(engines: list[str]) -> pd.DataFrame:
    """A row a kind of corpus: the mean cosine of each engine."""
    kinds = {
        "few topics a document": {"mixing": 0.1, "length": 100},
        "many topics, short documents": {"mixing": 0.3, "length": 60},
        "rare and frequent terms": {"mixing": 0.1, "length": 100, "zipf": True},
    }
    rows = {}
    for kind, settings in kinds.items():
        corpora = [planted(seed, **settings) for seed in range(DRAWS)]
        rows[kind] = {
            engine: np.mean(
                [recovered(an.fit_topics(counts, K, engine=engine), words) for counts, words in corpora]
            )
            for engine in engines
        }
    return pd.DataFrame(rows).T.round(3).rename_axis("cosine")


def planted(seed: int, *, mixing: float, length: int, zipf: bool = False) -> tuple[Counts, pd.DataFrame]:
    """Counts of 1,000 documents, and the topics × terms that they are drawn from."""
    chance = np.random.default_rng(seed)
    documents, terms = 1000, 2000
    usual = 1 / np.arange(1, terms + 1) if zipf else np.ones(terms)
    words = chance.dirichlet(np.maximum(0.05 * (1 + zipf) * usual * terms / usual.sum(), 1e-3), K)
    mixed = chance.dirichlet(np.full(K, mixing), documents) @ words
    lengths = chance.poisson(length, documents)
    matrix = [chance.multinomial(n, row / row.sum()) for n, row in zip(lengths, mixed, strict=True)]
    names = pd.Index([f"w{number:04}" for number in range(terms)], name="term")
    docs = pd.RangeIndex(documents, name="doc_id")
    return Counts(sparse.csr_array(np.vstack(matrix)), docs, names), pd.DataFrame(words, columns=names)


def recovered(topics: Topics, words: pd.DataFrame) -> float:
    """Mean cosine of planted topics and the found ones that fit them best, one to one."""
    found = topics.words.reindex(columns=words.columns, fill_value=0.0)
    one, other = (
        table / np.linalg.norm(table, axis=1, keepdims=True) for table in (words.to_numpy(), found.to_numpy())
    )
    alike = one @ other.T
    return float(alike[linear_sum_assignment(-alike)].mean())


if __name__ == "__main__":
    main()
