"""Tokens per second in seven languages: this project, spaCy's blank pipelines, ICU, and jieba for Chinese.

The texts are the made-up articles of ``tests/cases/articles``, repeated; that favours this project, which looks at
each distinct word, and cuts each distinct run of Chinese, once. Its tokens also carry offsets and one spelling for
the variants of a word. jieba and ICU are measured where jieba and PyICU are installed. spaCy's blank pipelines cut
Chinese into characters; the Japanese one needs a dictionary of its own and is left out.
"""

import importlib.util
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import rjieba

import analysis as an
from benchmarks.timing import fastest

FOLDER = Path(__file__).parents[1] / "tests" / "cases" / "articles"
LANGUAGES = ("ar", "de", "es", "fr", "ja", "ru", "zh")
TIMES = 100  # each article is repeated so often: a few hundred thousand words a language
MARK = re.compile(r"\[[!?]?\w+:([^\]]*)\]")


def main() -> None:
    rows = []
    for language in LANGUAGES:
        texts = articles(language) * TIMES
        ways = peers(language, texts)
        seconds = fastest(ways, rounds=3)["seconds"]
        rows += [
            {"language": language, "by": name, "tokens": way(), "per second": round(way() / seconds[name], -3)}
            for name, way in ways.items()
        ]
    print(pd.DataFrame(rows).to_string(index=False))


def articles(language: str) -> list[str]:
    """The articles of a language without their marks."""
    files = sorted(FOLDER.glob(f"{language}-*.txt"))
    blocks = [block for file in files for block in file.read_text("utf-8").split("\n=== ")[1:]]
    joint = "" if language in ("ja", "zh") else " "
    return [MARK.sub(r"\1", joint.join(line[1:] for line in block.split("\n")[1:])) for block in blocks]


def peers(language: str, texts: list[str]) -> dict[str, Callable[[], int]]:
    """Each way to count the tokens of the texts."""
    ways: dict[str, Callable[[], int]] = {"outlet-framing": lambda: len(an.tokenize(texts))}
    if language != "ja":
        import spacy

        blank = spacy.blank(language)
        ways["spaCy blank"] = lambda: sum(len(blank.make_doc(text)) for text in texts)
    if language == "zh":
        ways["rjieba alone"] = lambda: sum(len(rjieba.cut(text)) for text in texts)
        if importlib.util.find_spec("jieba"):
            import jieba

            ways["jieba"] = lambda: sum(len(jieba.lcut(text)) for text in texts)
    if importlib.util.find_spec("icu"):
        import icu

        breaks = icu.BreakIterator.createWordInstance(icu.Locale(language))
        ways["ICU"] = lambda: sum(_icu(breaks, text) for text in texts)
    return ways


def _icu(breaks: object, text: str) -> int:
    breaks.setText(text)  # type: ignore[attr-defined]
    return sum(breaks.getRuleStatus() > 0 for _ in breaks)  # type: ignore[attr-defined]
