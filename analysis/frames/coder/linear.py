"""A linear model a frame, over what is seen in passages."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from analysis.frames.coder.features import Seen

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# Terms of fewer coded passages cannot be told from chance, and name one event.
FEWEST_PASSAGES = 3
STRENGTH = 1.0  # scikit-learn's default penalty; not tuned, as the coded passages are too few to tune and test on
MOST_STEPS = 1_000


@dataclass(frozen=True)
class Linear:
    """Logistic regressions (L2), and the terms they know."""

    terms: "pd.Index[Any]"
    weighing: Any
    models: list[Any]

    def probability(self, passages: Seen) -> Floats:
        """Passages × frames; a frame never met while learning has 0."""
        table = _table(passages, self.terms, self.weighing)
        columns = [
            np.zeros(table.shape[0]) if model is None else model.predict_proba(table)[:, 1]
            for model in self.models
        ]
        return np.column_stack(columns)

    def weights(self, passages: Seen, labels: list[str]) -> pd.DataFrame:
        """``frame, feature, weight``: the heaviest of each frame first."""
        features = [*passages.given, *("term " + self.terms)]
        tables = [
            pd.DataFrame({"frame": label, "feature": features, "weight": model.coef_[0]})
            for label, model in zip(labels, self.models, strict=True)
        ]
        table = pd.concat(tables).astype({"frame": pd.CategoricalDtype(labels)})
        table = table.assign(size=-table["weight"].abs())
        return table.sort_values(["frame", "size", "feature"], ignore_index=True).drop(columns="size")


def fitted(passages: Seen, codes: Flags) -> Linear:
    """The model of some coded passages. Codes of 1 and of 0 weigh alike in all, however rare the frame."""
    from sklearn.feature_extraction.text import TfidfTransformer
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    held = np.diff(passages.counts.matrix.tocsc().indptr) >= FEWEST_PASSAGES
    terms = passages.counts.terms[held]
    weighing = TfidfTransformer().fit(passages.counts.matrix[:, np.flatnonzero(held)]) if held.any() else None
    table = _table(passages, terms, weighing)
    models = []
    with threadpool_limits(limits=1):  # the number of threads would change a sum
        for column in codes.T:
            model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=MOST_STEPS)
            models.append(model.fit(table, column) if 0 < column.sum() < len(column) else None)
    return Linear(terms, weighing, models)


def _table(passages: Seen, terms: "pd.Index[Any]", weighing: Any) -> Any:
    """Passages × features, sparse: what is given, then the weight of each term."""
    given = sparse.csr_array(passages.given.to_numpy(dtype=float))
    if weighing is None:
        return given
    at = passages.counts.terms.get_indexer(terms)
    known = np.flatnonzero(at >= 0)
    shape = (len(passages.counts.terms), len(terms))
    chosen = sparse.csr_array((np.ones(len(known)), (at[known], known)), shape=shape)
    return sparse.hstack([given, weighing.transform(passages.counts.matrix @ chosen)], format="csr")
