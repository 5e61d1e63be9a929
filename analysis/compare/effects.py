"""How large a difference is, whether it is too small to matter, and what could have been found at all."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import t as student

from analysis.arrays import Floats

from .relabel import Weighted, dealable, moments

ALPHA = 0.05  # the share of false alarms that "different" and "no difference larger than" may each have
STEPS = 20  # by then the error and the difference it belongs to agree to four digits
POWER = 0.8  # chance of finding a difference as large as `smallest`: Cohen's (1988) convention


class Errors(NamedTuple):
    """Standard errors of two outlets' means, covariance of the means, degrees of freedom: a value a label."""

    first: Floats
    second: Floats
    joint: Floats
    degrees: Floats

    @property
    def difference(self) -> Floats:
        return np.asarray(np.sqrt(np.maximum(self.first**2 + self.second**2 - 2 * self.joint, 0.0)))

    def at_least(self, first: Floats, second: Floats) -> "Errors":
        """Errors no smaller than these, which hold where a rare frame was missed by every story."""
        return self._replace(first=np.maximum(self.first, first), second=np.maximum(self.second, second))


def sampling_errors(first: Weighted, second: Weighted) -> Errors:
    """Errors of two outlets' means: Welch's (1947) where they share no story, paired ones where they share all."""
    alone, pair, (n, m, shared) = dealable(first, second)
    observed = np.arange(n + m)[None, :] < n, np.zeros((1, shared), dtype=bool)
    one, other, joint = (part[0] for part in moments(alone, pair, *observed)[2])
    one, other = np.maximum(one, 0.0), np.maximum(other, 0.0)
    degrees = np.full(len(one), min(n, m) + shared - 1.0) if shared else _welch(one, other, n, m)
    return Errors(np.sqrt(one), np.sqrt(other), joint, degrees)


def _welch(one: Floats, other: Floats, n: int, m: int) -> Floats:
    spread = one**2 / (n - 1) + other**2 / (m - 1)
    return np.where(spread > 0, (one + other) ** 2 / np.where(spread > 0, spread, 1.0), n + m - 2.0)


def equivalence_p(difference: Floats, error: Floats, degrees: Floats, margin: float) -> Floats:
    """p of "they differ by `margin` or more": two one-sided t tests (Schuirmann 1987, *J. Pharmacokinetics* 15).

    >>> equivalence_p(np.array([0.01]), np.array([0.02]), np.array([60.0]), 0.05).round(3)
    array([0.025])
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(student.sf((margin - np.abs(difference)) / error, degrees))


def smallest_found(
    errors: Errors, shares: tuple[Floats, Floats], sizes: tuple[float, float], alpha: Floats | float = ALPHA
) -> Floats:
    """The smallest difference that a two-sided test at `alpha` finds with a chance of 80 in 100.

    The minimum detectable effect (Bloom 1995, *Evaluation Review* 19), a multiple of the standard error that
    outlets would have if they differed so much: a share nearer to a half has a larger one. `shares` and `sizes`
    are what the outlets have; the one whose error would grow more is moved.

    Two outlets of 400 yes-or-no stories, both at a tenth: with errors as they are 2.8 · √2 · .015 = .059.

    >>> one = np.array([0.015])
    >>> errors = Errors(one, one, np.array([0.0]), np.array([798.0]))
    >>> smallest_found(errors, (np.array([0.1]), np.array([0.1])), (400, 400)).round(3)
    array([0.067])
    """
    multiple = student.isf(np.asarray(alpha) / 2, errors.degrees) + student.ppf(POWER, errors.degrees)
    apart = multiple * errors.difference
    for _ in range(STEPS):
        moved = [_moved(errors[at], shares[at], sizes[at], apart) for at in (0, 1)]
        wider = [errors._replace(first=moved[0]).difference, errors._replace(second=moved[1]).difference]
        apart = multiple * np.maximum(*wider)
    return np.asarray(apart)


def _moved(error: Floats, share: Floats, size: float, apart: Floats) -> Floats:
    """The error of a share after it was moved towards a half by this much."""
    near = np.minimum(np.minimum(share, 1 - share) + apart, 0.5)
    with np.errstate(divide="ignore", invalid="ignore"):
        kind = np.fmin(error**2 / (share * (1 - share)), 1 / np.maximum(size - 1, 1))
    return np.asarray(np.maximum(error, np.sqrt(kind * near * (1 - near))))


def cohens_h(first: Floats, second: Floats) -> Floats:
    """Cohen's (1988) h: the difference of shares on a scale where .2 is small at any share, .5 middling, .8 large.

    >>> cohens_h(np.array([0.5, 1.0]), np.array([0.25, 0.0])).round(2)
    array([0.52, 3.14])
    """
    return np.asarray(2 * np.arcsin(np.sqrt(first.clip(0, 1))) - 2 * np.arcsin(np.sqrt(second.clip(0, 1))))


def verdicts(differences: pd.DataFrame, margin: float) -> list[str]:
    """What each row allows to say; needs ``q, p_equivalent, smallest``.

    >>> table = pd.DataFrame({"q": [0.01, 0.4, 0.4, None], "p_equivalent": [0.9, 0.01, 0.3, None],
    ...                       "smallest": [0.1, 0.04, 0.213, None]})
    >>> for verdict in verdicts(table, 0.05): print(verdict)
    different
    no difference larger than .05
    cannot tell: only differences above .21 would show
    cannot tell: one story
    """
    rows = zip(differences["q"], differences["p_equivalent"], differences["smallest"], strict=True)
    return [_verdict(q, equivalent, smallest, margin) for q, equivalent, smallest in rows]


def _verdict(q: float, equivalent: float, smallest: float, margin: float) -> str:
    alike = margin > 0 and equivalent < ALPHA
    if pd.isna(q):
        return "cannot tell: one story"
    if q < ALPHA:
        return f"different, but by no more than {points(margin)}" if alike else "different"
    if alike:
        return f"no difference larger than {points(margin)}"
    if not smallest < 1:
        return "cannot tell: too few stories for any difference to show"
    return f"cannot tell: only differences above {points(smallest)} would show"


def points(value: float) -> str:
    """A difference of shares with as many digits as it needs.

    >>> points(0.213), points(0.05), points(0.0042)
    ('.21', '.05', '.0042')
    """
    return (f"{value:.2f}" if value >= 0.01 else f"{value:.2g}").removeprefix("0")
