"""Copies in News Articles and in corpora four and sixteen times as large: this project, rensa, datasketch.

Each corpus holds the same 200 planted reprints. ``found`` is the share put beside its source; ``times`` is the
seconds over this project's; ``peak`` is the memory in GiB that a way needed beyond the loaded corpus, in a process
of its own. All start from texts. The peers are handed the runs of five words that this project makes (timed), in
the shape they ask for (not timed), and stop at candidates, which this project verifies. rensa is asked for windows
of 64 runs too, datasketch's ensemble for containment: the ways by which MinHash can find a reprint of a part.

Goal: 98 of 100 planted reprints; 100,000 articles in two minutes and 4 GiB, growing with their number.
``python -m benchmarks.copies 100000`` takes other sizes; peers stop where they would take minutes.
"""

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from datasketch import MinHash, MinHashLSH, MinHashLSHEnsemble
from rensa import RMinHash, RMinHashLSH

import analysis as an
from analysis.corpus.runs import text_runs
from benchmarks.corpora import enlarged, planted

SIZES = (3_824, 15_296, 61_184)
LARGEST = {"rensa": 20_000, "datasketch": 4_000}  # articles without the reprints
PERMUTATIONS = 128  # datasketch's default
BANDS = 32  # of four: a pair that shares half of its runs meets with a chance of .87, one of .6 with .99
WINDOW, STEP = 64, 32  # runs; a third of an article of 120 words is one window

Found = Callable[[int, int], bool]


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:] if size.isdigit()] or SIZES
    print(pd.concat([compared(size) for size in sizes]).to_string(index=False))


def compared(size: int) -> pd.DataFrame:
    """A row a way, on a corpus of `size` articles and the reprints."""
    articles = an.load_example("news")
    reprints = planted(articles, 200)
    corpus = pd.concat([enlarged(articles, size), reprints], ignore_index=True)
    sources = pd.Index(corpus["doc_id"]).get_indexer(reprints["source"])
    pairs = [(int(source), size + number) for number, source in enumerate(sources)]
    ways = [way for way in WAYS if size <= LARGEST.get(way.split()[0].rstrip(":"), size)]
    rows = [(len(corpus), way, *apart(way, corpus, pairs)) for way in ways]
    table = pd.DataFrame(rows, columns=["articles", "way", "seconds", "peak", "found"]).round(3)
    return table.assign(times=(table["seconds"] / table["seconds"].iloc[0]).round(2))


def apart(way: str, corpus: pd.DataFrame, pairs: list[tuple[int, int]]) -> tuple[float, float, float]:
    # A forked process would inherit the locks of threads that it does not have.
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measured, (way, corpus, pairs))


def measured(way: str, corpus: pd.DataFrame, pairs: list[tuple[int, int]]) -> tuple[float, float, float]:
    """Seconds, GiB, and the share of `pairs` found."""
    prepare, work = WAYS[way]
    before, began = memory(), time.perf_counter()
    if work is not stories:
        text_runs(corpus["text"].tolist())  # what everybody needs; the peers' own shapes of it are not timed
    seconds = time.perf_counter() - began
    given = prepare(corpus)
    began = time.perf_counter()
    found = work(given)
    seconds += time.perf_counter() - began
    return seconds, memory() - before, float(np.mean([found(*pair) for pair in pairs]))


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def stories(corpus: pd.DataFrame) -> Found:
    story = an.mark_copies(corpus)["story_id"].to_numpy()
    return lambda one, other: story[one] == story[other]


def articles_of_runs(corpus: pd.DataFrame) -> list[np.ndarray]:
    """The runs of each article."""
    runs = text_runs(corpus["text"].tolist())
    return np.split(runs.hashes, np.searchsorted(runs.texts, np.arange(1, len(corpus))))


def windows(corpus: pd.DataFrame) -> tuple[list[list[str]], np.ndarray]:
    """Half overlapping windows of runs, as rensa's tokens, and the article of each."""
    articles = articles_of_runs(corpus)
    starts = [range(0, max(len(article) - STEP, 1), STEP) for article in articles]
    cut = [article[at : at + WINDOW] for article, ats in zip(articles, starts, strict=True) for at in ats]
    return [window.astype(str).tolist() for window in cut], np.repeat(
        np.arange(len(articles)), list(map(len, starts))
    )


def wholes(corpus: pd.DataFrame) -> tuple[list[list[str]], np.ndarray]:
    articles = articles_of_runs(corpus)
    return [article.astype(str).tolist() for article in articles], np.arange(len(articles))


def rensa_candidates(given: tuple[list[list[str]], np.ndarray]) -> Found:
    tokens, article = given
    sketches = RMinHash.from_token_sets(tokens, PERMUTATIONS, 1)
    index = RMinHashLSH(0.5, PERMUTATIONS, BANDS)
    index.insert_many(sketches)
    met = index.query_all(sketches)
    return lambda one, other: any(one in article[met[at]] for at in np.flatnonzero(article == other))


def sketches(articles: list[np.ndarray]) -> list[MinHash]:
    made = [MinHash(PERMUTATIONS, hashfunc=int) for _ in articles]
    for sketch, article in zip(made, articles, strict=True):
        sketch.update_batch((article & np.uint64(0xFFFFFFFF)).tolist())
    return made


def datasketch_candidates(articles: list[np.ndarray]) -> Found:
    index = MinHashLSH(threshold=0.5, num_perm=PERMUTATIONS)
    made = sketches(articles)
    for number, sketch in enumerate(made):
        index.insert(number, sketch)
    met = [set(index.query(sketch)) for sketch in made]
    return lambda one, other: one in met[other]


def datasketch_containment(articles: list[np.ndarray]) -> Found:
    index = MinHashLSHEnsemble(threshold=0.5, num_perm=PERMUTATIONS, num_part=8)
    made = sketches(articles)
    sizes = [max(len(set(article.tolist())), 1) for article in articles]
    index.index(zip(range(len(made)), made, sizes, strict=True))
    met = [set(index.query(sketch, size)) for sketch, size in zip(made, sizes, strict=True)]
    return lambda one, other: one in met[other]


WAYS: dict[str, tuple[Callable[[pd.DataFrame], Any], Callable[[Any], Found]]] = {
    "outlet-framing: mark_copies": (lambda corpus: corpus, stories),
    "rensa: articles": (wholes, rensa_candidates),
    "rensa: windows": (windows, rensa_candidates),
    "datasketch: MinHashLSH": (articles_of_runs, datasketch_candidates),
    "datasketch: MinHashLSHEnsemble": (articles_of_runs, datasketch_containment),
}


if __name__ == "__main__":
    main()
