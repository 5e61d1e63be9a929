"""One claim measured in one way, or in many at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.compare.curves.readings import Reading
from analysis.compare.curves.stored import digest, keep
from analysis.compare.differences import REST, outlet_differences
from analysis.compare.inference import Inference

COPIES = {  # how articles that copy each other count: settings of Inference
    "weighted": {"reprints": "weighted"},
    "original": {"reprints": "original"},
    "every article": {"cluster": "doc_id"},
}
FIGURES = ["difference", "low", "high", "p", "n_stories", "n_others"]
DRAWS, RELABELINGS = 1000, 999  # a curve is read by eye: bounds need no third digit


class Claim(NamedTuple):
    """What is said: this outlet gives the label more (1) or less (-1) than the other."""

    outlet: str
    other: str
    label: str
    sign: int


def claimed(claim: Any) -> Claim:
    """The claim, from a row of ``outlet_differences``, a mapping or a tuple."""
    if isinstance(claim, (pd.Series, Mapping)):
        sign = claim["sign"] if "sign" in claim else (1 if claim["difference"] >= 0 else -1)
        claim = (claim["outlet"], claim["other"], claim["label"], sign)
    if not isinstance(claim, tuple) or len(claim) not in (3, 4) or (len(claim) == 4 and claim[3] not in (1, -1)):
        raise ValueError(
            f"claim: {claim!r} is neither a row of outlet_differences nor (outlet, other, label) or "
            "(outlet, other, label, 1 or -1)."
        )
    return Claim(str(claim[0]), str(claim[1]), str(claim[2]), int(claim[3]) if len(claim) == 4 else 1)


class Work(NamedTuple):
    """What every specification needs to know."""

    reading: Reading
    claim: Claim
    seed: int
    folder: Path | None


class Specification(NamedTuple):
    choices: dict[str, Any]
    key: str


def measured(
    work: Work, articles: pd.DataFrame, rows: list[Specification], workers: int
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The results of these specifications, in order, under their keys."""
    prepared = _groups(rows, work.reading.prepared_by)
    readings = [
        group for part in prepared for group in _groups(part, tuple(n for n in part[0].choices if n != "copies"))
    ]
    texts = list(_parallel(_prepared, [(work, articles, part[0].choices) for part in prepared], workers))
    place = {id(row): at for at, part in enumerate(prepared) for row in part}
    jobs = [(work, texts[place[id(group[0])]], group) for group in readings]
    for results in _parallel(_results, jobs, workers):
        yield from results


def _groups(rows: list[Specification], names: tuple[str, ...]) -> list[list[Specification]]:
    """Rows that agree in these choices, in order of their first."""
    groups: dict[str, list[Specification]] = {}
    for row in rows:
        groups.setdefault(digest([row.choices.get(name) for name in names]), []).append(row)
    return list(groups.values())


def _parallel(work: Callable[..., Any], jobs: Iterable[tuple[Any, ...]], workers: int) -> Iterator[Any]:
    if workers == 1:
        return (work(*job) for job in jobs)
    from joblib import Parallel, delayed  # type: ignore[import-untyped]

    return iter(Parallel(n_jobs=workers, return_as="generator")(delayed(work)(*job) for job in jobs))


def _prepared(work: Work, articles: pd.DataFrame, choices: Mapping[str, Any]) -> Any:
    return work.reading.prepared(articles, choices)


def _results(
    work: Work, prepared: tuple[pd.DataFrame, Any], rows: list[Specification]
) -> list[tuple[str, dict[str, Any]]]:
    """Results of specifications that differ in how copies count and in nothing else; kept as soon as known."""
    articles, texts = prepared
    shares = work.reading.shares(texts, work.claim.label, rows[0].choices)
    results = []
    for row in rows:
        result = _difference(work, articles, shares, COPIES[row.choices["copies"]])
        keep(work.folder, row.key, result)
        results.append((row.key, result))
    return results


def _difference(
    work: Work, articles: pd.DataFrame, shares: pd.DataFrame, copies: Mapping[str, Any]
) -> dict[str, Any]:
    """The first outlet's share less the other's, bounds, p and numbers of stories; None where unknown."""
    claim = work.claim
    sides = articles.set_index("doc_id", drop=False).loc[shares.index]
    if claim.other == REST:
        sides = sides.assign(outlet=sides["outlet"].where(sides["outlet"] == claim.outlet, REST))
    sides = sides[sides["outlet"].isin([claim.outlet, claim.other])]
    given = {"seed": work.seed, "draws": DRAWS, "relabelings": RELABELINGS, **copies}
    table = outlet_differences(shares.loc[sides.index], sides.reset_index(drop=True), how=Inference(**given))
    if table.empty:
        return dict.fromkeys(FIGURES)
    row = table.iloc[0]
    counted = sides if copies.get("reprints") != "original" else sides[sides["copy_of"].isna()]
    stories = counted.groupby("outlet")[copies.get("cluster", "story_id")].nunique()
    turned = row["outlet"] != claim.outlet
    bounds = [-row["high"], -row["low"]] if turned else [row["low"], row["high"]]
    values = [-row["difference"] if turned else row["difference"], *bounds, row["p"]]
    figures = [*values, stories[claim.outlet], stories[claim.other]]
    return {name: None if np.isnan(value) else float(value) for name, value in zip(FIGURES, figures, strict=True)}
