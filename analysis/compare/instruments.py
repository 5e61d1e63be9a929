"""The instrument behind shares: how much depends on one entry, and whether other instruments find the same."""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from analysis.arrays import Floats
from analysis.compare.inference import Inference
from analysis.compare.observations import story_shares, with_caution
from analysis.corpus.stories import document_stories, outlet_names
from analysis.corpus.tables import check_columns, no_rows, refuse_duplicates
from analysis.draws import resamples, standard_errors
from analysis.frames.coding.codes import votes
from analysis.frames.match import frame_shares
from analysis.topics.fit import Topics

KEYS = ["label", "entry", "outlet"]
INFLUENCES = {
    "outlet": "str", "label": "str", "entry": "str", "n_hits": "int64",
    "share": "float64", "without": "float64", "influence": "float64",
}  # fmt: skip


def entry_influence(
    hits: pd.DataFrame, passages: pd.DataFrame, articles: pd.DataFrame, *, how: Inference | None = None
) -> pd.DataFrame:
    """Each outlet's share of each frame without one entry, for every entry that has a hit there.

    Parameters
    ----------
    hits, passages
        From ``find_frames``, and the passages in which they were found.
    articles, how
        As for ``compare_outlets``; nothing is resampled.

    Returns
    -------
    DataFrame
        ``outlet, label`` (categorical), ``entry, n_hits`` (negated ones left out), ``share``, ``without`` and
        their difference ``influence``, 0 or below. Outlets by name, frames in order, the largest influence first.

    Notes
    -----
    A passage loses the frame if no other entry gives it. A search without the entry differs where another hit in
    the same words had yielded to it (influence is overstated), and where its negated hit counts for another frame.

    Examples
    --------
    >>> passages = pd.DataFrame({"passage_id": ["a:0", "a:1"], "doc_id": "a", "position": [0, 1], "start": [0, 31],
    ...     "text": ["Russia and China are friends.", "China met Russia."]})
    >>> import analysis as an
    >>> articles = pd.DataFrame({"doc_id": ["a"], "outlet": "TASS"})
    >>> hits = an.find_frames(passages, an.read_lexicon("russia-china"))
    >>> entry_influence(hits, passages, articles)[["entry", "share", "without"]]
            entry  share  without
    0  friendship    0.5      0.0
    """
    how = how or Inference()
    check_columns(articles, ["doc_id", how.by], where="articles")
    shares = frame_shares(hits, passages)
    counted = hits[~hits["negated"].to_numpy(dtype=bool)].rename(columns={"frame": "label"})
    counted = counted.astype({"label": "str", "doc_id": "str"})
    if counted.empty:
        return no_rows(INFLUENCES)
    outlet = outlet_names(articles.set_index(articles["doc_id"].astype("str"))[how.by])
    rows = counted.assign(outlet=counted["doc_id"].map(outlet))
    table = rows.groupby(KEYS).size().rename("n_hits").reset_index()
    pairs = pd.MultiIndex.from_frame(table[["label", "entry"]].drop_duplicates())
    # Of each document, the share of its passages to which an entry alone gives the frame.
    once = counted.drop_duplicates(["passage_id", "label", "entry"])
    only = once[once.groupby(["passage_id", "label"])["entry"].transform("size") == 1]
    number = pd.crosstab(only["doc_id"], [only["label"], only["entry"]])
    number = number.reindex(index=shares.index, columns=pairs, fill_value=0)
    alone = number.div(passages["doc_id"].astype("str").value_counts().reindex(shares.index), axis=0)
    parts = (story_shares(part, articles, how).means for part in (shares, alone))
    of_frame, of_entry = (part.groupby(level="outlet").mean().to_dict() for part in parts)
    places = table[KEYS].to_numpy().tolist()
    table["share"] = [of_frame[label][name] for label, _, name in places]
    table["influence"] = [0.0 - of_entry[label, entry][name] for label, entry, name in places]  # prints no "-0.0"
    table["without"] = table["share"] + table["influence"]
    table = table.astype(INFLUENCES | {"label": pd.CategoricalDtype(list(shares.columns))})
    table = table.assign(size=table["influence"].round(12)).sort_values(["outlet", "label", "size", "entry"])
    return table[list(INFLUENCES)].reset_index(drop=True)


CORRELATIONS = {
    "instrument": "str", "label": "str", "other_instrument": "str", "other_label": "str", "correlation": "float64",
    "low": "float64", "high": "float64", "n_documents": "int64", "n_stories": "int64", "note": "str",
}  # fmt: skip
FEWEST = 4
DRAWS = 1000
FEW = "fewer than 4 stories: no interval"
SAME = "all shares alike: no correlation"
CLEAR = 1 - 1e-9  # keeps the logarithm of a perfect correlation finite


