"""Topics on a plane: those that share words stand close together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

from analysis.numbers import percent
from analysis.topics.words import topic_places

from .labels import Place, lay_out, named
from .style import INK, canvas, headline, house_style, legible, nothing, unit
from .topics import BAR, HasTopics

Floats = npt.NDArray[np.float64]

LARGEST = 2600.0  # points²: a disc of an eighth of the page's width
WORDS = 3


def plot_topic_map(topics: HasTopics, *, ax: Axes | None = None, title: str | None = None) -> Axes:
    r"""Axes with a disc a topic: as large as its mean share, close to the topics that share its words.

    >>> import analysis as an, pandas as pd
    >>> from types import SimpleNamespace
    >>> topics = SimpleNamespace(
    ...     words=pd.DataFrame([[0.9, 0.1], [0.1, 0.9]], index=["a", "b"], columns=["gas", "summit"]),
    ...     shares=pd.DataFrame({"a": [0.75], "b": [0.25]}))
    >>> [text.get_text() for text in an.plot_topic_map(topics).texts]
    ['gas, summit\na · 75\xa0%', 'summit, gas\nb · 25\xa0%']
    >>> import matplotlib.pyplot as plt; plt.close("all")
    """
    with house_style():
        if topics.words.empty or topics.shares.empty:
            return nothing(ax, "no topic was fitted")
        places, share = topic_places(topics.words).to_numpy(), topics.shares.mean().to_numpy(float)
        ax = canvas(ax, 5.2)
        ax.scatter(
            places[:, 0],
            places[:, 1],
            s=LARGEST * share / share.max(),
            color=BAR,
            alpha=0.45,
            edgecolor="white",
            linewidth=1,
        )
        ax.set_aspect("equal", adjustable="datalim")
        ax.margins(0.18)
        ax.set_xticks([])
        ax.set_yticks([])
        ax.spines[:].set_visible(False)
        headline(ax, title or "Which topics share their words")
        unit(
            ax,
            "Area: mean share of a document. Distance: how differently two topics speak (Jensen-Shannon).",
            below=4,
        )
        lay_out(ax)
        _name_topics(ax, topics, places, share)
        return ax


def _name_topics(ax: Axes, topics: HasTopics, places: Floats, share: Floats) -> None:
    """Each topic by its words, in its disc or beside it; the largest topics choose first."""
    taken: list[Bbox] = []
    for at in np.argsort(-share, kind="stable").tolist():
        topic = topics.words.index[at]
        weights = topics.words.loc[topic].sort_values(ascending=False, kind="stable")
        name = topic if isinstance(topic, str) else f"topic {topic}"
        said = f"{', '.join(map(str, weights.index[:WORDS]))}\n{name} · {percent(float(share[at]))}"
        lines = "\n".join(map(legible, said.split("\n")))
        reach = float(np.sqrt(LARGEST * share[at] / share.max()) / 2) + 2  # points from the middle to the rim
        room: list[Place] = [
            (0, 0, "center", "center"),
            (reach / 2, 0, "center", "center"),  # a name that reaches out of its disc is still its own
            (-reach / 2, 0, "center", "center"),
            (0, reach, "center", "bottom"),
            (0, -reach, "center", "top"),
        ]
        room += [(reach, 0, "left", "center"), (-reach, 0, "right", "center")]
        room += [(0, 2 * reach, "center", "bottom"), (0, -2 * reach, "center", "top")]
        named(ax, lines, (float(places[at, 0]), float(places[at, 1])), room, taken, fontsize=7.2, color=INK)
