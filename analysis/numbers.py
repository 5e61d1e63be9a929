"""Numbers as they are printed: shares in percent, differences in percentage points, p and q, measures."""

import pandas as pd

NAN = float("nan")
MINUS = "\N{MINUS SIGN}"
TRACE = 0.00005  # a difference of shares that no sample here can tell from none
P_FLOOR = 0.001  # below this a p or q is written as a bound: more digits than the resampling can carry


def percent(value: float) -> str:
    """A share as people say it, on one line; a trace is not called nothing."""
    return ("<1%" if 0 < value < 0.005 else f"{value:.0%}").replace("%", "\N{NO-BREAK SPACE}%")


def with_interval(share: float, low: float, high: float) -> str:
    """A share and its interval in percent."""
    if pd.isna(share):
        return "–"
    return percent(share) if pd.isna(low) else f"{percent(share)} [{low * 100:.0f}, {high * 100:.0f}]"


def figure(difference: float, *, sign: bool = False) -> str:
    """A difference of shares in percentage points, without the word; one below a point keeps its first digit."""
    shown = 0 if pd.isna(difference) or abs(difference) < TRACE else 100 * difference
    text = f"{shown:+.0f}" if abs(shown) >= 1 else f"{shown:+.1g}"
    return (text if sign and shown else text.lstrip("+")).replace("-", MINUS)


def points(difference: float, low: float = NAN, high: float = NAN) -> str:
    """A difference of shares in percentage points with its sign, and its interval if there is one."""
    middle, *bounds = (figure(value, sign=True) for value in (difference, low, high))
    return middle if pd.isna(low) else f"{middle} [{', '.join(bounds)}]"


def in_points(difference: float) -> str:
    """A difference of shares with its unit."""
    text = figure(difference)
    return f"{text} point{'' if text in ('1', MINUS + '1') else 's'}"


def chance(p: float) -> str:
    """A p or q as it is printed."""
    if pd.isna(p):
        return "–"
    return "< .001" if p < P_FLOOR else f"{p:.3f}".removeprefix("0")


def p_is(p: float) -> str:
    """A p with its sign, as a sentence has it."""
    return f"p {chance(p)}" if p < P_FLOOR else f"p = {chance(p)}"


def as_printed(value: float, digits: int = 2) -> str:
    """A measure as papers print it."""
    text = f"{abs(value):.{digits}f}".removeprefix("0")
    return f"{MINUS}{text}" if value < 0 else text


def counted(n: int, noun: str) -> str:
    """A number with its noun."""
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{n:,} {noun if n == 1 else plural}"


def joined_notes(*notes: str) -> str:
    """The notes that are not empty, in one."""
    return "; ".join(filter(None, notes))


def listed(parts: list[str]) -> str:
    """Names in a row, with "and" before the last."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
