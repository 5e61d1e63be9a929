"""Topic packages: communities in the network of topics that articles share."""

from dataclasses import dataclass

import networkx as nx  # type: ignore[import-untyped]
import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from analysis.arrays import Floats, Ints
from analysis.corpus.stories import document_stories, story_codes
from analysis.draws import resamples
from analysis.topics.fit import Topics

ORDERS = 10  # Louvain's result depends on the order in which topics are visited: the best of so many is taken
STABLE = 0.75  # a package that keeps three quarters of its members counts as stable (Hennig 2007)
ONE = "All topics are in one package: articles share them too evenly for communities."


@dataclass(frozen=True, eq=False)
class Packages:
    """Communities of topics.

    Attributes
    ----------
    table : DataFrame
        ``label, package, share, stability, stable``, one row per topic. Packages are numbered by falling share;
        ``stability`` is the mean over samples of the part of its package's members that a topic keeps (Jaccard
        index; Hennig 2007), ``stable`` whether it is three quarters or more.
    modularity : float
        How much more often the topics of a package share articles than expected by chance.
    agreement : float
        Mean adjusted Rand index of the samples' partitions with this one (Hubert & Arabie 1985): 1 the same, 0
        chance. Missing where all topics are one package.
    number, draws : float, int
        Mean number of packages in the samples, and number of samples.
    note : str
        What limits the result, and the caution of keyword topics; empty where nothing does.
    """

    table: pd.DataFrame
    modularity: float
    agreement: float
    number: float
    draws: int
    note: str = ""

    def shares(self, topics: Topics) -> pd.DataFrame:
        """The share of each package in each document, the sum of its topics'."""
        package = self.table.set_index("label")["package"].reindex(topics.shares.columns)
        if package.isna().any():
            lost = package.index[package.isna()][0]
            raise ValueError(f"topics: {lost!r} has no package. Give the topics that topic_packages was given.")
        return topics.shares.T.groupby(package.to_numpy()).sum().T.rename_axis(columns="package")


def topic_packages(
    topics: Topics, *, articles: pd.DataFrame | None = None, draws: int = 50, seed: int = 0
) -> Packages:
    """Groups of topics that occur in the same articles, and whether they come back in other samples.

    Analysis of topic model networks (Walter & Ophir 2019, *Communication Methods and Measures* 13): topics are
    nodes, tied by the cosine of their shares over articles; communities (Louvain's method, Blondel et al. 2008)
    are packages, which the authors read as frames. Only people can judge whether they are.

    Parameters
    ----------
    topics : Topics
        As returned by ``fit_topics``; three topics or more.
    articles : DataFrame, optional
        With ``story_id``: the reprints of a story weigh as one story and are drawn together.
    draws, seed : int
        Number of bootstrap samples of the stories, and their seed.

    Returns
    -------
    Packages
        ``table`` with a row per topic; ``agreement`` of the samples with it; ``note`` on what limits the result.

    Examples
    --------
    >>> shares = np.kron(np.eye(2), np.full((20, 2), 0.5)) * 0.9 + 0.025
    >>> names = [f"topic {number}" for number in range(1, 5)]
    >>> topics = Topics(pd.DataFrame(np.eye(4), names), pd.DataFrame(shares, columns=names))
    >>> topic_packages(topics, draws=5).table["package"].tolist()
    ['package 1', 'package 1', 'package 2', 'package 2']
    """
    shares = topics.shares.sort_index()
    if shares.shape[1] < 3:
        raise ValueError(f"topics: a network needs three topics or more. Found: {shares.shape[1]}.")
    values, stories, weight = shares.to_numpy(), story_codes(shares.index, articles), np.ones(len(shares))
    if articles is not None:
        weight = document_stories(shares.index, articles)["weight"].to_numpy()
    package, modularity = _communities(_cosines(values, weight))
    samples = [
        _communities(_cosines(values, weight * drawn[stories]))[0]
        for batch in resamples(int(stories.max()) + 1, draws, seed=seed, kind="efron")
        for drawn in batch
    ]
    share, one = np.average(values, axis=0, weights=weight), bool(package.max() == 0)
    kept, agreement, number = np.full(len(package), np.nan), np.nan, np.nan
    if samples:
        kept = np.mean([_kept(package, sample) for sample in samples], axis=0)
        found = [[adjusted_rand_score(package, sample), sample.max() + 1] for sample in samples]
        agreement, number = np.mean(found, axis=0)
    table = pd.DataFrame({"label": shares.columns, "package": _names(package, share), "share": share})
    table = table.assign(stability=np.nan if one else kept, stable=(kept >= STABLE) & (not one))
    note = " ".join(filter(None, [ONE * one, topics.caution]))
    return Packages(table, modularity, np.nan if one else float(agreement), float(number), draws, note)


def _cosines(shares: Floats, weight: Floats) -> Floats:
    """Cosine of each two topics' shares over documents."""
    products = shares.T @ (shares * weight[:, None])
    lengths = np.sqrt(products.diagonal())
    return np.asarray(products / np.maximum(np.outer(lengths, lengths), np.finfo(float).tiny))


def _communities(ties: Floats) -> tuple[Ints, float]:
    """The package of each topic, numbered from 0, and the modularity: the best of some orders."""
    weights = np.triu(ties.round(9), k=1)  # weights that differ only in the last digits are ties
    if not weights.any():  # no two topics share an article
        return np.arange(len(ties)), 0.0
    graph = nx.from_numpy_array(weights + weights.T)
    found = [nx.community.louvain_communities(graph, seed=order) for order in range(ORDERS)]
    modularity = np.array([nx.community.modularity(graph, communities) for communities in found])
    best = int(np.argmax(modularity.round(9)))
    package = np.zeros(len(ties), dtype=np.int64)
    for number, members in enumerate(found[best]):
        package[sorted(members)] = number
    return package, float(modularity[best])


def _kept(one: Ints, other: Ints) -> Floats:
    """Jaccard index of the members of each topic's package, itself included, in two partitions."""
    first, second = one[:, None] == one, other[:, None] == other
    return np.asarray((first & second).sum(axis=1) / (first | second).sum(axis=1))


def _names(package: Ints, share: Floats) -> list[str]:
    """Names by falling share of the package; ties by the first topic."""
    total = np.bincount(package, weights=share).round(9)
    rank = np.argsort(np.lexsort((np.unique(package, return_index=True)[1], -total))) + 1
    return [f"package {rank[number]:0{len(str(len(total)))}}" for number in package]
