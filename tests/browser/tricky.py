"""A small corpus with everything a desk must bear: copies, boilerplate, negation, and strangers' tricks."""

import pandas as pd

SCRIPT = "<script>alert('s')</script><img src=x onerror=alert('i')><svg onload=alert('v')>"
OVERRIDE = "\u202eevil\u202c"
STORY = (
    "Russia and China deepened their strategic partnership on Friday. Trade between Russia and China grew by a "
    "third, officials in Beijing said. Russia and China will sign no formal alliance. The two presidents spoke of "
    "gas and of a pipeline that will lead from Siberia to the coast."
)
GIANT = "x" * 1_000_000
COPY = STORY.replace("by a third, officials in", "a great deal, sources in")
ROWS = [
    ("TASS", "2017-02-01", "Ties deepen", STORY),
    ("RT", "2017-02-02", "Ties deepen again", COPY),
    ("TASS", "2017-02-03", "Gas", "Russia and China signed a gas contract. Russia and China held joint drills."),
    ("BBC", "2017-02-04", "Wary", "China and Russia are wary partners. Trade between Russia and China fell."),
    ("BBC", "2017-02-05", "No alliance", "Russia and China will sign no formal alliance. It rained."),
    ("DW", "2017-02-06", f"Hostile {SCRIPT} {OVERRIDE}",
     f"Russia and China are strategic partners {SCRIPT} {OVERRIDE}. China and Russia trade {GIANT} oil."),
    ("DW", "2017-02-07", "Boilerplate", "Trade between Russia and China grew. Share: leave a reply:"),
]  # fmt: skip


def corpus():
    """The articles as received."""
    table = pd.DataFrame(ROWS, columns=["outlet", "date", "title", "text"])
    table["date"] = pd.to_datetime(table["date"])
    urls = ["https://example.org/a", "javascript:alert('u')"] * len(table)
    return table.assign(doc_id=[f"d{i}" for i in range(len(table))], agency="", url=urls[: len(table)])
