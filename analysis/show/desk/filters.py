"""Which units a reader wants to see."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.arrays import Flags
from analysis.text.patterns import Lists, read_pattern
from analysis.text.places import find_patterns
from analysis.text.tokens import Tokens, tokenize

from ..characters import refuse_unknown
from .evidence import Evidence
from .segments import Mark
from .units import Units

# What a unit must be: each setting that is not empty narrows the list. ``since`` and ``until`` are days, ``frame``
# and ``entry`` what its passage carries, ``topic`` its article's largest, ``search`` a pattern as of a lexicon,
# ``where`` a value in each of other columns of the articles, or a part of it where there are many.
NAMES = ("outlet", "since", "until", "frame", "entry", "topic", "story", "search")
Filters = dict[str, Any]


def filters(settings: Mapping[str, Any] | None, evidence: Evidence) -> Filters:
    """The filters that these settings name, checked."""
    if not isinstance(settings, Mapping | None):
        raise ValueError(f"filters: {settings!r} is not a dict. Write {{'outlet': 'TASS'}}.")
    given = {**(settings or {})}
    where = {str(name): str(value) for name, value in (given.pop("where", None) or {}).items() if value}
    for name, value in where.items():
        refuse_unknown("filters", name, "a column to filter by", evidence.choices)
        refuse_unknown("filters", value, f"a known {name}", evidence.choices[name] or [value])
    said = {name: str(value).strip() for name, value in given.items() if value not in (None, "")}
    topics = evidence.topics.labels if evidence.topics else ()
    known = {"outlet": evidence.outlets, "frame": evidence.frames, "topic": topics}
    for name, value in said.items():
        refuse_unknown("filters", name, "a filter", (*NAMES, "where"))
        refuse_unknown("filters", value, f"a known {name}", known.get(name, [value]))
    for name in ("since", "until"):
        if name in said and pd.isna(pd.to_datetime(said[name], errors="coerce", format="ISO8601")):
            raise ValueError(f"filters: {name} {said[name]!r} is not a date. Write it as 2017-02-28.")
    return dict.fromkeys(NAMES, "") | said | {"where": where}


def passing(evidence: Evidence, units: Units, wanted: Filters, lists: Lists | None = None) -> Flags:
    """Which units the filters let pass."""
    doc = units.table["doc"].to_numpy(int)
    kept: Flags = _articles(evidence, wanted)[doc]
    if wanted["frame"] or wanted["entry"]:
        carrying = _carrying(evidence, wanted)  # passages, or the articles that hold one of them
        docs = evidence.passages["doc"].to_numpy()[carrying]
        kept = kept & (carrying[units.place] if units.kind == "passage" else np.isin(doc, docs))
    if wanted["search"]:
        tokens: Tokens = evidence.passage_tokens if units.kind == "passage" else evidence.article_tokens
        found = find_patterns(tokens, read_pattern(wanted["search"], lists))
        kept = kept & np.isin(units.place, tokens.text_index[found["first"].to_numpy(int)])
    return kept


def _articles(evidence: Evidence, wanted: Filters) -> Flags:
    articles, kept = evidence.articles, np.ones(len(evidence.articles), bool)
    for name, column in (("outlet", "outlet"), ("story", "story_id")):
        kept &= (articles[column] == wanted[name]).to_numpy() | (not wanted[name])
    if wanted["since"]:
        kept &= (articles["date"] >= pd.Timestamp(wanted["since"])).to_numpy()
    if wanted["until"]:
        kept &= (articles["date"] < pd.Timestamp(wanted["until"]) + pd.Timedelta(days=1)).to_numpy()
    for name, value in wanted["where"].items():
        own, few = articles[name].astype("str"), evidence.choices[name]
        kept &= own.eq(value).to_numpy() if few else own.str.casefold().str.contains(value.casefold(), regex=False)
    if wanted["topic"]:
        kept &= evidence.main_topics == wanted["topic"]
    return kept


def _carrying(evidence: Evidence, wanted: Filters) -> Flags:
    """The passages with a hit of this frame, or of this entry; an entry's negated hits can be looked up too."""
    hits = evidence.hits if wanted["entry"] else evidence.hits[~evidence.hits["negated"].astype(bool)]
    for name in ("frame", "entry"):
        hits = hits[hits[name] == wanted[name]] if wanted[name] else hits
    kept = np.zeros(len(evidence.passages), bool)
    kept[hits["passage"].to_numpy(int)] = True
    return kept


def found_marks(texts: list[str], pattern: str, lists: Lists | None = None) -> list[list[Mark]]:
    """Where the pattern stands in each text."""
    marks: list[list[Mark]] = [[] for _ in texts]
    if pattern:
        tokens = tokenize(texts)
        found = find_patterns(tokens, read_pattern(pattern, lists))
        first, last = found["first"].to_numpy(int), found["last"].to_numpy(int)
        columns = tokens.text_index[first], tokens.starts[first], tokens.ends[last]
        for text, start, end in zip(*(column.tolist() for column in columns), strict=True):
            marks[text].append(Mark(start, end, "found", True))
    return marks
