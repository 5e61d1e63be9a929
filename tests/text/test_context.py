import pandas as pd

import analysis as an


def test_a_pattern_without_a_place_gives_the_same_columns_and_types():
    passages = an.passages(pd.DataFrame({"doc_id": ["a"], "text": ["Russia and China are allies."]}))
    found, none = (an.in_context(passages, pattern) for pattern in ("allies", "rivals"))
    assert (len(found), len(none)) == (1, 0)
    assert none.dtypes.to_dict() == found.dtypes.to_dict()
