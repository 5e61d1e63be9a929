"""Articles of two outlets, a lexicon and a claim about them."""

import pandas as pd

import analysis as an

LEXICON = """
name: small
lists:
  fuels: [gas, oil]
frames:
  economy:
    meaning: told through trade
    entries:
      - name: fuel
        match: ["@fuels"]
      - name: trade
        match: [trade, "trade in @fuels"]
  other:
    meaning: anything else
    entries: [drill]
"""


CLAIM = ("DW", "TASS", "economy")


def two_outlets():
    """DW speaks of gas in all its stories, TASS of trade in some; one story is printed twice."""
    words = "harbour winter garden letter window market bridge village teacher engine kettle saddle".split()  # noqa: SIM905
    texts = [f"Gas for the {word} came late this {word}." for word in words[:6]]
    texts += [f"A {word} stood by the {word} all day." for word in words[6:10]]
    texts += [f"They trade a {word} for another {word} there." for word in words[10:]]
    outlets = ["DW"] * 6 + ["TASS"] * 6
    table = pd.DataFrame({"doc_id": [f"d{at:02}" for at in range(12)], "outlet": outlets, "text": texts})
    twice = table.iloc[[0]].assign(doc_id="d12")
    return pd.concat([table, twice], ignore_index=True).assign(date=pd.Timestamp("2016-05-01"), title="")


SMALL = {"cleaned": [True], "unit": ["sentence"], "period": ["all"]}
FEW = an.Inference(draws=99, relabelings=99)  # what is tested holds for any number


def result(articles, instrument, **given):
    usual = {"claim": CLAIM, "cache": None, "workers": 1, "options": SMALL, "how": FEW}
    return an.robustness(articles, instrument, **usual | given)


def curve(articles, instrument, **given):
    return result(articles, instrument, **given).table
