"""Hits of 300 entries in News Articles: this project, spaCy's PhraseMatcher, scikit-learn's CountVectorizer.

The entries are drawn from the corpus without chance: 100 words, 100 globs, 50 phrases of two words, 50 of three.
The peers get the same as phrases, each glob written out as the words it stands for. Ours hears negation and tells
each hit's article, offsets, words, frame and entry; spaCy tells the tokens of each hit, scikit-learn only counts.

"matching" starts from tokens at hand, which every other step of the line uses too; scikit-learn tokenizes as it
matches. spaCy is its blank English pipeline. Processor seconds of all threads together.

Goal: matching in at most a fifth of the time of building the tokens, and, with the peers from texts, 30 times as
fast as spaCy and 10 times as fast as scikit-learn.
"""

import fnmatch
import time

import numpy as np
import pandas as pd
import spacy
from sklearn.feature_extraction.text import CountVectorizer
from spacy.matcher import PhraseMatcher

import analysis as an
from analysis.frames.lexicon import Entry, Frame, Lexicon, Negation
from analysis.text.terms import Counts
from benchmarks.timing import fastest

KNOWN = 20  # entries are drawn from the terms of so many articles or more that are no stop words
STEM = 5  # letters of a glob before its star
NEGATORS = ("not", "no", "never", "without", "unlikely", "hardly", "don't", "didn't")


def main() -> None:
    articles = an.load_example("news")
    lexicon = drawn(articles)
    phrases = written_out(lexicon, articles)
    tokens = an.tokenize(articles)
    hits = an.find_frames(articles, lexicon, tokens=tokens)
    denied = hits["negated"].sum()
    print(f"{len(articles):,} articles, {len(tokens):,} tokens, {len(hits):,} hits, {denied:,} negated\n")
    texts = articles["text"].tolist()
    english = spacy.blank("en")
    matcher = PhraseMatcher(english.vocab, attr="LOWER")
    matcher.add("entries", list(english.pipe(phrases)))
    documents = list(english.pipe(texts))
    ways = {
        "outlet-framing: matching": lambda: an.find_frames(articles, lexicon, tokens=tokens),
        "outlet-framing: tokens": lambda: an.tokenize(articles),
        "outlet-framing: tokens and matching": lambda: an.find_frames(articles, lexicon),
        "scikit-learn: CountVectorizer(vocabulary, ngram_range=(1, 3))": lambda: counted(texts, phrases),
        "spaCy: documents and PhraseMatcher": lambda: [matcher(text) for text in english.pipe(texts)],
        "spaCy: PhraseMatcher on documents at hand": lambda: [matcher(text) for text in documents],
    }
    print(fastest(ways, rounds=3, clock=time.process_time).to_string())


def drawn(articles: pd.DataFrame) -> Lexicon:
    """Three frames of 100 entries: words, globs, phrases."""
    terms = common(an.count_terms(an.tokenize(articles), ngrams=3, min_df=KNOWN))
    one, two, three = ([term for term in terms if term.count(" ") == spaces] for spaces in range(3))
    stems = list(dict.fromkeys(term[:STEM] for term in one if term[:STEM].isalpha()))
    patterns = {
        "words": spread(one, 100),
        "globs": [f"{stem}*" for stem in spread(stems, 100)],
        "phrases": spread(two, 50) + spread(three, 50),
    }
    return Lexicon(
        "drawn",
        tuple(map(Frame, patterns)),
        tuple(Entry(pattern, frame, (pattern,)) for frame, found in patterns.items() for pattern in found),
        negation=Negation(NEGATORS),
    )


def common(counts: Counts) -> list[str]:
    """The most common terms, the first of the alphabet before the others."""
    times = np.asarray(counts.matrix.sum(axis=0)).ravel()
    return [counts.terms[at] for at in np.lexsort([counts.terms, -times])]


def spread(terms: list[str], n: int) -> list[str]:
    """`n` of the terms, evenly from the first to the last."""
    return [terms[at] for at in np.linspace(0, len(terms) - 1, n).astype(int)]


def written_out(lexicon: Lexicon, articles: pd.DataFrame) -> list[str]:
    """The entries as phrases, globs as every word of the corpus that they stand for."""
    terms = an.tokenize(articles).vocabulary.tolist()
    return sorted(
        {
            phrase
            for entry in lexicon.entries
            for phrase in (fnmatch.filter(terms, entry.name) if entry.frame == "globs" else [entry.name])
        }
    )


def counted(texts: list[str], phrases: list[str]) -> object:
    return CountVectorizer(vocabulary=phrases, ngram_range=(1, 3)).transform(texts)
