"""Topics: how much of the corpus each takes, and its heaviest words."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.numbers import percent
from analysis.topics.marks import stable

from .style import INK, MUTED, ROW, canvas, headline, house_style, legible, nothing, unit

BAR = "#6b7f90"
BARS = 0.22  # of the width; the rest is for the words


class HasTopics(Protocol):
    """What a topic model hands over: ``words`` topic × term, ``shares`` document × topic."""

    @property
    def words(self) -> pd.DataFrame: ...
    @property
    def shares(self) -> pd.DataFrame: ...


def plot_topics(
    topics: HasTopics,
    *,
    n: int = 8,
    stability: pd.DataFrame | None = None,
    ax: Axes | None = None,
    title: str | None = None,
) -> Axes:
    """Axes with one row a topic: a bar of its mean share over the documents, and its ``n`` heaviest words.

    With the table of ``topic_stability`` unstable topics have a hollow bar, grey words and "unstable" by their
    name.

    >>> import analysis as an, pandas as pd
    >>> from types import SimpleNamespace
    >>> topics = SimpleNamespace(
    ...     words=pd.DataFrame([[0.6, 0.3, 0.1]], index=[1], columns=["gas", "oil", "tea"]),
    ...     shares=pd.DataFrame({1: [1.0, 1.0]}))
    >>> ax = an.plot_topics(topics, n=2)
    >>> [text.get_text() for text in ax.texts if "gas" in text.get_text()]
    ['gas, oil']
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    with house_style():
        if topics.words.empty or topics.shares.empty:
            return nothing(ax, "no topic was fitted")
        share = topics.shares.mean()
        ax = canvas(ax, 1.0 + ROW * len(share))
        y, top = np.arange(len(share)), float(share.max())
        ones = np.ones(len(share), dtype=bool)
        sure = ones if stability is None else stable(topics.words.index, stability)
        ax.barh(y, share, height=0.6, color=np.where(sure, BAR, "white"), edgecolor=BAR, linewidth=0.8)
        for place, topic in enumerate(topics.words.index):
            ax.annotate(
                percent(share.iloc[place]),
                (share.iloc[place], place),
                xytext=(3, 0),
                textcoords="offset points",
                va="center",
                fontsize=7.5,
                color=MUTED,
            )
            ax.text(
                top * 1.35,
                place,
                _words(topics.words.loc[topic], n),
                va="center",
                color=INK if sure[place] else MUTED,
                fontsize=8,
            )
        ax.set_yticks(y, [_name(topic, mark) for topic, mark in zip(topics.words.index, sure, strict=True)])
        ax.set_ylim(len(share) - 0.5, -0.5)
        ax.set_xlim(0, top / BARS)
        ax.set_xticks([])
        ax.spines[["left", "bottom"]].set_visible(False)
        headline(ax, title or "What the corpus writes about")
        hollow = "" if sure.all() else " Hollow: a topic that other samples did not repeat."
        unit(
            ax,
            f"Bar: mean share of a document. Words: the {n} heaviest, heaviest first.{hollow}{_caution(topics)}",
            below=4,
        )
        return ax


def _caution(topics: HasTopics) -> str:
    """What the shares say of themselves, as those of keyword-assisted topics do."""
    caution = topics.shares.attrs.get("caution", "")
    return f" {caution}" if caution else ""


def _name(topic: object, mark: bool) -> str:
    name = topic if isinstance(topic, str) else f"topic {topic}"
    return legible(name if mark else f"{name} · unstable")


def _words(weights: pd.Series, n: int) -> str:
    heaviest = weights.sort_values(ascending=False, kind="stable").head(n).index
    return ", ".join(legible(word) for word in heaviest)
