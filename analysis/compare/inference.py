"""How to resample and compare: settings made once and handed on."""

from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from analysis.corpus.tables import check_whole, refuse_unknown

Reprints = Literal["weighted", "original"]


@dataclass(frozen=True)
class Inference:
    """Settings of all estimates and tests, checked when made.

    Parameters
    ----------
    by : str
        The column of articles that is compared. Its values appear in the column ``outlet`` of results, missing
        ones as ``(unknown)``.
    cluster : str
        What is one independent observation. "story_id": a story with its reprints (without that column each
        article, and ``note`` says so). "doc_id": each article. "day", "week", "month", "quarter", "year": all
        stories first printed in that period, since stories of one event resemble each other. Or a column of
        articles, such as events that you coded. Shares stay means over stories; only what is resampled changes.
    level : float
        The share of intervals that should contain the true value.
    draws, seed : int
        Resamples behind each interval, and their seed.
    relabelings : int
        Exchanges of two outlets, event by event, behind each p of ``split``; all of them where fewer exist.
    reprints : str
        "weighted": an outlet's reprints of one story share one observation, 1 / their number each. "original":
        articles that copy an earlier one do not count.

    Examples
    --------
    >>> Inference(level=95)
    Traceback (most recent call last):
    ValueError: Inference: level must lie between 0 and 1. Found: 95. Write 0.95 for 95 %.
    """

    by: str = "outlet"
    cluster: str = "story_id"
    level: float = 0.95
    draws: int = 2000
    relabelings: int = 9_999  # p as small as .0001: one true difference among 100 can have q = .01
    seed: int = 0
    reprints: Reprints = "weighted"

    def __post_init__(self) -> None:
        if not 0 < self.level < 1:
            raise ValueError(
                f"Inference: level must lie between 0 and 1. Found: {self.level}. Write 0.95 for 95 %."
            )
        for name in ("draws", "relabelings", "seed"):
            check_whole(f"Inference, {name}", getattr(self, name), int(name != "seed"))
        refuse_unknown("Inference, reprints", self.reprints, "a choice", get_args(Reprints))

    def settings(self, **more: Any) -> dict[str, Any]:
        """All settings by name, and what else a step was given: what the record of a result keeps."""
        return asdict(self) | more
