"""Corpora of any size, reprints planted in them, and damage, for benchmarks and tests."""

import io
import random
import re
import zipfile

import numpy as np
import pandas as pd

from analysis.corpus.words import words
from tests.corpus.fixtures import zipped

STAY = 0.5  # chance that a synthetic text follows its source by one more word


def enlarged(articles: pd.DataFrame, n: int, *, seed: int = 0) -> pd.DataFrame:
    """`n` articles: those given, and recombinations of their words that reprint none of them.

    Each further article has the outlet, date and length of one that was given. Its words follow each other as in
    the corpus, two by two: after each word the text goes on where it is, or jumps to another place where the same
    word stands (a chain of word pairs, Shannon 1948). So frequent phrases stay frequent, and long stretches of
    any one article do not return.
    """
    chance = np.random.default_rng(seed)
    found = words(articles["text"].tolist())
    lengths = np.diff(found.bounds)
    source = chance.choice(np.flatnonzero(lengths), size=max(n - len(articles), 0))
    texts = _chains(found.forms, found.codes, lengths[source], chance)
    ids = [f"synthetic{number}" for number in range(len(source))]
    new = articles.iloc[source].assign(doc_id=ids, text=texts)
    return pd.concat([articles.iloc[:n], new], ignore_index=True)


def _chains(forms: list[str], codes: np.ndarray, lengths: np.ndarray, chance: np.random.Generator) -> list[str]:
    by_word = np.argsort(codes, kind="stable")
    counts = np.bincount(codes, minlength=len(forms))
    firsts = np.cumsum(counts) - counts
    order = np.argsort(-lengths)
    at = chance.integers(len(codes), size=len(order))
    steps: list[np.ndarray] = []
    for step in range(lengths.max(initial=0)):
        at = at[: np.searchsorted(-lengths[order], -step, side="left")]  # those longer than `step`
        steps.append(codes[at])
        jump = chance.random(len(at)) > STAY
        word = codes[at[jump]]
        at[jump] = by_word[firsts[word] + chance.integers(counts[word])]
        at = (at + 1) % len(codes)
    texts = [""] * len(order)
    for place, number in enumerate(order):
        texts[number] = " ".join([forms[steps[step][place]] for step in range(lengths[number])])
    return texts


KINDS = ("whole", "a third", "new headline", "changed words", "stripped", "a third, stripped, new headline")


def planted(articles: pd.DataFrame, n: int, *, seed: int = 0) -> pd.DataFrame:
    """`n` reprints of articles of 120 words or more, in another outlet and up to two days later.

    More columns: ``source``, the ``doc_id`` that was reprinted, and ``kind``:

    - "whole": as it was.
    - "a third": a stretch of a third of the words.
    - "new headline": twelve words of another article before the text.
    - "changed words": every tenth word, drawn by chance, is another word of the corpus.
    - "stripped": lower case, no punctuation.
    - "a third, stripped, new headline": all three.
    """
    chance = np.random.default_rng(seed)
    long = np.flatnonzero(articles["text"].str.count(r"\S+") >= 120)
    source = articles.iloc[chance.choice(long, size=n, replace=False)]
    vocabulary = " ".join(articles["text"]).split()
    kinds = [KINDS[number % len(KINDS)] for number in range(n)]
    texts = [_reprint(text, kind, vocabulary, chance) for text, kind in zip(source["text"], kinds, strict=True)]
    outlets = articles["outlet"].unique()
    moved = [chance.choice(outlets[outlets != outlet]) for outlet in source["outlet"]]
    dates = source["date"] + pd.to_timedelta(chance.integers(0, 3, size=n), unit="D")
    ids = [f"planted{number}" for number in range(n)]
    marked = source.assign(source=source["doc_id"], kind=kinds)
    return marked.assign(doc_id=ids, text=texts, outlet=moved, date=dates).reset_index(drop=True)


def _reprint(text: str, kind: str, vocabulary: list[str], chance: np.random.Generator) -> str:
    tokens = text.split()
    if "a third" in kind:
        start = chance.integers(len(tokens) - len(tokens) // 3)
        tokens = tokens[start : start + len(tokens) // 3]
    if "changed words" in kind:
        drawn = chance.integers(len(vocabulary), size=len(tokens))
        changed = chance.random(len(tokens)) < 0.1
        tokens = [vocabulary[d] if c else token for token, d, c in zip(tokens, drawn, changed, strict=True)]
    if "new headline" in kind:
        start = chance.integers(len(vocabulary) - 12)
        tokens = vocabulary[start : start + 12] + tokens
    joined = " ".join(tokens)
    return " ".join(re.findall(r"\w+", joined.lower())) if "stripped" in kind else joined


TOKENS = [
    *rb"""" ' , ; < ]]> &a; { } [ ] : - *x &x @more ( ) | ~ = % \ \u0000 1e999 NaN null true 9999999999""".split(),
    *[b"", b"\0", b"\t", b"\r", b"\n\n", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80"], b"\x1f\x8b", b"PK\x03",
    *["…".encode(), "\u202e".encode(), b'<!DOCTYPE a [<!ENTITY b "c">]>'],
]  # fmt: skip


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The content with one to six places changed, cut, repeated or filled with what readers trip over."""
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(content) + 1)
        end = min(len(content), at + chance.choice([1, 1, 2, 8, 60]))
        piece = content[at:end]
        instead = chance.choice([
            b"", chance.choice(TOKENS), piece + chance.choice(TOKENS), piece * chance.choice([2, 3, 200]),
            piece[::-1], bytes(byte ^ 1 << chance.randrange(8) for byte in piece),
        ])  # fmt: skip
        content = content[:at] + instead + content[end:]
    return content


def repacked(content: bytes, chance: random.Random) -> bytes:
    """A zip with one of its members mutated: its checksums hold."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(members))
    return zipped(members | {name: mutated(members[name], chance)}, level=1)


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Mutated, and a container mostly within its members: its outside would soon be refused."""
    inside = content[:2] == b"PK" and chance.random() < 0.7
    return repacked(content, chance) if inside else mutated(content, chance)
