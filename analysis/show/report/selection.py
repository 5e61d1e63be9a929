"""The articles of the outlets and days that a command was asked for: ``--from``, ``--to``, ``--outlet``."""

from typing import Any

import pandas as pd

from analysis.corpus.outlets import known_outlet

from ..characters import nearest

NAMED = 8  # outlets in a complaint


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
        kept[name] = one.only(lambda table, named=named: _chosen(table, first, last, named))
        if not _items(kept[name]):
            raise NothingToReport(f"{name}: no article is left. Asked for: {', '.join(parts)}.")
    before, after = (sum(map(_items, table.values())) for table in (studies, kept))
    return kept, f"{', '.join(parts)} ({after:,} of {before:,} articles)"


def _items(study: Any) -> int:
    return len(study.articles) + len(study.set_aside)


def _chosen(articles: Any, first: str | None, last: str | None, outlets: list[str]) -> Any:
    chosen = articles["outlet"].isin(outlets or articles["outlet"])
    if first:
        chosen &= articles["date"] >= _day("--from", first).start_time
    if last:
        chosen &= articles["date"] <= _day("--to", last).end_time
    return chosen


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
