"""Topic cards: all there is to know of a topic before it is given a name."""

from __future__ import annotations

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from analysis.compare.shares import compare_outlets
from analysis.numbers import with_interval
from analysis.topics.examples import topic_passages
from analysis.topics.fit import Topics, top_words
from analysis.topics.frex import frex_words
from analysis.topics.marks import with_stability
from analysis.topics.stories import articles_of, told_by

from .signs import shortened
from .style import INK, MUTED, canvas, headline, house_style, legible, nothing, panels, percent, unit

SLATE = "#4a5b6b"
OUTLETS = 5  # with most of the topic: what a card of an inch and a half has room for
CARD = 1.55  # inches
LETTERS = 70  # a line of 7.5-point type beside the outlets
UNSTABLE = "unstable"


def topic_cards(
    topics: Topics,
    articles: pd.DataFrame,
    *,
    passages: pd.DataFrame | None = None,
    stability: pd.DataFrame | None = None,
    n: int = 8,
    seed: int = 0,
) -> pd.DataFrame:
    """One row a topic, to read before it is given a name: ``topic, share, words, own_words, passage, outlets``.

    ``share`` is its mean share of a document, a story counting once; ``words`` its ``n`` likeliest and
    ``own_words`` the ``n`` with the highest FREX score (see ``frex_words``); ``passage`` the one that shows it
    best and where it is from (see ``topic_passages``); ``outlets`` those with the largest shares and their 95 %
    intervals (see ``compare_outlets``). With ``stability`` there is ``stable``, too.

    Args:
        topics: what ``fit_topics`` returns.
        articles: ``doc_id, outlet, text`` of what was counted, or of what its passages were cut from.
        passages: to choose from; see ``topic_passages``.
        stability: what ``topic_stability`` returns.
        n: how many words.
        seed: where resampling starts.

    Raises:
        ValueError: a document is not in ``articles``, or a column is missing.

    >>> import analysis as an
    >>> texts = ["Gas and oil prices rose. " * 3] * 30 + ["The army moved tanks. " * 4] * 20
    >>> articles = pd.DataFrame({"doc_id": [f"d{at:02}" for at in range(50)], "outlet": "AP", "text": texts})
    >>> topics = an.fit_topics(an.count_terms(an.tokenize(articles)), 2)
    >>> an.topic_cards(topics, articles, n=2)[["topic", "words", "passage"]]
         topic        words                             passage
    0  topic 1     gas, oil  Gas and oil prices rose. (AP, d00)
    1  topic 2  army, moved     The army moved tanks. (AP, d30)
    """
    told = told_by(topics.shares.index, articles)
    first = topic_passages(topics, articles, passages=passages, n=1).set_index("topic")
    shown = [f"{row.text} ({row.outlet}, {row.doc_id})" for row in first.itertuples()]
    estimates = topic_estimates(topics, articles, seed=seed)
    table = pd.DataFrame(
        {
            "topic": topics.words.index,
            "share": np.average(topics.shares.to_numpy(), axis=0, weights=told["weight"].to_numpy()),
            "words": _lines(top_words(topics, n=n), topics),
            "own_words": _lines(frex_words(topics, n=n), topics),
            "passage": pd.Series(shown, first.index, dtype="str").reindex(topics.words.index).to_numpy(),
            "outlets": [_leading(estimates, str(topic)) for topic in topics.words.index],
        }
    )
    return with_stability(table, stability)


def topic_estimates(topics: Topics, articles: pd.DataFrame, *, seed: int = 0) -> pd.DataFrame:
    """The table of ``compare_outlets`` for the topics; shares of passages are averaged by article first."""
    names = articles_of(topics.shares.index, articles)["doc_id"].to_numpy()
    shares = topics.shares.groupby(pd.Index(names, name="doc_id")).mean()
    return compare_outlets(shares, articles, seed=seed)


def _lines(ranked: pd.DataFrame, topics: Topics) -> list[str]:
    words = ranked.groupby("topic", sort=False)["term"].agg(lambda terms: ", ".join(map(str, terms)))
    return [str(line) for line in words.reindex(topics.words.index).fillna("")]


