"""One linear model per label, over features of passages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.arrays import Floats
from analysis.frames.classifier.features import Seen

# Terms of fewer coded passages often name one event, or occur by chance.
FEWEST_PASSAGES = 3
STRENGTH = 1.0  # scikit-learn's default penalty; not tuned, as the coded passages are too few to tune and test on
MOST_STEPS = 1_000


@dataclass(frozen=True)
class Linear:
    """Logistic regressions (L2), and the terms they know."""

    terms: pd.Index[Any]
    weighing: Any
    models: list[Any]

    def probability(self, passages: Seen) -> Floats:
        """Passages × labels; a label that was not learned has what the lexicon says, or 0 without a lexicon."""
        table = _table(passages, self.terms, self.weighing)
        lexicon = passages.of_lexicon
        columns = [
            model.predict_proba(table)[:, 1] if model is not None
            else lexicon[:, column] if lexicon.size
            else np.zeros(table.shape[0])
            for column, model in enumerate(self.models)
        ]  # fmt: skip
        return np.column_stack(columns)

    def weights(self, passages: Seen, labels: list[str]) -> pd.DataFrame:
        """``label, feature, weight``: the heaviest of each label first."""
        features = [*passages.given, *("term " + self.terms)]
        tables = [
            pd.DataFrame({"label": label, "feature": features, "weight": model.coef_[0]})
            for label, model in zip(labels, self.models, strict=True)
            if model is not None
        ]
        table = pd.concat(tables).astype({"label": pd.CategoricalDtype(labels)})
        table = table.assign(size=-table["weight"].abs())
        return table.sort_values(["label", "size", "feature"], ignore_index=True).drop(columns="size")


def fitted(passages: Seen, codes: Floats) -> Linear:
    """The model of some coded passages; those without a code (NaN) do not count for that label.

    Codes of 1 and of 0 have the same total weight, however rare the label.
    """
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
            known = np.flatnonzero(~np.isnan(column))
            model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=MOST_STEPS)
            varies = len(np.unique(column[known])) > 1
            models.append(model.fit(table[known], column[known]) if varies else None)
    return Linear(terms, weighing, models)


def _table(passages: Seen, terms: pd.Index[Any], weighing: Any) -> Any:
    """Passages × features, sparse: what is given, then the weight of each term."""
    given = sparse.csr_array(passages.given.to_numpy(dtype=float))
    if weighing is None:
        return given
    at = passages.counts.terms.get_indexer(terms)
    known = np.flatnonzero(at >= 0)
    shape = (len(passages.counts.terms), len(terms))
    chosen = sparse.csr_array((np.ones(len(known)), (at[known], known)), shape=shape)
    return sparse.hstack([given, weighing.transform(passages.counts.matrix @ chosen)], format="csr")