def convergence(
    shares: Mapping[str, pd.DataFrame | Topics], *, articles: pd.DataFrame | None = None,
    how: Inference | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Rank correlation of each two labels of different instruments, over documents.

    Instruments that err in other ways validate each other (convergent validity; Campbell & Fiske 1959).

    Parameters
    ----------
    shares : mapping
        By the name of the instrument, topics or tables with one row per document and one column per label, such as
        ``{"lexicon": frame_shares(…), "topics": topics}``, or tables of ``code`` or ``read_codes`` with
        ``doc_id``, whose coders are taken together. Documents of both instruments are compared; average passages
        by article first where the other counts articles.
    articles : DataFrame, optional
        With ``story_id``: stories are resampled, and the reprints of a story weigh as one.
    how : Inference, optional
        By default with 1,000 draws.

    Returns
    -------
    DataFrame
        ``instrument, label, other_instrument, other_label, correlation, low, high, n_documents, n_stories, note``
        and, for keyword topics, ``caution``. ``correlation`` is Spearman's; bounds are those of its Fisher
        transform, with the standard error of resampled stories (Bayesian bootstrap, Rubin 1981).

    Examples
    --------
    >>> one = pd.DataFrame({"economy": [0.1, 0.5, 0.9, 0.7]}, index=list("abcd"))
    >>> two = pd.DataFrame({"topic 1": [0.2, 0.3, 0.8, 0.9]}, index=list("abcd"))
    >>> convergence({"lexicon": one, "topics": two})[["label", "other_label", "correlation"]].round(2)
         label other_label  correlation
    0  economy     topic 1          0.8
    """
    if len(shares) < 2:
        raise ValueError(f"shares: two instruments or more are needed. Found: {len(shares)}.")
    how, tables = how or Inference(draws=DRAWS), {name: _shares(name, given) for name, given in shares.items()}
    cautions = {name: with_caution(given)[1] for name, given in shares.items()}
    parts = [_compared(tables, pair, articles, how) for pair in combinations(tables, 2)]
    table = pd.concat(parts, ignore_index=True).astype(CORRELATIONS)
    said = [table[name].map(cautions) for name in ("instrument", "other_instrument")]
    return table.assign(caution=said[0].where(said[0] != "", said[1])) if any(cautions.values()) else table


def _shares(name: str, given: pd.DataFrame | Topics) -> pd.DataFrame:
    """The shares of an instrument's documents, sorted and without gaps."""
    table, _ = with_caution(given)
    if {"passage_id", "doc_id", "coder"} <= set(table):
        table = votes(table)[0].groupby(table.drop_duplicates("passage_id")["doc_id"].to_numpy()).mean()
    refuse_duplicates(f"shares of {name!r}: document", table.index, "Average by document first.")
    return table.dropna().sort_index()


def _compared(
    tables: Mapping[str, pd.DataFrame], pair: tuple[str, str], articles: pd.DataFrame | None, how: Inference
) -> pd.DataFrame:
    first, second = (tables[name] for name in pair)
    docs = first.index.intersection(second.index)
    if not len(docs):
        raise ValueError(
            f"shares: {pair[0]!r} and {pair[1]!r} have no document in common. "
            f"Found: {first.index[:1].tolist()} and {second.index[:1].tolist()}. "
            "Average passages by article, or make both tables from the same articles."
        )
    sources = pd.DataFrame({"story": docs.astype("str"), "weight": 1.0})
    if articles is not None:
        sources = document_stories(docs, articles, cluster=how.cluster)
    ranks, others = (table.loc[docs].astype(float).round(9).rank().to_numpy() for table in (first, second))
    weight, (story, names) = sources["weight"].to_numpy(), pd.factorize(sources["story"].to_numpy(), sort=True)
    stories, point = len(names), _correlations(ranks, others, weight)
    batches = resamples(stories, how.draws, seed=how.seed)
    drawn = np.array([_correlations(ranks, others, weight * row[story]) for batch in batches for row in batch])
    point_z, drawn_z = (np.arctanh(np.clip(found, -CLEAR, CLEAR)) for found in (point, drawn))
    few = stories < FEWEST  # and its standard error has no degrees of freedom
    half = np.nan if few else stdtrit(stories - 2, (1 + how.level) / 2) * standard_errors(drawn_z, stories)
    low, high = np.tanh(point_z - half), np.tanh(point_z + half)
    labels = pd.MultiIndex.from_product([table.columns.astype("str") for table in (first, second)])
    return pd.DataFrame({
        "instrument": pair[0], "label": labels.get_level_values(0), "other_instrument": pair[1],
        "other_label": labels.get_level_values(1), "correlation": point.ravel(), "low": low.ravel(),
        "high": high.ravel(), "n_documents": len(docs), "n_stories": stories,
        "note": np.where(np.isnan(point), SAME, FEW if few else "").ravel(),
    })  # fmt: skip


def _correlations(first: Floats, second: Floats, weight: Floats) -> Floats:
    """Weighted correlations of the columns of one with those of the other; missing where one does not vary."""
    ranks, part, k = np.column_stack([first, second]), weight / weight.sum(), first.shape[1]
    centred = ranks - part @ ranks
    products = centred.T @ (centred * part[:, None])
    lengths = np.sqrt(products.diagonal())
    scale = np.outer(lengths, lengths)
    found = np.divide(products, scale, out=np.full_like(products, np.nan), where=scale > 1e-9)
    return np.asarray(found[:k, k:])
