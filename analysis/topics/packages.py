"""Frame packages: communities in the network of topics that articles share."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from analysis.topics.fit import Topics
from analysis.topics.samples import story_codes
from analysis.topics.stories import told_by

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Louvain's method depends on the order in which topics are visited: of so many orders the best partition is taken.
ORDERS = 10
# A package that keeps three quarters of its members is one that stays (Hennig 2007).
STAYS = 0.75
NONE = "All topics are in one package: articles share them too evenly for communities."


def frame_packages(
    topics: Topics, *, articles: pd.DataFrame | None = None, draws: int = 50, seed: int = 0
) -> pd.DataFrame:
    """One row a topic: ``topic, package, share, stability, stable``; topics of one package share articles.

    Analysis of topic model networks (Walter & Ophir 2019, *Communication Methods and Measures* 13): topics are
    nodes, tied by the cosine of their shares over articles; communities (Louvain's method, Blondel et al. 2008)
    are packages, which the authors read as frames. Whether they are is for people to judge, see ``convergence``.

    ``stability`` is the mean, over bootstrap samples of the stories, of the part of its package's members that a
    topic keeps (Jaccard index; Hennig 2007), ``stable`` whether it is three quarters or more. Packages go by
    falling share; sums of them are ``package_shares``. ``.attrs`` holds ``modularity``, the mean adjusted Rand
    index of the samples' partitions with this one (``agreement``; Hubert & Arabie 1985; 0 is chance), the mean
    number of packages in the samples (``packages``), ``draws``, and a ``note`` where all topics are one package.

    Args:
        topics: what ``fit_topics`` returns; three topics or more.
        articles: with ``story_id``: reprints weigh one story once and are drawn together.
        draws: bootstrap samples.
        seed: of the samples.

    Raises:
        ValueError: fewer than three topics, or a document is not in ``articles``.

    >>> shares = np.kron(np.eye(2), np.full((20, 2), 0.5)) * 0.9 + 0.025
    >>> names = [f"topic {at}" for at in range(1, 5)]
    >>> topics = Topics(pd.DataFrame(np.eye(4), names), pd.DataFrame(shares, columns=names))
    >>> frame_packages(topics, draws=5)
         topic    package  share  stability  stable
    0  topic 1  package 1   0.25        1.0    True
    1  topic 2  package 1   0.25        1.0    True
    2  topic 3  package 2   0.25        1.0    True
    3  topic 4  package 2   0.25        1.0    True
    """
    shares = topics.shares.sort_index()
    if shares.shape[1] < 3:
        raise ValueError(f"topics: {shares.shape[1]} of them make no network. Fit three or more.")
    values = shares.to_numpy()
    weight = np.ones(len(shares)) if articles is None else told_by(shares.index, articles)["weight"].to_numpy()
    found, modularity = _communities(_cosines(values, weight))
    stories = story_codes(shares.index, articles)
    samples = [
        _communities(_cosines(values, weight * drawn[stories]))[0] for drawn in _drawn(stories, draws, seed)
    ]
    kept = (
        np.mean([_kept(found, sample) for sample in samples], axis=0) if samples else np.full(len(found), np.nan)
    )
    share = np.average(values, axis=0, weights=weight)
    alone = found.max() == 0  # one package of all topics: there is nothing to stay
    table = pd.DataFrame(
        {
            "topic": shares.columns,
            "package": _names(found, share),
            "share": share,
            "stability": np.full(len(found), np.nan) if alone else kept,
            "stable": (kept >= STAYS) & ~alone,
        }
    )
    agreement = float(np.mean([adjusted_rand_score(found, one) for one in samples])) if samples else float("nan")
    number = float(np.mean([one.max() + 1 for one in samples])) if samples else float("nan")
    table.attrs = {"modularity": modularity, "packages": number, "draws": draws}
    table.attrs |= {"agreement": float("nan") if alone else agreement, "note": NONE if alone else ""}
    return table


def package_shares(topics: Topics, packages: pd.DataFrame) -> pd.DataFrame:
    """The share of each package in each document, a sum of its topics': for ``compare_outlets`` and the plots.

    >>> topics = Topics(pd.DataFrame(), pd.DataFrame([[0.5, 0.3, 0.2]], ["a"], ["topic 1", "topic 2", "topic 3"]))
    >>> packages = pd.DataFrame({"topic": ["topic 1", "topic 2", "topic 3"], "package": ["x", "y", "x"]})
    >>> package_shares(topics, packages)
    package    x    y
    a        0.7  0.3
    """
    package = packages.set_index("topic")["package"].reindex(topics.shares.columns)
    if package.isna().any():
        raise ValueError(f"packages: no row for {package.index[package.isna()][0]!r}. Give those of these topics.")
    return topics.shares.T.groupby(package.to_numpy()).sum().T.rename_axis(columns="package")


def _cosines(shares: Floats, weight: Floats) -> Floats:
    """Cosine of each two topics' shares over documents."""
    products = shares.T @ (shares * weight[:, None])
    lengths = np.sqrt(products.diagonal())
    cosines: Floats = products / np.maximum(np.outer(lengths, lengths), np.finfo(float).tiny)
    return cosines


def _communities(ties: Floats) -> tuple[Ints, float]:
    """The package of each topic, numbered from 0, and the modularity: the best of some orders."""
    import networkx as nx  # type: ignore[import-untyped]

    graph = nx.Graph()
    graph.add_nodes_from(range(len(ties)))
    # Rounded, so that ties which differ in the last digits only are joined alike on every machine.
    one, other = np.triu_indices(len(ties), k=1)
    if not ties[one, other].round(9).any():  # no two topics share an article
        return np.arange(len(ties)), 0.0
    graph.add_weighted_edges_from(
        zip(one.tolist(), other.tolist(), ties[one, other].round(9).tolist(), strict=True)
    )
    best, reached = [set(graph)], -1.0
    for order in range(ORDERS):
        found = nx.community.louvain_communities(graph, weight="weight", seed=order)
        modularity = nx.community.modularity(graph, found, weight="weight")
        if modularity > reached + 1e-9:
            best, reached = found, modularity
    package = np.zeros(len(ties), dtype=np.int64)
    for number, members in enumerate(best):
        package[sorted(members)] = number
    return package, float(reached)


def _drawn(stories: Ints, draws: int, seed: int) -> list[Floats]:
    """How often each story is in each bootstrap sample."""
    n = int(stories.max()) + 1
    generator = np.random.default_rng(seed)
    return [generator.multinomial(n, np.full(n, 1 / n)).astype(np.float64) for _ in range(draws)]


def _kept(one: Ints, other: Ints) -> Floats:
    """Jaccard index of each topic's fellows in two partitions, itself among them."""
    first, second = one[:, None] == one, other[:, None] == other
    kept: Floats = (first & second).sum(axis=1) / (first | second).sum(axis=1)
    return kept


def _names(package: Ints, share: Floats) -> list[str]:
    """Names by falling share of the package; ties by the first topic."""
    total = np.bincount(package, weights=share).round(9)
    first = [int(np.flatnonzero(package == number)[0]) for number in range(len(total))]
    rank = {number: at for at, number in enumerate(np.lexsort((np.array(first), -total)).tolist(), start=1)}
    width = len(str(len(total)))
    return [f"package {rank[number]:0{width}}" for number in package.tolist()]
