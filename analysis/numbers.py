"""Numbers as they are printed: shares in percent, differences in percentage points, p and q, measures."""

from __future__ import annotations

import pandas as pd

NAN = float("nan")
MINUS = "\N{MINUS SIGN}"
P_FLOOR = 0.001  # below this a p or q is written as a bound: more digits than the resampling can carry


def percent(value: float) -> str:
    """A share as people say it, on one line; a trace is not called nothing.

    >>> percent(0.413) == "41\\N{NO-BREAK SPACE}%", percent(0.004)[:2]
    (True, '<1')
    """
    return ("<1%" if 0 < value < 0.005 else f"{value:.0%}").replace("%", "\N{NO-BREAK SPACE}%")


def with_interval(share: float, low: float, high: float) -> str:
    r"""A share and its interval in percent.

    >>> with_interval(0.413, 0.3, 0.524), with_interval(1, float("nan"), float("nan"))
    ('41\xa0% [30, 52]', '100\xa0%')
    """
    if pd.isna(share):
        return "–"
    return percent(share) if pd.isna(low) else f"{percent(share)} [{low * 100:.0f}, {high * 100:.0f}]"


def points(difference: float, low: float = float("nan"), high: float = float("nan")) -> str:
    """A difference of shares in percentage points, with its interval if there is one.

    >>> points(-0.123, -0.2, 0.004), points(0.05)
    ('−12 [−20, 0]', '+5')
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


def as_printed(value: float, digits: int = 2) -> str:
    """A measure as papers print it.

    >>> as_printed(0.57), as_printed(1.0)
    ('.57', '1.00')
    """
    return f"{value:.{digits}f}".removeprefix("0")


def counted(n: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "story"), counted(1200, "story"), counted(2, "passage")
    ('1 story', '1,200 stories', '2 passages')
    """
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{n:,} {noun if n == 1 else plural}"


def listed(parts: list[str]) -> str:
    """Names in a row, with "and" before the last.

    >>> listed(["AP", "BBC", "DW"])
    'AP, BBC and DW'
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
