"""The desk inside a report: its book, its script, and the digest by which this script may run, no other."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from functools import cache

from markupsafe import Markup

from analysis.frames.lexicon import Lexicon

from ..desk.book import book, packed
from ..desk.evidence import gathered
from ..desk.page import script, style
from .findings import Findings


@dataclass(frozen=True)
class Script:
    """What the page runs: the source, its sha256 for the page's security policy, and the style it needs."""

    source: Markup
    digest: str
    style: Markup


@cache
def page_script() -> Script:
    """The report's only script."""
    source = script("search.js", "book.js", "downloads.js")
    if "</script" in source or "<!--" in source:
        raise AssertionError("the report's script holds a sign that would end its element")
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
    return Script(Markup(source), f"sha256-{digest}", Markup(style()))  # noqa: S704 - files that ship


def embedded_book(found: Findings, *, lexicon: Lexicon | None = None, seed: int = 0) -> Markup:
    """All that the desk of one corpus can be asked, packed.

    The search knows the lists of the lexicon.
    """
    lists = {} if lexicon is None else lexicon.named_lists
    evidence = gathered(found.articles, found.hits, passages=found.passages, topics=found.topics)
    about = tuple(found.lexicon.about)
    return Markup(  # noqa: S704 - base64
        packed(
            book(replace(evidence, about=about), lists=lists, seed=seed)
            | {"key": f"{found.digest} {found.lexicon.name}"}
        )
    )
