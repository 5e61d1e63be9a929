"""A table that rides on another table in ``.attrs``."""

import pandas as pd


class Attached(pd.DataFrame):
    """A table that compares as a whole and is shared rather than copied.

    pandas copies and compares ``.attrs`` whenever tables are filtered, merged or joined end to end. A plain
    DataFrame there makes ``pd.concat`` of two tables fail: it has no single truth value.
    """

    def __eq__(self, other: object) -> bool:  # type: ignore[override]
        return isinstance(other, pd.DataFrame) and self.equals(other)

    __hash__ = None

    def __deepcopy__(self, memo: object) -> "Attached":
        return self
