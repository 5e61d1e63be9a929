"""Tables as people read them: rounded for display, each share with its interval and its number of stories."""

from __future__ import annotations

import pandas as pd

from .style import MINUS, percent

NO_PASSAGE = "no passage about the pair"
NO_INTERVAL = "one story: no interval"
P_FLOOR = 0.001  # below this a p or q is written as a bound: more digits than the resampling can carry


def with_interval(share: float, low: float, high: float) -> str:
    r"""A share and its interval in percent.

    >>> with_interval(0.413, 0.3, 0.524), with_interval(1, float("nan"), float("nan"))
    ('41\xa0% [30, 52]', '100\xa0%')
    """
    if pd.isna(share):
        return "–"
    return percent(share) if pd.isna(low) else f"{percent(share)} [{low * 100:.0f}, {high * 100:.0f}]"


def points(difference: float, low: float, high: float) -> str:
    """A difference of shares and its interval in percentage points.

    >>> points(-0.123, -0.2, 0.004)
    '−12 [−20, 0]'
    """
    whole = [0 if pd.isna(value) else round(value * 100) for value in (difference, low, high)]
    signed = [f"{value:+d}".replace("-", MINUS) if value else "0" for value in whole]
    return signed[0] if pd.isna(low) else f"{signed[0]} [{signed[1]}, {signed[2]}]"


def chance(p: float) -> str:
    """A p or q as it is printed.

    >>> chance(0.0123), chance(0.00004), chance(float("nan"))
    ('.012', '< .001', '–')
    """
    if pd.isna(p):
        return "–"
    return "< .001" if p < P_FLOOR else f"{p:.3f}".removeprefix("0")


def every_outlet(estimates: pd.DataFrame, outlets: list[str], labels: list[str]) -> pd.DataFrame:
    """The estimates with a row for each outlet and label, those without a passage included and so noted."""
    known = pd.MultiIndex.from_frame(estimates[["label", "outlet"]])
    wanted = pd.MultiIndex.from_product([labels, outlets], names=["label", "outlet"])
    missing = wanted.difference(known, sort=False).to_frame(index=False)
    empty = missing.assign(n_articles=0, n_stories=0, note=NO_PASSAGE)
    if empty.empty:
        return estimates
    if estimates.empty:
        return empty.reindex(columns=estimates.columns)
    return pd.concat([estimates, empty.reindex(columns=estimates.columns).astype(estimates.dtypes)])


def shares_table(estimates: pd.DataFrame) -> pd.DataFrame:
    """A row an outlet: its stories and articles, and a column a label of "41 % [30, 52]"."""
    spread = estimates[["share", "low", "high"]].itertuples(index=False)
    cells = estimates.assign(cell=[with_interval(*row) for row in spread])
    wide = cells.pivot_table("cell", "outlet", "label", aggfunc="first", sort=False)
    sizes = cells.groupby("outlet", sort=False)[["n_stories", "n_articles"]].max()
    notes = cells.groupby("outlet", sort=False)["note"].first()
    table = sizes.rename(columns={"n_stories": "stories", "n_articles": "articles"}).join(wide)
    return table.join(notes).reset_index().rename_axis(columns=None)


def differences_table(differences: pd.DataFrame) -> pd.DataFrame:
    """A row a tested pair and label: difference in points with its interval, p and q; smallest q first."""
    tested = differences.dropna(subset="q")
    ordered = tested.sort_values(["q", "label", "outlet", "other"], kind="stable")
    spread = zip(ordered["difference"], ordered["low"], ordered["high"], strict=True)
    return pd.DataFrame(
        {
            "frame": ordered["label"].to_numpy(),
            "pair": [f"{a} {MINUS} {b}" for a, b in zip(ordered["outlet"], ordered["other"], strict=True)],
            "difference, points": [points(*row) for row in spread],
            "p": [chance(p) for p in ordered["p"]],
            "q": [chance(q) for q in ordered["q"]],
        }
    )


def shortened(text: str, letters: int = 160) -> str:
    """The text on one line, its middle left out where it is longer than that.

    >>> shortened("top  stories a b c d e f", 14)
    'top sto … d e f'
    """
    line = " ".join(text.split())
    if len(line) <= letters:
        return line
    half = letters // 2
    return f"{line[:half]} … {line[-(half - 2) :].lstrip()}"