def _leading(estimates: pd.DataFrame, topic: str) -> str:
    rows = estimates[estimates["label"] == topic].sort_values(["share", "outlet"], ascending=[False, True])
    return "; ".join(
        f"{row['outlet']} {with_interval(row['share'], row['low'], row['high'])}"
        + (" (one story)" if row["n_stories"] < 2 else "")
        for row in rows.head(3).to_dict("records")
    )


def plot_topic_cards(
    topics: Topics,
    articles: pd.DataFrame,
    *,
    only: list[str] | None = None,
    passages: pd.DataFrame | None = None,
    stability: pd.DataFrame | None = None,
    seed: int = 0,
    ax: Axes | None = None,
    title: str | None = None,
) -> Axes:
    """Axes with a card a topic: its words, its own words, a passage, and the outlets that have most of it.

    Dots are mean shares of an article, lines 95 % intervals over resampled stories; a hollow dot has none. A
    topic that ``stability`` calls unstable says so beside its name. Cards are the axes' ``child_axes``.
    ``only`` names the topics to draw; other arguments as for ``topic_cards``.
    """
    with house_style():
        cards = topic_cards(topics, articles, passages=passages, stability=stability, seed=seed)
        cards = cards if only is None else cards.set_index("topic").loc[only].reset_index()
        if cards.empty:
            return nothing(ax, "no topic was fitted")
        estimates = topic_estimates(topics, articles, seed=seed)
        ax = canvas(ax, 0.8 + CARD * len(cards))
        ax.set_axis_off()
        faces = panels(ax, len(cards), 1, gap=(0, 0.42)) if len(cards) > 1 else [ax.inset_axes((0, 0, 1, 1))]
        for face, (_, card) in zip(faces, cards.iterrows(), strict=True):
            _draw_card(face, card, estimates[estimates["label"] == card["topic"]])
        headline(ax, title or "What each topic says, where, and who says it", above=16)
        unit(ax, "Dot: mean share of an outlet's articles. Line: 95\u00a0% interval, stories resampled.", below=24)
        return ax


def _draw_card(face: Axes, card: pd.Series, rows: pd.DataFrame) -> None:
    face.set_axis_off()
    shaky = not card.get("stable", True)
    name = f"{card['topic']} · {percent(card['share'])}" + (f" · {UNSTABLE}" if shaky else "")
    face.set_title(legible(name), color=MUTED if shaky else INK, fontstyle="italic" if shaky else "normal")
    blocks = [("likely", card["words"]), ("its own", card["own_words"]), ("passage", card["passage"])]
    lines = [textwrap.wrap(legible(shortened(f"{what}: {text}", 200)), LETTERS) for what, text in blocks]
    face.text(
        0, 1, "\n".join(line for block in lines for line in block), transform=face.transAxes,
        va="top", fontsize=7.5, linespacing=1.35, color=INK,
    )  # fmt: skip
    _draw_outlets(face.inset_axes((0.74, 0.08, 0.26, 0.92)), rows)


def _draw_outlets(ax: Axes, rows: pd.DataFrame) -> None:
    first = rows.sort_values(["share", "outlet"], ascending=[False, True]).head(OUTLETS)
    y, bounded = np.arange(len(first)), first["low"].notna().to_numpy()
    ax.hlines(y[bounded], first["low"][bounded], first["high"][bounded], color=SLATE, linewidth=1.8, alpha=0.55)
    ax.scatter(first["share"][bounded], y[bounded], s=16, color=SLATE, zorder=3)
    ax.scatter(first["share"][~bounded], y[~bounded], s=16, facecolors="white", edgecolors=SLATE, zorder=3)
    ax.set_yticks(y, [legible(outlet) for outlet in first["outlet"]], fontsize=7.5)
    ax.set_ylim(OUTLETS - 0.5, -0.5)
    ax.set_xlim(0, max(0.05, float(np.nanmax(first[["share", "high"]].to_numpy(float), initial=0)) * 1.08))
    ax.xaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    ax.tick_params(axis="x", labelsize=7)
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)
