"""Made-up news articles in seven languages: sentences, passages about a pair, hits.

The rules were repaired after reading these articles, so what they reach here flatters them. What is reached
on articles that were not read is in `data/README.md`.

A file of `cases/articles` opens with an ordinary lexicon, or an article has its own in lines with `#`. Each
article (`=== id | pair | own names | own names`) has a sentence a line: `+` is about the pair, `-` is not,
`[frame:hit]`, `[!frame:negated hit]`, `[?frame:either]`; `~` and `^` are non-breaking blanks, an empty line ends
a paragraph.
"""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
import yaml

import analysis as an
from analysis.frames.lexicon import Entry, Lexicon

FILES = {path.stem: path for path in sorted((Path(__file__).parents[1] / "cases" / "articles").glob("*.txt"))}
MARK = re.compile(r"\[([!?]?)(\w+):([^\]]*)\]")
BULLET = re.compile(r"[•–-]|\d\.(?!\d)")
# What each file reached when it was last looked at is higher; these are the least that is promised.
SENTENCES, PASSAGES, WITHOUT_NAMES, PRECISION, RECALL = 0.95, 0.8, 0.7, 0.85, 0.75

# What falls short of it: measured before the rules were repaired by them, and not repaired.
SHORT = {"passages": [], "hits": ["ru-k"]}
SHORTFALL = pytest.mark.xfail(strict=True, reason="falls short of the floor")


def marked(test, *values):
    """The parameters, with those that are known to fall short marked."""
    short = " ".join(map(str, values)) in SHORT[test]
    return pytest.param(*values, marks=[SHORTFALL] * short)


class Article(NamedTuple):
    pair: tuple[str, ...]
    names: tuple[list[str], ...]
    text: str
    sentences: dict[tuple[int, int], bool]
    hits: dict[tuple[int, int, str], str]


@cache
def read(name):
    head, *articles = FILES[name].read_text("utf-8").split("\n=== ")
    head = yaml.safe_load(head)
    blank = " " * (head["language"] not in ("zh", "ja"))
    return head["language"], [(lexicon(head, one), article(one, blank)) for one in articles]


def lexicon(head, block):
    own = yaml.safe_load("\n".join(line[1:] for line in block.split("\n") if line[:1] == "#"))
    frames = own or head["lexicon"]
    entries = [Entry(str(pattern), frame) for frame, patterns in frames.items() for pattern in patterns]
    return Lexicon("of an article", entries=entries, negation=head["negation"], language=head["language"])


def article(block, blank):
    top, *lines = [line for line in block.rstrip("\n").split("\n") if line[:1] != "#"]
    _, pair, *names = top.split("|")
    text, sentences, hits, joint = "", {}, {}, ""
    for line in lines:
        body = line[1:].replace("~", "\u00a0").replace("^", "\u202f")
        if not body:
            joint = "\n\n"
            continue
        bullet = BULLET.match(body)
        text += (joint or ("\n" if bullet else "")) if text else ""
        start = len(text)
        plain, *marked = MARK.split(body)
        text += plain
        for mark, frame, hit, after in zip(*(marked[at::4] for at in range(4)), strict=True):
            hits[len(text), len(text) + len(hit), frame] = mark if line[0] == "+" else "-"
            text += hit + after
        sentences[start, len(text)] = line[0] == "+"
        joint = "\n" if bullet else blank
    pair = tuple(part.strip() for part in pair.split(","))
    forms = tuple([form.strip() for form in one.split(":")[1].split(",")] for one in names)
    return Article(pair, forms, text, sentences, hits)


@cache
def every(name):
    """All passages of each article."""
    table = pd.DataFrame(
        {"doc_id": map(str, range(len(read(name)[1]))), "text": [one.text for _, one in read(name)[1]]}
    )
    found = an.passages(table, about=None)
    return [found[found["doc_id"] == doc] for doc in table["doc_id"]]


def found(one, about):
    return an.passages(pd.DataFrame({"doc_id": ["a"], "text": [one.text]}), about=about)


@pytest.mark.parametrize("name", FILES)
def test_language_and_sentences(name):
    language, pairs = read(name)
    articles = [one for _, one in pairs]
    tables = every(name)
    assert {code for table in tables for code in table.get("language", ["en"])} == {language}
    right = [span in set(zip(t["start"], t["end"], strict=True)) for one, t in zip(articles, tables, strict=True)
             for span in one.sentences]  # fmt: skip
    assert sum(right) >= SENTENCES * len(right)


@pytest.mark.parametrize(
    ("name", "own"), [marked("passages", name, own) for name in FILES for own in (True, False)]
)
def test_passages_about_the_pair(name, own):
    right, wrong, missed = 0, 0, 0
    for _, one in read(name)[1]:
        table = found(one, dict(zip(one.pair, one.names, strict=True)) if own else one.pair)
        for (start, end), about in one.sentences.items():
            covered = any(
                min(end, e) - max(start, b) > (end - start) / 2
                for b, e in zip(table["start"], table["end"], strict=True)
            )
            right, wrong, missed = (
                right + (about and covered),
                wrong + (covered > about),
                missed + (about > covered),
            )
    assert right >= PASSAGES * (right + wrong)
    assert right >= (PASSAGES if own and right > 5 else WITHOUT_NAMES) * (right + missed) - (right < 5)


@pytest.mark.parametrize("name", [marked("hits", name) for name in FILES])
def test_hits(name):
    right, given, wanted = 0, 0, 0
    for (lexicon, one), passages in zip(read(name)[1], every(name), strict=True):
        about = [span for span, holds in one.sentences.items() if holds]
        hits = an.find_frames(passages, lexicon)
        got = {(h.start, h.end, str(h.frame)): h.negated for h in hits.itertuples()
               if any(start <= h.start < end for start, end in about)}  # fmt: skip
        gold = {key: mark for key, mark in one.hits.items() if mark != "-"}
        right += sum(mark == "?" or (mark == "!") == got[key] for key, mark in gold.items() if key in got)
        given, wanted = given + len(got), wanted + len(gold)
    assert right >= PRECISION * given
    assert right >= RECALL * wanted
