"""The articles of the outlets and days that a command was asked for: ``--from``, ``--to``, ``--outlet``."""

from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from analysis.corpus.outlets import known_outlet
from analysis.corpus.tables import is_usable

from ..characters import nearest

NAMED = 8  # outlets in a complaint
UNDATED = "without a known date"


def selected(studies: dict[str, Any], given: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The studies of the outlets and days that were asked for, and a note of what was asked for."""
    from .findings import NothingToReport

    first, last, outlets = given["first"], given["last"], given["outlets"]
    asked = {"from": first, "to": last, "outlet": " and ".join(outlets)}
    parts = [f"{name} {value}" for name, value in asked.items() if value]
    if not parts:
        return studies, ""
    kept = {}
    for name, one in studies.items():
        named = [outlet_of(outlet, one.articles["outlet"]) for outlet in outlets]
        why = partial(_why_left_out, first=first, last=last, outlets=named)
        reasons = pd.concat([why(one.articles), why(one.set_aside)])
        some = one.only(lambda table, why=why: why(table) == "")
        kept[name] = replace(some, left_out=reasons[reasons != ""].value_counts(sort=False).to_dict())
        if not _articles(kept[name]):
            raise NothingToReport(f"{name}: no article is left. Asked for: {', '.join(parts)}{_undated(kept)}.")
    before, after = (sum(map(_articles, table.values())) for table in (studies, kept))
    return kept, f"{', '.join(parts)} ({after:,} of {before:,} articles{_undated(kept)})"


def _articles(study: Any) -> int:
    return len(study.articles) + int(is_usable(study.set_aside).sum())


def _undated(studies: dict[str, Any]) -> str:
    """How many articles were left out because nobody knows whether they are of the days asked for."""
    n = sum(study.left_out.get(UNDATED, 0) for study in studies.values())
    return f"; left out because their date is not known: {n:,}" if n else ""


def _why_left_out(articles: Any, *, first: str | None, last: str | None, outlets: list[str]) -> Any:
    """Why each article is left out, "" for those asked for; items that could not be read stay as such."""
    why = pd.Series("", articles.index, dtype="str")
    if first:
        why[articles["date"] < _day("--from", first).start_time] = "before the days asked for"
    if last:
        why[articles["date"] > _day("--to", last).end_time] = "after the days asked for"
    if first or last:
        why[articles["date"].isna()] = UNDATED
    why[~articles["outlet"].isin(outlets or articles["outlet"])] = "of other outlets"
    return why.where(is_usable(articles), "")


def outlet_of(name: str, outlets: Any) -> str:
    """The outlet of this name among those of the articles."""
    there = sorted(set(map(str, outlets)) - {""})
    for one in (name, known_outlet(name).name):
        if one in there:
            return str(one)
    near = nearest(name, there)
    hint = f"Did you mean {near}?" if near else f"Found: {', '.join(there[:NAMED])}{', …' * (len(there) > NAMED)}."
    raise ValueError(f"--outlet: no article is from {name!r}. {hint}")


def _day(option: str, text: str) -> Any:
    try:
        return pd.Period(text)
    except ValueError:
        raise ValueError(f"{option}: {text!r} is not a date. Write 2017, 2017-03 or 2017-03-28.") from None
